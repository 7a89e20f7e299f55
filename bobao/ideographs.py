"""Ideographs that stand under another code: radicals and compatibility forms.

A font draws ⼈ and 人 alike, and what is copied from a PDF often has the former.
"""

from __future__ import annotations

import functools
import unicodedata

from bobao import datafiles

_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


@functools.cache
def forms() -> dict[int, str]:
    """For `str.translate`: every such code with the one hanzi that it is."""
    pairs = {ord(pair[0]): pair[1] for pair in datafiles.words("bobao", "radicals.tsv")}
    codes = (code for first, last in _RANGES for code in range(first, last + 1))
    folded = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    return pairs | {code: form for code, form in folded.items() if form != chr(code)}
