from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mixing_stuff import REST_MS, SYLLABLE_MS, line, lines, take_of

from bobao.mix.words import timed_words
from bobao.model import RATE, Mark, Take

marks = st.lists(st.integers(0, 60), max_size=20)


def words(*parts) -> list[str]:
    made = line(*parts)
    take = take_of(made) or Take("", 2400, ())
    return [f"{w.written}|{w.spoken}" for w in timed_words(made, take)]


def check(made, take, found):
    assert "".join(word.written for word in found) == made.written
    assert "".join(word.spoken for word in found) == made.spoken
    times = [time for word in found for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert all(7 <= time <= 7 + take.duration_ms for time in times)
    for span in made.spans:  # no span that is read otherwise is cut
        if span.written and span.spoken and span.written != span.spoken:
            assert any(span.written in word.written for word in found)


@given(lines)
def test_words_join_to_both_forms_and_time_goes_on(made):
    take = take_of(made) or Take("", 2400, ())
    check(made, take, timed_words(made, take, 7))


@given(lines, marks, st.integers(1, 50))
def test_words_are_sound_whatever_the_marks(made, cuts, steps):
    at = sorted({cut for cut in cuts if cut <= len(made.spoken)})
    pairs = itertools.pairwise(at)
    rough = tuple(Mark(a, b, 40 * i, 40 * i + 40) for i, (a, b) in enumerate(pairs))
    take = Take("", steps * 240, rough)
    check(made, take, timed_words(made, take, 7))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["花街发展，很快。"], ["花街|花街", "发展，|发展，", "很快。|很快。"]),
        ([("4.07亿元", "四点零七亿元"), "。"], ["4.07亿元。|四点零七亿元。"]),
        (["说：“干部”"], ["说：|说：", "“干部”|“干部”"]),
        (['说"干部"。'], ["说|说", '"干部"。|"干部"。']),
        (["干部", ("（见图1）", ""), "来。"], ["干部（见图1）|干部", "来。|来。"]),
        ([("（见图1）", ""), "干部"], ["（见图1）干部|干部"]),
        ([("", "第二部分，"), "干部", ("", "。")], ["|第二部分，", "干部|干部。"]),
        ([("责任编辑", "")], ["责任编辑|"]),
        (["……"], ["……|……"]),
        (["（", ("5G", "五G"), "）"], ["（5G）|（五G）"]),
        (["用Wi-Fi吧"], ["用|用", "Wi-Fi|Wi-Fi", "吧|吧"]),
        (["A B"], ["A |A ", "B|B"]),
        (["don't."], ["don't.|don't."]),
        (["版本2.0好"], ["版本|版本", "2.0|2.0", "好|好"]),
        ([], []),
    ],
)
def test_words(parts, expected):
    assert words(*parts) == expected


def test_a_reading_does_not_cut_a_word():
    from bobao.model import Line, Span

    made = Line((Span("重", "重", "chóng"), Span("庆市", "庆市")))
    assert [w.written for w in timed_words(made, take_of(made))] == ["重庆市"]


def test_times_are_those_of_the_marks():
    made = line("“干部，来了。")
    found = timed_words(made, take_of(made), 1000)
    start = 1000 + REST_MS  # the quote
    assert (found[0].start_ms, found[0].end_ms) == (start, start + 2 * SYLLABLE_MS)
    assert found[1].start_ms == start + 2 * SYLLABLE_MS + REST_MS
    assert found[-1].end_ms == start + 4 * SYLLABLE_MS + REST_MS


def test_a_mark_over_several_words_is_shared_out():
    made = line("Wi Fi")
    found = timed_words(made, Take("", RATE, (Mark(0, 5, 100, 600),)))
    assert [(w.start_ms, w.end_ms) for w in found] == [(100, 300), (400, 600)]
