"""The real command on real files, with the `tone` engine for speed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

SAMPLE = ROOT / "seeds" / "huajie-2021.txt"
SLUG = "huajie-2021"
SHORT = """花街镇今年建成九个公园

今年以来，花街镇共建成9个口袋公园，居民出门就能散步。公园里种了桂花和香樟，还装上了路灯。

公园建在家门口

民生无小事。这些公园大多由闲置的空地改成，投资620余万元。
"""
TONE = ("--engine", "tone", "--date", "2026-11-22")


def bobao(*arguments: str | Path, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would and expect an exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "bobao", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sample produced in it. Tests must leave it as it is."""
    folder = tmp_path_factory.mktemp("station") / "台"
    bobao("init", folder, cwd=ROOT)
    (folder / "seeds" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    bobao("produce", SLUG, *TONE, cwd=folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A fresh workspace."""
    bobao("init", tmp_path, cwd=ROOT)
    return tmp_path


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a short article produced in it. Tests must leave it as it is."""
    folder = tmp_path_factory.mktemp("park")
    bobao("init", folder, cwd=ROOT)
    (folder / "seeds" / "park.txt").write_text(SHORT, "utf-8")
    bobao("produce", "park", *TONE, cwd=folder)
    return folder


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
    assert len([name for name in made if name.startswith("chapters/")]) == 7
    assert len(list((station / "audio" / SLUG).glob("*.flac"))) == 7


def test_produce_prints_the_chapter_table(station: Path):
    told = bobao("chapters", SLUG, cwd=station).stdout.splitlines()
    assert len(told) == 9
    assert re.fullmatch(r"1 +0:00 +\d:\d\d +\S.*", told[1])
    assert "小微园建设走在全市前列" in told[3]


def test_a_second_run_speaks_nothing_and_gives_the_same(station: Path):
    before = files_of(station / "output" / SLUG)
    told = bobao("produce", SLUG, *TONE, cwd=station).stderr
    assert re.search(r"\b0 lines recorded", told)
    assert files_of(station / "output" / SLUG) == before


def test_json_is_json_and_nothing_else(station: Path):
    told = bobao("produce", SLUG, *TONE, "--json", cwd=station)
    assert [c["number"] for c in json.loads(told.stdout)["chapters"]] == list(range(1, 8))
    assert told.stderr == ""


def test_quiet_says_nothing(station: Path):
    told = bobao("produce", SLUG, *TONE, "--quiet", cwd=station)
    assert told.stdout + told.stderr == ""


@pytest.mark.parametrize("name", [SLUG, "hua", f"seeds/{SAMPLE.name}", f"scripts/{SLUG}.md"])
def test_a_slug_may_be_a_path_or_a_start(station: Path, name: str):
    assert bobao("chapters", name, cwd=station).stdout


def test_an_edit_is_respected_and_speaks_one_line(park: Path, tmp_path: Path):
    folder = Path(shutil.copytree(park, tmp_path / "copy"))
    script = folder / "scripts" / "park.md"
    text = script.read_text("utf-8")
    edited = text.replace("民生无小事。", "民生没有小事。")
    assert edited != text
    script.write_text(edited, "utf-8")
    told = bobao("produce", "park", *TONE, cwd=folder).stderr
    assert re.search(r"\b1 lines? recorded", told)
    assert script.read_text("utf-8") == edited
    assert "民生没有小事。" in (folder / "output" / "park" / "park.vtt").read_text("utf-8")


def test_a_lexicon_concerns_only_the_lines_with_its_words(park: Path, tmp_path: Path):
    folder = Path(shutil.copytree(park, tmp_path / "copy"))
    (folder / "scripts" / "lexicon.tsv").write_text("香樟\txiāng zhāng\n本台\tběn tái\n", "utf-8")
    assert re.search(r"\b1 lines? recorded", bobao("voice", "park", *TONE[:2], cwd=folder).stderr)
    (folder / "scripts" / "park.lexicon.tsv").write_text("香樟\tzhāng\n", "utf-8")
    told = bobao("voice", "park", *TONE[:2], cwd=folder, code=1).stderr
    assert "scripts/park.lexicon.tsv:1" in told


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
    ],
)
def test_exit_codes(empty: Path, arguments: tuple[str, ...], code: int):
    told = bobao(*arguments, cwd=empty, code=code).stderr
    assert told
    assert "Traceback" not in told


def test_outside_a_workspace_it_says_so(tmp_path: Path):
    assert "bobao init" in bobao("chapters", "a", cwd=tmp_path, code=1).stderr


def test_play_without_sound_prints_the_file(station: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    told = bobao("play", SLUG, "--chapter", "2", "--from", "0:05", cwd=station)
    assert "no sound system" in told.stderr
    assert Path(told.stdout.strip()).name.startswith("02-")
    assert Path(told.stdout.strip()).is_file()


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


def test_progress_is_plain_lines_away_from_a_terminal(park: Path, tmp_path: Path):
    shutil.copytree(park, folder := tmp_path / "copy")
    told = bobao("produce", "park", *TONE, "--no-stings", cwd=folder).stderr
    assert "\x1b" not in told
    assert "\r" not in told
