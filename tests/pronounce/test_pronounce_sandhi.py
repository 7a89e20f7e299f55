"""What happens to readings in speech, beyond the common cases."""

from __future__ import annotations

import pytest

from bobao.pronounce import pronounce, syllables


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("展览馆", "zhan2 lan2 guan3"),
        ("纸老虎", "zhi3 lao2 hu3"),
        ("很好", "hen2 hao3"),
        ("理想", "li2 xiang3"),
        ("想一想", "xiang3 yi5 xiang3"),
        ("好不好", "hao3 bu5 hao3"),
        ("十一月", "shi2 yi1 yue4"),
        ("之一", "zhi1 yi1"),
        ("一个", "yi2 ge4"),
        ("一百", "yi4 bai3"),
        ("一万", "yi2 wan4"),
        ("二百一十", "er4 bai3 yi1 shi2"),
        ("一点", "yi4 dian3"),
        ("一点五", "yi1 dian2 wu3"),
        ("重点一律", "zhong4 dian3 yi2 lv4"),
        ("二零一一", "er4 ling2 yi1 yi1"),
        ("不会", "bu2 hui4"),
        ("好啊", "hao3 wa5"),
        ("看啊", "kan4 na5"),
        ("谁啊", "shei2 ya5"),
        ("花儿", "hua1 r5"),
        ("女儿", "nv3 er2"),
        ("一会儿", "yi2 hui4 r5"),
    ],
)
def test_surface(text, said):
    assert " ".join(syllables(pronounce(text), surface=True)) == said


def test_citation_readings_are_kept_beside():
    for text in ("你好", "一个", "不会"):
        sounds = pronounce(text)
        assert [s.citation for s in sounds] != [s.pinyin for s in sounds]


def test_erhua_is_one_sound():
    (sound,) = pronounce("花儿")
    assert (sound.text, sound.pinyin, sound.citation) == ("花儿", "huar1", "hua1 er2")
