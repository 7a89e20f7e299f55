"""Words at the ends of lines: whether they run over a break, whether a line signs or closes."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping

from bobao import words
from bobao.reading.tablefiles import fold, letters, word_set

REACH = 6
"""Characters looked at on either side of a break: longer than nearly every word."""
_SURE = 1.0
"""Nats by which the text must be likelier in one piece than in two for a word to run over: nine in
ten breaks in a word reach it, one in fifty between blocks."""
_NUMBER = re.compile(r"\d[.,]?$")
_NUMBER_ON = re.compile(r"[.,]?\d|%")
_IS = re.compile(r"是[^,。的]{1,8}的$")
"""A whole sentence, 是 … 的, and none that asks for more."""
_UNKNOWN = 0.5
"""Count taken for a character that the dictionary does not have."""


@functools.lru_cache(maxsize=8192)
def word_over(tail: str, head: str) -> bool:
    """Whether a word lies over the break between lines that end in `tail` and start in `head`.

    Compares the likeliest words of both together with those of each by itself (unigram counts of
    the dictionary), so that 缓解|除了 is no case of 解除.
    """
    if _NUMBER.search(tail) and _NUMBER_ON.match(head):
        return True
    if not (tail[-1:].isalnum() and head[:1].isalnum()):
        return False
    if tail[-1].isascii() and head[0].isascii():
        return True
    counts, _ = _counts()
    if any(not counts.get(char) for char in tail[-2:] + head[:2] if char.isalpha()):
        return False  # names, traditional characters: nothing is known of them
    over = (tail[-left:] + head[:right] for left in range(1, REACH) for right in range(1, REACH))
    if not any(map(counts.get, over)):
        return False  # no word lies there
    together = _likelihoods(tail + head)
    return together[-1] - together[len(tail)] - _likelihoods(head)[-1] > _SURE


def _likelihoods(text: str) -> list[float]:
    """The log probabilities of the likeliest words that make up `text` up to each offset."""
    counts, total = _counts()
    best = [0.0]
    for end in range(1, len(text) + 1):
        ways = []
        for start in range(max(0, end - REACH), end):
            count = counts.get(text[start:end], 0) or (_UNKNOWN if end - start == 1 else 0)
            if count:
                ways.append(best[start] + math.log(count / total))
        best.append(max(ways))
    return best


@functools.cache
def _counts() -> tuple[Mapping[str, int], float]:
    frequencies, total = words.frequencies()
    return frequencies, float(total)


def known(word: str) -> bool:
    """Whether the dictionary has a word."""
    return bool(_counts()[0].get(word))


@functools.lru_cache(maxsize=8192)
def _ends(text: str) -> tuple[str, str]:
    found = words.cut(text)
    return (found[0], found[-1]) if found else ("", "")


@functools.cache
def _listed(sign: str, last: bool = False) -> dict[str, tuple[str, ...]]:
    """The words under `sign` by their first character, or their `last`."""
    found: dict[str, list[str]] = {}
    for word in word_set(sign):
        found.setdefault(word[-1 if last else 0], []).append(word)
    return {char: tuple(words) for char, words in found.items()}


def unfinished(tail: str) -> bool:
    """Whether a line that ends in `tail` ends in a word that asks for more, such as 的 or 将."""
    listed = _listed("ends_open", last=True).get(tail[-1:], ())
    if not tail.endswith(listed) or _IS.search(tail):
        return False
    return _ends(tail[-REACH:])[1] in word_set("ends_open")


def starts_with(head: str, sign: str) -> bool:
    """Whether the first word of a line is one of those listed under `sign`."""
    if not head.startswith(_listed(sign).get(head[:1], ())):
        return False
    return _ends(head[:REACH])[0] in word_set(sign)


def goes_on(head: str) -> bool:
    """Whether a line starts with what cannot start a sentence, such as “后，” or “等地”."""
    return head.startswith(_listed("starts_on").get(head[:1], ()))


def runs_over(line: str, after: str) -> bool:
    """Whether a word runs over the break between two lines."""
    return word_over(fold(line[-REACH:]), fold(after[:REACH]))


_HANZI = re.compile(r"[\u4e00-\u9fff]{2,3}")
_NO_NAME = frozenset(
    "的了吗呢吧啊是不没很太都也就还在有到和与及可能会要请让被把从向第每各这那哪免起止内外上下前后左右间"
)
_WORDS = frozenset("高包余钱费车路单时金石左万白方江牛马龙安常成文解连毛温甘计田米查华强谢")
"""Surnames that are also the first word of many a phrase."""
_NO_PLACE = frozenset("点址位在到由请去来找交报送各见据向对为")
_PARTS = re.compile(r"[\s、,;/|丨]+")
_PLACE = re.compile(r"([\u4e00-\u9fff]{0,3}?)[省市县区州镇乡旗](?=[\u4e00-\u9fff]{2})")
_OFFICE = re.compile(
    r"(?:[^点址位在到由请去来找交报送各]{1,14}"
    r"(?:局|厅|政府|(?:纪|党|团|监|[省市县区]|常|法|改|健|建|教工|国资|经信|科|农|交通)委|委员会"
    r"|(?:政府|委|文明|双拥|扶贫|史志|县志|市志|党史|振兴)办|办公室|编辑部|宣传部|组织部|统战部"
    r"|报社|日报社?|晚报社?|联合会|管理处|组委会|指挥部|大队|支队)"
    r"|[^点址位在到由请去来找交报送各]{0,14}"
    r"(?:(?:监测|融媒体|传媒|新闻|疾控|疾病预防控制|信息|宣传|指挥|预警)中心|气象台|电视台"
    r"|广播电台|总工会))"
)
_NO_OFFICE = re.compile(
    r"[结布格全开大出残僵破时变战新终邮警]局|[大客餐舞歌门展议]厅|楼|^[省市县区州镇乡][内外民村下里]"
)
_TITLE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,12})(?:医师|医生|药师|护师|教授|研究员|主任|院长|所长|工程师|农艺师)"
)
_RECEIVER = re.compile(
    r"\S{0,16}(?:局|委|委员会|办|办公室|厅|政府|领导|部门|单位|党委|党组|人大|政协|法院|检察院"
    r"|纪委|部|镇|乡|街道|街道办事处|公司|企业|团体|机关|中心|常委会)"
)
_OFFICIAL = re.compile(
    r"[^\s在到由请去来找交报送]{0,3}[省市县区](?:委|政府|人大常委会|人大|政协)"
    r"(?:办公室|办|常委|领导|副[省市县区]长)"
)
_EXPERTS = ("专家", "审核", "指导", "顾问", "支持")
_SURE_ENDS = ("预报员",)
"""Labels after which a name may be a word, too."""
_OFFICES = ("机关", "单位", "部门")


def is_person(text: str) -> bool:
    """Whether `text` (folded) is a name and surely no word: a surname and one or two characters."""
    if not _HANZI.fullmatch(text) or text[0] not in letters("surnames.txt"):
        return False
    return not (known(text) or (known(text[:2]) and len(text) > 2)) and _NO_NAME.isdisjoint(text)


_ORNAMENT = re.compile(r"[□■◎◇◆○●▣·]\s*(?=[\u4e00-\u9fff]{2,4}$)")
"""What newspapers set before the author's name."""
_SPREAD_NAME = re.compile(r"([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])")


def is_name(text: str) -> bool:
    """Whether a line is nothing but a person's name: three characters, or two set apart.

    Two that stand close, and what an ornament stands before, must be surely no words.
    """
    spaced = _SPREAD_NAME.fullmatch(text)
    name = _ORNAMENT.sub("", text) if spaced is None else spaced.group(1) + spaced.group(2)
    if spaced is None and (name != text or len(text) == 2):
        return is_person(fold(name))
    if spaced is None and (len(text) != 3 or known(text)):
        return False
    return name.isalpha() and fold(name[0]) in letters("surnames.txt")


def is_office(text: str) -> bool:
    """Whether `text` (folded) is the name of an office of a province, a county and so on.

    What stands before 县 must not be a word by itself: 竹溪县…局, but not 感谢县…局.
    """
    place = _PLACE.match(text)
    if place is None or _NO_OFFICE.search(text):
        return False
    name = place.group(1)
    if not name and text[0] not in "省市县区":
        return False
    if name and not known(text[: place.end()]) and (len(name) != 2 or known(name)):
        return False
    return _NO_PLACE.isdisjoint(name) and bool(_OFFICE.fullmatch(text, place.end()))


def signs_surely(folded: str, reason: str) -> bool:
    """Whether a line that fits a pattern of `reason` is what that says, by the names in it."""
    check = _CHECKS.get(reason)
    return check is None or check(folded)


def _in_brackets(folded: str) -> bool:
    first, *rest = _parts(folded[1:-1])
    if is_office(first):
        return all(map(is_person, rest))
    return all(is_person(part) and part[0] not in _WORDS for part in (first, *rest))


def _office_signs(folded: str) -> bool:
    return is_office(
        re.sub(r"\s*(?:宣|启|[制编]|供稿|编印|编制|印制|印发|敬上|谨启|敬启)$", "", folded)
    )


def _answers(folded: str) -> bool:
    label, value = re.split(r"\s*[:：/|丨]\s*", folded, maxsplit=1)
    parts = _parts(value)
    if label.endswith(_OFFICES):
        return all(map(is_office, parts))
    if label.endswith(_EXPERTS) and len(parts) > 1:
        parts = [part for part in parts if not _TITLE.fullmatch(part)]
    if label.endswith(_SURE_ENDS):
        return all(_HANZI.fullmatch(p) and p[0] in letters("surnames.txt") for p in parts)
    return bool(parts) and all(map(is_person, parts))


def _receives(folded: str) -> bool:
    _, value = re.split(r"\s*[:：]\s*", folded, maxsplit=1)
    parts = _parts(value.strip("。 "))
    sure = len(parts) > 1 or parts[0].startswith("各") or _OFFICIAL.fullmatch(parts[0])
    return bool(sure) and all(_RECEIVER.fullmatch(p) or _OFFICIAL.fullmatch(p) for p in parts)


def _parts(text: str) -> list[str]:
    return _PARTS.split(text.strip())


_CHECKS: dict[str, Callable[[str], bool]] = {
    "who signs in brackets": _in_brackets,
    "an office signs": _office_signs,
    "who answers for it": _answers,
    "who is sent it": _receives,
}
"""By the reason of the pattern in ``lines.tsv``."""
