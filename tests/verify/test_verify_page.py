"""The report as a page: all of it there, nothing in it that could do harm, fit for everyone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from browser_stuff import axe_source, browser, invalid, violations
from lxml import html

from bobao.model import Bulletin, Chapter, Cue, Header, Line, Span
from bobao.verify.checks.table import CHECKS
from bobao.verify.evidence import Finding, Where
from bobao.verify.hearing.verdicts import SentenceVerdict
from bobao.verify.page import CHINESE, ENGLISH, LONGEST, MOST, phrase, render
from bobao.verify.verify import Report, plain

__all__ = ["browser"]

HOSTILE = "</style><script>alert(1)</script> {slug} {{7*7}} \u202e\x1b[31m"
LINE = Line((Span("一", "一"),))


def report(*findings: Finding, heard: tuple[SentenceVerdict, ...] | None = None) -> Report:
    bulletin = Bulletin(
        Header("park", f"九个公园{HOSTILE}"),
        (Chapter(1, "开场", 0, 9000, (Cue(0, 900, LINE, take="k"),)),),
        9000,
        "tone",
        "1",
        "tone",
    )
    return Report(bulletin, findings, -19.04, "scripts/park.md", heard)


FOUND = Finding(
    "script.changed", Where(61_540, 7), {"old": HOSTILE, "new": "一" * 100}, check="script"
)
LOST = Finding("files.missing", Where(file="output/park/a'b.mp3"), check="files")
HEARD = (SentenceVerdict(0, 1, 0.5, "一二", 2, 1, "", "医耳"),)


def test_a_page_without_findings():
    page = html.fromstring(render(report(), "../output/park/park.mp3"))
    assert "全部通过" in page.text_content()
    assert not page.findall(".//li")
    assert len(page.findall(".//tbody/tr")) == len(CHECKS) - 1  # nobody listened


def test_a_page_tells_what_where_and_what_to_do():
    page = html.fromstring(render(report(FOUND, LOST, heard=HEARD), "../output/花街/花街.mp3"))
    text = page.text_content()
    assert "有 2 处问题" in text
    assert "scripts/park.md 第 7 行" in text
    assert "bobao voice park" in text
    links = [a.get("href") for a in page.iterfind(".//a")]
    assert "../output/%E8%8A%B1%E8%A1%97/%E8%8A%B1%E8%A1%97.mp3#t=61.5" in links
    assert "医耳" in text
    for link in links:
        if link.startswith("#"):
            assert page.get_element_by_id(link[1:]) is not None


def test_a_page_does_no_harm():
    made = render(report(FOUND, LOST, heard=HEARD), "a.mp3")
    page = html.fromstring(made)
    assert not page.findall(".//script")
    assert "\u202e" not in made
    assert "\x1b" not in made
    assert "U+202E" in made
    assert "http:" not in made.replace("http-equiv", "")
    assert "https:" not in made
    assert "49" not in page.text_content()


def test_a_page_stops_where_nobody_reads_on():
    page = html.fromstring(render(report(*itertools.repeat(LOST, MOST + 5)), "a.mp3"))
    assert len(page.findall(".//li")) == MOST + 1
    assert "还有 5 处" in page.text_content()


def test_texts_are_shortened_and_never_filled_in():
    for language in (ENGLISH, CHINESE):
        what, advice = phrase(FOUND, "park", language)
        assert "一" * LONGEST + "…" in what
        assert "{slug}" in what  # that of the text; ours is in the advice
        assert "bobao mix park" in advice


def test_plain_data_tells_everything():
    told = plain(report(FOUND, heard=HEARD))
    (found,) = told["findings"]
    assert found["values"]["new"] == "一" * 100
    assert (found["time_ms"], found["line"], found["file"]) == (61_540, 7, "scripts/park.md")
    assert told["heard"]["error"] == 0.5


def test_the_page_is_valid_and_accessible(browser, tmp_path: Path):
    path = tmp_path / "verify.html"
    path.write_text(render(report(FOUND, LOST, heard=HEARD), "a.mp3"), "utf-8")
    assert invalid([path]) == ""
    axe = axe_source()
    for scheme, width in itertools.product(("light", "dark"), (320, 1280)):
        page = browser.new_page(
            color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
        )
        page.goto(path.as_uri())
        assert violations(page, axe) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_obeys_its_own_policy(browser, tmp_path: Path, scheme: str):
    path = tmp_path / "verify.html"
    path.write_text(render(report(FOUND), "a.mp3"), "utf-8")
    page = browser.new_page(color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    assert said == []
    size = page.evaluate("getComputedStyle(document.querySelector('.verdict')).fontWeight")
    assert size == "700"  # so its style sheet was let in
    page.close()
