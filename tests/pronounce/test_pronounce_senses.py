"""Readings that hang on what stands beside the word, and what no table has."""

from __future__ import annotations

import pytest

from bobao.errors import BobaoError
from bobao.pronounce import is_hanzi, parse_lexicon, pronounce, syllables
from bobao.pronounce.model import model
from bobao.pronounce.sounds import Context


def reading(text: str, word: str) -> str:
    at = len([c for c in text[: text.index(word)] if is_hanzi(c)])
    return " ".join(syllables(pronounce(text))[at : at + len(word)])


@pytest.mark.parametrize(
    ("text", "word", "pinyin"),
    [
        ("地方政府和企业", "地方", "di4 fang1"),
        ("这个地方很美", "地方", "di4 fang5"),
        ("买了不少东西", "东西", "dong1 xi5"),
        ("东西部协作", "东西", "dong1 xi1"),
        ("地道的四川火锅", "地道", "di4 dao5"),
        ("挖了一条地道", "地道", "di4 dao4"),
        ("应总统邀请，他访华", "应", "ying4"),
        ("企业应按要求整改", "应", "ying1"),
        ("以人民为中心", "为", "wei2"),
        ("医院为患者提供服务", "为", "wei4"),
        ("下了一场大雪", "一场", "yi1 chang2"),
        ("举行了一场比赛", "一场", "yi1 chang3"),
        ("朝阳产业", "朝阳", "zhao1 yang2"),
        ("北京市朝阳区", "朝阳", "chao2 yang2"),
        ("出门还得带伞", "得", "dei3"),
        ("跑得很快", "得", "de5"),
        ("认真地学习", "地", "de5"),
        ("沪苏两地合作", "地", "di4"),
        ("年轻人的首选", "选", "xuan3"),
        ("更正确的做法", "更", "geng4"),
        ("在大选中获胜", "中", "zhong1"),
        ("活动中都有奖品", "都", "dou1"),
        ("每年都会举办", "都会", "dou1 hui4"),
        ("警务处长王某", "处长", "chu4 zhang3"),
        ("孩子个子见长", "见长", "jian4 zhang3"),
        ("他以书法见长", "见长", "jian4 chang2"),
        ("油漆颜色要调配均匀", "调配", "tiao2 pei4"),
        ("党组织统一调配力量", "调配", "diao4 pei4"),
        ("空调调到二十六度", "调到", "tiao2 dao4"),
        ("他调到省城工作", "调到", "diao4 dao4"),
        ("垃圾倾倒点被取缔", "倾倒", "qing1 dao4"),
        ("令观众倾倒", "倾倒", "qing1 dao3"),
        ("求函数的倒数", "倒数", "dao4 shu4"),
        ("排名倒数第一", "倒数", "dao4 shu3"),
        ("房子倒了可以再盖", "倒了", "dao3 le5"),
        ("给客人倒了一杯茶", "倒了", "dao4 le5"),
        ("他一时兴起去爬山", "兴起", "xing4 qi3"),
        ("直播带货在乡村兴起", "兴起", "xing1 qi3"),
        ("老人免费教授孩子们剪纸", "教授", "jiao1 shou4"),
        ("李教授介绍了成果", "教授", "jiao4 shou4"),
        ("老人误把保健品当药吃", "当", "dang4"),
        ("他当过兵", "当", "dang1"),
        ("全县数他家日子红火", "数", "shu3"),
        ("数九寒天数百人上阵", "数百", "shu4 bai3"),
        ("就靠这桩小买卖养家", "买卖", "mai3 mai5"),
        ("非法买卖枪支", "买卖", "mai3 mai4"),
        ("他走进庄子", "庄子", "zhuang1 zi5"),
        ("老子和庄子的思想", "庄子", "zhuang1 zi3"),
        ("玉要琢磨才能成器", "琢磨", "zhuo2 mo2"),
        ("孩子睡着觉呢", "睡着", "shui4 zhe5"),
        ("婴儿睡着了", "睡着", "shui4 zhao2"),
        ("一觉醒来，雪停了", "一觉", "yi1 jiao4"),
        ("我行为客户减免手续费", "行为", "hang2 wei4"),
        ("河长约三百公里", "河长", "he2 chang2"),
        ("各级河长要履职", "河长", "he2 zhang3"),
        ("他欠的钱说好秋后还", "还", "huan2"),
        ("还耕于民", "还", "huan2"),
        ("主教练率国家队抵达", "率", "shuai4"),
        ("司机为躲避行人急打方向", "为", "wei4"),
        ("景区为残疾人免费开放", "为", "wei4"),
        ("最高气温为三十九度", "为", "wei2"),
        ("为每位老人建立档案", "为", "wei4"),
        ("补助标准为每户一千元", "为", "wei2"),
        ("医院将为他做手术", "为", "wei4"),
        ("众人称为他们的恩人", "为", "wei2"),
        ("贷款已全部还上", "还上", "huan2 shang4"),
        ("稿子校了三遍", "校了", "jiao4 le5"),
        ("他挨了批评", "挨了", "ai2 le5"),
        ("风车转个不停", "转", "zhuan4"),
        ("他一待就是三年", "待", "dai1"),
        ("给小麦量叶片长度", "量", "liang2"),
        ("他种的西瓜很甜", "种", "zhong4"),
        ("一种的价格更高", "种", "zhong3"),
        ("这点活他干得了", "了", "liao3"),
        ("收成差不了", "差不了", "cha4 bu4 liao3"),
        ("人行发布数据", "人行", "ren2 hang2"),
        ("人行道", "人行", "ren2 xing2"),
        ("战士们奋不顾身地跳进水里", "地跳", "de5 tiao4"),
        ("乡亲们自发地赶来", "地赶", "de5 gan3"),
        ("好事要一件一件地办", "地办", "de5 ban4"),
        ("随时随地地办", "地地", "di4 de5"),
        ("几块地连成一片", "地连", "di4 lian2"),
        ("一亩亩地丈量", "地丈", "de5 zhang4"),
        ("他一脚深一脚浅地走", "地走", "de5 zou3"),
        ("他“心甘情愿”地留下", "地留", "de5 liu2"),
        ("人口集聚地", "地", "di4"),
        ("少数民族聚居地处西北", "地", "di4"),
        ("他跪拜在地说", "地", "di4"),
        ("见贤思齐焉，朝闻道", "朝闻道", "zhao1 wen2 dao4"),
        ("后天下之乐而乐", "而乐", "er2 le4"),
    ],
)
def test_the_neighbours_decide(text, word, pinyin):
    assert reading(text, word) == pinyin


def test_the_model_is_asked_only_for_what_it_is_good_at():
    text = "就业率"
    assert list(model(Context.of(text), frozenset({2}))) == []


def test_the_model_answers_for_every_place_it_is_asked_about():
    text = "卜先生与塞族人" * 3
    context = Context.of(text)
    places = frozenset(place for place, char in enumerate(text) if char in "卜塞")
    claims = list(model(context, places))
    assert [claim.start for claim in claims] == sorted(places)
    alone = {claim.start: claim for at in places for claim in model(context, frozenset({at}))}
    for claim in claims:
        assert claim.pinyin == alone[claim.start].pinyin
        assert claim.confidence == pytest.approx(alone[claim.start].confidence, abs=1e-3)


def test_a_character_without_a_reading_is_named():
    with pytest.raises(BobaoError, match="U\\+3603"):
        pronounce("成年的㘃")
    assert syllables(pronounce("成年的㘃", unknown="?"))[-1] == "?"


def test_latin_words_of_the_lexicon():
    lexicon = parse_lexicon("Open AI\t欧喷爱\nGDP\tG D P\niPhone\tài fēng\n")
    sounds = pronounce("用Open AI算GDP，买iPhone", (), lexicon)
    by_text = {sound.text: sound for sound in sounds}
    assert by_text["Open AI"].pinyin == "ou1 pen1 ai4"
    assert by_text["GDP"].said == "G D P"
    assert by_text["iPhone"].pinyin == "ai4 feng1"


def test_a_lexicon_word_is_not_taken_out_of_another():
    lexicon = parse_lexicon("人和\trén hè\n")
    assert syllables(pronounce("本人和他", (), lexicon)) == ("ben3", "ren2", "he2", "ta1")
    assert syllables(pronounce("人和镇", (), lexicon))[:2] == ("ren2", "he4")


@pytest.mark.parametrize(
    ("text", "word", "pinyin"),
    [
        ("在参保地备案", "地", "di4"),
        ("就医地住院", "地", "di4"),
        ("就医地目录", "地", "di4"),
        ("生源地信用助学贷款", "地", "di4"),
        ("登记地税务机关", "地", "di4"),
        ("工作地城市", "地", "di4"),
        ("常住地居民", "地", "di4"),
        ("纳税地机关", "地", "di4"),
        ("投资地政府", "地", "di4"),
        ("就业地工会", "地", "di4"),
        ("犯罪地公安机关", "地", "di4"),
        ("缴费地医保局", "地", "di4"),
        ("受灾地群众", "地", "di4"),
        ("装货地仓库", "地", "di4"),
        ("越冬地候鸟", "地", "di4"),
        ("学籍地办理", "地", "di4"),
        ("避暑地选择", "地", "di4"),
        ("把地流转出去", "地", "di4"),
        ("把地种好", "地", "di4"),
        ("卫星对地观测", "地", "di4"),
        ("给地浇水", "地", "di4"),
        ("为地施肥", "地", "di4"),
        ("这片地有故事", "地", "di4"),
        ("战士奋不顾身地跳进水里", "地", "de5"),
        ("乡亲自发地赶来", "地", "de5"),
        ("他一脚深一脚浅地走", "地", "de5"),
        ("他“心甘情愿”地留下", "地", "de5"),
        ("好事要一件一件地办", "地", "de5"),
        ("日子一个一个地过", "地", "de5"),
        ("毛病一点一点地改", "地", "de5"),
        ("老人一字一句地念", "地", "de5"),
        ("病一天天地好起来", "地", "de5"),
        ("干部一家一家地问", "地", "de5"),
        ("他毫不犹豫地冲", "地", "de5"),
        ("老师手把手地教", "地", "de5"),
        ("要辩证地看", "地", "de5"),
        ("要历史地看", "地", "de5"),
        ("手续随时随地地办", "地地", "di4 de5"),
        ("更大程度地释放活力", "地", "de5"),
        ("最大限度地减少损失", "地", "de5"),
        ("有针对性地开展帮扶", "地", "de5"),
        ("创造性地落实任务", "地", "de5"),
        ("要统一地管理", "地", "de5"),
        ("这是唯一地存在", "地", "de5"),
        ("要逐一地核对", "地", "de5"),
        ("鱼儿自由自在地游", "地", "de5"),
        ("二者内在地统一", "地", "de5"),
        ("设计单位为浙江省建筑设计院", "为", "wei2"),
        ("建设内容为新增设置充电桩", "为", "wei2"),
        ("演出内容为舞蹈表演", "为", "wei2"),
        ("节目形式为现场直播", "为", "wei2"),
        ("该项目为全省首个免费开放的场馆", "为", "wei2"),
        ("此举为全国首创的解决方案", "为", "wei2"),
        ("主要产品为预制菜的配送企业", "为", "wei2"),
        ("整治重点为违规设置广告牌", "为", "wei2"),
        ("其母为医院护理部主任", "为", "wei2"),
        ("李教授给学生上课", "教授", "jiao4 shou4"),
        ("教授给学生上课", "教授", "jiao4 shou4"),
        ("围绕智改数转网联推进", "转", "zhuan3"),
        ("围绕产业转改推进", "转", "zhuan3"),
        ("绕城高速转国道", "转", "zhuan3"),
        ("该行为企业提供贷款", "行为", "hang2 wei4"),
        ("人员调配比例", "调配", "diao4 pei4"),
        ("统筹地医保经办", "地", "di4"),
        ("高质量地完成", "地", "de5"),
        ("争分夺秒地抢险", "地", "de5"),
        ("兵家必争地考察", "地", "di4"),
        ("他长久地处于紧张状态", "地", "de5"),
        ("这里为省级自然保护区", "为", "wei2"),
        ("该地区为避暑胜地", "为", "wei2"),
        ("该院为儿童医院", "为", "wei2"),
        ("考核周期为每个季度", "为", "wei2"),
        ("街道为空巢老人免费理发", "为", "wei4"),
        ("他为寻找走失的儿子走遍全国", "为", "wei4"),
        ("水资源调配均匀", "调配", "diao4 pei4"),
        ("被调到三级医院", "调到", "diao4 dao4"),
        ("调到统一战线工作部", "调到", "diao4 dao4"),
        ("把音量声音调到最大", "调到", "tiao2 dao4"),
        ("突然兴起一股热潮", "兴起", "xing1 qi3"),
        ("身体不结实", "结实", "jie1 shi5"),
        ("反复精心琢磨", "琢磨", "zuo2 mo5"),
        ("省级河长约谈企业", "河长", "he2 zhang3"),
        ("县河长共同巡河", "河长", "he2 zhang3"),
        ("这段河长约十公里", "河长", "he2 chang2"),
        ("只待上级批准", "待", "dai4"),
        ("濒危种的保护", "种", "zhong3"),
        ("支教员工", "教", "jiao4"),
        ("做二手房买卖中介", "买卖", "mai3 mai4"),
        ("来教授家里", "教授", "jiao4 shou4"),
    ],
)
def test_the_neighbours_of_a_noun_or_a_copula_do_not_mislead(text, word, pinyin):
    assert reading(text, word) == pinyin
