"""The proof on real speech: that of the embedded voice, sent as the service would send it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from edge_service import AFTER_MS, BEFORE_MS, encoded

from bobao import words
from bobao.model import RATE
from bobao.voices import registry
from bobao.voices.edge.answer import proved
from bobao.voices.edge.client import Answer, Boundary
from bobao.voices.edge.faults import Fault
from bobao.voices.engine import Speech, Utterance

pytestmark = pytest.mark.speech
TEXT = "记者从市气象局了解到，未来三天我市以多云天气为主，最高气温二十六摄氏度。"


@pytest.fixture(scope="module")
def speech() -> Speech:
    engine = registry.engine("kokoro")
    return engine.speak(Utterance(TEXT, engine.voices()[0].name))


def sent(samples: np.ndarray, boundaries: list[Boundary]) -> Answer:
    silences = [np.zeros(ms * RATE // 1000, np.float32) for ms in (BEFORE_MS, AFTER_MS)]
    return Answer(
        encoded(np.concatenate([silences[0], samples, silences[1]])), tuple(boundaries), ended=True
    )


def boundaries_of(speech: Speech, beside_ms: float = 0.0) -> list[Boundary]:
    """A boundary for each word, as the service would have it; not quite exact if so wanted."""
    chance, edges = np.random.default_rng(7), sorted(words.edges(TEXT))
    found: list[Boundary] = []
    for start, end in pairwise(edges):
        if marks := [mark for mark in speech.marks if start <= mark.start < end]:
            late = BEFORE_MS + float(chance.normal(0, beside_ms))
            start_ms, end_ms = (ms + late for ms in (marks[0].start_ms, marks[-1].end_ms))
            start_ms = max(start_ms, found[-1].start_ms + 1 if found else 0.0)
            found.append(Boundary(start_ms, max(end_ms, start_ms), TEXT[start:end]))
    return found


@pytest.mark.parametrize("beside_ms", [0.0, 10.0, 20.0])
def test_real_speech_is_proved_and_timed(speech: Speech, beside_ms: float) -> None:
    made = proved(sent(speech.samples, boundaries_of(speech, beside_ms)), TEXT, 1.0)
    starts = {mark.start: mark.start_ms for mark in speech.marks}
    late = [word.start_ms - starts[word.start] for word in made.words]
    assert np.percentile(np.abs(late), 95) < 40 + 2 * beside_ms
    assert abs(len(made.samples) - len(speech.samples)) < 60 * RATE // 1000


def test_real_speech_is_whole_wherever_it_is_cut(speech: Speech) -> None:
    right = sent(speech.samples, boundaries_of(speech))
    whole = len(proved(right, TEXT, 1.0).samples)
    for size in range(144 * 20, len(right.audio), 144 * 5):
        try:
            made = proved(Answer(right.audio[:size], right.boundaries, ended=True), TEXT, 1.0)
        except Fault:
            continue
        assert whole - len(made.samples) < 20 * RATE // 1000


def test_no_word_of_real_speech_can_be_left_out(speech: Speech) -> None:
    known = boundaries_of(speech)
    for left_out, later in list(zip(known, [*known[1:], known[-1]], strict=True))[::2]:
        start = left_out.start_ms
        gap = (later.start_ms if later is not left_out else left_out.end_ms) - start
        low, high = (round((ms - BEFORE_MS) * RATE / 1000) for ms in (start, start + gap))
        samples = np.concatenate([speech.samples[: max(0, low)], speech.samples[high:]])
        moved = [
            word
            if word.start_ms < start
            else Boundary(word.start_ms - gap, word.end_ms - gap, word.text)
            for word in known
            if word is not left_out
        ]
        with pytest.raises(Fault):
            proved(sent(samples, moved), TEXT, 1.0)
