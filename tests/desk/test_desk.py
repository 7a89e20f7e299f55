"""The desk as a process: what it does to the files, and whom it refuses."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest
from desk_stuff import PARK, desk, workspace
from hypothesis import given
from hypothesis import strategies as st

from bobao.desk.edits import Act, acted, rows_of
from bobao.errors import BobaoError
from bobao.script.markup import parse
from bobao.script.spans import plain

SLUG = "park"
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory):
    folder = workspace(tmp_path_factory.mktemp("station") / "台", park=PARK)
    with desk(folder) as found:
        found.folder = folder
        assert found.do("draft", slug=SLUG) == (200, {"slug": SLUG})
        yield found


def script(at) -> str:
    return (at.folder / "scripts" / f"{SLUG}.md").read_text("utf-8")


def number_of(at, words: str) -> int:
    lines = enumerate(parse(script(at)).lines(), start=1)
    return next(number for number, line in lines if words in line.written)


# ── Who is refused ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Cookie": ""}, 403),
        ({"Cookie": "bobao-desk-1=x"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": ""}, 400),
    ],
)
def test_only_its_own_pages_are_let_in(at, headers, status):
    for method, path in (("GET", "/"), ("POST", "/do/undo")):
        found = at.ask(method, path, **headers)
        assert found.status == status or (status == 200 and found.status == 422)
        assert "Access-Control-Allow-Origin" not in found.headers
    if status == 200:
        assert "script-src 'self'" in found.headers["Content-Security-Policy"]


def test_a_post_without_an_origin_and_a_wrong_token_are_refused(at):
    assert at.ask("POST", "/do/undo", Origin="").status == 403
    assert at.ask("GET", "/?token=wrong", Cookie="").status == 403
    first = at.ask("GET", f"/?token={at.token}", Cookie="", Origin="")
    assert (first.status, first.headers["Location"]) == (303, "/")
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert "SameSite=Strict" in first.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path",
    [
        "/script/../bobao", "/script/%2e%2e%2fbobao", "/site/../bobao.toml", "/site/.bobao/site.json",
        "/site/%2e%2e/bobao.toml", "/file/../server.py", "/file/proof.html", "/print/..%2f..%2fx",
        "/line/park/999", "/line/park/-1", "/line/park/x", "/hear/park/999", "/hear/nowhere/1",
        "/word/park/1", "/nothing",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(at, path):
    found = at.ask("GET", path)
    assert found.status in (404, 422)
    assert b"[station]" not in found.body


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("nothing", {}), ("act", {}), ("act", {"slug": "../x", "name": "write"}),
        ("act", {"slug": SLUG, "name": "write", "number": "1", "was": ""}),
        ("act", {"slug": SLUG, "name": "__init__", "number": 1, "was": ""}),
        ("paste", {"text": "  "}), ("fetch", {"address": "file:///etc/passwd"}),
        ("fetch", {"address": "http://127.0.0.1:1/x"}), ("draft", {"slug": "../../etc"}),
        ("make", {"slug": "../x"}), ("rundown", {"name": "../../x", "slugs": [], "headlines": False}),
        ("sign", {"slug": SLUG, "stage": "fourth", "name": "x"}), ("undo", {"slug": 3}),
        ("cast", {"slug": SLUG, "anchors": ["nobody"], "style": ""}),
        ("cast", {"slug": SLUG, "anchors": [], "style": "../x"}),
        ("teach", {"slug": SLUG, "word": "重\t建", "reading": "x\ny", "everywhere": True}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_written(at, what, asked):
    before = {path: path.read_bytes() for path in at.folder.rglob("*") if path.is_file()}
    status, told = at.do(what, **asked)
    assert status == 422
    assert told["what"]
    assert {p: p.read_bytes() for p in at.folder.rglob("*") if p.is_file()} == before


def test_what_is_too_large_is_refused(at):
    body = json.dumps({"text": "字" * 6_000_000}).encode("utf-8")
    assert at.ask("POST", "/do/paste", body, Content_Type="application/json").status == 413


def test_scripts_in_every_field_are_text(at):
    slug, path = "夜话", at.folder / "seeds" / "夜话.md"
    path.write_text(f"# 夜话`{HOSTILE}`\n\n这是正文`{HOSTILE}`完。\n", "utf-8")
    assert at.do("draft", slug=slug)[0] == 200
    at.do("sign", slug=slug, stage="first", name=HOSTILE[:40])
    for path in ("/", f"/script/{slug}", f"/print/{slug}"):
        page = at.ask("GET", path).body.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert" in page


# ── Articles in ─────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_uploaded_under_a_name_of_its_own(at):
    mark = "x-x"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="../../road.txt"\r\n'
    body = f"{head}\r\n老国道通车\n\n国道昨天通车。\r\n--{mark}--\r\n".encode()
    found = at.ask("POST", "/upload", body, Content_Type=f"multipart/form-data; boundary={mark}")
    assert (found.status, json.loads(found.body)) == (200, {"slug": "老国道通车"})
    assert (at.folder / "seeds" / "老国道通车.txt").is_file()


# ── Edits ───────────────────────────────────────────────────────────────────────────────────────


def act(at, name: str, words: str, **more):
    number = number_of(at, words)
    was = at.line(SLUG, number)["was"]
    return at.do("act", slug=SLUG, name=name, number=number, was=was, **more)


def test_a_reading_in_one_place_in_the_script_and_everywhere(at):
    line = at.line(SLUG, number_of(at, "重建了"))
    word = next(each for each in line["words"] if each["text"] == "重建")
    assert word["readings"][0] == ["chóng", "zhòng"]
    where = {"start": word["start"], "end": word["end"]}
    assert act(at, "read", "重建了", text="zhòng jiàn", **where)[0] == 200
    assert "{重建|zhòng jiàn}了" in script(at)
    assert at.line(SLUG, line["number"])["words"][0]["pinyin"] == "zhòng jiàn"
    assert act(at, "read", "重建了", text="", **where)[0] == 200
    assert "{重建" not in script(at)
    for everywhere, name in ((False, f"{SLUG}.lexicon.tsv"), (True, "lexicon.tsv")):
        asked = {"word": "公园", "reading": "gōng yuàn", "everywhere": everywhere}
        assert at.do("teach", slug=SLUG, **asked)[0] == 200
        assert "公园\tgōng yuàn" in (at.folder / "scripts" / name).read_text("utf-8")


def test_two_editors_and_a_text_editor(at):
    number, path = number_of(at, "居民"), at.folder / "scripts" / f"{SLUG}.md"
    was = at.line(SLUG, number)["was"]
    assert (
        at.do("act", slug=SLUG, name="write", number=number, was=was, text="居民常来散步。")[0]
        == 200
    )
    status, told = at.do("act", slug=SLUG, name="write", number=number, was=was, text="别的。")
    assert (status, told["now"], told["yours"]) == (409, "居民常来散步。", "别的。")
    # A line put in above by another program: what is elsewhere is found all the same.
    text = path.read_text("utf-8").replace("今年建成", "新加的一句。\n今年建成")
    path.write_text(text, "utf-8")
    assert (
        at.do("act", slug=SLUG, name="write", number=number, was="居民常来散步。", text=was)[0]
        == 200
    )
    assert "新加的一句。" in script(at)
    assert was in script(at)
    path.write_text(script(at) + "\n最后一句。\n", "utf-8")
    assert at.do("undo", slug=SLUG)[0] == 422  # it would take away what the other program wrote
    assert "最后一句。" in script(at)


def test_every_act_and_back(at):
    first = script(at)
    acts = [
        ("silence", "扶手", {}, "> [不播] {重建了五个，镇里还为老人装了扶手。|}"),
        ("voice", "扶手", {}, "\n重建了五个，镇里还为老人装了扶手。"),
        ("split", "扶手", {"start": 6}, "重建了五个，\n镇里还为老人装了扶手。"),
        ("merge", "重建了", {}, "\n重建了五个，镇里还为老人装了扶手。"),
        ("kind", "扶手", {"kind": "subhead"}, "### 重建了五个"),
        ("kind", "扶手", {"kind": "heading"}, "## 重建了五个"),
        ("kind", "扶手", {"kind": "caption"}, "> [图片] 重建了五个"),
        ("kind", "扶手", {"kind": "text"}, "\n重建了五个"),
        ("add", "扶手", {"text": "又有3处。"}, "扶手。\n又有{3|三}处。"),
        ("up", "又有", {}, "又有{3|三}处。\n重建了"),
        ("down", "又有", {}, "扶手。\n又有{3|三}处。"),
        ("remove", "又有", {}, "扶手。"),
    ]
    versions = [first]
    for name, words, more, found in acts:
        assert act(at, name, words, **more)[0] == 200, name
        versions.append(script(at))
        assert found in versions[-1], name
    assert "又有" not in versions[-1]
    for version in versions[-2::-1]:
        assert at.do("undo", slug=SLUG)[0] == 200
        assert script(at) == version
    for version in versions[1:]:
        assert at.do("redo", slug=SLUG)[0] == 200
        assert script(at) == version


def test_an_earlier_version_and_captions(tmp_path):
    folder = workspace(tmp_path / "台", park=PARK)
    with desk(folder) as at:
        at.folder = folder
        at.do("draft", slug=SLUG)
        assert at.do("captions", slug=SLUG, how="silent")[0] == 200
        assert "{图为花街镇的公园一角。|}" in script(at)
        first = script(at)
        act(at, "write", "居民", text="居民常来散步。")
        assert at.do("captions", slug=SLUG, how="announce")[0] == 422  # it is edited by now
        act(at, "remove", "居民常来")
        names = sorted(each.stem for each in (folder / "scripts" / ".desk").rglob("before/*.md"))
        assert at.do("back", slug=SLUG, version=names[0])[0] == 200
        assert script(at) == first
        assert at.do("undo", slug=SLUG)[0] == 200
        assert "居民" not in script(at)


def test_who_speaks_is_in_the_script(at):
    assert at.do("cast", slug=SLUG, anchors=["tone"], style="slow")[0] == 200
    assert re.search(r"^voice: tone$", script(at), re.MULTILINE)
    assert re.search(r"^style: slow$", script(at), re.MULTILINE)


# ── Killed ──────────────────────────────────────────────────────────────────────────────────────


def test_killed_in_the_middle_nothing_is_lost(tmp_path: Path):
    folder = workspace(tmp_path / "台", park=PARK)
    with desk(folder) as at:
        at.folder = folder
        at.do("draft", slug=SLUG)
        act(at, "write", "居民", text="居民常来散步。")
        at.do("make", slug=SLUG)
        time.sleep(0.3)
        at.process.send_signal(signal.SIGKILL)
    with desk(folder) as at:
        at.folder = folder
        assert "居民常来散步。" in script(at)
        assert at.do("make", slug=SLUG)[0] == 200
        for _ in range(300):
            job = json.loads(at.ask("GET", "/state").body)[-1]
            if job["ended"]:
                break
            time.sleep(0.1)
        assert (job["error"], job["findings"]) == ("", [])
        assert at.do("undo", slug=SLUG)[0] == 200
        assert "居民出门" in script(at)


# ── Invariants ──────────────────────────────────────────────────────────────────────────────────

_ROWS = (
    "# 标题",
    "",
    "第一句。",
    "第二{2|二}句。",
    "",
    "## 一节",
    "",
    "> [图片] 图。",
    "",
    "末句。",
)


@given(
    name=st.sampled_from(
        ["write", "silence", "voice", "kind", "split", "merge", "up", "down", "add"]
    ),
    number=st.integers(1, 6),
    text=st.text(max_size=8),
    kind=st.sampled_from(["heading", "subhead", "text", "caption", "silent", "x"]),
    start=st.integers(-1, 8),
)
def test_an_act_leaves_a_script_and_every_other_word(name, number, text, kind, start):
    """Whatever is asked: refused, or a script that can be read with the other lines as they were."""
    before = "\n".join(_ROWS) + "\n"
    rows, places = rows_of(before)
    asked = Act(name, number, rows[places[number - 1]], text, kind, start, start + 1)
    try:
        after, _ = acted(before, asked, plain)
    except (BobaoError, ValueError):
        return
    kept = [line.written for line in parse(before).lines()]
    made = "".join(line.written for line in parse(after).lines())
    if name == "write":
        del kept[number - 1]
    assert all(written in made for written in kept)
