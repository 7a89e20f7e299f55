"""The fold: one text in which every rule can look for one form of each sign.

Width, kinds of dash, of colon, of space and the like become one character each; what nobody can
see (controls, joiners, variation selectors) goes. Offsets are kept, so that every reading finds
its way back to the characters it was written with.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from bobao.normalise import tables

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180b-\u180f"
    "\u200b-\u200f\u20dd-\u20e0\u20e2-\u20e4\u202a-\u202e\u2060-\u206f\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_FOREIGN_DIGIT = re.compile(r"[^\x00-\x7f\D]")
_STYLED = re.compile("[\U0001d400-\U0001d7cb\u24b6-\u24e9]")
_RAISED = re.compile("(?<=[0-9])(?:ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)|(?<=[0-9])[ᵒ⁰](?=[CF])")
_THIN_SPACE = re.compile("(?<=[0-9])[\u2006\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_SPACED = re.compile(  # 3 200余万元, 10 000名: thousands apart (GB/T 15835)
    r"(?<![0-9A-Za-z.,第图表号年月日时分名 ])[1-9][0-9]?"
    r"(?:(?: [0-9]{3}){0,2} 0[0-9]{2}(?: [0-9]{3})?|(?: [0-9]{3}){2,3}| [0-9]{3})(?![0-9])"
    r"(?=(?:\.[0-9]{1,6})?[余多]?[百千万亿]{0,2}[名人元吨亩户个家件株头只公平立辆台米万亿])"
    r"(?:(?<= 0[0-9]{2})|(?<= [0-9]{3} [0-9]{3})|(?=\.[0-9])"
    r"|(?=[余多]|[百千万亿]{0,2}[元吨亩立平]))"
)
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `offsets[i]` is where its character `i` stood (None: at `i` itself)."""

    text: str
    offsets: tuple[int, ...] | None = None


@functools.cache
def _forms() -> dict[int, str]:
    forms = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for keep in "，；！？":  # clause marks of Chinese text; a comma in a number is another sign
        del forms[ord(keep)]
    for row in tables.rows("fold"):
        forms.update({ord(sign): row[1] for sign in row[0].replace(" ", "")})
        forms.update({int(code, 16): row[1] for code in row[2].split()} if len(row) > 2 else {})
    forms.update(dict.fromkeys([0xA0, 0x2007, 0x202F, 0x3000, *range(0x2000, 0x200B)], " "))
    return forms


def _plain(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def fold(text: str) -> Folded:
    """`text` in the form the rules read.

    It has one character for each character of `text` that can be seen.
    """
    if text.isascii() and text.isprintable():
        return Folded(text)
    offsets = None
    if UNSEEN.search(text):
        offsets = (*(i for i, sign in enumerate(text) if not UNSEEN.match(sign)), len(text))
        text = UNSEEN.sub("", text)
    if "，" in text:
        text = _WIDE_COMMA.sub(",", text)
    text = _THIN_SPACE.sub(",", text)
    if " " in text:
        text = _SPACED.sub(lambda found: found[0].replace(" ", ","), text)
    text = text.translate(_forms())
    text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    text = _RAISED.sub(lambda found: "°" if found[0] in "ᵒ⁰" else _plain(found), text)
    text = _STYLED.sub(_plain, text)
    return Folded(text, offsets)
