"""`bobao cache` in a real workspace: counts, finds damage, removes only what may go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bobao.cli import run

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
