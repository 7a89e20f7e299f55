"""All that is read from the disk and heard, as `Evidence`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256_of, stays_within
from bobao.mix.render import Progressing
from bobao.mix.styles import Progress, style, target
from bobao.model import Bulletin, Product
from bobao.publish import manifest
from bobao.script.markup import parse, parse_header
from bobao.script.notation import parse_line
from bobao.station.workspace import Workspace
from bobao.verify.beside import beside
from bobao.verify.evidence import Evidence, Written
from bobao.verify.hearing.verdicts import SentenceVerdict, sentences_of, verdicts
from bobao.verify.sound import hear_part, hear_whole
from bobao.verify.takes import take_in

WORKERS = 2
"""Chapter files heard at once; the bulletin's own file is heard by itself, before them."""

Listener = Callable[[Path, Bulletin], tuple[SentenceVerdict, ...]]


def load(workspace: Workspace, slug: str) -> Bulletin:
    """The bulletin that is to be verified.

    Raises `BobaoError` where there is none, or no manifest that can be read: then there is nothing
    to hold the files against.
    """
    path = workspace.bulletin(slug) / manifest.NAME
    name = workspace.relative(path)
    try:
        bulletin = manifest.load(path.read_text("utf-8"), where=name)
    except (OSError, UnicodeDecodeError) as error:
        raise BobaoError(
            "cannot read the bulletin", where=name, advice=f"Make it again: `bobao mix {slug}`."
        ) from error
    times = [bulletin.duration_ms]
    times += [time for each in bulletin.chapters for time in (each.start_ms, each.end_ms)]
    times += [time for each in bulletin.cues() for time in (each.start_ms, each.end_ms)]
    if not all(isinstance(time, int) and time >= 0 for time in times):
        raise BobaoError(
            "a time in it is no number of milliseconds",
            where=name,
            advice=f"Make it again: `bobao mix {slug}`.",
        )
    for part in (bulletin.header.slug, *(chapter.file for chapter in bulletin.chapters)):
        if not stays_within(part):
            raise BobaoError(
                f"it names a file outside of its folder: {part}",
                where=name,
                advice=f"Make it again: `bobao mix {slug}`.",
            )
    return bulletin


def gather(
    workspace: Workspace,
    slug: str,
    progress: Progress,
    listener: Listener | None = None,
) -> Evidence:
    """Read and hear everything about a bulletin.

    Raises `BobaoError` like `load` and `listener`; whatever else is missing or damaged is evidence.
    """
    bulletin = load(workspace, slug)
    folder = workspace.bulletin(slug)
    mp3 = folder / f"{bulletin.header.slug}.mp3"
    files = [folder / chapter.file for chapter in bulletin.chapters]
    with Progressing(progress, 2 * bulletin.duration_ms, "verify") as meter:
        whole = hear_whole(mp3, bulletin, partial(take_in, workspace.takes), meter.reach)
        meter.reach(bulletin.duration_ms)
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="verify") as pool:
            hear = partial(hear_part, whole=whole.level)
            parts = []
            for chapter, part in zip(
                bulletin.chapters, pool.map(hear, files, bulletin.chapters), strict=True
            ):
                parts.append(part)
                meter.add(chapter.end_ms - chapter.start_ms)
    return Evidence(
        bulletin=bulletin,
        name=workspace.relative(folder),
        written=written(workspace, slug),
        whole=whole,
        parts=tuple(parts),
        files=tuple(file_of(folder, product.name) for product in bulletin.products),
        beside=tuple(beside(workspace, slug, bulletin)),
        target=target(workspace.config.sound.loudness, style(bulletin.style or "news")),
        heard=listener(mp3, bulletin) if listener else None,
    )


def listening(model: str, progress: Progress) -> Listener:
    """What listens with a recogniser (see `bobao.verify.hearing.ear.Ear`), which is loaded now.

    Raises `BobaoError` where it is not to be had.
    """
    from bobao.verify.hearing import ear

    heard_by = ear.Ear(model, workers=WORKERS)

    def listen(path: Path, bulletin: Bulletin) -> tuple[SentenceVerdict, ...]:
        with Progressing(progress, bulletin.duration_ms, "listen") as meter:
            return tuple(
                verdicts(
                    partial(ear.decode, path),
                    sentences_of(bulletin),
                    heard_by,
                    lambda seconds: meter.reach(round(seconds * 1000)),
                )
            )

    return listen


def written(workspace: Workspace, slug: str) -> Written:
    """The script of a bulletin as it stands now."""
    path = workspace.script(slug)
    name = workspace.relative(path)
    try:
        text = path.read_bytes().decode("utf-8")
        script = parse(text, where=name)
    except (OSError, UnicodeDecodeError) as error:
        return Written(name, fault=str(getattr(error, "strerror", None) or error))
    except BobaoError as error:
        return Written(name, fault=f"{error.where}: {error.what}")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _, taken = parse_header(lines, name)
    numbers = tuple(
        number
        for number, line in enumerate(lines[taken:], start=taken + 1)
        if (parse_line(line.strip(), name) or (0, None))[1] is not None
    )
    return Written(name, script, numbers)


def file_of(folder: Path, name: str) -> Product:
    """What is there under the name of a product; nothing where it leads out of the folder."""
    path = folder / name
    if not stays_within(name) or not path.is_file():
        return Product(name, -1, "")
    return Product(name, path.stat().st_size, sha256_of(path))
