"""``bobao normalise``: a filter, one line out for one line in."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--explain", is_flag=True, help="Show each change: written, spoken, class, rule.")
@click.option("--json", "as_json", is_flag=True, help="Print the spans of each line as JSON.")
def normalise(explain: bool, as_json: bool) -> None:
    """Read lines of written Chinese, print what a newsreader would say."""
    from bobao import normalise as normaliser

    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        spans = normaliser.normalise(line)
        if as_json:
            click.echo(json.dumps([[s.written, s.spoken] for s in spans], ensure_ascii=False))
        elif explain:
            click.echo("".join(s.spoken for s in spans))
            for c in normaliser.explain(line):
                click.echo(f"  {c.written} → {c.spoken or '（不读）'}  [{c.kind}: {c.rule}]")
        else:
            click.echo("".join(s.spoken for s in spans))
