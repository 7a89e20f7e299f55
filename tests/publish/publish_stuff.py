"""What the tests of publishing share: lines, bulletins of made-up scripts, and workspaces."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from bobao.files import sha256
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
    Product,
    Script,
    Section,
    Span,
    Take,
    Word,
    audible,
)
from bobao.publish import manifest, outputs
from bobao.station.workspace import Workspace, create, locate

STINGS = {"opening": 3400 * 24, "section": 1300 * 24, "closing": 3600 * 24}
HOSTILE = (
    "<script>alert('&\"')</script>",
    "]]></text> ]]&gt;&amp;<![CDATA[ <!-- -->",
    "../../x\\y:z*?\"'|CON",
    "播报👍🏽 e\u0301 𠮷",
    "\u202e倒过来\u202c abc \u2067שלום\u2069 \u200fאבג",
    "\x00\x07\x1b[31m\ufffe坏\ud800字",
    "长" * 300,
    "a\tb\r\nc\u2028d",
    "   ",
    "{}{0}%s",
)


def line(*parts, kind=LineKind.TEXT, level=0) -> Line:
    """A line: a text reads as it is written, a pair is (written, spoken)."""
    spans = (Span(*part) if isinstance(part, tuple) else Span(part, part) for part in parts)
    return Line(tuple(spans), kind, level)


def timed(spoken: Line) -> Take | None:
    """180 ms for each character that is heard, 120 ms for any other."""
    text, marks, now = spoken.spoken, [], 0
    if not audible(text):
        return None
    for at, character in enumerate(text):
        length = 180 if character.isalnum() else 120
        if character.isalnum():
            marks.append(Mark(at, at + 1, now, now + length))
        now += length
    return Take(f"take-{len(text)}", now * 24, tuple(marks))


def brisk(spoken: Line) -> Take | None:
    """60 ms for each character that is said, and no words."""
    text = spoken.spoken
    return Take("t", len(text) * 60 * 24, ()) if audible(text) else None


def bulletin_of(
    *sections: Section,
    slug: str = "yangli",
    title: str = "样例",
    stings: dict[str, int] = STINGS,
    take: Callable[[Line], Take | None] = timed,
) -> Bulletin:
    script = Script(Header(slug, title, "2022-01-20"), sections)
    takes = [list(map(take, section.lines())) for section in sections]
    timeline = build(script, takes, stings, Pauses())
    return Bulletin(script.header, timeline.chapters, timeline.duration_ms, "tone", "1", "tone")


# ── Any scripts ─────────────────────────────────────────────────────────────────────────────────

WORDS = """花街镇发展很快 项目建成出租后 将有效壮大各村的集体经济 一 重庆市 问题 Wi-Fi 2.0 & <b> ]]> % ￥
， 。 、 ； ！？ …… —— “ ” 《 》 （ ） ’ " --> e\u0301 𠮷 👍🏽"""
"""Pieces of text rather than characters: quick to draw, and long enough to be cut."""
_PIECES = [
    *WORDS.split(),
    *("OK go", "https://example.com/" + "a" * 60, " ", "\n", "\r\n", "\t", "\u3000", "\u2028"),
    *("\0", "\x0b", "\u202e", "\u200b"),
]
texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
hostile_texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=6).map("".join),
)
_KNOWN = [Span("重", "重", "chóng"), Span("98%", "百分之九十八"), Span("（见图1）", "")]
spans = st.one_of(
    st.builds(lambda text: Span(text, text), texts),
    st.builds(Span, texts, texts),
    st.sampled_from([*_KNOWN, Span(" ", "，")]),
)
lines = st.builds(
    Line, st.lists(spans, max_size=6).map(tuple), st.sampled_from([*LineKind]), st.integers(0, 9)
)
sections = st.builds(
    Section,
    lines,
    st.lists(st.lists(lines, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple),
)
bulletins = st.builds(
    lambda made, stings, take: bulletin_of(*made, stings=stings, take=take),
    st.lists(sections, min_size=1, max_size=2),
    st.sampled_from([STINGS, {}]),
    st.sampled_from([timed, brisk]),
)

_ms = st.integers(0, 10**8)
_short = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
_lufs = st.floats(-70, 0) | st.just(float("-inf"))
_loudness = st.builds(Loudness, _lufs, _lufs, st.floats(0, 30))
_words = st.builds(Word, _ms, _ms, _short, _short)
_cues = st.builds(Cue, _ms, _ms, lines, st.lists(_words, max_size=3).map(tuple), _short)
_chapters = st.builds(
    Chapter, st.integers(1, 999), _short, _ms, _ms, st.lists(_cues, max_size=2).map(tuple), _short
)
_extra = st.lists(st.tuples(_short, _short), max_size=2).map(tuple)
_headers = st.builds(Header, *[_short] * 8, extra=_extra)


@st.composite
def any_bulletins(draw) -> Bulletin:
    """Any values at all, in the right types."""
    chapters = tuple(draw(st.lists(_chapters, max_size=3)))
    measured = draw(st.just(()) | st.tuples(*[_loudness] * len(chapters)))
    whole = draw(st.none() | _loudness)
    return Bulletin(
        draw(_headers), chapters, draw(_ms), *(draw(_short) for _ in range(3)), whole, measured
    )


# ── Workspaces ──────────────────────────────────────────────────────────────────────────────────

NAME = "永康播报"
BASE = "https://radio.example/pod/"
DRAWN = f"""\
[station]
name = "{NAME}"
author = "编辑部"
site = "{BASE}"
[podcast]
email = "editor@radio.example"
"""
SETTINGS = f'{DRAWN}cover = "ours.png"\n'  # drawing one takes most of a second
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x50\xc4" * 64
TEXT = ("这里有全市体量最大的小微园建设项目。", "这里夯实基层治理根基，实现全年信访下降！")


def picture(side: int = 1400, width: int = 0, mode: str = "RGB", kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, (width or side, side)).save(file, kind)
    return file.getvalue()


PICTURE = picture()


def workspace(folder: Path, settings: str = SETTINGS) -> Workspace:
    """A fresh workspace with these settings."""
    create(folder)
    (folder / "bobao.toml").write_text(settings, "utf-8")
    (folder / "ours.png").write_bytes(PICTURE)
    return locate(folder)


def add(
    place: Workspace,
    slug: str,
    title: str = "",
    date: str = "2026-11-22",
    chapters: tuple[str, ...] = ("开场", "建设走在前列"),
    extra=(),
) -> Path:
    """Put a finished bulletin into the output, as a mix would."""
    header = Header(slug, title or f"标题{slug}", date, extra=tuple(extra))
    sections = (Section(line(name), (tuple(map(line, TEXT)),)) for name in chapters)
    bulletin = replace(bulletin_of(*sections, stings={}, take=brisk), header=header)
    folder = place.bulletin(slug)
    files = {
        f"{slug}.mp3": SOUND + slug.encode(),
        "cover.png": PICTURE,
        **{c.file: SOUND + c.title.encode() for c in bulletin.chapters},
        **{name: text.encode() for name, text in outputs.texts(bulletin).items()},
    }
    products = tuple(Product(n, len(d), sha256(d)) for n, d in sorted(files.items()))
    text = manifest.render(replace(bulletin, products=products))
    for name, data in {**files, manifest.NAME: text.encode()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
