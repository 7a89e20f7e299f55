"""From a script to its proof. Nothing is decided here that an editor could not overrule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bobao.desk.changes import Judgement, Wording, bare, notes
from bobao.desk.proof import (
    Asked,
    Doubts,
    Item,
    Piece,
    Playable,
    Proof,
    ProofLine,
    ProofSection,
    Query,
    name_of,
)
from bobao.desk.sounds import Voiced
from bobao.model import Article, BlockKind, Line, LineKind, Script
from bobao.pronounce import EMPTY, Lexicon
from bobao.script.markup import fingerprint, is_edited
from bobao.script.plan import DOUBTFUL, plan
from bobao.script.sentences import sentences
from bobao.script.unread import refused, unread

_JOINED = "; "
_JOINED_LINES = " lines joined"


class Comparison:
    """An article beside its script: what the reader doubted, what an editor took out or put in.

    Texts are compared without their blanks.
    """

    def __init__(self, article: Article, script: Script) -> None:
        self.article = article
        self._lines = tuple(script.lines())
        self._starts: list[int] = []
        written = ""
        for line in self._lines:
            self._starts.append(len(written))
            written += _solid(line.written)
        self._script = written
        self._article = "\n".join(
            [_solid(article.title), *(_solid(block.text) for block in article.blocks)]
        )

    def rewritten(self, line: Line) -> bool:
        """Whether the article does not have what a line writes."""
        return _solid(line.written) not in self._article

    def dropped(self) -> tuple[Item, ...]:
        """The sentences of the article that the script does not have, with the line before each."""
        found: list[Item] = []
        before: tuple[int, ...] = ()
        for kind, text in self._sentences():
            if place := self._place(_solid(text)):
                before = place
            elif _solid(text):
                found.append(Item(text, name_of("blocks", kind.value), before))
        return tuple(found)

    def structure(self) -> tuple[Item, ...]:
        """The blocks that the reader was not sure of."""
        return tuple(
            Item(
                block.text,
                f"{name_of('blocks', block.kind.value)}，{_reason(block.reason)}",
                self._place(_solid(block.text)),
            )
            for block in self.article.blocks
            if block.confidence < DOUBTFUL
        )

    def _sentences(self) -> Iterator[tuple[BlockKind, str]]:
        for block in self.article.blocks:
            rows = block.text.split("\n") if block.kind is BlockKind.TABLE else [block.text]
            for row in rows:
                yield from ((block.kind, text) for text in sentences(row))

    def _place(self, solid: str) -> tuple[int, ...]:
        """The number of the line that a text starts in."""
        at = self._script.find(solid) if solid else -1
        return (bisect_right(self._starts, at),) if at >= 0 else ()


def silent(lines: Sequence[Line]) -> tuple[Item, ...]:
    """The words of a script that are shown and not said, line by line."""
    found = []
    for number, line in enumerate(lines, start=1):
        quiet = [span.written for span in line.spans if not span.spoken]
        text = " ".join(piece.strip() for piece in quiet if any(map(str.isalnum, piece)))
        if text:
            withheld = line.kind is LineKind.WITHHELD
            kind = LineKind.SILENT if not line.spoken and not withheld else line.kind
            found.append(Item(text, name_of("blocks", kind.value), (number,)))
    return tuple(found)


def unvoiced(lines: Sequence[Line]) -> tuple[Item, ...]:
    """The signs that are shown and not said, each once with its lines."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines, start=1):
        quiet = (span.written for span in line.spans if line.spoken and not span.spoken.strip())
        signs = {text.strip() for text in quiet}
        for sign in sorted(signs):
            if sign and not any(map(str.isalnum, sign)):
                found.setdefault(sign, []).append(number)
    return tuple(Item(sign, "", tuple(numbers)) for sign, numbers in found.items())


def _reason(reason: str) -> str:
    """The reader's reason in the desk's words, where the table has it."""
    first, _, rest = reason.partition(_JOINED)
    named = name_of("reasons", first)
    if rest.endswith(_JOINED_LINES):
        return f"{named}；由{rest.removesuffix(_JOINED_LINES)}行接成"
    return named


def _solid(text: str) -> str:
    return "".join(text.split())


def examine(
    script: Script,
    *,
    article: Article | None = None,
    stale: bool = False,
    recordings: Mapping[int, Playable] | None = None,
    lexicon: Lexicon = EMPTY,
) -> Proof:
    """The proof of `script`.

    `article` is what it was drafted from, where that is at hand, and `stale` says that it has
    changed since; `recordings` are those there are by line number, counted from 1 over all lines,
    headings included; `lexicon` overrules readings as it does for the voice. A hanzi that nothing
    can read is a doubt of its line and no error.
    """
    desk = _Examination(
        edited=is_edited(script),
        seed=Comparison(article, script) if article else None,
        recordings=recordings or {},
        lexicon=lexicon,
        headings=frozenset(bare(section.heading.spoken) for section in script.sections),
    )
    sections = tuple(desk.sections(script))
    header = script.header
    return Proof(
        slug=header.slug,
        title=header.title,
        date=header.date,
        source=header.source,
        engine=header.engine,
        voice=header.voice,
        fingerprint=fingerprint(script),
        edited=desk.edited,
        stale=stale,
        sections=sections,
        doubts=_doubts(script, sections, desk.seed),
    )


@dataclass(frozen=True)
class _Examination:
    """What all lines of one proof share."""

    edited: bool
    seed: Comparison | None
    recordings: Mapping[int, Playable]
    lexicon: Lexicon
    headings: frozenset[str]

    def sections(self, script: Script) -> Iterator[ProofSection]:
        """The sections, their lines numbered through."""
        number = 1
        for place, (section, length) in enumerate(
            zip(script.sections, plan(script), strict=True), start=1
        ):
            paragraphs: list[tuple[ProofLine, ...]] = []
            for paragraph in ((section.heading,), *section.paragraphs):
                heading = not paragraphs
                paragraphs.append(tuple(self._lines(paragraph, number, heading=heading)))
                number += len(paragraph)
            yield ProofSection(
                number=place,
                title=section.title,
                heading=paragraphs[0][0],
                paragraphs=tuple(paragraphs[1:]),
                characters=length.characters,
                seconds=length.seconds,
            )

    def _lines(
        self, paragraph: Sequence[Line], number: int, *, heading: bool
    ) -> Iterator[ProofLine]:
        wording = Wording(paragraph, edited=self.edited, headings=self.headings, heading=heading)
        for place, (line, verdicts) in enumerate(
            zip(paragraph, wording.verdicts(), strict=True), start=number
        ):
            yield self._line(line, verdicts, place)

    def _line(self, line: Line, verdicts: Sequence[Judgement], number: int) -> ProofLine:
        voiced = Voiced(line, self.lexicon)
        made, numbers = notes(line.spans, verdicts)
        pieces, at = [], 0
        for span, verdict, note in zip(line.spans, verdicts, numbers, strict=True):
            end = at + len(span.spoken)
            pieces.append(Piece(span.written, voiced.words(at, end), verdict.mark, note))
            at = end
        return ProofLine(
            number=number,
            kind=line.kind,
            level=line.level,
            pieces=tuple(pieces),
            notes=made,
            queries=voiced.queries(),
            unread="".join((*refused(line.spans, self.lexicon), unread(line.spoken))),
            rewritten=self._rewritten(line),
            recording=self.recordings.get(number),
        )

    def _rewritten(self, line: Line) -> bool:
        ours = line.kind is LineKind.TABLE  # its cells stand in another order
        return self.seed is not None and not ours and self.seed.rewritten(line)


def _doubts(script: Script, sections: Sequence[ProofSection], seed: Comparison | None) -> Doubts:
    lines = [line for section in sections for line in section.lines()]
    own = tuple(script.lines())
    return Doubts(
        unread=tuple(Item(line.unread, "", (line.number,)) for line in lines if line.unread),
        readings=tuple(_asked(lines)),
        dropped=seed.dropped() if seed else (),
        rewritten=tuple(Item(line.written, "", (line.number,)) for line in lines if line.rewritten),
        structure=seed.structure() if seed else (),
        silent=silent(own),
        unvoiced=unvoiced(own),
    )


def _asked(lines: Sequence[ProofLine]) -> Iterator[Asked]:
    """The readings to be checked, each once with all its places; names first."""
    places = [(line.number, query) for line in lines for query in line.queries]
    order: dict[tuple[str, str, str], list[tuple[int, Query]]] = {}
    for number, query in places:
        order.setdefault((query.word, query.text, query.reading), []).append((number, query))
    groups = sorted(order.values(), key=lambda group: not group[0][1].name)
    for group in groups:
        query = group[0][1]
        yield Asked(query.text, query.reading, query.others, query.name, query.word, tuple(group))
