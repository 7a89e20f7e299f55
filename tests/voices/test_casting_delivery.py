"""Lines said in parts: nothing lost, marks exact, keys that follow what sounds different."""

from __future__ import annotations

import numpy as np
import pytest
from casting_stuff import script
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import Line, Span, audible
from bobao.pronounce.lexicon import EMPTY, Entry, Lexicon, parse_lexicon
from bobao.pronounce.sounds import Reading
from bobao.voices import store
from bobao.voices.casting import Casting, cast
from bobao.voices.delivery import WHOLE, Breath, Delivery, deliveries
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import Utterance

ENGINE = ToneEngine()
LONG = "今年以来，花街镇共建成九个口袋公园，居民出门就能散步，公园里还种了桂花和香樟。"


def said(spoken: Line | str, breath: Breath, lexicon=EMPTY, rate: float = 1.0) -> Delivery:
    made = script([spoken] if isinstance(spoken, str) else ["题", spoken])
    row = deliveries(made, cast(made, Casting(("tone",))), rate, lexicon, breath)[0]
    assert row[-1] is not None
    return row[-1]


def texts(delivery: Delivery) -> list[str]:
    return [piece.text for piece in delivery.pieces]


def test_whole_lines_are_one_utterance_under_its_own_key() -> None:
    delivery = said(LONG, WHOLE)
    assert delivery.pieces == (Utterance(LONG, "tone"),)
    assert delivery.key(ENGINE) == store.key(Utterance(LONG, "tone"), ENGINE)


UNCUT = "全市率先建成全域覆盖的村级小微权力监督平台并投入使用获得群众广泛好评。"


@pytest.mark.parametrize(
    ("longest", "pieces"),
    [
        (20, ["今年以来，花街镇共建成九个口袋公园，",
              "居民出门就能散步，公园里还种了桂花和香樟。"]),
        (12, ["今年以来，", "花街镇共建成九个口袋公园，", "居民出门就能散步，",
              "公园里还种了桂花和香樟。"]),
        (20, ["本期共六个部分，请听。"]),
        (10, [UNCUT]),  # there is no clause mark
    ],
)  # fmt: skip
def test_long_lines_are_cut_at_clauses(longest: int, pieces: list[str]) -> None:
    assert texts(said("".join(pieces), Breath(longest, 400))) == pieces


@given(st.text(st.sampled_from("一二花街镇a1，。；、“”（）—… "), max_size=60), st.integers(1, 30))
def test_nothing_is_lost(text: str, longest: int) -> None:
    made = script([f"好{text}"])
    (delivery,) = deliveries(made, cast(made, Casting(("tone",))), breath=Breath(longest, 300))[0]
    assert delivery is not None
    assert delivery.text == f"好{text}"
    assert all(audible(piece.text) for piece in delivery.pieces)
    speech = delivery.speak(ENGINE.speak)
    heard = [i for i, char in enumerate(delivery.text) if char.isalnum()]
    assert [i for m in speech.marks for i in range(m.start, m.end)] == heard
    ends = [m.end_ms for m in speech.marks]
    assert all(m.start_ms >= end for m, end in zip(speech.marks[1:], ends, strict=False))
    assert ends[-1] * 24 <= len(speech.samples)


def test_rests_are_silent_and_as_long_as_asked() -> None:
    delivery = said(LONG, Breath(20, 400))
    speech = delivery.speak(ENGINE.speak)
    alone = [ENGINE.speak(piece) for piece in delivery.pieces]
    lengths = [len(each.samples) for each in alone]
    assert all(length % 240 == 0 for length in lengths)
    assert len(speech.samples) == sum(lengths) + 400 * 24
    assert not speech.samples[lengths[0] : lengths[0] + 400 * 24].any()
    second = speech.samples[lengths[0] + 400 * 24 :]
    assert np.array_equal(second, alone[1].samples)


def test_readings_and_the_lexicon_go_with_their_part() -> None:
    start, end = (Span(text, text) for text in ("他先到了银行，后来又去", "。"))
    spans = (start, Span("重庆", "重庆", "chóng qìng"), end)
    lexicon = parse_lexicon("银行\tyín háng\n", "l.tsv")
    first, second = said(Line(spans), Breath(7, 300), lexicon).pieces
    assert (first.readings, [e.word for e in first.lexicon.entries]) == ((), ["银行"])
    assert second.readings == (Reading(4, 6, ("chong2", "qing4")),)
    assert second.text[4:6] == "重庆"
    assert not second.lexicon.entries


def test_a_word_of_the_lexicon_is_never_cut() -> None:
    lexicon = Lexicon((Entry("以来，花街", spelling="以来花街"),))
    assert texts(said(LONG, Breath(5, 300), lexicon)) == [LONG]


def test_the_key_follows_what_sounds_different() -> None:
    short = "本期共六个部分。"
    assert said(short, WHOLE).key(ENGINE) == said(short, Breath(20, 400)).key(ENGINE)
    keys = [
        said(LONG, WHOLE).key(ENGINE),
        said(LONG, Breath(20, 400)).key(ENGINE),
        said(LONG, Breath(20, 500)).key(ENGINE),
        said(LONG, Breath(12, 400)).key(ENGINE),
        said(LONG, Breath(20, 400), rate=0.9).key(ENGINE),
    ]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 32 for key in keys)


class Exact(ToneEngine):
    """An engine that knows what it will say: the letters and digits."""

    def recipe(self, utterance: Utterance) -> str:
        letters = "".join(filter(str.isalnum, utterance.text))
        return f"{letters} {utterance.voice} {utterance.rate}"


@pytest.mark.parametrize(("make", "same"), [(Exact, True), (ToneEngine, False)])
def test_a_recipe_stands_for_text_and_version(make: type[ToneEngine], same: bool) -> None:
    first, second = make(), make()
    second.version = "2"
    key = store.key(Utterance("花街镇。", "tone"), first)
    assert (store.key(Utterance("花街镇。", "tone"), second) == key) is same
    assert (store.key(Utterance("花街镇！", "tone"), first) == key) is same
    assert store.key(Utterance("花街村。", "tone"), first) != key
    assert store.key(Utterance("花街镇。", "tone", 1.1), first) != key
    first.name = "other"  # another engine's takes are its own
    assert store.key(Utterance("花街镇。", "tone"), first) != key
