"""What Markdown, with HTML and TeX in it, says of single words, put into the text: see `marks`."""

from __future__ import annotations

import html
import re

from bobao.reading.formulas import tex
from bobao.reading.marks import lowered, raised, struck
from bobao.reading.webmarks import plain

_FENCED = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_INLINE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^`]{1,500}(?P=ticks)(?!`))"
    r"|\\\((?P<tex>[^\n]{1,300}?)\\\)|\$\$(?P<shown>[^$]{1,500})\$\$"
    r"|\$(?=\S)(?P<within>[^$\n]{1,200})(?<=\S)\$(?!\d)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|<(?P<tag>sup|sub|del|s|strike|ruby|math|q)\b[^<>]{0,200}>"
    r"(?:(?!</(?P=tag)\s*>).){0,500}</(?P=tag)\s*>"
    r"|(?P<comment><!--(?:(?!-->).){0,2000}-->)"
    r"|~~(?=\S)(?P<struck>(?:(?!~~|\n\s*\n).){1,500})(?<=\S)~~"
    r"|(?<=\S)\^(?P<up>[\w+−()-]{1,10})\^|(?<=[A-Za-z)])~(?P<down>[0-9+−-]{1,4})~(?!~)"
    r"|(?<=\S)\[\^(?P<note>[^\[\]\s]{1,30})\](?!:)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(r"[\\^_{=+<>]|[A-Za-z]$")


def typeset_markdown(text: str) -> str:
    """`text` with what its marks say by place or look in its words; code stays as it is."""
    notes: dict[str, int] = {}

    def made(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        if found["tag"]:
            return " ".join(plain(found[0]).split())
        body = found[kind]
        if kind == "note":
            return rf"\[{notes.setdefault(body, len(notes) + 1)}\]"
        if kind in ("tex", "shown", "within"):
            return tex(body) if _FORMULA.search(body) else found[0]
        return _MADE[kind](body) if kind in _MADE else found[0]

    parts, at = [], 0
    for fence in _FENCED.finditer(text):
        parts += [_INLINE.sub(made, text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, _INLINE.sub(made, text[at:])])


def _character(entity: str) -> str:
    sign = html.unescape(entity)
    if not sign.isprintable() and sign != "\xa0":
        return " " if len(sign) == 1 else entity
    return f"\\{sign}" if sign.isascii() and not sign.isalnum() and len(sign) == 1 else sign


_MADE = {
    "comment": lambda body: "\n" * body.count("\n"),
    "struck": struck,
    "up": raised,
    "down": lowered,
    "entity": _character,
}
