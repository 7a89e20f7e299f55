"""Lengths before there is sound: the real takes where they are, the mix's own pauses, one pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import GRID_MS
from bobao.planning.lengths import plain_ms, spoken_ms, supposed
from bobao.planning.requests import requests
from bobao.planning.values import Plan, total
from bobao.voices.delivery import Delivery
from bobao.voices.edge.pieces import pieces
from bobao.voices.engine import Utterance

SAID = Delivery((Utterance("今天上午，公路通车了。", "a"), Utterance("村民们很高兴。", "b")), 400)


def test_rests_are_not_stretched_and_each_voice_has_its_own_pace():
    first, second = map(plain_ms, SAID.pieces)
    assert spoken_ms(SAID, lambda voice: 1.0) == first + second + 400
    assert spoken_ms(SAID, {"a": 2.0, "b": 1.0}.__getitem__) == 2 * first + second + 400


def test_a_faster_rate_is_shorter():
    slow, fast = (Utterance("今天上午，公路通车了。", "a", rate) for rate in (1.0, 1.5))
    assert plain_ms(slow) / plain_ms(fast) == pytest.approx(1.5, rel=0.05)


@given(st.floats(0.01, 9))
def test_a_supposed_take_is_on_the_grid_and_never_empty(pace):
    take = supposed("k", SAID, lambda voice: pace)
    assert take.duration_ms >= GRID_MS
    assert take.duration_ms % GRID_MS == 0
    assert abs(take.duration_ms - spoken_ms(SAID, lambda voice: pace)) <= GRID_MS


def test_requests_are_those_of_the_engine_itself():
    long = "今天上午，公路通车了。" * 120
    assert requests("edge", Delivery((Utterance(long, "zh-CN-YunyangNeural"),))) == len(
        pieces(long)
    )
    assert len(pieces(long)) > 1
    assert requests("edge", SAID) == 2
    assert requests("kokoro", SAID) == 0


def test_totals_leave_out_what_cannot_be_produced():
    plans = [Plan("a", missing=2, work_s=1.5), Plan("b", error="no"), Plan("c", missing=1)]
    assert (total(plans).missing, total(plans).work_s) == (3, 1.5)
    assert not total([]).finished
