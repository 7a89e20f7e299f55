"""The desk over HTTP, on this machine alone.

Other pages of the same browser are the danger (and other users of the machine): only the loopback
interface is listened on; a token in the first address becomes a cookie (SameSite=Strict); Host and
Origin are checked on every request; nothing is allowed across origins; scripts and styles come
from files, none from a page. aiohttp comes with edge-tts.
"""

from __future__ import annotations

import asyncio
import errno
import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from bobao.desk import paper
from bobao.desk.edits import Act, Overtaken
from bobao.desk.office import Office
from bobao.errors import BobaoError, unforeseen
from bobao.publish import pages
from bobao.serve.server import site_file

MOST_BYTES = 10_000_000
"""A request is not larger: an article that is belongs into `seeds/` by hand."""
_HEADERS = {
    "Content-Security-Policy": pages.policy(
        {
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "media-src": "'self'",
            "connect-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ASSETS = {"desk.js": "text/javascript", "proof.js": "text/javascript"}
_STYLES = ("proof.css", "desk.css")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """What answers the requests: the office, and the secret that lets a browser in."""

    office: Office
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    hosts: frozenset[str] = frozenset()

    @property
    def cookie(self) -> str:
        """The cookie's name: two desks on one machine have two."""
        return "bobao-desk-" + min(self.hosts).rpartition(":")[2]


DESK = web.AppKey("desk", Desk)


def run(office: Office, port: int, ready: Callable[[str], None]) -> None:
    """Answer until Ctrl-C; `ready` is told the address. Raises `BobaoError` for a port in use."""
    asyncio.run(_run(office, port, ready))


async def _run(office: Office, port: int, ready: Callable[[str], None]) -> None:
    desk = Desk(office)
    runner = web.AppRunner(application(desk), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError as error:
            used = error.errno == errno.EADDRINUSE
            raise BobaoError(
                f"port {port} is in use by another program" if used else f"cannot serve: {error}",
                advice="Choose another --port (0: any that is free).",
            ) from error
        given = int(runner.addresses[0][1])
        desk.hosts = frozenset(f"{name}:{given}" for name in ("127.0.0.1", "localhost"))
        ready(f"http://127.0.0.1:{given}/?token={desk.token}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def application(desk: Desk) -> web.Application:
    """The desk's application."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_answered, _let_in])
    app[DESK] = desk
    for path, handler in _GETS.items():
        app.router.add_get(path, handler)
    app.router.add_post("/do/{what}", _do)
    app.router.add_post("/upload", _upload)
    return app


def _office(request: web.Request) -> Office:
    return request.app[DESK].office


# ── Who is let in ───────────────────────────────────────────────────────────────────────────────


@web.middleware
async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors in words, and send the headers that every answer has."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = _told(error.status, error.reason)
    except Overtaken as error:
        response = _told(409, error.what, error.advice, now=error.now, yours=error.yours)
    except BobaoError as error:
        response = _told(422, error.what, error.advice, where=error.where)
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - the desk goes on, and says what was wrong
        _log.exception("a fault at the desk")
        response = _told(500, unforeseen(error).what)
    for name, value in _HEADERS.items():
        if name != "Content-Security-Policy" or not request.path.startswith(("/site/", "/print/")):
            response.headers[name] = value
    return response


def _told(status: int, what: str, advice: str = "", **more: str) -> web.Response:
    tree = {"what": what, "advice": advice, **more}
    return web.json_response(tree, status=status, dumps=_json)


def _json(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


@web.middleware
async def _let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what does not come from the desk's own pages, opened with its token."""
    desk = request.app[DESK]
    host = request.headers.get("Host", "")
    if host not in desk.hosts:
        return _told(421, "这不是编辑台的地址")
    own = f"http://{host}"
    site, origin = (request.headers.get(name) for name in ("Sec-Fetch-Site", "Origin"))
    if site not in (None, "same-origin", "none") or origin not in (None, own):
        return _told(403, "请求来自别的网页")
    if request.method == "POST" and origin != own:
        return _told(403, "请求没有说明来自哪个网页")
    given = request.query.get("token", "")
    if request.path == "/" and hmac.compare_digest(given.encode(), desk.token.encode()):
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(desk.cookie, desk.token, httponly=True, samesite="Strict", path="/")
        return response
    known = request.cookies.get(desk.cookie, "")
    if not hmac.compare_digest(known.encode(), desk.token.encode()):
        return _told(403, "请从 bobao desk 打开的网页进来", "终端里有完整的网址。")
    return await handler(request)


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────


def _page(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def _number(request: web.Request) -> int:
    number = request.match_info["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 8):
        raise BobaoError("行号不对", advice="请刷新页面。")
    return int(number)


async def _tray(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    return _page(await asyncio.to_thread(paper.tray, office))


async def _script(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    return _page(await asyncio.to_thread(paper.script, office, request.match_info["slug"]))


async def _print(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    return _page(await asyncio.to_thread(paper.printed, office, request.match_info["slug"]))


async def _state(request: web.Request) -> web.StreamResponse:
    return web.json_response(_office(request).jobs.state(), dumps=_json)


async def _line(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    slug, number = request.match_info["slug"], _number(request)
    found = await asyncio.to_thread(office.line, slug, number)
    return web.json_response(found, dumps=_json)


async def _hear(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    slug, number = request.match_info["slug"], _number(request)
    path = await asyncio.to_thread(office.heard, slug, number)
    return web.FileResponse(path, headers={"Content-Type": "audio/flac"})


async def _word(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    slug, number = request.match_info["slug"], _number(request)
    word, typed = (request.query.get(name, "")[:100] for name in ("word", "typed"))
    if not word:
        raise BobaoError("没有要听的词", advice="请先选一个词。")
    sound = await asyncio.to_thread(office.word_heard, slug, number, word, typed)
    return web.Response(body=sound, content_type="audio/wav")


async def _asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name == "desk.css":
        style = "\n".join(pages.template(__package__, each) for each in _STYLES)
        return web.Response(text=style, content_type="text/css")
    if name in _ASSETS:
        text = pages.template(__package__, name)
        return web.Response(text=text, content_type=_ASSETS[name])
    return _told(404, "没有这个文件")


async def _site(request: web.Request) -> web.StreamResponse:
    office = _office(request)
    path = request.rel_url.raw_path.removeprefix("/site")
    found = await asyncio.to_thread(site_file, office.workspace.site, path)
    return found or _told(404, "没有这个文件")


_GETS: dict[str, Handler] = {
    "/": _tray,
    "/script/{slug}": _script,
    "/state": _state,
    "/line/{slug}/{number}": _line,
    "/hear/{slug}/{number}": _hear,
    "/word/{slug}/{number}": _word,
    "/print/{slug}": _print,
    "/file/{name}": _asset,
    "/site{path:/.*}": _site,
}


# ── What is done ────────────────────────────────────────────────────────────────────────────────


async def _upload(request: web.Request) -> web.StreamResponse:
    """An article as a file, dropped or chosen."""
    reader = await request.multipart()
    part = await reader.next()
    if not isinstance(part, BodyPartReader) or not part.filename:
        raise BobaoError("没有文件", advice="请选一个文件。")
    data = bytes(await part.read(decode=True))
    if len(data) > MOST_BYTES:
        raise BobaoError("文件太大", advice="超过 10 MB 的稿件，请直接放进 seeds 文件夹。")
    slug = await asyncio.to_thread(_office(request).add, Path(part.filename).name, data)
    return web.json_response({"slug": slug}, dumps=_json)


async def _do(request: web.Request) -> web.StreamResponse:
    """Do what the path says with the JSON object of the body."""
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    what = _DEEDS.get(request.match_info["what"])
    if what is None or not isinstance(asked, dict):
        raise BobaoError("不明白要做什么", advice="请刷新页面。")
    try:
        told = await asyncio.to_thread(what, _office(request), asked)
    except (KeyError, TypeError, AttributeError) as error:
        raise BobaoError(f"少了一项：{error}", advice="请刷新页面。") from error
    return web.json_response(told or {}, dumps=_json)


Asked = dict[str, Any]


def _act(office: Office, asked: Asked) -> Asked:
    given = {name: asked[name] for name in _TYPES if name in asked}
    wrong = [name for name, value in given.items() if type(value) is not _TYPES[name]]
    if wrong:
        raise BobaoError(f"{'、'.join(wrong)}不对", advice="请刷新页面。")
    return {"number": office.act(asked["slug"], Act(**given))}


_TYPES = {
    "name": str,
    "number": int,
    "was": str,
    "text": str,
    "kind": str,
    "start": int,
    "end": int,
}


def _paste(office: Office, asked: Asked) -> Asked:
    text = str(asked["text"])
    if not text.strip():
        raise BobaoError("还没有文字", advice="请把稿件粘贴到框里。")
    return {"slug": office.add("article.txt", text.encode("utf-8", "replace"))}


def _rundown(office: Office, asked: Asked) -> Asked:
    slugs = [str(each) for each in asked["slugs"]]
    name = str(asked["name"])[:80]
    return {"slug": office.rundown(name, slugs, headlines=asked["headlines"] is True)}


def _cast(office: Office, asked: Asked) -> None:
    anchors = [str(each) for each in asked["anchors"]]
    office.cast(str(asked["slug"]), anchors, str(asked["style"]))


def _teach(office: Office, asked: Asked) -> None:
    word, reading = str(asked["word"]), str(asked["reading"])
    office.teach(str(asked["slug"]), word, reading, everywhere=asked["everywhere"] is True)


_DEEDS: dict[str, Callable[[Office, Asked], Asked | None]] = {
    "act": _act,
    "paste": _paste,
    "rundown": _rundown,
    "cast": _cast,
    "teach": _teach,
    "fetch": lambda office, asked: {"slug": office.fetch(str(asked["address"]).strip())},
    "draft": lambda office, asked: {"slug": office.draft(str(asked["slug"]))},
    "undo": lambda office, asked: office.undo(str(asked["slug"])),
    "redo": lambda office, asked: office.undo(str(asked["slug"]), again=True),
    "sign": lambda office, asked: office.sign(
        str(asked["slug"]), str(asked["stage"]), str(asked["name"])
    ),
    "back": lambda office, asked: office.back_to(str(asked["slug"]), str(asked["version"])),
    "captions": lambda office, asked: office.captions(str(asked["slug"]), str(asked["how"])),
    "make": lambda office, asked: office.make(str(asked["slug"])),
    "withdraw": lambda office, asked: office.site(str(asked["slug"]), "withdraw"),
    "restore": lambda office, asked: office.site(str(asked["slug"]), "restore"),
    "publish": lambda office, asked: office.site("", "publish"),
}
