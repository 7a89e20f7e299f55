"""The options that draft, voice, mix and produce share, turned into `Choices`."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from bobao.pipeline import Choices
from bobao.station.config import STYLES

Verb = TypeVar("Verb", bound=Callable[..., Any])

_DATE = click.DateTime(formats=["%Y-%m-%d"])
_OPTIONS: dict[str, Callable[[Verb], Verb]] = {
    "date": click.option("--date", type=_DATE, help="Date of the broadcast, YYYY-MM-DD [today]."),
    "captions": click.option(
        "--captions",
        type=click.Choice(["announce", "silent"]),
        help="Photo captions: read at the end of their section, or left silent.",
    ),
    "signposts": click.option(
        "--signposts/--no-signposts", default=None, help="Opening, contents, “第二部分”, closing."
    ),
    "simplify": click.option(
        "--simplify/--no-simplify",
        default=None,
        help="Say traditional hanzi as their simplified forms; what is shown stays.",
    ),
    "force": click.option("--force", is_flag=True, help="Draft afresh over an edited script."),
    "engine": click.option("--engine", help="Voice engine; `bobao voices` lists them."),
    "voice": click.option("--voice", help="One voice for everything, for example zf_xiaoxiao."),
    "anchors": click.option(
        "--anchors", help="Voices that take turns by section: zf_xiaoxiao,zm_yunjian."
    ),
    "style": click.option(
        "--style",
        type=click.Choice(STYLES),
        help="How it is spoken: as news, slow for elderly listeners, for village loudspeakers.",
    ),
    "fallback": click.option(
        "--fallback", metavar="ENGINE", help="Speaks the whole bulletin if the engine gives up."
    ),
    "rate": click.option(
        "--rate", type=click.FloatRange(0.5, 2.0), help="Pace; 1.0 is that of the style."
    ),
    "jobs": click.option(
        "--jobs", "-j", type=click.IntRange(1, 64), help="Lines recorded at once [all cores]."
    ),
    "stings": click.option(
        "--stings/--no-stings", default=None, help="Music at the opening, sections and closing."
    ),
}
SPEAKING = ("engine", "voice", "anchors", "style")
DRAFT = ("date", "captions", "signposts", "simplify", "force", *SPEAKING)
VOICE = (*SPEAKING, "rate", "fallback", "jobs")
MIX = (*SPEAKING, "rate", "fallback", "stings")
PRODUCE = tuple(dict.fromkeys(DRAFT + VOICE + MIX))


def choosing(*names: str) -> Callable[[Verb], Verb]:
    """Give a verb the named options."""

    def decorate(verb: Verb) -> Verb:
        for name in reversed(names):
            verb = _OPTIONS[name](verb)
        return verb

    return decorate


def choices_of(options: dict[str, Any]) -> Choices:
    """Turn the options of a verb into `Choices`; those not given stay at their default."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(given.get("date"), datetime.date):
        given["date"] = given["date"].strftime("%Y-%m-%d")
    if "anchors" in given:
        from bobao.voices.casting import split

        given["anchors"] = split(given["anchors"])
    return Choices(**given)


def today() -> str:
    """Tell the date: today's, or that of ``SOURCE_DATE_EPOCH`` for a repeatable run."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date().isoformat()
    return datetime.date.today().isoformat()
