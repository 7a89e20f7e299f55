"""``bobao proof``: the page lands beside the script, with the sound there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from bobao.cli.bulletins import proof
from bobao.cli.steps import draft, voice
from bobao.errors import BobaoError
from bobao.station.workspace import create

SEED = "花街镇通报\n\n2021年，完成投资4.07亿元。明天放晴。\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    create(tmp_path)
    (tmp_path / "seeds" / "甲.txt").write_text(SEED, "utf-8")
    run(tmp_path, draft, "甲", "--engine", "tone", "--date", "2026-01-02")
    return tmp_path


def run(folder: Path, verb, *arguments: str):
    done = CliRunner().invoke(verb, [*arguments, "-w", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def page(folder: Path):
    return html.fromstring((folder / "scripts" / "甲.proof.html").read_text("utf-8"))


def test_the_page_lies_beside_the_script_and_is_counted(desk: Path):
    done = run(desk, proof, "甲", "--json")
    told = json.loads(done.stdout)
    assert Path(told["page"]) == desk / "scripts" / "甲.proof.html"
    tree = page(desk)
    assert told["lines"] == len(tree.xpath("//*[contains(@class, 'line ')]"))
    assert told["changes"] == len(tree.xpath("//main//div[@class='s']//ins"))
    assert told["recorded"] == 0
    assert not tree.xpath("//audio")
    assert told["fingerprint"][:4] in tree.text_content()


def test_a_second_run_writes_the_same_bytes(desk: Path):
    run(desk, proof, "甲")
    first = (desk / "scripts" / "甲.proof.html").read_bytes()
    run(desk, proof, "甲")
    assert (desk / "scripts" / "甲.proof.html").read_bytes() == first


def test_recorded_lines_can_be_played(desk: Path):
    run(desk, voice, "甲")
    run(desk, proof, "甲")
    sources = page(desk).xpath("//audio/@src")
    assert len(sources) == len(page(desk).xpath("//div[@class='s']//p[@class='t']"))
    for source in sources:
        assert (desk / "scripts" / source).resolve().is_file()
    taken = sorted((desk / "audio" / "takes").rglob("*.flac"))[0]
    taken.write_bytes(b"damaged")
    run(desk, proof, "甲")
    assert len(page(desk).xpath("//audio")) == len(sources) - 1


def test_an_article_that_changed_is_told(desk: Path):
    (desk / "seeds" / "甲.txt").write_text(SEED + "\n又下雨了。\n", "utf-8")
    run(desk, proof, "甲")
    text = page(desk).text_content()
    assert "稿源在起草之后改动过" in text
    assert "又下雨了。" in text


def test_a_file_outside_the_workspace_is_not_shown(desk: Path):
    """A script may come from anyone, and name anything as its article."""
    (desk.parent / "secret.txt").write_text("机密\n\n这里是机密。\n", "utf-8")
    script = desk / "scripts" / "甲.md"
    text = script.read_text("utf-8")
    assert "source: seeds/甲.txt" in text
    script.write_text(text.replace("source: seeds/甲.txt", "source: ../secret.txt"), "utf-8")
    run(desk, proof, "甲")
    assert "机密" not in page(desk).text_content()


@pytest.mark.parametrize("source", ["", "seeds/none.txt", "../../etc/passwd", "seeds"])
def test_an_article_that_is_not_there_is_no_matter(desk: Path, source: str):
    path = desk / "scripts" / "甲.md"
    path.write_text(path.read_text("utf-8").replace("seeds/甲.txt", source), "utf-8")
    run(desk, proof, "甲")
    assert "稿源有" not in page(desk).text_content()


def test_a_voice_that_is_not_there_leaves_the_page_silent(desk: Path):
    done = run(desk, proof, "甲", "--engine", "nobody")
    assert "no sound" in done.stderr
    assert page(desk).xpath("//main")


def test_a_broken_script_is_a_clear_error(desk: Path):
    path = desk / "scripts" / "甲.md"
    path.write_text(path.read_text("utf-8").replace("明天", "明{天"), "utf-8")
    with pytest.raises(BobaoError):
        CliRunner().invoke(proof, ["甲", "-w", str(desk)], catch_exceptions=False)
    assert not (desk / "scripts" / "甲.proof.html").exists()


def test_the_stations_lexicon_counts(desk: Path):
    (desk / "scripts" / "lexicon.tsv").write_text("花街镇\thuá jiē zhèn\n", "utf-8")
    run(desk, proof, "甲")
    assert "huá" in page(desk).xpath("string(//main)")
