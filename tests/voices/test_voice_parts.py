"""The model's parts and the prepared graphs: joined, checked, made once, remade when damaged."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from conftest import several_processes
from onnx import TensorProto, helper
from whole_model import with_durations

from bobao.errors import BobaoError
from bobao.voices.kokoro import model, runtime

PACKAGES = ("fake-voice-part-1", "fake-voice-part-2")
BIG = b"graph" * 2_000_000


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number, name in enumerate(PACKAGES):
        folder = tmp_path / name.replace("-", "_")
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "part.bin").write_bytes(bytes([number]) * 1000)
        monkeypatch.delitem(sys.modules, folder.name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_parts_are_joined_in_order_and_checked(packages: Path) -> None:
    whole = b"\0" * 1000 + b"\1" * 1000
    assert model.joined(PACKAGES, hashlib.sha256(whole).hexdigest()) == whole
    with pytest.raises(BobaoError, match="damaged") as caught:
        model.joined(PACKAGES, "0" * 64)
    assert "--force-reinstall" in caught.value.advice
    assert "fake-voice-part-2==0.1.0" in caught.value.advice
    (packages / "fake_voice_part_2" / "part.bin").unlink()
    with pytest.raises(BobaoError, match="fake-voice-part-2"):
        model.joined(PACKAGES, "")
    with pytest.raises(BobaoError) as caught:
        model.joined(("fake-voice-part-9",), "")
    assert caught.value.advice == "pip install fake-voice-part-9==0.1.0"


Damage = Callable[[Path, Path], object]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path, stamp: path.write_bytes(b"grapg"),
        lambda path, stamp: path.write_bytes(b""),
        lambda path, stamp: path.unlink(),
        lambda path, stamp: stamp.unlink(),
        lambda path, stamp: stamp.write_bytes(b"\xff\xfe"),
        lambda path, stamp: stamp.write_text("0" * 64),
    ],
)
def test_a_file_is_made_once_and_again_where_it_is_damaged(tmp_path: Path, damage: Damage) -> None:
    path, made = tmp_path / "deep" / "front.onnx", []

    def cached() -> bool:
        return model.cached(path, lambda: made.append(1) or b"graph") == b"graph"

    assert [cached(), cached()] == [True, True]
    assert len(made) == 1
    names = ["front.onnx", "front.onnx.sha256"]
    assert sorted(p.name for p in path.parent.iterdir()) == names
    damage(path, path.with_name(names[1]))
    assert [cached(), cached()] == [True, True]
    assert len(made) == 2


def test_nothing_is_left_where_making_fails(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise BobaoError("a part is missing")

    with pytest.raises(BobaoError):
        model.cached(tmp_path / "sub" / "front.onnx", fail)
    assert not list(tmp_path.rglob("*.onnx*"))


def test_without_a_cache_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for graph in (b"graph", b"other"):
        assert model.cached(tmp_path / "file" / "front.onnx", lambda made=graph: made) == graph


def first_run(path: Path, barrier) -> None:
    barrier.wait(20)
    for _ in range(20):
        assert model.cached(path, lambda: b"graph" * 100_000) == b"graph" * 100_000


@several_processes
def test_three_first_runs_at_once(tmp_path: Path) -> None:
    path = tmp_path / "kokoro" / "front.onnx"
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    barrier = context.Barrier(3)
    runs = [context.Process(target=first_run, args=(path, barrier)) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    assert sorted(p.name for p in path.parent.iterdir()) == ["front.onnx", "front.onnx.sha256"]


def first_run_for_ever(path: Path) -> None:
    while True:
        model.cached(path, lambda: BIG)
        path.with_name(path.name + ".sha256").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("after_s", [0.01, 0.05, 0.12])
def test_killed_in_the_middle_the_next_run_has_it_whole(tmp_path: Path, after_s: float) -> None:
    path = tmp_path / "kokoro" / "front.onnx"
    context = multiprocessing.get_context("fork")
    runs = [context.Process(target=first_run_for_ever, args=(path,)) for _ in range(2)]
    for run in runs:
        run.start()
    while not path.exists():
        time.sleep(0.005)
    time.sleep(after_s)
    for run in runs:
        os.kill(run.pid, signal.SIGKILL)
        run.join()
    assert not path.exists() or path.read_bytes() == BIG  # never a part of it under its name
    assert model.cached(path, lambda: BIG) == BIG
    assert model.cached(path, lambda: b"") == BIG


def tiny_model() -> bytes:
    """A graph with the real one's inner names: x = a·2, f0 = x+a, s = a, durations, audio = f0·3."""
    names = {ours: theirs for theirs, ours in model.FRONT_OUTPUTS.items()}
    node, value = helper.make_node, helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            node("Identity", ["tokens"], [names["s"]]),
            node("Mul", [names["s"], "two"], [names["x"]]),
            node("Add", [names["x"], names["s"]], [names["f0"]]),
            node("Cast", ["tokens"], [names["durations"]], to=TensorProto.INT64),
            node("Mul", [names["f0"], "unused"], ["audio"]),
        ],
        "tiny",
        [value("tokens", TensorProto.FLOAT, ["n"])],
        [value("audio", TensorProto.FLOAT, ["n"])],
        [
            helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0]),
            helper.make_tensor("unused", TensorProto.FLOAT, [1], [3.0]),
        ],
    )
    opsets = [helper.make_opsetid("", 20)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()


def test_the_cut_keeps_what_leads_to_its_outputs_and_nothing_else() -> None:
    cut = onnx.load_from_string(model.cut_front(tiny_model()))
    onnx.checker.check_model(cut)
    assert [out.name for out in cut.graph.output] == ["x", "f0", "s", "durations"]
    assert len(cut.graph.node) == 4
    assert [weight.name for weight in cut.graph.initializer] == ["two"]
    assert model.cut_front(tiny_model()) == model.cut_front(tiny_model())


def test_the_whole_graph_computes_the_same() -> None:
    session = runtime.open_session(with_durations(tiny_model()))
    given = {"tokens": np.array([1.0, 2.0, 5.0], np.float32)}
    audio, durations = runtime.run(session, ("audio", "durations"), given)
    assert (audio.tolist(), durations.tolist()) == ([9.0, 18.0, 45.0], [1, 2, 5])
