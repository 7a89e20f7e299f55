"""The editor's proof: a script as one page for the desk to read, correct and sign.

    script ── changes ──▶ what is not said as it is written, and why
           ── sounds ───▶ what is said, with pinyin; readings nobody can be sure of
           ── examine ──▶ what became of the article (`Seed`); `Proof`: lines with notes, doubts
           ── render ───▶ one self-contained HTML page (templates/, no request leaves it)

Words the page uses and lists of characters to ask about are tables in ``data/``.
"""

from bobao.desk.examine import examine
from bobao.desk.examined import examined
from bobao.desk.proof import Playable, Proof
from bobao.desk.render import render

__all__ = ["Playable", "Proof", "examine", "examined", "render"]
