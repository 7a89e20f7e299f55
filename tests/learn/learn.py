"""Learn what the lines of a document are: make `bobao/reading/data/weights.tsv`.

    python tests/learn/learn.py            learn from all documents and write the weights
    python tests/learn/learn.py --held     say how well documents are read that were held out

A chain model (CRFsuite: L-BFGS with both penalties) over the evidence of `bobao.reading.evidence`,
learnt from the documents of `documents.py`. Held out are whole texts, in all their settings.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycrfsuite
from documents import ROOT, SHARED, Block, Document, documents

from bobao.errors import BobaoError
from bobao.model import BlockKind
from bobao.reading.answers import plain
from bobao.reading.chain import LABELS, Choice, Weights, labelled
from bobao.reading.evidence import Seen, evidence
from bobao.reading.formats import source_of
from bobao.reading.read import Laid, laid, reading_of

WEIGHTS = ROOT / "bobao" / "reading" / "data" / "weights.tsv"
FOLDS = 5
_PENALTIES = {"c1": 1.0, "c2": 1.0, "max_iterations": 100}
_LEAST = 0.02
"""Weights nearer to nothing than this are left out."""
_STARTS = 6
"""Characters that are enough to tell which block a line starts."""
_SILENT = ("meta", "furniture", "skip")
_HEADER = """# What a line is, by the evidence for it; learnt by tests/learn/learn.py, not written by hand.
# evidence\tlabel\tweight (nats)
"""


@dataclass(frozen=True)
class Lesson:
    """A document as the model sees it: evidence and the right label of each line."""

    document: Document
    page: Laid
    form: str
    seen: list[Seen]
    labels: list[str]


def lesson_of(document: Document) -> Lesson | None:
    """The lesson in a document, None where there is no reading it."""
    try:
        source = source_of(document.data, document.file)
    except BobaoError:
        return None
    page = laid(source.lines)
    lines = page.whole
    names = [plain(line.text) for line in lines]
    labels = _aligned(names, [bool(line.cells) for line in lines], document.blocks)
    return Lesson(document, page, source.form, evidence(lines, source.form), labels)


def _aligned(lines: Sequence[str], cells: Sequence[bool], blocks: Sequence[Block]) -> list[str]:
    """The labels of `lines`, found by their texts in the `blocks` that they were made of."""
    left = {n: (kind, plain(text)) for n, (kind, text) in enumerate(blocks) if plain(text)}
    labels: list[str] = []
    begun: list[tuple[int, str]] = []  # blocks that are not finished, with what is left of them
    last = -1
    for n, line in enumerate([*lines]):
        after = lines[n + 1] if n + 1 < len(lines) else ""
        new = next((m for m, (_, text) in left.items() if _opens(text, line, after)), None)
        goes = next((m for m, rest in reversed(begun) if line and rest.startswith(line)), None)
        if cells[n]:
            labels.append("table")
            last = -1
        elif goes is not None and (new is None or left[new][1] != line):
            labels.append("join" if last == goes else "back")
            rest = dict(begun)[goes][len(line) :]
            begun = [(m, text) for m, text in begun if m != goes] + [(goes, rest)] * bool(rest)
            last = goes
        elif new is not None:
            kind, text = left.pop(new)
            labels.append(
                {"lead": "paragraph", "skip": "paragraph", "meta": "furniture"}.get(kind, kind)
            )
            begun += [(new, text[len(line) :])] * (len(line) < len(text))
            last = new
        else:
            labels.append("furniture")
            last = -1
    return labels


def _opens(block: str, line: str, after: str) -> bool:
    if not line or not block.startswith(line):
        return len(block) > _STARTS and block in line
    return line == block or len(line) >= _STARTS or block.startswith(line + after)


def learn(lessons: Iterable[Lesson]) -> list[tuple[str, str, float]]:
    """The rows of the weights that `lessons` come to."""
    trainer = pycrfsuite.Trainer(verbose=False, params={**_PENALTIES, "feature.minfreq": 2})
    for lesson in lessons:
        for _ in range(lesson.document.times if lesson.seen else 0):
            trainer.append([one.signs for one in lesson.seen], lesson.labels)
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        info = tagger.info()
    rows = [(sign, label, w) for (sign, label), w in info.state_features.items()]
    rows += [(f"step {before}", label, w) for (before, label), w in info.transitions.items()]
    return sorted(row for row in rows if abs(row[2]) >= _LEAST)


def weights_of(rows: Iterable[tuple[str, str, float]]) -> Weights:
    return Weights.of([(sign, label, f"{weight:.3f}") for sign, label, weight in rows])


def held_out(lessons: Sequence[Lesson]) -> list[tuple[Lesson, Weights]]:
    """Each lesson with weights that were learnt without its text."""
    out = []
    for fold in range(FOLDS):
        weights = weights_of(learn(one for one in lessons if _fold(one) != fold))
        out += [(one, weights) for one in lessons if _fold(one) == fold]
    return out


def _fold(lesson: Lesson) -> int:
    return int(hashlib.sha256(lesson.document.name.encode()).hexdigest(), 16) % FOLDS


def scored(lesson: Lesson, weights: Weights) -> Counter[str]:
    """Right, read and wanted blocks of a document; titles right, wanted and false; garbage."""
    document = lesson.document
    source = source_of(document.data, document.file)
    article = reading_of(source, document.file, weights).article
    made = [
        {"kind": "paragraph" if b.kind is BlockKind.LEAD else b.kind.value, "text": b.text}
        for b in article.blocks
    ]
    if document.gold is not None and (scorer := _scorer()) is not None:
        gold, _ = scorer.slots_dev(json.loads(document.gold.read_text("utf-8")))
        got = scorer.score(gold, {"blocks": made})
        return Counter(
            right=got["tp"], read=got["np"], wanted=got["ng"], heads=got["htp"],
            heads_read=got["hnp"], heads_wanted=got["hng"], titles=got["T"] == "1",
            titled=got["T"] in "01", false=got["T"] == "x", junk=got["junk"], chars=got["gc"],
        )  # fmt: skip
    want = Counter(
        ("paragraph" if kind == "lead" else kind, plain(text))
        for kind, text in _tables_joined(document.blocks)
        if kind not in _SILENT
    )
    have = Counter((b["kind"], plain(b["text"])) for b in made if b["kind"] not in _SILENT)
    return Counter(right=(want & have).total(), read=have.total(), wanted=want.total())


def _tables_joined(blocks: Iterable[Block]) -> list[Block]:
    out: list[Block] = []
    for kind, text in blocks:
        if kind == "table" and out and out[-1][0] == "table":
            out[-1] = (kind, out[-1][1] + text)
        else:
            out.append((kind, text))
    return out


def _scorer() -> Any:
    """The shared sets' own scorer, which knows where two readings are right."""
    path = SHARED / "real" / "score_real.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("score_real", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _report(pairs: Iterable[tuple[Lesson, Weights]], *, each: bool) -> None:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for lesson, weights in pairs:
        got = scored(lesson, weights)
        groups[lesson.document.group].update(got)
        real = lesson.document.gold or lesson.document.group == "pages"
        if each and real and 2 * got["right"] != got["read"] + got["wanted"]:
            print(f"  {lesson.document.name:28} {_line(got)}")
    for name, got in groups.items():
        print(f"{name:12} {_line(got)}")


def _line(got: Counter[str]) -> str:
    exact = 2 * got["right"] / max(1, got["read"] + got["wanted"])
    line = f"exact {exact:.4f} ({got['right']} of {got['wanted']}, {got['read']} read)"
    if got["chars"]:
        heads = 2 * got["heads"] / max(1, got["heads_read"] + got["heads_wanted"])
        line += f" titles {got['titles']}/{got['titled']} false {got['false']} headings {heads:.3f}"
        line += f" garbage {got['junk'] / got['chars']:.3f}"
    return line


def _calibration(pairs: Sequence[tuple[Lesson, Weights]]) -> None:
    """Ten bins of confidence: lines in each, and how many of them are right; doubts a document."""
    bins = [[0, 0] for _ in range(10)]
    asked = documents_ = 0
    for lesson, weights in pairs:
        if lesson.document.group not in ("newsroom", "articles", "real", "pages"):
            continue
        documents_ += 1
        choices: list[Choice] = labelled(lesson.page.whole, lesson.seen, lesson.form, weights)
        for choice, label in zip(choices, lesson.labels, strict=True):
            name = LABELS[choice.label]
            row = bins[min(9, int(choice.confidence * 10))]
            row[0] += 1
            row[1] += name == label
            asked += choice.confidence < 0.8
    for n, (every, right) in enumerate(bins):
        print(f"  {n / 10:.1f}-  {every:6} lines  {right / max(1, every):.3f} right")
    print(f"  {asked / max(1, documents_):.2f} lines a document below 0.8")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--held", action="store_true", help="score held-out documents")
    ask.add_argument("--each", action="store_true", help="and say which were not read right")
    ask.add_argument("--digests", type=Path, help="write the digests of what was learnt from")
    options = ask.parse_args()
    lessons = [lesson for one in documents() if (lesson := lesson_of(one)) is not None]
    print(f"{len(lessons)} documents, {sum(len(one.seen) for one in lessons)} lines")
    if options.held:
        pairs = held_out(lessons)
        _report(pairs, each=options.each)
        _calibration(pairs)
        return
    rows = learn(lessons)
    WEIGHTS.write_text(
        _HEADER + "".join(f"{s}\t{label}\t{w:.3f}\n" for s, label, w in rows), "utf-8"
    )
    print(f"{len(rows)} weights")
    _report([(one, weights_of(rows)) for one in lessons], each=options.each)


if __name__ == "__main__":
    main()
