"""What every test shares: no network but loopback, a cache of its own, golden files."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile(
    "bobao", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("bobao")


def _processes_share() -> bool:
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError):  # Linux without /dev/shm
        return False
    return True


several_processes = pytest.mark.skipif(
    not _processes_share(), reason="processes can share nothing here: there is no /dev/shm"
)
"""Of a test that needs other processes that take orders."""

MAY_BE_SKIPPED = ("the shared ", "root may write anywhere")
"""Reasons that are no fault of a machine that has all it needs: sets that lie outside the project,
and what cannot be tried as root. Any other skip fails a run with `--no-skips`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write what is made as truth")
    parser.addoption("--no-skips", action="store_true", help="fail if a test cannot run here")


def _unexpected(reporter: TerminalReporter) -> list[str]:
    """Why tests were skipped that should have run."""
    skipped = (report.longrepr for report in reporter.stats.get("skipped", ()))
    reasons = {str(why[2]).removeprefix("Skipped: ") for why in skipped if isinstance(why, tuple)}
    return sorted(why for why in reasons if not why.startswith(MAY_BE_SKIPPED))


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and _unexpected(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--no-skips"):
        for why in _unexpected(terminalreporter):
            terminalreporter.write_line(f"skipped, but --no-skips was asked for: {why}", red=True)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse any connection that leaves this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address!r}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare with a file in the test's own `golden/` folder; `--rewrite-golden` writes it.

    With `alike` a text need not be equal: it raises where what was made is too unlike what is kept.
    """
    folder = Path(str(request.path)).parent / "golden"

    def check(
        name: str, made: str | bytes, alike: Callable[[str, str], None] | None = None
    ) -> None:
        path, data = folder / name, made.encode("utf-8") if isinstance(made, str) else made
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.is_file(), f"{path} is not there; make it with: pytest --rewrite-golden"
        if isinstance(made, str):
            kept = path.read_bytes().decode("utf-8")
            if alike:
                alike(made, kept)
            else:
                assert made == kept
        else:
            assert data == path.read_bytes()

    return check


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what a developer's shell may have set."""
    for name in [n for n in os.environ if n.startswith("BOBAO_") and n != "BOBAO_CACHE"]:
        monkeypatch.delenv(name)
