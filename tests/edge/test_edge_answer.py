"""What is made of the service's answer: all of the text, in step with its sound, or a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np
import pytest
import sound_samples
from edge_service import AFTER_MS, BEFORE_MS, Said, encoded, said
from hypothesis import given
from hypothesis import strategies as st

from bobao import words
from bobao.model import RATE, Mark, Span, audible
from bobao.pronounce.respell import Respelling
from bobao.voices import registry
from bobao.voices.dry import ToneEngine
from bobao.voices.edge.answer import FRAME, Proved, Timed, decoded, proved, stretches, timed
from bobao.voices.edge.assembly import MOST, assembled, pieces
from bobao.voices.edge.client import Answer, Boundary
from bobao.voices.edge.engine import respelling_of
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import Speech, Utterance

TEXT = "今年以来，全县共新建5G基站一百二十六个，完成投资三点八亿元。"


# ── Cutting a text into requests ────────────────────────────────────────────────────────────────


@given(
    st.one_of(
        st.text(st.sampled_from("今天气好民生5Gab&<。！？，、；：”》 \n️é🙂"), max_size=400),
        st.text(max_size=300),
    ),
    st.integers(30, 200),
)
def test_no_sound_is_lost_and_no_piece_is_too_long(text: str, most: int) -> None:
    before = 0
    for start, end in pieces(text, most):
        assert before <= start < end <= len(text)
        assert not audible(text[before:start])
        assert audible(text[start:end])
        assert len(escape(text[start:end]).encode("utf-8", "surrogatepass")) <= most
        before = end
    assert not audible(text[before:])


@pytest.mark.parametrize(
    "cut",
    [
        ["今天天气很好。明天也很好。", "后天下雨。"],
        ["他说：“今天很好。”", "大家都很高兴呀"],
        ["今天的天气很好，", "明天也会很好的"],
        ["今天的天气很好很好很好明天", "也是"],
        ["the weather is fine today and tomorrow ", "too"],
        ["。。。"],
    ],
)
def test_it_is_cut_where_a_voice_would_pause(cut: list[str]) -> None:
    text = "".join(cut)
    assert [text[a:b] for a, b in pieces(text, 40)] == [piece for piece in cut if audible(piece)]


def test_a_text_without_any_mark_stays_below_the_limits_of_client_and_service() -> None:
    """The client sends 6,000 hanzi as one request, and the service cuts that off silently."""
    ranges = pieces("今天天气很好" * 1000)
    assert [a for a, _ in ranges[1:]] == [b for _, b in ranges[:-1]]
    assert max(b - a for a, b in ranges) <= MOST // 3
    assert len(ranges) < 15
    assert max(b - a for a, b in pieces("8" * 2000)) <= 170  # digits weigh what they take to say


# ── From word boundaries to times ───────────────────────────────────────────────────────────────

WORDS = [Boundary(a, b, word) for word, a, b in (
    ("今年", 100, 500), ("5G", 800, 1300), ("网络", 1300, 1700), ("覆盖", 1700, 2100),
    ("了", 2100, 2250), ("AIGC", 2250, 3000), ("产业园", 3000, 3600))]  # fmt: skip
BOUND = "今年，5G网络覆盖了AIGC产业园。"


def put(place: int, start: float, end: float, word: str) -> list[Boundary]:
    """The right boundaries with another one at a place."""
    return [*WORDS[:place], Boundary(start, end, word), *WORDS[place + 1 :]]


def times(text: str, boundaries: list[Boundary], rate: float = 1.0) -> list[Boundary]:
    found = timed(text, boundaries, rate)
    return [Boundary(t.start_ms, t.end_ms, text[t.start : t.end]) for t in found]


@pytest.mark.parametrize(
    ("boundaries", "expected"),
    [
        (WORDS, WORDS),
        ([*WORDS[:4], *WORDS[3:]], WORDS),  # said twice
        ([*WORDS[:3], *WORDS[4:]], WORDS),  # left out, with time for it
        (WORDS[1:], put(0, 100, 800, "今年")),
        (put(1, 800, 1300, "five G"), put(1, 500, 1300, "5G")),
        (put(1, 800, 1300, "５Ｇ"), WORDS),  # full width
        (put(5, 2250, 3000, "a i g c"), WORDS),
        ([*WORDS, Boundary(3700, 3800, "。")], WORDS),
        (put(3, 1700, 2200, "覆盖"), WORDS),  # overlap
    ],
)
def test_harmless_differences(boundaries: list[Boundary], expected: list[Boundary]) -> None:
    assert times(BOUND, boundaries) == expected


@pytest.mark.parametrize(
    ("boundaries", "kind"),
    [
        ([], Kind.GARBLED),
        ([Boundary(100, 300, "猫")], Kind.GARBLED),
        (WORDS[:-1], Kind.CUT),  # the end is missing
        ([Boundary(100, 600, "5G"), *WORDS[2:]], Kind.CUT),  # the beginning is
        ([WORDS[0], *(Boundary(b.start_ms - 800, b.end_ms - 800, b.text) for b in WORDS[2:])],
         Kind.CUT),  # 5G left out
        (put(2, 700, 900, "网络"), Kind.GARBLED),  # backwards
        (put(6, 3000, 2000, "产业园"), Kind.GARBLED),
        ([*WORDS[::3], WORDS[-1]], Kind.GARBLED),  # too little is known
    ],
)  # fmt: skip
def test_what_is_left_out_is_noticed(boundaries: list[Boundary], kind: Kind) -> None:
    with pytest.raises(Fault) as caught:
        timed(BOUND, boundaries, 1.0)
    assert caught.value.kind is kind


def test_a_faster_voice_may_take_less_time() -> None:
    text, quick = "今年以来", [Boundary(100, 200, "今年"), Boundary(245, 300, "来")]
    with pytest.raises(Fault):
        timed(text, quick, 1.0)
    assert times(text, quick, 2.0)[1] == (200, 245, "以")


@given(st.text(st.sampled_from("今天好5Gab，。 ”"), min_size=1, max_size=40), st.integers(1, 5))
def test_all_that_is_heard_gets_a_time(text: str, size: int) -> None:
    places = range(0, len(text), size)
    boundaries = [Boundary(100 + 200 * at, 100 + 200 * (at + size), text[at : at + size])
                  for at in places]  # fmt: skip
    heard = [i for i, char in enumerate(text) if char.isalnum()]
    if not heard:
        return
    parts = [piece for part in timed(text, boundaries, 1.0) for piece in stretches(text, part)]
    assert [i for part in parts for i in range(part.start, part.end) if text[i].isalnum()] == heard
    for left, right in pairwise(parts):
        assert left.end <= right.start
        assert left.start_ms < left.end_ms <= right.start_ms + 1e-6


def part(ms: int, *times: tuple[int, int, int, int]) -> Proved:
    return Proved(np.ones(ms * 24, np.float32), tuple(Timed(*time) for time in times))


def test_times_of_a_spelling_are_times_of_the_text() -> None:
    spans = (Span("在", "在"), Span("乐清", "月清"), Span("AIGC", "A I G C"), Span("园。", "园。"))
    said_ = part(1500, (0, 1, 0, 200), (1, 3, 200, 600), (3, 4, 600, 800), (5, 6, 800, 1000),
                 (7, 8, 1000, 1200), (9, 10, 1200, 1400), (10, 11, 1400, 1600))  # fmt: skip
    marks = [(0, 1, 0, 200), (1, 2, 200, 400), (2, 3, 400, 600), (3, 7, 600, 1400),
             (7, 8, 1400, 1500)]  # fmt: skip
    speech = assembled(Respelling(spans), [(0, 12)], [said_], 1.0)
    assert speech.marks == tuple(Mark(*mark) for mark in marks)


def test_pieces_are_joined_with_the_pause_of_their_mark() -> None:
    one = part(240, (0, 1, 0, 240))
    speech = assembled(Respelling((Span("一。二", "一。二"),)), [(0, 2), (2, 3)], [one, one], 1.0)
    assert speech.marks == (Mark(0, 1, 0, 240), Mark(2, 3, 640, 880))
    assert len(speech.samples) == 880 * 24


# ── The sound, and the proof that it is the text ────────────────────────────────────────────────


def answer(speech: Said, ended: bool = True) -> Answer:
    boundaries = (Boundary(s / 1e4, (s + d) / 1e4, w) for s, d, w in speech.words)
    return Answer(speech.audio, tuple(boundaries), ended)


def test_whole_frames_are_decoded_and_the_codec_delays_by_as_much_as_we_say() -> None:
    samples = np.zeros(RATE, np.float32)
    samples[12_000:] = 0.3 * np.sin(np.arange(12_000) / 4)
    data = encoded(samples)
    made = decoded(data)
    assert len(made) == len(data) // 144 * FRAME
    assert len(decoded(data[:-50])) == len(made) - FRAME  # a cut frame does not count
    assert abs(np.flatnonzero(np.abs(made) > 0.02)[0] - 12_000 - 1105) < 12


@given(st.binary(max_size=400))
def test_what_is_no_sound_is_a_fault(data: bytes) -> None:
    with pytest.raises(Fault):
        decoded(data)


@pytest.mark.parametrize("late_ms", [-60, 0, 46, 100])
def test_times_are_those_of_the_sound_whatever_the_delay(late_ms: int) -> None:
    right = said(TEXT)
    late = tuple((start + late_ms * 10_000, length, word) for start, length, word in right.words)
    made = proved(answer(Said(right.audio, late)), TEXT, 1.0)
    tone = ToneEngine().speak(Utterance(TEXT, "tone"))
    starts = {mark.start: mark.start_ms for mark in tone.marks}
    for word in made.words:
        assert abs(word.start_ms - 30 - starts[word.start]) <= 10  # 30 ms of silence are kept
    assert abs(len(made.samples) / 24 - len(tone.samples) / 24 - 60) <= 15


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.0, 1.5, 2.0])
@pytest.mark.parametrize(
    "text", [TEXT, "好。", "5G", "会后，大家表示：“要把项目建好。”", "啊！" * 30]
)
def test_right_speech_is_proved_at_every_pace(text: str, rate: float) -> None:
    made = proved(answer(said(text, rate)), text, rate)
    heard = "".join(text[word.start : word.end] for word in made.words)
    assert [c for c in heard if c.isalnum()] == [c for c in text if c.isalnum()]


SHORT = "今年以来全县共新建基站"


@pytest.mark.parametrize(
    ("wrong", "text", "words"),
    [
        (answer(said(TEXT), ended=False), TEXT, "closed too early"),
        (answer(said("今年以来，全县新建公园九个。")), TEXT, "."),
        (answer(said(SHORT, 4.0)), SHORT, "too short|no time"),
        (answer(said(SHORT, 0.1)), SHORT, "too long"),
    ],
)
def test_other_speech_is_not(wrong: Answer, text: str, words: str) -> None:
    with pytest.raises(Fault, match=words):
        proved(wrong, text, 1.0)


def lengths_of_cut(right: Answer, text: str, step: int) -> list[int]:
    """Of the sound cut after every so many bytes, how long those are that pass for whole."""
    passed = []
    for size in range(144 * 20, len(right.audio), step):
        try:
            made = proved(Answer(right.audio[:size], right.boundaries, ended=True), text, 1.0)
        except Fault:
            continue
        passed.append(len(made.samples))
    return passed


def test_sound_is_whole_wherever_it_is_cut() -> None:
    """Every frame from the end on: the last syllable may not lose a tenth of a second."""
    text = "明天有雨，请带伞。"
    right = answer(said(text))
    passed = lengths_of_cut(right, text, 144)
    assert len(proved(right, text, 1.0).samples) - min(passed) < 10 * 24
    assert 20 < len(passed) < 40  # only silence was cut from these: there are 800 ms of it


@pytest.mark.parametrize(
    "text",
    ["今天多云。", "今天多云，明天有雨。", "5G网络已经覆盖。", "会上，他说：“好，就这样办。”"],
)
def test_no_word_can_be_left_out(text: str) -> None:
    """Any run of words taken out with its sound, the later times moved up: never taken as whole."""
    right = said(text)
    end = len(right.audio) // 144 * 240_000 - 8_000_000
    starts = [*(start for start, _, _ in right.words), end]
    for low in range(len(right.words)):
        for high in range(low + 1, len(right.words) + 1):
            frames = (starts[high] - starts[low]) // 240_000
            at = starts[low] // 240_000 * 144
            later = [(start - frames * 240_000, *rest) for start, *rest in right.words[high:]]
            audio = right.audio[:at] + right.audio[at + frames * 144 :]
            with pytest.raises(Fault):
                proved(answer(Said(audio, (*right.words[:low], *later))), text, 1.0)


# ── The same on real speech: that of the embedded voice, sent as the service would send it ──────

REAL = "记者从市气象局了解到，未来三天我市以多云天气为主，最高气温二十六摄氏度。"


@pytest.fixture(scope="module")
def speech() -> Speech:
    engine = registry.engine("kokoro")
    return engine.speak(Utterance(REAL, engine.voices()[0].name))


def sent(samples: np.ndarray, boundaries: Sequence[Boundary]) -> Answer:
    padded = np.pad(samples, (BEFORE_MS * RATE // 1000, AFTER_MS * RATE // 1000))
    return Answer(encoded(padded), tuple(boundaries), ended=True)


def boundaries_of(speech: Speech, beside_ms: float = 0.0) -> list[Boundary]:
    """A boundary for each word, as the service would have it; not quite exact if so wanted."""
    chance, found = np.random.default_rng(7), list[Boundary]()
    for start, end in pairwise(sorted(words.edges(REAL))):
        if marks := [mark for mark in speech.marks if start <= mark.start < end]:
            late = BEFORE_MS + float(chance.normal(0, beside_ms))
            start_ms, end_ms = (ms + late for ms in (marks[0].start_ms, marks[-1].end_ms))
            start_ms = max(start_ms, found[-1].start_ms + 1 if found else 0.0)
            found.append(Boundary(start_ms, max(end_ms, start_ms), REAL[start:end]))
    return found


@pytest.mark.speech
@pytest.mark.parametrize("beside_ms", [0.0, 10.0, 20.0])
def test_real_speech_is_proved_and_timed(speech: Speech, beside_ms: float) -> None:
    made = proved(sent(speech.samples, boundaries_of(speech, beside_ms)), REAL, 1.0)
    starts = {mark.start: mark.start_ms for mark in speech.marks}
    late = [word.start_ms - starts[word.start] for word in made.words]
    assert np.percentile(np.abs(late), 95) < 40 + 2 * beside_ms
    assert abs(len(made.samples) - len(speech.samples)) < 60 * RATE // 1000


@pytest.mark.speech
def test_real_speech_is_whole_wherever_it_is_cut(speech: Speech) -> None:
    right = sent(speech.samples, boundaries_of(speech))
    whole = len(proved(right, REAL, 1.0).samples)
    assert whole - min(lengths_of_cut(right, REAL, 144 * 5)) < 20 * RATE // 1000


@pytest.mark.speech
def test_no_word_of_real_speech_can_be_left_out(speech: Speech) -> None:
    known = boundaries_of(speech)
    for place, left_out in list(enumerate(known))[::2]:
        start, later = left_out.start_ms, known[place + 1 :]
        gap = (later[0].start_ms if later else left_out.end_ms) - start
        low, high = (round((ms - BEFORE_MS) * RATE / 1000) for ms in (start, start + gap))
        samples = np.concatenate([speech.samples[: max(0, low)], speech.samples[high:]])
        moved = [Boundary(w.start_ms - gap, w.end_ms - gap, w.text) for w in later]
        with pytest.raises(Fault):
            proved(sent(samples, [*known[:place], *moved]), REAL, 1.0)


# ── The same for one number of its version ──────────────────────────────────────────────────────


def speech_at(rate: float) -> dict[str, object]:
    text = TEXT[:-1] + "；“还要再建一百个。”局长说。"
    respelling = respelling_of(Utterance(text * 2, "", rate))
    spoken = respelling.spoken
    ranges = pieces(spoken, 120)  # bytes of a piece, so that a short text comes in several
    parts = [proved(answer(said(spoken[a:b], rate)), spoken[a:b], rate) for a, b in ranges]
    made = assembled(respelling, ranges, parts, rate)
    return {"pieces": ranges, **sound_samples.of_speech(made)}


def test_cutting_and_joining_are_those_of_their_number(golden: Callable[..., None]) -> None:
    made = {f"{rate}: {key}": v for rate in (1.0, 1.4) for key, v in speech_at(rate).items()}
    golden("answers.json", sound_samples.text(made), sound_samples.alike)
