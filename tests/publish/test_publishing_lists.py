"""Chapter lists, playlist, manifest, and the table of documents."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from publishing_stuff import any_bulletins, bulletin_of, line, sample, spoken_bulletins

from bobao.errors import BobaoError
from bobao.model import Section
from bobao.publish import chapters, manifest, playlist
from bobao.publish.documents import documents

few = settings(max_examples=40)


@given(any_bulletins())
def test_load_is_the_inverse_of_render(bulletin):
    text = manifest.render(bulletin)
    assert manifest.load(text) == bulletin
    assert manifest.render(manifest.load(text)) == text


@few
@given(spoken_bulletins)
def test_a_manifest_is_plain_json(bulletin):
    tree = json.loads(manifest.render(bulletin), parse_constant=pytest.fail)
    sentences = [s for chapter in tree["chapters"] for s in chapter["sentences"]]
    for sentence in sentences:
        assert "".join(span["written"] for span in sentence["spans"]) == sentence["written"]
        if sentence["words"]:
            assert "".join(w["written"] for w in sentence["words"]) == sentence["written"]
            assert "".join(w["spoken"] for w in sentence["words"]) == sentence["spoken"]


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda text: text[: len(text) // 2], "not a bulletin"),
        (lambda text: "", "not a bulletin"),
        (lambda text: "[]", "not a bulletin"),
        (lambda text: text.replace('"version": 1,', '"version": 99,', 1), "version 99"),
        (lambda text: text.replace('"schema"', '"scheme"'), "not a bulletin"),
        (lambda text: text.replace('"kind": "text"', '"kind": "song"'), "song"),
        (lambda text: text.replace('"end_ms"', '"until"'), "not a bulletin"),
    ],
)
def test_a_damaged_manifest(damage, fault):
    with pytest.raises(BobaoError, match=fault) as error:
        manifest.load(damage(manifest.render(sample())), where="output/s/bulletin.json")
    assert error.value.where == "output/s/bulletin.json"
    assert "bobao mix" in error.value.advice


def test_chapters_json():
    tree = json.loads(chapters.render_json(sample()))
    assert tree["version"] == "1.2.0"
    for made, chapter in zip(tree["chapters"], sample().chapters, strict=True):
        assert (made["startTime"], made["title"]) == (chapter.start_ms / 1000, chapter.title)
        assert made["endTime"] == chapter.end_ms / 1000
    starts = [made["startTime"] for made in tree["chapters"]]
    assert starts[0] == 0
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("start", "stamp"), [(0, "00:00:00"), (83_999, "00:01:23"), (36_000_000, "10:00:00")]
)
def test_times_in_the_chapter_list(start, stamp):
    assert chapters._clock(start) == stamp


def test_a_title_stays_on_its_line():
    bulletin = bulletin_of(Section(line("一\n#EXTINF:9,二\r\nhttp://x")), title="甲\n乙")
    text = playlist.render(bulletin).splitlines()
    assert text[2:4] == ["#PLAYLIST:甲 乙", "#EXTINF:13,一 #EXTINF:9,二 http://x"]
    assert text[4] == bulletin.chapters[0].file
    assert len(text) == 5
    assert chapters.render_text(bulletin) == "00:00:00 一 #EXTINF:9,二 http://x\n"


@few
@given(spoken_bulletins)
def test_a_line_for_each_chapter_whatever_its_title(bulletin):
    count = len(bulletin.chapters)
    assert len(chapters.render_text(bulletin).splitlines()) == count
    assert len(playlist.render(bulletin).splitlines()) == 3 + 2 * count


def test_all_documents(golden):
    made = documents(sample())
    assert set(made) == {
        "yangli.vtt",
        "yangli.m3u8",
        "chapters.json",
        "chapters.txt",
    }
    golden(manifest.NAME, manifest.render(sample()))
    for name, text in made.items():
        if not name.endswith(".vtt"):
            golden(name, text)
