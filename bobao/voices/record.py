"""From a script to its takes: lines from the store, or spoken side by side."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from bobao.errors import BobaoError
from bobao.model import Line, Script, Take, audible
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.pinyin import parse_pinyin
from bobao.pronounce.sounds import Reading
from bobao.voices import store as takes
from bobao.voices.engine import Engine, Speech, Utterance
from bobao.voices.store import Store

Progress = Callable[[int, int, int], None]
"""Told after each line: lines done, lines in all, milliseconds of sound so far."""


def utterance_of(
    line: Line, voice: str, rate: float = 1.0, lexicon: Lexicon = EMPTY
) -> Utterance | None:
    """What is to be said for a line, with its editor's readings; None for a silent line.

    Of the station's `lexicon` it takes along what concerns the line, so that a change of another
    word records nothing anew.
    """
    if not audible(line.spoken):
        return None
    readings, start = [], 0
    for span in line.spans:
        end = start + len(span.spoken)
        if span.reading:
            readings.append(Reading(start, end, parse_pinyin(span.reading)))
        start = end
    return Utterance(line.spoken, voice, rate, tuple(readings), lexicon.within(line.spoken))


def record(  # noqa: PLR0913 - the caller names the last three
    script: Script,
    engine: Engine,
    voice: str,
    rate: float,
    store: Store,
    *,
    lexicon: Lexicon = EMPTY,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[Take | None, ...], ...]:
    """The take of every line of every section, in script order; None for a silent line.

    Takes come from the store where they are there; the others are spoken in up to `workers`
    threads (as many as the engine likes), equal lines once, and stored as they are finished.
    `progress` is called in the caller's thread. Raises what the engine or the store raises; then,
    and on Ctrl-C, no further line is begun and what is finished stays in the store.
    """
    wanted = [
        [utterance_of(line, voice, rate, lexicon) for line in section.lines()]
        for section in script.sections
    ]
    keyed: dict[str, Utterance] = {}
    keys = [[_keyed(utterance, engine, keyed) for utterance in section] for section in wanted]
    done = {key: take for key in keyed if (take := store.load(key))}
    tell = _Counter([key for section in keys for key in section if key], progress)
    tell(done)
    missing = {key: said for key, said in keyed.items() if key not in done}

    def finished(take: Take) -> None:
        done[take.key] = take
        tell({take.key: take})

    _speak_all(missing, engine, store, workers or engine.at_once or _processors(), finished)
    return tuple(tuple(done[key] if key else None for key in section) for section in keys)


def _processors() -> int:
    """The processors this process may use: in a container often fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _keyed(utterance: Utterance | None, engine: Engine, keyed: dict[str, Utterance]) -> str:
    if utterance is None:
        return ""
    key = takes.key(utterance, engine)
    keyed.setdefault(key, utterance)
    return key


class _Counter:
    """Counts lines and sound, equal lines each time they occur."""

    def __init__(self, keys: list[str], progress: Progress | None) -> None:
        self.keys, self.progress, self.done, self.ms = keys, progress, 0, 0

    def __call__(self, new: dict[str, Take]) -> None:
        for key in self.keys:
            if key in new:
                self.done += 1
                self.ms += new[key].duration_ms
        if self.progress:
            self.progress(self.done, len(self.keys), self.ms)


def _speak_all(
    missing: dict[str, Utterance],
    engine: Engine,
    store: Store,
    workers: int,
    finished: Callable[[Take], None],
) -> None:
    """Speak and store, telling `finished` of each take in this thread.

    The longest lines are begun first, so that no thread is left with a long one at the end.
    """
    order = sorted(missing, key=lambda key: -len(missing[key].text))
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="voice") as pool:
        futures = [
            pool.submit(lambda key: store.save(key, _say(engine, missing[key])), key)
            for key in order
        ]
        try:
            for future in as_completed(futures):
                finished(future.result())
        except BaseException:  # Ctrl-C too: lines not yet begun are dropped, then it goes on up
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _say(engine: Engine, utterance: Utterance) -> Speech:
    try:
        return engine.speak(utterance)
    except BobaoError as error:
        where = error.where or f"“{utterance.text}”"
        raise type(error)(error.what, where=where, advice=error.advice) from error
