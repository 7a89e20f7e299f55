"""What in a folder is taken for an article, and what is not."""

from __future__ import annotations

import pytest

from bobao.station.seeds import articles_in, beside_articles


@pytest.mark.parametrize(
    ("name", "is_article"),
    [
        ("稿.txt", True),
        ("稿.DOCX", True),
        ("没有后缀的稿", True),
        (".稿.txt", False),
        ("~$稿.docx", False),
        ("稿.txt.part", False),
        ("稿.PDF.crdownload", False),
        ("现场.JPG", False),
        ("同期声.mp3", False),
        ("稿.decisions.tsv", False),
        ("README.md", False),
    ],
)
def test_what_is_an_article(tmp_path, name, is_article):
    (tmp_path / name).write_text("一", "utf-8")
    assert [path.name for path in articles_in(tmp_path)] == [name] * is_article


def test_pictures_and_sound_are_told_of(tmp_path):
    for name in ("稿.txt", "现场.JPG", ".hidden.png", "同期声.mp3", "~$稿.docx"):
        (tmp_path / name).write_text("一", "utf-8")
    (tmp_path / "folder.png").mkdir()
    assert {path.name for path in beside_articles(tmp_path)} == {"现场.JPG", "同期声.mp3"}
