"""Cutting into units: nothing lost, nothing too long, and at the right places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kokoro_sounds import MARKS, MUTE, phonemes_of, sounds_of

from bobao.pronounce.sounds import SoundKind
from bobao.voices.kokoro import score as units
from bobao.voices.kokoro.phonemes import BETWEEN

WORDS = st.lists(
    st.one_of(
        st.text("花街镇党建", min_size=1, max_size=4),
        st.text("零一百万亿", min_size=1, max_size=4),
        st.text("abc", min_size=1, max_size=30),
        st.sampled_from([*MARKS, *MUTE]),
    ),
    max_size=60,
)


def cut(words: list[str], limit: int) -> list[str]:
    """The units' texts."""
    sounds = sounds_of(words)
    spoken = phonemes_of(sounds)
    out = []
    for start, end in units.units(spoken, sounds, limit):
        inside = {p.sound for p in spoken[start:end] if p.sound != BETWEEN}
        out.append("".join(sounds[k].text for k in sorted(inside)))
    return out


@settings(max_examples=60)
@given(WORDS, st.integers(7, 60))
def test_all_that_is_heard_is_in_exactly_one_unit(words: list[str], limit: int) -> None:
    sounds = sounds_of(words)
    spoken = phonemes_of(sounds)
    ranges = units.units(spoken, sounds, limit)
    heard = [i for i, p in enumerate(spoken) if units.is_heard(p, sounds)]
    inside = [i for start, end in ranges for i in range(start, end)]
    assert [i for i in inside if units.is_heard(spoken[i], sounds)] == heard
    assert inside == sorted(set(inside))
    for start, end in ranges:
        assert 0 < end - start <= limit
        assert BETWEEN not in (spoken[start].sound, spoken[end - 1].sound)
        assert sounds[spoken[start].sound].kind is not SoundKind.PAUSE


def test_cuts_fall_at_the_strongest_mark() -> None:
    words = ["花街镇", "、", "小微园", "，", "党建联盟", "；", "共同", "富裕", "，", "先行镇", "。"]
    assert cut(words, 45) == ["花街镇、小微园，党建联盟；", "共同富裕，先行镇。"]
    assert cut(words[:3] + words[4:5], 25) == ["花街镇、", "小微园党建联盟"]


def test_quotations_numbers_and_words_are_kept_whole() -> None:
    quoted = cut(["花街", "，", "“", "党建", "，", "联盟", "”", "，", "共同", "富裕"], 26)
    assert any("“党建，联盟”" in text for text in quoted)
    number = ["党建", "联盟", "三千", "四百", "五十", "万元", "富裕"]
    assert any("三千四百五十" in text for text in cut(number, 30))
    words = ["共同富裕", "党建联盟", "小微园区"]
    assert all(any(word in text for text in cut(words, 25)) for word in words)


def test_a_mark_stays_with_what_it_closes() -> None:
    for text in cut(["花街镇", "”", "，", "党建", "》", "。", "富裕", "！"] * 20, 40):
        assert text[0] not in MARKS + "”》"


@pytest.mark.parametrize("word", ["花" * 400, "a" * 600, "。" * 1000, "“" * 1000])
def test_hostile_runs_are_cut_somewhere(word: str) -> None:
    sounds = sounds_of([word, "花"])
    spoken = phonemes_of(sounds)
    ranges = units.units(spoken, sounds)
    assert max(end - start for start, end in ranges) <= units.MAX_TOKENS
    assert sum(end - start for start, end in ranges) >= sum(
        units.is_heard(p, sounds) for p in spoken
    )


def test_an_open_quotation_does_not_last_for_ever() -> None:
    never, closed = (
        units.boundary_costs(phonemes_of(sounds), sounds)
        for sounds in (sounds_of(["“", "花", "，", "街"]), sounds_of(["“", "花", "，", "街", "”"]))
    )
    assert min(never[1:-1]) < min(closed[1:-1])
