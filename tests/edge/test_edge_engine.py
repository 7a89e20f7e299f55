"""The engine against the scripted service: every failure that is known of the real one."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from edge_service import LOST, REFUSALS, WAITS, WELL, Conduct, Service, first, said

from bobao.errors import BobaoError
from bobao.pronounce.lexicon import parse_lexicon
from bobao.pronounce.sounds import Reading
from bobao.voices import store
from bobao.voices.dry import ToneEngine
from bobao.voices.edge import client as client_module
from bobao.voices.edge import engine as engine_module
from bobao.voices.edge.assembly import pieces
from bobao.voices.edge.client import Client, trust
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.edge.faults import TREATMENTS, Kind
from bobao.voices.edge.limits import Aimed, aimed
from bobao.voices.engine import GaveUp, Speech, Utterance

pytest_plugins = ["edge_fixtures"]
Make = Callable[..., EdgeEngine]
VOICE = "zh-CN-YunyangNeural"
TEXT = "记者从市气象局了解到，未来三天以多云天气为主。"


def utterance(text: str = TEXT, **more: object) -> Utterance:
    return Utterance(text, VOICE, **more)  # type: ignore[arg-type]


def assert_whole(speech: Speech, text: str, rate: float = 1.0) -> None:
    """The speech is that of the text: all its marks, and its sound by ear."""
    tone = ToneEngine().speak(Utterance(text, "tone", rate))
    assert [(m.start, m.end) for m in speech.marks] == [(m.start, m.end) for m in tone.marks]
    assert abs(len(speech.samples) - len(tone.samples) - 60 * 24) < 30 * 24
    ours = speech.samples[30 * 24 :][: len(tone.samples)]
    lags = [
        np.corrcoef(ours[100 + lag : -200], tone.samples[100 : len(ours) - 200 - lag])[0, 1]
        for lag in range(24)
    ]
    assert max(lags) > 0.9


def test_a_text_is_said_whole_and_in_step(edge_service: Service, edge_engine: Make) -> None:
    text = "今年以来，全县共新建5G基站一百二十六个，完成投资三点八亿元。"
    speech = edge_engine().speak(utterance(text))
    assert_whole(speech, text)
    (asked,) = edge_service.asked
    assert (asked.text, asked.voice, asked.rate) == (text, VOICE, "+0%")


@pytest.mark.parametrize(
    ("rate", "percent"), [(1.2, "+20%"), (0.5, "-50%"), (2.0, "+100%"), (1.0, "+0%")]
)
def test_rates(edge_service: Service, edge_engine: Make, rate: float, percent: str) -> None:
    assert_whole(edge_engine().speak(utterance(rate=rate)), TEXT, rate)
    assert edge_service.asked[0].rate == percent


@pytest.mark.parametrize("name", [*LOST, *WAITS, *REFUSALS])
def test_what_passes_is_mended(name: str, edge_service: Service, edge_engine: Make) -> None:
    conduct = {**LOST, **WAITS, **REFUSALS}[name]
    edge_service.script = first(conduct)
    assert_whole(edge_engine(idle_s=0.7 if name in WAITS else 3.0).speak(utterance()), TEXT)
    assert edge_service.doors == 2


@pytest.mark.parametrize("name", [*LOST, *REFUSALS, "silent half-way"])
def test_what_stays_is_an_error_with_advice(
    name: str, edge_service: Service, edge_engine: Make
) -> None:
    edge_service.script = first(then={**LOST, **WAITS, **REFUSALS}[name])
    with pytest.raises(GaveUp) as caught:
        edge_engine(idle_s=0.2).speak(utterance())
    fitting = [
        t
        for t in TREATMENTS.values()
        if t.advice in caught.value.advice and caught.value.what.startswith(t.what)
    ]
    assert len(fitting) == 1
    assert "(edge-tts 7." in caught.value.what
    assert edge_service.doors >= fitting[0].tries


@pytest.mark.parametrize(
    ("status", "kind", "doors"),
    [(429, Kind.BUSY, 8), (503, Kind.BUSY, 8), (500, Kind.BROKEN, 5), (502, Kind.BROKEN, 5),
     (403, Kind.TOKEN, 6), (404, Kind.REFUSED, 2), (200, Kind.REFUSED, 2)],
)  # fmt: skip
def test_refusals_are_told_apart(
    status: int, kind: Kind, doors: int, edge_service: Service, edge_engine: Make
) -> None:
    edge_service.script = first(then=Conduct(status=status))
    with pytest.raises(GaveUp, match=f": {status}") as caught:
        edge_engine().speak(utterance())
    assert caught.value.what.startswith(TREATMENTS[kind].what)
    assert edge_service.doors == doors


def test_a_clock_that_is_off_is_allowed_for(edge_service: Service, edge_engine: Make) -> None:
    """403 with a Date: the client learns the difference and signs anew."""
    edge_service.script = first(Conduct(status=403, skew_s=3600.0))
    engine = edge_engine()
    assert_whole(engine.speak(utterance()), TEXT)
    assert edge_service.doors == 2
    assert edge_service.tokens[0] != edge_service.tokens[1]
    assert_whole(engine.speak(utterance("明天多云。")), "明天多云。")
    assert edge_service.doors == 3


def test_a_clock_that_stays_refused(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=403, skew_s=7200.0))
    with pytest.raises(GaveUp, match=r"clock is 7(199|200) s off") as caught:
        edge_engine().speak(utterance())
    assert caught.value.what.startswith(TREATMENTS[Kind.CLOCK].what)


def test_403_without_a_date(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=403, skew_s=None))
    with pytest.raises(GaveUp, match="No server date") as caught:
        edge_engine().speak(utterance())
    assert "Set the clock" in caught.value.advice


def test_a_silent_service_does_not_hang_us(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=WAITS["silent half-way"])
    engine = edge_engine(idle_s=0.2)
    started = time.monotonic()
    with pytest.raises(GaveUp, match="silent for"):
        engine.speak(utterance())
    assert time.monotonic() - started < 4 * 10  # tries times seconds: for ever is longer


def test_a_service_that_never_parts_costs_no_time(edge_service: Service, edge_engine: Make) -> None:
    """All has come; only the connection stays open, for which the client would wait."""
    edge_service.script = first(then=Conduct(end="stall", after=1.0))
    engine = edge_engine(idle_s=60.0)
    started = time.monotonic()
    assert_whole(engine.speak(utterance()), TEXT)
    assert time.monotonic() - started < 10
    assert edge_service.doors == 1


def test_a_slow_drip_does_not_hang_us(edge_service: Service, edge_engine: Make) -> None:
    """Something comes all the time, but it would take for ever."""
    edge_service.script = first(Conduct(pace=0.2))
    engine = edge_engine(idle_s=2.0, request_s=-len(TEXT) * 0.4 + 1.0)
    assert_whole(engine.speak(utterance()), TEXT)
    assert edge_service.doors == 2


def test_slow_but_alive_is_waited_for(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(pace=8, latency_s=0.3))
    assert_whole(edge_engine(idle_s=1.0).speak(utterance()), TEXT)
    assert edge_service.doors == 1


def test_the_time_for_all_tries_is_bounded(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=429))
    with pytest.raises(GaveUp):
        edge_engine(total_s=0.0).speak(utterance())
    assert edge_service.doors == 1


def test_no_more_than_four_at_a_time(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(latency_s=0.05))
    engine = edge_engine(idle_s=5.0)
    texts = [f"第{n}句话，今天天气很好。" for n in "一二三四五六七八九十"]
    with ThreadPoolExecutor(engine.at_once) as pool:
        said = list(pool.map(lambda text: engine.speak(utterance(text)), texts))
    for text, speech in zip(texts, said, strict=True):
        assert_whole(speech, text)
    assert edge_service.most == 4


def test_a_burst_of_429_makes_us_slower_and_then_we_recover(
    edge_service: Service, edge_engine: Make
) -> None:
    edge_service.script = first(*[Conduct(status=429)] * 5)
    engine = edge_engine()
    texts = [f"第{n}句话，今天天气很好。" for n in "一二三四五六七八"]
    lowest = engine._limiter.most
    complained = engine._limiter.complained

    def watched(current: int, rest_s: float) -> None:
        nonlocal lowest
        complained(current, rest_s)
        lowest = min(lowest, engine._limiter.allowed)

    engine._limiter.complained = watched  # type: ignore[method-assign]
    with ThreadPoolExecutor(engine.at_once) as pool:
        list(pool.map(lambda text: engine.speak(utterance(text)), texts))
    assert lowest <= 2
    assert engine._limiter.allowed > lowest
    assert edge_service.doors == 13


def test_the_service_says_when_to_come_again(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(Conduct(status=429, retry_after="1"))
    started = time.monotonic()
    edge_engine().speak(utterance())
    assert time.monotonic() - started >= 1


def test_a_dead_service_is_asked_no_more(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=500))
    engine = edge_engine(rest_s=60.0)
    with pytest.raises(GaveUp):
        engine.speak(utterance())
    doors = edge_service.doors
    for _ in range(3):
        with pytest.raises(GaveUp, match="out of order"):
            engine.speak(utterance("另一句话。"))
    assert edge_service.doors == doors


def test_a_service_that_came_back_is_asked_again(edge_service: Service, edge_engine: Make) -> None:
    edge_service.script = first(then=Conduct(status=500))
    engine = edge_engine(rest_s=0.1)
    with pytest.raises(GaveUp):
        engine.speak(utterance())
    edge_service.script = first()
    time.sleep(0.15)
    assert_whole(engine.speak(utterance()), TEXT)


def test_one_sick_line_does_not_stop_the_others(edge_service: Service, edge_engine: Make) -> None:
    edge_service.by_text = lambda text, tries: LOST["torn"] if "病" in text else WELL
    engine = edge_engine()
    with pytest.raises(GaveUp, match="broke off"):
        engine.speak(utterance("生病的一句话。"))
    assert_whole(engine.speak(utterance()), TEXT)


def test_a_voice_the_service_does_not_know(edge_service: Service, edge_engine: Make) -> None:
    with pytest.raises(BobaoError, match=r"not known.*XiaochenNeural") as caught:
        edge_engine().speak(Utterance(TEXT, "zh-CN-XiaochenNeural"))
    assert not isinstance(caught.value, GaveUp)
    assert edge_service.doors == 1


@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "Neural", "", "zh-CN-'/><break/>Neural"])
def test_what_is_no_voice_is_not_sent(voice: str, edge_service: Service, edge_engine: Make) -> None:
    with pytest.raises(BobaoError, match="no voice"):
        edge_engine().speak(Utterance(TEXT, voice))
    assert edge_service.doors == 0


@pytest.mark.parametrize("text", ["", "   ", "……", "？？？", "——"])
def test_nothing_to_say_is_not_sent(text: str, edge_service: Service, edge_engine: Make) -> None:
    """The client says nothing of "   ", and the service answers "……" with an error."""
    with pytest.raises(BobaoError, match="nothing to say"):
        edge_engine().speak(utterance(text))
    assert edge_service.doors == 0


@pytest.mark.parametrize("rate", [0.4, 2.1, float("nan")])
def test_a_pace_it_cannot_keep(rate: float, edge_engine: Make) -> None:
    with pytest.raises(BobaoError, match="times its pace"):
        edge_engine().speak(utterance(rate=rate))


def test_a_long_text_is_asked_for_in_parts(
    edge_service: Service, edge_engine: Make, edge_network: pytest.MonkeyPatch
) -> None:
    edge_network.setattr(engine_module, "pieces", lambda text: pieces(text, 90))
    text = "今天天气很好，明天也会很好，后天有雨。居民出门就能散步，路灯也装好了"
    speech = edge_engine().speak(utterance(text))
    assert [m.start for m in speech.marks] == [i for i, c in enumerate(text) if c.isalnum()]
    assert [asked.text for asked in edge_service.asked] == [text[:19], text[19:]]
    for left, right in itertools.pairwise(speech.marks):
        assert left.end_ms <= right.start_ms
    first_said = ToneEngine().speak(Utterance(text[:19], "tone"))
    second_ms = speech.marks[16].start_ms  # 60 ms are kept at each joint, and 400 ms of pause
    assert abs(second_ms - first_said.marks[-1].end_ms - 30 - 400 - 60) <= 20
    assert len(first_said.marks) == 16


def test_signs_of_markup_reach_the_service(edge_service: Service, edge_engine: Make) -> None:
    text = "比如 A&B<C>D 这样的写法。"
    speech = edge_engine().speak(utterance(text))
    assert edge_service.asked[0].text == text
    assert {m.start for m in speech.marks} >= {text.index(c) for c in "ABCD"}


def test_fixed_readings_are_sent_in_other_characters(
    edge_service: Service, edge_engine: Make
) -> None:
    text = "乐清市的重庆路通车。"
    lexicon = parse_lexicon("乐清\tyuè qīng")
    speech = edge_engine().speak(
        utterance(text, lexicon=lexicon, readings=(Reading(4, 5, ("zhong4",)),))
    )
    sent = edge_service.asked[0].text
    assert len(sent) == len(text)
    assert sent[0] != "乐"
    assert sent[4] != "重"
    assert sent[5:] == text[5:]
    assert [(m.start, m.end) for m in speech.marks] == [(i, i + 1) for i in range(len(text) - 1)]


def test_a_reading_that_cannot_be_spelt_is_an_error(
    edge_service: Service, edge_engine: Make
) -> None:
    with pytest.raises(BobaoError, match="cannot be made to say “好” as") as caught:
        edge_engine().speak(utterance("好人。", readings=(Reading(0, 1, ("den1",)),)))
    assert not isinstance(caught.value, GaveUp)
    assert edge_service.doors == 0


def test_equal_recipes_are_equal_requests(edge_service: Service, edge_engine: Make) -> None:
    engine = edge_engine()
    plain, fast = utterance(), utterance(rate=1.001)
    other = utterance(lexicon=parse_lexicon("气象局\tqì xiàng jú"))
    keys = {
        store.key(u, engine)
        for u in (
            plain,
            utterance(rate=1.2),
            utterance("好。"),
            Utterance(TEXT, "zh-CN-XiaoxiaoNeural"),
        )
    }
    assert len(keys) == 4
    assert engine.recipe(plain) == engine.recipe(fast)
    assert engine.version in engine.recipe(plain)
    assert engine.recipe(other)
    assert edge_service.doors == 0


def test_many_threads_share_one_engine(edge_service: Service, edge_engine: Make) -> None:
    edge_service.by_text = lambda text, tries: LOST["closed before the end"] if tries == 0 else WELL
    engine, texts = edge_engine(), [f"这是第{n}句话。" for n in "一二三四五六七八九"] * 2
    with ThreadPoolExecutor(16) as pool:
        for text, speech in zip(
            texts, pool.map(lambda t: engine.speak(utterance(t)), texts), strict=True
        ):
            assert_whole(speech, text)
    assert max(Counter(asked.text for asked in edge_service.asked).values()) <= 4
    assert sum(thread.name == "edge" for thread in threading.enumerate()) >= 1


def test_the_client_tells_of_its_end_as_we_think(edge_service: Service, edge_engine: Make) -> None:
    """What we read off edge-tts is not in its documentation: here it is held to it."""
    client = Client(edge_engine().settings)
    edge_service.script = first(Conduct(), Conduct(end="close", after=-1))
    assert client.say(TEXT, VOICE, "+0%", 5).ended
    cut = client.say(TEXT, VOICE, "+0%", 5)
    assert not cut.ended
    assert cut.audio == said(TEXT).audio


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


def test_the_plain_client_would_lose_it_without_a_word(
    edge_service: Service, edge_engine: Make
) -> None:
    """Why all this is needed: the client takes a dropped connection for the end."""
    edge_service.script = first(then=LOST["closed before the end"])
    client = aimed(edge_service.url, trust())

    async def plain() -> int:
        talk = client.communicate(TEXT, VOICE, boundary="WordBoundary")
        return sum([len(part.get("data", b"")) async for part in talk.stream()])

    assert 0 < asyncio.run(plain()) < len(said(TEXT).audio)
