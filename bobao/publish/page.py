"""The pages as HTML that ask nothing of any network: a bulletin's, its transcript, the station's.

They follow the HTML Living Standard and WCAG 2.2 AA. A Content-Security-Policy allows a page its
own style sheet and script by their SHA-256 (CSP Level 3), sound and pictures from where it is, and
nothing else. All that comes from a bulletin is text: cleaned, then escaped.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from bobao.model import Bulletin, Cue, LineKind
from bobao.publish import layout, outputs, pages, text
from bobao.publish.layout import heard, shown, summary
from bobao.publish.outputs import INDEX, Listing, Masthead, Material
from bobao.words import cut

RATES = (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.7, 2)
"""Speeds to choose from. Practised listeners of screen readers use the upper end."""

KEYMAP: tuple[tuple[tuple[str, ...], str], ...] = (
    (("K",), "播放或暂停"),
    (("J", "L"), "后退、前进 10 秒"),
    (("P", "N"), "上一章、下一章"),
    ((",", "."), "放慢、加快"),
    (("-", "="), "音量减小、加大"),
    (("M",), "静音"),
    (("G",), "回到正在播放处"),
    (("?",), "打开这张表"),
)
"""The keys that player.js knows, as the page explains them."""

_PARTS = {
    "bulletin.html": (
        ("site.css", "bulletin.css", "player.css"),
        ("settings.js", "text.js", "player.js"),
    ),
    "index.html": (("site.css", "index.css"), ("settings.js", "index.js")),
    "transcript.html": (("site.css", "transcript.css"), ()),
    "embed.html": (("site.css", "embed.css"), ("embed.js",)),
}
"""The style sheets and scripts of each page."""


def bulletin_page(job: Material) -> str:
    """The page of a bulletin, ``index.html`` in its folder; the same for the same values."""
    bulletin, station, slug = job.bulletin, job.slot.station, job.slot.slug
    there = {file.name: file.bytes for file in (*bulletin.products, *job.beside)}
    links = {
        "audio": f"{slug}.mp3",
        "cover": next((name for name in outputs.COVERS if name in there), ""),
        "home": f"../{INDEX}",
        "feed": f"../{station.feed}" if station.feed else "",
        "page": f"{slug}/{INDEX}",
        "newer": job.slot.newer,
        "older": job.slot.older,
        "embed": _frame(job),
        "oembed": f"{_root(job)}oembed.json" if station.base_url else "",
        "downloads": [
            _download(name, output.label, there, output.note)
            for output in outputs.OUTPUTS
            if output.label and (name := output.file(slug)) in there
        ],
        "chapters": [
            _download(chapter.file, chapter.title, there)
            for chapter in bulletin.chapters
            if chapter.file in there
        ],
    }
    return _render(
        "bulletin.html",
        bulletin=bulletin,
        site=station,
        links=links,
        summary=summary(bulletin),
        timeline=timeline(bulletin),
        script_of=_script_of(bulletin, station),
        metadata=_episode(bulletin, station, links),
    )


def _script_of(bulletin: Bulletin, station: Masthead) -> str:
    """The language of the article where it is in other hanzi than the page: ``zh-Hant``."""
    if station.language != "zh-CN":
        return ""
    lines = (cue.line.written for cue in bulletin.cues() if cue.line.kind is not LineKind.SIGNPOST)
    return "zh-Hant" if is_traditional("".join(lines)) else ""


WIDTH, HEIGHT = 480, 240
"""Pixels of the small player on another site; it takes what width it is given."""


def embed_page(job: Material) -> str:
    """``embed.html``: a small player for other sites; it asks nothing of any but its own."""
    there = {file.name for file in (*job.bulletin.products, *job.beside)}
    cover = next((name for name in outputs.COVERS if name in there), "")
    links = {"audio": f"{job.slot.slug}.mp3", "cover": cover}
    return _render("embed.html", bulletin=job.bulletin, site=job.slot.station, links=links)


def oembed(job: Material) -> str:
    """``oembed.json``: what a site that is given the page's address shows (oembed.com, 1.0)."""
    station = job.slot.station
    found = {
        "version": "1.0",
        "type": "rich" if station.base_url else "link",
        "title": text.clean(job.bulletin.header.title),
        "author_name": text.clean(station.author or station.name),
        "provider_name": text.clean(station.name),
        "provider_url": station.base_url,
        "html": _frame(job),
        "width": WIDTH if station.base_url else 0,
        "height": HEIGHT if station.base_url else 0,
    }
    return json.dumps(_filled(found), ensure_ascii=False, indent=1) + "\n"


def _root(job: Material) -> str:
    """The address of the bulletin's folder; relative to nothing where the site has no address."""
    return f"{job.slot.station.base_url}{text.url(job.slot.slug)}/"


def _frame(job: Material) -> str:
    """The line that puts the small player into another page; empty without an address."""
    if not job.slot.station.base_url:
        return ""
    title = escape(text.clean(job.bulletin.header.title))
    return (
        f'<iframe src="{escape(_root(job))}embed.html" title="{title}" width="100%" '
        f'height="{HEIGHT}" style="border:0;max-width:44rem" loading="lazy" allow="autoplay">'
        "</iframe>"
    )


def _qr(address: str) -> Markup:
    """The picture of an address for a phone's camera; black on white in every dress."""
    import segno

    drawn = segno.make(address, error="m", micro=False).svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=3, svgversion=2.0
    )
    label = 'role="img" aria-label="订阅地址的二维码" '
    return Markup(drawn.replace("<svg ", f"<svg {label}", 1))  # noqa: S704 - it holds no text


def index_page(station: Masthead, listings: Iterable[Listing]) -> str:
    """The station's page at the site's root: the bulletins newest first, by year and month.

    Of one date, those given first come first; those without one come last.
    """
    ordered = sorted(listings, key=lambda e: e.date if text.day(e.date) else "", reverse=True)
    series = {
        "@context": "https://schema.org",
        "@type": "PodcastSeries",
        "name": text.clean(station.name),
        "description": text.clean(station.description),
        "inLanguage": station.language,
        "url": station.base_url,
        "webFeed": f"{station.base_url}{text.url(station.feed)}" if station.feed else "",
    }
    return _render(
        "index.html",
        site=station,
        entries=ordered,
        years=_years(ordered[1:]),
        metadata=_filled(series),
    )


def transcript(job: Material) -> str:
    """``transcript.html``: who speaks (``cite``), when (``time``) and what (``p``), by paragraph.

    Source: podcast-namespace, docs/examples/transcripts/transcripts.md.
    """
    return _render("transcript.html", bulletin=job.bulletin, site=job.slot.station)


def _download(name: str, label: str, there: dict[str, int], note: str = "") -> dict[str, Any]:
    kind = outputs.media_type(name)
    return {"path": name, "label": label, "type": kind, "bytes": there[name], "note": note}


def _years(listings: Sequence[Listing]) -> list[dict[str, Any]]:
    """Bulletins that are in order, by year and month; a number is 0 where there is no date."""

    def month(entry: Listing) -> tuple[int, int]:
        found = text.day(entry.date)
        return (found.year, found.month) if found else (0, 0)

    years = []
    for year, group in groupby(listings, key=lambda entry: month(entry)[0]):
        members = list(group)
        months = [{"number": m, "entries": [*e]} for (_, m), e in groupby(members, key=month)]
        years.append({"number": year, "size": len(members), "months": months})
    return years


# ── What machines are told ──────────────────────────────────────────────────────────────────────

_FEATURES = (
    *("transcript", "synchronizedAudioText", "structuralNavigation", "displayTransformability"),
    "readingOrder",
)


def _episode(bulletin: Bulletin, station: Masthead, links: dict[str, Any]) -> dict[str, Any]:
    """A ``PodcastEpisode`` of schema.org: its sound, and how it can be taken in."""
    root = station.base_url + text.folder(links["page"]) if station.base_url else ""
    date = bulletin.header.date
    found = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": text.clean(bulletin.header.title),
        "url": f"{station.base_url}{text.url(links['page'])}" if root else "",
        "description": text.clean(summary(bulletin)),
        "datePublished": date if text.day(date) else "",
        "inLanguage": station.language,
        "timeRequired": text.iso_length(bulletin.duration_ms),
        "accessMode": ["auditory", "textual"],
        "accessModeSufficient": ["auditory", "textual"],
        "accessibilityFeature": list(_FEATURES),
        "partOfSeries": _filled({"@type": "PodcastSeries", "name": text.clean(station.name)}),
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": f"{root}{text.url(links['audio'])}",
            "encodingFormat": "audio/mpeg",
            "duration": text.iso_length(bulletin.duration_ms),
        },
    }
    return _filled(found)


def _filled(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if value}


def timeline(bulletin: Bulletin) -> dict[str, Any]:
    """Chapters and cues as data in the page; times are milliseconds.

    ``cues`` has one entry for each sentence of the page that is heard, in the order of the page:
    ``[start, end, words]``. ``words`` are runs of three numbers for each word: its length in UTF-16
    code units, and when it starts and ends after the start of its cue. What takes no time is only
    shown.
    """
    return {
        "slug": bulletin.header.slug,
        "title": text.clean(bulletin.header.title),
        "duration": bulletin.duration_ms,
        "chapters": [[c.start_ms, c.end_ms, text.clean(c.title)] for c in bulletin.chapters],
        "cues": [
            [cue.start_ms, cue.end_ms, _words(cue)]
            for cue in bulletin.cues()
            if heard(cue) and shown(cue).strip()
        ],
    }


def _words(cue: Cue) -> list[int]:
    """Nothing where the words do not join to what is shown: then only the sentence is marked."""
    words = [word for word in cue.words if word.written]
    if "".join(word.written for word in words) != shown(cue):
        return []
    runs: list[int] = []
    for word in words:
        units = len(text.clean(word.written).encode("utf-16-le", "surrogatepass")) // 2
        runs += units, word.start_ms - cue.start_ms, word.end_ms - cue.start_ms
    return runs


# ── Passages in other languages ─────────────────────────────────────────────────────────────────

_LETTER = r"A-Za-z\u00c0-\u024f"
_LATIN = rf"[{_LETTER}][{_LETTER}'’\-]{{0,60}}"
_MORE = rf"(?:[ \u00a0](?:{_LATIN}|[0-9]{{1,20}}|&)[.,;:!?]?){{0,400}}"
_SCRIPTS = (
    ("en", rf"(?<![{_LETTER}]){_LATIN}[.,;:!?]?{_MORE}[ \u00a0]{_LATIN}[.!?]?"),
    ("ja", r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]{2,64}"),
    ("ko", r"[\uac00-\ud7a3]{1,64}(?:[ ][\uac00-\ud7a3]{1,64})*"),
    ("ru", r"[\u0400-\u045f]{2,64}(?:[ ,.-]{1,2}[\u0400-\u045f]{1,64})*"),
    ("ar", r"[\u0620-\u064a]{2,64}(?:[ ،.]{1,2}[\u0620-\u064a]{1,64})*"),
    ("th", r"[\u0e01-\u0e4e]{2,64}"),
)
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SCRIPTS))
_CANDIDATE = re.compile(r"[A-Za-z\u00c0-\u30ff\uac00-\ud7a3]")
_WORD = re.compile(r"[a-z\u00df-\u024f]{2,60}")
"""A word of a language, not letters: at least two small ones together."""


def passages(line: str) -> Iterator[tuple[str, str]]:
    """`line` cut into (language, piece), the language empty for the page's own. Joined: `line`.

    A screen reader has to change its voice there (WCAG 3.1.2, which leaves out names, technical
    terms and single borrowed words: ``5G`` and ``WPS`` stay Chinese text). A passage in Latin
    letters is two words or more and is taken for English: in Chinese articles it nearly always is,
    and the letters alone cannot tell.
    """
    done = 0
    for match in _ANY.finditer(line) if _CANDIDATE.search(line) else ():
        language = match.lastgroup or ""
        if language == "en" and sum(1 for _ in _WORD.finditer(match[0])) < 2:
            continue
        if match.start() > done:
            yield "", line[done : match.start()]
        yield language, match[0]
        done = match.end()
    if done < len(line):
        yield "", line[done:]


def is_traditional(line: str) -> bool:
    """Whether a text is in traditional hanzi: more of it is only in Big5 than only in GB 2312.

    Those two sets are what each side wrote with; most hanzi are in both, and tell nothing.
    """
    hanzi = [char for char in line if "\u4e00" <= char <= "\u9fff"]
    found = [(_has(char, "big5"), _has(char, "gb2312")) for char in hanzi]
    return found.count((True, False)) > found.count((False, True))


@functools.cache
def _has(char: str, charset: str) -> bool:
    try:
        return bool(char.encode(charset))
    except UnicodeEncodeError:
        return False


# ── Templates ───────────────────────────────────────────────────────────────────────────────────


def _render(name: str, **values: Any) -> str:
    style, script, policy = _assets(name)
    template = _environment().get_template(name)
    return template.render(style=style, script=script, policy=policy, **values)


@functools.cache
def _assets(name: str) -> tuple[Markup, Markup, str]:
    """Style sheet and script of a page, and what it may load.

    `file:` is for pages opened from a disk: there is no 'self' there.
    """
    style, script = (
        Markup("").join(Markup(pages.template(__package__, part)) for part in parts)  # noqa: S704 - our own files
        for parts in _PARTS[name]
    )
    allowed = {
        "style-src": pages.digest(style),
        "script-src": pages.digest(script) if script else "'none'",
        "img-src": "'self' file: data:",
        "media-src": "'self' file:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return style, script, pages.policy(allowed)


def _marked(line: str) -> Markup:
    """Text escaped, its passages in other languages marked."""
    span = Markup('<span lang="{}">{}</span>')
    pieces = (
        span.format(language, piece) if language else escape(piece)
        for language, piece in passages(text.clean(line))
    )
    return Markup("").join(pieces)


_CLAUSES = re.compile(r"(?<=[\u3400-\u9fff”’》」』）！？])([ \u3000])(?=[\u3400-\u9fff“‘《「『（])")


def _headline(line: str) -> Markup:
    """A title that breaks between words, its clauses each on a line where there is room."""
    pieces = _CLAUSES.split(text.clean(line))  # clause, blank, clause …
    if len(pieces) == 1:
        return _breakable(line)
    clause = Markup('<span class="clause">{}</span>')
    return Markup("").join(
        piece if at % 2 else clause.format(_breakable(piece)) for at, piece in enumerate(pieces)
    )


def _breakable(line: str) -> Markup:
    """Text with a place to break after each word, for what is set with ``word-break: keep-all``."""
    parts = [
        Markup("<wbr>").join(map(escape, cut(piece))) if not language else
        Markup('<span lang="{}">{}</span>').format(language, piece)
        for language, piece in passages(text.clean(line))
    ]  # fmt: skip
    return Markup("<wbr>").join(parts)


def _data(value: Any) -> Markup:
    return Markup(text.data(value))  # noqa: S704 - what could end the element is escaped in it


@functools.cache
def _environment() -> Environment:
    environment = pages.environment(
        __package__,
        finalize=lambda value: text.clean(value) if type(value) is str else value,
        auto_reload=False,
    )
    environment.globals.update(rates=RATES, keymap=KEYMAP, parted=layout.parted, qr=_qr)
    for module, names in (
        (text, "url folder length iso_length iso_time seconds day size written_day"),
        (layout, "shown heard blocks spoken heading parts"),
    ):
        environment.filters.update({name: getattr(module, name) for name in names.split()})
    environment.filters.update(
        clock=text.short_clock, marked=_marked, headline=_headline, data=_data, count=len
    )
    return environment
