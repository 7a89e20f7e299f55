"""What is damaged is found, each by its own name, and nothing else is alleged."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from verifying_stuff import (
    SCRIPT,
    SLUG,
    Bench,
    bench,
    bobao,
    evidence,
    faults,
    mix,
    report,
    station,
    voice,
    worded,
)

from bobao.errors import BobaoError
from bobao.publish import catalogue
from bobao.station.workspace import locate
from bobao.verify.checks.table import findings
from bobao.verify.evidence import Evidence
from bobao.verify.hearing.verdicts import SentenceVerdict
from bobao.verify.verify import proved

__all__ = ["bench", "evidence", "station"]

FIRST, SECOND = "今年以来", "这些公园"


def test_nothing_is_wrong_with_what_is_whole(station: Path):
    found = report(station)
    assert found.findings == ()
    assert found.good
    assert found.heard is None


# ── takes ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("suffix", [".flac", ".json"])
def test_a_deleted_take(bench: Bench, suffix: str):
    bench.take(FIRST, suffix).unlink()
    found = report(bench.folder).findings
    assert [f.message for f in found] == ["takes.missing" if suffix == ".json" else "takes.damaged"]
    assert found[0].where.at_ms == bench.cue(FIRST).start_ms
    assert found[0].where.line == 1 + SCRIPT.splitlines().index(
        next(line for line in SCRIPT.splitlines() if line.startswith(FIRST))
    )


def test_what_harms_no_listener_is_not_held_against_a_bulletin(bench: Bench):
    """Takes may be thrown away and scripts edited; the sound that was published is as it was."""
    bench.take(FIRST).unlink()
    script = bench.folder / "scripts" / f"{SLUG}.md"
    script.write_text(SCRIPT.replace("装上了LED路灯", "装上了路灯"), "utf-8")
    assert faults(bench.folder) == {"takes.damaged", "script.changed"}
    assert (kept := catalogue.last_verdict(locate(bench.folder), SLUG))
    assert kept.faults == 0
    mp3 = locate(bench.folder).bulletin(SLUG) / f"{SLUG}.mp3"
    mp3.write_bytes(mp3.read_bytes()[:-20_000])
    assert faults(bench.folder) > {"takes.damaged", "script.changed"}
    assert (kept := catalogue.last_verdict(locate(bench.folder), SLUG))
    assert kept.faults > 0


def test_a_proof_holds_for_its_bulletin_and_its_checks(bench: Bench, monkeypatch):
    place = locate(bench.folder)
    assert not faults(bench.folder)
    assert proved(place, SLUG)
    monkeypatch.setattr("bobao.verify.verify._code", lambda: "other checks")
    assert not proved(place, SLUG)
    monkeypatch.undo()
    path = place.bulletin(SLUG) / "bulletin.json"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    assert not proved(place, SLUG)
    path.write_bytes(before)
    assert proved(place, SLUG)
    (place.bulletin(SLUG) / f"{SLUG}.vtt").unlink()
    assert faults(bench.folder)
    assert not proved(place, SLUG)
    path.unlink()
    assert not proved(place, SLUG)


def test_a_take_cut_short_on_the_disk(bench: Bench):
    take = bench.take(FIRST)
    take.write_bytes(take.read_bytes()[:-2000])
    assert faults(bench.folder) == {"takes.damaged"}


def test_a_take_cut_short_in_the_store_after_the_mix(bench: Bench):
    bench.respeak(FIRST, lambda samples: samples[: len(samples) // 2])
    assert faults(bench.folder) == {"takes.length", "text.mute", "pace.short"}


def test_a_take_cut_short_before_the_mix(bench: Bench):
    """The bulletin is true to a take that does not say all its words."""
    bench.respeak(FIRST, lambda samples: samples[: len(samples) * 9 // 10 // 240 * 240])
    bench.remix()
    found = report(bench.folder).findings
    assert {f.message for f in found} == {"text.mute"}
    assert dict(found[0].values)["part"] in "出门就能散步"


def test_a_take_whose_end_is_silence(bench: Bench):
    def hush(samples: np.ndarray) -> np.ndarray:
        samples[len(samples) // 2 :] = 0
        return samples

    bench.respeak(FIRST, hush)
    bench.remix()
    assert faults(bench.folder) >= {"text.mute", "silence.take", "silence.heard", "pace.short"}


def test_takes_swapped_in_the_store(bench: Bench):
    bench.swap(FIRST, SECOND)
    assert faults(bench.folder) == {"takes.damaged"}
    mix(bench.folder, "--no-stings", code=1)
    voice(bench.folder)
    assert faults(bench.folder) == set()


def test_takes_of_an_older_bobao_swapped_in_the_store(bench: Bench):
    bench.swap(FIRST, SECOND, old=True)
    found = faults(bench.folder)
    assert found <= {"takes.length", "sound.other", "text.unmarked", "text.stray"}
    assert found & {"takes.length", "sound.other"}


def test_takes_of_an_older_bobao_swapped_before_the_mix(bench: Bench):
    bench.swap(FIRST, SECOND, old=True)
    bench.remix()
    found = report(bench.folder).findings
    assert {f.message for f in found} <= {"text.unmarked", "text.stray"}
    assert {f.where.at_ms for f in found} <= {
        bench.cue(FIRST).start_ms,
        bench.cue(SECOND).start_ms,
    }
    assert found


def test_another_take_of_the_same_length(bench: Bench):
    bench.respeak(FIRST, lambda samples: samples[::-1])
    assert faults(bench.folder) == {"sound.other"}


def test_a_clipped_take(bench: Bench):
    bench.respeak(FIRST, lambda samples: np.clip(samples * 20, -1, 1))
    bench.remix()
    # So loud that the rest of its chapter comes out too soft.
    assert faults(bench.folder) == {"clipping.take", "sound.soft"}


def test_a_take_clipped_and_turned_down(bench: Bench):
    bench.respeak(FIRST, lambda samples: np.clip(samples, -0.12, 0.12))
    bench.remix()
    assert faults(bench.folder) == {"clipping.take"}


def test_a_take_with_a_hole(bench: Bench):
    def tear(samples: np.ndarray) -> np.ndarray:
        middle = len(samples) // 2
        return np.concatenate([samples[:middle], np.zeros(2 * 24_000), samples[middle:]])

    bench.respeak(FIRST, tear)
    bench.remix()
    assert {"silence.take", "silence.heard"} <= faults(bench.folder)


def test_a_take_said_twice(bench: Bench):
    bench.respeak(FIRST, lambda samples: np.concatenate([samples, samples]))
    bench.remix()
    assert faults(bench.folder) == {"pace.long"}


def test_a_take_said_too_fast(bench: Bench):
    def hurry(samples: np.ndarray) -> np.ndarray:
        return samples[: len(samples) // 480 * 480].reshape(-1, 240)[::2].ravel()

    bench.respeak(FIRST, hurry)
    bench.remix()
    assert "pace.short" in faults(bench.folder)


# ── script ──────────────────────────────────────────────────────────────────────────────────────

EDITS = {
    "a word": ("装上了LED路灯", "装上了路灯", {"script.changed"}),
    "what is said": ("{9|九}", "{9|十}", {"script.changed"}),
    "what is shown": ("{9|九}", "{９|九}", {"script.changed"}),
    "a reading": ("空地", "空{地|dì}", {"script.changed"}),
    "a new line": ("民生无小事。\n", "民生无小事。\n这是新的一句。\n", {"script.added"}),
    "a line less": ("民生无小事。\n", "", {"script.removed"}),
    "a new paragraph": ("民生无小事。\n", "民生无小事。\n\n", {"script.moved"}),
    "another kind": ("> [图片]", "> [路标]", {"script.changed"}),
    "a section joined": (
        "## {|第二部分，}下一步{|。}",
        "{|第二部分，}下一步{|。}",
        {"script.moved"},
    ),
    "the title in front": ("title: 九个", "title: 十个", {"script.header"}),
    "the voice": ("engine: tone", "engine: kokoro", {"script.header"}),
    "a broken line": ("{9|九}", "{9|九", {"script.unreadable"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_script(bench: Bench, evidence: Evidence, name: str):
    old, new, expected = EDITS[name]
    assert old in SCRIPT
    bench.script.write_text(SCRIPT.replace(old, new), "utf-8")
    assert bench.texts(evidence) == expected


def test_an_edit_is_named_with_its_line(bench: Bench):
    bench.script.write_text(SCRIPT.replace("民生无小事", "民生是大事"), "utf-8")
    (found,) = report(bench.folder).findings
    assert dict(found.values) == {"old": "民生无小事。", "new": "民生是大事。"}
    assert SCRIPT.splitlines()[found.where.line - 1] == "民生无小事。"
    assert found.where.at_ms == bench.cue("民生").start_ms


def test_layout_of_the_script_does_not_matter(bench: Bench, evidence: Evidence):
    text = SCRIPT.replace("\n\n", "\n\n\n").replace("\n", " \r\n")
    bench.script.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert bench.texts(evidence) == set()


def test_a_script_that_is_gone(bench: Bench, evidence: Evidence):
    bench.script.unlink()
    assert bench.texts(evidence) == {"script.unreadable"}


# ── times ───────────────────────────────────────────────────────────────────────────────────────


def later(tree: dict, ms: int = 250) -> None:
    tree["chapters"][1]["start_ms"] += ms


def test_a_shifted_chapter_in_the_manifest(bench: Bench):
    bench.edit_manifest(later)
    found = faults(bench.folder)
    assert {"chapters.start", "texts.differ", "tags.differ", "mp3.length"} <= found


def test_words_of_the_manifest(bench: Bench):
    def change(tree: dict) -> None:
        cue = next(c for c in tree["chapters"][0]["sentences"] if len(c["words"]) > 3)
        cue["words"][2]["start_ms"] = cue["start_ms"]
        cue["words"][1]["written"] += "了"

    bench.edit_manifest(change)
    assert faults(bench.folder) >= {"sentences.words", "sentences.text"}


# ── files and sound ─────────────────────────────────────────────────────────────────────────────


def test_a_missing_bulletin(bench: Bench):
    bench.mp3.unlink()
    found = faults(bench.folder)
    assert found >= {"files.missing", "mp3.unreadable", "sound.ended", "tags.unreadable"}
    assert found <= {"files.missing", "mp3.unreadable", "sound.ended", "tags.unreadable"} | {
        "parts.differ"
    }


def test_two_sentences_swapped_in_the_sound(bench: Bench):
    a, b = bench.span(FIRST), bench.span(SECOND)
    length = min(a.stop - a.start, b.stop - b.start)

    def swap(sound: np.ndarray) -> np.ndarray:
        first = sound[a.start : a.start + length].copy()
        sound[a.start : a.start + length] = sound[b.start : b.start + length]
        sound[b.start : b.start + length] = first
        return sound

    bench.rewrite(swap)
    found = report(bench.folder).findings
    others = {f.where.at_ms for f in found if f.message == "sound.other"}
    assert others == {bench.cue(FIRST).start_ms, bench.cue(SECOND).start_ms}
    # The chapters' own files do not have what the bulletin has there now.
    assert {f.message for f in found} <= {"sound.other", "parts.differ", "pauses.long"}


def test_a_syllable_lost_in_the_sound(bench: Bench):
    here = bench.span(SECOND)
    middle = (here.start + here.stop) // 2

    def lose(sound: np.ndarray) -> np.ndarray:
        sound[middle : middle + 44_100 * 3 // 10] = 0
        return sound

    bench.rewrite(lose)
    found = report(bench.folder).findings
    assert {f.message for f in found} == {"sound.damaged", "parts.differ"}
    (damaged,) = (f for f in found if f.message == "sound.damaged")
    assert damaged.where.at_ms == pytest.approx(middle / 44.1 + 150, abs=300)


def test_times_that_are_no_times(bench: Bench):
    bench.edit_manifest(lambda tree: tree.update(duration_ms="1:00"))
    with pytest.raises(BobaoError, match="no number of milliseconds"):
        report(bench.folder)


def test_a_manifest_that_cannot_be_read(bench: Bench, capsys: pytest.CaptureFixture[str]):
    (bench.output / "bulletin.json").write_text("{", "utf-8")
    bobao("verify", SLUG, "-w", bench.folder, code=1)
    assert "bobao mix" in capsys.readouterr().err


def test_a_manifest_that_points_out_of_its_folder(bench: Bench):
    def climb(tree: dict) -> None:
        tree["products"].append({"name": "../../scripts/park.md", "bytes": 1, "sha256": ""})

    bench.edit_manifest(climb)
    assert faults(bench.folder) == {"files.missing"}


def of_first(evidence: Evidence, **changes: object) -> Evidence:
    """Evidence whose first sentence is told of otherwise in the manifest."""
    first, *rest = evidence.bulletin.chapters
    cues = (replace(first.cues[0], **changes), *first.cues[1:])
    return replace(
        evidence, bulletin=replace(evidence.bulletin, chapters=(replace(first, cues=cues), *rest))
    )


def of_chapter(evidence: Evidence, **changes: object) -> Evidence:
    *rest, last = evidence.bulletin.chapters
    chapters = (*rest, replace(last, **changes))
    return replace(evidence, bulletin=replace(evidence.bulletin, chapters=chapters))


def of_sound(evidence: Evidence, **changes: object) -> Evidence:
    sound = replace(evidence.whole.sound, **changes)
    return replace(evidence, whole=replace(evidence.whole, sound=sound))


RARE = {
    "takes.none": lambda e: of_first(e, take=""),
    "pace.voice": lambda e: replace(
        e,
        whole=replace(
            e.whole,
            recordings=tuple(
                r and replace(r, voiced_ms=9 * r.voiced_ms) for r in e.whole.recordings
            ),
        ),
    ),
    "chapters.number": lambda e: of_chapter(e, number=9),
    "chapters.empty": lambda e: of_chapter(e, end_ms=e.bulletin.chapters[-1].start_ms),
    "chapters.end": lambda e: of_chapter(e, end_ms=e.bulletin.duration_ms + 500),
    "sentences.order": lambda e: of_first(e, end_ms=e.bulletin.duration_ms),
    "sentences.grid": lambda e: of_first(e, start_ms=e.bulletin.chapters[0].cues[0].start_ms + 3),
    "mp3.told": lambda e: of_sound(e, told=1),
    "mp3.lost": lambda e: of_sound(e, frames_lost=3),
    "files.unlisted": lambda e: replace(e, files=(), bulletin=replace(e.bulletin, products=())),
    "hearing.repeated": lambda e: replace(
        e, heard=(SentenceVerdict(0, 1, 0.0, "一", 1, 0, "repeated", "一一"),)
    ),
}


@pytest.mark.parametrize("message", RARE)
def test_rarer_faults(evidence: Evidence, message: str):
    assert message in worded(findings(RARE[message](evidence)))


# ── the verb ────────────────────────────────────────────────────────────────────────────────────


def test_the_verb_on_what_is_whole(bench: Bench, capsys: pytest.CaptureFixture[str]):
    bobao("verify", SLUG, "-w", bench.folder)
    told = capsys.readouterr()
    assert "nothing is wrong" in told.out
    assert "scripts/park.verify.html" in told.err
    assert "全部通过" in (bench.folder / "scripts" / "park.verify.html").read_text("utf-8")
    assert not [p for p in bench.output.rglob("*") if "verify" in p.name]


def test_the_verb_tells_what_where_and_what_to_do(bench: Bench, capsys: pytest.CaptureFixture[str]):
    bench.script.write_text(SCRIPT.replace("民生无小事", "民生是大事"), "utf-8")
    bobao("verify", SLUG, "-w", bench.folder, code=1)
    told = capsys.readouterr().out
    line = 1 + SCRIPT.splitlines().index("民生无小事。")
    assert re.search(rf"\d:\d\d\.\d scripts/park\.md:{line}: .*“民生是大事。”", told)
    assert "`bobao voice park`" in told
    assert "1 fault found" in told


def test_the_verb_as_json(bench: Bench, capsys: pytest.CaptureFixture[str]):
    bench.take(FIRST, ".json").unlink()
    bobao("verify", SLUG, "-w", bench.folder, "--json", code=1)
    told = json.loads(capsys.readouterr().out)
    assert not told["good"]
    (found,) = told["findings"]
    assert found["check"] == "takes"
    assert found["fault"] == "takes.missing"
    assert found["time_ms"] == bench.cue(FIRST).start_ms
    assert found["file"] == "scripts/park.md"
    assert told["checks"]["takes"] == 1
    assert sum(told["checks"].values()) == 1


def test_an_archive_that_cannot_be_written(bench: Bench, capsys: pytest.CaptureFixture[str]):
    kept = locate(bench.folder).verdict(SLUG).parent
    shutil.rmtree(kept, ignore_errors=True)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("no folder", "utf-8")
    bobao("verify", SLUG, "-w", bench.folder)
    told = capsys.readouterr()
    assert "nothing is wrong" in told.out
    assert told.err.count("cannot be kept") == 1
    assert not locate(bench.folder).report(SLUG).exists()


def test_what_publishing_mends_does_not_keep_a_bulletin_from_it(bench: Bench):
    """A damaged book or page leaves the sound as it is: the next publishing makes it again."""
    for name in (f"{SLUG}.epub", "index.html"):
        (bench.output / name).write_text("damaged", "utf-8")
    assert faults(bench.folder) == {"book.unreadable", "pages.differ"}
    assert (found := catalogue.last_verdict(locate(bench.folder), SLUG))
    assert found.faults == 0
    bobao("publish", "-w", bench.folder, "-q")
    assert faults(bench.folder) == set()


@pytest.mark.parametrize("change", ["settings", "a mix", "an older mix"])
def test_what_is_stale_is_no_damage(bench: Bench, change: str):
    """Pages of before a change wait for the next publishing; older mixes may have other texts."""
    if change == "settings":
        path = bench.folder / "bobao.toml"
        text = path.read_text("utf-8")
        path.write_text(re.sub("(?m)^description = .*", 'description = "新的"', text), "utf-8")
    elif change == "a mix":
        bench.respeak(FIRST, lambda samples: samples * 0.9)
        bench.remix()
    else:
        bench.edit_manifest(lambda tree: tree.update(mix=1))
        bench.replace(f"{SLUG}.vtt", "路灯", "彩灯")
    assert faults(bench.folder) == set()


def test_recording_again_heals_it(bench: Bench):
    bench.take(FIRST).unlink()
    assert faults(bench.folder)
    voice(bench.folder)
    bench.remix()
    assert faults(bench.folder) == set()
