"""Reading: megabytes of plain text a second of CPU, against the naive way, as length grows.

The sample article over and over, its figures changed each time, set in three ways: as it is (a line
a paragraph, or half of one), its paragraphs mended and wrapped at 30 characters as a PDF's text is,
and a clause a line, some 20 characters. The naive way decodes it, splits it at line breaks and
calls a short line without an end mark a heading.
Start-up (imports, dictionaries, one article read) and the making of the text are taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

SAMPLE = Path(__file__).resolve().parent.parent.parent / "seeds" / "huajie-2021.txt"
SIZES = (0.5, 1.0, 2.0, 4.9)  # MB; 5 is the most that is read
PLAIN = """
import re
from pathlib import Path
sample = Path({sample!r}).read_text("utf-8")
parts, size = [], 0
while size < {size} * 1e6:
    digits = str(3456789 + 7919 * len(parts))[-7:]
    parts.append(sample.translate(str.maketrans("3456789", digits)))
    size += len(parts[-1].encode()) + 2
text = "\\n\\n".join(parts)
"""
SETTINGS = {
    "as it is": "",
    "wrapped": """
text = re.sub(r"(?<=[^。”\\n]{15})\\n\\n(?=\\S)", "", text)
rows = ["　　" + line.strip() for line in text.splitlines() if line.strip()]
text = "\\n".join(row[n:n + 30] for row in rows for n in range(0, len(row), 30))
""",
    "a clause a line": """
clauses = re.split("(?<=[，。；,;])", text.replace("\\n\\n", ""))
text = "\\n".join(clause.strip() for clause in clauses if clause.strip())
""",
}
CUT = "data = text.encode()[:4_900_000].decode('utf-8', 'ignore').encode()\n"
OURS = """
from bobao.reading import read_article
read_article(sample.encode(), "a.txt")
"""
NAIVE = """
def read_article(data, name):
    blocks = []
    for line in data.decode("utf-8").splitlines():
        line = re.sub(r"\\s+", " ", line).strip()
        if line:
            short = len(line) <= 25 and line[-1] not in "。！？；：，、.!?;:,”）)"
            blocks.append(("heading" if short else "paragraph", line))
    return blocks
"""
READ = "read_article(data, 'a.txt')\n"


class Spent(Protocol):
    """What a measurement tells of a process."""

    @property
    def cpu(self) -> float: ...

    @property
    def printed(self) -> str: ...


def reading(cost: Callable[[str], Spent]) -> None:
    """MB a second of CPU for each setting and size, and how the time grows with the length."""
    for name, setting in SETTINGS.items():
        speeds = []
        for size in SIZES:
            ours = _speed(OURS, setting, size, cost)
            speeds.append(ours)
            naive = _speed(NAIVE, setting, size, cost)
            print(
                f"reading text {name}, {size:.1f} MB: {ours:.2f} MB/s; "
                f"naive {naive:.1f} MB/s, × {naive / ours:.0f}",
                flush=True,
            )
        print(f"  time a MB, {SIZES[-1]} MB against {SIZES[0]}: × {speeds[0] / speeds[-1]:.2f}")


def _speed(reader: str, setting: str, size: float, cost: Callable[[str], Spent]) -> float:
    code = PLAIN.format(sample=str(SAMPLE), size=size) + setting + CUT + reader
    tell = "print(len(data))\n"
    busy, idle = cost(code + READ + tell), cost(code + tell)
    return int(busy.printed) / 1e6 / max(busy.cpu - idle.cpu, 0.01)
