"""Feeds over HTTP, on loopback: found, followed, and asked as a player asks."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from feed_server import served
from feed_stuff import CHANNEL, NOW, item
from test_feed_check import CHAPTERS, PNG

from bobao.errors import BobaoError
from bobao.feed.examine import examine_file, examine_url
from bobao.feed.paging import page_name, pages
from bobao.feed.render import render
from bobao.feed.values import Enclosure, Image, Transcript
from bobao.feed.web import Web

SOUND = b"ID3\x03" + bytes(9000)
TRUSTING = Web(private=True)


def put(folder: Path, root: str, count: int = 1) -> None:
    """A whole show in a folder, for the address `root`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "cover.png": PNG,
        "a.vtt": b"WEBVTT\n",
        "a.mp3": SOUND,
        "index.html": b"<!doctype html>",
    }
    for name, data in {**files, "chapters.json": CHAPTERS.encode()}.items():
        (folder / name).write_bytes(data)
    channel = replace(CHANNEL, url=f"{root}feed.xml", link=root, image=Image(f"{root}cover.png"))
    items = [
        replace(
            item(number),
            link=root,
            image=channel.image,
            enclosure=Enclosure(f"{root}a.mp3?n={number}", len(SOUND)),
            transcripts=(Transcript(f"{root}a.vtt", "text/vtt"),),
            chapters_url=f"{root}chapters.json",
        )
        for number in range(count)
    ]
    for page in pages(channel, items):
        (folder / page_name("feed.xml", page.number, page.count)).write_bytes(render(page))


def rules(report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_a_good_show_on_a_good_server(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root)
        report = examine_url(f"{root}feed.xml", NOW, TRUSTING, 10)
    assert rules(report) == []
    assert (report.pages, report.items) == ((f"{root}feed.xml",), 1)


@pytest.mark.parametrize(
    ("fault", "found"),
    [("no-ranges", "file-ranges"), ("no-head", "file-head"), ("wrong-type", "file-type")],
)
def test_a_bad_server_is_found_out(tmp_path: Path, fault: str, found: str):
    with served(tmp_path, fault) as root:
        put(tmp_path, root)
        assert set(rules(examine_url(f"{root}feed.xml", NOW, TRUSTING, 10))) == {found}


def test_a_file_of_another_size_and_one_that_is_gone(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root)
        (tmp_path / "a.mp3").write_bytes(SOUND + b"x")
        (tmp_path / "a.vtt").unlink()
        found = rules(examine_url(f"{root}feed.xml", NOW, TRUSTING, 10))
    assert sorted(found) == ["file-size", "file-there"]


def test_only_the_newest_items_files_are_looked_at(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root, count=3)
        (tmp_path / "a.mp3").unlink()
        report = examine_url(f"{root}feed.xml", NOW, TRUSTING, 2)
    assert rules(report) == ["file-there"] * 2
    assert report.items == 3


def test_all_pages_are_followed(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root, count=170)
        report = examine_url(f"{root}feed.xml", NOW, TRUSTING, 1)
        assert rules(report) == []
        assert report.items == 170
        assert [page.rpartition("/")[2] for page in report.pages] == [
            "feed.xml",
            "feed-2.xml",
            "feed-1.xml",
        ]
        (tmp_path / "feed-1.xml").unlink()
        assert rules(examine_url(f"{root}feed.xml", NOW, TRUSTING, 1)) == ["page-lost"]
        (tmp_path / "feed-1.xml").write_bytes((tmp_path / "feed-2.xml").read_bytes())
        again = examine_url(f"{root}feed.xml", NOW, TRUSTING, 1)
    assert rules(again).count("page-again") == 50


def test_redirects_are_followed(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root)
        report = examine_url(f"{root}moved/feed.xml", NOW, TRUSTING, 1)
    assert rules(report) == []


def test_a_private_address_is_not_asked_unless_allowed(tmp_path: Path):
    with served(tmp_path) as root:
        put(tmp_path, root)
        with pytest.raises(BobaoError, match="private network"):
            examine_url(f"{root}feed.xml", NOW, Web(), 1)


def test_a_feed_cannot_send_the_check_into_the_private_network(tmp_path: Path):
    """The feed is public, its sound inside: the sound is not asked for."""
    with served(tmp_path) as root:
        put(tmp_path, root)
        look = Web().look(f"{root}a.mp3", 100)
    assert look.status == 0
    assert "private network" in look.fault


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://a/", "http://", "http://u:p@h/"])
def test_other_schemes_are_refused(url: str):
    with pytest.raises(BobaoError):
        examine_url(url, NOW, TRUSTING, 1)
    assert TRUSTING.look(url, 1).status == 0


def test_a_missing_feed_is_a_clear_error(tmp_path: Path):
    with served(tmp_path) as root, pytest.raises(BobaoError, match="404"):
        examine_url(f"{root}feed.xml", NOW, TRUSTING, 1)


def answering(data: bytes) -> str:
    """A server that sends the same bytes to whoever comes, and then says nothing more."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.recv(65536)
            connection.sendall(data)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HELO",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nID3",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 206 x\r\nContent-Range: bytes 0-1/many\r\nContent-Length: 2\r\n\r\nID",
        b"HTTP/1.1 302 x\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    ],
)
def test_a_broken_server_gives_findings_and_no_exception(data: bytes):
    url = answering(data)
    TRUSTING.look(url, 100)
    with pytest.raises(BobaoError):
        TRUSTING.feed(f"{url}x")


def test_a_feed_in_a_folder_is_taken_for_its_place(tmp_path: Path):
    root = "https://radio.example/"
    put(tmp_path, root, count=130)
    assert rules(examine_file(tmp_path / "feed.xml", NOW, 1000)) == []
    (tmp_path / "cover.png").unlink()
    assert set(rules(examine_file(tmp_path / "feed.xml", NOW, 1000))) == {"file-there"}


def test_a_feed_that_does_not_say_where_it_is(tmp_path: Path):
    (tmp_path / "feed.xml").write_bytes(b"<rss version='2.0'><channel/></rss>")
    report = examine_file(tmp_path / "feed.xml", NOW, 10)
    assert "channel-atom:link" in rules(report)
    with pytest.raises(BobaoError, match="cannot read"):
        examine_file(tmp_path / "none.xml", NOW, 10)
