"""Bulletins for the tests of the book: timelines of made-up scripts, with silent MP3s if wanted."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import strategies as st

from bobao.mix.pauses import Pauses
from bobao.mix.timeline import build
from bobao.model import (
    Block,
    BlockKind,
    Bulletin,
    Header,
    Line,
    LineKind,
    Script,
    Section,
    Span,
    Take,
    audible,
)
from bobao.normalise import normalise
from bobao.script.tablelines import table

STINGS = {"opening": 3400 * 24, "section": 1300 * 24, "closing": 3600 * 24}
HOSTILE = (
    "<script>alert(1)</script>",
    "]]></text> & &amp; <!-- -->",
    "../../x\\y:z*?\"'|",
    "👍🏽 e\u0301 𠮷",
    "\u202e倒过来\u202c abc \u2067שלום\u2069 ok",
    "\x00\x07\ufffe坏\ud800字",
    "长" * 300,
    "a\tb\nc\u2028d",
)


def line(*parts, kind=LineKind.TEXT, level=0) -> Line:
    spans = (Span(*part) if isinstance(part, tuple) else Span(part, part) for part in parts)
    return Line(tuple(spans), kind, level)


def take_of(spoken_line: Line) -> Take | None:
    """60 ms for each character that is said."""
    text = spoken_line.spoken
    return Take("t", len(text) * 60 * 24, ()) if audible(text) else None


def bulletin_of(*sections: Section, slug="yangli", title="样例", stings=None) -> Bulletin:
    script = Script(Header(slug, title, "2022-01-20"), sections)
    takes = [list(map(take_of, section.lines())) for section in sections]
    timeline = build(script, takes, STINGS if stings is None else stings, Pauses())
    return Bulletin(script.header, timeline.chapters, timeline.duration_ms, "tone", "1", "tone")


def table_lines(text: str):
    """The lines in which a table is read, as a draft has them."""
    return table(Block(BlockKind.TABLE, text), normalise)


def sample() -> Bulletin:
    """One of everything: signposts, subheads, captions, tables, silent lines, Latin text."""
    return bulletin_of(*_sample())


def _sample() -> tuple[Section, ...]:
    return (
        Section(
            line(("", "本期播送："), "花街镇交出满意答卷", ("", "。")),
            (
                (
                    line(("", "二零二二年一月二十日。"), kind=LineKind.SIGNPOST),
                    line(("", "本节目由人工智能合成语音播报。"), kind=LineKind.SIGNPOST),
                ),
                (line("今年增长", ("103%", "百分之一百零三"), "。"), line("这是第二句。")),
                (line("下一段说Wi-Fi。"), line("Open day is near."), line("See you soon.")),
            ),
        ),
        Section(
            line(("", "第二部分，"), "“两带三盟”助推", ("", "。")),
            (
                (line("城东", kind=LineKind.SUBHEAD, level=3),),
                (line("A & B <b>公司</b>上市（", ("见图1", ""), "）了。"),),
                (line("细项", kind=LineKind.SUBHEAD, level=5),),
                (
                    line(("", "图片说明："), "区位示意图。", kind=LineKind.CAPTION),
                    line("图中是花街。", kind=LineKind.CAPTION),
                ),
                (line("城西", kind=LineKind.SUBHEAD, level=3),),
                table_lines("线路\t原走向\t人数（人）\n6路\t滨江大道\t25\n8路\t和平路\t\n9路\t\t3"),
                table_lines("1\t2\n3\t4"),
                (line(("责任编辑：张三", ""), kind=LineKind.SILENT),),
            ),
        ),
    )


def hostile() -> Bulletin:
    """Every hostile text as a title, a heading, a line, a subhead and a cell; then the sample."""
    sections = tuple(
        Section(
            line(text, ("", "题。")),
            (
                (line(text, "。"), line(text, "。")),
                (line(text, ("", "小题"), kind=LineKind.SUBHEAD, level=9),),
                (line(text, (" ", "，"), text, kind=LineKind.TABLE),),
                (line(text, ("", "图"), kind=LineKind.CAPTION),),
            ),
        )
        for text in HOSTILE
    )
    return bulletin_of(*sections, *_sample(), title="".join(HOSTILE), slug="hostile")


def with_files(bulletin: Bulletin, folder: Path, *, audio=False) -> Path:
    """A folder with the bulletin's chapter files: real silence of the right length, or a stub."""
    for chapter in bulletin.chapters:
        path = folder / chapter.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if audio:
            _silence(path, chapter.end_ms - chapter.start_ms)
        else:
            path.write_bytes(f"mp3 {chapter.number}".encode())
    (folder / "cover.png").write_bytes(_PNG)
    return folder


def _silence(path: Path, length_ms: int) -> None:
    import imageio_ffmpeg

    source = f"anullsrc=r=44100:cl=mono,atrim=end_sample={length_ms * 441 // 10}"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "lavfi", "-i", source),
            *("-b:a", "32k", str(path)),
        ],
        check=True,
    )


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077 53de0000000c49444154"
    "789c63606060000000040001f61738550000000049454e44ae426082"
)

_PIECES = (
    "花街镇",
    "，",
    "。",
    "2.0",
    "OK go",
    " ",
    "\n",
    "&",
    "<b>",
    "]]>",
    "\x0b",
    "👍🏽",
    "\u202e",
    "\t",
)
_texts = st.lists(st.sampled_from(_PIECES), max_size=5).map("".join)
_spans = st.one_of(
    st.builds(lambda text: Span(text, text), _texts),
    st.builds(Span, _texts, _texts),
    st.just(Span(" ", "，")),
)
_lines = st.builds(
    Line, st.lists(_spans, max_size=4).map(tuple), st.sampled_from([*LineKind]), st.integers(0, 9)
)
_sections = st.builds(
    Section,
    _lines,
    st.lists(st.lists(_lines, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
)
bulletins = st.builds(
    lambda sections, stings: bulletin_of(*sections, stings=stings),
    st.lists(_sections, min_size=1, max_size=3),
    st.sampled_from([STINGS, {}]),
)
