"""What it costs to take a line for a heading or a caption."""

from __future__ import annotations

import functools
import re

from bobao.reading.habits import Habits
from bobao.reading.joints import unfinished
from bobao.reading.lines import SourceLine
from bobao.reading.paths import Signs, price, strongest, total
from bobao.reading.tablefiles import CREDIT, is_field, word_set
from bobao.reading.traits import CLOSERS, LIST, NONE, PAUSE, STOP, Trait

_PARTICLES = re.compile(r"[的了是都也就还被把从已将仍]")

_CLAUSES = re.compile(r"[^\W\d]\S{3,14} +[^\W\d]\S{3,14}")
"""Two clauses with a space between, as only headlines have them."""


def no_heading(line: SourceLine, trait: Trait) -> bool:
    """Whether a line is surely no heading: it ends as only text does, and nothing marks it."""
    if trait.end == PAUSE:
        return True
    style = trait.style not in ("", "named")
    marked = style or line.hint.bold or line.hint.number or trait.head[0] == "【"
    return trait.end == STOP and not marked and trait.head.rstrip(CLOSERS)[-1:] not in "!?"


def no_caption(line: SourceLine, trait: Trait, habits: Habits) -> bool:
    """Whether a line is surely no caption: it ends as only text does, and no picture is near."""
    if trait.scene >= CREDIT or line.hint.figure:
        return False
    if trait.end == PAUSE:
        return True
    near = habits.pictures and line.blanks >= habits.pictures
    return trait.end == STOP and not near and trait.scene < _SCENE


_SCENE = 2.0
"""Weight of caption signs below which a sentence is no caption."""


def heading_cost(line: SourceLine, trait: Trait, habits: Habits) -> tuple[float, Signs]:
    """The cost of taking a short line for a heading, and what it is made of."""
    signs = ["heading", *_of_text(line, trait, habits), *_of_place(line, habits)]
    if trait.style:
        signs.append(f"heading.{trait.style}")
    if trait.end == NONE and (trait.style or (trait.turn and "label")) in habits.textual:
        signs += ["heading.textual"] * (not trait.leads)
    if trait.head[0] == "【":
        signs.append("heading.bracket")
    if trait.mark and trait.head.startswith("附件"):
        signs.append("heading.attached")
    if trait.turn:
        known = "heading.field" if is_field(trait.turn) else "heading.label"
        signs.append("heading.turn" if trait.turn in habits.turns else known)
    signs += ["heading.number"] * line.hint.number + ["heading.leads"] * trait.leads
    signs += ["heading.again"] * trait.again
    if trait.run > LIST:
        signs.append("heading.run")
    if line.hint.bold:
        signs.append("heading.bold")
    elif not trait.style and trait.head[0] != "【":
        signs += _unlike(line, trait, habits) + ["heading.lone"] * (
            habits.lone and not _CLAUSES.fullmatch(trait.head)
        )
        signs += ["heading.scene"] * habits.scenes
    signs += _shared(line, trait, "heading")
    return total(tuple(signs)), signs


def _of_text(line: SourceLine, trait: Trait, habits: Habits) -> Signs:
    """Signs in how the line ends, in its commas and its width."""
    signs: Signs = []
    if trait.end == STOP:
        signs.append(_stopped(trait, habits))
    elif trait.end != NONE:
        signs.append(f"heading.{trait.end}")
    if trait.stops:
        signs.append("heading.sentences")
    if trait.commas and not habits.comma_heads:
        several = ["heading.comma", "heading.commas"][: trait.commas]
        signs += ["heading.balanced"] if trait.balanced else several
    if line.width > 18:
        signs.append("heading.wide" if line.width > 24 else "heading.long")
    elif line.width < 2.5 and not line.hint.bold:
        signs.append("heading.tiny")
    return signs + ["heading.particle"] * min(2, len(_PARTICLES.findall(trait.head)))


def _stopped(trait: Trait, habits: Habits) -> str:
    if trait.head.rstrip(CLOSERS)[-1:] in "!?":
        return "heading.asks" if habits.asks and trait.asks else "heading.exclaim"
    short = len(trait.head) <= 16 and (not trait.commas or trait.balanced)
    runin = trait.style and short and not trait.stops
    return "heading.runin" if runin and trait.level < 9 else "heading.stop"


def _of_place(line: SourceLine, habits: Habits) -> Signs:
    """Signs in the blanks before the line and its indent."""
    signs: Signs = []
    if habits.pictures and line.blanks > habits.gap:
        signs.append("heading.picture" if line.blanks >= habits.pictures else "heading.gap")
    elif line.blanks > habits.gap > 0:
        signs.append("heading.gap")
    if habits.indent and line.indent < 1 and not line.hint.centred:
        signs.append("heading.flush")
    return signs


def _unlike(line: SourceLine, trait: Trait, habits: Habits) -> Signs:
    """Signs that the line is not like the headings that the document surely has."""
    signs = ["heading.unmarked"] * habits.numbered
    signs += ["heading.unlabelled"] * (habits.label_heads and not trait.turn)
    if habits.head_width:
        wide = line.width > habits.head_width + 3
        comma = trait.commas and not trait.balanced and not habits.comma_heads
        signs += ["heading.unlike"] * bool(wide or comma)
    return signs


def caption_cost(
    line: SourceLine, trait: Trait, habits: Habits, first: bool
) -> tuple[float, Signs]:
    """The cost of taking a line for a caption; `first`: no text stands before it."""
    sure = trait.scene >= CREDIT or line.hint.figure
    signs = ["caption"]
    if trait.end not in (NONE, STOP) or (trait.end == STOP and not sure):
        signs.append(f"caption.{trait.end}")
    if not sure:
        signs += ["caption.comma"] * min(trait.commas, 2) + ["caption.sentences"] * trait.stops
        signs += ["caption.wide"] * (line.width > 24) + ["caption.bracket"] * (
            trait.head[0] == "【"
        )
    if trait.style and trait.style != "bullet" and not (sure and trait.level > 5):
        signs.append("caption.marked")
    if trait.turn and (trait.turn in habits.turns or is_field(trait.turn)):
        signs.append("caption.turn")
    if line.hint.figure:
        signs.append("caption.figure")
    if habits.pictures and line.blanks >= habits.pictures:
        signs.append("caption.picture")
    if trait.run > LIST:
        signs.append("caption.run")
    if habits.scenes:
        signs.append("caption.scenes")
    signs += ["caption.first"] * first + _shared(line, trait, "caption")
    return total(tuple(signs)) - trait.scene, signs


def _shared(line: SourceLine, trait: Trait, kind: str) -> Signs:
    """Signs that headings and captions have in common."""
    signs: Signs = []
    if trait.end == NONE and not trait.leads and unfinished(trait.tail):
        signs.append(f"{kind}.unfinished")
    if trait.short:
        signs += [f"{kind}.prose"] * min(3, len(set(_prose().findall(trait.head))))
    signs += [f"{kind}.quote"] * trait.quote
    if line.hint.item:
        signs.append(f"{kind}.item")
    if line.hint.centred:
        signs.append(f"{kind}.centred")
    return signs


@functools.cache
def _prose() -> re.Pattern[str]:
    return re.compile("|".join(sorted(word_set("prose"), key=len, reverse=True)))


def pair_cost(left: Trait, right: Trait) -> float:
    """The cost of a heading right after a heading."""
    if left.style and left.style == right.style:
        return price("heading>same")
    deeper = right.level > left.level if left.level else bool(right.level)
    return price("heading>deeper" if deeper else "heading>heading")


def reason(signs: Signs, trait: Trait) -> str:
    """Why a line was taken for a heading or caption, from what its cost is made of."""
    plain = signs[0] == "caption" and min(map(price, signs)) >= 0
    return trait.scene_reason if plain and trait.scene else strongest(signs)
