"""A proof as one HTML page that asks nothing of any network.

The page follows HTML Living Standard and WCAG 2.2 AA. Its Content-Security-Policy allows its own
style sheet and script by their SHA-256 (CSP Level 3) and sound from where the page lies, nothing
else; text is escaped, and characters that would hide or reorder it are shown by their number.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bobao.desk.drawer import STAGES
from bobao.desk.proof import name_of
from bobao.publish import pages

if TYPE_CHECKING:  # jinja2 is loaded where a page is made
    from jinja2 import Environment
    from markupsafe import Markup

    from bobao.desk.drawer import Signature
    from bobao.desk.proof import Proof

_JOINER = "\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs"})


def render(proof: Proof, signatures: Sequence[Signature] = ()) -> str:
    """The page to print and to sign, with the names of those who have signed at the desk."""
    from markupsafe import Markup

    style, script = (pages.template(__package__, name) for name in ("proof.css", "proof.js"))
    return filled(
        "proof.html",
        proof=proof,
        signatures={each.stage: each for each in signatures},
        style=Markup(style),  # noqa: S704 - both come with this package
        script=Markup(script),  # noqa: S704
        policy=_policy(style, script),
        desk=None,
    )


def filled(name: str, **values: object) -> str:
    """A template of this room with its values in it."""
    return _environment().get_template(name).render(stages=STAGES, **values)


def visible(text: str) -> str:
    """`text` with every character that hides or reorders others as its number: ``U+202E``."""
    return "".join(_number(char) if _is_hidden(char) else char for char in text)


def _shown(text: str) -> Markup:
    """`text` escaped for HTML, its hidden characters set apart."""
    from markupsafe import Markup, escape

    if text.isprintable():
        return escape(text)
    return Markup("").join(
        Markup('<span class="cp">{}</span>').format(_number(char)) if _is_hidden(char) else char
        for char in text
    )


def _is_hidden(char: str) -> bool:
    """Whether `char` is a control or a mark of format; the joiner of emoji is left alone."""
    code = ord(char)
    no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return no_character or (char != _JOINER and unicodedata.category(char) in _HIDDEN)


def _number(char: str) -> str:
    return f"U+{ord(char):04X}"


def _policy(style: str, script: str) -> str:
    allowed = {
        "style-src": pages.digest(style),
        "script-src": pages.digest(script),
        "media-src": "'self' file:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return pages.policy(allowed)


@functools.cache
def _environment() -> Environment:
    environment = pages.environment(__package__)
    environment.filters.update(
        shown=_shown,
        visible=visible,
        length=len,
        clock=_clock,
        seconds=lambda ms: f"{ms / 1000:.1f}",
        grouped=_grouped,
        source=functools.partial(name_of, "sources"),
        kind=functools.partial(name_of, "blocks"),
        count=lambda number: f"{number:,}",
    )
    return environment


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest:02} 秒" if minutes else f"{rest} 秒"


def _grouped(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
