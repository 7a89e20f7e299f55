"""Does a recogniser hear what single recordings say? (README.md here tells how to set it up.)

    python tests/judges/hear.py FILE.tsv [--json]     lines of "<wav><tab><spoken text>"

Whole bulletins are heard by `bobao verify SLUG --listen`. Errors are edits of toneless pinyin
syllables. Exit 0: within the limit; 1: not; 2: cannot tell.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # bobao need not be installed here

from bobao.errors import BobaoError
from bobao.verify.hearing import ear
from bobao.verify.hearing.ear import Ear, Sound
from bobao.verify.hearing.verdicts import SentenceVerdict, errors, share, syllables


def decode(path: Path) -> Sound:
    """The whole file as 16 kHz mono. Raises `BobaoError`."""
    return next(ear.decode(path))


def heard(table: Path, listener: Ear) -> list[SentenceVerdict]:
    """How every take of the table is heard; each is printed to stderr as it comes."""
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    found = []
    sounds = (decode(Path(path)) for path, *_ in rows)
    for (path, spoken, *_), text in zip(rows, listener.hear_all(sounds), strict=True):
        said = syllables(spoken)
        wrong = sum(map(sum, errors(said, syllables(text))))
        found.append(SentenceVerdict(len(found), 0, 0.0, spoken, len(said), wrong, "", text))
        print(f"{wrong:>4} errors in {len(said):>4} syllables  {path}", file=sys.stderr, flush=True)
        if wrong:
            print(f"      said  {spoken}\n      heard {text}", file=sys.stderr)
    return found


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("table", type=Path, metavar="FILE.tsv")
    parser.add_argument("--model", default="", help="another faster-whisper model: folder or name")
    parser.add_argument("--threads", type=int, default=2, choices=(1, 2))
    parser.add_argument(
        "--whole", type=float, default=6.0, metavar="PERCENT", help="limit in all (6)"
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    options = parser.parse_args()
    os.nice(10)
    try:
        found = heard(options.table, Ear(options.model, options.threads))
    except (BobaoError, OSError, ValueError, KeyError, ImportError) as error:
        print(f"hear: {error or type(error).__name__}", file=sys.stderr)
        return 2
    if options.json:
        data = {"error": share(found), "sentences": [asdict(each) for each in found]}
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print(f"{share(found):.1%} of {sum(each.syllables for each in found)} syllables")
    return 1 if not found or share(found) * 100 > options.whole else 0


if __name__ == "__main__":
    sys.exit(main())
