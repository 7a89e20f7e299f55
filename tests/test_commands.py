"""The command as a person gives it, on real files, with the `tone` engine for speed.

One test runs it as a process of its own; the others give their words to it in this one, which
spares them the start of Python and what it loads.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from bobao import cli
from bobao.batch import tasks
from bobao.batch.site import LocalSite
from bobao.pipeline import Choices
from bobao.publish import cover, refresh
from bobao.station.workspace import locate
from bobao.voices.engine import Speech
from bobao.voices.store import Store

SLUG = "park-2026"
ARTICLE = """花街镇今年建成九个公园

今年以来，花街镇共建成9个口袋公园，居民出门就能散步。公园里种了桂花和香樟，还装上了路灯。

一、公园建在家门口

民生无小事。这些公园大多由闲置的空地改成，投资620余万元。

二、小微园建设走在全市前列

明年再建五个。
"""
TONE = ("--engine", "tone", "--date", "2026-11-22")


@dataclass(frozen=True)
class Told:
    """What a command said, to both ends."""

    stdout: str
    stderr: str


def bobao(*arguments: str | Path, cwd: Path, code: int = 0) -> Told:
    """Give the command and expect an exit code."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    os.chdir(cwd)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = cli.run([str(argument) for argument in arguments])
    finally:
        os.chdir(before)
    told = Told(out.getvalue(), err.getvalue())
    assert ended == code, f"{arguments}: {ended}\n{told.stdout}{told.stderr}"
    return told


@pytest.fixture(scope="module", autouse=True)
def _small_cover() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "SIDE", 64)
        yield


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an article produced in it. Tests must leave it as it is."""
    folder = tmp_path_factory.mktemp("station") / "台"
    bobao("init", folder, cwd=ROOT)
    (folder / "seeds" / f"{SLUG}.txt").write_text(ARTICLE, "utf-8")
    bobao("produce", SLUG, *TONE, cwd=folder)
    return folder


@pytest.fixture
def copy(station: Path, tmp_path: Path) -> Path:
    """A copy of that workspace."""
    return Path(shutil.copytree(station, tmp_path / "copy"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A fresh workspace."""
    bobao("init", tmp_path, cwd=ROOT)
    return tmp_path


def test_the_command_is_one_of_the_systems(station: Path):
    command = [sys.executable, "-m", "bobao", "chapters"]
    done = subprocess.run([*command, SLUG], cwd=station, capture_output=True, check=True)
    assert "小微园建设走在全市前列" in done.stdout.decode()
    done = subprocess.run([*command, "none"], cwd=station, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"error: no bulletin" in done.stderr


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii"])
def test_a_terminal_that_lacks_a_sign_stops_no_work(copy: Path, encoding: str):
    shutil.rmtree(copy / "output" / SLUG)
    (copy / "seeds" / f"{SLUG}.txt").write_text(ARTICLE.replace("民生", "😀民生"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bobao", "produce", SLUG, *TONE],
        cwd=copy,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert (copy / "output" / SLUG / "index.html").is_file()


def test_without_a_home_a_path_or_a_cache_the_work_goes_on(copy: Path):
    done = subprocess.run(
        [sys.executable, "-m", "bobao", "produce", SLUG, *TONE],
        cwd=copy,
        capture_output=True,
        check=False,
        env={"BOBAO_CACHE": "/dev/null", "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("name", ["index.html", "feed.xml", "README", "takes", "Cover.png"])
def test_no_article_takes_the_place_of_what_lies_in_a_tray(empty: Path, name: str):
    before = (empty / "scripts" / "README.md").read_bytes()
    (empty / "seeds" / f"{name}.txt").write_text(ARTICLE, "utf-8")
    bobao("batch", *TONE, cwd=empty)
    assert (empty / "output" / f"article-{name}" / "bulletin.json").is_file()
    assert (empty / "output" / "index.html").is_file()
    assert (empty / "scripts" / "README.md").read_bytes() == before


def test_a_file_name_that_is_not_utf8_is_read_as_windows_wrote_it(empty: Path):
    name = os.fsdecode("公园".encode("gb18030"))
    (empty / "seeds" / f"{name}.txt").write_text(ARTICLE, "utf-8")
    bobao("batch", *TONE, cwd=empty)
    assert (empty / "output" / "公园" / "bulletin.json").is_file()


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_init_leaves_what_is_there(empty: Path):
    (empty / "bobao.toml").write_text('[station]\nname = "村广播"\n', "utf-8")
    before = files_of(empty)
    bobao("init", empty, cwd=ROOT)
    assert files_of(empty) == before


def test_produce_writes_every_output(station: Path):
    made = {
        str(p.relative_to(station / "output" / SLUG)) for p in station.glob(f"output/{SLUG}/**/*")
    }
    assert {
        f"{SLUG}.mp3", "bulletin.json", f"{SLUG}.vtt", "chapters.json", "chapters.txt",
        f"{SLUG}.m3u8",
    } <= made  # fmt: skip
    assert len([name for name in made if name.startswith("chapters/")]) == 3
    assert len(list((station / "audio" / SLUG).glob("*.flac"))) == 3


def test_produce_prints_the_chapter_table(station: Path):
    told = bobao("chapters", SLUG, cwd=station).stdout.splitlines()
    assert len(told) == 5
    assert re.fullmatch(r"1 +0:00 +\d:\d\d +\S.*", told[1])
    assert "小微园建设走在全市前列" in told[3]


def test_a_second_run_speaks_nothing_and_gives_the_same(station: Path):
    before = files_of(station / "output" / SLUG)
    told = bobao("produce", SLUG, *TONE, cwd=station).stderr
    assert re.search(r"\b0 lines recorded", told)
    assert files_of(station / "output" / SLUG) == before


def test_json_is_json_and_nothing_else(station: Path):
    told = bobao("produce", SLUG, *TONE, "--json", cwd=station)
    assert [c["number"] for c in json.loads(told.stdout)["chapters"]] == [1, 2, 3]
    assert told.stderr == ""


def test_quiet_says_nothing(station: Path):
    told = bobao("produce", SLUG, *TONE, "--quiet", cwd=station)
    assert told.stdout + told.stderr == ""


@pytest.mark.parametrize("name", [SLUG, "par", f"seeds/{SLUG}.txt", f"scripts/{SLUG}.md"])
def test_a_slug_may_be_a_path_or_a_start(station: Path, name: str):
    assert bobao("chapters", name, cwd=station).stdout


def test_an_edit_is_respected_and_speaks_one_line(copy: Path):
    folder = copy
    script = folder / "scripts" / f"{SLUG}.md"
    text = script.read_text("utf-8")
    edited = text.replace("民生无小事。", "民生没有小事。")
    assert edited != text
    script.write_text(edited, "utf-8")
    told = bobao("produce", SLUG, *TONE, cwd=folder).stderr
    assert re.search(r"\b1 lines? recorded", told)
    assert script.read_text("utf-8") == edited
    assert "民生没有小事。" in (folder / "output" / SLUG / f"{SLUG}.vtt").read_text("utf-8")


def test_a_lexicon_concerns_only_the_lines_with_its_words(copy: Path):
    folder = copy
    (folder / "scripts" / "lexicon.tsv").write_text("香樟\txiāng zhāng\n本台\tběn tái\n", "utf-8")
    assert re.search(r"\b1 lines? recorded", bobao("voice", SLUG, *TONE[:2], cwd=folder).stderr)
    (folder / "scripts" / f"{SLUG}.lexicon.tsv").write_text("香樟\tzhāng\n", "utf-8")
    told = bobao("voice", SLUG, *TONE[:2], cwd=folder, code=1).stderr
    assert f"scripts/{SLUG}.lexicon.tsv:1" in told


def test_an_edited_script_is_not_drafted_over(empty: Path):
    seed = empty / "seeds" / "a.txt"
    seed.write_text("标题\n\n今天下雨。明天放晴。\n", "utf-8")
    bobao("draft", "a", cwd=empty)
    script = empty / "scripts" / "a.md"
    script.write_text(script.read_text("utf-8").replace("放晴", "转晴"), "utf-8")
    edited = script.read_bytes()
    assert "editor" in bobao("draft", "a", cwd=empty).stderr
    seed.write_text("标题\n\n今天下雪。\n", "utf-8")
    told = bobao("draft", "a", cwd=empty, code=1).stderr
    assert "has changed" in told
    assert "--force" in told
    assert script.read_bytes() == edited
    bobao("draft", "a", "--force", cwd=empty)
    assert "下雪" in script.read_text("utf-8")


def test_an_edited_script_gets_a_date_and_says_what_it_does_not_follow(copy: Path):
    script = copy / "scripts" / f"{SLUG}.md"
    edited = script.read_text("utf-8").replace("民生无小事。", "民生没有小事。")
    script.write_text(edited, "utf-8")
    asked = ("--date", "2027-03-05", "--no-signposts", "--captions", "silent", "--simplify")
    said = bobao("draft", SLUG, *asked, "--quiet", cwd=copy).stderr
    for option in ("--no-signposts", "--captions silent", "--simplify"):
        assert f"{option} was not followed" in said
    dated = edited.replace("date: 2026-11-22", "date: 2027-03-05")
    dated = dated.replace("二零二六年十一月二十二日，星期日", "二零二七年三月五日，星期五")
    assert script.read_text("utf-8") == dated
    assert bobao("draft", SLUG, "--date", "2027-03-05", "--quiet", cwd=copy).stderr == ""
    script.write_text(dated.replace("二零二七年三月五日", "今天是三月五日"), "utf-8")
    said = bobao("draft", SLUG, "--date", "2027-03-06", "--quiet", cwd=copy).stderr
    assert "no line of it says the date" in said


def test_how_a_draft_was_asked_for_holds_for_the_next_run(empty: Path):
    (empty / "seeds" / "a.txt").write_text(ARTICLE, "utf-8")
    bobao("draft", "a", *TONE, "--no-signposts", cwd=empty)
    before = (empty / "scripts" / "a.md").read_text("utf-8")
    assert "您正在收听" not in before
    bobao("produce", "a", *TONE, cwd=empty)
    assert (empty / "scripts" / "a.md").read_text("utf-8") == before
    bobao("draft", "a", *TONE, "--signposts", cwd=empty)
    assert "您正在收听" in (empty / "scripts" / "a.md").read_text("utf-8")


def test_an_unedited_draft_follows_its_article(empty: Path):
    seed = empty / "seeds" / "a.txt"
    seed.write_text("标题\n\n今天下雨。\n", "utf-8")
    bobao("draft", "a", "--date", "2026-01-02", cwd=empty)
    seed.write_text("标题\n\n今天下雪。\n", "utf-8")
    bobao("draft", "a", cwd=empty)
    text = (empty / "scripts" / "a.md").read_text("utf-8")
    assert "下雪" in text
    assert "2026-01-02" in text  # the date of the first draft stays


def test_a_draft_follows_the_decisions_kept_beside_its_article(empty: Path):
    seed = empty / "seeds" / "a.txt"
    seed.write_text("标题\n\n今天下雨。\n\n公园一角\n\n明天放晴。\n", "utf-8")
    bobao("draft", "a", cwd=empty)
    before = (empty / "scripts" / "a.md").read_text("utf-8")
    (empty / "seeds" / "a.decisions.tsv").write_text("5\tcaption\t公园一角\n", "utf-8")
    bobao("draft", "a", cwd=empty)
    after = (empty / "scripts" / "a.md").read_text("utf-8")
    assert "图片说明：}公园一角" in after
    assert "图片说明" not in before
    (empty / "seeds" / "a.decisions.tsv").write_text("5\tcaption\t没有这一行\n", "utf-8")
    assert "a.decisions.tsv:1" in bobao("draft", "a", cwd=empty, code=1).stderr


BAD_SEEDS = {
    "empty": (b"", "empty"),
    "blank": ("　\n \n".encode(), "no text"),
    "binary": (bytes(range(256)) * 40, "text"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(2000), "text"),
    "large": ("一二三四五。\n".encode() * 320_000, "MB"),
}


@pytest.mark.parametrize("case", BAD_SEEDS)
def test_a_bad_seed_is_one_clear_error(empty: Path, case: str):
    data, word = BAD_SEEDS[case]
    (empty / "seeds" / "bad.txt").write_bytes(data)
    before = files_of(empty)
    told = bobao("produce", "seeds/bad.txt", *TONE, cwd=empty, code=1).stderr
    assert word in told
    assert "bad.txt" in told
    assert "Traceback" not in told
    assert files_of(empty) == before


def test_a_broken_script_names_file_and_line(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。\n", "utf-8")
    bobao("draft", "a", cwd=empty)
    script = empty / "scripts" / "a.md"
    text = script.read_text("utf-8").replace("今天下雨", "今天{下雨")
    script.write_text(text, "utf-8")
    number = next(n for n, line in enumerate(text.splitlines(), 1) if "{下雨" in line)
    for verb in ("voice", "mix"):
        assert f"a.md:{number}" in bobao(verb, "a", cwd=empty, code=1).stderr
    assert not (empty / "output" / "a").exists()


def test_what_no_voice_can_say_is_decided_before_anything_is_recorded(empty: Path):
    page = "<html><meta charset=utf-8><body><h1>公告</h1><p>泰国来信说ก，今天\ufffd下雨，请大家出门带好雨伞，路上注意安全。</p></body>"
    (empty / "seeds" / "a.html").write_text(page, "utf-8")
    (empty / "seeds" / "b.txt").write_text("标题\n\n今天下雨。\n", "utf-8")
    assert "U+0E01 THAI CHARACTER KO KAI" in bobao("read", "a.html", cwd=empty).stderr
    assert "U+0E01 THAI CHARACTER KO KAI" in bobao("draft", "a", cwd=empty).stderr
    script = empty / "scripts" / "a.md"
    text = script.read_text("utf-8")
    number = text[: text.index("{ก|�}")].count("\n") + 1
    for order in (("voice", "a"), ("produce", "a", *TONE), ("batch", *TONE)):
        told = bobao(*order, cwd=empty, code=1).stderr
        assert f"a.md:{number}: no voice can say “ก” (U+0E01 THAI CHARACTER KO KAI)" in told
        assert not (empty / "audio" / "a").exists()
    assert (empty / "output" / "b" / "b.mp3").is_file(), "the other article is made"
    assert "1 to decide" in bobao("proof", "a", cwd=empty).stderr
    script.write_text(text.replace("{ก|�}", "{ก|哥}").replace("�", "{�|}"), "utf-8")
    bobao("voice", "a", *TONE[:2], cwd=empty)


def test_mix_without_recordings_stops(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。\n", "utf-8")
    bobao("draft", "a", *TONE, cwd=empty)
    told = bobao("mix", "a", "--engine", "tone", cwd=empty, code=1).stderr
    assert "bobao voice a" in told
    assert not (empty / "output" / "a").exists()


def test_a_damaged_take_is_spoken_again(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。明天放晴。\n", "utf-8")
    bobao("produce", "a", *TONE, cwd=empty)
    take = sorted((empty / "audio" / "takes").rglob("*.flac"))[0]
    take.write_bytes(take.read_bytes()[:-9])
    told = bobao("produce", "a", *TONE, cwd=empty).stderr
    assert re.search(r"\b1 lines? recorded", told)
    assert "damaged" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_a_clear_error(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。\n", "utf-8")
    (empty / "scripts").chmod(0o500)
    assert "cannot write" in bobao("draft", "a", cwd=empty, code=1).stderr


def test_a_file_where_a_folder_should_be_is_a_clear_error(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。\n", "utf-8")
    (empty / "output" / "a").write_text("in the way", "utf-8")
    assert "cannot write" in bobao("produce", "a", *TONE, cwd=empty, code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("produce",), 2),
        (("sing",), 2),
        (("produce", "a", "--rate", "9"), 2),
        (("produce", "a", "--style", "fast"), 2),
        (("play", "a", "--from", "now"), 1),
        (("chapters", "nothing"), 1),
        (("produce", "../../etc/passwd"), 1),
        (("voice", "../a"), 1),
        (("voices", "--engine", "nobody"), 1),
        (("voices", "--say", "nobody"), 1),
        (("voices", "今天下雨"), 2),
    ],
)
def test_exit_codes(empty: Path, arguments: tuple[str, ...], code: int):
    told = bobao(*arguments, cwd=empty, code=code).stderr
    assert told
    assert "Traceback" not in told


def test_outside_a_workspace_it_says_so(tmp_path: Path):
    assert "bobao init" in bobao("chapters", "a", cwd=tmp_path, code=1).stderr


def test_a_file_outside_a_workspace_can_have_one_made(tmp_path: Path, monkeypatch):
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert "-o DIR" in bobao("produce", "a.txt", *TONE, cwd=tmp_path, code=1).stderr
    bobao("produce", "a.txt", "-o", "台", *TONE, cwd=tmp_path)
    assert (tmp_path / "台" / "output" / "a" / "a.mp3").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "台"}


@pytest.mark.parametrize("verb", ["produce", "batch"])
def test_standard_input_is_a_seed(empty: Path, monkeypatch, verb: str):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ARTICLE.encode("gb18030"))))
    bobao(verb, "-", *TONE, cwd=empty)
    assert (empty / "seeds" / "花街镇今年建成九个公园.txt").is_file()
    assert (empty / "output" / "花街镇今年建成九个公园" / "index.html").is_file()


def test_common_options_may_stand_before_the_verb(station: Path, tmp_path: Path):
    before = bobao("--json", "-w", station, "chapters", SLUG, cwd=tmp_path)
    assert before == bobao("chapters", SLUG, "--json", "-w", station, cwd=tmp_path)
    inside = bobao("-w", tmp_path, "lexicon", "list", "-w", station, cwd=tmp_path)
    assert "Traceback" not in inside.stderr


def test_a_mistyped_verb_gets_a_suggestion(tmp_path: Path):
    assert "Did you mean produce" in bobao("prodcue", cwd=tmp_path, code=2).stderr


def test_help_shows_its_example_line_by_line(tmp_path: Path):
    lines = bobao("--help", cwd=tmp_path).stdout.splitlines()
    assert "  cp article.txt seeds/" in lines


def test_play_without_sound_prints_the_file(station: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    told = bobao("play", SLUG, "--chapter", "2", "--from", "0:05", cwd=station)
    assert "no sound system" in told.stderr
    assert Path(told.stdout.strip()).name.startswith("02-")
    assert Path(told.stdout.strip()).is_file()


def test_a_voice_can_be_heard(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = []
    for text in ((), ("今天2月30日。",)):
        told = bobao("voices", "--engine", "tone", "--say", "tone", *text, cwd=tmp_path)
        with wave.open(told.stdout.strip()) as sound:
            said.append(sound.getnframes() / sound.getframerate())
    assert 5 > said[0] > said[1] > 0.5  # the sample is longer than nine syllables


def test_play_takes_a_part_of_a_title(station: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    told = bobao("play", SLUG, "--chapter", "小微园", cwd=station)
    assert Path(told.stdout.strip()).name.startswith("03-")
    told = bobao("play", SLUG, "--chapter", "没有这一章", cwd=station, code=1)
    assert "小微园" in told.stderr


def test_doctor_finds_all_it_needs(station: Path):
    told = json.loads(bobao("doctor", "--json", cwd=station).stdout)
    assert {f["name"] for f in told} >= {"python", "ffmpeg", "embedded voice", "cache"}
    assert all(f["fine"] is not False for f in told)


def test_progress_is_plain_lines_away_from_a_terminal(copy: Path):
    told = bobao("produce", SLUG, *TONE, "--no-stings", cwd=copy).stderr
    assert "\x1b" not in told
    assert "\r" not in told


# ── What is faulty ──────────────────────────────────────────────────────────────────────────────


def spoil(folder: Path) -> Path:
    """Clip the take of a line under its own key, as a bad engine would; its page of faults."""
    store = Store(folder / "audio" / "takes")
    told = json.loads((folder / "output" / SLUG / "bulletin.json").read_text("utf-8"))
    key = told["chapters"][0]["sentences"][-1]["take"]
    take, samples = store.load(key), store.samples(key)
    assert take
    store.save(key, Speech(np.clip(samples * 50, -0.9, 0.9).astype(np.float32), take.marks))
    return folder / "scripts" / f"{SLUG}.verify.html"


def test_a_dry_run_is_not_published(copy: Path):
    told = bobao("produce", SLUG, "--engine", "silence", cwd=copy)
    assert f"not published: {SLUG}, it says nothing" in told.stderr
    assert f"{SLUG}/" not in (copy / "output" / "index.html").read_text("utf-8")
    bobao("produce", SLUG, *TONE, cwd=copy)
    assert f"{SLUG}/" in (copy / "output" / "index.html").read_text("utf-8")


def test_a_faulty_bulletin_is_not_published_by_the_next(copy: Path):
    page = spoil(copy)
    told = bobao("produce", SLUG, *TONE, cwd=copy, code=1)
    assert "FAULT" in told.stdout
    assert page.name in told.stderr
    assert "clip" in page.read_text("utf-8").lower() or "削" in page.read_text("utf-8")
    index = copy / "output" / "index.html"
    assert f"{SLUG}/" not in index.read_text("utf-8")  # it was there, and has left the site
    (copy / "seeds" / "b.txt").write_text("另一篇\n\n今天下雨。\n", "utf-8")
    told = bobao("produce", "b", *TONE, cwd=copy)
    assert f"not published: {SLUG}" in told.stderr
    assert f"{SLUG}/" not in index.read_text("utf-8")
    told = bobao("publish", cwd=copy, code=1)
    assert f"not published: {SLUG}" in told.stderr
    # Mended: it is verified, the page of its faults is up to date, and it is published.
    shutil.rmtree(copy / "audio" / "takes")
    faults = page.read_text("utf-8")
    told = bobao("produce", SLUG, *TONE, cwd=copy)
    assert "not published" not in told.stderr
    assert f"{SLUG}/" in index.read_text("utf-8")
    assert page.read_text("utf-8") != faults
    assert bobao("verify", SLUG, cwd=copy)
    assert page.read_text("utf-8") != faults


def test_a_good_bulletin_has_no_page_of_faults(station: Path):
    assert not list((station / "scripts").glob("*.verify.html"))


def test_a_batch_does_not_publish_what_is_faulty(copy: Path):
    page = spoil(copy)
    answer = tasks.mix(LocalSite(copy), SLUG, Choices(engine="tone"))
    assert "is not right" in answer.error
    assert page.is_file()
    done = refresh(locate(copy))  # as a batch does at its end
    assert [held.slug for held in done.held] == [SLUG]
    assert f"{SLUG}/" not in (copy / "output" / "index.html").read_text("utf-8")


# ── Traces, addresses ───────────────────────────────────────────────────────────────────────────


def test_a_log_has_every_stage_and_every_line(empty: Path):
    (empty / "seeds" / "a.txt").write_text("标题\n\n今天下雨。明天放晴。\n", "utf-8")
    bobao("produce", "a", *TONE, "--log", "l.jsonl", cwd=empty)
    text = (empty / "l.jsonl").read_text("utf-8")
    logged = [json.loads(line) for line in text.splitlines()]
    stages = [each["event"] for each in sorted(logged, key=lambda each: each["time"])]
    order = ("draft", "voice", "mix", "verify", "publish")
    assert [name for name in stages if name in order] == list(order)
    assert {"speak", "level", "encode", "check"} <= set(stages)
    takes = {path.stem for path in (empty / "audio" / "takes").rglob("*.json")}
    assert {each["take"] for each in logged if each["event"] == "speak"} == takes
    assert "今天" not in text


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which a folder is served on this machine."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_article_of_the_web_is_produced(empty: Path):
    text = "<p>今天下雨，居民出门请带好雨具。明天放晴，最高气温二十六度。</p>" * 3
    page = f"<title>天气预报</title><body><article><h1>天气预报</h1>{text}</article>"
    (empty / "web").mkdir()
    (empty / "web" / "a.html").write_text(f"<!doctype html><meta charset=utf-8>{page}", "utf-8")
    with served(empty / "web") as root:
        told = bobao("produce", f"{root}a.html", *TONE, cwd=empty, code=1)
        assert "--allow-private" in told.stderr
        bobao("produce", f"{root}a.html", "--allow-private", *TONE, cwd=empty)
    assert (empty / "seeds" / "天气预报.html").is_file()
    assert (empty / "output" / "天气预报" / "天气预报.mp3").is_file()
