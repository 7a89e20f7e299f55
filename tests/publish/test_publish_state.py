"""Who is who on the site, through any history of bulletins that come, change and go."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from bobao.publish.feed.identity import item_guid
from bobao.publish.state import Arrival, Entry, State, enrol, load, named, retire, save
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError

GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
EMPTY = State(GUID)
slugs = st.sampled_from("abcd")
days = st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-02"])
there = st.dictionaries(slugs, days, max_size=4)
histories = st.lists(there | slugs, max_size=12)


def arrivals(found: dict[str, str], seasons: bool = True) -> tuple[Arrival, ...]:
    return tuple(Arrival(s, day, int(day[:4]) if seasons else 0) for s, day in found.items())


def lived(history: list) -> list[State]:
    """The states after each step: bulletins that are there, or a slug that is withdrawn."""
    states = [EMPTY]
    for step in history:
        last = states[-1]
        after = retire(last, step, step) if isinstance(step, str) else enrol(last, arrivals(step))
        states.append(named(after))
    return states


@given(histories)
def test_a_guid_is_given_once_and_never_changes(history: list):
    states = lived(history)
    for before, after in itertools.pairwise(states):
        assert [e.guid for e in after.entries][: len(before.entries)] == [
            e.guid for e in before.entries
        ]
        assert [e.slug for e in after.entries][: len(before.entries)] == [
            e.slug for e in before.entries
        ]
    guids = [entry.guid for entry in states[-1].entries]
    assert len(set(guids)) == len(guids)


@given(histories)
def test_what_is_withdrawn_stays_so(history: list):
    states = lived(history)
    for before, after in itertools.pairwise(states):
        for old, new in zip(before.entries, after.entries, strict=False):
            assert new.withdrawn or not old.withdrawn


@given(histories)
def test_numbers_and_places_are_each_ones_own(history: list):
    entries = lived(history)[-1].entries
    numbers = [(e.season, e.number) for e in entries]
    places = [(e.date, e.rank) for e in entries]
    assert len(set(numbers)) == len(numbers)
    assert len(set(places)) == len(places)
    assert all(e.number > 0 and e.rank >= 0 for e in entries)


@given(histories, there)
def test_the_same_again_changes_nothing(history: list, found: dict[str, str]):
    state = named(enrol(lived(history)[-1], arrivals(found)))
    assert named(enrol(state, arrivals(found))) == state


@given(there, there)
def test_a_bulletin_that_is_not_there_for_a_while_is_not_forgotten(first, second):
    state = named(enrol(EMPTY, arrivals(first)))
    away = named(enrol(state, arrivals(second)))
    back = named(enrol(away, arrivals(first)))
    assert {s: e.guid for s, e in state.live().items()}.items() <= {
        s: e.guid for s, e in back.live().items()
    }.items()


def test_a_first_batch_is_numbered_by_date():
    found = {"z": "2026-01-01", "a": "2026-01-03", "m": "2026-01-02"}
    state = enrol(EMPTY, arrivals(found))
    assert [(e.slug, e.number) for e in state.entries] == [("z", 1), ("m", 2), ("a", 3)]


def test_a_changed_date_moves_an_episode_behind_those_of_its_new_day():
    state = enrol(EMPTY, arrivals({"a": "2025-12-31", "b": "2026-01-01"}))
    moved = enrol(state, arrivals({"a": "2026-01-01", "b": "2026-01-01"}))
    a = moved.live()["a"]
    assert (a.date, a.rank, a.season, a.number) == ("2026-01-01", 1, 2026, 2)


def test_the_second_of_a_name_is_told_from_the_first():
    state = named(enrol(EMPTY, arrivals({"a": "2026-01-01"})))
    again = named(enrol(retire(state, "a", "a"), arrivals({"a": "2026-01-01"})))
    assert [e.guid for e in again.entries] == [item_guid(GUID, "a"), item_guid(GUID, "a\n2")]


entries = st.builds(
    Entry, st.text(max_size=4), days, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)
)


@given(st.lists(entries, max_size=5))
def test_a_state_reads_back(tmp_path_factory, made: list[Entry]):
    folder = tmp_path_factory.mktemp("state")
    state = State(GUID, "https://a.example/", "https://b.example/", tuple(made))
    save(folder, state)
    assert load(folder) == state


def test_a_state_is_written_only_if_it_changed(tmp_path):
    save(tmp_path, EMPTY)
    before = (tmp_path / "site.json").stat()
    save(tmp_path, EMPTY)
    assert (tmp_path / "site.json").stat() == before
    save(tmp_path, replace(EMPTY, base_url="https://a.example/"))
    assert (tmp_path / "site.json").stat() != before


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"schema": "bobao-site", "version": 2}', '{"schema": "x", "version": 1}'],
)
def test_a_state_that_cannot_be_read_is_an_error(tmp_path, text: str):
    (tmp_path / "site.json").write_text(text, "utf-8")
    with pytest.raises(BobaoError) as error:
        load(tmp_path)
    assert error.value.advice
