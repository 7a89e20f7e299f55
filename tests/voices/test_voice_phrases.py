"""From durations and samples to phrases, and from phrases to one speech with marks.

And how a unit is given to the model: at what pace, and again more slowly where it is too short.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kokoro_sounds import MARKS, phonemes_of, sounds_of

from bobao.model import RATE
from bobao.voices.kokoro import voicing
from bobao.voices.kokoro.phonemes import BETWEEN
from bobao.voices.kokoro.score import HEARD
from bobao.voices.kokoro.voicing import FRAME, LATE, assembled, phrases
from bobao.voices.shaping import PAUSES_MS

LEAD, TAIL, PAUSE = 16, 24, 6  # frames


def spoken_unit(words: list[str], quiet: bool = True):
    """What a model with exact timing would make: a tone at every heard phoneme, 2 frames each."""
    sounds = sounds_of(words)
    spoken = phonemes_of(sounds)
    durations, parts = [LEAD], [np.zeros(LEAD * FRAME - LATE)]
    for phoneme in spoken:
        heard = phoneme.sound == BETWEEN or sounds[phoneme.sound].kind in HEARD
        frames = 2 if heard else PAUSE
        durations.append(frames)
        level = 0.3 if heard or not quiet else 0.0
        parts.append(level * np.sin(np.arange(frames * FRAME) * 0.3))
    durations.append(TAIL)
    parts.append(np.zeros(TAIL * FRAME + LATE))
    return sounds, spoken, np.array(durations), np.concatenate(parts).astype(np.float32)


def speech_of(words: list[str], rate: float = 1.0):
    sounds, spoken, durations, samples = spoken_unit(words)
    return sounds, assembled(phrases(spoken, durations, samples, sounds), sounds, rate)


WORDS = st.lists(
    st.one_of(st.text("花街镇", min_size=1, max_size=3), st.sampled_from(MARKS)),
    min_size=1,
    max_size=9,
).filter(lambda words: any(word not in MARKS for word in words))


@settings(max_examples=40)
@given(WORDS, st.sampled_from([0.8, 1.0, 1.3]))
def test_every_sound_has_its_mark_in_order(words: list[str], rate: float) -> None:
    sounds, speech = speech_of(words, rate)
    heard = [(s.start, s.end) for s in sounds if s.kind in HEARD]
    assert [(m.start, m.end) for m in speech.marks] == heard
    times = [t for m in speech.marks for t in (m.start_ms, m.end_ms)]
    assert times == sorted(times)
    assert all(m.end_ms - m.start_ms >= 19 for m in speech.marks)
    assert times[-1] <= len(speech.samples) * 1000 // RATE


@settings(max_examples=40)
@given(WORDS)
def test_there_is_sound_in_every_mark_and_silence_between_phrases(words: list[str]) -> None:
    _, speech = speech_of(words)
    for mark in speech.marks:
        inside = speech.samples[mark.start_ms * 24 : mark.end_ms * 24]
        assert np.sqrt(np.mean(inside**2)) > 0.1
    for before, after in pairwise(speech.marks):
        between = speech.samples[before.end_ms * 24 + 48 : after.start_ms * 24 - 48]
        assert not len(between) or np.abs(between).max() < 0.35
        if after.start_ms - before.end_ms > 80:
            assert np.abs(between[240:-240]).max() == 0


@pytest.mark.parametrize(("mark", "rate"), [("，", 1.0), ("。", 1.0), ("；", 1.0), ("。", 2.0)])
def test_pauses_are_as_long_as_their_mark_asks(mark: str, rate: float) -> None:
    _, speech = speech_of(["花街", mark, "镇"], rate)
    wanted = max(PAUSES_MS[mark] / rate, PAUSE * 25)
    assert speech.marks[2].start_ms - speech.marks[1].end_ms == pytest.approx(wanted, abs=12)


def test_units_follow_one_another_with_their_marks_pause() -> None:
    sounds, spoken, durations, samples = spoken_unit(["花街", "，", "镇党"])
    cut = next(i for i, phoneme in enumerate(spoken) if phoneme.sound == 3)
    at = int(durations[: cut + 1].sum()) * FRAME - LATE  # where 镇 starts
    still = np.zeros(LEAD * FRAME - LATE, np.float32)
    parts = [
        ((0, cut - 1), [*durations[:cut], TAIL], samples[:at]),
        ((cut, len(spoken)), [LEAD, *durations[cut + 1 :]], np.concatenate([still, samples[at:]])),
    ]
    said = [
        phrase
        for (start, end), frames, sound in parts
        for phrase in phrases(spoken[start:end], np.array(frames), sound, sounds)
    ]
    speech = assembled(said, sounds, 1.0)
    assert [(m.start, m.end) for m in speech.marks] == [(0, 1), (1, 2), (3, 4), (4, 5)]
    gap = speech.marks[2].start_ms - speech.marks[1].end_ms
    assert gap == pytest.approx(PAUSES_MS["，"], abs=12)


def test_a_sound_in_two_units_has_one_mark() -> None:
    sounds = sounds_of(["abcdef"])
    spoken = phonemes_of(sounds)
    durations = np.array([LEAD, *[2] * 6, TAIL])
    tone = 0.3 * np.sin(np.arange(12 * FRAME) * 0.3)
    samples = np.concatenate(
        [np.zeros(LEAD * FRAME - LATE), tone, np.zeros(TAIL * FRAME + LATE)]
    ).astype(np.float32)
    halves = [phrases(part, durations, samples, sounds) for part in (spoken[:6], spoken[6:])]
    (mark,) = assembled([*halves[0], *halves[1]], sounds, 1.0).marks
    assert (mark.start, mark.end) == (0, 6)
    assert mark.end_ms > 550


SOUNDS = sounds_of(["好", "。"])
SPOKEN = phonemes_of(SOUNDS)
STYLES = np.zeros((510, 256), np.float16)


def voiced(rate: float, frames_at_1: int) -> tuple[list[float], list[int]]:
    """The paces at which a model was asked for a unit of so many frames, and what came of it."""
    asked: list[float] = []

    def sounder(given: voicing.Inputs) -> tuple[np.ndarray, np.ndarray]:
        pace = float(given["speed"][0])
        asked.append(pace)
        frames = round(frames_at_1 / pace)
        durations = np.array([frames - len(SPOKEN) - 1, *[1] * (len(SPOKEN) + 1)])
        return np.full(frames * 600, 0.5, np.float32), durations

    said = voicing.voiced(sounder, SPOKEN, SOUNDS, STYLES, rate)
    return asked, [len(phrase.samples) for phrase in said]


@pytest.mark.parametrize(
    ("rate", "frames_at_1", "paces"),
    [
        (1.0, 120, [1.0]),
        (2.0, 120, [2.0]),
        (2.0, 60, [2.0, 1.2]),  # thirty frames are too few, fifty are enough
        (1.5, 60, [1.5, 1.2]),
        (1.2, 60, [1.2]),
        (2.0, 20, [2.0, 0.8]),  # no slower than this, however short it is
        (1.0, 20, [1.0, 0.8]),
        (0.5, 20, [0.5]),
    ],
)
def test_what_is_too_short_for_the_model_is_said_more_slowly(
    rate: float, frames_at_1: int, paces: list[float]
) -> None:
    asked, lengths = voiced(rate, frames_at_1)
    assert asked == pytest.approx(paces)
    assert lengths == [round(frames_at_1 / paces[-1]) * 600]  # the last one counts
