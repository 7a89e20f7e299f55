"""Pronunciation lexicons of the W3C, read into entries of ours.

The format is PLS 1.0 (https://www.w3.org/TR/pronunciation-lexicon/): lexemes of graphemes with a
phoneme in some alphabet, or an alias to say in their place. Of several pronunciations the one with
``prefer="true"`` counts, else the first. Phonemes are pinyin; other alphabets are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bobao.errors import BobaoError
from bobao.pronounce.lexicon import Entry, entry

MAX_BYTES = 5_000_000
"""No lexicon of a station is larger."""
_SHOWN = 20
_NAMESPACE = "{http://www.w3.org/2005/01/pronunciation-lexicon}"
_ALPHABETS = ("pinyin", "x-pinyin", "x-bobao-pinyin")


def parse_pls(data: bytes, where: str = "lexicon.pls") -> tuple[Entry, ...]:
    """The entries of a PLS document, one for each grapheme; `where` names the file in errors.

    Raises `BobaoError` with ``file:line``: for what is no PLS, for a document type declaration
    (entities can make a small file endless), and, all in one error, for the lexemes that cannot be
    taken: no reading, an unknown alphabet, a reading that does not fit, or a second reading of a
    word, which only its part of speech could tell from the first.
    """
    root = _root(data, where)
    default = root.get("alphabet", "ipa")
    found: dict[str, Entry] = {}
    faults: list[BobaoError] = []
    for lexeme in _children(root, "lexeme"):
        with _kept(faults):
            for made in _entries(lexeme, default, where):
                _add(found, made)
    if faults:
        raise _together(faults)
    if not found:
        raise BobaoError("there is no lexeme in it", where=where, advice="Is it the right file?")
    return tuple(found.values())


@contextmanager
def _kept(faults: list[BobaoError]) -> Iterator[None]:
    """Put an error with the others, to be told together."""
    try:
        yield
    except BobaoError as error:
        faults.append(error)


def _root(data: bytes, where: str) -> Any:
    if len(data) > MAX_BYTES:
        raise BobaoError(
            f"the lexicon is larger than {MAX_BYTES // 1_000_000} MB",
            where=where,
            advice="Keep the words that your articles have.",
        )
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BobaoError(
            f"not well-formed XML: {error.msg}",
            where=f"{where}:{error.lineno or 1}",
            advice="Export the lexicon again, or mend this line.",
        ) from error
    if root.getroottree().docinfo.doctype:
        raise BobaoError(
            "the file has a document type declaration (<!DOCTYPE …>)",
            where=f"{where}:1",
            advice="Take that declaration out; a PLS lexicon needs none.",
        )
    if root.tag not in {"lexicon", f"{_NAMESPACE}lexicon"}:
        raise BobaoError(
            f"not a PLS lexicon: it begins with <{etree.QName(root).localname}>",
            where=f"{where}:{root.sourceline}",
            advice="A PLS file begins with <lexicon>; a tab-separated one must end in .tsv.",
        )
    return root


def _children(element: Any, *names: str) -> Iterator[Any]:
    wanted = {prefix + name for name in names for prefix in ("", _NAMESPACE)}
    return (child for child in element if child.tag in wanted)


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _entries(lexeme: Any, default: str, where: str) -> Iterator[Entry]:
    """The entries of a lexeme, one for each of its graphemes."""
    at = f"{where}:{lexeme.sourceline}"
    words = [_text(grapheme) for grapheme in _children(lexeme, "grapheme")]
    given = list(_children(lexeme, "phoneme", "alias"))
    if not words or not given:
        raise BobaoError(
            "a lexeme needs a grapheme, and a phoneme or an alias",
            where=at,
            advice="Write <lexeme><grapheme>乐清</grapheme><phoneme>yuè qīng</phoneme></lexeme>.",
        )
    chosen = next((one for one in given if one.get("prefer") == "true"), given[0])
    at = f"{where}:{chosen.sourceline}"
    for word in words:
        yield entry(word, _reading(chosen, default, at), where=at)


def _reading(chosen: Any, default: str, at: str) -> str:
    if chosen.tag.endswith("alias"):
        return _text(chosen)
    alphabet = chosen.get("alphabet", default)
    if alphabet.lower() not in _ALPHABETS:
        raise BobaoError(
            f"phonemes in the alphabet “{alphabet}” are not read",
            where=at,
            advice='Give pinyin, <phoneme alphabet="x-pinyin">yuè qīng</phoneme>, or an <alias> '
            "that sounds the same.",
        )
    return _text(chosen)


def _add(found: dict[str, Entry], made: Entry) -> None:
    known = found.setdefault(made.word, made)
    if (known.pinyin, known.spelling) != (made.pinyin, made.spelling):
        raise BobaoError(
            f"“{made.word}” has another reading already ({known.where})",
            where=made.where,
            advice="A word has one reading here: keep one, and give the other in the script.",
        )


def _together(faults: list[BobaoError]) -> BobaoError:
    """One error that tells all, each with its line."""
    if len(faults) == 1:
        return faults[0]
    first, *others = faults
    told = [f"\n{fault.where}: {fault.what}" for fault in others[: _SHOWN - 1]]
    more = len(faults) - 1 - len(told)
    tail = f"\n… and {more} more" if more else ""
    return BobaoError(first.what + "".join(told) + tail, where=first.where, advice=first.advice)
