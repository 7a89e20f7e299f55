"""What happens to readings in speech: 一 and 不, third tones, 啊.

A pass of its own over citation readings, after every choice of reading is made. The rules are
those of 黄伯荣、廖序东《现代汉语》 and of the 普通话水平测试 outline.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bobao.pronounce import phrases
from bobao.pronounce.pinyin import is_hanzi, with_tone, word_set
from bobao.pronounce.sounds import Claim, Context

_DIGITS = frozenset("一二三四五六七八九十〇零两")
_BEFORE_A_DIGIT = _DIGITS | frozenset("百千万亿第")
_A = (
    (re.compile(r"(ng|[^a-z]ng)\d$"), "a5"),
    (re.compile(r"n\d$"), "na5"),
    (re.compile(r"(zi|ci|si|zhi|chi|shi|ri|er)\d$"), "a5"),
    (re.compile(r"(u|ao|ou)\d$"), "wa5"),
    (re.compile(r"[aoeivê]\d$"), "ya5"),
)


def surface(text: str, pinyin: Sequence[str], words: Sequence[tuple[int, int]]) -> list[str]:
    """What is said for `pinyin`, the citation readings at each offset of `text` ("" where none).

    `words` are the ranges within which third tones meet first.
    """
    said = list(pinyin)
    for position, char in enumerate(text):
        if char == "一" and said[position] == "yi1":
            said[position] = f"yi{_tone_of_yi(text, pinyin, position)}"
        elif char == "不" and said[position] == "bu4":
            said[position] = f"bu{_tone_of_bu(text, pinyin, position)}"
        elif char == "啊" and position and said[position] == "a5":
            said[position] = _a_after(said[position - 1])
    _third_tones(said, words, text)
    return said


def _tone_of_yi(text: str, pinyin: Sequence[str], position: int) -> int:
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    following = pinyin[position + 1] if after else ""
    if not following or _counts(text, position) or _ends_a_fixed_word(text, position):
        return 1
    if before == after:
        return 5
    tone = 4 if after == "个" else int(following[-1])
    return {4: 2, 5: 2}.get(tone, 4)


def _counts(text: str, position: int) -> bool:
    """Whether 一 is a digit of a longer number (十一, 二零一一, 一点五) or an ordinal (第一)."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    if before == "点":
        return text[position - 2 : position - 1] in _DIGITS
    decimal = after == "点" and text[position + 2 : position + 3] in _DIGITS
    return before in _BEFORE_A_DIGIT or after in _DIGITS or decimal


def _ends_a_fixed_word(text: str, position: int) -> bool:
    """Whether 一 is the last character of a word such as 统一, in which it keeps its tone."""
    return text[max(0, position - 2) : position + 1][-2:] in word_set("yi_final")


def _tone_of_bu(text: str, pinyin: Sequence[str], position: int) -> int:
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    following = pinyin[position + 1] if after else ""
    if following and before and before == after:
        return 5
    return 2 if following.endswith("4") else 4


def _a_after(previous: str) -> str:
    return next((said for pattern, said in _A if pattern.search(previous)), "a5")


def _third_tones(said: list[str], words: Sequence[tuple[int, int]], text: str) -> None:
    """Third before third becomes second: inside words, then between short neighbours."""
    groups = [[start, end] for start, end in words if any(said[start:end])]
    for start, end in groups:
        _within(said, start, end, text)
    for (start, end), (after, stop) in itertools.pairwise(groups):
        close = end == after and (stop - start) <= 3
        if close and said[end - 1].endswith("3") and said[after].endswith("3"):
            said[end - 1] = with_tone(said[end - 1], 2)


def _within(said: list[str], start: int, end: int, text: str) -> None:
    """Inside a word each third tone before a third tone changes: 展览馆 zhan2 lan2 guan3.

    But in one character before a word of two it stays: 纸老虎 zhi3 lao2 hu3.
    """
    first = start + _stands_apart(text[start:end])
    for position in range(first, end - 1):
        if said[position].endswith("3") and said[position + 1].endswith("3"):
            said[position] = with_tone(said[position], 2)


def _stands_apart(word: str) -> bool:
    """Whether a word of three characters is one and two, not two and one."""
    return len(word) == 3 and phrases.is_word(word[1:]) and not phrases.is_word(word[:2])


_NEVER_MERGED = frozenset({"fixed", "lexicon"})


def merges(context: Context, claims: Sequence[Claim | None], position: int) -> bool:
    """Whether the character at `position` is a 儿 that merges with the syllable before it.

    It does at the end of a word, unless 儿 means a child there and is a syllable (女儿).
    A reading that a person has fixed for it stays a syllable, but for ``er5``, which asks to merge.
    """
    text = context.text
    if text[position : position + 1] != "儿" or not position or not is_hanzi(text[position - 1]):
        return False
    claim = claims[position]
    if claim is not None and claim.source in _NEVER_MERGED:
        return claim.pinyin[0] == "er5"
    if position in context.edges or position + 1 not in context.edges:
        return False
    word = text[context.word_start(position) : position + 1]
    return not any(word.endswith(full) for full in word_set("er_syllable"))


def merged(pinyin: str) -> str:
    """``hua1`` → ``huar1``."""
    return f"{pinyin[:-1]}r{pinyin[-1]}"


def stem(pinyin: str) -> str:
    """``huar1`` → ``hua1``."""
    return f"{pinyin[:-2]}{pinyin[-1]}"
