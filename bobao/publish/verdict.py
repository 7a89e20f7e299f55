"""What the last verification of a bulletin found, kept for those who publish it.

It is in the hidden folder of the output, and holds for the bulletin that was verified: of one that
was mixed again since, and came out otherwise, nothing is known.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bobao.files import write_text
from bobao.station.workspace import Workspace


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """How many faults were found, and the first of them in words, or what else forbids publishing.

    `sha256` is that of the `bulletin.json` that was verified, `code` tells by which checks (empty:
    it is not known). `doubts` are those of a recogniser, as plain data: they are among the faults
    until it listens again or a person has.
    """

    sha256: str
    faults: int
    first: str = ""
    code: str = ""
    doubts: tuple[dict[str, Any], ...] = ()


def keep(workspace: Workspace, slug: str, verdict: KeptVerdict) -> None:
    """Keep a verdict in place of the last one. Raises `BobaoError` where it cannot be written."""
    text = json.dumps(asdict(verdict), ensure_ascii=False)
    write_text(workspace.verdict(slug), text + "\n")


def last(workspace: Workspace, slug: str) -> KeptVerdict | None:
    """The last verdict; None where there is none that can be read."""
    try:
        tree = json.loads(workspace.verdict(slug).read_bytes())
        sha256, faults, first = str(tree["sha256"]), int(tree["faults"]), str(tree["first"])
        doubts = tuple(map(dict, tree.get("doubts", ())))
        return KeptVerdict(sha256, faults, first, str(tree.get("code", "")), doubts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
