"""``bobao serve``: the site on this machine, made again while a script is being edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bobao.cli.desk import Desk, at_desk

if TYPE_CHECKING:
    from bobao.serve.watch import Change
    from bobao.station.workspace import Workspace

PORT = 8000


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help=f"[{PORT}]; 0: any free.")
@click.option("--host", default="127.0.0.1", help="Address to serve on [127.0.0.1, this machine].")
@click.option("--open", "opened", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--live/--no-live",
    default=True,
    help="Make a bulletin again when its script changes, and reload the page [--live].",
)
@at_desk
def serve(desk: Desk, port: int, host: str, opened: bool, live: bool) -> None:
    """Serve the site in output/ on this machine until Ctrl-C.

    While it runs, a bulletin whose script is saved is recorded, mixed and published again, and the
    pages that are open reload.
    """
    from bobao.serve.live import Order, serve
    from bobao.serve.server import is_loopback

    workspace, note = desk.workspace(), desk.console.note
    if not is_loopback(host):
        note(f"warning: {host} can be reached by other machines; output/ is open to all of them")

    def ready(given: int) -> None:
        url = f"http://{address(host)}:{given}/"
        note(f"{url}  (Ctrl-C stops)")
        if not (workspace.site / "index.html").is_file():
            note("nothing is published yet: `bobao publish` makes the site")
        desk.console.result({"url": url})
        if opened:
            _open(url)

    def rebuild(changes: tuple[Change, ...]) -> None:
        make_again(desk, workspace, changes)

    try:
        serve(workspace, Order(host, port, rebuild if live else None, note, note, ready))
    except KeyboardInterrupt:
        note("stopped")


def address(host: str) -> str:
    """Write a host as it stands in a URL a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - not bound here, replaced
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def make_again(desk: Desk, workspace: Workspace, changes: tuple[Change, ...]) -> None:
    """Record and mix the bulletins whose script has changed, then publish."""
    from bobao import pipeline, publish
    from bobao.serve.watch import Cause
    from bobao.station.workspace import locate

    workspace = locate(workspace.root)  # the settings may have been edited too
    for change in changes:
        if change.cause is Cause.SCRIPT:
            choices = pipeline.Choices()
            pipeline.voice(workspace, change.slug, choices, desk.console.progress)
            pipeline.mix(workspace, change.slug, choices, desk.console.progress)
    done = publish.refresh(workspace)
    if done.faults:
        raise done.faults[0]


def _open(url: str) -> None:
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
