"""Mandarin syllables in the International Phonetic Alphabet, read into pinyin.

Broad and narrow transcriptions are folded to one form and looked up among all syllables, which are
put together from ``data/ipa.tsv``. Tones are Chao's letters or raised figures (˥˩, ⁵¹).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from bobao import datafiles
from bobao.errors import BobaoError

_FOLD = str.maketrans(
    "gɡʈɻɹ'ʻʼjɪwʊɥɑɐæɛᴇœɤʌɔɿʅɯ˩˨˧˦˥¹²³⁴⁵",
    "kktʐʐʰʰʰiiuuyaaaeeeəəoɨɨɨ1234512345",
    "\u0361\u035c\u032f\u0329\u030d\u0311\u0325\u031a\u02d0ʔ",
)
"""One sign for those that do not tell syllables of Mandarin apart; ties and lengths go."""
_PIECE = re.compile(r"([^\s.ˈˌ|·\-0-9]+)([0-9]*)")
_BETWEEN = " .ˈˌ|·-"
_TONES = {
    **dict.fromkeys(("55", "5", "44"), "1"),
    **dict.fromkeys(("35", "25", "24", "34"), "2"),
    **dict.fromkeys(("214", "213", "212", "21", "211", "11"), "3"),
    **dict.fromkeys(("51", "53", "41", "52"), "4"),
}
_BARE_I = frozenset({"zh", "ch", "sh", "r", "z", "c", "s"})
_SHORT = {"iu": "iou", "ui": "uei", "un": "uen"}


def parse_ipa(written: str) -> tuple[str, ...]:
    """The pinyin of an IPA transcription: ``ɥe˥˩ tɕʰiŋ˥`` → ``("yue4", "qing1")``.

    A syllable ends at its tone, at a space, a full stop or a stress mark; one without a tone, or
    with a short tone such as ˧, is neutral. Raises `BobaoError` naming what is no syllable of
    Standard Chinese.
    """
    found, position = [], 0
    folded = unicodedata.normalize("NFD", written.strip()).translate(_FOLD)
    for piece in _PIECE.finditer(folded):
        syllable = _syllables().get(piece[1])
        if syllable is None or folded[position : piece.start()].strip(_BETWEEN):
            break
        found.append(syllable + _TONES.get(piece[2], "5"))
        position = piece.end()
    if not found or folded[position:].strip(_BETWEEN):
        raise BobaoError(
            f"“{written.strip()}” cannot be read as Mandarin in IPA, from “{folded[position:]}” on",
            advice='Write tones as ˥ ˧˥ ˨˩˦ ˥˩, or give pinyin: <phoneme alphabet="x-pinyin">.',
        )
    return tuple(found)


@functools.cache
def _syllables() -> dict[str, str]:
    """Every syllable in folded IPA, and its pinyin without a tone."""
    ways = {
        (kind, pinyin): ipa.split() for kind, pinyin, ipa in datafiles.rows(__package__, "ipa.tsv")
    }
    found: dict[str, str] = {}
    for base in sorted(datafiles.words(__package__, "syllables.txt")):
        initial, final = parts(base)
        for before in ways.get(("initial", initial), [""] if not initial else []):
            for after in ways.get(("final", final), []):
                found.setdefault(before + after, base)
    return found


def parts(base: str) -> tuple[str, str]:
    """A toneless syllable's initial ("" for none) and its final in the full form of the table.

    ``zhi`` → ``("zh", "-i")``, ``you`` → ``("", "iou")``, ``ju`` → ``("j", "v")``.
    """
    initial = next(_initials_of(base), "")
    final = base[len(initial) :]
    if not initial:
        return "", _without_letter(final)
    if final == "i" and initial in _BARE_I:
        return initial, "-i"
    if initial in {"j", "q", "x"} and final.startswith("u"):
        return initial, "v" + final[1:]
    if final == "o" and initial in {"b", "p", "m", "f"}:
        return initial, "uo"
    return initial, _SHORT.get(final, final)


def _initials_of(base: str) -> Iterator[str]:
    for length in (2, 1):
        if base[:length] in {"zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs"} and base[length:]:
            yield base[:length]


def _without_letter(final: str) -> str:
    """A final written with y or w, without that letter: ``yuan`` → ``van``, ``wei`` → ``uei``."""
    if final.startswith("yu"):
        return "v" + final[2:]
    if final.startswith(("yi", "wu")):
        return final[1:]
    return {"y": "i", "w": "u"}.get(final[0], final[0]) + final[1:]
