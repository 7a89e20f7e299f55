"""Where a worker works: the workspace of this machine, or a mirror of a shared store.

A shared store is named by an fsspec URL (``file:///mnt/x``, ``s3://bucket/x`` …), and laid out as a
workspace is::

    kit/KEY.zip     the settings, lexicon, stings and cover of the station that gave the orders
    seeds/          the articles
    scripts/        their scripts
    audio/takes/    recorded lines
    output/         bulletins
    made/           for each bulletin: what it was made of, and its files

Each worker process has a scratch workspace of its own, and does there what it would do in any
workspace; articles and takes are brought to it, what it made is handed over. A take counts from
its JSON on and a bulletin from its ``bulletin.json`` on: both are handed over last.
"""

from __future__ import annotations

import atexit
import functools
import io
import json
import os
import platform
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bobao import files
from bobao.batch.board import Finished
from bobao.batch.cluster import versions
from bobao.errors import BobaoError
from bobao.pipeline import Choices
from bobao.publish import manifest
from bobao.station.config import CONFIG_NAME
from bobao.station.workspace import Workspace, locate, slug_of
from bobao.voices.store import Store

_AT_ONCE = 8
"""Requests in flight to the store, from one worker: they wait far more than they work."""
_WHOLE_OR_NOT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"}
"""Stores in which a file that is being written is not there yet."""


class Site:
    """A place to work in, here one where everything is in its place already.

    It is the same for every worker, and small enough to be sent with each task. A worker brings
    what a stage needs before it and hands over what it made after it. What it hands over is
    complete from the first moment that another can see it.
    """

    __slots__ = ()

    def take_in(self, workspace: Workspace, seeds: Sequence[Path]) -> list[str]:
        """For the driver: make seeds of its workspace known here; their names to the workers."""
        return [str(seed.resolve()) for seed in seeds]

    def give_back(self, workspace: Workspace, slug: str) -> None:
        """For the driver: put the script of a finished bulletin into its workspace's tray."""

    def workspace(self) -> Workspace:
        """The workspace that a worker on this machine uses."""
        raise NotImplementedError

    def bring_article(self, seed: str) -> Path:
        """The path of a seed on this machine, its script (if any) in its tray."""
        return Path(seed)

    def bring_script(self, slug: str) -> None:
        """Make a script and its own lexicon readable on this machine."""

    def hand_over_script(self, slug: str) -> None:
        """A script was drafted."""

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of `keys` whose takes are not in the store; what is there is not fetched."""
        store = Store(self.workspace().takes)
        return frozenset(key for key in keys if store.load(key) is None)

    def hand_over_takes(self, keys: Sequence[str]) -> None:
        """Takes were recorded."""

    def bring_takes(self, keys: Iterable[str]) -> None:
        """Make the takes of `keys` readable on this machine, as far as they are in the store."""

    def finished(self, slug: str, choices: Choices, engine: str) -> Finished | None:
        """The bulletin that was handed over before, made of the same script in the same way.

        None where there is none whole, or where a mix will see that for itself.
        """
        return None

    def hand_over_bulletin(
        self, slug: str, choices: Choices, engine: str, finished: Finished
    ) -> None:
        """A bulletin was mixed."""


@dataclass(frozen=True, slots=True)
class LocalSite(Site):
    """The workspace at `root` itself."""

    root: Path

    def workspace(self) -> Workspace:
        """Find the workspace again."""
        return locate(self.root)


@dataclass(frozen=True, slots=True)
class SharedSite(Site):
    """The shared store at `url`, for the station whose settings are in the kit named `kit`.

    What a store asks for (end point, keys) comes from the environment of each machine, as its own
    tools and fsspec (``FSSPEC_S3_ENDPOINT_URL`` …) take it: secrets are never sent about.
    """

    url: str
    kit: str

    def take_in(self, workspace: Workspace, seeds: Sequence[Path]) -> list[str]:
        """Put seeds into the store, each with its decisions, script and lexicon, if any."""
        store = depot(self.url)

        def send(seed: Path) -> None:
            slug = slug_of(seed)
            parts = {
                "seeds": [seed, seed.with_name(f"{seed.stem}.decisions.tsv")],
                "scripts": [workspace.script(slug), workspace.article_lexicon(slug)],
            }
            for tray, paths in parts.items():
                for path in paths:
                    if path.is_file():
                        store.write(f"{tray}/{path.name}", path.read_bytes())

        with _reaching(self.url):
            _at_once(send, seeds)
        return [seed.name for seed in seeds]

    def give_back(self, workspace: Workspace, slug: str) -> None:
        """Bring a script that a worker drafted."""
        with _reaching(self.url):
            data = depot(self.url).read(f"scripts/{slug}.md")
        path = workspace.script(slug)
        if not path.exists() or path.read_bytes() != data:
            files.write_bytes(path, data)

    def workspace(self) -> Workspace:
        """This process's scratch workspace, with the station's settings in it."""
        return _scratch(self.url, self.kit)

    def bring_article(self, seed: str) -> Path:
        """Bring a seed, its decisions, its script and its own lexicon."""
        self._bring([f"seeds/{seed}", f"seeds/{Path(seed).stem}.decisions.tsv"])
        self.bring_script(slug_of(Path(seed)))
        return self.workspace().seeds / seed

    def bring_script(self, slug: str) -> None:
        """Bring a script and its own lexicon."""
        self._bring([f"scripts/{slug}.md", f"scripts/{slug}.lexicon.tsv"])

    def hand_over_script(self, slug: str) -> None:
        """Hand over a script."""
        self._hand_over([f"scripts/{slug}.md"])

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of `keys` whose takes are not in the store."""
        wanted, store = list(keys), depot(self.url)
        there = _at_once(lambda key: store.exists(_take(key, ".json")), wanted)
        return frozenset(key for key, found in zip(wanted, there, strict=True) if not found)

    def hand_over_takes(self, keys: Sequence[str]) -> None:
        """Hand over takes, each with its JSON last."""
        for suffix in (".flac", ".json"):
            self._hand_over([_take(key, suffix) for key in keys])

    def bring_takes(self, keys: Iterable[str]) -> None:
        """Bring the takes that this machine has not."""
        root = self.workspace().root
        absent = [key for key in keys if not (root / _take(key, ".json")).exists()]
        for suffix in (".flac", ".json"):
            self._bring([_take(key, suffix) for key in absent])

    def finished(self, slug: str, choices: Choices, engine: str) -> Finished | None:
        """The bulletin in the store, if it is whole and of the same script, choices and kit."""
        store = depot(self.url)
        try:
            note = json.loads(store.read(f"made/{slug}.json"))
            if note["orders"] != self._orders(slug, choices, engine):
                return None
            sizes = store.sizes(f"output/{slug}")
            if any(sizes.get(name) != size for name, size in note["files"].items()):
                return None
            return Finished(note["duration_ms"], False, tuple(note["remarks"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or not as we left it: it is made anew

    def hand_over_bulletin(
        self, slug: str, choices: Choices, engine: str, finished: Finished
    ) -> None:
        """Hand over a bulletin, its manifest last, and clear it and its takes from the scratch."""
        workspace, store = self.workspace(), depot(self.url)
        folder = workspace.bulletin(slug)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
        self._hand_over([f"output/{slug}/{name}" for name in sizes if name != manifest.NAME])
        self._hand_over([f"output/{slug}/{manifest.NAME}"])
        for stale in set(store.sizes(f"output/{slug}")) - set(sizes):
            store.remove(f"output/{slug}/{stale}")
        orders = self._orders(slug, choices, engine)
        note = {"orders": orders, **asdict(finished), "files": sizes}
        store.write(f"made/{slug}.json", json.dumps(note, ensure_ascii=False).encode("utf-8"))
        for done in (folder, workspace.recordings(slug), workspace.takes):
            shutil.rmtree(done, ignore_errors=True)

    def _orders(self, slug: str, choices: Choices, engine: str) -> str:
        """A digest of all that decides a bulletin."""
        workspace = self.workspace()
        orders = f"{replace(choices, jobs=0)} {versions(engine)}"
        script, lexicon = workspace.script(slug), workspace.article_lexicon(slug)
        parts = [path.read_bytes() if path.is_file() else b"" for path in (script, lexicon)]
        return files.sha256(b"\0".join([self.kit.encode(), orders.encode("utf-8"), *parts]))

    def _bring(self, names: list[str]) -> None:
        root, store = self.workspace().root, depot(self.url)

        def bring(name: str) -> None:
            with suppress(FileNotFoundError):
                files.write_bytes(root / name, store.read(name))

        _at_once(bring, names)

    def _hand_over(self, names: list[str]) -> None:
        root, store = self.workspace().root, depot(self.url)
        _at_once(lambda name: store.write(name, (root / name).read_bytes()), names)


def shared(url: str, workspace: Workspace) -> SharedSite:
    """Set up the store at `url` for the orders of a workspace: its kit is put there.

    Raises `BobaoError` where the store cannot be reached or written to, and for a cover that
    cannot be sent.
    """
    if workspace.cover and not workspace.cover.resolve().is_relative_to(workspace.root.resolve()):
        raise BobaoError(
            "the station's cover lies outside the workspace, where no worker can see it",
            where=str(workspace.cover),
            advice="Copy it into the workspace, and name it so in [podcast] cover.",
        )
    data = _kit(workspace)
    name = files.sha256(data)[:32]
    with _reaching(url):
        store = depot(url)
        if not store.exists(f"kit/{name}.zip"):
            store.write(f"kit/{name}.zip", data)
    return SharedSite(url, name)


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    """For the driver: raise `BobaoError` for whatever a store's package raises."""
    try:
        yield
    except BobaoError:
        raise
    except Exception as error:
        raise BobaoError(
            f"the shared store does not do as it should: {error or type(error).__name__}",
            where=url,
            advice="Check the address, the network and the keys in the environment; then run it "
            "again: what is finished is kept.",
        ) from error


def _kit(workspace: Workspace) -> bytes:
    """The station's settings, lexicon, stings and cover as a zip of always the same bytes."""
    root = workspace.root
    settings = root / CONFIG_NAME
    paths = [settings if settings.is_file() else root / "pyproject.toml", workspace.lexicon]
    paths += [*workspace.library.glob("*"), *filter(None, [workspace.cover])]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kit:
        for path in sorted(set(paths)):
            if path.is_file():
                entry = zipfile.ZipInfo(workspace.relative(path))
                kit.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _take(key: str, suffix: str) -> str:
    return f"audio/takes/{key[:2]}/{key}{suffix}"


def _at_once(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, items))


@functools.cache
def _scratch(url: str, kit: str) -> Workspace:
    """A new workspace for this process in the user's cache, removed when the process ends.

    Those of this machine's processes that were killed are removed first. (A home may be shared by
    machines: each clears only after itself.)
    """
    import psutil  # comes with distributed

    place = files.user_cache() / "scratch" / files.safe_name(platform.node(), fallback="machine")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        place = Path(tempfile.mkdtemp(prefix="bobao-"))
    for other in place.iterdir():
        pid = other.name.rpartition("-")[2]
        if not pid.isdecimal() or not psutil.pid_exists(int(pid)):
            shutil.rmtree(other, ignore_errors=True)
    folder = place / f"{kit[:12]}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(depot(url).read(f"kit/{kit}.zip"))) as kit_file:
        kit_file.extractall(folder)  # refuses what would leave the folder
    return locate(folder)


@functools.cache
def depot(url: str) -> Depot:
    """The depot at a URL, opened once in a process. Raises `BobaoError` without its package."""
    try:
        return Depot(url)
    except ImportError as error:
        raise BobaoError(
            f"the shared store needs a package that is not installed: {error}",
            where=url,
            advice=files.installing("fsspec", *(["s3fs"] if url.startswith("s3:") else [])),
        ) from error


class Depot:
    """The files of a shared store by their names in it; none is ever seen half written."""

    def __init__(self, url: str) -> None:
        import fsspec

        self._files, self._root = fsspec.core.url_to_fs(url)
        kind = self._files.protocol
        self._whole = bool(({kind} if isinstance(kind, str) else set(kind)) & _WHOLE_OR_NOT)

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(self._files.exists(self._path(name)))

    def read(self, name: str) -> bytes:
        """A file's bytes; raises `FileNotFoundError` where there is none."""
        return bytes(self._files.cat_file(self._path(name)))

    def write(self, name: str, data: bytes) -> None:
        """Put a file."""
        path = self._path(name)
        if self._whole:
            self._files.pipe_file(path, data)
            return
        folder, _, last = path.rpartition("/")
        self._files.makedirs(folder, exist_ok=True)
        aside = f"{folder}/.aside-{os.getpid()}-{last}"
        self._files.pipe_file(aside, data)
        self._files.mv(aside, path)

    def sizes(self, folder: str) -> dict[str, int]:
        """The files in a folder and below it, by their names in it."""
        root = self._path(folder)
        found = self._files.find(root, detail=True)
        start = len(self._files._strip_protocol(root)) + 1
        return {path[start:]: int(info["size"]) for path, info in found.items()}

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"
