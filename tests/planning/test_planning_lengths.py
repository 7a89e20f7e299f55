"""Lengths before there is sound: the real takes where they are, the mix's own pauses, one pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import GRID_MS
from bobao.pipeline.lengths import requests, spoken_ms, supposed
from bobao.pipeline.plans import Plan, total
from bobao.voices.delivery import Delivery
from bobao.voices.edge.pieces import pieces
from bobao.voices.engine import Utterance

SAID = Delivery((Utterance("今天上午，公路通车了。", "a"), Utterance("村民们很高兴。", "b")), 400)


def alone(utterance):
    return spoken_ms(Delivery((utterance,)))


def test_rests_are_added_and_not_stretched():
    assert spoken_ms(SAID) == sum(map(alone, SAID.pieces)) + 400


def test_a_faster_rate_is_shorter():
    slow, fast = (Utterance("今天上午，公路通车了。", "a", rate) for rate in (1.0, 1.5))
    assert alone(slow) / alone(fast) == pytest.approx(1.5, rel=0.05)


@given(st.text("今天上午，公路。", max_size=30), st.floats(0.5, 2))
def test_a_supposed_take_is_on_the_grid_and_never_empty(text, rate):
    said = Delivery((Utterance(f"新{text}", "a", rate),))
    take = supposed("k", said)
    assert take.duration_ms >= GRID_MS
    assert take.duration_ms % GRID_MS == 0
    assert abs(take.duration_ms - spoken_ms(said)) <= GRID_MS


def test_requests_are_those_of_the_engine_itself():
    long = "今天上午，公路通车了。" * 120
    assert requests("edge", Delivery((Utterance(long, "zh-CN-YunyangNeural"),))) == len(
        pieces(long)
    )
    assert len(pieces(long)) > 1
    assert requests("edge", SAID) == 2
    assert requests("kokoro", SAID) == 0


def test_totals_leave_out_what_cannot_be_produced():
    plans = [Plan("a", missing=2, disk_bytes=15), Plan("b", error="no"), Plan("c", missing=1)]
    assert (total(plans).missing, total(plans).disk_bytes) == (3, 15)
    assert not total([]).finished
