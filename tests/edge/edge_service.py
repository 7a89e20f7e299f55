"""A scripted service that speaks the protocol of Edge's read-aloud, and misbehaves on cue.

Its speech is that of the engine `tone`, at a news reader's pace, so that a test can tell by the
sound which text was said. `Service.script` gives the conduct for each request by its number.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import io
import json
import re
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import formatdate
from time import time
from typing import Any
from xml.sax.saxutils import escape, unescape

import numpy as np
import soundfile
from aiohttp import web

from bobao.model import RATE
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import Speech, Utterance

BEFORE_MS, AFTER_MS = 100, 800  # silence around the speech of a request, as the service has it
PART = 720  # bytes of a message: 120 ms
CBR_48 = (160 - 48) / (160 - 8)  # libsndfile's name for 48 kbit/s
TOKEN = "6A5AA1D4EAFF4E9FB37E23D68491D6F4"
VOICES = {
    "zh-CN-YunyangNeural": "Male",
    "zh-CN-XiaoxiaoNeural": "Female",
    "zh-CN-liaoning-XiaobeiNeural": "Female",
    "zh-TW-YunJheNeural": "Male",
    "en-US-AvaNeural": "Female",
}


@dataclass(frozen=True)
class Said:
    """What the service says: MP3 frames, and the words with start and length in 100 ns."""

    audio: bytes
    words: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Conduct:
    """How a request is treated; as it stands, well.

    `status` refuses it, with a Date `skew_s` ahead (None: without). `end` says how the turn ends
    once the share `after` of its messages is out (−1: all but the last one): ``well``, ``close``, ``drop`` (the connection is
    torn), ``stall``. `insert` is sent then as well. `change` makes other speech of the right one.
    """

    status: int = 0
    skew_s: float | None = 0.0
    retry_after: str = ""
    latency_s: float = 0.0
    pace: float = 0.0  # times real time; 0: at once
    end: str = "well"
    after: float = 1.0
    insert: tuple[str | bytes, ...] = ()
    change: Callable[[Said], Said] = lambda said: said


WELL = Conduct()


def audio_message(data: bytes, headers: str = "Path:audio\r\nContent-Type:audio/mpeg\r\n") -> bytes:
    """A binary message as the service frames it."""
    head = ("X-RequestId:0\r\n" + headers).encode()
    return len(head).to_bytes(2, "big") + head + data


def text_message(path: str, body: str = "{}") -> str:
    """A text message as the service frames it."""
    return f"X-RequestId:0\r\nContent-Type:application/json\r\nPath:{path}\r\n\r\n{body}"


def word_message(start: int, length: int, word: str) -> str:
    """A word boundary."""
    data = {
        "Offset": start,
        "Duration": length,
        "text": {"Text": escape(word), "Length": len(word), "BoundaryType": "WordBoundary"},
    }
    return text_message(
        "audio.metadata", json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
    )


@functools.lru_cache(maxsize=4096)
def said(text: str, rate: float = 1.0) -> Said:
    """The right speech of a text."""
    speech = ToneEngine().speak(Utterance(text, "tone", rate))
    silences = [np.zeros(ms * RATE // 1000, np.float32) for ms in (BEFORE_MS, AFTER_MS)]
    samples = np.concatenate([silences[0], speech.samples, silences[1]])
    words: list[list[int]] = []  # start, end in the text; start, end in ms
    for mark in speech.marks:
        pairs = words and words[-1][1] == mark.start and words[-1][1] - words[-1][0] == 1
        if pairs and not text[words[-1][0]].isascii() and not text[mark.start].isascii():
            words[-1][1], words[-1][3] = mark.end, mark.end_ms
        else:
            words.append([mark.start, mark.end, mark.start_ms, mark.end_ms])
    times = tuple(
        ((start_ms + BEFORE_MS) * 10_000, (end_ms - start_ms) * 10_000, text[start:end])
        for start, end, start_ms, end_ms in words
    )
    return Said(encoded(samples), times)


def is_whole(speech: Speech, text: str, rate: float = 1.0) -> bool:
    """Whether the speech is the tones of the text, all of them, in step: by marks and by ear."""
    tone = ToneEngine().speak(Utterance(text, "tone", rate))
    if [(m.start, m.end) for m in speech.marks] != [(m.start, m.end) for m in tone.marks]:
        return False
    ours = speech.samples[30 * 24 :][: len(tone.samples)]
    best = max(
        np.corrcoef(ours[100 + lag : -200], tone.samples[100 : len(ours) - 200 - lag])[0, 1]
        for lag in range(24)
    )
    return abs(len(speech.samples) - len(tone.samples) - 60 * 24) < 30 * 24 and best > 0.9


def encoded(samples: np.ndarray) -> bytes:
    """As the service's MP3: constant 48 kbit/s, nothing before or after the frames."""
    file = io.BytesIO()
    soundfile.write(
        file, samples, RATE, format="MP3", bitrate_mode="CONSTANT", compression_level=CBR_48
    )
    return file.getvalue()


@dataclass
class Asked:
    """A request that came to its text."""

    text: str
    voice: str
    rate: str
    number: int


class Service:
    """The service in a thread of its own; `url` is where the engine finds it."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.script: Callable[[int], Conduct] = lambda number: WELL
        self.by_text: Callable[[str, int], Conduct] | None = None
        self.list_conduct, self.listed = WELL, [_listed(*voice) for voice in VOICES.items()]
        self.doors = self.lists = self.now = self.most = 0
        self.asked: list[Asked] = []
        self.faults: list[str] = []
        self.tokens: list[str] = []
        self._context, self._loop = context, asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait()
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}/readaloud"

    def stop(self) -> None:
        """Close every connection and end the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _end(self) -> None:
        await self._runner.cleanup()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.02)  # a TLS connection takes its time to close

    def _serve(self) -> None:
        application = web.Application()
        application.router.add_get("/readaloud/edge/v1", self._talk)
        application.router.add_get("/readaloud/voices/list", self._list)
        application.on_response_prepare.append(_dated)
        self._runner = runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.05)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._context)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.close()

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self.lists += 1
        if refusal := _refusal(self.list_conduct):
            return refusal
        await asyncio.sleep(self.list_conduct.latency_s)
        return web.json_response(self.listed)

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        self.doors += 1
        number = self.doors
        conduct = self.script(number)
        query = request.query
        self.tokens.append(query.get("Sec-MS-GEC", ""))
        if query.get("TrustedClientToken") != TOKEN or not self.tokens[-1]:
            self.faults.append(f"a request without its token: {request.query_string}")
        if refusal := _refusal(conduct):
            return refusal
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            asked = _asked(await socket.receive_str(), await socket.receive_str(), number)
            tries = sum(other.text == asked.text for other in self.asked)
            self.asked.append(asked)
            if self.by_text:
                conduct = self.by_text(asked.text, tries)
            if asked.voice in VOICES:
                await self._speak(socket, request, asked, conduct)
            await socket.close()
        except AssertionError as error:
            self.faults.append(repr(error))
        except (ConnectionError, RuntimeError, TypeError):
            pass  # the client has gone
        finally:
            self.now -= 1
        return socket

    async def _speak(
        self, socket: web.WebSocketResponse, request: web.Request, asked: Asked, conduct: Conduct
    ) -> None:
        right = said(asked.text, 1 + int(asked.rate.removesuffix("%")) / 100)
        messages, share = list(_messages(conduct.change(right))), conduct.after
        stop = round(len(messages) * share) if share >= 0 else len(messages) + int(share)
        started = asyncio.get_running_loop().time() + conduct.latency_s
        await asyncio.sleep(conduct.latency_s)
        sent = 0
        for message in [*messages[:stop], *conduct.insert]:
            await _send(socket, message)
            if isinstance(message, bytes) and conduct.pace:
                sent += len(message) - len(audio_message(b""))
                due = started + sent / 6000 / conduct.pace
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        if conduct.end == "stall":
            await asyncio.sleep(60)
        elif conduct.end == "drop" and request.transport:
            request.transport.abort()
        elif conduct.end == "well":
            for message in messages[stop:]:
                await _send(socket, message)
            await socket.receive()  # the client's goodbye


async def _dated(request: web.Request, response: web.StreamResponse) -> None:
    """Take out the Date that a refusal is to be without."""
    if "X-No-Date" in response.headers:
        del response.headers["X-No-Date"], response.headers["Date"]


def _refusal(conduct: Conduct) -> web.Response | None:
    if not conduct.status:
        return None
    headers = {"Retry-After": conduct.retry_after} if conduct.retry_after else {}
    if conduct.skew_s is None:
        headers["X-No-Date"] = "1"
    else:
        headers["Date"] = formatdate(time() + conduct.skew_s, usegmt=True)
    return web.Response(status=conduct.status, headers=headers)


def _asked(config: str, ssml: str, number: int) -> Asked:
    assert "Path:speech.config" in config
    assert '"wordBoundaryEnabled":"true"' in config
    assert "audio-24khz-48kbitrate-mono-mp3" in config
    assert "Path:ssml" in ssml
    name = re.search(
        r"<voice name='Microsoft Server Speech Text to Speech Voice \(([^,]+), (\w+)\)'>", ssml
    )
    rate = re.search(r"rate='([+-]\d+%)'", ssml)
    text = re.search(r"<prosody[^>]*>(.*)</prosody>", ssml, re.DOTALL)
    assert name, ssml
    assert rate, ssml
    assert text, ssml
    return Asked(unescape(text[1]), f"{name[1]}-{name[2]}", rate[1], number)


def _messages(speech: Said) -> Iterator[str | bytes]:
    """All messages of a turn: boundaries a little ahead of the sound, as the service has them."""
    yield text_message("turn.start")
    yield text_message("response")
    words = list(speech.words)
    for at in range(0, len(speech.audio), PART):
        while words and words[0][0] <= (at + PART) * 10_000_000 // 6000:
            yield word_message(*words.pop(0))
        yield audio_message(speech.audio[at : at + PART])
    for word in words:
        yield word_message(*word)
    yield audio_message(b"", "Path:audio\r\n")
    yield text_message("turn.end")


async def _send(socket: web.WebSocketResponse, message: str | bytes) -> None:
    await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))


def _listed(name: str, gender: str) -> dict[str, object]:
    return {
        "Name": name,
        "ShortName": name,
        "Gender": gender,
        "Locale": name.rpartition("-")[0],
        "SuggestedCodec": "audio-24khz-48kbitrate-mono-mp3",
        "FriendlyName": f"Microsoft {name}",
        "Status": "GA",
        "VoiceTag": {"ContentCategories": ["News"], "VoicePersonalities": [" Reliable"]},
    }


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Service]:
    """Yield a service and stop it afterwards; what broke the protocol fails the test."""
    service = Service(context)
    try:
        yield service
    finally:
        service.stop()
    assert not service.faults, service.faults


class Proxy:
    """The proxy in a thread of its own. It resolves every name to this machine."""

    def __init__(self, password: str = "", status: int = 0, date: bool = True) -> None:
        self.password, self.status, self.date = password, status, date
        self.tunnels: list[str] = []
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        allowed = "Basic " + base64.b64encode(self.password.encode()).decode()
        refusal = self.status or (407 if self.password and allowed not in head else 0)
        if method != "CONNECT" or refusal:
            writer.write(f"HTTP/1.1 {refusal or 405} No\r\nContent-Length: 0\r\n\r\n".encode())
            writer.close()
            return
        self.tunnels.append(target)
        there = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.CancelledError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def proxy(**options: object) -> Iterator[Proxy]:
    running = Proxy(**options)  # type: ignore[arg-type]
    try:
        yield running
    finally:
        running.stop()


QUICK: dict[str, Any] = {
    "idle_s": 3.0,
    "request_s": 10.0,
    "total_s": 60.0,
    "backoff": 0.01,
    "failures": 1000,
    "connect_s": 2,
}
"""Settings for tests: hardly a wait between tries; the breaker opens only when told."""


def first(*conducts: Conduct, then: Conduct = WELL) -> Callable[[int], Conduct]:
    """A script: the first requests so, all others `then`."""
    return lambda number: conducts[number - 1] if number <= len(conducts) else then


def _words(change: Callable[[list[tuple[int, int, str]]], list[tuple[int, int, str]]]) -> Conduct:
    return Conduct(change=lambda said: replace(said, words=tuple(change(list(said.words)))))


def _audio(change: Callable[[bytes], bytes]) -> Conduct:
    return Conduct(change=lambda said: replace(said, audio=change(said.audio)))


def _frames(data: bytes, start: float, end: float) -> bytes:
    """A share of the frames of a sound."""
    count = len(data) // 144
    return data[round(count * start) * 144 : round(count * end) * 144]


def _without_middle(said: Said) -> Said:
    """Words left out: their boundaries and their sound, the later times moved up."""
    count = len(said.words)
    low, high = count // 3, max(count // 3 + 1, count * 2 // 3)
    gap = said.words[high][0] - said.words[low][0] if high < count else 0
    frames = gap // 240_000
    at = said.words[low][0] // 240_000 * 144
    moved = tuple(
        (start - frames * 240_000, length, word) for start, length, word in said.words[high:]
    )
    return Said(said.audio[:at] + said.audio[at + frames * 144 :], said.words[:low] + moved)


LOST = {
    "closed before the end": Conduct(end="close", after=0.5),
    "closed after all but the end of the turn": Conduct(end="close", after=-1),
    "torn": Conduct(end="drop", after=0.4),
    "torn at once": Conduct(end="drop", after=0.0),
    "no sound": Conduct(change=lambda said: Said(b"", ())),
    "silence instead of sound": _audio(
        lambda data: encoded(np.zeros(len(data) // 144 * 576, np.float32))
    ),
    "sound cut off, turn ended": _audio(lambda data: _frames(data, 0, 0.6)),
    "the first third of the sound lost": _audio(lambda data: _frames(data, 0.33, 1)),
    "the second half silent": _audio(
        lambda data: _frames(data, 0, 0.5) + encoded(np.zeros(len(data) // 288 * 576, np.float32))
    ),
    "a segment left out": Conduct(change=_without_middle),
    "sound and words of the first half only": Conduct(
        change=lambda said: Said(
            _frames(said.audio, 0, 0.5),
            tuple(w for w in said.words if w[0] < len(said.audio) / 12000 * 1e7),
        )
    ),
    "the last word without a boundary": _words(lambda words: words[:-1]),
    "damaged sound": _audio(lambda data: data[:1000] + b"\0\xff\x13garbage" * 20 + data[1000:]),
    "boundaries of another text": _words(lambda words: [(a, b, "猫狗") for a, b, _ in words]),
    "boundaries too late": _words(lambda words: [(a + 6_000_000, b, w) for a, b, w in words]),
    "boundaries too early": _words(
        lambda words: [(max(0, a - 6_000_000), b, w) for a, b, w in words]
    ),
    "boundaries in disorder": _words(
        lambda words: words[::-1] if len(words) > 1 else [(-5, 5, "")]
    ),
    "no boundaries": _words(lambda words: []),
    "half the boundaries missing": _words(lambda words: words[::2][:-1]),
    "a text frame that is none": Conduct(insert=("Hello?",), after=0.5, end="close"),
    "metadata that is none": Conduct(insert=(text_message("audio.metadata", "[]"),), after=0.5),
    "unknown metadata": Conduct(
        insert=(text_message("audio.metadata", '{"Metadata":[{"Type":"Viseme"}]}'),), after=0.5
    ),
    "an unknown path": Conduct(insert=(text_message("turn.other"),), after=0.5),
    "a short binary frame": Conduct(insert=(b"\0",), after=0.5),
    "a binary frame with a wrong length": Conduct(insert=(b"\xff\xffPath:audio",), after=0.5),
    "sound of another type": Conduct(
        insert=(audio_message(b"x", "Path:audio\r\nContent-Type:audio/ogg\r\n"),), after=0.5
    ),
}
"""What loses text, or could hide that it does: each must be noticed and mended by asking again."""
WAITS = {
    "silent from the start": Conduct(end="stall", after=0.0),
    "silent half-way": Conduct(end="stall", after=0.5),
    "silent before the end of the turn": Conduct(end="stall", after=-1),
}
REFUSALS = {
    "429": Conduct(status=429),
    "503": Conduct(status=503),
    "500": Conduct(status=500),
    "403 with a date": Conduct(status=403),
}


def main() -> None:
    """Serve for a bench: arguments are latency and pace, standard input is a JSON list of texts.

    Prints a JSON list: the address, and the seconds of sound there are for each text.
    """
    latency_s, pace = map(float, sys.argv[1:])
    seconds = [len(said(text).audio) / 6000 for text in json.loads(sys.stdin.readline())]
    service, conduct = Service(), Conduct(latency_s=latency_s, pace=pace)
    service.script = lambda number: conduct
    print(json.dumps([service.url, seconds]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
