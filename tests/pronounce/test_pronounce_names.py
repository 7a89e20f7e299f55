"""Surnames that read otherwise than their character, told by what stands beside them."""

from __future__ import annotations

import pytest

from bobao.pronounce import is_hanzi, pronounce, syllables


def reading(text: str, char: str) -> str:
    """The citation reading of the first `char` of `text`."""
    at = len([c for c in text[: text.index(char)] if is_hanzi(c)])
    return syllables(pronounce(text))[at]


@pytest.mark.parametrize(
    ("text", "char", "pinyin"),
    [
        ("记者单晓明从会上获悉", "单", "shan4"),
        ("村民解建国说，今年收成好", "解", "xie4"),
        ("市民仇学军告诉记者", "仇", "qiu2"),
        ("专家查文斌认为", "查", "zha1"),
        ("教练应明哲介绍了情况", "应", "ying1"),
        ("选手朴英姬获得银牌", "朴", "piao2"),
        ("区锦华接受采访时说", "区", "ou1"),
        ("曾凡亮参加了会议", "曾", "zeng1"),
        ("受害人查某已被送医", "查", "zha1"),
        ("区女士报了警", "区", "ou1"),
        ("犯罪嫌疑人解某某落网", "解", "xie4"),
        ("单先生一家", "单", "shan4"),
        ("任女士的儿子", "任", "ren2"),
        ("乐先生投诉", "乐", "yue4"),
        ("县长查俊峰", "查", "zha1"),
        ("姓解的男子", "解", "xie4"),
        ("老解是村里的老党员", "解", "xie4"),
        ("外交部发言人华春莹", "华", "hua4"),
        ("尉迟女士", "尉", "yu4"),
        ("万俟先生", "俟", "qi2"),
        ("长孙先生", "长", "zhang3"),
        ("会议任命解学智为秘书长", "解", "xie4"),
        ("免去单国平的副市长职务", "单", "shan4"),
        ("教授单忠良作报告", "单", "shan4"),
        ("与会的有王刚、区志强、盖立新", "区", "ou1"),
        ("与会的有王刚、单伟、李平", "单", "shan4"),
        ("本报记者 仇晓东", "仇", "qiu2"),
        ("编辑：查建明", "查", "zha1"),
        ("38岁的单晓燕家住城关镇", "单", "shan4"),
        ("嫌疑人华某龙落网", "华", "hua4"),
        ("女子种某被骗", "种", "chong2"),
        ("任局长说，下一步要加快建设", "任", "ren2"),
        ("华总介绍，订单饱满", "华", "hua4"),
    ],
)
def test_a_surname_is_told(text, char, pinyin):
    assert reading(text, char) == pinyin


@pytest.mark.parametrize(
    ("text", "char", "pinyin"),
    [
        ("他曾任市长", "曾", "ceng2"),
        ("她曾在北京工作", "曾", "ceng2"),
        ("任书记期间", "任", "ren4"),
        ("他任主任三年", "任", "ren4"),
        ("为了解某些情况", "解", "jie3"),
        ("查处了一批案件", "查", "cha2"),
        ("各单位先生产后报告", "单", "dan1"),
        ("请应院长邀请", "应", "ying4"),
        ("区主任在会上说", "区", "qu1"),
        ("华东地区有雨", "华", "hua2"),
        ("医生会用药", "会", "hui4"),
        ("负责人任局长三年", "任", "ren4"),
        ("各处室、单位、企业", "单", "dan1"),
        ("张伟、任务和王刚", "任", "ren4"),
        ("江苏、华东、山东", "华", "hua2"),
        ("百姓都要擂鼓", "都", "dou1"),
        ("丢车保帅", "车", "ju1"),
        ("某种程度上", "种", "zhong3"),
        ("宁波、宁先生、宁某某、任宁", "任", "ren4"),
    ],
)
def test_what_only_looks_like_a_surname_is_none(text, char, pinyin):
    assert reading(text, char) == pinyin


def test_known_people_are_found_whatever_stands_beside_them():
    assert syllables(pronounce("有华罗庚和曾国藩")) == (
        "you3", "hua4", "luo2", "geng1", "he2", "zeng1", "guo2", "fan1",
    )  # fmt: skip
