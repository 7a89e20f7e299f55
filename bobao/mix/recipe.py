"""What a bulletin was made from, so that nothing that is finished is made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256, sha256_of
from bobao.mix.options import MixOptions
from bobao.mix.timeline import Speakers
from bobao.model import Bulletin, Product, Script, Take
from bobao.publish import manifest
from bobao.publish.feed import artwork
from bobao.station import versions
from bobao.voices.engine import Samples


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
        sha256(artwork.read(options.cover)) if options.cover else "",
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
    try:
        done = manifest.load((folder / manifest.NAME).read_text("utf-8"))
        whole = done.recipe == recipe and all(_whole(folder, each) for each in done.products)
    except (OSError, UnicodeDecodeError, BobaoError):
        return None  # not there, or not as we left it: it is made anew
    return done if whole else None


def _whole(folder: Path, product: Product) -> bool:
    path = folder / product.name
    return path.stat().st_size == product.bytes and sha256_of(path) == product.sha256
