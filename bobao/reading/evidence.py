"""Evidence of what a line is: what is seen of it, of the lines around it and of the whole text.

A piece of evidence is a word such as ``end=stop`` or ``break=none|over``; `chain` has a learnt
weight for each of them and each label. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bobao.model import BlockKind
from bobao.reading.joints import (
    REACH,
    goes_on,
    is_name,
    signs_surely,
    starts_with,
    unfinished,
    word_over,
)
from bobao.reading.lines import SourceLine, full_width
from bobao.reading.tablefiles import CREDIT, SHORT, is_field, said_of
from bobao.reading.traits import NONE, OPEN, PAUSE, STOP, Trait, folded_of, traits_of

_FORMS = ("md",)
"""Formats that have words of their own for many things, which others are learnt without."""
_WIDTHS = (3, 5, 8, 11, 14, 18, 22, 26, 30, 40, 60, 100)
_SCENES = (1, 1.7, 2.7, 4, CREDIT)
_FEW, _MANY = 3, 8
_SIGNATURE = 26
"""Characters that the name of who signs has at most."""
_SHARES = (0.3, 0.6, 0.8, 0.9, 0.97, 1.0)
_CLOSING = frozenset("，。、；：？！”’）》】」』,;:?!)]%℃")
_OPENING = frozenset("“「『（《")
_REST = re.compile(r"[\u4e00-\u9fff]{1,3}。")
"""A sentence too short to start a paragraph: the end of one that was cut."""
_DATE = re.compile(
    r"\(?(?:[\dX×]{4}年[\dX×]{1,2}月[\dX×]{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[二〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十廿]{1,3}日)\)?$"
)
_ENTRY = re.compile(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月](?:\d{1,2}日?)?\s*[^\s\d:]")
_ATTACHMENT = re.compile(r"附[件表录]\s*[\d一二三四五六七八九十]{0,2}:?")
_ORG = re.compile(
    r"(?:局|厅|部|委|会|政府|队|公司|集团|中心|院|校|学|银行|小组|指挥部|组|处|室|社区|所|站|馆|支部"
    r"|工会|联盟|社|店|园|台|报)(?:\(.{1,4}\))?$"
)
_OFFICIAL = re.compile(
    r"(?:意见|通知|通告|公告|公报|办法|规定|决定|报告|方案|函|批复|条例|细则|规划|纲要|计划|要点"
    r"|答复|建议|倡议书|公约|说明|请示|纪要|令)(?:\(.{1,12}\))?$"
)
"""How the titles of official documents end (GB/T 9704-2012, 3: the kinds of documents)."""
_CLOCK = re.compile(
    r"(?:[今明昨当次][天日晚早]|第.天)?(?:凌晨|清晨|早[上晨]?|上午|中午|下午|傍晚|晚[上间]?|深夜|半夜|夜里)?"
    r"[\d一二三四五六七八九十两]{1,3}[点时](?:[半多整钟]|[\d一二三四五六七八九十]{1,3}[分刻])?"
)
_DATELINE = re.compile(
    r"[【(]?(?:本报|本台|本网|新华社|中新社|中新网|人民网|央视网|据)\S{0,14}(?:讯|电|消息|报道)"
)
_DIGITS, _LETTERS = re.compile(r"\d"), re.compile("[A-Za-z]")
_PARTICLES = re.compile(r"[的了是都也就还被把从已将仍]")


def _step(value: float, edges: Sequence[float]) -> int:
    """The number of `edges` that are not above `value`."""
    return sum(edge <= value for edge in edges)


@dataclass(slots=True)
class _Text:
    """A document's lines with what is seen of each, and what is usual in it."""

    lines: Sequence[SourceLine]
    traits: Sequence[Trait]
    folded: Sequence[str]
    top: list[str]  # what a line says of the article where it stands before the text, or ""
    end: list[str]  # likewise behind it
    first: int  # the first line that is surely text, and the last
    last: int
    gap: int  # blank lines between lines of text
    indented: bool  # an indent shows where a paragraph starts
    full: float
    stops: int  # step of the share of long lines that end with a full stop
    labels: Counter[str]  # 记者, 问 … before a colon
    styles: dict[str, int]  # step of the share of lines of a numbering that are text
    openings: Counter[str]  # numbering or wording of short lines
    makes: dict[str, str]  # of short lines set alike: how many, and whether pictures stand above
    body: str  # how most text is set
    crowd: str  # how many short lines without an end mark there are, and how many stand in pairs
    words: list[str]
    runs: dict[tuple[int, int], str]  # how words run on from a line to another

    def zone(self, n: int) -> str:
        """Where line `n` stands: ``f`` before the text, ``t`` behind it, ``m`` within."""
        return "f" if n < self.first else "t" if n > self.last else "m"

    def near(self, n: int) -> str:
        """Line `n` in a word, for its neighbours; ``^`` and ``$`` are the text's ends."""
        if 0 <= n < len(self.words):
            return self.words[n]
        return "^" if n < 0 else "$"

    def running(self, left: int, right: int) -> str:
        """How the words run on from line `left` to `right`."""
        if (left, right) not in self.runs:
            self.runs[left, right] = _running(self.traits[left], self.traits[right])
        return self.runs[left, right]


class Seen(NamedTuple):
    """What is seen of a line: its evidence, and what may forbid it some labels."""

    signs: list[str]
    trait: Trait
    zone: str  # before the text (f), behind it (t) or within (m)
    says: str  # what it says of the article where it stands above, by the reason in lines.tsv
    quiet: bool  # it may be silent wherever it stands, by its wording


def evidence(lines: Sequence[SourceLine], form: str) -> list[Seen]:
    """What is seen of each of `lines`; `form` is the format they were read from."""
    text = _seen(lines)
    found = []
    for n, line in enumerate(lines):
        zone = text.zone(n)
        signs = ["cells"] if line.cells else list(_signs(text, n, form))
        quiet = text.top[n] or text.end[n] or any(f"{kind}|{zone}" in signs for kind in _QUIET)
        found.append(Seen(signs, text.traits[n], zone, text.top[n], bool(quiet)))
    return found


_QUIET = ("date", "name", "over a date")


def _signs(text: _Text, n: int, form: str) -> Iterator[str]:
    for each in (_own, _marked, _placed, _around, _break):
        yield from each(text, n)
    if form in _FORMS:
        yield from (f"form={form}|{text.words[n]}", f"form={form}>{text.near(n + 1)}")


def _seen(lines: Sequence[SourceLine]) -> _Text:
    traits = traits_of(lines)
    folded = [folded_of(line) for line in lines]
    long = [n for n, trait in enumerate(traits) if not trait.short and not lines[n].cells]
    prose = [
        n
        for n, t in enumerate(traits)
        if not lines[n].cells and (not t.short or (t.end == STOP and lines[n].width > _WIDTHS[4]))
    ]
    whole = sum(traits[n].end == STOP for n in long)
    rows = long or range(len(lines))
    text = _Text(
        lines,
        traits,
        folded,
        _printed(lines, traits, folded, "top"),
        _printed(lines, traits, folded, "end"),
        prose[0] if prose else len(lines),
        prose[-1] if prose else -1,
        _usual([lines[n].blanks for n in long if n] or [line.blanks for line in lines[1:]]),
        2 * sum(1.5 <= lines[n].indent <= 6 for n in rows) > len(rows),
        full_width(lines),
        _step(whole / len(long) if long else 1.0, _SHARES),
        Counter(t.turn for t in traits if t.turn),
        _styles(traits),
        Counter(_opening(t) for t in traits if t.short),
        _makes(lines, traits),
        _common([lines[n].hint.make for n in prose]),
        _crowd([_open(trait) for trait in traits]),
        [],
        {},
    )
    text.words += [_word(text, n) for n in range(len(lines))]
    return text


def _crowd(opens: Sequence[bool]) -> str:
    count, pairs = sum(opens), sum(map(min, opens, opens[1:]))
    return f"{_step(count, (2, _FEW, _MANY))} {_step(pairs / max(1, count), (0.1, 0.3, 0.45, 0.6))}"


def _makes(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> dict[str, str]:
    """For each make of lines that are short and open: how many there are, and under pictures."""
    every: Counter[str] = Counter()
    below: Counter[str] = Counter()
    for line, trait in zip(lines, traits, strict=True):
        if line.hint.make and _open(trait):
            every[line.hint.make] += 1
            below[line.hint.make] += line.hint.figure
    return {
        make: f"{min(count, 3)} {_step(below[make] / count, (0.01, 0.5, 1.0))}"
        for make, count in every.items()
    }


def _common(makes: Sequence[str]) -> str:
    return Counter(makes).most_common(1)[0][0] if makes else ""


def _usual(counts: Sequence[int]) -> int:
    found = Counter(counts)
    return min((-times, count) for count, times in found.items())[1] if found else 0


def _styles(traits: Sequence[Trait]) -> dict[str, int]:
    every = Counter(t.style for t in traits if t.style)
    prose = Counter(
        t.style for t in traits if t.style and (not t.short or t.stops or t.end == STOP)
    )
    return {style: _step(prose[style] / count, (0.01, 0.5)) for style, count in every.items()}


def _opening(trait: Trait) -> str:
    return trait.head[: trait.mark] if trait.mark else trait.head


def _printed(
    lines: Sequence[SourceLine], traits: Sequence[Trait], folded: Sequence[str], place: str
) -> list[str]:
    """What each line says of the article in `place`, by the reason of the pattern that fits.

    Nothing where it has a label that comes again, as turns of a talk have, or starts with a date
    as others do: entries of a chronicle.
    """
    labels = Counter(trait.turn for trait in traits if trait.turn)
    entries = [bool(_ENTRY.match(words)) and ":" not in words for words in folded]
    several = sum(entries) > 1
    return [
        "" if labels[trait.turn] > 1 or (entry and several) else _said(line, words, place)
        for line, trait, words, entry in zip(lines, traits, folded, entries, strict=True)
    ]


def _said(line: SourceLine, folded: str, place: str) -> str:
    if line.width > SHORT or line.cells or line.hint.kind not in (None, BlockKind.HEADING):
        return ""
    found = said_of(folded, line.width, place)
    return found[1] if found and signs_surely(folded, found[1]) else ""


def _open(trait: Trait) -> bool:
    """Whether a line is short and ends as headings and captions do."""
    return trait.short and trait.end in (NONE, OPEN)


def _word(text: _Text, n: int) -> str:
    """A line in a word: its mark-up, else what it says, how it ends and how wide it is."""
    trait, line = text.traits[n], text.lines[n]
    if line.cells:
        return "table"
    if line.hint.kind:
        return line.hint.kind.value
    if (text.top[n] and n <= text.first + 1) or (text.end[n] and n > text.last):
        return "printed"
    if not _open(trait):
        return ("short " if trait.short else "long ") + trait.end
    for word, holds in (
        ("attachment", _ATTACHMENT.fullmatch(text.folded[n])),
        ("credit", trait.scene >= CREDIT),
        ("scene", trait.scene >= 2),
        (f"number {trait.style}", trait.style),
        ("label", trait.turn),
        ("wide", line.width > 16),
        ("tiny", line.width < 5),
    ):
        if holds:
            return word
    return "open"


def _end(trait: Trait) -> str:
    return trait.end if trait.short else f"long {trait.end}"


def _own(text: _Text, n: int) -> Iterator[str]:
    """Evidence in the words of a line."""
    line, trait, folded = text.lines[n], text.traits[n], text.folded[n]
    end = _end(trait)
    width = _step(line.width, _WIDTHS)
    yield from ("every", f"end={end}", f"width={width}", f"width={width}|{end}")
    yield f"commas={min(trait.commas, 3)}|{end}"
    scene = _step(trait.scene, _SCENES) if trait.scene else "no"
    yield f"scene={scene}|{end}"
    if trait.scene:
        yield from (f"scene={scene}>{text.near(n + 1)}", f"scene={scene}<{text.near(n - 1)}")
    if trait.style:
        yield from (f"number={trait.style}", f"number={trait.style}|{end}")
        yield f"number={trait.style}>{text.near(n + 1)}"
        yield f"number text={text.styles[trait.style]}|{end}"
    if trait.turn:
        again = "again" if text.labels[trait.turn] > 1 else "once"
        yield f"label={'field' if is_field(trait.turn) else again}|{end}"
    for name, holds in (
        ("balanced", trait.balanced),
        ("stops", trait.stops),
        ("quote open", trait.quote),
        ("question", trait.asks),
        ("bracket", folded[0] == "【"),
        ("quoted", folded[0] in "“「"),
        ("space", trait.short and " " in folded),
    ):
        if holds:
            yield f"{name}|{end}"
    if trait.short:
        yield from _short(text, n, end)


def _short(text: _Text, n: int, end: str) -> Iterator[str]:
    line, trait, folded, zone = text.lines[n], text.traits[n], text.folded[n], text.zone(n)
    dated = any(map(_DATE.match, text.folded[n + 1 : n + 3])) and len(folded) <= _SIGNATURE
    for name, holds in (
        ("date", _DATE.match(folded)),
        ("office", _ORG.search(folded)),
        ("over a date", dated),
        ("name", len(folded) <= 12 and is_name(line.text)),
        ("official title", _OFFICIAL.search(folded)),
        ("attachment", _ATTACHMENT.fullmatch(folded)),
        ("dateline", _DATELINE.match(folded)),
        ("clock", _CLOCK.fullmatch(folded)),
    ):
        if holds:
            yield f"{name}|{zone}"
    times = min(text.openings[_opening(trait)], 4)
    if times > 1:
        yield f"again={times}|{end}"
    yield f"particles={min(3, len(_PARTICLES.findall(folded)))}|{end}"
    digits = len(_DIGITS.findall(folded)) / len(folded)
    if digits > 0.2:
        yield f"digits={_step(digits, (0.4, 0.7))}"
    if 2 * len(_LETTERS.findall(folded)) > len(folded):
        yield "latin"
    if trait.end == NONE and unfinished(trait.tail):
        yield "unfinished"


def _marked(text: _Text, n: int) -> Iterator[str]:
    """Evidence in what the format says of a line."""
    line, end, after = text.lines[n], _end(text.traits[n]), text.near(n + 1)
    hint = line.hint
    if hint.kind:
        kind = hint.kind.value
        yield from (f"kind={kind}{hint.level}", f"kind={kind}|{end}", f"kind={kind}>{after}")
        yield f"kind={kind}|{text.zone(n)}"
    width = _step(line.width, _WIDTHS)
    for name in ("bold", "centred", "figure", "item", "number", "byline", "spare", "linked"):
        if getattr(hint, name):
            yield from (name, f"{name}|{end}", f"{name}|{width}")
    if hint.figure:
        yield from (f"figure>{after}", f"figure {'centred' * hint.centred}|{end}")
    if hint.make:
        own = "body" if hint.make == text.body else text.makes.get(hint.make, "text")
        yield f"make={own}|{end}"
        for place, m in (("<", n - 1), (">", n + 1)):
            if 0 <= m < len(text.lines) and text.lines[m].hint.make == hint.make != text.body:
                yield f"make same{place}{text.words[n]}"
    if hint.joins is not None:
        yield from (f"joins={hint.joins}", f"joins={hint.joins}<{text.near(n - 1)}")


def _placed(text: _Text, n: int) -> Iterator[str]:
    """Evidence in where a line stands: in the text, on the page, among blanks."""
    line, trait, zone = text.lines[n], text.traits[n], text.zone(n)
    end, last = _end(trait), len(text.lines) - 1
    deep = min(n, 4) if zone == "f" else min(last - n, 4) if zone == "t" else int(n == text.first)
    yield from (f"zone={zone}{deep}", f"zone={zone}{deep}|{end}")
    if n in (0, last):
        yield f"edge={int(n == last)}|{end}"
    if text.top[n]:
        yield from (f"says above={text.top[n]}|{zone}", f"says above|{zone}{deep}")
    if text.end[n]:
        yield from (f"says below={text.end[n]}|{zone}", f"says below|{zone}{deep}")
    if zone != "m":
        yield f"{zone}={text.words[n]}<{text.near(n - 1)}"
        yield f"{zone}={text.words[n]}>{text.near(n + 1)}"
        yield f"{zone}={text.near(n - 1)}>{text.near(n + 1)}"
    deeper = 0 if line.indent < 1 else 1 if line.indent <= 4 else 2
    if text.indented or deeper:
        yield f"indent={int(text.indented)}{deeper}|{end}"
    gap = max(-2, min(_FEW, line.blanks - text.gap))
    yield from (f"gap={gap}", f"gap={gap}|{end}")
    if n < last and text.lines[n + 1].blanks != text.gap:
        yield f"gap below={max(-2, min(2, text.lines[n + 1].blanks - text.gap))}|{end}"


def _around(text: _Text, n: int) -> Iterator[str]:
    """Evidence in the lines around."""
    before, here, after = text.near(n - 1), text.words[n], text.near(n + 1)
    yield from (f"before={before}", f"after={after}", f"{before}<>{after}")
    yield from (f"{here}>{after}", f"{here}<{before}", f"{here}>{after}>{text.near(n + 2)}")
    yield from (f"before 2={text.near(n - 2)}", f"after 2={text.near(n + 2)}")
    if _open(text.traits[n]):
        yield from (f"crowd={text.crowd}", f"crowd={text.crowd}>{after}")


def _break(text: _Text, n: int) -> Iterator[str]:
    """Evidence at the break before a line: whether the words run on over it."""
    if not n:
        return
    lines, here, before = text.lines, text.traits[n], text.traits[n - 1]
    line, above, end = lines[n], lines[n - 1], _end(text.traits[n - 1])
    signs = text.running(n - 1, n)
    yield from (f"break={end}", f"break={end}|{signs}", f"break {signs}")
    yield from (f"break {sign}|{end}" for sign in signs.split())
    yield f"break stops={text.stops}|{end}"
    yield f"break gap={max(-1, min(2, line.blanks - text.gap))}|{end}"
    right = above.indent + above.width
    for name, holds in (
        ("indent", text.indented and line.indent >= 1),
        ("flush", text.indented and line.indent < 1),
        ("closing mark", line.text[0] in _CLOSING),
        ("opening mark", above.text[-1] in _OPENING),
        ("same number", here.style and here.style == before.style),
        ("new number", here.style and here.style != before.style),
        ("rest", _REST.fullmatch(line.text)),
        ("official title", before.short and _OFFICIAL.search(text.folded[n - 1])),
        ("full", right >= text.full - 2),
        ("not full", right < text.full * 0.6),
        ("quote open", before.quote),
    ):
        if holds:
            yield f"break {name}|{end}"
    for far in (2, 3):
        if n >= far and not lines[n - far].cells:
            left = _end(text.traits[n - far])
            yield f"over {far}={left}|{text.running(n - far, n)}"
            yield f"over {far}={left}<{text.near(n - 1)}"
    if n + 1 < len(lines) and before.end in (NONE, PAUSE, OPEN):
        yield f"through={text.running(n - 1, n + 1)}|{text.words[n]}"


def _running(left: Trait, right: Trait) -> str:
    """How the words run on from a line to another: names of signs, apart by spaces."""
    signs = ["pause"] * (left.end in (PAUSE, OPEN))
    if left.end == NONE:
        signs += ["over"] * word_over(left.tail[-REACH:], right.head[:REACH])
        signs += ["unfinished"] * unfinished(left.tail)
    signs += ["on"] * (goes_on(right.head) or starts_with(right.head, "starts_open"))
    signs += ["fresh"] * starts_with(right.head, "starts_fresh")
    return " ".join(signs) or "apart"
