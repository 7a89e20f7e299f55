"""A small web server for tests: a folder on loopback, with byte ranges as a good host has them."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

TYPES = {
    ".xml": "application/rss+xml",
    ".html": "text/html; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".vtt": "text/vtt",
    ".json": "application/json+chapters",
}


def handler(folder: Path, faults: frozenset[str]) -> type[BaseHTTPRequestHandler]:
    """Serve `folder`. `faults` make it a bad host: "no-ranges", "no-head", "wrong-type"."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, body: bool) -> None:
            path = folder / unquote(self.path.split("?")[0]).lstrip("/")
            if path.is_dir():
                path /= "index.html"
            if self.path.startswith("/moved/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if not path.is_file() or (not body and "no-head" in faults):
                self.send_response(404 if body or path.is_file() is False else 405)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = path.read_bytes()
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if wanted and "no-ranges" not in faults:
                start, end = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
                data = data[start : end + 1]
            else:
                self.send_response(200)
            kind = "text/html" if "wrong-type" in faults else TYPES.get(path.suffix, "text/plain")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if body:
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(data)

    return Handler


@contextlib.contextmanager
def served(folder: Path, *faults: str) -> Iterator[str]:
    """Yield the address, ``http://127.0.0.1:port/``, under which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(folder, frozenset(faults)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
