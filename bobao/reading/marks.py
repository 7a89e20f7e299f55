"""What type says by its place: raised, lowered, struck out, beside the text; marks inside lines."""

from __future__ import annotations

import re

from bobao.model import Ruby
from bobao.reading.lines import Span

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


_TOKEN = re.compile(
    r"""(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<inner>[^`]+)(?P=ticks)(?!`))
    |(?P<link>(?P<open>!?\[)(?:[^\[\]\n]|\[[^\[\]\n]*\])*(?P<close>\]
        (?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:[ \t]+"[^"\n]*")?\)|\[[^\[\]\n]*\])))
    |(?P<note>\[\^[^\[\]\s]{1,30}\]:?)
    |(?P<address><(?:https?://|mailto:)[^<>\s]+>)
    |(?P<tag><!--[^<>]*-->|</?[a-zA-Z][^<>\n]*>)
    |(?P<escape>\\(?=[!-/:-@\[-`{-~]).)
    |(?P<run>\*+|_+|==)""",
    re.VERBOSE,
)
_BOLD = re.compile(r"(?:\*\*|__)(?!\s)((?:(?!\*\*|__).)+)(?:\*\*|__)[ \t]*[:：]?")
_ALT = re.compile(r"!\[([^\[\]\n]*)\]")
_ALT_TITLE = re.compile(r"\([^()\s]*[ \t]+\"([^\"\n]+)\"\)")
NAMELESS = re.compile(
    r"\s*(?:[\w./-]+\.(?:jpe?g|png|gif|webp|svg|bmp)|图片?\d*|圖片?\d*|插图\d*|照片\d*|image\d*"
    r"|img[\w-]*|photo\d*|picture\d*|在这里插入图片描述|输入图片说明|此处为图片"
    r"|alt(?: text)?|[\d_-]*)\s*",
    re.IGNORECASE,
)


def content_pieces(text: str, start: int, end: int) -> list[Span]:
    """The ranges of ``text[start:end]`` that are words, without marks and blanks at its ends."""
    drop: list[Span] = []
    runs: list[Span] = []
    closers: list[Span] = []
    at = start
    while match := _TOKEN.search(text, at, end):
        at = match.end()
        if closers and closers[-1][0] <= match.start():
            at = max(closers.pop()[1], match.start())
            continue
        kind = match.lastgroup
        if kind == "code":
            drop += [(match.start(), match.start("inner")), (match.end("inner"), match.end())]
        elif kind == "link":
            drop += [match.span("open"), match.span("close")]
            closers.append(match.span("close"))
            at = match.end("open")
        elif kind == "address":
            drop += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
        elif kind == "escape":
            drop.append((match.start(), match.start() + 1))
        elif kind == "run":
            runs.append(match.span())
        else:
            drop.append(match.span())
    return _rest(text, start, end, sorted(drop + _emphasis(text, start, end, runs)))


def _emphasis(text: str, start: int, end: int, runs: list[Span]) -> list[Span]:
    """Those runs of emphasis marks that come in pairs; the others are text."""
    opened: dict[str, Span] = {}
    pairs: list[Span] = []
    for left, right in runs:
        run = text[left:right]
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        inside = run[0] == "_" and before.isalnum() and after.isalnum() and before.isascii()
        if inside:
            continue
        if run in opened and not before.isspace():
            pairs += [opened.pop(run), (left, right)]
        elif not after.isspace():
            opened[run] = (left, right)
    return pairs


def _rest(text: str, start: int, end: int, drop: list[Span]) -> list[Span]:
    pieces: list[Span] = []
    at = start
    for left, right in [*drop, (end, end)]:
        if left > at:
            pieces.append((at, left))
        at = max(at, right)
    while pieces and not text[pieces[0][0] : pieces[0][1]].strip():
        pieces.pop(0)
    while pieces and not text[pieces[-1][0] : pieces[-1][1]].strip():
        pieces.pop()
    return pieces


def is_bold(text: str) -> bool:
    """Whether the whole of a line is set in bold."""
    return _BOLD.fullmatch(text.strip()) is not None


def picture_words(text: str) -> Span | None:
    """Where in a line that is a picture its caption is, None where it says nothing."""
    for pattern in (_ALT, _ALT_TITLE):
        found = pattern.search(text)
        if found and not NAMELESS.fullmatch(found.group(1)):
            return found.span(1)
    return None
