"""Signs that depend on their neighbours: dash, plus, slash, times, hash, asterisk, wave, dot."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.quantities import unit
from bobao.normalise.scan import NUMBER, Scan, Token, is_joint, unit_sign, word_after

_HANZI = re.compile("[\u3400-\u9fff々〇]")
_NUMERAL = frozenset("○零一二三四五六七八九十百千万亿两半")
_SPACED = frozenset(" \n\t")
_OPENERS = frozenset(" \n\t:：，,。；;（([【“\"‘'、《|+<>=≥≤≈→/*~")
_NEXT_END = ("次日", "翌日", "第", "¥", "$", "今", "明", "至今", "€", "£")
_RANGE_WORDS = frozenset("年月日号时点分秒天周元度岁级米届期名号版页条章")
_TAG = re.compile(r"[^#\n。！？；]{1,40}#")
_TIMES = re.compile(r" ?[xX×*] ?(?=\d)")
_POWER = re.compile(r"\^(-?)(\d{1,4})")
_QUOTED_NAME = re.compile('[“"‘][\u4e00-\u9fff]{1,6}$')
_QUOTED_END = re.compile('\\d{1,4}[A-Z]{0,3}[”"’]')
_LETTERED = re.compile(r"[A-Z]\d")
_LONG_PART = re.compile(r"\d{3}(?!\d)")
_MINUS_WORDS = re.compile("-(?=[百千万]分之)")
_FIGURE_NEXT = re.compile(r"-\.?\d")
_POINT = re.compile(r"\.(\d{1,12})((?:\.\d{1,6}){0,5})(?!\d)")
_SECTION = re.compile(r"§ ?(\d{1,4})(?!\d)")
_ABBREVIATED = (
    "Vol",
    "vol",
    "VOL",
    "Fig",
    "fig",
    "Ver",
    "Sec",
    "Eq",
    "Ep",
    "EP",
    "Part",
    "vs",
    "Ch",
    "Art",
)
_REPEATED = re.compile(r"([=+*~_#&|<>^/\\-])\1{2,}")


def _token(at: int, end: int, spoken: str, kind: str, rule: str) -> Token:
    return Token(at, end, spoken, kind, rule, end)


def ruler(scan: Scan, at: int) -> Token | None:
    """A line drawn with signs (=====) is silent."""
    found = _REPEATED.match(scan.text, at)
    if not found or (scan.text[at] == "-" and len(found[0]) < 3):
        return None
    return Token(at, found.end(), "", "silent", "drawn-line")


def joint(scan: Scan, at: int) -> Token | None:
    """A dash or wave between the ends of a range: 到."""
    text, before = scan.text, scan.previous
    if not is_joint(text, at):
        return None
    start = at
    while start and text[start - 1] == " ":
        start -= 1
    end = at + 1
    while text[end : end + 1] == " ":
        end += 1
    follows = text[end : end + 1].isdigit() or (
        text[end : end + 1] in tuple("-+.") and text[end + 1 : end + 2].isdigit()
    )
    closed = start and text[start - 1] == ")" and before.end > 0 and start - before.reach <= 8
    joined = (before.rule != "range" and before.reach in (start, at)) or closed
    if before.kind == "model" and joined and _LETTERED.match(text, end):
        return _token(at, end, scan.style.to, "range", "range")
    if before.kind == "model" and before.end == at and _LONG_PART.match(text, end):
        if scan.tail(at + 4).group not in ("count", "order", "sign"):
            return _token(at, end, "", "model", "model-hyphen")
    if joined and (follows or text.startswith(_NEXT_END, end) or _is_numeral(scan.char(end))):
        return _token(at, end, scan.style.to, "range", "range")
    close = start == at and end == at + 1 and _is_numeral(scan.char(at - 1))
    if close and (_is_numeral(scan.char(end)) or (follows and text[at] != "-")):
        return _token(at, end, scan.style.to, "range", "range")
    return None


def _is_numeral(sign: str) -> bool:
    return sign in _NUMERAL or sign.isnumeric()


def hyphen(scan: Scan, at: int) -> Token | None:
    """A hyphen before a figure: minus, below zero, or the silent hyphen of a model (歼-20)."""
    text = scan.text
    if _MINUS_WORDS.match(text, at) and not (
        at and (text[at - 1].isalnum() or text[at - 1] == "-")
    ):
        return _token(at, at + 1, "负", "negative", "minus")
    if not _FIGURE_NEXT.match(text, at):
        return None
    before = text[at - 1] if at else " "
    if before == "-" or (before.isdigit() and scan.previous.end == at):
        return _token(at, at + 1, "杠", "code", "hyphen") if before != "-" else None
    if cues("model-before").before(text[max(0, at - 6) : at]):
        if not _has_unit(scan, at + 1):
            return _token(at, at + 1, "", "model", "model-hyphen")
    if before.isalpha() and not _HANZI.match(before) and not _has_unit(scan, at + 1):
        return _token(at, at + 1, "", "model", "model-hyphen")
    if _QUOTED_NAME.search(text[max(0, at - 8) : at]) and _QUOTED_END.match(text, at + 1):
        return _token(at, at + 1, "", "model", "model-hyphen")
    if before in ')）”"' and not _has_unit(scan, at + 1):
        return _token(at, at + 1, "杠", "code", "hyphen")
    return _minus(scan, at)


def _has_unit(scan: Scan, at: int) -> bool:
    found = NUMBER.match(scan.text, at)
    tail = scan.tail(found.end()) if found else None
    return bool(found and tail and (found[2] or tail.multiplier or tail.group in ("count", "sign")))


def _minus(scan: Scan, at: int) -> Token:
    found = NUMBER.match(scan.text, at + 1)
    tail = scan.tail(found.end()) if found else None
    if tail and tail.unit.startswith(("℃", "°C", "摄氏度")):
        return _token(at, at + 1, scan.style.below_zero, "temperature", "below-zero")
    near = cues("temperature-near")
    if tail and tail.unit in ("°", "度") and near.within(scan.text[max(0, at - 14) : at]):
        return _token(at, at + 1, scan.style.below_zero, "temperature", "below-zero")
    return _token(at, at + 1, "负", "negative", "minus")


def plus(scan: Scan, at: int) -> Token:
    """加 between and after things, 正 before a lone rise, silent in +86 and after 涨."""
    text = scan.text
    before = text[at - 1] if at else " "
    follows = text[at + 1 : at + 2].isdigit()
    if follows and re.match(r"\+86[- ]?1\d{10}|\+\d{1,3}-\d", text[at : at + 15]):
        return _token(at, at + 1, "", "phone", "country-code")
    found = NUMBER.match(text, at + 1) if follows else None
    if found and _is_sign(scan, at, before, found.end()):
        rising = cues("rise-before").before(text[max(0, at - 4) : at])
        return _token(at, at + 1, "" if rising else "正", "positive", "plus-sign")
    return _token(at, at + 1, "加", "operator", "plus")


def _is_sign(scan: Scan, at: int, before: str, end: int) -> bool:
    if before in _OPENERS:
        spaced = (
            before == " " and at > 1 and (scan.text[at - 2].isalnum() or scan.text[at - 2] in ")%")
        )
        rate = scan.text[end : end + 1] in ("%", "‰", "℃", "°")
        return not spaced or (rate and not scan.text[at - 2].isascii())
    return bool(_HANZI.match(before)) and scan.text[end : end + 1] in ("%", "‰", "℃", "°")


def slash(scan: Scan, at: int) -> Token:
    """每 in a rate (元/月), a pause between alternatives."""
    text = scan.text
    if scan.previous.reach == at and scan.previous.kind not in ("code", "phone", "model"):
        sign = unit_sign(text, at + 1)
        if scan.previous.kind == "measure" and text[at + 1 : at + 2].isdigit():
            return _token(at, at + 1, "每", "rate", "rate")
        if sign:
            said = unit(sign)
            return _token(at, at + 1 + len(sign), "每" + said.before + said.after, "rate", "rate")
        word = cues("rate-after").after(text, at + 1)
        if word:
            return Token(at, at + 1, "每", "rate", "rate", at + 1 + len(word))
    latin = at and text[at - 1].isascii() and scan.char(at + 1).isascii()
    return Token(at, at + 1, " " if latin and text[at - 1].isalpha() else "、", "pause", "slash")


def times(scan: Scan, at: int) -> Token | None:
    """× between figures or letters is 乘; ×× for a name withheld is 某某."""
    text = scan.text
    before, after = (
        text[:at].rstrip(" ")[-1:] if at and text[at - 1] == " " else scan.char(at - 1),
        "",
    )
    after = scan.char(at + 1) if scan.char(at + 1) != " " else scan.char(at + 2)
    if text[at] == "×":
        if before and (before.isdigit() or after.isdigit() or (before + after).isascii()):
            return _token(at, at + 1, "乘", "operator", "times")
        if scan.previous.reach == at and before not in ("", "×"):
            return _token(at, at + 1, "乘", "operator", "times")
        if not before and not after:
            return _token(at, at + 1, "叉", "sign", "cross")
        beside = _HANZI.match(before or " ") or _HANZI.match(after or " ") or "×" in (before, after)
        return _token(at, at + 1, "某" if beside else "乘", "withheld", "name-withheld")
    found = _TIMES.match(text, at)
    if found and before.isdigit() and scan.previous.end in (at, at - 1):
        return _token(at, found.end(), "乘", "operator", "times")
    return None


def asterisk(scan: Scan, at: int) -> Token:
    """星 before ST, 星号 with 键, else a silent mark."""
    text = scan.text
    multiplied = times(scan, at)
    if multiplied:
        return multiplied
    if text.startswith(("*ST", "*st"), at):
        return _token(at, at + 1, "星", "sign", "asterisk")
    if text.startswith("*键", at) or text[:at].endswith("按"):
        return _token(at, at + 1, "星号", "sign", "asterisk")
    return _token(at, at + 1, "", "silent", "asterisk")


def hash_sign(scan: Scan, at: int) -> Token:
    """#…# of a hashtag is silent, 3# is 三号, 按# is 井号."""
    text = scan.text
    if scan.hashtag == at:
        return Token(at, at + 1, "", "hashtag", "hashtag")
    before = scan.char(at - 1)
    if before.isdigit() and scan.previous.end == at:
        end = at + 2 if scan.char(at + 1) == "号" else at + 1
        return _token(at, end, "号", "ordinal", "hash-number")
    if text.startswith("#键", at) or before == "按":
        return _token(at, at + 1, "井号", "sign", "hash")
    found = _TAG.match(text, at + 1)
    if found and not text[at + 1].isspace():
        scan.hashtag = found.end() - 1
        return Token(at, at + 1, "", "hashtag", "hashtag")
    number = re.compile(r"#(\d{1,4})(?!\d)").match(text, at)
    if number:
        end = number.end() + (1 if scan.char(number.end()) == "号" else 0)
        return _token(at, end, cardinal(number[1]) + "号", "ordinal", "hash-number")
    if before in ("C", "F"):
        return _token(at, at + 1, "井", "sign", "hash")
    return Token(at, at + 1, "", "hashtag", "hashtag")


def wave(scan: Scan, at: int) -> Token:
    """~ that joins nothing: 约 before a figure, 到 between points of time, else silent."""
    text = scan.text
    before, after = scan.char(at - 1), scan.char(at + 1)
    if after.isdigit() and not (before.isascii() and before.isalnum()):
        return _token(at, at + 1, "约", "sign", "wave-about")
    ranged = before in _RANGE_WORDS and _HANZI.match(after or " ")
    weekdays = text[max(0, at - 2) : at].startswith(("周", "期")) and after in tuple("周星日")
    letters = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    if ranged or weekdays or letters:
        return _token(at, at + 1, scan.style.to, "range", "range")
    return Token(at, at + 1, "", "silent", "wave")


def compare(scan: Scan, at: int) -> Token:
    """< and > (and <=, >=) beside a figure; else they are brackets or arrows and silent."""
    text = scan.text
    sign = text[at]
    words = {"<": "小于", ">": "大于"}[sign]
    end = at + 1
    if scan.char(end) == "=":
        words, end = words + "等于", end + 1
    after = text[end : end + 2].lstrip(" ")[:1]
    left = text[max(0, at - 2) : at].rstrip(" ")[-1:]
    if after.isdigit() or after in tuple("-+") or left.isdigit() or end > at + 1:
        return _token(at, end, words, "operator", "compare")
    return Token(at, at + 1, "", "silent", "bracket")


def equals(scan: Scan, at: int) -> Token:
    """等于, once for ==."""
    end = at + 2 if scan.char(at + 1) == "=" else at + 1
    return _token(at, end, "等于", "operator", "equals")


def power(scan: Scan, at: int) -> Token:
    """10^8 is 十的八次方."""
    found = _POWER.match(scan.text, at)
    if not found or not scan.char(at - 1).isalnum():
        return Token(at, at + 1, "", "silent", "caret")
    return _token(at, found.end(), _exponent(found[1] == "-", found[2]), "operator", "power")


def _exponent(negative: bool, figures: str) -> str:
    if not negative and figures in ("2", "3"):
        return "的平方" if figures == "2" else "的立方"
    return f"的{'负' if negative else ''}{cardinal(figures)}次方"


def point(scan: Scan, at: int) -> Token | None:
    """A decimal without its zero: .22 is 零点二二; after a letter or figure the point is 点."""
    text = scan.text
    found = _POINT.match(text, at)
    if not found:
        return None
    before = scan.char(at - 1)
    if text[max(0, at - 4) : at].endswith(_ABBREVIATED):
        return None
    if before.isascii() and before.isalnum():
        spoken = "点" + one_by_one(found[1]) + one_by_one(found[2]).replace(".", "点")
        return _token(at, found.end(), spoken, "model", "version")
    if before == "." or found[2]:
        return None
    tail = scan.tail(found.end())
    if tail.group == "sign" and not tail.borrowed:
        said = unit(tail.unit)
        spoken = f"{said.before}零点{one_by_one(found[1])}{tail.multiplier}{said.after}"
        return _token(at, tail.end, spoken, "measure", "measure")
    return Token(at, found.end(), "零点" + one_by_one(found[1]), "decimal", "decimal", tail.end)


def rise(scan: Scan, at: int) -> Token:
    """↑ and ↓: 上升, 下降 beside a figure; else silent."""
    beside = scan.char(at - 1).isalnum() or scan.char(at - 1) == "%" or scan.char(at + 1).isdigit()
    words = {"↑": "上升", "↓": "下降"}[scan.text[at]]
    return _token(at, at + 1, words if beside else "", "sign", "arrow")


def section(scan: Scan, at: int) -> Token | None:
    """§3 is 第三节."""
    found = _SECTION.match(scan.text, at)
    if not found:
        return None
    return _token(at, found.end(), f"第{cardinal(found[1], liang=False)}节", "ordinal", "section")


def root(scan: Scan, at: int) -> Token:
    """√ is 根号 before a figure or letter; else a tick, which is silent."""
    said = "根号" if scan.char(at + 1).isalnum() and not _HANZI.match(scan.char(at + 1)) else ""
    return _token(at, at + 1, said, "sign", "root")


def star(scan: Scan, at: int) -> Token | None:
    """5★ is 五星."""
    if not scan.char(at - 1).isdigit() or scan.previous.end != at:
        return None
    return _token(at, at + 1, "星", "sign", "star")


def bar(scan: Scan, at: int) -> Token:
    """| between parts of a heading is a pause."""
    return Token(at, at + 1, "，", "pause", "bar")


def word_of(scan: Scan, at: int) -> str:
    """The unit word after a slash, for rates; an empty text if there is none."""
    return word_after(scan.text, at)[0]
