"""The texts beside the sound: captions, chapter lists, playlist, manifest."""

from __future__ import annotations

import io
import itertools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from publish_stuff import any_bulletins, brisk, bulletin_of, bulletins, line

from bobao.errors import BobaoError
from bobao.model import Bulletin, LineKind, Loudness, Section
from bobao.publish import lists, manifest, outputs

few = settings(max_examples=40)


def sample() -> Bulletin:
    made = bulletin_of(
        Section(
            line("花街镇交出满意答卷", ("", "。")),
            (
                (line("本节目由人工智能合成语音播报。", kind=LineKind.SIGNPOST),),
                (
                    line(
                        "这里有全市体量最大、投资最多、进展最快的小微园建设项目，这里夯实基层治理根基。"
                    ),
                    line(
                        *("2021年，产值", ("4.07亿元", "四点零七亿元"), "，增长"),
                        *(("103%", "百分之一百零三"), "！"),
                    ),
                ),
            ),
        ),
        Section(
            line(("", "第二部分，"), "“两带三盟”助推“共同富裕”", ("", "。")),
            (
                (line("A & B <b>公司</b> --> 上市（", ("见图1", ""), "）了。"),),
                (line(("", "图片说明："), "区位示意图", kind=LineKind.CAPTION),),
                (line(("责任编辑：张三", ""), kind=LineKind.SILENT),),
            ),
        ),
    )
    loud = Loudness(-19.0, -2.1, 3.4)
    return replace(made, loudness=loud, chapter_loudness=(loud, Loudness(-18.8, -2.5, 2.9)))


def test_the_texts_stay_as_they_are(golden):
    made = outputs.texts(sample())
    assert set(made) == {"yangli.vtt", "yangli.m3u8", "chapters.json", "chapters.txt"}
    for name, text in made.items():
        golden(f"lists/{name.replace('yangli.vtt', 'sample.vtt')}", text)
    golden(f"lists/{manifest.NAME}", manifest.render(sample()))


# ── Captions ────────────────────────────────────────────────────────────────────────────────────

REMARK = re.compile("［[^］]*］")


def shown(*parts) -> list[str]:
    return [c.text for c in lists.captions(bulletin_of(Section(line(*parts))))]


def letters(text: str) -> list[str]:
    return sorted(filter(str.isalnum, text))


def sides(line) -> list[tuple[str, str]]:
    """What of each span is the author's, and what bobao's own."""
    if line.kind is not LineKind.SIGNPOST:
        return [(s.written, s.spoken) for s in line.spans]
    only_said = [letters(s.spoken) and not letters(s.written) for s in line.spans]
    pairs = zip(line.spans, only_said, strict=True)
    return [("", s.spoken if only else s.written) for s, only in pairs]


def odd(line) -> bool:
    """A signpost with a sign for a word, or with words that are not said: nobody writes one."""
    unlike = [
        s for s in line.spans if s.written and bool(letters(s.spoken)) != bool(letters(s.written))
    ]
    return line.kind is LineKind.SIGNPOST and bool(unlike)


@few
@given(bulletins)
def test_captions_join_to_all_that_is_written_and_all_that_is_only_said(bulletin):
    made = "".join(caption.text for caption in lists.captions(bulletin))
    spoken = [cue.line for cue in bulletin.cues() if cue.take]
    assume(not any(map(odd, spoken)))
    written = "".join(written for each in spoken for written, _ in sides(each))
    assert "".join(REMARK.sub("", made).split()) == "".join(written.split())
    only_said = [said for line in spoken for written, said in sides(line) if not written.strip()]
    assert letters("".join(REMARK.findall(made))) == letters("".join(only_said))  # in any order


@few
@given(bulletins)
def test_captions_fit_are_there_while_anything_is_heard_and_do_not_overlap(bulletin):
    made = lists.captions(bulletin)
    for caption in made:
        assert lists.columns(caption.text) <= lists.COLUMNS
        assert 0 <= caption.start_ms <= caption.end_ms <= bulletin.duration_ms
    assert all(before.end_ms <= after.start_ms for before, after in itertools.pairwise(made))
    full = [c for c in made if c.text.strip()]
    for cue in bulletin.cues():
        if cue.take and lists.escape(cue.line.shown) and not odd(cue.line):
            covered = sum(
                max(0, min(c.end_ms, cue.end_ms) - max(c.start_ms, cue.start_ms)) for c in full
            )
            assert covered == cue.end_ms - cue.start_ms, cue.line
    webvtt = pytest.importorskip("webvtt")
    found = webvtt.from_buffer(io.StringIO(lists.webvtt(bulletin)))
    assert [(c.start, c.end, c.raw_text) for c in found] == [
        (lists.stamp(c.start_ms), lists.stamp(c.end_ms), lists.escape(c.text))
        for c in made
        if lists.escape(c.text) and c.end_ms > c.start_ms
    ]
    assert not any(re.search(r"[<>]|&(?!amp;|lt;|gt;)", caption.raw_text) for caption in found)


def test_a_cue_is_shown_while_its_words_are_said():
    bulletin = sample()
    words = [w for cue in bulletin.cues() for w in cue.words if w.written and w.end_ms > w.start_ms]
    made = list(lists.captions(bulletin))
    for word in words:
        during = [c for c in made if c.start_ms <= word.start_ms and word.end_ms <= c.end_ms]
        assert any(word.written.strip("。") in c.text for c in during), word


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("", "第二部分，"), "下一步", ("", "。")], ["［第二部分］下一步"]),
        ([("", "图片说明："), "“公园”", (" ", "，"), "一角"], ["［图片说明］“公园” 一角"]),
        ([("", "第一，"), ("（见图1）", ""), "——走"], ["［第一］（见图1）——走"]),
        (["6路", (" ", "，"), ("", "走向："), "江二路"], ["6路 ［走向］江二路"]),
        (
            ["18路 ", ("", "原走向："), "中山路—北门 ", ("", "调整后走向："), "人民路—北门"],
            ["18路 ［原走向］中山路—北门 ", "［调整后走向］人民路—北门"],
        ),
        (["国发〔2021〕", ("5", "五"), "号"], ["国发〔2021〕5号"]),
        (
            [("", "第四部分，基层治理力促“两降三减半”；第五部分，民生实事提升村企获得感。")],
            [
                *("［第四部分］", "［基层治理力促“两降三减半”］"),
                "［第五部分，民生实事提升村企获得感］",
            ],
        ),
        (["花街镇发展很快。"], ["花街镇发展很快。"]),
        (
            ["这里有全市体量最大、投资最多、进展最快的小微园建设项目，这里夯实基层治理根基。"],
            [
                *("这里有全市体量最大、投资最多、", "进展最快的小微园建设项目，"),
                "这里夯实基层治理根基。",
            ],
        ),
        (
            ["项目建成出租后，每个村每年增收可达10万元以上，将有效壮大各村的集体经济。"],
            ["项目建成出租后，", "每个村每年增收可达10万元以上，", "将有效壮大各村的集体经济。"],
        ),
        (
            ["他说：“干部在一线，问题在一线解决，群众都看在眼里。”大家都笑了。"],
            ["他说：“干部在一线，问题在一线解决，", "群众都看在眼里。”大家都笑了。"],
        ),
    ],
)
def test_what_is_only_said_is_in_brackets_and_captions_are_cut_at_clauses(parts, expected):
    assert shown(*parts) == expected


def test_a_span_is_never_cut_and_what_is_too_long_only_at_its_width():
    made = shown("今年以来全镇规模以上工业企业总产值达到", ("4.07亿元", "四点零七亿元"), "和更多。")
    assert any("4.07亿元" in text for text in made)
    assert len(made) == 2
    long = "https://example.com/" + "a" * 100
    made = shown("见", (long, "网址"), "。")
    assert "".join(made) == f"见{long}。"
    assert all(lists.columns(text) <= 40 for text in made)
    spoken = Section(line(("a" * 120, "一二三四五六七八九十")))
    made = lists.captions(bulletin_of(spoken, stings={}, take=brisk))
    assert [c.start_ms - made[0].start_ms for c in made] == [0, 200, 400]  # each its share of time


def test_a_short_cue_stays_for_a_second():
    made = lists.captions(bulletin_of(Section(line("好"), ((line("完。"),),))))
    assert [c.end_ms - c.start_ms for c in made] == [1000, 1000]


# ── Manifest and lists ──────────────────────────────────────────────────────────────────────────


@given(any_bulletins())
def test_load_is_the_inverse_of_render(bulletin):
    text = manifest.render(bulletin)
    assert manifest.load(text) == bulletin
    tree = json.loads(text, parse_constant=pytest.fail)
    for sentence in (s for chapter in tree["chapters"] for s in chapter["sentences"]):
        assert "".join(span["written"] for span in sentence["spans"]) == sentence["written"]


@few
@given(bulletins)
def test_words_join_to_their_sentence_and_lists_have_a_line_for_each_chapter(bulletin):
    tree = json.loads(manifest.render(bulletin))
    for sentence in (s for chapter in tree["chapters"] for s in chapter["sentences"]):
        for side in ("written", "spoken"):
            joined = "".join(word[side] for word in sentence["words"])
            assert joined == (sentence[side] if sentence["words"] else "")
    count = len(bulletin.chapters)
    assert len(lists.chapters_text(bulletin).splitlines()) == count
    assert len(lists.playlist(bulletin).splitlines()) == 3 + 2 * count


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda text: text[: len(text) // 2], "not a bulletin"),
        (lambda _: "", "not a bulletin"),
        (lambda _: "[]", "not a bulletin"),
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


def test_a_title_stays_on_its_line():
    bulletin = bulletin_of(Section(line("一\n#EXTINF:9,二\r\nhttp://x")), title="甲\n乙")
    text = lists.playlist(bulletin).splitlines()
    assert text[2:4] == ["#PLAYLIST:甲 乙", "#EXTINF:13,一 #EXTINF:9,二 http://x"]
    assert text[4:] == [bulletin.chapters[0].file]
    assert lists.chapters_text(bulletin) == "00:00:00 一 #EXTINF:9,二 http://x\n"
