"""Words: nothing lost at any cut, and a damaged table is built anew."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao import words

CODE = "from bobao import words; print('|'.join(words.cut('花街镇美丽乡村建设')))"


@given(st.text())
def test_words_join_to_their_text(text):
    assert "".join(words.cut(text)) == text
    assert {0, len(text)} <= words.edges(text)


@pytest.mark.parametrize(
    "damage", [None, b"", b"\x00", b"\xe9", b"not a table", b"i\x01\x00\x00\x00"]
)
def test_the_table_is_made_where_it_is_missing_or_damaged(tmp_path, monkeypatch, damage):
    monkeypatch.setenv("BOBAO_CACHE", str(tmp_path))
    if damage is not None:
        import jieba

        table = tmp_path / "jieba" / jieba.__version__ / "jieba.cache"
        table.parent.mkdir(parents=True)
        table.write_bytes(damage)
    for _ in range(2):  # built, then read
        done = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, check=True
        )
        assert done.stdout == "花街|镇|美丽|乡村|建设\n"


def test_without_a_cache_words_are_cut_and_nobody_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BOBAO_CACHE", str(tmp_path / "file" / "cache"))
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("花街|镇|美丽|乡村|建设\n", "")
