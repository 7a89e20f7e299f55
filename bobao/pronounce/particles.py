"""Readings that hang on the syntax of a clause: 地, 为, and the 长 of titles.

地 between an adverbial and its verb (de5): 奋不顾身地跳, where no phrase table has the two.

Only what is surely an adverbial counts, because a verb or a noun before 地 makes a noun of the two:
参保地备案, 就医地目录. What is claimed by nobody is di4 (`characters`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Set
from importlib import resources

from bobao.pronounce import phrases
from bobao.pronounce.pinyin import is_hanzi, word_set
from bobao.pronounce.sounds import Claim, Context

_QUOTES = "”’"
_LANDS = frozenset("把对给将为片块亩垄畦里田农山坡")
"""Before 地 these say what is done to a piece of land, or how large it is."""

_NOUNS = frozenset("块里市县州灾票铁契")
"""With these 地 is a noun: 闲置地块, 严重地灾."""

_LONGEST, _REACH = 6, 12
_COUNT = "一二两三四五六七八九十百千半"
_REPEATED = re.compile(
    r"(?:(?P<aa>[^片人家处])(?P=aa)"
    rf"|[{_COUNT}](?P<each>.)(?P=each)"
    r"|(?P<a>.)(?P=a)(?P<b>.)(?P=b)"
    r"|(?P<ab>..)(?P=ab)"
    rf"|(?P<one>[{_COUNT}不又半边大小全无没有越])[^，](?P=one)."
    r"|(?P<left>.)[对把打贴靠并复挨碰](?P=left)"
    r"|一(?P<with>.).一(?P=with).)$"
)
"""慢慢, 一天天, 扎扎实实, 一件一件, 一针一线, 面对面, 一脚深一脚浅."""

_SHAPED = re.compile(
    r"(?:性|[^百]般|[一这那怎]样|[好飞]似|[射片条网带团点丝雾]状|..式"
    r"|(?:常态|精细|精准|制度|规范|系统|多元|个性|差异|具体|程序|公式|市场|专业|智能|最大|形式|动态|绝对|简单|理想|人性|清单"
    r"|项目|工程|链条|网格|一体|批量|集约|标准|科学|法治|信息|社会|民主|概念|脸谱|碎片|潜移默)化"
    r"|(?:全|多)(?:方位|角度|层次|方面|流程|过程|天候|链条|领域|维度|渠道|身心|覆盖|时段|周期|环节|频次|轮次)"
    r"|[高低](?:标准|质量|水平|效率|频率|频次|强度|密度|规格|起点|层次|精度|调)"
    r"|[大小](?:范围|面积|规模|幅度|批量|剂量|步|口)|(?:程度|限度|范围|意义)上?"
    r"|成(?:批|建制|系统|规模|体系|倍|串|堆|套|比例)|[毫从]无[^，]{2}|近乎[^，]{2}|有针对)$"
)
"""Endings and frames that only adverbials have: 创造性, 闪电般, 跨越式, 全方位, 近乎疯狂."""

_ASPECTS = ("着", "了", "过", "起")
_OPENERS = frozenset(("", *"，。；：、！？“（—"))
_CLAUSE = re.compile("[^。！？；：]{2,40}，")
_BE = frozenset(("有", "是", "期", "限", "主", "首", "例", "止"))
_MEASURED = frozenset("一二三四五六七八九十百千万零两约达近逾超仅度短宽高")
_MANNERS = frozenset({"a", "ad", "an", "d", "z"})
_SAYINGS = frozenset({"i", "l"})


def particles(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for each 地 alone between an adverbial and a word, each 为 of purpose, each title."""
    text = context.text
    for position in sorted(undecided):
        if text[position] == "地" and _alone(context, position):
            yield from _claim(context, position)
        elif text[position] == "为" and _of_purpose(context, position):
            yield Claim(position, ("wei4",), "particle", 0.9)
        elif text[position] == "长" and _of_title(context, position):
            yield Claim(position, ("zhang3",), "particle", 0.9)


def straddled(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for 地 where a word was cut across it: 坦然|地面|对镜头 is 坦然地 面对.

    What follows 地 must be a verb by itself: a word with what comes after it, or before 着.
    """
    text = context.text
    for position in sorted(undecided):
        if text[position] == "地" and context.is_word(position, position + 2):
            after = text[position + 1 : position + 3]
            verb = _kind(after).startswith("v") or after[1:] in _ASPECTS
            if verb and position in context.edges:
                yield from _claim(context, position)


def _of_purpose(context: Context, position: int) -> bool:
    """为 that opens a clause with a verb, and another clause follows: 为完成任务，镇里……."""
    text = context.text
    if not context.is_word(position, position + 1) or text[position - 1 : position] not in _OPENERS:
        return False
    verb = text[position + 1 : context.next_edge(position + 1)]
    clause = _CLAUSE.match(text, position + 1)
    kinds = _kind(verb) + " " + _kind(verb[:2])  # 节约用水 is a phrase that begins with a verb
    return bool(clause) and " v" in f" {kinds}" and verb not in _BE


def _of_title(context: Context, position: int) -> bool:
    """长 alone after a word that ends in 县, 局, 校 …: 安吉县|长|到任; but 全县长三十公里."""
    text, after = context.text, context.text[position + 1 : position + 2]
    if not context.is_word(position, position + 1) or position - 1 in context.edges:
        return False
    title = phrases.reading(text[position - 1 : position + 1])
    return title is not None and title[0][1] == "zhang3" and after not in _MEASURED


def _claim(context: Context, position: int) -> Iterator[Claim]:
    text = context.text
    stop = position - (position > 0 and text[position - 1] in _QUOTES)
    start = stop
    while start > 0 and stop - start < _REACH and is_hanzi(text[start - 1]):
        start -= 1
    after = text[position + 1 : position + 2]
    between = start < stop and bool(after) and is_hanzi(after) and after not in _NOUNS
    if between and _adverbial(context, start, stop):
        yield Claim(position, ("de5",), "particle", 0.85)


def _alone(context: Context, position: int) -> bool:
    if context.is_word(position, position + 1):
        return True
    word, place = context.in_word(position)
    if place == len(word) - 1 > 1 and _is_manner(word[:-1]):
        return True  # 坦率地, which jieba has as a word
    outside = place in (0, len(word) - 1)  # 地办, 件地: guessed from characters that often meet
    return outside and not phrases.is_word(word) and not phrases.is_entry(word)


def _adverbial(context: Context, start: int, stop: int) -> bool:
    """Whether the hanzi `start:stop` end with an adverbial."""
    before = context.text[start:stop]
    if _repeats(before):
        return True
    if before[-1] in _LANDS:
        return False
    if _SHAPED.search(before):
        return True
    sizes = range(min(len(before), _LONGEST), 1, -1)
    ends = (before[-size:] for size in sizes if _begins(context, stop - size, stop))
    return next((_is_manner(word) for word in ends if _is_told(word)), False)


def _repeats(before: str) -> bool:
    found = _REPEATED.search(before)
    return bool(found) and not _kind(before[-2:]).startswith("n")


def _begins(context: Context, start: int, stop: int) -> bool:
    """Whether a word begins at `start`, or the quotation that ends at `stop` does."""
    return start in context.edges or (start > 0 and context.text[start - 1] in "“‘")


def _is_told(word: str) -> bool:
    """Whether a table says what `word` is: the longest that one knows decides."""
    lists = ("manners", "grounds")
    return any(word in word_set(name) for name in lists) or bool(_kind(word))


def _is_manner(word: str) -> bool:
    if word in word_set("grounds"):
        return False
    if word in word_set("manners") or _kind(word) in _MANNERS:
        return True
    return len(word) >= 4 and _kind(word) in _SAYINGS


@functools.lru_cache(maxsize=1 << 12)
def _kind(word: str) -> str:
    """The part of speech that jieba's table gives `word`, such as ``ad``, empty for none."""
    table, wanted = _words(), f"{word} ".encode()
    low, high = 0, len(table)
    while low < high:  # its lines are sorted, all that begin with a hanzi
        start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = table.find(b"\n", start)
        line = table[start:end]
        if line.startswith(wanted):
            return line.split()[-1].decode()
        if line < wanted:
            low = end + 1
        else:
            high = start
    return ""


@functools.cache
def _words() -> bytes:
    """jieba's table as it lies there, a line for each word: searched as it is, not parsed."""
    return resources.files("jieba").joinpath("dict.txt").read_bytes().replace(b"\r", b"")
