"""The frames of an MP3, walked one by one without decoding: whether it is whole, how long it is.

Source: ISO/IEC 11172-3 section 2.4.1.3 for the frame's head; the Info tag that LAME writes into the
first frame (Gabriel Bouvigne, MP3 Info Tag revision 1) for frame count, delay and padding.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

FRAME = 1152
"""Samples of a frame of MPEG-1 Layer III."""

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s
_RATES = (44_100, 48_000, 32_000)
_ID3_HEAD = 10
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stream:
    """What an MP3's frames say.

    `samples` is its length without the encoder's delay and padding, −1 without an Info tag.
    `told` is the number of frames in that tag, `frames` those that are there. `junk` is the first
    byte that is no frame of the same kind, −1 where there is none.
    """

    frames: int
    told: int
    samples: int
    junk: int


def walk(path: Path) -> Stream:
    """Walk through a file of constant bit rate; tags at its start are passed over.

    Raises `OSError` where it cannot be read.
    """
    with path.open("rb") as file:
        at = _tag_bytes(file.read(_ID3_HEAD))
        file.seek(at)
        data = file.read(_CHUNK)
        first = _head(data[:4])
        if first is None:
            return Stream(0, -1, -1, at)
        told, padding = _info(data[: _length(first)])
        # At low bit rates the frame with the tag is larger than those with sound.
        place = _length(first) if told >= 0 else 0
        kind, count = _kind(data[place : place + 4]), 0
        while place < len(data):
            if len(data) - place < 2 * FRAME:
                data, at, place = data[place:] + file.read(_CHUNK), at + place, 0
            head = _head(data[place : place + 4])
            length = _length(head) if head else 0
            if not head or _kind(data[place : place + 4]) != kind or len(data) - place < length:
                return Stream(count, told, _samples(told, padding), at + place)
            count += 1
            place += length
    return Stream(count, told, _samples(told, padding), -1)


def _samples(told: int, padding: int) -> int:
    return told * FRAME - padding if told >= 0 else -1


def _tag_bytes(head: bytes) -> int:
    if len(head) < _ID3_HEAD or head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEAD + size


def _head(head: bytes) -> tuple[int, int, int] | None:
    """Bit rate in kbit/s, sample rate and padding byte of an MPEG-1 Layer III frame."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
        return None
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    if bitrate in {0, 15} or rate == 3:
        return None
    return _BITRATES[bitrate], _RATES[rate], head[2] >> 1 & 1


def _length(head: tuple[int, int, int]) -> int:
    bitrate, rate, padding = head
    return FRAME // 8 * bitrate * 1000 // rate + padding


def _kind(head: bytes) -> tuple[int, int, int]:
    """What stays the same in all frames: version, bit and sample rate, channels."""
    return head[1] & 0xFE, head[2] & 0xFC, head[3] & 0xC0


def _info(frame: bytes) -> tuple[int, int]:
    """Frames and samples of delay and padding as the Info tag tells them; −1 without one."""
    at = max(frame.find(b"Info", 0, 64), frame.find(b"Xing", 0, 64))
    if at < 0 or len(frame) < at + 144 or not frame[at + 7] & 1:
        return -1, 0
    flags, frames = struct.unpack(">II", frame[at + 4 : at + 12])
    after = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
    after += 4 * (flags >> 3 & 1)
    delays = int.from_bytes(frame[after + 21 : after + 24], "big")
    return frames, (delays >> 12) + (delays & 0xFFF)
