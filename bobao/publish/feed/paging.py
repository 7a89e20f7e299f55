"""A long feed in pages (RFC 5005, 3): the newest items in the document that is subscribed to.

Older pages are filled from the oldest item on and numbered by age (``feed-1.xml`` is the oldest):
a new item changes the first page only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from bobao.publish.feed.values import Channel, Item, Page

MOST = 100
"""Items on the first page, which players load at every look for something new."""
BLOCK = 50
"""Items on each older page; the first keeps more than these."""


def split(count: int) -> list[slice]:
    """Which of `count` items, the newest first, are on which page; one page if there are none."""
    older = max(0, -(-(count - MOST) // BLOCK))
    first = count - older * BLOCK
    starts = range(first, count, BLOCK) if older else ()
    return [slice(0, first), *(slice(start, start + BLOCK) for start in starts)]


def pages(channel: Channel, items: Sequence[Item]) -> Iterator[Page]:
    """The pages of a feed, newest items first."""
    ordered = sorted(items, key=lambda item: (item.published, item.guid), reverse=True)
    parts = split(len(ordered))
    for number, part in enumerate(parts, start=1):
        yield Page(channel, tuple(ordered[part]), number, len(parts))


def page_name(first: str, number: int, count: int) -> str:
    """The file name or URL of a page, given that of the first: ``feed.xml``, ``feed-2.xml``."""
    if number == 1:
        return first
    suffix = PurePosixPath(first).suffix
    return f"{first.removesuffix(suffix)}-{count - number + 1}{suffix}"


def relations(page: Page) -> Iterator[tuple[str, str]]:
    """The relation and URL of a page's links to itself and the others."""
    wanted = {"self": page.number}
    if page.count > 1:
        wanted |= {"first": 1, "previous": page.number - 1, "next": page.number + 1}
        wanted |= {"last": page.count}
    for relation, number in wanted.items():
        if 1 <= number <= page.count:
            yield relation, page_name(page.channel.url, number, page.count)
