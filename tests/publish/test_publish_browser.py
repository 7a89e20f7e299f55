"""The site in a real browser, driven as a reader drives it: by keyboard, without a mouse."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import threading
from dataclasses import replace

import pytest
from browser_stuff import axe_source, browser, invalid, press, violations
from page_stuff import HOSTILE, SITE, bulletin, job, signpost
from publish_stuff import line, picture

from bobao.model import Product
from bobao.publish.layout import plain_text, summary
from bobao.publish.outputs import Listing, Neighbour
from bobao.publish.page import bulletin_page, embed_page, index_page, transcript

__all__ = ["browser"]

DESK, PHONE = (1280, 800), (320, 640)
COLOURS = ("color-contrast", "link-in-text-block")
NOW = "document.getElementById('audio').currentTime"
PAUSED = "document.getElementById('audio').paused"
SPOKEN = "document.querySelector('.s[aria-current]')?.textContent ?? ''"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site as it is published, with real sound of just the right length."""
    from imageio_ffmpeg import get_ffmpeg_exe

    root = tmp_path_factory.mktemp("site")
    made = bulletin()
    folder = root / "yangli"
    folder.mkdir()
    tone = f"sine=220:r=24000:d={made.duration_ms / 1000}"
    made_by = [get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", tone, "-b:a", "32k"]
    subprocess.run([*made_by, str(folder / "yangli.mp3")], check=True)
    (folder / "cover.png").write_bytes(picture(1))
    (root / "cover.png").write_bytes(picture(1))
    (root / "feed.xml").write_text("<rss/>")
    (folder / "transcript.html").write_text(transcript(job()), "utf-8")
    (folder / "yangli.txt").write_text(plain_text(made), "utf-8")
    beside = (Product("transcript.html", 1, ""), Product("yangli.txt", 1, ""))
    older = Neighbour("上一篇", "../index.html")
    page = job(made, beside=beside)
    page = replace(page, slot=replace(page.slot, older=older))
    (folder / "index.html").write_text(bulletin_page(page), "utf-8")
    (folder / "embed.html").write_text(embed_page(page), "utf-8")
    entries = [
        listing(made),
        *(Listing("yangli/index.html", f"第{n}期", f"{2026 - n}-03-0{n}") for n in (1, 2, 3)),
    ]
    (root / "index.html").write_text(index_page(SITE, entries), "utf-8")
    return root


def listing(made, path="yangli/index.html") -> Listing:
    """The bulletin in the station's list."""
    head = made.header
    return Listing(
        path,
        head.title,
        head.date,
        made.duration_ms,
        len(made.chapters),
        summary(made),
        "yangli/cover.png",
        "yangli/yangli.mp3",
    )


@pytest.fixture
def visit(browser, site):
    """Open a page of the site; whatever goes wrong on it fails the test."""
    opened, wrong = [], []

    def go(path="yangli/index.html", *, size=DESK, before="", base="", **look):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **look)
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: requests.append(asked.url))
        requests = page.requests = []
        if before:
            page.add_init_script(before)
        page.goto(f"{base or site.as_uri()}/{path}")
        return page

    yield go
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def loopback(site):
    """The site over HTTP."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def tab_to(page, selector: str) -> None:
    """Go there as a keyboard user does."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement?.matches({selector!r}) ?? false"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def until(page, condition: str) -> None:
    """Wait for it. (Playwright's own waiting is forbidden by the page's policy: it uses `eval`.)"""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {condition}")


def near(page, seconds: float, by: float = 1.5) -> bool:
    until(page, f"Math.abs({NOW} - {seconds}) < {by}")
    return True


def at(page, seconds: float) -> None:
    """Put the player somewhere by a deep link."""
    page.evaluate(f"location.hash = '#t={seconds}'")
    near(page, seconds, 0.2)


def test_a_listener_plays_seeks_and_changes_chapters_by_keyboard_alone(visit):
    page = visit()
    assert page.evaluate(PAUSED)
    tab_to(page, "#play")
    press(page, "Enter")
    until(page, f"!{PAUSED} && {NOW} > 0.3")
    assert page.get_by_role("button", name="暂停").count() == 1
    press(page, " ")
    until(page, PAUSED)
    at(page, 5)
    tab_to(page, "#forward")
    press(page, "Enter")
    assert near(page, 15, 0.2)
    press(page, "Shift+Tab", "Shift+Tab", "Enter")
    assert near(page, 5, 0.2)
    tab_to(page, "#seek")
    press(page, "ArrowRight", "ArrowRight", "ArrowLeft")
    assert near(page, 10, 0.2)
    assert page.get_attribute("#seek", "aria-valuetext") == "10 秒，共 40 秒，开场"
    tab_to(page, "#next")
    press(page, "Enter")
    assert near(page, 17.42)
    until(page, f"!{PAUSED}")
    press(page, "Enter")
    assert near(page, 30)
    assert page.inner_text("#status") == "各村产值"
    tab_to(page, ".chapter[data-chapter='2']")
    press(page, "Enter")
    assert near(page, 17.42)
    current = page.get_attribute(".chapter[data-chapter='2']", "aria-current")
    assert current == "location"
    tab_to(page, "#rate")
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.5


def test_any_sentence_is_heard_from_its_start_by_enter_or_a_click(visit):
    page = visit()
    tab_to(page, ".text .s")
    assert page.locator(".s[tabindex='0']").count() == 1
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "这里有全市体量最大的小微园，"
    assert page.evaluate("document.activeElement.role") == "button"
    press(page, "Enter")
    until(page, f"!{PAUSED}")
    assert near(page, 7.3)
    assert page.evaluate(SPOKEN) == "这里有全市体量最大的小微园，"
    page.get_by_text("村民都说好。").click()
    assert near(page, 21.4)
    page.locator("tr.s").nth(1).click()
    assert near(page, 33.08)
    assert page.evaluate(SPOKEN) == "金杜 三百万"


def test_words_and_sentences_are_marked_within_150_ms_of_being_heard(visit):
    page = visit()
    page.evaluate(
        """() => {
        const audio = document.getElementById("audio");
        const cues = JSON.parse(document.getElementById("timeline").textContent).cues;
        const words = cues.map(([start, , runs]) => {
          let from = 0;
          return Array.from({length: runs.length / 3}, (_, n) => {
            const [size, begin, end] = runs.slice(3 * n, 3 * n + 3);
            from += size;
            return {from: from - size, size, begin: start + begin, end: start + end};
          });
        });
        window.seen = {sentences: [], words: [], late: []};
        const elements = [...document.querySelectorAll(".s")];
        const until = () => {
          const now = audio.currentTime * 1000;
          const here = elements.findIndex((e) => e.hasAttribute("aria-current"));
          const due = cues.findLastIndex(([start]) => start <= now - 150);
          const last = cues.findLastIndex(([start]) => start <= now + 20);
          if (here < due || here > last) seen.late.push(["sentence", now, here]);
          seen.sentences.push(here);
          const range = [...(CSS.highlights.get("word") ?? [])][0];
          const text = range?.toString() ?? "";
          const close = words[here]?.filter((w) => w.begin <= now + 20 && now <= w.end + 400) ?? [];
          const said = close.map((w) => elements[here].textContent.substr(w.from, w.size));
          const certain = words[here]?.find((w) => w.begin + 150 <= now && now < w.end);
          if (text && !said.includes(text)) seen.late.push(["word", now, text, said]);
          if (!text && certain) seen.late.push(["no word", now]);
          seen.words.push(text);
          if (!audio.ended) requestAnimationFrame(until);
        };
        audio.addEventListener("play", until, {once: true});
        audio.currentTime = 8.6;
        }"""
    )
    page.click("#play")
    until(page, f"{NOW} > 12.4")
    seen = page.evaluate("seen")
    assert seen["late"] == []
    assert set(seen["sentences"]) >= {3, 4, 5}
    assert {"4.07亿元", "98%"} <= set(seen["words"])


def test_a_browser_without_highlights_marks_the_word_all_the_same(visit):
    page = visit(before="delete CSS.highlights; delete window.Highlight")
    at(page, 9.9)
    assert page.inner_text(".word") == "4.07亿元"
    at(page, 12.2)
    assert page.evaluate(SPOKEN) == "The quick brown fox 跑了过来。"
    at(page, 20)
    assert page.inner_text(".word") == "街镇"
    assert page.locator(".word").count() == 1
    at(page, 21.5)
    sentences = [e.text_content() for e in page.locator(".s").all()]
    assert "今年，花街镇突破原有模式。" in sentences


def test_links_into_a_bulletin_lead_there_and_start_nothing(visit):
    page = visit("yangli/index.html#t=21.5")
    assert near(page, 21.5, 0.2)
    assert page.evaluate(SPOKEN) == "村民都说好。"
    page = visit("yangli/index.html#chapter-3")
    assert near(page, 30, 0.2)
    assert page.evaluate(PAUSED)
    page.evaluate("location.hash = '#t=0:20'")
    assert near(page, 20, 0.2)
    for nonsense in ("#t=99999", "#t=-1", "#t=%", "#chapter-99", "#chapter-0", "#<script>"):
        page.evaluate(f"location.hash = {nonsense!r}")
        page.wait_for_timeout(20)
    assert page.evaluate(PAUSED)


def test_the_place_is_kept_and_what_was_chosen_too(visit):
    page = visit()
    at(page, 22)
    page.click("#open-settings")
    page.get_by_label("特大").check(force=True)
    page.get_by_label("高对比").check(force=True)
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "open-settings"
    page.select_option("#rate", "1.2")
    page.goto(page.url.split("#")[0])
    assert near(page, 22, 0.2)
    assert page.evaluate(PAUSED)
    assert page.evaluate("scrollY") == 0
    assert "已回到上次听到的 0:22" in page.inner_text("#note")
    assert page.evaluate("({...document.documentElement.dataset})") == {
        "size": "3",
        "contrast": "more",
    }
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.2
    page.click("#restart")
    until(page, f"{NOW} < 2 && !{PAUSED}")


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})",
        "localStorage.setItem('bobao:settings', '[1'); localStorage.setItem('bobao:at:yangli', '{}')",
        """localStorage.setItem('bobao:settings', '{"size":"9","rate":"99","volume":"x"}');
        localStorage.setItem('bobao:at:yangli', '1e9')""",
    ],
)
def test_storage_that_is_forbidden_or_full_of_nonsense_does_no_harm(visit, storage):
    page = visit(before=storage)
    page.click("#play")
    until(page, f"{NOW} > 0.2")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1


def test_single_keys_do_what_the_page_says_and_can_be_turned_off(visit):
    page = visit()
    press(page, "?")
    said = [key.inner_text() for key in page.locator(".keymap kbd").all()]
    assert sorted(said) == sorted("KJLPN,.-=MG?")
    press(page, "Escape", "k")
    until(page, f"!{PAUSED}")
    press(page, "k")
    until(page, PAUSED)
    at(page, 12)
    press(page, "l")
    assert near(page, 22, 0.2)
    press(page, "j", "n")
    assert near(page, 17.42)
    press(page, "p")
    assert near(page, 0)
    press(page, ".", "-", "m")
    state = "(a => [a.playbackRate, a.volume, a.muted])(document.getElementById('audio'))"
    assert page.evaluate(state) == [1.1, 0.9, True]
    press(page, "m", ",", "=", "k")
    assert page.evaluate(state) == [1, 1, False]
    until(page, PAUSED)
    page.click("#open-settings")
    page.get_by_label("单键快捷键").uncheck()
    press(page, "Escape", "k", "n", "m", "?")
    assert page.evaluate(PAUSED)
    assert page.locator("dialog[open]").count() == 0
    assert page.get_attribute("#play", "aria-keyshortcuts") is None
    assert page.evaluate("document.getElementById('audio').muted") is False


def test_the_text_follows_until_the_reader_scrolls(visit):
    page = visit(size=(400, 500), reduced_motion="reduce")
    at(page, 21.5)
    page.click("#play")
    assert page.locator(".s[aria-current]").is_visible()
    assert page.locator("#here").is_hidden()
    page.mouse.move(200, 100)
    page.mouse.wheel(0, -2000)
    page.locator("#here").wait_for(state="visible")
    until(page, "scrollY === 0")
    until(page, f"{NOW} > 24")  # another sentence has begun
    assert page.evaluate("scrollY") == 0
    page.click("#here")
    until(page, "scrollY > 100")
    assert page.locator("#here").is_hidden()


def test_the_sleep_timer_stops_at_the_end_of_the_chapter(visit):
    page = visit()
    at(page, 16.3)
    page.click("#more")
    page.select_option("#sleep", "chapter")
    page.click("#play")
    until(page, f"{PAUSED} && {NOW} > 17")
    assert page.evaluate(NOW) < 17.6


def test_nothing_is_announced_while_it_plays(visit):
    page = visit()
    page.evaluate(
        """() => {
        window.told = [];
        new MutationObserver(() => told.push(document.getElementById("status").textContent)).observe(
          document.getElementById("status"), {childList: true, characterData: true, subtree: true});
        }"""
    )
    assert page.locator("[aria-live], [role=alert], [role=status]").count() == 1
    at(page, 16.5)
    page.click("#play")
    until(page, f"{NOW} > 18")
    assert page.evaluate("told") == []


def test_without_script_there_are_sound_chapters_and_text(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("audio[controls]").is_visible()
    assert page.locator(".dock, .tools, .hint").locator("visible=true").count() == 0
    assert page.get_by_text("今年，花街镇突破原有模式。").is_visible()
    href = page.get_attribute(".chapter[data-chapter='2']", "href")
    assert href == "yangli.mp3#t=17.42,30"


def test_over_http_nothing_is_asked_of_anyone_else(visit, loopback):
    for path in ("index.html", "yangli/index.html", "yangli/transcript.html"):
        page = visit(path, base=loopback)
        assert page.requests
        assert all(url.startswith((loopback, "data:")) for url in page.requests)
        if path == "yangli/index.html":
            page.click("#play")
            until(page, f"{NOW} > 0.2")
            media = page.evaluate("navigator.mediaSession.metadata.title")
            assert media == "开场"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_stop_of_tab_is_named_seen_and_not_covered(visit, size):
    page = visit(size=size)
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        stop = page.evaluate(
            """() => {
            const here = document.activeElement;
            if (here === document.body) return null;
            const box = here.getBoundingClientRect();
            const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 12)];
            const top = document.elementFromPoint(x, y);
            return {
              id: here.id || here.className || here.tagName,
              name: (here.ariaLabel || here.labels?.[0]?.textContent || here.textContent).trim(),
              seen: top === here || here.contains(top) || top?.contains(here) === true,
              ring: getComputedStyle(here).outlineStyle !== "none" || here.matches(".seek input"),
              size: Math.min(box.width, box.height),
              inline: here.matches(".s"),
            };
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 20
    assert [stop for stop in stops if not (stop["name"] and stop["seen"] and stop["ring"])] == []
    assert [
        s
        for s in stops
        if s["size"] < 44 and not s["inline"] and s["id"] not in ("follow", "scroll")
    ] == []


@pytest.mark.parametrize("path", ["index.html", "yangli/index.html", "yangli/transcript.html"])
def test_a_narrow_window_never_scrolls_sideways(visit, path):
    for look in ({}, {"size": "4"}):
        page = visit(path, size=PHONE, before=chosen(look))
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide == 320, f"{wide} px with {look}"
    spaced = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }"""
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
        "document.adoptedStyleSheets = [s]; }",
        spaced,
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_small_player_in_another_page(visit, site, tmp_path):
    axe = axe_source()
    (tmp_path / "other.html").write_text(
        f'<!doctype html><html lang="zh"><title>别的网站</title><main><h1>别的</h1>'
        f'<iframe src="{site.as_uri()}/yangli/embed.html" title="播放器" width="280" height="320">'
        "</iframe></main></html>",
        "utf-8",
    )
    page = visit("other.html", base=tmp_path.as_uri())
    frame = page.frames[1]
    frame.select_option("#chapter", index=1)
    frame.wait_for_function("!document.getElementById('audio').paused")
    start = int(frame.eval_on_selector("#chapter", "each => each.value")) / 1000
    frame.wait_for_function(f"document.getElementById('audio').currentTime >= {start}")
    before = frame.evaluate(NOW)
    frame.click("#back")
    frame.wait_for_function(f"{NOW} < {before} - 5 || {NOW} < 2")
    assert frame.evaluate("document.documentElement.scrollWidth") <= 280
    alone = visit("yangli/embed.html", size=(280, 400), reduced_motion="reduce")
    assert violations(alone, axe) == []
    alone.emulate_media(color_scheme="dark")
    assert violations(alone, axe, *COLOURS) == []


def test_signposts_are_folded_and_found_by_keyboard(visit, site):
    posts = [signpost(f"第{n}句提示。") for n in "一二三四"]
    made = bulletin([[line("标题。")], posts, [line("第一句。"), line("第二句。")]])
    (site / "yangli" / "fold.html").write_text(bulletin_page(job(made)), "utf-8")
    page = visit("yangli/fold.html")
    fold = page.locator("details.fold")
    assert fold.get_attribute("open") is None
    assert fold.locator("summary").inner_text() == "播音提示，4 句"
    page.locator(".s", has_text="第二句。").focus()
    press(page, "ArrowUp", "ArrowUp")
    assert fold.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.textContent") == "第四句提示。"


def test_the_list_plays_and_the_address_is_copied(visit, site):
    page = visit("index.html")
    button = page.locator("[data-play]").first
    button.click()
    page.wait_for_function("!document.getElementById('audio').paused")
    assert button.get_attribute("aria-pressed") == "true"
    assert button.inner_text().startswith("暂停")
    button.click()
    page.wait_for_function("document.getElementById('audio').paused")
    assert button.inner_text().startswith("播放")


@pytest.mark.parametrize(
    "path",
    ["yangli/index.html", "index.html", "yangli/transcript.html"],
)
def test_axe_finds_nothing(visit, path):
    """Every rule in both widths; once more what depends on colours in every other look."""
    axe = axe_source()
    page = visit(path, size=PHONE, reduced_motion="reduce")
    if path == "yangli/index.html":
        at(page, 9.9)
        page.click("#more")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    assert violations(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, axe, *COLOURS) == []
    page.emulate_media(contrast="more")
    assert violations(page, axe, *COLOURS) == []
    page.emulate_media(color_scheme="light")
    assert violations(page, axe, *COLOURS) == []


def test_axe_finds_nothing_in_the_sheets(visit):
    axe = axe_source()
    page = visit(size=PHONE, before=chosen({"contrast": "more", "theme": "dark", "size": "4"}))
    for sheet in ("settings", "keys"):
        page.click(f"#open-{sheet}")
        assert violations(page, axe, within="dialog[open]") == []
        press(page, "Escape")


def chosen(look: dict) -> str:
    return f"localStorage.setItem('bobao:settings', {json.dumps(json.dumps(look))})"


def test_the_markup_is_valid(site, tmp_path):
    hostile = bulletin(
        [[line(HOSTILE)], [line(HOSTILE)]], [[line(HOSTILE)], [line("完。")]], date=HOSTILE
    )
    paths = [tmp_path / name for name in ("page.html", "index.html", "transcript.html")]
    names = replace(SITE, name=HOSTILE)
    texts = (
        bulletin_page(job(hostile, names)),
        index_page(names, [listing(hostile, HOSTILE)] * 3),
        transcript(job(hostile, names)),
    )
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    assert invalid([*sorted(site.rglob("*.html")), *paths]) == ""
