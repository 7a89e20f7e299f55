"""What is no article is refused by its structure; hard articles that look alike are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bobao.cli import main
from bobao.errors import BobaoError
from bobao.reading import read_article

PYTHON = '''"""计算平均数。"""

import sys


def mean(values):
    """返回平均数。"""
    total = 0
    for value in values:  # 逐个相加
        total += value
    return total / len(values)


print("平均数是：", mean([1, 2, 3]))
'''
NO_ARTICLES = {
    "WebVTT": ("WEBVTT\n\n00:34.740 --> 00:37.050\n大家晚上好\n\n00:38.570 --> 00:40.370\n这里是晚间播报\n", "subtitles"),
    "SRT": ("1\n00:00:01,000 --> 00:00:02,000\n你好\n\n2\n00:00:03,000 --> 00:00:04,000\n再见\n", "subtitles"),
    "ASS": ("[Script Info]\nTitle: 示例\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,你好\n", "subtitles"),
    "SBV": ("0:00:01.000,0:00:02.000\n你好\n\n0:00:03.000,0:00:04.000\n再见\n", "subtitles"),
    "LRC": ("[ti:小路]\n[00:12.00]走在小路上\n[00:17.20]风吹过田野\n[00:21.10]听见了歌声\n", "lyrics"),
    "JSON": (json.dumps({"title": "标题", "body": "村里的路修好了。"}, ensure_ascii=False, indent=1), "JSON"),
    "JSON lines": ('{"text": "第一句。"}\n{"text": "第二句。"}\n', "JSON"),
    "CSV": ("姓名,年龄,地址\n张三,32,花街镇\n李四,41,店园村\n王五,25,溪口村\n", "CSV"),
    "TSV": ("村\t公里\n店园\t3.2\n溪口\t1.8\n", "CSV"),
    "Python": (PYTHON, "source code"),
    "JavaScript": ("// 计数\nconst n = [1, 2, 3];\nfor (const x of n) {\n  console.log(`第${x}个`);\n}\n", "source code"),
    "C": ('#include <stdio.h>\nint main(void) {\n    printf("你好\\n");\n    return 0;\n}\n', "source code"),
    "shell": ('#!/bin/sh\nset -e\nfor f in *.txt; do\n  echo "$f"\ndone\n', "source code"),
    "SQL": ("CREATE TABLE a (\n  id INT,\n  n VARCHAR(20)\n);\nINSERT INTO a VALUES (1, 'x');\n", "source code"),
    "CSS": ("body {\n  margin: 0;\n  color: #333;\n}\n.title { font-size: 2em; }\n", "source code"),
    "YAML": ("name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu\n    steps:\n      - uses: actions/checkout@v4\n", "source code"),
    "log": ("2024-05-01 08:00:01 INFO 启动完成\n2024-05-01 08:00:02 WARN 磁盘不足\n2024-05-01 08:00:03 ERROR 写入失败\n", "log"),
    "patch": ("--- a/文.txt\n+++ b/文.txt\n@@ -1,2 +1,2 @@\n-旧的一行\n+新的一行\n 没变的一行\n", "patch"),
    "RSS": ('<?xml version="1.0"?>\n<rss version="2.0"><channel><title>频道</title></channel></rss>\n', "XML"),
    "TeX": ("\\documentclass{ctexart}\n\\begin{document}\n你好。\n\\end{document}\n", "TeX"),
    "calendar": ("BEGIN:VCALENDAR\nSUMMARY:开会\nEND:VCALENDAR\n", "calendar"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a"])
@pytest.mark.parametrize("kind", NO_ARTICLES)
def test_no_articles_are_refused(kind: str, name: str) -> None:
    text, what = NO_ARTICLES[kind]
    with pytest.raises(BobaoError, match=rf"no article but .*{what}") as error:
        read_article(text.encode(), name)
    assert error.value.where == name
    assert error.value.advice


ARTICLES = {
    "recipe": "番茄炒蛋\n\n用料\n番茄 2个\n鸡蛋 3个\n盐 3克\n油 15毫升\n\n做法\n1. 番茄切块。\n2. 鸡蛋打散。\n3. 先炒蛋，再下番茄。\n",
    "statistics": "一季度用电情况\n\n全镇用电平稳。\n\n村\t用电（万度）\t增长（%）\n店园\t320.5\t4.2\n溪口\t118.0\t-1.3\n上坞\t96.4\t0.8\n下坞\t88.1\t2.2\n合计\t623.0\t2.6\n",
    "tutorial": "# 写第一个程序\n\n先装好环境，再新建一个文件。\n\n```python\n"
    + PYTHON
    + "```\n\n运行它，会看到平均数。\n",
    "tutorial without fences": "写第一个程序\n\n新建一个文件，写下这几行：\n\nimport sys\nprint(sys.argv[0])\nfor x in range(3):\n    print(x)\n\n保存以后运行它，屏幕上会有四行字。\n\n如果报错，检查一下括号有没有配对。\n",
    "scores": "县中学生篮球赛成绩\n\n一中 78:65 二中\n三中 81:80 四中\n五中 66:59 六中\n\n冠军：一中\n亚军：三中\n",
    "poem": "静夜思\n\n床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n",
    "prices": "今日菜价（元/斤）\n\n白菜 1.20\n萝卜 0.95\n土豆 1.80\n猪肉 14.50\n鸡蛋 5.30\n",
    "schedule": "研学日程\n\n5月1日\n08:00 镇政府集合\n09:30 参观纪念馆\n12:00 午餐\n14:00 座谈\n17:00 返程\n",
    "lyrics": "小路\n\n走在小路上\n风吹过田野\n听见了歌声\n\n走在小路上\n云飘过山岗\n",
    "questions": "办证问答\n\n问：居住证怎么办？\n答：带身份证到派出所。\n\nQ: 要几天？\nA: 三天。\n",
    "technical": "Kubernetes 1.30发布\n\nKubernetes团队发布了v1.30版本，Pod scheduling readiness进入GA，kubectl apply --server-side更稳定。升级时运行kubeadm upgrade plan，再运行kubeadm upgrade apply v1.30.0。\n\n容器运行时containerd 1.7以上可用，API Server的--feature-gates参数有变化。\n",
    "English": "A New Road\n\nThe village has a new road (3.2 km), and everyone says it is convenient. Its cost was $1.2 million.\n\nThe cooperative put its books on the table, page by page.\n",
    "subtitles in an article": "字幕文件怎么写\n\n字幕是一段一段的文字，每段有起止时间。\n\n下面是一个例子：\n\n00:00:01,000 --> 00:00:02,000\n你好\n\n时间写到毫秒，中间是箭头。\n\n每段之间空一行，最后一段也一样。\n\n保存时选择UTF-8编码，扩展名写srt。\n\n播放器会自动找到它，把文字显示在画面下方。\n",
    "JSON in an article": '# 接口说明\n\n服务器返回这样的结果：\n\n```json\n{"code": 0, "data": [1, 2]}\n```\n\n代码为零表示成功。\n',
    "one line": "今天放假。\n",
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("kind", ARTICLES)
def test_hard_articles_are_read(kind: str, name: str) -> None:
    assert read_article(ARTICLES[kind].encode(), name).blocks


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"GIF89a" + bytes(range(256)) * 4,
        b"\x7fELF\x02\x01\x01" + bytes(200) + bytes(range(256)) * 4,
        b"ID3\x04\x00\x00" + bytes(100) + bytes(range(256)) * 4,
        b"SQLite format 3\x00" + bytes(900),
        b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(range(256)) * 4,
        b"PK\x03\x04" + bytes(range(256)) * 4,
        b"\x1f\x8b\x08\x00" + bytes(range(256)) * 4,
    ],
)
def test_binary_in_disguise_is_refused(data: bytes) -> None:
    with pytest.raises(BobaoError):
        read_article(data, "article.txt")


HIDDEN = '<html><head><title>水价</title></head><body style="opacity:0"><h2 id="t">某市水价调整</h2>{}</body></html>'
TEXT = "<p>第一条款说的是城乡居民用水的价格，按三档计算，逐年公布。</p><p>第二条款说的是缴费的时间和地点。</p>"


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="js_content" style="visibility: hidden;">{TEXT}</div>',
        f'<div class="js" style="display:none">{TEXT}</div>',
        f"<div hidden>{TEXT}</div>",
        f"<noscript>{TEXT}</noscript>",
        f"<template>{TEXT}</template>",
        f'<div style="opacity: 0">{TEXT}</div>',
    ],
)
def test_an_article_that_a_script_would_show_is_read(body: str) -> None:
    blocks = read_article(HIDDEN.format(body).encode(), "a.html").blocks
    assert [b.text for b in blocks if b.kind.value == "paragraph"][:1] == [
        "第一条款说的是城乡居民用水的价格，按三档计算，逐年公布。"
    ]


def test_what_is_hidden_beside_an_article_stays_silent() -> None:
    page = HIDDEN.format(f'{TEXT}<div style="display:none"><p>请打开脚本，再看本页。</p></div>')
    said = {b.text: b.kind.value for b in read_article(page.encode(), "a.html").blocks}
    assert said["请打开脚本，再看本页。"] == "furniture"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<html><head><title>某市水价调整</title></head><body><h1>某市水价调整</h1></body></html>"),
        ("a.html", HIDDEN.format('<div id="js_content"></div>')),
        ("a.md", "# 关于放假的通知\n"),
        ("a.txt", "……\n"),
    ],
)  # fmt: skip
def test_an_article_that_comes_to_no_sentence_is_an_error(name: str, text: str) -> None:
    with pytest.raises(BobaoError, match="no text"):
        read_article(text.encode(), name)


def bobao(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with subtitles among its seeds."""
    monkeypatch.chdir(tmp_path)
    assert bobao("init", ".") == 0
    (tmp_path / "seeds" / "a.txt").write_text(NO_ARTICLES["SRT"][0], "utf-8")
    return tmp_path


@pytest.mark.parametrize("verb", [("read",), ("draft",), ("produce", "--engine", "silence")])
def test_every_verb_refuses(verb, place, capsys) -> None:
    assert bobao(*verb, "seeds/a.txt") == 1
    assert "no article but subtitles" in capsys.readouterr().err
    assert not list(place.glob("scripts/a*"))


def test_a_batch_leaves_out_that_article_alone(place, capsys) -> None:
    (place / "seeds" / "b.txt").write_text(ARTICLES["poem"], "utf-8")
    assert bobao("batch", "--engine", "silence", "seeds") == 1
    out = capsys.readouterr()
    assert "no article but subtitles" in out.out + out.err
    assert list(place.glob("output/b/*.mp3"))
    assert not list(place.glob("output/a/*.mp3"))
