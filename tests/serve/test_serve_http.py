"""The server as a client sees it, over loopback."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from urllib.parse import quote, unquote

import pytest
import serve_stuff as stuff
from hypothesis import example, given
from hypothesis import strategies as st

from bobao.serve import server

SOUND = "/" + quote("台 风/台 风.mp3")
VTT = "/" + quote("台 风/台 风.vtt")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return stuff.make_site(tmp_path_factory.mktemp("serving"))


@pytest.fixture(scope="module")
def running(site):
    with stuff.running(site) as made:
        yield made


CHAPTERS = "/" + quote("台 风/chapters.json")


@pytest.mark.parametrize(
    ("path", "media", "shared"),
    [
        (SOUND, "audio/mpeg", False),
        (VTT, "text/vtt; charset=utf-8", True),
        ("/feed.xml", "application/rss+xml; charset=utf-8", True),
        ("/", "text/html; charset=utf-8", False),
        (CHAPTERS, "application/json+chapters", True),
        ("/empty.txt", "text/plain; charset=utf-8", False),
    ],
)
def test_a_file_is_sent_as_it_is(running, site, path, media, shared):
    """Transcripts may be read by other sites' players; HEAD has what GET has."""
    (site / "feed.xml.gz").write_bytes(b"another")
    asked = {"Origin": "https://player.example", "Accept_Encoding": "gzip;q=0.5, *"}
    get, head = running.ask(path, **asked), running.ask(path, "HEAD", **asked)
    name = unquote(path)[1:] or "index.html"
    assert (get.status, get.body, head.body) == (200, (site / name).read_bytes(), b"")
    told = {k: v for k, v in get.headers.items() if k != "Date"}
    assert told == {k: v for k, v in head.headers.items() if k != "Date"}
    assert (told["Content-Type"], told["Content-Length"]) == (media, str(len(get.body)))
    assert (told["Accept-Ranges"], told["Server"]) == ("bytes", "bobao")
    assert ("Content-Encoding" in told, "Access-Control-Allow-Origin" in told) == (False, shared)


@given(st.integers(-10, 100_010), st.integers(-10, 100_010))
@example(0, 0)
@example(99_999, 99_999)
@example(0, 99_999)
def test_a_range_is_that_slice(running, first, last):
    header = f"bytes={first}-{last}"
    reply = running.ask(SOUND, Range=header)
    if first < 0 or last < 0 or last < first:
        assert (reply.status, reply.body) == (200, stuff.SOUND)
    elif first >= 100_000:
        assert reply.status == 416
        assert reply.headers["Content-Range"] == "bytes */100000"
    else:
        assert reply.status == 206
        assert reply.body == stuff.SOUND[first : last + 1]
        assert reply.headers["Content-Range"] == f"bytes {first}-{min(last, 99_999)}/100000"
        assert reply.headers["Content-Length"] == str(len(reply.body))


@pytest.mark.parametrize(
    ("header", "status", "piece"),
    [
        ("bytes=99990-", 206, slice(99_990, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=-999999", 206, slice(0, None)),
        ("bytes=0-999999999999999999999999999", 206, slice(0, None)),
        ("bytes=00000000000000000000000000000000000005-6", 206, slice(5, 7)),
        ("BYTES = 1 - 2", 206, slice(1, 3)),
        ("bytes=100000-", 416, None),
        ("bytes=9999999999999999999999999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,5-6", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("bytes=5-4", 200, slice(0, None)),
        ("bytes=a-b", 200, slice(0, None)),
        ("bytes=１-２".encode().decode("latin-1"), 200, slice(0, None)),
        ("seconds=1-2", 200, slice(0, None)),
    ],
)
def test_ranges_of_every_form(running, header, status, piece):
    reply = running.ask(SOUND, Range=header)
    assert reply.status == status
    if piece is not None:
        assert reply.body == stuff.SOUND[piece]


def test_if_range(running):
    assert running.ask("/empty.txt", Range="bytes=0-").status == 416
    fresh = running.ask(SOUND).headers
    for value, status in [
        (fresh["ETag"], 206),
        (fresh["Last-Modified"], 206),
        ('"other"', 200),
        ("W/" + fresh["ETag"], 200),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
        ("Mon, 01 Jan 2091 00:00:00 GMT", 200),
    ]:
        assert running.ask(SOUND, Range="bytes=0-9", If_Range=value).status == status, value


def test_conditions(running):
    fresh = running.ask(SOUND).headers
    tag, old, new = fresh["ETag"], "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 01 Jan 2091 00:00:00 GMT"
    for headers, status in [
        ({"If_None_Match": tag}, 304),
        ({"If_None_Match": f'"x", W/{tag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"x"'}, 200),
        ({"If_None_Match": '"x"', "If_Modified_Since": new}, 200),
        ({"If_Modified_Since": fresh["Last-Modified"]}, 304),
        ({"If_Modified_Since": new}, 304),
        ({"If_Modified_Since": old}, 200),
        ({"If_Modified_Since": "some day"}, 200),
        ({"If_Match": tag}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": '"x"'}, 412),
        ({"If_Match": f"W/{tag}"}, 412),
        ({"If_Unmodified_Since": old}, 412),
        ({"If_Unmodified_Since": new}, 200),
        ({"If_None_Match": tag, "Range": "bytes=0-1"}, 304),
    ]:
        reply = running.ask(SOUND, **headers)
        assert reply.status == status, headers
        assert (reply.body == b"") == (status != 200)
        assert reply.headers["ETag"] == tag


def test_a_changed_file_has_another_tag(running, site):
    path = site / "changing.txt"
    path.write_bytes(b"one")
    tag = running.ask("/changing.txt").headers["ETag"]
    path.write_bytes(b"three")
    assert running.ask("/changing.txt", If_None_Match=tag).body == b"three"


def test_options_and_other_methods(running):
    asked = running.ask(VTT, "OPTIONS", Origin="https://player.example")
    assert (asked.status, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Range" in asked.headers["Access-Control-Allow-Headers"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reply = running.ask("/", method)
        assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_folder_is_its_index_and_wants_its_slash(running):
    moved = running.ask("/" + quote("台 风") + "?a=b")
    assert (moved.status, moved.headers["Location"]) == (302, "/%E5%8F%B0%20%E9%A3%8E/?a=b")
    assert running.ask("/%E5%8F%B0%20%E9%A3%8E/").body == b"<p>taifeng"
    assert running.ask("/index.html?x#y").status == 200
    assert running.ask("/bare/").status == 404
    assert running.ask("/index.html/").status == 404
    assert running.ask("/inside.txt").body == b"bare"  # a link within the site
    for path, status in (("/nothing", 404), ("/bare", 302)):
        head = running.ask(path, "HEAD")
        assert (head.status, head.body) == (status, b"")


@pytest.mark.parametrize(
    ("status", "hosts"),
    [
        (200, "127.0.0.1 localhost:8000 [::1]:8000 a.localhost 127.1.2.3"),
        (421, "evil.example evil.example:8000 localhost.evil.example 10.0.0.1 [::2]"),
    ],
)
def test_a_foreign_name_that_points_here_is_not_answered(running, status, hosts):
    assert {running.ask("/", Host=host).status for host in hosts.split()} == {status}


_ESCAPES = """
    /../secret.txt /%2e%2e/secret.txt /%2e%2e%2fsecret.txt /..%2fsecret.txt
    /bare/../../secret.txt /bare/%2e%2e/%2e%2e/secret.txt /%252e%252e/secret.txt
    /..%5csecret.txt /%c0%ae%c0%ae/secret.txt /%ff /out.txt /outside/secret.txt /outside/
    /outside /sibling/x.txt /../output-secret/x.txt /.bobao/state.json /.bobao/
    /%2ebobao/state.json /veiled.json /loop /index.html%00 /index.html%00.txt /a:b.txt
    /back%5cslash.txt //secret.txt //index.html /./index.html /bare//file.txt /bare/. /bare/..
    /%0d%0aX-Evil:%201 /~root /etc/passwd ///etc/passwd
"""
ESCAPES = [*_ESCAPES.split(), "/..\\secret.txt", "/" + "x" * 5000, "/" + "a/" * 2000]


@pytest.mark.parametrize("path", ESCAPES)
def test_nothing_outside_or_hidden_is_served(running, path):
    reply = running.ask(path)
    assert reply.status == 404
    assert b"secret" not in reply.body
    assert "X-Evil" not in reply.headers


_STEPS = """.. . %2e%2e %2E%2e %2f %5c %00 % %zz outside sibling secret.txt output output-secret
x.txt bare file.txt index.html .bobao state.json out.txt inside.txt 台 ~ ; :"""
_steps = st.sampled_from(["", *_STEPS.split()])


@given(st.lists(_steps, max_size=7), st.sampled_from(["", "/"]))
def test_no_path_leads_out(running, steps, end):
    path = quote("/" + "/".join(steps) + end, safe="/%~;:")
    reply = running.ask(path)
    assert reply.status in {200, 302, 404}
    assert b"secret" not in reply.body
    if reply.status == 302:
        assert reply.headers["Location"].startswith("/")
        assert not reply.headers["Location"].startswith("//")


def raw(running, data: bytes) -> bytes:
    """What comes back for bytes that no well-behaved client would send."""
    with socket.create_connection(("127.0.0.1", running.port), 20) as line:
        line.sendall(data)
        got = b""
        while piece := line.recv(65536):
            got += piece
        return got


@pytest.mark.parametrize(
    "data",
    [
        b"GET http://127.0.0.1/../secret.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET feed.xml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not http at all\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_nonsense_is_refused(running, data, caplog):
    got = raw(running, data)
    assert b"secret" not in got
    assert not got or int(got.split()[1]) >= 400
    assert running.ask("/").status == 200
    assert not caplog.records, "it is no defect of ours"


def test_a_kept_connection_answers_several_requests(running):
    one = b"HEAD /empty.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    got = raw(running, one + one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert got.count(b"HTTP/1.1 200 OK") == 3


def test_every_request_is_a_line_of_the_log(running):
    running.ask(SOUND + "?q=1", Range="bytes=0-9")
    for _ in range(100):
        if running.lines[-1].split()[1:5] == ["GET", SOUND, "206", "10"]:
            return
        time.sleep(0.02)  # the line is written when the answer is on its way
    pytest.fail(running.lines[-1])


def test_a_silent_connection_is_closed(site, monkeypatch):
    monkeypatch.setattr(server, "FIRST_REQUEST_S", 0.05)
    with (
        stuff.running(site) as made,
        socket.create_connection(("127.0.0.1", made.port), 20) as line,
    ):
        line.sendall(b"GET / HTTP/1.1\r\nHo")
        with suppress(ConnectionResetError):
            assert line.recv(10) == b""


def test_connections_are_counted(site, monkeypatch):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 2)
    with stuff.running(site) as made:
        lines = [socket.create_connection(("127.0.0.1", made.port), 20) for _ in range(2)]
        for line in lines:
            line.sendall(b"GET /empty.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(1000)
        with pytest.raises(OSError):  # noqa: PT011 - reset or closed, as the system has it
            made.ask("/empty.txt")
        lines.pop().close()
        for _ in range(100):
            try:
                assert made.ask("/empty.txt").status == 200
                break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail("the place was not given back")
        lines.pop().close()


def test_many_connections_and_streams_leave_room(site):
    """500 connections, 300 of them open pages; both ends are files of this one process."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[0] < 2048:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (2048, before[1]))
    try:
        with stuff.running(site, "v1") as made:
            lines = [socket.create_connection(("127.0.0.1", made.port), 20) for _ in range(500)]
            try:
                for line in lines[:300]:
                    line.sendall(b"GET /.events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                for line in lines[:300]:
                    assert line.recv(12) == b"HTTP/1.1 200"
                for line in lines[300:]:
                    line.sendall(b"GET /empty.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    assert line.recv(12) == b"HTTP/1.1 200"
                assert made.ask("/empty.txt").status == 200
            finally:
                for line in lines:
                    line.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_client_that_stops_taking_is_given_up(site, monkeypatch):
    monkeypatch.setattr(server, "STALLED_S", 0.1)
    (site / "long.bin").write_bytes(bytes(30_000_000))
    with (
        stuff.running(site) as made,
        socket.create_connection(("127.0.0.1", made.port), 20) as line,
    ):
        line.sendall(b"GET /long.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(200):
            if any("/long.bin" in each for each in made.lines):
                break
            time.sleep(0.05)
        else:
            pytest.fail("the answer was never ended")
    (site / "long.bin").unlink()


def test_a_file_that_shrinks_while_it_is_sent_ends_the_connection(site):
    path = site / "shrinking.bin"
    path.write_bytes(bytes(30_000_000))
    with (
        stuff.running(site) as made,
        socket.create_connection(("127.0.0.1", made.port), 20) as line,
    ):
        line.sendall(b"GET /shrinking.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got = len(line.recv(1000))
        path.write_bytes(b"")
        with suppress(ConnectionResetError):
            while piece := line.recv(1 << 20):
                got += len(piece)
        assert got < 30_000_000
    path.unlink()
