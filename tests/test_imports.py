"""Imports point one way, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT

LAYERS = (
    ("errors", "model"),
    ("files",),
    ("words", "station"),
    ("normalise", "pronounce"),
    ("reading",),
    ("script",),
    ("voices", "publish"),
    ("mix",),
    ("pipeline",),
    ("verify",),
    ("serve", "batch"),
    ("desk",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
PACKAGE = ROOT / "bobao"
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path) -> set[str]:
    """The first names below `bobao` that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names if a.name.startswith("bobao.")}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            if node.module == "bobao":
                names |= {f"bobao.{a.name}" for a in node.names}
            elif (node.module or "").startswith("bobao."):
                names.add(node.module or "")
    return {name.split(".")[1] for name in names} - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for name in imported(path):
        assert name == own or RANK[name] < RANK[own], f"{own} must not import {name}"


def test_help_loads_nothing_heavy():
    heavy = "numpy jieba pypinyin onnx onnxruntime soundfile pydub mutagen edge_tts lxml"
    code = (
        "import sys\nfrom bobao.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted(set({heavy.split()!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_class_has_a_name_of_its_own():
    """One name means one thing in the whole tree; what starts with an underscore is a room's own."""
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(PACKAGE)))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_the_top_is_small():
    names = [path.name for path in PACKAGE.iterdir() if not path.name.startswith("_")]
    assert len(names) <= 18, names


def test_contributing_names_files_that_there_are():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    text = text.replace("park.txt", "").replace("park.md", "")  # the example's own
    for name in re.findall(r"`((?:\w+/)+[\w.]*)`", text):
        assert any((folder / name).exists() for folder in (ROOT, PACKAGE)), name
