"""A report as one HTML page that asks nothing of any network (HTML Living Standard, WCAG 2.2 AA).

No script runs in it, its style sheet is allowed by its SHA-256 (CSP Level 3), and all text is
escaped. Times are links into the bulletin's MP3 (Media Fragments URI 1.0), which a browser plays.
What a finding says is in ``data/messages.tsv`` and ``data/checks.tsv``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bobao import files
from bobao.files import write_text
from bobao.publish import pages
from bobao.verify.evidence import Finding
from bobao.verify.hearing.verdicts import share

if TYPE_CHECKING:
    from jinja2 import Environment

    from bobao.station.workspace import Workspace
    from bobao.verify.verify import Report


ENGLISH, CHINESE = 0, 1
"""Columns of the tables: the command line speaks English, the page Chinese."""
LONGEST = 60
"""Characters of a text that are shown."""


def phrase(finding: Finding, slug: str, language: int) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    what, advice = _messages()[finding.message][2 * language : 2 * language + 2]
    values = {name: shortened(visible(text)) for name, text in finding.values.items()}
    return _filled(what, {**values, "slug": slug}), _filled(advice, {**values, "slug": slug})


def title(check: str, language: int) -> str:
    """What a check is called."""
    return _checks()[check][language]


def visible(text: str) -> str:
    """`text` with every character that does not show, or moves others, as its number: U+202E."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)


def shortened(text: str) -> str:
    """The start of a long text."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def clock(ms: int) -> str:
    """``1:02:03.4``: rounded down, so that nothing of the fault is missed."""
    minutes, tenths = divmod(ms // 100, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{tenths // 10:02}.{tenths % 10}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def _filled(template: str, values: Mapping[str, str]) -> str:
    return template.format_map(values)


@functools.cache
def _messages() -> dict[str, tuple[str, ...]]:
    return {first: tuple(rest) for first, *rest in files.rows(__package__, "messages.tsv")}


@functools.cache
def _checks() -> dict[str, tuple[str, ...]]:
    return {first: tuple(rest) for first, *rest in files.rows(__package__, "checks.tsv")}


MOST = 200
"""Findings of one check that are shown: with more, one cause is behind them all."""


def render(report: Report, sound: str) -> str:
    """The page. `sound` is the bulletin's MP3 as a path relative to where the page will lie."""
    from markupsafe import Markup

    style = pages.template(__package__, "verify.css")
    heard = report.heard or ()
    page = _environment().get_template("verify.html")
    return page.render(
        report=report,
        checks=sorted(report.by_check(), key=lambda check: not check[1]),  # faults first
        sentences=sum(bool(cue.take) for cue in report.bulletin.cues()),
        share=share(heard),
        wrong=[verdict for verdict in heard if verdict.errors],
        sound=quote(sound),
        most=MOST,
        style=Markup(style),  # noqa: S704 - it comes with this package
        policy=pages.policy({"style-src": pages.digest(style), "base-uri": "'none'"}),
    )


def write(workspace: Workspace, slug: str, report: Report) -> Path:
    """Write the page beside the script: output/ holds what is published, and nothing else."""
    path = workspace.report(slug)
    sound = workspace.bulletin(slug) / f"{report.bulletin.header.slug}.mp3"
    write_text(path, render(report, Path(os.path.relpath(sound, path.parent)).as_posix()))
    return path


@functools.cache
def _environment() -> Environment:
    from jinja2 import pass_context

    environment = pages.environment(__package__)

    @pass_context
    def phrased(context, finding):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        slug = context["report"].bulletin.header.slug
        return phrase(finding, slug, CHINESE)

    environment.filters.update(
        clock=clock,
        phrase=phrased,
        title=functools.partial(title, language=CHINESE),
        visible=visible,
    )
    return environment
