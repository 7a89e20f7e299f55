"""From what a person typed to a seed: a file, a name in seeds/, or an address of the web.

What is fetched is kept in ``seeds/`` as it came, so that every later step works from the file.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path, PurePath

from bobao.errors import BobaoError
from bobao.files import safe_name, write_bytes
from bobao.model import Article, BlockKind
from bobao.reading import read_article
from bobao.reading.addresses import is_url
from bobao.reading.fetch import LIMITS, Fetched
from bobao.reading.formats import format_of
from bobao.station.workspace import Workspace

STANDARD_INPUT = "-"
_SILENT = (BlockKind.META, BlockKind.FURNITURE)


def seed_of(workspace: Workspace, typed: str, *, private: bool = False) -> Path:
    """The seed that a person means by `typed`.

    An article on the web is fetched and put into `seeds/` under its title, or found there if it is
    still the same, and so is the one that “-” reads from standard input; `private` allows addresses
    of one's own network. Raises `BobaoError` for what is
    not there, cannot be fetched, or holds no article.
    """
    if typed == STANDARD_INPUT:
        return kept(workspace.seeds, _piped())
    if not is_url(typed):
        return workspace.find_seed(typed)
    from bobao.reading.fetch import fetch

    return kept(workspace.seeds, fetch(typed, private=private))


def _piped() -> Fetched:
    """What came through standard input. Raises `BobaoError` for more than an article may have."""
    data = sys.stdin.buffer.read(LIMITS.size + 1)
    if len(data) > LIMITS.size:
        raise BobaoError(
            f"the article is larger than {LIMITS.size // 1_000_000} MB",
            where="standard input",
            advice="Split it: one article a file.",
        )
    return Fetched(data, "article", "standard input")


def kept(folder: Path, fetched: Fetched) -> Path:
    """Keep a fetched article in `folder`; no file that holds another article is touched.

    A page whose article is the same as in a file that is there already is not written again, though
    its counters and links have changed. Raises `BobaoError` for a document without an article.
    """
    try:
        article = read_article(fetched.data, fetched.name)
    except BobaoError as error:
        raise BobaoError(error.what, where=fetched.url, advice=error.advice) from error
    name = safe_name(article.title or PurePath(fetched.name).stem, fallback="article")
    ending = _ending(fetched)
    for number in count(1):
        path = folder / f"{name}{f' {number}' if number > 1 else ''}{ending}"
        if not path.exists():
            write_bytes(path, fetched.data)
            return path
        if _same(path, fetched.data, article):
            return path
    raise AssertionError("unreachable")


def _ending(fetched: Fetched) -> str:
    """The file name ending that tells the format of what was fetched."""
    form = format_of(fetched.data, fetched.name)
    ending = PurePath(fetched.name).suffix.lower()
    return ending if ending and ending in form.endings else form.endings[0]


def _same(path: Path, data: bytes, article: Article) -> bool:
    """Whether the file at `path` holds the article."""
    try:
        before = path.read_bytes()
        return before == data or _words(read_article(before, path.name)) == _words(article)
    except (OSError, BobaoError):
        return False


def _words(article: Article) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in article.blocks if block.kind not in _SILENT]
