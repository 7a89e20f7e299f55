"""What a station may choose about the readings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """The choices; the defaults are those of a Mandarin newsreader.

    `yao` says 幺 for 1 in telephone, road, train and flight numbers and in codes. `to` joins the
    two ends of a range (到 or 至). `below_zero` is said before a temperature under zero (零下 or
    负). `emoji` says emoji by name; otherwise they are silent.
    """

    yao: bool = True
    to: str = "到"
    below_zero: str = "零下"
    emoji: bool = False


DEFAULT = Style()
