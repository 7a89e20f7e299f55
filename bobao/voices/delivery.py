"""How a line is given to a voice: whole, or its clauses one by one with rests between.

A horn on a pole and an old ear both want short stretches of speech. The rests are put into the
take, so the script, its lines and what is shown stay as they are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np

from bobao import files
from bobao.errors import BobaoError
from bobao.files import processors
from bobao.model import GRID_MS, RATE, Line, Mark, Script, Take, audible
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.pinyin import parse_pinyin
from bobao.pronounce.sounds import Reading
from bobao.script.cuts import Strength, cut_into
from bobao.station import journal
from bobao.voices import store
from bobao.voices.casting import Cast
from bobao.voices.engine import Engine, Samples, Speech, Stoppable, Utterance
from bobao.voices.store import Store

_STEP = RATE * GRID_MS // 1000


@dataclass(frozen=True, slots=True)
class Breath:
    """Where a sentence is said in parts, `rest_ms` of silence between them.

    A part has `longest` letters and hanzi at most where the clause marks allow it; with 0 sentences
    stay whole.
    """

    longest: int = 0
    rest_ms: int = 0


WHOLE = Breath()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is said for one line: utterances in order, `rest_ms` of silence between them."""

    pieces: tuple[Utterance, ...]
    rest_ms: int = 0

    @property
    def text(self) -> str:
        """All that is said."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def voice(self) -> str:
        """Who says it."""
        return self.pieces[0].voice

    def key(self, engine: Engine) -> str:
        """The name of its take: that of its utterance, or one made of theirs and the rests."""
        keys = [store.key(piece, engine) for piece in self.pieces]
        if len(keys) == 1:
            return keys[0]
        return files.sha256(json.dumps([self.rest_ms, *keys]).encode("ascii"))[:32]

    def speak(self, say: Callable[[Utterance], Speech]) -> Speech:
        """Say it, `say` being an engine's `speak`; the marks are offsets in `text`."""
        if len(self.pieces) == 1:
            return say(self.pieces[0])
        return _joined([(piece.text, say(piece)) for piece in self.pieces], self.rest_ms)


Deliveries = tuple[tuple["Delivery | None", ...], ...]
"""What is said for every line: a row for each section; None for a line that is silent."""


def deliveries(
    script: Script, cast: Cast, rate: float = 1.0, lexicon: Lexicon = EMPTY, breath: Breath = WHOLE
) -> Deliveries:
    """What is said for every line of a script, by whom and how; `rate` is the pace of all."""
    return tuple(
        tuple(
            _delivery(utterance_of(line, voice, rate, lexicon), breath)
            for line, voice in zip(section.lines(), row, strict=True)
        )
        for section, row in zip(script.sections, cast, strict=True)
    )


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


def _delivery(utterance: Utterance | None, breath: Breath) -> Delivery | None:
    if utterance is None or not breath.longest:
        return Delivery((utterance,)) if utterance else None
    cuts = cut_into(
        utterance.text,
        breath.longest,
        lambda text: float(sum(map(str.isalnum, text))),
        weakest=Strength.COMMA,
    )
    texts: list[str] = []
    for text in cuts:  # those without anything to hear go with a neighbour
        if texts and not (audible(text) and audible(texts[-1])):
            texts[-1] += text
        else:
            texts.append(text)
    pieces = _cut(utterance, texts)
    return Delivery(pieces, breath.rest_ms if len(pieces) > 1 else 0)


def _cut(utterance: Utterance, texts: Sequence[str]) -> tuple[Utterance, ...]:
    """The utterance as several; whole where a reading or a word of the lexicon would be cut."""
    pieces, start = [], 0
    for text in texts:
        end = start + len(text)
        readings = tuple(
            Reading(reading.start - start, reading.end - start, reading.pinyin)
            for reading in utterance.readings
            if start <= reading.start and reading.end <= end
        )
        lexicon = utterance.lexicon.within(text)
        pieces.append(replace(utterance, text=text, readings=readings, lexicon=lexicon))
        start = end
    held = {entry.word for piece in pieces for entry in piece.lexicon.entries}
    whole = held.issuperset(entry.word for entry in utterance.lexicon.entries)
    whole = whole and sum(len(piece.readings) for piece in pieces) == len(utterance.readings)
    return tuple(pieces) if whole else (utterance,)


def _joined(said: Sequence[tuple[str, Speech]], rest_ms: int) -> Speech:
    """Speeches end to end with rests between; each begins on the grid, so marks stay exact."""
    samples: list[Samples] = []
    marks: list[Mark] = []
    offset = now = 0
    rest = np.zeros(rest_ms * RATE // 1000, np.float32)
    for number, (text, speech) in enumerate(said):
        if number:
            samples.append(rest)
            now += rest_ms
        marks += [
            Mark(m.start + offset, m.end + offset, m.start_ms + now, m.end_ms + now)
            for m in speech.marks
        ]
        padded = np.pad(speech.samples, (0, -len(speech.samples) % _STEP))
        samples.append(padded.astype(np.float32, copy=False))
        now += len(padded) * 1000 // RATE
        offset += len(text)
    return Speech(np.concatenate(samples), tuple(marks))


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
    keys = [[said.key(engine) if said else "" for said in section] for section in wanted]
    pairs = [pair for names, section in zip(keys, wanted, strict=True)
             for pair in zip(names, section, strict=True)]  # fmt: skip
    keyed = {key: said for key, said in pairs if said}
    often, done, lines, ms = Counter(key for key, said in pairs if said), dict[str, Take](), 0, 0

    def finished(*takes: Take) -> None:
        nonlocal lines, ms
        for take in takes:
            done[take.key] = take
            lines += often[take.key]
            ms += often[take.key] * take.duration_ms
        if progress:
            progress(lines, often.total(), ms)

    finished(*filter(None, map(store.load, keyed)))
    missing = {key: said for key, said in keyed.items() if key not in done}
    _speak_all(missing, engine, store, workers or engine.at_once or processors(), finished)
    return tuple(tuple(done.get(key) for key in section) for section in keys)


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
    """Have a line said and stored; an error tells which. Raises as engine and `Store.save` do."""
    with journal.span("speak", take=key, characters=len(delivery.text)):
        try:
            speech = delivery.speak(engine.speak)
        except BobaoError as error:
            where = error.where or f"“{delivery.text}”"
            raise type(error)(error.what, where=where, advice=error.advice) from error
        return store.save(key, speech, engine.name)
