"""A few hostile inputs of every kind, each ending as a person can understand."""

from __future__ import annotations

import pytest
from hostile import fault_of, trial


@pytest.mark.parametrize("seed", range(48))
def test_a_hostile_input_is_answered(seed: int, monkeypatch: pytest.MonkeyPatch):
    from bobao.publish import cover

    monkeypatch.setattr(cover, "SIDE", 64)
    assert fault_of(trial(seed)) == ""
