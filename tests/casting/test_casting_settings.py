"""The settings of voices, and how they are asked for on the command line."""

from __future__ import annotations

import pytest

from bobao import config
from bobao.commands.choices import choices_of
from bobao.config import Config, RoleSettings
from bobao.errors import BobaoError


def test_the_template_shows_the_defaults() -> None:
    tree = config.tomllib.loads(config.TEMPLATE.format(name=config.Station().name))
    assert config.parse(tree).voice == Config().voice


def test_voices_are_read() -> None:
    roles = {"caption": "zm_yunxi", "quotation": "zf_xiaobei"}
    tree = {"anchors": ["a", "b"], "style": "slow", "fallback": "kokoro", "roles": roles}
    made = config.parse({"voice": tree}).voice
    assert made.anchors == ("a", "b")
    assert (made.style, made.fallback) == ("slow", "kokoro")
    assert made.roles == RoleSettings(caption="zm_yunxi", quotation="zf_xiaobei")


@pytest.mark.parametrize(
    ("voice", "fault"),
    [
        ({"style": "fast"}, r"\[voice\] style must be one of news, slow, loudspeaker"),
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


@pytest.mark.parametrize("given", ["a,b", "a, b", "a，b", "a、b"])
def test_anchors_are_split(given: str) -> None:
    assert choices_of({"anchors": given}).anchors == ("a", "b")
