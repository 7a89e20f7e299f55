"""Whole articles as newsrooms paste them: every block is found, with its kind, and nothing lost.

A line of a `.marked` file has the letter of its block in front: T title, M meta, D lead, H heading,
P paragraph, L list item, C caption, R table row, F furniture, + goes on with the line before; an
empty line is one in the article.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from reading_render import KINDS

from bobao.model import BlockKind
from bobao.reading import read_article

FOLDER = Path(__file__).parent / "newsroom"
NAMES = sorted(path.stem for path in FOLDER.glob("*.marked"))
SILENT = ("meta", "furniture")


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def laid_out(name: str) -> tuple[str, list[tuple[str, str]]]:
    """The article's text, and its blocks: (kind, words without blanks)."""
    text: list[str] = []
    blocks: list[tuple[str, str]] = []
    before = ""
    for row in (FOLDER / f"{name}.marked").read_text("utf-8").splitlines():
        mark, _, line = row.partition("|")
        text.append(line)
        if mark == "+" or (mark == before and mark in ("T", "R")):
            last = max(n for n, (kind, _) in enumerate(blocks) if kind != "furniture")
            blocks[last] = (blocks[last][0], blocks[last][1] + plain(line))
        elif mark:
            blocks.append((KINDS[mark], plain(line)))
        before = mark if mark != "+" else before
    return "\n".join(text) + "\n", blocks


def kind_of(kind: BlockKind) -> str:
    """The block's kind; what is silent is of one kind, and so is text, lead or not."""
    if kind.value in SILENT:
        return "silent"
    return "paragraph" if kind is BlockKind.LEAD else kind.value


SHARE = 0.98
"""Share of the blocks of all these articles that must be right in kind and text."""


def test_articles_of_a_newsroom() -> None:
    right = wrong = 0
    for name in NAMES:
        text, wanted = laid_out(name)
        article = read_article(text.encode(), "a.txt")
        made = Counter((kind_of(b.kind), plain(b.text)) for b in article.blocks)
        known = Counter(
            ("paragraph" if k == "lead" else "silent" if k in SILENT else k, t) for k, t in wanted
        )
        right += (made & known).total()
        wrong += (known - made).total()
    assert right >= SHARE * (right + wrong)


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_an_article_is_silent(name: str) -> None:
    text, wanted = laid_out(name)
    blocks = read_article(text.encode(), "a.txt").blocks
    silent = "".join(plain(b.text) for b in blocks if b.kind.value in SILENT)
    said = [words for kind, words in wanted if kind not in SILENT and words.endswith("。")]
    assert not [words for words in said if words in silent]


@pytest.mark.parametrize("name", NAMES[::4])
def test_it_reads_the_same_in_another_encoding_and_with_other_line_ends(name: str) -> None:
    text, _ = laid_out(name)
    known = [(b.kind, b.text) for b in read_article(text.encode(), "a.txt").blocks]
    data = text.replace("\n", "\r\n").encode("gb18030")
    assert [(b.kind, b.text) for b in read_article(data, "a.txt").blocks] == known


def kinds(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
    return [(b.kind.value, b.text) for b in read_article(text.encode(), name).blocks]


PROSE = "县里先后投入资金修缮了沿线的凉亭和石桥，每逢周末，前来徒步的游客络绎不绝。"


@pytest.mark.parametrize(
    "line",
    [
        "2024年05月14日(二) 12:20",
        "原创 小融 河湾融媒 2024-09-12 17:45",
        "2024-07-08来源：县教体局",
        "《河湾周刊》记者 乔木",
        "本报讯　记者 高远 文/图",
        "〔記者陳大同／基隆報導〕",
        "省气象台7月24日8时发布",
        "访谈时间：2024年5月15日 15:00",
        "□ 苏禾",
        "◎ 林疏影",
    ],
)
def test_what_is_printed_under_the_title_is_not_read_as_text(line: str) -> None:
    found = kinds(f"古道留痕\n\n{line}\n\n{PROSE}\n\n{PROSE}\n")
    assert [kind for kind, _ in found] == ["title", "meta", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "（下转第二版）",
        "(上接第一版)",
        "#竹溪文旅# #周末去哪儿#",
        "点分享 点收藏 点在看 点点赞",
        "↑↑↑点击蓝字，关注我们",
        "签发：吴斌",
        "预报员：向晚",
        "（县发改局价格监测中心）",
        "（吴婷）",
        "分送：县委办公室，县人大常委会办公室。",
        "解读机关：竹溪县住房和城乡建设局",
        "竹溪县融媒体中心宣",
        "（本栏稿件均据新华社）",
    ],
)
def test_what_is_printed_under_the_text_is_not_read_as_text(line: str) -> None:
    found = kinds(f"古道留痕\n\n{PROSE}\n\n{PROSE}\n\n{line}\n")
    assert [kind for kind, _ in found[:3]] == ["title", "paragraph", "paragraph"]
    assert [kind for kind, _ in found[3:]] in (["meta"], ["furniture"])


NOTICE = ["关于开展春季植树活动的消息", PROSE, PROSE, "请各乡镇认真组织，确保活动安全。"]


@pytest.mark.parametrize(
    "line",
    [
        *[
            "（先到先得）",
            "（雨天顺延）",
            "（费用自理）",
            "（自带午餐）",
            "（名额有限）",
            "（满员为止）",
        ],
        *[
            "（谢谢大家）",
            "（全场起立）",
            "（植树造林）",
            "【活动预告】",
            "（马上办）",
            "（时令菜）",
            "（周六）",
        ],
        *["（左起）", "（牛肉、羊肉）", "（高一、高二）", "（全免）", "（常年有效）", "（项目组）"],
        "（明晚七点半县文化馆）",
        "（周六下午两点 县图书馆）",
        *["（集合点汽车站）", "（省体育局领奖台）", "（去医院）", "（详见县政府网站）"],
        *["（感谢县教育局）", "（由县教育局解释）", "（地点县政务中心）", "（县文化中心）"],
        *["（主办县文旅局）", "（市政务大厅）", "（州内通办）", "（乡村振兴办）", "（各县邮局）"],
        "发送：编辑短信到12345",
        "报送：请各单位于5月10日前",
        "送：城关小学一百册\n送：城北小学一百册\n送：城南小学一百册",
        "发：各镇政府，县直部门\n发：各镇政府，县直单位",
        *["送：县医院", "发：每人一条毛巾", "主送：困难群众", "分送：每户一份", "印发：三千册"],
        *["录入：窗口人员录入信息", "审定：局长审定结果", "值班：各乡镇每天两人", "值班：周日"],
        "上传：每天下午五点前把数据传到平台",
        "指导专家：每周三到县医院坐诊",
        *["责任单位：县住建局", "解读部门：稍后公布", "签发：即日起生效", "填表人：家长"],
        "（《植树手册》可到编辑部领取）",
        "（《条例》由县志办编印，免费领取）",
        "（以上内容来自一线工人的真实讲述）",
        *["（来自全县的选手）", "职教中心实行五年学制", "推进大部制", "材料由县档案局编印"],
        *["内容来源于网络问卷调查", "文字来自网友老李", "侵权必究是我们的态度"],
        "点击“报名”，关注活动",
        "收藏 转发",
    ],
)
def test_what_is_said_at_the_end_of_a_notice_is_not_silenced(line: str) -> None:
    found = kinds("\n\n".join([*NOTICE, line]) + "\n")
    assert [kind for kind, _ in found if kind in SILENT] == []


@pytest.mark.parametrize(
    "line",
    [
        *[
            "内容来源于网络问卷调查",
            "文字来自网友老李",
            "侵权必究是我们的态度",
            "文字源于网络流行语",
        ],
        *["素材取自网箱养鱼", "内容来自官网公告", "如有侵权，请向法院起诉"],
        "点击“报名”，关注活动",
        "点击“立即报名”订阅服务",
        *("收藏 转发", "关注 收藏 分享"),
        *["#城市记忆#", "沿虚线剪下", "接第二版书稿", "G20财经", "A1教育", "报：县教育局"],
        *("● 审核：村级初审", "■ 校对 两遍以上", "◆ 统筹 城乡发展"),
        *("问题 3 个", "发现 3 处隐患", "方案2.0版发布", "现场1-0领先"),
    ],
)
def test_what_is_said_amid_a_notice_is_not_silenced(line: str) -> None:
    found = kinds("\n\n".join([*NOTICE[:2], line, *NOTICE[2:]]) + "\n")
    assert [kind for kind, _ in found if kind in SILENT] == []


@pytest.mark.parametrize(
    "line",
    [
        *["口述：我的植树故事", "导演：李明说，这部戏很好", "演唱：《春天的故事》"],
        *["编剧：好故事从哪来", "朗诵：我爱你中国", "直播时间：本周六晚八点", "播出时间：每周一"],
        *("● 编辑部来信", "■ 通讯员培训", "● 记者走基层", "◆ 评论员观察", "● 安全生产"),
        *["新版应用将于9月1日更新", "高考成绩将于6月24日发布", "2024年5月发布：十项新规"],
    ],
)
def test_what_is_said_under_the_title_is_not_silenced(line: str) -> None:
    found = kinds("\n\n".join([NOTICE[0], line, *NOTICE[1:]]) + "\n")
    assert [kind for kind, _ in found if kind in SILENT] == []


@pytest.mark.parametrize(
    "second", ["高血压", "雷阵雨", "高温", "石榴", "金银花", "安全", "常委会", "路况"]
)
def test_a_word_that_could_be_a_name_stays_in_the_title(second: str) -> None:
    found = kinds(f"生活提示\n{second}\n\n{PROSE}\n\n{PROSE}\n")
    assert found[0] == ("title", f"生活提示{second}") or found[0][1].endswith(second)


@pytest.mark.parametrize("kicker", ["【活动预告】", "【招聘】", "【紧急通知】"])
def test_what_tells_something_over_the_title_is_said(kicker: str) -> None:
    found = kinds(f"{kicker}\n周六下午县图书馆举办读书讲座\n\n{PROSE}\n\n{PROSE}\n")
    assert [kind for kind, _ in found if kind in SILENT] == []


def test_a_step_that_is_a_sentence_is_no_heading() -> None:
    found = kinds("\n\n".join([*NOTICE[:2], "步骤一：先洗手，再开门。", *NOTICE[2:]]) + "\n")
    assert "heading" not in [kind for kind, _ in found]


@pytest.mark.parametrize("line", ["最美的风景", "丰收的喜悦", "不变的初心", "大山里的坚守"])
def test_a_thing_named_between_paragraphs_is_a_heading(line: str) -> None:
    found = kinds("\n\n".join([*NOTICE[:2], line, *NOTICE[2:]]) + "\n")
    assert ("heading", line) in found


def test_entries_of_a_chronicle_are_text_and_no_dates() -> None:
    entries = [
        "2021年3月5日　大坝鉴定为三类坝",
        "2022年2月8日　主体工程开工",
        "2024年1月10日　下闸蓄水",
    ]
    for gap in ("\n", "\n\n"):
        found = kinds(gap.join(["水库大事记", *entries]) + "\n")
        assert [kind for kind, _ in found] == ["title"] + ["paragraph"] * 3


def test_a_title_that_heads_every_page_is_kept_once() -> None:
    title, pages = "关于加强保护的实施意见", "第 1 页 共 2 页"
    text = f"清溪县公报\n{title}\n    {PROSE}\n{pages}\n清溪县公报\n    {PROSE}\n第 2 页 共 2 页\n"
    found = kinds(text)
    assert [text for kind, text in found if kind == "title"] == [title]
    assert [text for kind, text in found if kind == "furniture"].count("清溪县公报") == 2


def test_headings_that_come_again_are_below_those_that_are_numbered() -> None:
    parts = ["基本案情", PROSE, "裁判结果", PROSE]
    text = "\n\n".join(["典型案例", PROSE, "案例一　谁来担责", *parts, "案例二　能否免责", *parts])
    blocks = read_article(text.encode(), "a.txt").blocks
    levels = [(b.text[:2], b.level) for b in blocks if b.kind is BlockKind.HEADING]
    assert levels == [("案例", 1), ("基本", 2), ("裁判", 2)] * 2


def test_a_letter_in_quotation_marks_holds_no_headings() -> None:
    letter = ["“姐姐：", "我一切都好，请母亲勿念。", "弟 建军", "1963年12月4日夜”"]
    found = kinds("\n\n".join(["一封家书", PROSE, *letter, PROSE]) + "\n")
    assert {kind for kind, _ in found[1:]} == {"paragraph"}


def test_the_unit_above_a_table_is_text() -> None:
    rows = "品种\t价格\t涨跌\n黄瓜\t3.60\t持平\n鸡蛋\t5.35\t持平"
    found = kinds(f"本周价格\n监测日期：9月2日　　单位：元\n\n{rows}\n\n{PROSE}\n")
    assert [kind for kind, _ in found] == ["title", "paragraph", "table", "paragraph"]


def test_a_footnote_is_a_paragraph_of_its_own() -> None:
    found = kinds(
        f"# 题\n\n{PROSE}[^1]\n\n网址：<https://example.cn/a>\n\n[^1]: 数据截至10月底。\n", "a.md"
    )
    assert found[-2:] == [
        ("paragraph", "网址：https://example.cn/a"),
        ("paragraph", "数据截至10月底。"),
    ]
