"""Does a recogniser hear what the bulletin says it says? (README.md here tells how to set it up.)

    python tests/judges/hear.py output/<slug> [--json]     a bulletin, chapter by chapter
    python tests/judges/hear.py --takes FILE.tsv           lines of "<wav><tab><spoken text>"

Errors are edits of toneless pinyin syllables. Exit 0: within the limits; 1: not; 2: cannot tell.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from ear import Ear, decode  # first: it makes bobao known

from bobao.errors import BobaoError
from bobao.publish import manifest
from bobao.verify.hearing import ear as hearing
from bobao.verify.hearing.verdicts import (
    Sentence,
    SentenceVerdict,
    errors,
    sentences_of,
    share,
    syllables,
    verdicts,
)

ODD_PACE = 1.6  # times slower or faster per syllable than the median sentence


def hear_bulletin(folder: Path, ear: Ear, options: argparse.Namespace) -> list[str]:
    """Print how the bulletin in `folder` is heard; its faults."""
    bulletin = manifest.load((folder / "bulletin.json").read_text(encoding="utf-8"))
    sentences = sentences_of(bulletin)
    found = verdicts(
        partial(hearing.decode, folder / f"{bulletin.header.slug}.mp3"), sentences, ear
    )
    rows: list[tuple[str, list[SentenceVerdict]]] = [
        (f"{c.number:>3} {c.title}", [v for v in found if v.chapter == c.number])
        for c in bulletin.chapters
    ]
    faults = [
        *_over(rows, options.chapter),
        *_over([("the whole", found)], options.whole),
        *(f"{v.note} {_clock(v.start)} {v.spoken} (heard {v.heard})" for v in found if v.note),
    ]
    odd = [f"{_clock(s.start)} {x:.1f} × the usual: {s.spoken}" for x, s in odd_paces(sentences)]
    if options.json:
        _print_data(found, chapters={name: share(v) for name, v in rows}, faults=faults, odd=odd)
        return faults
    for name, own in [*rows, ("    the whole", found)]:
        print(_figures(own), name)
    if options.heard:
        wrong = [v for v in found if v.errors]
        lines = [f"{_clock(v.start)} {v.errors}: {v.spoken}\n        {v.heard}" for v in wrong]
        _print_list("heard otherwise", lines)
    _print_list("time that does not fit the syllables (look; no fault by itself)", odd)
    _print_list("faults", faults)
    return faults


def hear_takes(table: Path, ear: Ear, options: argparse.Namespace) -> list[str]:
    """Print how every take of the table is heard; the faults."""
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    found = []
    sounds = (decode(Path(path)) for path, *_ in rows)
    for (path, spoken, *_), heard in zip(rows, ear.hear_all(sounds), strict=True):
        said = syllables(spoken)
        wrong = sum(count.lost + count.extra for count in errors(said, syllables(heard)))
        found.append(SentenceVerdict(len(found), 0, 0.0, spoken, len(said), wrong, "", heard))
        if not options.json:
            print(_figures(found[-1:]), path, flush=True)
            if wrong:
                print(f"      said  {spoken}\n      heard {heard}")
    if options.json:
        _print_data(found)
    else:
        print(_figures(found), "the whole")
    return list(_over([("the whole", found)], options.whole))


def odd_paces(sentences: Sequence[Sentence]) -> list[tuple[float, Sentence]]:
    """Sentences whose seconds do not fit their syllables, with how many times the usual they take:
    a repeat that the recogniser folded, a cut end, dead air.
    """
    paces = [((s.end - s.start) / len(s.said), s) for s in sentences if len(s.said) > 4]
    usual = median(pace for pace, _ in paces) if paces else 1.0
    return [(p / usual, s) for p, s in paces if not usual / ODD_PACE < p < usual * ODD_PACE]


def _over(rows: Sequence[tuple[str, Sequence[SentenceVerdict]]], limit: float) -> Iterator[str]:
    for name, own in rows:
        if not own:
            yield f"{name.strip()}: nothing to hear"
        elif share(own) * 100 > limit:
            yield f"{name.strip()}: {share(own):.1%} is over {limit:g} %"


def _figures(own: Sequence[SentenceVerdict]) -> str:
    wrong, said = sum(v.errors for v in own), sum(v.syllables for v in own)
    return f"{said:>6} syllables {wrong:>4} errors {share(own):>6.1%} "


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _print_list(name: str, lines: Sequence[str]) -> None:
    print(f"\n{name}: {len(lines) or 'none'}", *lines, sep="\n  ")


def _print_data(found: Sequence[SentenceVerdict], **more: Any) -> None:
    data = {"error": share(found), **more, "sentences": [asdict(v) for v in found]}
    print(json.dumps(data, ensure_ascii=False, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", nargs="?", type=Path, metavar="output/<slug>")
    what.add_argument("--takes", type=Path, metavar="FILE.tsv")
    parser.add_argument("--model", default="", help="another faster-whisper model: folder or name")
    parser.add_argument("--threads", type=int, default=2, choices=(1, 2))
    parser.add_argument("--whole", type=float, default=6.0, metavar="%", help="limit in all (6)")
    parser.add_argument("--chapter", type=float, default=9.0, metavar="%", help="in a chapter (9)")
    parser.add_argument("--heard", action="store_true", help="show all that was heard otherwise")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    return parser.parse_args()


def main() -> int:
    """See the module's text."""
    options = _options()
    os.nice(10)
    try:
        ear = Ear(options.model, options.threads)
        if options.takes:
            return 1 if hear_takes(options.takes, ear, options) else 0
        return 1 if hear_bulletin(options.folder, ear, options) else 0
    except (BobaoError, OSError, ValueError, KeyError, ImportError) as error:
        print(f"hear: {error or type(error).__name__}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
