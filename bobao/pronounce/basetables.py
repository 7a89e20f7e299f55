"""pypinyin's tables (MIT), the ground that ours stand on.

They are read as data: to import pypinyin takes a third of a second, most of it for styles and
converters that are not wanted here.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

from bobao.words import unhurried_collector


@functools.cache
def phrase_table() -> dict[str, list[list[str]]]:
    """Phrase → for each character its readings, with tone marks."""
    found = _read("phrases_dict")
    if found is None:
        from pypinyin.constants import PHRASES_DICT

        return dict(PHRASES_DICT)
    return dict(found)


@functools.cache
def character_table() -> dict[int, str]:
    """Code point → its readings, with tone marks, separated by commas."""
    found = _read("pinyin_dict")
    if found is None:
        from pypinyin.constants import PINYIN_DICT

        return dict(PINYIN_DICT)
    return {int(code): readings for code, readings in found.items()}


def _read(name: str) -> Any:
    """The JSON file that recent versions keep a table in; None where there is none."""
    spec = importlib.util.find_spec("pypinyin")
    path = Path(spec.origin or "").parent / f"{name}.json" if spec else Path()
    if not path.is_file():
        return None
    with unhurried_collector():
        return json.loads(path.read_bytes())
