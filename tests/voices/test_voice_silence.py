"""The silence engine keeps the contract of an engine, and says nothing."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices import registry
from bobao.voices.engine import Utterance
from bobao.voices.store import GRID

ENGINE = registry.engine("silence")


@given(
    st.text("花街镇的两带三盟5GKPI，。、“”！— \n", max_size=40), st.sampled_from([0.5, 1.0, 2.0])
)
def test_every_heard_character_has_a_mark_and_no_sound(text: str, rate: float) -> None:
    heard = [i for i, char in enumerate(text) if char.isalnum()]
    assume(heard)
    speech = ENGINE.speak(Utterance(text, "silence", rate))
    assert [(mark.start, mark.end) for mark in speech.marks] == [(i, i + 1) for i in heard]
    times = [t for mark in speech.marks for t in (mark.start_ms, mark.end_ms)]
    assert times == sorted(times)
    assert times[0] == 0
    assert times[-1] * RATE // 1000 == len(speech.samples)
    assert all(mark.end_ms > mark.start_ms for mark in speech.marks)
    assert len(speech.samples) % GRID == 0
    assert speech.samples.dtype == np.float32
    assert not speech.samples.any()


def test_it_takes_as_long_as_speech_would() -> None:
    text = "相关负责人介绍，项目建成投产后，每年可为村集体增收十万元以上。"
    seconds = [
        len(ENGINE.speak(Utterance(text, "silence", rate)).samples) / RATE for rate in (1.0, 2.0)
    ]
    assert 150 < seconds[0] * 1000 / 29 < 280  # hanzi; kokoro takes 212 ms for one of these
    assert seconds[1] == pytest.approx(seconds[0] / 2, rel=0.1)


@pytest.mark.parametrize("text", ["", "，。", "“”"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    with pytest.raises(BobaoError, match="nothing to say"):
        ENGINE.speak(Utterance(text, "silence"))
