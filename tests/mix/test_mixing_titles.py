"""Titles that are no file names give safe, short ones, and nothing of them is lost."""

from __future__ import annotations

import re

import pytest

from bobao.cli import main

TEXT = "村里的路修好了，大家都说方便。合作社的账本放在桌上，一页一页地翻给大家看。"
HEADS = [
    "一、收支/审计: 结果",
    "二、什么是“问题”？",
    "三、什么是“问题”？",
    "四、../../etc/passwd",
    f"五、{'很长的小节名' * 8}",
]
BODY = "".join(f"## {head}\n\n{TEXT}\n\n" for head in [*HEADS, "<>|*", "CON"])


def bobao(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


def test_titles_give_safe_file_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bobao("init", ".")
    (tmp_path / "seeds" / "names.md").write_text(f"# “11/22”: 一?个*测|试<标>题\n\n{BODY}", "utf-8")
    assert bobao("produce", "--engine", "silence", "seeds/names.md") == 0
    made = sorted(path.name for path in (tmp_path / "output" / "names" / "chapters").iterdir())
    assert len(made) == len(HEADS) + 3
    assert [name for name in made if re.search(r'[/\\:*?"<>|]|\.\.$|-\.mp3$', name)] == []
    assert max(len(name.encode()) for name in made) < 200
    script = (tmp_path / "scripts" / "names.md").read_text("utf-8")
    assert script.count(TEXT[:14]) == len(HEADS) + 2
    for words in ("审计", "“问题”", "passwd", "很长的小节名" * 8, "CON"):
        assert words in script
