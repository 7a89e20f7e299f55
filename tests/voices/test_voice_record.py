"""Recording a script: order, the store, equal lines, errors and Ctrl-C."""

import threading
from pathlib import Path

import pytest

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Script, Section, Span
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.voices.casting import Casting, cast
from bobao.voices.delivery import Deliveries, deliveries, record
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import Speech, Utterance
from bobao.voices.store import Store


class Counting(ToneEngine):
    """The tone engine, with a list of what it was asked to say."""

    def __init__(self, fail: str = "", error: BaseException | None = None) -> None:
        self.said: list[str] = []
        self.fail, self.error = fail, error
        self.lock = threading.Lock()

    def speak(self, utterance: Utterance) -> Speech:
        with self.lock:
            self.said.append(utterance.text)
        if self.error and utterance.text == self.fail:
            raise self.error
        return super().speak(utterance)


def line(text: str, kind: LineKind = LineKind.TEXT) -> Line:
    return Line((Span(text, text),), kind)


def script(*sections: list[str]) -> Script:
    made = (Section(line(first), (tuple(map(line, rest)),)) for first, *rest in sections)
    return Script(Header("s", "标题"), tuple(made))


def said(script: Script, rate: float = 1.0, lexicon: Lexicon = EMPTY) -> Deliveries:
    return deliveries(script, cast(script, Casting(("tone",))), rate, lexicon)


SCRIPT = script(["标题", "第一句。", "第二句长一些。"], ["第二部分", "第三句。", "——", "第一句。"])


def test_takes_are_in_script_order(tmp_path: Path) -> None:
    engine = Counting()
    made = record(said(SCRIPT), engine, Store(tmp_path), workers=4)
    assert [len(section) for section in made] == [3, 4]
    assert made[1][2] is None
    assert made[0][1] == made[1][3]
    alone = ToneEngine()
    for section, takes in zip(SCRIPT.sections, made, strict=True):
        for spoken, take in zip(section.lines(), takes, strict=True):
            if take:
                marks = alone.speak(Utterance(spoken.spoken, "tone")).marks
                assert take.marks == marks
    assert sorted(engine.said) == sorted(
        {"标题", "第一句。", "第二句长一些。", "第二部分", "第三句。"}
    )


def test_a_second_run_says_nothing_and_a_changed_line_one(tmp_path: Path) -> None:
    first = record(said(SCRIPT), Counting(), Store(tmp_path))
    again = Counting()
    assert record(said(SCRIPT), again, Store(tmp_path)) == first
    assert again.said == []
    changed = script(
        ["标题", "第一句。", "第二句改了。"], ["第二部分", "第三句。", "——", "第一句。"]
    )
    record(said(changed), again, Store(tmp_path))
    assert again.said == ["第二句改了。"]
    record(said(SCRIPT, 1.2), again, Store(tmp_path))
    assert len(again.said) == 1 + 5


def test_a_damaged_take_is_said_again(tmp_path: Path) -> None:
    first = record(said(SCRIPT), Counting(), Store(tmp_path))
    (tmp_path / first[0][0].key[:2] / f"{first[0][0].key}.flac").write_bytes(b"broken")
    told, engine = [], Counting()
    store = Store(tmp_path, damaged=lambda path, fault: told.append(path.name))
    assert record(said(SCRIPT), engine, store) == first
    assert engine.said == ["标题"]
    assert told == [f"{first[0][0].key}.json"]


def test_progress_counts_every_line_that_is_heard(tmp_path: Path) -> None:
    calls: list[tuple[int, int, int]] = []
    made = record(
        said(SCRIPT), Counting(), Store(tmp_path), progress=lambda *now: calls.append(now)
    )
    whole = sum(take.duration_ms for takes in made for take in takes if take)
    assert calls[0] == (0, 6, 0)
    assert calls[-1] == (6, 6, whole)
    assert calls == sorted(calls)
    calls.clear()
    record(said(SCRIPT), Counting(), Store(tmp_path), progress=lambda *now: calls.append(now))
    assert calls == [(6, 6, whole)]


def test_an_error_names_the_line_and_keeps_what_is_finished(tmp_path: Path) -> None:
    engine = Counting("第一句。", BobaoError("the model made too short a sound"))
    with pytest.raises(BobaoError, match="too short") as caught:
        record(said(SCRIPT), engine, Store(tmp_path), workers=1)
    assert caught.value.where == "“第一句。”"
    again = Counting()
    record(said(SCRIPT), again, Store(tmp_path), workers=1)
    assert "第一句。" in again.said
    assert len(again.said) < 5  # the longer lines were begun first and are in the store


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("a defect")])
def test_ctrl_c_and_defects_begin_no_further_line(tmp_path: Path, error: BaseException) -> None:
    many = script([f"第{'一' * k}句" for k in range(1, 40)])
    engine = Counting(f"第{'一' * 39}句", error)
    with pytest.raises(type(error)):
        record(said(many), engine, Store(tmp_path), workers=1)
    assert len(engine.said) < 39


def test_an_error_in_the_callers_progress_stops_too(tmp_path: Path) -> None:
    many, engine = script([f"第{'一' * k}句" for k in range(1, 40)]), Counting()
    with pytest.raises(ZeroDivisionError):
        record(said(many), engine, Store(tmp_path), workers=1,
               progress=lambda done, total, ms: 1 // (1 - done))  # fmt: skip
    assert not [t for t in threading.enumerate() if t.name.startswith("voice")]
    assert len(list(tmp_path.rglob("*.json"))) == len(engine.said) < 39


def test_only_lines_with_the_lexicons_words_are_said_again(tmp_path: Path) -> None:
    from bobao.pronounce import parse_lexicon

    record(said(SCRIPT), Counting(), Store(tmp_path))
    engine, lexicon = Counting(), parse_lexicon("第二\tdi4 er4\n", "lexicon.tsv")
    record(said(SCRIPT, lexicon=lexicon), engine, Store(tmp_path))
    assert sorted(engine.said) == ["第二句长一些。", "第二部分"]
