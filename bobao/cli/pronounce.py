"""``bobao pronounce``: a filter, one line out for one line in."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--explain", is_flag=True, help="Name the source of each reading.")
@click.option("--surface", is_flag=True, help="As said, after tone sandhi and 儿化.")
def pronounce(explain: bool, surface: bool) -> None:
    """Read lines of spoken Chinese, print pinyin with tone digits, one syllable a hanzi.

    A hanzi that no table knows gives ``?``.
    """
    from bobao.pronounce import pronounce as sounds_of
    from bobao.pronounce import syllables

    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        sounds = sounds_of(line, unknown="?")
        click.echo(" ".join(syllables(sounds, surface=surface)))
        for s in (s for s in sounds if s.pinyin and explain):
            click.echo(f"  {s.text} {s.citation} {s.pinyin}  [{s.source}, {s.confidence:.2f}]")
