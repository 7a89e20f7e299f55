"""A bulletin in which faults were found is not published, until it is mended or made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from publish_stuff import add, workspace

from bobao.cli import run
from bobao.files import sha256_of
from bobao.publish import publish, verdict
from bobao.publish.verdict import Verdict
from bobao.station.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    for slug in ("a", "b"):
        add(made, slug)
    return made


def judge(place: Workspace, slug: str, faults: int) -> None:
    digest = sha256_of(place.bulletin(slug) / "bulletin.json")
    verdict.keep(place, slug, Verdict(digest, faults, "a take is missing" * bool(faults)))


def listed(place: Workspace) -> set[str]:
    """The bulletins that page and feed name, and that have a page; the three must agree."""
    texts = [(place.site / name).read_text("utf-8") for name in ("index.html", "feed.xml")]
    found = [{slug for slug in "ab" if f"{slug}/" in text} for text in texts]
    found.append({slug for slug in "ab" if (place.bulletin(slug) / "index.html").exists()})
    assert found[0] == found[1] == found[2]
    return found[0]


def test_what_was_never_verified_is_published(place: Workspace) -> None:
    assert publish(place).held == ()
    assert listed(place) == {"a", "b"}


def test_what_is_faulty_is_left_out_and_told_of(place: Workspace) -> None:
    judge(place, "a", 2)
    judge(place, "b", 0)
    done = publish(place)
    assert [(held.slug, held.faults, held.first) for held in done.held] == [
        ("a", 2, "a take is missing")
    ]
    assert done.held[0].report == "scripts/a.verify.html"
    assert done.whole
    assert done.episodes == 1
    assert listed(place) == {"b"}


def test_it_is_published_once_it_was_verified_again(place: Workspace) -> None:
    judge(place, "a", 1)
    publish(place)
    judge(place, "a", 0)
    assert publish(place).held == ()
    assert listed(place) == {"a", "b"}


def test_it_is_published_once_it_is_another(place: Workspace) -> None:
    judge(place, "a", 1)
    publish(place)
    add(place, "a", title="改过的")
    assert publish(place).held == ()
    assert listed(place) == {"a", "b"}


def test_it_leaves_the_site_and_comes_back_as_the_same_episode(place: Workspace) -> None:
    publish(place)
    before = (place.site / "feed.xml").read_text("utf-8")
    sound = (place.bulletin("a") / "a.mp3").read_bytes()
    judge(place, "a", 1)
    publish(place)
    assert listed(place) == {"b"}
    assert (place.bulletin("a") / "a.mp3").read_bytes() == sound
    judge(place, "a", 0)
    publish(place)
    assert _guids((place.site / "feed.xml").read_text("utf-8")) == _guids(before)


def _guids(feed: str) -> list[str]:
    return [part.partition("</guid>")[0] for part in feed.split("<guid")[1:]]


@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b'{"sha256": "x", "faults": "?"}', b"\xff"])
def test_a_verdict_that_cannot_be_read_is_none(place: Workspace, damage: bytes) -> None:
    judge(place, "a", 1)
    place.verdict("a").write_bytes(damage)
    assert verdict.last(place, "a") is None
    assert publish(place).held == ()


def test_the_command_says_so_and_what_to_do(place: Workspace, capsys) -> None:
    judge(place, "a", 3)
    assert run(["publish", "-w", str(place.root)]) == 1
    told = capsys.readouterr().err
    (line,) = [line for line in told.splitlines() if "not published" in line]
    assert "a, in which 3 faults were found (a take is missing)" in line
    assert "scripts/a.verify.html" in line
    assert "`bobao verify a`" in line
    assert run(["publish", "--json", "-w", str(place.root)]) == 1
    (held,) = json.loads(capsys.readouterr().out)["held"]
    assert (held["slug"], held["faults"]) == ("a", 3)
