"""Codes and service numbers among bare whole numbers: said figure by figure, 1 as 幺."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, decimal, one_by_one
from bobao.normalise.scan import Figures, NumberReading, Scan, Tail, Token, cues

_LINKS = ("、", ",", "，", "或", "和", "及", "/", "或者", " ", "转")
_PAIRED_LINE = re.compile(r"[A-Z]\d{3,4}/$")  # K1013/1012次
_NAMED_HOUSE = re.compile(
    "(?:[A-Z甲乙丙丁](?:栋|幢|座)|[A-Z一二三四五六七八九十甲乙丙丁](?:单元|号楼))$"
)
_NUMBERED_HOUSE = re.compile(
    "(?P<built>[建成有共的等约余盖起立了落竣批设购售租拆除]?)\\d{1,3}(?:栋|幢|单元|号楼)$"
)
_FLAT = re.compile(r"[1-9]\d?(?:0[1-9]|1[0-6])")
_LINE = re.compile("[\u4e00-\u9fff]{2,4}[线段]")
_LENGTHS = frozenset(("米", "里", "条", "处", "公里", "千米"))
_CROPS = tuple("麦单优豆稻玉糯棉薯黄粳香丰")
_ROADS = ("国道", "省道", "县道", "乡道", "村道")
_GREAT_ROAD = re.compile("(?:^|[^成建增造护修缮有共中])(?:国道|省道)$")
_SERVICE = re.compile(
    r"123\d\d|10010|10086|10099|9[56]\d{3}|96\d{4}|12[0-2]|11[0249]|1\d{4}|12\d{3}"
)
_SURE_SERVICE = re.compile(r"123\d\d|10010|10086|12110|12117|1212[1-3]")
_EMERGENCY = frozenset(("110", "114", "119", "120", "122"))


def second_end(n: Figures) -> NumberReading | None:
    """The second end of a range whose first end was a code."""
    coded = n.scan.link.at == n.at and n.scan.link.kind == "code"
    return n.code("code-range") if coded and not n.tail.group else None


def sure_service(n: Figures) -> NumberReading | None:
    """Numbers every listener knows (12306, 10086), where nothing counts them."""
    if n.tail.multiplier or n.tail.group in ("count", "sign", "year"):
        return None
    if not _SURE_SERVICE.fullmatch(n.text) or n.counting:
        return None
    return n.code("service-number")


def before_name(n: Figures) -> NumberReading | None:
    """301室, 102路, 110报警台: three figures or more are a code."""
    if n.tail.group != "digits" or n.tail.multiplier:
        return None
    if n.counting and n.text.endswith("00"):
        return None
    return n.code("code-word-after")


def before_road(n: Figures) -> NumberReading | None:
    """26国道, 95式: the figures are always a code."""
    if n.tail.group != "code" or n.tail.multiplier:
        return None
    return n.code("code-word-after", yao=not n.tail.unit.startswith("式"))


def before_service_word(n: Figures) -> NumberReading | None:
    """110出警: a service number before a word of its work."""
    known = n.text in _EMERGENCY or _SURE_SERVICE.fullmatch(n.text)
    return n.code("service-number") if n.tail.group == "service" and known else None


def after_road(n: Figures) -> NumberReading | None:
    """县道507线, 省道215: the number of a road after its rank, where nothing counts it."""
    if n.tail.multiplier or n.tail.group == "sign":
        return None
    if n.tail.unit in ("线", "段"):
        return n.code("code-word-before") if n.left.endswith(_ROADS) else None
    line = n.tail.unit not in _LENGTHS and _LINE.match(n.scan.text, n.end)  # 国道211银榕线
    named = (n.unmarked or line) and len(n.text) == 3 and not n.text.endswith("00")
    return n.code("code-word-before") if named and _GREAT_ROAD.search(n.left) else None


def service_counted(n: Figures) -> NumberReading | None:
    """拨打96345家政热线: a service number, though 家 could count it."""
    if n.tail.multiplier or not _SERVICE.fullmatch(n.text):
        return None
    return n.code("service-number") if n.after_code_word() else None


def train(n: Figures) -> NumberReading | None:
    """乘坐1461次: the number of a train without a letter."""
    if n.tail.unit != "次" or n.tail.multiplier:
        return None
    named = n.left.endswith(("乘坐", "列车", "旅客", "车次")) or _PAIRED_LINE.search(n.left)
    return n.code("code-word-before") if named else None


def serial(n: Figures) -> NumberReading | None:
    """编号26314号, and long numbers after a code word whatever follows."""
    if n.tail.multiplier or n.tail.group not in ("count", "order"):
        return None
    least = 3 if n.tail.unit == "号" else 7
    return n.code("code-word-before") if len(n.text) >= least and n.after_code_word() else None


def after_word(n: Figures) -> NumberReading | None:
    """电话8226110, 尾号1702, 波音747."""
    if n.counting and n.text.endswith("00"):
        return None
    return n.code("code-word-before") if n.after_code_word() else None


def variety(n: Figures) -> NumberReading | None:
    """郑单958, 甬优1540: a variety of a crop, where growing it is spoken of."""
    if n.counting or not n.left.endswith(_CROPS):
        return None
    near, grown = cues("variety-near"), n.scan.text[n.end : n.end + 10]
    told = near.within(n.scan.left(n.at, 12)[:-2]) or near.within(grown)
    return n.code("model", yao=False) if told and not near.before(n.left) else None


def in_house(n: Figures) -> NumberReading | None:
    """7号楼1单元1102, 3栋2501: the number of a flat."""
    if n.tail.multiplier or n.tail.group in ("count", "sign"):
        return None
    if not _FLAT.fullmatch(n.text):
        return None
    numbered = _NUMBERED_HOUSE.search(n.left)
    known = (numbered and not numbered["built"]) or _NAMED_HOUSE.search(n.left)
    return n.code("code-word-before") if known else None


def listed(n: Figures) -> NumberReading | None:
    """The next number of a list of codes."""
    before = n.scan.previous
    if before.kind not in ("code", "phone"):
        return None
    return n.code("code-list") if n.scan.text[before.end : n.at] in _LINKS else None


def service(n: Figures) -> NumberReading | None:
    """A number of 3 to 8 figures where calling is spoken of; 110 where it is the whole text."""
    if n.counting:
        return None
    near = cues("call-near")
    called = near.within(n.scan.left(n.at, 14)) or near.within(n.scan.text[n.end : n.end + 16])
    alone = n.at == 0 and n.end == len(n.scan.text) and n.text in _EMERGENCY
    if alone or (called and (len(n.text) > 4 or _SERVICE.fullmatch(n.text))):
        return n.code("service-number")
    return None


def long(n: Figures) -> NumberReading | None:
    """Eight figures that are not round, or more than twelve, count nothing."""
    if len(n.text) > 12 or (len(n.text) == 8 and n.text.count("0") < 3 and not n.counting):
        return n.code("long-number")
    return None


_CODE = re.compile(r"([A-Za-z]+)([- ]?)(\d+)((?:\.\d+)*)")
_MORE = re.compile(r"[-:]\d")
_FIGURES_ON = re.compile(r"[:,]\d")
_STAKE = re.compile(r"((?:[A-Z]{1,3})?K)(\d{1,4})\+(\d{1,3})(?!\d)")
_STAKE_AFTER = ("处", "公里", "米", "段", "路段", "+", "附近", "至", "里程", "桩")
_NAMED_BY_FIGURES = (*"次号型路班房室式级期层线区栋座", "系列")


def stake(scan: Scan, at: int) -> Token | None:
    """A place on a road: K1523+500."""
    found = _STAKE.match(scan.text, at)
    if not found:
        return None
    measured = scan.char(found.end()) == "米"  # K123+500米
    kilometre, metres = map(cardinal if measured else one_by_one, found.group(2, 3))
    spoken = f"{found[1]}{kilometre}加{metres}"
    return Token(at, found.end(), spoken, "road", "stake", found.end())


def code(scan: Scan, at: int) -> Token | None:
    """Letters and figures: G1234, A320, PM2.5, iPhone 15, COVID-19. The letters are kept."""
    found = _CODE.match(scan.text, at)
    if not found:
        return None
    letters, joint, figures, version = found.groups()
    end, tail = found.end(), scan.tail(found.end())
    apart = joint == " " and (scan.char(at - 1).isdigit() or _MORE.match(scan.text, end))
    if apart or _is_quantity(scan, found, tail):
        return None
    flown = tail.unit.startswith(("次", "航班"))
    said = _version(figures, version) if version else _figures(scan, letters, figures, end, flown)
    kept = letters + (" " if joint == " " else "")
    reach = tail.end if tail.group and not tail.borrowed else end
    return Token(at, end, kept + said, "model", "letters-and-figures", reach)


def _is_quantity(scan: Scan, found: re.Match[str], tail: Tail) -> bool:
    """Whether the figures are an amount the letters are only the name of (GDP120万亿元)."""
    letters, joint, figures, version = found.groups()
    if tail.borrowed:
        return False
    if tail.multiplier or (tail.group == "sign" and _is_clear(tail.unit)):
        return True
    if _FIGURES_ON.match(scan.text, found.end()):
        return True
    if tail.group in ("year", "decade"):
        return len(figures) == 4 or joint == " "
    if tail.group != "count" or tail.unit.startswith(_NAMED_BY_FIGURES):
        return False
    long = len(letters) > 1 and (len(figures) > 2 or tail.unit in ("元", "个", "人"))
    return joint == " " or bool(version) or long


def _is_clear(sign: str) -> bool:
    """Whether a unit sign cannot be one more letter of a name."""
    return len(sign) > 1 or not sign.isascii() or sign == "%"


def _version(figures: str, version: str) -> str:
    first, *rest = version[1:].split(".")
    if rest:
        return "点".join([cardinal(figures), *map(one_by_one, (first, *rest))])
    if len(figures) > 2 or (figures[0] == "0" and figures != "0"):
        return f"{one_by_one(figures)}点{one_by_one(first)}"
    return decimal(figures, first)


def _figures(scan: Scan, letters: str, figures: str, end: int, flown: bool) -> str:
    """One figure or two are a number, more are said one by one."""
    text, led = scan.text, figures[0] == "0"
    stake = letters in ("K", "DK", "AK") and text.startswith(_STAKE_AFTER, end)
    if not led and (stake or letters in cues("latin-cardinal")):
        return cardinal(figures)
    if len(figures) == 1:
        return cardinal(figures)
    if len(figures) == 2 and not led:
        line = len(letters) == 1 and (scan.char(end) == "次" or _on_road(text, end))
        return one_by_one(figures, yao=scan.style.yao) if line else cardinal(figures)
    # 1 is 幺 in the numbers of trains, flights and roads, 一 in other names.
    line = flown or (len(letters) == 1 and led) or bool(cues("line-after").after(text, end))
    return one_by_one(figures, yao=scan.style.yao and line)


def _on_road(text: str, end: int) -> bool:
    near = cues("road-near")
    return near.within(text[end : end + 9]) or near.within(text[max(0, end - 7) : end])
