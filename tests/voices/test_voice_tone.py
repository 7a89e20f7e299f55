"""The tone engine keeps the contract of an engine."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import Utterance

ENGINE = ToneEngine()


@given(
    st.text("花街镇的两带三盟5GKPI，。、“”！— \n", max_size=40), st.sampled_from([0.7, 1.0, 1.5])
)
def test_every_heard_character_has_a_mark(text: str, rate: float) -> None:
    heard = {i for i, char in enumerate(text) if char.isalnum()}
    assume(heard)
    speech = ENGINE.speak(Utterance(text, "tone", rate))
    covered = [i for mark in speech.marks for i in range(mark.start, mark.end)]
    assert covered == sorted(heard)
    times = [t for mark in speech.marks for t in (mark.start_ms, mark.end_ms)]
    assert times == sorted(times)
    assert all(mark.end_ms > mark.start_ms for mark in speech.marks)
    assert times[-1] * RATE // 1000 == len(speech.samples)
    assert speech.samples.dtype == np.float32
    assert np.abs(speech.samples).max() < 0.5


def test_the_sound_is_where_the_marks_say() -> None:
    speech = ENGINE.speak(Utterance("花街，镇", "tone"))
    loud = np.abs(speech.samples) > 0.01
    inside = np.zeros(len(loud), bool)
    for mark in speech.marks:
        inside[mark.start_ms * 24 : mark.end_ms * 24] = True
    assert not loud[~inside].any()
    assert loud[inside].mean() > 0.8


def test_the_same_bytes_each_time_and_shorter_when_faster() -> None:
    slow, same, fast = (ENGINE.speak(Utterance("花街镇", "tone", r)) for r in (1.0, 1.0, 2.0))
    assert slow.samples.tobytes() == same.samples.tobytes()
    assert len(fast.samples) < 0.6 * len(slow.samples)


def test_different_characters_sound_different() -> None:
    one, two = (ENGINE.speak(Utterance(text, "tone")).samples for text in "花街")
    assert one.tobytes() != two.tobytes()


@pytest.mark.parametrize("text", ["", "，。", "“”"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    with pytest.raises(BobaoError, match="nothing to say"):
        ENGINE.speak(Utterance(text, "tone"))
