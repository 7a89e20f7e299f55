from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mixing_stuff import line, sample_script, scripts, take_of, takes_of

from bobao.errors import BobaoError
from bobao.mix.pauses import PauseRole, Pauses
from bobao.mix.timeline import Event, build, chapter_file
from bobao.model import RATE, Header, LineKind, Script, Section

STINGS = {"opening": 3400 * 24, "section": 1300 * 24, "closing": 3600 * 24}
PAUSES = Pauses()
stings = st.sampled_from([{}, STINGS, {"section": 2400}, {"opening": 240, "closing": 480}])


def silent(event: Event) -> bool:
    return not event.take and not event.sting


@given(scripts, stings)
def test_chapters_and_cues_tile_the_events(script, lengths):
    timeline = build(script, takes_of(script), lengths, PAUSES)
    now = 0
    for stretch in timeline.stretches:
        chapter, at = stretch.chapter, now
        assert chapter.start_ms == now
        cues = [cue for cue in chapter.cues if cue.take]
        for event in stretch.events:
            assert event.samples > 0
            assert event.samples % 240 == 0
            if event.take:
                cue = cues.pop(0)
                assert (cue.start_ms, cue.take) == (at, event.take)
                assert cue.end_ms == at + event.samples * 1000 // RATE
            at += event.samples * 1000 // RATE
        assert not cues
        assert at == chapter.end_ms > chapter.start_ms
        now = at
    assert now == timeline.duration_ms
    assert sum(event.samples for event in timeline.events) * 1000 == now * RATE


@given(scripts, stings)
def test_no_line_is_lost_and_time_goes_on(script, lengths):
    timeline = build(script, takes_of(script), lengths, PAUSES)
    cues = [cue for chapter in timeline.chapters for cue in chapter.cues]
    assert [cue.line for cue in cues] == list(script.lines())
    times = [time for cue in cues for time in (cue.start_ms, cue.end_ms)]
    assert times == sorted(times)


@given(scripts)
def test_no_silence_is_long_or_doubled(script):
    events = list(build(script, takes_of(script), STINGS, PAUSES).events)
    run = 0
    for event in events:
        run = run + event.samples if silent(event) else 0
        assert run <= 3 * RATE


def test_a_line_without_a_take_is_an_error_never_silence():
    script = sample_script()
    takes = [list(row) for row in takes_of(script)]
    takes[1][2] = None
    with pytest.raises(BobaoError, match="相关负责人说"):
        build(script, takes, STINGS, PAUSES)


def test_takes_of_another_script_are_a_defect():
    script = sample_script()
    with pytest.raises(ValueError, match="do not match"):
        build(script, takes_of(script)[:-1], {}, PAUSES)
    with pytest.raises(ValueError, match="do not match"):
        build(script, [row[:-1] for row in takes_of(script)], {}, PAUSES)


def test_a_silent_line_takes_no_time():
    chapter = build(sample_script(), takes_of(sample_script()), STINGS, PAUSES).chapters[1]
    silent = chapter.cues[-1]
    assert silent.line.written == "责任编辑：张三"
    assert silent.start_ms == silent.end_ms == chapter.cues[-2].end_ms
    assert silent.words == ()


def test_stings_stand_at_the_start_of_chapters_and_at_the_end():
    timeline = build(sample_script(), takes_of(sample_script()), STINGS, PAUSES)
    shape = [
        [e.sting or ("take" if e.take else "silence") for e in stretch.events]
        for stretch in timeline.stretches
    ]
    assert shape[0][:4] == ["silence", "opening", "silence", "take"]
    assert shape[1][:3] == ["section", "silence", "take"]
    assert shape[2][-4:] == ["take", "silence", "closing", "silence"]
    plain = build(sample_script(), takes_of(sample_script()), {}, PAUSES)
    assert not [e for e in plain.events if e.sting]
    assert plain.stretches[1].events[0] == Event(PAUSES.lead * 24)


def gaps(*paragraphs) -> list[int]:
    """The pauses between the lines of one section, heading first."""
    section = Section(line("题"), tuple(tuple(paragraph) for paragraph in paragraphs))
    script = Script(Header("s", "t"), (section,))
    events = build(script, takes_of(script), {}, PAUSES).stretches[0].events
    return [event.samples // 24 for event in events if silent(event)][1:-1]


def test_pauses_by_level():
    one, two, three = line("一。"), line("二。"), line("三。")
    sub = line("小题", kind=LineKind.SUBHEAD, level=3)
    caption, row = line("图", kind=LineKind.CAPTION), line("格", kind=LineKind.TABLE)
    p = PAUSES
    assert gaps([one, two], [three]) == [p.heading, p.sentence, p.paragraph]
    assert gaps([one], [sub], [two]) == [p.heading, p.before_subhead, p.subhead]
    assert gaps([one], [caption], [two]) == [p.heading, p.aside, p.aside]
    assert gaps([one], [row, row]) == [p.heading, p.aside, p.row]
    assert gaps([caption], [caption]) == [p.heading, p.aside]


def test_the_levels_can_be_told_apart():
    p = PAUSES
    assert p.sentence < p.subhead < p.paragraph < p.heading < p.chapter + p.lead == 1500
    assert p.between(PauseRole.TEXT, PauseRole.TEXT, same_paragraph=True) == 500


@pytest.mark.parametrize("length", [-10, 5, 5010])
def test_a_pause_off_the_grid_or_too_long_is_refused(length):
    with pytest.raises(BobaoError, match="sentence"):
        Pauses(sentence=length)


@pytest.mark.parametrize(
    ("number", "count", "title", "name"),
    [
        (1, 7, "一/二：三", "chapters/01-一 二：三.mp3"),
        (7, 120, "a\nb", "chapters/007-a b.mp3"),
        (2, 2, "", "chapters/02.mp3"),
        (3, 9, "..", "chapters/03.mp3"),
    ],
)
def test_chapter_files_are_safe_names(number, count, title, name):
    assert chapter_file(number, count, title) == name


def test_take_of_is_on_the_grid():
    assert take_of(line("一，二。")).samples % 240 == 0
