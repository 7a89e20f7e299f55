"""Real speech by the embedded voice, and what can be known about it without hearing it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from whole_model import whole_model

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices import registry
from bobao.voices.engine import Speech, Utterance
from bobao.voices.kokoro import phonemes
from bobao.voices.kokoro.engine import check_speech

pytestmark = pytest.mark.speech

TEXT = "花街镇以“尚仁黄山小微园”为试点，采用五G加局域网；该项目十一月通过初步验收。"
HEARD = [char for char in TEXT if char.isalnum()]


def speak(text: str = TEXT, voice: str = "zf_xiaoxiao", **rest) -> Speech:
    return registry.engine("kokoro").speak(Utterance(text, voice, **rest))


@pytest.fixture(scope="module")
def speech() -> Speech:
    return speak()


def check(speech: Speech, text: str) -> None:
    """What holds for any speech of a text of hanzi and single letters."""
    heard = [place for place, char in enumerate(text) if char.isalnum()]
    assert [mark.start for mark in speech.marks] == heard
    times = [t for mark in speech.marks for t in (mark.start_ms, mark.end_ms)]
    assert times == sorted(times)
    assert all(20 <= mark.end_ms - mark.start_ms <= 900 for mark in speech.marks)
    assert times[0] == 30
    assert len(speech.samples) * 1000 // RATE - times[-1] <= 31
    assert speech.samples.dtype == np.float32
    assert 0.2 < np.abs(speech.samples).max() <= 0.98
    assert 110 < times[-1] / len(heard) < 300 + 400 / len(heard)  # a lone syllable is long
    for mark in speech.marks:
        inside = speech.samples[mark.start_ms * 24 : mark.end_ms * 24]
        assert np.abs(inside).max() > 0.03 * np.abs(speech.samples).max()


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        (TEXT, "zf_xiaoxiao"),
        *((text, "zf_xiaoxiao") for text in ("好。", "六", "你好", "一、", "谁？", "来源：")),
        *(("共同富裕党建示范带。", info.name) for info in registry.engine("kokoro").voices()),
    ],
)
def test_length_marks_and_level(text: str, voice: str) -> None:
    check(speak(text, voice), text)


def test_pauses_are_silent_where_the_marks_say(speech: Speech) -> None:
    place = TEXT.index("；")
    before = next(m for m in speech.marks if m.end == place)
    after = next(m for m in speech.marks if m.start == place + 1)
    assert 300 <= after.start_ms - before.end_ms <= 700
    gap = speech.samples[before.end_ms * 24 + 960 : after.start_ms * 24 - 960]
    assert np.abs(gap).max() < 1e-3


def test_the_same_bytes_twice_and_from_several_threads(speech: Speech) -> None:
    with ThreadPoolExecutor(3) as pool:
        texts = [TEXT, "两带三盟。", TEXT, "你好。"]
        made = list(pool.map(speak, texts))
    assert made[0].samples.tobytes() == made[2].samples.tobytes() == speech.samples.tobytes()
    assert made[0].marks == speech.marks
    assert made[3].samples.tobytes() == speak("你好。").samples.tobytes()


def test_the_reference_engine_says_it_in_the_same_time(speech: Speech) -> None:
    whole = whole_model().speak(Utterance(TEXT, "zf_xiaoxiao"))
    check(whole, TEXT)
    assert len(whole.samples) == pytest.approx(len(speech.samples), abs=RATE // 10)
    for ours, theirs in zip(speech.marks, whole.marks, strict=True):
        assert abs(ours.start_ms - theirs.start_ms) <= 100
    ours, theirs = (np.log10(envelope(s.samples) + 1e-3) for s in (speech, whole))
    size = min(len(ours), len(theirs))
    assert np.corrcoef(ours[:size], theirs[:size])[0, 1] > 0.9


def envelope(samples: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(samples[: len(samples) // 480 * 480].reshape(-1, 480) ** 2, axis=1))


@pytest.mark.parametrize("text", ["六。", "你好。", "第三章。"])
@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "zm_yunjian"])
def test_short_lines_are_as_loud_at_every_rate(voice: str, text: str) -> None:
    usual = speak(text, voice)
    for rate in (0.5, 1.5, 2.0):
        made = speak(text, voice, rate=rate)
        assert abs(level(made) - level(usual)) < 7
        assert [mark.start for mark in made.marks] == [mark.start for mark in usual.marks]
        spoken, own = (said.marks[-1].end_ms - said.marks[0].start_ms for said in (made, usual))
        assert 0.7 / rate < spoken / own < max(1.3, 1.3 / rate)


def level(speech: Speech) -> float:
    """The mean power of what is within 20 dB of the loudest 5 ms, in dBFS."""
    steps = np.mean(
        speech.samples[: len(speech.samples) // 120 * 120].reshape(-1, 120) ** 2, axis=1
    )
    return float(10 * np.log10(steps[steps > steps.max() / 100].mean()))


def test_a_long_line_is_said_whole() -> None:
    text = "花街镇高度重视小微园建设工作，" * 12
    made = speak(text)
    heard = [place for place, char in enumerate(text) if char.isalnum()]
    assert [mark.start for mark in made.marks] == heard


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Utterance("花", "nobody"), "no voice “nobody”"),
        (Utterance("花", "zf_xiaoxiao", 9.0), "cannot speak at 9"),
        (Utterance("①", "zf_xiaoxiao"), "no way to say “①”"),
        (Utterance("，。", "zf_xiaoxiao"), "nothing to say"),
    ],
)
def test_what_cannot_be_said_is_an_error(said: Utterance, fault: str) -> None:
    with pytest.raises(BobaoError, match=fault):
        registry.engine("kokoro").speak(said)


def test_a_sound_that_cannot_be_the_texts_is_refused(speech: Speech) -> None:
    from bobao.pronounce.front import pronounce

    sounds = pronounce(TEXT)
    check_speech(speech, sounds, 1.0)
    faults = {
        "not a number": Speech(speech.samples * np.float32("nan"), speech.marks),
        "too short": Speech(speech.samples[:9000], speech.marks),
        "too long": Speech(np.tile(speech.samples, 20), speech.marks),
        "left a sound out": Speech(speech.samples, speech.marks[:-1]),
    }
    for fault, wrong in faults.items():
        with pytest.raises(BobaoError, match=fault):
            check_speech(wrong, sounds, 1.0)


ALIGNED = Path(__file__).with_name("aligned.tsv")


def aligned() -> dict[str, list[tuple[str, dict[int, int]]]]:
    """Of each voice its texts, with the milliseconds at which the word at a place starts."""
    found: dict[str, list[tuple[str, dict[int, int]]]] = {}
    for row in ALIGNED.read_text("utf-8").splitlines():
        if not row.startswith("#"):
            voice, text, starts = row.split("\t")
            pairs = (start.split(":") for start in starts.split())
            found.setdefault(voice, []).append((text, {int(a): int(ms) for a, ms in pairs}))
    return found


@pytest.mark.parametrize("voice", aligned())
def test_words_start_where_the_alignment_has_them(voice: str) -> None:
    """The sound that was aligned is that of one runtime: another one has a syllable a frame (25 ms)
    longer or shorter here and there."""
    late = []
    for text, starts in aligned()[voice]:
        speech = registry.engine("kokoro").speak(Utterance(text, voice))
        marks = {mark.start: mark.start_ms for mark in speech.marks}
        late += [marks[place] - ms for place, ms in starts.items()]
    assert len(late) >= 30
    assert np.mean(np.abs(late) <= 40) >= 0.85, sorted(late)
    assert np.mean(np.abs(late) <= 40 + 25) >= 0.95, sorted(late)
    assert abs(np.median(late)) <= 15


def test_every_mandarin_syllable_has_its_own_figure() -> None:
    table = phonemes.mapping("onsets")
    shapes = phonemes.mapping("syllables").values()
    firsts = {shape[:2] if shape[1] == "ʰ" else shape[0] for shape in shapes}
    assert firsts <= set(table)
    assert all(30 <= int(ms) <= 150 for ms in table.values())
