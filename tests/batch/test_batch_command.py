"""`bobao batch`: all that can be made is made; a second run does only what is missing."""

from __future__ import annotations

import json

import pytest
from batch_stuff import TEXTS, die, die_once, made, station

from bobao.batch.pool import LocalPool
from bobao.batch.run import Orders, run
from bobao.batch.site import LocalSite
from bobao.batch.values import State
from bobao.cli import _run
from bobao.produce import Choices

CHOICES = Choices(engine="tone")
TODAY = "2026-01-01"


@pytest.fixture(autouse=True)
def _a_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def test_one_bad_article_stops_no_other(tmp_path, capsys):
    place, report = station(tmp_path), tmp_path / "report.jsonl"
    (place / "seeds" / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 200)
    order = ["batch", "--engine", "tone", "-j", "2", "-w", str(place)]
    capsys.readouterr()
    assert _run([*order, "--json", "--report", str(report)]) == 1
    said = capsys.readouterr()
    totals = json.loads(said.out)
    assert (totals["articles"], totals["made"], totals["failed"]) == (4, 3, 1)
    assert "bad.txt" in said.err
    rows = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert {row["slug"]: row["state"] for row in rows if row["slug"]} == dict.fromkeys(
        ("road", "rain", "book"), "made"
    )
    shared = sum(row["lines"] for row in rows) - sum(row["spoken"] for row in rows)
    assert shared > 0, "what articles have in common is spoken once"
    assert (place / "output" / "index.html").is_file()
    before = made(place)
    assert _run([*order, "road", "rain", "book", "--json"]) == 0
    totals = json.loads(capsys.readouterr().out)
    assert (totals["kept"], totals["spoken"]) == (3, 0)
    assert made(place) == before


def test_nothing_to_do_says_so(tmp_path, capsys):
    assert _run(["init", str(tmp_path), "-q"]) == 0
    assert _run(["batch", "-w", str(tmp_path)]) == 1
    assert "no article" in capsys.readouterr().err


@pytest.mark.parametrize("half", [["--scheduler", "tcp://127.0.0.1:1"], ["--store", "file:///x"]])
def test_half_a_cluster_is_wrong_usage(tmp_path, half):
    station(tmp_path)
    assert _run(["batch", "-w", str(tmp_path), *half]) == 2


def test_a_watched_tray_is_reported_and_published_round_by_round(tmp_path, capsys, monkeypatch):
    """Each round adds to the report, and the site has it before the next one comes."""
    place, report = station(tmp_path), tmp_path / "report.jsonl"
    listed: list[str] = []

    def landing(look):
        for name in ("road", "rain"):
            yield [path for path in look() if path.stem == name]
            page = (place / "output" / "index.html").read_text("utf-8")
            listed.append(" ".join(name for name in TEXTS if f"{name}/" in page))

    monkeypatch.setattr("bobao.batch.watch.watched", landing)
    order = ["batch", "--watch", "--engine", "tone", "-j", "1", "-w", str(place), "-q"]
    assert _run([*order, "--report", str(report)]) == 0
    rows = [json.loads(line)["slug"] for line in report.read_text("utf-8").splitlines()]
    assert rows == ["road", "rain"]
    assert listed == ["road", "road rain"]


class Deadly:
    """A pool in which each task is run by another function first."""

    def __init__(self, pool, *before):
        self.pool, self.before, self.workers = pool, before, pool.workers

    def submit(self, function, *arguments):
        return self.pool.submit(*self.before, function, *arguments)


def rows_of(place, executor):
    seeds = sorted(map(str, (place / "seeds").glob("*.txt")))
    return list(run(Orders(seeds, CHOICES, TODAY), LocalSite(place), executor))


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(tmp_path):
    place = station(tmp_path)
    with LocalPool(2) as pool:
        rows = rows_of(place, Deadly(pool, die_once, str(tmp_path / "flag")))
    assert (tmp_path / "flag").exists()
    assert [row.state for row in rows] == [State.MADE] * 3


def test_an_article_over_which_workers_keep_dying_is_given_up(tmp_path):
    place = station(tmp_path)
    for name in ("rain", "book"):
        (place / "seeds" / f"{name}.txt").unlink()
    with LocalPool(1) as pool:
        (row,) = rows_of(place, Deadly(pool, die))
    assert row.state is State.FAILED
    assert "workers died" in row.error
