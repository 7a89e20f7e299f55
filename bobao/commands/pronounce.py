"""``bobao pronounce``: a filter, one line out for one line in."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--explain", is_flag=True, help="Name the source of each reading.")
@click.option("--citation", is_flag=True, help="Dictionary readings, before tone sandhi.")
def pronounce(explain: bool, citation: bool) -> None:
    """Read lines of spoken Chinese, print pinyin with tone digits, one syllable a hanzi."""
    from bobao.pronounce import pronounce as sounds_of

    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        heard = [s for s in sounds_of(line) if s.pinyin]
        click.echo(" ".join(s.citation if citation else s.pinyin for s in heard))
        for s in heard if explain else ():
            click.echo(f"  {s.text} {s.pinyin}  [{s.source}, {s.confidence:.2f}]")
