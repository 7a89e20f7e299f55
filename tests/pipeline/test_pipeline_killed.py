"""`kill -9` at twenty random moments: the next run goes on, and nothing can be told afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import killing
import pytest

from bobao.station import workspace

SEED = """花街镇今年建成九个公园

花街镇共建成9个公园。种了桂花。还有路灯。

公园建在家门口

民生无小事。投资620余万元。
"""
KILLS = 20


def files_of(folder: Path) -> dict[str, bytes]:
    """All files but the trays' notes, what a killed run left aside, which is swept in time, and
    the cache of what is published, which tells when files were written."""
    passed_over = {"README.md", "catalogue.jsonl"}
    files = (p for p in folder.rglob("*") if p.is_file())
    kept = (p for p in files if p.name not in passed_over and not p.name.startswith(".aside-"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_any_moment_nothing_is_broken_or_done_twice(tmp_path: Path) -> None:
    for name in ("killed", "whole"):
        workspace.create(tmp_path / name)
        (tmp_path / name / "seeds" / "park.txt").write_text(SEED, "utf-8")
    arguments = ["park", "--engine", "tone", "--date", "2026-11-22", "--jobs", "1"]
    arguments += ["--no-signposts", "--no-stings"]
    places = [tmp_path / "killed", tmp_path / "whole", tmp_path / "log"]
    ran = subprocess.run(
        [sys.executable, killing.__file__, *places, "20260101", str(KILLS), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    *killed, last = json.loads(ran.stdout)
    assert len(killed) == KILLS
    assert sum(row["killed"] for row in killed) > KILLS // 2
    assert any(row["begun"] for row in killed)
    for row in (*killed, last):
        assert len(row["begun"]) == len(set(row["begun"]))
        assert not set(row["begun"]) & set(row["before"]), "a finished line was spoken again"
    assert not any(row["broken"] for row in killed)
    assert last["status"] == 0
    made, whole = tmp_path / "killed", tmp_path / "whole"
    for tray in ("scripts", "audio/takes", "audio/park", "output"):
        assert files_of(made / tray) == files_of(whole / tray), tray
    left, wanted = ({p.name for p in (tree / "output").iterdir()} for tree in (made, whole))
    assert left - {"README.md"} == wanted - {"README.md"}
    assert "park" in left
