"""From a script to its takes: lines from the store, or spoken side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from bobao.errors import BobaoError
from bobao.files import processors
from bobao.model import Take
from bobao.station.journal import span
from bobao.voices.delivery import Deliveries, Delivery
from bobao.voices.engine import Engine, Speech, Stoppable
from bobao.voices.store import Store

Progress = Callable[[int, int, int], None]
"""Told after each line: lines done, lines in all, milliseconds of sound so far."""


def record(
    wanted: Deliveries,
    engine: Engine,
    store: Store,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[Take | None, ...], ...]:
    """The take of every line of every section, in script order; None for a silent line.

    Takes come from the store where they are there; the others are spoken in up to `workers`
    threads (as many as the engine likes), equal lines once, and stored as they are finished.
    `progress` is called in the caller's thread. Raises what the engine or the store raises; then,
    and on Ctrl-C, no further line is begun and what is finished stays in the store.
    """
    keyed: dict[str, Delivery] = {}
    keys = [[_keyed(delivery, engine, keyed) for delivery in section] for section in wanted]
    done = {key: take for key in keyed if (take := store.load(key))}
    tell = _Counter([key for section in keys for key in section if key], progress)
    tell(done)
    missing = {key: said for key, said in keyed.items() if key not in done}

    def finished(take: Take) -> None:
        done[take.key] = take
        tell({take.key: take})

    _speak_all(missing, engine, store, workers or engine.at_once or processors(), finished)
    return tuple(tuple(done[key] if key else None for key in section) for section in keys)


def _keyed(delivery: Delivery | None, engine: Engine, keyed: dict[str, Delivery]) -> str:
    if delivery is None:
        return ""
    key = delivery.key(engine)
    keyed.setdefault(key, delivery)
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
    missing: dict[str, Delivery],
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
        futures = [pool.submit(record_line, key, missing[key], engine, store) for key in order]
        try:
            for future in as_completed(futures):
                finished(future.result())
        except BaseException as error:  # lines not yet begun are dropped, then it goes on up
            pool.shutdown(wait=False, cancel_futures=True)
            if not isinstance(error, Exception) and isinstance(engine, Stoppable):
                engine.stop()  # Ctrl-C: those begun need not be waited for
            raise


def record_line(key: str, delivery: Delivery, engine: Engine, store: Store) -> Take:
    """Have a line said and stored. Raises `BobaoError` as `say` and `Store.save` do."""
    with span("speak", take=key, characters=len(delivery.text)):
        return store.save(key, say(engine, delivery), engine.name)


def say(engine: Engine, delivery: Delivery) -> Speech:
    """Have an engine say a line; an error tells which. Raises what the engine raises."""
    try:
        return delivery.speak(engine.speak)
    except BobaoError as error:
        where = error.where or f"“{delivery.text}”"
        raise type(error)(error.what, where=where, advice=error.advice) from error
