"""A station's settings: `bobao.toml`, or `[tool.bobao]` of a `pyproject.toml`, read and checked.

Each setting is described once, as a field: its name and default, the words that explain it in the
file that `bobao init` writes, and what it must be.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bobao.errors import BobaoError
from bobao.files import rows

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_NAME = "bobao.toml"
"""The file that makes a folder a workspace."""
STYLES = ("news", "slow", "loudspeaker")
"""How a bulletin can be spoken; `bobao.mix.styles` has what each of them means."""

# ── What a setting must be ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a value must be: whether one is, and in words. Of a list, each of its texts."""

    fits: Callable[[Any], object]
    wanted: str


def among(*choices: str) -> Requirement:
    """One of some words."""
    return Requirement(choices.__contains__, "one of " + ", ".join(choices))


def within(low: float, high: float) -> Requirement:
    """A number from `low` to `high`."""
    return Requirement(lambda value: low <= value <= high, f"between {low:g} and {high:g}")


def like(pattern: str, wanted: str) -> Requirement:
    """Nothing, or a text of the form of a pattern."""
    return Requirement(re.compile(f"(?:{pattern})?").fullmatch, wanted)


def _is_address(text: str) -> bool:
    """Whether a text is the address of something on the web."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable()
    except ValueError:
        return False


GROUPS = (
    *("Administration", "Audio Post-Production", "Audio Production", "Cast", "Community"),
    *("Creative Direction", "Misc.", "Video Post-Production", "Video Production", "Visuals"),
    "Writing",
)
"""The groups of the Podcast Taxonomy (github.com/Podcastindex-org/podcast-namespace, 2.0)."""


def _is_person(text: str) -> bool:
    name, *rest = (part.strip() for part in text.split(";"))
    _, group, link = (*rest, "", "", "")[:3]
    known = not group or group.lower() in map(str.lower, GROUPS)
    return bool(name) and len(rest) < 4 and known and (not link or _is_address(link))


ADDRESS = Requirement(
    lambda text: not text or _is_address(text), "an address: https://example.org/…"
)
LANGUAGE = like(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language, for example zh-CN")
EMAIL = like(
    r"[^@\s<>\"',;:()]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an e-mail address: news@example.org"
)
ZONE = like(r"[+-](0[0-9]|1[0-4]):?[0-5][0-9]", "a time zone like +08:00")
UUID = like(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "the podcast:guid of a feed, a UUID"
)
CATEGORY = Requirement(
    lambda name: any(row[-1] == name for row in rows("bobao.publish", "categories.tsv")),
    "categories of Apple Podcasts, for example “News” or “Daily News”",
)
PERSON = Requirement(
    _is_person,
    "“name; role; group; URL”, all but the name may be missing, the group one of "
    + ", ".join(GROUPS),
)
MEDIUM = among(
    *("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher"), "course"
)


def setting(default: Any, note: str = "", rule: Requirement | None = None) -> Any:
    """A field of a table of settings; `note` explains it in the file."""
    return field(default=default, metadata={"note": note, "rule": rule})


# ── The settings ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Station:
    """Who speaks."""

    name: str = setting("播报", "said at the opening, shown as artist and album")
    author: str = setting("", "newsroom or editor, for the file's tags")
    language: str = setting("zh-CN", rule=LANGUAGE)
    site: str = setting(
        "", 'where output/ will be published, for the feed: "https://…"', rule=ADDRESS
    )


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """Voices for what is not the news itself; where none is named, the section's anchor speaks."""

    heading: str = setting("")
    caption: str = setting("")
    quotation: str = setting("", "whole sentences in quotation marks")
    signpost: str = setting("", "what bobao says of its own: date, contents, closing")
    table: str = setting("")


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """With which voices and how. Without anchors the engine's own first voice speaks."""

    engine: str = setting(
        "kokoro", "the embedded voice, no network needed; `bobao voices` lists the rest"
    )
    anchors: tuple[str, ...] = setting(
        (), 'one voice, or two that take turns: ["zf_xiaoxiao", "zm_yunjian"]'
    )
    rate: float = setting(1.0, "0.5 to 2.0; 1.0 is the pace of the style", within(0.5, 2.0))
    style: str = setting(
        "news", '"slow" for elderly listeners, "loudspeaker" for village horns', among(*STYLES)
    )
    fallback: str = setting("", '"kokoro": what speaks the whole bulletin if the engine gives up')
    roles: RoleSettings = field(
        default_factory=RoleSettings,
        metadata={"note": 'voices for what is not the news itself; "": the anchor of the section'},
    )


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """What is said beside the article's own words."""

    signposts: bool = setting(True, "opening, spoken table of contents, “第二部分”, closing")
    captions: str = setting(
        "announce",
        'photo captions: read at the end of their section, or "silent"',
        among("announce", "silent"),
    )
    ai_label: bool = setting(
        True, "says “本节目由人工智能合成语音播报”, required in China since 2025-09-01"
    )
    simplify: bool = setting(False, "traditional hanzi: say them as their simplified forms")
    lexicon: str = setting(
        "scripts/lexicon.tsv", "word, reading, note: how this station says names"
    )


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """How it sounds."""

    loudness: float = setting(
        -19.0, "LUFS of the one channel: as loud as -16 in stereo", within(-31.0, -14.0)
    )
    bitrate: int = setting(64, "kbit/s of the MP3", within(32, 320))
    stings: bool = setting(
        True, "audio/library/opening.wav, section.wav, closing.wav (yours if replaced)"
    )


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """The station's names in the AIGC label that GB 45438-2025 asks for in a file's metadata."""

    producer: str = setting("", "empty: the station's name")
    produce_id: str = setting("")
    propagator: str = setting("")
    propagate_id: str = setting("")


@dataclass(frozen=True, slots=True)
class PodcastSettings:
    """What the feed says of the show; what is empty is taken from the station or left out."""

    description: str = setting("", "a sentence or two for listeners who do not know the station")
    email: str = setting("", "of the owner: podcast directories write to it", EMAIL)
    categories: tuple[str, ...] = setting(
        ("News",), 'Apple\'s names, for example "Daily News"; the first counts most', CATEGORY
    )
    explicit: bool = setting(False)
    type: str = setting(
        "episodic", 'or "serial": to be heard from the first on', among("episodic", "serial")
    )
    medium: str = setting("podcast", 'or "newsletter", "audiobook", …', MEDIUM)
    locked: bool = setting(True, "other podcast hosts may not take the feed over")
    people: tuple[str, ...] = setting(
        (), 'for example ["王芳; host", "李强; author; writing; https://…"]', PERSON
    )
    license: str = setting("", 'for example "cc-by-4.0"; one of your own needs license_url')
    license_url: str = setting("", rule=ADDRESS)
    copyright: str = setting("", "who holds it; empty: left out")
    seasons: str = setting("year", 'a season a year, or "none"', among("year", "none"))
    cover: str = setting(
        "", "of show and bulletins: square PNG or JPEG, 1400 to 3000 pixels; or drawn"
    )
    cover_alt: str = setting("", "what the cover shows, for those who cannot see it")
    timezone: str = setting("+08:00", "of the dates in the feed", ZONE)
    guid: str = setting("", "podcast:guid of a show that moves here from another host", UUID)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; every one has a default."""

    station: Station = field(default_factory=Station, metadata={"note": ""})
    voice: VoiceSettings = field(default_factory=VoiceSettings, metadata={"note": ""})
    script: ScriptSettings = field(default_factory=ScriptSettings, metadata={"note": ""})
    sound: SoundSettings = field(default_factory=SoundSettings, metadata={"note": ""})
    label: LabelSettings = field(
        default_factory=LabelSettings,
        metadata={"note": "names in the AIGC label of the file (GB 45438-2025)"},
    )
    podcast: PodcastSettings = field(
        default_factory=PodcastSettings,
        metadata={"note": "what the feed says of the show; it is made once [station] site is set"},
    )


_RETIRED = {"[podcast] chapter_feed"}
"""Settings that files of older workspaces have and that mean nothing any more."""
_LICENSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")

# ── The file ────────────────────────────────────────────────────────────────────────────────────


def template() -> str:
    """The file that `bobao init` writes: every setting with its default, explained."""
    head = "# bobao.toml: this station's settings. Every line may be left out; what is shown is the"
    tables = ["\n".join(_written(each.name, each, Config())) for each in fields(Config)]
    return f"{head} default.\n\n" + "\n\n".join(tables) + "\n"


def _written(name: str, described: Field[Any], inside: Any) -> Iterator[str]:
    """The lines of a table, those within it after its own."""
    yield _noted(f"[{name}]", described)
    values, later = getattr(inside, described.name), list[Field[Any]]()
    for each in fields(values):
        value = getattr(values, each.name)
        if is_dataclass(value):
            later.append(each)
        else:
            yield _noted(f"{each.name} = {json.dumps(value, ensure_ascii=False)}", each)
    for each in later:
        yield ""
        yield from _written(f"{name}.{each.name}", each, values)


def _noted(line: str, described: Field[Any]) -> str:
    note = described.metadata["note"]
    return f"{line:<21}  # {note}" if note else line


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
    config, where = parse(tree, where=str(path)), str(path)
    podcast = config.podcast
    named = not podcast.license or _LICENSE.fullmatch(podcast.license) or podcast.license_url
    wanted = "the short name of a license, like cc-by-4.0; one of your own needs license_url"
    _require(named, "[podcast] license", wanted, where)
    there = not podcast.cover or (path.parent / podcast.cover).is_file()
    _require(there, "[podcast] cover", f"the name of a picture, from {path.parent}", where)
    return config


def parse(tree: dict[str, Any], where: str = "") -> Config:
    """Turn the tables of a TOML file into a `Config`; errors as for `load`."""
    for name, values in tree.items():
        if name not in Config.__dataclass_fields__ or not isinstance(values, dict):
            raise BobaoError(
                f"unknown settings [{name}]",
                where=where,
                advice="Known are: " + ", ".join(f"[{each.name}]" for each in fields(Config)),
            )
    return Config(
        **{
            name: _table(name, values, getattr(Config(), name), where)
            for name, values in tree.items()
        }
    )


def _table(name: str, values: dict[str, Any], default: Any, where: str) -> Any:
    known = {each.name: each for each in fields(default)}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        at, usual = f"[{name}] {key}", getattr(default, key, None)
        if at in _RETIRED:
            continue
        if key not in known:
            raise BobaoError(
                f"unknown setting {at}", where=where, advice="Known are: " + ", ".join(known)
            )
        if is_dataclass(usual):
            _require(isinstance(value, dict), at, f"a table: [{name}.{key}]", where)
            checked[key] = _table(f"{name}.{key}", value, usual, where)
            continue
        checked[key] = _value(at, value, usual, where)
        if rule := known[key].metadata["rule"]:
            each = checked[key] if isinstance(usual, tuple) else (checked[key],)
            for one in each:
                shown = f"{at} (“{one[:60]}”)" if isinstance(one, str) else at
                _require(rule.fits(one), shown, rule.wanted, where)
    return type(default)(**checked)


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


def _require(fits: object, at: str, wanted: str, where: str) -> None:
    if not fits:
        raise BobaoError(f"{at} must be {wanted}", where=where, advice="Correct the setting.")
