"""Seeded hostile inputs for the whole command, and what each of them does to it.

``python tests/hostile/hostile.py 600`` gives 600 of them and prints what went wrong, and a table by
kind; `test_hostile.py` gives a few in every run of the suite. A trial is right where the command ends
with 0, 1 or 2, says what is wrong as a person can read it, is done within 30 CPU seconds and one more
for every 30,000 characters, and has touched nothing outside of its workspace.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "reading"))

from bobao import cli

SENTENCE = "今年以来，花街镇共建成9个口袋公园，居民出门就能散步。"
ARTICLE = f"花街镇今年建成九个公园\n\n{SENTENCE}\n\n一、公园建在家门口\n\n{SENTENCE}\n"
SECRET = "outside.txt"
SIGNS = "{}|\\#>[]()<>&;'\"`*_~^$%=-+/:!?.,\t\r\n\0\x1b\u200b\u202e\ufeff\ufffd\u3000𠮷😀é́،हा"


@dataclass(frozen=True)
class Trial:
    """A hostile input: its kind, what it puts into a workspace, and the command it is given to."""

    kind: str
    files: dict[str | bytes, bytes]
    command: tuple[str, ...]

    @property
    def characters(self) -> int:
        return sum(map(len, self.files.values())) // 2


def noise(rng: random.Random, size: int) -> bytes:
    return rng.randbytes(size)


def signs(rng: random.Random, size: int) -> str:
    return "".join(rng.choice(SIGNS + "花街镇一2a ") for _ in range(size))


def damaged(rng: random.Random, data: bytes) -> bytes:
    """`data` with a few bytes changed, cut out, or said again."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(made))
        size = rng.choice([1, 1, 4, 64, 4096])
        change = rng.randrange(4)
        if change == 0:
            made[at : at + size] = noise(rng, size)
        elif change == 1 and len(made) > 2 * size:
            del made[at : at + size]
        elif change == 2:
            made[at:at] = made[max(0, at - size) : at] * rng.randint(1, 50)
        else:
            made[at:at] = signs(rng, rng.randint(1, 30)).encode("utf-8", "replace")
    return bytes(made)


def names(rng: random.Random) -> Trial:
    name = rng.choice(
        [
            b"\xc4\xe3\xba\xc3.txt",
            b"\xff\xfe.txt",
            b"index.html.txt",
            b"README.txt",
            b"takes.txt",
            b"library.md",
            b"feed.xml.txt",
            b"CON.txt",
            b"-o.txt",
            b"--help.txt",
            b"\xe2\x80\xae.txt",
            b"a\nb.txt",
            b"\x1b[31mred.txt",
            b"$(touch x).txt",
            b"'; x.txt",
            b"%n%s.txt",
            ("长" * 80).encode() + b".txt",
            b"a" * 250 + b".txt",
            b"..txt",
            b"...md",
            b" .txt",
            "花 街.TXT".encode(),
            b"a.b.c.d.txt",
            b"<script>.txt",
            b"a|b{c}.txt",
        ]
    )
    return Trial("names", {b"seeds/" + name: ARTICLE.encode()}, ("batch",))


def arguments(rng: random.Random) -> Trial:
    word = rng.choice(
        ["x" * 5000, "../" * 900 + "etc/passwd", "\udc80", "-", "a\0b", "", " ", "http://", "https://[",
         "http://127.0.0.1:1/", "file:///etc/passwd", "//", "~", "*", "CON", "1e999", "九" * 2000]
    )  # fmt: skip
    verb = rng.choice(
        ["produce", "draft", "read", "batch", "voice", "mix", "verify", "chapters", "play", "proof",
         "withdraw", "restore", "estimate", "--workspace", "--log", "lexicon", "feed", "voices --engine",
         "produce --date", "produce --voice", "produce --style", "play a --from", "serve --port"]
    )  # fmt: skip
    return Trial("arguments", {"seeds/a.txt": ARTICLE.encode()}, (*verb.split(), word))


def bytes_(rng: random.Random) -> Trial:
    text = ARTICLE * rng.randint(1, 40)
    encoded = text.encode(
        rng.choice(["utf-8", "gb18030", "utf-16", "big5hkscs", "utf-32"]), "replace"
    )
    data = rng.choice(
        [
            noise(rng, rng.randint(1, 60_000)),
            damaged(rng, encoded),
            signs(rng, rng.randint(1, 20_000)).encode("utf-8", "replace"),
            bytes(rng.randint(1, 100_000)),
            b"\xef\xbb\xbf" * 500 + encoded,
            (rng.choice(SIGNS) * rng.randint(1, 60_000)).encode("utf-8", "replace") + encoded,
        ]
    )
    name = (
        f"seeds/a.{rng.choice(['txt', 'md', 'html', 'docx', 'pdf', 'epub', 'json', 'srt', 'doc'])}"
    )
    return Trial("bytes", {name: data}, ("draft", name))


def markup(rng: random.Random) -> Trial:
    n = rng.choice([10, 300, 5000])
    tag = rng.choice(
        [
            "div",
            "p",
            "b",
            "span",
            "table",
            "td",
            "ul",
            "li",
            "h1",
            "ruby",
            "sup",
            "a",
            "section",
            "math",
            "svg",
            "blockquote",
        ]
    )
    pieces = [
        f"<{tag}>" * n + SENTENCE,
        f"<{tag}>" * n + SENTENCE + f"</{tag}>" * n,
        f"<{tag} " + " ".join(f"a{i}=1" for i in range(n)) + f">{SENTENCE}</{tag}>",
        "<table><tr><td>" * min(n, 80) + SENTENCE,
        f"<p>{SENTENCE}</p>" + "<!--" * n,
        "".join(f"&{name};" for name in ("nbsp", "x", "#0", "#xD800", "#x110000", "lt") * n)
        + SENTENCE,
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><p>&b;</p>'
        + SENTENCE,
        f"<img src='file:///etc/passwd' alt='{'花' * n}'><p>{SENTENCE}</p>",
        f"<td rowspan={10**9} colspan={10**9}>" * n + SENTENCE,
        "[" * n + SENTENCE + "](" * n,
        ("> " * n + "- " * n + SENTENCE + "\n") * 3,
        "|" * n + "\n" + "|-" * n + "\n" + SENTENCE,
        "`" * n + SENTENCE + "```\n" * n,
        "# " + " " * n + "花街镇" + "\xa0" * n + "#" * n + "\n\n" + SENTENCE,
        "$" * n + SENTENCE + "^" * n + "~" * n,
        f"<script>{signs(rng, 200)}</script><p>{SENTENCE}</p>",
        f"<p>{signs(rng, n)}</p>",
    ]
    text = ARTICLE + "\n\n" + "\n".join(rng.sample(pieces, rng.randint(1, 3)))
    ending = rng.choice(["html", "md", "txt", "xhtml"])
    page = f"<html><body>{text}</body></html>" if ending.endswith("html") else text
    return Trial("markup", {f"seeds/a.{ending}": page.encode("utf-8", "replace")}, ("draft", "a"))


def archives(rng: random.Random) -> Trial:
    from reading_files import docx_of, epub_of, zipped

    blocks = [("title", "花街镇今年建成九个公园"), ("paragraph", SENTENCE), ("heading", "一、公园")]
    book = epub_of([f"<h1>花街镇</h1><p>{SENTENCE}</p>"], "花街镇")
    word = docx_of(blocks)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"<w>" + b"a" * 60_000_000)
        file.writestr("[Content_Types].xml", "<x/>")
    escaping = zipped({f"../../{SECRET}": "x", "/etc/x": "x", "word/document.xml": "<a/>"})
    entity = zipped(
        {
            "[Content_Types].xml": "<x/>",
            "word/document.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">'
            + "".join(f'<!ENTITY y{i + 1} "{f"&y{i};" * 10}">' for i in range(9))
            + ']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>&x;&y9;</w:t></w:r></w:p></w:body></w:document>",
        }
    )
    name, data = rng.choice([("docx", word), ("epub", book)])
    data = rng.choice(
        [damaged(rng, data)] * 6 + [bomb.getvalue(), escaping, entity, data[: len(data) // 2]]
    )
    return Trial("archives", {f"seeds/a.{name}": data}, ("draft", "a"))


SCRIPT = f"---\nslug: a\ntitle: 花街镇\n---\n\n# 花街镇{{|。}}\n\n{SENTENCE}\n该镇完成{{4.07|四点零七}}亿元。\n"


def scripts(rng: random.Random) -> Trial:
    text = SCRIPT
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(text))
        more = rng.choice(
            [signs(rng, rng.randint(1, 40)), "{" * 500, "{重|chóng}", "{|", "|}", "> [路标] ", "\n---\n",
             "{a|zzz}", "slug: ../x\n", "voice-1: nobody\n", "engine: nobody\n", "date: 9999-99-99\n",
             "花" * 3000, "{花|" + "huā" * 300 + "}", "# ", "\n\n### ", "{١|}", "{x|\ud800}"]
        )  # fmt: skip
        text = text[:at] + more + text[at + rng.choice([0, 0, 3]) :]
    data = (
        text.encode("utf-8", "replace") if rng.random() < 0.9 else text.encode("gb18030", "replace")
    )
    verb = rng.choice(["voice", "estimate", "proof", "mix"])
    extra = ("--engine", "silence") if verb != "proof" else ()
    slug = "a" if verb != "estimate" else "seeds/a.txt"
    return Trial(
        "scripts", {"scripts/a.md": data, "seeds/a.txt": ARTICLE.encode()}, (verb, slug, *extra)
    )


def settings(rng: random.Random) -> Trial:
    from bobao.station.config import template

    lines = template().splitlines()
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(lines))
        key = lines[at].partition("=")[0]
        value = rng.choice(
            ['""', "true", "-1", "1e400", "nan", "[1]", '["a", 2]', "{a = 1}", '"../../x"', '"/etc/passwd"',
             '"' + "花" * 3000 + '"', "'\x07'", '"\\u0000"', "1979-05-27", '"<b>"', '"http://a.example/\\r\\nX: y"']
        )  # fmt: skip
        lines[at] = rng.choice(
            [f"{key}= {value}", signs(rng, 40), lines[at] + lines[at], "[voice]"]
        )
    files: dict[str | bytes, bytes] = {
        "bobao.toml": "\n".join(lines).encode("utf-8", "replace"),
        "seeds/a.txt": ARTICLE.encode(),
    }
    return Trial("settings", files, ("produce", "a", "--engine", "silence"))


def lexicons(rng: random.Random) -> Trial:
    pls = (
        '<?xml version="1.0"?><lexicon version="1.0" alphabet="x-pinyin" xml:lang="zh-CN" '
        'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"><lexeme><grapheme>重庆</grapheme>'
        "<phoneme>chong2 qing4</phoneme></lexeme><lexeme><grapheme>花街</grapheme>"
        "<alias>花该</alias></lexeme></lexicon>"
    )
    tsv = "重庆\tchóng qìng\n花街\thuā jiē\t本地\n"
    name, text = rng.choice([("x.pls", pls), ("x.tsv", tsv)])
    data = damaged(rng, text.encode() * rng.choice([1, 1, 200]))
    return Trial("lexicons", {name: data}, ("lexicon", "import", name))


KINDS: tuple[Callable[[random.Random], Trial], ...] = (
    names, arguments, bytes_, markup, archives, scripts, settings, lexicons,
)  # fmt: skip


def trial(seed: int) -> Trial:
    """The hostile input of a number."""
    return KINDS[seed % len(KINDS)](random.Random(seed))


def fault_of(given: Trial) -> str:
    """What is wrong with the answer to a trial; nothing where it is right."""
    around = Path(tempfile.mkdtemp())
    root, before = around / "ws", Path.cwd()
    try:
        for tray in ("seeds", "scripts", "audio", "output"):
            (root / tray).mkdir(parents=True)
        (root / "bobao.toml").write_text("[sound]\nstings = false\n", "utf-8")
        (around / SECRET).write_text("mine", "utf-8")
        for name, data in given.files.items():
            (root / os.fsdecode(name)).write_bytes(data)
        os.chdir(root)
        said = io.StringIO()
        command = [
            *given.command,
            *(("--engine", "silence") if given.command == ("batch",) else ()),
        ]
        started = time.process_time()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = cli.run(command)
        spent = time.process_time() - started
        os.chdir(before)
        text = said.getvalue()
        if code not in (0, 1, 2):
            return f"exit code {code}"
        if "Traceback" in text or "a fault in bobao" in text:
            return text[text.find("fault in bobao") - 2 :][:400]
        if code and not text.strip():
            return "it failed and said nothing"
        if spent > 30 + given.characters / 30_000:
            return f"{spent:.0f} CPU seconds"
        there = sorted(path.name for path in around.iterdir())
        if there != [SECRET, "ws"] or (around / SECRET).read_text() != "mine":
            return f"written outside: {there}"
        return ""
    finally:
        os.chdir(before)
        shutil.rmtree(around, ignore_errors=True)


def main(count: int, first: int = 0) -> None:
    """Give so many trials and print the faults."""
    wrong: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for seed in range(first, first + count):
        given = trial(seed)
        done[given.kind] += 1
        if fault := fault_of(given):
            wrong[given.kind] += 1
            print(f"{seed} {given.kind} {str(given.command)[:80]}: {fault}", flush=True)
    for kind, number in done.items():
        print(f"{kind:10} {number:5} {wrong[kind]:5} wrong")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
