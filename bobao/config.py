"""A station's settings: `bobao.toml`, or `[tool.bobao]` of a `pyproject.toml`, read and checked."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bobao.datafiles import rows
from bobao.errors import BobaoError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_NAME = "bobao.toml"
"""The file that makes a folder a workspace."""


@dataclass(frozen=True, slots=True)
class Station:
    """Who speaks."""

    name: str = "播报"
    author: str = ""
    language: str = "zh-CN"
    site: str = ""


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """Voices for what is not the news itself; where none is named, the section's anchor speaks."""

    heading: str = ""
    caption: str = ""
    quotation: str = ""
    signpost: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """With which voices and how. Without anchors the engine's own first voice speaks.

    `fallback` is the engine that does the whole bulletin where `engine` gives up; none if empty.
    """

    engine: str = "kokoro"
    anchors: tuple[str, ...] = ()
    rate: float = 1.0
    style: str = "news"
    fallback: str = ""
    roles: RoleSettings = field(default_factory=RoleSettings)


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """What is said beside the article's own words."""

    signposts: bool = True
    captions: str = "announce"
    ai_label: bool = True
    simplify: bool = False
    lexicon: str = "scripts/lexicon.tsv"


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """How it sounds: LUFS of the one channel (−19 mono is −16 in stereo), kbit/s of the MP3."""

    loudness: float = -19.0
    bitrate: int = 64
    stings: bool = True


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """The station's names in the AIGC label that GB 45438-2025 asks for in a file's metadata."""

    producer: str = ""
    produce_id: str = ""
    propagator: str = ""
    propagate_id: str = ""


@dataclass(frozen=True, slots=True)
class PodcastSettings:
    """What the feed says of the show; what is empty is taken from the station or left out.

    `people` are “name; role; group; URL” of the Podcast Taxonomy, all but the name may be missing.
    `cover` is a file of the workspace, `guid` the podcast:guid of a show that had another feed.
    """

    description: str = ""
    email: str = ""
    categories: tuple[str, ...] = ("News",)
    explicit: bool = False
    type: str = "episodic"
    medium: str = "podcast"
    locked: bool = True
    people: tuple[str, ...] = ()
    license: str = ""
    license_url: str = ""
    copyright: str = ""
    seasons: str = "year"
    cover: str = ""
    cover_alt: str = ""
    timezone: str = "+08:00"
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; every one has a default."""

    station: Station = field(default_factory=Station)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    script: ScriptSettings = field(default_factory=ScriptSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    label: LabelSettings = field(default_factory=LabelSettings)
    podcast: PodcastSettings = field(default_factory=PodcastSettings)


STYLES = ("news", "slow", "loudspeaker")
"""How a bulletin can be spoken; `bobao.mixing.styles` has what each of them means."""

_RETIRED = {("podcast", "chapter_feed")}
"""Settings that files of older workspaces have and that mean nothing any more."""
_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("script", "captions"): ("announce", "silent"),
    ("podcast", "type"): ("episodic", "serial"),
    ("podcast", "seasons"): ("year", "none"),
    ("podcast", "medium"): (
        *("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher"),
        "course",
    ),
    ("voice", "style"): STYLES,
}
_RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("voice", "rate"): (0.5, 2.0),
    ("sound", "loudness"): (-31.0, -14.0),
    ("sound", "bitrate"): (32, 320),
}

GROUPS = (
    *("Administration", "Audio Post-Production", "Audio Production", "Cast", "Community"),
    *("Creative Direction", "Misc.", "Video Post-Production", "Video Production", "Visuals"),
    "Writing",
)
"""The groups of the Podcast Taxonomy (github.com/Podcastindex-org/podcast-namespace, 2.0)."""
_EMAIL = re.compile(r"[^@\s<>\"',;:()]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LICENSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ZONE = re.compile(r"[+-](0[0-9]|1[0-4]):?[0-5][0-9]")


def _is_address(text: str) -> bool:
    """Whether a text is the address of something on the web."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable()
    except ValueError:
        return False


def _is_person(text: str) -> bool:
    name, *rest = (part.strip() for part in text.split(";"))
    _, group, link = (*rest, "", "", "")[:3]
    known = not group or group.lower() in map(str.lower, GROUPS)
    return bool(name) and len(rest) < 4 and known and (not link or _is_address(link))


_FORMS: dict[tuple[str, str], tuple[Callable[[str], object], str]] = {
    ("station", "site"): (_is_address, "an address: https://example.org/podcast/"),
    ("station", "language"): (_LANGUAGE.fullmatch, "a language, for example zh-CN"),
    ("podcast", "email"): (_EMAIL.fullmatch, "an e-mail address: news@example.org"),
    ("podcast", "categories"): (
        lambda name: any(row[-1] == name for row in rows("bobao.feed", "categories.tsv")),
        "categories of Apple Podcasts, for example “News” or “Daily News”",
    ),
    ("podcast", "people"): (
        _is_person,
        "“name; role; group; URL”, all but the name may be missing, the group one of "
        + ", ".join(GROUPS),
    ),
    ("podcast", "license_url"): (_is_address, "an address: https://…"),
    ("podcast", "timezone"): (_ZONE.fullmatch, "a time zone like +08:00"),
    ("podcast", "guid"): (_UUID.fullmatch, "the podcast:guid of a feed, a UUID"),
}
"""What the texts of a setting look like, each of a list by itself; an empty one is always right."""

TEMPLATE = """\
# bobao.toml: this station's settings. Every line may be left out; what is shown is the default.

[station]
name = "{name}"        # said at the opening, shown as artist and album
author = ""            # newsroom or editor, for the file's tags
language = "zh-CN"
site = ""              # where output/ will be published, for the feed: "https://…"

[voice]
engine = "kokoro"      # the embedded voice, no network needed; `bobao voices` lists the rest
anchors = []           # one voice, or two that take turns: ["zf_xiaoxiao", "zm_yunjian"]
rate = 1.0             # 0.5 to 2.0; 1.0 is the pace of the style
style = "news"         # "slow" for elderly listeners, "loudspeaker" for village horns
fallback = ""          # "kokoro": what speaks the whole bulletin if the engine gives up

[voice.roles]          # voices for what is not the news itself; "": the anchor of the section
heading = ""
caption = ""
quotation = ""         # whole sentences in quotation marks
signpost = ""          # what bobao says of its own: date, contents, closing
table = ""

[script]
signposts = true       # opening, spoken table of contents, “第二部分”, closing
captions = "announce"  # photo captions: read at the end of their section, or "silent"
ai_label = true        # says “本节目由人工智能合成语音播报”, required in China since 2025-09-01
simplify = false       # traditional hanzi: say them as their simplified forms
lexicon = "scripts/lexicon.tsv"  # word, reading, note: how this station says names

[sound]
loudness = -19.0       # LUFS of the one channel: as loud as -16 in stereo
bitrate = 64           # kbit/s of the MP3
stings = true          # audio/library/opening.wav, section.wav, closing.wav (yours if replaced)

[label]                # names in the AIGC label of the file (GB 45438-2025)
producer = ""          # empty: the station's name
produce_id = ""
propagator = ""
propagate_id = ""

[podcast]              # what the feed says of the show; it is made once [station] site is set
description = ""       # a sentence or two for listeners who do not know the station
email = ""             # of the owner: podcast directories write to it
categories = ["News"]  # Apple's names, for example "Daily News"; the first counts most
explicit = false
type = "episodic"      # or "serial": to be heard from the first on
medium = "podcast"     # or "newsletter", "audiobook", …
locked = true          # other podcast hosts may not take the feed over
people = []            # for example ["王芳; host", "李强; author; writing; https://…"]
license = ""           # for example "cc-by-4.0"; one of your own needs license_url
license_url = ""
copyright = ""         # who holds it; empty: left out
seasons = "year"       # a season a year, or "none"
cover = ""             # of show and bulletins: square PNG or JPEG, 1400 to 3000 pixels; or drawn
cover_alt = ""         # what the cover shows, for those who cannot see it
timezone = "+08:00"    # of the dates in the feed
guid = ""              # podcast:guid of a show that moves here from another host
"""


def load(path: Path) -> Config:
    """Read the settings in `path` (`bobao.toml`, or a `pyproject.toml` with `[tool.bobao]`).

    Raises `BobaoError` for broken TOML, an unknown name, a wrong type or a value out of range.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BobaoError(
            f"cannot read the settings: {error}",
            where=str(path),
            advice="Correct the line, or take a fresh file from `bobao init`.",
        ) from error
    if path.name == "pyproject.toml":
        tree = tree.get("tool", {}).get("bobao", {})
    config = parse(tree, where=str(path))
    _agree(config, path.parent, str(path))
    return config


def parse(tree: dict[str, Any], where: str = "") -> Config:
    """Turn the tables of a TOML file into a `Config`; errors as for `load`."""
    defaults = Config()
    tables = {f.name: getattr(defaults, f.name) for f in fields(Config)}
    made: dict[str, Any] = {}
    for name, values in tree.items():
        if name not in tables or not isinstance(values, dict):
            raise BobaoError(
                f"unknown settings [{name}]",
                where=where,
                advice="Known are: " + ", ".join(f"[{t}]" for t in tables),
            )
        made[name] = _table(name, values, tables[name], where)
    return Config(**made)


def _table(table: str, values: dict[str, Any], default: Any, where: str) -> Any:
    known = {f.name: getattr(default, f.name) for f in fields(default)}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        at = f"[{table}] {key}"
        if (table, key) in _RETIRED:
            continue
        if key not in known:
            raise BobaoError(
                f"unknown setting {at}", where=where, advice="Known are: " + ", ".join(known)
            )
        if is_dataclass(known[key]):
            _require(isinstance(value, dict), at, f"a table: [{table}.{key}]", where)
            checked[key] = _table(f"{table}.{key}", value, known[key], where)
            continue
        checked[key] = _value(at, value, known[key], where)
        if choices := _CHOICES.get((table, key)):
            _require(checked[key] in choices, at, "one of " + ", ".join(choices), where)
        if bounds := _RANGES.get((table, key)):
            low, high = bounds
            _require(low <= checked[key] <= high, at, f"between {low:g} and {high:g}", where)
        if form := _FORMS.get((table, key)):
            texts = checked[key] if isinstance(checked[key], tuple) else (checked[key],)
            for text in filter(None, map(str.strip, texts)):
                _require(bool(form[0](text)), f"{at} (“{text[:60]}”)", form[1], where)
    return type(default)(**checked)


def _agree(config: Config, root: Path, where: str) -> None:
    """Raise `BobaoError` for settings that are right each by itself, and not with the rest."""
    podcast = config.podcast
    named = bool(_LICENSE.fullmatch(podcast.license)) or not podcast.license
    _require(
        named or bool(podcast.license_url),
        "[podcast] license",
        "the short name of a license, like cc-by-4.0; one of your own needs license_url",
        where,
    )
    there = not podcast.cover or (root / podcast.cover).is_file()
    _require(there, "[podcast] cover", f"the name of a picture, from {root}", where)


def _value(at: str, value: Any, like: Any, where: str) -> Any:
    if isinstance(like, tuple):
        fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
        _require(fits, at, "a list of texts", where)
        return tuple(value)
    if isinstance(like, float) and type(value) is int:
        value = float(value)
    names = {bool: "true or false", str: "a text in quotes", int: "a whole number"}
    _require(type(value) is type(like), at, names.get(type(like), "a number"), where)
    return value


def _require(fits: bool, at: str, wanted: str, where: str) -> None:
    if not fits:
        raise BobaoError(f"{at} must be {wanted}", where=where, advice="Correct the setting.")
