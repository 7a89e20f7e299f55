"""What lands in a tray is handed out once it lies still, and only then."""

from __future__ import annotations

from pathlib import Path

from bobao.batch.watch import Tray, prints, watched

A, B = Path("a.txt"), Path("b.txt")


def test_a_file_is_handed_out_once_it_lies_still():
    tray = Tray(still_s=2)
    assert tray.settled({A: (10, 1, 1)}, 0) == []
    assert tray.settled({A: (20, 2, 1)}, 1) == []  # it is still growing
    assert tray.settled({A: (20, 2, 1)}, 2) == []
    assert tray.settled({A: (20, 2, 1)}, 3) == [A]
    assert tray.settled({A: (20, 2, 1)}, 9) == []


def test_a_changed_file_is_handed_out_again_and_a_replaced_one_too():
    tray = Tray(still_s=0)
    tray.settled({A: (1, 1, 1)}, 0)
    assert tray.settled({A: (1, 1, 1)}, 1) == [A]
    tray.settled({A: (1, 1, 2)}, 2)
    assert tray.settled({A: (1, 1, 2)}, 3) == [A]
    tray.settled({}, 4)
    tray.settled({A: (1, 1, 2)}, 5)
    assert tray.settled({A: (1, 1, 2)}, 6) == [A]


def test_an_empty_file_waits_for_its_text():
    tray = Tray(still_s=0)
    tray.settled({A: (0, 1, 1)}, 0)
    assert tray.settled({A: (0, 1, 1)}, 9) == []


def test_files_are_told_from_the_disk(tmp_path):
    (tmp_path / "稿.txt").write_text("一", "utf-8")
    found = prints(iter([*tmp_path.iterdir(), tmp_path / "gone.txt"]))
    assert [path.name for path in found] == ["稿.txt"]


def test_watching_waits_between_looks():
    looks = iter([{}, {A: (1, 1, 1)}, {A: (1, 1, 1)}, {A: (1, 1, 1)}])
    waits: list[float] = []
    times = iter(range(0, 100, 3))
    tray = watched(lambda: next(looks), waits.append, lambda: float(next(times)))
    assert next(tray) == [A]
    assert len(waits) == 2
