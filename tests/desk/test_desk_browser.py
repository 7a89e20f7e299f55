"""The morning's work at the desk, in a real browser, by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser_stuff import axe_source, browser, press, violations
from desk_stuff import PARK, desk, workspace

__all__ = ["browser"]
COLOURS = ("color-contrast", "link-in-text-block")
ROAD = "老330国道通车\n\n国道昨天通车。\n\n道路两旁种了香樟。\n"


@pytest.fixture
def station(tmp_path: Path) -> Path:
    return workspace(tmp_path / "台", road=ROAD)


def tab_to(page, selector: str) -> None:
    """Go on with the Tab key until the focus is there."""
    for _ in range(200):
        press(page, "Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def clean(page, axe: str, within: str = "html") -> None:
    assert violations(page, axe, within=within) == []
    for look in ({"color_scheme": "dark"}, {"forced_colors": "active"}, {}):
        page.emulate_media(**({"color_scheme": "light", "forced_colors": "none"} | look))
        assert violations(page, axe, *COLOURS, within=within) == []


def done(page, words: str) -> None:
    page.locator("#job", has_text=words).wait_for()


def test_a_morning_at_the_desk(station, browser):
    axe = axe_source()
    with desk(station) as at, browser.new_context() as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.goto(at.url)
        assert "token" not in page.url
        clean(page, axe)

        # Paste an article
        tab_to(page, "textarea[name=text]")
        page.keyboard.insert_text(PARK)
        tab_to(page, "form[data-form=paste] button")
        press(page, "Enter")
        page.wait_for_url(re.compile("/script/"))
        slug = "花街镇建成九个公园"
        script = station / "scripts" / f"{slug}.md"
        clean(page, axe)

        # Correct a reading, hear it
        row = page.locator(".line", has_text="重建了五个")
        while not row.evaluate("each => each === document.activeElement"):
            press(page, "j")
        press(page, "e")
        page.wait_for_selector("#editor[open]")
        clean(page, axe, "dialog")
        word = page.locator("#words button").first
        while not word.evaluate("each => each === document.activeElement"):
            press(page, "Shift+Tab")
        press(page, "Enter")
        tab_to(page, "#typed")
        press(page, "Control+a")
        page.keyboard.type("chóng jiàn")
        tab_to(page, "#word-hear")
        with page.expect_response(re.compile("/word/")) as heard:
            press(page, "Enter")
        assert heard.value.status in (200, 206)
        tab_to(page, "#word-save")
        press(page, "Enter")
        page.wait_for_selector("#editor:not([open])", state="attached")
        page.wait_for_selector("ins.reading, mark.reading")
        assert "{重建|chóng jiàn}" in script.read_text("utf-8")
        assert page.evaluate("document.activeElement.textContent").count("重建")
        with page.expect_response(re.compile("/hear/")) as heard:
            press(page, "p")
        assert heard.value.status in (200, 206)

        # Silence the caption; take it back; do it again
        for _ in range(30):
            if "公园一角" in page.evaluate("document.activeElement.textContent"):
                break
            press(page, "k")
        press(page, "e")
        page.wait_for_selector("#editor[open]")
        tab_to(page, "[data-act=silence]")
        press(page, "Enter")
        page.wait_for_selector("#editor:not([open])", state="attached")
        page.wait_for_selector(".line.caption p.none")
        assert "{图为花街镇的公园一角。|}" in script.read_text("utf-8")
        press(page, "u")
        page.wait_for_selector(".line.caption .s p.t")
        press(page, "Shift+U")
        page.wait_for_selector(".line.caption .s p.none")

        # Make, listen, withdraw, restore, sign
        tab_to(page, "[data-do=make]")
        press(page, "Enter")
        done(page, "做好了")
        page.wait_for_selector("[data-do=withdraw]")
        assert "已发布" in page.inner_text(".bench .state")
        listen = page.get_attribute("a[href^='/site/']", "href")
        with context.new_page() as player:
            player.goto(at.home + listen)
            player.click(".chapter >> nth=1")
            player.wait_for_function("document.getElementById('audio').currentTime > 1")
        for name in ("withdraw", "restore"):
            tab_to(page, f"[data-do={name}]")
            press(page, "Enter")
            page.wait_for_selector(f"[data-do={'restore' if name == 'withdraw' else 'withdraw'}]")
        tab_to(page, "summary:has(+ [data-form=sign])")
        press(page, "Enter")
        tab_to(page, "[data-form=sign] [name=name]")
        page.keyboard.type("王编辑")
        press(page, "Enter")
        page.wait_for_selector(".sign td:text('王编辑')")
        with context.new_page() as printed:
            printed.goto(f"{at.home}/print/{slug}")
            assert "王编辑" in printed.inner_text(".sign")
        clean(page, axe)
        assert faults == []


def test_a_rundown_at_the_desk(station, browser):
    axe = axe_source()
    for name in ("park", "rain"):
        text = PARK if name == "park" else "明天有雨\n\n气象台说，明天有雨。\n"
        (station / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    with desk(station) as at, browser.new_context() as context:
        page = context.new_page()
        page.goto(at.url)
        for name in ("rain", "park", "road"):
            tab_to(page, f"[data-slug={name}] [data-pick]")
            press(page, "Enter")
        tab_to(page, "#order li:nth-child(3) button")  # up
        press(page, "Enter")
        tab_to(page, "[data-form=rundown] [name=name]")
        press(page, "Control+a")
        page.keyboard.type("2026-12-01")
        clean(page, axe)
        press(page, "Enter")
        page.wait_for_url(re.compile("/script/2026-12-01"))
        tab_to(page, "[data-do=make]")
        press(page, "Enter")
        done(page, "做好了")
        order = (station / "seeds" / "2026-12-01.rundown").read_text("utf-8").split()
        assert order == ["seeds/rain.txt", "seeds/road.txt", "seeds/park.txt"]
        titles = [each.inner_text() for each in page.locator(".line.head h2").all()]
        assert titles[1:] == ["明天有雨", "老330国道通车", "花街镇建成九个公园"]
        assert (station / "output" / "2026-12-01" / "2026-12-01.mp3").is_file()


@pytest.mark.parametrize(("width", "size"), [(320, 16), (1280, 32)])
def test_it_is_readable_on_a_phone_and_at_twice_the_size(station, browser, width, size):
    with desk(station) as at, browser.new_context(viewport={"width": width, "height": 800}) as tab:
        at.do("draft", slug="road")
        page = tab.new_page()
        page.goto(at.url)
        for where in ("/", "/script/road"):
            page.goto(at.home + where)
            page.add_init_script("")
            page.evaluate("s => { document.documentElement.style.fontSize = `${s}px`; }", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
