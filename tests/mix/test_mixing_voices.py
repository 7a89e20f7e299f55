"""Voices as loud as each other, with tones of many levels and with real speech."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mixing_stuff import line

from bobao.mix import ffmpeg
from bobao.mix import levels as loudness
from bobao.mix.master import GENTLE, MOST_DB, gains
from bobao.mix.mix import mix
from bobao.mix.pauses import Pauses
from bobao.mix.stream import Sources
from bobao.mix.styles import STYLES, MixOptions, style
from bobao.mix.timeline import build
from bobao.model import RATE, Header, Line, Script, Section, Take
from bobao.publish import cover
from bobao.station import config
from bobao.voices.casting import Casting, Role, cast


def script(*sections: list[Line | str]) -> Script:
    """Sections of one paragraph each; the first line of each is its heading."""
    rows = [[each if isinstance(each, Line) else line(each) for each in row] for row in sections]
    made = tuple(Section(heading, (tuple(rest),)) for heading, *rest in rows)
    return Script(Header("s", "标题"), made)


SCRIPT = script(
    [
        "标题在这里",
        "第一句话说得很长很长。",
        "“这是一句很长很长的完整引语。”",
        "第二句话也一样长。",
    ],
    [
        "另一部分",
        "第三句话说得很长很长。",
        "“这里又是一句完整的长长的引语。”",
        "第四句话也一样长。",
    ],
)
OPTIONS = MixOptions(engine="duo", engine_version="1", voice="ann")


@pytest.fixture(scope="module", autouse=True)
def _small_cover():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "SIDE", 64)
        yield


def speakers(script_: Script, casting: Casting, own: str) -> list[list[str]]:
    rows = cast(script_, casting)
    return [["" if name == own else name for name in row] for row in rows]


def buzz(key: str, decibels: dict[str, float]) -> np.ndarray:
    """A second or so of syllables, `key` being a voice and a text; each voice has its own tone."""
    voice, text = key.split(" ", 1)
    times = np.arange(len(text) * RATE // 5 // 240 * 240) / RATE
    pitch = {"": 220, "bob": 105, "cat": 270}[voice]
    tone = sum(np.sin(2 * np.pi * pitch * k * times) / k for k in range(1, 14))
    shape = 0.15 + np.sin(np.pi * times * 5) ** 2
    return (0.1 * 10 ** (decibels[voice] / 20) * tone * shape).astype(np.float32)


def takes(rows: list[list[str]]) -> list[list[Take]]:
    made = []
    for section, voices in zip(SCRIPT.sections, rows, strict=True):
        keys = [f"{v} {each.spoken}" for v, each in zip(voices, section.lines(), strict=True)]
        made.append(
            [Take(key, len(key.split(" ")[1]) * RATE // 5 // 240 * 240, ()) for key in keys]
        )
    return made


def loudness_of(folder: Path) -> dict[str, float]:
    """LUFS of each voice in the finished MP3, by the times in `bulletin.json`."""
    told = json.loads((folder / "bulletin.json").read_text("utf-8"))
    heard = bytearray()
    ffmpeg.run([*ffmpeg.source(folder / "s.mp3"), "-f", "f32le", "pipe:1"], take=heard.extend)
    samples = np.frombuffer(heard, "<f4")
    parts: dict[str, list[np.ndarray]] = {}
    for chapter in told["chapters"]:
        for cue in chapter["sentences"]:
            start, end = (cue[at] * 441 // 10 for at in ("start_ms", "end_ms"))
            parts.setdefault(cue["voice"] or told["voice"], []).append(samples[start:end])
    return {voice: _lufs(np.concatenate(part)) for voice, part in parts.items()}


def _lufs(samples: np.ndarray) -> float:
    chain = ["-f", "f32le", "-ar", "44100", "-ac", "1", "-i", "pipe:0", "-af", loudness.METER]
    log = ffmpeg.run([*chain, "-f", "null", "-"], [samples.astype("<f4").tobytes()])
    return loudness.parse(log).integrated


LEVELS = {
    "news": {"": -12.0, "bob": -2.0, "cat": -20.0},
    "slow": {"": 0.0, "bob": 10.0, "cat": -6.0},
    "loudspeaker": {"": 0.0, "bob": -5.0, "cat": 8.0},
}


@pytest.fixture(scope="module")
def styled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The script in every style, by three voices of very different levels."""
    folders, casting = {}, Casting(("ann", "bob"), {Role.QUOTATION: "cat"})
    rows = speakers(SCRIPT, casting, "ann")
    for name, levels in LEVELS.items():
        folders[name] = tmp_path_factory.mktemp(name) / "s"
        options = replace(OPTIONS, style=style(name))
        sound = functools.partial(buzz, decibels=levels)
        made = mix(SCRIPT, takes(rows), sound, folders[name], options, speakers=rows)
        assert made.warnings == ()
        assert made.bulletin.voices == ("ann", "cat", "bob")
        assert made.bulletin.style == name
        assert made.bulletin.loudness.integrated == pytest.approx(options.target, abs=0.5)
        assert made.bulletin.loudness.true_peak <= -1.0
    return folders


@pytest.mark.parametrize("name", STYLES)
def test_voices_of_any_level_come_out_alike(styled: dict[str, Path], name: str) -> None:
    found = loudness_of(styled[name])
    assert set(found) == {"ann", "bob", "cat"}
    assert max(found.values()) - min(found.values()) < 1.0


def found_gains(casting: Casting, levels: dict[str, float]) -> dict[str, float]:
    rows = speakers(SCRIPT, casting, "ann")
    timeline = build(SCRIPT, takes(rows), {}, Pauses(), rows)
    return gains(timeline, Sources(lambda key: buzz(key, levels)), GENTLE)


@pytest.mark.parametrize("casting", [Casting(("ann",)), Casting(("ann", "bob"))])
def test_nothing_is_touched_where_no_chapter_has_two_voices(casting: Casting) -> None:
    assert found_gains(casting, {"": 0.0, "bob": -9.0}) == {}


@pytest.mark.parametrize("decibels", [-40, 40])
def test_no_voice_is_turned_further_than_the_bound(decibels: float) -> None:
    casting = Casting(("ann",), {Role.QUOTATION: "cat"})
    factors = found_gains(casting, {"": -20.0, "cat": -20.0 + decibels})
    assert factors[""] == 1.0
    assert abs(20 * math.log10(factors["cat"])) == pytest.approx(MOST_DB)


def test_a_voice_too_short_or_soft_to_measure_is_left_as_it_is() -> None:
    casting = Casting(("ann",), {Role.QUOTATION: "cat"})
    assert found_gains(casting, {"": 0.0, "cat": -120.0}) == {"": 1.0, "cat": 1.0}
    assert found_gains(casting, {"": -120.0, "cat": 0.0})[""] == 1.0


def test_the_styles_are_those_of_the_settings() -> None:
    assert tuple(STYLES) == config.STYLES
    assert all(name == each.name for name, each in STYLES.items())


@pytest.mark.parametrize("name", STYLES)
def test_pauses_keep_their_order_and_stay_under_two_seconds(name: str) -> None:
    pauses = style(name).pauses
    steps = (pauses.sentence, pauses.paragraph, pauses.heading, pauses.chapter + pauses.lead)
    assert list(steps) == sorted(set(steps))
    assert steps[-1] < 2000
    assert style(name).breath.rest_ms < pauses.sentence


def test_a_horn_is_given_no_bass_and_more_of_what_is_understood(styled: dict[str, Path]) -> None:
    def share(name: str, low: float, high: float) -> float:
        heard = bytearray()
        ffmpeg.run(
            [*ffmpeg.source(styled[name] / "s.mp3"), "-f", "f32le", "pipe:1"], take=heard.extend
        )
        power = np.abs(np.fft.rfft(np.frombuffer(heard, "<f4"))) ** 2
        pitch = np.fft.rfftfreq(len(heard) // 4, 1 / 44_100)
        return 10 * math.log10(power[(pitch > low) & (pitch < high)].sum() / power.sum())

    assert share("loudspeaker", 0, 230) < share("news", 0, 230) - 2
    assert share("loudspeaker", 1500, 3500) > share("news", 1500, 3500) + 4
    assert share("slow", 2500, 5000) > share("news", 2500, 5000) + 1


def test_nothing_is_louder_than_the_loudest() -> None:
    loud = replace(OPTIONS, loudness=-15.0, style=style("loudspeaker"))
    assert (loud.target, replace(OPTIONS, style=style("loudspeaker")).target) == (-14.0, -16.0)


@pytest.mark.speech
def test_real_voices_come_out_alike(tmp_path: Path) -> None:
    from bobao.voices.delivery import deliveries, record
    from bobao.voices.registry import engine
    from bobao.voices.store import Store

    spoken = script(
        ["花街镇公园建成", "今年以来，全镇新建九个公园。", "“出门就能散步，大家都很高兴。”"],
        ["居民这样说", "“晚饭以后，我们常来这里走走。”", line("公园的水面很大，灯光很亮。")],
    )
    made, store = engine("kokoro"), Store(tmp_path / "takes")
    casting = Casting(("zf_xiaoxiao", "zm_yunjian"), {Role.QUOTATION: "zm_yunxi"})
    rows = deliveries(spoken, cast(spoken, casting))
    names = [["" if e.voice == "zf_xiaoxiao" else e.voice for e in row] for row in rows]
    options = MixOptions("kokoro", made.version, "zf_xiaoxiao")
    takes_ = record(rows, made, store)
    mix(spoken, takes_, store.samples, tmp_path / "s", options, speakers=names)
    found = loudness_of(tmp_path / "s")
    assert set(found) == {"zf_xiaoxiao", "zm_yunjian", "zm_yunxi"}
    assert max(found.values()) - min(found.values()) < 1.0
