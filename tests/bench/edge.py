"""The online voice against a service at home: time against what the service allows, and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SERVICE = Path(__file__).resolve().parents[1] / "edge" / "edge_service.py"
LATENCY_S, PACE, AT_ONCE, LINES = 0.3, 8.0, 4, 60
SUBJECTS = ("县图书馆", "市气象局", "水务公司", "镇中心小学", "村民委员会")
VERBS = ("介绍说，", "提醒各家各户，", "昨天通报，")
NEWS = (
    "未来三天以多云天气为主，最高气温二十六摄氏度",
    "新增盲文读物三百册，并送书上门",
    "施工期间可能短时停水，请提前储水",
    "共有两千多名群众参加，现场气氛热烈",
)
SPEAK = """
import sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.edge.client import Settings
from bobao.voices.engine import Utterance
from bobao.voices.store import Store, key
engine, texts = EdgeEngine(Settings(url={url!r})), {texts!r}
folder = tempfile.TemporaryDirectory()
store = Store(Path(folder.name))
def take(text):
    said = Utterance(text, "zh-CN-YunyangNeural")
    return store.save(key(said, engine), engine.speak(said)).duration_ms
take("今天多云。")  # all is loaded
started = time.monotonic()
with ThreadPoolExecutor(engine.at_once) as pool:
    ms = sum(pool.map(take, sorted(texts, key=len, reverse=True)))
print(time.monotonic() - started, ms / 1000)
"""


def edge(cost: Callable[[str], Any]) -> None:
    """The online voice: 60 lines, 300 ms to wait and 8 times real time for each request."""
    texts = [f"{subject}{verb}{news}。" for subject in SUBJECTS for verb in VERBS for news in NEWS][
        :LINES
    ]
    with service(LATENCY_S, PACE, texts) as (url, seconds):
        spent = cost(SPEAK.format(url=url, texts=texts))
    wall, spoken = map(float, spent.printed.split())
    bound = sum(LATENCY_S + length / PACE for length in seconds) / AT_ONCE
    print(
        f"online voice, {len(texts)} lines, {spoken:.0f} s of speech ({sum(seconds):.0f} s sent): "
        f"{wall:.1f} s, × {wall / bound:.2f} of the {bound:.1f} s that {AT_ONCE} requests at a "
        f"time allow; {spent.cpu / spoken:.4f} CPU s per audio s with all imports, "
        f"{spent.own_mb:.0f} MB",
        flush=True,
    )


@contextmanager
def service(latency_s: float, pace: float, texts: list[str]) -> Iterator[tuple[str, list[float]]]:
    """Yield a service in a process of its own: its address, and how much sound it has for each."""
    command = [sys.executable, str(SERVICE), str(latency_s), str(pace)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as made:
        assert made.stdin
        assert made.stdout
        try:
            made.stdin.write(json.dumps(texts) + "\n")
            made.stdin.flush()
            url, seconds = json.loads(made.stdout.readline())
            yield url, seconds
        finally:
            made.kill()
