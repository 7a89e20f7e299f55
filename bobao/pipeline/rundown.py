"""The running order of the bulletin of the day (串联单): a seed that names other seeds.

``seeds/NAME.rundown`` is a text file, one story a line in the order of the broadcast: a name in
``seeds/``, and after ``|`` the desk's own lead (导语) where it wrote one. Front matter may give the
``title``, the ``date``, and ``headlines: yes`` for titles and leads only::

    ---
    date: 2026-12-01
    ---
    huajie-2021
    park.md | 今年又有九个公园开放。
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256, write_text
from bobao.model import Header, Script
from bobao.pipeline.choices import YES
from bobao.script.markup import compose_header, fingerprint, parse_header
from bobao.script.rundown import Story
from bobao.station.workspace import Workspace

ENDING = ".rundown"
MOST = 100
"""Stories of one bulletin."""
_LEAD = "|"
_HEADLINES = "headlines"
_HOW = "Write one story a line: a name in seeds/, and after | its lead if you like."


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story as the running order names it, and the desk's own lead for it."""

    name: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class RunningOrder:
    """What a ``.rundown`` file says. `headlines`: titles and leads only."""

    entries: tuple[StoryLine, ...]
    title: str = ""
    date: str = ""
    headlines: bool = False


def is_rundown(path: Path) -> bool:
    """Whether a seed is a running order."""
    return path.suffix.lower() == ENDING


def parse(text: str, where: str) -> RunningOrder:
    """The running order in a file. Raises `BobaoError` with file and line for what is none."""
    lines = text.removeprefix("\ufeff").splitlines()
    header, taken = parse_header(lines, where)
    rows = [line for line in lines[taken:] if line.strip() and line.lstrip()[0] != "#"]
    cells = [[cell.strip() for cell in row.partition(_LEAD)[::2]] for row in rows]
    if not cells or len(cells) > MOST or not all(name for name, _ in cells):
        what = f"more than {MOST} stories" if len(cells) > MOST else "there is no story"
        raise BobaoError(f"{what} in this rundown", where=where, advice=_HOW)
    return RunningOrder(
        tuple(StoryLine(name, lead) for name, lead in cells),
        header.title,
        header.date,
        dict(header.extra).get(_HEADLINES) == YES,
    )


def compose(order: RunningOrder) -> str:
    """The file of a running order."""
    extra = ((_HEADLINES, YES),) if order.headlines else ()
    head = compose_header(Header("", order.title, order.date, extra=extra)).split("\n")
    kept = [line for line in head if not line.endswith(': ""')]
    rows = [f"{e.name} {_LEAD} {e.lead}" if e.lead else e.name for e in order.entries]
    return "\n".join([*(kept if len(kept) > 2 else ()), *rows]) + "\n"


def titled(order: RunningOrder, path: Path, date: str, *, chosen: bool) -> RunningOrder:
    """A running order with the date and the title that it has where none is given.

    A file called 2026-12-01.rundown is of that day. `date` is the one that counts where nothing
    else is known, and before all where it was `chosen`.
    """
    named = path.stem if _is_day(path.stem) else ""
    date = date if chosen else order.date or named or date
    words = "要闻提要" if order.headlines else "要闻"
    year, month, day = date.split("-") if _is_day(date) else ("", "", "")
    title = order.title or (f"{year}年{int(month)}月{int(day)}日{words}" if year else path.stem)
    return replace(order, date=date, title=title)


def _is_day(text: str) -> bool:
    import datetime

    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def gathered(
    workspace: Workspace, path: Path, order: RunningOrder, script_of: Callable[[Path], Script]
) -> tuple[Story, ...]:
    """The stories of a running order, each with its script.

    Raises `BobaoError` for one that is not there, not in the workspace, or a rundown itself.
    """
    stories = []
    for entry in order.entries:
        try:
            stories.append(Story(script_of(_seed(workspace, entry.name)), entry.lead))
        except BobaoError as error:  # noqa: PERF203 - each story is read and drafted
            where = f"{workspace.relative(path)}: {entry.name}"
            raise BobaoError(error.what, where=error.where or where, advice=error.advice) from error
    return tuple(stories)


def _seed(workspace: Workspace, name: str) -> Path:
    own = (workspace.root / name).resolve()
    found = own if own.is_file() else workspace.find_seed(Path(name).name)
    if is_rundown(found):
        raise BobaoError("a rundown inside a rundown", advice="Name its stories one by one.")
    if not found.resolve().is_relative_to(workspace.root.resolve()):
        raise BobaoError("this story is outside the workspace", advice="Put it into seeds/.")
    return found


def digest(order: RunningOrder, stories: tuple[Story, ...]) -> str:
    """Tells whether the order, or the script of a story, has changed."""
    marks = [compose(order), *(fingerprint(story.script) for story in stories)]
    return sha256("\n".join(marks).encode("utf-8"))


def keep(path: Path, order: RunningOrder, *, force: bool = False) -> None:
    """Write the file of a running order. Raises `BobaoError` where one with another order is there.

    With `force` it is replaced.
    """
    text = compose(order)
    if path.exists() and not force and path.read_bytes() != text.encode("utf-8"):
        raise BobaoError(
            "this rundown is there already, with another order",
            where=str(path),
            advice=f"Edit it, and run `bobao rundown {path.stem}`; or replace it with --force.",
        )
    write_text(path, text)
