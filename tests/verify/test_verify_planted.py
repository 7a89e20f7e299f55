"""Planted damages of every kind, in every product: each is found, by its name and at its place."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from verifying_stuff import SLUG, Bench, bench, faults_at, station

from bobao.files import sha256
from bobao.mix import ffmpeg
from bobao.model import RATE

__all__ = ["bench", "station"]

Damage = Callable[[Bench], object]
Sound = np.ndarray
FIRST, SECOND = "今年以来", "这些公园"
OUT = 44_100
MP3, VTT, EPUB = f"{SLUG}.mp3", f"{SLUG}.vtt", f"{SLUG}.epub"


# ── means ───────────────────────────────────────────────────────────────────────────────────────


def take(change: Callable[[Sound], Sound]) -> Damage:
    """Another sound in a take, which is mixed: the bulletin is true to it."""

    def damage(bench: Bench) -> None:
        bench.respeak(FIRST, change)
        bench.remix()

    return damage


def under(db: float, seconds: float, rate: int, start: int = 0) -> Callable[[Sound], Sound]:
    """The middle turned down."""

    def change(sound: Sound) -> Sound:
        first = (start or len(sound) // 3) // 240 * 240
        sound[first : first + int(seconds * rate)] *= 10 ** (-db / 20)
        return sound

    return change


def filled(fill: Callable[[int], Sound]) -> Callable[[Sound], Sound]:
    """1.5 s of something else put in, 30 dB under the take."""

    def change(sound: Sound) -> Sound:
        middle, what = len(sound) // 2, fill(RATE * 3 // 2)
        loud = np.sqrt(np.mean(sound**2)) * 10 ** (-30 / 20)
        return np.concatenate(
            [sound[:middle], what / np.sqrt(np.mean(what**2)) * loud, sound[middle:]]
        )

    return change


def hum(count: int) -> Sound:
    return np.sin(2 * np.pi * 100 * np.arange(count) / RATE) + 1e-9


def noise(count: int) -> Sound:
    return np.random.default_rng(1).normal(size=count)


def heard(change: Callable[[Bench, Sound], Sound]) -> Damage:
    """Another sound in the bulletin's own MP3; all digests are renewed."""
    return lambda bench: bench.rewrite(lambda sound: change(bench, sound))


def sentence(change: Callable[[Sound], Sound], spoken: str = FIRST) -> Damage:
    def turned(bench: Bench, sound: Sound) -> Sound:
        here = bench.span(spoken)
        sound[here] = change(sound[here])
        return sound

    return heard(turned)


def swapped(bench: Bench, sound: Sound) -> Sound:
    a, b = bench.span(FIRST), bench.span(SECOND)
    length = min(a.stop - a.start, b.stop - b.start)
    first = sound[a.start : a.start + length].copy()
    sound[a.start : a.start + length] = sound[b.start : b.start + length]
    sound[b.start : b.start + length] = first
    return sound


def longer_pause(bench: Bench, sound: Sound) -> Sound:
    end, next_ = bench.span("民生").stop, bench.span(SECOND).start
    doubled = np.concatenate([sound[:next_], np.zeros(next_ - end, "f4"), sound[next_:]])
    return doubled[: len(sound)]


def in_a_pause(what: Callable[[Bench, Sound, int], Sound]) -> Damage:
    def put(bench: Bench, sound: Sound) -> Sound:
        at = bench.span("民生").stop + 8820
        sound[at : at + 6180] = what(bench, sound, 6180)
        return sound

    return heard(put)


def encoded(*options: str) -> Damage:
    """The MP3 as another encoder would write it, its tag kept."""

    def damage(bench: Bench) -> None:
        data = bench.mp3.read_bytes()
        bare = bench.mp3.with_suffix(".bare.mp3")
        to = [*options, "-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "0", "-y"]
        pcm = ["-f", "f32le", "-ar", str(OUT), "-ac", "1", "-i", "pipe:0"]
        ffmpeg.run([*pcm, *to, f"file:{bare}"], [bench.sound().astype("<f4").tobytes()])
        bench.mp3.write_bytes(data[: data.index(b"\xff\xfb")] + bare.read_bytes())
        bare.unlink()
        bench.seal()

    return damage


def data(name: str, change: Callable[[bytes], bytes], *, sealed: bool = True) -> Damage:
    """A file's bytes changed; `name` may name the chapter by its place."""

    def damage(bench: Bench) -> None:
        path = bench.output / (bench.bulletin.chapters[1].file if name == "chapter" else name)
        path.write_bytes(change(path.read_bytes()))
        if sealed:
            bench.seal()

    return damage


def gone(name: str) -> Damage:
    return lambda bench: (bench.output / name).unlink()


def text(name: str, old: str, new: str, *, sealed: bool = True) -> Damage:
    """A text edited; with the digest renewed it has to be read to be found."""

    def edit(found: bytes) -> bytes:
        text = found.decode("utf-8")
        assert re.search(old, text), old
        return re.sub(old, new, text, count=1).encode("utf-8")

    return data(name, edit, sealed=sealed)


def page(name: str, old: str, new: str) -> Damage:
    return text(name, old, new, sealed=False)


def shifted(text: bytes) -> bytes:
    def later(found: re.Match[str]) -> str:
        ms = int(found[1]) * 60_000 + int(found[2].replace(".", "")) + 3000
        return f"00:{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    return re.sub(r"00:(\d\d):(\d\d\.\d{3})", later, text.decode("utf-8")).encode("utf-8")


def without(text: bytes) -> bytes:
    blocks = text.split(b"\n\n")
    return b"\n\n".join(blocks[:3] + blocks[4:])


def tag(change: Callable[[object], object], name: str = MP3) -> Damage:
    def damage(bench: Bench) -> None:
        from mutagen.id3 import ID3

        path = bench.output / (bench.bulletin.chapters[1].file if name == "chapter" else name)
        frames = ID3(path, translate=False)
        change(frames)
        frames.save(v2_version=3, v1=0)
        bench.seal()

    return damage


def put(key: str, value: object, attribute: str = "text") -> Callable[[object], object]:
    return lambda frames: setattr(frames[key], attribute, value)


def manifest(change: Callable[[dict], object]) -> Damage:
    return lambda bench: bench.edit_manifest(change)


def line_of(tree: dict) -> dict:
    return tree["chapters"][0]["sentences"][2]


def entries(change: Callable[[dict[str, bytes]], object]) -> Damage:
    """The book packed again with other entries, its archive in order."""

    def pack(book: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            inside = {name: archive.read(name) for name in archive.namelist()}
        change(inside)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in inside.items():
                archive.writestr(name, content)
        return made.getvalue()

    return data(EPUB, pack, sealed=False)


def edit(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], object]:
    def change(inside: dict[str, bytes]) -> None:
        made = re.sub(old, new, inside[f"EPUB/{name}"], count=1)
        assert made != inside[f"EPUB/{name}"]
        inside[f"EPUB/{name}"] = made

    return change


def exchange(one: str, other: str) -> Callable[[dict[str, bytes]], object]:
    def change(inside: dict[str, bytes]) -> None:
        a, b = f"EPUB/{one}", f"EPUB/{other}"
        inside[a], inside[b] = inside[b], inside[a]

    return change


def clips(inside: dict[str, bytes]) -> None:
    """Two sentences are lit while the other is heard."""
    name = "EPUB/chapter-02.smil"
    texts = re.findall(rb'<text src="[^"]*"/>', inside[name])
    one, other = texts[-2:]
    inside[name] = inside[name].replace(one, b"@").replace(other, one).replace(b"@", other)


def flipped(book: bytes) -> bytes:
    """One byte of the sound of a chapter, as a disk does it."""
    at = book.index(b"ID3", len(book) // 2) + 400 if b"ID3" in book[len(book) // 2 :] else -9000
    return book[:at] + bytes([book[at] ^ 0xFF]) + book[at + 1 :]


def feed(old: str, new: str) -> Damage:
    def damage(bench: Bench) -> None:
        path = bench.output.parent / "feed.xml"
        text = path.read_text("utf-8")
        assert re.search(old, text, re.S), old
        path.write_text(re.sub(old, new, text, count=1, flags=re.S), "utf-8")

    return damage


# ── the table ───────────────────────────────────────────────────────────────────────────────────

PLANTED: dict[tuple[str, str], dict[str, Damage]] = {
    ("silence.take", ""): {
        "7 s of silence in a take": take(lambda s: np.insert(s, len(s) // 2, np.zeros(7 * RATE))),
        "a take that dips 25 dB for 1.2 s": take(under(25, 1.2, RATE)),
        "a hum in a take": take(filled(hum)),
        "faint noise in a take": take(filled(noise)),
    },
    ("silence.heard", ""): {
        "a dip of 25 dB for 1.2 s": sentence(under(25, 1.2, OUT)),
        "a second of nothing": sentence(under(200, 1.0, OUT)),
    },
    ("sound.other", ""): {
        "two sentences swapped": heard(swapped),
        "a sentence backwards": sentence(lambda s: s[::-1]),
    },
    ("sound.shifted", ""): {
        "a pause twice as long": heard(longer_pause),
        "everything 0.1 s late": heard(lambda _, s: np.roll(s, 4410)),
    },
    ("sound.soft", ""): {
        "a sentence 20 dB softer": sentence(lambda s: s * 0.1, SECOND),
    },
    ("pauses.noise", ""): {
        "a burst of noise in a pause": in_a_pause(lambda b, s, n: 0.05 * noise(n)),
        "a word in a pause": in_a_pause(lambda b, s, n: s[b.span("民生").start :][:n]),
        "a constant added (DC)": heard(lambda _, s: s + 0.05),
    },
    ("loudness.whole", MP3): {
        "6 dB too soft": heard(lambda _, s: s / 2),
    },
    ("loudness.peak", MP3): {
        "12 dB too loud": heard(lambda _, s: s * 4),
        "a sentence cut off at its tops": sentence(lambda s: np.clip(s * 30, -0.95, 0.95)),
    },
    ("mp3.unreadable", MP3): {
        "half the sampling rate": encoded("-ar", "22050"),
        "two channels": encoded("-ac", "2"),
        "an MP3 that is a page": data(MP3, lambda d: b"<!doctype html>"),
    },
    ("sound.ended", ""): {
        "the end cut off": data(MP3, lambda d: d[: len(d) * 2 // 3]),
    },
    ("mp3.junk", MP3): {
        "3,000 bytes of zeros": data(
            MP3, lambda d: d[: len(d) // 2] + bytes(3000) + d[len(d) // 2 + 3000 :]
        ),
    },
    ("mp3.length", ".mp3"): {
        "a chapter that is another": lambda b: (
            (b.output / b.bulletin.chapters[1].file).write_bytes(
                (b.output / b.bulletin.chapters[0].file).read_bytes()
            )
            and b.seal()
        ),
        "the end of a chapter cut off": data("chapter", lambda d: d[:-9000]),
    },
    ("parts.differ", ".mp3"): {
        "a chapter 6 dB softer": lambda b: b.rewrite(
            lambda s: s / 2, b.output / b.bulletin.chapters[1].file
        ),
        "a sentence lost in a chapter": lambda b: b.rewrite(
            lambda s: np.concatenate([s[: len(s) // 2], 0 * s[len(s) // 2 :]]),
            b.output / b.bulletin.chapters[1].file,
        ),
    },
    ("files.missing", MP3): {
        "no MP3": gone(MP3),
    },
    ("files.missing", ".mp3"): {
        "no chapter": lambda b: (b.output / b.bulletin.chapters[1].file).unlink(),
    },
    ("files.extra", "09-旧.mp3"): {
        "a chapter too many": lambda b: (b.output / "chapters" / "09-旧.mp3").write_bytes(
            b.mp3.read_bytes()
        ),
    },
    ("files.missing", "cover.png"): {
        "no cover": gone("cover.png"),
    },
    ("files.changed", "cover.png"): {
        "a byte of the cover": data("cover.png", lambda d: d[:-20] + b"x" + d[-19:], sealed=False),
    },
    ("tags.differ", MP3): {
        "another title in the tag": tag(put("TIT2", ["别的"])),
        "another artist": tag(put("TPE1", ["别人"])),
        "another year": tag(put("TYER", ["1999"])),
        "a word of the lyrics": tag(put("USLT::zho", "彩灯")),
        "a chapter 0.25 s late in the tag": tag(put("CHAP:chp2", 250, "start_time")),
        "a chapter less in the tag": tag(lambda f: f.delall("CHAP:chp2")),
        "a chapter more in the tag": tag(lambda f: f.add(type(f["CHAP:chp2"])("chp9", 0, 9, 0, 9))),
        "no contents in the tag": tag(lambda f: f.delall("CTOC")),
        "a chapter that the contents leave out": tag(
            lambda f: f["CTOC:toc"].child_element_ids.pop()
        ),
        "no label of synthetic speech": tag(lambda f: f.delall("TXXX:AIGC")),
        "a label that denies it": tag(
            lambda f: setattr(f["TXXX:AIGC"], "text", [str(f["TXXX:AIGC"]).replace("1", "2", 1)])
        ),
        "no cover in the tag": tag(lambda f: f.delall("APIC")),
        "the date in bulletin.json": manifest(lambda t: t["header"].update(date="1999-01-01")),
    },
    ("tags.unreadable", MP3): {
        "no tag at all": data(MP3, lambda d: d[d.index(b"\xff\xfb") :]),
    },
    ("tags.differ", ".mp3"): {
        "another number of a chapter": tag(put("TRCK", ["9/9"]), "chapter"),
    },
    ("texts.differ", VTT): {
        "captions 3 s late": data(VTT, shifted),
        "a caption less": data(VTT, without),
        "a caption that says something else": text(VTT, "路灯", "彩灯"),
        "captions that are none": text(VTT, "WEBVTT", "WEB"),
    },
    ("files.missing", VTT): {
        "no captions": gone(VTT),
    },
    ("files.unlisted", VTT): {
        "captions that are not listed": manifest(
            lambda t: t.update(products=[p for p in t["products"] if p["name"] != VTT])
        ),
    },
    ("files.changed", VTT): {
        "captions edited on the disk": page(VTT, "路灯", "彩灯"),
    },
    ("texts.differ", "chapters.json"): {
        "a chapter late in chapters.json": text(
            "chapters.json", r'("startTime": )([1-9]\d*)', r"\g<1>1\2"
        ),
        "no JSON": text("chapters.json", r"\{", "["),
    },
    ("texts.differ", "chapters.txt"): {
        "a line less in chapters.txt": text("chapters.txt", r".*\n", ""),
    },
    ("texts.differ", f"{SLUG}.m3u8"): {
        "an entry less in the playlist": text(f"{SLUG}.m3u8", r"#EXTINF.*\n.*\n", ""),
        "the title in bulletin.json": manifest(lambda t: t["header"].update(title="别的")),
    },
    ("sentences.text", ""): {
        "what a sentence says in bulletin.json": manifest(
            lambda t: line_of(t)["spans"][0].update(spoken="别的", written="别的")
        ),
    },
    ("files.changed", ""): {
        "a digest in bulletin.json": manifest(
            lambda t: t["products"][0].update(sha256=sha256(b""))
        ),
    },
    ("sentences.words", ""): {
        "a word's time in bulletin.json": manifest(
            lambda t: line_of(t)["words"][1].update(start_ms=0)
        ),
    },
    ("chapters.start", ""): {
        "a chapter's start in bulletin.json": manifest(
            lambda t: t["chapters"][1].update(start_ms=t["chapters"][1]["start_ms"] + 250)
        ),
    },
    ("loudness.told", MP3): {
        "the loudness in bulletin.json": manifest(lambda t: t["loudness"].update(integrated=-9.0)),
    },
    ("texts.differ", "bulletin.json"): {
        "a blank in bulletin.json": data(
            "bulletin.json", lambda d: json.dumps(json.loads(d)).encode(), sealed=False
        ),
    },
    ("pages.differ", "index.html"): {
        "a character of the page": page("index.html", "路灯", "彩灯"),
        "half the page": data("index.html", lambda d: d[: len(d) // 2], sealed=False),
    },
    ("pages.missing", "index.html"): {
        "no page": gone("index.html"),
    },
    ("pages.differ", "transcript.html"): {
        "a character of the transcript": page("transcript.html", "路灯", "彩灯"),
        "a time of the transcript": page("transcript.html", 'datetime="PT', 'datetime="PT9'),
    },
    ("pages.differ", f"{SLUG}.txt"): {
        "a paragraph less in the text": page(f"{SLUG}.txt", "今年以来.*\n", ""),
    },
    ("pages.missing", f"{SLUG}.txt"): {
        "no text": gone(f"{SLUG}.txt"),
    },
    ("pages.missing", EPUB): {
        "no book": gone(EPUB),
    },
    ("book.missing", EPUB): {
        "a book without a chapter's sound": entries(
            lambda inside: inside.pop("EPUB/chapter-02.mp3")
        ),
        "a book without its cover": entries(lambda inside: inside.pop("EPUB/cover.png")),
    },
    ("book.differs", EPUB): {
        "a book with half a chapter's sound": entries(
            lambda i: i.update({"EPUB/chapter-02.mp3": i["EPUB/chapter-02.mp3"][:9000]})
        ),
        "a book that lacks a sentence": entries(
            edit("chapter-01.xhtml", b"<span [^>]*>.*?</span>", b"")
        ),
        "clips swapped in a book": entries(clips),
        "a clip that ends late": entries(
            edit("chapter-02.smil", rb'clipEnd="0:00', b'clipEnd="0:09')
        ),
        "the sounds of two chapters swapped in a book": entries(
            exchange("chapter-01.mp3", "chapter-02.mp3")
        ),
    },
    ("book.damaged", EPUB): {
        "a byte of a book's sound (CRC)": data(EPUB, flipped, sealed=False),
    },
    ("book.extra", EPUB): {
        "a book with something else in it": entries(
            lambda inside: inside.update({"EPUB/x.js": b"alert(1)"})
        ),
    },
    ("book.unreadable", EPUB): {
        "half a book": data(EPUB, lambda d: d[: len(d) // 2], sealed=False),
        "a book that is none": data(EPUB, lambda d: b"<html></html>", sealed=False),
    },
    ("feed.differs", "feed.xml"): {
        "the enclosure's length in the feed": feed('(<enclosure[^>]*length=")', r"\g<1>1"),
        "the enclosure's type in the feed": feed("(<enclosure[^>]*)audio/mpeg", r"\g<1>text/html"),
        "the transcript in the feed": feed(r"(<podcast:transcript[^>]*)\.vtt", r"\g<1>.srt"),
        "the date in the feed": feed("(<item>.*?<pubDate>...)", r"\g<1>x"),
    },
    ("feed.missing", "feed.xml"): {
        "the GUID in the feed": feed("(<guid[^>]*>)", r"\g<1>x"),
        "no entry in the feed": feed("<item>.*?</item>", ""),
    },
    ("feed.unreadable", "feed.xml"): {
        "half a feed": feed("</item>.*", ""),
        "no feed": lambda b: (b.output.parent / "feed.xml").unlink(),
    },
}
"""By what is found of a damage and in which file (its end): each damage by its name."""
CASES = {
    name: (damage, *found) for found, damages in PLANTED.items() for name, damage in damages.items()
}


def test_the_table_is_long_enough():
    assert len(CASES) >= 90
    assert len(CASES) == sum(map(len, PLANTED.values()))


@pytest.mark.parametrize("name", CASES)
def test_a_planted_damage_is_found(bench: Bench, name: str):
    damage, message, place = CASES[name]
    damage(bench)
    found = faults_at(bench.folder)
    assert [file for what, file in found if what == message and file.endswith(place)], found
