"""Documents whose blocks are known: our own, set in many ways, and those of the shared sets.

Our own are the cases and the newsroom's articles of `tests/reading`. Where the folder ``shared``
lies beside the repository, its labelled articles and real documents are added; they are not ours
and stay there. `labels.tsv` has the labels of real pages that are not ours either: those found in
the folder ``pages`` beside the repository, whatever their names, are added. ``bobao read --answers``
adds a row to such a table.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "reading"))

import reading_render as setting  # noqa: E402

from bobao.reading.answers import digits_of  # noqa: E402
from bobao.reading.formats import source_of  # noqa: E402
from bobao.reading.read import laid  # noqa: E402

SHARED = ROOT.parent / "shared" / "bench"
PAGES = ROOT.parent / "pages"
LABELS = Path(__file__).with_name("labels.tsv")
NEWSROOM = ROOT / "tests" / "reading" / "newsroom"
_MORE = (
    setting.Style("blank", cut=0.4, commas=True),
    setting.Style("blank", cut=0.3, commas=True, half=True, picture=2),
    setting.Style("blank", cut=0.5, commas=True, inside=True),
    setting.Style("blank", cut=0.5, inside=True, picture=3),
    setting.Style("blank", title=True),
    setting.Style("lines", title=True),
    setting.Style("lines", title=True, indent=True),
)
"""Ways of setting that are for learning alone."""
_PRINTED = (
    setting.Style("blank"),
    setting.Style("blank", title=True),
    setting.Style("lines", indent=True),
    setting.Style("lines"),
)
"""Ways of setting in which more is printed above and below the text."""
_ACCOUNT = setting.Style("html", template="account")
"""A page on which each sentence may be a paragraph."""
_AGAIN = [setting.STYLES[n] for n in (0, 1, 2, 5, 6, 7, 10, 13, 14, 15, 18)]
"""The ways in which articles that are already set somehow are set again."""
_LETTERS = {kind: letter for letter, kind in setting.KINDS.items() if letter != "L"}

_ABOVE = (
    "2024-03-18 09:26　来源：江州日报",
    "本报记者　林晓　通讯员　方青",
    "发布时间：2024年3月18日　作者：江州发布",
    "记者 林晓",
    "江州融媒　2024年3月18日",
    "文/林晓　图/方青",
    "林晓方",
    "陈志远",
    "〔唐〕白居易",
    "作者：方青",
)
_LETTERHEADS = ("江州市人民政府文件", "江州市教育局文件", "江州市人民政府办公室文件")
_ATTACHED: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (),
    (
        ("P", "附件：1. 江州市示范村名单"),
        ("P", "2. 江州市示范村评定办法"),
        ("M", "江州市农业农村局"),
        ("M", "2024年3月18日"),
        ("H", "附件1\n江州市示范村名单"),
        ("L", "1. 石门镇槐树村"),
        ("L", "2. 白沙镇柳河村"),
        ("H", "附件2\n江州市示范村评定办法"),
        (
            "P",
            "示范村每两年评定一次，由各乡镇推荐，市农业农村局组织专家评审，评审结果向社会公示七天。",
        ),
    ),
    (
        ("M", "江州市教育局"),
        ("M", "2024年3月18日"),
        ("H", "附件\n校园安全检查要点"),
        ("P", "各校要检查消防设施、食堂、校车和围墙，每月至少一次，检查情况于当月二十五日前报送。"),
    ),
)
_SALUTED = ("各县（市、区）人民政府，市政府各部门：", "各乡镇人民政府：", "各有关单位：")
_OFFICIAL = 0.25
_BELOW = (
    ("江州市人民政府办公室", "2024年3月18日"),
    ("江州市教育局", "江州市财政局", "二〇二四年三月十八日"),
    ("编辑：林晓", "审核：方青"),
    ("来源：江州日报",),
    ("江州市应急管理局", "2024年3月18日", "抄送：市委办公室，市人大常委会办公室。"),
    ("（作者单位：江州市第一中学）",),
    ("分送：市委办公室，市政协办公室。",),
)


_CREDITS = ("{}（林晓 摄）", "图{n} {}", "图{n}　{}。", "▲{}", "{}。林晓 摄", "图为{}。", "{}")


def _credited(piece: setting.Piece, chance: random.Random) -> setting.Piece:
    """A caption with a number, a mark or a credit."""
    if piece.letter != "C" or piece.text[0] in "▲图" or piece.text[-1] in "）)":
        return piece
    text = piece.text.rstrip("。")
    return setting.Piece("C", chance.choice(_CREDITS).format(text, n=chance.randint(1, 3)))


def _printed(pieces: list[setting.Piece], seed: str) -> list[setting.Piece]:
    """`pieces` with what is printed above and below the text; some as official documents."""
    chance = random.Random(seed)
    at = next(n for n, piece in enumerate(pieces) if piece.letter == "T") + 1
    title, rest = pieces[:at], pieces[at:]
    if chance.random() < _OFFICIAL:
        head = [
            setting.Piece("M", chance.choice(_LETTERHEADS)),
            setting.Piece("M", "江政发〔2024〕12号"),
        ]
        title, rest = [*head, *title], [setting.Piece("P", chance.choice(_SALUTED)), *rest]
        rest += [setting.Piece(*piece) for piece in chance.choice(_ATTACHED)]
    elif not any(piece.letter == "M" for piece in pieces):
        title = [*title, setting.Piece("M", chance.choice(_ABOVE))]
    rest = [_credited(piece, chance) for piece in rest]
    if rest[-1].letter in "PL":
        rest = [*rest, *(setting.Piece("M", line) for line in chance.choice(_BELOW))]
    return [*title, *rest]


_SENTENCE = re.compile(r"[^。！？]+(?:[。！？]+[”’）】]*|$)")
Block = tuple[str, str]
"""The kind of a block and its text."""


@dataclass(frozen=True)
class Document:
    """One document: its bytes, and its blocks in order.

    `name` is that of the text, however it is set: held-out sets are drawn by it. `group` is where
    it comes from, `times` how often it counts. A block of the kind ``skip`` may be anything.
    """

    name: str
    group: str
    file: str
    data: bytes
    blocks: tuple[Block, ...]
    times: int = 1
    gold: Path | None = None  # with alternatives, for the shared scorer


def documents() -> list[Document]:
    """All documents that are here."""
    known = [
        *_newsroom(),
        *_shared("articles/dev", "articles", 6),
        _sample(),
    ]
    again = [other for one in known for other in _set_again(one)]
    return [*_cases(), *known, *again, *_shared("real", "real", 5), *_pages()]


def _sample() -> Document:
    """The sample article, with the blocks of its golden file."""
    seed = ROOT / "seeds" / "huajie-2021.txt"
    golden = ROOT / "tests" / "reading" / "golden" / "huajie-2021.json"
    blocks = json.loads(golden.read_text("utf-8"))["blocks"]
    known = tuple((block["kind"], block["text"]) for block in blocks)
    return Document("seed", "newsroom", seed.name, seed.read_bytes(), known, times=10)


def _cases() -> Iterator[Document]:
    for path in setting.cases():
        pieces = setting.load(path)
        yield from _settings(pieces, path.stem, "cases", setting.STYLES)


def _newsroom() -> Iterator[Document]:
    for path in sorted(NEWSROOM.glob("*.marked")):
        text, blocks = marked(path.read_text("utf-8"))
        yield Document(path.stem, "newsroom", "a.txt", text.encode(), tuple(blocks), times=3)


def marked(table: str) -> tuple[str, list[Block]]:
    """The text of an article whose lines have their kinds in front, and its blocks."""
    text: list[str] = []
    blocks: list[Block] = []
    before = ""
    for row in table.splitlines():
        mark, _, line = row.partition("|")
        text.append(line)
        if mark == "+" or (mark == before and mark in ("T", "R")):
            last = max(n for n, (kind, _) in enumerate(blocks) if kind != "furniture")
            blocks[last] = (blocks[last][0], blocks[last][1] + line)
        elif mark:
            blocks.append((setting.KINDS[mark], line))
        before = mark if mark != "+" else before
    return "\n".join(text) + "\n", blocks


def _shared(folder: str, group: str, times: int) -> list[Document]:
    paths = sorted((SHARED / folder).glob("*.json"))
    return [_document(path, group, times) for path in paths if "blocks" in path.read_text("utf-8")]


def _document(path: Path, group: str, times: int) -> Document:
    gold = json.loads(path.read_text("utf-8"))
    file = path.with_name(gold.get("file", f"{path.stem}.txt"))
    blocks = tuple(("skip" if b.get("neutral") else b["kind"], b["text"]) for b in gold["blocks"])
    return Document(path.stem, group, file.name, file.read_bytes(), blocks, times, path)


def _pages() -> Iterator[Document]:
    """The pages of `labels.tsv` that are here, their blocks put together from their lines."""
    here = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in PAGES.glob("*")}
    for row in LABELS.read_text("utf-8").splitlines():
        digest, name, labels = [*row.split("\t"), "", ""][:3]
        if digest in here:
            data, file = here[digest].read_bytes(), f"a{Path(name).suffix}"
            lines = laid(source_of(data, file).lines).whole
            blocks = tuple(_labelled([line.text for line in lines], labels.split()))
            yield Document(digest[:12], "pages", file, data, blocks, times=3)


def _labelled(lines: Sequence[str], labels: Sequence[str]) -> list[Block]:
    """The blocks of `lines`, whose `labels` are digits of a digest and a letter each."""
    blocks: list[Block] = []
    at = 0
    for line in lines:
        known = [n for n in range(at, len(labels)) if labels[n][:-1] == digits_of(line)][:1]
        if not known:
            continue
        letter, at = labels[known[0]][-1], known[0] + 1
        if letter == "J" and blocks:
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + line)
        elif letter == "K":
            last = max(n for n, (kind, _) in enumerate(blocks) if kind == "paragraph")
            blocks[last] = ("paragraph", blocks[last][1] + line)
        else:
            blocks.append((setting.KINDS[letter], line))
    return blocks


def _set_again(one: Document) -> Iterator[Document]:
    """A document's text in other settings; none for one with a table or without a title."""
    kinds = [kind for kind, _ in one.blocks]
    if "table" in kinds or "title" not in kinds:
        return
    pieces = [setting.Piece(_LETTERS[kind], " ".join(text.split())) for kind, text in one.blocks]
    pieces = [piece for piece in pieces if piece.text]
    yield from _settings(pieces, one.name, "again", _AGAIN)


def _sentences(pieces: Sequence[setting.Piece]) -> list[setting.Piece]:
    """`pieces` with a paragraph for each sentence."""
    return [
        setting.Piece(piece.letter, part)
        for piece in pieces
        for part in (_SENTENCE.findall(piece.text) if _is_prose(piece) else [piece.text])
    ]


def _is_prose(piece: setting.Piece) -> bool:
    return piece.letter == "P" and not re.match(
        r"[\d一二三四五六七八九十第首其再最(（①-⑳]", piece.text
    )


def _settings(
    pieces: list[setting.Piece], name: str, group: str, styles: Sequence[setting.Style]
) -> Iterator[Document]:
    ways = [(style, pieces) for style in (*styles, *_MORE)]
    ways += [(style, _printed(pieces, f"{name} {style}")) for style in _PRINTED]
    ways += [(_ACCOUNT, _sentences(pieces)), (_ACCOUNT, pieces)]
    for style, here in ways:
        data, ending = setting.rendered(here, style, name)
        yield Document(name, group, name + ending, data, tuple(setting.truth(here, style)))
