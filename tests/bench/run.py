"""``make bench``: speed and memory as ratios against a stated baseline, in one run.

Every measurement is a process of its own; CPU is what the kernel charged to it and its children
(user + system), memory the largest resident set. Start-up (imports, loading models) is measured by
the same process doing no work, and taken off. Usage: run.py [CASE…]; without, all cases but those
that take half an hour (`bulletin`).
"""

from __future__ import annotations

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sampling import Sampler

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "seeds" / "huajie-2021.txt"
SENTENCES = (
    "今年以来，全县共新建改建农村公路一百二十六公里，完成投资三点八亿元。",
    "记者从市气象局了解到，未来三天我市以多云天气为主，最高气温二十六摄氏度。",
    "相关负责人介绍，项目建成投产后，每年可为村集体增收十万元以上。",
    "在基层治理工作中，各村充分发挥党员干部的带头作用，及时化解矛盾纠纷。",
    "图书馆新增盲文读物三百册，并为行动不便的读者提供送书上门服务。",
    "本次活动共吸引了周边县市的两千多名群众参加，现场气氛热烈。",
    "水务部门提醒，请各家各户提前做好储水准备，施工期间可能短时停水。",
    "秋收时节，金黄的稻田里机器轰鸣，农户们正抓紧晴好天气抢收晚稻。",
)
PIECE_S = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: seconds of CPU and of the clock, its own and its children's peak MB."""

    cpu: float
    wall: float
    own_mb: float
    child_mb: float
    printed: str


def cost(code: str) -> Cost:
    """Run a piece of Python in a process of its own."""
    tail = (
        "\nimport resource as r;o=r.getrusage(r.RUSAGE_SELF);c=r.getrusage(r.RUSAGE_CHILDREN)\n"
        "print(o.ru_utime+o.ru_stime+c.ru_utime+c.ru_stime,o.ru_maxrss,c.ru_maxrss)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"a measurement failed:\n{done.stderr}")
    *printed, last = done.stdout.splitlines()
    cpu, own, child = map(float, last.split())
    scale = 1e6 if sys.platform == "darwin" else 1e3  # macOS counts bytes, Linux kilobytes
    return Cost(cpu, time.monotonic() - started, own / scale, child / scale, "\n".join(printed))


SPEAK = """
from concurrent.futures import ThreadPoolExecutor
from bobao.voices.engine import Utterance
from bobao.voices.registry import engine
made = engine({name!r})
voice = made.voices()[0].name
{prepare}
made.speak(Utterance("好。", voice))
with ThreadPoolExecutor({workers}) as pool:
    said = pool.map(lambda t: len(made.speak(Utterance(t, voice)).samples), {texts!r})
    print(sum(said) / 24000)
"""
# The plain way: one session with as many threads as there are processors, waiting busily, as
# onnxruntime does when nobody asks for anything else.
PLAIN = f"""
import sys
import onnxruntime
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from whole_model import whole_model
from bobao.voices.kokoro import runtime
runtime.open_session = lambda graph, **_: onnxruntime.InferenceSession(
    graph, providers=["CPUExecutionProvider"])
made = whole_model()
"""


PRODUCE = """
import json, subprocess, sys
from pathlib import Path
def bobao(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "bobao", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
bobao("init", {folder!r})
bobao("produce", {seed!r}, "-w", {folder!r}, "--engine", {engine!r}, "--quiet")
(made,) = Path({folder!r}).glob("output/*/bulletin.json")
print(json.loads(made.read_text("utf-8"))["duration_ms"] / 1000)
"""


def speech() -> None:
    """Speech: the embedded voice against the int8 model, one session, sentence after sentence.

    Then the whole way of the sample article, from text to finished MP3 files, start-up and all.
    """
    texts = list(SENTENCES)
    plain = _spoken("kokoro", texts, PLAIN, 1)
    ours = _spoken("kokoro", texts, "", os.cpu_count() or 1)
    row("speech, CPU s per audio s", "int8 plain", plain[0], "kokoro", ours[0])
    row("speech, wall s per audio s", "int8 plain", plain[1], "kokoro", ours[1])
    with tempfile.TemporaryDirectory() as folder:
        spent = cost(PRODUCE.format(folder=folder, seed=str(SAMPLE), engine="kokoro"))
    seconds = float(spent.printed)
    row("text to MP3, CPU s per audio s (wanted: 0.16)", "int8 plain, speech alone", plain[0],
        "kokoro", spent.cpu / seconds)  # fmt: skip
    row("text to MP3, wall s per audio s (wanted on two processors: 0.10)",
        "int8 plain, speech alone", plain[1], "kokoro", spent.wall / seconds)  # fmt: skip


def _spoken(name: str, texts: list[str], prepare: str, workers: int) -> tuple[float, float]:
    idle = cost(SPEAK.format(name=name, texts=[], prepare=prepare, workers=workers))
    busy = cost(SPEAK.format(name=name, texts=texts, prepare=prepare, workers=workers))
    seconds = float(busy.printed)
    return (busy.cpu - idle.cpu) / seconds, (busy.wall - idle.wall) / seconds


MIX = """
import sys
from pathlib import Path
import numpy as np
from bobao.mix.mix import mix
from bobao.mix.styles import MixOptions
from bobao.model import Header, Line, Script, Section, Span, Take
from bobao.voices.registry import engine
from bobao.voices.engine import Utterance
said = engine("tone").speak(Utterance("{text}", "tone"))
samples = np.pad(said.samples, (0, -len(said.samples) % 240))
take = Take("0" * 32, len(samples), said.marks)
line = Line((Span("{text}", "{text}"),))
count = max(1, round({hours} * 3600 * 24000 / len(samples)))
per = 60
sections = [Section(line, ((line,) * (per - 1),)) for _ in range(max(1, count // per))]
script = Script(Header("bench", "bench"), tuple(sections))
takes = [[take] * per for _ in sections]
mixed = mix(script, takes, lambda key: samples, Path(sys.argv[1] if sys.argv[1:] else "{folder}"),
            MixOptions("tone", "1", "tone"))
print(mixed.bulletin.duration_ms / 1000)
"""
PYDUB = """
import numpy as np
from bobao.mix.stings import audio_segment
AudioSegment = audio_segment()
piece = AudioSegment(np.zeros({piece} * 24000, np.int16).tobytes(), frame_rate=24000,
                     sample_width=2, channels=1)
whole = AudioSegment.empty()
for _ in range({count}):
    whole += piece
"""
OURS = """
import numpy as np
from bobao.mix.stream import Sources, pieces
from bobao.mix.timeline import Event
piece = np.zeros({piece} * 24000, np.float32)
total = 0
for data in pieces([Event(len(piece), "x")] * {count}, Sources(lambda key: piece, {{}})):
    total += len(data)
assert total
"""


def stitching() -> None:
    """Stitching: 5 s pieces joined by pydub's += and by ours; quadratic against linear."""
    for count in (100, 400):
        theirs = cost(PYDUB.format(piece=PIECE_S, count=count))
        ours = cost(OURS.format(piece=PIECE_S, count=count))
        theirs0 = cost(PYDUB.format(piece=PIECE_S, count=1))
        ours0 = cost(OURS.format(piece=PIECE_S, count=1))
        floor = 0.01  # what the kernel's clock can tell
        row(f"stitching {count} pieces, CPU s", "pydub +=", theirs.cpu - theirs0.cpu,
            "ours", max(floor, ours.cpu - ours0.cpu))  # fmt: skip
        row(f"stitching {count} pieces, MB", "pydub +=", theirs.own_mb, "ours", ours.own_mb)


def memory() -> None:
    """Memory: a whole mix (levelled, encoded, tagged, checked) of one take, short and ten times
    as long.
    """
    peaks = []
    for hours in (0.25, 2.5):
        with tempfile.TemporaryDirectory() as folder:
            text = "今年以来，全县共新建改建农村公路一百二十六公里。"
            spent = cost(MIX.format(hours=hours, text=text, folder=f"{folder}/bench"))
        seconds = float(spent.printed)
        peaks.append(spent.own_mb)
        print(
            f"mixing {seconds / 3600:.2f} h: {spent.own_mb:.0f} MB "
            f"(ffmpeg {spent.child_mb:.0f} MB), {spent.cpu / seconds:.4f} CPU s "
            f"and {spent.wall / seconds:.4f} s per audio s",
            flush=True,
        )
    print(f"memory, 2.5 h against 0.25 h: × {peaks[1] / peaks[0]:.2f}")


HOURS = 3.0
MS_A_LINE = 6_700  # what the embedded voice and the pause after it take for one of `SENTENCES`
LINES_A_PART = 50


def bulletin(engine: str = "kokoro", hours: float = HOURS) -> None:
    """A bulletin of three hours, no line like another, all the way: memory of all its processes."""
    lines = [
        f"{SENTENCES[number % len(SENTENCES)][:-1]}，这是第{number + 1}条。"
        for number in range(round(hours * 3_600_000 / (MS_A_LINE + 1_500)))
    ]
    parts = [
        f"## 第{start // LINES_A_PART + 1}部分的消息\n\n"
        + "\n\n".join(lines[start:][:LINES_A_PART])
        for start in range(0, len(lines), LINES_A_PART)
    ]
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "long.md"
        seed.write_text("# 一次很长的播报\n\n" + "\n\n".join(parts) + "\n", "utf-8")
        with Watch() as watch:
            spent = cost(PRODUCE.format(folder=folder, seed=str(seed), engine=engine))
    seconds = float(spent.printed)
    print(
        f"producing {seconds / 3600:.2f} h with {engine}: {watch.peak_mb:.0f} MB at most in all its "
        f"processes together, {max(spent.own_mb, spent.child_mb):.0f} MB in the largest; "
        f"{spent.cpu / seconds:.3f} CPU s and {spent.wall / seconds:.3f} s per audio s"
    )


class Watch(Sampler):
    """The most memory that this process's descendants hold together, looked at five times a second.

    Linux only; 0 elsewhere. Shared pages count in every process that has them.
    """

    every_s, peak_mb = 0.2, 0.0

    def look(self) -> None:
        """Note what they hold now, if it is more than ever."""
        self.peak_mb = max(self.peak_mb, self._now())

    @staticmethod
    def _now() -> float:
        parents, sizes = {}, {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            parents[int(path.parent.name)] = int(fields[1])
            sizes[int(path.parent.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        ours = {os.getpid()}
        while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return sum(sizes[pid] for pid in ours - {os.getpid()}) / 1e6


def row(what: str, base: str, theirs: float, name: str, ours: float) -> None:
    """Print a figure beside its baseline and their ratio."""
    ratio = theirs / ours if ours > 0 else float("inf")
    print(f"{what}: {base} {theirs:.3f}, {name} {ours:.3f}; × {ratio:.1f} less", flush=True)


def elsewhere(name: str) -> Callable[[], None]:
    """A case in a module of its own, beside this one: its function of that name, given `cost`."""
    return lambda: getattr(importlib.import_module(name), name)(cost)


CASES: dict[str, Callable[[], None]] = {
    "speech": speech,
    "stitching": stitching,
    "memory": memory,
    **{
        name: elsewhere(name)
        for name in ("normalising", "reading", "edge")
        if Path(__file__).with_name(f"{name}.py").exists()
    },
    "bulletin": bulletin,
}
LONG = ("bulletin",)


def main() -> None:
    """Run the cases named on the command line, or all but the long ones."""
    python = sys.version.split()[0]
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {python}", flush=True
    )
    for name in sys.argv[1:] or [name for name in CASES if name not in LONG]:
        CASES[name]()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"(the bench itself: {used.ru_utime + used.ru_stime:.0f} CPU s)")


if __name__ == "__main__":
    main()
