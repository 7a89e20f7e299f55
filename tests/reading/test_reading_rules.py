"""Single habits and signs, each on a small text: (kind, text) of what is read."""

from __future__ import annotations

import pytest

from bobao.errors import BobaoError
from bobao.reading import read_article

P1 = "连日来，全市持续高温，最高气温突破39度，气象台预计未来三天高温仍将持续。"
P2 = "市卫生健康部门提醒市民，外出要做好防晒，注意补充水分，避免长时间在户外活动。"
P3 = "各医院开设了中暑急救绿色通道，基层医疗机构也备足了藿香正气水等药品，随时应对。"


def read(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_article(text.encode(), name).blocks]


def kinds(text: str, name: str = "a.txt") -> str:
    return " ".join(kind[0] for kind, _ in read(text, name))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # t title, l lead, h heading, p paragraph, c caption, m meta, f furniture
        (f"标题一行\n\n{P1}\n\n小标题在这里\n\n{P2}", "t l h p"),
        (f"标题一行\n\n一、情况\n\n{P1}\n\n（一）基本情况。\n\n{P2}", "t h p h p"),
        (f"标题一行\n\n{P1}\n\n（一）基本情况。{P2}", "t p p"),
        (f"标题一行\n\n{P1}\n\n{P2}\n\n{P3}\n\n现场的抢修人员正在作业", "t p p p c"),
        (f"标题一行\n\n{P1}\n\n图为抢修现场。张三 摄\n\n{P2}", "t p c p"),
        (f"标题一行\n\n{P1}\n\n▲抢修现场\n\n{P2}", "t p c p"),
        (f"标题一行\n\n{P1}\n\n[图片]\n\n抢修的师傅们\n\n{P2}", "t p f c p"),
        (f"标题一行\n本报记者 张三\n\n{P1}\n\n责任编辑：李四", "t m p f"),
        (f"标题一行\n\n{P1}\n\n某某市教育局\n\n2024年5月1日", "t p m m"),
        (f"标题一行\n\n{P1}\n\n相关阅读\n\n别的新闻一\n\n别的新闻二", "t p f f f"),
        (f"标题一行\n\n同志们：\n\n{P1}\n\n{P2}", "t p p p"),
        (f"标题一行\n\n01\n\n第一部分\n\n{P1}\n\n02\n\n第二部分\n\n{P2}", "t f h p f h p"),
        (f"标题一行\n目录\n一、甲事\n二、乙事\n一、甲事\n{P1}\n二、乙事\n{P2}", "t f f f h p h p"),
        (f"首页 > 新闻 > 正文\n标题一行\n{P1}\n【打印本页】 【关闭窗口】", "f t p f"),
        (f"{P1}\n\n{P2}", "p p"),
        ("轻轻的我走了\n正如我轻轻的来\n我轻轻的招手\n作别西天的云彩\n那河畔的金柳", "t p p p p"),
        (f"标题一行\n{P1}\n第一，勤洗手；\n第二，常通风；\n第三，戴口罩。", "t p p p p"),
        (f"活动预告\n时间：5月1日\n地点：图书馆\n主讲人：李文\n票价：免费\n{P1}", "t p p p p p"),
    ],
)
def test_kinds(text: str, want: str) -> None:
    assert kinds(text) == want


@pytest.mark.parametrize(
    ("pieces", "caption"),
    [
        (
            ("今年以来，全镇大力发展茶产业，建成标准化茶园三千亩，带动农", "户一千余户增收致富。"),
            "",
        ),
        (("在老国道的路口，", "记者看到了数栋连片的白色高楼，园区已经投产。"), ""),
        (("全年财政总收入同比增长26.", "7%，增速居全县第一位。"), ""),
        (("项目由镇里统一规划、统一建设，村民可以以土地入", "股，每年按比例分红。"), "航拍的茶园"),
        (("这套系统叫做Energy", "Cloud，能够实时显示每台设备的用电情况。"), ""),
    ],
)
def test_a_cut_paragraph_is_mended(pieces: tuple[str, str], caption: str) -> None:
    inside = f"\n\n\n\n{caption}\n\n" if caption else "\n\n"
    more = "\n\n\n\n茶农在采茶" if caption else ""
    made = read(f"茶乡新事\n\n{P1}\n\n{pieces[0]}{inside}{pieces[1]}\n\n{P2}{more}")
    joined = "".join(pieces).replace("EnergyCloud", "Energy Cloud")
    assert ("paragraph", joined) in made
    assert not caption or ("caption", caption) in made


@pytest.mark.parametrize("width", [13, 20, 28, 40])
@pytest.mark.parametrize("indent", ["　　", ""])
def test_fixed_width_lines_are_put_together(width: int, indent: str) -> None:
    paragraphs = [P1, P2, P3, P1 + P2, P3 + P1]
    rows = ["测试用的标题"]
    for paragraph in paragraphs:
        text = indent + paragraph
        rows += [] if indent else [""]
        rows += [text[at : at + width] for at in range(0, len(text), width)]
    made = read("\n".join(rows))
    assert [text for _, text in made[1:]] == paragraphs


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            "某某市人民政府关于加强\n公园管理工作的通知\n　　各区：",
            "某某市人民政府关于加强公园管理工作的通知",
        ),
        ("把论文写在大地上\n——记育种团队\n\n", "把论文写在大地上——记育种团队"),
        (
            "锻造排头兵 争创先行镇\n花街镇交出满意答卷\n\n",
            "锻造排头兵 争创先行镇 花街镇交出满意答卷",
        ),
    ],
)
def test_a_title_of_several_lines_is_one(lines: str, title: str) -> None:
    article = read_article(f"{lines}\n　　{P1}\n\n　　{P2}".encode(), "a.txt")
    assert article.title == title


def test_headings_have_levels_without_gaps() -> None:
    text = f"标题\n一、甲\n（一）乙\n{P1}\n1.丙丙\n{P2}\n二、丁\n{P3}"
    article = read_article(text.encode(), "a.txt")
    levels = [(b.text, b.level) for b in article.blocks if b.kind.value == "heading"]
    assert levels == [("一、甲", 1), ("（一）乙", 2), ("1.丙丙", 3), ("二、丁", 1)]


@pytest.mark.parametrize("between", ["\t", "    ", "　　　"])
def test_a_table_has_rows_and_cells(between: str) -> None:
    rows = [["指标", "总量", "增长"], ["收入", "12.5", "3.1"], ["支出", "9.8", "2.2"]]
    table = "\n".join(between.join(row) for row in rows)
    made = read(f"标题一行\n{P1}\n{table}\n{P2}")
    assert made[2] == ("table", "\n".join("\t".join(row) for row in rows))


def test_page_numbers_and_running_heads_fall_out_of_a_paragraph() -> None:
    rows = [P1[:30], "— 1 —", "疾控简报　第9期", P1[30:] + P2[:30], "— 2 —", P2[30:]]
    text = P1 + P2 + P3 + P1 + P2 + P3
    wrapped = ["　　" + text[:28]] + [text[at : at + 30] for at in range(28, len(text), 30)]
    wrapped[1:1] = rows[1:3]
    made = read("健康提示\n" + "\n".join(wrapped))
    assert ("paragraph", text) in made
    assert [kind for kind, _ in made].count("furniture") == 2


def test_a_page_of_nothing_but_buttons_is_no_article() -> None:
    with pytest.raises(BobaoError, match="no text"):
        read("首页 新闻 登录 注册\n分享到：微信 微博")


def test_lost_line_breaks_are_found_by_their_indents() -> None:
    made = read(f"标题一行\n　　{P1}　　{P2}　　{P3}")
    assert [text for _, text in made] == ["标题一行", P1, P2, P3]


def test_nothing_is_joined_to_a_table() -> None:
    assert kinds("指标    总量    增长\na\tb\tc\n一、总体要求", "a.md") == "t h"
