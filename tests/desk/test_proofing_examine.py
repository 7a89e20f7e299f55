"""What a proof says about a script: marks, reasons, doubts."""

from __future__ import annotations

from pathlib import Path

import pytest
from proof_stuff import SCRIPT, script

from bobao import files
from bobao.desk import examine
from bobao.desk import proof as tables
from bobao.desk.proof import PieceMark
from bobao.model import Article, Block, BlockKind, LineKind
from bobao.normalise import explain
from bobao.pronounce import Sound, SoundKind, parse_lexicon
from bobao.script.markup import fingerprint, parse

GOLDEN = Path(__file__).parent.parent / "script" / "golden" / "huajie-2021.md"


def marks(made, number: int) -> list[tuple[str, str, PieceMark]]:
    """The marked pieces of a line: written, spoken, mark."""
    line = next(line for line in made.lines() if line.number == number)
    return [
        (p.written, "".join(u.text for word in p.spoken for u in word), p.mark)
        for p in line.pieces
        if p.mark is not PieceMark.NONE
    ]


def labels(made, number: int) -> list[str]:
    line = next(line for line in made.lines() if line.number == number)
    return [note.label for note in line.notes]


def replaced(*pairs: tuple[str, str]):
    """The script after an editor was at it."""
    text = SCRIPT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return script(text, edited=True)


def test_every_change_has_its_mark_and_class():
    made = examine(script())
    assert marks(made, 1)[0] == ("", "您正在收听永康播报，本期播送：", PieceMark.ADDED)
    assert labels(made, 1) == ["报题"]
    assert marks(made, 2) == []  # a signpost is labelled as a whole
    assert marks(made, 3) == []  # so is a silent line
    assert marks(made, 4) == [
        ("2021", "二零二一", PieceMark.CHANGED),
        ("4.07", "四点零七", PieceMark.CHANGED),
        ("（见图1）", "", PieceMark.MUTE),
    ]
    assert labels(made, 4) == ["年份", "金额", "旁注"]
    assert marks(made, 5) == [("重", "重", PieceMark.READING)]
    assert labels(made, 6) == ["报题"]
    assert marks(made, 7) == [("", "。", PieceMark.ADDED)]
    assert labels(made, 7) == []
    assert labels(made, 9) == ["图片提示", "停顿"]


def test_the_reason_is_that_of_the_rule():
    made = examine(script())
    (year, *_) = next(line for line in made.lines() if line.number == 4).notes
    (change, *_) = explain("2021年")
    assert year.reason in change.reason
    assert year.pairs == (("2021", "二零二一"),)


def test_changes_of_one_reason_share_a_note():
    made = examine(script("# 题\n\n有{3|三}个村、{5|五}个镇、{7%|百分之七}。\n"))
    line = list(made.lines())[1]
    assert [note.pairs for note in line.notes] == [
        (("3", "三"), ("5", "五")),
        (("7%", "百分之七"),),
    ]
    assert [piece.note for piece in line.pieces if piece.note] == [1, 1, 2]


@pytest.mark.parametrize(
    ("old", "new", "number", "edit"),
    [
        ("{4.07|四点零七}", "{4.07|四个多}", 4, ("4.07", "四个多", PieceMark.EDITED)),
        ("{2021|二零二一}年", "{2021年|去年}", 4, ("2021年", "去年", PieceMark.EDITED)),
        ("条例施行。", "条例{|今天}施行。", 5, ("", "今天", PieceMark.EDITED)),
        ("条例施行。", "{条例|}施行。", 5, ("条例", "", PieceMark.EDITED)),
        ("您正在收听永康播报，本期播送：", "各位好：", 1, ("", "各位好：", PieceMark.EDITED)),
        ("图片说明：", "看图：", 9, ("", "看图：", PieceMark.EDITED)),
        ("星期五。", "大家好。", 2, ("", "二零二六年一月二日，大家好。", PieceMark.EDITED)),
    ],
)
def test_an_edit_is_marked_and_nothing_else(old, new, number, edit):
    made = examine(replaced((old, new)))
    assert made.edited
    edits = {n: marks(made, n) for n in range(1, 10)}
    assert edit in edits[number]
    assert [m for row in edits.values() for m in row if m[2] is PieceMark.EDITED] == [edit]


def test_an_untouched_draft_has_no_edits_even_if_the_seal_is_gone():
    made = parse(GOLDEN.read_text("utf-8").replace("drafted:", "x-drafted:"))
    proof = examine(made)
    assert proof.edited
    assert not [n for line in proof.lines() for n in line.notes if n.edited]
    assert proof.changes > 40


def test_the_fingerprint_is_the_scripts():
    assert examine(script()).fingerprint == fingerprint(script())
    assert not examine(script()).edited


def test_lines_are_numbered_through_and_sections_keep_theirs():
    made = examine(script())
    assert [line.number for line in made.lines()] == list(range(1, 10))
    assert [section.title for section in made.sections] == ["花街镇通报", "重点项目"]
    assert [line.kind for line in made.lines()][2] is LineKind.SILENT


def test_pinyin_stands_over_every_hanzi():
    made = examine(script())
    for line in made.lines():
        for piece in line.pieces:
            for word in piece.spoken:
                for unit in word:
                    assert bool(unit.pinyin) == all("一" <= char <= "鿿" for char in unit.text)
    (reading, *_) = (p for p in list(made.lines())[4].pieces if p.mark is PieceMark.READING)
    assert reading.spoken[0][0].pinyin == "chóng"


def sounds(text: str, **own) -> tuple[Sound, ...]:
    """A syllable for each character, all one word; `own` are the fields of the last."""
    usual = {"citation": "jiang1", "pinyin": "jiang1", "source": "phrase", "confidence": 1.0}
    last = len(text) - 1
    return tuple(
        Sound(SoundKind.HANZI, char, at, at + 1, 0, **(usual | own if at == last else usual))
        for at, char in enumerate(text)
    )


@pytest.mark.parametrize(
    ("text", "own", "asked"),
    [
        ("将", {"source": "usual", "confidence": 0.7}, True),  # either reading stands alone
        ("将", {"source": "usual", "confidence": 0.9}, False),  # sure enough
        ("将", {"source": "model", "confidence": 0.7}, True),
        ("将", {"source": "place", "confidence": 0.3, "citation": "jiang4"}, True),
        ("大", {"source": "usual", "confidence": 0.7, "citation": "da4"}, False),  # 大夫 is a word
        ("大", {"source": "model", "confidence": 0.7, "citation": "da4"}, True),
        ("花", {"source": "model", "confidence": 0.2, "citation": "hua1"}, False),  # has one only
        ("花", {"source": "model", "confidence": 0.2, "citation": "hua4"}, True),  # not that one
        ("鬯靓", {"source": "usual", "confidence": 0.7, "citation": "liang4"}, True),  # a name
        ("靓", {"source": "usual", "confidence": 0.7, "citation": "liang4"}, False),
        ("鬯大", {"source": "usual", "confidence": 0.7, "citation": "da4"}, False),  # settled
    ],
)
def test_what_is_asked_about(monkeypatch, text, own, asked):
    monkeypatch.setattr("bobao.desk.sounds.pronounce", lambda said, *_: sounds(said, **own))
    made = examine(parse(f"# {text}\n"))
    assert [a.text for a in made.doubts.readings] == ([text[-1]] if asked else [])
    for each in made.doubts.readings:
        assert each.name == (len(text) > 1)
        assert each.others
        assert each.reading not in each.others


def test_names_are_asked_about_first_and_each_reading_once(monkeypatch):
    unsure = {"source": "usual", "confidence": 0.7}
    monkeypatch.setattr("bobao.desk.sounds.pronounce", lambda said, *_: sounds(said, **unsure))
    made = examine(parse("# 将\n\n将\n鬯将\n"))
    assert [(a.word, [n for n, _ in a.places]) for a in made.doubts.readings] == [
        ("鬯将", [3]),
        ("", [1, 2]),
    ]


def test_the_lexicon_decides_as_it_does_for_the_voice():
    text = "# 题\n\n他在陈弄坑村。\n"
    lexicon = parse_lexicon("陈弄坑\tchén lòng kēng")
    made = examine(script(text), lexicon=lexicon)
    line = list(made.lines())[1]
    found = {u.text: u for p in line.pieces for word in p.spoken for u in word}
    assert found["弄"].pinyin == "lòng"
    assert not found["弄"].doubtful


def test_what_cannot_be_said_is_a_doubt_and_no_error():
    made = examine(script("# 题\n\n共3处，{ก|�}\U0003134a字。\n", edited=True))
    (line,) = [line for line in made.lines() if line.unread]
    assert line.unread == "ก\U0003134a3"
    assert [note.label for note in line.notes] == ["待定"]
    assert made.doubts.unread[0].lines == (2,)


def test_what_is_shown_and_not_said_is_listed():
    made = examine(replaced(("★管线", "{★|}管线")))
    assert [(item.text, item.lines) for item in made.doubts.silent] == [
        ("来源：花街镇政府", (3,)),
        ("（见图1）", (4,)),
    ]
    assert [(item.text, item.lines) for item in made.doubts.unvoiced] == [("★", (8,))]


def article(*paragraphs: str, confidence: float = 1.0) -> Article:
    blocks = [Block(BlockKind.TITLE, "花街镇通报"), Block(BlockKind.META, "来源：花街镇政府")]
    blocks += [
        Block(BlockKind.PARAGRAPH, text, reason="a date; 2 lines joined", confidence=confidence)
        for text in paragraphs
    ]
    return Article("花街镇通报", tuple(blocks), "")


WHOLE = (
    "2021年，完成投资4.07亿元（见图1）。重新修订的条例施行。",
    "重点项目",
    "管线",
    "★管线铺设完成，共3处。",
    "建设现场 夜景",
)


def test_a_script_that_has_its_whole_article_drops_and_adds_nothing():
    doubts = examine(script(), article=article(*WHOLE)).doubts
    assert not doubts.dropped
    assert not doubts.rewritten
    assert not doubts.structure


def test_what_an_editor_took_out_and_put_in_is_listed():
    edited = replaced(("{重|chóng}新修订的条例施行。\n", ""), ("共{3|三}处", "共十处"))
    doubts = examine(edited, article=article(*WHOLE)).doubts
    assert [(item.text, item.lines) for item in doubts.dropped] == [
        ("重新修订的条例施行。", (4,)),
        ("★管线铺设完成，共3处。", (6,)),
    ]
    assert [(item.text, item.lines) for item in doubts.rewritten] == [
        ("★管线铺设完成，共十处。", (7,))
    ]


def test_doubtful_structure_is_told_with_reason_and_line():
    doubts = examine(script(), article=article(*WHOLE, confidence=0.4)).doubts
    assert doubts.structure[0].lines == (4,)
    assert doubts.structure[0].why == "正文，日期；由2行接成"


def test_the_pages_words_for_classes_cover_the_normaliser():
    text = (
        "2021年5月1日8:30，投资4.07亿元，增12.5%，第3届，比分3-0，-5℃，α粒子，5G+，"
        "电话0579-87123456，网址www.a.cn，3/4，CA1831，90后，Ⅲ级，①，10~20个，㎡，￥5"
    )
    unknown = {c.kind for c in explain(text)} - set(tables.table("classes"))
    assert not unknown


def test_tables_have_their_columns_and_no_row_twice():
    for name in ("classes", "wording", "sources", "blocks", "reasons"):
        rows = files.rows("bobao.desk", f"{name}.tsv")
        assert len(rows) == len(tables.table(name))
        assert {len(row) for row in rows} == {3 if name == "wording" else 2}


def test_tables_of_characters_have_one_each():
    for name in ("polyphones", "settled"):
        assert {len(char) for char in tables.characters(name)} == {1}


def test_traditional_text_said_in_simplified_hanzi_is_no_edit():
    pytest.importorskip("opencc", reason="needs bobao[traditional]")
    made = examine(script("# 題\n\n{銀|银}行{3|三}{處|处}，{臺|大}北。\n", edited=True))
    assert marks(made, 2) == [("3", "三", PieceMark.CHANGED), ("臺", "大", PieceMark.EDITED)]
