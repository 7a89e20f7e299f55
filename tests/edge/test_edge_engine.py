"""The engine against the scripted service: every failure that is known of the real one."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from edge_service import LOST, REFUSALS, WAITS, WELL, Conduct, Service, first, is_whole, said

from bobao.errors import BobaoError
from bobao.pronounce.lexicon import parse_lexicon
from bobao.pronounce.sounds import Reading
from bobao.voices import store
from bobao.voices.dry import ToneEngine
from bobao.voices.edge import client as client_module
from bobao.voices.edge import engine as engine_module
from bobao.voices.edge.assembly import pieces
from bobao.voices.edge.client import Aimed, Client, Settings, aimed, trust
from bobao.voices.edge.engine import EdgeEngine, Gate
from bobao.voices.edge.faults import Kind
from bobao.voices.engine import GaveUp, Utterance

pytest_plugins = ["edge_fixtures"]
Make = Callable[..., EdgeEngine]
VOICE = "zh-CN-YunyangNeural"
TEXT = "记者从市气象局了解到，未来三天以多云天气为主。"
FAULTS = {**LOST, **WAITS, **REFUSALS}
TEXTS = [f"第{n}句话，今天天气很好。" for n in "一二三四五六七八九十"]


def utterance(text: str = TEXT, **more: object) -> Utterance:
    return Utterance(text, VOICE, **more)  # type: ignore[arg-type]


def all_whole(engine: EdgeEngine, texts: list[str], threads: int = 8) -> bool:
    with ThreadPoolExecutor(threads) as pool:
        speeches = list(pool.map(lambda text: engine.speak(utterance(text)), texts))
    return all(map(is_whole, speeches, texts))


@pytest.mark.parametrize(
    ("rate", "percent"), [(1.2, "+20%"), (0.5, "-50%"), (2.0, "+100%"), (1.0, "+0%")]
)
def test_a_text_is_said_whole_and_in_step(
    edge_service: Service, edge_engine: Make, rate: float, percent: str
) -> None:
    text = "今年以来，全县共新建5G基站一百二十六个，完成投资三点八亿元。"
    assert is_whole(edge_engine().speak(utterance(text, rate=rate)), text, rate)
    (asked,) = edge_service.asked
    assert (asked.text, asked.voice, asked.rate) == (text, VOICE, percent)


# What happens at the first requests, settings of the engine, and how many requests it takes.
MENDED: dict[str, tuple[tuple[Conduct, ...], dict[str, float], int]] = {
    **{name: ((fault,), {"idle_s": 0.7} if name in WAITS else {}, 2)
       for name, fault in FAULTS.items()},
    # The client learns the difference of the clocks and signs anew.
    "a clock that is off": ((Conduct(status=403, skew_s=3600.0),), {}, 2),
    # All has come; only the connection stays open, for which the client would wait.
    "it never parts": ((Conduct(end="stall", after=1.0),), {"idle_s": 60.0}, 1),
    # Something comes all the time, but it would take for ever.
    "a slow drip": ((Conduct(pace=0.2),), {"idle_s": 2.0, "request_s": 1.0 - len(TEXT) * 0.4}, 2),
    "slow but alive": ((Conduct(pace=8, latency_s=0.3),), {"idle_s": 1.0}, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_what_passes_is_mended(name: str, edge_service: Service, edge_engine: Make) -> None:
    conducts, settings, doors = MENDED[name]
    edge_service.script = first(*conducts)
    engine, started = edge_engine(**settings), time.monotonic()
    assert is_whole(engine.speak(utterance()), TEXT)
    assert edge_service.doors == doors
    assert len(set(edge_service.tokens)) == (2 if name == "a clock that is off" else 1)
    assert time.monotonic() - started < 10
    if name == "a clock that is off":  # it is known now
        assert is_whole(engine.speak(utterance("明天多云。")), "明天多云。")
        assert edge_service.doors == doors + 1


# What stays so; the kind that it is told as, words of it, and how many requests it takes.
STAYS: dict[str, tuple[Conduct, Kind | None, str, int]] = {
    **{name: (fault, None, ".", 0) for name, fault in FAULTS.items()},
    "silent half-way": (WAITS["silent half-way"], Kind.STALLED, "silent for", 4),
    **{
        str(status): (Conduct(status=status), kind, f": {status}", doors)
        for status, kind, doors in [
            (429, Kind.BUSY, 8), (503, Kind.BUSY, 8), (500, Kind.BROKEN, 5), (502, Kind.BROKEN, 5),
            (403, Kind.TOKEN, 6), (404, Kind.REFUSED, 2), (200, Kind.REFUSED, 2),
        ]
    },
    "two hours off": (Conduct(status=403, skew_s=7200.0), Kind.CLOCK, "clock is 7", 0),
    "403 without a date": (Conduct(status=403, skew_s=None), Kind.CLOCK, "No server date", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", STAYS)
def test_what_stays_is_an_error_with_advice(
    name: str, edge_service: Service, edge_engine: Make
) -> None:
    conduct, kind, words, doors = STAYS[name]
    edge_service.script = first(then=conduct)
    with pytest.raises(GaveUp, match=words) as caught:
        edge_engine(idle_s=0.2).speak(utterance())
    what, advice = caught.value.what, caught.value.advice
    (told,) = (k for k in Kind if what.startswith(k.value.what) and k.value.advice == advice)
    assert kind in (None, told)
    assert "(edge-tts 7." in what
    assert edge_service.doors == doors or (not doors and edge_service.doors >= told.value.tries)


def test_the_time_for_all_tries_is_bounded(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=429))
    with pytest.raises(GaveUp):
        edge_engine(total_s=0.0).speak(utterance())
    assert edge_service.doors == 1


def test_no_more_than_four_at_a_time(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(latency_s=0.05))
    assert all_whole(edge_engine(idle_s=5.0), TEXTS)
    assert edge_service.most == 4


def test_many_threads_share_one_engine(edge_service: Service, edge_engine: Make) -> None:
    edge_service.by_text = lambda text, tries: LOST["closed before the end"] if tries == 0 else WELL
    assert all_whole(edge_engine(), TEXTS * 2, threads=16)
    assert max(Counter(asked.text for asked in edge_service.asked).values()) <= 4
    assert sum(thread.name == "edge" for thread in threading.enumerate()) >= 1


def test_a_burst_of_429_makes_us_slower_and_then_we_recover(
    edge_service: Service, edge_engine: Make
) -> None:
    edge_service.script = first(*[Conduct(status=429)] * 5, then=Conduct(latency_s=0.02))
    assert all_whole(edge_engine(), TEXTS)
    assert edge_service.doors == 15
    assert edge_service.most <= 3  # from one or two at a time up again
    assert all_whole(edge_engine(), TEXTS * 2)


def test_the_service_says_when_to_come_again(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(Conduct(status=429, retry_after="1"))
    started = time.monotonic()
    edge_engine().speak(utterance())
    assert time.monotonic() - started >= 1


def test_a_dead_service_is_asked_no_more_until_it_had_a_rest(
    edge_service: Service, edge_engine: Make
) -> None:
    edge_service.script = first(then=Conduct(status=500))
    engine = edge_engine(rest_s=1.0)
    with pytest.raises(GaveUp):
        engine.speak(utterance())
    doors = edge_service.doors
    for _ in range(3):
        with pytest.raises(GaveUp, match="out of order"):
            engine.speak(utterance("另一句话。"))
    assert edge_service.doors == doors
    edge_service.script = first()
    time.sleep(1.1)
    assert is_whole(engine.speak(utterance()), TEXT)


def test_one_sick_line_does_not_stop_the_others(edge_service: Service, edge_engine: Make) -> None:
    edge_service.by_text = lambda text, tries: LOST["torn"] if "病" in text else WELL
    engine = edge_engine()
    with pytest.raises(GaveUp, match="broke off"):
        engine.speak(utterance("生病的一句话。"))
    assert is_whole(engine.speak(utterance()), TEXT)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def gate_with_clock() -> tuple[Gate, Clock]:
    clock = Clock()
    return Gate(Settings(at_once=4, failures=3, failing_s=10, rest_s=60), clock), clock


def is_shut(gate: Gate) -> bool:
    try:
        with gate.turn():
            return False
    except BobaoError as error:
        return (error.what, error.advice) == ("down", "wait")


DOWN = GaveUp("down", advice="wait")


def test_a_complaint_halves_the_requests_once_for_all_under_way() -> None:
    gate, clock = gate_with_clock()
    with gate.turn() as one, gate.turn() as two:
        gate.complained(one, 0)
        gate.complained(two, 0)
    assert gate.allowed == 2
    for _ in range(2):
        gate.succeeded()
    assert 2.8 < gate.allowed <= 3
    for _ in range(3):
        with gate.turn() as later:
            gate.complained(later, 0)
    assert gate.allowed == 1
    for _ in range(100):
        gate.succeeded()
    assert gate.allowed == 4
    with gate.turn() as last:
        gate.complained(last, 0.2)
    started = time.monotonic()
    threading.Timer(0.05, lambda: (setattr(clock, "now", 1.0), gate.wake())).start()
    assert not is_shut(gate)  # it waited for the rest to be over
    assert time.monotonic() - started >= 0.05


def test_the_gate_is_shut_after_failures_that_last() -> None:
    gate, clock = gate_with_clock()
    for _ in range(5):
        gate.failed(DOWN, everywhere=False)  # many, but all in a moment
    assert not is_shut(gate)
    for step in range(20):  # for long, but there are successes between
        clock.now = step * 10
        gate.failed(DOWN, everywhere=False)
        if step % 2:
            gate.succeeded()
    assert not is_shut(gate)
    for step in range(3):
        clock.now += 10 * step
        gate.failed(DOWN, everywhere=False)
    assert is_shut(gate)


def test_after_a_rest_one_caller_tries_for_all() -> None:
    gate, clock = gate_with_clock()
    gate.failed(DOWN, everywhere=True)
    found = []
    for now in (0, 59, 61, 61):  # at 61 one may try, another at the same time may not
        clock.now = now
        found.append(is_shut(gate))
    gate.failed(DOWN, everywhere=False)
    for now in (120, 122):
        clock.now = now
        found.append(is_shut(gate))
    gate.succeeded()
    assert [*found, is_shut(gate), is_shut(gate)] == [*[True] * 2, False, *[True] * 2, *[False] * 3]


def test_nobody_goes_on_waiting_when_it_is_shut() -> None:
    gate, _ = gate_with_clock()
    waiting = threading.Thread(target=gate.pause, args=(60,))
    waiting.start()
    gate.failed(DOWN, everywhere=True)
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        *((Utterance(TEXT, v), "no voice") for v in ("zf_xiaoxiao", "", "zh-CN-'/><b/>Neural")),
        # The client says nothing of "   ", and the service answers "……" with an error.
        *((utterance(text), "nothing to say") for text in ("", "   ", "……", "？？？", "——")),
        *((utterance(rate=rate), "times its pace") for rate in (0.4, 2.1, float("nan"))),
        (
            utterance("好人。", readings=(Reading(0, 1, ("den1",)),)),
            "cannot be made to say “好” as",
        ),
    ],
)
def test_what_cannot_be_said_is_not_sent(
    wrong: Utterance, words: str, edge_service: Service, edge_engine: Make
) -> None:
    with pytest.raises(BobaoError, match=words) as caught:
        edge_engine().speak(wrong)
    assert not isinstance(caught.value, GaveUp)
    assert edge_service.doors == 0


def test_a_voice_the_service_does_not_know(edge_service: Service, edge_engine: Make) -> None:
    with pytest.raises(BobaoError, match=r"not known.*XiaochenNeural") as caught:
        edge_engine().speak(Utterance(TEXT, "zh-CN-XiaochenNeural"))
    assert not isinstance(caught.value, GaveUp)
    assert edge_service.doors == 1


def test_a_long_text_is_asked_for_in_parts(
    edge_service: Service, edge_engine: Make, edge_network: pytest.MonkeyPatch
) -> None:
    edge_network.setattr(engine_module, "pieces", lambda text: pieces(text, 90))
    text = "今天天气很好，明天也会很好，后天有雨。居民出门就能散步，路灯也装好了"
    marks = edge_engine().speak(utterance(text)).marks
    assert [m.start for m in marks] == [i for i, c in enumerate(text) if c.isalnum()]
    assert [asked.text for asked in edge_service.asked] == [text[:19], text[19:]]
    assert all(left.end_ms <= right.start_ms for left, right in itertools.pairwise(marks))
    first_said = ToneEngine().speak(Utterance(text[:19], "tone"))
    assert len(first_said.marks) == 16
    # 60 ms are kept at each joint, and 400 ms of pause.
    assert abs(marks[16].start_ms - first_said.marks[-1].end_ms - 30 - 400 - 60) <= 20


def test_signs_of_markup_reach_the_service(edge_service: Service, edge_engine: Make) -> None:
    text = "比如 A&B<C>D 这样的写法。"
    speech = edge_engine().speak(utterance(text))
    assert edge_service.asked[0].text == text
    assert {m.start for m in speech.marks} >= {text.index(c) for c in "ABCD"}


def test_fixed_readings_are_sent_in_other_characters(
    edge_service: Service, edge_engine: Make
) -> None:
    text, lexicon = "乐清市的重庆路通车。", parse_lexicon("乐清\tyuè qīng")
    readings = (Reading(4, 5, ("zhong4",)),)
    speech = edge_engine().speak(utterance(text, lexicon=lexicon, readings=readings))
    sent = edge_service.asked[0].text
    assert len(sent) == len(text)
    assert sent[0] != "乐"
    assert sent[4] != "重"
    assert sent[5:] == text[5:]
    assert [(m.start, m.end) for m in speech.marks] == [(i, i + 1) for i in range(len(text) - 1)]


def test_equal_recipes_are_equal_requests(edge_service: Service, edge_engine: Make) -> None:
    engine = edge_engine()
    other_voice = Utterance(TEXT, "zh-CN-XiaoxiaoNeural")
    said_ = [utterance(), utterance(rate=1.2), utterance("好。"), other_voice]
    assert len({store.key(each, engine) for each in said_}) == 4
    assert engine.recipe(utterance()) == engine.recipe(utterance(rate=1.001))
    assert engine.version in engine.recipe(utterance())
    assert engine.recipe(utterance(lexicon=parse_lexicon("气象局\tqì xiàng jú")))
    assert edge_service.doors == 0


def test_the_client_tells_of_its_end_as_we_think(edge_service: Service, edge_engine: Make) -> None:
    """What we read off edge-tts is not in its documentation: here it is held to it.

    And why it is needed: by itself the client takes a dropped connection for the end.
    """
    client = Client(edge_engine().settings)
    edge_service.script = first(WELL, Conduct(end="close", after=-1), then=LOST["torn"])
    assert client.say(TEXT, VOICE, "+0%", 5).ended
    cut = client.say(TEXT, VOICE, "+0%", 5)
    assert (cut.ended, cut.audio) == (False, said(TEXT).audio)
    edge_service.script = first(then=LOST["closed before the end"])

    async def plain() -> int:
        talk = aimed(edge_service.url, trust()).communicate(TEXT, VOICE, boundary="WordBoundary")
        return sum([len(part.get("data", b"")) async for part in talk.stream()])

    assert 0 < asyncio.run(plain()) < len(said(TEXT).audio)


def test_a_client_that_does_not_tell_is_not_trusted(edge_engine: Make, edge_network) -> None:
    import edge_tts

    class Other(edge_tts.Communicate):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            del self.state["cumulative_audio_bytes"]  # type: ignore[misc]

    edge_network.setattr(client_module, "aimed", lambda *_: Aimed("ws://x", Other, None))
    with pytest.raises(BobaoError, match="does not tell whether") as caught:
        edge_engine().speak(utterance())
    assert "edge-tts==7.3" in caught.value.advice
