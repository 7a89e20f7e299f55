"""The one kind of error a person is shown: what is wrong, where, and what to do next."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBUG = "BOBAO_DEBUG"
"""Set, it lets an exception that nobody foresaw end the command with its traceback."""
_LONGEST = 300


class BobaoError(Exception):
    """Something the person at the desk can act on; `bobao.cli` prints it and exits with 1.

    `what` is one plain sentence, `where` names a file (``path`` or ``path:line``), `advice` says
    what to do next.
    """

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.advice}" if self.advice else head


@contextmanager
def refusals(
    what: str,
    path: Path,
    advice: str = "Check that the folder exists, may be written to, and that the disk has room.",
) -> Iterator[None]:
    """Turn the system's refusal (`OSError`) into a `BobaoError`: `what`, with its reason."""
    try:
        yield
    except OSError as error:
        raise BobaoError(
            f"{what}: {error.strerror or error}", where=str(path), advice=advice
        ) from error


def unforeseen(error: Exception) -> BobaoError:
    """What is said of any other exception: the system's refusal, or a defect of bobao."""
    if isinstance(error, OSError) and error.strerror:
        return BobaoError(
            error.strerror,
            where=str(error.filename or "")[:_LONGEST],
            advice="The system refused it: check the name, its rights, and the room on the disk.",
        )
    if isinstance(error, MemoryError):
        return BobaoError("there is not enough memory", advice="Free some, or split the article.")
    if isinstance(error, ValueError) and "null byte" in str(error):
        return BobaoError("a file's name cannot hold a NUL character", advice="Correct the name.")
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" ({Path(frame.filename).name}:{frame.lineno})" for frame in frames)
    return BobaoError(
        f"a fault in bobao: {type(error).__name__}: {error}"[:_LONGEST] + place,
        advice=f"Please report it, with what {DEBUG}=1 shows.",
    )
