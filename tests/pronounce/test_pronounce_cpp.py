"""The public CPP benchmark (g2pM's, one labelled character a sentence), where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bobao.pronounce import pronounce

CPP = Path(__file__).resolve().parents[3] / "shared/bench/pronounce/cpp_dev.tsv"
STEP = 10
"""Every tenth sentence of the development set: a second or two."""
LEAST = 0.965


def reading_at(text: str, offset: int) -> str:
    sound = next(s for s in pronounce(text, unknown="?") if s.start <= offset < s.end)
    return sound.citation.split()[offset - sound.start]


@pytest.mark.skipif(not CPP.is_file(), reason="the shared CPP benchmark is not at hand")
def test_cpp_development_set():
    rows = [line.split("\t") for line in CPP.read_text("utf-8").splitlines()[::STEP]]
    right = sum(
        reading_at(text, int(offset)) == pinyin.replace("u:", "v") for text, offset, pinyin in rows
    )
    assert right / len(rows) >= LEAST
