"""Telephone numbers, identity numbers, number plates, standards: figures said one by one."""

from __future__ import annotations

import functools
import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import Scan, Token, cues, unit_sign

_MOBILE = re.compile(r"(?:86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_DASHED = re.compile(
    r"(?:86-\d{2,3}-\d{7,8}|(?:86-)?0\d{2,3}[-—] ?\d{5,8}(?:-\d{1,6})?"  # 0571-87660000-12
    r"|[48]00[- ]?\d{3}[- ]?\d{4}"  # 400-820-8820
    r"|[48]00[- ]\d{4}[- ]\d{3}|[48]00\d[- ]\d{3}[- ]\d{3}"
    r"|97[89](?:-\d{1,7}){3}-\d"  # ISBN
    r"|\d{4}(?:[- ]\d{4}){2,4}(?: \d{1,3})?)(?!\d)"
)
_EXTENDED = re.compile(r"(\d{7,8})[-—](\d{1,5})(?![\d-])")
_IDENTITY = re.compile(r"\d{17}[\dXx](?![0-9A-Za-z])")
_MASKED = re.compile(r"(\d{0,10})(\*{2,20})(\d{0,10})")
_FLAT = re.compile(r"\d{1,4}(?:-\d{1,5}){2,4}(?!\d)")
_DOTTED = re.compile(r"\d{1,4}(?:\.\d{1,6}){2,6}(?![\d.]{0,9}\d)")
_NUMBERED = ("图", "表", "公式", "附件", "例题", "习题", "专栏")
_PAIRED = re.compile(r"(\d{1,12})-(\d{1,12})(?![\d-])")
_SIZES = re.compile(r"\d{1,6}(?:/\d{1,6}){2,5}(?![\d/.]{0,9}\d)")
_STOCK = re.compile(r"(\d{5,6})\.(SH|SZ|HK|BJ|SS|OF)(?![A-Za-z0-9])", re.I)
_PLATE = re.compile(
    r"[A-Z][ ·]?[A-Z0-9]{4}(?=[港澳领学警挂])"
    r"|[A-Z][ ·]?(?=[A-Z]{0,6}\d)[A-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_MIXED = re.compile(r"(?=[A-Z]{0,9}\d)[A-Z0-9]{6,40}(?![A-Za-z0-9])")
_PERIODICAL = re.compile(r"CN ?(\d\d)-(\d{4})(?:/([A-Z]{1,2}\d{0,2}))?(?![A-Za-z0-9-])")
_RUNS = re.compile(r"[A-Z]+|\d+")
_NUMERO = re.compile(r"(?:No\.? ?|NO(?:\. ?| |(?=1\D))|№ ?)(\d{1,20})(?![\d.])")
_CHARACTER = re.compile(r"\d+|.", re.S)


def _digits(scan: Scan, found: re.Match[str], rule: str, kind: str = "phone") -> Token:
    figures = re.sub(r"[^0-9Xx]", "", found[0])
    spoken = one_by_one(figures, yao=scan.style.yao)
    return Token(found.start(), found.end(), spoken, kind, rule)


def telephone(scan: Scan, at: int) -> Token | None:
    """Mobile and landline numbers, 400 numbers, identity numbers, numbers with figures hidden."""
    text = scan.text
    found = _DASHED.match(text, at)
    if found:
        return _digits(scan, found, "phone-grouped")
    found = _EXTENDED.match(text, at)
    if found and _is_called(scan, at):
        yao = scan.style.yao
        spoken = f"{one_by_one(found[1], yao=yao)}转{one_by_one(found[2], yao=yao)}"
        return Token(at, found.end(), spoken, "phone", "phone-grouped")
    found = _MOBILE.match(text, at)
    if found and text[found.end() : found.end() + 1] not in tuple("元万亿"):
        return _digits(scan, found, "phone-mobile")
    found = _IDENTITY.match(text, at)
    if found:
        return _digits(scan, found, "identity-number", "code")
    found = _MASKED.match(text, at)
    if found and found[1]:
        stars = f"{cardinal(str(len(found[2])))}个星号" if len(found[2]) > 2 else "星号星号"
        first, last = (one_by_one(found[n], yao=scan.style.yao) for n in (1, 3))
        return Token(
            at, found.end(), f"{first}，{stars}，{last}".strip("，"), "phone", "phone-hidden"
        )
    return None


def _is_called(scan: Scan, at: int) -> bool:
    if scan.char(at - 1) == ")" and scan.previous.end == at - 1:
        return scan.previous.spoken.startswith("零")
    return bool(cues("phone-before").before(scan.left(at, 8).rstrip(" 为是：:")))


def paired(scan: Scan, at: int) -> Token | None:
    """Two groups after a word for a code (编号2021-035) or a maker (波音737-800)."""
    found = _PAIRED.match(scan.text, at)
    if not found:
        return None
    left = scan.left(at, 8)
    if left.endswith(_NUMBERED) or cues("field-after").after(scan.text, found.end()):
        said = f"{cardinal(found[1])}杠{cardinal(found[2])}"
        return Token(at, found.end(), said, "code", "hyphenated-code")
    if len(found[1]) < 3:
        return None
    if cues("aircraft-before").before(left):
        second = found[2]
        said = cardinal(second) if second.endswith("00") else one_by_one(second)
        said = "杠" + said if len(second) == 1 else said
        return Token(at, found.end(), one_by_one(found[1]) + said, "model", "model")
    if not _is_coded(scan, left.rstrip(" 为是：:"), found.end()):
        return None
    first, second = (one_by_one(found[n], yao=scan.style.yao) for n in (1, 2))
    return Token(at, found.end(), f"{first}杠{second}", "code", "hyphenated-code")


def _is_coded(scan: Scan, left: str, end: int) -> bool:
    """Whether a code word ends `left` and nothing after the number counts it."""
    if not cues("code-before").before(left) or cues("code-not-before").before(left):
        return False
    tail = scan.tail(end)
    return not tail.multiplier and tail.group not in ("count", "sign")


def sizes(scan: Scan, at: int) -> Token | None:
    """Three numbers or more with slashes that are no date, as of sizes: a pause between them."""
    found = _SIZES.match(scan.text, at)
    if not found:
        return None
    spoken, end = "、".join(map(cardinal, found[0].split("/"))), found.end()
    sign = unit_sign(scan.text, end)
    known = tables.mapping("units").get(sign, "") if sign.isalpha() else ""
    return Token(at, end + (len(sign) if known else 0), spoken + known, "code", "sizes")


def flat(scan: Scan, at: int) -> Token | None:
    """Figures in three or more groups that are no date: 3-2-501 is 三杠二杠五零幺."""
    found = _FLAT.match(scan.text, at)
    if not found:
        return None
    groups = found[0].split("-")
    words = [
        one_by_one(group, yao=scan.style.yao)
        if len(group) > 2 or group[0] == "0"
        else cardinal(group)
        for group in groups
    ]
    if "阵" in scan.text[found.end() : found.end() + 3]:  # 4-3-3 阵型
        return Token(at, found.end(), "".join(words), "code", "line-up")
    return Token(at, found.end(), "杠".join(words), "code", "hyphenated-code")


def dotted(scan: Scan, at: int) -> Token | None:
    """Three groups of figures or more with points: an IP address or a version."""
    found = _DOTTED.match(scan.text, at)
    if not found:
        return None
    parts = found[0].split(".")
    address = len(parts) == 4 and all(int(part) < 256 for part in parts)
    words = [
        one_by_one(part) if address or len(part) > 2 or part[0] == "0" else cardinal(part)
        for part in parts
    ]
    rule = "ip-address" if address else "version"
    return Token(at, found.end(), "点".join(words), "code", rule)


def stock(scan: Scan, at: int) -> Token | None:
    """A stock code with its exchange: 600519.SH."""
    found = _STOCK.match(scan.text, at)
    if not found:
        return None
    spoken = one_by_one(found[1], yao=scan.style.yao) + "点" + found[2]
    return Token(at, found.end(), spoken, "code", "stock-code")


def mixed(scan: Scan, at: int) -> Token | None:
    """A code of letters and figures, 91330702MA2E8XXX1T: each figure by its name."""
    found = _MIXED.match(scan.text, at)
    if not found or (at and scan.text[at - 1].isascii() and scan.text[at - 1].isalnum()):
        return None
    changes = len(_RUNS.findall(found[0]))
    figures = sum(map(str.isdigit, found[0]))
    left = scan.left(at, 8).rstrip(" 为是：:(")
    known = cues("code-before").before(left) and changes > 2
    if not known and (figures < 6 or changes < 4 or len(found[0]) < 12):
        return None
    spoken = one_by_one(found[0], yao=scan.style.yao)
    return Token(at, found.end(), spoken, "code", "mixed-code", found.end())


def periodical(scan: Scan, at: int) -> Token | None:
    """The number of a paper or journal: CN11-1234/TU (GB/T 9999)."""
    found = _PERIODICAL.match(scan.text, at)
    if not found:
        return None
    yao, genre = scan.style.yao, f"斜杠{found[3]}" if found[3] else ""
    spoken = f"CN{one_by_one(found[1], yao=yao)}杠{one_by_one(found[2], yao=yao)}{genre}"
    return Token(at, found.end(), spoken, "code", "hyphenated-code")


def plate(scan: Scan, at: int) -> Token | None:
    """A number plate after the letter of its province: 浙G·12345."""
    if at == 0 or scan.text[at - 1] not in cues("province"):
        return None
    found = _PLATE.match(scan.text, at)
    if not found or sum(map(str.isdigit, found[0])) < 2:
        return None
    spoken = one_by_one(re.sub("[ ·]", "", found[0]), yao=scan.style.yao)
    return Token(at, found.end(), spoken, "code", "plate")


@functools.cache
def _standard() -> re.Pattern[str]:
    names = sorted(tables.words("standards").all(), key=len, reverse=True)
    prefix = rf"(?:DBJ?\d{{2,6}}(?=/)|{'|'.join(names)})(?:/[A-Z]{{1,6}}){{0,3}}"
    return re.compile(
        rf"({prefix})[ -]?(\d{{1,6}}(?:\.\d{{1,4}}){{0,4}}"
        r"(?:-\d{1,2}(?!\d))?)(?:([-—:])((?:19|20)?\d\d))?(?!\d)"
    )


def standard(scan: Scan, at: int) -> Token | None:
    """A standard: GB/T 7714-2015 is GB T 七七幺四杠二零一五. Form: GB/T 1.1-2020."""
    found = _standard().match(scan.text, at)
    if not found or not ("/" in found[1] or (len(found[1]) > 1 and len(found[2]) > 2)):
        return None
    prefix = "".join(
        one_by_one(piece) if piece.isdigit() else piece.replace("/", " ")
        for piece in _CHARACTER.findall(found[1])
    )
    number = "".join(
        one_by_one(piece) if piece.isdigit() else {".": "点", "-": "杠"}[piece]
        for piece in _CHARACTER.findall(found[2])
    )
    year = f"杠{one_by_one(found[4])}" if found[4] else ""
    return Token(at, found.end(), prefix + number + year, "code", "standard")


def numero(scan: Scan, at: int) -> Token | None:
    """No.1 is 第一; a long or zero-led number after No. is a code."""
    found = _NUMERO.match(scan.text, at)
    if not found:
        return None
    figures = found[1]
    if len(figures) > 3 or figures[0] == "0":
        spoken = "编号" + one_by_one(figures, yao=scan.style.yao)
    else:
        spoken = "第" + cardinal(figures, liang=False)
    if scan.left(at, 1) == "第":
        spoken = spoken.removeprefix("第")
    return Token(at, found.end(), spoken, "ordinal", "numero")
