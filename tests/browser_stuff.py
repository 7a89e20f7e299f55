"""A real browser and the judges of pages, for any test that looks at one.

`browser` is a fixture: Debian's Chromium (or Chrome) driven by Playwright. It is made anew for each
module, because Playwright keeps an event loop running as long as it lives. What a machine does not
have is skipped with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bobao.files import user_cache

AXE = ("axe-core", "4.14.1")
VNU = ("vnu-jar", "26.9.27")
_NPM = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Playwright browser."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with driver.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=flags)
        yield made
        made.close()


def npm_package(name: str, version: str) -> Path:
    """The folder of a package from npm at just this version, kept in the user's cache."""
    home = user_cache() / "npm" / f"{name}-{version}"
    folder = home / "node_modules" / name
    if not (folder / "package.json").is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip(f"no npm here to fetch {name}; on Debian: apt-get install npm")
        home.mkdir(parents=True, exist_ok=True)
        # Aside, then renamed: tests that run side by side may fetch the same package at once.
        with tempfile.TemporaryDirectory(dir=home.parent) as aside:
            done = subprocess.run(
                [npm, "install", *_NPM, "--prefix", aside, f"{name}@{version}"],
                check=False,
                capture_output=True,
                text=True,
                timeout=300,
            )
            if done.returncode:
                pytest.skip(f"{name} cannot be installed here: {done.stderr.strip()[-300:]}")
            with suppress(OSError):  # where another was first, its folder is as good
                Path(aside, "node_modules").rename(home / "node_modules")
    return folder


def axe_source() -> str:
    """The script of axe-core."""
    return (npm_package(*AXE) / "axe.min.js").read_text("utf-8")


def violations(page: Any, axe: str, *rules: str, within: str = "html") -> list[str]:
    """What axe-core finds wrong: by all its rules, best practices too, or only by those named."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe)  # not as a script element: the page's policy would refuse it
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("([place, how]) => axe.run(place, how)", [within, options])
    return [
        f"{each['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def invalid(paths: list[Path]) -> str:
    """What the W3C's checker (v.Nu) says against HTML files; empty when they are valid."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java here; on Debian: apt-get install default-jre-headless")
    jar = npm_package(*VNU) / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [java, "-jar", str(jar), "--errors-only", "--stdout", *map(str, paths)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout if done.returncode else ""


def press(page: Any, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)
