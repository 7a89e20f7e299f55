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
