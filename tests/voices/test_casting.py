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
    Role,
    cast,
    merged,
    of_header,
    quoted,
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
    return [" ".join(row) for row in cast(SCRIPT, casting)]


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


@pytest.mark.parametrize(
    ("paragraph", "flags"),
    [
        (["“干部在一线，问题在一线解决。”"], "q"),
        (["“干部在一线，问题在一线解决”。"], "q"),
        (["「我們今年收成很好。」"], "q"),
        (["“今年收成怎么样？”", "老张笑着说。"], "q."),
        (["“第一句话在这里。", "第二句话也在这里。", "第三句话到此为止。”", "他说完了。"], "qqq."),
        (["“他告诉我‘一定要来看看’，我就来了。”"], "q"),
        # The speaker is named in the line, or the quotation is a word of a sentence.
        (["老张说：“今年收成很好。”"], "."),
        (["“今年收成很好。”老张说。"], "."),
        (["“两带三盟”助推共同富裕。"], "."),
        (["他说：“第一句话在这里。", "第二句话也在这里。”"], ".."),
        (["“第一句话在这里。", "第二句话也在这里。”他说。"], ".."),
        # Two voices in one line, a mere word, an exclamation, marks that are not closed.
        (["“今年收成好吗？”“今年收成很好。”"], "."),
        (["“共同富裕先行镇”"], "."),
        (["“好！”"], "."),
        (["“今年收成很好。"], "."),
        (["今年收成很好。”"], "."),
        ([], ""),
    ],
)
def test_quotations(paragraph: list[str], flags: str) -> None:
    found = quoted([line(text) for text in paragraph])
    assert "".join("q" if flag else "." for flag in found) == flags


def test_only_running_text_is_quoted() -> None:
    kinds = [LineKind.CAPTION, LineKind.SIGNPOST, LineKind.TABLE, LineKind.SUBHEAD]
    assert not any(quoted([line("“这里是一句完整的话。”", kind) for kind in kinds]))


def test_a_line_between_that_is_not_text_does_not_hide_the_rest() -> None:
    lines = [line("“这是一句完整的话。"), line("（图）", LineKind.CAPTION), line("这是第二句话。”")]
    assert quoted(lines) == (True, True, True)
