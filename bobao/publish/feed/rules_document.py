"""Rules of a feed's document and its addresses; ``data/rules.tsv`` has what each finds in words.

A function is called as its rule, and gives the elements that break it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from bobao.publish.feed.document import ALIASES, Element, inside, named
from bobao.publish.feed.elements import NAMESPACES
from bobao.publish.feed.findings import Case, Hit

_LOOKALIKES = {uri.lower().rstrip("/#").split("://")[-1]: uri for uri in ALIASES}
_ONCE = {
    "channel": """title link description language copyright itunes:author itunes:owner itunes:image
        itunes:explicit itunes:type itunes:new-feed-url podcast:guid podcast:locked podcast:medium
        podcast:license""",
    "item": """title link description guid pubDate itunes:duration itunes:image itunes:explicit
        itunes:season itunes:episode podcast:chapters podcast:season podcast:episode
        psc:chapters""",
}


def rss_version(case: Case) -> Iterator[Hit]:
    if (version := case.document.root.get("version", "")) != "2.0":
        yield case.document.root, version or "none"


def encoding(case: Case) -> Iterator[Hit]:
    if case.document.encoding.upper().replace("_", "-") not in {"UTF-8", "UTF8", "US-ASCII"}:
        yield case.document.root, case.document.encoding


def doctype(case: Case) -> Iterator[Hit]:
    if case.document.doctype:
        yield case.document.root, ""


def namespace(case: Case) -> Iterator[Hit]:
    """Namespaces that are one of ours but for case, scheme or a slash."""
    tags = ((str(e.tag), e) for e in case.document.root.iter() if str(e.tag).startswith("{"))
    for uri, element in {tag[1:].partition("}")[0]: e for tag, e in tags}.items():
        meant = _LOOKALIKES.get(uri.lower().rstrip("/#").split("://")[-1])
        if meant and uri not in ALIASES:
            yield element, f"“{uri}” is not “{meant}”"


def namespaces(case: Case) -> Iterator[Hit]:
    declared = {ALIASES.get(uri) for uri in case.document.root.nsmap.values()}
    for prefix in ("itunes", "podcast", "atom"):
        if prefix not in declared:
            yield case.document.root, f'xmlns:{prefix}="{NAMESPACES[prefix]}"'


def size(case: Case) -> Iterator[Hit]:
    if case.document.bytes > 5_000_000:
        yield case.document.root, f"{case.document.bytes / 1e6:.1f} MB"


def items(case: Case) -> Iterator[Hit]:
    if not case.document.items:
        yield case.document.channel.element, ""


def once(case: Case) -> Iterator[Hit]:
    for level, names in _ONCE.items():
        for each in case.document.parts(level):
            for name in names.split():
                if len(found := each.all(name)) > 1:
                    yield found[1], f"{named(found[1])} {len(found)} times"


_PLACES = {
    "link": "", "comments": "", "docs": "", "itunes:new-feed-url": "",
    "enclosure": "url", "atom:link": "href", "itunes:image": "href", "podcast:transcript": "url",
    "podcast:chapters": "url", "podcast:image": "href", "podcast:funding": "url",
    "podcast:license": "url", "podcast:person": "href",
}  # fmt: skip
"""Elements that hold an address, and the attribute it stands in (empty: its text)."""
_LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ILLEGAL = re.compile(r"""[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})""")
_LOOPBACK = re.compile(r"http://(127\.|localhost[:/]|\[::1\])")
_SHOWN = 90  # characters of an address in a message


def _addresses(case: Case) -> Iterator[tuple[str, Element]]:
    for each in case.parts():
        for name, attribute in _PLACES.items():
            for element in each.all(name):
                if url := element.get(attribute) if attribute else inside(element):
                    yield url.strip(), element


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def url_absolute(case: Case) -> Iterator[Hit]:
    return ((e, f"“{url[:_SHOWN]}”") for url, e in _addresses(case) if not _absolute(url))


def url_characters(case: Case) -> Iterator[Hit]:
    for url, element in _addresses(case):
        if _absolute(url) and (found := _ILLEGAL.search(url)):
            yield element, f"“{found[0]}” in {url[:_SHOWN]}"


def url_https(case: Case) -> Iterator[Hit]:
    """The first address without encryption: the rest have the same reason. Not of a trial."""
    for url, element in _addresses(case):
        if url.startswith("http://") and not _LOOPBACK.match(url):
            yield element, url[:_SHOWN]
            return


def url_notes(case: Case) -> Iterator[Hit]:
    for each in case.parts():
        for name in ("content:encoded", "description", "itunes:summary"):
            for element in each.all(name):
                for found in _LINK.finditer(inside(element)):
                    url = unescape(found[1] or found[2] or "").strip()
                    if not re.match(r"(https?://|mailto:|tel:|#)", url, re.IGNORECASE):
                        yield element, f"“{url[:_SHOWN]}”"


def _self_links(case: Case) -> list[Element]:
    return [e for e in case.document.channel.all("atom:link") if e.get("rel") == "self"]


def self(case: Case) -> Iterator[Hit]:
    if (links := case.document.channel.all("atom:link")) and not _self_links(case):
        yield links[0], ""


def self_same(case: Case) -> Iterator[Hit]:
    for link in _self_links(case):
        if case.document.url and link.get("href", "").strip() != case.document.url:
            yield link, f"“{link.get('href', '')[:_SHOWN]}”"
