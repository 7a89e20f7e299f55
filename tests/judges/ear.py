"""What the judges here listen with: the ear of `bobao verify --listen`, one for both."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # bobao need not be installed here

from bobao.verify.hearing import ear
from bobao.verify.hearing.ear import RATE, Ear, Sound

__all__ = ["RATE", "Ear", "Sound", "decode"]


def decode(path: Path) -> Sound:
    """The whole file as 16 kHz mono. Raises `BobaoError`."""
    return next(ear.decode(path))
