"""``bobao withdraw SLUG`` and ``bobao restore SLUG``: a bulletin off the site, and back."""

from __future__ import annotations

import click

from bobao.cli.desk import Desk, at_desk
from bobao.cli.publish import plain_published, show_published
from bobao.station.workspace import Workspace


@click.command()
@click.argument("slug")
@at_desk
def withdraw(desk: Desk, slug: str) -> int:
    """Take the bulletin SLUG off the site and the feed.

    Its folder is moved to output/.withdrawn/; `bobao restore SLUG` puts it back. While it is away a
    later article of the same name is a new episode. The copies that a web server or a listener has
    are for you to remove.
    """
    from bobao.publish import withdraw as take_off

    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    place = take_off(workspace, slug)
    desk.console.note(f"{slug}: withdrawn, kept in {workspace.relative(place)}")
    return _followed(desk, workspace, {"withdrawn": slug, "kept": str(place)})


@click.command()
@click.argument("slug")
@at_desk
def restore(desk: Desk, slug: str) -> int:
    """Put the bulletin SLUG back that was withdrawn, under the GUID, number and date it had."""
    from bobao.publish import restore as put_back

    workspace = desk.workspace()
    slug = put_back(workspace, slug)
    desk.console.note(f"{slug}: restored")
    return _followed(desk, workspace, {"restored": slug})


def _followed(desk: Desk, workspace: Workspace, told: dict[str, str]) -> int:
    """Bring the site up to date with what was done to it."""
    from bobao.publish import refresh

    done = refresh(workspace, desk.console.progress)
    show_published(desk, workspace.relative(workspace.site), done)
    desk.console.result({**told, **plain_published(done)})
    return 0 if done.whole else 1
