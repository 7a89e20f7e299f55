"""What was never meant for readers is seen by the editor and is in nothing that is published."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bobao.cli import run
from bobao.publish import cover

SECRETS = {
    "划掉的身份证号": "del",
    "隐藏的底价": "hidden",
    "单元格里的旧价": "cell",
    "页眉里的草稿": "head",
}


def deleted(paragraph, text: str) -> None:
    run = f"<w:r><w:delText>{text}</w:delText></w:r>"
    paragraph._p.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x">{run}</w:del>'))


def document(path: Path) -> None:
    deletion, hidden, cell, head = SECRETS
    made = Document()
    made.add_heading("花街镇今年建成九个公园", 0)
    made.add_paragraph("今年以来，花街镇共建成9个口袋公园，居民出门就能散步。")
    changed = made.add_paragraph("公园里种了桂花和香樟，还装上了路灯。")
    deleted(changed, f"{deletion}是三三零七。")
    changed.add_run(f"{hidden}是九百万元。").font.hidden = True
    made.add_paragraph("民生无小事。这些公园大多由闲置的空地改成，投资620余万元。")
    table = made.add_table(rows=2, cols=2)
    for place, text in enumerate(("公园", "造价", "东园", "10万元")):
        table.cell(place // 2, place % 2).text = text
    deleted(table.cell(1, 1).paragraphs[0], f"{cell}是八万。")
    deleted(made.sections[0].header.paragraphs[0], f"{head}不要印出来。")
    made.add_paragraph("明年再建五个。")
    made.save(path)


def test_deleted_and_hidden_text_is_in_the_script_and_in_nothing_published(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(cover, "SIDE", 64)
    assert run(["init", str(tmp_path)]) == 0
    document(tmp_path / "seeds" / "park.docx")
    w = ("-w", str(tmp_path))
    assert run(["produce", "park", "--engine", "tone", "--date", "2026-11-22", *w]) == 0
    script = (tmp_path / "scripts" / "park.md").read_text("utf-8")
    for secret in SECRETS:
        assert f"> [不发布] {{{secret}" in script
    assert run(["proof", "park", *w]) == 0
    proof = (tmp_path / "scripts" / "park.proof.html").read_text("utf-8")
    assert all(secret in proof for secret in SECRETS)
    published = [path for path in (tmp_path / "output").rglob("*") if path.is_file()]
    assert {"bulletin.json", "index.html", "park.txt", "park.epub", "park.mp3"} <= {
        path.name for path in published
    }
    for path in published:
        data = path.read_bytes()
        for secret in SECRETS:
            for form in (secret.encode(), secret.encode("utf-16-le"), ascii(secret)[1:-1].encode()):
                assert form not in data, f"{path}: {secret}"
    assert run(["verify", "park", *w]) == 0, capsys.readouterr().err
