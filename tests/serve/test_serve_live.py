"""Rebuilding what a change affects, and pages that reload themselves."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
import time

import pytest
import serve_stuff as stuff
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bobao.cli import bobao
from bobao.errors import BobaoError
from bobao.serve import live
from bobao.serve.live import SETTLED_S, Cause, SiteChange, Watcher, changes, snapshot
from bobao.serve.reload import EVENTS, allowing, reloading
from bobao.serve.server import is_loopback, serving
from bobao.station.workspace import create

ONE, TWO = (1, 1), (2, 2)
SCRIPT, BULLETIN = Cause.SCRIPT, Cause.BULLETIN


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
        ({}, {}, []),
        (A, A, []),
        (A, EDITED, [("a", SCRIPT)]),
        (A, MIXED, [("a", BULLETIN)]),
        (A, BOTH, [("a", SCRIPT)]),
        ({}, A, [("a", BULLETIN)]),
        (A, {}, [("a", BULLETIN)]),
        ({"b": (ONE, ONE)}, {**A, "b": (TWO, ONE)}, [("a", BULLETIN), ("b", SCRIPT)]),
    ],
)
def test_changes(before, after, found):
    assert changes(before, after) == tuple(SiteChange(*each) for each in found)


def test_what_is_looked_at(workspace):
    before = snapshot(workspace)
    assert before.keys() == {"aa", "bb"}
    workspace.script("cc").write_text("changed", "utf-8")
    assert snapshot(workspace) == before
    workspace.script("aa").write_text("changed", "utf-8")
    assert changes(before, snapshot(workspace)) == (SiteChange("aa", SCRIPT),)
    workspace.article_lexicon("bb").write_text("重\tchóng\n", "utf-8")
    assert {c.slug for c in changes(before, snapshot(workspace))} == {"aa", "bb"}
    workspace.lexicon.write_text("弄\tlòng\n", "utf-8")
    assert changes(before, snapshot(workspace)) == (
        SiteChange("aa", SCRIPT),
        SiteChange("bb", SCRIPT),
    )


class Clock:
    """A watcher whose files and time are set by hand."""

    def __init__(self):
        self.now, self.files = 0.0, {"a": (ONE, ONE)}
        self.watcher = Watcher(lambda: dict(self.files), lambda: self.now)

    def after(self, seconds):
        self.now += seconds
        return self.watcher.poll()


def test_nothing_is_done_before_a_change_has_settled():
    clock = Clock()
    assert clock.after(9) == ()
    for stamp in range(3, 9):  # an editor that saves, and saves again
        clock.files["a"] = ((stamp, stamp), ONE)
        assert clock.after(0.5) == ()
    assert clock.after(SETTLED_S / 2) == ()
    assert clock.after(SETTLED_S) == (SiteChange("a", SCRIPT),)
    assert clock.after(9) == ()


def test_what_we_made_is_no_change_but_an_edit_meanwhile_is():
    clock = Clock()
    clock.files["a"] = (TWO, ONE)
    clock.after(0)
    assert clock.after(2) == (SiteChange("a", SCRIPT),)
    clock.files["a"] = ((3, 3), TWO)
    clock.watcher.made(["a", "gone"])
    clock.after(0)
    assert clock.after(2) == (SiteChange("a", SCRIPT),)
    clock.files["a"] = ((3, 3), (4, 4))
    clock.watcher.made(["a"])
    clock.after(0)
    assert clock.after(2) == ()


def test_a_change_that_is_taken_back_is_none():
    clock = Clock()
    clock.files["a"] = (TWO, ONE)
    assert clock.after(0.1) == ()
    clock.files["a"] = (ONE, ONE)
    assert clock.after(0.1) == clock.after(5) == ()


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


class ServeInThread:
    """`bobao serve` in a thread, with a rebuild of our own."""

    def __init__(self, workspace, rebuild):
        self.notes, self.log, self.port = [], [], 0
        self._ready = threading.Event()
        self._stop = None
        order = live.Order("127.0.0.1", 0, rebuild, self.log.append, self.notes.append, self._at)
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(workspace, order),))

    async def _run(self, workspace, order):
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        await live.serve_until(workspace, order, self._stop)

    def _at(self, port):
        self.port = port
        self._ready.set()

    def __enter__(self):
        self._thread.start()
        while not self._ready.wait(0.01):
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def wait_for(self, text):
        for _ in range(500):
            if any(text in note for note in self.notes):
                return
            time.sleep(0.02)
        pytest.fail(f"{text!r} is not in {self.notes}")


@pytest.fixture
def _quick(monkeypatch):
    monkeypatch.setattr(live, "EVERY_S", 0.02)
    monkeypatch.setattr("bobao.serve.live.SETTLED_S", 0.05)


@pytest.mark.usefixtures("_quick")
def test_a_saved_script_is_made_again_and_the_page_is_told(workspace):
    asked = []
    with ServeInThread(workspace, asked.append) as served:
        line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
        line.request("GET", EVENTS)
        reply = line.getresponse()
        first = [reply.readline() for _ in range(3)][1]
        workspace.script("aa").write_text("edited", "utf-8")
        second = reply.readline()
        assert second.startswith(b"data: ")
        assert second != first
        line.close()
        served.wait_for("made again")
    assert asked == [(SiteChange("aa", SCRIPT),)]


@pytest.mark.usefixtures("_quick")
def test_a_broken_script_is_told_and_the_next_is_made(workspace):
    def rebuild(found):
        if workspace.script("aa").read_text("utf-8") == "broken":
            raise BobaoError("a brace is open", where="aa.md:1", advice="Close it.")

    with ServeInThread(workspace, rebuild) as served:
        workspace.script("aa").write_text("broken", "utf-8")
        served.wait_for("not made again: aa.md:1: a brace is open\n  Close it.")
        workspace.script("aa").write_text("mended", "utf-8")
        served.wait_for("made again; open pages reload")


@pytest.mark.usefixtures("_quick")
def test_a_defect_of_ours_is_not_swallowed(workspace):
    def rebuild(found):
        raise ZeroDivisionError

    async def run():
        port = asyncio.get_running_loop().create_future()
        order = live.Order("127.0.0.1", 0, rebuild, print, print, port.set_result)
        serving_it = asyncio.create_task(live.serve_until(workspace, order, asyncio.Event()))
        await port
        await asyncio.sleep(0.1)
        workspace.script("aa").write_text("edited", "utf-8")
        await asyncio.wait_for(serving_it, 20)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


@pytest.mark.usefixtures("_quick")
def test_stopping_does_not_wait_for_a_rebuild(workspace):
    begun, may_end = threading.Event(), threading.Event()
    at_work = []

    def rebuild(found):
        at_work.append(threading.current_thread())
        begun.set()
        may_end.wait(30)

    try:
        with ServeInThread(workspace, rebuild):
            workspace.script("aa").write_text("edited", "utf-8")
            assert begun.wait(20)
        assert at_work[0].is_alive()
        assert at_work[0].daemon
    finally:
        may_end.set()
    at_work[0].join(20)


def test_a_port_in_use_is_an_error_with_advice(tmp_path):
    async def twice():
        site = stuff.Served(tmp_path, print)
        async with serving(site, "127.0.0.1", 0) as port, serving(site, "127.0.0.1", port):
            pass

    with pytest.raises(BobaoError, match="is in use") as raised:
        asyncio.run(twice())
    assert "--port" in raised.value.advice


def test_an_address_that_is_not_ours_is_an_error(tmp_path):
    async def there():
        async with serving(stuff.Served(tmp_path, print), "192.0.2.1", 0):
            pass

    with pytest.raises(BobaoError, match="cannot serve here"):
        asyncio.run(there())


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_loopback(host, ours):
    assert is_loopback(host) is ours


def invoke(monkeypatch, workspace, *arguments):
    orders = []

    def serve(_, order):
        orders.append(order)
        order.ready(8123)
        raise KeyboardInterrupt

    monkeypatch.setattr(live, "serve", serve)
    done = CliRunner().invoke(
        bobao, ["serve", "-w", str(workspace.root), *arguments], standalone_mode=False
    )
    assert done.exception is None, done.exception
    return done, orders[0]


def test_the_command_says_where_and_ends_quietly(monkeypatch, workspace):
    done, order = invoke(monkeypatch, workspace)
    assert "http://127.0.0.1:8123/  (Ctrl-C stops)" in done.output
    assert done.output.endswith("stopped\n")
    assert "warning" not in done.output
    assert (order.host, order.port) == ("127.0.0.1", 8000)
    assert order.rebuild is not None


def test_the_command_warns_when_others_can_come_in(monkeypatch, workspace):
    (workspace.site / "index.html").unlink()
    done, order = invoke(monkeypatch, workspace, "--host", "0.0.0.0", "--port", "0", "--no-live")
    assert "warning: 0.0.0.0 can be reached by other machines" in done.output
    assert "http://127.0.0.1:8123/" in done.output
    assert "bobao publish" in done.output
    assert order.rebuild is None


def test_the_command_gives_its_address_as_data(monkeypatch, workspace):
    done, _ = invoke(monkeypatch, workspace, "--json", "--host", "::1")
    assert json.loads(done.stdout) == {"url": "http://[::1]:8123/"}


def test_the_browser_is_opened_when_asked(monkeypatch, workspace):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    invoke(monkeypatch, workspace)
    assert opened == []
    invoke(monkeypatch, workspace, "--open")
    for _ in range(100):  # it is opened from a thread
        if not opened:
            time.sleep(0.05)
    assert opened == ["http://127.0.0.1:8123/"]


def test_a_script_is_recorded_mixed_and_published_a_bulletin_only_published(monkeypatch, workspace):
    from bobao import pipeline, publish
    from bobao.publish import Published

    did = []
    monkeypatch.setattr(pipeline, "voice", lambda w, slug, c, p: did.append(f"voice {slug}"))
    monkeypatch.setattr(pipeline, "mix", lambda w, slug, c, p: did.append(f"mix {slug}"))
    done = Published()
    monkeypatch.setattr(publish, "refresh", lambda w: did.append("publish") or done)
    _, order = invoke(monkeypatch, workspace)
    order.rebuild((SiteChange("aa", SCRIPT), SiteChange("bb", BULLETIN)))
    assert did == ["voice aa", "mix aa", "publish"]
    done.faults.append(BobaoError("broken"))
    with pytest.raises(BobaoError, match="broken"):
        order.rebuild((SiteChange("bb", BULLETIN),))
