"""The wheel on every Python here that it allows: installed outside the checkout, made to speak.

Each Python gets an environment of its own with what pip chooses today, and makes and verifies a
short bulletin with the embedded voice; then once more with the oldest onnxruntime that is allowed.
For a Python that is not here the packages are only resolved. `.ci/run` calls it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = (3, 10)
OLDEST = "onnxruntime==1.20.1"
RESOLVED_ONLY = ("3.14",)
ARTICLE = """花街镇建成公园

花街镇今年建成九个口袋公园，绿地面积4.5万平方米，同比增长12%。

五G网络已经覆盖。NBA球星前来参观，大家都说：“好！”
"""
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(*command: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run a command; what it says is shown where it fails."""
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **more
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done


def pythons() -> dict[str, Path]:
    """One interpreter for each version that is allowed, by version."""
    found: dict[str, Path] = {}
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep)]
    folders += sorted(Path("~/.pyenv/versions").expanduser().glob("*/bin"))
    for folder in folders:
        for path in sorted(folder.glob("python3*")):
            if re.fullmatch(r"python3(\.\d+)?", path.name):
                told = subprocess.run(
                    [path, "-c", "import sys, venv; print(*sys.version_info[:2])"],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                version = tuple(map(int, told.stdout.split()))
                if told.returncode == 0 and version >= LEAST:
                    found.setdefault(".".join(map(str, version)), path)
    return dict(sorted(found.items(), key=lambda each: int(each[0].split(".")[1])))


def wheels(folder: Path) -> Path:
    """Build bobao's wheel, and those that PyPI has not; return bobao's."""
    run(*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    run(*PIP, "wheel", "--no-deps", "--wheel-dir", folder, "jieba")
    return next(folder.glob("bobao-*.whl"))


def spoken(version: str, python: Path, wheel: Path, folder: Path) -> list[str]:
    """Install and speak, with the newest onnxruntime and with the oldest; what came of it."""
    began = time.monotonic()
    run(python, "-m", "venv", "--without-pip", folder / "venv")
    inside = folder / "venv" / "bin" / "python"
    install = [*PIP, "--python", inside, "install", "--no-compile", "--find-links", wheel.parent]
    run(*install, wheel)
    took = time.monotonic() - began
    megabytes = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
    told = [bulletin(inside, folder / "newest")]
    run(*install, OLDEST)
    told.append(bulletin(inside, folder / "oldest"))
    shutil.rmtree(folder)
    head = f"Python {version}: installed in {took:.0f} s, {megabytes:.0f} MB"
    return [head, *(f"    {row}" for row in dict.fromkeys(told))]


def bulletin(python: Path, folder: Path) -> str:
    """Make and verify a bulletin in an empty folder with an empty cache; a line on it."""
    kept = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    clean |= {"HOME": str(folder), "BOBAO_CACHE": str(folder / "cache")}
    bobao = [python, "-m", "bobao"]
    run(*bobao, "init", folder, env=clean)
    (folder / "seeds" / "park.txt").write_text(ARTICLE, "utf-8")
    made = run(*bobao, "produce", "park", "--plain", cwd=folder, env=clean)
    told = json.loads(run(*bobao, "verify", "park", "--json", cwd=folder, env=clean).stdout)
    if not told["good"] or "arning" in made.stderr + made.stdout:
        sys.exit(f"{python}: {told}\n{made.stdout}{made.stderr}")
    versions = run(
        python,
        "-c",
        "from importlib.metadata import version as v\n"
        "print(*(f'{n} {v(n)}' for n in ('onnxruntime', 'numpy', 'onnx')), sep=', ')",
    ).stdout.strip()
    return f"{versions}: {told['duration_ms'] / 1000:.1f} s of bulletin, verified, no warning"


def resolved(version: str, wheel: Path, folder: Path) -> list[str]:
    """Resolve only."""
    constraints = ["--only-binary=:all:", "--python-version", version, "--target", folder]
    run(*PIP, "install", "--dry-run", *constraints, "--find-links", wheel.parent, wheel)
    return [f"Python {version}: its packages are there; not installed, not run"]


def main() -> None:
    """Two Pythons at a time."""
    began, found = time.monotonic(), pythons()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        place = Path(name)
        wheel = wheels(place / "wheels")
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB", flush=True)
        work = [pool.submit(spoken, v, path, wheel, place / v) for v, path in found.items()]
        lacking = [version for version in RESOLVED_ONLY if version not in found]
        work += [pool.submit(resolved, v, wheel, place / v) for v in lacking]
        for each in work:
            print("\n".join(each.result()), flush=True)
    print(f"in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
