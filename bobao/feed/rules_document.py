"""Rules on the document as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.feed.document import ALIASES, named
from bobao.feed.elements import NAMESPACES
from bobao.feed.findings import Severity
from bobao.feed.rulebook import Case, Hit, Rule

LARGE_BYTES = 5_000_000
_LOOKALIKES = {uri.lower().rstrip("/#").split("://")[-1]: uri for uri in ALIASES}
_ONCE = {
    "channel": """title link description language copyright itunes:author itunes:owner itunes:image
        itunes:explicit itunes:type itunes:new-feed-url podcast:guid podcast:locked podcast:medium
        podcast:license""",
    "item": """title link description guid pubDate itunes:duration itunes:image itunes:explicit
        itunes:season itunes:episode podcast:chapters podcast:season podcast:episode
        psc:chapters""",
}


def _version(case: Case) -> Iterator[Hit]:
    version = case.document.root.get("version", "")
    if version != "2.0":
        yield case.document.root, version or "none"


def _encoding(case: Case) -> Iterator[Hit]:
    if case.document.encoding.upper().replace("_", "-") not in {"UTF-8", "UTF8", "US-ASCII"}:
        yield case.document.root, case.document.encoding


def _doctype(case: Case) -> Iterator[Hit]:
    if case.document.doctype:
        yield case.document.root, ""


def _lookalikes(case: Case) -> Iterator[Hit]:
    """Namespaces that are one of ours but for case, scheme or a slash."""
    uris = {u: e for e in case.document.root.iter() for u in _uris(e)}
    for uri, element in uris.items():
        meant = _LOOKALIKES.get(uri.lower().rstrip("/#").split("://")[-1])
        if meant and uri not in ALIASES:
            yield element, f"“{uri}” is not “{meant}”"


def _uris(element: object) -> Iterator[str]:
    tag = getattr(element, "tag", "")
    if isinstance(tag, str) and tag.startswith("{"):
        yield tag[1:].partition("}")[0]


def _missing_namespaces(case: Case) -> Iterator[Hit]:
    declared = {ALIASES.get(uri) for uri in case.document.root.nsmap.values()}
    for prefix in ("itunes", "podcast", "atom"):
        if prefix not in declared:
            yield case.document.root, f'xmlns:{prefix}="{NAMESPACES[prefix]}"'


def _large(case: Case) -> Iterator[Hit]:
    if case.document.bytes > LARGE_BYTES:
        yield case.document.root, f"{case.document.bytes / 1e6:.1f} MB"


def _empty(case: Case) -> Iterator[Hit]:
    if not case.document.items:
        yield case.document.channel.element, ""


def _twice(case: Case) -> Iterator[Hit]:
    for level, names in _ONCE.items():
        for part in case.document.parts(level):
            for name in names.split():
                if len(found := part.all(name)) > 1:
                    yield found[1], f"{named(found[1])} {len(found)} times"


RULES = (
    Rule(
        "rss-version",
        Severity.ERROR,
        "the version of RSS is {}, not 2.0",
        'Write <rss version="2.0">.',
        "RSS 2.0",
        _version,
    ),
    Rule(
        "encoding",
        Severity.ERROR,
        "the feed is in {}, not in UTF-8",
        "Save it as UTF-8 and say so in its first line.",
        "PSP-1",
        _encoding,
    ),
    Rule(
        "doctype",
        Severity.WARNING,
        "the feed has a DOCTYPE",
        "Leave it out: readers do not load it, some refuse a feed that has one.",
        "RSS 2.0",
        _doctype,
    ),
    Rule(
        "namespace",
        Severity.ERROR,
        "a namespace is written wrongly: {}",
        "Write it letter by letter as it is defined; players do not see its elements otherwise.",
        "PSP-1",
        _lookalikes,
    ),
    Rule(
        "namespaces",
        Severity.WARNING,
        "the first element lacks {}",
        "Declare the namespace there.",
        "PSP-1",
        _missing_namespaces,
    ),
    Rule(
        "size",
        Severity.WARNING,
        "the feed has {}, which players load at every look",
        "Put older items on further pages (RFC 5005).",
        "RFC 5005",
        _large,
    ),
    Rule(
        "items",
        Severity.WARNING,
        "the feed has no items",
        "Directories take a show with one episode at least.",
        "Apple",
        _empty,
    ),
    Rule(
        "once",
        Severity.ERROR,
        "{}: it may be there once",
        "Keep one; readers take the first or the last.",
        "RSS 2.0",
        _twice,
    ),
)
