"""The site as a whole: made, kept, mended, and never changed for nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from lxml import etree, html
from publish_stuff import BASE, DRAWN, HOSTILE, SETTINGS, add, picture, workspace

from bobao.cli import run
from bobao.errors import BobaoError
from bobao.files import sha256_of
from bobao.publish import catalogue, cover, feed, making, publish, refresh, restore, withdraw
from bobao.publish.catalogue import KeptVerdict
from bobao.publish.feed import NAMESPACES
from bobao.publish.text import address, base, lasting
from bobao.station.workspace import locate

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
MADE = {"index.html", "transcript.html", "a.txt", "a.epub", "embed.html", "oembed.json"}


@pytest.fixture
def place(tmp_path: Path):
    """A workspace with one bulletin."""
    made = workspace(tmp_path)
    add(made, "a")
    return made


@pytest.fixture
def bobao(place, capsys):
    """Give the command and expect an exit code; what it said, to both ends."""

    def give(*words: object, code: int = 0, where=("-w", place.root)) -> tuple[str, str]:
        capsys.readouterr()
        assert run([str(word) for word in (*words, *where)]) == code, capsys.readouterr()
        told = capsys.readouterr()
        return told.out, told.err

    return give


def brought(place, *base_url: str, **more):
    """Publish; everything has to be right."""
    done = publish(locate(place.root), *base_url, now=NOW, **more)
    assert done.faults == []
    assert done.findings == ()
    return done


def files_of(place) -> dict[str, tuple[bytes, int]]:
    """Every file of the site with its bytes and the time of its last change."""
    return {
        path.relative_to(place.site).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(place.site.rglob("*"))
        if path.is_file()
    }


def feed_bytes(place) -> bytes:
    return (place.site / "feed.xml").read_bytes()


def channel(place, name: str = "feed.xml"):
    return etree.parse(place.site / name).getroot().find("channel")


def texts(place, path: str, name: str = "feed.xml") -> list[str]:
    return [element.text for element in channel(place, name).findall(path, NAMESPACES)]


# ── Made and kept ───────────────────────────────────────────────────────────────────────────────


def test_a_site_has_everything_and_the_second_run_changes_nothing(place):
    done = brought(place)
    assert set(done.written) == {"index.html", "cover.png", "feed.xml", *(f"a/{n}" for n in MADE)}
    assert (done.feed, done.episodes) == (f"{BASE}feed.xml", 1)
    page = html.parse(place.bulletin("a") / "index.html")
    assert "标题a" in page.findtext(".//title")
    assert "a.epub" in page.xpath("//a/@href")
    index = html.parse(place.site / "index.html")
    assert "a/index.html" in index.xpath("//a/@href")
    told = index.xpath("string(//article)")
    assert all(word in told for word in ("标题a", "2026年11月22日", "2 章", "这里有全市"))
    assert zipfile.ZipFile(place.bulletin("a") / "a.epub").testzip() is None
    add(place, "b", date="2026-11-21")
    brought(place)
    before = files_of(place)
    assert brought(place).written == []
    assert files_of(place) == before


@pytest.mark.parametrize("damage", [None, "", "{}\n", "nonsense", '{"version": 9}\n'])
def test_without_its_catalogue_the_same_is_made_again(place, damage: str | None):
    brought(place)
    before, path = files_of(place), place.site / ".bobao" / "catalogue.jsonl"
    path.unlink() if damage is None else path.write_text(damage, "utf-8")
    assert brought(place).written == []
    after = files_of(place)
    del before[".bobao/catalogue.jsonl"], after[".bobao/catalogue.jsonl"]
    assert after == before


@pytest.mark.parametrize("name", sorted(MADE))
def test_what_is_missing_or_changed_is_made_again(place, name: str):
    brought(place)
    path = place.bulletin("a") / name
    right = path.read_bytes()
    path.unlink()
    assert f"a/{name}" in brought(place).written
    path.write_bytes(b"damaged")
    assert f"a/{name}" in brought(place).written
    assert path.read_bytes() == right


def test_a_bulletin_that_was_mixed_again_keeps_its_guid(place):
    brought(place)
    (guid,) = texts(place, "item/guid")
    add(place, "a", "改过的标题", chapters=("开场", "二", "三"))
    assert {"feed.xml", "index.html", "a/index.html"} <= set(brought(place).written)
    assert texts(place, "item/guid") == [guid]
    assert texts(place, "item/title") == ["改过的标题"]


def test_a_new_bulletin_leaves_the_others_alone(place):
    for number in range(3):
        add(place, f"old{number}", date=f"2026-01-0{number + 1}")
    brought(place)
    before = files_of(place)
    add(place, "new", date="2026-11-23")
    written = set(brought(place).written)
    assert {name.split("/")[0] for name in written if "/" in name} == {"new", "a"}  # its neighbour
    assert written.isdisjoint(n for n in before if n.startswith(("old", "cover")))
    assert texts(place, "item/title")[0] == "标题new"


def test_items_are_newest_first_and_of_one_day_the_last_that_came(place):
    add(place, "c", date="2026-11-23")
    add(place, "b")
    brought(place)
    add(place, "0-later")
    brought(place)
    order = ["标题c", "标题0-later", "标题b", "标题a"]
    assert texts(place, "item/title") == order
    assert texts(place, "item/pubDate") == [
        "Mon, 23 Nov 2026 00:00:00 +0800",
        *(f"Sun, 22 Nov 2026 00:0{minute}:00 +0800" for minute in (2, 1, 0)),
    ]
    assert texts(place, "item/itunes:episode") == ["3", "4", "2", "1"]
    assert texts(place, "item/podcast:season") == ["2026"] * 4
    page = (place.site / "index.html").read_text("utf-8")
    assert sorted(order, key=page.rindex) == order


def test_a_bulletin_without_a_date_has_the_day_it_came(place):
    add(place, "b", date="")
    for later in (NOW, datetime(2026, 12, 24, tzinfo=timezone.utc)):
        publish(locate(place.root), now=later)
        assert texts(place, "item/pubDate")[0] == "Mon, 23 Nov 2026 00:00:00 +0800"


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────


def test_without_an_address_there_is_a_site_and_no_feed(tmp_path, capsys):
    place = workspace(tmp_path, '[podcast]\ncover = "ours.png"\n')
    assert brought(place).episodes == 0
    assert (place.site / "index.html").is_file()
    add(place, "a")
    done = brought(place)
    assert (done.feed, done.base_url) == ("", "")
    assert {f"a/{name}" for name in MADE} <= set(done.written)
    assert not (place.site / "feed.xml").exists()
    assert run(["publish", "-w", str(tmp_path)]) == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "feed" in line]
    assert "[station] site" in line


def test_the_address_of_last_time_is_remembered_but_not_a_trial(tmp_path):
    place = workspace(tmp_path, SETTINGS.replace(f'site = "{BASE}"', ""))
    add(place, "a")
    publish(place, "http://127.0.0.1:8000", now=NOW)
    trial = texts(place, "podcast:guid")
    assert publish(place, now=NOW).feed == ""
    assert not (place.site / "feed.xml").exists()
    before = replace(place.config)
    brought(place, BASE)
    assert place.config == before
    assert refresh(place).feed == f"{BASE}feed.xml"
    assert texts(place, "podcast:guid") != trial
    (guid,), (item,) = texts(place, "podcast:guid"), texts(place, "item/guid")
    publish(place, "http://127.0.0.1:8000", now=NOW)  # a trial is no move
    assert texts(place, "itunes:new-feed-url") == []
    for _ in range(2):  # a month later, too
        brought(place, "https://moved.example/")
        assert (texts(place, "podcast:guid"), texts(place, "item/guid")) == ([guid], [item])
        assert texts(place, "link") == ["https://moved.example/"]
        assert texts(place, "itunes:new-feed-url") == ["https://moved.example/feed.xml"]
    known = "9b024349-ccf0-5f69-a609-6b82873eab3c"  # of a show that moves here
    place = workspace(tmp_path / "here", f'{SETTINGS}guid = "{known}"\n')
    add(place, "a")
    brought(place)
    assert texts(place, "podcast:guid") == [known]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://a.example", "https://a.example/"),
        (" https://a.example/pod// ", "https://a.example/pod/"),
        (
            "https://例子.中国:8080/播 客/",
            "https://xn--fsqu00a.xn--fiqs8s:8080/%E6%92%AD%20%E5%AE%A2/",
        ),
        ("http://[::1]:80/100%", "http://[::1]:80/100%25/"),
        ("http://127.0.0.1:8", "http://127.0.0.1:8/"),
        ("http://localhost", "http://localhost/"),
        ("https://93.184.216.34", "https://93.184.216.34/"),
        ("https://a.example/%E6%92%AD", "https://a.example/%E6%92%AD/"),
        ("", ""),
        *((bad, None) for bad in ("radio", "ftp://a/", "https://", "https://a b/", "http://[")),
        *((f"https://{bad}", None) for bad in ("u:p@a/", "a/?x", "a/#x", "a:99999/")),
        ("javascript:alert(1)", None),
    ],
)
def test_addresses(given: str, made: str | None):
    if made is None:
        with pytest.raises(BobaoError):
            base(given)
    else:
        assert base(given) == base(made) == made
        assert lasting(made) is made.startswith("https")


# ── Killed, damaged, side by side ───────────────────────────────────────────────────────────────


def test_a_lost_state_gives_the_same_guids_and_a_damaged_one_stops_everything(place):
    brought(place)
    before = feed_bytes(place)
    shutil.rmtree(place.site / ".bobao")
    brought(place)
    assert feed_bytes(place) == before
    path = place.site / ".bobao" / "site.json"
    path.write_text(path.read_text("utf-8")[:-9], "utf-8")
    with pytest.raises(BobaoError, match="state"):
        publish(place, now=NOW)


def test_what_a_killed_run_has_left_is_swept_up(place):
    brought(place)
    hidden = place.site / ".bobao"
    for name in ("new-99.epub", ".aside-x.epub"):
        (hidden / name).write_bytes(b"half")
    shutil.copytree(place.bulletin("a"), place.site / ".a.new-x")  # being made: no bulletin
    done = brought(place)
    assert (done.written, done.episodes) == ([], 1)
    assert sorted(p.name for p in hidden.iterdir()) == ["catalogue.jsonl", "lock", "site.json"]


def test_two_publishers_take_turns(place):
    for number in range(3):
        add(place, f"n{number}")
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: publish(place, now=NOW), range(2))
    assert one.whole and two.whole  # noqa: PT018
    assert bool(one.written) is not bool(two.written)
    assert brought(place).written == []


def test_many_bulletins_are_made_by_several_processes_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "MANY", 2)
    made = []
    for count in (1, 2):
        place = workspace(tmp_path / str(count))
        for number in range(3):
            add(place, f"n{number}", date=f"2026-01-0{number + 1}")
        monkeypatch.setattr(making, "processors", lambda count=count: count)
        brought(place)
        made.append({n: d for n, (d, _) in files_of(place).items() if not n.startswith(".bobao/")})
    assert made[0] == made[1]


def test_a_process_that_dies_is_replaced_by_this_one(place, monkeypatch):
    def dying(*_: object) -> None:
        raise BrokenExecutor

    add(place, "b")
    monkeypatch.setattr(making, "MANY", 2)
    monkeypatch.setattr(making, "processors", lambda: 2)
    monkeypatch.setattr(making, "ProcessPoolExecutor", dying)
    assert brought(place).episodes == 2


# ── Withdrawn, deleted, held back ───────────────────────────────────────────────────────────────


def test_a_withdrawn_bulletin_is_gone_and_comes_back_as_it_was(place, bobao):
    add(place, "b", date="2026-11-23")
    brought(place)
    before = feed_bytes(place)
    _, told = bobao("withdraw", "b")
    assert ".withdrawn/b" in told
    assert "1 bulletin" in told
    assert texts(place, "item/title") == ["标题a"]
    assert not place.bulletin("b").exists()
    for path in (place.site / "index.html", place.bulletin("a") / "index.html"):
        assert "标题b" not in path.read_text("utf-8")
    bobao("withdraw", "b", code=1)
    _, told = bobao("restore", "b")
    assert "2 bulletins" in told
    assert feed_bytes(place) == before
    bobao("restore", "b", code=1)


def test_the_guid_of_what_was_withdrawn_is_never_used_again(place):
    add(place, "b", date="2026-11-23")
    brought(place)
    old = dict(zip(texts(place, "item/title"), texts(place, "item/guid"), strict=True))
    kept = withdraw(place, "b")
    assert (kept / "bulletin.json").is_file()
    add(place, "b", "另一篇", date="2026-11-23")
    brought(place)
    titles = dict(zip(texts(place, "item/title"), texts(place, "item/guid"), strict=True))
    assert titles["标题a"] == old["标题a"]
    assert titles["另一篇"] not in old.values()
    assert texts(place, "item/itunes:episode") == ["3", "1"]
    with pytest.raises(BobaoError, match="another bulletin"):
        restore(place, "b")
    assert withdraw(place, "b") != kept  # now two are away: the later comes back first
    restore(place, "b")
    brought(place)
    assert texts(place, "item/title") == ["另一篇", "标题a"]


def test_a_folder_that_was_deleted_comes_back_as_the_same_episode(place):
    add(place, "b")
    brought(place)
    before = feed_bytes(place)
    shutil.rmtree(place.bulletin("b"))
    brought(place)
    assert texts(place, "item/title") == ["标题a"]
    add(place, "b")
    brought(place)
    assert feed_bytes(place) == before


def test_pages_of_a_bulletin_that_is_no_more_are_removed(place):
    add(place, "b")
    brought(place)
    (place.bulletin("b") / "bulletin.json").unlink()
    (place.bulletin("b") / "note.txt").write_text("mine", "utf-8")
    assert {"b/index.html", "b/b.epub"} <= set(brought(place).removed)
    assert (place.bulletin("b") / "note.txt").is_file()
    assert not (place.bulletin("b") / "index.html").exists()


def judge(place, slug: str, faults: int) -> None:
    digest = sha256_of(place.bulletin(slug) / "bulletin.json")
    catalogue.keep_verdict(
        place, slug, KeptVerdict(digest, faults, "a take is missing" * bool(faults))
    )


def listed(place) -> set[str]:
    """The bulletins that page and feed name, and that have a page; the three must agree."""
    pages = [(place.site / name).read_text("utf-8") for name in ("index.html", "feed.xml")]
    found = [{slug for slug in "ab" if f"{slug}/" in text} for text in pages]
    found.append({slug for slug in "ab" if (place.bulletin(slug) / "index.html").exists()})
    assert found[0] == found[1] == found[2]
    return found[0]


def test_a_bulletin_with_faults_is_held_back_until_it_is_mended_or_another(place, bobao):
    add(place, "b")
    assert brought(place).held == []  # what was never verified is published
    before, sound = texts(place, "item/guid"), (place.bulletin("a") / "a.mp3").read_bytes()
    judge(place, "a", 3)
    judge(place, "b", 0)
    _, told = bobao("publish", code=1)
    (line,) = [line for line in told.splitlines() if "not published" in line]
    assert "a, in which 3 faults were found (a take is missing)" in line
    assert "scripts/a.verify.html" in line
    assert "`bobao verify a`" in line
    (held,) = json.loads(bobao("publish", "--json", code=1)[0])["held"]
    assert (held["slug"], held["faults"]) == ("a", 3)
    assert listed(place) == {"b"}
    assert (place.bulletin("a") / "a.mp3").read_bytes() == sound
    judge(place, "a", 0)
    bobao("publish")
    assert (listed(place), texts(place, "item/guid")) == ({"a", "b"}, before)
    judge(place, "a", 1)
    add(place, "a", title="改过的")
    assert brought(place).held == []
    assert listed(place) == {"a", "b"}


@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b'{"sha256": "x", "faults": "?"}', b"\xff"])
def test_a_verdict_that_cannot_be_read_is_none(place, damage: bytes):
    judge(place, "a", 1)
    place.verdict("a").write_bytes(damage)
    assert catalogue.last_verdict(place, "a") is None
    assert publish(place).held == []


# ── What is wrong is told ───────────────────────────────────────────────────────────────────────


def rules(done) -> set[str]:
    return {finding.rule for finding in done.findings}


def test_the_command_says_what_it_did(place, bobao):
    _, told = bobao("publish")
    assert "output/index.html: 1 bulletin, 9 files written, 0 removed" in told
    assert f"feed: {BASE}feed.xml" in told
    assert "nothing has changed" in bobao("publish")[1]
    out, told = bobao("publish", "--json")
    assert told == ""
    assert json.loads(out)["feed"] == f"{BASE}feed.xml"


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_with_errors_it_exits_with_1_and_no_check_writes(place, bobao, quiet):
    (place.bulletin("a") / "a.vtt").unlink()
    assert "error: feed.xml" in bobao("publish", *quiet, code=1)[1]
    bobao("publish", "--no-check")
    assert (place.site / "feed.xml").is_file()


def test_feed_check_of_the_workspace_and_of_a_file(place, bobao, tmp_path):
    bobao("feed", "check", code=1)  # there is none yet
    bobao("publish")
    path = place.site / "feed.xml"
    assert "1 item: 0 errors" in bobao("feed", "check")[1]
    assert "1 item: 0 errors" in bobao("feed", "check", path, where=())[1]
    out, told = bobao("feed", "check", "--json")
    assert told == ""
    counts = {"items": 1, "error": 0, "warning": 0, "hint": 0}
    assert counts.items() <= json.loads(out).items()
    path.write_text(path.read_text("utf-8").replace("<language>zh-CN</language>", ""), "utf-8")
    assert "the channel has no language" in bobao("feed", "check", path, code=1, where=())[1]
    many = tmp_path / "many.xml"
    items = "<item><title>x</title></item>" * 9
    many.write_text(f"<rss version='2.0'><channel>{items}</channel></rss>", "utf-8")
    _, said = bobao("feed", "check", many, code=1, where=())
    assert said.count("the item has no guid") == 3
    assert "… and 6 more like it (item-guid)" in said


def test_a_feed_without_an_address_of_its_owner_is_written_with_a_warning(tmp_path):
    place = workspace(tmp_path, SETTINGS.replace("editor@radio.example", ""))
    add(place, "a")
    done = publish(place, now=NOW)
    assert rules(done) == {"channel-itunes:email"}
    assert "No player needs it" in done.findings[0].advice
    assert done.whole
    assert (place.site / "feed.xml").is_file()


def test_a_dead_file_and_a_wrong_size_keep_the_old_feed(place):
    brought(place)
    before = feed_bytes(place)
    sound = place.bulletin("a") / "a.mp3"
    data = sound.read_bytes()
    sound.write_bytes(data + b"x")
    for _ in range(2):  # not forgotten
        assert rules(publish(place, now=NOW)) == {"file-size"}
    sound.unlink()
    add(place, "b")
    assert rules(publish(place, now=NOW)) == {"file-there"}
    assert feed_bytes(place) == before
    sound.write_bytes(data)
    assert len(brought(place).written) > 0
    assert texts(place, "item/title") == ["标题b", "标题a"]


def test_a_damaged_bulletin_is_told_and_the_feed_stays(place):
    add(place, "b")
    brought(place)
    before = feed_bytes(place)
    (place.bulletin("b") / "bulletin.json").write_text("{", "utf-8")
    done = publish(place, now=NOW)
    assert [("b" in fault.where, bool(fault.advice)) for fault in done.faults] == [(True, True)]
    assert done.feed == ""
    assert feed_bytes(place) == before


def test_a_missing_chapter_is_told_and_the_others_are_published(place):
    (add(place, "b") / "chapters" / "01-开场.mp3").unlink()
    (fault,) = publish(place, now=NOW).faults
    assert "01-开场.mp3" in str(fault)
    assert (place.bulletin("a") / "index.html").is_file()


# ── Covers, people, numbers, pages ──────────────────────────────────────────────────────────────


def test_a_stations_own_cover_is_checked_and_taken(tmp_path):
    place = workspace(tmp_path, f'{SETTINGS}cover_alt = "一座桥"\n')
    add(place, "a")
    (tmp_path / "ours.png").write_bytes(picture(1500))
    brought(place)
    assert (place.site / "cover.png").read_bytes() == picture(1500)
    assert channel(place).find("podcast:image", NAMESPACES).get("alt") == "一座桥"
    for bad, word in (
        (picture(600), "600"),
        (picture(1400, 1500), "square"),
        (b"GIF", "PNG"),
        (picture(1500)[:-60], "cannot be shown"),
    ):
        (tmp_path / "ours.png").write_bytes(bad)
        with pytest.raises(BobaoError, match=word):
            publish(place, now=NOW)
    assert (place.site / "cover.png").read_bytes() == picture(1500)
    (tmp_path / "bobao.toml").write_text(DRAWN, "utf-8")
    brought(place)
    assert [*cover.faults((place.site / "cover.png").read_bytes(), "cover.png")] == []
    assert channel(place).find("podcast:image", NAMESPACES).get("alt")


def test_the_header_of_a_script_may_say_more(tmp_path):
    people = '["王芳", "李强; author; writing; https://li.example/"]'
    place = workspace(tmp_path, f'{SETTINGS}people = {people}\nseasons = "none"\n')
    extra = (
        *(("summary", "一句话。"), ("episode", "42"), ("season", "7")),
        ("people", "赵敏; reporter"),
    )
    add(place, "a", extra=extra)
    add(place, "b", date="2026-11-21")
    brought(place)
    assert texts(place, "item/description")[0] == "一句话。"
    assert texts(place, "item/itunes:episode") == ["42", "1"]
    assert texts(place, "item/itunes:season") == ["7"]
    assert texts(place, "podcast:person") == ["王芳", "李强"]
    assert texts(place, "item/podcast:person") == ["赵敏", "王芳", "李强"]


def test_a_long_feed_has_pages_and_loses_them_again(place, monkeypatch):
    monkeypatch.setattr(feed, "MOST", 4)
    monkeypatch.setattr(feed, "BLOCK", 2)
    for number in range(4):
        add(place, f"n{number}", date=f"2025-01-0{number + 1}")
    assert {"feed.xml", "feed-1.xml"} <= set(brought(place).written)
    assert texts(place, "item/title", "feed-1.xml") == ["标题n1", "标题n0"]
    add(place, "new", date="2026-11-23")
    assert "feed-1.xml" not in brought(place).written
    for number in range(3):
        shutil.rmtree(place.bulletin(f"n{number}"))
    assert "feed-1.xml" in brought(place).removed


# ── Hostile ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title",
    [*(t.encode("utf-8", "replace").decode() for t in HOSTILE if t.strip()), 'CON: <>:"/\\|?*'],
)
def test_hostile_titles(tmp_path, title: str):
    place = workspace(tmp_path)
    add(place, "a", title, chapters=(title, "二"), extra=(("summary", title), ("people", title)))
    add(place, "b", date="2026-11-21")
    brought(place)
    for page in (place.site / "index.html", *place.site.glob("*/*.html")):
        assert "<script>alert" not in page.read_text("utf-8")
    assert len(texts(place, "item/title")[0]) <= 255


@pytest.mark.parametrize("slug", ["文 章", "a'b&c", "x%41y", "emoji👍🏽", "#？标题", "长" * 40])
def test_hostile_slugs(tmp_path, slug: str):
    place = workspace(tmp_path)
    add(place, slug)
    brought(place)
    url = channel(place).find("item/enclosure").get("url")
    assert url.isascii()
    assert url == address(BASE, slug, f"{slug}.mp3")


@pytest.mark.parametrize("name", ["../b/bulletin.json", "/etc/passwd", "C:\\x", "chapters/../../x"])
def test_a_bulletin_that_points_outside_is_refused(place, name: str):
    path = place.bulletin("a") / "bulletin.json"
    tree = json.loads(path.read_text("utf-8"))
    tree["chapters"][0]["file"] = name
    path.write_text(json.dumps(tree), "utf-8")
    assert "outside" in publish(place, now=NOW).faults[0].what


def test_a_bulletin_under_another_name_is_refused(place):
    place.bulletin("a").rename(place.bulletin("b"))
    (fault,) = publish(place, now=NOW).faults
    assert "called" in fault.what
    assert not (place.bulletin("b") / "index.html").exists()
