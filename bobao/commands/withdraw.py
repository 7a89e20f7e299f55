"""``bobao withdraw SLUG``: a bulletin off the site."""

from __future__ import annotations

import click

from bobao.commands.desk import Desk, at_desk
from bobao.commands.publish import plain_published, show_published


@click.command()
@click.argument("slug")
@at_desk
def withdraw(desk: Desk, slug: str) -> int:
    """Take the bulletin SLUG off the site and the feed.

    Its folder is moved to output/.withdrawn/. Its GUID stays retired: a later article of the same
    name is a new episode. The copies that a web server or a listener has are for you to remove.
    """
    from bobao.publish import refresh
    from bobao.publish import withdraw as take_off

    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    place = take_off(workspace, slug)
    desk.console.note(f"{slug}: withdrawn, kept in {workspace.relative(place)}")
    done = refresh(workspace, desk.console.progress)
    show_published(desk, workspace.relative(workspace.site), done)
    desk.console.result({"withdrawn": slug, "kept": str(place), **plain_published(done)})
    return 0 if done.whole else 1
