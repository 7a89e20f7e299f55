"""What lands in a tray is handed out once it lies still, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from bobao.batch.watch import prints, watched

A, B = Path("a.txt"), Path("b.txt")


@pytest.mark.parametrize(
    ("states", "handed_out"),
    [
        ([(10, 1, 1), (20, 2, 1), (20, 2, 1), (20, 2, 1), (20, 2, 1)], [2]),  # it still grew
        ([(1, 1, 1), (1, 1, 1), (1, 1, 2), (1, 1, 2)], [1, 3]),  # it was replaced
        ([(1, 1, 1), (1, 1, 1), None, (1, 1, 1), (1, 1, 1)], [1, 4]),  # it came again
        ([(0, 1, 1), (0, 1, 1), (9, 2, 1), (9, 2, 1)], [3]),  # it had no text yet
    ],
)
def test_a_file_is_handed_out_once_for_each_state_in_which_it_lies_still(states, handed_out):
    looks = iter([{A: state} if state else {} for state in states] + [{B: (1, 1, 1)}] * 2)
    now, waits, found = 0, [], []

    def look():
        nonlocal now
        now += 1
        return next(looks)

    rounds = watched(look, waits.append, lambda: now * 2.0)
    while next(rounds) == [A]:
        found.append(now - 1)
    assert found == handed_out
    assert len(waits) == now - 1 - len(found)


def test_files_are_told_from_the_disk(tmp_path):
    (tmp_path / "稿.txt").write_text("一", "utf-8")
    found = prints([*tmp_path.iterdir(), tmp_path / "gone.txt"])
    assert [path.name for path in found] == ["稿.txt"]
