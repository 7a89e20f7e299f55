"""The labelled sets: ours beside this file, the peers' where the shared benches are at hand."""

import unicodedata
from pathlib import Path

import pytest

from bobao.normalise import normalise

_HERE = Path(__file__).parent
_PEERS = _HERE.parents[2] / "shared" / "bench" / "normalise" / "peers"


def fold(text, *, yao):
    """What two readings are compared by: letters in capitals, no punctuation, signs or spaces."""
    kept = []
    for sign in text.replace("幺", "一") if yao else text:
        wide = "Ａ" <= sign <= "Ｚ" or "ａ" <= sign <= "ｚ"
        narrow = chr(ord(sign) - 0xFEE0) if wide else sign
        if unicodedata.category(narrow)[0] not in "PSZC":
            kept.append("零" if narrow == "〇" else narrow.upper())
    return "".join(kept)


def wrong_rows(path, *, yao=False):
    """The rows of a set that are read otherwise than it accepts, and the number of all rows."""
    wrong, count = [], 0
    for line in path.read_text("utf-8").splitlines():
        cells = line.split("\t")
        if line.startswith("#") or cells[0] == "id" or len(cells) not in (3, 5):
            continue
        text, accepted = (
            (cells[1], cells[2:]) if len(cells) == 3 else (cells[3], cells[4].split("|"))
        )
        said = "".join(span.spoken for span in normalise(text))
        count += 1
        if fold(said, yao=yao) not in {fold(reading, yao=yao) for reading in accepted}:
            wrong.append((text, said))
    return wrong, count


def test_news():
    wrong, count = wrong_rows(_HERE / "news_dev.tsv")
    assert count == 268
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "yao", "declined"),
    [
        ("curated", False, 0),
        ("wetextprocessing", True, 11),
        ("nemo", True, 21),
        ("paddlespeech", True, 2),
        ("speechio", True, 0),
    ],
)
def test_suites_of_peers(name, yao, declined):
    path = _PEERS / f"{name}.tsv"
    if not path.exists():
        pytest.skip("the shared benches are not here")
    wrong, count = wrong_rows(path, yao=yao)
    assert count > 0
    assert len(wrong) <= declined, wrong  # house style: see the note on the set
