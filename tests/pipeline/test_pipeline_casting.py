"""Casting, styles and fallback through the steps, in a workspace, with engines that hum."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bobao import pipeline
from bobao.errors import BobaoError
from bobao.model import Bulletin
from bobao.pipeline import Choices
from bobao.publish import cover
from bobao.station import workspace
from bobao.station.workspace import Workspace
from bobao.voices import registry
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import GaveUp, Speech, Utterance, VoiceInfo
from bobao.voices.store import Store

SEED = """花街镇建成九个公园

今年以来，花街镇共建成九个口袋公园，居民出门就能散步，公园里还种了桂花和香樟。

一、公园建在家门口

“晚饭以后，我们常来这里走走。”

这些公园大多由闲置的空地改成。

二、树种在道路旁

道路两旁种了香樟。
"""


class Duo(ToneEngine):
    """Two women and a man. They hum; `levels` are in decibels over the tone engine's."""

    name = "duo"
    levels = {"ann": 0.0, "bob": -14.0, "cat": 5.0}  # noqa: RUF012 - not changed

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.lock = threading.Lock()

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("ann", "female"), VoiceInfo("bob", "male"), VoiceInfo("cat", "female"))

    def speak(self, utterance: Utterance) -> Speech:
        with self.lock:
            self.said.append(utterance)
        speech = super().speak(utterance)
        factor = np.float32(10 ** (self.levels[utterance.voice] / 20))
        return Speech(speech.samples * factor, speech.marks)


class Service(Duo):
    """As `Duo`, over a network: gives up after `patience` utterances."""

    name = "service"
    at_once = 1
    patience = 3

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("max", "male"), VoiceInfo("eva", "female"))

    def speak(self, utterance: Utterance) -> Speech:
        with self.lock:
            self.said.append(utterance)
            if len(self.said) > type(self).patience:
                raise GaveUp("the service does not answer", advice="Try later.")
        return ToneEngine.speak(self, utterance)


class Understudy(Duo):
    """Another engine of the same kind, that never gives up."""

    name = "understudy"


DATE = "2026-11-22"
PLAIN = Choices(engine="duo", signposts=False, date=DATE)


def silent(_: str) -> Callable[[int, int, str], None]:
    return lambda done, total, remark: None


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch):
    ours = {cls.name: f"{__name__}:{cls.__name__}" for cls in (Duo, Service, Understudy)}
    monkeypatch.setattr(registry, "BUILT_IN", {**registry.BUILT_IN, **ours})
    monkeypatch.setattr(cover, "SIDE", 64)
    monkeypatch.setattr(Service, "patience", 3)
    registry.engine.cache_clear()
    yield
    registry.engine.cache_clear()


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = workspace.create(tmp_path)
    (tmp_path / "seeds" / "a.txt").write_text(SEED, "utf-8")
    script = replace(made.config.script, ai_label=False)
    return replace(made, config=replace(made.config, script=script))


def settings(place: Workspace, **voice) -> Workspace:
    return replace(place, config=replace(place.config, voice=replace(place.config.voice, **voice)))


def draft(place: Workspace, choices: Choices = PLAIN) -> Path:
    return pipeline.draft(place, place.seeds / "a.txt", choices, DATE).path


def voice(place: Workspace, choices: Choices = PLAIN) -> pipeline.Recorded:
    return pipeline.voice(place, "a", choices, silent)


def mix(place: Workspace, choices: Choices = PLAIN) -> Bulletin:
    return pipeline.mix(place, "a", choices, silent).bulletin


def said(name: str) -> list:
    return registry.engine(name).said  # type: ignore[attr-defined]


def who(bulletin: Bulletin) -> list[str]:
    return [
        " ".join(cue.voice or bulletin.voice for cue in chapter.cues)
        for chapter in bulletin.chapters
    ]


ANCHORS = replace(PLAIN, anchors=("ann", "bob"))


def test_two_anchors_from_the_draft_to_the_manifest(place: Workspace) -> None:
    script = draft(place, ANCHORS).read_text("utf-8")
    assert "voice: ann, bob\n" in script
    made = voice(place)
    assert made.voices == ("ann", "bob")
    bulletin = mix(place)
    assert who(bulletin) == ["ann ann", "bob bob bob", "ann ann"]
    assert (bulletin.voice, bulletin.voices) == ("ann", ("ann", "bob"))
    assert bulletin == pipeline.load_bulletin(place, "a")


def test_the_settings_anchors_and_roles(place: Workspace) -> None:
    roles = replace(place.config.voice.roles, quotation="cat")
    place = settings(place, engine="duo", anchors=("ann", "bob"), roles=roles)
    plain = Choices(signposts=False, date=DATE)
    assert "voice:" not in draft(place, plain).read_text("utf-8")
    assert voice(place, plain).voices == ("ann", "bob", "cat")
    assert who(mix(place, plain)) == ["ann ann", "bob cat bob", "ann ann"]
    one = replace(plain, voice="cat")
    voice(place, one)
    assert who(mix(place, one)) == ["cat cat", "cat cat cat", "cat cat"]


def test_an_editor_gives_a_chapter_and_a_role_to_another(place: Workspace) -> None:
    script = draft(place, ANCHORS)
    text = script.read_text("utf-8")
    edited = text.replace(
        "voice: ann, bob\n", "voice: ann, bob\nvoice-2: cat\nvoice-heading: bob\n"
    )
    script.write_text(edited, "utf-8")
    assert draft(place).read_text("utf-8") == edited  # an editor's work: kept
    voice(place)
    assert who(mix(place)) == ["bob ann", "bob cat cat", "bob ann"]
    script.write_text(edited.replace("voice-2", "voice-9"), "utf-8")
    with pytest.raises(BobaoError, match="“9”, which is not there"):
        voice(place)


def test_another_anchor_speaks_only_what_is_now_its_own(place: Workspace) -> None:
    draft(place)
    voice(place)
    count = len(said("duo"))
    voice(place, ANCHORS)
    assert {u.voice for u in said("duo")[count:]} == {"bob"}
    count = len(said("duo"))
    voice(place)
    assert len(said("duo")) == count


@pytest.mark.parametrize(
    ("choices", "fault"),
    [
        (replace(PLAIN, voice="zed"), "no voice “zed”"),
        (replace(PLAIN, anchors=("ann", "zed")), "no voice “zed”"),
        (replace(PLAIN, engine="nobody"), "no voice engine “nobody”"),
        (replace(PLAIN, fallback="nobody"), "no voice engine “nobody”"),
        (replace(PLAIN, voice="ann", anchors=("bob",)), "both --voice and --anchors"),
    ],
)
def test_a_voice_there_is_not_stops_before_any_work(place: Workspace, choices, fault: str) -> None:
    with pytest.raises(BobaoError, match=fault):
        draft(place, choices)
    assert not place.script("a").exists()
    draft(place)
    with pytest.raises(BobaoError, match=fault):
        voice(place, choices)
    assert not said("duo")


def test_an_unknown_voice_or_style_of_the_script(place: Workspace) -> None:
    script = draft(place, ANCHORS)
    text = script.read_text("utf-8")
    for old, new, fault in (
        ("voice: ann, bob", "voice: ann, zed", "no voice “zed”"),
        ("voice: ann, bob", "voice: ann\nvoice-table: zed", "no voice “zed”"),
        ("voice: ann, bob", "style: fast", "no style “fast”"),
    ):
        script.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(BobaoError, match=fault):
            voice(place)
    assert not said("duo")


def test_another_engine_gets_voices_of_its_own(place: Workspace) -> None:
    draft(place, replace(PLAIN, anchors=("cat", "bob")))
    text = draft(place).read_text("utf-8")
    assert "voice: cat, bob" in text
    other = replace(PLAIN, engine="service")
    Service.patience = 99
    assert voice(place, other).voices == ("eva", "max")
    assert who(mix(place, other)) == ["eva eva", "max max max", "eva eva"]
    assert "voice:" not in draft(place, other).read_text("utf-8")


# ── Styles ──────────────────────────────────────────────────────────────────────────────────────


def test_a_style_is_kept_with_the_script(place: Workspace) -> None:
    assert "style: slow\n" in draft(place, replace(PLAIN, style="slow")).read_text("utf-8")
    voice(place)
    assert {u.rate for u in said("duo")} == {0.85}
    assert mix(place).style == "slow"
    news = replace(PLAIN, style="news")
    assert "style: news" in draft(place, news).read_text("utf-8")
    voice(place)
    assert mix(place).style == "news"


def test_a_rate_is_multiplied_with_the_style(place: Workspace) -> None:
    draft(place)
    voice(place, replace(PLAIN, style="slow", rate=1.2))
    assert {round(u.rate, 6) for u in said("duo")} == {1.02}


def test_a_style_changes_what_is_said_not_what_is_shown(place: Workspace) -> None:
    draft(place)
    voice(place)
    news, text = mix(place), place.script("a").read_text("utf-8")
    horn = replace(PLAIN, style="loudspeaker")
    voice(place, horn)
    loud = mix(place, horn)
    assert place.script("a").read_text("utf-8") == text
    written = ["".join(word.written for word in cue.words) for cue in loud.cues()]
    assert written == ["".join(word.written for word in cue.words) for cue in news.cues()]
    assert [cue.line for cue in loud.cues()] == [cue.line for cue in news.cues()]
    assert loud.duration_ms > news.duration_ms * 1.2
    for cue in loud.cues():
        assert cue.start_ms <= cue.words[0].start_ms
        assert cue.words[-1].end_ms <= cue.end_ms


def test_a_change_of_breath_records_only_the_lines_that_it_cuts(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bobao.mix import styles
    from bobao.voices.delivery import Breath

    draft(place)
    voice(place)
    count = len(said("duo"))
    short = replace(styles.NEWS, breath=Breath(20, 500))
    monkeypatch.setitem(styles.STYLES, "news", short)
    made = voice(place)
    assert made.spoken == 1
    pieces = [u.text for u in said("duo")[count:]]
    assert sorted(pieces) == [
        "今年以来，花街镇共建成九个口袋公园，",
        "居民出门就能散步，公园里还种了桂花和香樟。",
    ]


# ── When an engine gives up ─────────────────────────────────────────────────────────────────────

SERVICE = replace(PLAIN, engine="service", anchors=("eva", "max"))


def test_without_a_fallback_it_is_an_error_and_what_is_finished_stays(place: Workspace) -> None:
    draft(place, SERVICE)
    with pytest.raises(GaveUp, match="does not answer") as caught:
        voice(place, SERVICE)
    assert "Try later." in caught.value.advice
    assert "--fallback" in caught.value.advice
    assert len(list(place.takes.rglob("*.json"))) == 3
    with pytest.raises(BobaoError, match="not recorded"):
        mix(place, SERVICE)
    Service.patience = 99
    assert (voice(place, SERVICE).reused, mix(place, SERVICE).engine) == (3, "service")


@pytest.mark.parametrize("by", ["choice", "setting"])
def test_the_whole_bulletin_is_done_by_the_fallback(place: Workspace, by: str) -> None:
    choices = replace(SERVICE, fallback="understudy") if by == "choice" else SERVICE
    place = place if by == "choice" else settings(place, fallback="understudy")
    draft(place, choices)
    made = voice(place, choices)
    assert (made.engine, made.instead_of) == ("understudy", "service")
    assert made.why == "the service does not answer"
    assert (made.voices, made.reused) == (("ann", "bob"), 0)  # a woman, a man, as was asked for
    bulletin = mix(place, choices)
    assert (bulletin.engine, bulletin.instead_of) == ("understudy", "service")
    assert who(bulletin) == ["ann ann", "bob bob bob", "ann ann"]
    keys = {cue.take for cue in bulletin.cues() if cue.take}
    texts = {u.text: u for u in said("understudy")}
    assert len(keys) == len(texts) == 7
    # Later the service answers again, and goes on where it was.
    Service.patience = 99
    made = voice(place, choices)
    assert (made.engine, made.instead_of, made.reused) == ("service", "", 3)
    assert mix(place, choices).instead_of == ""


def test_a_fallback_that_gives_up_too_is_an_error(place: Workspace) -> None:
    Service.patience = 0
    draft(place, SERVICE)
    with pytest.raises(BobaoError, match="does not answer"):
        voice(place, replace(SERVICE, fallback="service"))


def test_other_errors_are_not_the_fallbacks(place: Workspace, monkeypatch) -> None:
    def speak(self, utterance):
        raise BobaoError("nothing sounds like this")

    monkeypatch.setattr(Service, "speak", speak)
    choices = replace(SERVICE, fallback="understudy")
    draft(place, choices)
    with pytest.raises(BobaoError, match="sounds like this"):
        voice(place, choices)
    assert not said("understudy")


# ── Takes that were tampered with ───────────────────────────────────────────────────────────────


def respeak(place: Workspace, take: str) -> None:
    """Put other sound of the same length, with its own digest, under the key of a take."""
    store = Store(place.takes)
    found, samples = store.load(take), store.samples(take)
    assert found
    store.save(take, Speech(samples[::-1].copy(), found.marks))


def test_a_take_that_was_replaced_is_mixed_and_put_together_anew(place: Workspace) -> None:
    draft(place)
    voice(place)
    mixed = pipeline.mix(place, "a", PLAIN, silent)
    assert not pipeline.mix(place, "a", PLAIN, silent).fresh
    heard = sorted(place.recordings("a").glob("*.flac"))[1]
    before = [path.read_bytes() for path in (heard, place.bulletin("a") / "a.mp3")]
    respeak(place, mixed.bulletin.chapters[1].cues[1].take)
    assert pipeline.mix(place, "a", PLAIN, silent).fresh
    assert voice(place).spoken == 0
    after = [path.read_bytes() for path in (heard, place.bulletin("a") / "a.mp3")]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_take_under_another_name_is_refused_and_spoken_again(place: Workspace) -> None:
    draft(place)
    voice(place)
    whole = mix(place)
    one, other = (cue.take for cue in whole.chapters[1].cues[1:])
    for suffix in (".flac", ".json"):
        a, b = (place.takes / key[:2] / f"{key}{suffix}" for key in (one, other))
        first, second = a.read_bytes(), b.read_bytes()
        a.write_bytes(second)
        b.write_bytes(first)
    with pytest.raises(BobaoError, match="cannot be used") as caught:
        mix(place)
    assert "another line" in caught.value.where
    assert "bobao voice a" in caught.value.advice
    made = voice(place)
    assert (made.spoken, len(made.damaged)) == (2, 2)
    assert mix(place) == whole
