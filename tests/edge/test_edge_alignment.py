"""From word boundaries to times: all of the text, in order, or a fault."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import Mark, Span
from bobao.pronounce.respell import Respelling
from bobao.voices.edge.answer import Proved, Timed, stretches, timed
from bobao.voices.edge.assembly import assembled
from bobao.voices.edge.client import Boundary
from bobao.voices.edge.faults import Fault, Kind

TEXT = "今年，5G网络覆盖了AIGC产业园。"


def said(*words: tuple[str, int, int]) -> list[Boundary]:
    return [Boundary(start, end, word) for word, start, end in words]


WHOLE = said(("今年", 100, 500), ("5G", 800, 1300), ("网络", 1300, 1700), ("覆盖", 1700, 2100),
             ("了", 2100, 2250), ("AIGC", 2250, 3000), ("产业园", 3000, 3600))  # fmt: skip


def times(
    text: str, boundaries: list[Boundary], rate: float = 1.0
) -> list[tuple[str, float, float]]:
    return [(text[t.start : t.end], t.start_ms, t.end_ms) for t in timed(text, boundaries, rate)]


def test_every_word_has_its_time() -> None:
    assert times(TEXT, WHOLE) == [(b.text, b.start_ms, b.end_ms) for b in WHOLE]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda b: [*b[:3], *b[3:4], *b[3:]], ("覆盖", 1700, 2100)),  # said twice
        (lambda b: [*b[:3], *b[4:]], ("覆盖", 1700, 2100)),  # left out, with time for it
        (lambda b: b[1:], ("今年", 100.0, 800)),
        (lambda b: [*b[:1], Boundary(800, 1300, "five G"), *b[2:]], ("5G", 500, 1300)),
        (lambda b: [*b[:1], Boundary(800, 1300, "５Ｇ"), *b[2:]], ("5G", 800, 1300)),  # full width
        (lambda b: [*b[:5], Boundary(2250, 3000, "a i g c"), *b[6:]], ("AIGC", 2250, 3000)),
        (lambda b: [*b, Boundary(3700, 3800, "。")], ("产业园", 3000, 3600)),
        (lambda b: [*b[:3], Boundary(1700, 2200, "覆盖"), *b[4:]], ("覆盖", 1700, 2100)),  # overlap
    ],
)  # fmt: skip
def test_harmless_differences(change, expected) -> None:
    found = times(TEXT, change(WHOLE))
    assert expected in found
    assert "".join(word for word, _, _ in found) == "今年5G网络覆盖了AIGC产业园"


@pytest.mark.parametrize(
    ("boundaries", "kind"),
    [
        ([], Kind.GARBLED),
        (said(("猫", 100, 300)), Kind.GARBLED),
        (WHOLE[:-1], Kind.CUT),  # the end is missing
        ([Boundary(100, 600, "5G"), *WHOLE[2:]], Kind.CUT),  # the beginning is
        ([WHOLE[0], *said(("网络", 500, 900), ("覆盖", 900, 1300), ("了", 1300, 1400),
          ("AIGC", 1400, 2000), ("产业园", 2000, 2600))], Kind.CUT),  # 5G left out
        ([*WHOLE[:2], Boundary(700, 900, "网络"), *WHOLE[3:]], Kind.GARBLED),  # backwards
        ([*WHOLE[:-1], Boundary(3000, 2000, "产业园")], Kind.GARBLED),
        ([*WHOLE[::3], WHOLE[-1]], Kind.GARBLED),  # too little is known
    ],
)  # fmt: skip
def test_what_is_left_out_is_noticed(boundaries: list[Boundary], kind: Kind) -> None:
    with pytest.raises(Fault) as caught:
        timed(TEXT, boundaries, 1.0)
    assert caught.value.kind is kind


def test_a_faster_voice_may_take_less_time() -> None:
    text, quick = "今年以来", said(("今年", 100, 200), ("来", 245, 300))
    with pytest.raises(Fault):
        timed(text, quick, 1.0)
    assert times(text, quick, 2.0)[1] == ("以", 200, 245)


@given(st.text(st.sampled_from("今天好5Gab，。 ”"), min_size=1, max_size=40), st.integers(1, 5))
def test_all_that_is_heard_gets_a_time(text: str, size: int) -> None:
    boundaries, now = [], 100.0
    for at in range(0, len(text), size):
        boundaries.append(Boundary(now, now + 200 * size, text[at : at + size]))
        now += 200 * size
    heard = [i for i, char in enumerate(text) if char.isalnum()]
    if not heard:
        return
    parts = [piece for part in timed(text, boundaries, 1.0) for piece in stretches(text, part)]
    assert [i for part in parts for i in range(part.start, part.end) if text[i].isalnum()] == heard
    for left, right in pairwise(parts):
        assert left.end <= right.start
        assert left.start_ms < left.end_ms <= right.start_ms + 1e-6


def test_times_of_a_spelling_are_times_of_the_text() -> None:
    import numpy as np

    spans = (Span("在", "在"), Span("乐清", "月清"), Span("AIGC", "A I G C"), Span("园。", "园。"))
    spelling = Respelling(spans)
    words = (Timed(0, 1, 0, 200), Timed(1, 3, 200, 600), Timed(3, 4, 600, 800), Timed(5, 6, 800, 1000),
             Timed(7, 8, 1000, 1200), Timed(9, 10, 1200, 1400), Timed(10, 11, 1400, 1600))  # fmt: skip
    speech = assembled(spelling, [(0, 12)], [Proved(np.ones(1500 * 24, np.float32), words)], 1.0)
    assert speech.marks == (
        Mark(0, 1, 0, 200),
        Mark(1, 2, 200, 400),
        Mark(2, 3, 400, 600),
        Mark(3, 7, 600, 1400),
        Mark(7, 8, 1400, 1500),
    )


def test_pieces_are_joined_with_the_pause_of_their_mark() -> None:
    import numpy as np

    part = Proved(np.ones(240 * 24, np.float32), (Timed(0, 1, 0, 240),))
    speech = assembled(Respelling((Span("一。二", "一。二"),)), [(0, 2), (2, 3)], [part, part], 1.0)
    assert speech.marks == (Mark(0, 1, 0, 240), Mark(2, 3, 640, 880))
    assert len(speech.samples) == 880 * 24
