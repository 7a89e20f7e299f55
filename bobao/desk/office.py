"""The desk's work on one workspace: what lies there, and what an editor does with it.

Whatever writes holds the one lock of the office; files are read afresh for every request, for an
editor's other tools work on them too.
"""

from __future__ import annotations

import datetime
import io
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bobao import pipeline
from bobao.desk.drawer import Drawer, Signature
from bobao.desk.edits import HEADING, Act, acted
from bobao.desk.examined import examined, spoken_lines
from bobao.desk.jobs import Jobs
from bobao.desk.proof import Playable, Proof
from bobao.desk.sounds import choices_in
from bobao.errors import BobaoError
from bobao.files import sha256, write_text
from bobao.model import RATE, Line
from bobao.pipeline import Choices, Studio
from bobao.pronounce.lexicon import entry
from bobao.pronounce.pinyin import is_pinyin_for, parse_pinyin
from bobao.pronounce.sounds import Reading
from bobao.script.markup import compose_header, fingerprint, is_edited, parse_header
from bobao.script.spans import Spans, silent, spoken
from bobao.script.wording import closed, hushed, worded
from bobao.station.config import STYLES
from bobao.station.workspace import Workspace, locate, slug_of
from bobao.verify.verify import proved
from bobao.voices import registry
from bobao.voices.casting import split
from bobao.voices.delivery import record_line
from bobao.voices.engine import Utterance

LOOK_S = 2.0
"""So long the tray looks into scripts that it does not know yet; the others wait."""


@dataclass(frozen=True, slots=True)
class TrayItem:
    """An article in the tray: what became of it.

    `lines` are those that are said, `recorded` those of them that are recorded, `doubts` what is to
    be decided; −1: nobody has looked yet. `made`: there is a bulletin, `stale` says that its script
    is younger.
    """

    slug: str
    title: str
    seed: str = ""
    drafted: bool = False
    doubts: int = -1
    lines: int = -1
    recorded: int = -1
    made: bool = False
    stale: bool = False
    verified: bool = False
    published: bool = False
    withdrawn: bool = False
    signed: tuple[str, ...] = ()


class Office:
    """The desk of the workspace at `root`."""

    def __init__(self, root: Path, today: str) -> None:
        self.root, self.today = root, today
        self.lock = threading.RLock()
        self.jobs = Jobs()
        self._warm = False
        self._looked: dict[str, tuple[object, tuple[int, int, int]]] = {}

    @property
    def workspace(self) -> Workspace:
        """The workspace with its settings as they are now."""
        return locate(self.root)

    def slug(self, name: str) -> str:
        """A name that has a script. Raises `BobaoError` for one that has none."""
        if name not in self.workspace.scripts():
            raise BobaoError(f"没有“{name}”这篇口播稿", advice="请回到稿件列表，刷新看看。")
        return name

    # ── The tray ────────────────────────────────────────────────────────────────────────────────

    def tray(self) -> tuple[TrayItem, ...]:
        """All articles, scripts and bulletins, the youngest first."""
        place, until = self.workspace, time.monotonic() + LOOK_S
        seeds = self._seeds()
        gone = {path.name for path in place.withdrawn("").glob("*") if path.is_dir()}
        slugs = {*seeds, *place.scripts(), *place.bulletins(), *gone}
        order = sorted(slugs, key=lambda slug: -_age(place, slug, seeds.get(slug)))
        return tuple(self._item(place, slug, seeds.get(slug), until) for slug in order)

    def item(self, slug: str) -> TrayItem:
        """One article of the tray."""
        return self._item(self.workspace, slug, self._seeds().get(slug), time.monotonic() + LOOK_S)

    def _item(self, place: Workspace, slug: str, seed: Path | None, until: float) -> TrayItem:
        script, bulletin = place.script(slug), place.bulletin(slug)
        made = (bulletin / "bulletin.json").is_file()
        item = TrayItem(
            slug,
            pipeline.script_header(place, slug).title or (seed.stem if seed else slug),
            place.relative(seed) if seed else "",
            drafted=script.is_file(),
            made=made,
            stale=made and _changed(script) > _changed(bulletin / "bulletin.json"),
            verified=made and proved(place, slug),
            published=(bulletin / "index.html").is_file(),
            withdrawn=not made and place.withdrawn(slug).is_dir(),
            signed=tuple(each.stage for each in self.drawer(slug).signatures()),
        )
        return self._counted(place, item, until) if item.drafted else item

    def _seeds(self) -> dict[str, Path]:
        """The articles in `seeds/` by their slugs; of one name the uppermost counts."""
        return {slug_of(path): path for path in reversed(self.workspace.articles())}

    def _counted(self, place: Workspace, item: TrayItem, until: float) -> TrayItem:
        """With the counts of lines and doubts, if they are known or there is time to look."""
        stamp = _stamp(place, item.slug)
        known = self._looked.get(item.slug)
        if known is None or known[0] != stamp:
            if time.monotonic() > until:
                return item
            try:
                self.proof(item.slug)
            except BobaoError:
                return item
            known = self._looked[item.slug]
        doubts, lines, recorded = known[1]
        return replace(item, doubts=doubts, lines=lines, recorded=recorded)

    def add(self, name: str, data: bytes) -> str:
        """Put an article into `seeds/` and draft it; its slug."""
        from bobao.reading.fetch import Fetched
        from bobao.reading.seeds import kept

        with self.lock:
            return self._drafted(kept(self.workspace.seeds, Fetched(data, name, name)))

    def fetch(self, address: str) -> str:
        """Put the article at an address of the web into `seeds/` and draft it; its slug."""
        from bobao.reading.addresses import is_url
        from bobao.reading.seeds import seed_of

        if not is_url(address):
            raise BobaoError("这不是网址", advice="网址以 https:// 开头。")
        return self._drafted(seed_of(self.workspace, address))

    def draft(self, slug: str) -> str:
        """Draft an article that lies in `seeds/`."""
        seeds = self._seeds()
        if slug not in seeds:
            raise BobaoError(f"稿源里没有“{slug}”", advice="请刷新稿件列表。")
        with self.lock:
            return self._drafted(seeds[slug])

    def rundown(self, name: str, slugs: list[str], *, headlines: bool) -> str:
        """Make a rundown of articles, in this order, and draft it; its slug."""
        from bobao.pipeline.rundown import ENDING, RunningOrder, StoryLine, keep

        place = self.workspace
        seeds = self._seeds()
        stories = [StoryLine(place.source_of(seeds[slug])) for slug in slugs if slug in seeds]
        if not stories:
            raise BobaoError("还没有选稿件", advice="请勾选至少一篇稿源里的稿件。")
        path = place.seeds / f"{slug_of(Path((name or self.today) + ENDING))}{ENDING}"
        with self.lock:
            keep(path, RunningOrder(tuple(stories), headlines=headlines))
            return self._drafted(path)

    def _drafted(self, path: Path) -> str:
        pipeline.draft(self.workspace, path, Choices(), self.today)
        return slug_of(path)

    # ── A script ────────────────────────────────────────────────────────────────────────────────

    def drawer(self, slug: str) -> Drawer:
        """Earlier versions of a script, and its signatures."""
        place = self.workspace
        return Drawer(place.drawer(slug), place.script(slug))

    def proof(self, slug: str) -> Proof:
        """The script as it is proofed; every line can be heard."""
        place = self.workspace

        def find(number: int, key: str, length_ms: int) -> Playable:
            return Playable(f"/hear/{slug}/{number}?{key[:16]}", length_ms)

        stamp = _stamp(place, slug)
        made = examined(place, self.slug(slug), Choices(), find, lambda _: None)
        self._looked[slug] = (stamp, (made.doubts.to_decide, made.audible, made.recorded))
        return made

    def lines(self, slug: str) -> Iterator[tuple[int, str, Line]]:
        """The lines of a script: number, row of the file, value."""
        from bobao.desk.edits import rows_of
        from bobao.script.markup import parse

        text = self._text(slug)
        rows, places = rows_of(text)
        for number, (at, line) in enumerate(zip(places, parse(text).lines(), strict=True), start=1):
            yield number, rows[at], line

    def line(self, slug: str, number: int) -> dict[str, Any]:
        """A line as it can be edited: its markup, and its words with their readings."""
        for at, row, line in self.lines(slug):
            if at == number:
                lexicon = pipeline.load_lexicon(self.workspace, slug)
                words = choices_in(line, lexicon)
                kind = HEADING if row.startswith(("# ", "## ")) else line.kind.value
                facts = {"written": line.written, "spoken": line.spoken, "kind": kind}
                return {"number": at, "was": row.strip(), **facts, "words": words}
        raise BobaoError(f"口播稿没有第 {number} 行", advice="请刷新页面。")

    def act(self, slug: str, act: Act) -> int:
        """Do an act; the number of the line to go on with. Raises as `edits.acted` does."""
        with self.lock:
            place, script = self.workspace, self.workspace.script(self.slug(slug))
            before = script.read_bytes()
            text = pipeline.decoded(before, script.name, "script")
            simplify = pipeline.script_header(place, slug).simplify
            words = pipeline.words_for(place, slug, simplify)

            def say(words_written: str) -> Spans:
                spans = hushed(worded(words_written, words))
                return closed(spans) if spoken(spans) else silent(words_written)

            made, number = acted(text, act, say, script.name)
            self.drawer(slug).replace(before, made.encode("utf-8"))
            return number

    def cast(self, slug: str, anchors: list[str], style: str) -> None:
        """Say who speaks a script, and in which style; empty: as the station has it."""
        if style and style not in STYLES:
            raise BobaoError(f"没有“{style}”这种播法", advice="请刷新页面。")
        with self.lock:
            place, script = self.workspace, self.workspace.script(self.slug(slug))
            before = script.read_bytes()
            lines = pipeline.decoded(before, script.name, "script").splitlines()
            header, taken = parse_header(lines, script.name)
            engine = registry.engine(header.engine or place.config.voice.engine)
            for name in anchors:
                registry.voice(engine, name)
            made = compose_header(replace(header, voice=", ".join(anchors), style=style))
            text = "\n".join([made, *lines[taken:]]) + "\n"
            self.drawer(slug).replace(before, text.encode("utf-8"))

    def voices(self, slug: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """The voices to choose from, those chosen for a script, and its style."""
        header = pipeline.script_header(self.workspace, slug)
        engine = registry.engine(header.engine or self.workspace.config.voice.engine)
        names = tuple(each.name for each in engine.voices())
        return names, tuple(split(header.voice)) if header.voice else (), header.style

    def undo(self, slug: str, *, again: bool = False) -> None:
        """Take back the last act, or do it `again`."""
        with self.lock:
            drawer = self.drawer(self.slug(slug))
            drawer.redo() if again else drawer.undo()

    def back_to(self, slug: str, version: str) -> None:
        """Put an earlier version of a script back."""
        with self.lock:
            self.drawer(self.slug(slug)).restore(version)

    def captions(self, slug: str, how: str) -> None:
        """Draft a script that nobody has edited with its captions announced, or silent."""
        seed = self._seeds().get(self.slug(slug))
        with self.lock:
            script = pipeline.load_script(self.workspace, slug)
            if seed is None or is_edited(script):
                raise BobaoError("口播稿已经改过", advice="图片说明请逐行改：不播，或恢复播出。")
            pipeline.draft(self.workspace, seed, Choices(captions=how), self.today)

    def teach(self, slug: str, word: str, reading: str, *, everywhere: bool) -> None:
        """Put a word into the station's lexicon, or (not `everywhere`) into that of the script."""
        with self.lock:
            made = entry(word.strip(), reading.strip())
            pipeline.put_words(self.workspace, [made], "" if everywhere else self.slug(slug))

    def sign(self, slug: str, stage: str, name: str) -> None:
        """Sign the script as it is now."""
        with self.lock:
            mark = fingerprint(pipeline.load_script(self.workspace, self.slug(slug)))
            now = datetime.datetime.now().astimezone().isoformat(timespec="minutes")
            self.drawer(slug).sign(Signature(stage, name.strip(), now, mark))

    def _text(self, slug: str) -> str:
        path = self.workspace.script(self.slug(slug))
        return pipeline.decoded(path.read_bytes(), path.name, "script")

    # ── To hear ─────────────────────────────────────────────────────────────────────────────────

    def warm(self, slug: str) -> None:
        """Have the embedded voice ready, aside, before the first line is asked for."""
        studio = pipeline.studio(self.workspace, slug, Choices())
        if not self._warm and studio.engine.name == registry.DEFAULT:
            self._warm = True
            threading.Thread(target=self._ready, args=(studio,), daemon=True).start()

    def _ready(self, studio: Studio) -> None:
        with self.jobs.voice, suppress(BobaoError):  # it is told where a line is asked for
            studio.engine.speak(Utterance("好。", studio.voice))

    def heard(self, slug: str, number: int) -> Path:
        """The sound of a line; it is recorded now where it is not, and kept."""
        studio = pipeline.studio(self.workspace, self.slug(slug), Choices())
        said = dict(spoken_lines(studio)).get(number)
        if said is None:
            raise BobaoError(f"第 {number} 行不播", advice="要播，请先恢复播出。")
        key = said.key(studio.engine)
        with self.jobs.voice:
            if studio.store.load(key) is None:
                record_line(key, said, studio.engine, studio.store)
        return studio.store.sound(key)

    def word_heard(self, slug: str, number: int, word: str, typed: str) -> bytes:
        """A word as the voice of that line says it: read as `typed`, pinyin or other words."""
        import soundfile

        studio = pipeline.studio(self.workspace, self.slug(slug), Choices())
        said = dict(spoken_lines(studio)).get(number)
        voice = said.voice if said else studio.voice
        pinyin = is_pinyin_for(word, typed)
        readings = (Reading(0, len(word), parse_pinyin(typed)),) if pinyin else ()
        utterance = Utterance(word if pinyin or not typed else typed, voice, readings=readings)
        with self.jobs.voice:
            samples = studio.engine.speak(utterance).samples
        sound = io.BytesIO()
        soundfile.write(sound, samples, RATE, format="WAV", subtype="PCM_16")
        return sound.getvalue()

    # ── To make, and to show ────────────────────────────────────────────────────────────────────

    def make(self, slug: str) -> None:
        """Record, mix, prove and publish a script, as a job."""
        self.slug(slug)
        self.jobs.begin(slug, "make", self.root)

    def site(self, slug: str, what: str) -> None:
        """Publish, or take a bulletin off the site, or put it back; as a job."""
        self.jobs.begin(slug, what, self.root)

    def print_proof(self, slug: str, page: str) -> Path:
        """Write the printable view beside the script, as `bobao proof` does."""
        path = self.workspace.script(slug).with_name(f"{slug}.proof.html")
        write_text(path, page)
        return path


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _age(place: Workspace, slug: str, seed: Path | None) -> float:
    """When anything of an article was last changed."""
    paths = [place.script(slug), place.bulletin(slug) / "bulletin.json", *([seed] if seed else [])]
    return max(map(_changed, paths))


def _stamp(place: Workspace, slug: str) -> object:
    """What counts of doubts and recordings depend on."""
    paths = (place.script(slug), place.lexicon, place.article_lexicon(slug))
    return (*map(_changed, paths), sha256(repr(place.config).encode("utf-8")))
