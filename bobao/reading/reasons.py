"""Why a line was labelled as it was, in words: what the evidence that weighed most says."""

from __future__ import annotations

import re

from bobao.reading.chain import LABELS, Choice

_WORDS = {
    "kind": "marked up as such",
    "bold": "set in bold",
    "centred": "centred",
    "figure": "a picture stands before it",
    "item": "an item of a list",
    "number": "its number",
    "label": "the label before its colon",
    "scene": "whether its words show a scene",
    "question": "a question",
    "date": "a date",
    "office": "the name of an office",
    "over a date": "it stands over a date",
    "name": "a name",
    "official title": "it ends as the titles of documents do",
    "dateline": "a dateline",
    "again": "others are like it",
    "end": "how it ends",
    "width": "its width",
    "commas": "its commas",
    "gap": "the blank lines around it",
    "gap below": "the blank lines around it",
    "indent": "its indent",
    "zone": "where it stands",
    "edge": "where it stands",
    "break": "how the line before ends",
    "break over": "a word runs over the break",
    "break unfinished": "the line before asks for more",
    "break on": "it starts with what goes on",
    "break pause": "the line before ends in a comma",
    "over": "the text goes on after what stands between",
    "through": "the text goes on around it",
    "joins": "the format joins them",
}
"""What evidence says, by the name before its value; the lines around it where none is here."""
_PRINTED = re.compile(r"says \w+=(.+)\|")
_NAME = re.compile(r"[^=|<>\d]+")


def reason_of(choice: Choice) -> str:
    """The reason for a label in words: a wording that was known, else what weighed most."""
    for sign in choice.reasons:
        if printed := _PRINTED.match(sign):
            return printed[1]
        name = _NAME.match(sign)
        if name and (words := _WORDS.get(name[0].strip())):
            return f"{LABELS[choice.label]}: {words}"
    return f"{LABELS[choice.label]}: the lines around it"
