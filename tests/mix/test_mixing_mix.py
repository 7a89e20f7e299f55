"""Whole mixes, read back with mutagen and with libavformat."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sound_samples
from mixing_stuff import line, sample_script, sound, takes_of
from mutagen.id3 import ID3
from mutagen.mp3 import MP3, BitrateMode

from bobao.errors import BobaoError
from bobao.mix import encode, ffmpeg, master
from bobao.mix.mix import mix
from bobao.mix.stings import make_library
from bobao.mix.styles import MixOptions, Style
from bobao.model import Header, Script, Section
from bobao.publish import cover, manifest

OPTIONS = MixOptions(engine="tone", engine_version="1", voice="tone", author="编辑部")
NAMES = {
    "yangli.mp3",
    "yangli.vtt",
    "yangli.m3u8",
    "bulletin.json",
    "chapters.json",
    "chapters.txt",
    "cover.png",
    "chapters/01-开场.mp3",
    "chapters/02-“两带三盟”助推 发展.mp3",
    "chapters/03-第三部分.mp3",
}


def contents(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def samples(path: Path, rate: int = 44_100) -> np.ndarray:
    """The decoded sound, as it is in the file."""
    heard = bytearray()
    ffmpeg.run([*ffmpeg.source(path), "-f", "f32le", "pipe:1"], take=heard.extend)
    return np.frombuffer(heard, "<f4")


def lufs(sound_: np.ndarray, rate: int = 44_100) -> float:
    """Integrated loudness by ITU-R BS.1770, written anew: K-weighting in the frequency domain."""
    spectrum = np.fft.rfft(sound_.astype(np.float64))
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(len(sound_), 1 / rate) / rate)

    def biquad(pitch: float, quality: float, decibels: float | None) -> np.ndarray:
        k = np.tan(np.pi * pitch / rate)
        low = 1 + k / quality + k * k
        if decibels is None:  # high-pass
            b = (1.0, -2.0, 1.0)
        else:  # high shelf
            high = 10 ** (decibels / 20)
            band = high**0.4996667741545416
            b = (
                (high + band * k / quality + k * k) / low,
                2 * (k * k - high) / low,
                (high - band * k / quality + k * k) / low,
            )
        a = (1.0, 2 * (k * k - 1) / low, (1 - k / quality + k * k) / low)
        return np.polyval(b[::-1], z) / np.polyval(a[::-1], z)

    shelf = biquad(1681.974450955533, 0.7071752369554196, 3.999843853973347)
    weighted = np.fft.irfft(
        spectrum * shelf * biquad(38.13547087602444, 0.5003270373238773, None), len(sound_)
    )
    block, hop = int(0.4 * rate), int(0.1 * rate)
    energy = np.array(
        [np.mean(weighted[i : i + block] ** 2) for i in range(0, len(weighted) - block + 1, hop)]
    )
    energy = energy[energy > 10 ** ((-70 + 0.691) / 10)]
    gate = 10 * np.log10(energy.mean()) - 10
    return float(-0.691 + 10 * np.log10(energy[energy > 10 ** (gate / 10)].mean()))


@pytest.fixture(scope="module", autouse=True)
def _small_cover():
    """Covers are drawn small here: `test_mixing_tags` looks at a whole one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "SIDE", 64)
        yield


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    make_library(folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory, library):
    """The sample, mixed over an older bulletin of the same name."""
    folder = tmp_path_factory.mktemp("output") / "yangli"
    (folder / "chapters").mkdir(parents=True)
    (folder / "chapters" / "09-旧.mp3").write_bytes(b"old")
    (folder / "cover.jpg").write_bytes(b"old")
    (folder / "编辑手记.txt").write_text("mine")
    (folder.parent / ".yangli.new-killed").mkdir()
    script = sample_script()
    options = replace(OPTIONS, stings=library)
    return folder, mix(script, takes_of(script), sound, folder, options)


def test_everything_is_there_and_nothing_old(made):
    folder, _ = made
    assert set(contents(folder)) == NAMES | {"编辑手记.txt"}
    assert [p.name for p in folder.parent.iterdir()] == ["yangli"]


def test_the_manifest_is_the_bulletin(made):
    folder, mixed = made
    assert manifest.load((folder / "bulletin.json").read_text("utf-8")) == mixed.bulletin
    assert mixed.warnings == ()


def test_constant_bit_rate_at_44100_in_mono(made):
    folder, mixed = made
    for path in folder.rglob("*.mp3"):
        info = MP3(path).info
        assert (info.sample_rate, info.channels) == (44_100, 1)
        assert info.bitrate == pytest.approx(64_000, abs=2)
        assert info.bitrate_mode == BitrateMode.CBR
        assert not info.sketchy
        assert b"Info" in path.read_bytes()
    length = MP3(folder / "yangli.mp3").info.length * 1000
    assert abs(length - mixed.bulletin.duration_ms) < 60  # mutagen counts delay and padding too


def test_decoded_lengths_are_those_of_the_timeline(made):
    folder, mixed = made
    assert len(samples(folder / "yangli.mp3")) * 10 == mixed.bulletin.duration_ms * 441
    for chapter in mixed.bulletin.chapters:
        found = len(samples(folder / chapter.file))
        assert found * 10 == (chapter.end_ms - chapter.start_ms) * 441


def test_chapters_for_players(made):
    folder, mixed = made
    expected = [(c.start_ms, c.end_ms, c.title) for c in mixed.bulletin.chapters]
    tags = ID3(folder / "yangli.mp3")
    order = tags["CTOC:toc"].child_element_ids
    frames = [tags[f"CHAP:{name}"] for name in order]
    assert [(f.start_time, f.end_time, str(f.sub_frames["TIT2"])) for f in frames] == expected
    seen = avformat(folder / "yangli.mp3")
    assert seen == expected


def avformat(path: Path) -> list[tuple[int, int, str]]:
    """The chapters as libavformat, and so most players, see them."""
    command = [ffmpeg.find_ffmpeg().path, "-hide_banner", "-i", path]
    said = subprocess.run(command, capture_output=True, check=False).stderr.decode("utf-8")
    form = r"start (\d+\.\d+), end (\d+\.\d+)\n\s+Metadata:\n\s+title +: (.*)"
    found = re.findall(form, said)
    return [(round(float(a) * 1000), round(float(b) * 1000), title) for a, b, title in found]


def test_each_chapter_is_tagged(made):
    folder, mixed = made
    for chapter in mixed.bulletin.chapters:
        tags = ID3(folder / chapter.file)
        assert str(tags["TIT2"]) == chapter.title
        assert str(tags["TRCK"]) == f"{chapter.number}/3"
        assert str(tags["TALB"]) == mixed.bulletin.header.title
        assert not tags.getall("CHAP")
        assert "TXXX:AIGC" in tags
        assert tags["APIC:封面：花街镇交出满意答卷"].data == (folder / "cover.png").read_bytes()
    assert "责任编辑：张三" in ID3(folder / mixed.bulletin.chapters[1].file)["USLT::zho"].text


def test_loudness_and_true_peak(made):
    folder, mixed = made
    bulletin = mixed.bulletin
    assert lufs(samples(folder / "yangli.mp3")) == pytest.approx(-19.0, abs=0.5)
    assert bulletin.loudness.integrated == pytest.approx(-19.0, abs=0.5)
    assert bulletin.loudness.true_peak <= -1.0
    for chapter, measured in zip(bulletin.chapters, bulletin.chapter_loudness, strict=True):
        own = lufs(samples(folder / chapter.file))
        assert own == pytest.approx(-19.0, abs=1.0)
        assert own == pytest.approx(measured.integrated, abs=0.15)
        assert measured.true_peak <= -1.0


def test_the_sound_is_where_the_timeline_says(made):
    folder, mixed = made
    heard = np.abs(samples(folder / "yangli.mp3")).reshape(-1, 441).max(axis=1)  # each 10 ms
    for cue in mixed.bulletin.cues():
        start, end = cue.start_ms // 10, cue.end_ms // 10
        if start == end:
            continue
        assert heard[start:end].mean() > 0.03
        first = next(word for word in cue.words if word.end_ms > word.start_ms)
        onset = first.start_ms // 10
        assert heard[onset : onset + 5].max() > 0.03
        before = heard[start - 20 : start - 2]  # the end of the pause before it
        assert before.max() < 0.02


def test_the_same_again_to_the_byte(made, tmp_path, library):
    folder, _ = made
    script = sample_script()
    again = tmp_path / "yangli"
    mix(script, takes_of(script), sound, again, replace(OPTIONS, stings=library))
    first, second = contents(folder), contents(again)
    assert [name for name in second if first[name] != second[name]] == []


def short(count: int = 2) -> Script:
    sections = [Section(line(f"第{n}部分"), ((line("花街镇发展很快。"),),)) for n in range(count)]
    return Script(Header("s", "短"), tuple(sections))


def test_other_choices(tmp_path):
    own = tmp_path / "own.jpg"
    ffmpeg.run(["-f", "lavfi", "-i", "color=red:size=1400x1400", "-frames:v", "1", f"file:{own}"])
    options = replace(OPTIONS, loudness=-23.0, bitrate=128, label=None, cover=own)
    told: dict[str, list[tuple[int, int]]] = {}

    def progress(name):
        return lambda done, total, remark: told.setdefault(name, []).append((done, total))

    mixed = mix(short(), takes_of(short()), sound, tmp_path / "s", options, progress=progress)
    assert mixed.bulletin.loudness.integrated == pytest.approx(-23.0, abs=0.5)
    path = tmp_path / "s" / "s.mp3"
    assert MP3(path).info.bitrate == 128_000
    assert "TXXX:AIGC" not in ID3(path)
    assert ID3(path)["APIC:封面：短"].mime == "image/jpeg"
    assert (tmp_path / "s" / "cover.jpg").read_bytes() == own.read_bytes()
    assert list(told) == ["level", "encode", "check"]
    for steps in told.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


def test_chapters_of_different_loudness_come_out_alike(tmp_path):
    script = short(3)
    quiet = {key: sound(key) * 0.05 for key in ("第1部分", "花街镇发展很快。")}

    def uneven(key):
        return quiet["第1部分"] if key == "第1部分" else sound(key) * (3 if key == "第2部分" else 1)

    mixed = mix(script, takes_of(script), uneven, tmp_path / "s", OPTIONS)
    assert mixed.warnings == ()


def test_an_only_chapter_is_the_whole_under_other_tags(tmp_path, monkeypatch):
    written, real = [], encode._mp3
    monkeypatch.setattr(encode, "_mp3", lambda rate, path: written.append(path) or real(rate, path))
    encode.loss(OPTIONS.bitrate)
    written.clear()
    mixed = mix(short(1), takes_of(short(1)), sound, tmp_path / "s", OPTIONS)
    (chapter,) = mixed.bulletin.chapters
    files = [tmp_path / "s" / "s.mp3", tmp_path / "s" / chapter.file]
    tagged = [ID3(path) for path in files]
    whole, only = (f.read_bytes()[t.size :] for f, t in zip(files, tagged, strict=True))
    assert whole[:1] == b"\xff"
    assert whole == only
    assert [len(tags.getall("CHAP")) for tags in tagged] == [1, 0]
    assert mixed.bulletin.chapter_loudness == (mixed.bulletin.loudness,)
    assert len(written) == 1


def test_peaks_are_brought_down_by_mixing_again(tmp_path, monkeypatch):
    monkeypatch.setattr(master, "CEILING", -0.05)

    def sharp(key):
        out = sound(key).copy()
        out[1000::2400] = 0.9  # clicks, which an MP3 overshoots
        return out

    mixed = mix(short(1), takes_of(short(1)), sharp, tmp_path / "s", OPTIONS)
    assert mixed.bulletin.loudness.true_peak <= -1.0


def test_sound_that_cannot_be_brought_to_target_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(master, "_TRIES", 1)
    monkeypatch.setattr(master, "_SURE", 100.0)
    monkeypatch.setattr(
        "bobao.mix.levels.parse",
        lambda log, real=encode.levels.parse: replace(real(log), integrated=-25.0),
    )
    soft = replace(OPTIONS, style=Style("soft", mastering=master.Mastering(gain=-10.0)))
    mixed = mix(short(1), takes_of(short(1)), sound, tmp_path / "s", soft)
    assert mixed.warnings[0] == "the bulletin is at -25.0 LUFS, not at -19.0 ± 0.5"


@pytest.mark.parametrize(
    ("takes", "samples_of", "fault"),
    [
        (lambda s: [[None, None], *takes_of(s)[1:]], sound, "no recording of the line “第0部分”"),
        (takes_of, lambda key: sound(key)[:-240], "damaged"),
    ],
)
def test_what_is_missing_or_damaged_changes_nothing(tmp_path, takes, samples_of, fault):
    folder = tmp_path / "s"
    mix(short(), takes_of(short()), sound, folder, OPTIONS)
    before = contents(folder)
    with pytest.raises(BobaoError, match=fault):
        mix(short(), takes(short()), samples_of, folder, replace(OPTIONS, bitrate=96))
    assert contents(folder) == before
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_what_is_finished_is_not_made_again(tmp_path):
    folder = tmp_path / "s"
    first = mix(short(), takes_of(short()), sound, folder, OPTIONS)
    before = contents(folder)
    again = mix(short(), takes_of(short()), sound, folder, replace(OPTIONS, workers=1))
    assert (first.fresh, again.fresh) == (True, False)
    assert again.bulletin == first.bulletin
    damaged = folder / first.bulletin.chapters[0].file
    damaged.write_bytes(damaged.read_bytes()[:-100])
    assert mix(short(), takes_of(short()), sound, folder, OPTIONS).fresh
    assert contents(folder) == before
    assert mix(short(), takes_of(short()), sound, folder, replace(OPTIONS, bitrate=96)).fresh


def test_a_script_with_nothing_to_say(tmp_path):
    script = Script(Header("s", "t"), (Section(line("……")),))
    with pytest.raises(BobaoError, match="nothing to say"):
        mix(script, takes_of(script), sound, tmp_path / "s", OPTIONS)
    assert not (tmp_path / "s").exists()


def test_a_bit_rate_that_mp3_has_not(tmp_path):
    with pytest.raises(BobaoError, match="65 kbit/s"):
        mix(short(1), takes_of(short(1)), sound, tmp_path / "s", replace(OPTIONS, bitrate=65))


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed")
def test_ffprobe_sees_the_chapters(made):
    folder, mixed = made
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "csv=p=0", folder / "yangli.mp3"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    starts = [int(row.split(",")[2]) for row in said.splitlines()]
    assert starts == [chapter.start_ms for chapter in mixed.bulletin.chapters]


def test_a_mix_is_that_of_its_number(made, golden):
    folder, mixed = made
    paths = sorted(folder.rglob("*.mp3"))
    told = {"duration": mixed.bulletin.duration_ms, "tags": sorted(ID3(folder / "yangli.mp3"))}
    told |= {f"{p.name} levels": sound_samples.levels(samples(p), 44_100) for p in paths}
    golden("yangli.json", sound_samples.text(told), sound_samples.alike)
