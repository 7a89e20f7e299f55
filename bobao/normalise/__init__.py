"""Written Mandarin to spoken: figures, signs and codes as a newsreader says them.

The flow, each step a module of its own::

    text ─ fold ─────── one form of each sign, offsets kept                      (fold)
         └ scan ─────── once, left to right; never over its own readings         (engine)
             └ dispatch which rules are asked at which character                 (dispatch)
                 └ rules  one family to a file, cue words in data/*.tsv          (rules/*)
                     └ numbers  figures to Chinese numerals                      (numbers)
         └ audit ────── no figure and no unread sign is left                     (engine)
         └ spans ────── written and spoken, side by side

`normalise` gives the spans, `explain` the changes with their reasons.
"""

from bobao.normalise.engine import Change, explain, normalise
from bobao.normalise.fold import unified_forms
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import DEFAULT, ReadingStyle

__all__ = [
    "DEFAULT",
    "Change",
    "ReadingStyle",
    "cardinal",
    "explain",
    "normalise",
    "one_by_one",
    "unified_forms",
]
