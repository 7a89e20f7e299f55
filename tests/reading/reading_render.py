"""Renders our labelled articles (`cases/*.case`) the ways newsrooms and web pages set them.

A case has one block a line: kind letter, tab, text. T title, M meta, D lead, H heading, P paragraph,
L list item, C caption, R table row (cells split by |), F furniture.
"""

from __future__ import annotations

import html
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bobao import words

CASES = Path(__file__).parent / "cases"
KINDS = {
    "T": "title",
    "M": "meta",
    "D": "lead",
    "H": "heading",
    "P": "paragraph",
    "L": "paragraph",
    "C": "caption",
    "R": "table",
    "F": "furniture",
}
_HALF = str.maketrans("，：；（）？！", ",:;()?!")


@dataclass(frozen=True)
class Piece:
    letter: str
    text: str

    @property
    def kind(self) -> str:
        return KINDS[self.letter]


@dataclass(frozen=True)
class Style:
    """How a case is set. `layout`: blank, lines, wrap, md, html; `cut` the share of cut paragraphs."""

    layout: str = "blank"
    cut: float = 0.0
    midword: bool = True
    picture: int = 1  # blank lines before a caption
    indent: bool = False
    half: bool = False
    wrap: int = 30
    pages: bool = False
    eol: str = "\n"
    encoding: str = "utf-8"
    spaces: bool = False  # tables aligned by spaces, not tabs
    commas: bool = False  # paragraphs are cut behind commas, too
    inside: bool = False  # captions stand inside the paragraphs before them that are cut
    title: bool = False  # the title stands in two lines
    template: str = "cms"

    def __str__(self) -> str:
        shown = [self.layout]
        shown += [f"cut{self.cut}{'mid' if self.midword else 'any'}"] if self.cut else []
        shown += [f"pic{self.picture}"] if self.picture > 1 else []
        shown += [name for name in ("indent", "half", "pages", "spaces") if getattr(self, name)]
        shown += [str(self.wrap)] if self.layout == "wrap" else []
        shown += [self.template] if self.layout == "html" else []
        shown += [self.encoding] if self.encoding != "utf-8" else []
        return "-".join(shown)


STYLES = (
    Style("blank"),
    Style("blank", cut=0.55, picture=3, half=True),
    Style("blank", cut=0.6, midword=False),
    Style("blank", cut=0.3, half=True),
    Style("blank", picture=3),
    Style("blank", cut=0.5, midword=False, picture=2, eol="\r\n"),
    Style("lines"),
    Style("lines", indent=True),
    Style("lines", indent=True, encoding="gb18030", spaces=True),
    Style("lines", indent=True, eol="\r\n", encoding="utf-16"),
    Style("wrap", wrap=30, indent=True),
    Style("wrap", wrap=24, indent=True, pages=True),
    Style("wrap", wrap=36, indent=True, spaces=True),
    Style("wrap", wrap=20),
    Style("md"),
    Style("html", template="cms"),
    Style("html", template="pieces", cut=0.5),
    Style("html", template="semantic"),
    Style("html", template="old"),
)


def load(path: Path) -> list[Piece]:
    lines = path.read_text("utf-8").splitlines()
    return [Piece(*line.split("\t", 1)) for line in lines if line]


def cases() -> list[Path]:
    return sorted(CASES.glob("*.case"))


def truth(pieces: list[Piece], style: Style) -> list[tuple[str, str]]:
    """The blocks that reading the rendered case should give: (kind, text)."""
    out: list[tuple[str, str]] = []
    for before, piece in zip([None, *pieces[:-1]], pieces, strict=True):
        text = piece.text.translate(_HALF) if style.half else piece.text
        if piece.letter == "R":
            text = text.replace("|", "\t")
            if before and before.letter == "R":
                out[-1] = ("table", f"{out[-1][1]}\n{text}")
                continue
        out.append((piece.kind, text))
    return out


def rendered(pieces: list[Piece], style: Style, seed: str) -> tuple[bytes, str]:
    """The bytes of the rendered case and the file ending."""
    chance = random.Random(f"{seed} {style}")
    if style.half:
        pieces = [Piece(p.letter, p.text.translate(_HALF)) for p in pieces]
    if style.title:
        pieces = [part for piece in pieces for part in _title_lines(piece)]
    make = {"blank": _blank, "lines": _lines, "wrap": _wrap, "md": _markdown, "html": _html}
    text = make[style.layout](pieces, style, chance)
    ending = {"md": ".md", "html": ".html"}.get(style.layout, ".txt")
    return text.replace("\n", style.eol).encode(style.encoding), ending


def _title_lines(piece: Piece) -> list[Piece]:
    """A long title as two lines, cut between words near its middle."""
    text = piece.text
    edges = [n for n in words.edges(text) if 4 <= n <= len(text) - 4]
    if piece.letter != "T" or len(text) < 14 or not edges:
        return [piece]
    at = min(edges, key=lambda n: abs(n - len(text) / 2 - 0.5))
    return [Piece("T", text[:at].rstrip()), Piece("T", text[at:].lstrip())]


_PIECE = 15
"""Characters of a piece that are more than most headings have."""


def _cut(text: str, style: Style, chance: random.Random) -> list[str]:
    """`text` whole or in two, never cut beside punctuation."""
    if len(text) < 30 or chance.random() >= style.cut:
        return [text]
    edges = words.edges(text)
    spots = [
        n
        for n in range(_PIECE if style.commas or style.inside else 10, len(text) - 6)
        if (text[n - 1].isalpha() or (style.commas and text[n - 1] in "，、"))
        and text[n].isalpha()
        and not text[n - 1].isascii()
        and (not style.midword or n not in edges or style.commas)
    ]
    if not spots:
        return [text]
    n = chance.choice(spots)
    return [text[:n], text[n:]]


def _rows(pieces: list[Piece], style: Style) -> Iterator[tuple[str, str, bool]]:
    """(letter, text, whether it is the first row of its table) with tables set as text."""
    wide = [0] * 9
    for piece in pieces:
        if piece.letter == "R":
            for n, cell in enumerate(piece.text.split("|")):
                wide[n] = max(wide[n], len(cell.encode("gb18030")))
    for before, piece in zip([None, *pieces[:-1]], pieces, strict=True):
        text = piece.text
        if piece.letter == "R":
            cells = text.split("|")
            if style.spaces:
                padded = [
                    c + " " * (wide[n] + 4 - len(c.encode("gb18030"))) for n, c in enumerate(cells)
                ]
                text = "".join(padded).rstrip()
            else:
                text = "\t".join(cells)
        yield piece.letter, text, not (before and before.letter == "R" == piece.letter)


def _blank(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    out = rest = ""
    rows = list(_rows(pieces, style))
    for (letter, text, first), after in zip(rows, [*(row[0] for row in rows[1:]), ""], strict=True):
        gap = "\n" * (style.picture + 1 if letter == "C" else 2)
        out += gap if out and first else "\n" * bool(out)
        parts = _cut(text, style, chance) if letter == "P" else [text]
        if style.inside and after == "C" and len(parts) > 1:
            parts, rest = parts[:1], parts[1]
        out += "\n\n".join(parts)
        if letter == "C" and rest:
            out, rest = f"{out}\n\n{rest}", ""
    return out + "\n"


def _lines(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    lead = "　　" if style.indent else ""
    out = []
    for letter, text, _ in _rows(pieces, style):
        flush = letter in "TMRF"
        salutation = letter == "P" and text.endswith("：") and len(text) < 12
        out.append(text if flush or salutation else lead + text)
    return "\n".join(out) + "\n"


def _width(text: str) -> float:
    return sum(0.5 if c.isascii() else 1 for c in text)


def _fold(text: str, width: int, lead: str) -> list[str]:
    rows, row = [], lead
    for char in text:
        if _width(row + char) > width and char not in "，。、；：？！”）》":
            rows.append(row)
            row = ""
        row += char
    return [*rows, row]


def _wrap(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    rows: list[str] = []
    for letter, text, _ in _rows(pieces, style):
        if letter == "T" or (letter == "M" and len(rows) < 6):
            parts = _fold(text, style.wrap - 4, "")
            rows += ["　" * int((style.wrap - _width(part)) / 2) + part for part in parts]
        elif letter in "MF":
            rows.append(" " * int(2 * (style.wrap - _width(text))) + text)
        elif letter == "R":
            rows.append(text)
        else:
            if not style.indent and rows:
                rows.append("")
            rows += _fold(text, style.wrap, "　　" if style.indent else "")
    if not style.pages:
        return "\n".join(rows) + "\n"
    out: list[str] = []
    for n, row in enumerate(rows):
        if n and n % 14 == 0:
            out += [f"— {n // 14} —", f"江州通讯　第{len(rows)}期"]
        out.append(row)
    return "\n".join(out) + "\n"


def _markdown(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    out: list[str] = []
    for letter, text, first in _rows(pieces, style):
        cells = text.split("\t")
        row = f"| {' | '.join(cells)} |"
        bar = f"\n|{'---|' * len(cells)}" if first else ""
        mark = text[:2].rstrip(".")
        item = f"\n{text}" if mark.isdigit() else f"\n- {text}"
        out.append(
            {
                "T": f"# {text}",
                "H": f"\n## {text}",
                "M": f"\n*{text}*",
                "C": f"\n![{text}](images/{len(out)}.jpg)",
                "L": item,
                "R": (f"\n{row}{bar}" if first else row),
                "F": f"\n{text}",
            }.get(letter, f"\n{text}")
        )
    return "\n".join(out) + "\n"


_NAV = ["首页", "要闻", "时政", "社会", "教育", "财经", "体育"]
_LINKS = (
    "全市招商引资推进大会召开",
    "城区三条主干道完成改造",
    "冬季用电安全须知",
    "一图读懂政府工作报告",
)


def _html(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    make = {"cms": _cms, "pieces": _cms, "semantic": _semantic, "old": _old, "account": _account}[
        style.template
    ]
    return make(pieces, style, chance)


def _apart(pieces: list[Piece]) -> tuple[str, list[Piece]]:
    """The title, and the pieces without it and what is printed above it."""
    at = next(n for n, piece in enumerate(pieces) if piece.letter == "T")
    return pieces[at].text, pieces[at + 1 :]


def _nav() -> str:
    return "".join(f'<li><a href="/">{word}</a></li>' for word in _NAV)


def _table(rows: list[str]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row.split("|")) + "</tr>\n"
        for row in rows
    )
    return f"<table border=1>{body}</table>"


def _content(pieces: list[Piece], tags: dict[str, str], style: Style, chance: random.Random) -> str:
    out: list[str] = []
    rows: list[str] = []
    for piece in [*pieces, Piece("", "")]:
        if piece.letter == "R":
            rows.append(piece.text)
            continue
        if rows:
            out.append(_table(rows))
            rows = []
        if piece.letter in tags:
            parts = _cut(piece.text, style, chance) if piece.letter == "P" else [piece.text]
            if style.template == "account" and piece.letter in "PH" and chance.random() < 0.3:
                out.append('<p><img src="/640.jpg" width="640"></p>')
            out += [tags[piece.letter].format(html.escape(part)) for part in parts]
    return "\n".join(out)


def _cms(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    title, pieces = _apart(pieces)
    head = [p.text for p in pieces[:3] if p.letter == "M"]
    rest = [p for p in pieces if not (p.letter == "M" and p.text in head)]
    para = '<p style="text-indent:2em">&nbsp;&nbsp;&nbsp;&nbsp;{}</p>'
    tags = {
        **dict.fromkeys("PDL", para),
        "H": '<p style="text-indent:2em"><strong>　　{}</strong></p>',
        "C": '<p style="text-align:center"><img src="/u/1.jpg"></p><p style="text-align:center">{}</p>',
        "M": '<p style="text-align:right">{}</p>',
        "F": "<p>{}</p>",
    }
    links = "".join(f'<li><a href="#">{text}</a></li>' for text in _LINKS)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}_江州新闻网</title>
<script>var a="<p>统计代码，不要读出来。</p>";</script></head><body>
<div class="nav"><ul>{_nav()}</ul></div><div class="crumb">当前位置：首页 &gt; 要闻 &gt; 正文</div>
<div class="main"><div class="article"><h1>{html.escape(title)}</h1>
<div class="info">{html.escape("　".join(head))}</div><div class="tools">字号：大 中 小 <span>分享到：微信 微博</span></div>
<div id="zoom">{_content(rest, tags, style, chance)}</div></div>
<div class="rel"><h3>相关阅读</h3><ul>{links}</ul></div></div>
<div class="side"><h3>热门推荐</h3><a href="#"><img src="ad.gif">限时抢购！家电节满1000减200</a></div>
<div class="cmt"><h3>网友评论</h3><textarea></textarea><button>发表评论</button><p>写得真好，给家乡点赞，希望越来越好！</p></div>
<div class="footer"><p>主办：江州市融媒体中心</p><p>未经授权，不得转载</p></div></body></html>"""


def _account(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    """A public account's page: pictures stand before any paragraph, captions are set in grey."""
    title, pieces = _apart(pieces)
    tags = {
        **dict.fromkeys("PDL", "<p>{}</p>"),
        "H": "<p><strong>{}</strong></p>",
        "C": '<p><img src="/640.jpg"></p><p style="color:#888;font-size:14px">{}</p>',
        **dict.fromkeys("MF", '<p style="color:#888">{}</p>'),
    }
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>
</head><body><div id="page"><h1>{html.escape(title)}</h1><p><a href="/">江州发布</a> <em>昨天</em></p>
<div id="js_content">{_content(pieces, tags, style, chance)}</div><p>阅读原文</p></div></body></html>"""


def _semantic(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    title, pieces = _apart(pieces)
    tags = {
        **dict.fromkeys("PD", "<p>{}</p>"),
        "L": "<ul><li>{}</li></ul>",
        "H": "<h2>{}</h2>",
        "C": '<figure><img src="a.jpg" alt=""><figcaption>{}</figcaption></figure>',
        "M": "<p><span>{}</span></p>",
        "F": "<p>{}</p>",
    }
    return f"""<!doctype html><html lang=zh><head><meta charset=utf-8><title>{html.escape(title)} | 江州发布</title></head>
<body><header><nav><a href=/>首页</a> <a href=/news>新闻</a> <a href=/about>关于我们</a></nav></header>
<main><article><header><h1>{html.escape(title)}</h1></header>
{_content(pieces, tags, style, chance)}</article>
<aside><h2>大家都在看</h2><p><a href=#>{_LINKS[0]}</a></p><p><a href=#>{_LINKS[1]}</a></p></aside></main>
<footer><p>版权所有 江州发布 © 2024</p></footer></body></html>"""


def _old(pieces: list[Piece], style: Style, chance: random.Random) -> str:
    title, pieces = _apart(pieces)
    tags = {
        **dict.fromkeys("PDLMF", "　　{}<br>"),
        "H": "　　<b>{}</b><br>",
        "C": "<center><img src=x.jpg><br>{}</center>",
    }
    return f"""<html><head><title>{html.escape(title)}--江州日报</title></head><body><table width=100%><tr><td>
<a href=1>首页</a> | <a href=2>新闻</a> | <a href=3>评论</a></td></tr><tr><td><table><tr><td align=center><font size=5><b>{html.escape(title)}</b></font></td></tr>
<tr><td><font size=3>{_content(pieces, tags, style, chance)}</font></td></tr></table></td></tr>
<tr><td align=center>江州日报社版权所有<br>地址：江州市人民路1号</td></tr></table></body></html>"""
