"""The steps from tray to tray: draft (seeds → scripts), voice (→ audio), mix (→ output).

Each takes the workspace and a few choices, does its I/O, and returns what it made. Nothing here
prints; long work reports through `Progress`.
"""

from bobao.produce.choices import Choices, Progress, Update
from bobao.produce.drafting import (
    MAX_SEED_BYTES,
    Drafted,
    Seed,
    State,
    draft,
    is_others,
    load_script,
    prepared,
    read_seed,
    script_source,
)
from bobao.produce.steps import Recorded, load_bulletin, mix, mix_options, voice
from bobao.produce.studio import Studio, check_decided, load_lexicon, studio, studio_for, undecided

__all__ = [
    "MAX_SEED_BYTES",
    "Choices",
    "Drafted",
    "Progress",
    "Recorded",
    "Seed",
    "State",
    "Studio",
    "Update",
    "check_decided",
    "draft",
    "is_others",
    "load_bulletin",
    "load_lexicon",
    "load_script",
    "mix",
    "mix_options",
    "prepared",
    "read_seed",
    "script_source",
    "studio",
    "studio_for",
    "undecided",
    "voice",
]
