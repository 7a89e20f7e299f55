"""`bobao batch`: all that can be made is made; a second run does only what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batch_stuff import TEXTS, TINY, TODAY, Inline, die, die_once, made, station
from conftest import several_processes

from bobao import cli
from bobao.batch import tasks
from bobao.batch.board import State
from bobao.batch.run import Crew, LocalPool
from bobao.batch.site import LocalSite
from bobao.cli.many import articles, passed_over
from bobao.errors import BobaoError
from bobao.pipeline import Choices, load_script
from bobao.reading.fetch import Fetched
from bobao.station.workspace import locate

CHOICES = Choices(engine="tone", signposts=False, stings=False)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


@pytest.fixture
def inline(monkeypatch):
    """Batches are made in this process."""
    monkeypatch.setattr("bobao.batch.run.LocalPool", Inline)


def test_one_bad_article_stops_no_other(tmp_path, capsys, inline):
    place, report = station(tmp_path), tmp_path / "report.jsonl"
    (place / "seeds" / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 200)
    order = ["batch", "--engine", "tone", *TINY, "-w", str(place)]
    capsys.readouterr()
    assert cli.run([*order, "--json", "--report", str(report)]) == 1
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
    assert cli.run([*order, "road", "rain", "book", "--json"]) == 0
    totals = json.loads(capsys.readouterr().out)
    assert (totals["kept"], totals["spoken"]) == (3, 0)
    assert made(place) == before


def test_nothing_to_do_says_so(tmp_path, capsys):
    assert cli.run(["init", str(tmp_path), "-q"]) == 0
    assert cli.run(["batch", "-w", str(tmp_path)]) == 1
    assert "no article" in capsys.readouterr().err


@pytest.mark.parametrize("half", [["--scheduler", "tcp://127.0.0.1:1"], ["--store", "file:///x"]])
def test_half_a_cluster_is_wrong_usage(tmp_path, half):
    station(tmp_path)
    assert cli.run(["batch", "-w", str(tmp_path), *half]) == 2


def test_a_watched_tray_is_reported_and_published_round_by_round(tmp_path, monkeypatch, inline):
    """Each round adds to the report, and the site has it before the next one comes."""
    place, report = station(tmp_path), tmp_path / "report.jsonl"
    listed: list[str] = []

    def landing(look):
        for name in ("road", "rain"):
            yield [path for path in look() if path.stem == name]
            page = (place / "output" / "index.html").read_text("utf-8")
            listed.append(" ".join(name for name in TEXTS if f"{name}/" in page))

    monkeypatch.setattr("bobao.batch.watch.watched", landing)
    order = ["batch", "--watch", "--engine", "tone", *TINY, "-w", str(place), "-q"]
    assert cli.run([*order, "--report", str(report)]) == 0
    rows = [json.loads(line)["slug"] for line in report.read_text("utf-8").splitlines()]
    assert rows == ["road", "rain"]
    assert listed == ["road", "road rain"]


class Deadly:
    """A pool in which each task is run by another function first."""

    def __init__(self, pool, *before):
        self.pool, self.before = pool, before
        self.room = pool.room

    def submit(self, function, *arguments):
        return self.pool.submit(*self.before, function, *arguments)


def rows_of(place, executor):
    seeds = sorted(map(str, (place / "seeds").glob("*.txt")))
    return list(Crew(executor, LocalSite(place)).run(seeds, CHOICES, TODAY))


@several_processes
def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(tmp_path):
    place = station(tmp_path)
    with LocalPool(2) as pool:
        rows = rows_of(place, Deadly(pool, die_once, str(tmp_path / "flag")))
    assert (tmp_path / "flag").exists()
    assert [row.state for row in rows] == [State.MADE] * 3


@several_processes
def test_an_article_over_which_workers_keep_dying_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("bobao.batch.run.MAX_DEATHS", 2)
    place = station(tmp_path)
    for name in ("rain", "book"):
        (place / "seeds" / f"{name}.txt").unlink()
    with LocalPool(1) as pool:
        (row,) = rows_of(place, Deadly(pool, die))
    assert row.state is State.FAILED
    assert "workers died" in row.error


def test_addresses_and_folders_are_seeds(tmp_path, capsys, monkeypatch, inline):
    """What cannot be fetched is a failed article; the others are made."""
    place, folder = station(tmp_path / "w"), tmp_path / "desk"
    folder.mkdir()
    for name in ("rain", "book"):
        (place / "seeds" / f"{name}.txt").rename(folder / f"{name}.txt")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    def fetch(url, **_):
        if "gone" in url:
            raise BobaoError("there is nothing at this address", where=url)
        return Fetched(TEXTS["road"].encode(), "page.txt", url)

    monkeypatch.setattr("bobao.reading.feeds.fetch", fetch)
    order = ["batch", "--engine", "silence", *TINY, "-w", str(place), "--json"]
    seeds = ["https://a.example/road", "https://a.example/gone", str(folder)]
    capsys.readouterr()
    assert cli.run([*order, *seeds]) == 1
    said = capsys.readouterr()
    totals = json.loads(said.out)
    assert (totals["made"], totals["failed"]) == (3, 1)
    assert totals["failures"][0]["seed"] == "https://a.example/gone"
    assert passed_over(locate(place), [str(folder)]) == "no articles, passed over: photo.jpg"
    assert (place / "seeds" / "村里通了新公路.txt").is_file()


@pytest.mark.parametrize("name", ["road.md", "ROAD.md"])
def test_of_two_articles_with_one_name_neither_gets_the_others_words(
    tmp_path, capsys, inline, name
):
    """The first is made and the other fails, in one batch or in two."""
    place = station(tmp_path)
    other = place / "seeds" / name
    other.write_text("# 别的稿子\n\n这是另一篇。\n", "utf-8")
    first, second = sorted([other.name, "road.txt"])
    order = ["batch", "--engine", "tone", *TINY, "-w", str(place), "--json"]
    capsys.readouterr()
    assert cli.run(order) == 1
    totals = json.loads(capsys.readouterr().out)
    assert [Path(each["seed"]).name for each in totals["failures"]] == [second]
    assert f"{first} is: rename one" in totals["failures"][0]["error"]
    slug = Path(first).stem
    title = load_script(locate(place), slug).header.title
    assert title == ("别的稿子" if first == other.name else "村里通了新公路")


def test_a_script_is_not_drafted_over_with_another_article(tmp_path, capsys, inline):
    place = station(tmp_path)
    order = ["produce", "road", "--engine", "tone", *TINY, "-q", "-w", str(place)]
    assert cli.run(order) == 0
    other = place / "seeds" / "road.md"
    other.write_text("# 别的稿子\n\n这是另一篇。\n", "utf-8")
    before = made(place)
    again = ["batch", str(other), "--engine", "tone", *TINY, "-w", str(place)]
    capsys.readouterr()
    assert cli.run(again) == 1
    assert "under the name “road”, as seeds/road.txt is: rename one" in capsys.readouterr().err
    assert cli.run(["draft", str(other), "-w", str(place)]) == 1
    assert "this is the script of seeds/road.txt" in capsys.readouterr().err
    assert made(place) == before
    (place / "seeds" / "road.txt").unlink()  # it was renamed, or another format takes its place
    assert cli.run(again) == 0
    assert load_script(locate(place), "road").header.title == "别的稿子"


def test_articles_of_one_name_from_anywhere_are_told_apart(tmp_path, capsys, inline):
    """An archive has a 01.txt for every year; each year is a batch."""
    place = station(tmp_path / "w")
    codes = []
    for year in ("2020", "2021"):
        path = tmp_path / year / "01.txt"
        path.parent.mkdir()
        path.write_text(f"{year}年第一期\n\n今天下雨了。\n", "utf-8")
        folder = str(path.parent)
        codes.append(cli.run(["batch", folder, "--engine", "tone", *TINY, "-w", str(place)]))
    assert codes == [0, 1]
    assert "as ../2020/01.txt is: rename one" in capsys.readouterr().err
    manifest = json.loads((place / "output" / "01" / "bulletin.json").read_text("utf-8"))
    assert manifest["header"]["source"] == "01.txt", "folders of the desk are nobody's business"
    both = [str(tmp_path / year) for year in ("2021", "2020")]
    assert cli.run(["batch", *both, "--engine", "tone", *TINY, "-w", str(place)]) == 1
    said = capsys.readouterr()
    assert "kept" in said.out, "the one whose script is there keeps the name"
    assert "2020/01.txt is: rename one" in said.err
    assert load_script(locate(place), "01").header.title == "2020年第一期"


def test_a_folder_means_all_below_it(tmp_path):
    place = locate(station(tmp_path / "w"))
    archive = tmp_path / "w" / "archive"
    wanted = ["2020/01.txt", "2021/05/夏.html", "top.txt"]
    for name in [*wanted, "2021/05/夏_files/frame.html", ".git/x.txt", "2021/p.jpg"]:
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_text("一", "utf-8")
    (archive / "ring").symlink_to(archive)
    found = articles(place, [str(archive)])
    assert sorted(path.relative_to(archive).as_posix() for path in found) == wanted
    (place.root / "scripts" / "road.md").write_text("# 一", "utf-8")
    (place.root / "seeds" / "2026").mkdir()
    (place.root / "seeds" / "2026" / "new.txt").write_text("一", "utf-8")
    own = {"road.txt", "rain.txt", "book.txt", "new.txt"}  # of a workspace its seeds alone
    for typed in ([], [str(place.root)], [str(tmp_path)]):
        assert {path.name for path in articles(place, typed)} == own


def test_an_archive_is_taken_in_as_the_work_comes_to_it(tmp_path):
    place, taken = locate(station(tmp_path)), []

    class Archive(LocalSite):
        def take_in(self, workspace, seeds):
            taken.append(len(seeds))
            return super().take_in(workspace, seeds)

    seeds = [tmp_path / f"{number:02}.txt" for number in range(40)]  # none is there
    rows = Crew(Inline(), Archive(tmp_path)).produce(place, seeds, CHOICES, TODAY)
    assert next(rows).error
    assert taken == [32]
    assert len(list(rows)) == 39
    assert taken == [32, 8]


def test_what_is_proved_is_proved_again_only_if_it_is_made_again(tmp_path, monkeypatch, inline):
    place, proofs = station(tmp_path), []
    real = tasks.verify

    def verify(workspace, slug):
        proofs.append(slug)
        return real(workspace, slug)

    monkeypatch.setattr("bobao.batch.tasks.verify", verify)
    order = ["batch", "rain", "book", "--engine", "tone", *TINY, "-w", str(place), "-q"]
    for proofs_then in (["rain", "book"], []):
        proofs.clear()
        assert cli.run(order) == 0
        assert proofs == proofs_then
    next((place / "output" / "rain" / "chapters").iterdir()).write_bytes(b"")
    assert cli.run(order) == 0
    assert proofs == ["rain"]


def test_what_is_faulty_leaves_the_site(tmp_path, monkeypatch, inline):
    """Though nothing else came of that batch, which was to make it slower."""
    place = station(tmp_path)
    order = ["batch", "rain", "--engine", "tone", *TINY, "-w", str(place), "-q"]
    index = place / "output" / "index.html"
    assert cli.run(order) == 0
    assert "rain/" in index.read_text("utf-8")
    product = next((place / "output" / "rain" / "chapters").iterdir())
    real = tasks.verify

    def verify(workspace, slug):
        product.write_bytes(b"")  # as a disk that fails
        return real(workspace, slug)

    monkeypatch.setattr(tasks, "verify", verify)
    assert cli.run([*order, "--style", "slow"]) == 1
    assert "rain/" not in index.read_text("utf-8")


def test_a_fault_of_ours_fails_its_article_alone(tmp_path, monkeypatch):
    place = station(tmp_path)
    real = tasks.verify

    def verify(workspace, slug):
        return real(workspace, slug) if slug != "rain" else {}[slug]

    monkeypatch.setattr(tasks, "verify", verify)
    rows = {row.slug: row for row in rows_of(place, Inline())}
    assert [slug for slug, row in rows.items() if row.error] == ["rain"]
    assert "KeyError: 'rain'" in rows["rain"].error


def test_where_processes_share_nothing_one_thread_does_the_work(tmp_path, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")  # Linux without /dev/shm

    monkeypatch.setattr("bobao.batch.run.ProcessPoolExecutor", refused)
    with LocalPool(2) as pool:
        rows = rows_of(station(tmp_path), pool)
    assert pool.room == 1
    assert [row.state for row in rows] == [State.MADE] * 3
