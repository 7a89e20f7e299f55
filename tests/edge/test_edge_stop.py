"""Ctrl-C while the service is asked again and again; two services in one process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest
from edge_service import WELL, Conduct, Service, running
from test_edge_storm import LINES, SCRIPT

from bobao.station import workspace
from bobao.voices.delivery import Delivery, record
from bobao.voices.edge.client import Settings
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.engine import Utterance
from bobao.voices.store import Store

pytest_plugins = ["edge_fixtures"]
VOICE = "zh-CN-YunyangNeural"
WELL_SAID = 3
HEARING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from bobao.cli import main; main()"
)
"""The command; it hears Ctrl-C even where these tests run in the background and may ignore it."""
ENDLESS = {
    "waits between tries": Conduct(status=503, retry_after="50"),
    "a service that is silent": Conduct(end="stall", after=0.5),
}


def until(true: Callable[[], bool]) -> None:
    for _ in range(1500):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")


def takes_in(folder: Path) -> int:
    return len(list(folder.rglob("*.json")))


def conduct_after(service: Service, conduct: Conduct) -> None:
    """The first lines are said, all others treated so: at the door, or once their text is known."""
    if conduct.status:
        service.script = lambda number: conduct if number > WELL_SAID else WELL
    else:
        service.by_text = lambda text, tries: conduct if len(service.asked) > WELL_SAID else WELL


@pytest.mark.parametrize("name", ENDLESS)
def test_ctrl_c_ends_it_promptly_and_keeps_what_is_finished(
    name: str, edge_service: Service, tmp_path: Path
) -> None:
    place = workspace.create(tmp_path)
    place.script("storm").write_text(SCRIPT.format("\n".join(LINES)), "utf-8")
    conduct_after(edge_service, ENDLESS[name])
    environment = {**os.environ, "BOBAO_EDGE_URL": edge_service.url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", HEARING, "voice", "storm", "--plain", "-w", str(tmp_path)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            until(lambda: takes_in(place.takes) == WELL_SAID and edge_service.doors > WELL_SAID)
            time.sleep(0.3)  # it waits now
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 130  # 50 s and more if the tries were waited for
        finally:
            process.kill()
        said = process.stderr.read().decode() if process.stderr else ""
    assert "what was finished is kept" in said
    assert "Traceback" not in said
    left = [path.name for path in tmp_path.rglob("*") if path.name.startswith(".aside-")]
    assert left == []
    store = Store(place.takes)
    keys = [path.stem for path in place.takes.rglob("*.json")]
    assert len(keys) == WELL_SAID
    assert all(store.load(key) for key in keys)


def test_it_can_be_asked_again_after_it_was_stopped(
    edge_service: Service, edge_engine: Callable[..., EdgeEngine], tmp_path: Path
) -> None:
    conduct_after(edge_service, ENDLESS["a service that is silent"])
    engine = edge_engine(idle_s=60.0)
    store = Store(tmp_path)
    rows = (tuple(Delivery((Utterance(text, VOICE),)) for text in LINES),)

    def progress(done: int, total: int, ms: int) -> None:
        if done == WELL_SAID:
            until(lambda: edge_service.doors > WELL_SAID + 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(rows, engine, store, progress=progress)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("voice")]
    edge_service.script, edge_service.by_text = lambda number: WELL, None
    (takes,) = record(rows, engine, store)
    assert all(takes)
    assert len({take.key for take in takes if take}) == len(LINES)


def test_stop_ends_those_who_wait_for_their_turn(
    edge_service: Service, edge_engine: Callable[..., EdgeEngine]
) -> None:
    edge_service.script = lambda number: Conduct(latency_s=30.0)
    engine = edge_engine(idle_s=60.0)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(engine.speak, Utterance(text, VOICE)) for text in LINES]
        until(lambda: edge_service.now == engine.settings.at_once)
        engine.stop()
        for future in waiting:
            with pytest.raises(CancelledError):
                future.result(timeout=10)


def test_two_services_in_one_process(edge_network) -> None:
    with running() as one, running() as other:
        services = {"甲": one, "乙": other}
        engines = {
            name: EdgeEngine(Settings(url=service.url)) for name, service in services.items()
        }
        texts = [f"{name}台说第{n}句话。" for n in "一二三四五六七八" for name in services]
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda text: engines[text[0]].speak(Utterance(text, VOICE)), texts))
        for name, service in services.items():
            assert {asked.text[0] for asked in service.asked} == {name}
            assert service.doors == 8
            assert "service tells now" in engines[name].update_voices(now=True)
            assert service.lists == 1
