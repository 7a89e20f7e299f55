"""What a feed must and should be: three tables in ``data/``, read into findings.

``needs.tsv`` has the elements that must be there, ``values.tsv`` the form of what is in them, and
``rules.tsv`` what takes a function: that of its name in `rules_document`, `rules_items` or
`rules_files`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from bobao.files import rows
from bobao.publish.feed import rules_document, rules_files, rules_items
from bobao.publish.feed.document import Part, inside, part, where
from bobao.publish.feed.findings import Case, Finding, Hit, Severity

_MODULES = (rules_document, rules_items, rules_files)


def findings(case: Case) -> Iterator[Finding]:
    """All that is wrong with a feed, rule by rule."""
    for name, severity, source, what, advice in rows("bobao.publish.feed", "rules.tsv"):
        for element, detail in _finder(name)(case):
            said = what.replace("{}", detail)
            yield Finding(name, Severity(severity), said, where(element), advice, source)
    for level, path, severity, source, advice in rows("bobao.publish.feed", "needs.tsv"):
        said = f"the {level} has no {path.split('/')[-1].replace('@', ' ')}"
        for each in case.document.parts(level):
            if not any(_values(each, path)):
                place = where(each.element)
                yield Finding(
                    need_name(level, path), Severity(severity), said, place, advice, source
                )
    for row in rows("bobao.publish.feed", "values.tsv"):
        level, path, severity, source, needed, form, wanted, advice = row
        said = f"{path.replace('@', ' ')} of the {level}"
        for element, found in _misfits(case, level, path, form, needed=bool(needed)):
            what = f"{said} is {found}; it should be {wanted}"
            name = value_name(level, path)
            yield Finding(name, Severity(severity), what, where(element), advice, source)


def _finder(name: str) -> Callable[[Case], Iterator[Hit]]:
    """The function of a rule."""
    found = (getattr(module, name.replace("-", "_"), None) for module in _MODULES)
    return cast("Callable[[Case], Iterator[Hit]]", next(filter(callable, found)))


def need_name(level: str, path: str) -> str:
    """The name of the rule that something is there."""
    return f"{level}-{path.replace('@', '-').split('/')[-1]}"


def value_name(level: str, path: str) -> str:
    """The name of the rule of a value's form."""
    return f"{level}-{path.replace('@', '-')}-value"


def names() -> frozenset[str]:
    """The names of all rules."""
    return frozenset(
        (
            *(row[0] for row in rows("bobao.publish.feed", "rules.tsv")),
            *(need_name(*row[:2]) for row in rows("bobao.publish.feed", "needs.tsv")),
            *(value_name(*row[:2]) for row in rows("bobao.publish.feed", "values.tsv")),
        )
    )


def _values(within: Part, path: str) -> Iterator[str]:
    outer, _, inner = path.partition("/")
    name, _, attribute = outer.partition("@")
    for element in within.all(name):
        if inner:
            yield from _values(part(element), inner)
        elif attribute:
            yield element.get(attribute, "").strip()
        else:  # atom:link has no text
            yield inside(element) or " ".join(element.attrib.values())


def _misfits(case: Case, level: str, path: str, form: str, *, needed: bool) -> Iterator[Hit]:
    name, _, attribute = path.partition("@")
    for each in case.document.parts(level):
        for element in each.all(name):
            value = element.get(attribute) if attribute else inside(element)
            if value is None and needed:
                yield element, "missing"
            elif value and not _fits(value.strip(), form):
                yield element, f"“{value.strip()[:60]}”"


def _fits(value: str, form: str) -> bool:
    if form.startswith("bytes:"):
        return len(value.encode("utf-8")) <= int(form[6:])
    if form == "sound-type":
        return value.split(";", maxsplit=1)[0].strip().lower() in rules_items.SOUND_TYPES
    return re.fullmatch(form, value, re.DOTALL) is not None
