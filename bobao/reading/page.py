"""What belongs to the page and not to the article: page numbers, running heads, menus, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bobao.model import BlockKind
from bobao.reading.lines import SourceLine, Verdict, Verdicts, full_width
from bobao.reading.tablefiles import SHORT, is_controls, mark_patterns, no_text, said_of, tails
from bobao.reading.traits import folded_of

_DIGITS = re.compile(r"\d+")
_ISSUE = re.compile(
    r"第\s*[\d一二三四五六七八九十]+\s*[期号卷版]|简报|\d{4}年\d{1,2}月|\d{4}[-./]\d{1,2}"
)
_PAPER = re.compile(
    r"(?:公报|简报|快报|日报|周报|月报|晚报|早报|学报|内参|专刊|会刊|校刊|期刊|通讯)$"
)
_CONTENTS = re.compile(r"目\s*[录次]|CONTENTS|Contents")
_LEADERS = re.compile(r"[\s.…·]*\(?\d{0,4}\)?$")
_LED = re.compile(r"(?:[.…·]\s{0,3}){6,}\(?\d{1,4}\)?(?=\D|$)")
_ENDS = "。!?;,、:"
_PUNCTUATION = re.compile(r"[。!?;,、:]")
_PROSE = re.compile(r"[。;]|[,:!?]$")
_GOES_ON = ",、;(《"
"""A line that ends so is cut text, whatever its words."""
BARE_NUMBER = "a bare number"
"""The reason of a line that is but a number: of a page, or of the section under it."""
PICTURE = "where a picture stood"
_AMID = 0.75
_BY_WORDS = (
    "a button",
    "an advertisement",
    "an appeal to readers",
    "a disclaimer",
    "a counter",
    "a QR code's words",
    "a copyright notice",
)
"""Reasons of lines that are told by their words alone, which text may hold, too."""
_PAGES = ("a page number", BARE_NUMBER)


def page_lines(lines: Sequence[SourceLine]) -> Verdicts:
    """Verdicts on the lines that are page furniture or that by themselves tell what they are."""
    found: Verdicts = {}
    folded = {n: folded_of(line) for n, line in enumerate(lines) if line.width <= SHORT}
    for n, text in folded.items():
        hint = lines[n].hint
        if hint.kind is not None or lines[n].cells:
            continue
        if verdict := _alone(text, lines[n].width):
            found[n] = verdict
    for n, line in enumerate(lines):
        if _LED.search(line.text):
            found[n] = Verdict(BlockKind.FURNITURE, "a line of a table of contents", 0.9)
        if line.hint.outside:
            found[n] = Verdict(BlockKind.FURNITURE, line.hint.outside, 0.9)
    found |= _running(lines, folded, found)
    found |= _contents(lines, folded)
    return _amid_text(lines, folded, _tail(lines, folded, found) | found)


def _amid_text(lines: Sequence[SourceLine], folded: dict[int, str], found: Verdicts) -> Verdicts:
    """`found`, less sure where words tell furniture but text stands on either side."""
    if not any(verdict.reason in _BY_WORDS for verdict in found.values()):
        return found
    prose = [n for n, x in enumerate(lines) if n not in found and _is_prose(x, folded.get(n))]
    first, last = (prose[0], prose[-1]) if prose else (0, 0)
    return {
        n: verdict._replace(confidence=_AMID)
        if first < n < last and verdict.reason in _BY_WORDS
        else verdict
        for n, verdict in found.items()
    }


def _alone(text: str, width: float) -> Verdict | None:
    """A verdict on one line from its words alone."""
    if no_text(text):
        return Verdict(BlockKind.FURNITURE, "a rule or an ornament", 0.95)
    if is_controls(text):
        return Verdict(BlockKind.FURNITURE, "buttons and menu", 0.95)
    said = None if text[-1] in _GOES_ON else said_of(text, width, "any")
    if said is None:
        return None
    return Verdict(*said, 0.7 if said[1] == BARE_NUMBER else 0.9)


def _running(lines: Sequence[SourceLine], folded: dict[int, str], found: Verdicts) -> Verdicts:
    """Running heads: short lines beside page numbers or page breaks, the same or nearly so."""
    pages = [n for n, v in found.items() if v.reason in _PAGES]
    edges = {n for p in pages for n in (p - 1, p + 1)}
    edges |= {m for n, line in enumerate(lines) if line.hint.page for m in (n, n - 1)}
    near = [n for n in edges if n in folded and n not in found and n > 0]
    top = _masthead(lines, folded)
    keys = Counter(_DIGITS.sub("0", folded[n]) for n in near)
    all_keys = Counter(_DIGITS.sub("0", text) for text in folded.values()) if near else Counter()
    running: Verdicts = {}
    full = full_width(lines)
    for n in near:
        text = folded[n]
        if text[-1] in _ENDS or lines[n].hint.kind is not None:
            continue
        key = _DIGITS.sub("0", text)
        if keys[key] > 1 or all_keys[key] > 2 or (all_keys[key] == 2 and key == top):
            running[n] = Verdict(BlockKind.FURNITURE, "a running head, on several pages", 0.95)
        elif n < len(lines) - 1 and _may_head_page(lines[n], text, full):
            running[n] = Verdict(BlockKind.FURNITURE, "a running head beside a page number", 0.8)
    repeated = {_DIGITS.sub("0", folded[n]) for n in running}
    first = 1 if top not in repeated or not _is_paper(folded[0]) else 0
    for n, text in folded.items():
        if n >= first and repeated and n not in found and _DIGITS.sub("0", text) in repeated:
            running.setdefault(n, Verdict(BlockKind.FURNITURE, "a running head", 0.9))
    return running


def _masthead(lines: Sequence[SourceLine], folded: dict[int, str]) -> str:
    """What the first line is, which heads every page of some papers, digits as zeros."""
    plain = 0 in folded and lines[0].hint.kind is None
    return _DIGITS.sub("0", folded[0]) if plain else ""


def _is_paper(text: str) -> bool:
    """Whether a line names a paper or its issue, and is no title."""
    return _ISSUE.search(text) is not None or _PAPER.search(text) is not None


def _may_head_page(line: SourceLine, text: str, full: float) -> bool:
    """Whether a line that comes but once names the issue or date of a paper, and is no text."""
    plain = not _PUNCTUATION.search(text) and mark_patterns().start(text) is None
    short = line.indent > 4 or line.indent + line.width < full - 3
    return plain and short and _ISSUE.search(text) is not None


def _contents(lines: Sequence[SourceLine], folded: dict[int, str]) -> Verdicts:
    """The table of contents: under 目录, lines that all come again below as headings."""
    heads = [n for n, text in folded.items() if _CONTENTS.fullmatch(text)]
    names = Counter(map(_bare, folded.values())) if heads else Counter()
    for n in heads:
        if lines[n].hint.outside:
            continue
        listed: set[str] = set()
        end = n + 1
        while end in folded and names[name := _bare(folded[end])] > 1 and name not in listed:
            listed.add(name)
            end += 1
        if end - n > 2:
            reason = "the table of contents"
            return {m: Verdict(BlockKind.FURNITURE, reason, 0.9) for m in range(n, end)}
    return {}


def _bare(text: str) -> str:
    return _LEADERS.sub("", text).replace(" ", "")


def _tail(lines: Sequence[SourceLine], folded: dict[int, str], found: Verdicts) -> Verdicts:
    """Everything after the words that open what a page has below its article.

    They open it only where no running text follows, or, for comments, less than stands before them.
    """
    long = [
        line.width if n not in found and _is_prose(line, folded.get(n)) else 0.0
        for n, line in enumerate(lines)
    ]
    total, before = sum(long), 0.0
    for n, width in enumerate(long):
        name = folded.get(n, "").strip("【】[]()<>》《·|—-:•▌■◆ ")
        if n and name in tails() and not lines[n].hint.outside:
            comments = any(word in name for word in ("评论", "留言", "跟帖"))
            after = total - before
            if after == 0 or (comments and after < before):
                return _below(lines, found, n, name)
        before += width
    return {}


def _is_prose(line: SourceLine, folded: str | None) -> bool:
    """Whether a line is running text: long, or with a mark that headlines do not have."""
    return folded is None or (line.width > 8 and _PROSE.search(folded) is not None)


def _below(lines: Sequence[SourceLine], found: Verdicts, head: int, name: str) -> Verdicts:
    reason = f"under “{name}”, after the article"
    said = {head: Verdict(BlockKind.FURNITURE, "opens what stands after the article", 0.9)}
    rest = (n for n in range(head + 1, len(lines)) if n not in found)
    return said | {n: Verdict(BlockKind.FURNITURE, reason, 0.85) for n in rest}
