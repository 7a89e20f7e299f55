"""What no voice can read: nothing of it may be left in what is said, nor silently left out.

Where nobody knows what to say, U+FFFD stands in its place in what is said (``{ก|�}``), and nothing
is recorded until somebody has decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from bobao.errors import BobaoError
from bobao.model import LOST, Article, BlockKind, Line, Script, Span
from bobao.normalise import cardinal
from bobao.pronounce.letters import sayable
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.script.spans import Spans, spoken, tidy

_SIGNS = frozenset("%‰‱&@#*/\\§¶†‡※％＃＠＆＊／＼﹪﹟﹠﹡")
_ZERO = "〇"  # Unicode has it as a number, readers as the hanzi 零


def is_unread(char: str) -> bool:
    """Whether `char` is a digit, a symbol or a control, which no voice can say as it stands."""
    if char.isalpha() or char in (_ZERO, LOST):
        return False
    category = unicodedata.category(char)
    return category[0] in "NSC" or category == "Pc" or char in _SIGNS


def unread(text: str) -> str:
    """The unread signs of `text`, in order."""
    return "".join(filter(is_unread, text))


def heard(text: str) -> bool:
    """Whether there is anything in `text` for a voice to say, or for somebody to decide."""
    return any(char.isalpha() or char in (_ZERO, LOST) for char in text)


def swept(spans: Spans) -> Spans:
    """`spans` with nothing unread left in what is said.

    Digits that were left are said one by one (or as a number, for ² ① Ⅻ), other signs are shown
    only. This is the net below `bobao.normalise`, for text that no rule foresaw.
    """
    if not unread("".join(span.spoken for span in spans)):
        return spans
    done: list[Span] = []
    for span in spans:
        if span.plain:
            done += [_read(char) for char in span.written]
        else:
            said = "".join(_read(char).spoken for char in span.spoken)
            done.append(Span(span.written, said, span.reading))
    return tidy(done)


def _read(char: str) -> Span:
    if not is_unread(char):
        return Span(char, char)
    value = unicodedata.numeric(char, -1.0)
    return Span(
        char, cardinal(str(int(value)), liang=False) if value >= 0 and value == int(value) else ""
    )


def refusing(normalise: Callable[[str], Spans], lexicon: Lexicon = EMPTY) -> Callable[[str], Spans]:
    """`normalise`, which also marks what neither a voice nor `lexicon` can say."""

    def marked(text: str) -> Spans:
        spans = normalise(text)
        unknown = _unknown(spans, lexicon)
        return (
            tidy(piece for span in spans for piece in _marked(span, unknown)) if unknown else spans
        )

    return marked


def _marked(span: Span, unknown: re.Pattern[str]) -> Iterator[Span]:
    if not span.plain:
        yield Span(span.written, unknown.sub(LOST, span.spoken), span.reading)
        return
    at = 0
    for found in unknown.finditer(span.written):
        yield Span(*[span.written[at : found.start()]] * 2)
        yield Span(found[0], LOST)
        at = found.end()
    yield Span(*[span.written[at:]] * 2)


def refused(spans: Spans, lexicon: Lexicon = EMPTY) -> tuple[str, ...]:
    """What of a line nobody knows how to say, as it is written, each thing once."""
    unknown = _unknown(spans, lexicon)
    found: list[str] = []
    if unknown is None:
        return ()
    for span in spans:
        places = [] if span.reading else unknown.findall(span.spoken)
        shown = span.written and not span.plain
        found += [span.written] * bool(places) if shown else places
    return tuple(dict.fromkeys(found))


def _unknown(spans: Spans, lexicon: Lexicon) -> re.Pattern[str] | None:
    """Finds runs of what no voice can say in a line; None where there is nothing of the kind."""
    text = spoken(spans)
    strange = {char for char in text if not sayable(char)}
    if strange:
        strange -= {char for entry in lexicon.within(text).entries for char in entry.word}
    some = f"[{re.escape(''.join(sorted(strange)))}]+"
    return re.compile(f"{some}(?: +{some})*") if strange else None


def named(text: str) -> str:
    """`text` with the number and the name of its first character: “ก” (U+0E01 THAI …)."""
    name = unicodedata.name(text[0], "without a name")
    return f"“{text[:20]}” (U+{ord(text[0]):04X} {name}{' …' * (len(text) > 1)})"


_ADVICE = "This is a defect of bobao: please report it with the article."


def prove(article: Article, script: Script) -> None:
    """Raise `BobaoError` at the first block of `article` that `script` does not hold exactly once.

    White space apart, the titles, headings and paragraphs of the script as written must be the
    blocks of the article (and its title, where no block has it), in any order; every line must
    have something to hear or be visibly silent, with no digit or sign left in what is said.
    """
    there = Counter(text for _, text in _chunks(script))
    for where, text in _wanted(article):
        if not there[text]:
            raise BobaoError(f"the script lost {_start(text)}", where=where, advice=_ADVICE)
        there[text] -= 1
    for where, text in _chunks(script):
        if there[text]:
            what = f"the article does not have {_start(text)}"
            raise BobaoError(what, where=where, advice=_ADVICE)
    for line in script.lines():
        _prove_line(line)


def _prove_line(line: Line) -> None:
    where = _start(line.written or line.spoken)
    if left := unread(line.spoken):
        raise BobaoError(f"“{left}” is left in what is said", where=where, advice=_ADVICE)
    if line.spoken and not heard(line.spoken):
        raise BobaoError(
            "a line has nothing to hear and is not marked silent", where=where, advice=_ADVICE
        )


def _wanted(article: Article) -> Iterator[tuple[str, str]]:
    """The texts that must be there, with a name for each."""
    blocks = [(block.kind, _solid(block.text)) for block in article.blocks]
    if all(kind is not BlockKind.TITLE or not text for kind, text in blocks):
        blocks.insert(0, (BlockKind.TITLE, _solid(article.title)))
    for place, (kind, text) in enumerate(blocks, start=1):
        if text:
            yield f"block {place} ({kind.value})", text


def _chunks(script: Script) -> Iterator[tuple[str, str]]:
    """The headings and paragraphs of a script as written, with a name for each."""
    for place, section in enumerate(script.sections, start=1):
        units = [(section.heading,), *section.paragraphs]
        for unit in units:
            if text := _solid("".join(line.written for line in unit)):
                yield f"section {place}", text


def _solid(text: str) -> str:
    return "".join(text.split())


def _start(text: str) -> str:
    return f"“{text[:24]}…”" if len(text) > 24 else f"“{text}”"
