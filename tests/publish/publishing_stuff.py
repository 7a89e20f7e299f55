"""Bulletins for the tests of publishing: timelines of made-up scripts, without sound."""

from __future__ import annotations

from hypothesis import strategies as st

from bobao.mix.pauses import Pauses
from bobao.mix.timeline import build
from bobao.model import (
    Bulletin,
    Chapter,
    Cue,
    Header,
    Line,
    LineKind,
    Loudness,
    Mark,
    Script,
    Section,
    Span,
    Take,
    Word,
    audible,
)

STINGS = {"opening": 3400 * 24, "section": 1300 * 24, "closing": 3600 * 24}


def line(*parts, kind=LineKind.TEXT) -> Line:
    spans = (Span(*part) if isinstance(part, tuple) else Span(part, part) for part in parts)
    return Line(tuple(spans), kind)


def take_of(spoken_line: Line) -> Take | None:
    """180 ms for each character that is heard, 120 ms for any other."""
    text, marks, now = spoken_line.spoken, [], 0
    if not audible(text):
        return None
    for at, character in enumerate(text):
        length = 180 if character.isalnum() else 120
        if character.isalnum():
            marks.append(Mark(at, at + 1, now, now + length))
        now += length
    return Take(f"take-{len(text)}", now * 24, tuple(marks))


def bulletin_of(*sections: Section, slug: str = "yangli", title: str = "样例") -> Bulletin:
    script = Script(Header(slug, title, "2022-01-20"), sections)
    takes = [list(map(take_of, section.lines())) for section in sections]
    timeline = build(script, takes, STINGS, Pauses())
    return Bulletin(script.header, timeline.chapters, timeline.duration_ms, "tone", "1", "tone")


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
                        "2021年，产值",
                        ("4.07亿元", "四点零七亿元"),
                        "，增长",
                        ("103%", "百分之一百零三"),
                        "！",
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
    return Bulletin(
        *(getattr(made, name) for name in ("header", "chapters", "duration_ms", "engine")),
        engine_version="1",
        voice="tone",
        loudness=loud,
        chapter_loudness=(loud, Loudness(-18.8, -2.5, 2.9)),
    )


# Pieces of text rather than characters: quick to draw, and long enough to be cut.
_PIECES = (
    *("花街镇发展很快", "项目建成出租后", "将有效壮大各村的集体经济", "一", "重庆市", "问题"),
    *(
        "，",
        "。",
        "、",
        "；",
        "！？",
        "……",
        "——",
        "“",
        "”",
        "《",
        "》",
        "（",
        "）",
        "’",
        '"',
        "-->",
    ),
    *(
        "Wi-Fi",
        "2.0",
        "https://example.com/" + "a" * 60,
        " ",
        "\n",
        "\r\n",
        "\u3000",
        "\u2028",
        "\0",
    ),
    *("&", "<b>", "e\u0301", "\u200b", "𠮷", "👍🏽", "%", "￥"),
)
_texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
spans = st.one_of(
    st.builds(lambda text: Span(text, text), _texts),
    st.builds(Span, _texts, _texts),
    st.sampled_from(
        [Span("重", "重", "chóng"), Span("98%", "百分之九十八"), Span("（见图1）", "")]
    ),
)
lines = st.builds(
    Line, st.lists(spans, max_size=6).map(tuple), st.sampled_from([*LineKind]), st.integers(0, 6)
)
sections = st.builds(
    Section,
    lines,
    st.lists(st.lists(lines, min_size=1, max_size=2).map(tuple), max_size=1).map(tuple),
)
spoken_bulletins = st.lists(sections, min_size=1, max_size=2).map(lambda s: bulletin_of(*s))

_ms = st.integers(0, 10**8)
_short = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
_lufs = st.floats(-70, 0) | st.just(float("-inf"))
loudness = st.builds(Loudness, _lufs, _lufs, st.floats(0, 30))
_words = st.builds(Word, _ms, _ms, _short, _short)
_cues = st.builds(Cue, _ms, _ms, lines, st.lists(_words, max_size=3).map(tuple), _short)
_chapters = st.builds(
    Chapter, st.integers(1, 999), _short, _ms, _ms, st.lists(_cues, max_size=2).map(tuple), _short
)
_headers = st.builds(
    Header,
    *[_short] * 8,
    extra=st.lists(st.tuples(_short, _short), max_size=2).map(tuple),
)


@st.composite
def any_bulletins(draw) -> Bulletin:
    """Any values at all, in the right types."""
    chapters = tuple(draw(st.lists(_chapters, max_size=3)))
    measured = st.tuples(*[loudness] * len(chapters))
    return Bulletin(
        draw(_headers),
        chapters,
        draw(_ms),
        draw(_short),
        draw(_short),
        draw(_short),
        draw(st.none() | loudness),
        draw(st.just(()) | measured),
    )
