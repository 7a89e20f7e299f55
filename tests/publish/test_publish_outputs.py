"""One table of outputs: a row from outside is made, offered, named, served, proved, and removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from publish_stuff import DRAWN

from bobao.cli import run
from bobao.publish import cover, outputs
from bobao.publish.outputs import Output, Step

BRAILLE = Output(
    "{slug}.brf",
    "application/x-brf",
    label="点字稿",
    note="BRF，供点显器",
    text=lambda job: f"{job.bulletin.header.title}\n",
    notes="点字稿",
    shared=True,
)
ARTICLE = "花街镇今年建成九个公园\n\n今年以来，花街镇共建成九个公园，居民出门就能散步。\n"


@pytest.fixture
def bobao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    """Give a command in a workspace with one finished bulletin; what it said."""
    monkeypatch.setattr(cover, "SIDE", 1400)

    def give(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run([*words, "-w", str(tmp_path)]) == code, capsys.readouterr()
        return "".join(capsys.readouterr())

    assert run(["init", str(tmp_path)]) == 0
    (tmp_path / "bobao.toml").write_text(DRAWN, "utf-8")
    (tmp_path / "seeds" / "park.txt").write_text(ARTICLE, "utf-8")
    give("produce", "park", "--engine", "tone", "--date", "2026-11-22")
    return give


def test_an_output_is_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bobao) -> None:
    site, made = tmp_path / "output", tmp_path / "output" / "park" / "park.brf"
    with monkeypatch.context() as patch:
        patch.setattr(outputs, "OUTPUTS", (BRAILLE, *outputs.OUTPUTS))
        assert not made.exists()
        bobao("publish")
        assert made.read_text("utf-8") == "花街镇今年建成九个公园\n"
        page = (site / "park" / "index.html").read_text("utf-8")
        assert '<a href="park.brf" download type="application/x-brf">' in page
        assert "BRF，供点显器" in page
        assert 'park/park.brf">点字稿</a>' in (site / "feed.xml").read_text("utf-8")
        assert outputs.media_type("park.brf") == "application/x-brf"
        assert outputs.shared("park.brf")
        assert "nothing has changed" in bobao("publish")
        bobao("verify", "park")
        made.write_text("damaged", "utf-8")
        assert "park.brf" in bobao("verify", "park", code=1)
        bobao("publish")
        assert made.read_text("utf-8") == "花街镇今年建成九个公园\n"
    bobao("publish")
    assert not made.exists()
    assert "park.brf" not in (site / "park" / "index.html").read_text("utf-8")
    bobao("verify", "park")


def test_an_output_of_the_mix_is_one_row(tmp_path: Path, monkeypatch, bobao) -> None:
    made = tmp_path / "output" / "park" / "loud.txt"
    row = Output("loud.txt", "text/plain", step=Step.MIX, text=lambda job: job.bulletin.voice)
    script = tmp_path / "scripts" / "park.md"
    with monkeypatch.context() as patch:
        patch.setattr(outputs, "OUTPUTS", (*outputs.OUTPUTS, row))
        script.write_text(script.read_text("utf-8").replace("散步", "走走"), "utf-8")
        bobao("produce", "park", "--engine", "tone")
        assert made.is_file()
        bobao("verify", "park")
        made.write_text("damaged", "utf-8")
        assert "loud.txt" in bobao("verify", "park", code=1)
    (made.parent / "note.txt").write_text("somebody's own", "utf-8")
    bobao("produce", "park", "--engine", "tone")
    assert {"loud.txt", "note.txt"} & {path.name for path in made.parent.iterdir()} == {"note.txt"}


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("x.MP3", "audio/mpeg"),
        ("chapters/01-题.mp3", "audio/mpeg"),
        ("x.vtt", "text/vtt"),
        ("x.epub", "application/epub+zip"),
        ("chapters.json", "application/json+chapters"),
        ("bulletin.json", "application/json"),
        ("other.json", "application/json"),
        ("feed.xml", "application/rss+xml"),
        ("feed-2.xml", "application/rss+xml"),
        ("other.xml", "application/xml"),
        ("x.m3u8", "application/vnd.apple.mpegurl"),
        ("x.html", "text/html"),
        ("chapters.txt", "text/plain"),
        ("cover.jpg", "image/jpeg"),
        ("a.css", "text/css"),
        ("x", "application/octet-stream"),
        ("x.", "application/octet-stream"),
        ("mp3", "application/octet-stream"),
    ],
)
def test_media_types(name: str, media: str) -> None:
    assert outputs.media_type(name) == media
