"""The mix: from a script and its takes to a finished bulletin in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bobao.errors import BobaoError
from bobao.files import sha256, sha256_of, write_bytes, write_text
from bobao.mix import master, stings, tags
from bobao.mix.folder import remade
from bobao.mix.render import Job, render
from bobao.mix.stream import SamplesOf, Sources
from bobao.mix.styles import MixOptions, Progress, Update
from bobao.mix.timeline import Speakers, Timeline, build
from bobao.model import Bulletin, Chapter, LineKind, Product, Script, Take
from bobao.publish import cover, manifest, outputs
from bobao.station import versions
from bobao.voices.engine import Samples

TRUE_PEAK = -1.0
"""dBTP that no file passes (EBU R128, Apple Podcasts)."""
WHOLE_LU, CHAPTER_LU = 0.5, 1.0
"""How far from the target the bulletin and each of its chapters may be."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A finished bulletin, and what a person should know about its sound.

    `fresh` is False where it was finished before and nothing had changed.
    """

    bulletin: Bulletin
    warnings: tuple[str, ...] = ()
    fresh: bool = True


def silent(_: str) -> Update:
    """Report to nobody."""
    return lambda done, total, remark: None


def mix(  # noqa: PLR0913 - what is mixed, where to, and how
    script: Script,
    takes: Sequence[Sequence[Take | None]],
    samples_of: SamplesOf,
    folder: Path,
    options: MixOptions,
    *,
    speakers: Speakers = (),
    progress: Progress = silent,
) -> Mixed:
    """Mix a bulletin into `folder`, which is replaced in one step when everything is checked.

    `takes` has a row for each section, with an entry for each line of it; `samples_of` gives the
    sound of a take by its key (float32 at `RATE`) and is called from several threads. `speakers`
    has the same rows. Raises `BobaoError` where a line is not recorded, a recording is damaged, or
    a file cannot be written or does not decode to its exact length; then `folder` is as it was.
    What was mixed from the same before, and is whole, is left as it is.
    """
    library = stings.load_library(options.stings) if options.stings else {}
    lengths = {name: len(samples) for name, samples in library.items()}
    timeline = build(script, takes, lengths, options.style.pauses, speakers)
    if not any(take for row in takes for take in row):
        raise BobaoError("the script has nothing to say", advice="Correct it, then record it.")
    recipe = fingerprint(script, takes, options, library, speakers)
    if done := finished(folder, recipe):
        return Mixed(done, tuple(_warnings(done, timeline, options.target)), fresh=False)
    sources = Sources(samples_of, library)
    gains = master.gains(timeline, sources, options.style.mastering)
    job = Job(script, timeline, replace(sources, gains=gains), options, progress)
    bulletin = _bulletin(job, recipe)
    with remade(folder, _ours(script.header.slug, _standing(folder))) as aside:
        (aside / "chapters").mkdir()
        tagged = tags.of(bulletin, options, _cover(job, aside))
        sounds = render(job, bulletin, aside, tagged)
        bulletin = replace(
            bulletin,
            loudness=sounds[0].loudness,
            chapter_loudness=tuple(sound.loudness for sound in sounds[1:]),
        )
        for name, text in outputs.texts(bulletin).items():
            write_text(aside / name, text)
        bulletin = replace(bulletin, products=products(aside))
        write_text(aside / manifest.NAME, manifest.render(bulletin))
    return Mixed(bulletin, tuple(_warnings(bulletin, timeline, options.target)))


def _bulletin(job: Job, recipe: str) -> Bulletin:
    """The bulletin before anything of it is measured."""
    options, cues = job.options, (cue for c in job.timeline.chapters for cue in c.cues if cue.take)
    return Bulletin(
        header=replace(job.script.header, source=_published(job.script.header.source)),
        chapters=tuple(map(_without_withheld, job.timeline.chapters)),
        duration_ms=job.timeline.duration_ms,
        engine=options.engine,
        engine_version=options.engine_version,
        voice=options.voice,
        recipe=recipe,
        voices=tuple(dict.fromkeys(cue.voice or options.voice for cue in cues)),
        style=options.style.name,
        instead_of=options.instead_of,
        mix=versions.NUMBERS["mix"],
    )


def _without_withheld(chapter: Chapter) -> Chapter:
    cues = tuple(cue for cue in chapter.cues if cue.line.kind is not LineKind.WITHHELD)
    return replace(chapter, cues=cues)


def _published(source: str) -> str:
    """What is told of an article: of one outside the workspace its name, and not its folder."""
    return PurePosixPath(source).name if source.startswith("..") else source


def _ours(slug: str, before: Bulletin | None) -> Callable[[str], bool]:
    """Whether a name in a bulletin's folder is one that a mix makes, or that the last one made."""
    made = {PurePosixPath(each.name).parts[0] for each in (before.products if before else ())}
    return lambda name: name in made or outputs.of_mix(slug, name) or name.startswith(".aside-")


def _cover(job: Job, aside: Path) -> bytes:
    picture = (
        cover.load(job.options.cover) if job.options.cover else cover.draw(job.script.header.slug)
    )
    suffix = {"image/png": "png", "image/jpeg": "jpg"}[cover.mime(picture)]
    write_bytes(aside / f"cover.{suffix}", picture)
    return picture


def _warnings(bulletin: Bulletin, timeline: Timeline, target: float) -> Iterable[str]:
    """What is not as loud as it should be."""
    measured = [bulletin.loudness, *bulletin.chapter_loudness]
    names = ["the bulletin", *(f"chapter {c.number}" for c in bulletin.chapters)]
    speaks = [True, *(any(cue.take for cue in c.cues) for c in timeline.chapters)]
    for number, (name, loudness) in enumerate(zip(names, measured, strict=True)):
        if loudness is None:
            continue
        room = CHAPTER_LU if number else WHOLE_LU
        if speaks[number] and not abs(loudness.integrated - target) <= room:
            yield f"{name} is at {loudness.integrated:.1f} LUFS, not at {target:.1f} ± {room}"
        if loudness.true_peak > TRUE_PEAK:
            yield f"{name} has a true peak of {loudness.true_peak:.1f} dBTP, over {TRUE_PEAK}"


def fingerprint(
    script: Script,
    takes: Sequence[Sequence[Take | None]],
    options: MixOptions,
    library: Mapping[str, Samples],
    speakers: Speakers = (),
) -> str:
    """A digest of all that decides a bulletin's bytes: 64 hexadecimal digits.

    Raises `BobaoError` for a cover that cannot be read.
    """
    settings = replace(options, stings=None, cover=None, workers=1)
    parts = [
        versions.named("mix", "imageio-ffmpeg", "mutagen"),
        repr(script),
        repr(takes),
        repr(speakers),
        repr(settings),
        sha256(cover.read(options.cover)) if options.cover else "",
        *(f"{name} {sha256(sound.tobytes())}" for name, sound in sorted(library.items())),
    ]
    return sha256("\n".join(parts).encode("utf-8"))


def products(folder: Path) -> tuple[Product, ...]:
    """Every file in `folder` and below it, by name."""
    return tuple(
        Product(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def finished(folder: Path, recipe: str) -> Bulletin | None:
    """The bulletin in `folder`, if it was made by `recipe` and all of its files are whole."""
    done = _standing(folder)
    return done if done and done.recipe == recipe and _whole(folder, done) else None


def _standing(folder: Path) -> Bulletin | None:
    """The bulletin that is in `folder`; None where there is none that can be read."""
    try:
        return manifest.load((folder / manifest.NAME).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BobaoError):
        return None  # not there, or not as we left it: it is made anew


def _whole(folder: Path, bulletin: Bulletin) -> bool:
    """Whether all of its files are as they were left."""
    try:
        return all(
            (folder / each.name).stat().st_size == each.bytes
            and sha256_of(folder / each.name) == each.sha256
            for each in bulletin.products
        )
    except OSError:
        return False
