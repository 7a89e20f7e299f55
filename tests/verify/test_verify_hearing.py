"""Listening: everything but the recogniser itself, which is no part of these tests."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from verifying_stuff import SLUG, Bench, bench, bobao, station

from bobao.errors import BobaoError
from bobao.files import sha256_of
from bobao.publish import catalogue
from bobao.publish.catalogue import KeptVerdict
from bobao.station.workspace import Workspace, locate
from bobao.verify.gather import load
from bobao.verify.hearing import ear, verdicts
from bobao.verify.hearing.verdicts import Sentence, errors, nearest, syllables, times_in
from bobao.verify.verify import _code, verify

__all__ = ["bench", "station"]

TEXTS = (
    "今年建成九个公园。",
    "居民出门就能散步。",
    "民生无小事。",
    "这些公园由空地改成。",
    "明年再建五个公园，装上路灯。",
)


class Fake:
    """Writes down what it is told to, whatever it hears; `closely` what it hears the second time."""

    def __init__(self, first: Iterable[str], closely: Iterable[str] = ()) -> None:
        self.texts = {False: list(first), True: list(closely)}
        self.longest = 0

    def hear_all(self, sounds: Iterable[ear.Sound], *, closely: bool = False) -> Iterator[str]:
        for sound, text in zip(sounds, self.texts[closely], strict=True):
            self.longest = max(self.longest, len(sound))
            yield text


def sentences(texts: tuple[str, ...] = TEXTS, step: float = 6.0) -> list[Sentence]:
    """One that lasts `step` seconds after the other: each is heard by itself."""
    return [Sentence(k, 1, k * step, (k + 1) * step, text) for k, text in enumerate(texts)]


def cut(spans: Iterable[ear.Span]) -> Iterator[ear.Sound]:
    for start, end in spans:
        yield np.zeros(int((end - start) * ear.RATE), np.int16)


def notes(heard: list[str], again: list[str]) -> list[tuple[str, int]]:
    found = verdicts.verdicts(cut, sentences(step=12.0), Fake(heard, again))
    return [(v.note, v.errors) for v in found]


def test_what_is_heard_right_has_no_errors():
    assert notes(list(TEXTS), []) == [("", 0)] * 5


def test_other_hanzi_of_the_same_sound_are_right():
    assert notes([*TEXTS[:2], "民生五小士", *TEXTS[3:]], [])[2] == ("", 0)


def test_a_sentence_that_is_not_heard_is_missing():
    heard = [*TEXTS[:2], "", *TEXTS[3:]]
    assert notes(heard, [""])[2][0] == "missing"


def test_a_second_hearing_may_find_it():
    heard = [*TEXTS[:2], "", *TEXTS[3:]]
    assert notes(heard, [TEXTS[2]])[2] == ("", 0)


def test_a_sentence_said_twice_is_repeated():
    heard = [*TEXTS[:3], TEXTS[3] * 2, TEXTS[4]]
    assert notes(heard, [])[3][0] == "repeated"


def test_neighbours_are_heard_together_and_chapters_apart():
    made = [Sentence(k, 1 + k // 3, 2.0 * k, 2.0 * k + 1.6, "一") for k in range(6)]
    assert [[s.number for s in group] for group in verdicts.groups(made)] == [[0, 1, 2], [3, 4, 5]]


def test_syllables_and_their_errors():
    assert syllables("2021年，重庆LED。〇") == [*"2021", "nian", "chong", "qing", *"LED", "ling"]
    assert sum(map(sum, errors(list("abcd"), list("abxcd")))) == 1
    assert nearest(list("bc"), list("abcd")) == (0, 1, 3)
    assert times_in(list("abcabc"), list("abc"), 0.0) == 2


def test_sound_is_cut_into_spans_as_it_comes(bench: Bench):
    (whole,) = ear.decode(bench.mp3)
    spans = [(-0.2, 1.0), (0.7, 2.5), (5.0, 5.5), (9.0, 99.0)]
    for (start, end), piece in zip(spans, ear.decode(bench.mp3, spans), strict=True):
        assert np.array_equal(piece, whole[max(0, int(start * ear.RATE)) : int(end * ear.RATE)])


def test_a_long_sound_is_cut_where_it_is_quiet():
    sound = np.full(30 * ear.RATE, 5000, np.int16)
    for second in (9, 21):
        sound[second * ear.RATE : (second + 1) * ear.RATE] = 0
    pieces = ear.quiet_cuts(sound)
    assert sum(map(len, pieces)) == len(sound)
    edges = np.cumsum([len(piece) for piece in pieces])[:-1] / ear.RATE
    assert all(9 <= edge <= 10 or 21 <= edge <= 22 for edge in edges)


def test_few_sounds_wait_to_be_heard(monkeypatch: pytest.MonkeyPatch):
    listener = object.__new__(ear.Ear)
    listener._workers = 2
    monkeypatch.setattr(ear.Ear, "_written", lambda self, sound, longest: str(len(sound)))
    taken = 0

    def sounds() -> Iterator[ear.Sound]:
        nonlocal taken
        for taken in range(1, 50):
            yield np.zeros(taken, np.int16)

    for given, text in enumerate(listener.hear_all(sounds()), start=1):
        assert text == str(given)
        assert taken - given <= 3
    assert taken == 49


def test_without_a_recogniser_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    monkeypatch.setattr(ear, "packaged", lambda: "")
    with pytest.raises(BobaoError) as raised:
        ear.Ear()
    assert "faster-whisper" in raised.value.advice


def test_a_model_that_is_not_there(monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Invalid model size\nand more")

    monkeypatch.setitem(sys.modules, "faster_whisper", type("M", (), {"WhisperModel": fails}))
    with pytest.raises(BobaoError) as raised:
        ear.Ear("nowhere")
    assert str(raised.value).startswith("the recogniser “nowhere” cannot be loaded: Invalid model")


class Deaf:
    """A recogniser that hears nothing."""

    def __init__(self, model: str, workers: int) -> None:
        assert model in {"", "small"}

    def hear_all(self, sounds: Iterable[ear.Sound], *, closely: bool = False) -> Iterator[str]:
        return ("" for _ in sounds)


def test_a_bulletin_that_nobody_understands(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = bench.folder
    monkeypatch.setattr(ear, "Ear", Deaf)
    found = verify(locate(folder), SLUG, listen="").findings
    spoken = [cue for cue in load(locate(folder), SLUG).cues() if cue.take]
    assert {f.message for f in found} == {"hearing.missing", "hearing.chapter", "hearing.whole"}
    assert sum(f.message == "hearing.missing" for f in found) == len(spoken)
    assert all(f.where.line for f in found if f.message == "hearing.missing")
    bobao("verify", SLUG, "--listen", "small", "-w", folder, code=1)
    assert "was not heard" in capsys.readouterr().out
    assert "没有听到" in (folder / "scripts" / f"{SLUG}.verify.html").read_text("utf-8")


def test_doubts_stand_until_somebody_listens(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Making or verifying the same bulletin again is no reason to publish it."""
    folder, place = bench.folder, locate(bench.folder)
    monkeypatch.setattr(ear, "Ear", Deaf)
    found = verify(place, SLUG, listen="").findings
    bobao("verify", SLUG, "-w", folder, code=1)
    assert "was not heard" in capsys.readouterr().out
    assert "没有听到" in place.report(SLUG).read_text("utf-8")
    assert verify(place, SLUG).findings == found
    vtt = place.bulletin(SLUG) / f"{SLUG}.vtt"
    captions = vtt.read_bytes()
    vtt.unlink()
    assert len(verify(place, SLUG).findings) > len(found)
    vtt.write_bytes(captions)
    assert verify(place, SLUG).findings == found
    bobao("publish", "-w", folder, code=1)
    told = capsys.readouterr().err
    assert f"not published: {SLUG}, which a recogniser did not understand" in told
    assert "--accept" in told
    bobao("verify", SLUG, "--accept", "-w", folder)
    assert catalogue.last_verdict(place, SLUG) == KeptVerdict(sha(place), 0, "", _code())
    bobao("publish", "-w", folder)
    bobao("verify", SLUG, "--accept", "--listen", "small", "-w", folder, code=2)


def sha(place: Workspace) -> str:
    return sha256_of(place.bulletin(SLUG) / "bulletin.json")
