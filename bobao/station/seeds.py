"""What in a folder is an article, by its name alone, and what only lies beside articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bobao.errors import refusals
from bobao.station.config import CONFIG_NAME

_PARTS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", ".filepart")
"""What copying programs call a file that is not whole yet."""
_BESIDE = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg", ".heic", ".psd"),
    *(".mp3", ".wav", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".wma", ".amr"),
    *(".mp4", ".mov", ".avi", ".mkv", ".webm", ".wmv"),
    *(".css", ".js", ".woff", ".woff2", ".ttf"),
)
"""Pictures, sound, film and parts of web pages: what lies beside articles and has no text."""
_PAGE_PARTS = ("_files", ".files", "_文件", ".assets")
"""How folders end that browsers and editors save with a page, under its own name."""


def articles_in(folder: Path) -> tuple[Path, ...]:
    """The articles in a folder, sorted by name."""
    return tuple(sorted(path for path in folder.glob("*") if _is_seed(path)))


def articles_below(folder: Path) -> Iterator[Path]:
    """The articles in a folder and the folders in it, sorted folder by folder.

    Raises `BobaoError` for a folder that cannot be looked into.
    """
    return (path for each in _folders(folder) for path in articles_in(each))


def beside_articles(folder: Path) -> Iterator[Path]:
    """The pictures, the sound and the like beside those, which no run takes for articles."""
    for each in _folders(folder):
        found = (path for path in each.glob("*") if path.name.lower().endswith(_BESIDE))
        yield from sorted(path for path in found if path.is_file() and path.name[0] != ".")


def _folders(top: Path) -> Iterator[Path]:
    """A folder and those in it in which articles may lie; of a workspace its seeds alone.

    Hidden folders and those that hold the parts of a saved web page are passed over, and so are
    links to folders, which could lead round in a ring.
    """
    if (top / CONFIG_NAME).is_file():
        top = top / "seeds"
    if not top.is_dir():
        return
    yield top
    with refusals(
        "cannot look into this folder", top, "Mend its rights, or name the folders beside it."
    ):
        inside = sorted(path for path in top.iterdir() if path.is_dir() and not path.is_symlink())
    for each in inside:
        if not each.name.startswith(".") and not each.name.lower().endswith(_PAGE_PARTS):
            yield from _folders(each)


def _is_seed(path: Path) -> bool:
    """Whether a file is there to be read: whole, no lock of Word's (``~$``), nothing of ours."""
    name = path.name.lower()
    ours = path.name in ("README.md", CONFIG_NAME) or name.endswith(".decisions.tsv")
    other = name.startswith((".", "~$")) or name.endswith((*_PARTS, *_BESIDE))
    return path.is_file() and not ours and not other
