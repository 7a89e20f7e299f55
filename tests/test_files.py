"""Names that every system takes, and files that are never half-written."""

from __future__ import annotations

import os
import stat
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao import files
from bobao.errors import BobaoError


@given(st.text())
def test_a_safe_name_is_one_part_of_a_path(title):
    name = files.safe_name(title)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert not name.startswith((".", "-"))
    assert not name.endswith((".", " "))
    assert len(name.encode("utf-8")) <= files.MAX_NAME_BYTES + len("untitled")
    assert files.safe_name(name) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "untitled.. .. etc passwd"),
        ("con.txt", "untitledcon.txt"),
        ("花街镇 “两带三盟”", "花街镇 “两带三盟”"),
        ("a\u202eb\u200bc", "a b c"),
        ("", "untitled"),
        ("...", "untitled"),
    ],
)
def test_safe_names(title, name):
    assert files.safe_name(title) == name


def test_a_failed_write_leaves_the_old_file_and_nothing_aside(tmp_path):
    path = tmp_path / "a.txt"
    files.write_text(path, "old")

    def fail():
        with files.written_aside(path) as aside:
            aside.write_text("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_new_file_has_the_usual_permissions(tmp_path):
    files.write_text(tmp_path / "a.txt", "a")
    (tmp_path / "b.txt").write_text("b")
    modes = {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_folder_that_cannot_be_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BobaoError, match="cannot write"):
        files.write_text(tmp_path / "file" / "a.txt", "a")


def test_only_what_is_stale_is_swept(tmp_path):
    old, new, other = tmp_path / "x" / ".aside-1", tmp_path / ".aside-2", tmp_path / "a.txt"
    old.parent.mkdir()
    for path in (old, new, other):
        path.write_text("a")
        os.utime(path, (1, 1))
    os.utime(new)
    files.sweep(tmp_path)
    assert [p.exists() for p in (old, new, other)] == [False, True, True]


@pytest.mark.parametrize("name", ["a.mp3", "chapters/01-开场.mp3", "a..b", "..."])
def test_names_that_stay_in_their_folder(name):
    assert files.stays_within(name)


@pytest.mark.parametrize(
    "name", ["", "../x", "a/../../x", "/x", "..\\x", "C:x", "C:\\x", "\\\\h\\s\\x"]
)
def test_names_that_lead_out_of_their_folder(name):
    assert not files.stays_within(name)


def test_a_package_in_the_place_of_another_counts_as_it(monkeypatch):
    def version(name):
        if name == "onnxruntime-gpu":
            return "1.31"
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(files.metadata, "version", version)
    assert files.version_of("onnxruntime") == "1.31"
    assert files.version_of("numpy") == ""


@pytest.mark.parametrize("named", ["", "/x/y", "~nobody-at-all/c"])
def test_the_cache_is_where_it_is_named_or_nowhere(monkeypatch, named):
    monkeypatch.setenv("BOBAO_CACHE", named)
    found = files.user_cache()
    assert found.is_absolute()
    assert (found == Path("/x/y")) == (named == "/x/y")
    assert (found == Path(os.devnull, "bobao")) == named.startswith("~")
