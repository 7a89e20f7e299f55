"""A real small bulletin, and the means to damage it as a disk, a hand or a bug would."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bobao import cli
from bobao.errors import BobaoError
from bobao.files import sha256
from bobao.mix import encode, ffmpeg
from bobao.mix.levels import factor
from bobao.mix.mix import silent
from bobao.model import Bulletin
from bobao.publish import cover, manifest
from bobao.station.workspace import locate
from bobao.verify import mp3
from bobao.verify.beside import beside
from bobao.verify.checks.table import findings
from bobao.verify.evidence import Evidence, Finding
from bobao.verify.gather import file_of, gather, written
from bobao.verify.page import CHINESE, ENGLISH, phrase
from bobao.verify.verify import Report, verify
from bobao.voices.engine import Speech
from bobao.voices.store import Store

SLUG = "park"
SCRIPT = """\
---
slug: park
title: 九个公园
date: 2026-11-22
engine: tone
---

# 九个公园{|。}

> [路标] {|本节目由人工智能合成。}

今年以来，花街镇建成{9|九}个公园，出门就能散步。

## {|第一部分，}公园在家门口{|。}

民生无小事。
这些公园由空地改成，装上了LED路灯。

> [图片] {|图片说明：}公园一角{|。}

## {|第二部分，}下一步{|。}

明年再建五个{（见图1）|}。

> [不播] {责任编辑：王五|}
"""


def bobao(*arguments: object, code: int = 0) -> None:
    """The command itself, in this process."""
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(argument) for argument in arguments])
    assert stopped.value.code == code, arguments


def make(
    folder: Path, *options: str, script: str = SCRIPT, settings: str = "", side: int = 64
) -> Path:
    """A workspace with a bulletin in it."""
    bobao("init", folder, "-q")
    if settings:
        (folder / "bobao.toml").write_text(settings, "utf-8")
    (folder / "scripts" / f"{SLUG}.md").write_text(script, "utf-8")
    voice(folder, *options)
    mix(folder, *options, side=side)
    return folder


def voice(folder: Path, *options: str) -> None:
    bobao("voice", SLUG, "-w", folder, "-q", *(o for o in options if "sting" not in o))


def mix(folder: Path, *options: str, code: int = 0, side: int = 64) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "SIDE", side)  # nobody looks at it, and each mix draws it
        bobao("mix", SLUG, "-w", folder, "-q", *options, code=code)


def report(folder: Path) -> Report:
    """The report, every finding of which has its words."""
    found = verify(locate(folder), SLUG)
    worded(found.findings)
    return found


def faults(folder: Path) -> set[str]:
    """The messages of what is found."""
    return {finding.message for finding in report(folder).findings}


def faults_at(folder: Path) -> set[tuple[str, str]]:
    """The messages of what is found, each with its file."""
    return {(finding.message, finding.where.file) for finding in report(folder).findings}


def worded(found: Iterable[Finding]) -> set[str]:
    """The messages of findings, each of which has words in both languages."""
    found = list(found)
    for finding in found:
        assert all(phrase(finding, SLUG, ENGLISH) + phrase(finding, SLUG, CHINESE))
    return {finding.message for finding in found}


def heard(folder: Path) -> Evidence:
    """All evidence of a bulletin."""
    return gather(locate(folder), SLUG, silent)


@functools.cache
def _made_once(folder: Path) -> Path:
    made = make(folder / "verify" / "台", "--no-stings", side=cover.SIDE)
    bobao("publish", "-w", made, "-q", "--base-url", "https://example.org/台")
    return made


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a bulletin, one for all modules. Tests must leave it as it is."""
    return _made_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def evidence(station: Path) -> Evidence:
    """All evidence of that bulletin."""
    return heard(station)


@pytest.fixture
def bench(station: Path, tmp_path: Path) -> Bench:
    """A copy of that workspace."""
    return Bench(station, tmp_path / "copy")


class Bench:
    """A copy of a workspace to do damage in."""

    def __init__(self, original: Path, folder: Path) -> None:
        self.folder = Path(shutil.copytree(original, folder))
        self.output = self.folder / "output" / SLUG
        self.mp3 = self.output / f"{SLUG}.mp3"
        self.script = self.folder / "scripts" / f"{SLUG}.md"
        self.store = Store(self.folder / "audio" / "takes")

    @property
    def bulletin(self) -> Bulletin:
        return manifest.load((self.output / manifest.NAME).read_text("utf-8"))

    def cue(self, spoken: str):
        """The sentence that begins so."""
        return next(c for c in self.bulletin.cues() if c.line.spoken.startswith(spoken))

    def spoken_at(self, ms: int) -> str:
        """The first two characters of the sentence at a time."""
        return next(
            (c.line.spoken[:2] for c in self.bulletin.cues() if c.start_ms <= ms < c.end_ms), ""
        )

    def texts(self, evidence: Evidence) -> set[str]:
        """What is found where only texts are damaged, and the sound is as `evidence` has it."""
        workspace, bulletin = locate(self.folder), self.bulletin
        again = replace(
            evidence,
            written=written(workspace, SLUG),
            files=tuple(file_of(self.output, product.name) for product in bulletin.products),
            beside=tuple(beside(workspace, SLUG, bulletin)),
        )
        return worded(findings(again))

    def take(self, spoken: str, suffix: str = ".flac") -> Path:
        key = self.cue(spoken).take
        return self.store.folder / key[:2] / f"{key}{suffix}"

    def respeak(self, spoken: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
        """Store other sound under the take's own key, with the marks that it had."""
        key = self.cue(spoken).take
        take, samples = self.store.load(key), self.store.samples(key)
        self.store.save(key, Speech(change(samples).astype(np.float32), take.marks))

    def remix(self) -> None:
        """Mix anew, which what was done to a take is reason enough for."""
        mix(self.folder, "--no-stings")

    def swap(self, one: str, other: str, *, old: bool = False) -> None:
        """Exchange two takes in the store; `old`: as they were before their key was in them."""
        for suffix in (".flac", ".json"):
            a, b = self.take(one, suffix), self.take(other, suffix)
            first, second = a.read_bytes(), b.read_bytes()
            a.write_bytes(second)
            b.write_bytes(first)
        for path in (self.take(one, ".json"), self.take(other, ".json")) if old else ():
            record = json.loads(path.read_text())
            del record["key"]
            path.write_text(json.dumps(record))

    def edit_manifest(self, change: Callable[[dict], None]) -> None:
        path = self.output / manifest.NAME
        tree = json.loads(path.read_text("utf-8"))
        change(tree)
        text = json.dumps(tree, ensure_ascii=False)
        with contextlib.suppress(BobaoError, TypeError):  # as bobao writes it, where it is one
            text = manifest.render(manifest.load(text))
        path.write_text(text, "utf-8")

    def seal(self) -> None:
        """Make the manifest tell sizes and digests of the files as they are now."""

        def renew(tree: dict) -> None:
            for product in tree["products"]:
                data = (self.output / product["name"]).read_bytes()
                product.update(bytes=len(data), sha256=sha256(data))

        self.edit_manifest(renew)

    def replace(self, name: str, old: str, new: str) -> None:
        """Edit a text of the bulletin, and seal it."""
        path = self.output / name
        text = path.read_text("utf-8")
        assert re.search(old, text), old
        path.write_text(re.sub(old, new, text, count=1), "utf-8")
        self.seal()

    def sound(self, path: Path | None = None) -> np.ndarray:
        return np.concatenate(list(mp3.blocks(path or self.mp3)))

    def rewrite(self, change: Callable[[np.ndarray], np.ndarray], path: Path | None = None) -> None:
        """Encode a file anew with its sound changed and its tags kept, and seal it."""
        path = path or self.mp3
        data = path.read_bytes()
        size = 10 + sum((byte & 0x7F) << 7 * (3 - k) for k, byte in enumerate(data[6:10]))
        # The encoder turns everything down a little, and has done so once already.
        sound = change(self.sound(path) * factor(-encode.loss(64))).astype("<f4")
        bare = path.with_suffix(".bare.mp3")
        pcm = ["-f", "f32le", "-ar", "44100", "-ac", "1", "-i", "pipe:0"]
        to = ["-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "0", "-y", f"file:{bare}"]
        ffmpeg.run([*pcm, *to], [sound.tobytes()])
        path.write_bytes(data[:size] + bare.read_bytes())
        bare.unlink()
        self.seal()

    def span(self, spoken: str) -> slice:
        """Where a sentence lies in the decoded bulletin."""
        cue = self.cue(spoken)
        return slice(cue.start_ms * 441 // 10, cue.end_ms * 441 // 10)
