"""From what a person typed to articles: files, folders, names in seeds/, addresses of the web."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bobao.errors import BobaoError
from bobao.station.seeds import articles_below, beside_articles
from bobao.station.workspace import TRAYS, Workspace


def articles(workspace: Workspace, typed: Sequence[str]) -> list[Path]:
    """The articles meant by files, folders and names, each once; all of `seeds/` by none.

    A folder means all that is below it, but never what bobao made: the other trays.
    Raises `BobaoError` for what is not there, an address, and where there is none at all.
    """
    meant = (path for each in typed for path in _meant(workspace, each))
    found = list({path.resolve(): path for path in meant}.values())
    if not typed:
        found = list(workspace.articles())
    if not found:
        where = str(Path(*typed[:1])) if typed else str(workspace.seeds)
        raise BobaoError("there is no article", where=where, advice="Put one into seeds/.")
    return found


def passed_over(workspace: Workspace, typed: Sequence[str]) -> str:
    """What is said of the files in the folders meant that are no articles; nothing of none."""
    folders = [Path(each) for each in typed if Path(each).is_dir()]
    names = [
        path.name
        for folder in (folders if typed else [workspace.seeds])
        for path in beside_articles(folder)
    ]
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"no articles, passed over: {', '.join(names[:3])}{more}"


def fetched(
    workspace: Workspace, typed: Sequence[str], *, private: bool
) -> tuple[list[str], dict[str, BobaoError]]:
    """What was typed with addresses of the web, and “-”, replaced by files in `seeds/`.

    An address of which nothing came is left out, and told with what was wrong. `private` allows
    addresses of one's own network.
    """
    from bobao.reading.addresses import is_url
    from bobao.reading.seeds import STANDARD_INPUT, seed_of

    names: list[str] = []
    faults: dict[str, BobaoError] = {}
    for each in typed:
        try:
            outside = is_url(each) or each == STANDARD_INPUT
            names.append(str(seed_of(workspace, each, private=private)) if outside else each)
        except BobaoError as error:  # noqa: PERF203 - each round asks a server
            faults[each] = error
    return names, faults


def _meant(workspace: Workspace, typed: str) -> Iterator[Path]:
    from bobao.reading.addresses import is_url

    if is_url(typed):
        raise BobaoError(
            "nothing is fetched for this",
            where=typed,
            advice="`bobao draft URL` puts the article into seeds/: then name it.",
        )
    if Path(typed).is_dir():
        trays = [workspace.root.resolve() / tray for tray in TRAYS if tray != "seeds"]
        for path in articles_below(Path(typed)):
            if not any(path.resolve().is_relative_to(tray) for tray in trays):
                yield path
    else:
        yield workspace.find_seed(typed)
