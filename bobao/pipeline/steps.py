"""The steps after the script: recording, mixing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.errors import BobaoError
from bobao.files import sweep, user_cache
from bobao.model import RATE, Bulletin, Script
from bobao.pipeline.choices import Choices, Progress
from bobao.pipeline.studio import Studio, Takes, check_decided, studio
from bobao.station.journal import span
from bobao.station.workspace import Workspace

if TYPE_CHECKING:  # numpy comes with these
    from bobao.mix.mix import Mixed
    from bobao.mix.styles import MixOptions
    from bobao.voices.engine import GaveUp


@dataclass(frozen=True, slots=True)
class Recorded:
    """The takes of a script, and who made them.

    Where an engine gave up and another stood in for it, `instead_of` is the name of the former and
    `why` tells what happened; all takes are the latter's.
    """

    script: Script
    takes: Takes
    engine: str
    engine_version: str
    voices: tuple[str, ...]
    spoken: int  # lines recorded now
    reused: int  # lines found in the store
    damaged: tuple[str, ...] = ()  # entries of the store that had to be recorded again
    instead_of: str = ""
    why: str = ""

    @property
    def voice(self) -> str:
        """The bulletin's own voice."""
        return self.voices[0]


def voice(workspace: Workspace, slug: str, choices: Choices, progress: Progress) -> Recorded:
    """Record every line of a script that is not in the take store yet.

    Then one recording for each section is put into `audio/<slug>/`, for an editor's ear. Where the
    engine gives up, the one named as fallback records all of it; raises `GaveUp` where none is.
    """
    from bobao.mix.stream import write_recordings
    from bobao.mix.timeline import build
    from bobao.publish import cover
    from bobao.voices.engine import GaveUp

    with span("voice", slug=slug):
        check_decided(workspace, slug)
        place = studio(workspace, slug, choices)
        if workspace.cover:
            cover.load(workspace.cover)  # a fault of it must not wait for the mix
        sweep(workspace.takes)
        why = ""
        try:
            takes, spoken, reused = place.record(choices.jobs, progress("voice"))
        except GaveUp as error:
            place, why = _stand_in(place, error), error.what
            told = progress(f"voice {place.engine.name}")
            takes, spoken, reused = place.record(choices.jobs, told)
        timeline = build(place.script, takes, {}, place.style.pauses)
        write_recordings(timeline, place.store.samples, workspace.recordings(slug))
    return Recorded(
        place.script,
        takes,
        place.engine.name,
        place.engine.version,
        _voices(place),
        spoken=spoken,
        reused=reused,
        damaged=tuple(place.damaged),
        instead_of=place.instead_of,
        why=why,
    )


def _stand_in(place: Studio, error: GaveUp) -> Studio:
    """The studio that takes over, or the error with what else can be done."""
    from bobao.voices.engine import GaveUp

    other = place.understudy()
    if other is None:
        raise GaveUp(
            error.what,
            where=error.where,
            advice=f"{error.advice} With --fallback kokoro the built-in voice then says all of it.",
        ) from error
    return other


def _voices(place: Studio) -> tuple[str, ...]:
    """The voices that are heard, the bulletin's own first."""
    spoken = [each.voice for row in place.deliveries() for each in row if each]
    return tuple(dict.fromkeys([place.voice, *spoken]))


def mix(workspace: Workspace, slug: str, choices: Choices, progress: Progress) -> Mixed:
    """Stitch the recorded takes of a script into the bulletin in `output/<slug>/`.

    Where the engine's takes are not all there but those of its fallback are, it is made of these.
    Raises `BobaoError` if a line is not recorded.
    """
    from bobao.mix.mix import mix as stitch

    with span("mix", slug=slug):
        place, takes = _recorded(studio(workspace, slug, choices), slug)
        return stitch(
            place.script,
            takes,
            place.store.samples,
            workspace.bulletin(slug),
            mix_options(workspace, place, choices),
            speakers=place.speakers(),
            progress=progress,
        )


def _recorded(asked: Studio, slug: str) -> tuple[Studio, Takes]:
    missing = ""
    for place in (asked, asked.understudy()):
        takes = place.found() if place else ""
        if place and not isinstance(takes, str):
            return place, takes
        missing = missing or str(takes)
    voices = ", ".join(_voices(asked))
    if asked.damaged:
        raise BobaoError(
            f"the recording of this line cannot be used: “{missing}”",
            where=asked.damaged[0],
            advice=f"Record it again: `bobao voice {slug}` speaks what is damaged anew.",
        )
    raise BobaoError(
        f"this line is not recorded ({asked.engine.name}: {voices}): “{missing}”",
        advice=f"Record it first: `bobao voice {slug}`.",
    )


def mix_options(workspace: Workspace, place: Studio, choices: Choices) -> MixOptions:
    """What the mix of a bulletin follows."""
    from bobao.mix.styles import MixOptions, Names

    config = workspace.config
    stings = config.sound.stings if choices.stings is None else choices.stings
    return MixOptions(
        engine=place.engine.name,
        engine_version=place.engine.version,
        voice=place.voice,
        instead_of=place.instead_of,
        style=place.style,
        station=config.station.name,
        author=config.station.author,
        loudness=config.sound.loudness,
        bitrate=config.sound.bitrate,
        stings=workspace.library if stings else None,
        label=Names(**asdict(config.label)),
        cover=workspace.cover,
    )


def load_bulletin(workspace: Workspace, slug: str) -> Bulletin:
    """Read a finished bulletin back from its `bulletin.json`."""
    from bobao.publish import manifest

    path = workspace.bulletin(slug) / "bulletin.json"
    try:
        return manifest.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BobaoError(
            "cannot read the bulletin",
            where=str(path),
            advice=f"Make it again: `bobao mix {slug}`.",
        ) from error


SAMPLE = "您好，这里是播报。今天是个好天气，请听今天的新闻。"
"""What a voice says so that one hears it, where no text is given."""


def say(voice: str, text: str, engine: str = "") -> Path:
    """A sound file in the cache in which `voice` says `text`.

    Without an `engine` it is the first that has the voice. Raises `BobaoError` where none has.
    """
    import soundfile

    from bobao.normalise import normalise
    from bobao.voices import registry
    from bobao.voices.engine import Utterance

    names = [engine] if engine else registry.names()
    known = {name: [each.name for each in registry.engine(name).voices()] for name in names}
    chosen = next((name for name in names if voice in known[name]), "")
    if not chosen:
        raise BobaoError(
            f"there is no voice “{voice}”", advice="`bobao voices` lists those that there are."
        )
    spoken = "".join(span.spoken for span in normalise(text or SAMPLE))
    samples = registry.engine(chosen).speak(Utterance(spoken, voice)).samples
    file = user_cache() / "said" / f"{chosen}-{voice}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, samples, RATE, subtype="PCM_16")
    return file
