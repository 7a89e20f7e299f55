"""`bobao read`: files, pipes, what is shown and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from reading_files import docx_of, seed_blocks

from bobao.commands.read import read
from bobao.errors import BobaoError

SEED = ROOT / "seeds" / "huajie-2021.txt"
DOUBTFUL = """老街里的新生意

今年秋天，老街的店铺多了起来，游客一拨接着一拨。

剪纸师傅教孩子

传统图案有新光彩

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
    assert all(set(block) <= {"kind", "text", "list"} for block in plain["blocks"])


def test_a_pipe_reads_as_the_file_does():
    data = docx_of(seed_blocks())
    assert run("-", given=data).stdout == run(SEED).stdout


def test_review_prints_rows_that_the_next_run_follows(tmp_path):
    seed = tmp_path / "街.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    shown = run(seed, "--review").stdout
    rows = [line.split("else: ")[1] for line in shown.splitlines() if "else: " in line]
    row = next(row for row in rows if row.startswith("5\t"))
    before = json.loads(run(seed, "--json").stdout)
    (tmp_path / "街.decisions.tsv").write_text(row + "\n", "utf-8")
    after = json.loads(run(seed, "--json").stdout)
    assert after != before
    assert after["blocks"][2]["kind"] == row.split("\t")[1]
    doubts = json.loads(run(seed, "--review", "--json").stdout)
    assert all(doubt["line"] != 5 for doubt in doubts)


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
    monkeypatch.setattr("bobao.commands.read._LIMIT", 10)
    seed = tmp_path / "a.txt"
    seed.write_text(DOUBTFUL, "utf-8")
    for arguments in ((seed,), ("-",)):
        with pytest.raises(BobaoError, match="larger"):
            run(*arguments, given=DOUBTFUL.encode())
