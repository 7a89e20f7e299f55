from __future__ import annotations

import io
import itertools
import re

import pytest
from hypothesis import assume, given, settings
from publishing_stuff import bulletin_of, line, sample, spoken_bulletins

from bobao.model import LineKind, Section
from bobao.publish import captions

few = settings(max_examples=40)
BLOCK = re.compile(r"(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})\n([^\n]+)")


def parse(text: str) -> list[tuple[int, int, str]]:
    """A strict reading of a WebVTT file without styles or settings (W3C WebVTT, 4.1)."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for block in blocks:
        match = BLOCK.fullmatch(block)
        assert match, block
        *numbers, payload = match.groups()
        h1, m1, s1, t1, h2, m2, s2, t2 = map(int, numbers)
        assert max(m1, s1, m2, s2) < 60
        assert not set("<>") & set(payload)
        assert not re.search(r"&(?!amp;|lt;|gt;)", payload)
        found.append(
            (
                ((h1 * 60 + m1) * 60 + s1) * 1000 + t1,
                ((h2 * 60 + m2) * 60 + s2) * 1000 + t2,
                payload,
            )
        )
    return found


def texts(*parts) -> list[str]:
    return [c.text for c in captions.captions(bulletin_of(Section(line(*parts))))]


REMARK = re.compile("［[^］]*］")


def sides(line) -> list[tuple[str, str]]:
    """What of each span is the author's, and what bobao's own."""
    own = line.kind is LineKind.SIGNPOST
    return [
        ("", s.spoken if letters(s.spoken) and not letters(s.written) else s.written)
        if own
        else (s.written, s.spoken)
        for s in line.spans
    ]


def letters(text: str) -> list[str]:
    return sorted(filter(str.isalnum, text))


@few
@given(spoken_bulletins)
def test_captions_join_to_all_that_is_written_and_all_that_is_only_said(bulletin):
    made = "".join(caption.text for caption in captions.captions(bulletin))
    spoken = [cue.line for cue in bulletin.cues() if cue.take]
    for each in spoken:  # nobody writes a sign for a word into a signpost
        signs = any(s.written and letters(s.spoken) and not letters(s.written) for s in each.spans)
        assume(not (signs and each.kind is LineKind.SIGNPOST))
    written = "".join(written for each in spoken for written, _ in sides(each))
    assert "".join(REMARK.sub("", made).split()) == "".join(written.split())
    only_said = [said for line in spoken for written, said in sides(line) if not written.strip()]
    assert letters("".join(REMARK.findall(made))) == letters("".join(only_said))  # in any order


@few
@given(spoken_bulletins)
def test_there_is_a_caption_while_anything_is_heard(bulletin):
    made = [c for c in captions.captions(bulletin) if c.text.strip()]
    for cue in bulletin.cues():
        if cue.take and captions.escape(cue.line.shown):
            covered = sum(
                max(0, min(c.end_ms, cue.end_ms) - max(c.start_ms, cue.start_ms)) for c in made
            )
            assert covered == cue.end_ms - cue.start_ms, cue.line


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("", "第二部分，"), "下一步", ("", "。")], ["［第二部分］下一步"]),
        ([("", "图片说明："), "“公园”", (" ", "，"), "一角"], ["［图片说明］“公园” 一角"]),
        ([("", "第一，"), ("（见图1）", ""), "——走"], ["［第一］（见图1）——走"]),
        (["6路", (" ", "，"), ("", "走向："), "江二路"], ["6路 ［走向］江二路"]),
        (
            ["18路 ", ("", "原走向："), "中山路—北门 ", ("", "调整后走向："), "人民路—北门"],
            ["18路 ［原走向］中山路—北门 ", "［调整后走向］人民路—北门"],
        ),
        (["国发〔2021〕", ("5", "五"), "号"], ["国发〔2021〕5号"]),
        (
            [("", "第四部分，基层治理力促“两降三减半”；第五部分，民生实事提升村企获得感。")],
            [
                "［第四部分］",
                "［基层治理力促“两降三减半”］",
                "［第五部分，民生实事提升村企获得感］",
            ],
        ),
    ],
)
def test_what_is_only_said_is_in_brackets(parts, expected):
    assert texts(*parts) == expected


@few
@given(spoken_bulletins)
def test_captions_fit_and_do_not_overlap(bulletin):
    made = captions.captions(bulletin)
    for caption in made:
        assert captions.columns(caption.text) <= captions.COLUMNS
        assert 0 <= caption.start_ms <= caption.end_ms <= bulletin.duration_ms
    for before, after in itertools.pairwise(made):
        assert before.end_ms <= after.start_ms


@few
@given(spoken_bulletins)
def test_the_file_says_the_same(bulletin):
    made = captions.captions(bulletin)
    shown = [c for c in made if captions.escape(c.text) and c.end_ms > c.start_ms]
    assert parse(captions.render(bulletin)) == [
        (c.start_ms, c.end_ms, captions.escape(c.text)) for c in shown
    ]


def test_a_cue_is_shown_while_its_words_are_said():
    bulletin = sample()
    words = [w for cue in bulletin.cues() for w in cue.words if w.written and w.end_ms > w.start_ms]
    made = list(captions.captions(bulletin))
    for word in words:
        shown = [c for c in made if c.start_ms <= word.start_ms and word.end_ms <= c.end_ms]
        assert any(word.written.strip("。") in c.text for c in shown), word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("花街镇发展很快。", ["花街镇发展很快。"]),
        (
            "这里有全市体量最大、投资最多、进展最快的小微园建设项目，这里夯实基层治理根基。",
            [
                "这里有全市体量最大、投资最多、",
                "进展最快的小微园建设项目，",
                "这里夯实基层治理根基。",
            ],
        ),
        (
            "项目建成出租后，每个村每年增收可达10万元以上，将有效壮大各村的集体经济。",
            ["项目建成出租后，", "每个村每年增收可达10万元以上，", "将有效壮大各村的集体经济。"],
        ),
        (
            "他说：“干部在一线，问题在一线解决，群众都看在眼里。”大家都笑了。",
            ["他说：“干部在一线，问题在一线解决，", "群众都看在眼里。”大家都笑了。"],
        ),
    ],
)
def test_cut_at_clauses(text, expected):
    assert texts(text) == expected


def test_a_span_is_never_cut():
    made = texts("今年以来全镇规模以上工业企业总产值达到", ("4.07亿元", "四点零七亿元"), "和更多。")
    assert any("4.07亿元" in text for text in made)
    assert len(made) == 2


def test_what_is_longer_than_a_caption_is_cut_at_its_width():
    long = "https://example.com/" + "a" * 100
    made = texts("见", (long, "网址"), "。")
    assert "".join(made) == f"见{long}。"
    assert all(captions.columns(text) <= 40 for text in made)


def test_markup_is_escaped():
    rendered = captions.render(sample())
    assert "\nA &amp; B &lt;b&gt;公司&lt;/b&gt; --&gt; 上市（见图1）了。\n" in rendered


def test_a_short_cue_stays_for_a_second():
    made = captions.captions(bulletin_of(Section(line("好"), ((line("完。"),),))))
    assert [c.end_ms - c.start_ms for c in made] == [1000, 1000]
    assert made[0].end_ms <= made[1].start_ms


def test_others_read_the_file():
    webvtt = pytest.importorskip("webvtt")
    found = webvtt.from_buffer(io.StringIO(captions.render(sample())))
    made = [c for c in captions.captions(sample()) if c.text.strip()]
    assert [captions.escape(c.text) for c in made] == [c.raw_text for c in found]
    assert [captions.stamp(c.start_ms) for c in made] == [c.start for c in found]


def test_the_sample(golden):
    golden("sample.vtt", captions.render(sample()))
