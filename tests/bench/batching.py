"""Trials of `bobao batch` that are too long for the suite. Usage: batching.py CASE [NUMBER…].

flat N…       N tiny articles with the engine `silence`: cost of an article, memory of driver, workers
driver N…     the same with workers that answer at once: what the driver itself costs
cluster N…    as `flat`, on a Dask cluster of 4 worker processes; memory of its scheduler
deaths [N]    a cluster of which two workers are killed and one stands still for 30 s
speech [N]    short articles with the embedded voice against two processes that only speak
published [N] the same with the whole published model, which needs ten times the work to speak

Times are of a shared machine unless it is a quiet one: CPU seconds are what to compare.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil
from sampling import Sampler

from bobao.batch import tasks
from bobao.batch.board import ArticleDraft, Finished, Row, TaskAnswer

ROOT = Path(__file__).resolve().parent.parent.parent
SETS = ROOT.parent / "shared" / "bench"
BOBAO = [sys.executable, "-m", "bobao"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1767225600"}
TINY = ("--no-signposts", "--no-stings")


def sentences() -> list[str]:
    """Sentences of the labelled sets; of the sample alone where the sets are absent."""
    articles = [*sorted((SETS / "articles" / "dev").glob("*.txt")), ROOT / "seeds/huajie-2021.txt"]
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in articles]
    columns = {"normalise/news_dev.tsv": 3, "pronounce/news_poly_dev.tsv": 3,
               "pronounce/cpp_dev.tsv": 0}  # fmt: skip
    for name, column in columns.items():
        if (path := SETS / name).exists():
            texts += [row.split("\t")[column] for row in path.read_text("utf-8").splitlines()]
    lines = (line for text in texts for line in text.replace("。", "。\n").splitlines())
    return list(dict.fromkeys(line.strip() for line in lines if line.strip().endswith("。")))


def workspace(folder: Path, articles: int, lines: int) -> Path:
    """A workspace with articles of a title and so many sentences, no two articles the same."""
    subprocess.run([*BOBAO, "init", str(folder), "-q"], check=True, env=ENVIRONMENT)
    longest = 60 if lines > 1 else 24
    texts = cycle(line for line in sentences() if 12 <= len(line) <= longest)
    for number in range(articles):
        body = "".join(islice(texts, lines))
        text = f"第{number + 1}号简讯\n\n{body}这是第{number + 1}条。\n"
        (folder / "seeds" / f"a{number:05}.txt").write_text(text, "utf-8")
    return folder


class Watch(Sampler):
    """The largest resident memory of processes by what they are, in MB, looked at now and then."""

    def __init__(self, **watched: psutil.Process) -> None:
        super().__init__()
        self.watched, self.most, self.cpu = watched, Counter[str](), dict[str, float]()

    def look(self) -> None:
        """Note what they and their children hold, and what they themselves have worked."""
        for name, process in self.watched.items():
            try:
                times = process.cpu_times()
                self.cpu[name] = times.user + times.system
                self._note(name, process)
                for child in process.children(recursive=True):
                    self._note("worker" if "python" in child.name() else child.name()[:6], child)
            except psutil.Error:  # noqa: PERF203 - it has ended meanwhile
                continue

    def _note(self, name: str, process: psutil.Process) -> None:
        self.most[name] = max(self.most[name], process.memory_info().rss // 10**6)


def batch(place: Path, *options: str, log: Path) -> subprocess.Popen[bytes]:
    """Start a batch; its result goes to `log`, what it says to `log.err`."""
    order = [*BOBAO, "batch", "-w", str(place), "--json", *options]
    with log.open("wb") as file, log.with_suffix(".err").open("wb") as faults:
        return subprocess.Popen(order, stdout=file, stderr=faults, env=ENVIRONMENT)


def cost_of(started: float, before: os.times_result, articles: int) -> str:
    """Wall and CPU for each article since a moment; of processes that have ended."""
    now = os.times()
    cpu = now.children_user + now.children_system - before.children_user - before.children_system
    wall = time.monotonic() - started
    return f"{wall / articles:7.3f} {cpu / articles:7.3f}"


def flat(*numbers: int) -> None:
    """Cost of an article as their number grows."""
    print("articles  wall/article CPU/article (s); MB at most; CPU of the driver alone")
    for articles in numbers or (100, 1000):
        with tempfile.TemporaryDirectory() as folder:
            place = workspace(Path(folder) / "w", articles, 1)
            started, before = time.monotonic(), os.times()
            running = batch(place, "--engine", "silence", *TINY, log=Path(folder) / "log")
            with Watch(driver=psutil.Process(running.pid)) as watch:
                code = running.wait()
            if code:
                raise SystemExit((Path(folder) / "log.err").read_text("utf-8")[-2000:])
            driver = watch.cpu["driver"] / articles
            print(
                f"{articles:8}  {cost_of(started, before, articles)}  {dict(watch.most)}  {driver:.4f}"
            )


COUNTING = """
import os
from bobao.voices.delivery import Delivery
speak = getattr(Delivery, "uncounted", Delivery.speak)  # Dask runs this twice
Delivery.uncounted = speak
def counted(delivery, say):
    with open(os.environ["SPOKEN"], "a") as file:
        file.write(delivery.key(say.__self__) + "\\n")
    return speak(delivery, say)
Delivery.speak = counted
"""
"""What every worker of a trial is given beforehand: it notes each line that it begins to say."""


@dataclass(frozen=True)
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]
    spoken: Path

    def times(self) -> Counter[str]:
        """How often each line was begun."""
        return Counter(self.spoken.read_text("utf-8").split())


@contextmanager
def cluster(folder: Path, workers: int = 4) -> Iterator[Cluster]:
    """A scheduler and workers on loopback; a worker that dies is not started again."""
    dask, told = [sys.executable, "-m", "dask"], folder / "scheduler.json"
    preload, spoken = folder / "counting.py", folder / "spoken"
    preload.write_text(COUNTING, "utf-8")
    spoken.touch()
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    environment = {**ENVIRONMENT, "SPOKEN": str(spoken)}
    with ExitStack() as stack:
        log = stack.enter_context((folder / "cluster.log").open("wb"))

        def start(*order: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*dask, *order], stdout=log, stderr=log, env=environment)
            stack.callback(end, process)
            return process

        scheduler = start("scheduler", *here, "--port", "0", "--scheduler-file", str(told))
        while not told.exists():
            time.sleep(0.2)
        order = ["worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny", *here]
        order += ["--preload", str(preload), "--local-directory", str(folder / "dask")]
        running = [start(*order) for _ in range(workers)]
        yield Cluster(json.loads(told.read_text("utf-8"))["address"], scheduler, running, spoken)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here, whatever state it is in."""
    process.kill()
    process.wait()


def made(folder: Path) -> dict[str, bytes]:
    """Scripts and manifests: what is said, and when."""
    found = [*folder.glob("scripts/a*.md"), *folder.glob("output/*/bulletin.json")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def clustered(*numbers: int) -> None:
    """Cost of an article on a cluster, and what its scheduler keeps, as their number grows."""
    print("articles  wall/article; MB at most; CPU of driver, scheduler for each article")
    for articles in numbers or (100, 1000):
        with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as dask:
            folder = Path(name)
            place, store = workspace(folder / "w", articles, 1), (folder / "s").as_uri()
            options = ("--scheduler", dask.address, "--store", store, "--engine", "silence", *TINY)
            started = time.monotonic()
            running = batch(place, *options, log=folder / "log")
            watched = {"driver": psutil.Process(running.pid), "scheduler": dask.scheduler.pid}
            watched |= {f"worker{n}": w.pid for n, w in enumerate(dask.workers)}
            watched = {k: v if isinstance(v, psutil.Process) else psutil.Process(v)
                       for k, v in watched.items()}  # fmt: skip
            with Watch(**watched) as watch:
                code = running.wait()
            if code:
                raise SystemExit((folder / "log.err").read_text("utf-8")[-2000:])
            wall = (time.monotonic() - started) / articles
            cpu = {name: round(watch.cpu[name] / articles, 4) for name in ("driver", "scheduler")}
            print(f"{articles:8}  {wall:7.3f}  {dict(watch.most)}  {cpu}")


PAUSED_S = 30


def deaths(articles: int = 100) -> None:
    """Two workers are killed and one stands still, and everything is made, once."""
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as dask:
        folder, rows = Path(name), Path(name) / "rows"
        alone, far = workspace(folder / "a", articles, 1), workspace(folder / "b", articles, 1)
        if batch(alone, "--engine", "tone", *TINY, log=folder / "log").wait():
            raise SystemExit((folder / "log.err").read_text("utf-8")[-2000:])
        print(f"{articles} articles made on this machine")
        options = ("--scheduler", dask.address, "--store", (folder / "s").as_uri(), *TINY)
        running = batch(
            far, "--engine", "tone", *options, "--report", str(rows), log=folder / "log"
        )
        first, second, third, _ = dask.workers
        faults = [
            (0.15, "one worker killed", lambda: first.send_signal(signal.SIGKILL)),
            (0.3, "one stopped", lambda: third.send_signal(signal.SIGSTOP)),
            (0.45, "another killed", lambda: second.send_signal(signal.SIGKILL)),
        ]
        resume = 0.0
        while running.poll() is None:
            time.sleep(0.2)
            done = len(rows.read_bytes().splitlines()) / articles if rows.exists() else 0.0
            if faults and done >= faults[0][0]:
                _, told, do = faults.pop(0)
                do()
                resume = time.monotonic() + PAUSED_S if "stopped" in told else resume
                print(f"{done:4.0%} {told}")
            if resume and time.monotonic() > resume:
                third.send_signal(signal.SIGCONT)
                resume = 0.0
                print(f"{done:4.0%} it goes on after {PAUSED_S} s")
        totals = json.loads((folder / "log").read_text("utf-8"))
        print({name: totals[name] for name in ("articles", "made", "failed", "lines", "spoken")})
        mine, theirs = made(alone), made(folder / "s")
        same = mine == theirs
        for other in sorted(
            name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)
        )[:3]:
            print(f"not the same: {other}")
        times = Counter(dask.times().values())
        (folder / "s" / "bobao.toml").write_bytes((far / "bobao.toml").read_bytes())
        verified = sum(good(folder / "s", f"a{n:05}") for n in range(articles))
        print(f"verified {verified}; same scripts and manifests as alone: {same}; "
              f"lines by how often they were said: {dict(times)}")  # fmt: skip
        if verified < articles or not same or max(times) > 2 or faults:
            raise SystemExit("not as it should be")


def good(root: Path, slug: str) -> bool:
    """Whether a bulletin is proved."""
    from bobao.station.workspace import locate
    from bobao.verify.verify import verify

    return verify(locate(root), slug).good


class Answering:
    """Workers that have done everything already: what is left is the driver."""

    room = 4

    def submit(self, function: Callable[..., TaskAnswer], *arguments: Any) -> Future[TaskAnswer]:
        """TaskAnswer at once."""
        from bobao.voices.delivery import Delivery
        from bobao.voices.engine import Utterance

        slug = Path(arguments[1]).stem if function is tasks.draft else ""
        values: dict[Any, int | Finished] = {tasks.speak: 1, tasks.mix: Finished(9000, True)}
        said = tuple(
            (f"{slug}{n}", Delivery((Utterance("今天上午。" * 5, "v"),))) for n in range(6)
        )
        future: Future[TaskAnswer] = Future()
        future.set_result(
            TaskAnswer(values.get(function) or ArticleDraft(Row(slug, slug), "tone", said))
        )
        return future


def driver(*numbers: int) -> None:
    """What the driver does for an article, whoever does the work."""
    from bobao.batch.run import Crew
    from bobao.batch.site import LocalSite
    from bobao.pipeline import Choices

    me = psutil.Process()
    for articles in numbers or (1000, 10_000, 100_000):
        names, crew = [f"a{n}.txt" for n in range(articles)], Crew(Answering(), LocalSite(Path()))
        before, memory = time.process_time(), me.memory_info().rss
        rows = sum(1 for _ in crew.run(names, Choices(), "2026-01-01"))
        spent = (time.process_time() - before) / rows * 1e6
        grown = (me.memory_info().rss - memory) / 1e6
        print(f"{rows:8} articles: {spent:6.0f} microseconds of CPU each, {grown:6.1f} MB more")


PURE = """
import sys, time
from bobao.voices.engine import Utterance
from bobao.voices.registry import engine
made = engine(sys.argv[3])
made.speak(Utterance("好。", "zf_xiaoxiao"))
texts = open(sys.argv[1], encoding="utf-8").read().splitlines()
began = time.monotonic()
for text in texts[int(sys.argv[2]) :: 2]:
    made.speak(Utterance(text, "zf_xiaoxiao"))
print(time.monotonic() - began)
"""
"""A worker that does nothing but speak: every second of the lines in a file."""


def speech(articles: int = 200, engine: str = "kokoro") -> None:
    """The embedded voice: throughput against pure inference, time to the first bulletin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place, single = workspace(folder / "w", articles, 6), workspace(folder / "one", 1, 6)
        order = [*BOBAO, "produce", "a00000", "-q", "-w", str(single), "--engine", engine]
        started = time.monotonic()
        subprocess.run(order, check=True, env=ENVIRONMENT)
        alone = time.monotonic() - started
        rows, log = folder / "rows", folder / "log"
        started, first = time.monotonic(), 0.0
        told = ("--report", str(rows), "--log", str(folder / "events"))
        running = batch(place, "--engine", engine, "-j", "2", *told, log=log)
        with Watch(driver=psutil.Process(running.pid)) as watch:
            while running.poll() is None:
                time.sleep(0.1)
                if not first and rows.exists() and rows.stat().st_size:
                    first = time.monotonic() - started
        wall = time.monotonic() - started
        if running.returncode:
            raise SystemExit(log.with_suffix(".err").read_text("utf-8")[-2000:])
        totals = json.loads(log.read_text("utf-8"))
        pure = _pure(folder, sorted((place / "scripts").glob("a*.md")), engine)
        spans = Counter[str]()
        for line in (folder / "events").read_text("utf-8").splitlines():
            event = json.loads(line)
            spans[event["event"]] += event["ms"]
    print(
        f"{totals['made']} articles, {totals['spoken']} lines, {totals['duration_ms'] / 1000:.0f} s"
    )
    print(
        f"batch {wall:.1f} s; the same lines said by two processes {pure:.1f} s: {pure / wall:.2f}"
    )
    shares = {name: f"{ms / 1e3 / 2 / wall:.0%}" for name, ms in spans.items() if ms}
    print(f"of the batch's time on two processors: {shares}")
    print(f"speaking alone, in the batch: {pure / (spans['speak'] / 2e3):.2f} of the two processes")
    print(f"first bulletin after {first:.1f} s, a single run {alone:.1f} s: {first / alone:.2f}")
    print(f"memory at most, MB: {dict(watch.most)}")


def _pure(folder: Path, scripts: list[Path], engine: str) -> float:
    """How long two processes take to say every line of scripts once, their starts left out."""
    from bobao.model import audible
    from bobao.script.markup import parse

    lines = (line for path in scripts for line in parse(path.read_text("utf-8")).lines())
    texts = dict.fromkeys(line.spoken for line in lines if audible(line.spoken))
    (folder / "texts").write_text("\n".join(texts), "utf-8")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PURE, str(folder / "texts"), str(half), engine],
            stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
        )
        for half in (0, 1)
    ]  # fmt: skip
    return max(float(process.communicate()[0]) for process in running)


CASES = {"flat": flat, "driver": driver, "cluster": clustered, "deaths": deaths, "speech": speech}  # fmt: skip

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in CASES:
        raise SystemExit(__doc__)
    CASES[sys.argv[1]](*map(int, sys.argv[2:]))
