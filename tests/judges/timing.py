"""Do the words start when the bulletin says? (README.md here tells how to set it up.)

    python tests/judges/timing.py output/<slug>…      one or several bulletins, of any voices

Every word's start is compared with a forced alignment trained on the sound alone. Exit 0: 95 % of
the words are within 40 ms; 1: not; 2: cannot tell.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from aligner import RATE, SILENCE, Sound, align
from hear import decode  # makes bobao known

from bobao.errors import BobaoError

PAD = 0.1
"""Seconds heard with a sentence at either end."""
NEAR = 0.040
SHARE = 0.95
PAUSE = 0.06
"""Seconds of silence before a word that make it one after a pause."""
NAMES = """
ei|bi|sei|di|yi|ai fu|ji|ai chi|ai|zhei|kei|ai lu|ai mu|en|ou|pi|kei you|a er|ai si|ti|you|wei|
da bu liu|ai ke si|wai|zei
"""
"""The names of Latin letters in Mandarin syllables: near enough to find where they start."""
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", NAMES.replace("\n", "").split("|"), strict=True))


@dataclass(frozen=True)
class Word:
    """A word of a sentence: when it starts by the bulletin, its syllables, whether a mark ends it."""

    start: float
    end: float
    syllables: tuple[str, ...]
    marked: bool


@dataclass(frozen=True)
class Measured:
    """A word's start by the bulletin less its start by the alignment, and what it starts with."""

    late: float
    initial: str
    after_pause: bool


def sentences(tree: dict[str, Any]) -> Iterator[tuple[float, float, list[Word]]]:
    """The sentences of a bulletin that can be aligned: start, end, words."""
    for chapter in tree["chapters"]:
        for sentence in chapter["sentences"]:
            words = list(_words(sentence["words"]))
            if words and all(word.syllables for word in words):
                yield sentence["start_ms"] / 1000, sentence["end_ms"] / 1000, words


def _words(words: Sequence[dict[str, Any]]) -> Iterator[Word]:
    """The words that are heard, read together: the readings of a hanzi depend on what is near."""
    from pypinyin import lazy_pinyin

    texts = [re.sub(r"[^\w]|_", "", word["spoken"]) for word in words]
    hanzi = lazy_pinyin("".join(c for text in texts for c in text if not c.isascii()))
    for word, text in zip(words, texts, strict=True):
        found: list[str] = []
        for char in text:
            found += LETTERS.get(char.upper(), "").split() if char.isascii() else [hanzi.pop(0)]
        if text:
            marked = bool(re.search(r"[，。、；：！？—…,;:!?]", word["spoken"]))
            known = all(re.fullmatch("[a-zü]+", syllable) for syllable in found)
            start, end = word["start_ms"] / 1000, word["end_ms"] / 1000
            yield Word(start, end, tuple(found) if known else (), marked)


def phones(syllable: str) -> list[str]:
    """A toneless syllable as its initial, its final, and the n or ng that ends it."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    initial, final = to_initials(syllable), to_finals(syllable)
    if final == "i" and initial in ("z", "c", "s"):
        final = "ii"  # 资
    elif final == "i" and initial in ("zh", "ch", "sh", "r"):
        final = "iii"  # 知
    found = [initial] if initial else []
    for coda in ("ng", "n"):
        if final.endswith(coda) and len(final) > len(coda):
            return [*found, f"{final.removesuffix(coda)}+{coda}", coda.upper()]
    return [*found, final or syllable]


def measured(folders: Sequence[Path]) -> list[Measured]:
    """Every word of the bulletins in `folders`."""
    sounds: list[Sound] = []
    rows: list[tuple[str, ...]] = []
    places: list[tuple[float, list[Word], list[int]]] = []
    for folder in folders:
        tree = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
        sound = decode(folder / f"{tree['header']['slug']}.mp3")
        for start, end, words in sentences(tree):
            row, firsts = [SILENCE], []
            for word in words:
                firsts.append(len(row))
                row += [phone for syllable in word.syllables for phone in phones(syllable)]
                row += [SILENCE] if word.marked else []
            begin = max(0, int((start - PAD) * RATE))
            sounds.append(_noisy(sound[begin : int((end + PAD) * RATE)]))
            rows.append(tuple(row if row[-1] == SILENCE else [*row, SILENCE]))
            places.append((begin / RATE, words, firsts))
    found = []
    starts = align(sounds, rows, lambda text: print(text, file=sys.stderr, flush=True))
    for (begin, words, firsts), row in zip(places, starts, strict=True):
        before = -1.0
        for word, first in zip(words, firsts, strict=True):
            late = word.start - (begin + row[first])
            initial = phones(word.syllables[0])[0].split("+")[0]
            found.append(Measured(late, initial, word.start - before > PAUSE))
            before = word.end
    return found


def _noisy(sound: Sound) -> Sound:
    """A little noise: digital silence has no cepstra to speak of."""
    noise = np.random.default_rng(0).integers(-2, 3, len(sound))
    return np.clip(sound + noise, -32768, 32767).astype(np.int16)


def _row(name: str, words: Sequence[Measured]) -> str:
    late = np.array([word.late for word in words]) * 1000
    shares = "  ".join(f"{np.mean(np.abs(late) <= ms):6.1%}" for ms in (20, 40, 60))
    middle = (
        f"{np.median(late):+5.0f}  {np.percentile(late, 5):+5.0f} … {np.percentile(late, 95):+5.0f}"
    )
    return f"{name:>14} {len(late):>6}  {middle}   {shares}"


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="output/<slug>")
    options = parser.parse_args()
    os.nice(10)
    try:
        words = measured(options.folders)
    except (BobaoError, OSError, ValueError, KeyError, ImportError) as error:
        print(f"timing: {error or type(error).__name__}", file=sys.stderr)
        return 2
    print("                words   ms late: median, 5–95 %    within 20, 40, 60 ms")
    groups = {
        "all": words,
        "after a pause": [word for word in words if word.after_pause],
        "others": [word for word in words if not word.after_pause],
    }
    for initial in sorted({word.initial for word in groups["others"]}):
        groups[initial] = [word for word in groups["others"] if word.initial == initial]
    for name, own in groups.items():
        if own:
            print(_row(name, own))
    good = float(np.mean([abs(word.late) <= NEAR for word in words]))
    return 0 if good >= SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
