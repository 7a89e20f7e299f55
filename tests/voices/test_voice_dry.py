"""The engines that do not speak keep the contract of an engine."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices import registry
from bobao.voices.engine import Utterance
from bobao.voices.store import GRID

ENGINES = [registry.engine("silence"), registry.engine("tone")]


@pytest.mark.parametrize("engine", ENGINES, ids=["silence", "tone"])
@given(
    text=st.text("花街镇的两带三盟5GKPI，。、“”！— \n", max_size=40),
    rate=st.sampled_from([0.5, 1.0, 2.0]),
)
def test_every_heard_character_has_a_mark(engine, text: str, rate: float) -> None:
    heard = [i for i, char in enumerate(text) if char.isalnum()]
    assume(heard)
    speech = engine.speak(Utterance(text, engine.name, rate))
    assert [i for mark in speech.marks for i in range(mark.start, mark.end)] == heard
    times = [t for mark in speech.marks for t in (mark.start_ms, mark.end_ms)]
    assert times == sorted(times)
    assert times[0] == 0
    assert times[-1] * RATE // 1000 == len(speech.samples)
    assert all(mark.end_ms > mark.start_ms for mark in speech.marks)
    assert len(speech.samples) % GRID == 0
    assert speech.samples.dtype == np.float32
    sounding = np.abs(speech.samples) > 0.01
    inside = np.zeros(len(sounding), bool)
    for mark in speech.marks:
        inside[mark.start_ms * 24 : mark.end_ms * 24] = True
    assert not sounding[~inside].any()
    assert sounding.any() == (engine.name == "tone")


def test_it_takes_as_long_as_speech_would() -> None:
    text = "相关负责人介绍，项目建成投产后，每年可为村集体增收十万元以上。"
    seconds = [
        len(ENGINES[0].speak(Utterance(text, "silence", rate)).samples) / RATE
        for rate in (1.0, 2.0)
    ]
    assert 150 < seconds[0] * 1000 / 29 < 280  # hanzi; kokoro takes 212 ms for one of these
    assert seconds[1] == pytest.approx(seconds[0] / 2, rel=0.1)


@pytest.mark.parametrize("engine", ENGINES, ids=["silence", "tone"])
@pytest.mark.parametrize("text", ["", "，。", "“”"])
def test_nothing_to_say_is_an_error(engine, text: str) -> None:
    with pytest.raises(BobaoError, match="nothing to say"):
        engine.speak(Utterance(text, engine.name))
