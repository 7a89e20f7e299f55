"""DNSMOS of takes: an alarm for worse sound, not a score of naturalness (see README.md here).

python tests/judges/dnsmos.py FILE.tsv     lines of "<wav><tab>anything"
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from aligner import RATE
from hear import decode

WINDOW = int(9.01 * RATE)
"""What the model hears at once: shorter takes are repeated, longer ones are cut."""

PAUSE = RATE // 2
"""Silence put on either side: without any between repeats the model is 0.3 harsher."""


def main() -> int:
    """See the module's text."""
    from speechmos import dnsmos

    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    os.nice(10)
    rows = []
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            path = line.split("\t")[0]
            sound = np.resize(np.pad(decode(Path(path)), PAUSE), WINDOW).astype(np.float32) / 32768
            scores = dnsmos.run(sound, RATE)
            rows.append((scores["ovrl_mos"], scores["p808_mos"]))
            print(f"{rows[-1][0]:.2f} OVRL  {rows[-1][1]:.2f} P808  {path}")
    overall, p808 = np.mean(rows, axis=0)
    print(f"{overall:.3f} OVRL  {p808:.3f} P808  mean of {len(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
