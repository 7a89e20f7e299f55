"""What is answered to a request, decided before a byte is sent. No network here."""

from __future__ import annotations

import gzip
import html
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bobao.serving import ranges
from bobao.serving.media import media_type, shared, shrinkable
from bobao.serving.paths import Found, Moved, resolve

METHODS = ("GET", "HEAD", "OPTIONS")
LARGEST_TEXT = 8_000_000
"""A longer text is sent as it lies there, a piece at a time."""
SMALLEST_GZIP = 1_000
"""Below this a packet is saved by nothing."""

Rewrite = Callable[[bytes], bytes]
"""Changes a page before it is sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes [start, stop) of a file."""

    path: Path
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body; a HEAD's headers are those of the GET, its body is not sent."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Part = b""

    @property
    def length(self) -> int:
        """How many bytes the body has."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stop - self.body.start


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: method, path (percent-encoded) and query as they came, headers by lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(root: Path, asked: Asked, rewrite: Rewrite | None = None, version: str = "") -> Answer:
    """Answer a request for a file below `root`. Reads files; safe to call from any thread.

    `rewrite` is applied to HTML pages; `version` then goes into their ETag.
    """
    if asked.method not in METHODS:
        return failure(405, {"Allow": ", ".join(METHODS)})
    if asked.method == "OPTIONS":
        return Answer(204, _open({"Allow": ", ".join(METHODS)}))
    found = resolve(root, asked.path)
    if isinstance(found, Moved):
        query = f"?{asked.query}" if asked.query else ""
        return failure(302, {"Location": found.to + query})
    if not isinstance(found, Found):
        return failure(404)
    try:
        stat = found.path.stat()
        media = media_type(found.path.name)
        rewrite = rewrite if media.startswith("text/html") else None
        tag = f"{stat.st_mtime_ns:x}-{stat.st_size:x}{f'-{version}' if rewrite else ''}"
        return _file(found.path, asked, media, _Version(tag, stat), rewrite)
    except OSError:  # taken away or closed to us since it was found
        return failure(404)


@dataclass(frozen=True, slots=True)
class _Version:
    tag: str
    stat: os.stat_result

    @property
    def modified(self) -> str:
        return ranges.http_date(self.stat.st_mtime)


def _file(
    path: Path, asked: Asked, media: str, version: _Version, rewrite: Rewrite | None
) -> Answer:
    size = version.stat.st_size
    whole: bytes | None = None
    if rewrite and size <= LARGEST_TEXT:
        whole = rewrite(path.read_bytes())
        size = len(whole)
    squeeze = _squeezed(asked, media, size)
    tag = f'"{version.tag}-gz"' if squeeze else f'"{version.tag}"'
    headers = _headers(path.name, media, tag, version.modified)
    if unmet := _conditions(asked, tag, version.modified):
        return Answer(unmet, headers)
    if squeeze:
        body = gzip.compress(path.read_bytes() if whole is None else whole, 6, mtime=0)
        return Answer(200, {**headers, "Content-Encoding": "gzip"}, body)
    try:
        piece = _range(asked, size, tag, version.modified)
    except ranges.Unsatisfiable:
        return failure(416, {**headers, "Content-Range": f"bytes */{size}"})
    if piece is None:
        return Answer(200, headers, Part(path, 0, size) if whole is None else whole)
    headers["Content-Range"] = f"bytes {piece.start}-{piece.stop - 1}/{size}"
    if whole is None:
        return Answer(206, headers, Part(path, piece.start, piece.stop))
    return Answer(206, headers, whole[piece.start : piece.stop])


def _headers(name: str, media: str, tag: str, modified: str) -> dict[str, str]:
    headers = {
        "Content-Type": media,
        "ETag": tag,
        "Last-Modified": modified,
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if shrinkable(media):
        headers["Vary"] = "Accept-Encoding"
    return _open(headers) if shared(name) else headers


def _open(headers: dict[str, str]) -> dict[str, str]:
    """Let other sites' pages read the answer."""
    return {
        **headers,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "Range, If-Range",
        "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    }


def _conditions(asked: Asked, tag: str, modified: str) -> int:
    """304 or 412 where a condition of the request is not met, in the order of RFC 9110, 13.2.2."""
    ask = asked.headers.get
    match, none_match = ask("if-match"), ask("if-none-match")
    if match is not None:
        if not ranges.listed(match, tag, weak=False):
            return 412
    elif ranges.not_since(ask("if-unmodified-since"), modified) is False:
        return 412
    if none_match is not None:
        return 304 if ranges.listed(none_match, tag, weak=True) else 0
    return 304 if ranges.not_since(ask("if-modified-since"), modified) else 0


def _range(asked: Asked, size: int, tag: str, modified: str) -> ranges.Slice | None:
    if asked.method != "GET" or not ranges.still(asked.headers.get("if-range"), tag, modified):
        return None
    return ranges.wanted(asked.headers.get("range"), size)


def _squeezed(asked: Asked, media: str, size: int) -> bool:
    return (
        "range" not in asked.headers
        and shrinkable(media)
        and SMALLEST_GZIP <= size <= LARGEST_TEXT
        and _takes_gzip(asked.headers.get("accept-encoding", ""))
    )


def _takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header has gzip (or anything) with a quality that is not 0."""
    offers: dict[str, bool] = {}
    for offer in header.lower().split(","):
        coding, *parameters = (part.strip() for part in offer.split(";"))
        quality = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
        offers[coding] = quality.strip("0.") != ""
    return offers.get("gzip", offers.get("*", False))


_FAILURES = {
    302: "在这里",
    403: "不能访问",
    404: "没有这个网页或文件",
    405: "不支持的请求",
    416: "没有这一段",
    421: "这不是本站的地址",
    503: "正忙，请稍后再试",
}


def failure(status: int, headers: Mapping[str, str] | None = None, advice: str = "") -> Answer:
    """A short page that says what is wrong, in the listeners' language."""
    words = _FAILURES.get(status, "出错了")
    more = f"<p>{html.escape(advice)}</p>" if advice else ""
    page = (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>'
        f'{words}</title></head><body><main><h1>{words}</h1>{more}<p><a href="/">回首页</a></p>'
        f"<p>HTTP {status}</p></main></body></html>\n"
    )
    kept = {k: v for k, v in (headers or {}).items() if k not in {"Content-Type", "ETag"}}
    fixed = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Answer(status, {**kept, **fixed}, page.encode("utf-8"))
