"""The site as a whole: made, kept, mended, and never changed for nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from bobao.publish.addresses import address, base, lasting
from bobao.publish.feed.artwork import faults, measure
from bobao.publish.feed.elements import NAMESPACES
from bobao.publish.products import Output
from lxml import etree, html
from publish_stuff import BASE, DRAWN, NAME, SETTINGS, add, files_of, picture, workspace

from bobao.errors import BobaoError
from bobao.publish import make as making
from bobao.publish import publish, refresh, restore, withdraw
from bobao.publish.feed import paging
from bobao.station.workspace import locate

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
MADE = {"index.html", "transcript.html", "a.txt", "a.epub"}


@pytest.fixture
def place(tmp_path: Path):
    """A workspace with one bulletin."""
    made = workspace(tmp_path)
    add(made, "a")
    return made


def brought(place, *base_url: str, **more):
    """Publish; everything has to be right."""
    done = publish(locate(place.root), *base_url, now=NOW, **more)
    assert done.faults == []
    assert done.findings == ()
    return done


def feed(place, name: str = "feed.xml"):
    return etree.parse(place.site / name).getroot().find("channel")


def texts(place, path: str, name: str = "feed.xml") -> list[str]:
    return [element.text for element in feed(place, name).findall(path, NAMESPACES)]


def test_a_site_has_everything(place):
    done = brought(place)
    assert set(done.written) == {"index.html", "cover.png", "feed.xml", *(f"a/{n}" for n in MADE)}
    assert done.feed == f"{BASE}feed.xml"
    assert done.episodes == 1
    page = html.parse(place.bulletin("a") / "index.html")
    assert "标题a" in page.findtext(".//title")
    assert any(a.get("href") == "a.epub" for a in page.iter("a"))
    assert any(
        a.get("href", "").startswith("a/") for a in html.parse(place.site / "index.html").iter("a")
    )
    assert zipfile.ZipFile(place.bulletin("a") / "a.epub").testzip() is None


def test_publishing_twice_changes_nothing(place):
    add(place, "b", date="2026-11-21")
    brought(place)
    before = files_of(place.site)
    assert brought(place).written == []
    assert files_of(place.site) == before


def test_without_its_catalogue_the_same_is_made_again(place):
    brought(place)
    before = files_of(place.site)
    (place.site / ".bobao" / "catalogue.jsonl").unlink()
    assert brought(place).written == []
    after = files_of(place.site)
    del before[".bobao/catalogue.jsonl"], after[".bobao/catalogue.jsonl"]
    assert after == before


@pytest.mark.parametrize("damage", ["", "{}\n", "nonsense", '{"version": 9}\n'])
def test_a_damaged_catalogue_is_made_anew(place, damage: str):
    brought(place)
    before = (place.site / "feed.xml").read_bytes()
    (place.site / ".bobao" / "catalogue.jsonl").write_text(damage, "utf-8")
    assert brought(place).written == []
    assert (place.site / "feed.xml").read_bytes() == before


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
    before = files_of(place.site)
    add(place, "new", date="2026-11-23")
    written = set(brought(place).written)
    assert {name.split("/")[0] for name in written if "/" in name} == {"new", "a"}  # its neighbour
    assert written.isdisjoint(n for n in before if n.startswith(("old", "cover")))
    assert texts(place, "item/title")[0] == "标题new"


def test_what_an_older_bobao_made_is_taken_away(place, monkeypatch):
    older = Output("publication.json", lambda job, path: path.write_bytes(b"{}"))
    with monkeypatch.context() as patch:
        patch.setattr(making, "OUTPUTS", (*making.OUTPUTS, older))
        brought(place)
    kept = place.bulletin("a") / "publication.json"
    assert kept.is_file()
    publish(place, now=NOW)
    assert not kept.exists()
    assert publish(place, now=NOW).written == []


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
        "Sun, 22 Nov 2026 00:02:00 +0800",
        "Sun, 22 Nov 2026 00:01:00 +0800",
        "Sun, 22 Nov 2026 00:00:00 +0800",
    ]
    assert texts(place, "item/itunes:episode") == ["3", "4", "2", "1"]
    assert texts(place, "item/podcast:season") == ["2026"] * 4
    (season, *_) = feed(place).iterfind("item/podcast:season", NAMESPACES)
    assert season.get("name") == "2026年"
    page = (place.site / "index.html").read_text("utf-8")
    assert sorted(order, key=page.rindex) == order


def test_a_bulletin_without_a_date_has_the_day_it_came(place):
    add(place, "b", date="")
    brought(place)
    assert texts(place, "item/pubDate")[0] == "Mon, 23 Nov 2026 00:00:00 +0800"
    publish(locate(place.root), now=datetime(2026, 12, 24, tzinfo=timezone.utc))
    assert texts(place, "item/pubDate")[0] == "Mon, 23 Nov 2026 00:00:00 +0800"


def test_without_an_address_there_is_a_site_and_no_feed(tmp_path):
    place = workspace(tmp_path, '[podcast]\ncover = "ours.png"\n')
    add(place, "a")
    done = brought(place)
    assert (done.feed, done.base_url) == ("", "")
    assert {f"a/{name}" for name in MADE} <= set(done.written)
    assert not (place.site / "feed.xml").exists()


def test_the_address_of_last_time_is_remembered_but_not_a_trial(tmp_path):
    place = workspace(tmp_path, SETTINGS.replace(f'site = "{BASE}"', ""))
    add(place, "a")
    publish(place, "http://127.0.0.1:8000", now=NOW)
    trial = texts(place, "podcast:guid")
    assert publish(place, now=NOW).feed == ""
    assert not (place.site / "feed.xml").exists()
    brought(place, BASE)
    assert brought(place).feed == f"{BASE}feed.xml"
    assert texts(place, "podcast:guid") != trial
    (guid,), (item,) = texts(place, "podcast:guid"), texts(place, "item/guid")
    brought(place, "https://moved.example/")
    assert (texts(place, "podcast:guid"), texts(place, "item/guid")) == ([guid], [item])
    assert texts(place, "link") == ["https://moved.example/"]
    assert texts(place, "itunes:new-feed-url") == ["https://moved.example/feed.xml"]
    brought(place, "https://moved.example/")  # a month later, too
    assert texts(place, "itunes:new-feed-url") == ["https://moved.example/feed.xml"]


def test_a_trial_on_this_machine_is_no_move(place):
    brought(place)
    publish(place, "http://127.0.0.1:8000", now=NOW)
    assert texts(place, "itunes:new-feed-url") == []
    brought(place, BASE)
    assert texts(place, "itunes:new-feed-url") == []


def test_what_was_withdrawn_comes_back_as_it_was(place):
    add(place, "b", date="2026-11-23")
    brought(place)
    before = (place.site / "feed.xml").read_bytes()
    withdraw(place, "a")
    brought(place)
    assert texts(place, "item/title") == ["标题b"]
    assert restore(place, "a") == "a"
    brought(place)
    assert (place.site / "feed.xml").read_bytes() == before


def test_nothing_is_restored_over_a_later_bulletin_of_the_name(place):
    brought(place)
    withdraw(place, "a")
    add(place, "a", title="后来的")
    brought(place)
    with pytest.raises(BobaoError, match="another bulletin"):
        restore(place, "a")
    withdraw(place, "a")  # now two are away: the later comes back first
    restore(place, "a")
    brought(place)
    assert texts(place, "item/title") == ["后来的"]


def test_a_show_that_moves_here_keeps_its_guid(tmp_path):
    known = "9b024349-ccf0-5f69-a609-6b82873eab3c"
    place = workspace(tmp_path, f'{SETTINGS}guid = "{known}"\n')
    add(place, "a")
    brought(place)
    assert texts(place, "podcast:guid") == [known]


def test_a_lost_state_gives_the_same_guids(place):
    brought(place)
    before = (place.site / "feed.xml").read_bytes()
    shutil.rmtree(place.site / ".bobao")
    brought(place)
    assert (place.site / "feed.xml").read_bytes() == before


def test_a_damaged_state_stops_everything(place):
    brought(place)
    path = place.site / ".bobao" / "site.json"
    path.write_text(path.read_text("utf-8")[:-9], "utf-8")
    with pytest.raises(BobaoError, match="state"):
        publish(place, now=NOW)


def test_what_a_killed_run_has_left_is_swept_up(place):
    brought(place)
    hidden = place.site / ".bobao"
    for name in ("new-99.epub", ".aside-x.epub"):
        (hidden / name).write_bytes(b"half")
    assert brought(place).written == []
    assert sorted(p.name for p in hidden.iterdir()) == ["catalogue.jsonl", "lock", "site.json"]


def test_two_publishers_take_turns(place):
    for number in range(3):
        add(place, f"n{number}")
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: publish(place, now=NOW), range(2))
    assert one.whole
    assert two.whole
    assert bool(one.written) is not bool(two.written)
    assert brought(place).written == []


# ── Withdrawing ─────────────────────────────────────────────────────────────────────────────────


def test_a_withdrawn_bulletin_is_gone_and_its_guid_is_never_used_again(place):
    add(place, "b", date="2026-11-23")
    brought(place)
    old = dict(zip(texts(place, "item/title"), texts(place, "item/guid"), strict=True))
    kept = withdraw(place, "b")
    done = brought(place)
    assert done.episodes == 1
    assert texts(place, "item/title") == ["标题a"]
    assert not place.bulletin("b").exists()
    assert (kept / "bulletin.json").is_file()
    assert "标题b" not in (place.site / "index.html").read_text("utf-8")
    assert "标题b" not in (place.bulletin("a") / "index.html").read_text("utf-8")
    add(place, "b", "另一篇", date="2026-11-23")
    brought(place)
    titles = dict(zip(texts(place, "item/title"), texts(place, "item/guid"), strict=True))
    assert titles["标题a"] == old["标题a"]
    assert titles["另一篇"] not in old.values()
    assert texts(place, "item/itunes:episode") == ["3", "1"]
    assert withdraw(place, "b") != kept


def test_a_folder_that_was_deleted_comes_back_as_the_same_episode(place):
    add(place, "b")
    brought(place)
    before = (place.site / "feed.xml").read_bytes()
    shutil.rmtree(place.bulletin("b"))
    brought(place)
    assert texts(place, "item/title") == ["标题a"]
    add(place, "b")
    brought(place)
    assert (place.site / "feed.xml").read_bytes() == before


def test_pages_of_a_bulletin_that_is_no_more_are_removed(place):
    add(place, "b")
    brought(place)
    (place.bulletin("b") / "bulletin.json").unlink()
    (place.bulletin("b") / "note.txt").write_text("mine", "utf-8")
    done = brought(place)
    assert {f"b/{name}" for name in ("index.html", "b.epub")} <= set(done.removed)
    assert (place.bulletin("b") / "note.txt").is_file()
    assert not (place.bulletin("b") / "index.html").exists()


# ── What is wrong is told ───────────────────────────────────────────────────────────────────────


def rules(done) -> set[str]:
    return {finding.rule for finding in done.findings}


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
    before = (place.site / "feed.xml").read_bytes()
    sound = place.bulletin("a") / "a.mp3"
    data = sound.read_bytes()
    sound.write_bytes(data + b"x")
    assert rules(publish(place, now=NOW)) == {"file-size"}
    assert rules(publish(place, now=NOW)) == {"file-size"}  # not forgotten
    sound.unlink()
    add(place, "b")
    assert rules(publish(place, now=NOW)) == {"file-there"}
    assert (place.site / "feed.xml").read_bytes() == before
    sound.write_bytes(data)
    assert len(brought(place).written) > 0
    assert texts(place, "item/title") == ["标题b", "标题a"]


def test_a_damaged_bulletin_is_told_and_the_feed_stays(place):
    add(place, "b")
    brought(place)
    before = (place.site / "feed.xml").read_bytes()
    (place.bulletin("b") / "bulletin.json").write_text("{", "utf-8")
    done = publish(place, now=NOW)
    assert [("b" in fault.where, bool(fault.advice)) for fault in done.faults] == [(True, True)]
    assert done.feed == ""
    assert (place.site / "feed.xml").read_bytes() == before


def test_a_missing_chapter_is_told_and_the_others_are_published(place):
    folder = add(place, "b")
    (folder / "chapters" / "01-1.mp3").unlink()
    done = publish(place, now=NOW)
    assert len(done.faults) == 1
    assert "01-1.mp3" in str(done.faults[0])
    assert (place.bulletin("a") / "index.html").is_file()


# ── Covers, people, numbers ─────────────────────────────────────────────────────────────────────


def test_a_stations_own_cover_is_checked_and_taken(tmp_path):
    place = workspace(tmp_path, f'{SETTINGS}cover_alt = "一座桥"\n')
    add(place, "a")
    (tmp_path / "ours.png").write_bytes(picture(1500))
    brought(place)
    assert (place.site / "cover.png").read_bytes() == picture(1500)
    assert feed(place).find("podcast:image", NAMESPACES).get("alt") == "一座桥"
    for bad, word in ((picture(600), "600"), (picture(1400, 1500), "square"), (b"GIF", "PNG")):
        (tmp_path / "ours.png").write_bytes(bad)
        with pytest.raises(BobaoError, match=word):
            publish(place, now=NOW)
    assert (place.site / "cover.png").read_bytes() == picture(1500)


def test_a_drawn_cover_is_as_apple_wants_it(tmp_path):
    place = workspace(tmp_path, DRAWN)
    add(place, "a")
    brought(place)
    drawn = measure((place.site / "cover.png").read_bytes())
    assert list(faults(drawn, "cover.png")) == []
    assert feed(place).find("podcast:image", NAMESPACES).get("alt")


def test_the_header_of_a_script_may_say_more(tmp_path):
    place = workspace(
        tmp_path,
        f'{SETTINGS}people = ["王芳", "李强; author; writing; https://li.example/"]\nseasons = "none"\n',
    )
    extra = (
        ("summary", "一句话。"),
        ("episode", "42"),
        ("season", "7"),
        ("people", "赵敏; reporter"),
    )
    add(place, "a", extra=extra)
    add(place, "b", date="2026-11-21")
    brought(place)
    assert texts(place, "item/description") == ["一句话。", texts(place, "item/description")[1]]
    assert texts(place, "item/itunes:episode") == ["42", "1"]
    assert texts(place, "item/itunes:season") == ["7"]
    assert texts(place, "podcast:person") == ["王芳", "李强"]
    assert texts(place, "item/podcast:person") == ["赵敏", "王芳", "李强"]


def test_a_long_feed_has_pages_and_loses_them_again(place, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 4)
    monkeypatch.setattr(paging, "BLOCK", 2)
    for number in range(4):
        add(place, f"n{number}", date=f"2025-01-0{number + 1}")
    done = brought(place)
    assert {"feed.xml", "feed-1.xml"} <= set(done.written)
    assert texts(place, "item/title", "feed-1.xml") == ["标题n1", "标题n0"]
    add(place, "new", date="2026-11-23")
    assert "feed-1.xml" not in brought(place).written
    for number in range(3):
        shutil.rmtree(place.bulletin(f"n{number}"))
    assert "feed-1.xml" in brought(place).removed


# ── Hostile ─────────────────────────────────────────────────────────────────────────────────────

TITLES = (
    "<script>alert(1)</script>",
    "]]> &amp; <b>",
    "../../x",
    "播报👍🏽𠮷",
    "\u202e倒过来\u202c \u200fאבג",
    "长" * 300,
    'CON: <>:"/\\|?*',
    "a\x00b\x07\ufffe",
)


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles(tmp_path, title: str):
    place = workspace(tmp_path)
    add(place, "a", title, chapters=(title, "二"), extra=(("summary", title), ("people", title)))
    add(place, "b", date="2026-11-21")
    brought(place)
    pages = [place.site / "index.html", *place.site.glob("*/*.html")]
    for page in pages:
        assert "<script>alert" not in page.read_text("utf-8")
    assert len(texts(place, "item/title")[0]) <= 255
    etree.parse(place.site / "feed.xml")


@pytest.mark.parametrize("slug", ["文 章", "a'b&c", "x%41y", "emoji👍🏽", "#？标题", "长" * 40])
def test_hostile_slugs(tmp_path, slug: str):
    place = workspace(tmp_path)
    add(place, slug)
    brought(place)
    url = feed(place).find("item/enclosure").get("url")
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


def test_folders_that_are_being_made_are_no_bulletins(place):
    shutil.copytree(place.bulletin("a"), place.site / ".a.new-x")
    assert brought(place).episodes == 1


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
        ("https://a.example/%E6%92%AD", "https://a.example/%E6%92%AD/"),
        ("", ""),
    ],
)
def test_addresses(given: str, made: str):
    assert base(given) == made
    assert base(made) == made


@pytest.mark.parametrize(
    "given",
    [
        "radio",
        "ftp://a/",
        "https://",
        "https://a b/",
        "https://u:p@a/",
        "https://a/?x",
        "http://[",
        "https://a/#x",
        "http://a:99999/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address(given: str):
    with pytest.raises(BobaoError):
        base(given)


def test_which_addresses_last():
    assert lasting("https://a.example/")
    assert lasting("https://93.184.216.34/")
    assert not any(map(lasting, ("http://127.0.0.1:8/", "http://localhost/", "http://[::1]/", "")))


# ── Many ────────────────────────────────────────────────────────────────────────────────────────


def test_many_bulletins_are_made_by_several_processes_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "MANY", 2)
    one, two = workspace(tmp_path / "one"), workspace(tmp_path / "two")
    for place, count in ((one, 1), (two, 2)):
        for number in range(3):
            add(place, f"n{number}", date=f"2026-01-0{number + 1}")
        monkeypatch.setattr(making, "processors", lambda count=count: count)
        brought(place)

    def bytes_of(place):
        hidden = ".bobao/"
        return {n: d for n, (d, _) in files_of(place.site).items() if not n.startswith(hidden)}

    assert bytes_of(one) == bytes_of(two)


def test_a_process_that_dies_is_replaced_by_this_one(tmp_path, monkeypatch):
    place = workspace(tmp_path)
    for number in range(3):
        add(place, f"n{number}")

    class Dying:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None: ...
        def map(self, *_: object, **__: object):
            raise making.BrokenExecutor

    monkeypatch.setattr(making, "MANY", 2)
    monkeypatch.setattr(making, "processors", lambda: 2)
    monkeypatch.setattr(making, "ProcessPoolExecutor", Dying)
    assert brought(place).episodes == 3


def test_refresh_publishes_as_last_time(place):
    brought(place)
    add(place, "b")
    assert refresh(place).episodes == 2
    assert texts(place, "title") == [NAME]


def test_nothing_to_publish_gives_an_empty_site(tmp_path):
    place = workspace(tmp_path, "")
    assert brought(place).episodes == 0
    assert (place.site / "index.html").is_file()


def test_settings_are_told_by_a_copy(place):
    """The workspace's own settings are not changed by a base URL."""
    before = replace(place.config)
    brought(place, "https://other.example/")
    assert place.config == before
