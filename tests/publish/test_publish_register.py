"""Who is who on the site, through any history of bulletins that come, change and go."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.publish.register import Enrolment, Register, changed, enrol, item_guid, load, named, save

GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
EMPTY = Register(GUID)
days = st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-02"])
there = st.dictionaries(st.sampled_from("abcd"), days, max_size=4)
histories = st.lists(there | st.sampled_from("abcd"), max_size=12)


def enrolled(state: Register, found: dict[str, str]) -> Register:
    return named(enrol(state, {slug: (day, int(day[:4])) for slug, day in found.items()}))


def retired(state: Register, slug: str) -> Register:
    entry = state.live().get(slug)
    return changed(state, entry, withdrawn=True, kept=slug) if entry else state


def lived(history: list) -> list[Register]:
    """The states after each step: bulletins that are there, or a slug that is withdrawn."""
    states = [EMPTY]
    for step in history:
        last = states[-1]
        gone = isinstance(step, str)
        states.append(named(retired(last, step)) if gone else enrolled(last, step))
    return states


@given(histories)
def test_a_guid_a_number_and_a_place_are_given_once(history: list):
    states = lived(history)
    for before, after in itertools.pairwise(states):
        for old, new in zip(before.entries, after.entries, strict=False):
            assert (new.guid, new.slug) == (old.guid, old.slug)
            assert new.withdrawn or not old.withdrawn
        assert len(after.entries) >= len(before.entries)
    entries = states[-1].entries
    for each in (
        [entry.guid for entry in entries],
        [(e.season, e.number) for e in entries],
        [(e.date, e.rank) for e in entries],
    ):
        assert len(set(each)) == len(entries)
    assert all(e.number > 0 and e.rank >= 0 for e in entries)


@given(histories, there, there)
def test_the_same_again_changes_nothing_and_what_is_away_is_not_forgotten(history, first, second):
    state = enrolled(lived(history)[-1], first)
    assert enrolled(state, first) == state
    back = enrolled(enrolled(state, second), first)
    guids = [{s: e.guid for s, e in each.live().items()} for each in (state, back)]
    assert guids[0].items() <= guids[1].items()


def test_numbers_follow_dates_and_a_changed_date_moves_an_episode_behind_its_new_day():
    state = enrolled(EMPTY, {"z": "2026-01-01", "a": "2026-01-03", "m": "2026-01-02"})
    assert [(e.slug, e.number) for e in state.entries] == [("z", 1), ("m", 2), ("a", 3)]
    state = enrolled(EMPTY, {"a": "2025-12-31", "b": "2026-01-01"})
    a = enrolled(state, {"a": "2026-01-01", "b": "2026-01-01"}).live()["a"]
    assert (a.date, a.rank, a.season, a.number) == ("2026-01-01", 1, 2026, 2)
    again = enrolled(retired(state, "a"), {"a": "2026-01-01"})
    assert [e.guid for e in again.entries] == [item_guid(GUID, n) for n in ("a", "b", "a\n2")]


entries = st.builds(Enrolment, st.text(max_size=4), days, *[st.integers(0, 9)] * 3)


@given(st.lists(entries, max_size=5))
def test_a_register_reads_back_and_is_written_only_if_it_changed(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("state")
    state = Register(GUID, "https://a.example/", "https://b.example/", tuple(made))
    save(folder, state)
    assert load(folder) == state
    before = (folder / "site.json").stat()
    save(folder, state)
    assert (folder / "site.json").stat() == before
    save(folder, replace(state, base_url="https://c.example/"))
    assert (folder / "site.json").stat() != before


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"schema": "bobao-site", "version": 2}', '{"schema": "x", "version": 1}'],
)
def test_a_register_that_cannot_be_read_is_an_error(tmp_path, text: str):
    (tmp_path / "site.json").write_text(text, "utf-8")
    with pytest.raises(BobaoError) as error:
        load(tmp_path)
    assert error.value.advice
