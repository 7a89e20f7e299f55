"""`verify`: a finished bulletin proved, and what was found as a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from bobao.errors import BobaoError
from bobao.files import sha256_of
from bobao.mix.mix import silent
from bobao.mix.styles import Progress
from bobao.model import Bulletin
from bobao.publish import catalogue, manifest
from bobao.publish.catalogue import KeptVerdict
from bobao.station import versions
from bobao.station.journal import span
from bobao.station.workspace import Workspace
from bobao.verify.checks.table import OF_OTHERS, checks_for, findings
from bobao.verify.evidence import Finding, Where
from bobao.verify.gather import gather, listening, load
from bobao.verify.hearing.verdicts import SentenceVerdict, share
from bobao.verify.page import ENGLISH, phrase
from bobao.voices.dry import SilenceEngine

DRY_RUN = f"it says nothing, for the engine {SilenceEngine.name} is for dry runs"
"""Why a bulletin in which nothing else is wrong is not to be published."""
HEARING = "hearing"
"""The check of a recogniser; what it finds may be its own fault."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what a recogniser that listened before doubted, if that stands still.

    `heard` is None where nobody listened; `loudness` is what was measured. `unkept` tells why the
    report could not be written: an archive may be for reading only.
    """

    bulletin: Bulletin
    findings: tuple[Finding, ...]
    loudness: float
    script: str  # its name in the workspace
    heard: tuple[SentenceVerdict, ...] | None = None
    unkept: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def by_check(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """Every check that was done with its findings, in the order of the table."""
        for name in checks_for(self.bulletin):
            found = tuple(found for found in self.findings if found.check == name)
            if name != HEARING or self.heard is not None or found:
                yield name, found


def verify(  # noqa: PLR0913 - what is proved, and how
    workspace: Workspace,
    slug: str,
    *,
    listen: str | None = None,
    accept: bool = False,
    page: bool = False,
    progress: Progress = silent,
) -> Report:
    """Prove the bulletin of `slug` in `output/`: its files, its sound, its times, its script.

    With `listen` a recogniser hears it too: the folder or name of a faster-whisper model, empty for
    the usual one. Faults of the bulletin are in the report; `BobaoError` is raised where there is
    no bulletin to verify, or no recogniser.

    What was found in the bulletin itself is kept for those who publish (`publish.catalogue`): a
    script that was edited since or takes that were thrown away harm no listener. What a recogniser
    doubted before stands, unless it listens again or `accept` says that a person has listened. The
    page `scripts/SLUG.verify.html` is written where there are faults, where there is an older one,
    and with `page`.
    """
    load(workspace, slug)  # before the recogniser, which takes its time
    digest = sha256_of(workspace.bulletin(slug) / manifest.NAME)
    listener = None if listen is None else listening(listen, progress)
    with span("verify", slug=slug):
        evidence = gather(workspace, slug, progress, listener)
        measured = evidence.whole.sound.loudness
        standing = () if accept or listener else _standing(workspace, slug, digest)
        report = Report(
            evidence.bulletin,
            (*findings(evidence), *standing),
            measured.integrated if measured else 0.0,
            evidence.written.name,
            evidence.heard,
        )
    try:
        _remember(workspace, slug, digest, report, page)
    except BobaoError as error:
        return replace(report, unkept=f"{error.where}: {error.what}")
    return report


def proved(workspace: Workspace, slug: str) -> bool:
    """Whether the last verification, by the same checks, found no fault in this very bulletin.

    Nothing is decoded: it counts where the files are known to be those that the bulletin lists, as
    they are after a mix that found it finished.
    """
    last = catalogue.last_verdict(workspace, slug)
    if last is None or last.faults or last.code != _code():
        return False
    try:
        return last.sha256 == sha256_of(workspace.bulletin(slug) / manifest.NAME)
    except OSError:
        return False


def _code() -> str:
    """What tells these checks from others."""
    return versions.named("checks", "bobao", "numpy", "soundfile", "mutagen")


def _remember(workspace: Workspace, slug: str, digest: str, report: Report, always: bool) -> None:
    from bobao.verify import page

    own = [each for each in report.findings if each.check not in OF_OTHERS]
    first = phrase(own[0], slug, ENGLISH)[0] if own else ""
    if not own and report.bulletin.engine == SilenceEngine.name:
        first = DRY_RUN
    doubts = tuple(asdict(each) for each in own if each.check == HEARING)
    catalogue.keep_verdict(workspace, slug, KeptVerdict(digest, len(own), first, _code(), doubts))
    if always or not report.good or workspace.report(slug).exists():
        page.write(workspace, slug, report)


def _standing(workspace: Workspace, slug: str, digest: str) -> tuple[Finding, ...]:
    """The doubts of a recogniser that stand against this very bulletin."""
    last = catalogue.last_verdict(workspace, slug)
    if last is None or last.sha256 != digest:
        return ()
    try:
        return tuple(Finding(**{**each, "where": Where(**each["where"])}) for each in last.doubts)
    except (KeyError, TypeError):  # not as it was left
        return ()


def plain(report: Report) -> dict[str, Any]:
    """The report as plain data for JSON."""
    made: dict[str, Any] = {
        "slug": report.bulletin.header.slug,
        "good": report.good,
        "duration_ms": report.bulletin.duration_ms,
        "checks": {name: len(found) for name, found in report.by_check()},
        "findings": [_plain(finding, report) for finding in report.findings],
    }
    if report.heard is not None:
        made["heard"] = {
            "error": round(share(report.heard), 4),
            "sentences": [asdict(verdict) for verdict in report.heard],
        }
    return made


def _plain(finding: Finding, report: Report) -> dict[str, Any]:
    what, advice = phrase(finding, report.bulletin.header.slug, ENGLISH)
    return {
        "check": finding.check,
        "fault": finding.message,
        "what": what,
        "advice": advice,
        "time_ms": finding.where.at_ms,
        "line": finding.where.line,
        "file": finding.where.file or (report.script if finding.where.line else ""),
        "values": dict(finding.values),
    }
