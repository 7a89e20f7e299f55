"""Rebuilding what a change affects, and pages that reload themselves."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
import time
from contextlib import contextmanager

import pytest
import serve_stuff as stuff
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bobao import pipeline, publish
from bobao.cli import bobao
from bobao.errors import BobaoError
from bobao.publish import Published
from bobao.serve import live
from bobao.serve.live import BULLETIN, SCRIPT, SETTLED_S, Watcher, changes, snapshot
from bobao.serve.reload import EVENTS, allowing, reloading
from bobao.serve.server import is_loopback, serving
from bobao.station.workspace import create

ONE, TWO, THREE, FOUR = ((stamp, stamp) for stamp in range(1, 5))


@pytest.fixture
def workspace(tmp_path):
    made = create(tmp_path / "station")
    for slug in ("aa", "bb"):
        made.script(slug).write_text("script", "utf-8")
        made.bulletin(slug).mkdir()
        (made.bulletin(slug) / "bulletin.json").write_text("{}", "utf-8")
    made.script("cc").write_text("a script without a bulletin", "utf-8")
    (made.site / "index.html").write_text(stuff.PAGE, "utf-8")
    return made


A, EDITED, MIXED, BOTH = ({"a": each} for each in ((ONE, ONE), (TWO, ONE), (ONE, TWO), (TWO, TWO)))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (A, A, {}),
        (A, EDITED, {"a": SCRIPT}),
        (A, MIXED, {"a": BULLETIN}),
        (A, BOTH, {"a": SCRIPT}),
        ({}, A, {"a": BULLETIN}),
        (A, {}, {"a": BULLETIN}),
        ({"b": (ONE, ONE)}, {**A, "b": (TWO, ONE)}, {"a": BULLETIN, "b": SCRIPT}),
    ],
)
def test_changes(before, after, found):
    assert changes(before, after) == found


def test_what_is_looked_at(workspace):
    before = snapshot(workspace)
    assert before.keys() == {"aa", "bb"}
    for path, found in (
        (workspace.script("cc"), {}),
        (workspace.script("aa"), {"aa": SCRIPT}),
        (workspace.article_lexicon("bb"), {"aa": SCRIPT, "bb": SCRIPT}),
    ):
        path.write_text("重\tchóng\n", "utf-8")
        assert changes(before, snapshot(workspace)) == found
    before = snapshot(workspace)
    workspace.lexicon.write_text("弄\tlòng\n", "utf-8")
    assert changes(before, snapshot(workspace)) == {"aa": SCRIPT, "bb": SCRIPT}


def test_what_is_done_once_files_and_time_have_settled():
    now, files = [0.0], {"a": (ONE, ONE)}
    watcher = Watcher(lambda: dict(files), lambda: now[0])

    def after(seconds, *stamps):
        files.update({"a": stamps} if stamps else {})
        now[0] += seconds
        return watcher.poll()

    assert after(9) == {}
    for stamp in range(5, 9):  # an editor that saves, and saves again
        assert after(0.5, (stamp, stamp), ONE) == {}
    assert after(SETTLED_S / 2) == {}
    assert after(SETTLED_S) == {"a": SCRIPT}
    files["a"] = (THREE, TWO)  # mixed by us, and edited meanwhile
    watcher.made(["a", "gone"])
    assert after(0) == {}
    assert after(2) == {"a": SCRIPT}
    files["a"] = (THREE, FOUR)
    watcher.made(["a"])
    assert after(0) == after(2) == {}
    assert after(0.1, ONE, FOUR) == after(0.1, THREE, FOUR) == after(5) == {}  # taken back


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default-src 'none'", "default-src 'none'; script-src S; connect-src 'self'"),
        (
            "default-src 'none'; script-src 'sha256-a'",
            "default-src 'none'; script-src 'sha256-a' S; connect-src 'self'",
        ),
        ("script-src 'none'; img-src *", "script-src S; img-src *"),
        (
            "DEFAULT-SRC 'self'; connect-src x:",
            "default-src 'self'; connect-src x: 'self'; script-src 'self' S",
        ),
        (
            "script-src 'unsafe-inline'; connect-src 'none'",
            "script-src 'unsafe-inline'; connect-src 'self'",
        ),
        ("img-src *", "img-src *"),
        ("", ""),
        (" ; ;", ""),
        ("script-src a:; script-src b:", "script-src a: S"),
    ],
)
def test_policies_are_widened_by_no_more_than_is_needed(policy, expected):
    made = re.sub(r"'sha256-[\w+/]{43}='", "S", allowing(policy, "x()"))
    assert sorted(made.split("; ")) == sorted(expected.split("; "))


def test_the_script_goes_in_before_the_end_and_nothing_else_changes():
    page = stuff.PAGE.encode()
    made = reloading(page, "v1")
    script = re.search(rb"<script>(.*?)</script>", made)
    assert script
    assert made.index(b"</p>") < script.start() < made.rindex(b"</body>")
    rest = made.replace(script[0], b"")
    assert re.sub(rb'content="[^"]*"', b"", rest) == re.sub(rb'content="[^"]*"', b"", page)
    assert b"sha256-x" in rest
    assert rest.count(b"sha256-") == 2


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"",
            b"</body>",
            b"</BODY >",
            b"<meta http-equiv=content-security-policy content='default-src *'>",
        ]
    ),
)
def test_any_page_takes_it(data, more):
    made = reloading(data + more + data, "v")
    assert made.count(b"new EventSource") == (data + data).count(b"new EventSource") + 1


def test_pages_are_served_with_the_script_and_files_are_not_touched(tmp_path):
    site = stuff.make_site(tmp_path)
    with stuff.running(site, "v1") as made:
        page = made.ask("/")
        assert b'!=="v1"' in page.body
        assert int(page.headers["Content-Length"]) == len(page.body)
        assert page.headers["Cache-Control"] == "no-store"
        made.site.version = "v2"
        assert b'!=="v2"' in made.ask("/", If_None_Match="*").body
        assert b"EventSource" not in made.ask("/feed.xml").body
    assert (site / "index.html").read_text("utf-8") == stuff.PAGE
    with stuff.running(site) as made:
        assert made.ask("/").body == stuff.PAGE.encode()
        assert made.ask(EVENTS).status == 404


def test_open_pages_are_told_of_each_version(tmp_path):
    with stuff.running(stuff.make_site(tmp_path), "v1") as made:
        line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=20)
        line.request("GET", EVENTS)
        reply = line.getresponse()
        assert reply.headers["Content-Type"] == "text/event-stream"
        assert [reply.readline() for _ in range(3)] == [b"retry: 1000\n", b"data: v1\n", b"\n"]
        made.loop.call_soon_threadsafe(made.site.renew, "v2")
        assert [reply.readline() for _ in range(2)] == [b"data: v2\n", b"\n"]
        line.close()


@contextmanager
def in_thread(workspace, rebuild):
    """`bobao serve` in a thread; its port, what it notes, and a way to wait for a note."""
    notes, loops, ready, stop = [], [], threading.Event(), asyncio.Event()

    def wait_for(text):
        for _ in range(500):
            if any(text in str(note) for note in notes):
                return
            time.sleep(0.02)
        pytest.fail(f"{text!r} is not in {notes}")

    def at(port):
        loops.append((asyncio.get_running_loop(), port))
        ready.set()

    def run():
        try:
            live.serve(workspace, order, stop)
        except ArithmeticError as error:
            notes.append(repr(error))

    order = live.Order("127.0.0.1", 0, rebuild, notes.append, notes.append, at)
    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(20)
    loop, port = loops[0]
    try:
        yield port, wait_for
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def _quick(monkeypatch):
    monkeypatch.setattr(live, "EVERY_S", 0.02)
    monkeypatch.setattr(live, "SETTLED_S", 0.05)


@pytest.mark.usefixtures("_quick")
def test_a_saved_script_is_made_again_and_the_page_is_told(workspace):
    asked = []

    def rebuild(found):
        asked.append(found)
        if workspace.script("aa").read_text("utf-8") == "broken":
            raise BobaoError("a brace is open", where="aa.md:1", advice="Close it.")

    with in_thread(workspace, rebuild) as (port, wait_for):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        line.request("GET", EVENTS)
        reply = line.getresponse()
        first = [reply.readline() for _ in range(3)][1]
        workspace.script("aa").write_text("broken", "utf-8")
        wait_for("not made again: aa.md:1: a brace is open\n  Close it.")
        workspace.script("aa").write_text("mended", "utf-8")
        second = reply.readline()
        assert second.startswith(b"data: ")
        assert second != first
        line.close()
        wait_for("made again; open pages reload")
    assert asked == [{"aa": SCRIPT}] * 2


@pytest.mark.usefixtures("_quick")
def test_a_defect_of_ours_is_not_swallowed(workspace):
    with in_thread(workspace, lambda found: 1 // 0) as (_, wait_for):
        workspace.script("aa").write_text("edited", "utf-8")
        wait_for("ZeroDivisionError")


@pytest.mark.usefixtures("_quick")
def test_stopping_does_not_wait_for_a_rebuild(workspace):
    begun, may_end, at_work = threading.Event(), threading.Event(), []

    def rebuild(found):
        at_work.append(threading.current_thread())
        begun.set()
        may_end.wait(30)

    try:
        with in_thread(workspace, rebuild):
            workspace.script("aa").write_text("edited", "utf-8")
            assert begun.wait(20)
        assert at_work[0].is_alive()
        assert at_work[0].daemon
    finally:
        may_end.set()
    at_work[0].join(20)


@pytest.mark.parametrize(
    ("host", "message"), [("127.0.0.1", "is in use"), ("192.0.2.1", "cannot serve here")]
)
def test_an_address_that_cannot_be_had_is_an_error_with_advice(tmp_path, host, message):
    async def twice():
        site = stuff.Served(tmp_path, print)
        async with serving(site, "127.0.0.1", 0) as port, serving(site, host, port):
            pass

    with pytest.raises(BobaoError, match=message) as raised:
        asyncio.run(twice())
    assert "--port" in raised.value.advice


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "[::1]", "localhost", "LOCALHOST.", "a.localhost"]
)
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", ""])
def test_what_others_reach(host):
    assert not is_loopback(host)


def invoke(monkeypatch, workspace, *arguments):
    orders = []

    def serve(_, order):
        orders.append(order)
        order.ready(8123)
        raise KeyboardInterrupt

    monkeypatch.setattr(live, "serve", serve)
    words = ["serve", "-w", str(workspace.root), *arguments]
    done = CliRunner().invoke(bobao, words, standalone_mode=False)
    assert done.exception is None, done.exception
    return done, orders[0]


def test_the_command_says_where_and_ends_quietly(monkeypatch, workspace):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    done, order = invoke(monkeypatch, workspace)
    assert "http://127.0.0.1:8123/  (Ctrl-C stops)" in done.output
    assert done.output.endswith("stopped\n")
    assert "warning" not in done.output
    assert (order.host, order.port, opened) == ("127.0.0.1", 8000, [])
    assert order.rebuild is not None
    done, _ = invoke(monkeypatch, workspace, "--json", "--host", "::1")
    assert json.loads(done.stdout) == {"url": "http://[::1]:8123/"}
    invoke(monkeypatch, workspace, "--open")
    for _ in range(100):  # it is opened from a thread
        if not opened:
            time.sleep(0.05)
    assert opened == ["http://127.0.0.1:8123/"]


def test_the_command_warns_when_others_can_come_in(monkeypatch, workspace):
    (workspace.site / "index.html").unlink()
    done, order = invoke(monkeypatch, workspace, "--host", "0.0.0.0", "--port", "0", "--no-live")
    assert "warning: 0.0.0.0 can be reached by other machines" in done.output
    assert "http://127.0.0.1:8123/" in done.output
    assert "bobao publish" in done.output
    assert order.rebuild is None


def test_a_script_is_recorded_mixed_and_published_a_bulletin_only_published(monkeypatch, workspace):
    did, done = [], Published()
    monkeypatch.setattr(pipeline, "voice", lambda w, slug, c, p: did.append(f"voice {slug}"))
    monkeypatch.setattr(pipeline, "mix", lambda w, slug, c, p: did.append(f"mix {slug}"))
    monkeypatch.setattr(publish, "refresh", lambda w: did.append("publish") or done)
    _, order = invoke(monkeypatch, workspace)
    order.rebuild({"aa": SCRIPT, "bb": BULLETIN})
    assert did == ["voice aa", "mix aa", "publish"]
    done.faults.append(BobaoError("broken"))
    with pytest.raises(BobaoError, match="broken"):
        order.rebuild({"bb": BULLETIN})
