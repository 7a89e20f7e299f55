"""Bytes to text: which encoding, and never mojibake."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources

from bobao.errors import BobaoError
from bobao.model import LOST

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "ascii": "utf-8",
    "utf8": "utf-8",
}
"""Encodings that are in practice used for text of their larger relative."""

_CHINESE = ("gb18030", "big5hkscs")
_SAMPLE = 60_000
"""Bytes that are enough to tell one encoding from another."""
_FEW, _DAMAGE = 3, 0.001
"""Lost characters, and their share, up to which a text is a damaged one and no other encoding."""
_AFTER_LOST = re.compile(f"{LOST}([^\\x00-\\x7f]{{4,40}})")
_ORDINARY = 0.25
"""Share of the common characters above which text is surely Chinese: running text has 0.6–0.8,
text decoded wrongly under 0.1."""
_TEXT_CONTROLS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85")


def decode(data: bytes, declared: str = "", where: str = "") -> tuple[str, str]:
    """The text of `data` (no byte order mark) and the name of its encoding.

    In order: byte order mark, strict UTF-8, UTF-16 by its zeros, the `declared` encoding, GB 18030
    or Big5 by how ordinary the characters come out, then charset-normalizer. gb2312 and gbk are
    read as gb18030, big5 as big5hkscs. Raises `BobaoError` for what is no text in any of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (text := _strict(data[len(mark) :], encoding)) is not None:
            return _checked(text, where), encoding
    for encoding in _likely(data, declared):
        if encoding and (text := _strict(data, encoding)) is not None and not _binary(text):
            return text, encoding
    raise _not_text(where)


def decode_damaged(data: bytes, declared: str = "", where: str = "") -> tuple[str, str]:
    """Like `decode`, but U+FFFD stands for a few characters that cannot be decoded.

    Web pages often hold such: a server has cut a description in the middle of a character. What
    follows it up to the next ASCII character must be as ordinary as the rest: where a byte is lost,
    it would be other characters.
    """
    try:
        return decode(data, declared, where)
    except BobaoError:
        for encoding in ("utf-8", _known(declared), _CHINESE[0]):
            try:
                text = data.decode(encoding, "replace")
            except LookupError:
                continue
            few = text.count(LOST) <= _FEW + _DAMAGE * len(text)
            whole = few and _ordinary(text[:_SAMPLE]) > _ORDINARY and not _binary(text)
            if whole and all(_ordinary(after) > _ORDINARY for after in _AFTER_LOST.findall(text)):
                return text, encoding
        raise


def _likely(data: bytes, declared: str) -> Iterator[str]:
    """The encodings to try, the surest first; the dearer guesses are made only when asked for."""
    yield "utf-8"
    yield _sixteen(data)
    yield _known(declared)
    yield _chinese(data)
    yield _guessed(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str, where: str) -> str:
    if _binary(text):
        raise _not_text(where)
    return text


def _not_text(where: str) -> BobaoError:
    return BobaoError(
        "this is not text in any encoding that could be recognised",
        where=where,
        advice="Save the article as UTF-8 text and try again.",
    )


def _binary(text: str) -> bool:
    """Whether `text` holds more control characters than a stray one now and then."""
    sample = text[:_SAMPLE]
    controls = sum((c < " " or "\x7f" <= c < "\xa0") and c not in _TEXT_CONTROLS for c in sample)
    return controls * 50 > len(sample)


def _sixteen(data: bytes) -> str:
    """The UTF-16 without a mark that makes ordinary text of `data`, if one does."""
    if len(data) % 2 or len(data) < 4:
        return ""
    texts = {e: data[:_SAMPLE].decode(e, "replace") for e in ("utf-16-le", "utf-16-be")}
    best = max(texts, key=lambda e: _ordinary(texts[e]) + _plain(texts[e]))
    sure = _ordinary(texts[best]) + _plain(texts[best]) > 0.5 and not _binary(texts[best])
    return best if sure else ""


def _plain(text: str) -> float:
    return len(re.findall(r"[\w \n\r\t.,:;!?]", text, re.ASCII)) / max(1, len(text))


def _known(declared: str) -> str:
    name = declared.strip().strip("\"'").lower().replace("_", "-")
    return _WIDER.get(name, name)


def _chinese(data: bytes) -> str:
    """GB 18030 or Big5, whichever gives the more ordinary Chinese; "" where neither does."""
    shares = {}
    for encoding in _CHINESE:
        if _strict(data, encoding) is not None:
            shares[encoding] = _ordinary(data[:_SAMPLE].decode(encoding, "ignore"))
    best = max(shares, key=lambda e: shares[e], default="")
    return best if best and shares[best] > _ORDINARY else ""


def _ordinary(text: str) -> float:
    """The share of common characters among those that are not ASCII."""
    wide = text.encode("ascii", "ignore")
    others = len(text) - len(wide)
    return sum(text.count(c) for c in _common() & set(text)) / others if others else 0.0


@functools.cache
def _common() -> frozenset[str]:
    table = resources.files("bobao.reading").joinpath("data/common.txt").read_text("utf-8")
    return frozenset("".join(line for line in table.splitlines() if not line.startswith("#")))


def _guessed(data: bytes) -> str:
    """What charset-normalizer thinks; nothing for Chinese that is damaged."""
    from charset_normalizer import from_bytes

    if any(_ordinary(data[:_SAMPLE].decode(e, "ignore")) > _ORDINARY for e in _CHINESE):
        return ""
    best = from_bytes(data[:_SAMPLE]).best()
    return _known(best.encoding) if best else ""
