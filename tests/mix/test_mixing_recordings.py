"""One recording for each section, by one run or by several at once."""

from __future__ import annotations

from dataclasses import replace

from mixing_stuff import sample_script, sound, takes_of

from bobao.files import written_aside
from bobao.mix.pauses import Pauses
from bobao.mix.stream import write_recordings
from bobao.mix.timeline import build


def test_only_what_earlier_runs_have_finished_is_removed(tmp_path):
    script = sample_script()
    rows = [
        [take and replace(take, key=take.key.encode().hex()) for take in row]
        for row in takes_of(script)
    ]
    timeline = build(script, rows, {}, Pauses())

    def samples_of(key):
        return sound(bytes.fromhex(key).decode())

    made = write_recordings(timeline, samples_of, tmp_path)
    old = tmp_path / "99-旧.flac"
    old.write_bytes(b"old")
    with written_aside(tmp_path / "01-other.flac") as aside:  # another run is at it
        aside.write_bytes(b"new")
        assert write_recordings(timeline, samples_of, tmp_path) == made
    assert (tmp_path / "01-other.flac").read_bytes() == b"new"
    assert not old.exists()
    assert all(path.is_file() for path in made)
