"""Numbers that an article itself puts before headings, list items and paragraphs: 一、（二）3. ④.

They are heard as a number and a short pause, and a heading that has one is not announced by a
second one. The forms are those of GB/T 9704-2012 (一、（一）1.（1）), chapters, and circled digits.
"""

from __future__ import annotations

import re
import unicodedata

from bobao.model import Span
from bobao.script.numerals import number
from bobao.script.spans import Spans

_HANZI = "零〇一二三四五六七八九十百"
_FORMS = (
    re.compile(rf"(?P<hanzi>[{_HANZI}]{{1,4}})[.．](?![{_HANZI}0-9])\s*"),
    re.compile(rf"[（(]\s*(?P<hanzi>[{_HANZI}]{{1,4}})\s*[）)][、，]?\s*"),
    re.compile(r"[（(]\s*(?P<digits>[0-9]{1,3})\s*[）)][、，]?\s*"),
    re.compile(r"(?P<digits>[0-9]{1,3})(?:[.．、](?![0-9])|[)）])\s*"),
    re.compile(r"(?P<circled>[①-⑳⑴-⒇⒈-⒛㈠-㈩])[、.．]?\s*"),
)
_BRACKETS = ("（", "(", *"⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩")
_BULLET = re.compile(
    r"(?:[•●○■□◆◇▪▲△▶►☆★※➢➤✓✔☑☐☒→\uf06c\uf06e\uf075\uf076\uf0a7\uf0b7\uf0d8\uf0fc]+|[-*·–](?=\s))\s*"
)
_NUMBERED = re.compile(
    rf"第[{_HANZI}0-9]{{1,4}}(?:部分|[章节節篇条條讲講回编編])"
    rf"|[{_HANZI}]{{1,4}}、(?![{_HANZI}0-9])"
    rf"|(?:(?:part|chapter)\s*[0-9])"
    rf"|第[{_HANZI}]{{1,3}}[，、：:\s]",
    re.IGNORECASE,
)


def mark(text: str) -> tuple[Spans, str]:
    """The mark that `text` starts with as spans, and the rest of `text`.

    A number is heard as such, one in brackets as an ordinal (``1.`` → 一、, ``（一）`` → 第一，):
    so the levels of an official text, 一、 and （一） below it, are told apart by ear. A bullet is
    silent. A text that starts with no mark, or is nothing else, comes back whole.
    """
    for form in _FORMS:
        found = form.match(text)
        if found and found.end() < len(text):
            return (Span(found[0], _said(found)),), text[found.end() :]
    found = _BULLET.match(text)
    if found and found.end() < len(text):
        return (Span(found[0], ""),), text[found.end() :]
    return (), text


def numbered(heading: str) -> bool:
    """Whether a heading says its own number."""
    heading = heading.lstrip(" 【[“「")
    if _NUMBERED.match(heading):
        return True
    return any((found := form.match(heading)) and found.end() < len(heading) for form in _FORMS)


def _said(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if groups.get("hanzi"):
        value = found["hanzi"]
    elif groups.get("digits"):
        value = number(int(found["digits"]))
    else:
        value = number(int(unicodedata.numeric(found["circled"])))
    return f"第{value}，" if found[0].startswith(_BRACKETS) else f"{value}、"
