"""The steps from tray to tray: draft (seeds → scripts), voice (→ audio), mix (→ output).

Each takes the workspace and a few choices, does its I/O, and returns what it made. Nothing here
prints; long work reports through `Progress`.
"""

from bobao.pipeline.choices import Choices, Progress, Update
from bobao.pipeline.drafting import (
    MAX_SEED_BYTES,
    Drafted,
    DraftState,
    Seed,
    decoded,
    draft,
    is_others,
    load_script,
    prepared,
    read_seed,
    script_header,
    words_for,
)
from bobao.pipeline.steps import Recorded, load_bulletin, mix, mix_options, say, voice
from bobao.pipeline.studio import (
    Studio,
    check_decided,
    load_lexicon,
    put_words,
    read_lexicon,
    studio,
    studio_for,
    undecided,
)

__all__ = [
    "MAX_SEED_BYTES",
    "Choices",
    "DraftState",
    "Drafted",
    "Progress",
    "Recorded",
    "Seed",
    "Studio",
    "Update",
    "check_decided",
    "decoded",
    "draft",
    "is_others",
    "load_bulletin",
    "load_lexicon",
    "load_script",
    "mix",
    "mix_options",
    "prepared",
    "put_words",
    "read_lexicon",
    "read_seed",
    "say",
    "script_header",
    "studio",
    "studio_for",
    "undecided",
    "voice",
    "words_for",
]
