"""A paper's feed in, articles out: with the real client, from a server on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_reading_fetch import running, server

from bobao import cli
from bobao.batch.watch import watched
from bobao.cli import many
from bobao.reading import feeds
from bobao.reading.fetch import Fetched

__all__ = ["running", "server"]
WORDS = "镇里的公园今天又添了桂花和香樟，居民出门就能散步，孩子们放学以后常来这里玩耍。" * 6


def rss(*items: str, more: str = "") -> bytes:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {space}><channel>'
        f"<title>花街日报</title><link>http://x.example/</link>{more}{''.join(items)}</channel></rss>"
    ).encode()


def item(n: int, body: str = "", link: str = "") -> str:
    body = body or f"<p>第{n}篇。{WORDS}</p>"
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    return f"<item><title>第{n}条新闻</title><guid>x-{n}</guid><link>{link}</link>{content}</item>"


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(feeds, "PAUSE_S", 0.0)
    folder = tmp_path / "台"
    (folder / "seeds").mkdir(parents=True)
    (folder / "bobao.toml").write_text('[station]\nname = "花街之声"\n', "utf-8")
    return folder


def batch(station: Path, *words: str, code: int = 0) -> None:
    order = ["batch", *words, "--allow-private", "--engine", "tone", "--jobs", "2", "--plain"]
    assert cli.run([*order, "-w", str(station)]) == code


def seeds(station: Path) -> list[str]:
    return sorted(path.stem for path in (station / "seeds").glob("[!.]*"))


def test_fifty_items_are_fifty_bulletins_and_the_second_run_makes_none(station, server, capsys):
    url = server.says("/rss.xml", rss(*map(item, range(50))), ETag='"one"')
    batch(station, url)
    assert len(list((station / "output").glob("*/bulletin.json"))) == 50
    text = (station / "scripts" / "第7条新闻.md").read_text("utf-8")
    assert f"第{{7|七}}篇。{WORDS[:20]}" in text.replace("\n", "")
    capsys.readouterr()
    batch(station, url)
    assert len(server.asked) == 2
    assert "failed" not in capsys.readouterr().err
    # A new item, and one that was thrown away since: only the new one is made.
    (station / "seeds" / "第3条新闻.html").unlink()
    server.says("/rss.xml", rss(item(50), *map(item, range(50))), ETag='"two"')
    batch(station, url)
    assert "第50条新闻" in seeds(station)
    assert "第3条新闻" not in seeds(station)


def test_nothing_new_is_asked_for_and_answered(station, server):
    marks = []

    def answer(handler) -> None:
        marks.append(handler.headers.get("If-None-Match"))
        if marks[-1] == '"one"':
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("ETag", '"one"')
        handler.end_headers()
        handler.wfile.write(rss(item(1)))

    server.answers["/rss.xml"] = answer
    for _ in range(2):
        batch(station, server.url("/rss.xml"))
    assert marks == [None, '"one"']
    assert seeds(station) == ["第1条新闻"]


def page(title: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{WORDS}</p></body></html>".encode()


@pytest.mark.parametrize(
    "feed",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>日报</title><entry><id>a</id><title>短讯</title>'
        '<link href="/a"/><summary>只有摘要。</summary></entry></feed>',
        '{"version": "https://jsonfeed.org/version/1.1", "title": "日报", "items": '
        '[{"id": "a", "url": "/a", "title": "短讯", "content_text": "只有摘要。"}]}',
    ],
)
def test_of_a_summary_the_page_is_fetched(station, server, feed):
    url = server.says("/feed", feed.encode())
    server.says("/a", page("花街镇建成九个公园"), Content_Type="text/html; charset=utf-8")
    batch(station, url)
    assert seeds(station) == ["花街镇建成九个公园"]


def test_a_page_that_fails_is_tried_again_and_stops_no_other(station, server, capsys):
    gone = server.url("/gone")
    url = server.says("/rss", rss(item(1), item(2, "短。", gone), item(3)), ETag='"one"')
    batch(station, url, code=1)
    assert gone in capsys.readouterr().err
    assert seeds(station) == ["第1条新闻", "第3条新闻"]
    server.says("/gone", page("回来的稿子"), Content_Type="text/html")
    batch(station, url)
    assert seeds(station) == ["回来的稿子", "第1条新闻", "第3条新闻"]


def test_a_busy_server_is_left_alone(station, server, capsys):
    busy = server.says("/busy", b"", status=429, Retry_After="120")
    items = [item(n, "短。", busy) for n in range(5)]
    batch(station, server.says("/rss", rss(*items)), code=1)
    assert [path for path, _ in server.asked].count("/busy") == 1
    assert "it says after: 120" in capsys.readouterr().err


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "hostile",
    [
        item(1, "短。", "file:///etc/passwd"),
        item(1, "短。", "javascript:alert(1)"),
        item(1).replace("第1条新闻", "../../../../tmp/x"),
        item(1).replace("第1条新闻", HOSTILE.replace("<", "&lt;")),
        item(1, HOSTILE + f"<p>{WORDS}</p>"),
    ],
)
def test_a_hostile_feed_leaves_the_workspace_alone(station, server, hostile):
    refused = "file:" in hostile
    batch(station, server.says("/rss", rss(hostile)), code=int(refused))
    assert {path.name for path in station.parent.iterdir()} == {station.name}
    assert len(seeds(station)) == 1 - refused
    for path in (station / "output").rglob("index.html"):
        assert "<script>alert" not in path.read_text("utf-8")


def test_a_public_feed_leads_into_no_private_network(station, monkeypatch, capsys):
    real, url = feeds.fetch, "https://news.example/rss"

    def fetch(address, **options):
        found = Fetched(rss(item(1, "短。", "http://10.0.0.1:9/x"), item(2)), "rss", url)
        return found if address == url else real(address, **options)

    monkeypatch.setattr(feeds, "fetch", fetch)
    assert cli.run(["batch", url, "--engine", "tone", "--plain", "-w", str(station)]) == 1
    assert "is inside a private network" in capsys.readouterr().err
    assert seeds(station) == ["第2条新闻"]


def test_a_feed_of_entities_and_one_too_large_are_refused(station, server, capsys):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel/></rss>'
    batch(station, server.says("/bomb", bomb), code=1)
    assert "declares entities" in capsys.readouterr().err
    assert seeds(station) == []


def test_a_watched_feed_is_asked_again_when_its_time_has_come(station, server, monkeypatch):
    url = server.says("/rss", rss(item(1), more="<ttl>10</ttl>"))
    place = many.Workspace(station, many.Console(station).workspace().config)
    now = [0.0]
    monkeypatch.setattr(many.time, "monotonic", lambda: now[0])
    look = many._looking(many.Console(), place, [url], private=True)
    handed = watched(look, wait=lambda s: now.__setitem__(0, now[0] + 100), clock=lambda: now[0])
    assert [path.stem for path in next(handed)] == ["第1条新闻"]
    server.says("/rss", rss(item(2), item(1), more="<ttl>10</ttl>"))
    assert [path.stem for path in next(handed)] == ["第2条新闻"]
    asked = len(server.asked)
    assert asked <= 4
    assert json.loads((station / "seeds" / ".feeds.json").read_text("utf-8"))[url]["taken"]
