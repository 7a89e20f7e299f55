"""`bobao cache` in a real workspace: counts, finds damage, removes only what may go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.cli import run
from bobao.errors import BobaoError
from bobao.voices.store import Stored, bytes_of, prunable

ARTICLE = "村里通了新公路\n\n今天上午，公路通车了。村民们都很高兴，纷纷到路边观看。\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with one bulletin, hummed."""
    folder = tmp_path_factory.mktemp("made")
    run(["init", str(folder), "-q"])
    (folder / "seeds" / "road.txt").write_text(ARTICLE, "utf-8")
    order = ["produce", "road", "--date", "2026-01-01", "--engine", "tone", "--no-stings", "-q"]
    assert run([*order, "-w", str(folder)]) == 0
    return folder


@pytest.fixture
def place(tmp_path, made):
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(made, tmp_path / "w"))


def cache(place, capsys, *arguments):
    capsys.readouterr()
    code = run(["cache", *arguments, "-w", str(place)])
    return code, capsys.readouterr()


def test_size_counts_all(place, capsys):
    code, said = cache(place, capsys, "size", "--json")
    takes, prepared = json.loads(said.out)
    assert code == 0
    assert takes["what"] == "takes, tone"
    assert takes["count"] == len(list((place / "audio/takes").rglob("*.flac")))
    assert takes["minutes"] > 0
    assert prepared["bytes"] >= 0


def test_nothing_in_use_is_an_orphan(place, capsys):
    code, said = cache(place, capsys, "prune", "--orphans", "--json")
    assert code == 0
    assert json.loads(said.out)["takes"] == []


def test_takes_of_no_bulletin_go(place, capsys):
    (place / "output/road/bulletin.json").unlink()
    before = sorted((place / "audio/takes").rglob("*.flac"))
    code, _ = cache(place, capsys, "prune", "--orphans", "--dry-run")
    assert (code, sorted((place / "audio/takes").rglob("*.flac"))) == (0, before)
    code, said = cache(place, capsys, "prune", "--orphans")
    assert code == 0
    assert f"removed {len(before)} takes" in said.out
    assert not list((place / "audio/takes").rglob("*.*"))


def test_a_bulletin_that_cannot_be_read_stops_pruning(place, capsys):
    (place / "output/road/bulletin.json").write_text("{", "utf-8")
    code, said = cache(place, capsys, "prune", "--orphans")
    assert code == 1
    assert "cannot be read" in said.err
    assert list((place / "audio/takes").rglob("*.flac"))


def test_damage_is_found_and_cleared(place, capsys):
    assert cache(place, capsys, "verify")[0] == 0
    sounds = sorted((place / "audio/takes").rglob("*.flac"))
    sounds[0].write_bytes(sounds[0].read_bytes()[:-1])
    sounds[1].unlink()
    sounds[2].with_suffix(".json").unlink()
    for suffix in (".flac", ".json"):  # two lines in each other's place
        one, other = sounds[3].with_suffix(suffix), sounds[4].with_suffix(suffix)
        one.rename(place / "aside")
        other.rename(one)
        (place / "aside").rename(other)
    code, said = cache(place, capsys, "verify", "--json")
    assert code == 1
    faults = json.loads(said.out)
    assert {each["take"] for each in faults} == {sound.stem for sound in sounds[:5]}
    # A sound that is there but not whole is only noticed by reading it; the rest goes at once.
    assert cache(place, capsys, "prune")[0] == 0
    assert not sounds[2].exists()
    assert not sounds[1].with_suffix(".json").exists()


@pytest.mark.parametrize("arguments", [["prune", "--larger-than", "much"], ["nonsense"]])
def test_wrong_usage(place, capsys, arguments):
    assert cache(place, capsys, *arguments)[0] in {1, 2}


# ── Which takes go ──────────────────────────────────────────────────────────────────────────────

DAY_S, NOW = 86_400, 1_000 * 86_400


def take(key: str, days: float = 0, megabytes: int = 1, fault: str = "") -> Stored:
    return Stored(key, Path(key), megabytes * 10**6, NOW - days * DAY_S, fault=fault)


TAKES = (take("a", days=1), take("x", fault="?"), take("b", days=30), take("c", days=10))


@pytest.mark.parametrize(
    ("limits", "in_use", "gone"),
    [
        ({}, (), "x"),
        ({"unused_since_s": NOW - 5 * DAY_S}, (), "bcx"),
        ({"orphans": True}, ("a", "c"), "bx"),
        ({"larger_than_bytes": 2_000_000}, (), "bx"),
        ({"larger_than_bytes": 2_000_000}, ("b",), "cx"),
        ({"larger_than_bytes": 0}, ("b",), "bcax"),
        ({"unused_since_s": NOW - 20 * DAY_S, "larger_than_bytes": 2_000_000}, (), "bx"),
    ],
)
def test_the_damaged_always_go_the_oldest_first_and_what_bulletins_use_last(limits, in_use, gone):
    assert "".join(each.key for each in prunable(TAKES, in_use, **limits)) == gone


@given(
    st.lists(st.tuples(st.floats(0, 99), st.integers(1, 9), st.booleans()), max_size=30),
    st.integers(0, 200),
)
def test_enough_goes_and_not_more(drawn, limit):
    takes = [take(f"{n:02}", days, size) for n, (days, size, _) in enumerate(drawn)]
    used = {take.key for take, (_, _, use) in zip(takes, drawn, strict=True) if use}
    gone = {e.key for e in prunable(takes, used, larger_than_bytes=limit * 10**6)}
    left = sum(each.bytes for each in takes if each.key not in gone)
    assert left <= limit * 10**6
    if gone & used:
        assert not {each.key for each in takes} - used - gone, "unused takes go first"


@pytest.mark.parametrize(
    ("text", "count"),
    [("500MB", 500 * 10**6), ("2.5 G", 2_500_000_000), ("7", 7), ("1kB", 1000),
     *((wrong, None) for wrong in ("", "big", "-1M", "1e9", "9" * 40))],
)  # fmt: skip
def test_sizes(text, count):
    if count is None:
        with pytest.raises(BobaoError, match="no size"):
            bytes_of(text)
    else:
        assert bytes_of(text) == count
