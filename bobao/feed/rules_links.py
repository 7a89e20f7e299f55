"""Rules on the addresses in a feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from bobao.feed.document import Element, Part, inside
from bobao.feed.findings import Severity
from bobao.feed.rulebook import Case, Hit, Rule

PLACES: dict[str, str] = {
    "link": "",
    "comments": "",
    "docs": "",
    "itunes:new-feed-url": "",
    "enclosure": "url",
    "atom:link": "href",
    "itunes:image": "href",
    "podcast:transcript": "url",
    "podcast:chapters": "url",
    "podcast:image": "href",
    "podcast:funding": "url",
    "podcast:license": "url",
    "podcast:person": "href",
}
"""Elements that hold an address, and the attribute it stands in (empty: its text)."""
_HTML = ("content:encoded", "description", "itunes:summary")
_LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ILLEGAL = re.compile(r"""[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})""")
_LOOPBACK = re.compile(r"http://(127\.|localhost[:/]|\[::1\])")
_SHOWN = 90  # characters of an address in a message


@dataclass(frozen=True, slots=True)
class Address:
    """An address and the element it stands in."""

    url: str
    element: Element


def addresses(case: Case) -> Iterator[Address]:
    """Every address that has an element of its own."""
    for part in (case.document.channel, *case.document.items):
        for name, attribute in PLACES.items():
            for element in part.all(name):
                url = element.get(attribute) if attribute else inside(element)
                if url:
                    yield Address(url.strip(), element)


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _relative(case: Case) -> Iterator[Hit]:
    for address in addresses(case):
        if not _absolute(address.url):
            yield address.element, f"“{address.url[:_SHOWN]}”"


def _illegal(case: Case) -> Iterator[Hit]:
    for address in addresses(case):
        if _absolute(address.url) and (found := _ILLEGAL.search(address.url)):
            yield address.element, f"“{found[0]}” in {address.url[:_SHOWN]}"


def _insecure(case: Case) -> Iterator[Hit]:
    """The first address without encryption: the rest have the same reason. Not of a trial."""
    for address in addresses(case):
        if address.url.startswith("http://") and not _LOOPBACK.match(address.url):
            yield address.element, address.url[:_SHOWN]
            return


def _in_html(case: Case) -> Iterator[Hit]:
    for part in (case.document.channel, *case.document.items):
        for name in _HTML:
            for element in part.all(name):
                for found in _LINK.finditer(inside(element)):
                    url = unescape(found[1] or found[2] or "").strip()
                    if not re.match(r"(https?://|mailto:|tel:|#)", url, re.IGNORECASE):
                        yield element, f"“{url[:_SHOWN]}”"


def _self_links(part: Part) -> Iterator[Element]:
    return (link for link in part.all("atom:link") if link.get("rel") == "self")


def _no_self(case: Case) -> Iterator[Hit]:
    links = case.document.channel.all("atom:link")
    if links and next(_self_links(case.document.channel), None) is None:
        yield links[0], ""


def _other_self(case: Case) -> Iterator[Hit]:
    for link in _self_links(case.document.channel):
        if case.document.url and link.get("href", "").strip() != case.document.url:
            yield link, f"“{link.get('href', '')[:_SHOWN]}”"


RULES = (
    Rule(
        "url-absolute",
        Severity.ERROR,
        "{} is no whole address",
        "Write it with https:// and the server: a feed is read far from its site.",
        "RSS 2.0",
        _relative,
    ),
    Rule(
        "url-characters",
        Severity.ERROR,
        "an address holds what it may not: {}",
        "Write blanks and all but ASCII as %XX (RFC 3986).",
        "RFC 3986",
        _illegal,
    ),
    Rule(
        "url-https",
        Severity.WARNING,
        "addresses without encryption, the first is {}",
        "Serve the show over https; phones refuse to load the rest.",
        "Apple",
        _insecure,
    ),
    Rule(
        "url-notes",
        Severity.ERROR,
        "the notes have a link that leads nowhere: {}",
        "Write whole addresses in the notes.",
        "RSS best practices",
        _in_html,
    ),
    Rule(
        "self",
        Severity.ERROR,
        'no atom:link has rel="self"',
        "Add one with the feed's own URL.",
        "PSP-1",
        _no_self,
    ),
    Rule(
        "self-same",
        Severity.WARNING,
        "the feed calls itself {}, which is not where it is",
        "Let the two be the same, or readers subscribe to another feed.",
        "PSP-1",
        _other_self,
        own=Severity.ERROR,
    ),
)
