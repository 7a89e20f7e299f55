"""The service's sound: frames, the codec's delay, and the proof that it is the text."""

from __future__ import annotations

import numpy as np
import pytest
from edge_service import BEFORE_MS, LOST, Said, encoded, said
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import RATE
from bobao.voices.dry import ToneEngine
from bobao.voices.edge import answer as answers
from bobao.voices.edge.answer import proved
from bobao.voices.edge.client import Answer, Boundary
from bobao.voices.edge.faults import Fault
from bobao.voices.engine import Utterance

TEXT = "今年以来，全县共新建5G基站一百二十六个，完成投资三点八亿元。"


def answer(speech: Said, ended: bool = True) -> Answer:
    boundaries = (Boundary(s / 1e4, (s + d) / 1e4, w) for s, d, w in speech.words)
    return Answer(speech.audio, tuple(boundaries), ended)


def test_frames_are_counted_and_decoded() -> None:
    data = encoded(np.zeros(RATE, np.float32))
    count, end = answers.frames(data)
    assert (count * 144, end) == (len(data), len(data))
    assert len(answers.decoded(data)) == count * answers.FRAME
    assert answers.frames(data[:-50]) == (count - 1, end - 144)  # a cut frame does not count


@given(st.binary(max_size=400))
def test_what_is_no_sound_is_a_fault(data: bytes) -> None:
    with pytest.raises(Fault):
        answers.decoded(data)


def test_the_codec_delays_by_as_much_as_we_say() -> None:
    samples = np.zeros(RATE, np.float32)
    samples[12_000:] = 0.3 * np.sin(np.arange(12_000) / 4)
    heard = np.flatnonzero(np.abs(answers.decoded(encoded(samples))) > 0.02)[0]
    assert abs(heard - 12_000 - 1105) < 12


@pytest.mark.parametrize("late_ms", [-60, 0, 46, 100])
def test_times_are_those_of_the_sound_whatever_the_delay(late_ms: int) -> None:
    right = said(TEXT)
    words = tuple((start + late_ms * 10_000, length, word) for start, length, word in right.words)
    made = proved(answer(Said(right.audio, words)), TEXT, 1.0)
    tone = ToneEngine().speak(Utterance(TEXT, "tone"))
    starts = {mark.start: mark.start_ms for mark in tone.marks}
    for word in made.words:
        assert abs(word.start_ms - 30 - starts[word.start]) <= 10  # 30 ms of silence are kept
    assert abs(len(made.samples) / 24 - len(tone.samples) / 24 - 60) <= 15
    assert BEFORE_MS > 60


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.0, 1.5, 2.0])
@pytest.mark.parametrize(
    "text", [TEXT, "好。", "5G", "会后，大家表示：“要把项目建好。”", "啊！" * 30]
)
def test_right_speech_is_proved_at_every_pace(text: str, rate: float) -> None:
    made = proved(answer(said(text, rate)), text, rate)
    heard = "".join(text[word.start : word.end] for word in made.words)
    assert [c for c in heard if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    "name", [name for name, conduct in LOST.items() if not conduct.insert and conduct.end == "well"]
)
@pytest.mark.parametrize("text", [TEXT, "水务部门提醒，请各家各户提前做好储水准备。"])
def test_wrong_speech_is_not(name: str, text: str) -> None:
    with pytest.raises(Fault):
        proved(answer(LOST[name].change(said(text))), text, 1.0)


def test_sound_is_whole_wherever_it_is_cut() -> None:
    """Every frame from the end on: the last syllable may not lose a tenth of a second."""
    text = "明天有雨，请带伞。"
    right = said(text)
    whole, passed = len(proved(answer(right), text, 1.0).samples), 0
    for size in range(0, len(right.audio), 144):
        try:
            made = proved(answer(Said(right.audio[:size], right.words)), text, 1.0)
        except Fault:
            continue
        passed += 1
        assert whole - len(made.samples) < 10 * 24
    assert 20 < passed < 40  # only silence was cut from these: there are 800 ms of it


@pytest.mark.parametrize(
    "text",
    ["今天多云。", "今天多云，明天有雨。", "5G网络已经覆盖。", "会上，他说：“好，就这样办。”"],
)
def test_no_word_can_be_left_out(text: str) -> None:
    """Any run of words taken out with its sound, the later times moved up: never taken as whole."""
    right = said(text)
    starts = [start for start, _, _ in right.words] + [
        len(right.audio) // 144 * 240_000 - 8_000_000
    ]
    for low in range(len(right.words)):
        for high in range(low + 1, len(right.words) + 1):
            frames = (starts[high] - starts[low]) // 240_000
            at = starts[low] // 240_000 * 144
            words = [(start - frames * 240_000, *rest) for start, *rest in right.words[high:]]
            audio = right.audio[:at] + right.audio[at + frames * 144 :]
            with pytest.raises(Fault):
                proved(answer(Said(audio, (*right.words[:low], *words))), text, 1.0)


def test_speech_whose_turn_has_not_ended_is_not() -> None:
    with pytest.raises(Fault, match="closed too early"):
        proved(answer(said(TEXT), ended=False), TEXT, 1.0)


def test_the_speech_of_another_text_is_not() -> None:
    with pytest.raises(Fault):
        proved(answer(said("今年以来，全县新建公园九个。")), TEXT, 1.0)


def test_speech_at_a_mad_pace_is_not() -> None:
    speech = said("今年以来全县共新建基站", 4.0)
    with pytest.raises(Fault, match=r"too short|no time"):
        proved(answer(speech), "今年以来全县共新建基站", 1.0)
    slow = said("今年以来全县共新建基站", 0.1)
    with pytest.raises(Fault, match="too long"):
        proved(answer(slow), "今年以来全县共新建基站", 1.0)
