"""Peaks that an encoder adds: found, and turned down where they are, and nowhere else."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mixing_stuff import line, sound, takes_of

from bobao.mix import encode, ffmpeg, master
from bobao.mix import levels as loudness
from bobao.mix import levels as peaks
from bobao.mix.ffmpeg import OUT_RATE
from bobao.mix.levels import Dip, find, turned_down
from bobao.mix.mix import Mixed, mix
from bobao.mix.styles import MixOptions
from bobao.model import RATE, Header, Script, Section
from bobao.publish import cover

OPTIONS = MixOptions(engine="tone", engine_version="1", voice="tone")
SCRIPT = Script(
    Header("s", "短"),
    tuple(Section(line(f"第{n}部分"), ((line("花街镇发展很快。"),),)) for n in "一二三"),
)
_dips = st.lists(st.builds(Dip, st.integers(-3000, 9000), st.floats(0.1, 6)), max_size=4)


@given(_dips, st.lists(st.integers(1, 2000), min_size=1, max_size=5), st.integers(0, 5000))
def test_pieces_are_turned_down_like_the_whole(dips, lengths, start):
    whole = turned_down(np.ones(sum(lengths), np.float32), start, dips)
    now, parts = start, []
    for length in lengths:
        parts.append(turned_down(np.ones(length, np.float32), now, dips))
        now += length
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert (whole <= 1).all()
    assert (whole >= loudness.factor(-sum(dip.decibels for dip in dips)) - 1e-6).all()
    at = np.arange(start, start + sum(lengths))
    far = np.all([(at <= dip.span[0]) | (at >= dip.span[1]) for dip in dips] or [at >= 0], axis=0)
    assert (whole[far] == 1).all()


def test_a_dip_is_as_deep_as_it_says_without_a_step():
    made = turned_down(np.ones(9000, np.float32), 0, [Dip(4500, 2.0)])
    assert made[4500 - 400 : 4500 + 400] == pytest.approx(loudness.factor(-2.0))
    assert np.abs(np.diff(made)).max() < 0.001


def test_a_place_found_in_two_files_is_turned_down_once():
    found = [Dip(90_000, 1.0), Dip(500, 0.7), Dip(520, 1.2), Dip(89_990, 0.8)]
    assert peaks.merged(found) == (Dip(520, 1.2), Dip(90_000, 1.0))


@given(_dips)
def test_what_is_merged_is_as_deep_and_no_deeper(dips):
    made = peaks.merged(dips)
    assert set(made) <= set(dips)
    assert max((dip.decibels for dip in made), default=0) == max(
        (dip.decibels for dip in dips), default=0
    )
    assert peaks.merged(made) == made


def encoded(samples: np.ndarray, path: Path) -> Path:
    ffmpeg.run([*encode._PCM, *encode._mp3(320, path)], [samples.astype("<f4").tobytes()])
    return path


def test_places_are_found_in_a_file(tmp_path):
    times = np.arange(3 * OUT_RATE) / OUT_RATE
    samples = 0.3 * np.sin(2 * np.pi * 500 * times)
    for at in (0.7, 2.1):
        samples[int(at * OUT_RATE) : int((at + 0.05) * OUT_RATE)] *= 3.2
    first, *_, last = found = find(encoded(samples, tmp_path / "a.mp3"), 1000)
    assert 1000 + 0.69 * OUT_RATE < first.at < 1000 + 0.76 * OUT_RATE
    assert 1000 + 2.09 * OUT_RATE < last.at < 1000 + 2.16 * OUT_RATE
    assert len(found) <= 10
    over = 20 * math.log10(0.96) - peaks.LIMIT
    assert max(dip.decibels for dip in found) == pytest.approx(over + 0.5, abs=0.6)
    assert find(encoded(samples * 0.8, tmp_path / "b.mp3")) == ()


def test_peaks_between_samples_count(tmp_path):
    """A wave of a quarter of the rate, caught beside its tops: samples at 0.66 of full scale."""
    samples = np.zeros(OUT_RATE)
    at = np.arange(OUT_RATE // 4)
    samples[OUT_RATE // 2 :][: len(at)] = 0.94 * np.sin(np.pi / 4 + at * np.pi / 2)
    assert np.abs(samples).max() < 0.67
    assert find(encoded(samples, tmp_path / "a.mp3"))


class Glitching(encode._Encoder):
    """As LAME does now and then: one place comes out near full scale, whatever the ceiling.

    Unless it is given a little less there than the first time.
    """

    place = (int(0.8 * OUT_RATE), 200)
    given: list[float]
    written = 0
    files: list[str]

    def write(self, data: bytes) -> None:
        start, length = self.place
        samples, first = np.frombuffer(data, "<f4").copy(), start - self.written
        self.written += len(samples)
        if self._path and self._path.name.startswith(("s.", "01-")) and 0 <= first < len(samples):
            wave = samples[first : first + length]
            level = float(np.abs(wave).max())
            self.given.append(level)
            if level > 0.97 * self.given[0]:
                samples[first : first + length] = wave / level * 0.99
        super().write(samples.tobytes())

    def finish(self) -> None:
        super().finish()
        if self._path and self._path.name not in self.files[-1:]:
            self.files.append(self._path.name[:2])


def glitched(monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[Mixed, type[Glitching]]:
    kind = type("Kind", (Glitching,), {"given": [], "files": []})
    monkeypatch.setattr(encode, "_Encoder", kind)
    monkeypatch.setattr(cover, "SIDE", 64)
    return mix(SCRIPT, takes_of(SCRIPT), sound, folder, OPTIONS), kind


def test_a_peak_of_the_encoder_is_turned_down_where_it_is(tmp_path, monkeypatch):
    mixed, kind = glitched(monkeypatch, tmp_path / "s")
    assert mixed.bulletin.loudness.true_peak <= -1.0
    assert mixed.bulletin.chapter_loudness[0].true_peak <= -1.0
    assert mixed.warnings == ()
    # The whole, and of the chapters only that one, are encoded a second time.
    assert kind.files == ["01", "02", "03", "s.", "01", "s."]
    monkeypatch.undo()
    monkeypatch.setattr(cover, "SIDE", 64)
    plain = mix(SCRIPT, takes_of(SCRIPT), sound, tmp_path / "plain", OPTIONS)
    assert mixed.bulletin.loudness.integrated == pytest.approx(
        plain.bulletin.loudness.integrated, abs=0.1
    )
    for chapter in plain.bulletin.chapters[1:]:
        same = (folder / chapter.file for folder in (tmp_path / "s", tmp_path / "plain"))
        assert len({path.read_bytes() for path in same}) == 1


def test_the_remedy_is_the_same_each_time(tmp_path, monkeypatch):
    for name in ("a", "b"):
        glitched(monkeypatch, tmp_path / name / "s")
    one, other = ((tmp_path / name / "s" / "s.mp3").read_bytes() for name in ("a", "b"))
    assert one == other


def test_a_peak_that_stays_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(peaks, "ROUNDS", 1)
    mixed, _ = glitched(monkeypatch, tmp_path / "s")
    assert any("true peak" in warning for warning in mixed.warnings)


def test_the_limiter_sees_peaks_between_samples():
    """A wave of 6 kHz at 24,000 samples a second, caught beside its tops."""
    at = np.arange(RATE)
    wave = (0.8 * np.sin(np.pi / 4 + at * np.pi / 2)).astype("<f4")
    setting = master.Setting(gain=12.0, ceiling=-6.0, mastering=replace(master.GENTLE, ratio=1.0))
    chain = f"{setting.filters},aresample={OUT_RATE},{loudness.PEAK_METER}"
    log = ffmpeg.run([*ffmpeg.PCM_IN, "-af", chain, "-f", "null", "-"], [wave.tobytes()])
    assert loudness.parse(log).true_peak <= -5.6
