"""Pinyin in the text: a gloss in brackets is a reading, a syllable that is named is said."""

from __future__ import annotations

import pytest

from bobao.normalise import normalise
from bobao.pronounce.letters import reading_of
from bobao.script.glosses import glossing
from bobao.script.notation import compose_spans


@pytest.mark.parametrize(
    ("hanzi", "text", "reading"),
    [
        ("重庆", "chóng qìng", "chóng qìng"),
        ("重庆", "Chóngqìng", "chóng qìng"),
        ("重庆", "chong2qing4", "chóng qìng"),
        ("重庆", "ㄔㄨㄥˊㄑㄧㄥˋ", "chóng qìng"),
        ("妈妈", "ㄇㄚ ˙ㄇㄚ", "mā ma"),
        ("堽城", "ɡānɡ chéng", "gāng chéng"),
        ("六安", "Lu'an", "lù ān"),
        ("西安", "xī'ān", "xī ān"),
        ("先", "xiān", "xiān"),
        ("花儿", "huār", "huā r"),
        ("北京", "Beijing", "bei jing"),
        ("你", "you", ""),
        ("们", "women", ""),
        ("件", "a2", ""),
        ("城坝", "gāng chéng", ""),
        ("咖啡", "café", ""),
        ("人工智能", "AI", ""),
    ],
)
def test_pinyin_is_a_reading_or_not(hanzi: str, text: str, reading: str) -> None:
    assert reading_of(hanzi, text) == reading


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("甪直（lù zhí）古镇。", "{甪直|lù zhí}{（lù zhí）|}古镇。"),
        ("他叫王翀(chōng)。", "他叫王{翀|chōng}{(chōng)|}。"),
        ("昝（zan3）姓。", "{昝|zǎn}{（zan3）|}姓。"),
        ("尉（yù）迟敬德。", "{尉|yù}{（yù）|}迟敬德。"),
        ("亳州（bó zhōu，不是毫州）。", "{亳州|bó zhōu}（{bó zhōu，|}不是毫州）。"),
        ("牡蛎（拼音：mǔ lì）。", "{牡蛎|mǔ lì}{（拼音：mǔ lì）|}。"),
        ("堽城坝（gāng chéng）。", "堽城坝{（gāng chéng）|}。"),
        ("朝（cháo/zhāo）。", "朝{（cháo/zhāo）|}。"),
        ("北京（Beijing）。", "北京{（Beijing）|}。"),
        ("荀彧来了，荀彧（xún yù）坐下。", "{荀彧|xún yù}来了，{荀彧|xún yù}{（xún yù）|}坐下。"),
        ("“垚”字读作yáo。", "“垚”字读作{yáo|摇}。"),
        ("读作yao2，音yì。", "读作{yao2|摇}，音{yì|意}。"),
        ("读yù chí。", "读{yù chí|育持}。"),
        ("chuáng qián míng yuè guāng yí", "{chuáng qián míng yuè guāng yí|床前明月光遗}"),
        ("从mā到mà。", "从{mā|妈}到{mà|骂}。"),
        ("你（you）是谁，他们（women）是谁。", "你（you）是谁，他们（women）是谁。"),
        ("咖啡（café）在Málaga。", "咖啡（café）在Málaga。"),
        ("读A股，à la carte。", "读A股，à la carte。"),
        ("Hồ Chí Minh市。", "Hồ Chí Minh市。"),
    ],
)
def test_a_line(text: str, line: str) -> None:
    assert compose_spans(glossing(normalise, [text])(text)) == line
