"""Seeded runs against a misbehaving service: never exit 0 with missing text, never for ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from edge_storm import FAMILIES, Storm, faults

pytest_plugins = ["edge_fixtures"]
RUNS = 32


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    made = Storm(tmp_path_factory.mktemp("storm"))
    yield made
    made.service.stop()
    assert not made.service.faults


@pytest.mark.parametrize("start", range(len(FAMILIES)))
def test_every_run_ends_as_it_must(start: int, storm: Storm, edge_network) -> None:
    """``python tests/edge/edge_storm.py 200`` does more of the same and prints a table."""
    for seed in range(start, RUNS, len(FAMILIES)):
        run = storm.run(seed)
        assert not faults(run), (seed, run)
