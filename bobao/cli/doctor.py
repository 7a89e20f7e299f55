"""``bobao doctor``."""

from __future__ import annotations

from dataclasses import asdict

import click

from bobao.cli.desk import Desk, at_desk
from bobao.cli.examine import Finding, examine

_SIGNS = {True: "ok", False: "MISSING", None: "note"}


@click.command()
@at_desk
def doctor(desk: Desk) -> int:
    """Say what is installed, what is missing and what to do. Exit code 1 if work cannot be done."""
    findings = examine(desk.start)
    desk.console.table(
        ("", "WHAT", "FOUND"), [(_SIGNS[f.fine], f.name, _told(f)) for f in findings]
    )
    desk.console.result([asdict(f) for f in findings])
    return int(any(f.fine is False for f in findings))


def _told(finding: Finding) -> str:
    return finding.found if finding.fine else f"{finding.found}. {finding.advice}"
