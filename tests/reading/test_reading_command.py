"""`bobao read`: files, pipes, what is shown and what is kept."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from reading_files import docx_of, seed_blocks

from bobao.cli.words import read
from bobao.errors import BobaoError
from bobao.reading import formats
from bobao.reading.lines import plain_lines

SEED = ROOT / "seeds" / "huajie-2021.txt"
DOUBTFUL = """老街里的新生意

今年秋天，老街的店铺多了起来，游客一拨接着一拨。

游客在老街拍照

和剪纸铺一墙之隔的是竹编铺，晚上八点，灯光亮起。
"""


def run(*arguments: str | Path, given: bytes | None = None) -> Result:
    done = CliRunner().invoke(read, [str(a) for a in arguments], input=given)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_contract_of_json():
    plain = json.loads(run(SEED, "--json").stdout)
    assert plain["title"] == seed_blocks()[0][1]
    assert [(block["kind"], block["text"]) for block in plain["blocks"]] == seed_blocks()
    names = {"kind", "text", "confidence"}
    assert all(names <= set(block) <= {*names, "list"} for block in plain["blocks"])
    assert all(0 <= block["confidence"] <= 1 for block in plain["blocks"])


def test_a_pipe_reads_as_the_file_does():
    data = docx_of(seed_blocks())
    assert run("-", given=data).stdout == run(SEED).stdout


def test_what_is_decided_after_a_review_is_kept_and_followed(tmp_path):
    seed = tmp_path / "街.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    doubts = json.loads(run(seed, "--review", "--json").stdout)
    doubt = next(doubt for doubt in doubts if doubt["line"] == 5)
    assert doubt["reason"]
    assert doubt["text"] == "游客在老街拍照"
    shown = run(seed, "--review").stdout
    assert f"line 5: {doubt['decided']} {doubt['confidence']:.0%}: 游客在老街拍照" in shown
    assert f"else: {', '.join(doubt['others'])}" in shown
    before = json.loads(run(seed, "--json").stdout)
    other = doubt["others"][0]
    after = json.loads(run(seed, "--json", "--decide", f"5={other}").stdout)
    assert after != before
    assert after == json.loads(run(seed, "--json").stdout)
    table = (tmp_path / "街.decisions.tsv").read_text("utf-8")
    assert table.splitlines()[1:] == [f"5\t{other}\t游客在老街拍照"]
    doubts = json.loads(run(seed, "--review", "--json").stdout)
    assert all(doubt["line"] != 5 for doubt in doubts)
    run(seed, "--decide", "5=furniture", "--decide", "7=split")
    table = (tmp_path / "街.decisions.tsv").read_text("utf-8")
    assert [row.split("\t")[:2] for row in table.splitlines()[1:]] == [
        ["5", "furniture"],
        ["7", "split"],
    ]


def test_answers_are_exported_as_labels_without_the_words(tmp_path):
    seed, table = tmp_path / "街.txt", tmp_path / "labels.tsv"
    seed.write_text(DOUBTFUL, "utf-8")
    for decision, letter in (("caption", "C"), ("heading", "H"), ("furniture", "")):
        run(seed, "--decide", f"5={decision}", "--answers", table)
        (row,) = table.read_text("utf-8").splitlines()  # the article's row is replaced
        digest, name, labels = row.split("\t")
        assert digest == hashlib.sha256(seed.read_bytes()).hexdigest()
        assert name == "街.txt"
        letters = ["T", "P", *[letter] * bool(letter), "P"]
        assert [label[8:] for label in labels.split()] == letters
        assert all(re.fullmatch("[0-9a-f]{8}", label[:8]) for label in labels.split())
    other = tmp_path / "别.txt"
    other.write_text(DOUBTFUL.replace("今年", "去年"), "utf-8")
    run(other, "--answers", table)
    assert len(table.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("typed", ["5", "5=poem", "x=heading", "4=heading", "99=join"])
def test_a_decision_that_does_not_fit_is_not_kept(tmp_path, typed):
    seed = tmp_path / "街.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    with pytest.raises(BobaoError):
        run(seed, "--decide", typed)
    assert not (tmp_path / "街.decisions.tsv").exists()


def test_nothing_is_kept_for_a_pipe():
    with pytest.raises(BobaoError, match="beside a file"):
        run("-", "--decide", "1=title", given=DOUBTFUL.encode())


def test_every_decision_can_be_seen(tmp_path):
    seed = tmp_path / "街.txt"
    seed.write_text(DOUBTFUL + "\n责任编辑：李四\n", "utf-8")
    told = json.loads(run(seed, "--all", "--json").stdout)
    assert [doubt["line"] for doubt in told] == [1, 3, 5, 7, 9]
    assert told[-1]["decided"] == "not read"
    assert all(doubt["reason"] and 0 <= doubt["confidence"] <= 1 for doubt in told)


def test_a_bad_decision_names_its_own_file(tmp_path):
    seed = tmp_path / "街.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    (tmp_path / "街.decisions.tsv").write_text("2\theading\n", "utf-8")
    with pytest.raises(BobaoError, match=r"decisions\.tsv:1"):
        run(seed)


def test_private_addresses_need_leave():
    with pytest.raises(BobaoError, match="allow-private"):
        run("http://127.0.0.1:9/")


def test_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("bobao.pipeline.MAX_SEED_BYTES", 10)
    seed = tmp_path / "a.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    for arguments in ((seed,), ("-",)):
        with pytest.raises(BobaoError, match="larger"):
            run(*arguments, given=DOUBTFUL.encode())


def test_a_format_is_one_function_and_one_row(tmp_path, monkeypatch):
    def org(data: bytes, name: str) -> formats.Source:
        text = re.sub(r"^\*+ ", "", data.decode("utf-8"), flags=re.MULTILINE)
        return formats.Source(text, plain_lines(text, text), "utf-8")

    row = formats.Format("Org file", (".org",), (), org)
    monkeypatch.setattr(formats, "FORMATS", (row, *formats.FORMATS))
    seed = tmp_path / "街.org"
    seed.write_text("* 老街里的新生意\n\n今年秋天，老街的店铺多了起来。\n", "utf-8")
    told = json.loads(run(seed, "--json").stdout)
    assert told["title"] == "老街里的新生意"
    assert told["blocks"][-1]["text"] == "今年秋天，老街的店铺多了起来。"
