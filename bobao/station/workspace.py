"""Where everything lies: the four trays of a newsroom and the names inside them.

::

    seeds/   稿源   articles, as they came
    scripts/ 口播稿 <slug>.md, lexicon.tsv
    audio/   音频   library/ (stings) · takes/ (recorded lines) · <slug>/ (one recording a section)
    output/  成品   <slug>/ (bulletin)

No other module builds a path of the workspace.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import readable, safe_name, write_text
from bobao.station import config as settings
from bobao.station.config import CONFIG_NAME, Config
from bobao.station.seeds import articles_below

_TAKEN = re.compile(r"readme|library|takes|index\.html|cover\.\w+|feed[^.]*\.xml", re.IGNORECASE)
"""What else lies in `scripts/`, `audio/` and `output/`, for any file system."""
NO_WORKSPACE = "this is not a bobao workspace"
TRAYS = {
    "seeds": "稿源：把文章放在这里（txt、md、html、docx、pdf、epub）。bobao produce seeds/文件名",
    "scripts": "口播稿：bobao 起草、编辑改定的播出稿，一句一行；lexicon.tsv 是本台读音表。",
    "audio": "音频：library/ 片头音乐，takes/ 逐句录音（可删，会重录），其余每节一个录音。",
    "output": "成品：每篇一个文件夹，内有 MP3、分章、字幕和时间表。",
}


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with the four trays, and its settings."""

    root: Path
    config: Config

    @property
    def seeds(self) -> Path:
        """Articles."""
        return self.root / "seeds"

    @property
    def takes(self) -> Path:
        """Recorded lines, shared by all bulletins."""
        return self.root / "audio" / "takes"

    @property
    def library(self) -> Path:
        """Stings."""
        return self.root / "audio" / "library"

    @property
    def cover(self) -> Path | None:
        """The station's own cover; None where one is drawn for each bulletin."""
        name = self.config.podcast.cover
        return self.root / name if name else None

    @property
    def lexicon(self) -> Path:
        """The station's own readings."""
        return self.root / self.config.script.lexicon

    def article_lexicon(self, slug: str) -> Path:
        """The readings for one article alone."""
        return self.root / "scripts" / f"{slug}.lexicon.tsv"

    def script(self, slug: str) -> Path:
        """The script of a bulletin."""
        return self.root / "scripts" / f"{slug}.md"

    def drawer(self, slug: str) -> Path:
        """What the desk keeps of a script: earlier versions, signatures."""
        return self.root / "scripts" / ".desk" / slug

    @property
    def feeds(self) -> Path:
        """What was taken of the feeds that articles come from."""
        return self.root / "seeds" / ".feeds.json"

    def recordings(self, slug: str) -> Path:
        """The folder with one recording for each section."""
        return self.root / "audio" / slug

    def bulletin(self, slug: str) -> Path:
        """The folder of a finished bulletin."""
        return self.root / "output" / slug

    @property
    def site(self) -> Path:
        """What is published: every bulletin's folder, the station's page and its feed."""
        return self.root / "output"

    def verdict(self, slug: str) -> Path:
        """What the last verification of a bulletin found."""
        return self.root / "output" / ".bobao" / "verified" / f"{slug}.json"

    def report(self, slug: str) -> Path:
        """The page that a verification writes, beside the script: no part of what is published."""
        return self.root / "scripts" / f"{slug}.verify.html"

    def withdrawn(self, slug: str) -> Path:
        """Where a bulletin is put that was taken off the site; it is made when first needed."""
        return self.root / "output" / ".withdrawn" / slug

    def relative(self, path: Path) -> str:
        """`path` as a person in the workspace would write it, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.name

    def articles(self) -> tuple[Path, ...]:
        """The articles in `seeds/` and the folders in it, sorted folder by folder."""
        return tuple(articles_below(self.seeds))

    def source_of(self, article: Path) -> str:
        """What a script names its article by: the way to it from the workspace."""
        try:
            way = os.path.relpath(article.resolve(), self.root.resolve())
        except ValueError:  # on another drive
            return article.name
        return readable(Path(way).as_posix())

    def article_of(self, source: str) -> Path | None:
        """The file that a script names as its article, if it is there.

        It may lie anywhere: who shows it asks whether it is in the workspace.
        """
        path = (self.root / source).resolve()
        return path if source and path.is_file() else None

    def scripts(self) -> tuple[str, ...]:
        """The slugs that have a script, sorted."""
        found = (self.root / "scripts").glob("*.md")
        return tuple(sorted(p.stem for p in found if p.name != "README.md"))

    def lexicon_slugs(self) -> tuple[str, ...]:
        """The slugs that have words of their own, their script made yet or not; sorted."""
        tail = self.article_lexicon("").name
        found = (self.root / "scripts").glob(f"?*{tail}")
        return tuple(sorted(path.name.removesuffix(tail) for path in found))

    def bulletins(self) -> tuple[str, ...]:
        """The slugs that have a finished bulletin, sorted."""
        found = (path.parent.name for path in self.site.glob("*/bulletin.json"))
        return tuple(sorted(name for name in found if not name.startswith(".")))  # being made

    def find(self, name: str, among: tuple[str, ...], what: str) -> str:
        """Resolve what a person typed (a path, a slug or the start of one) to one slug of `among`.

        Raises `BobaoError` when nothing or more than one fits.
        """
        typed = Path(name)
        for candidate in (name, typed.name, typed.stem, slug_of(typed)):
            if candidate in among:
                return candidate
        starts = [slug for slug in among if slug.startswith(typed.stem or name)]
        if len(starts) == 1:
            return starts[0]
        if starts:
            raise BobaoError(
                f"“{name}” could be any of: " + ", ".join(starts), advice="Type more of its name."
            )
        known = ", ".join(among) or "none yet"
        raise BobaoError(f"no {what} called “{name}”", advice=f"There are: {known}.")

    def find_seed(self, name: str) -> Path:
        """Resolve what a person typed to a seed: a path, or a name or its start in `seeds/`."""
        if Path(name).is_file():
            return Path(name)
        files = {path.name: path for path in reversed(self.articles())}  # the uppermost counts
        if name in files:
            return files[name]
        slugs: dict[str, Path] = {slug_of(p): p for p in files.values()}
        return slugs[self.find(name, tuple(slugs), "article")]


def slug_of(seed: Path) -> str:
    """The name under which everything made from a seed is filed: its own, without the suffix.

    Letters of any script are kept; blanks become hyphens. Forbidden characters never survive, so
    that no slug can leave its tray, and none has the name of what else lies in a tray.
    """
    slug = "-".join(safe_name(readable(seed.stem), fallback="article").split())
    return f"article-{slug}" if _TAKEN.fullmatch(slug) else slug


def locate(start: Path) -> Workspace:
    """Find the workspace that holds `start`: the nearest folder upwards with settings in it.

    Raises `BobaoError` when there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return Workspace(folder, settings.load(folder / CONFIG_NAME))
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.bobao" in project.read_text("utf-8", errors="replace"):
            return Workspace(folder, settings.load(project))
    raise BobaoError(
        NO_WORKSPACE,
        where=str(start),
        advice=f"Make one with `bobao init DIR`, or go into one (a folder with {CONFIG_NAME}).",
    )


def create(folder: Path) -> Workspace:
    """Make a workspace: the four trays, each with a note, and a commented `bobao.toml`.

    What is there already is left as it is. Raises `BobaoError` where it cannot be written.
    """
    for tray, note in TRAYS.items():
        readme = folder / tray / "README.md"
        if not readme.exists():
            write_text(readme, f"# {tray}\n\n{note}\n")
    path = folder / CONFIG_NAME
    if not path.exists():
        write_text(path, settings.template())
    return Workspace(folder, settings.load(path))
