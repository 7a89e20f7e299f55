"""Arbitrary scripts and articles for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from bobao.model import Article, Block, BlockKind, Header, Line, LineKind, Script, Section, Span
from bobao.script.notation import LABELS
from bobao.script.spans import tidy

NASTY = "#>-{}|\\ \t\r\n\u3000\u2028\u0085\u200b\ufeff\x00:\"'—一二重花儿a1。，“”（）[]"
character = st.one_of(
    st.sampled_from(NASTY),
    st.characters(exclude_categories=("Cs",)),
)
text = st.text(character, max_size=8)
PINYIN = ("chóng", "chong2", "zhòng", "huā", "r5", "lǜ", "lv4", "a1")
hanzi = st.sampled_from("重花儿绿阿一")


@st.composite
def readings(draw) -> Span:
    syllables = draw(st.lists(st.sampled_from(PINYIN), min_size=1, max_size=3))
    word = "".join(draw(hanzi) for _ in syllables)
    return Span(word, word, " ".join(syllables))


@st.composite
def false_readings(draw) -> Span:
    span = draw(readings())
    return Span(span.written, draw(st.sampled_from([span.reading, f" {span.reading}", "huār"])))


spans = st.one_of(
    st.builds(lambda t: Span(t, t), text),
    st.builds(Span, text, text),
    readings(),
    false_readings(),
)
filled = st.lists(spans, max_size=3).map(tidy).filter(bool)


def _silent(parts: tuple[Span, ...]) -> tuple[Span, ...]:
    return tidy(Span(part.written, "") for part in parts)


plain_line = st.builds(Line, filled)
labelled = st.builds(Line, filled, st.sampled_from([k for k in LABELS if not k.quiet]))
silent_line = st.builds(
    Line, filled.map(_silent).filter(bool), st.sampled_from([LineKind.SILENT, LineKind.WITHHELD])
)
subhead = st.builds(Line, filled, st.just(LineKind.SUBHEAD), st.integers(3, 6))
paragraph = st.one_of(
    st.lists(st.one_of(plain_line, labelled, silent_line), min_size=1, max_size=3).map(tuple),
    subhead.map(lambda line: (line,)),
)
section = st.builds(Section, plain_line, st.lists(paragraph, max_size=3).map(tuple))
key = st.from_regex(r"[a-z_][A-Za-z0-9_-]{0,6}", fullmatch=True)
KNOWN = set(Header.__dataclass_fields__)
header = st.builds(
    Header,
    slug=text,
    title=text,
    date=text,
    source=text,
    source_sha256=text,
    engine=text,
    voice=text,
    drafted=text,
    extra=st.dictionaries(key.filter(lambda k: k not in KNOWN), text, max_size=3).map(
        lambda d: tuple(d.items())
    ),
)
scripts = st.builds(Script, header, st.lists(section, min_size=1, max_size=3).map(tuple))

# ── Articles ────────────────────────────────────────────────────────────────────────────────────

PROSE = "今年花街镇完成投资4.07亿元，增长103%。“好！”他说：（见图）\n \t5G+—…；、.!?①★\u3000a"
prose = st.one_of(
    st.text(st.sampled_from(PROSE), max_size=60),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.sampled_from(
        [
            "今年完成投资4.07亿元。明年再看！",
            "第一行\t第二列\n甲\t5.8\n乙\t—",
            "一、总体要求",
            "（二）工作目标。各地要落实。",
            "1. 立即转移；",
            "“你来了。”他说。“我来了。”",
            "甲" * 450 + "。",
        ]
    ),
)
block = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    text=prose,
    level=st.integers(0, 3),
    list=st.booleans(),
    confidence=st.floats(0, 1),
)
articles = st.builds(
    lambda title, blocks: Article(title, tuple(blocks), "\n".join(b.text for b in blocks)),
    prose,
    st.lists(block, max_size=12),
)
