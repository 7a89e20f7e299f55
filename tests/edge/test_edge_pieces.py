"""Cutting a text into requests: nothing lost, nothing too long."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import audible
from bobao.voices.edge.assembly import MOST, pieces

TEXTS = st.text(st.sampled_from("今天气好民生5Gab&<。！？，、；：”》 \n️é🙂"), max_size=400)


@given(TEXTS, st.integers(20, 200))
def test_no_sound_is_lost_and_no_piece_is_too_long(text: str, most: int) -> None:
    ranges = pieces(text, most)
    before = 0
    for start, end in ranges:
        assert before <= start < end <= len(text)
        assert not audible(text[before:start])
        assert audible(text[start:end])
        assert len(escape(text[start:end]).encode()) <= most
        before = end
    assert not audible(text[before:])


@given(st.text(max_size=300))
def test_any_text_is_cut(text: str) -> None:
    assert [text[a:b] for a, b in pieces(text, 30)] == [text[a:b] for a, b in pieces(text, 30)]
    heard = "".join(text[a:b] for a, b in pieces(text, 30))
    assert [c for c in heard if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天天气很好。明天也很好。后天下雨。", ["今天天气很好。明天也很好。", "后天下雨。"]),
        ("他说：“今天很好。”大家都很高兴呀", ["他说：“今天很好。”", "大家都很高兴呀"]),
        ("今天的天气很好，明天也会很好的", ["今天的天气很好，", "明天也会很好的"]),
        ("今天的天气很好很好很好明天也是", ["今天的天气很好很好很好明天", "也是"]),
        (
            "the weather is fine today and tomorrow too",
            ["the weather is fine today and tomorrow ", "too"],
        ),
        ("。。。", []),
        ("", []),
    ],
)
def test_it_is_cut_where_a_voice_would_pause(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in pieces(text, 40)] == expected


def test_a_text_without_any_mark_stays_below_the_limits_of_client_and_service() -> None:
    """The client sends 6,000 hanzi as one request, and the service cuts that off silently."""
    ranges = pieces("今天天气很好" * 1000)
    assert [a for a, _ in ranges[1:]] == [b for _, b in ranges[:-1]]
    assert max(b - a for a, b in ranges) <= MOST // 3
    assert len(ranges) < 15


def test_digits_weigh_what_they_take_to_say() -> None:
    assert max(b - a for a, b in pieces("8" * 2000)) <= 170
