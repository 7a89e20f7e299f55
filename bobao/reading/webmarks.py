"""What the tags of a web page say of single words, put into the text: see `marks`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bobao.reading.formulas import formula, tex
from bobao.reading.marks import OPEN, beside, lowered, raised, struck
from bobao.reading.webtags import BLOCK

_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_NOTE = re.compile(r"note|cite|\bref|\bfn|脚注|注释", re.IGNORECASE)
_REFERENCE = re.compile(r"noteref|footnote-?ref|\breference\b", re.IGNORECASE)
_NAMES = ("class", "id", "role", "epub:type", "rel", "href")
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_LOWERED = re.compile(r"vertical-align\s*:\s*sub", re.IGNORECASE)
_AS_WRITTEN = ("script", "style", "code", "pre")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGN = re.compile(r"\\[(\[]|\$\$")
_TEX = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]|\$\$([^$]{1,500})\$\$", re.DOTALL)


def typeset(root: Any) -> None:
    """Put what the elements below `root` say by their place or look into their text."""
    for node in [node for node in root.iter() if isinstance(node.tag, str)][::-1]:
        tag = node.tag.rpartition(":")[2].lower()
        made = _made(node, tag)
        if made is not None:
            for part in list(node):
                node.remove(part)
            node.text = _NO_XML.sub(" ", made)
            node.tag = tag if tag in BLOCK else "span"
        elif tag == "q":
            node.text = _NO_XML.sub(" ", f"“{node.text or ''}")
            node.tail = _NO_XML.sub(" ", f"”{node.tail or ''}")
        for place in ("text", "tail") if tag not in _AS_WRITTEN else ():
            if _SIGN.search(text := getattr(node, place) or ""):
                made = _TEX.sub(lambda found: tex(found[1] or found[2] or found[3]), text)
                setattr(node, place, _NO_XML.sub(" ", made))


def plain(fragment: str) -> str:
    """The text of a piece of HTML."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(f"<div>{_NO_XML.sub(' ', fragment)}</div>".encode(), parser)
    typeset(root)
    return _words(root)


def _made(node: Any, tag: str) -> str | None:
    """What the element `node` comes to as text, None where it stays as it is."""
    style = node.get("style") or ""
    made: str | None = None
    if tag == "sup" or (style and _RAISED.search(style)):
        made = raised(_words(node), note=_is_note(node), after=_before(node))
    elif tag == "sub" or (style and _LOWERED.search(style)):
        made = lowered(_words(node))
    elif tag == "a" and _REFERENCE.search(_named(node)):
        words = _words(node).strip()
        made = raised(words, note=True) if 0 < len(words) < 8 else None
    elif tag == "ruby":
        made = "".join(_ruby(node))
    elif tag in ("del", "s", "strike") or (style and _STRUCK.search(style)):
        block = any(part.tag in BLOCK for part in node.iterdescendants())
        made = None if block else struck(_words(node))
    elif tag == "math":
        _silence_copies(node)
        made = formula(node) or node.get("alttext") or ""
    return made


def _words(node: Any) -> str:
    return str(node.xpath("string()"))


def _named(node: Any) -> str:
    return " ".join(node.get(name) or "" for name in _NAMES)


def _is_note(node: Any) -> bool:
    """Whether something raised is a link to a note or is named as one."""
    around = [node, *islice(node.iterancestors("a", "sup", "span"), 2)]
    links = [*node.iterdescendants("a"), *(up for up in around if up.tag == "a")]
    to_note = any("#" in (link.get("href") or "") for link in links)
    return to_note or any(_NOTE.search(_named(one)) for one in [*around, *links] if one.tag != "a")


def _before(node: Any) -> str:
    """The text that stands right before `node`."""
    previous = node.getprevious()
    text = node.getparent().text if previous is None else previous.tail or _words(previous)[-1:]
    return text or ""


def _silence_copies(node: Any) -> None:
    """Empty what draws the formula `node` once more, marked as hidden from screen readers."""
    for up in (node, *islice(node.iterancestors(), 3)):
        for copy in (up.getprevious(), up.getnext()):
            if copy is not None and copy.get("aria-hidden") == "true":
                copy.text = None
                for part in list(copy):
                    copy.remove(part)


def _ruby(node: Any) -> Iterator[str]:
    """Bases with what stands beside them, pair by pair where there are as many of both."""
    bases: list[str] = []
    small: list[str] = []
    for kind, text in [*_ruby_parts(node), ("", "")]:
        if kind == "base" and not text.strip():
            continue
        if kind in ("base", "") and small:
            if len(bases) == len(small):
                yield from map(_beside, bases, small)
            else:
                yield _beside("".join(bases), " ".join(small))
            bases, small = [], []
        if kind:
            (bases if kind == "base" else small).append(text.strip())
    yield "".join(bases)


def _beside(base: str, small: str) -> str:
    if OPEN in base:  # ruby on both sides: the inner one is the nearer
        return f"{base}（{small}）"
    return beside(base, small)


def _ruby_parts(node: Any, kind: str = "base") -> Iterator[tuple[str, str]]:
    """The texts in a ruby element, and what each is; what only stands in for it is left out."""
    own = {"rt": "rt", "rtc": "rt", "rb": "base", "rp": "rp"}.get(node.tag, kind)
    if own != "rp" and node.text:
        yield own, node.text
    for part in node:
        if isinstance(part.tag, str):
            yield from _ruby_parts(part, own)
        if part.tail and own != "rp":
            yield own, part.tail
