"""Words start when the marks say: against a forced alignment that knew the sound and the text only.

`tests/judges/timing.py` measures the same on whole bulletins, by the thousand words.
"""

from pathlib import Path

import numpy as np
import pytest

from bobao.voices import registry
from bobao.voices.engine import Utterance
from bobao.voices.kokoro import phonemes

ALIGNED = Path(__file__).with_name("aligned.tsv")


def aligned() -> dict[str, list[tuple[str, dict[int, int]]]]:
    """Of each voice its texts, with the milliseconds at which the word at a place starts."""
    found: dict[str, list[tuple[str, dict[int, int]]]] = {}
    for row in ALIGNED.read_text("utf-8").splitlines():
        if not row.startswith("#"):
            voice, text, starts = row.split("\t")
            pairs = (start.split(":") for start in starts.split())
            found.setdefault(voice, []).append((text, {int(a): int(ms) for a, ms in pairs}))
    return found


@pytest.mark.speech
@pytest.mark.parametrize("voice", aligned())
def test_words_start_where_the_alignment_has_them(voice: str) -> None:
    """The sound that was aligned is that of one runtime: another one has a syllable a frame (25 ms)
    longer or shorter here and there."""
    late = []
    for text, starts in aligned()[voice]:
        speech = registry.engine("kokoro").speak(Utterance(text, voice))
        marks = {mark.start: mark.start_ms for mark in speech.marks}
        late += [marks[place] - ms for place, ms in starts.items()]
    assert len(late) >= 30
    assert np.mean(np.abs(late) <= 40) >= 0.85, sorted(late)
    assert np.mean(np.abs(late) <= 40 + 25) >= 0.95, sorted(late)
    assert abs(np.median(late)) <= 15


def test_every_mandarin_syllable_has_its_own_figure() -> None:
    table = phonemes.mapping("onsets")
    shapes = phonemes.mapping("syllables").values()
    firsts = {shape[:2] if shape[1] == "ʰ" else shape[0] for shape in shapes}
    assert firsts <= set(table)
    assert all(30 <= int(ms) <= 150 for ms in table.values())
