"""``bobao read``: how an article is understood."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bobao.commands.desk import Desk, at_desk
from bobao.model import Block


@click.command()
@click.argument("seed")
@click.option("--review", is_flag=True, help="Only what is doubtful, with the reason.")
@at_desk
def read(desk: Desk, seed: str, review: bool) -> None:
    """Show the blocks of SEED (a file, a name in seeds/, or - for standard input)."""
    from bobao.reading import read_article

    if seed == "-":
        article = read_article(sys.stdin.buffer.read(), "-")
    else:
        path = Path(seed) if Path(seed).is_file() else desk.workspace().find_seed(seed)
        article = read_article(path.read_bytes(), path.name)
    for block in article.blocks:
        if not review or block.confidence < 0.8:
            why = f"  ({block.confidence:.0%}: {block.reason})" if review else ""
            desk.console.say(f"{block.kind.value:9} {block.text}{why}")
    desk.console.result(
        {"title": article.title, "blocks": [_plain(block) for block in article.blocks]}
    )


def _plain(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
    return {**plain, "list": True} if block.list else plain
