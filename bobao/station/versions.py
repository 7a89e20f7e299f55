"""The numbers of what bobao makes: a part of every name under which something made is kept.

Whoever changes what comes out counts the number up in the same change: then, and only then, what
was kept is made anew. `tests/test_versions.py` has samples of what comes out beside the numbers,
and fails where a sample has changed and its number has not.
"""

from __future__ import annotations

from bobao.files import version_of

NUMBERS = {
    "kokoro": 1,  # the samples and marks that the embedded voice makes of phonemes
    "edge": 1,  # how a text is cut for the service, and what is made of its answer
    "mix": 3,  # a bulletin's sound, times and lists, as they are made of takes
    "site": 5,  # pages, books and feeds, as they are made of bulletins
    "checks": 2,  # what `bobao verify` looks for
}

_FIRST = {
    "kokoro-1": "33577a3f",
    "edge-1": "0c6f5efb",
}
"""What stood in the place of a first number before there were numbers, so that what was recorded
and mixed then is still valid."""


def named(name: str, *packages: str) -> str:
    """What tells one version of `name` from all others; `packages` are those that decide it too."""
    versions = [f"{package} {version_of(package)}" for package in packages]
    told = " ".join([f"{name}-{NUMBERS[name]}", *versions])
    return _FIRST.get(told, told)
