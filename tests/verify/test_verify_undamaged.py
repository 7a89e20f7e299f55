"""No false alarms: bulletins of every kind, as they are made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from verifying_stuff import SCRIPT, Bench, make, report

from bobao.station.config import template

LONG = SCRIPT.replace(
    "## {|第二",
    """\
### 小标题

> [表格] 路灯{|，}一百零三盏{|。}
> [表格] 长椅{|，}二十张{|。}

热线是{0579-87654321|零五七九，八七六五四三二幺}，网址是WWW{.|点}GOV{.|点}CN。

## {|第二""",
)
KINDS = {
    "with stings": ((), ""),
    "slowly": (("--rate", "0.5"), ""),
    "fast": (("--rate", "2.0", "--no-stings"), ""),
    "for elderly listeners": (("--style", "slow", "--no-stings"), ""),
    "for horns": (("--style", "loudspeaker"), ""),
    "at 32 kbit/s, louder": ((), "bitrate = 32\nloudness = -16"),
    "at 320 kbit/s": (("--no-stings",), "bitrate = 320"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_tones(tmp_path: Path, kind: str):
    options, sound = KINDS[kind]
    settings = template()
    for line in filter(None, sound.split("\n")):
        name = line.split(" = ")[0]
        rows = [line if row.startswith(f"{name} = ") else row for row in settings.split("\n")]
        settings = "\n".join(rows)
    folder = make(tmp_path, *options, script=LONG, settings=settings)
    assert report(folder).findings == ()


def test_a_sting_that_is_silent(tmp_path: Path):
    """Only with its stings a bulletin has this fault."""
    bench = Bench(make(tmp_path / "made"), tmp_path / "copy")
    first = bench.span("九个").start

    def hush(sound: np.ndarray) -> np.ndarray:
        sound[:first] = 0
        return sound

    bench.rewrite(hush)
    found = report(bench.folder).findings
    assert [f.where.at_ms for f in found if f.message == "pauses.long"] == [0]


@pytest.mark.speech
@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "zm_yunjian"])
def test_speech(tmp_path: Path, voice: str):
    """Real speech: whole as it is made, and damage is found in it too."""
    script = LONG.replace("engine: tone", f"engine: kokoro\nvoice: {voice}")
    bench = Bench(make(tmp_path / "made", "--no-stings", script=script), tmp_path / "copy")
    assert report(bench.folder).findings == ()
    a, b = bench.span("今年"), bench.span("这些")
    length = min(a.stop - a.start, b.stop - b.start)

    def swap(sound: np.ndarray) -> np.ndarray:
        first = sound[a.start : a.start + length].copy()
        sound[a.start : a.start + length] = sound[b.start : b.start + length]
        sound[b.start : b.start + length] = first
        # And a syllable and a half is lost elsewhere.
        here = bench.span("热线").start + 44_100
        sound[here : here + 44_100 * 3 // 10] = 0
        return sound

    bench.respeak("明年", lambda samples: samples[: len(samples) * 8 // 10])
    bench.rewrite(swap)
    found = [(f.message, bench.spoken_at(f.where.at_ms)) for f in report(bench.folder).findings]
    assert {("sound.other", "今年"), ("sound.other", "这些"), ("sound.damaged", "热线")} <= set(
        found
    )
    assert {("takes.length", "明年"), ("text.mute", "明年")} <= set(found)
