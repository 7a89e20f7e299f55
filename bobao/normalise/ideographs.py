"""Characters that stand under another code: ideographs as radicals or compatibility forms.

A font draws ⼈ and 人 alike, and what is copied from a PDF often has the former. What programs of
Windows wrote for “ and € stands among the controls.
"""

from __future__ import annotations

import functools
import unicodedata

from bobao import files

_NO_CODES = {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}  # of Windows-1252; 0x85 ends a line
_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


@functools.cache
def forms() -> dict[int, str]:
    """For `str.translate`: every such code with the one character that it is."""
    pairs = {ord(pair[0]): pair[1] for pair in files.words("bobao.normalise", "radicals.tsv")}
    codes = (code for first, last in _RANGES for code in range(first, last + 1))
    folded = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    for code in {*range(0x80, 0xA0)} - _NO_CODES:
        pairs[code] = bytes((code,)).decode("cp1252")
    return pairs | {code: form for code, form in folded.items() if form != chr(code)}
