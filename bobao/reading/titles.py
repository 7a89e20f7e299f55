"""The title at the head of an article: one line, or several that go together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bobao.model import BlockKind
from bobao.reading.joints import is_person, known, runs_over, signs_surely, unfinished
from bobao.reading.lines import SourceLine, Verdict
from bobao.reading.tablefiles import BYLINES, SHORT, fold, is_field, letters, said_of
from bobao.reading.traits import COLON, NONE, OPEN, PAUSE, SEMI, STOP, Trait, folded_of

_TITLE = 60.0
"""Em beyond which a first line is text; titles of several clauses reach 45."""
_LINES = 4
_CENTRED = 4.0
"""Em of indent beyond which a line is centred and no paragraph's start."""
_DASHED = re.compile(r"^[-—–－─]{1,3}\s*\S")
_ORNAMENT = re.compile(r"[□■◎◇◆○●▣·]\s*(?=[\u4e00-\u9fff]{2,4}$)")
"""What newspapers set before the author's name."""
_NAME = re.compile(r"([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])")
_DATELINE = re.compile(
    r"^[【(]?(?:本报|本台|本网|新华社|中新社|中新网|人民网|央视网|据)\S{0,14}(?:讯|电|消息|报道)"
)
_OFFICIAL = re.compile(
    r"(?:意见|通知|通告|公告|公报|办法|规定|决定|报告|方案|函|批复|条例|细则|规划|纲要|计划|要点"
    r"|答复|建议|倡议书|公约|说明|请示|纪要|令)(?:\(.{1,12}\))?$"
)


@dataclass(frozen=True, slots=True)
class _Next:
    """A line that may continue the title, with what stands around it."""

    first: SourceLine  # the title's first line
    last: SourceLine  # the title's line right before it
    last_trait: Trait
    line: SourceLine
    trait: Trait
    follows: SourceLine
    follows_trait: Trait
    body: SourceLine  # the first line of running text
    flush: bool  # the document has other short lines that are not indented


def said(line: SourceLine, place: str) -> Verdict | None:
    """What a line is by its whole wording where it stands, if it is not text."""
    if line.hint.kind is not None or line.cells:
        return None
    folded = folded_of(line)
    found = said_of(folded, line.width, place)
    return Verdict(*found, 0.85) if found and signs_surely(folded, found[1]) else None


def may_be_title(line: SourceLine, trait: Trait) -> bool:
    """Whether a first line can be a title: not too long, not numbered, without a full stop."""
    if line.hint.kind not in (None, BlockKind.HEADING) or line.cells or line.hint.item:
        return False
    if line.width > _TITLE or trait.end in (PAUSE, OPEN, COLON, SEMI):
        return False
    text = folded_of(line)
    if trait.end == STOP and text.rstrip("”’」』)")[-1:] not in "!?…":
        return False
    numbered = trait.style and trait.style != "letter"
    return not ("。" in text or numbered or _DATELINE.match(text))


def is_name(text: str, signed: bool = False) -> bool:
    """Whether a line is nothing but a person's name: three characters, or two set apart.

    Two that stand close, and what an ornament stands before, must be surely no words, but where it
    is `signed`, as comments are.
    """
    spaced = _NAME.fullmatch(text)
    name = _ORNAMENT.sub("", text) if spaced is None else spaced.group(1) + spaced.group(2)
    if signed and len(text) == 2:
        return fold(name[0]) in letters("surnames.txt")
    if spaced is None and (name != text or len(text) == 2):
        return is_person(fold(name))
    if spaced is None and (len(text) != 3 or known(text)):
        return False
    return name.isalpha() and fold(name[0]) in letters("surnames.txt")


def title_lines(
    lines: Sequence[SourceLine], traits: Sequence[Trait], rest: Sequence[int], signed: bool = False
) -> list[int]:
    """Those of the lines `rest`, the first of which is the title, that belong to it.

    `signed` tells that its author stands below it.
    """
    title = [rest[0]]
    for place in range(1, min(_LINES, len(rest) - 1)):
        around = _around(lines, traits, rest, place)
        if around is None or (signed and is_name(lines[rest[place]].text, signed)):
            break
        if not _goes_on(around):
            break
        title.append(rest[place])
    return title


def _around(
    lines: Sequence[SourceLine], traits: Sequence[Trait], rest: Sequence[int], place: int
) -> _Next | None:
    last, n, follows = rest[place - 1 : place + 2]
    later = rest[place + 1 :]
    text = next((m for m in later[:8] if not traits[m].short or traits[m].end == STOP), None)
    if text is None:
        return None
    flush = any(
        lines[m].indent < 1 and traits[m].short and traits[m].end == NONE
        for m in later[:-3]
        if m > text and said(lines[m], "top") is None
    )
    return _Next(
        lines[rest[0]],
        lines[last],
        traits[last],
        lines[n],
        traits[n],
        lines[follows],
        traits[follows],
        lines[text],
        flush,
    )


def _goes_on(here: _Next) -> bool:
    """Whether a line continues the title."""
    line, trait = here.line, here.trait
    if line.hint.kind is not None or not may_be_title(line, trait) or said(line, "top"):
        return False
    if is_field(trait.turn):
        return False
    if line.width > SHORT or trait.head[0] == "【" or is_name(line.text):
        return False
    return any(rule(here) for rule in _RULES)


def _is_subtitle(here: _Next) -> bool:
    return _DASHED.match(here.line.text) is not None


def _is_official(here: _Next) -> bool:
    """关于 … 的通知 in two lines."""
    joined = fold(here.first.text + here.line.text)
    done = _OFFICIAL.search(here.last_trait.head)
    return "关于" in joined and _OFFICIAL.search(joined) is not None and not done


def _is_cut(here: _Next) -> bool:
    number = here.last.text[-1].isdigit() and here.line.text[0].isdigit()
    over = runs_over(here.last.text, here.line.text) and not number
    over = over or unfinished(here.last_trait.tail)
    return over and here.line.blanks <= here.body.blanks


def _is_closer(here: _Next) -> bool:
    """Fewer blank lines before it than before the text."""
    return here.line.blanks < here.body.blanks and here.follows_trait.end != COLON


def _is_centred(here: _Next) -> bool:
    middles = [line.indent + line.width / 2 for line in (here.last, here.line)]
    deep = here.line.indent > _CENTRED and (
        here.last.indent > _CENTRED or abs(middles[0] - middles[1]) <= 1
    )
    return (here.line.hint.centred or deep) and here.body.indent < max(1.0, here.line.indent)


def _is_flush(here: _Next) -> bool:
    """Not indented where the text is, unless the document's headings are like that."""
    indented = 1.5 <= here.body.indent <= 6 and here.line.indent < 1
    return indented and here.line.blanks <= here.body.blanks and not here.flush


def _comes_before_byline(here: _Next) -> bool:
    if here.follows.hint.byline:
        return True
    short = here.follows_trait.short and here.follows_trait.end == NONE
    below = said(here.follows, "top") if short else None
    return below is not None and (not here.trait.turn or below.reason in BYLINES)


_RULES: tuple[Callable[[_Next], bool], ...] = (
    _is_subtitle,
    _is_official,
    _is_cut,
    _is_closer,
    _is_centred,
    _is_flush,
    _comes_before_byline,
)
"""Any of them makes a line that could be a title a part of the title before it."""
