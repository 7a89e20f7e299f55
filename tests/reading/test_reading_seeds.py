"""Articles of the web kept in seeds/, none over another."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from reading_files import docx_of, seed_blocks

from bobao.cli.steps import draft
from bobao.errors import BobaoError
from bobao.reading.fetch import Fetched
from bobao.reading.seeds import kept, seed_of
from bobao.station import workspace

ONE = "今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度进一步提高。"
TWO = "去年以来，全镇新建绿道二十公里，沿线村庄的环境有所改善，群众满意度进一步提高。"
URL = "http://news.example/a?id=1"


def page(text: str = ONE, title: str = "绿道建设进展", more: str = "") -> bytes:
    head = f"<html><head><title>{title}_花街网</title></head><body>"
    return f"{head}<h1>{title}</h1><p>{text}</p>{more}</body></html>".encode()


def fetched(data: bytes, name: str = "a") -> Fetched:
    return Fetched(data, name, URL)


def test_an_article_is_kept_under_its_title(tmp_path: Path) -> None:
    path = kept(tmp_path, fetched(page()))
    assert path.name == "绿道建设进展.html"
    assert path.read_bytes() == page()


def test_the_same_article_is_kept_once(tmp_path: Path) -> None:
    first = kept(tmp_path, fetched(page()))
    more = '<div class="footer"><p>阅读 1234</p></div>'
    assert kept(tmp_path, fetched(page(more=more))) == first
    assert first.read_bytes() == page()


def test_another_article_of_that_name_is_not_touched(tmp_path: Path) -> None:
    first = kept(tmp_path, fetched(page()))
    second = kept(tmp_path, fetched(page(TWO)))
    assert second.name == "绿道建设进展 2.html"
    assert kept(tmp_path, fetched(page(TWO))) == second
    assert first.read_bytes() == page()
    (tmp_path / "绿道建设进展 3.html").mkdir()
    third = kept(tmp_path, fetched(page(ONE + TWO)))
    assert third.name == "绿道建设进展 4.html"


@pytest.mark.parametrize(
    ("data", "name", "wanted"),
    [
        (page(), "index.htm", "绿道建设进展.htm"),
        (page(), "index.php", "绿道建设进展.html"),
        (page(title="a/b: c?"), "x.html", "a b c.html"),
        (f"# 绿道进展\n\n{ONE}\n".encode(), "a.md", "绿道进展.md"),
        (f"绿道进展\n\n{ONE}\n\n{TWO}\n".encode(), "a.txt", "绿道进展.txt"),
        (f"{ONE}{TWO}\n".encode(), "t2024.txt", "t2024.txt"),
        (docx_of(seed_blocks()[:4]), "download", f"{seed_blocks()[0][1]}.docx"),
    ],
)
def test_names_tell_the_title_and_the_format(
    tmp_path: Path, data: bytes, name: str, wanted: str
) -> None:
    assert kept(tmp_path, fetched(data, name)).name == wanted


def test_what_is_no_article_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(BobaoError, match=r"news\.example"):
        kept(tmp_path, fetched(b"<html><body></body></html>"))
    assert list(tmp_path.iterdir()) == []


def test_a_seed_is_a_file_a_name_or_an_address(tmp_path, monkeypatch) -> None:
    place = workspace.create(tmp_path)
    file = place.seeds / "a.txt"
    file.write_text(ONE, "utf-8")
    assert seed_of(place, str(file)) == file
    assert seed_of(place, "a") == file
    asked = []

    def fetch(url: str, *, private: bool) -> Fetched:
        asked.append((url, private))
        return fetched(page())

    monkeypatch.setattr("bobao.reading.fetch.fetch", fetch)
    assert seed_of(place, URL).parent == place.seeds
    assert seed_of(place, URL, private=True).name == "绿道建设进展.html"
    assert asked == [(URL, False), (URL, True)]


def test_an_address_can_be_drafted(tmp_path, monkeypatch) -> None:
    place = workspace.create(tmp_path)
    monkeypatch.setattr("bobao.reading.fetch.fetch", lambda url, private: fetched(page()))
    arguments = [URL, "--workspace", str(tmp_path)]
    for _ in range(2):
        done = CliRunner().invoke(draft, arguments, catch_exceptions=False)
        assert done.exit_code == 0
    assert "新建绿道" in place.script("绿道建设进展").read_text("utf-8")
    assert [path.name for path in place.seeds.glob("*.html")] == ["绿道建设进展.html"]
