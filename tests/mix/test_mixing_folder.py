from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bobao import files
from bobao.errors import BobaoError
from bobao.mix import folder as folders
from bobao.mix.folder import remade

KILLED = """
import os, signal, sys
from pathlib import Path
from bobao.mix.folder import remade
with remade(Path(sys.argv[1]), lambda name: True) as aside:
    (aside / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def fill(folder: Path, text: str, mine=lambda name: name != "notes.txt") -> None:
    with remade(folder, mine) as aside:
        (aside / "chapters").mkdir()
        (aside / "chapters" / f"{text}.mp3").write_text(text)
        (aside / "a.txt").write_text(text)


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.fixture(params=[True, False], ids=["exchange", "rename"])
def _exchange(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(folders, "_exchanged", lambda one, other: False)


@pytest.mark.usefixtures("_exchange")
def test_the_new_replaces_the_old_and_stale_files_vanish(tmp_path):
    target = tmp_path / "out" / "播报 [1]"
    fill(target, "one")
    fill(target, "two")
    assert tree(tmp_path / "out") == sorted(
        ["播报 [1]", "播报 [1]/a.txt", "播报 [1]/chapters", "播报 [1]/chapters/two.mp3"]
    )
    assert (target / "a.txt").read_text() == "two"
    assert target.stat().st_mode & 0o777 == 0o777 & ~files.UMASK


@pytest.mark.usefixtures("_exchange")
def test_what_others_put_there_stays(tmp_path):
    target = tmp_path / "s"
    fill(target, "one")
    (target / "notes.txt").write_text("mine")
    fill(target, "two")
    assert (target / "notes.txt").read_text() == "mine"
    (target / "own").mkdir()
    (target / "own" / "deep.txt").write_text("deep")
    fill(target, "three", lambda name: name in {"a.txt", "chapters"})
    assert (target / "own" / "deep.txt").read_text() == "deep"
    assert not (target / "chapters" / "two.mp3").exists()


def test_an_error_leaves_the_old_one(tmp_path):
    target = tmp_path / "s"
    fill(target, "one")

    def fails():
        with remade(target, lambda name: True) as aside:
            (aside / "a.txt").write_text("half")
            raise BobaoError("wrong")

    with pytest.raises(BobaoError, match="wrong"):
        fails()
    assert tree(tmp_path) == ["s", "s/a.txt", "s/chapters", "s/chapters/one.mp3"]


def test_a_killed_run_leaves_the_old_one_and_the_next_tidies_up(tmp_path):
    target = tmp_path / "s"
    fill(target, "one")
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert done.returncode == -9
    assert (target / "a.txt").read_text() == "one"
    assert len(list(tmp_path.glob(".s.new-*/half"))) == 1
    fill(target, "two")
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_a_run_that_was_killed_between_two_renames_is_put_right(tmp_path):
    target = tmp_path / "s"
    fill(target, "one")
    target.rename(tmp_path / ".s.old-x")
    folders.tidy(target)
    assert (target / "a.txt").read_text() == "one"
    target.rename(tmp_path / ".s.old-y")
    fill(target, "two")
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_a_run_that_is_still_going_is_left_alone(tmp_path):
    target = tmp_path / "s"
    with remade(target, lambda name: True) as aside:
        (aside / "a.txt").write_text("slow")
        fill(target, "quick")
        assert (aside / "a.txt").exists()
    assert (target / "a.txt").read_text() == "slow"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(BobaoError, match="cannot write"):
        fill(tmp_path / "s", "one")


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BobaoError, match="cannot write"):
        fill(tmp_path / "out" / "s", "one")
