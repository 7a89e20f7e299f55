"""Voice engines by name: those that come with bobao and those that other packages add.

A package adds one through the entry-point group ``bobao.engines``: the entry's name is the
engine's, its object is called without arguments and returns an `Engine`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from importlib import metadata
from typing import cast

from bobao.errors import BobaoError
from bobao.voices.engine import Engine, VoiceInfo

GROUP = "bobao.engines"
BUILT_IN = {
    "kokoro": "bobao.voices.kokoro.engine:KokoroEngine",
    "edge": "bobao.voices.edge.engine:EdgeEngine",
    "silence": "bobao.voices.dry:SilenceEngine",
    "tone": "bobao.voices.dry:ToneEngine",
}
"""The engines that come with bobao, the default one first. Their names cannot be taken."""
HIDDEN = frozenset({"tone"})
"""Engines that are for tests alone: there for who names them, and in no list."""
DEFAULT = "kokoro"
PARTS = ("name", "version", "at_once", "voices", "speak")
"""What an engine must have, see `Engine`."""


def names() -> tuple[str, ...]:
    """The names of the engines to choose from: ours, then those of other packages by name."""
    others = {entry.name for entry in metadata.entry_points(group=GROUP)}
    return (*(name for name in BUILT_IN if name not in HIDDEN), *sorted(others - set(BUILT_IN)))


@functools.cache
def engine(name: str = DEFAULT) -> Engine:
    """The engine of that name, one for the whole process; its models are loaded on first use.

    Raises `BobaoError` for a name that nothing has, where the engine cannot be imported, or for
    what is no engine.
    """
    make = _maker(name)
    made = make()
    lacking = [part for part in PARTS if not hasattr(made, part)]
    if lacking:
        raise BobaoError(
            f"the engine “{name}” is not one: it has no {' and no '.join(lacking)}",
            advice="Its package is made for another version of bobao, or has a fault.",
        )
    if made.name != name:
        raise BobaoError(
            f"the engine “{name}” calls itself “{made.name}”",
            advice="Its entry point must have the engine's own name.",
        )
    return made


def voice(engine: Engine, name: str = "") -> VoiceInfo:
    """The engine's voice of that name; the suggested one for an empty name.

    Raises `BobaoError` for a voice that it has not.
    """
    voices = engine.voices()
    for info in voices:
        if not name or info.name == name:
            return info
    raise BobaoError(
        f"the engine “{engine.name}” has no voice “{name}”",
        advice="It has " + ", ".join(info.name for info in voices) + ".",
    )


def _maker(name: str) -> Callable[[], Engine]:
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return cast("Callable[[], Engine]", getattr(importlib.import_module(module), attribute))
    found = next(iter(metadata.entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise BobaoError(
            f"there is no voice engine “{name}”", advice="There are " + ", ".join(names()) + "."
        )
    try:
        return cast("Callable[[], Engine]", found.load())
    except (ImportError, AttributeError) as error:
        raise BobaoError(
            f"the engine “{name}” cannot be loaded: {error}",
            where=found.value,
            advice="Install its package again, or choose another engine.",
        ) from error
