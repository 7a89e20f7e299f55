"""Traditional text said in simplified hanzi."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bobao.model import Span
from bobao.normalise import normalise
from bobao.script.glosses import simplifying
from bobao.script.spans import spoken, written


def test_only_the_spoken_form_changes():
    said = simplifying(normalise)
    assert said("臺灣的3個圖書館") == (
        Span("臺灣", "台湾"),
        Span("的", "的"),
        Span("3", "三"),
        Span("個圖書館", "个图书馆"),
    )


def test_simplified_text_stays_as_it_is():
    assert simplifying(normalise)("今天下雨。") == (Span("今天下雨。", "今天下雨。"),)


@given(st.text())
def test_the_written_text_is_kept(text):
    spans = simplifying(normalise)(text)
    assert written(spans) == text
    assert spoken(simplifying(lambda t: (Span(t, t),) if t else ())(spoken(spans))) == spoken(spans)
