"""What stands before and after the text: title, byline, document number, signature, credits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bobao.model import BlockKind
from bobao.reading.joints import runs_over, unfinished
from bobao.reading.lines import Line
from bobao.reading.tablefiles import SHORT, fold, said_of
from bobao.reading.traits import COLON, NONE, OPEN, PAUSE, SEMI, STOP, Trait
from bobao.reading.verdicts import Verdict, Verdicts

_TITLE = 60.0
"""Em beyond which a first line is text; titles of several clauses reach 45."""
_TITLE_LINES = 4
_DASHED = re.compile(r"^[-—–－─]{1,3}\s*\S")
_DATED = ("a date", "who wrote or published it, and when")
_ORG = re.compile(
    r"(?:局|厅|部|委|委员会|办公室|政府|支队|大队|总队|公司|集团|协会|学会|中心|院|校|学|医院|银行|领导小组"
    r"|指挥部|工作组|管理处|街道办事处|办事处|村委会|居委会|社区|秘书处|所|站|馆|处|组委会|编辑部|联合会|商会"
    r"|基金会|研究会|党支部|党组|团委|妇联|工会|联盟|合作社|社|店|园|台|报|会)(?:\(.{1,4}\))?$"
)
_DATELINE = re.compile(
    r"^[【(]?(?:本报|本台|本网|新华社|中新社|中新网|人民网|央视网|据)\S{0,14}(?:讯|电|消息|报道)"
)
_DATE = re.compile(
    r"^\(?(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[二〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十廿]{1,3}日)\)?$"
)
_OFFICIAL = re.compile(
    r"(?:意见|通知|通告|公告|公报|办法|规定|决定|报告|方案|函|批复|条例|细则|规划|纲要|计划|要点|答复|建议|倡议书|公约|说明|请示|纪要|令)"
    r"(?:\(.{1,12}\))?$"
)


def front_matter(lines: Sequence[Line], traits: Sequence[Trait], open_: list[int]) -> Verdicts:
    """Verdicts on the title and what is printed with it; `open_` are the lines still open."""
    found: Verdicts = {}
    marked = [n for n in open_ if lines[n].hint.kind is BlockKind.TITLE]
    rest = open_
    if marked:
        for n in rest[: rest.index(marked[0])]:
            if traits[n].short and (said := _said(lines[n], "top")):
                found[n] = said
        title = [n for n in marked if n - marked[0] < _TITLE_LINES]
        reason, confidence = "marked up as the title", 0.99
    else:
        title, rest = _title(lines, traits, rest, found)
        reason, confidence = "the first line, without a full stop", 0.9 if len(title) < 3 else 0.7
    for place, n in enumerate(title):
        joins = title[place - 1] if place else None
        found[n] = Verdict(BlockKind.TITLE, reason, confidence, joins)
    after = [n for n in rest if not title or n > title[-1]]
    found |= _printed_with(lines, traits, after)
    return found


def _said(line: Line, place: str) -> Verdict | None:
    if line.hint.kind in (BlockKind.HEADING, BlockKind.CAPTION) or line.cells:
        return None
    said = said_of(fold(line.text), line.width, place)
    return Verdict(*said, 0.85) if said else None


def _title(
    lines: Sequence[Line], traits: Sequence[Trait], open_: list[int], found: Verdicts
) -> tuple[list[int], list[int]]:
    """The lines of an unmarked title and the lines from it on; leading meta goes into `found`."""
    start = 0
    for n in open_[:6]:
        said = _said(lines[n], "top")
        follows = open_[start + 1] if start + 1 < len(open_) else None
        if said is None or follows is None or traits[follows].head.startswith("关于"):
            break
        found[n] = said
        start += 1
    rest = open_[start:]
    if len(rest) < 2 or not _may_be_title(lines[rest[0]], traits[rest[0]]):
        if start and not (rest and lines[rest[0]].hint.kind):
            found.clear()
            rest = open_
        return [], rest
    title = [rest[0]]
    for place in range(1, min(_TITLE_LINES, len(rest) - 1)):
        if not _title_goes_on(lines, traits, rest, place):
            break
        title.append(rest[place])
    return title, rest


def _may_be_title(line: Line, trait: Trait) -> bool:
    if line.hint.kind not in (None, BlockKind.HEADING) or line.cells or line.hint.item:
        return False
    if line.width > _TITLE or trait.end in (PAUSE, OPEN, COLON, SEMI):
        return False
    text = fold(line.text)
    if trait.end == STOP and text.rstrip("”’」』)")[-1:] not in "!?…":
        return False
    if "。" in text or (trait.style and trait.level <= 10 and trait.style != "letter"):
        return False
    return not _DATELINE.match(text)


def _title_goes_on(
    lines: Sequence[Line], traits: Sequence[Trait], rest: list[int], place: int
) -> bool:
    """Whether the line at `place` of `rest` continues the title that ends right before it."""
    last, n = rest[place - 1], rest[place]
    line, trait = lines[n], traits[n]
    if line.hint.kind is not None or not _may_be_title(line, trait) or _said(line, "top"):
        return False
    if line.width > SHORT or trait.head.startswith("【"):
        return False
    if _DASHED.match(line.text):
        return True
    body = _body_line(lines, traits, rest[place + 1 :])
    if body is None:
        return False
    joined = fold(lines[rest[0]].text + line.text)
    if "关于" in joined and _OFFICIAL.search(joined) and not _OFFICIAL.search(traits[last].head):
        return True
    if (
        runs_over(lines[last].text, line.text) or unfinished(traits[last].tail)
    ) and line.blanks <= body.blanks:
        return True
    if line.blanks < body.blanks and traits[rest[place + 1]].end != COLON:
        return True
    if line.hint.centred or (line.indent > 4 and lines[last].indent > 4):
        return body.indent < line.indent
    if 1.5 <= body.indent <= 6 and line.indent < 1 and line.blanks <= body.blanks:
        return True
    follows = lines[rest[place + 1]]
    return (
        not trait.turn
        and not lines[rest[place + 1]].hint.kind
        and traits[rest[place + 1]].short
        and traits[rest[place + 1]].end == NONE
        and _said(follows, "top") is not None
    )


def _body_line(lines: Sequence[Line], traits: Sequence[Trait], rest: Sequence[int]) -> Line | None:
    """The first line of running text among the next few."""
    for n in rest[:8]:
        if not traits[n].short or traits[n].end == STOP:
            return lines[n]
    return None


def _printed_with(lines: Sequence[Line], traits: Sequence[Trait], rest: list[int]) -> Verdicts:
    """Byline, date, source and number between the title and the text."""
    found: Verdicts = {}
    turns = [trait.turn for trait in traits]
    for place, n in enumerate(rest[:12]):
        said = _said(lines[n], "top")
        if said and traits[n].turn in ("记者", "作者", "主播") and turns.count(traits[n].turn) > 1:
            break
        if said is None:
            bare = traits[n].short and traits[n].end == NONE and lines[n].width <= 14
            follows = rest[place + 1] if place + 1 < len(rest) else None
            if not bare or follows is None or lines[n].hint.kind or traits[n].style:
                break
            later = _said(lines[follows], "top")
            if later is None or later.reason not in _DATED:
                break
            said = Verdict(BlockKind.META, "between the title and its date", 0.7)
        found[n] = said
    return found


def end_matter(lines: Sequence[Line], traits: Sequence[Trait], open_: list[int]) -> Verdicts:
    """Verdicts on what stands after the text: signature and date, credits, the site's own words."""
    found: Verdicts = {}
    for place in range(len(open_) - 1, 0, -1):
        n = open_[place]
        text = fold(lines[n].text)
        said = _said(lines[n], "end")
        dated = place + 1 < len(open_) and found.get(open_[place + 1]) is not None
        if said is None and dated and _signs(lines[n], traits[n], text, found[open_[place + 1]]):
            said = Verdict(BlockKind.META, "a signature", 0.8)
        if said is None or (traits[n].style and not _DATE.match(text)):
            break
        if _DATE.match(text):
            said = Verdict(BlockKind.META, "the date of the signature", 0.9)
        found[n] = said
    return found


def _signs(line: Line, trait: Trait, text: str, below: Verdict) -> bool:
    """Whether a short line signs the document whose date or further signature is below it."""
    if line.hint.kind is not None or line.width > 26 or trait.end != NONE:
        return False
    if trait.commas or trait.stops or trait.turn:
        return False
    if below.reason == "the date of the signature":
        return True
    return below.reason == "a signature" and _ORG.search(text) is not None
