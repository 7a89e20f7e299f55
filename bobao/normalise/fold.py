"""The fold: one text in which every rule can look for one form of each sign.

Width, kinds of dash, of colon, of space and the like become one character each; what nobody can
see (controls, joiners, variation selectors) goes. Offsets are kept, so that every reading finds
its way back to the characters it was written with.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from bobao import files
from bobao.normalise import tables

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u20dd-\u20df\u20e2-\u20e4\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_PART = "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
_JOINER = re.compile(f"(?<={_PART})\u200d(?={_PART})")  # in an emoji: it tells one from several
_FOREIGN_DIGIT = re.compile(r"[^\x00-\x7f\D]")
_RAISED = re.compile("(?<=[0-9])(?:ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)|(?<=[0-9])[ᵒ⁰](?=[CF])")
_STYLED = (  # letters and hanzi set in a circle, a square or another face
    (0x2100, 0x2112), (0x2114, 0x2138), (0x213A, 0x214F), (0x24B6, 0x24E9), (0x3192, 0x319F),
    (0x3244, 0x3247), (0x3280, 0x32B0), (0xFFE0, 0xFFEE), (0x1D400, 0x1D7CB),
    (0x1F130, 0x1F189), (0x1F210, 0x1F23B),
)  # fmt: skip
_KEYCAP = re.compile("[0-9](?=\ufe0f?\u20e3)")
_THIN_SPACE = re.compile("(?<=[0-9])[\u2006\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_SPACED = re.compile(  # 3 200余万元, 10 000名: thousands apart (GB/T 15835)
    r"(?<![0-9A-Za-z.,第图表号年月日时分名 ])[1-9][0-9]?"
    r"(?:(?: [0-9]{3}){0,2} 0[0-9]{2}(?: [0-9]{3})?|(?: [0-9]{3}){2,3}| [0-9]{3})(?![0-9])"
    r"(?=(?:\.[0-9]{1,6})?[余多]?[百千万亿]{0,2}[名人元吨亩户个家件株头只公平立辆台米万亿])"
    r"(?:(?<= 0[0-9]{2})|(?<= [0-9]{3} [0-9]{3})|(?=\.[0-9])"
    r"|(?=[余多]|[百千万亿]{0,2}[元吨亩立平]))"
)
_UNUSUAL = re.compile("[^\n -~\u4e00-\u9fff\u3001\u3002\u300a\u300b“”‘’…—·，；：！？（）％]")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


class Folded(NamedTuple):
    """A folded text, and whether `unusual` characters were in it.

    `offsets[i]` is where its character `i` stood (None: at `i` itself).
    """

    text: str
    unusual: bool = False
    offsets: tuple[int, ...] | None = None

    def origin(self, at: int) -> int:
        """Where the character at `at` stood before folding."""
        return at if self.offsets is None or not at else self.offsets[at]


@functools.cache
def common_forms() -> dict[int, str]:
    """For `str.translate`: characters with the common form that the rules look for."""
    forms = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for keep in "，；！？":  # clause marks of Chinese text; a comma in a number is another sign
        del forms[ord(keep)]
    for row in tables.rows("fold"):
        forms.update({ord(sign): row[1] for sign in row[0].replace(" ", "")})
        forms.update({int(code, 16): row[1] for code in row[2].split()} if len(row) > 2 else {})
    own = unified_forms()
    forms |= {code: forms.get(ord(form), form) for code, form in own.items()}
    for code in (code for first, last in _STYLED for code in range(first, last + 1)):
        form = unicodedata.normalize("NFKC", chr(code))
        if "NEGATIVE" in (name := unicodedata.name(chr(code), "")):
            form = name[-1]
        if len(form) == 1 and form != chr(code) and not chr(code).isnumeric():
            forms.setdefault(code, form)
    forms.update(dict.fromkeys([0x85, 0xA0, 0x2007, 0x202F, 0x3000, *range(0x2000, 0x200B)], " "))
    return forms


def _raised(found: re.Match[str]) -> str:
    return "°" if found[0] in "ᵒ⁰" else unicodedata.normalize("NFKC", found[0])


def fold(text: str) -> Folded:
    """`text` in the form the rules read.

    It has one character for each character of `text` that can be seen.
    """
    if not _UNUSUAL.search(text):
        if " " in text:
            text = _SPACED.sub(lambda found: found[0].replace(" ", ","), text)
        return Folded(text.translate(common_forms()))
    offsets = None
    if "\u20e3" in text:
        text = _KEYCAP.sub(lambda found: "⓪①②③④⑤⑥⑦⑧⑨"[int(found[0])], text)
    twice = doubled(text)
    if twice or UNSEEN.search(text):
        joiners = {found.start() for found in _JOINER.finditer(text)}
        lost = (i for i, sign in enumerate(text) if i not in joiners and UNSEEN.match(sign))
        gone = twice | set(lost)
        kept = [i for i in range(len(text)) if i not in gone]
        offsets, text = (*kept, len(text)), "".join(text[i] for i in kept)
    if "，" in text:
        text = _WIDE_COMMA.sub(",", text)
    text = _THIN_SPACE.sub(",", text)
    if " " in text:
        text = _SPACED.sub(lambda found: found[0].replace(" ", ","), text)
    text = text.translate(common_forms())
    text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    text = _RAISED.sub(_raised, text)
    return Folded(text, True, offsets)


_NO_CODES = {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}  # of Windows-1252; 0x85 ends a line
_UNIFIED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


def doubled(text: str) -> set[int]:
    """Where a radical or compatibility form stands before what it stands for: ⼀一.

    Text layers of PDFs write a glyph twice so; it is drawn, and said, once.
    """
    return {
        found.start()
        for found in _UNIFIED.finditer(text)
        if unified_forms().get(ord(found[0])) == text[found.end() : found.end() + 1]
    }


@functools.cache
def unified_forms() -> dict[int, str]:
    """For `str.translate`: radicals, compatibility forms and stray controls as what they stand for.

    A font draws ⼈ and 人 alike, and what is copied from a PDF often has the former; what Windows
    wrote for “ and € is among the controls.
    """
    pairs = {ord(pair[0]): pair[1] for pair in files.words("bobao.normalise", "radicals.tsv")}
    codes = (code for first, last in _RANGES for code in range(first, last + 1))
    folded = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    for code in {*range(0x80, 0xA0)} - _NO_CODES:
        pairs[code] = bytes((code,)).decode("cp1252")
    return pairs | {code: form for code, form in folded.items() if form != chr(code)}
