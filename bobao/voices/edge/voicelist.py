"""The voices: as the service last told, else a table of those there were when bobao was made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bobao import files
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import VoiceInfo

DEFAULT = "zh-CN-YunyangNeural"
"""The man who reads the news; the suggested voice."""
FORMAT = 1
_GENDERS = {"Female": "female", "Male": "male"}
MOST = 500
FRESH_S = 24 * 3600


def told(listed: Iterable[Any]) -> tuple[VoiceInfo, ...]:
    """The Chinese voices in the service's list. Raises `Fault` where it is no such list.

    Its “tags” are all that it says of a voice's manner.
    """
    try:
        voices = [_voice(entry) for entry in list(listed)[:MOST]]
    except (TypeError, LookupError, AttributeError) as error:
        raise Fault(Kind.GARBLED, f"no list of voices ({error})") from error
    return _ordered(voice for voice in voices if voice.language.startswith("zh-"))


def _voice(entry: Any) -> VoiceInfo:
    name, tag = str(entry["ShortName"]), entry.get("VoiceTag") or {}
    manner = [*tag.get("ContentCategories", ()), *tag.get("VoicePersonalities", ())]
    leaving = ["to be withdrawn"] if entry.get("Status") == "Deprecated" else []
    note = ", ".join([*leaving, *(str(word).strip() for word in manner)])
    return VoiceInfo(name, _GENDERS.get(entry["Gender"], "none"), _language(name), note)


def updated(ask: Callable[[], list[Any]], clock: float, *, now: bool) -> str:
    """Keep what the service answers, unless its last answer is fresh and it need not be `now`.

    `clock` is the time in seconds since 1970. Returns where the list is from, in words.
    """
    asked = _kept()[0]
    since = f"what it told {_ago(clock - asked)} ago" if asked else "a built-in table"
    if asked and not now and 0 <= clock - asked < FRESH_S:
        return f"the list is {since}; --refresh asks again"
    try:
        voices = told(ask())
        if not voices:
            raise Fault(Kind.GARBLED, "a list without Chinese voices")
    except Fault as fault:
        why = f"{fault.treatment.what} ({fault.detail})"
        return f"{why}; the list is {since}. {fault.treatment.advice}"
    record = {"format": FORMAT, "asked": clock, "voices": [asdict(voice) for voice in voices]}
    files.write_text(_path(), json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return "the list is what the service tells now"


def _ago(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return "a minute"


def voices() -> tuple[VoiceInfo, ...]:
    """The Chinese voices, as the service last told on this machine, else as in our table."""
    return _kept()[1]


def _kept() -> tuple[float, tuple[VoiceInfo, ...]]:
    """When the service last told its voices (seconds since 1970), and these; else 0 and our own."""
    try:
        record = json.loads(_path().read_bytes())
        voices = tuple(VoiceInfo(**entry) for entry in record["voices"])
        if record["format"] == FORMAT and voices:
            return float(record["asked"]), voices
    except (OSError, ValueError, TypeError, LookupError):
        pass
    rows = files.rows(__package__, "voices.tsv")
    own = (VoiceInfo(name, gender, _language(name), note) for name, gender, note in rows)
    return 0.0, _ordered(own)


def _path() -> Path:
    return files.user_cache() / "edge-voices.json"


def _language(name: str) -> str:
    return name.rpartition("-")[0]


def _ordered(voices: Iterable[VoiceInfo]) -> tuple[VoiceInfo, ...]:
    """The suggested one first, then Mandarin, its dialects, Hong Kong, Taiwan, by name."""
    return tuple(sorted(voices, key=lambda each: (each.name != DEFAULT, each.language, each.name)))
