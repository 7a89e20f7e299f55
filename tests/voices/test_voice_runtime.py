"""Which part of the machine computes: what is asked for, offered, and really started."""

import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from bobao.errors import BobaoError
from bobao.voices.engine import Utterance
from bobao.voices.kokoro import runtime
from bobao.voices.kokoro.engine import KokoroEngine

CPU, CUDA, DML = "CPUExecutionProvider", "CUDAExecutionProvider", "DmlExecutionProvider"
COREML = "CoreMLExecutionProvider"


@pytest.mark.parametrize(
    ("asked", "offered", "found"),
    [
        ("", [CUDA, CPU], CPU),  # only who asks gets another
        ("cpu", [CPU], CPU),
        (" CUDA ", ["TensorrtExecutionProvider", CUDA, CPU], CUDA),
        ("directml", [DML, CPU], DML),
        ("coreml", [COREML, CPU], COREML),
        ("auto", [COREML, "AzureExecutionProvider", CPU], COREML),
        ("auto", ["AzureExecutionProvider", CPU], CPU),
        ("cuda", ["AzureExecutionProvider", CPU], "does not offer “cuda”"),
        ("gpu", [CUDA, CPU], "no provider “gpu”"),
    ],
)
def test_what_is_asked_for_is_found_or_an_error(asked: str, offered: list[str], found: str) -> None:
    if found.endswith("Provider"):
        assert runtime.provider(asked, offered) == found
        return
    with pytest.raises(BobaoError, match=found) as caught:
        runtime.provider(asked, offered)
    assert caught.value.where == "BOBAO_PROVIDER"
    advice = {"cuda": "It offers cpu.", "gpu": "auto, cuda, directml, coreml, cpu"}
    assert advice[asked] in caught.value.advice


class Session:
    """As onnxruntime's: `started` of the providers asked for come up, the others are passed over."""

    started: tuple[str, ...] = (CUDA, DML, CPU)
    broken = False

    def __init__(
        self,
        graph: bytes,
        options: object,
        providers: list[tuple[str, dict[str, str]]],
        enable_fallback: int,
    ) -> None:
        assert enable_fallback == 0  # it would go on by the processor, and print that it does
        if self.broken:
            raise RuntimeError(
                "/src/cuda_call.cc:154 std::conditional_t<THRW> onnxruntime::CudaCall(ERRTYPE) "
                "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=vm"
            )
        self.asked = [name for name, _ in providers]
        self.settings = dict(providers)
        self.busy = self.most = 0

    def get_providers(self) -> list[str]:
        return [name for name in self.asked if name in self.started]

    def run(self, outputs: list[str], inputs: dict[str, object]) -> list[object]:
        self.busy += 1
        self.most = max(self.most, self.busy)
        time.sleep(0.02)
        self.busy -= 1
        return [self.most]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> type[Session]:
    """An onnxruntime that offers cards this machine has not."""
    options = SimpleNamespace(add_session_config_entry=lambda name, value: None)
    there = SimpleNamespace(
        get_available_providers=lambda: [CUDA, DML, CPU],
        SessionOptions=lambda: options,
        ExecutionMode=SimpleNamespace(ORT_SEQUENTIAL=0),
        InferenceSession=Session,
    )
    monkeypatch.setitem(sys.modules, "onnxruntime", there)
    return Session


def test_only_what_may_run_on_a_card_does(
    machine: type[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBAO_PROVIDER", "cuda")
    assert runtime.open_session(b"").asked == [CPU]
    session = runtime.open_session(b"", on_card=True)
    assert session.asked == [CUDA, CPU]  # the processor for what the card cannot do
    assert session.settings[CUDA]["use_tf32"] == "0"
    monkeypatch.delenv("BOBAO_PROVIDER")
    assert runtime.open_session(b"", on_card=True).asked == [CPU]


@pytest.mark.parametrize(
    ("fault", "said"),
    [({"started": (CPU,)}, "$"), ({"broken": True}, ": ….*no CUDA-capable device")],
)
def test_a_card_that_does_not_start_is_an_error(
    machine: type[Session], monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], said: str
) -> None:
    monkeypatch.setenv("BOBAO_PROVIDER", "cuda")
    for name, value in fault.items():
        monkeypatch.setattr(machine, name, value)
    with pytest.raises(BobaoError) as caught:
        runtime.open_session(b"", on_card=True)
    assert re.search("could not start CUDAExecutionProvider" + said, caught.value.what)


def test_takes_are_told_apart_where_the_sound_may_differ(
    machine: type[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {}
    for asked in ("", "cpu", "cuda", "directml"):
        monkeypatch.setenv("BOBAO_PROVIDER", asked)
        versions[asked] = KokoroEngine().version
    assert versions[""] == versions["cpu"] == versions["cuda"]
    assert versions["directml"] == versions[""] + "-dml"
    monkeypatch.setenv("BOBAO_PROVIDER", "coreml")
    with pytest.raises(BobaoError, match="does not offer “coreml”"):
        KokoroEngine().recipe(Utterance("好", "zf_xiaoxiao"))


@pytest.mark.parametrize(("name", "most"), [("directml", 1), ("cuda", 4)])
def test_directml_is_run_by_one_thread_at_a_time(
    machine: type[Session], monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setenv("BOBAO_PROVIDER", name)
    session = runtime.open_session(b"", on_card=True)
    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(lambda: (barrier.wait(10) and 0) or session.run(["audio"], {}))
                for _ in range(4)]  # fmt: skip
        assert max(run.result()[0] for run in runs) == most


def test_this_machine_speaks_by_its_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    if CUDA in onnxruntime.get_available_providers():
        pytest.skip("there is a graphics card here")
    monkeypatch.setenv("BOBAO_PROVIDER", "cuda")
    with pytest.raises(BobaoError, match="does not offer"):
        runtime.open_session(b"", on_card=True)
