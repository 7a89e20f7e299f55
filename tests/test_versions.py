"""A sample of what bobao makes changes only together with its number: else what users have kept, of
the old kind, would be taken for the new."""

from __future__ import annotations

import hashlib

import pytest
from conftest import ROOT

from bobao.station import versions

SAMPLES = {
    "kokoro": ("tests/voices/golden/*", "bobao/voices/kokoro/data/reference.json"),
    "edge": ("tests/edge/golden/*",),
    "mix": ("tests/mix/golden/*", "tests/publish/golden/lists/*"),
    "site": tuple(f"tests/publish/golden/{name}/*" for name in ("page", "book", "feed")),
    "checks": ("bobao/verify/data/*",),
}
TABLE = ROOT / "tests" / "golden" / "versions.tsv"


def digest(patterns: tuple[str, ...]) -> str:
    files = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert files, f"there are no samples at {patterns}"
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


@pytest.mark.parametrize("name", versions.NUMBERS)
def test_a_sample_changes_only_with_its_number(name: str, request: pytest.FixtureRequest) -> None:
    rows = dict(line.split("\t", 1) for line in TABLE.read_text("utf-8").splitlines())
    kept, now = rows[name], f"{versions.NUMBERS[name]}\t{digest(SAMPLES[name])}"
    if kept == now:
        return
    assert kept.split("\t")[0] != now.split("\t", maxsplit=1)[0], (
        f"the samples of “{name}” have changed ({', '.join(SAMPLES[name])}): count up "
        f"bobao.station.versions.NUMBERS[{name!r}], so that what users have kept is made anew, then: "
        "pytest --rewrite-golden tests/test_versions.py"
    )
    assert request.config.getoption("--rewrite-golden"), (
        f"“{name}” has a new number; then: pytest --rewrite-golden tests/test_versions.py"
    )
    rows[name] = now
    TABLE.write_text("".join(f"{key}\t{row}\n" for key, row in rows.items()), "utf-8")


def test_what_was_made_before_there_were_numbers_is_valid() -> None:
    for first in versions._FIRST:
        name, number = first.split()[0].split("-")
        assert (name in versions.NUMBERS, number) == (True, "1")
    assert versions.named("site") == f"site-{versions.NUMBERS['site']}"
