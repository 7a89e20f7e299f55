"""Scripts, takes and sound for the tests of mixing: made up, quick, and always the same."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from bobao.model import RATE, Header, Line, LineKind, Mark, Script, Section, Span, Take, audible

SYLLABLE_MS, REST_MS = 180, 120


def line(*parts, kind=LineKind.TEXT, level=0) -> Line:
    """A line: a text reads as it is written, a pair is (written, spoken)."""
    spans = (Span(*part) if isinstance(part, tuple) else Span(part, part) for part in parts)
    return Line(tuple(spans), kind, level)


def take_of(spoken_line: Line) -> Take | None:
    """A take with a mark for every character that is heard."""
    text = spoken_line.spoken
    if not audible(text):
        return None
    marks, now = [], 0
    for at, character in enumerate(text):
        length = SYLLABLE_MS if character.isalnum() else REST_MS
        if character.isalnum():
            marks.append(Mark(at, at + 1, now, now + length))
        now += length
    return Take(f"{text}", now * RATE // 1000, tuple(marks))


def takes_of(script: Script) -> tuple[tuple[Take | None, ...], ...]:
    return tuple(tuple(map(take_of, section.lines())) for section in script.sections)


def sound(key: str) -> np.ndarray:
    """The sound of `take_of`: a buzz in syllables, its pitch from the text, with some breath."""
    length = sum(SYLLABLE_MS if c.isalnum() else REST_MS for c in key) * RATE // 1000
    times = np.arange(length) / RATE
    pitch = 110 + sum(map(ord, key)) % 90
    buzz = sum(np.sin(2 * np.pi * pitch * k * times) / k for k in range(1, 12))
    breath = np.random.default_rng(len(key)).standard_normal(length)
    heard = np.repeat(
        [1.0 if c.isalnum() else 0.0 for c in key],
        [(SYLLABLE_MS if c.isalnum() else REST_MS) * RATE // 1000 for c in key],
    )
    envelope = heard * (0.15 + np.sin(np.pi * times / (SYLLABLE_MS / 1000)) ** 2)
    return (0.08 * envelope * (buzz + 0.1 * breath)).astype(np.float32)


def sample_script() -> Script:
    """Three chapters with everything that a script can hold."""
    return Script(
        Header("yangli", "花街镇交出满意答卷", "2022-01-20", engine="tone", voice="tone"),
        (
            Section(
                line("花街镇交出满意答卷", ("", "。")),
                (
                    (line("本节目由人工智能合成语音播报。", kind=LineKind.SIGNPOST),),
                    (line("这里有全市体量最大、投资最多、进展最快的小微园建设项目，值得一看。"),),
                ),
            ),
            Section(
                line(("", "第一部分，"), "“两带三盟”助推/发展", ("", "。")),
                (
                    (
                        line(
                            "产值",
                            ("4.07亿元", "四点零七亿元"),
                            "，同比增长两成",
                            ("（见图1）", ""),
                            "。",
                        ),
                        line("相关负责人说：“干部在一线，问题在一线解决。”大家都笑了。"),
                    ),
                    (line("小标题", kind=LineKind.SUBHEAD, level=3),),
                    (line("A & B <b>公司</b> --> 上市了。"),),
                    (line(("", "图片说明："), "区位示意图", ("", "。"), kind=LineKind.CAPTION),),
                    (line(("责任编辑：张三", ""), kind=LineKind.SILENT),),
                ),
            ),
            Section(line("第三部分"), ((line("完。"),),)),
        ),
    )


_texts = st.text(
    st.one_of(
        st.sampled_from("一二花街镇发展的了，。、；：？！“”‘’（）《》…—-.\"' a1B%￥\u3000\n"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=12,
)
spans = st.one_of(
    st.builds(lambda text: Span(text, text), _texts),
    st.builds(Span, _texts, _texts),
    st.sampled_from(
        [Span("重", "重", "chóng"), Span("98%", "百分之九十八"), Span("（见图1）", "")]
    ),
)
lines = st.builds(
    Line, st.lists(spans, max_size=6).map(tuple), st.sampled_from([*LineKind]), st.just(0)
)
# For what depends on the structure of a script, not on its text: quick to draw.
_POOL = (
    line("花街镇交出满意答卷。"),
    line("产值", ("4.07亿元", "四点零七亿元"), "，增长两成。"),
    line("“干部在一线！”"),
    line("……"),
    line(),
    line("\n"),
    line(("", "第二部分，"), "发展", ("", "。")),
    line("小标题", kind=LineKind.SUBHEAD, level=3),
    line(("", "图片说明："), "示意图", kind=LineKind.CAPTION),
    line("一季度\t二季度", kind=LineKind.TABLE),
    line("以上是全部内容。", kind=LineKind.SIGNPOST),
    line(("责任编辑：张三", ""), kind=LineKind.SILENT),
)
_pooled = st.sampled_from(_POOL)
_paragraph = st.lists(_pooled, min_size=1, max_size=3).map(tuple)
_sections = st.builds(Section, _pooled, st.lists(_paragraph, max_size=3).map(tuple))
scripts = st.builds(
    Script, st.just(Header("s", "标题")), st.lists(_sections, min_size=1, max_size=4).map(tuple)
)
