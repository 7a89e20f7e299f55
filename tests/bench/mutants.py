"""Seeded mutants: the share of small faults put into a room's code that the room's tests find.

``python tests/bench/mutants.py [COUNT [SEED]]`` changes one place at a time (a comparison, a sign,
a number, an and for an or, a not taken away), COUNT times in each room, and runs the room's tests.
The files are put back after each. Takes about half a minute a mutant; run it on a copy.
"""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("normalise", "reading", "script", "mix", "publish")
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
}  # fmt: skip


def mutants(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Change `tree` in one place after the other: the line, and what was done; then undone."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            old, node.ops[0] = node.ops[0], SWAPS[type(node.ops[0])]()
            yield line, f"{type(old).__name__} → {type(node.ops[0]).__name__}"
            node.ops[0] = old
        elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
            old_op, node.op = node.op, SWAPS[type(node.op)]()
            yield line, f"{type(old_op).__name__} → {type(node.op).__name__}"
            node.op = old_op
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            old_value = node.value
            node.value = not old_value if type(old_value) is bool else old_value + 1
            yield line, f"{old_value} → {node.value}"
            node.value = old_value
        elif isinstance(node, ast.If | ast.IfExp):
            old_test, node.test = node.test, ast.UnaryOp(ast.Not(), node.test)
            yield line, "if → if not"
            node.test = old_test


def places(room: str) -> list[tuple[Path, int]]:
    """Every mutant of a room: its file, and which of that file's mutants it is."""
    files = sorted((ROOT / "bobao" / room).rglob("*.py"))
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in files)
    return [(path, n) for path, tree in trees for n, _ in enumerate(mutants(tree))]


def found(path: Path, number: int, tests: Path) -> tuple[str, bool]:
    """Put one mutant into its file and run the tests: where and what it is, whether they fail."""
    kept = path.read_text("utf-8")
    tree = ast.parse(kept)
    try:
        for n, (line, what) in enumerate(mutants(tree)):
            if n == number:
                told = f"{path.relative_to(ROOT)}:{line} {what}"
                path.write_text(ast.unparse(tree), "utf-8")
                break
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(tests)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
            killed = done.returncode != 0
        except subprocess.TimeoutExpired:
            killed = True
        return told, killed
    finally:
        path.write_text(kept, "utf-8")


def main(count: int = 20, seed: int = 1) -> None:
    """Print every mutant that lives, and the share of those that were found, room by room."""
    dice = random.Random(seed)
    for room in ROOMS:
        chosen = dice.sample(places(room), count)
        dead = 0
        for path, number in chosen:
            what, killed = found(path, number, ROOT / "tests" / room)
            dead += killed
            if not killed:
                print(f"  lives: {what}", flush=True)
        print(f"{room}: {dead} of {count} found", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
