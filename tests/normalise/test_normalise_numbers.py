"""The number core, read back by an independent reader of Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.normalise.numbers import cardinal, decimal, one_by_one

_VALUES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}


def _section(words):
    total, digit = 0, 0
    for sign in words:
        if sign in _STEPS:
            total += (digit or 1) * _STEPS[sign]
            digit = 0
        else:
            digit = _VALUES[sign]
    return total + digit


def _value(words):
    for unit, size in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if unit in words:
            upper, _, lower = words.partition(unit)
            return _value(upper) * size + (_value(lower) if lower else 0)
    return _section(words)


@given(st.integers(0, 10**16 - 1))
def test_a_cardinal_has_the_value_of_its_figures(number):
    assert _value(cardinal(str(number))) == number
    assert _value(cardinal(str(number), liang=False)) == number
    assert "两" not in cardinal(str(number), liang=False)


@given(st.from_regex(r"[0-9]{1,30}", fullmatch=True))
def test_figures_one_by_one(figures):
    assert "".join(str(_VALUES[sign]) for sign in one_by_one(figures)) == figures
    assert one_by_one(figures, yao=True).replace("幺", "一") == one_by_one(figures)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("0", "零"),
        ("10", "十"),
        ("110", "一百一十"),
        ("200", "两百"),
        ("210", "二百一十"),
        ("1010", "一千零一十"),
        ("20000", "两万"),
        ("102050", "十万两千零五十"),
        ("2000000", "两百万"),
        ("10000100000", "一百亿零十万"),
        ("200000000", "两亿"),
        ("0012", "十二"),
    ],
)
def test_cardinals(figures, words):
    assert cardinal(figures) == words


def test_decimals_keep_their_zeros():
    assert decimal("4", "070") == "四点零七零"
    assert decimal("2", "2") == "二点二"
