"""Scripts and proofs for the tests of proofing."""

from __future__ import annotations

from bobao.desk.proof import (
    Asked,
    Doubts,
    Item,
    Note,
    Piece,
    PieceMark,
    Playable,
    Proof,
    ProofLine,
    ProofSection,
    Query,
    Syllable,
)
from bobao.model import LineKind
from bobao.script.markup import parse, sealed

SCRIPT = """---
slug: demo
title: 花街镇通报
date: 2026-01-02
source: seeds/demo.txt
---

# {|您正在收听永康播报，本期播送：}花街镇通报{|。}

> [路标] {|二零二六年一月二日，星期五。}

> [不播] {来源：花街镇政府|}

{2021|二零二一}年，完成投资{4.07|四点零七}亿元{（见图1）|}。
{重|chóng}新修订的条例施行。

## {|第一部分，}重点项目{|。}

### 管线{|。}

★管线铺设完成，共{3|三}处。

> [图片] {|图片说明：}建设现场{ |，}夜景{|。}
"""


def script(text: str = SCRIPT, *, edited: bool = False):
    """The script in `text`, sealed as a draft is unless it is to count as edited."""
    made = parse(text)
    return made if edited else sealed(made)


def _plain(text: str, number: int, **more) -> ProofLine:
    units = tuple(Syllable(char) for char in text)
    return ProofLine(number, LineKind.TEXT, 0, (Piece(text, (units,)),), **more)


def proof() -> Proof:
    """A proof made by hand, with one of everything the page can show."""
    heading = ProofLine(
        1,
        LineKind.TEXT,
        0,
        (
            Piece("", ((Syllable("这里是播报，"),),), PieceMark.ADDED, 1),
            Piece("花街", ((Syllable("花", "huā"), Syllable("街", "jiē")),)),
            Piece("", ((Syllable("。"),),), PieceMark.ADDED),
        ),
        notes=(Note(1, "报题", "只播不登", (("", "这里是播报，"),)),),
        recording=Playable("../audio/takes/ab/ab12.flac", 3210),
    )
    query = Query("重", "zhòng", ("chóng",), "usual", 0.7, before="今天", after="新")
    doubtful = ProofLine(
        2,
        LineKind.TEXT,
        0,
        (
            Piece("5", ((Syllable("五", "wǔ"),),), PieceMark.CHANGED, 1),
            Piece("月", ((Syllable("月", "yuè"),),)),
            Piece("（见图）", (), PieceMark.MUTE, 2),
            Piece("重", ((Syllable("重", "zhòng", doubtful=True),),)),
            Piece("庆", ((Syllable("庆", "qìng"),),), PieceMark.READING, 3),
            Piece("好", ((Syllable("很好"),),), PieceMark.EDITED, 4),
        ),
        notes=(
            Note(1, "日期", "按年月日读", (("5", "五"),)),
            Note(2, "旁注", "只看不读", (("（见图）", ""),)),
            Note(3, "编辑注音", "按编辑所注拼音读", (("庆", "qìng"),)),
            Note(4, "编辑改定", "与起草时的读法不同", (("好", "很好"),), edited=True),
        ),
        queries=(query,),
        unread="%𪚥",
        rewritten=True,
    )
    hostile = _plain("<script>alert('&\"')</script>\u202e\u0000", 4, rewritten=True)
    silent = ProofLine(3, LineKind.SILENT, 0, (Piece("来源：甲", ()),))
    said = ProofLine(5, LineKind.SIGNPOST, 0, (Piece("", ((Syllable("再会。"),),)),))
    sub = ProofLine(6, LineKind.SUBHEAD, 3, (Piece("小题", ((Syllable("小题"),),)),))
    return Proof(
        slug="demo",
        title="花街 <b>",
        date="2026-01-02",
        source="seeds/demo.txt",
        engine="tone",
        voice="tone",
        fingerprint="0123456789abcdef",
        edited=True,
        stale=True,
        sections=(
            ProofSection(1, "花街 <b>", heading, ((doubtful,), (silent,), (hostile,)), 1200, 272),
            ProofSection(2, "再会。", said, ((sub,),), 2, 1),
        ),
        doubts=Doubts(
            unread=(Item("%𪚥", "", (2,)),),
            readings=(
                Asked("弄", "nòng", ("lòng",), True, "陈弄", ((2, query), (4, query))),
                Asked("重", "zhòng", ("chóng",), False, "", ((2, query),)),
            ),
            dropped=(Item("这一句删掉了。", "正文", (2,)),),
            rewritten=(Item("<script>", "", (4,)),),
            structure=(Item("甲", "图片，写场景", (3,)), Item("乙", "正文，unknown")),
            silent=(Item("来源：甲", "不播", (3,)),),
            unvoiced=(Item("★", "", (2, 4)),),
        ),
    )
