"""PLS in, lexicon.tsv out and in again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.pronounce.lexicon import HEAD, Entry, Lexicon, compose, edited, entry, parse_lexicon
from bobao.pronounce.pls import MAX_BYTES, parse_pls

NAMESPACE = 'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"'


def pls(body: str, alphabet: str = "x-pinyin") -> bytes:
    head = f'<lexicon version="1.0" {NAMESPACE} alphabet="{alphabet}" xml:lang="zh-CN">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</lexicon>'.encode()


def lexeme(word: str, phoneme: str, attributes: str = "") -> str:
    return (
        f"<lexeme><grapheme>{word}</grapheme><phoneme {attributes}>{phoneme}</phoneme></lexeme>\n"
    )


def taken(data: bytes) -> list[tuple[str, str]]:
    return [(made.word, " ".join(made.pinyin) or made.spelling) for made in parse_pls(data)]


@pytest.mark.parametrize(
    ("body", "alphabet", "wanted"),
    [
        (lexeme("乐清", "yuè qīng"), "pinyin", [("乐清", "yue4 qing1")]),
        (lexeme("乐清", "yue4 qing1"), "x-bobao-pinyin", [("乐清", "yue4 qing1")]),
        (lexeme("台", "tai1", 'alphabet="X-Pinyin"'), "ipa", [("台", "tai1")]),
        (
            "<lexeme><grapheme>台州</grapheme><grapheme>臺州</grapheme><alias>胎州</alias></lexeme>",
            "ipa",
            [("台州", "胎州"), ("臺州", "胎州")],
        ),
        (
            "<lexeme><grapheme>重</grapheme><phoneme>zhòng</phoneme>"
            '<phoneme prefer="true">chóng</phoneme></lexeme>',
            "x-pinyin",
            [("重", "chong2")],
        ),
        (
            "<lexeme><grapheme>AIGC</grapheme><alias>A I G C</alias></lexeme>",
            "ipa",
            [("AIGC", "A I G C")],
        ),
        (lexeme("乐清", "yuè qīng") * 2, "pinyin", [("乐清", "yue4 qing1")]),
    ],
)
def test_takes(body, alphabet, wanted):
    assert taken(pls(body, alphabet)) == wanted


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (pls("\n" + lexeme("乐清", "yuè")), "a.pls:4", "2 characters"),
        (pls(lexeme("乐清", "x")), "a.pls:3", "neither pinyin"),
        (pls(lexeme("乐清", "ɥe˥˩ tɕʰiŋ˥"), "ipa"), "a.pls:3", "“ipa”"),
        (pls(lexeme("乐", "yuè")).replace(b'alphabet="x-pinyin"', b""), "a.pls:3", "“ipa”"),
        (pls(lexeme("乐", "yuè"), "x-sampa"), "a.pls:3", "x-sampa"),
        (pls("<lexeme><grapheme>乐</grapheme></lexeme>"), "a.pls:3", "phoneme or an alias"),
        (pls(lexeme("重", "chóng") + lexeme("重", "zhòng")), "a.pls:4", "a.pls:3"),
        (pls(lexeme("乐", "yuè"))[:-5], "a.pls:5", "not well-formed"),
        (b"<html/>", "a.pls:1", "<html>"),
        (pls(""), "a.pls", "no lexeme"),
        (b'<!DOCTYPE a [<!ENTITY e "e">]><lexicon>&e;</lexicon>', "a.pls:1", "DOCTYPE"),
        (b" " * (MAX_BYTES + 1), "a.pls", "larger"),
    ],
)
def test_refuses_with_the_line(data, where, what):
    with pytest.raises(BobaoError) as refused:
        parse_pls(data, "a.pls")
    assert refused.value.where == where
    assert what in refused.value.what
    assert refused.value.advice


def test_tells_all_bad_lexemes_at_once():
    with pytest.raises(BobaoError) as refused:
        parse_pls(
            pls(lexeme("乐清", "yuè") + lexeme("好", "hǎo") + lexeme("乐", "yuè yuè")), "a.pls"
        )
    assert str(refused.value).count("a.pls:") == 2
    assert "a.pls:5" in str(refused.value)


def test_reads_no_other_file(tmp_path):
    (tmp_path / "secret").write_text("秘密", "utf-8")
    bomb = f'<!DOCTYPE l [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    body = bomb + "<lexicon><lexeme><grapheme>&s;</grapheme><alias>&s;</alias></lexeme></lexicon>"
    with pytest.raises(BobaoError) as refused:
        parse_pls(body.encode())
    assert "秘密" not in str(refused.value)


HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
SYLLABLE = st.tuples(
    st.sampled_from(["a", "yue", "qing", "lv", "nve", "huar", "er", "le", "ê"]),
    st.sampled_from("12345"),
).map("".join)
NOTE = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=5)


@st.composite
def entries(draw) -> Entry:
    kind = draw(st.sampled_from(("pinyin", "spelling", "letters", "latin pinyin")))
    latin = draw(st.from_regex(r"[A-Z]{1,5}", fullmatch=True))
    hanzi = draw(st.text(HANZI, min_size=1, max_size=4))
    syllables = " ".join(draw(st.lists(SYLLABLE, min_size=len(hanzi), max_size=len(hanzi))))
    other = draw(st.text(HANZI, min_size=len(hanzi), max_size=len(hanzi)))
    word, reading = {
        "pinyin": (hanzi, syllables),
        "spelling": (hanzi, other),
        "letters": (latin, " ".join(latin)),
        "latin pinyin": (latin, syllables),
    }[kind]
    return entry(word, reading, draw(NOTE))


@settings(max_examples=50)
@given(st.lists(entries(), max_size=4))
def test_composed_and_read_again_it_is_the_same(made):
    lexicon = Lexicon(tuple(made))
    again = parse_lexicon(compose(lexicon)).entries
    assert tuple(replace(one, where="") for one in again) == lexicon.entries


def test_compose_refuses_what_a_line_cannot_hold():
    with pytest.raises(BobaoError, match="cannot be written"):
        compose(Lexicon((Entry("#一", ("yi1",)),)))


@settings(max_examples=40)
@given(st.lists(entries(), max_size=4), st.lists(entries(), min_size=1, max_size=4))
def test_edited_has_the_new_words_and_keeps_the_rest(old, new):
    text = "# 台里的话\n" + compose(Lexicon(tuple(old))) + "\n# 末行"
    made = edited(text, new)
    lexicon, was = parse_lexicon(made.text), Lexicon(tuple(old))
    for one in new:
        assert lexicon.get(one.word) is not None
    for word in (one.word for one in old):
        kept = lexicon.get(word)
        if word not in {one.word for one in new}:
            assert replace(kept, where="") == was.get(word)
    assert made.text.startswith("# 台里的话\n")
    assert "\n# 末行" in made.text
    assert edited(made.text, new).text == made.text


def test_edited_keeps_lines_notes_and_line_ends():
    text = "# 地名\r\n乐清\tlè qīng\t浙江\r\n\r\n台州\ttāi zhōu"
    made = edited(text, [entry("乐清", "yuè qīng"), entry("丽水", "lí shuǐ", "浙江")])
    assert made.text == (
        "# 地名\r\n乐清\tyuè qīng\t浙江\r\n\r\n台州\ttāi zhōu\r\n丽水\tlí shuǐ\t浙江\r\n"
    )
    assert (made.added, made.changed, made.same) == (("丽水",), ("乐清",), ())
    assert edited("", [entry("好", "hǎo")]).text == HEAD + "好\thǎo\n"
