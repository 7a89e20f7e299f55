"""Which takes go: the damaged always, the oldest first, what bulletins use last."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.voices.store import DAY_S, Limits, Stored, bytes_of, prunable

NOW = 1_000 * DAY_S


def take(key: str, days: float = 0, megabytes: int = 1, fault: str = "") -> Stored:
    return Stored(key, Path(key), megabytes * 10**6, NOW - days * DAY_S, fault=fault)


THREE = (take("a", days=1), take("b", days=30), take("c", days=10))


@pytest.mark.parametrize(
    ("limits", "in_use", "gone"),
    [
        (Limits(), (), ""),
        (Limits(older_than_days=5), (), "bc"),
        (Limits(orphans=True), ("a", "c"), "b"),
        (Limits(larger_than_bytes=2_000_000), (), "b"),
        (Limits(larger_than_bytes=2_000_000), ("b",), "c"),
        (Limits(larger_than_bytes=0), ("b",), "bca"),
        (Limits(older_than_days=20, larger_than_bytes=2_000_000), (), "b"),
    ],
)
def test_limits(limits, in_use, gone):
    assert {each.key for each in prunable(THREE, limits, in_use, NOW)} == set(gone)


def test_the_damaged_always_go():
    assert [e.key for e in prunable((take("x", fault="?"), *THREE), Limits(), (), NOW)] == ["x"]


@given(
    st.lists(st.tuples(st.floats(0, 99), st.integers(1, 9), st.booleans()), max_size=30),
    st.integers(0, 200),
)
def test_enough_goes_and_not_more(drawn, limit):
    takes = [take(f"{n:02}", days, size) for n, (days, size, _) in enumerate(drawn)]
    used = {take.key for take, (_, _, use) in zip(takes, drawn, strict=True) if use}
    gone = {e.key for e in prunable(takes, Limits(larger_than_bytes=limit * 10**6), used, NOW)}
    left = sum(each.bytes for each in takes if each.key not in gone)
    assert left <= limit * 10**6
    if gone & used:
        assert not {each.key for each in takes} - used - gone, "unused takes go first"


@pytest.mark.parametrize(
    ("text", "count"), [("500MB", 500 * 10**6), ("2.5 G", 2_500_000_000), ("7", 7), ("1kB", 1000)]
)
def test_sizes(text, count):
    assert bytes_of(text) == count


@pytest.mark.parametrize("text", ["", "big", "-1M", "1e9", "9" * 40])
def test_what_is_no_size(text):
    with pytest.raises(BobaoError, match="no size"):
        bytes_of(text)
