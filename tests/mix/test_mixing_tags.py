"""Tags, cover and the AIGC label, read back with mutagen."""

from __future__ import annotations

import json
import struct
import zlib

import numpy as np
import pytest
from mixing_stuff import line, sample_script, takes_of
from mutagen.id3 import ID3

from bobao.errors import BobaoError
from bobao.mix import ffmpeg, tags
from bobao.mix.pauses import Pauses
from bobao.mix.styles import Names
from bobao.mix.tags import chapter_text, transcript
from bobao.mix.timeline import build
from bobao.model import Chapter, Header, Script, Section
from bobao.publish import cover


def chapters(count: int) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(n + 1, f"第{n + 1}部分", n * 1230, (n + 1) * 1230, ()) for n in range(count)
    )


def written(tmp_path, made: tags.Tags) -> ID3:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"\xff\xfb\x90\x00" + b"\0" * 2000)
    tags.write(path, made)
    return ID3(path, translate=False)


def test_every_tag_comes_back(tmp_path):
    label = tags.aigc(Names(), "播报", "s", ["k"])
    made = tags.Tags(
        title="花街镇\0𠮷",
        artist="播报",
        album="专辑",
        date="2022-01-20",
        transcript="第一行\n\n第二行",
        made_with="LAME",
        cover=b"\x89PNG\r\n\x1a\n0",
        cover_text="封面：花街镇",
        label=label,
        chapters=chapters(3),
        track=(2, 7),
    )
    found = written(tmp_path, made)
    assert found.version == (2, 3, 0)
    texts = {name: str(found[name]) for name in ("TIT2", "TPE1", "TALB", "TYER", "TDAT", "TRCK")}
    assert texts == {
        "TIT2": "花街镇𠮷",
        "TPE1": "播报",
        "TALB": "专辑",
        "TYER": "2022",
        "TDAT": "2001",
        "TRCK": "2/7",
    }
    assert (str(found["TLAN"]), str(found["TCON"]), str(found["TSSE"])) == (
        "zho",
        "Podcast",
        "LAME",
    )
    assert found["USLT::zho"].text == "第一行\n\n第二行"
    picture = found["APIC:封面：花街镇"]
    assert (picture.mime, picture.type, picture.data[:4]) == ("image/png", 3, b"\x89PNG")
    assert json.loads(str(found["TXXX:AIGC"]))["Label"] == "1"


@pytest.mark.parametrize(("date", "year", "day"), [("2022", "2022", None), ("", None, None)])
def test_a_date_may_be_a_year_or_nothing(tmp_path, date, year, day):
    found = written(tmp_path, tags.Tags("t", date=date))
    assert [str(found[name]) if name in found else None for name in ("TYER", "TDAT")] == [year, day]


@pytest.mark.parametrize("count", [1, 7, 255, 256, 600])
def test_every_chapter_is_listed_in_order(tmp_path, count):
    found = written(tmp_path, tags.Tags("t", chapters=chapters(count)))
    listed, tops = [], [frame for frame in found.getall("CTOC") if frame.flags & 2]
    assert [frame.element_id for frame in tops] == ["toc"]
    assert len(tops[0].child_element_ids) <= 255

    def walk(name: str) -> None:
        if f"CTOC:{name}" not in found:
            listed.append(found[f"CHAP:{name}"])
            return
        frame = found[f"CTOC:{name}"]
        assert frame.flags & 1
        assert str(frame.sub_frames["TIT2"]).startswith("目录")
        assert len(frame.child_element_ids) <= 255
        for child in frame.child_element_ids:
            walk(child)

    walk("toc")
    assert len(listed) == len(found.getall("CHAP")) == count
    for number, frame in enumerate(listed):
        assert (frame.start_time, frame.end_time) == (number * 1230, (number + 1) * 1230)
        assert frame.start_offset == frame.end_offset == 0xFFFFFFFF
        assert str(frame.sub_frames["TIT2"]) == f"第{number + 1}部分"


def test_more_chapters_than_can_be_listed():
    with pytest.raises(BobaoError, match="more than an MP3 can list"):
        tags.frames(tags.Tags("", chapters=chapters(255 * 255 + 1)))


def test_the_label_has_the_seven_values_in_order():
    names = Names(propagator="电台", produce_id="P1")
    made = tags.aigc(names, "播报", "s", ["k"])
    assert list(json.loads(made).items()) == [
        ("Label", "1"),
        ("ContentProducer", "播报"),
        ("ProduceID", "P1"),
        ("ReservedCode1", ""),
        ("ContentPropagator", "电台"),
        ("PropagateID", "P1"),
        ("ReservedCode2", ""),
    ]


def test_another_recording_has_another_number():
    numbers = {
        json.loads(tags.aigc(Names(), "播报", "s", keys))["ProduceID"] for keys in (["a"], ["b"])
    }
    assert len(numbers) == 2
    assert all(number.startswith("s-") for number in numbers)


def pixels(png: bytes) -> np.ndarray:
    """Decode a PNG of ours, checking every chunk."""
    at, data, size = 8, b"", (0, 0)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        crc = struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        assert crc == zlib.crc32(name + body)
        if name == b"IHDR":
            *size, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 2)  # RGB, no alpha
        data += body if name == b"IDAT" else b""
        at += 12 + length
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(size[1], -1)
    assert (rows[:, 0] == 2).all()
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(size[1], size[0], 3)


def test_the_cover_is_what_podcast_shops_take():
    made = cover.draw("huajie-2021")
    assert len(made) < 512 * 1024
    image = pixels(made)
    assert image.shape == (1400, 1400, 3)
    assert image[784, 700].min() > 200 > 120 > image[1390, 20].max()  # light bars on dark ground


def test_every_bulletin_has_its_own_cover(monkeypatch):
    monkeypatch.setattr(cover, "SIDE", 100)
    assert cover.draw("一") == cover.draw("一")
    assert cover.draw("一") != cover.draw("二")


def test_a_stations_own_cover(tmp_path):
    path = tmp_path / "cover.jpg"
    ffmpeg.run(["-f", "lavfi", "-i", "color=red:size=1400x1400", "-frames:v", "1", f"file:{path}"])
    assert cover.mime(cover.load(path)) == "image/jpeg"
    path.write_bytes(path.read_bytes()[:800])
    with pytest.raises(BobaoError, match="cannot be shown"):
        cover.load(path)
    path.write_bytes(b"GIF89a")
    with pytest.raises(BobaoError, match="would be refused"):
        cover.load(path)
    with pytest.raises(BobaoError, match="cannot read"):
        cover.load(tmp_path / "absent.png")


def test_the_transcript_has_every_written_word():
    script = sample_script()
    made = build(script, takes_of(script), {}, Pauses())
    text = transcript(made)
    for each in script.lines():
        assert each.written.strip() in text
    assert "第一部分，" not in text
    assert chapter_text(made.chapters[2]) == "第三部分\n\n完。"


def test_latin_sentences_are_kept_apart():
    section = Section(line("题"), ((line("One."), line("Two. "), line("Three."), line("四。")),))
    script = Script(Header("s", "题"), (section,))
    (chapter,) = build(script, takes_of(script), {}, Pauses()).chapters
    assert chapter_text(chapter) == "题\n\nOne. Two. Three.四。"
