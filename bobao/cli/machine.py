"""``bobao init``, ``doctor``, ``voices`` and ``cache``: the workspace and this machine."""

from __future__ import annotations

import math
import platform
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import click

from bobao import __version__, pipeline
from bobao.cli.bulletins import player
from bobao.cli.console import Console, counted, verb
from bobao.errors import BobaoError
from bobao.files import folder_bytes, installing, user_cache, version_of
from bobao.station import workspace as station
from bobao.station.workspace import NO_WORKSPACE, Workspace

if TYPE_CHECKING:
    from bobao.voices.store import Stored


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@verb
def init(console: Console, folder: Path) -> None:
    """Make a workspace in FOLDER: seeds, scripts, audio, output and bobao.toml.

    What is there already is left as it is.
    """
    made = made_in(folder)
    console.say(f"{made.root}: ready. Put an article into {folder / 'seeds'}, then:")
    console.say(f"  cd {folder} && bobao produce NAME")
    console.result({"workspace": str(made.root)})


def made_in(folder: Path) -> Workspace:
    """The workspace in `folder`, made where it is not there yet."""
    from bobao.mix.stings import make_library

    made = station.create(folder)
    make_library(made.library)
    return made


# ── doctor ──────────────────────────────────────────────────────────────────────────────────────

PACKAGES = ("click", "edge-tts", "jieba", "mutagen", "numpy", "onnxruntime", "pydub", "pypinyin")
ROOM_MB = 500
"""Free disk that the prepared model (about 200 MB) and an hour of takes need with some to spare."""
_SIGNS = {True: "ok", False: "MISSING", None: "note"}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the report; `fine` is None for what is missing but does not stop the work."""

    name: str
    found: str
    fine: bool | None = True
    advice: str = ""


@click.command()
@verb
def doctor(console: Console) -> int:
    """Say what is installed, what is missing and what to do. Exit code 1 if work cannot be done."""
    found = [_diagnosed(name, look, console.start) for name, look in CHECKS.items()]
    rows = [
        (_SIGNS[each.fine], each.name, each.found if each.fine else f"{each.found}. {each.advice}")
        for each in found
    ]
    console.table(("", "WHAT", "FOUND"), rows)
    console.result([asdict(each) for each in found])
    return int(any(each.fine is False for each in found))


Looked = tuple[str, bool | None, str]
"""What was found, whether that is fine, and what to do where it is not."""


def _diagnosed(name: str, look: Callable[[Path], Looked], start: Path) -> Diagnosis:
    try:
        return Diagnosis(name, *look(start))
    except BobaoError as error:
        return Diagnosis(name, error.what, fine=False, advice=error.advice)
    except ImportError as error:
        advice = "Install bobao again, as its README says."
        return Diagnosis(name, str(error), fine=False, advice=advice)


def _python(_: Path) -> Looked:
    where = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return where, sys.version_info >= (3, 10), "bobao needs Python 3.10 or newer."


def _packages(_: Path) -> Looked:
    versions = {name: version_of(name) for name in PACKAGES}
    missing = [name for name, version in versions.items() if not version]
    listed = ", ".join(f"{name} {version or 'missing'}" for name, version in versions.items())
    return f"bobao {__version__}; {listed}", not missing, installing(*missing)


def _ffmpeg(_: Path) -> Looked:
    from bobao.mix.ffmpeg import find_ffmpeg

    return str(find_ffmpeg()), True, ""


def _model(_: Path) -> Looked:
    from bobao.voices.kokoro import decoder, model, runtime

    size = len(model.joined()) // 1_000_000
    where = runtime.chosen()
    if where != runtime.CPU:
        runtime.open_session(decoder.decoder_graph(), on_card=True)  # raises if it cannot start
    return f"Kokoro-82M, {size} MB, checksum right; its decoder runs on {where}", True, ""


def _cache(_: Path) -> Looked:
    folder = user_cache()
    parent = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(parent).free // 1_000_000
    found = f"{folder} ({folder_bytes(folder) // 1_000_000} MB used, {free} MB free)"
    return found, free > ROOM_MB, "Make room, or name another folder: BOBAO_CACHE"


def _sound(_: Path) -> Looked:
    name = player()
    return name or "none", True if name else None, "Only `bobao play` needs one: install mpv."


def _workspace(start: Path) -> Looked:
    try:
        place = station.locate(start)
    except BobaoError as error:
        if error.what != NO_WORKSPACE:
            raise
        return "not in one", None, error.advice
    counts = ", ".join(
        [counted(len(place.scripts()), "script"), counted(len(place.bulletins()), "bulletin")]
    )
    return f"{place.root} ({counts})", True, ""


CHECKS: dict[str, Callable[[Path], Looked]] = {
    "python": _python,
    "packages": _packages,
    "ffmpeg": _ffmpeg,
    "embedded voice": _model,
    "cache": _cache,
    "player": _sound,
    "workspace": _workspace,
}


# ── voices ──────────────────────────────────────────────────────────────────────────────────────


@runtime_checkable
class Asking(Protocol):
    """An engine whose voices are a service's: it can be made to ask for them."""

    def update_voices(self, *, now: bool = False) -> str:
        """Ask, unless the last answer is fresh; returns where the list is from, in words."""
        ...


@click.command()
@click.option("--engine", "only", default="", help="Only this engine's voices.")
@click.option("--refresh", is_flag=True, help="Ask an online engine's service again.")
@click.option(
    "--say", default="", metavar="VOICE", help="Hear this voice, with TEXT if it is given."
)
@click.argument("text", default="")
@verb
def voices(console: Console, only: str, refresh: bool, say: str, text: str) -> None:
    """List the voices, each engine's suggested one first, or hear one of them.

    An online engine's service is asked once a day at most, and only with --engine or --refresh.
    """
    from bobao.voices import registry

    if text and not say:
        raise click.UsageError("Say with --say VOICE who is to say the text.")
    if say:
        _hear(console, pipeline.say(say, text, only))
        return
    engines = [registry.engine(name) for name in ([only] if only else registry.names())]
    for engine in engines:
        if (only or refresh) and isinstance(engine, Asking):
            console.note(f"{engine.name}: {engine.update_voices(now=refresh)}")
    rows = [(engine.name, voice) for engine in engines for voice in engine.voices()]
    console.table(("ENGINE", "VOICE", "", "NOTE"), [(n, v.name, v.gender, v.note) for n, v in rows])
    console.result([{"engine": name, **asdict(voice)} for name, voice in rows])


def _hear(console: Console, file: Path) -> None:
    from bobao.cli.bulletins import played

    if not played(file, 0, 60_000):
        console.note("no sound system found here; the file is:")
    console.say(str(file))
    console.result({"file": str(file)})


# ── cache ───────────────────────────────────────────────────────────────────────────────────────


@click.group()
def cache() -> None:
    """Recorded lines and prepared voices: how much there is, what may go, whether it is whole."""


@cache.command()
@verb
def size(console: Console) -> None:
    """Show how much is stored, by engine."""
    from bobao.voices import store

    by_engine: dict[str, list[Stored]] = defaultdict(list)
    for each in store.stored(console.workspace().takes):
        by_engine[each.engine].append(each)
    rows = [
        (
            f"takes, {engine}",
            len(takes),
            round(sum(each.ms for each in takes) / 60_000, 1),
            sum(each.bytes for each in takes),
        )
        for engine, takes in sorted(by_engine.items())
    ]
    rows.append(("prepared for this user", 0, 0.0, folder_bytes(user_cache())))
    console.table(
        ("WHAT", "COUNT", "MINUTES", "MB"),
        ((what, f"{count or ''}", f"{long or ''}", _mb(size)) for what, count, long, size in rows),
    )
    names = ("what", "count", "minutes", "bytes")
    console.result([dict(zip(names, row, strict=True)) for row in rows])


@cache.command("verify")
@verb
def verify_takes(console: Console) -> None:
    """Read every take and compare it with its digest; exit code 1 if one is damaged."""
    from bobao.voices import store

    workspace = console.workspace()
    faults = [each for each in store.stored(workspace.takes, listen=True) if each.fault]
    for each in faults:
        console.say(f"{workspace.relative(each.path)}: {each.fault}")
    console.result([{"take": each.key, "fault": each.fault} for each in faults])
    if faults:
        raise BobaoError(
            f"damaged: {counted(len(faults), 'take')}",
            advice="Remove them with `bobao cache prune`; they are recorded anew when wanted.",
        )
    console.note("every take is as it was recorded")


@cache.command("prune")
@click.option("--older-than", "days", type=click.FloatRange(0), help="Not used for so many days.")
@click.option("--larger-than", "limit", help="The oldest, until so much is left: 500MB, 2G.")
@click.option("--orphans", is_flag=True, help="Those of which no finished bulletin is made.")
@click.option("--dry-run", "-n", is_flag=True, help="Only say what would go.")
@verb
def prune_takes(
    console: Console, days: float | None, limit: str | None, orphans: bool, dry_run: bool
) -> None:
    """Remove takes, and always those that are damaged. Bulletins stay as they are.

    What is removed is recorded anew when it is wanted again.
    """
    from bobao.voices import store

    workspace = console.workspace()
    going = store.prunable(
        store.stored(workspace.takes),
        _in_use(workspace),
        unused_since_s=0.0 if days is None else time.time() - days * 86_400,
        larger_than_bytes=store.bytes_of(limit) if limit else math.inf,
        orphans=orphans,
    )
    if not dry_run:
        for each in going:
            each.path.unlink(missing_ok=True)  # first: without it the sound counts for nothing
            each.path.with_suffix(".flac").unlink(missing_ok=True)
    freed = sum(each.bytes for each in going)
    done = "would remove" if dry_run else "removed"
    console.say(f"{done} {counted(len(going), 'take')}, {_mb(freed)} MB")
    console.result({"takes": [each.key for each in going], "bytes": freed, "dry": dry_run})


def _in_use(workspace: Workspace) -> frozenset[str]:
    from bobao.voices import store

    manifests = [workspace.bulletin(slug) / "bulletin.json" for slug in workspace.bulletins()]
    try:
        return store.in_use(manifests)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BobaoError(
            f"a finished bulletin cannot be read, so nothing is known to be unused: {error}",
            where=str(workspace.site),
            advice="Make it again with `bobao mix`, then prune.",
        ) from error


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f}"
