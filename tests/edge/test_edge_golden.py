"""How a text is cut for the service, and what is made of its answer: the same for one number."""

from __future__ import annotations

from collections.abc import Callable

import sound_samples
from edge_service import said

from bobao.voices.edge.answer import proved
from bobao.voices.edge.assembly import assembled, pieces
from bobao.voices.edge.client import Answer, Boundary
from bobao.voices.edge.engine import respelling_of
from bobao.voices.engine import Utterance

TEXT = "今年以来，全县共新建5G基站一百二十六个，完成投资三点八亿元；“还要再建一百个。”局长说。" * 2
LEAST = 120  # bytes of a piece, so that a short text comes in several


def speech_at(rate: float) -> dict[str, object]:
    respelling = respelling_of(Utterance(TEXT, "", rate))
    ranges = pieces(respelling.spoken, LEAST)
    parts = []
    for start, end in ranges:
        speech = said(TEXT[start:end], rate)
        boundaries = tuple(Boundary(s / 1e4, (s + d) / 1e4, w) for s, d, w in speech.words)
        parts.append(proved(Answer(speech.audio, boundaries, ended=True), TEXT[start:end], rate))
    made = assembled(respelling, ranges, parts, rate)
    return {"pieces": ranges, **sound_samples.of_speech(made)}


def test_cutting_and_joining_are_those_of_their_number(golden: Callable[..., None]) -> None:
    made = {f"{rate}: {key}": v for rate in (1.0, 1.4) for key, v in speech_at(rate).items()}
    golden("answers.json", sound_samples.text(made), sound_samples.alike)
