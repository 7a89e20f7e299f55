"""A desk that runs as a process of its own, as an editor starts it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

PARK = """花街镇建成九个公园

今年建成9个公园。居民出门就能散步，孩子们也有了去处。

图为花街镇的公园一角。

一、公园在家门口

重建了五个，镇里还为老人装了扶手。
"""
SETTINGS = '[station]\nname = "花街之声"\n\n[voice]\nengine = "tone"\n'


def workspace(folder: Path, **articles: str) -> Path:
    """A workspace with articles, whose voice hums."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "bobao.toml").write_text(SETTINGS, "utf-8")
    for name, text in articles.items():
        (folder / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    return folder


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A desk at work on a workspace."""
    command = [sys.executable, "-m", "bobao", "desk", "--no-open", "-w", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        try:
            yield Desk(process.stdout.readline().decode().strip(), process)
        finally:
            process.kill()


class Answer(NamedTuple):
    """What the desk answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Desk:
    """Its address with the token, and a client that is let in."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url, self.process = url, process
        parts = urlsplit(url)
        self.host, self.token = parts.netloc, parse_qs(parts.query)["token"][0]
        self.home = f"http://{self.host}"
        self.cookie = f"bobao-desk-{parts.port}={self.token}"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Ask, as the desk's own pages do; a header given as "" is left out."""
        own = {"Host": self.host, "Origin": self.home, "Cookie": self.cookie}
        sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, timeout=60)
        with closing(connection):
            return self._asked(connection, method, path, body, sent)

    @staticmethod
    def _asked(connection, method, path, body, sent) -> Answer:
        connection.putrequest(method, quote(path, safe="/?=&%"), skip_host=True)
        for name, value in sent.items():
            if value:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def do(self, what: str, **asked: Any) -> tuple[int, Any]:
        """Have something done: the status, and the answer."""
        body = json.dumps(asked).encode()
        answer = self.ask("POST", f"/do/{what}", body, Content_Type="application/json")
        return answer.status, json.loads(answer.body)

    def line(self, slug: str, number: int) -> Any:
        """A line as it can be edited."""
        return json.loads(self.ask("GET", f"/line/{slug}/{number}").body)
