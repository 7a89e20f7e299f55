"""The one door to ffmpeg: found once, run without a shell, fed and read as streams."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from bobao.errors import BobaoError
from bobao.model import RATE

VARIABLE = "BOBAO_FFMPEG"
NEEDED = (
    ("-encoders", "libmp3lame"),
    ("-filters", "acompressor"),
    ("-filters", "alimiter"),
    ("-filters", "aresample"),
    ("-filters", "ebur128"),
    ("-filters", "equalizer"),
    ("-filters", "highpass"),
)
_QUIET = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info")
_BLOCK = 1 << 16
_TAIL = 60  # lines of ffmpeg's log that are kept: its loudness summary has 15

OUT_RATE = 44_100
"""Samples per second of what is published: players and podcast shops want 44.1 kHz or more."""
PCM_IN = ("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
ONE_THREAD = ("-threads", "1", "-filter_threads", "1", "-filter_complex_threads", "1")


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """An ffmpeg that has all that bobao needs."""

    path: str
    version: str

    def __str__(self) -> str:
        return f"{self.version} ({self.path})"


@functools.cache
def find_ffmpeg() -> Ffmpeg:
    """The ffmpeg to use: that named by ``BOBAO_FFMPEG``, else the wheel's, else the system's.

    Raises `BobaoError` where there is none with the MP3 encoder and the filters in `NEEDED`.
    """
    named = os.environ.get(VARIABLE, "")
    faults: list[str] = []
    for path in [named] if named else _candidates():
        missing = _missing(path)
        if not missing:
            return Ffmpeg(path, _version(path))
        faults.append(f"{path} lacks {', '.join(missing)}")
    raise BobaoError(
        "no usable ffmpeg: " + ("; ".join(faults) or "none is installed"),
        advice="Install it (pip install imageio-ffmpeg, apt install ffmpeg, brew install ffmpeg) "
        f"or name one with the environment variable {VARIABLE}.",
    )


class Process:
    """A running ffmpeg. Write to its standard input; `finish` waits and checks.

    Left by an exception it is killed. Its log is read all the while, so that it never blocks.
    """

    def __init__(
        self, arguments: Sequence[str], *, reads: bool = False, talks: bool = False
    ) -> None:
        self._log: deque[str] = deque(maxlen=_TAIL)
        self._faults: list[str] = []
        self._process = subprocess.Popen(
            [find_ffmpeg().path, *_QUIET, *arguments],
            stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def output(self) -> IO[bytes]:
        """Its standard output."""
        return cast("IO[bytes]", self._process.stdout)

    def write(self, data: bytes) -> bool:
        """Feed it; False once it has ended by itself (`finish` then says why)."""
        try:
            cast("IO[bytes]", self._process.stdin).write(data)
        except BrokenPipeError:
            return False
        return True

    def close(self) -> None:
        """End its input."""
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def finish(self) -> str:
        """Wait for its end and return the last lines of its log.

        Raises `BobaoError` where it failed or met damaged sound.
        """
        self.close()
        code = self._process.wait()
        self._listener.join()
        if code or self._faults:
            said = self._faults[-3:] or list(self._log)[-3:]
            raise BobaoError(
                f"ffmpeg failed ({code}): " + " / ".join(line.strip() for line in said),
                advice="Check that the disk has room; `bobao doctor` shows which ffmpeg is used.",
            )
        return "\n".join(self._log)

    def kill(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        with suppress(OSError):
            self.close()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _listen(self) -> None:
        with cast("IO[bytes]", self._process.stderr) as stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip()
                self._log.append(line)
                if "[error]" in line or "[fatal]" in line:
                    self._faults = [*self._faults[-9:], line]


def run(
    arguments: Sequence[str],
    feed: Iterable[bytes] | None = None,
    take: Callable[[bytes], object] | None = None,
) -> str:
    """Run ffmpeg to its end: `feed` goes to its input, `take` is given its output, piece by piece.

    Returns the last lines of its log. What `feed` or `take` raises is raised here; `BobaoError`
    where ffmpeg fails.
    """
    errors: list[BaseException] = []
    with Process(arguments, reads=feed is not None, talks=take is not None) as process:

        def write() -> None:
            try:
                for block in feed or ():
                    if not process.write(block):
                        break
            except BaseException as error:  # noqa: BLE001 - raised again below
                errors.append(error)
            finally:
                process.close()

        feeder = threading.Thread(target=write, daemon=True)
        feeder.start()
        if take is not None:
            for block in iter(lambda: process.output.read(_BLOCK), b""):
                take(block)
        feeder.join()
        if errors:
            raise errors[0]
        return process.finish()


def source(path: Path) -> list[str]:
    """The input arguments for a file on this machine, whatever its name; nothing else is opened."""
    return ["-protocol_whitelist", "file,pipe", "-i", f"file:{path.resolve()}"]


@contextmanager
def cut_to_wav(file: Path, start_ms: int = 0) -> Iterator[Path]:
    """Yield a temporary WAV of a sound file from `start_ms` on; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="bobao-") as folder:
        target = Path(folder) / "piece.wav"
        run(["-ss", f"{start_ms / 1000:.3f}", *source(file), f"file:{target}"])
        yield target


def _candidates() -> Iterator[str]:
    with suppress(ImportError, RuntimeError):  # RuntimeError: no binary for this platform
        import imageio_ffmpeg

        yield imageio_ffmpeg.get_ffmpeg_exe()
    if system := shutil.which("ffmpeg"):
        yield system


def _missing(path: str) -> list[str]:
    """What of `NEEDED` an ffmpeg lacks."""
    try:
        lists = {kind: _ask(path, kind) for kind in {kind for kind, _ in NEEDED}}
    except (OSError, subprocess.SubprocessError) as error:
        return [f"the ability to start ({error})"]
    return [name for kind, name in NEEDED if not re.search(rf"\s{name}\s", lists[kind])]


def _version(path: str) -> str:
    return f"ffmpeg {_ask(path, '-version').split()[2]}"


def _ask(path: str, question: str) -> str:
    command = [path, "-hide_banner", question]
    done = subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, check=True, timeout=60
    )
    return done.stdout.decode("utf-8", "replace")
