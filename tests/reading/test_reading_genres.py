"""Whole articles of many genres, laid out by hand: the kind of every block, and no line lost.

A line of an article has its kind in front: t title, m meta, l lead, h heading, p paragraph, i item of
a list, c caption, r rows of a table, f furniture, + goes on with the line before, empty a blank line.
"""

from __future__ import annotations

import re

import pytest

from bobao.reading import read_article

KINDS = {
    "t": "title",
    "m": "meta",
    "l": "lead",
    "h": "heading",
    "p": "paragraph",
    "i": "paragraph",
    "c": "caption",
    "r": "table",
    "f": "furniture",
}

ARTICLES = {
    "notice with attachments": """
t|安源市文化和旅游局关于公布第三批乡村博物馆名单的通知
m|安文旅〔2024〕33号
p|各县（市、区）文化和旅游局：
p|为推动乡村文化振兴，经自愿申报、专家评审、社会公示，现将第三批乡村博物馆名单予以公布。
p|希望入选单位珍惜荣誉，不断提升展陈水平和服务能力。监督举报电话：0576-82110011。
i|附件：1. 第三批乡村博物馆名单
i|　　　2. 乡村博物馆评定标准
m|　　　　　　　　　　　　　　　　安源市文化和旅游局
m|　　　　　　　　　　　　　　　　　2024年6月3日
h|附件1
+|第三批乡村博物馆名单
i|1. 南湖镇渔业博物馆
i|2. 青坪镇竹编博物馆
i|3. 北山乡红色记忆馆
h|附件2
+|乡村博物馆评定标准
h|一、基本条件
p|有固定的展示场所，展陈面积不少于200平方米，每年开放时间不少于200天。
h|二、评分办法
p|由市文旅局组织专家现场评分，总分80分以上的予以认定，每三年复核一次。
""",
    "notice as printed": """
t|          关于开展“世界读书日”系列活动的通知

p|各乡镇（街道）综合文化站：

p|    第29个世界读书日即将到来。为营造书香氛围，经研究，决定在全县开展系列活动。现将有关事项通
+|知如下：

h|    一、活动主题

p|    共建书香社会，共享美好阅读。

h|    二、活动时间

p|    2024年4月20日至5月20日。

h|    三、工作要求

p|    （一）高度重视。各文化站要把活动列入二季度重点工作，明确专人负责，安排必要的经费，确保活动
+|有序开展。

p|    （二）注重实效。鼓励进校园、进企业、进家庭，重点关注留守儿童、老年人和视障读者的阅读需求。

p|    联系人：陈洁，电话：0573-84012345。

m|                                                        云溪县图书馆

m|                                                        2024年4月8日

m|抄送：县委宣传部，县教育局。
""",
    "public account": """
f|点击蓝字 关注我们

t|小区门口那家修鞋铺，关门了

m|2024-03-11 20:15

l|它开了三十一年。

p|没有招牌，只有一把褪色的遮阳伞，和伞下那台“咔嗒咔嗒”的补鞋机。

h|01 一把伞

p|老吴是1993年来的。那年他二十六岁，刚从纺织厂下岗，口袋里只有八十块钱。

p|他在路口支起一把伞，一支就是三十一年。

f|[图片]

c|▲老吴的补鞋机

h|02 一双鞋

p|“鞋跟歪了，人就走不正。”这是他常挂在嘴边的话。

p|有个女孩高考前来补鞋，他没有收钱，只说了一句：“穿稳了，去考。”四年后，女孩带着录取通知书又来了。

h|03 一条街

p|如今，街坊们换鞋比修鞋快，老吴的生意一天比一天少。

p|关门那天，他把修好没人领的十七双鞋擦得锃亮，整整齐齐摆在路边，写了一张纸条：请来取。

p|天黑之前，鞋都被领走了。

f|— END —

f|编辑：小荷

f|审核：大川

f|往期推荐

f|巷口的早餐铺，为什么总在排队

f|一棵老槐树的去与留
""",
    "newspaper column": """
f|A03版 要闻
t|梯田里走出一条“鱼米路”
m|本报记者 程野
l|　　秋分刚过，云溪县石门
+|村的千亩梯田稻浪翻滚。稻
+|田里，一尾尾红鲤鱼穿梭其
+|间，村民挽起裤腿下田捉鱼，
+|笑声传出老远。
p|　　石门村海拔八百米，田
+|块零碎，过去一亩稻谷一年
+|只能卖一千多元，年轻人大
+|多外出打工，不少田都荒了。
h|　　鱼和稻做邻居
p|　　2019年，村里请来农技
+|专家，试养本地田鱼。鱼吃
+|虫、除草、松土，稻子不打
+|农药，一亩田稻鱼两项收入
+|超过六千元。
h|　　游客成了常客
p|　　去年，村里办起了开镰
+|节和摸鱼大赛，游客一天来
+|了三千多人，十二家农家乐
+|家家爆满。
f|责任编辑：方圆
""",
    "telegram": """
t|我国成功发射遥感卫星

m|新华社酒泉9月6日电（记者 甘露 秦川）

p|我国6日在酒泉卫星发射中心使用长征运载火箭，成功将一颗遥感卫星发射升空，卫星顺利进入预定轨道，发射任务获得圆满成功。

p|该卫星主要用于国土普查、城市规划、道路网设计、农作物估产和防灾减灾等领域。

p|这次任务是长征系列运载火箭的第534次飞行。

m|（完）
""",
    "verse in stanzas": """
t|青石巷
m|作者：陆 离

p|雨落下来
p|青石巷就醒了
p|一把旧伞
p|从巷口走到巷尾

p|卖豆花的老人
p|把铜勺敲成一面钟
p|三声
p|是清晨
p|两声
p|是黄昏
""",
    "question and answer": """
t|医保个人账户改革，您问我答

m|来源：江州市医疗保障局

p|Q1：个人账户的钱为什么少了？

p|A：单位缴费部分不再划入个人账户，而是用来建立门诊统筹，看门诊也能报销了。

p|Q2：门诊能报销多少？

p|A：在职职工在基层医疗机构的报销比例为70%，退休人员为75%，一年最高可以报4000元。

p|Q3：以前账户里的钱还算数吗？

p|A：算数，归个人所有，还可以给父母、配偶、子女用。
""",
    "price list": """
t|云溪县人民医院部分医疗服务价格公示

p|根据价格主管部门要求，现将我院部分医疗服务价格公示如下：

r|项目　　　　　计价单位　　价格（元）
r|普通门诊诊查费　　次　　　15
r|专家门诊诊查费　　次　　　30
r|静脉输液　　　　　组　　　8

p|注：以上价格自2024年7月1日起执行，投诉电话：12345。

m|云溪县人民医院
m|2024年6月25日
""",
    "steps without numbers": """
t|家庭防火自查，五分钟就够

l|冬季用火用电增多，消防部门提醒市民做好家庭防火自查。

h|查厨房

p|看燃气软管有没有老化、松动，超过使用年限要立即更换。

p|做饭时不离人，油锅起火先关气、再盖锅盖，千万不要浇水。

h|查电器

p|看插线板有没有超负荷，充电器用完要拔下。

p|电动自行车及电池不得进楼入户充电。

h|查通道

p|看楼道、阳台有没有堆放杂物，防盗窗要留逃生口。

p|记住三句话：小火快跑，浓烟关门，着火别慌。
""",
}


def laid_out(marked: str) -> tuple[str, list[tuple[str, str]]]:
    """The article's text, and its blocks: (kind, words without blanks)."""
    text: list[str] = []
    blocks: list[tuple[str, str]] = []
    for row in marked.strip("\n").split("\n"):
        mark, _, line = row.partition("|")
        text.append(line)
        words = re.sub(r"\s", "", line)
        table = mark == "r" and blocks and blocks[-1][0] == "table"
        if mark == "+" or table:
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + words)
        elif mark:
            blocks.append((KINDS[mark], words))
    return "\n".join(text) + "\n", blocks


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_of_a_genre(name: str) -> None:
    text, wanted = laid_out(ARTICLES[name])
    article = read_article(text.encode(), "a.txt")
    assert [(b.kind.value, re.sub(r"\s", "", b.text)) for b in article.blocks] == wanted


@pytest.mark.parametrize("name", ARTICLES)
def test_items_of_its_lists(name: str) -> None:
    marked = ARTICLES[name]
    article = read_article(laid_out(marked)[0].encode(), "a.txt")
    items = len(re.findall(r"^i\|", marked, re.MULTILINE))
    assert sum(block.list for block in article.blocks) == items
