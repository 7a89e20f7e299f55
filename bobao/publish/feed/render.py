"""A page of a feed as an XML document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bobao.publish.feed.elements import CHANNEL, ITEM, NAMESPACES, Content, Tag
from bobao.publish.feed.text import clean
from bobao.publish.feed.values import Page


def render(page: Page) -> bytes:
    """The page as RSS 2.0 in UTF-8, in the same bytes for the same page."""
    from lxml import etree

    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    channel = etree.SubElement(root, "channel")
    _fill(channel, {name: content(page) for name, content in CHANNEL.items()})
    for item in page.items:
        element = etree.SubElement(channel, "item")
        _fill(element, {name: content(item) for name, content in ITEM.items()})
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data


def qualified(name: str) -> str:
    """A name with its prefix as lxml writes it: ``{http://…}guid``."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def _fill(parent: Any, contents: Mapping[str, Content]) -> None:
    """Give an element its children; those that are empty are left out."""
    for name, content in contents.items():
        for tag in _tags(content):
            element = _element(name, tag)
            if len(element) or element.text or (element.attrib and tag.text is None):
                parent.append(element)


def _element(name: str, tag: Tag) -> Any:
    from lxml import etree

    given = {key: clean(value) for key, value in tag.attributes.items() if value}
    element = etree.Element(qualified(name), given)
    if tag.html:
        element.text = etree.CDATA(tag.html)
    elif tag.text:
        element.text = clean(tag.text)
    _fill(element, tag.children)
    return element


def _tags(content: Content) -> Iterator[Tag]:
    if isinstance(content, str):
        yield Tag(content)
    elif isinstance(content, Tag):
        yield content
    else:
        yield from content
