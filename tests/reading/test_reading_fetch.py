"""Fetching from a server on this machine, and what is never asked."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.reading import read_article
from bobao.reading.addresses import checked, is_url
from bobao.reading.fetch import FetchLimits, fetch

TEXT = "今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度进一步提高。"
PAGE = (
    f"<html><head><title>绿道</title></head><body><h1>绿道建设进展</h1><p>{TEXT}</p></body></html>"
)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server with an answer for each path; it notes what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers.get("Host")))
                outer.answers.get(self.path, lambda handler: handler.send_error(404))(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Answer `path` so; underscores in the headers' names are hyphens."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content_Length": str(len(body)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.url(path)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.fixture
def server(running: Server) -> Server:
    running.answers.clear()
    running.asked.clear()
    return running


def refusal(url: str, **options) -> str:
    options = {"private": True, **options}
    with pytest.raises(BobaoError) as raised:
        fetch(url, **options)
    assert raised.value.advice
    assert raised.value.where
    return raised.value.what


# ── what comes back ─────────────────────────────────────────────────────────────────────────────


def test_a_page_is_fetched_and_read(server):
    url = server.says("/news/1", PAGE.encode(), Content_Type="text/html")
    fetched = fetch(url, private=True)
    assert (fetched.name, fetched.url) == ("1.html", url)
    article = read_article(fetched.data, fetched.name)
    assert (article.title, article.blocks[-1].text) == ("绿道建设进展", TEXT)


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/a.html", "text/html; charset=utf-8", "a.html"),
        ("/", "text/html", "127.0.0.1.html"),
        ("/a.php?id=3", "text/html", "a.php.html"),
        ("/a.shtml", "text/html", "a.shtml"),
        ("/%E6%96%87.md", "text/plain", "文.md"),
        ("/download", "application/pdf", "download.pdf"),
        ("/x.docx", "application/octet-stream", "x.docx"),
        ("/plain", "", "plain"),
    ],
)
def test_the_name_tells_the_format(server, path, kind, name):
    server.says(path, PAGE.encode(), **({"Content_Type": kind} if kind else {}))
    assert fetch(server.url(path), private=True).name == name


def test_the_servers_encoding_comes_before_the_pages_own(server):
    page = PAGE.replace("<head>", '<head><meta charset="big5">')
    url = server.says("/a", page.encode("gb18030"), Content_Type="text/html; charset=GB2312")
    fetched = fetch(url, private=True)
    assert read_article(fetched.data, fetched.name).blocks[-1].text == TEXT


def test_a_file_is_left_as_it_is_whatever_encoding_is_named(server):
    url = server.says("/a.pdf", b"%PDF-\xff\xfe", Content_Type="application/pdf; charset=utf-8")
    assert fetch(url, private=True).data == b"%PDF-\xff\xfe"


def test_packed_answers_are_unpacked(server):
    url = server.says("/a.txt", gzip.compress(TEXT.encode()), Content_Encoding="gzip")
    assert fetch(url, private=True).data == TEXT.encode()


def test_answers_in_chunks(server):
    def answer(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in (TEXT[:9].encode(), TEXT[9:].encode()):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    server.answers["/a.txt"] = answer
    assert fetch(server.url("/a.txt"), private=True).data == TEXT.encode()


def test_redirects_are_followed_up_to_the_limit(server):
    server.says("/a", status=302, Location="b?x=文".encode().decode("latin-1"))
    server.says("/b?x=%E6%96%87", status=301, Location=f"//127.0.0.1:{server.port}/c.txt")
    server.says("/c.txt", b"end")
    assert fetch(server.url("/a"), private=True).url == server.url("/c.txt")
    server.says("/round", status=307, Location="/round")
    server.asked.clear()
    assert "redirects more than 5" in refusal(server.url("/round"))
    assert len(server.asked) == 6


# ── what is never asked ─────────────────────────────────────────────────────────────────────────

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "192.0.2.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
    "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_network_are_refused(address):
    what = refusal("http://news.example/", private=False, resolver=lambda host, port: [address])
    assert "private network" in what
    assert address in what


def test_one_private_address_among_public_ones_is_enough(server):
    found = ["8.8.8.8", "127.0.0.1"]
    assert "private" in refusal(server.url("/"), private=False, resolver=lambda host, port: found)


def test_private_addresses_are_refused_by_default_and_nothing_is_sent(server):
    url = server.says("/a", PAGE.encode())
    with pytest.raises(BobaoError, match="private network"):
        fetch(url)
    assert server.asked == []


def test_a_redirect_into_the_network_is_refused(server, monkeypatch):
    url = server.says("/a", status=302, Location="http://router.example/admin")
    known = {"news.example": ["127.0.0.1"], "router.example": ["192.168.1.1"]}
    public = {"127.0.0.1"}
    from bobao.reading import addresses

    monkeypatch.setattr(addresses, "_public", lambda address: address in public)
    url = url.replace("127.0.0.1", "news.example")
    what = refusal(url, private=False, resolver=lambda host, port: known[host])
    assert what == "“router.example” is inside a private network (192.168.1.1)"
    assert server.asked == [("/a", f"news.example:{server.port}")]


@pytest.mark.parametrize("target", ["http://[", "//[x", "http://a.example:port/"])
def test_a_redirect_to_no_address_is_refused(server, target):
    what = refusal(server.says("/a", status=302, Location=target))
    assert "no address" in what


def test_a_name_that_changes_its_address_gains_nothing(server):
    """DNS rebinding: the address that was checked is the one that is connected to."""
    server.says("/a", b"inside")
    answers = iter([["127.0.0.1"], ["192.168.1.1"]])
    fetched = fetch(
        server.url("/a", "news.example"), private=True, resolver=lambda host, port: next(answers)
    )
    assert fetched.data == b"inside"
    assert next(answers) == ["192.168.1.1"]  # asked for once only


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.example/x", "javascript://x", "http://", "http:///x",
        "http://a:b@c.example/", "http://a.example:99999/", "http://[::1", "gopher://a.example/",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked(url):
    assert refusal(url)


def test_a_redirect_to_a_file_is_refused(server):
    assert "no address of the web" in refusal(
        server.says("/a", status=302, Location="file:///etc/passwd")
    )


def test_unknown_hosts():
    def nobody(host: str, port: int) -> list[str]:
        raise OSError

    assert "no server called" in refusal("http://news.example/", resolver=nobody)
    assert "no server called" in refusal("http://news.example/", resolver=lambda host, port: [])


@given(st.text(max_size=40))
@example("http://a.example/\r\nHost: evil")
@example("http://新闻.中国/文章?页=1#二")
def test_any_text_is_an_address_or_refused(text):
    try:
        parts = checked(text, text)
    except BobaoError:
        return
    assert parts.scheme in ("http", "https")
    assert "\r" not in parts.geturl()
    assert parts.geturl().isascii()


def test_what_looks_like_an_address():
    assert is_url("https://a.example/x")
    assert is_url("file:///x")
    assert not is_url("seeds/a.txt")
    assert not is_url("C:\\a.txt")


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────


def test_the_size_is_limited_however_it_is_packed(server):
    small = FetchLimits(size=1000)
    exact = server.says("/exact", bytes(1000))
    assert len(fetch(exact, private=True, limits=small).data) == 1000
    assert "larger" in refusal(server.says("/a", bytes(1001)), limits=small)
    bomb = server.says("/b", gzip.compress(bytes(9_000_000)), Content_Encoding="gzip")
    assert "larger" in refusal(bomb, limits=small)


@pytest.mark.parametrize("status", [404, 403, 500, 204, 304])
def test_other_answers_are_named(server, status):
    assert str(status) in refusal(server.says("/a", status=status))


def test_broken_answers(server):
    assert "connection failed" in refusal(server.says("/a", b"x", Content_Length="10"))
    cut = gzip.compress(TEXT.encode())[:-9]
    assert "connection failed" in refusal(server.says("/b", cut, Content_Encoding="gzip"))
    assert "connection failed" in refusal(server.says("/c", b"no gzip", Content_Encoding="gzip"))
    assert "packs" in refusal(server.says("/d", b"x", Content_Encoding="br"))


def test_a_closed_port(server):
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert "connection failed" in refusal(f"http://127.0.0.1:{port}/")


def test_https_needs_a_real_certificate(server):
    assert "connection failed" in refusal(server.url("/").replace("http:", "https:"))


def hold(seconds: float) -> Answer:
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                handler.wfile.write(b".")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.02)

    return answer


def test_a_server_that_drips_is_cut_off(server):
    server.answers["/drip"] = hold(20)
    assert "too long" in refusal(server.url("/drip"), limits=FetchLimits(total=0.3))


def test_a_server_that_is_silent_is_given_up(server):
    server.answers["/silent"] = lambda handler: time.sleep(2)
    assert "too long" in refusal(server.url("/silent"), limits=FetchLimits(read=0.2))
    assert "too long" in refusal(server.url("/silent"), limits=FetchLimits(total=0.2))
