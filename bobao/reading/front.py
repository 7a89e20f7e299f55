"""What stands before and after the text: title, byline, document number, signature, credits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bobao.model import BlockKind
from bobao.reading.lines import SourceLine, Verdict, Verdicts
from bobao.reading.titles import is_name, may_be_title, said, title_lines
from bobao.reading.traits import NONE, Trait, folded_of

_DATED = ("a date", "who wrote or published it, and when")
_ISSUER = "who issues it"
_NAME_WIDTH = 5.0
_COLUMN_NAME = "the name of a column"
_NAMED = "a name under the title"
_SENT = "who is sent it"
SIGNED = "the date of the signature"
_ORG = re.compile(
    r"(?:局|厅|部|委|委员会|办公室|政府|支队|大队|总队|公司|集团|协会|学会|中心|院|校|学|医院|银行"
    r"|领导小组|指挥部|工作组|管理处|街道办事处|办事处|村委会|居委会|社区|秘书处|所|站|馆|处|组委会"
    r"|编辑部|联合会|商会|基金会|研究会|党支部|党组|团委|妇联|工会|联盟|合作社|社|店|园|台|报|会)"
    r"(?:\(.{1,4}\))?$"
)
_DATE = re.compile(
    r"^\(?(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[二〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十廿]{1,3}日)\)?$"
)

_ENTRY = re.compile(r"((?:\d{4}[-/.年])?\d{1,2}[-/.月](?:\d{1,2}日?)?)\s*[^\s\d:]")
_COLUMN = re.compile(
    r"[【\[〔·■●◆][^\W\d]{0,6}(?:[时锐快热短微]评|评论|漫笔|随笔|走笔|笔谈|杂谈|漫谈|絮语|论坛|论语"
    r"|观点|视点|视线|专栏|副刊|连载|天地|园地|之窗)[】\]〕·]?"
)
_DIGITS = re.compile(r"\d+")


def front_matter(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> Verdicts:
    """Verdicts on the title and what is printed with it."""
    found: Verdicts = {}
    signed = False
    rest = list(range(len(lines)))
    title = [n for n in rest if lines[n].hint.kind is BlockKind.TITLE]
    if title:
        for n in rest[: title[0]]:
            if traits[n].short and (verdict := said(lines[n], "top")):
                found[n] = verdict
        title = [n for place, n in enumerate(title) if n == title[0] + place]
        reason, confidence = "marked up as the title", 0.99
    else:
        rest = _after_leading_meta(lines, traits, found)
        signed = _COLUMN_NAME in (verdict.reason for verdict in found.values())
        if len(rest) > 1 and may_be_title(lines[rest[0]], traits[rest[0]]):
            title = title_lines(lines, traits, rest, signed)
        reason, confidence = "the first line, without a full stop", 0.9 if len(title) < 3 else 0.7
    for place, n in enumerate(title):
        joins = title[0] if place else None
        found[n] = Verdict(BlockKind.TITLE, reason, confidence, joins)
    under = [n for n in rest if not title or n > title[-1]]
    return found | _printed_with(lines, traits, under, signed)


def _after_leading_meta(
    lines: Sequence[SourceLine], traits: Sequence[Trait], found: Verdicts
) -> list[int]:
    """The lines from the first that is not a date or byline on; those before go into `found`."""
    start = 0
    if _is_column(lines, traits):
        found[0] = Verdict(BlockKind.META, _COLUMN_NAME, 0.8)
        start = 1
    while start < min(6, len(lines) - 1):
        verdict = said(lines[start], "top")
        if verdict is None or traits[start + 1].head.startswith("关于"):
            break
        if verdict.reason == _ISSUER and said(lines[start + 1], "top"):
            break  # 市场早报 over its date: a title
        found[start] = verdict
        start += 1
    if start and not may_be_title(lines[start], traits[start]) and not lines[start].hint.kind:
        found.clear()
        start = 0
    return list(range(start, len(lines)))


def _is_column(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> bool:
    """Whether the first line is the name of a newspaper's column over the title."""
    heads = [trait.head for trait in traits]
    if len(lines) < 3 or not _COLUMN.fullmatch(heads[0]) or lines[0].hint.kind is not None:
        return False
    alone = not any(head.startswith(heads[0][0]) for head in heads[1:])
    return alone and may_be_title(lines[1], traits[1]) and lines[1].width > 2 * lines[0].width - 4


def _printed_with(
    lines: Sequence[SourceLine], traits: Sequence[Trait], rest: list[int], signed: bool
) -> Verdicts:
    """Byline, date, source and number between the title and the text."""
    found: Verdicts = {}
    turns = [trait.turn for trait in traits]
    for place, n in enumerate(rest[:12]):
        verdict = said(lines[n], "top")
        turn = traits[n].turn
        if verdict and turn in ("记者", "作者", "主播") and turns.count(turn) > 1:
            break
        if verdict is None and place + 1 < len(rest):
            verdict = _before_date(
                lines[n], traits[n], lines[rest[place + 1]], signed and not place
            )
            if verdict and verdict.reason == _NAMED and _one_of_many(lines, rest[place + 1 :]):
                verdict = None
        elif verdict is not None and _is_entry(
            [folded_of(lines[m]) for m in rest[place : place + 2]]
        ):
            break
        if verdict is None:
            break
        found[n] = verdict
    return found


def _one_of_many(lines: Sequence[SourceLine], below: Sequence[int]) -> bool:
    """Whether there are further names `below` one: all of them head what is told of a person."""
    return any(lines[m].width <= _NAME_WIDTH and is_name(lines[m].text) for m in below)


def _is_entry(both: Sequence[str]) -> bool:
    """Whether the first of two lines is an entry of a chronicle: dates with what happened then."""
    dates = [_ENTRY.match(text) for text in both]
    shapes = {_DIGITS.sub("", date.group(1)) for date in dates if date is not None}
    return len(dates) == 2 and all(dates) and len(shapes) == 1 and ":" not in both[0]


def _before_date(line: SourceLine, trait: Trait, after: SourceLine, signed: bool) -> Verdict | None:
    """A verdict on a bare name between the title and its date, or of a person."""
    bare = trait.short and trait.end == NONE and line.width <= 14
    bare = bare and trait.style in ("", "bullet")
    if not bare or line.hint.kind:
        return None
    below = said(after, "top")
    if is_name(line.text, signed):
        return Verdict(BlockKind.META, _NAMED, 0.7)
    if below is None or below.reason not in _DATED or trait.style:
        return None
    return Verdict(BlockKind.META, "between the title and its date", 0.7)


def end_matter(
    lines: Sequence[SourceLine], traits: Sequence[Trait], open_: list[int], title: str = ""
) -> Verdicts:
    """Verdicts on what stands after the text: signature and date, credits, the site's own words."""
    found: Verdicts = {}
    below: Verdict | None = None
    for n in reversed(open_[1:]):
        verdict = said(lines[n], "end")
        if verdict and verdict.reason == _SENT and _again(traits[max(0, n - 1) : n + 2]):
            verdict = None  # a list of what was given to whom
        if verdict is None and below is None and _issues(lines[n], title):
            verdict = Verdict(BlockKind.META, "a signature", 0.8)
        if verdict and is_date(lines[n]):
            verdict = Verdict(BlockKind.META, SIGNED, 0.9)
        elif verdict is None and below is not None and signs(lines[n], traits[n], below):
            verdict = Verdict(BlockKind.META, "a signature", 0.8)
        if verdict is None or (traits[n].style and verdict.reason != SIGNED):
            break
        found[n] = below = verdict
    return found


def _again(traits: Sequence[Trait]) -> bool:
    """Whether two lines in a row have the same label."""
    return any(a.turn and a.turn == b.turn for a, b in itertools.pairwise(traits))


def _issues(line: SourceLine, title: str) -> bool:
    """Whether a line is nothing but the name of the office that the title starts with."""
    text = folded_of(line)
    named = 4 <= len(text) < len(title) and title.startswith(text)
    return named and line.hint.kind is None and _ORG.search(text) is not None


def is_date(line: SourceLine) -> bool:
    """Whether a line is nothing but a date."""
    return _DATE.match(folded_of(line)) is not None


def signs(line: SourceLine, trait: Trait, below: Verdict, named: bool = False) -> bool:
    """Whether a short line signs the document whose date or further signature is below it.

    With `named` it must be the name of an office, a firm or the like also right above the date.
    """
    if line.hint.kind is not None or line.width > 26 or trait.end != NONE:
        return False
    if trait.commas or trait.stops or trait.turn:
        return False
    if below.reason == SIGNED and not named:
        return True
    return below.reason in (SIGNED, "a signature") and bool(_ORG.search(folded_of(line)))


_HEAD = re.compile(r"附件\s*[\d一二三四五六七八九十]{0,2}")
_DATE_ENDS = "日)0123456789"
_SIGNERS = 6
_REASON = "an attachment starts"


def inner_matter(
    lines: Sequence[SourceLine], traits: Sequence[Trait], open_: Sequence[int]
) -> Verdicts:
    """Verdicts on signatures with their dates that more text follows, and on what heads that."""
    found: Verdicts = {}
    for place, n in enumerate(open_[:-1]):
        if not place or not traits[n].short:
            continue
        text = folded_of(lines[n])
        if text[-1] in _DATE_ENDS and is_date(lines[n]):
            found |= _signature(lines, traits, open_[max(1, place - _SIGNERS) : place + 1])
        elif text[0] == "附" and _HEAD.fullmatch(text):
            found |= _heading(lines, traits, open_[place : place + 2])
    return found


def _signature(
    lines: Sequence[SourceLine], traits: Sequence[Trait], above: Sequence[int]
) -> Verdicts:
    """The last of the lines `above`, a date, and the names of those who signed right above it."""
    found: Verdicts = {}
    dated = below = Verdict(BlockKind.META, SIGNED, 0.85)
    for n in reversed(above[:-1]):
        if not signs(lines[n], traits[n], below, named=True):
            break
        found[n] = below = Verdict(BlockKind.META, "a signature", 0.8)
    return found | {above[-1]: dated} if found else {}


def _heading(lines: Sequence[SourceLine], traits: Sequence[Trait], both: Sequence[int]) -> Verdicts:
    """附件1 and the attachment's own title under it as a heading."""
    first, title = both
    found = {first: Verdict(BlockKind.HEADING, _REASON, 0.85, level=1)}
    plain = traits[title].short and traits[title].end == NONE and not traits[title].commas
    if plain and may_be_title(lines[title], traits[title]):
        found[title] = Verdict(BlockKind.HEADING, _REASON, 0.8, first, level=1)
    return found
