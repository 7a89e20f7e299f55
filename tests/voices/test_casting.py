"""Who says what: turns, roles, an editor's choice, and other engines' voices."""

import pytest
from casting_stuff import line, script
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.model import LineKind
from bobao.station import config
from bobao.voices.casting import (
    Casting,
    Part,
    Role,
    cast,
    heard,
    merged,
    of_header,
    split,
    translated,
)
from bobao.voices.engine import VoiceInfo

SCRIPT = script(
    ["标题", line("日期。", LineKind.SIGNPOST), "导语。"],
    ["第一部分", "第一句。", "“这是一句完整的引语。”", line("图片说明。", LineKind.CAPTION)],
    ["第二部分", line("小标题", LineKind.SUBHEAD), line("一行。", LineKind.TABLE)],
)


def voices(casting: Casting) -> list[str]:
    return [" ".join(part.voice for part in row) for row in cast(SCRIPT, casting)]


def test_anchors_take_turns_by_section() -> None:
    assert voices(Casting(("a", "b"))) == ["a a a", "b b b b", "a a a"]
    assert voices(Casting(("a", "b", "c"))) == ["a a a", "b b b b", "c c c"]
    assert voices(Casting(("a",))) == ["a a a", "a a a a", "a a a"]


def test_roles_have_voices_of_their_own() -> None:
    roles = {role: role.value[0].upper() for role in Role}
    assert voices(Casting(("a", "b"), roles)) == ["H S a", "H b Q C", "H H T"]


def test_an_editor_gives_a_chapter_to_another() -> None:
    casting = Casting(("a", "b"), {Role.CAPTION: "c"}, {3: "x"})
    assert voices(casting) == ["a a a", "b b b c", "x x x"]


def test_rate_and_the_voices_heard() -> None:
    made = cast(SCRIPT, Casting(("a", "b")), 0.9)
    assert made[1][0] == Part("b", 0.9)
    assert heard(made) == ("a", "b")


def test_every_role_is_a_setting() -> None:
    assert [role.value for role in Role] == list(config.RoleSettings.__dataclass_fields__)


@pytest.mark.parametrize("names", ["a,b", " a , b ", "a，b", "a、b", "a b", "a;b,"])
def test_names_are_split(names: str) -> None:
    assert split(names) == ("a", "b")


def test_the_front_matter() -> None:
    header = script(["题"], voice="a, b", voice_2="x", voice_caption="c", mood="calm").header
    assert of_header(header, 3) == Casting(("a", "b"), {Role.CAPTION: "c"}, {2: "x"})


@pytest.mark.parametrize("key", ["voice_0", "voice_4", "voice_weather", "voice_-1", "voice_１x"])
def test_a_chapter_or_role_there_is_not(key: str) -> None:
    with pytest.raises(BobaoError, match=key.replace("_", "-")) as caught:
        of_header(script(["题"], **{key: "x"}).header, 3)
    assert "voice-caption" in caught.value.advice


STATION = Casting(("s", "t"), {Role.CAPTION: "u"})


@pytest.mark.parametrize(
    ("chosen", "written", "expected"),
    [
        (Casting(), Casting(), STATION),
        (Casting(("x",)), Casting(("a", "b"), {Role.TABLE: "c"}, {1: "d"}), Casting(("x",))),
        (Casting(("x", "y")), Casting(), Casting(("x", "y"), {Role.CAPTION: "u"})),
        (Casting(), Casting(("a",)), Casting(("a",))),
        (Casting(), Casting(("a",), {Role.TABLE: "c"}), Casting(("a",), {Role.TABLE: "c"})),
        (
            Casting(),
            Casting((), {Role.CAPTION: "c"}, {2: "d"}),
            Casting(("s", "t"), {Role.CAPTION: "c"}, {2: "d"}),
        ),
        (
            Casting(("x", "y")),
            Casting(("a",), {Role.TABLE: "c"}),
            Casting(("x", "y"), {Role.CAPTION: "u", Role.TABLE: "c"}),
        ),
    ],
)
def test_a_choice_counts_more_than_the_script_and_that_more_than_the_station(
    chosen: Casting, written: Casting, expected: Casting
) -> None:
    assert merged(chosen, written, STATION) == expected


OURS = (VoiceInfo("f1", "female"), VoiceInfo("m1", "male"), VoiceInfo("f2", "female"))
THEIRS = (VoiceInfo("Yunyang", "male"), VoiceInfo("Xiaoxiao", "female"), VoiceInfo("Yunxi", "male"))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Yunyang",), ("m1",)),
        (("Xiaoxiao", "Yunyang"), ("f1", "m1")),
        (("Yunyang", "Yunxi"), ("m1", "m1")),
        (("nobody",), ("f1",)),
        (("nobody", "Xiaoxiao"), ("f1", "f2")),
        (("m1", "Xiaoxiao"), ("m1", "f1")),
        ((), ()),
    ],
)
def test_other_engines_voices_become_ours(names: tuple, expected: tuple) -> None:
    assert translated(Casting(names), THEIRS, OURS).anchors == expected


infos = st.lists(
    st.builds(VoiceInfo, st.sampled_from("abcdefgh"), st.sampled_from(["female", "male", "none"])),
    min_size=1,
    max_size=6,
    unique_by=lambda info: info.name,
)


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=3),
    st.dictionaries(st.sampled_from(list(Role)), st.sampled_from("abcdefgh")),
    infos,
    infos,
)
def test_translated_names_are_ours_and_keep_their_gender(anchors, roles, theirs, ours) -> None:
    before = Casting(tuple(anchors), roles)
    after = translated(before, theirs, ours)
    assert len(after.anchors) == len(anchors)
    assert after.roles.keys() == roles.keys()
    ours_by, theirs_by = ({i.name: i.gender for i in each} for each in (ours, theirs))
    assert set(after.names()) <= ours_by.keys()
    olds, news = ([*each.anchors, *each.roles.values()] for each in (before, after))
    for old, new in zip(olds, news, strict=True):
        if old not in ours_by and theirs_by.get(old) in ours_by.values():
            assert ours_by[new] == theirs_by[old]
