"""The page: whole, safe, still, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from proof_stuff import proof, script

from bobao.desk import Playable, examine, render
from bobao.desk.proof import Doubts
from bobao.desk.render import visible
from bobao.model import Line, LineKind, Script, Section, Span

VOID = {"meta", "input", "br"}


def page(made):
    return html.fromstring(render(made))


def texts(tree, column: str) -> list[str]:
    """What each line shows in a column, pinyin left out; empty where it says there is nothing."""
    found = []
    for line in lines(tree):
        cell = line.xpath(f"./div[@class='{column}']")[0]
        shown = cell.xpath(".//*[contains(concat(' ', @class, ' '), ' t ')]")
        found.append("".join(shown[0].xpath(".//text()[not(ancestor::rt)]")) if shown else "")
    return found


def lines(tree):
    return tree.xpath("//*[contains(concat(' ', @class, ' '), ' line ')]")


def test_the_page_of_everything_stays_as_it_is(golden):
    golden("everything.html", render(proof()))


def test_hostile_text_is_only_text():
    made = render(proof())
    tree = html.fromstring(made)
    assert len(tree.xpath("//script")) == 1
    assert "alert" not in tree.xpath("//script")[0].text
    assert not tree.xpath("//*[@onerror or @onclick or @onload or @style]")
    assert "\u202e" not in made
    assert "\x00" not in made
    assert "<script>alert('&\"')</script>U+202EU+0000" in texts(tree, "w")


def test_nothing_is_fetched_and_the_policy_allows_just_what_is_there():
    tree = page(proof())
    assert not tree.xpath("//link | //img | //iframe | //object | //embed | //base | //form")
    sources = [audio.get("src") for audio in tree.xpath("//audio")]
    assert sources == ["../audio/takes/ab/ab12.flac"]
    assert all(href.startswith("#") for href in tree.xpath("//a/@href"))
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        inside = tree.xpath(f"//{tag}")[0].text
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    style = tree.xpath("//style")[0].text
    assert "url(" not in style
    assert "@import" not in style


def test_links_lead_somewhere_and_ids_are_single():
    tree = page(proof())
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in tree.xpath("//a/@href")} <= set(ids)


def test_every_control_has_a_name():
    tree = page(proof())
    for control in tree.xpath("//input"):
        assert control.getparent().tag == "label"
        assert control.getparent().text_content().strip()
    for button in tree.xpath("//button | //audio"):
        assert (button.get("aria-label") or button.text_content()).strip()
    heads = [int(tag.tag[1]) for tag in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert heads[0] == 1
    assert heads.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(heads))


def test_the_markup_is_well_formed():
    """Every element is closed where it must be: the page parses as XML once the void ones are."""
    made = render(proof())
    made = re.sub(r"<(style|script)>.*?</\1>", "", made, flags=re.DOTALL)
    made = made.removeprefix("<!doctype html>")
    made = re.sub(rf"<({'|'.join(VOID)})\b([^>]*)>", r"<\1\2/>", made)
    made = re.sub(r" (hidden|checked|controls)(?=[ />])", r' \1=""', made)
    from lxml import etree

    tree = etree.fromstring(made)
    assert not tree.xpath("//p//p | //p//ul | //p//div | //ol/*[not(self::li)]")
    assert not tree.xpath("//ul/*[not(self::li)] | //ruby[not(rt)]")


def test_a_signed_page_can_be_matched_to_its_script():
    tree = page(proof())
    assert tree.text_content().count("0123 4567 89ab cdef") == 3  # every sheet, the top, the foot
    assert [cell.text for cell in tree.xpath("//table//th[@scope='col']")] == [
        "一校",
        "二校",
        "三校",
    ]


def test_without_sound_or_doubts_nothing_stands_empty():
    quiet = replace(proof(), doubts=Doubts(), stale=False)
    tree = page(quiet)
    assert "没有要定夺的地方" in tree.text_content()
    assert not tree.xpath("//ul[not(li)]")
    assert "尚未录音" in page(examine(script())).text_content()


def test_recordings_stand_at_their_lines():
    made = examine(script(), recordings={4: Playable("../a.flac", 2500)})
    tree = page(made)
    (line,) = tree.xpath("//audio/ancestor::*[@id][1]")
    assert line.get("id") == "l4"
    assert "2.5" in line.text_content()


character = st.one_of(
    st.sampled_from("重花儿一不三，。<>&\"'{}|\\ \t\u202e\u200b\u0000\u3000🙂𪚥é5%"),
    st.characters(exclude_categories=("Cs",)),
)
text = st.text(character, max_size=6)
span = st.one_of(st.builds(lambda t: Span(t, t), text), st.builds(Span, text, text))
line = st.builds(
    lambda spans, kind: Line(tuple(spans), kind),
    st.lists(span, min_size=1, max_size=3),
    st.sampled_from([LineKind.TEXT, LineKind.CAPTION, LineKind.TABLE, LineKind.SIGNPOST]),
)
scripts = st.builds(
    lambda heading, paragraphs: Script(
        script().header, (Section(Line((Span(heading, heading),)), tuple(map(tuple, paragraphs))),)
    ),
    text.filter(str.strip),
    st.lists(st.lists(line, min_size=1, max_size=3), max_size=2),
)


@given(scripts)
@settings(max_examples=40)
def test_every_line_is_on_the_page_once_in_both_forms(made):
    tree = page(examine(made))
    own = list(made.lines())
    # HTML drops a newline right after a tag of preformatted text only; ours have none there
    assert texts(tree, "w") == [visible(line.written) for line in own]
    assert texts(tree, "s") == [visible(line.spoken) for line in own]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("普通，文字。", "普通，文字。"),
        ("a\u202eb", "aU+202Eb"),
        ("\u3000宽", "\u3000宽"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("\ufdd0\U0001ffff", "U+FDD0U+1FFFF"),
    ],
)
def test_hidden_characters_are_shown_by_number(text, shown):
    assert visible(text) == shown
