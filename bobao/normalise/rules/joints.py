"""Dashes and waves: 到 in a range, 负 or 零下 before a figure, silent inside a model's name."""

from __future__ import annotations

import re

from bobao.normalise.rules.quantities import rate_before
from bobao.normalise.scan import (
    JOINTS,
    NUMBER,
    Scan,
    Token,
    cues,
    is_in_longer_word,
    reading,
)

_HANZI = re.compile("[\u3400-\u9fff々〇]")
_NUMERAL = frozenset("○零一二三四五六七八九十百千万亿两半")
_NEXT_END = ("前", "公元", "次日", "翌日", "第", "¥", "$", "今", "明", "€", "£")
_TIME_WORDS = frozenset("年月日号时点分秒天周元度岁级米届期名版页条章")
_QUOTED_NAME = re.compile('[“"‘][\u4e00-\u9fff]{1,6}$')
_QUOTED_END = re.compile('\\d{1,4}[A-Z]{0,3}[”"’]')
_FIGURE = re.compile(r"[-+]?\.?\d")
_OZONE = ("O3-8h", "O₃-8h")  # the eight-hour mean of ozone
_ZERO_PART = re.compile(r"0\d{2}")
_SUFFIX = re.compile(r"\d{1,3}(?![\d号.])")
_LETTERED = re.compile(r"(?:[A-Z]|[A-Z]{0,3}K)\d")
_LONG_PART = re.compile(r"\d{3}(?!\d)")
_WEIGHT = re.compile(r"-\d{2,3}(?:公斤|kg|KG)级")
_BARE_NUMBER = re.compile(r"\d{1,3}(?![\d.,%:~—-])")
_LOCANTS = r"\d{1,2}(?:,\d{1,2})*"
_BEFORE_LOCANT = re.compile(rf"[\u4e00-\u9fff]-{_LOCANTS}$")
_AFTER_LOCANT = re.compile(rf"{_LOCANTS}-[\u4e00-\u9fff]")
_CHEMICAL = re.compile(
    "[一二三四五六七八九十双多聚]{0,2}"
    "[甲乙丙丁戊己庚辛壬癸氢氟氯溴碘氧硫氮磷硝硅硼硒砷氨胺腈肼脒胍苯酚醇醛酮醌酸酯酐醚烷烯炔烃羟羧羰巯酰"
    "萘蒽菲茚芴吡咪噻噁嘧嘌呋喹吲唑啉啶喃咯嗪胆甾]"
)
_PART_MINUS = re.compile("-(?=[百千万]分之)")


def no_range(scan: Scan, at: int) -> Token | None:
    """A hyphen between figures that joins no ends: 减 after x², 杠 in …号-1."""
    text, before = scan.text, scan.previous
    if before.rule in ("raised", "power") and before.end == at and _is_term(text, before.start):
        return reading(at, at + 1, "减", "operator", "minus")
    if text.startswith(_OZONE, max(0, at - 2)):
        return reading(at, at + 1, "", "model", "model-hyphen")
    if before.kind == "model" and before.end == at and _ZERO_PART.match(text, at + 1):
        return reading(at, at + 1, "杠", "code", "hyphen")
    if before.kind != "code" or before.reach != at or not text.endswith("号", 0, at):
        return None
    found = _SUFFIX.match(text, at + 1)
    return reading(at, at + 1, "杠", "code", "hyphen") if found else None


def range_joint(scan: Scan, at: int) -> Token | None:
    """A dash or wave between the ends of a range: 到; in ARJ21-700 it is silent."""
    text, before = scan.text, scan.previous
    if not _is_single(text, at):
        return None
    start, end = _without_spaces(text, at)
    follows = _FIGURE.match(text, end) is not None
    closed = text[start - 1 : start] == ")" and before.end > 0 and start - before.reach <= 8
    joined = (before.rule != "range" and before.reach in (start, at)) or closed
    named = before.kind == "model" and before.end == at
    if named and _LONG_PART.match(text, end) and not scan.tail(end + 3).counts:
        return reading(at, end, "", "model", "model-hyphen")
    if joined:
        other = text.startswith(_NEXT_END, end) or is_numeral(scan.char(end))
        other = other or (before.kind == "roman" and scan.char(end) in ("I", "V", "X"))
        if follows or other or (before.kind in ("model", "road") and _LETTERED.match(text, end)):
            return reading(at, end, scan.style.to, "range", "range")
    close = start == at and end == at + 1 and is_numeral(scan.char(at - 1))
    if close and (is_numeral(scan.char(end)) or (follows and text[at] != "-")):
        return reading(at, end, scan.style.to, "range", "range")
    return None


def _is_term(text: str, at: int) -> bool:
    """Whether the power at `at` is that of a letter: x² - 3x is a difference, 10²-10³ a range."""
    return text[at - 1 : at].isascii() and text[at - 1 : at].isalpha()


def _is_single(text: str, at: int) -> bool:
    """Whether the sign at `at` can join two ends: a dash or wave, but not a doubled one."""
    sign = text[at]
    return sign in JOINTS and sign != text[at + 1 : at + 2] and sign != text[at - 1 : at]


def _without_spaces(text: str, at: int) -> tuple[int, int]:
    start, end = at, at + 1
    while start and text[start - 1] == " " and at - start < 3:
        start -= 1
    while text[end : end + 1] == " " and end - at < 4:
        end += 1
    return start, end


def is_numeral(sign: str) -> bool:
    """Whether a character is a number in itself, of any script; 两 and 半 are too."""
    return sign in _NUMERAL if not sign.isnumeric() else True


def hyphen(scan: Scan, at: int) -> Token | None:
    """A hyphen before a figure: minus, below zero, or the silent hyphen of a model (歼-20)."""
    text, before = scan.text, scan.char(at - 1)
    if _PART_MINUS.match(text, at) and not before.isalnum() and before != "-":
        return reading(at, at + 1, "负", "negative", "minus")
    if before == "-" or not _FIGURE.match(text, at + 1) or text[at + 1] in "-+":
        return None
    if before.isdigit() and scan.previous.end == at:
        return reading(at, at + 1, "杠", "code", "hyphen")
    if _is_in_name(scan, at, before):
        return reading(at, at + 1, "", "model", "model-hyphen")
    if before and before in ')）”"' and not _has_unit(scan, at + 1):
        return reading(at, at + 1, "杠", "code", "hyphen")
    return _minus(scan, at)


def _is_in_name(scan: Scan, at: int, before: str) -> bool:
    text = scan.text
    if _QUOTED_NAME.search(text[max(0, at - 8) : at]) and _QUOTED_END.match(text, at + 1):
        return True
    foreign = before.isalpha() and not _HANZI.match(before)
    if foreign or cues("model-before").before(text[max(0, at - 6) : at]):
        return not _has_unit(scan, at + 1)
    # 欧米伽-3, 雪人-7: a bare negative number stands after a word that says how much.
    told = cues("minus-before").before(text[max(0, at - 4) : at])
    bare = _BARE_NUMBER.match(text, at + 1) is not None
    return bool(_HANZI.match(before)) and bare and not told and not _has_unit(scan, at + 1)


def locant(scan: Scan, at: int) -> Token | None:
    """The silent hyphens of chemical names: 2-溴-4-甲基苯酚, 2,4-二硝基甲苯.

    The characters are those of 《有机化合物命名原则》 (Chinese Chemical Society, 2017).
    """
    before, after = scan.text[max(0, at - 12) : at], scan.text[at + 1 : at + 8]
    numbered = before[-1:].isdigit() and _CHEMICAL.match(after)
    inside = _BEFORE_LOCANT.search(before) or (
        _HANZI.match(before[-1:]) and _AFTER_LOCANT.match(after)
    )
    return reading(at, at + 1, "", "model", "model-hyphen") if numbered or inside else None


def _has_unit(scan: Scan, at: int) -> bool:
    found = NUMBER.match(scan.text, at)
    if not found:
        return False
    tail = scan.tail(found.end())
    if tail.unit in ("K", "k"):
        return False  # 轰-6K
    counted = tail.group == "count" and not is_in_longer_word(
        scan.text, tail.end - len(tail.unit), tail.unit
    )
    return bool(found[2] or tail.multiplier or counted or tail.group == "sign")


def _minus(scan: Scan, at: int) -> Token:
    if _WEIGHT.match(scan.text, at):
        return reading(at, at + 1, "", "measure", "weight-class")
    found = NUMBER.match(scan.text, at + 1)
    unit = scan.tail(found.end()).unit if found else ""
    cold = unit.startswith(("℃", "°C", "摄氏度"))
    if unit in ("°", "度"):
        cold = cues("temperature-near").within(scan.text[max(0, at - 14) : at])
    if cold:
        return reading(at, at + 1, scan.style.below_zero, "temperature", "below-zero")
    return reading(at, at + 1, rate_before(scan, at + 1) + "负", "negative", "minus")


def wave(scan: Scan, at: int) -> Token:
    """~ that joins no figures: 约 before one, 到 between points of time, else silent."""
    text = scan.text
    before, after = scan.char(at - 1), scan.char(at + 1)
    latin = before.isascii() and before.isalnum()
    if after.isdigit() and not latin:
        return reading(at, at + 1, "约", "sign", "wave-about")
    times = before in _TIME_WORDS and _HANZI.match(after or " ")
    weekdays = text[max(0, at - 2) : at].startswith(("周", "期")) and after in tuple("周星日")
    if times or weekdays or (latin and after.isascii() and after.isalnum()):
        return reading(at, at + 1, scan.style.to, "range", "range")
    return Token(at, at + 1, "", "silent", "wave")
