"""Levels, streams, stings, ffmpeg: sound below the mix."""

from __future__ import annotations

import math
import stat
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from mixing_stuff import sound

from bobao.errors import BobaoError
from bobao.mix import ffmpeg, master, stings, stream
from bobao.mix import levels as loudness
from bobao.mix.timeline import Event
from bobao.model import RATE

LOG = """\
[Parsed_ebur128_0 @ 0x7f] [info] Summary:
[Parsed_ebur128_0 @ 0x7f] [info]
  Integrated loudness:
    I:         -19.5 LUFS
    Threshold: -29.6 LUFS

  Loudness range:
    LRA:         1.8 LU
    Threshold: -39.5 LUFS
    LRA low:   -20.9 LUFS
    LRA high:  -19.1 LUFS

  True peak:
    Peak:       {peak} dBFS
[out#0/null @ 0x55] video:0KiB
"""


def tone(seconds: float, amplitude: float = 0.1, pitch: float = 440.0) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


def test_the_summary_is_read():
    found = loudness.parse("noise\n" + LOG.format(peak="-2.3"))
    assert (found.integrated, found.range, found.true_peak) == (-19.5, 1.8, -2.3)
    assert loudness.parse(LOG.format(peak="-inf")).true_peak == -math.inf
    with pytest.raises(BobaoError, match="loudness"):
        loudness.parse("Output #0")


def test_the_level_leaves_out_pauses():
    speech = tone(2, 0.1)
    alone = loudness.level_of(speech)
    assert alone == pytest.approx(20 * math.log10(0.1 / math.sqrt(2)), abs=0.05)
    paused = np.concatenate([speech, np.zeros(5 * RATE, np.float32), tone(3, 1e-4)])
    assert loudness.level_of(paused) == pytest.approx(alone, abs=0.05)
    assert loudness.level_of(np.zeros(RATE, np.float32)) is None
    assert loudness.level_of(np.zeros(0, np.float32)) is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.floats(-40, 0))
def test_the_level_is_the_same_in_pieces(cuts, decibels):
    whole = tone(sum(cuts) * 0.1, loudness.factor(decibels))
    meter = loudness.Meter()
    for piece in np.split(whole, np.cumsum([cut * RATE // 10 for cut in cuts])[:-1]):
        meter.add(piece)
    assert meter.level() == pytest.approx(loudness.level_of(whole))


def test_a_stream_is_exact_and_handed_on_in_small_pieces():
    events = [Event(RATE * 3), Event(len(sound("花街")), "花街"), Event(2400, sting="section")]
    bell = tone(0.1)
    sources = stream.Sources(sound, {"section": bell})
    pieces = list(stream.pieces(events, sources, 2.0))
    assert max(map(len, pieces)) <= RATE * 2  # half a second of float32
    heard = np.frombuffer(b"".join(pieces), "<f4")
    assert len(heard) == sum(event.samples for event in events)
    take = heard[RATE * 3 : RATE * 3 + len(sound("花街"))]
    edge = stream._EDGE
    assert not heard[: RATE * 3].any()
    np.testing.assert_array_equal(take[edge:-edge], 2 * sound("花街")[edge:-edge])
    assert abs(take[0]) < 0.05 * abs(2 * sound("花街")[:edge]).max()
    np.testing.assert_array_equal(heard[-2400:], bell)


def test_what_is_held_does_not_grow_with_length():
    def peak(minutes: int) -> int:
        one = tone(10)
        events = (Event(len(one), "k") for _ in range(minutes * 6))
        tracemalloc.start()
        total = sum(map(len, stream.pieces(events, stream.Sources(lambda _: one))))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == minutes * 60 * RATE * 4
        return held

    assert abs(peak(10) - peak(1)) < 100_000


@pytest.mark.parametrize("bad", [tone(0.2), np.full(2400, np.nan, np.float32)])
def test_a_damaged_take_is_refused(bad):
    events = [Event(2400, "k")]
    with pytest.raises(BobaoError, match="damaged"):
        list(stream.pieces(events, stream.Sources(lambda _: bad)))


def test_lengths_at_both_rates_are_exact():
    assert master.out_samples(240) == 441
    with pytest.raises(ValueError, match="grid"):
        master.out_samples(241)


# ── Stings ─────────────────────────────────────────────────────────────────────────────────────


def test_the_library_is_made_the_same_again(tmp_path):
    paths = stings.make_library(tmp_path)
    for path in paths:
        assert path.read_bytes() == (ROOT / "audio" / "library" / path.name).read_bytes()
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
            assert file.getnframes() % 240 == 0


def test_a_sting_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "opening.wav").write_bytes(b"mine")
    stings.make_library(tmp_path)
    assert (tmp_path / "opening.wav").read_bytes() == b"mine"


@pytest.mark.parametrize("name", stings.NAMES)
def test_our_stings_are_modest(name):
    made = stings.make(name)
    assert loudness.level_of(made) == pytest.approx(stings.LEVEL, abs=0.3)
    assert 0.05 < np.abs(made).max() <= 0.71
    assert np.abs(made[:3]).max() < 0.01
    assert np.abs(made[-3:]).max() < 0.002
    assert abs(float(made.mean())) < 1e-3


def as_file(samples: np.ndarray, path: Path, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        whole = np.rint(samples * 32767).astype("<i2")
        out.writeframes(np.repeat(whole, channels).tobytes())
    return path


def test_a_stations_own_sting_of_another_format(tmp_path):
    wav = as_file(tone(1.003, 0.9), tmp_path / "-odd %d.wav", 48_000, 2)
    target = tmp_path / "section.mp3"
    ffmpeg.run([*ffmpeg.source(wav), f"file:{target}"])
    wav.unlink()
    found = stings.load_library(tmp_path)
    assert list(found) == ["section"]
    made = found["section"]
    assert made.dtype == np.float32
    assert len(made) % 240 == 0
    assert len(made) / RATE == pytest.approx(1.003 / 2, abs=0.011)
    assert loudness.level_of(made) == pytest.approx(stings.LEVEL, abs=0.1)


@pytest.mark.parametrize(
    ("samples", "fault"),
    [(tone(15.2), "longer than 15"), (np.zeros(RATE, np.float32), "silent")],
)
def test_a_sting_that_cannot_be_used(tmp_path, samples, fault):
    with pytest.raises(BobaoError, match=fault) as error:
        stings.load(as_file(samples, tmp_path / "opening.wav"))
    assert error.value.where.endswith("opening.wav")


def test_what_is_no_sound_is_no_sting(tmp_path):
    path = tmp_path / "opening.wav"
    path.write_text("#EXTM3U\nhttp://127.0.0.1/x.mp3\n")
    with pytest.raises(BobaoError, match="cannot read the sting"):
        stings.load(path)


def test_two_stings_of_one_name(tmp_path):
    for suffix in ("wav", "mp3"):
        (tmp_path / f"closing.{suffix}").write_bytes(b"x")
    with pytest.raises(BobaoError, match="two stings"):
        stings.load_library(tmp_path)


# ── ffmpeg ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _forget():
    ffmpeg.find_ffmpeg.cache_clear()
    yield
    ffmpeg.find_ffmpeg.cache_clear()


def script(path: Path, text: str) -> str:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.usefixtures("_forget")
@pytest.mark.parametrize("text", ["echo libmp3lame acompressor alimiter aresample", "exit 3", None])
def test_an_ffmpeg_that_lacks_something_is_refused(tmp_path, monkeypatch, text):
    path = script(tmp_path / "ffmpeg", text) if text else str(tmp_path / "absent")
    monkeypatch.setenv(ffmpeg.VARIABLE, path)
    with pytest.raises(BobaoError, match="lacks") as error:
        ffmpeg.find_ffmpeg()
    assert ffmpeg.VARIABLE in error.value.advice


@pytest.mark.usefixtures("_forget")
def test_a_system_ffmpeg_is_the_fallback(tmp_path, monkeypatch):
    real = ffmpeg.find_ffmpeg().path
    ffmpeg.find_ffmpeg.cache_clear()
    (tmp_path / "ffmpeg").symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path))
    broken = script(tmp_path / "broken", "echo nothing")
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: broken)
    assert ffmpeg.find_ffmpeg().path == str(tmp_path / "ffmpeg")


def test_ffmpeg_failing_says_why():
    with pytest.raises(BobaoError, match=r"ffmpeg failed.*nosuchfilter"):
        ffmpeg.run([*ffmpeg.PCM_IN, "-af", "nosuchfilter", "-f", "null", "-"], [b"\0" * 400])


def test_an_error_while_feeding_comes_through():
    def feed():
        yield b"\0" * 4000
        raise BobaoError("a take is damaged")

    with pytest.raises(BobaoError, match="a take is damaged"):
        ffmpeg.run([*ffmpeg.PCM_IN, "-f", "f32le", "pipe:1"], feed(), lambda block: None)


def test_an_error_while_taking_ends_ffmpeg_and_the_feed():
    fed = []

    def feed():
        for _ in range(1000):
            fed.append(1)
            yield b"\0" * 400_000

    def take(block):
        raise BobaoError("the disk is full")

    with pytest.raises(BobaoError, match="the disk is full"):
        ffmpeg.run([*ffmpeg.PCM_IN, "-f", "f32le", "pipe:1"], feed(), take)
    assert len(fed) < 1000


def test_cut_to_wav(tmp_path):
    path = as_file(tone(2), tmp_path / "a.wav")
    with ffmpeg.cut_to_wav(path, 1500) as piece, wave.open(str(piece)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(0.5, abs=0.01)
    assert not piece.exists()
