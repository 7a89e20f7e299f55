"""Pages as HTML that ask nothing of any network.

They follow the HTML Living Standard and WCAG 2.2 AA. A Content-Security-Policy allows a page its
own style sheet and script by their SHA-256 (CSP Level 3), sound and pictures from where it lies,
and nothing else. All that comes from a bulletin is text: cleaned, then escaped.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bobao.model import Bulletin
from bobao.publish import pages
from bobao.publish.site import formats, layout, passages, safe
from bobao.publish.site.grouping import years
from bobao.publish.site.links import links_of, summary
from bobao.publish.site.metadata import episode, series
from bobao.publish.site.timeline import timeline
from bobao.publish.site.values import Entry, Links, Site

if TYPE_CHECKING:  # jinja2 is loaded where a page is made
    from jinja2 import Environment
    from markupsafe import Markup

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

_CLAUSES = re.compile(r"(?<=[\u3400-\u9fff”’》」』）！？])([ \u3000])(?=[\u3400-\u9fff“‘《「『（])")

_STYLES = {
    "bulletin.html": ("site.css", "bulletin.css", "player.css"),
    "index.html": ("site.css", "index.css"),
    "transcript.html": ("transcript.css",),
}
_SCRIPTS = {
    "bulletin.html": ("settings.js", "text.js", "player.js"),
    "index.html": ("settings.js",),
    "transcript.html": (),
}


def render_page(bulletin: Bulletin, site: Site, links: Links | None = None) -> str:
    """The page of a bulletin, ``index.html`` in its folder; the same for the same values.

    Without `links` it leads to the bulletin's own products.
    """
    links = links or links_of(bulletin)
    return _render(
        "bulletin.html",
        bulletin=bulletin,
        site=site,
        links=links,
        summary=summary(bulletin),
        timeline=timeline(bulletin),
        metadata=episode(bulletin, site, links),
    )


def render_index(site: Site, entries: Iterable[Entry]) -> str:
    """The station's page at the site's root: the entries newest first, by year and month.

    Of one date, those given first come first; those without one come last.
    """
    ordered = sorted(
        entries, key=lambda entry: entry.date if formats.day(entry.date) else "", reverse=True
    )
    return _render(
        "index.html",
        site=site,
        entries=ordered,
        years=years(ordered[1:]),
        metadata=series(site),
    )


def render_transcript(bulletin: Bulletin, site: Site) -> str:
    """``transcript.html``: who speaks (``cite``), when (``time``) and what (``p``), by paragraph.

    Source: podcast-namespace, docs/examples/transcripts/transcripts.md.
    """
    return _render("transcript.html", bulletin=bulletin, site=site)


def _render(name: str, **values: Any) -> str:
    style, script = _joined(_STYLES[name]), _joined(_SCRIPTS[name])
    template = _environment().get_template(name)
    return template.render(style=style, script=script, policy=_policy(name), **values)


@functools.cache
def _joined(names: Sequence[str]) -> Markup:
    from markupsafe import Markup

    return Markup("").join(Markup(pages.template(__package__, name)) for name in names)  # noqa: S704 - our own files


@functools.cache
def _policy(name: str) -> str:
    """What the page may load. `file:` is for pages opened from a disk: there is no 'self' there."""
    style, script = _joined(_STYLES[name]), _joined(_SCRIPTS[name])
    allowed = {
        "style-src": pages.digest(style),
        "script-src": pages.digest(script) if script else "'none'",
        "img-src": "'self' file: data:",
        "media-src": "'self' file:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return pages.policy(allowed)


def _marked(text: str) -> Markup:
    """Text escaped, its passages in other languages marked."""
    from markupsafe import Markup, escape

    pieces = [
        Markup('<span lang="{}">{}</span>').format(language, piece) if language else escape(piece)
        for language, piece in passages.passages(safe.clean(text))
    ]
    return pieces[0] if len(pieces) == 1 else Markup("").join(pieces)


def _headline(text: str) -> Markup:
    """A title whose clauses, parted by blanks between hanzi, each stay together on a line."""
    from markupsafe import Markup

    pieces = _CLAUSES.split(safe.clean(text))  # clause, blank, clause …
    if len(pieces) == 1:
        return _marked(text)
    clause = Markup('<span class="clause">{}</span>')
    return Markup("").join(
        piece if at % 2 else clause.format(_marked(piece)) for at, piece in enumerate(pieces)
    )


def _data(value: Any) -> Markup:
    from markupsafe import Markup

    return Markup(safe.data(value))  # noqa: S704 - what could end the element is escaped in it


@functools.cache
def _environment() -> Environment:
    environment = pages.environment(
        __package__,
        finalize=lambda value: safe.clean(value) if type(value) is str else value,
        auto_reload=False,
    )
    environment.globals.update(rates=RATES, keymap=KEYMAP, parted=layout.parted)
    environment.filters.update(
        marked=_marked,
        headline=_headline,
        data=_data,
        url=safe.url,
        folder=safe.folder,
        clock=formats.clock,
        length=formats.length,
        iso_length=formats.iso_length,
        iso_time=formats.iso_time,
        seconds=formats.seconds,
        day=formats.day,
        written_day=formats.written_day,
        size=formats.size,
        shown=layout.shown,
        heard=layout.heard,
        blocks=layout.blocks,
        spoken=layout.spoken,
        heading=layout.heading,
        count=len,
    )
    return environment
