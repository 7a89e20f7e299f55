"""Every character there is: said, visibly silent with a reason, or refused until it is decided."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from bobao.model import LOST, Span
from bobao.normalise import explain, normalise
from bobao.pronounce import is_hanzi, parse_lexicon, pronounce
from bobao.pronounce.phrases import candidates
from bobao.script.markup import compose, line_numbers, parse
from bobao.script.notation import compose_spans, parse_spans
from bobao.script.spans import spoken, written
from bobao.script.unread import named, refused, refusing, unread
from bobao.voices.kokoro.phonemes import phonemes, syllable

words = refusing(normalise)
_SAMPLE = (0xE000, 0xF0B7, 0xF8FF, 0xFDD0, 0xFFFE, 0x1FC00, 0x2FA20, 0x3FFFF, 0xE1000, 0x10FFFD)
"""Of private characters and those that are none, which are too many."""


def outcomes(codes: list[int]) -> dict[str, str]:
    """What becomes of each character between two hanzi: what is said, "" for nothing, or `LOST`."""
    found: dict[str, str] = {}
    for first in range(0, len(codes), 500):
        text = "。".join(f"中{chr(code)}国" for code in codes[first : first + 500])
        spans = words(text)
        assert written(spans) == text
        silent = {at for c in explain(text) if c.reason for at in range(c.start, c.end)}
        at = 0
        for span in spans:
            for place in range(at, at + len(span.written)):
                if place % 4 == 1:
                    said = text[place] if span.plain else span.spoken.strip(" ")
                    assert said or place in silent, f"U+{ord(text[place]):04X} has no reason"
                    found[text[place]] = said
            at += len(span.written)
    return found


def test_every_character_is_said_or_silent_with_a_reason_or_refused():
    assigned = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")
    ]
    found = outcomes([*assigned, *_SAMPLE])
    assert len(found) == len(assigned) + len(_SAMPLE)
    assert all(found[chr(code)] in (LOST, "") for code in _SAMPLE)
    said = "".join(set(found.values()) - {LOST})
    assert not refused((Span("", said),))
    assert not unread("".join(said.split()))
    assert all(map(syllable, {candidates(char)[0] for char in said if is_hanzi(char)}))
    for text in {text for text in found.values() if any(map(str.isalpha, text))} - {*found}:
        assert phonemes(pronounce(text)), text
    for char in {char for char in said if char.isalpha() and not is_hanzi(char)}:
        assert phonemes(pronounce(char)), char


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("⼈⺠政府⻄⻔", "人民政府西门"),
        ("金\U0002f81a", "金\U0002f81a".translate({0xF90A: "金", 0x2F81A: "冬"})),
        ("㈠总则", "一、总则"),
        ("㊗㊣🈶🈚", "祝正有無"),
        ("㋉㏩㍥", "十月十日十三点"),
        ("ﬁnance，oﬃce", "finance，office"),
        ("重5㎏、㎏", "重五千克、千克"),
        ("速度5㎧，3㎣", "速度五米每秒，三立方毫米"),
        ("人々和研究々々，時々", "人人和研究研究，時時"),
        ("a≮b，x∉A，∅，3≢5", "a不小于b，x不属于A，空集，三不恒等于五"),
        ("a=\u0338b", f"a等于{LOST}b"),
        ("₸500和₲", "五百坚戈和瓜拉尼"),
        ("价格\x80500", "价格五百欧元"),
        ("Hawaiʻi，Qurʾan", "Hawai’i，Qur’an"),
        ("⅔和𐅷", "三分之二和三分之二"),
        ("1️⃣打开", "一、打开"),
        ("好👩‍💻❤️‍🔥👍🏽🇨🇳的", "好的"),
        ("♠A和♠", "黑桃A和"),
        ("△ABC，▲要点", "三角形ABC，要点"),
        ("评分★★★☆☆", "评分三星"),
        ("☑同意", "已勾选同意"),
        ("臣□言，□是 □否", f"臣{LOST}言，是 否"),
        ("王○○，二○二二年", f"王{LOST}，二零二二年"),
        ("图\ue601标，\ue601 标", f"图{LOST}标， 标"),
        ("\uf0b7要点", "要点"),
        ("\ue7c9要点", f"{LOST}要点"),
        ("国\u0332家e\u0301", "国家e\u0301"),
        ("原\u0336价", f"原{LOST}价"),
        ("说สวัสดี ครับ，안녕", f"说{LOST}，{LOST}"),
        ("カード〆ー", LOST),
        ("Straße、Москва、ʃ", f"Straße、Москва、{LOST}"),
        ("⠃⠕，\U0001d11e", f"{LOST}{LOST}，{LOST}"),
        ("\u202e反\u00ad\ufeff了\u200d", "反了"),
    ],
)
def test_what_a_character_says(text, said):
    assert spoken(words(text)) == said


def test_a_refused_place_can_be_read_back_and_is_decided_by_the_desk():
    spans = words("说สวัสดี ครับ和\ufffd，𮯰。")
    line = compose_spans(spans)
    assert line == "说{สวัสดี ครับ|�}和�，{𮯰|�}。"
    assert parse_spans(line) == spans
    assert refused(spans) == ("สวัสดี ครับ", "�", "𮯰")
    assert refused(parse_spans("说{สวัสดี|你好}和{�|}，{𮯰|liú}。")) == ()
    assert refused(parse_spans("说ก，①")) == ("ก", "①"), "an editor's own"
    assert refused(parse_spans("{|第�栏：}甲")) == ("�",), "said and not shown"
    assert named("ก้") == "“ก้” (U+0E01 THAI CHARACTER KO KAI …)"


def test_the_lexicon_decides_too():
    lexicon = parse_lexicon("𮯰村\tliú cūn\n")
    assert spoken(refusing(normalise, lexicon)("𮯰村和𮯰山")) == "𮯰村和𮯰山"
    assert refused(parse_spans("𮯰村"), lexicon) == ()


def test_lines_are_found_in_the_file():
    text = compose(parse("# 题\n\n甲。\n乙。\n\n> [不播] 丙\n"))
    spaced = text.replace("甲", "\r\n>\r\n甲")
    rows = spaced.replace("\r\n", "\n").split("\n")
    starts = [rows[number - 1][:4] for number in line_numbers(spaced)]
    assert starts == ["# 题", "甲。", "乙。", "> [不"]
