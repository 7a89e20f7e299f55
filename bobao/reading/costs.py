"""What it costs to take a line for a heading, a caption, or the end or the cut of a paragraph."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bobao.model import BlockKind
from bobao.reading.captions import CREDIT, caption_weight
from bobao.reading.habits import Habits
from bobao.reading.joints import runs_over, starts_with, unfinished
from bobao.reading.lines import Line
from bobao.reading.tablefiles import rows, word_set
from bobao.reading.traits import LIST, End, Trait

Cost = tuple[float, str]
"""A cost in nats and what decided it."""

_COLUMN = 8.0
"""Em below which no column is: a piece cut off a paragraph is wider."""
_CUT_OFTEN = 0.12
"""Share of cut lines from which one more is no surprise; newspaper columns have 0.3."""
_PARTICLES = re.compile(r"[的了是都也就还被把从已将仍]")
_CLOSING = "，。、；：？！”’）》】」』,;:?!)]%℃"


@functools.cache
def price_list() -> dict[str, Cost]:
    """The costs of all signs with their reasons (``data/costs.tsv``)."""
    return {sign: (float(cost), reason) for sign, cost, reason in rows("costs.tsv")}


def total(signs: Iterable[str], extra: float = 0.0) -> Cost:
    """The sum of the costs of `signs` and the reason of the one that says most for it."""
    prices = price_list()
    found = [prices[sign] for sign in signs]
    best = min(found[1:], default=found[0]) if len(found) > 1 else found[0]
    reason = best[1] if best[0] < 0 else found[0][1]
    return sum(cost for cost, _ in found) + extra, reason


def heading_cost(line: Line, trait: Trait, habits: Habits) -> Cost:
    """The cost of taking a short line for a heading."""
    signs = ["heading"]
    if trait.end is End.STOP:
        signs.append(_stopped(trait))
    elif trait.end is not End.NONE:
        signs.append(f"heading.{trait.end.value}")
    if trait.stops:
        signs.append("heading.sentences")
    if not habits.comma_heads:
        commas = ["heading.comma", "heading.commas"][: trait.commas]
        signs += ["heading.balanced"] if trait.balanced else commas
    if trait.style:
        signs.append(f"heading.{trait.style}")
    if trait.head.startswith("【"):
        signs.append("heading.bracket")
    if line.width > 18:
        signs.append("heading.wide" if line.width > 24 else "heading.long")
    elif line.width < 2.5 and not line.hint.bold:
        signs.append("heading.tiny")
    if trait.turn:
        signs.append("heading.turn" if trait.turn in habits.turns else "heading.label")
    if trait.run > LIST:
        signs.append("heading.run")
    signs += _shared(line, trait, "heading")
    signs += ["heading.particle"] * min(2, len(_PARTICLES.findall(trait.head)))
    if habits.pictures and line.blanks > habits.gap:
        signs.append("heading.picture" if line.blanks >= habits.pictures else "heading.gap")
    elif line.blanks > habits.gap > 0:
        signs.append("heading.gap")
    if habits.indent and line.indent < 1 and not line.hint.centred:
        signs.append("heading.flush")
    if line.hint.bold:
        signs.append("heading.bold")
    elif not trait.style and not trait.head.startswith("【"):
        signs += ["heading.unmarked"] * habits.numbered
        wide = line.width > habits.head_width + 3
        if habits.head_width and (wide or (trait.commas and not (trait.balanced or habits.comma_heads))):
            signs.append("heading.unlike")
    return total(signs)


def _stopped(trait: Trait) -> str:
    if trait.head.rstrip("”’」』)")[-1:] in "!?":
        return "heading.exclaim"
    runin = trait.style and not trait.commas and not trait.stops and len(trait.head) <= 16
    return "heading.runin" if runin and trait.level < 9 else "heading.stop"


def caption_cost(line: Line, trait: Trait, habits: Habits, first: bool) -> Cost:
    """The cost of taking a line for a caption; `first`: no text stands before it."""
    weight, why = caption_weight(line, trait)
    sure = weight >= CREDIT or line.hint.figure
    signs = ["caption"]
    if trait.end not in (End.NONE, End.STOP) or (trait.end is End.STOP and not sure):
        signs.append(f"caption.{trait.end.value}")
    if not sure:
        signs += ["caption.comma"] * min(trait.commas, 2)
        signs += ["caption.sentences"] * trait.stops + ["caption.wide"] * (line.width > 24)
    if trait.style and trait.style != "bullet" and not (sure and trait.level > 5):
        signs.append("caption.marked")
    if trait.head.startswith("【") and not sure:
        signs.append("caption.bracket")
    if trait.turn in habits.turns and trait.turn:
        signs.append("caption.turn")
    signs += _shared(line, trait, "caption")
    if line.hint.figure:
        signs.append("caption.figure")
    if habits.pictures and line.blanks >= habits.pictures:
        signs.append("caption.picture")
    if first:
        signs.append("caption.first")
    if habits.scenes and weight >= 1:
        signs.append("caption.scenes")
    cost, reason = total(signs, -weight)
    return cost, why if weight > 2 and reason == price_list()["caption"][1] else reason


def _shared(line: Line, trait: Trait, kind: str) -> list[str]:
    """Signs that headings and captions have in common."""
    signs = []
    if trait.end is End.NONE and unfinished(trait.tail):
        signs.append(f"{kind}.unfinished")
    if trait.short:
        known = sum(word in trait.head for word in word_set("prose"))
        signs += [f"{kind}.prose"] * min(3, known)
    if line.hint.item:
        signs.append(f"{kind}.item")
    if line.hint.centred:
        signs.append(f"{kind}.centred")
    return signs


@dataclass(frozen=True, slots=True)
class Break:
    """The costs at the break between two lines."""

    end: Cost  # of a paragraph that ends there
    cut: Cost  # of one that goes on
    over: float  # of any two blocks that meet there, though the words run on


def break_costs(left: tuple[Line, Trait], right: tuple[Line, Trait], habits: Habits) -> Break:
    """What it costs to end a block between two lines, and to join them."""
    (line, trait), (after, next_trait) = left, right
    end = _end_sign(line, trait, next_trait, habits)
    ends, cuts = [end], _cut_signs(trait, habits)
    if habits.indent:
        if after.indent >= 1 and not after.hint.centred:
            cuts.append("cut.indent")
        elif trait.end is not End.STOP:
            ends.append("end.flush")
    if after.blanks != habits.gap:
        cuts.append("cut.apart" if after.blanks > habits.gap else "cut.close")
    if after.hint.joins is not None:
        cuts.append("cut.soft" if after.hint.joins else "cut.new")
        ends += ["end.soft"] * after.hint.joins
    over = _runs_over(line, trait, after, next_trait) if trait.end is not End.STOP else []
    if line.width < _COLUMN:
        cuts.append("cut.tiny")
    if trait.end is not End.STOP:
        cuts += _starts_anew(after, next_trait, habits)
    cost, why = total(ends + over)
    if end == "end.short" and (habits.terse > 0.6 or trait.run > LIST):
        cost -= 0.6 * price_list()[end][0]
    elif habits.stops == 0 and end == "end.long":
        cost -= 0.5 * price_list()[end][0]
    return Break((cost, why), total(cuts), sum(price_list()[sign][0] for sign in over))


def _cut_signs(trait: Trait, habits: Habits) -> list[str]:
    if trait.end is not End.NONE:
        return [f"cut.{trait.end.value}", *_rare(trait, habits)]
    return [f"cut.{'short' if trait.short else 'long'}", *_rare(trait, habits)]


def _end_sign(line: Line, trait: Trait, next_trait: Trait, habits: Habits) -> str:
    if trait.end is not End.NONE:
        return f"end.{trait.end.value}"
    item = trait.style in ("bullet", "circle", "round", "digit", "letter")
    if line.hint.item or (item and not trait.stops and not trait.commas):
        return "end.item"
    labels = {trait.turn, next_trait.turn}
    if trait.short and "" not in labels and not labels & habits.turns:
        return "end.label"
    return "end.short" if trait.short else "end.long"


def _rare(trait: Trait, habits: Habits) -> list[str]:
    if trait.end not in (End.NONE, End.COLON, End.SEMI) or not trait.short:
        return []
    if habits.cuts >= _CUT_OFTEN:
        return []
    return ["cut.some" if habits.cuts else "cut.rare"]


def _runs_over(line: Line, trait: Trait, after: Line, next_trait: Trait) -> list[str]:
    """Signs that the text runs on over the break."""
    signs = []
    first, last = after.text[0], line.text[-1]
    if trait.end in (End.COLON, End.SEMI):
        return ["end.closing"] if first in _CLOSING else []
    if first in _CLOSING:
        signs.append("end.closing")
    elif runs_over(line.text, after.text):
        latin = last.isascii() and first.isascii()
        signs.append("end.number" if latin else "end.word")
    if trait.end is End.NONE and unfinished(trait.tail):
        signs.append("end.unfinished")
    if starts_with(next_trait.head, "starts_open"):
        signs.append("end.starts")
    if trait.head.count("“") > trait.head.count("”") and trait.short:
        signs.append("end.quote")
    return signs


def _starts_anew(after: Line, next_trait: Trait, habits: Habits) -> list[str]:
    """Signs that the line after the break starts something new."""
    signs = []
    if next_trait.style:
        signs.append("cut.numbered")
    elif next_trait.head.startswith("【"):
        signs.append("cut.bracket")
    elif next_trait.turn:
        signs.append("cut.turn" if next_trait.turn in habits.turns else "cut.label")
    elif starts_with(next_trait.head, "starts_fresh"):
        signs.append("cut.fresh")
    if after.hint.kind is BlockKind.HEADING:
        signs.append("cut.new")
    return signs


def pair_cost(left: Trait, right: Trait) -> Cost:
    """The cost of a heading right after a heading."""
    if left.style and left.style == right.style:
        return total(["heading>same"])
    deeper = right.level > left.level if left.level else bool(right.level)
    return total(["heading>deeper" if deeper else "heading>heading"])
