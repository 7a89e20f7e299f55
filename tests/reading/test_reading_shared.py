"""The sample and the shared labelled set, scored by the set's own script."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bobao.model import Article
from bobao.reading import read_article

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench" / "articles"
SEED = ROOT / "seeds" / "huajie-2021.txt"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="the shared labelled set is not here")


def shown(article: Article) -> dict[str, Any]:
    blocks = [
        {"kind": b.kind.value, "text": b.text, **({"list": True} if b.list else {})}
        for b in article.blocks
    ]
    return {"title": article.title, "blocks": blocks}


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("articles_score", BENCH / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sample_is_read_as_it_was(golden: Callable[[str, str | bytes], None]) -> None:
    article = read_article(SEED.read_bytes(), SEED.name)
    golden("huajie-2021.json", json.dumps(shown(article), ensure_ascii=False, indent=1) + "\n")


@needs_bench
def test_the_sample_is_perfect(scorer: ModuleType) -> None:
    truth = json.loads((BENCH / "seed.json").read_text("utf-8"))
    got = scorer.score(shown(read_article((BENCH / "seed.txt").read_bytes(), "seed.txt")), truth)
    assert got["exact"] == got["bF1"] == got["hF1"] == got["cF1"] == got["title"] == 1.0
    assert got["lost"] == got["dup"] == got["noise"] == 0


@needs_bench
def test_the_labelled_set_reaches_its_marks(scorer: ModuleType) -> None:
    results = []
    for path in sorted((BENCH / "dev").glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        file = path.with_name(truth["file"])
        results.append(scorer.score(shown(read_article(file.read_bytes(), file.name)), truth))
    mean = scorer.mean(results)
    assert mean["lost"] == mean["dup"] == mean["noise"] == 0
    assert mean["bF1"] >= 0.99
    assert mean["exact"] >= 0.96
    assert mean["hF1"] >= 0.97
    assert mean["cF1"] >= 0.90


FILES = BENCH.parent / "field" / "files"
FIELD = {
    "h01_comments_win.html": ("某市水价调整", {"furniture": "这件事我觉得说得有道理"}),
    "h03_sentence_after_image.html": ("山村校长", {"paragraph": "2016年，他来到山里"}),
    "h05_source_line.html": ("某市水价调整", {"meta": "（原标题：", "furniture": "本文来源："}),
    "h06_wechat_hidden.html": ("某市水价调整", {"paragraph": "第三条款"}),
    "h07_site_name_title.html": ("某省举行经贸推介会", {"furniture": "某省人民政府网站"}),
    "d01_letterhead.docx": ("关于加强", {"meta": "江州县人民政府文件", "heading": "二、"}),
    "p02_toc_dots.pdf": ("漫游指南", {"furniture": "重构 . .", "heading": "重构"}),
    "t01_byline_first.txt": ("", {"meta": "本报记者张某某", "heading": "便利和安全"}),
    "t04_scores.txt": ("总决赛第一场", {"paragraph": "102：98"}),
    "t05_markdown_in_txt.txt": ("提示技术", {"heading": "第一章：简介", "paragraph": "任务："}),
    "volumes.txt": ("两卷故事", {"heading": "第二卷"}),
}
"""By file of the field: how its title starts, and how blocks start that it must have, by kind."""


@pytest.mark.skipif(not FILES.is_dir(), reason="the shared files of the field are not here")
@pytest.mark.parametrize("name", FIELD)
def test_a_file_of_the_field_is_read_right(name: str) -> None:
    title, wanted = FIELD[name]
    article = read_article((FILES / name).read_bytes(), name)
    assert article.title.startswith(title)
    assert bool(article.title) == bool(title)
    kinds = {"lead": "paragraph"}
    found = [(kinds.get(b.kind.value, b.kind.value), b.text) for b in article.blocks]
    for kind, words in wanted.items():
        assert any(k == kind and text.startswith(words) for k, text in found), (kind, words)
    if name == "volumes.txt":
        assert {block.level for block in article.blocks if block.kind.value == "heading"} == {1, 2}
