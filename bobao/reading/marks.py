"""What type says by its place: raised, lowered, struck out, beside the text.

One notation for all formats, in the characters of the text itself, so that everything after the
formats (and an author's own plain text) is read alike. 10<sup>4</sup> is 10⁴, CO<sub>2</sub> is
CO₂; what Unicode has no raised or lowered form of stays in brackets behind its mark, x^(½) and
V_(B), and is never glued to its base. The mark of a note is [1], what is struck out is
（已删去：…）, both of which a script shows and does not say. Ruby stands between Unicode's own
marks of interlinear annotation until its line is put together (`flat`, `resolved`).
"""

from __future__ import annotations

import re

from bobao.model import Ruby

MERGED = 60
"""Rows or columns that one cell of a table may stretch over."""
OPEN, BESIDE, CLOSE = "\ufff9", "\ufffa", "\ufffb"
_RUBY = re.compile(f"{OPEN}([^{OPEN}{BESIDE}{CLOSE}]*){BESIDE}([^{OPEN}{BESIDE}{CLOSE}]*){CLOSE}")
_LEFT = re.compile(f"[{OPEN}{BESIDE}{CLOSE}]")
_PLAIN = "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ"
_LOWER = "0123456789+-=()aehijklmnoprstuvxβγρφχ"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
_UP = dict(zip(_PLAIN, _RAISED, strict=True))
_DOWN = dict(zip(_LOWER, _LOWERED, strict=True))
_MINUS = str.maketrans("−–‐‑＋（）０１２３４５６７８９", "----+()0123456789")
_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_NOTE = re.compile(
    r"[\[［〔【](?:[注註]释?\s*)?[\w*,，、\- –]{1,12}[\]］〕】]|[（(](?:[注註]释?\s*)?\d{1,3}[）)]"
    r"|[注註]释?\s*\d{0,3}|[①-⑳㉑-㊿*＊†‡§※]{1,3}"
)
_SIGNS = {"TM": "™", "SM": "℠", "R": "®"}
_AS_IT_IS = re.compile(r"[™®©℠°º'′″%‰“”‘’\"。，、]+")
_ORDINAL = re.compile(r"st|nd|rd|th|er", re.IGNORECASE)
_BRACKETS = str.maketrans("（）()", "〔〕〔〕")
_STRUCK = 300
"""Characters in one pair of brackets; a wider pair is taken for two stray marks."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def raised(text: str, *, note: bool = False, after: str = "") -> str:
    """`text` as it reads when it is set raised; `note` where it surely is the mark of a note.

    `after` is what stands right before it: 1st keeps its letters, x with a raised th does not.
    """
    body = " ".join(flat(text).split())
    if not body:
        return ""
    if note or _NOTE.fullmatch(body):
        return f"[{body.strip('[]［］〔〕【】()（）')}]"
    if body in _SIGNS:
        return _SIGNS[body]
    if _AS_IT_IS.fullmatch(body) or (after[-1:].isdigit() and _ORDINAL.fullmatch(body)):
        return body
    return _placed(body, _UP, "^")


def lowered(text: str) -> str:
    """`text` as it reads when it is set lowered."""
    body = " ".join(flat(text).split())
    return _placed(body, _DOWN, "_") if body else ""


def _placed(body: str, forms: dict[str, str], mark: str) -> str:
    if _CJK.search(body):
        return f"（{body}）"
    spare = body.translate(_MINUS).replace(" ", "")
    whole = _POINT.sub("", spare)
    if whole and set(whole) <= forms.keys():
        return "".join(forms.get(char, char) for char in spare)
    return f"{mark}({body})"


def struck(text: str) -> str:
    """`text` as it reads when it is struck out."""
    body = flat(text).strip().translate(_BRACKETS)
    parts = (body[at : at + _STRUCK] for at in range(0, len(body), _STRUCK))
    return "".join(f"（已删去：{part}）" for part in parts)


def beside(base: str, text: str) -> str:
    """`base` with `text` set beside it in small type; `resolved` tells whether it is a reading."""
    base, text = (_LEFT.sub("", part).strip() for part in (base, text))
    return f"{OPEN}{base}{BESIDE}{text}{CLOSE}" if text and base else base or text


def resolved(text: str, at: int = 0) -> tuple[str, tuple[Ruby, ...]]:
    """`text` without marks of ruby, and where the readings belong that it gave, counted from `at`.

    What is beside the text and no reading of it follows it in brackets.
    """
    if OPEN not in text:
        return text, ()
    from bobao.pronounce.letters import reading_of
    from bobao.pronounce.pinyin import is_pinyin_for

    out: list[str] = []
    readings: list[Ruby] = []
    end = 0
    for found in _RUBY.finditer(text):
        base, small = found.groups()
        out.append(text[end : found.start()])
        at += len(out[-1])
        known = reading_of(base, small)
        if is_pinyin_for(base, known):
            readings.append((at, at + len(base), known))
        out.append(base if known else f"{base}（{small}）")
        at, end = at + len(out[-1]), found.end()
    return _LEFT.sub("", "".join(out) + text[end:]), tuple(readings)


def flat(text: str) -> str:
    """`text` with ruby in brackets, for where readings can't be kept apart."""
    return _LEFT.sub("", _RUBY.sub(r"\1（\2）", text)) if OPEN in text else text
