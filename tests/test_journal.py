"""The log: complete, readable even after a kill; silent when not asked."""

from __future__ import annotations

import json
import threading

import pytest

from bobao.errors import BobaoError
from bobao.station import journal


def test_spans_are_added_to_a_log(tmp_path):
    log = tmp_path / "l.jsonl"
    for _ in range(2):
        with journal.recording(log), journal.span("outer", slug="甲") as about:
            with journal.span("inner"):
                pass
            about["lines"] = 3
    inner, outer, *again = map(json.loads, log.read_text("utf-8").splitlines())
    assert (inner["event"], outer["event"], len(again)) == ("inner", "outer", 2)
    assert (outer["slug"], outer["lines"]) == ("甲", 3)
    assert inner["ms"] <= outer["ms"]
    assert outer["time"].endswith("Z")


def test_an_error_is_recorded_and_goes_on(tmp_path):
    log = tmp_path / "l.jsonl"
    with pytest.raises(BobaoError), journal.recording(log=log), journal.span("read"):
        raise BobaoError("no such thing")
    assert json.loads(log.read_text("utf-8"))["error"] == "no such thing"


def test_every_thread_is_told_apart():
    with journal.collecting() as spans:
        threads = [threading.Thread(target=_work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [span.name for span in spans] == ["work"] * 4


def _work() -> None:
    with journal.span("work"):
        threading.Barrier(1).wait()


def test_spans_of_another_process_are_told(tmp_path):
    log = tmp_path / "l.jsonl"
    with journal.collecting() as spans, journal.span("far", worker="w1"):
        pass
    with journal.recording(log=log):
        for span in spans:
            journal.tell(span)
    assert json.loads(log.read_text("utf-8"))["worker"] == "w1"


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path):
    with (
        pytest.raises(BobaoError, match="cannot write"),
        journal.recording(tmp_path / "no" / "t"),
    ):
        raise AssertionError("not reached")
