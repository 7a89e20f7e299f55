"""Stings: three short pieces of music of our own, and the loading of a station's.

Ours are made of bell tones: sine partials that die away, on the pentatonic scale of C. They are
soft and without sharp attacks, for ears that listen closely all day. A station puts its own file
(any format ffmpeg reads) in the place of ours; a sting whose file is taken away is not played.
"""

from __future__ import annotations

import functools
import io
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bobao.errors import BobaoError
from bobao.files import write_bytes
from bobao.mix import ffmpeg
from bobao.mix.levels import factor, level_of
from bobao.mix.timeline import CLOSING, OPENING, SECTION
from bobao.model import GRID_MS, RATE
from bobao.voices.engine import Samples

if TYPE_CHECKING:
    from pydub import AudioSegment

NAMES = (OPENING, SECTION, CLOSING)
LONGEST_MS = 15_000
"""A longer sting keeps a listener from the news."""
LEVEL = -27.0
"""dBFS over its louder parts (`levels.Meter`): 4 dB under the speech it stands beside."""

_PEAK = 0.7
_STEP = RATE * GRID_MS // 1000
_PITCH = {"G4": 391.995, "C5": 523.251, "D5": 587.330, "E5": 659.255, "G5": 783.991, "C6": 1046.502}
# (frequency as a multiple, loudness, seconds until it has died away by 60 dB): near a celesta's;
# the slightly stretched upper partials make it a bell and not an organ.
_PARTIALS = ((1.0, 1.0, 2.6), (2.0, 0.35, 1.5), (3.01, 0.12, 0.8), (4.2, 0.06, 0.4))
# When each note begins (seconds), its pitch, its loudness.
_SCORES: dict[str, tuple[tuple[float, str, float], ...]] = {
    OPENING: (
        *((0.0, "G4", 0.8), (0.28, "C5", 0.85), (0.56, "D5", 0.9), (0.84, "G5", 1.0)),
        *((1.4, "C5", 0.6), (1.4, "E5", 0.6), (1.4, "C6", 0.5)),
    ),
    SECTION: ((0.0, "D5", 0.9), (0.2, "G5", 1.0)),
    CLOSING: (
        *((0.0, "G5", 0.9), (0.3, "E5", 0.85), (0.6, "D5", 0.8)),
        *((1.1, "C5", 0.9), (1.1, "G4", 0.7), (1.1, "E5", 0.4)),
    ),
}
_LENGTH_MS = {OPENING: 3400, SECTION: 1300, CLOSING: 3600}
_FADE_MS = {OPENING: 900, SECTION: 500, CLOSING: 1400}


def make_library(folder: Path) -> tuple[Path, ...]:
    """Write our stings as ``opening.wav``, ``section.wav`` and ``closing.wav`` where missing.

    24 kHz, mono, 16 bit; the same bytes every time. A file that is there is left as it is.
    """
    paths = tuple(folder / f"{name}.wav" for name in NAMES)
    for name, path in zip(NAMES, paths, strict=True):
        if not path.exists():
            write_bytes(path, _wav(make(name)))
    return paths


def make(name: str) -> Samples:
    """One of our stings, at `LEVEL`, a whole number of grid steps long."""
    count = _LENGTH_MS[name] * RATE // 1000
    times = np.arange(count) / RATE
    sound = np.zeros(count)
    for start, pitch, loudness in _SCORES[name]:
        since = times - start
        heard = since >= 0
        for multiple, share, fall in _PARTIALS:
            tone = np.sin(2 * np.pi * _PITCH[pitch] * multiple * since[heard])
            # 6.9 = ln 1000: 60 dB. The first 6 ms rise, so that the stroke does not click.
            decay = np.exp(-6.9 / fall * since[heard]) * np.minimum(since[heard] / 0.006, 1)
            sound[heard] += loudness * share * tone * decay
    faded = _segment((sound / np.abs(sound).max() * 0.5).astype(np.float32))
    return _levelled(_samples(faded.fade_out(_FADE_MS[name])))


def load(path: Path) -> Samples:
    """A station's own sting: decoded, put on the grid and at `LEVEL`, its edges faded.

    Raises `BobaoError` where it is not sound, is silent, or is longer than `LONGEST_MS`.
    """
    raw = bytearray()
    limit = ["-t", str(LONGEST_MS / 1000 + 1)]
    format_ = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    try:
        ffmpeg.run([*limit, *ffmpeg.source(path), *format_], take=raw.extend)
    except BobaoError as error:
        raise BobaoError(
            f"cannot read the sting: {error.what}",
            where=str(path),
            advice="Give a sound file such as WAV, MP3, FLAC or M4A.",
        ) from error
    samples = (np.frombuffer(raw, "<i2") / np.float32(32768)).astype(np.float32)
    if len(samples) * 1000 > LONGEST_MS * RATE:
        raise BobaoError(
            f"the sting is longer than {LONGEST_MS // 1000} seconds",
            where=str(path),
            advice="Cut it: between one and five seconds are best.",
        )
    if level_of(samples) is None:
        raise BobaoError(
            "the sting is silent", where=str(path), advice="Give another file, or remove it."
        )
    padded = np.pad(samples, (0, -len(samples) % _STEP)).astype(np.float32)
    return _levelled(_samples(_segment(padded).fade_in(5).fade_out(20)))


def load_library(folder: Path) -> dict[str, Samples]:
    """The stings in `folder` by name: from ``opening.*``, ``section.*`` and ``closing.*``.

    A sting without a file is left out. Raises `BobaoError` where two files have one name.
    """
    found: dict[str, Samples] = {}
    for name in NAMES:
        paths = sorted(p for p in folder.glob(f"{name}.*") if p.is_file())
        if len(paths) > 1:
            raise BobaoError(
                "two stings of one name: " + ", ".join(p.name for p in paths),
                where=str(folder),
                advice="Leave the one that is to be played.",
            )
        if paths:
            state = paths[0].stat()
            found[name] = _loaded(paths[0].resolve(), state.st_mtime_ns, state.st_size)
    return found


@functools.lru_cache(maxsize=8)
def _loaded(path: Path, _changed_ns: int, _bytes: int) -> Samples:
    """A sting, decoded once for all the bulletins of a batch."""
    samples = load(path)
    samples.flags.writeable = False
    return samples


def _levelled(samples: Samples) -> Samples:
    """At `LEVEL`, or as near to it as its peak allows."""
    level = level_of(samples)
    if level is None:
        return samples
    gain = min(factor(LEVEL - level), _PEAK / float(np.abs(samples).max()))
    return np.asarray(samples * gain, np.float32)


def _segment(samples: Samples) -> AudioSegment:
    return audio_segment()(data=_pcm(samples), sample_width=2, frame_rate=RATE, channels=1)


def _samples(segment: AudioSegment) -> Samples:
    return np.asarray(np.frombuffer(segment.raw_data, "<i2") / 32768, np.float32)


def _pcm(samples: Samples) -> bytes:
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def _wav(samples: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(_pcm(samples))
    return file.getvalue()


def audio_segment() -> Any:
    """pydub's segment class, set to our ffmpeg (it looks for one when it is imported, and warns).

    For short pieces only: pydub keeps all sound in memory and copies it at every step.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    AudioSegment.converter = ffmpeg.find_ffmpeg().path
    return AudioSegment
