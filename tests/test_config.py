"""Settings: what is taken, what is refused and named, how voices are asked for on the command line."""

from __future__ import annotations

import pytest

from bobao.cli.console import choices_of
from bobao.errors import BobaoError
from bobao.station import config
from bobao.station.config import RoleSettings


def test_voices_are_read() -> None:
    roles = {"caption": "zm_yunxi", "quotation": "zf_xiaobei"}
    tree = {"anchors": ["a", "b"], "style": "slow", "fallback": "kokoro", "roles": roles}
    made = config.parse({"voice": tree}).voice
    assert made.anchors == ("a", "b")
    assert (made.style, made.fallback) == ("slow", "kokoro")
    assert made.roles == RoleSettings(caption="zm_yunxi", quotation="zf_xiaobei")


def test_the_template_shows_the_defaults() -> None:
    assert config.parse(config.tomllib.loads(config.template())) == config.Config()


@pytest.mark.parametrize(
    ("voice", "fault"),
    [
        ({"style": "fast"}, r"\[voice\] style \(“fast”\) must be one of news, slow, loudspeaker"),
        ({"roles": "zm_yunxi"}, r"\[voice\] roles must be a table: \[voice.roles\]"),
        ({"roles": {"weather": "zm_yunxi"}}, r"unknown setting \[voice.roles\] weather"),
        ({"roles": {"caption": 1}}, r"\[voice.roles\] caption must be a text in quotes"),
        ({"anchors": "zm_yunxi"}, r"\[voice\] anchors must be a list"),
    ],
)
def test_what_is_wrong_is_named(voice: dict[str, object], fault: str) -> None:
    with pytest.raises(BobaoError, match=fault) as caught:
        config.parse({"voice": voice}, where="bobao.toml")
    assert caught.value.where == "bobao.toml"


@pytest.mark.parametrize(
    "setting",
    [
        'station.site = "radio"',
        'station.site = "ftp://a.example/"',
        'station.language = "中文"',
        'podcast.email = "nobody"',
        'podcast.email = "王芳 <wang@a.example>"',
        'podcast.categories = ["Village News"]',
        'podcast.people = ["; host"]',
        'podcast.people = ["王芳; host; 配音"]',
        'podcast.people = ["王芳; host; cast; www.a.example"]',
        'podcast.people = ["王芳; host; cast; https://a.example; 多"]',
        'podcast.license = "版权所有"',
        'podcast.license_url = "a.example"',
        'podcast.medium = "radio"',
        'podcast.timezone = "Peking"',
        'podcast.guid = "1"',
        'podcast.cover = "none.png"',
    ],
)
def test_a_wrong_setting_is_named_before_any_work(tmp_path, setting: str) -> None:
    (tmp_path / "a").mkdir()
    path = tmp_path / "a" / "bobao.toml"
    path.write_text(setting, "utf-8")
    name = setting.split(" ", maxsplit=1)[0].split(".")
    with pytest.raises(BobaoError, match=rf"\[{name[0]}\] {name[1]} ") as caught:
        config.load(path)
    assert caught.value.advice


def test_right_settings_of_every_kind_are_taken(tmp_path) -> None:
    text = """
        [station]
        site = "https://电台.example/花街/"
        language = "zh-Hans-CN"
        [podcast]
        email = "news.desk+radio@a-b.example.cn"
        categories = ["News", "Daily News"]
        people = ["王芳", "李强; author; Writing; https://a.example/li", "赵; ; misc."]
        license = "我们自己的"
        license_url = "https://a.example/license"
        timezone = "-0330"
        """
    (tmp_path / "bobao.toml").write_text(text, "utf-8")
    assert config.load(tmp_path / "bobao.toml").podcast.people[2] == "赵; ; misc."


@pytest.mark.parametrize("given", ["a,b", "a, b", "a，b", "a、b"])
def test_anchors_are_split(given: str) -> None:
    assert choices_of({"anchors": given}).anchors == ("a", "b")
