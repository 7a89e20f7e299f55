"""The trace and the log: complete, readable by others, even after a kill; silent when not asked."""

from __future__ import annotations

import json
import threading

import pytest

from bobao import journal
from bobao.errors import BobaoError


def test_spans_become_a_trace_and_a_log(tmp_path):
    trace, log = tmp_path / "t.json", tmp_path / "l.jsonl"
    with journal.recording(trace, log), journal.span("outer", slug="甲") as about:
        with journal.span("inner"):
            pass
        about["lines"] = 3
    inner, outer, named = json.loads(trace.read_text("utf-8"))
    assert (inner["name"], outer["name"], named["ph"]) == ("inner", "outer", "M")
    assert outer["args"] == {"slug": "甲", "lines": 3}
    assert outer["ts"] <= inner["ts"]
    assert inner["dur"] <= outer["dur"]
    first, second = map(json.loads, log.read_text("utf-8").splitlines())
    assert (first["event"], second["event"], second["slug"]) == ("inner", "outer", "甲")
    assert second["time"].endswith("Z")


def test_a_log_is_added_to_and_a_trace_replaced(tmp_path):
    trace, log = tmp_path / "t.json", tmp_path / "l.jsonl"
    for _ in range(2):
        with journal.recording(trace, log), journal.span("once"):
            pass
    assert len(log.read_text("utf-8").splitlines()) == 2
    assert len(json.loads(trace.read_text("utf-8"))) == 2  # the span, and the process's name


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
        journal.recording(trace=tmp_path / "no" / "t"),
    ):
        raise AssertionError("not reached")
