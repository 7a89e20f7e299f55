"""What belongs to the page and not to the article: page numbers, running heads, menus, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bobao.model import BlockKind
from bobao.reading.lines import Line
from bobao.reading.tablefiles import SHORT, fold, is_controls, no_text, said_of, tails
from bobao.reading.verdicts import Verdict, Verdicts

_DIGITS = re.compile(r"\d+")
_ISSUE = re.compile(
    r"第\s*[\d一二三四五六七八九十]+\s*[期号卷版]|简报|\d{4}年\d{1,2}月|\d{4}[-./]\d{1,2}"
)
_ENDS = "。!?;,、:"
_PAGE = "a page number"
_WEAK = ("a date", "a signature")


def page_lines(lines: Sequence[Line]) -> Verdicts:
    """Verdicts on the lines that are page furniture or that by themselves tell what they are."""
    found: Verdicts = {}
    folded = {n: fold(line.text) for n, line in enumerate(lines) if line.width <= SHORT}
    for n, text in folded.items():
        hint = lines[n].hint
        if hint.kind is not None or lines[n].cells:
            continue
        if verdict := _alone(text, lines[n].width):
            found[n] = verdict
    for n, line in enumerate(lines):
        if line.hint.outside:
            found[n] = Verdict(BlockKind.FURNITURE, line.hint.outside, 0.9)
    found |= _running(lines, folded, found)
    return _tail(lines, folded, found) | found


def _alone(text: str, width: float) -> Verdict | None:
    """A verdict on one line from its words alone."""
    if no_text(text):
        return Verdict(BlockKind.FURNITURE, "a rule or an ornament", 0.95)
    if is_controls(text):
        return Verdict(BlockKind.FURNITURE, "buttons and menu", 0.95)
    said = said_of(text, width, "any")
    if said is None:
        return None
    return Verdict(*said, 0.7 if text.isdigit() else 0.9)


def _running(lines: Sequence[Line], folded: dict[int, str], found: Verdicts) -> Verdicts:
    """Running heads: short lines beside page numbers or page breaks, the same or nearly so."""
    pages = [n for n, v in found.items() if v.reason == _PAGE]
    edges = {n for p in pages for n in (p - 1, p + 1)}
    edges |= {m for n, line in enumerate(lines) if line.hint.page for m in (n, n - 1)}
    near = [n for n in edges if n in folded and n not in found and n > 0]
    keys = Counter(_DIGITS.sub("0", folded[n]) for n in near)
    all_keys = Counter(_DIGITS.sub("0", text) for text in folded.values()) if near else Counter()
    running: Verdicts = {}
    for n in near:
        text = folded[n]
        if text[-1] in _ENDS or lines[n].hint.kind is not None:
            continue
        key = _DIGITS.sub("0", text)
        if keys[key] > 1 or all_keys[key] > 2:
            running[n] = Verdict(BlockKind.FURNITURE, "a running head, on several pages", 0.95)
        elif _ISSUE.search(text) and n < len(lines) - 1:
            running[n] = Verdict(BlockKind.FURNITURE, "a running head beside a page number", 0.8)
    repeated = set(_DIGITS.sub("0", folded[n]) for n in running)
    for n, text in folded.items():
        if n and repeated and n not in found and _DIGITS.sub("0", text) in repeated:
            running.setdefault(n, Verdict(BlockKind.FURNITURE, "a running head", 0.9))
    return running


def _tail(lines: Sequence[Line], folded: dict[int, str], found: Verdicts) -> Verdicts:
    """Everything after the words that open what a page has below its article.

    They open it only where no more text follows than stands before them.
    """
    for n, text in folded.items():
        name = text.strip("【】[]()<>》《·|—-:•▌■◆ ")
        if n == 0 or name not in tails() or lines[n].hint.outside:
            continue
        rest = [m for m in range(n + 1, len(lines)) if m not in found]
        comments = "评论" in name or "留言" in name or "跟帖" in name
        long = sum(lines[m].width for m in rest if lines[m].width > SHORT)
        before = sum(line.width for line in lines[:n])
        if (comments and long < before) or long == 0:
            reason = f"under “{name}”, after the article"
            head = Verdict(BlockKind.FURNITURE, "opens what stands after the article", 0.9)
            return {n: head} | {m: Verdict(BlockKind.FURNITURE, reason, 0.85) for m in rest}
    return {}
