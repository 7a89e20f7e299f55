"""`bobao estimate`: what it tells is what a batch then makes, and it leaves no trace."""

from __future__ import annotations

import json

import pytest

from bobao import cli, pipeline
from bobao.mix.mix import silent
from bobao.pipeline.plan import Plan, total
from bobao.station.workspace import locate

TEXTS = {
    "road": "村里通了新公路\n\n今天上午，公路通车了。村民们都很高兴。\n",
    "rain": "明天有雨\n\n县气象台预计，明天有小雨。请大家出门带伞。\n",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert cli.run(["init", str(tmp_path / "w"), "-q"]) == 0
    for name, text in TEXTS.items():
        (tmp_path / "w" / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    return tmp_path / "w"


@pytest.fixture
def estimate(place, capsys):
    def run(*arguments, code=0):
        capsys.readouterr()
        assert cli.run(["estimate", "--json", "-w", str(place), *arguments]) == code
        return json.loads(capsys.readouterr().out)

    return run


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_what_is_told_is_what_is_made(place, estimate, capsys):
    before = files(place)
    told = estimate("--engine", "silence")
    assert files(place) == before
    articles = {each["slug"]: each for each in told["articles"]}
    assert list(articles) == ["rain", "road"]
    assert told["total"]["disk_bytes"] > 0
    workspace, choices, spoken = locate(place), pipeline.Choices(engine="silence"), 0
    for slug, plan in articles.items():
        pipeline.draft(workspace, workspace.find_seed(slug), choices, "2026-01-01")
        spoken += pipeline.voice(workspace, slug, choices, silent).spoken
        bulletin = pipeline.mix(workspace, slug, choices, silent).bulletin
        assert plan["duration_ms"] == bulletin.duration_ms
        assert (plan["title"], plan["chapters"]) == (bulletin.header.title, len(bulletin.chapters))
        assert plan["lines"] == sum(bool(cue.take) for cue in bulletin.cues())
    assert told["total"]["missing"] == spoken
    again = estimate("--engine", "silence")["total"]
    assert (again["finished"], again["missing"], again["disk_bytes"]) == (True, 0, 0)
    assert again["duration_ms"] == told["total"]["duration_ms"]


def test_an_online_voice_is_asked_nothing(place, estimate):
    told = estimate("road", "--engine", "edge")  # the suite refuses every connection
    assert told["total"]["requests"] == told["total"]["missing"] > 0
    slower = estimate("road", "--engine", "edge", "--rate", "0.8")
    assert slower["total"]["speech_ms"] > told["total"]["speech_ms"]


def test_a_bad_article_is_told_and_stops_no_other(place, estimate):
    (place / "seeds" / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 200)
    (place / "seeds" / "road.md").write_text("# 别的\n\n别的文章。\n", "utf-8")
    told = estimate("--engine", "tone", code=1)
    wrong = {each["seed"].rpartition("/")[2] for each in told["articles"] if each["error"]}
    assert wrong == {"bad.txt", "road.txt"}
    assert told["total"]["lines"] > 0


def test_a_folder_and_a_table(place, capsys):
    capsys.readouterr()
    order = ["estimate", str(place / "seeds"), "--engine", "silence", "--no-stings"]
    assert cli.run([*order, "-w", str(place), "--plain"]) == 0
    said = capsys.readouterr()
    head, *rows = said.out.splitlines()
    assert head.split()[0] == "CHARACTERS"
    assert [row.split()[-1] for row in rows] == ["rain", "road", "articles"]


def test_an_article_named_twice_is_one(place, estimate, monkeypatch):
    monkeypatch.chdir(place)
    told = estimate("road", "seeds/road.txt", "seeds", str(place / "seeds"), "--engine", "silence")
    assert [each["slug"] for each in told["articles"]] == ["road", "rain"]


def test_an_address_is_not_fetched(place, capsys):
    assert cli.run(["estimate", "https://a.example/x", "-w", str(place)]) == 1
    assert "bobao draft" in capsys.readouterr().err


def test_nothing_is_not_finished():
    assert not total([Plan("a", error="it is damaged")]).finished


def test_nothing_to_estimate(tmp_path, capsys):
    assert cli.run(["init", str(tmp_path), "-q"]) == 0
    assert cli.run(["estimate", "-w", str(tmp_path)]) == 1
    assert "no article" in capsys.readouterr().err
