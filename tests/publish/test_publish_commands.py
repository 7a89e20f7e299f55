"""The verbs as a person gives them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from publish_stuff import BASE, add, workspace

from bobao.cli import run

sys.path.insert(0, str(Path(__file__).parent.parent / "feed"))


@pytest.fixture
def place(tmp_path: Path):
    made = workspace(tmp_path)
    add(made, "a", date="2026-11-20")
    return made


def bobao(capsys, *arguments: object, code: int = 0) -> tuple[str, str]:
    """Give the command and expect an exit code; what it said, to both ends."""
    capsys.readouterr()
    assert run([str(argument) for argument in arguments]) == code, capsys.readouterr()
    told = capsys.readouterr()
    return told.out, told.err


def test_publish_says_what_it_did(place, capsys):
    _, told = bobao(capsys, "publish", "-w", place.root)
    assert "output/index.html: 1 bulletin, 7 files written, 0 removed" in told
    assert f"feed: {BASE}feed.xml" in told
    assert "nothing has changed" in bobao(capsys, "publish", "-w", place.root)[1]


def test_publish_without_an_address_says_what_to_set(tmp_path, capsys):
    place = workspace(tmp_path, '[podcast]\ncover = "ours.png"\n')
    add(place, "a")
    _, told = bobao(capsys, "publish", "-w", tmp_path)
    (line,) = [line for line in told.splitlines() if "feed" in line]
    assert "[station] site" in line


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_publish_with_errors_exits_with_1_and_no_check_writes(place, capsys, quiet):
    (place.bulletin("a") / "a.vtt").unlink()
    _, said = bobao(capsys, "publish", *quiet, "-w", place.root, code=1)
    assert "error: feed.xml" in said
    bobao(capsys, "publish", "--no-check", "-w", place.root)
    assert (place.site / "feed.xml").is_file()


def test_json_is_json_and_nothing_else(place, capsys):
    out, told = bobao(capsys, "publish", "--json", "-w", place.root)
    assert told == ""
    assert json.loads(out)["feed"] == f"{BASE}feed.xml"
    out, told = bobao(capsys, "feed", "check", "--json", "-w", place.root)
    assert told == ""
    assert json.loads(out) | {"findings": 0, "pages": 0} == {
        "pages": 0,
        "items": 1,
        "error": 0,
        "warning": 0,
        "hint": 0,
        "findings": 0,
    }


def test_withdraw(place, capsys):
    add(place, "b", date="2026-11-21")
    bobao(capsys, "publish", "-w", place.root)
    _, told = bobao(capsys, "withdraw", "b", "-w", place.root)
    assert ".withdrawn/b" in told
    assert "1 bulletin" in told
    assert "b/b.mp3" not in (place.site / "feed.xml").read_text("utf-8")
    bobao(capsys, "withdraw", "b", "-w", place.root, code=1)
    _, told = bobao(capsys, "restore", "b", "-w", place.root)
    assert "2 bulletins" in told
    bobao(capsys, "restore", "b", "-w", place.root, code=1)


def test_feed_check_of_the_workspace_and_of_a_file(place, capsys):
    bobao(capsys, "feed", "check", "-w", place.root, code=1)  # there is none yet
    bobao(capsys, "publish", "-w", place.root)
    assert "1 item: 0 errors" in bobao(capsys, "feed", "check", "-w", place.root)[1]
    feed = place.site / "feed.xml"
    assert "1 item: 0 errors" in bobao(capsys, "feed", "check", feed)[1]
    feed.write_text(feed.read_text("utf-8").replace("<language>zh-CN</language>", ""), "utf-8")
    _, said = bobao(capsys, "feed", "check", feed, code=1)
    assert "the channel has no language" in said


def test_many_findings_of_one_kind_are_counted(tmp_path, capsys):
    items = "<item><title>x</title></item>" * 9
    feed = tmp_path / "feed.xml"
    feed.write_text(f"<rss version='2.0'><channel>{items}</channel></rss>", "utf-8")
    _, said = bobao(capsys, "feed", "check", feed, code=1)
    assert said.count("the item has no guid") == 3
    assert "… and 6 more like it (item-guid)" in said
