"""The service's sound: MP3 frames without a header that says how many there are.

A frame is 576 samples at 24 kHz. Encoder and decoder together delay the sound by 1105 samples
(LAME's 576 + 529), which nothing in such a stream takes back: the proof finds it by the sound.
"""

from __future__ import annotations

import io

import numpy as np

from bobao.model import RATE
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import Samples

FRAME = 576
LEAST = 2
"""The decoder takes a single frame for no sound at all."""
_SYNC, _KIND = 0xFFE00000, 0x001E0C00
_MPEG2_LAYER3_24K = 0x00120400  # bits 20–19: MPEG-2, 18–17: layer III, 11–10: 24 kHz
_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)


def decoded(data: bytes) -> Samples:
    """The samples of all whole frames. Raises `Fault` where there is anything else than frames.

    They are walked first: the decoder would skip what is damaged, and say so aloud.
    """
    import soundfile

    count, end = frames(data)
    try:
        samples, rate = soundfile.read(io.BytesIO(data[:end]), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise Fault(Kind.GARBLED, f"its sound cannot be decoded ({error})") from error
    if rate != RATE or samples.ndim != 1 or abs(len(samples) - count * FRAME) > FRAME:
        raise Fault(Kind.GARBLED, f"its sound is {len(samples)} samples of {count} frames")
    return np.asarray(samples, np.float32)


def frames(data: bytes) -> tuple[int, int]:
    """How many whole MP3 frames `data` is made of, and where the last one ends."""
    at = count = 0
    while at + 4 <= len(data):
        header = int.from_bytes(data[at : at + 4], "big")
        kbits = _KBITS[header >> 12 & 15]
        if header & _SYNC != _SYNC or header & _KIND != _MPEG2_LAYER3_24K or not kbits:
            raise Fault(Kind.GARBLED, f"its sound is damaged at byte {at} of {len(data)}")
        size = kbits * 1000 * FRAME // 8 // RATE + (header >> 9 & 1)
        if at + size > len(data):
            break
        at, count = at + size, count + 1
    if count < LEAST:
        raise Fault(Kind.NO_AUDIO, f"{len(data)} bytes of sound are none")
    return count, at
