"""The bulletin of the day: several articles, one bulletin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from mutagen.id3 import ID3

from bobao.cli import main
from bobao.model import LineKind
from bobao.pipeline import load_bulletin
from bobao.script.markup import parse
from bobao.station.workspace import locate

STORIES = {
    "park": "花街镇建成九个公园\n\n今年建成9个公园。居民出门就能散步。\n\n一、公园在家门口\n\n重建了五个。\n",
    "road": "老330国道通车\n\n国道昨天通车。\n\n道路两旁种了香樟。\n",
    "rain": "明天有雨\n\n气象台说，明天有雨。\n",
}
DAY = "2026-12-01"
TONE = ("--engine", "tone", "--plain")


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds", ignore=lambda *_: ["huajie-2021.txt"])
    (tmp_path / "bobao.toml").write_text('[station]\nname = "花街之声"\n', "utf-8")
    for name, text in STORIES.items():
        (tmp_path / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    try:
        return main([*words])
    except SystemExit as end:
        return int(end.code or 0)


def script(station: Path):
    return parse((station / "scripts" / f"{DAY}.md").read_text("utf-8"))


def test_it_is_made_of_the_stories_and_records_only_what_is_new(station, capsys):
    for name in STORIES:
        assert run("produce", name, *TONE) == 0
    capsys.readouterr()
    assert run("rundown", DAY, *STORIES, *TONE) == 0
    lines = list(script(station).lines())
    posts = [line.spoken for line in lines if line.kind is LineKind.SIGNPOST]
    assert posts == [
        "二零二六年十二月一日，星期二。",
        "本节目由人工智能合成语音播报。",
        "本期共三条内容，内容提要：",
        "花街镇建成九个公园；",
        "老三三零国道通车；",
        "明天有雨。",
        "下面请听详细内容。",
        "以上是花街之声本期的全部内容，感谢您的收听。",
    ]
    heads = [section.heading.spoken for section in script(station).sections]
    assert heads == [
        "您正在收听花街之声，本期播送：二零二六年十二月一日要闻。",
        "第一条，花街镇建成九个公园。",
        "第二条，老三三零国道通车。",
        "第三条，明天有雨。",
    ]
    new = len(heads) + len(posts) - 3  # the day, the label and the closing are the stories' own
    assert f"{new} lines recorded" in capsys.readouterr().err
    written = "".join(line.written for line in lines)
    for text in STORIES.values():
        assert all(part in written for part in text.split("\n"))
    frames = ID3(station / "output" / DAY / f"{DAY}.mp3", translate=False)
    assert frames["CTOC:toc"].child_element_ids == ["chp1", "chp2", "toc2", "chp3", "chp4"]
    inner, outer = frames["CHAP:chp2.1"], frames["CHAP:chp2"]
    assert inner.sub_frames["TIT2"].text == ["一、公园在家门口"]
    assert outer.start_time < inner.start_time < inner.end_time == outer.end_time
    page = (station / "output" / DAY / "index.html").read_text("utf-8")
    assert f'data-start="{inner.start_time}"' in page
    assert run("verify", DAY) == 0


def test_order_leads_and_headlines_are_the_desks(station):
    order = station / "seeds" / f"{DAY}.rundown"
    order.write_text(
        "---\ntitle: 早间新闻\nheadlines: yes\n---\nrain\npark.txt | 又有9个公园。\n", "utf-8"
    )
    assert run("rundown", DAY, "--draft") == 0
    made = script(station)
    assert made.header.date == DAY
    assert [section.title for section in made.sections] == [
        "早间新闻",
        "明天有雨",
        "花街镇建成九个公园",
    ]
    bodies = [[line.spoken for line in section.lines()][1:] for section in made.sections[1:]]
    assert bodies[0] == ["气象台说，明天有雨。"]
    assert bodies[1][0] == "又有九个公园。"
    assert run("rundown", DAY, "road") == 1  # it is not written over
    assert run("rundown", DAY, "road", "park", "--draft", "--force") == 0
    assert [section.title for section in script(station).sections[1:]] == [
        "老330国道通车",
        "花街镇建成九个公园",
    ]


def test_a_storys_own_readings_hold(station):
    (station / "scripts").mkdir()
    (station / "scripts" / "park.lexicon.tsv").write_text("重建\tzhòng jiàn\n", "utf-8")
    assert run("produce", "park", *TONE) == 0
    takes = set((station / "audio" / "takes").rglob("*.flac"))
    assert run("rundown", DAY, "park", "rain", *TONE) == 0
    cues = load_bulletin(locate(station), DAY).cues()
    key = next(cue.take for cue in cues if "重建" in cue.line.written)
    assert key in {path.stem for path in takes}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no story"),
        ("nowhere\n", "no article called “nowhere”"),
        ("../secret.txt\n", "outside the workspace"),
        (f"{DAY}.rundown\n", "a rundown inside a rundown"),
        ("---\ntitle: x\n", "not closed"),
        ("park\n" * 101, "more than 100 stories"),
    ],
)
def test_a_bad_one_is_refused(station, capsys, text, told):
    (station.parent / "secret.txt").write_text("不该读到的\n\n内容。\n", "utf-8")
    (station / "seeds" / f"{DAY}.rundown").write_text(text, "utf-8")
    assert run("rundown", DAY, "--draft") == 1
    assert told in capsys.readouterr().err
    assert not list((station / "scripts").glob("*.md"))
