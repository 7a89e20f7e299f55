"""What is measured agrees with other measures of the same."""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bobao.mix import ffmpeg, levels
from bobao.model import GRID_MS, RATE, Chapter, Cue, Line, Mark, Span, Take
from bobao.verify import frames, mp3, takes
from bobao.verify import sound as heard
from bobao.verify.checks import table as take_checks
from bobao.verify.evidence import Quiet
from bobao.verify.frames import BANDS, LEVEL, WEIGHTED


@functools.cache
def speech(seconds: float, seed: int = 0, rate: int = RATE) -> np.ndarray:
    """Something with the manners of speech: a buzz in syllables through moving resonances."""
    rng = np.random.default_rng(seed)
    count = int(seconds * rate)
    times = np.arange(count) / rate
    syllable = (times / 0.2).astype(int)
    pitch = 120 + 60 * rng.random(syllable[-1] + 2)
    weight = rng.random((syllable[-1] + 2, 40)) ** 3
    phase = 2 * np.pi * np.cumsum(pitch[syllable]) / rate
    sound = sum(weight[syllable, k] * np.sin((k + 1) * phase) for k in range(40))
    envelope = (
        np.sin(np.pi * (times / 0.2 % 1)) ** 0.5 * (rng.random(syllable[-1] + 2) > 0.15)[syllable]
    )
    return (0.05 * sound * envelope).astype(np.float32)


def mp3_of(path: Path, samples: np.ndarray, kbits: int = 64, rate: int = RATE) -> Path:
    pcm = ["-f", "f32le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    to = ["-ar", "44100", "-c:a", "libmp3lame", "-b:a", f"{kbits}k", "-y", f"file:{path}"]
    ffmpeg.run([*pcm, *to], [samples.astype("<f4").tobytes()])
    return path


def by_ffmpeg(path: Path, *options: str) -> tuple[np.ndarray, str]:
    raw = bytearray()
    log = ffmpeg.run([*ffmpeg.source(path), *options, "-f", "f32le", "pipe:1"], take=raw.extend)
    return np.frombuffer(raw, "<f4"), log


# ── frames ──────────────────────────────────────────────────────────────────────────────────────


@given(
    length=st.integers(0, 5000),
    cuts=st.lists(st.integers(0, 5000), max_size=6),
    rate=st.sampled_from([RATE, mp3.OUT_RATE]),
)
def test_frames_do_not_depend_on_how_sound_comes(length: int, cuts: list[int], rate: int):
    samples = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    edges = sorted({0, length, *(cut for cut in cuts if cut < length)})
    blocks = [samples[a:b] for a, b in pairwise(edges)]
    whole = frames.frames_of(samples, rate)
    parts = np.concatenate([frames.NONE, *frames.frames(blocks, rate)])
    assert len(whole) == len(parts) == -(-length * 100 // rate)
    np.testing.assert_allclose(whole, parts, rtol=1e-3, atol=1e-6)
    level = np.concatenate([*frames.levels(blocks, rate), np.zeros(0, np.float32)])
    np.testing.assert_allclose(level, whole[:, LEVEL], rtol=1e-3, atol=1e-6)


def test_frames_keep_all_power():
    """White noise: the mean over windows is the mean over samples; both levels agree."""
    noise = 0.1 * np.random.default_rng(1).standard_normal(10 * RATE).astype(np.float32)
    found = frames.frames_of(noise, RATE)
    assert np.mean(found[:, LEVEL]) == pytest.approx(0.01, rel=0.02)
    high = np.array(frames.EDGES_HZ[1:]) - np.array(frames.EDGES_HZ[:-1])
    np.testing.assert_allclose(found[:, BANDS].mean(axis=0), 0.01 * high / 12_000, rtol=0.1)


def test_frames_are_the_same_at_both_rates(tmp_path: Path):
    sound = speech(3)
    path = mp3_of(tmp_path / "a.mp3", sound, 320)
    again = np.concatenate(list(frames.frames(mp3.blocks(path), mp3.OUT_RATE)))
    ours = frames.frames_of(sound, RATE)
    loud = ours[:, LEVEL] > 1e-4
    apart = frames.decibels(ours[:, LEVEL]) - frames.decibels(again[: len(ours), LEVEL])
    assert np.abs(apart[loud]).max() < 1.5
    alike = takes.likeness(ours[:, BANDS], again[: len(ours), BANDS])
    assert alike is not None
    assert alike.worst > 0.98


# ── decoding ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kbits", [32, 64, 320])
def test_decoding_agrees_with_ffmpeg(tmp_path: Path, kbits: int):
    """At 32 kbit/s a frame leans on many before it: none may be lost between two reads."""
    path = mp3_of(tmp_path / "a.mp3", speech(7.5), kbits)
    ours = np.concatenate(list(mp3.blocks(path)))
    theirs, _ = by_ffmpeg(path)
    assert len(ours) == len(theirs)
    assert np.abs(ours - theirs).max() < 1e-5
    assert abs(len(ours) - 7.5 * mp3.OUT_RATE) <= mp3.FRAME


def test_decoding_where_libsndfile_knows_no_mp3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = mp3_of(tmp_path / "a.mp3", speech(2))
    ours = np.concatenate(list(mp3.blocks(path)))
    monkeypatch.setattr("soundfile.available_formats", dict)
    np.testing.assert_allclose(np.concatenate(list(mp3.blocks(path))), ours, atol=1e-5)


@pytest.mark.parametrize("kbits", [32, 64, 128, 320])
def test_frames_of_an_mp3_are_counted(tmp_path: Path, kbits: int):
    path = mp3_of(tmp_path / "a.mp3", speech(4), kbits)
    found = mp3.walk(path)
    assert found.junk == -1
    assert found.frames == found.told
    assert found.samples == sum(map(len, mp3.blocks(path)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    half = mp3.walk(path)
    assert half.told == found.told
    assert half.frames < found.frames
    assert half.samples == found.samples


@given(st.binary(max_size=400))
def test_any_bytes_can_be_walked(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path = tmp_path_factory.mktemp("bytes") / "a.mp3"
    path.write_bytes(data)
    found = mp3.walk(path)
    assert found.frames >= 0
    path.write_bytes(b"ID3\x03\x00\x00\x00\x00\x00\x05" + b"12345" + b"\xff\xfb\x50\xc0" + data)
    assert mp3.walk(path).frames >= 0


# ── loudness ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gain", [0.1, 1.0, 4.0])
def test_loudness_agrees_with_ebur128(tmp_path: Path, gain: float):
    sound = np.concatenate([gain * speech(6, 1), np.zeros(2 * RATE), 0.3 * gain * speech(4, 2)])
    path = mp3_of(tmp_path / "a.mp3", sound, 128)
    _, log = by_ffmpeg(path, "-af", levels.PEAK_METER)
    theirs = levels.parse(log)
    found = np.concatenate(list(frames.frames(mp3.blocks(path), mp3.OUT_RATE)))
    assert frames.integrated(found[:, WEIGHTED]) == pytest.approx(theirs.integrated, abs=0.15)
    peak = max(frames.true_peak(block) for block in mp3.blocks(path))
    if peak > 0.9:
        assert frames.dbtp(peak) == pytest.approx(theirs.true_peak, abs=0.15)


def test_peaks_between_samples_are_found():
    """A wave at a quarter of the rate, caught at 45°: 3 dB higher than any sample."""
    wave = np.sin(np.pi / 2 * np.arange(400) + np.pi / 4).astype(np.float32)
    assert np.abs(wave).max() == pytest.approx(0.707, abs=0.001)
    assert frames.dbtp(frames.true_peak(wave)) == pytest.approx(0.0, abs=0.1)


def test_silence_has_no_loudness():
    assert frames.integrated(np.zeros(1000, np.float32)) == -70
    assert frames.integrated(np.zeros(0, np.float32)) == -70
    assert frames.dbtp(frames.true_peak(np.zeros(10, np.float32))) == -np.inf


# ── likeness ────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=12)
@given(seed=st.integers(0, 9), gain=st.floats(0.01, 8))
def test_likeness_does_not_depend_on_level(seed: int, gain: float):
    sound = speech(1, seed)
    swell = gain * (0.3 + 0.7 * np.sin(np.linspace(0, 5, len(sound))) ** 2)
    ours, theirs = (frames.frames_of(s.astype(np.float32), RATE) for s in (sound, sound * swell))
    found = takes.likeness(ours[:, BANDS], theirs[:, BANDS])
    assert found is not None
    assert found.worst > 0.97


@settings(max_examples=12)
@given(one=st.integers(0, 9), other=st.integers(10, 19))
def test_other_words_are_not_alike(one: int, other: int):
    ours, theirs = (frames.frames_of(speech(1, seed), RATE) for seed in (one, other))
    found = takes.likeness(ours[:, BANDS], theirs[:, BANDS])
    assert found is not None
    assert found.whole < 0.75


@pytest.mark.parametrize("off", [-40, -7, 3, 60])
def test_a_shift_is_measured(off: int):
    sound = speech(2, 3)
    around = np.concatenate([speech(1, 4), sound, speech(1, 5)])
    ours, theirs = frames.frames_of(sound, RATE), frames.frames_of(around, RATE)
    assert takes.shift(ours[:, BANDS], theirs[:, BANDS], 100 - off) == off
    assert (
        takes.shift(frames.frames_of(speech(2, 9), RATE)[:, BANDS], theirs[:, BANDS], 100) is None
    )


def test_a_steady_tone_tells_nothing():
    tone = np.sin(np.arange(RATE) / 10).astype(np.float32)
    bands = frames.frames_of(tone, RATE)[:, BANDS]
    assert takes.likeness(bands, bands) is None
    assert takes.likeness(bands[:5], bands[:5]) is None


# ── takes ───────────────────────────────────────────────────────────────────────────────────────


def examined(samples: np.ndarray, text: str = "一", marks: tuple[Mark, ...] = ()):
    marks = marks or (Mark(0, 1, 0, len(samples) * 1000 // RATE),)
    samples = samples.astype(np.float32)
    take = Take("k", len(samples), marks)
    return takes.examined(samples, take, text, frames.frames_of(samples, RATE))


@settings(max_examples=12)
@given(seed=st.integers(0, 9), over=st.floats(2.5, 20))
def test_clipping_is_seen_at_any_level(seed: int, over: float):
    sound = speech(1, seed)
    assert examined(sound).flat < take_checks.FLAT
    peak = float(np.abs(sound).max())
    clipped = np.clip(sound * over / peak, -1, 1)
    for level in (1.0, 0.3):
        assert examined(np.round(clipped * level * 32768) / 32768).flat >= take_checks.FLAT


def test_silences_and_marks_of_a_take():
    sound = np.concatenate([speech(1, 1), np.zeros(2 * RATE), speech(1, 2)])
    marks = (Mark(0, 2, 0, 900), Mark(2, 3, 1500, 2500), Mark(4, 5, 3100, 3900))
    found = examined(sound, "一二三四，五", marks)
    assert found.lull.length_ms == pytest.approx(2000, abs=100)
    assert found.lull.start_ms == pytest.approx(1000, abs=100)
    assert found.unmarked == "四五"
    assert found.mute == "三"
    assert found.stray == "，"
    assert found.voiced_ms < 2200


@pytest.mark.parametrize("under_db", [20, 25, 40, 120])
@pytest.mark.parametrize("seconds", [1.0, 1.2, 7.0])
def test_a_second_that_is_hardly_heard(seconds: float, under_db: float):
    """However faint: a dip, a hum, noise, nothing; and it is not ended by a click."""
    sound, start, count = speech(seconds + 4, 3).copy(), 2 * RATE, int(seconds * RATE)
    hole = slice(start, start + count)
    sound[hole] *= 10 ** (-under_db / 20)
    loud = float(np.sqrt(np.mean(speech(4, 3) ** 2)))
    times = np.arange(len(sound)) / RATE
    hum = (loud * 10 ** (-25 / 20) * np.sqrt(2) * np.sin(300 * times)).astype(np.float32)
    noise = (loud * 10 ** (-26 / 20) * np.random.default_rng(1).normal(size=len(sound))).astype(
        "f4"
    )
    for what in (0, hum, noise) if under_db == 120 else (0,):
        filled = sound.copy()
        filled[hole] += what if isinstance(what, int) else what[hole]
        found = examined(filled).lull
        assert found.length_ms >= take_checks.LULL_MS
        assert abs(found.start_ms - 2000) < 120


@pytest.mark.parametrize("seconds", [0.3, 0.5, 0.7])
def test_a_pause_between_clauses(seconds: float):
    sound = speech(6, 4).copy()
    sound[2 * RATE : int((2 + seconds) * RATE)] = 0
    assert examined(sound).lull.length_ms < take_checks.LULL_MS


# ── pace ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("花街镇，", 3, 3),
        ("LED灯", 1.6, 10),
        ("五G", 1.6, 4),
        ("", 0, 0),
        ("……", 0, 0),
        ("〇二", 2, 2),
        ("12", 2, 6),
    ],
)
def test_syllables_are_counted(text: str, least: float, most: float):
    assert takes.syllables(text) == takes.Syllables(pytest.approx(least), pytest.approx(most))


def test_the_pace_is_that_of_the_voice():
    lines = [
        ("a", 200 * 12, takes.syllables("一" * 10)),
        ("b", 90 * 12, takes.syllables("一" * 10)),
    ]
    usual = takes.usual_paces(lines * 5)
    assert usual["b"] / usual["a"] == pytest.approx(0.45)
    assert takes.usual_paces(lines * 4) == {}


# ── streaming ───────────────────────────────────────────────────────────────────────────────────


def test_little_of_a_long_file_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Twenty minutes of sentences, never more than a few seconds of spectra."""
    second = speech(1, 1, mp3.OUT_RATE)
    seconds = 1200
    monkeypatch.setattr(mp3, "blocks", lambda path: (second for _ in range(seconds)))
    monkeypatch.setattr(heard, "likeness", lambda ours, theirs: None)
    most = 0

    def advance(ms: int) -> None:
        nonlocal most
        most = max(most, sum(len(part) for _, part in reels[0]._held))

    reels: list[heard.Reel] = []
    real = heard.Reel
    monkeypatch.setattr(heard, "Reel", lambda path: reels.append(real(path)) or reels[0])
    spans = (Span("一", "一"),)
    cues = tuple(
        Cue(at * 1000, at * 1000 + 8000, Line(spans), take="k") for at in range(0, seconds, 10)
    )
    chapter = Chapter(1, "一", 0, seconds * 1000, cues)
    bulletin = type("B", (), {"cues": lambda self: iter(cues), "chapters": (chapter,)})()
    whole = heard.hear_whole(
        tmp_path / "a.mp3",
        bulletin,  # type: ignore[arg-type]
        lambda cue: (takes.Recording(samples=1), None),
        advance,
    )
    assert len(whole.level) == seconds * 100
    assert whole.hearings[-1] is not None
    assert most < 2500 < 8000 // GRID_MS * len(cues)


def test_silences_are_noted_with_their_times():
    level = np.full(1000, -20, np.float32)
    level[100:149] = -90
    level[200:260] = -90
    level[900:] = -90
    assert heard._silences(level, -60) == (Quiet(2000, 600), Quiet(9000, 1000))


def test_every_message_has_its_words_and_all_their_values():
    """The table and the code name the same messages; both languages take the same values."""
    import bobao.verify.checks as package
    from bobao.verify.checks.table import CHECKS
    from bobao.verify.page import _checks, _messages

    above = Path(package.__path__[0]).parent / "beside.py"
    files = [above, *Path(package.__path__[0]).glob("*.py")]
    source = "".join(path.read_text("utf-8") for path in files)
    table = _messages()
    named = set(re.findall(r'"([a-z0-9]+\.[a-z]+)"', source))
    named |= {f"hearing.{note}" for note in ("missing", "repeated")}
    assert named == set(table)
    assert set(_checks()) == set(CHECKS)
    assert all(len(cells) == 2 for cells in _checks().values())
    for message, cells in table.items():
        assert len(cells) == 4, message
        english, _, chinese, _ = (set(re.findall(r"\{(\w+)\}", cell)) for cell in cells)
        assert english - {"slug"} == chinese - {"slug"}, message
