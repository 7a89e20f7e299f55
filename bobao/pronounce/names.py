"""People: surnames with a reading of their own, told by what stands beside them.

Known people are in `people.tsv`; any other name is found by its shape: a surname of `surnames.tsv`,
a given name of characters that given names have, a title or a role or a verb of saying beside it,
or another name beside it in a list.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Set

from bobao.pronounce import phrases
from bobao.pronounce.pinyin import is_hanzi, readings_in, table_rows, word_set
from bobao.pronounce.sounds import Claim, Context

_NEEDED = {"sure": 3, "name": 4, "wary": 4, "rare": 5}
_TITLED = frozenset({"sure", "name"})
_SHAPE = {(2, True): 3, (2, False): 2, (1, True): 1, (1, False): 0}
"""What the length of a given name says, and whether it is one word with the surname."""

_BREAKS = frozenset("，。、；：！？（）()“”‘’《》,;:!?—… \u3000")
_LISTS = frozenset("、和与及 \u3000")
"""What stands between the names of a list."""

_BESIDE = tuple("和与跟的、，在")
_AFTER_ROLES = "： :\u3000"
_LONGEST_SIGN = 6


def names(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for known people's names, then for surnames that something beside them gives away."""
    known, surnames = _people(), _surnames()
    for position, char in enumerate(context.text):
        for name, pinyin in known.get(char, ()):
            end = position + len(name)
            if context.text.startswith(name, position) and _stands(context, position, end):
                yield Claim(position, pinyin, "name")
                break
        for surname, pinyin, kind in surnames.get(char, ()):
            if context.text.startswith(surname, position):
                confidence = _is_person(context, position, position + len(surname), kind)
                if confidence:
                    yield Claim(position, pinyin, "surname", confidence)
                    break


def _stands(context: Context, start: int, end: int) -> bool:
    """Three characters are a name anywhere, two only where they are whole words."""
    return end - start >= 3 or (start in context.edges and end in context.edges)


def _is_person(context: Context, start: int, end: int, kind: str) -> float:
    """How sure it is that the surname `start:end` is one here; 0 for not at all."""
    if _called(context, start, end, kind):
        return 0.95
    if start not in context.edges and not _role_before(context, start):
        return 0.0
    score = max((_name_score(context, start, end, size) for size in (2, 1)), default=0)
    return 0.9 if score > _NEEDED[kind] else 0.8 if score == _NEEDED[kind] else 0.0


def _called(context: Context, start: int, end: int, kind: str) -> bool:
    """Whether the surname is followed by 先生, 某 …, or by a title, or follows 姓, 老 or 小."""
    before = context.text[max(0, start - 2) : start]
    if before.endswith("姓") and before != "百姓" and end in context.edges:
        return True
    before_it = context.text[start - 2 : start - 1] if start > 1 else ""
    if context.text[start - 1 : start] in ("老", "小") and (
        before_it in _BREAKS | {""} or _role_before(context, start - 1)
    ):
        beside = _sign_at(context, end, "says") or context.text[end : end + 1] in _BESIDE
        if end in context.edges and beside:
            return True  # 小曾说, 老曾和
    if start not in context.edges:
        familiar = kind in _TITLED and start and context.text[start - 1] in "老小"
        return bool(familiar) and context.is_word(start - 1, end) and not _known(context, start - 1)
    if kind == "rare":
        return _sign_at(context, end, "after").startswith("某") and _role_before(context, start)
    found = max((_sign_at(context, end, sign) for sign in ("after", "title")), key=len)
    if not (found and (kind in _TITLED or found in _signs("after"))):
        return bool(found) and _speaks(context, start, end, end + len(found))
    stop = end + len(found)
    return end in context.edges or context.is_word(start, stop) or found.startswith("某")


def _speaks(context: Context, start: int, end: int, stop: int) -> bool:
    """Whether surname and title are all that comes before a verb of saying: 任局长说."""
    said = end in context.edges and bool(_sign_at(context, stop, "says"))
    return said and _breaks_before(context, start)


def _known(context: Context, start: int) -> bool:
    """Whether a dictionary has the word that starts at `start`."""
    word = context.text[start : context.next_edge(start)]
    return phrases.is_entry(word) or phrases.is_word(word)


def _name_score(context: Context, start: int, end: int, size: int) -> int:
    """Signs that `size` characters from `end` on are a given name; 0 if they cannot be one."""
    stop = end + size
    given = context.text[end:stop]
    if len(given) < size or not _ends(context, stop, size) or not _given().issuperset(given):
        return 0
    whole = not any(edge in context.edges for edge in range(start + 1, stop))
    words = ((start, stop), (start, end + 1), (max(0, start - 1), stop))
    if any(phrases.is_entry(context.text[first:last]) for first, last in words):
        return 0
    role, listed = _role_before(context, start), _in_list(context, start, stop)
    if listed and not role and phrases.is_word(context.text[start:stop]):
        return 0
    split_word = size == 2 and not whole and not (role or listed) and phrases.is_word(given)
    beside = 3 * listed or 2 * role or _breaks_before(context, start)
    score = _SHAPE[size, whole] - split_word + beside
    if _sign_at(context, stop, "says"):
        return score + 2
    return score + (_breaks_after(context, stop) or bool(_sign_at(context, stop, "verbs")))


def _ends(context: Context, stop: int, size: int) -> bool:
    """Whether a word ends at `stop`, or would if a sign had not been glued to it: 解学智为."""
    if stop in context.edges or size == 1:
        return stop in context.edges
    rest = context.text[stop : context.next_edge(stop)]
    sign = rest in _signs("verbs") or rest in _signs("says")
    return sign and not _known(context, context.word_start(stop))


def _in_list(context: Context, start: int, stop: int) -> bool:
    """Whether `start:stop` is an item of a list, and the item before it or after it is a name."""
    text = context.text
    if not (_breaks_before(context, start) or text[start - 1] in _LISTS):
        return False
    if not (_breaks_after(context, stop) or text[stop] in _LISTS):
        return False
    before = start > 1 and text[start - 1] in _LISTS
    after = stop < len(text) and text[stop] in _LISTS
    return any(
        (before and _is_name(context, start - 1 - size, start - 1))
        or (after and _is_name(context, stop + 1, stop + 1 + size))
        for size in (2, 3)
    )


def _is_name(context: Context, start: int, end: int) -> bool:
    """Whether a dictionary does not know `start:end`, and it begins with a common surname.

    王某 stands for a name, but beside anything that is one or none.
    """
    word = context.text[max(0, start) : end]
    if start < 0 or "某" in word or not all(map(is_hanzi, word)):
        return False
    if word[0] not in word_set("families"):
        return False
    edges = context.edges.issuperset({start, end}) and _breaks_after_name(context, end)
    return edges and not (phrases.is_word(word) or phrases.is_entry(word))


def _breaks_after_name(context: Context, stop: int) -> bool:
    return (
        _breaks_after(context, stop) or context.text[stop] in _LISTS or context.text[stop] == "等"
    )


def _role_before(context: Context, start: int) -> bool:
    roles = _signs("before")
    told = context.text[max(0, start - _LONGEST_SIGN - 1) : start].rstrip(_AFTER_ROLES)
    return any(told[-size:] in roles for size in range(1, min(len(told), _LONGEST_SIGN) + 1))


def _breaks_before(context: Context, start: int) -> bool:
    return start == 0 or not is_hanzi(context.text[start - 1])


def _breaks_after(context: Context, stop: int) -> bool:
    return stop == len(context.text) or context.text[stop] in _BREAKS


def _sign_at(context: Context, position: int, kind: str) -> str:
    """The longest sign of `kind` that starts at `position` and ends where a word does.

    某 may stand in a word that was guessed: 某龙.
    """
    signs = _signs(kind)
    for size in range(_LONGEST_SIGN, 0, -1):
        found = context.text[position : position + size]
        ends = position + size in context.edges or (
            found == "某" and position in context.edges and not _known(context, position)
        )
        if found in signs and len(found) == size and ends:
            return found
    return ""


@functools.cache
def _signs(kind: str) -> frozenset[str]:
    return frozenset(
        word for row in table_rows("name_signs") if row[0] == kind for word in row[1].split()
    )


@functools.cache
def _given() -> frozenset[str]:
    return frozenset("".join(word_set("given")))


@functools.cache
def _surnames() -> dict[str, list[tuple[str, tuple[str, ...], str]]]:
    found = defaultdict(list)
    for surname, pinyin, kind in table_rows("surnames"):
        found[surname[0]].append((surname, tuple(pinyin.split()), kind))
    return {char: sorted(rows, key=lambda row: -len(row[0])) for char, rows in found.items()}


@functools.cache
def _people() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    found = defaultdict(list)
    for name, pinyin in readings_in("people").items():
        found[name[0]].append((name, pinyin))
    return {char: sorted(rows, key=lambda row: -len(row[0])) for char, rows in found.items()}
