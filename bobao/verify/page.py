"""A report as one HTML page that asks nothing of any network (HTML Living Standard, WCAG 2.2 AA).

No script runs in it, its style sheet is allowed by its SHA-256 (CSP Level 3), and all text is
escaped. Times are links into the bulletin's MP3 (Media Fragments URI 1.0), which a browser plays.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bobao.files import write_text
from bobao.publish import pages
from bobao.verify import wording
from bobao.verify.hearing.verdicts import share

if TYPE_CHECKING:  # jinja2 is loaded where a page is made
    from jinja2 import Environment

    from bobao.station.workspace import Workspace
    from bobao.verify.verify import Report

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
        checks=list(report.by_check()),
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
    def phrase(context, finding):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        slug = context["report"].bulletin.header.slug
        return wording.phrase(finding, slug, wording.CHINESE)

    environment.filters.update(
        clock=wording.clock,
        phrase=phrase,
        title=functools.partial(wording.title, language=wording.CHINESE),
        visible=wording.visible,
    )
    return environment
