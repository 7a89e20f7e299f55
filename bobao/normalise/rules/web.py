"""Web and e-mail addresses and file names: letters stay, figures and signs are said by name."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from bobao.normalise import tables
from bobao.normalise.numbers import one_by_one
from bobao.normalise.scan import Scan, Token

_HINT = re.compile(r"[A-Za-z0-9_%+-]{1,63}(?:://|[.@][A-Za-z0-9_-])")
_MAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)
_URL = re.compile(
    r"(?:[A-Za-z]{2,8}://|www\.(?=[A-Za-z0-9]))[A-Za-z0-9._~:/?#\[\]@!$&'*+,;=%-]{1,2000}", re.I
)
_PIECE = re.compile(r"[A-Za-z]+|\d+|.", re.S)
_PATH = r"(?::\d{2,5})?(?:/[A-Za-z0-9._~/?#=&%+-]{0,2000})?"


@functools.cache
def _domain() -> re.Pattern[str]:
    def ends(group: str) -> str:
        return "|".join(
            sorted(next(row[1] for row in tables.rows("domains") if row[0] == group).split())
        )

    label = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
    return re.compile(
        rf"(?:{label}\.){{1,6}}(?:(?:{ends('domain')})(?![A-Za-z]){_PATH}"
        rf"|(?:{ends('file')})(?![A-Za-z]))",
        re.I,
    )


def address(scan: Scan, at: int) -> Token | None:
    """An e-mail address, a URL, a bare domain (gov.cn) or a file name (report.pdf)."""
    if not _HINT.match(scan.text, at):
        return None
    for pattern, rule in ((_MAIL, "mail"), (_URL, "url"), (_domain(), "url")):
        found = pattern.match(scan.text, at)
        if found:
            written = found[0].rstrip(".,;:!?'")
            spoken = "".join(map(_say(scan.style.yao), _PIECE.findall(written)))
            return Token(at, at + len(written), spoken, "address", rule)
    return None


def _say(yao: bool) -> Callable[[str], str]:
    names = tables.mapping("address")

    def say(piece: str) -> str:
        if piece.isdigit():
            return one_by_one(piece, yao=yao)
        return piece if piece.isalpha() else names.get(piece, "")

    return say
