"""Runs `bobao produce` in forked processes and kills them at seeded random moments.

Usage: killing.py WORKSPACE REFERENCE LOG SEED KILLS ARGUMENT…; prints a JSON list, a row for each
kill: the keys in the store before the run, the keys of the lines that it began, and what lay in
output/ after it. The reference workspace is produced undisturbed first, which also tells how long a
run takes. Forking spares the start of Python, so that the kills fall into the work itself.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from bobao import words
from bobao.cli import main
from bobao.mix import encode, ffmpeg, mix, tags  # noqa: F401 - loaded once
from bobao.publish import cover
from bobao.voices import delivery

PACE_S = 0.05
"""Each line takes so long, for the tone engine is quicker than any kill."""


def logged(log: Path) -> None:
    """Have every line that is begun written down, before it is spoken."""
    real = delivery.record_line

    def record_line(key, *rest):
        with log.open("a") as file:
            file.write(key + "\n")
        time.sleep(PACE_S)
        return real(key, *rest)

    delivery.record_line = record_line


def start(workspace: Path, arguments: list[str]) -> int:
    """A run of its own; its process id."""
    process = os.fork()
    if process:
        return process
    try:
        main(["produce", *arguments, "--quiet", "--workspace", str(workspace)])
    except SystemExit as ended:
        os._exit(int(ended.code or 0))
    os._exit(3)


def stored(workspace: Path) -> list[str]:
    """The keys in the take store."""
    return sorted(path.stem for path in (workspace / "audio" / "takes").rglob("*.json"))


def killed(workspace: Path, log: Path, moment: float, arguments: list[str]) -> dict[str, object]:
    """One run, killed at a moment in seconds unless it is finished by then."""
    before = stored(workspace)
    log.write_text("")
    over = time.monotonic() + moment
    process, ended, status = start(workspace, arguments), 0, 0
    while not ended and time.monotonic() < over:
        time.sleep(0.005)
        ended, status = os.waitpid(process, os.WNOHANG)
    if not ended:
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
    whole = {p.parent.name for p in (workspace / "output").glob("[!.]*/bulletin.json")}
    there = {p.name for p in (workspace / "output").glob("[!.]*") if p.is_dir()}
    return {
        "before": before,
        "begun": log.read_text().split(),
        "killed": os.WIFSIGNALED(status),
        "broken": sorted(there - whole),
    }


def work(workspace: Path, reference: Path, log: Path, seed: int, kills: int) -> list[object]:
    """All of it; the last run is left alone."""
    arguments = sys.argv[6:]
    cover.SIDE = 64
    words.cut("热身")
    encode.loss(64)
    ffmpeg.find_ffmpeg()
    logged(log)
    began = time.monotonic()
    assert os.waitpid(start(reference, arguments), 0)[1] == 0
    length = time.monotonic() - began
    rows: list[object] = []
    chance = random.Random(seed)
    for number in range(kills):
        if number % 4 == 0:  # from the beginning: else all later ones would fall into the mix
            shutil.rmtree(workspace / "audio" / "takes", ignore_errors=True)
            shutil.rmtree(workspace / "output", ignore_errors=True)
            (workspace / "output").mkdir()
        low, high = (0.1, 0.6) if number % 4 == 0 else (0.0, 1.0)
        moment = chance.uniform(low, high) * length
        rows.append(killed(workspace, log, moment, arguments))
    before = stored(workspace)
    log.write_text("")
    status = os.waitpid(start(workspace, arguments), 0)[1]
    rows.append({"before": before, "begun": log.read_text().split(), "status": status})
    return rows


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:4]]
    print(json.dumps(work(*folders, int(sys.argv[4]), int(sys.argv[5]))))
