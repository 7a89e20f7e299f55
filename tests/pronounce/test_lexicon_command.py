"""``bobao lexicon`` on a real workspace."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from bobao.cli.words import lexicon
from bobao.errors import BobaoError
from bobao.station.workspace import create

PLS = """<lexicon version="1.0" alphabet="x-pinyin">
<lexeme><grapheme>丽水</grapheme><phoneme>lí shuǐ</phoneme></lexeme>
<lexeme><grapheme>乐清</grapheme><alias>月清</alias></lexeme>
</lexicon>
"""


@pytest.fixture
def station(tmp_path):
    made = create(tmp_path)
    made.script("花街").write_text("# 题\n", "utf-8")
    made.lexicon.write_text("# 地名\n乐清\tlè qīng\t浙江\n", "utf-8")
    return made


def run(station, *arguments: str) -> Result:
    verb, *rest = map(str, arguments)
    done = CliRunner().invoke(lexicon, [verb, "-w", str(station.root), *rest])
    if isinstance(done.exception, BobaoError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


def test_add_in_its_line_and_at_the_end(station):
    run(station, "add", "乐清", "yuè qīng")
    run(station, "add", "台州", "胎州", "--note", "听众来电")
    assert station.lexicon.read_text("utf-8") == (
        "# 地名\n乐清\tyuè qīng\t浙江\n台州\t胎州\t听众来电\n"
    )


def test_an_articles_own_words(station):
    run(station, "add", "朝阳", "zhāo yáng", "--slug", "花")
    assert station.article_lexicon("花街").read_text("utf-8").endswith("朝阳\tzhāo yáng\n")
    listed = json.loads(run(station, "list", "--json").stdout)
    assert [(one["word"], one["where"]) for one in listed] == [
        ("乐清", "scripts/lexicon.tsv:2"),
        ("朝阳", "scripts/花街.lexicon.tsv:2"),
    ]
    shown = run(station, "list").stdout
    assert "lè qīng" in shown
    assert "浙江" in shown


def test_import_pls_and_tsv(station, tmp_path):
    file = tmp_path / "names.pls"
    file.write_text(PLS, "utf-8")
    made = json.loads(run(station, "import", file, "--json").stdout)
    assert (made["added"], made["changed"]) == (["丽水"], ["乐清"])
    other = tmp_path / "names.tsv"
    other.write_bytes(station.lexicon.read_bytes())
    before = station.lexicon.read_bytes()
    made = json.loads(run(station, "import", other, "--json").stdout)
    assert made["same"] == ["乐清", "丽水"]
    assert station.lexicon.read_bytes() == before == other.read_bytes()
    assert before.decode() == "# 地名\n乐清\t月清\t浙江\n丽水\tlí shuǐ\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.pls", PLS.replace("lí shuǐ", "lí"), 2),
        ("a.tsv", "# 头\n好\n", 2),
        ("a.tsv", b"\xe5\xa5\xbd\thao3\n\xff\t\n", 2),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_written(
    station, tmp_path, name, text, line
):
    file, before = tmp_path / name, station.lexicon.read_bytes()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BobaoError) as refused:
        run(station, "import", file)
    assert refused.value.where == f"{file}:{line}"
    assert station.lexicon.read_bytes() == before


@pytest.mark.parametrize("reading", ["yuè", "blah blah", "月清市"])
def test_a_reading_that_does_not_fit_is_refused(station, reading):
    with pytest.raises(BobaoError):
        run(station, "add", "乐清", reading)
    assert "lè qīng" in station.lexicon.read_text("utf-8")


def test_a_broken_lexicon_is_named_with_its_line(station):
    station.lexicon.write_text("好\n", "utf-8")
    with pytest.raises(BobaoError) as refused:
        run(station, "add", "乐清", "yuè qīng")
    assert refused.value.where == "scripts/lexicon.tsv:1"
