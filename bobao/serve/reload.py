"""A page that reloads itself when the bulletin behind it was made again.

Only what is served is changed, never a file: a script goes in before ``</body>``, and a page's own
Content-Security-Policy, if it has one, is widened to allow that script (by its hash) and the
connection on which the server tells of a new version.
"""

from __future__ import annotations

import html
import re

from bobao.publish import pages

EVENTS = "/.events"
"""Where the server tells of new versions: a hidden name, so never that of a file of the site."""

_META = re.compile(
    rb"""<meta\s[^>]*http-equiv\s*=\s*["']?content-security-policy["']?[^>]*>""", re.IGNORECASE
)
_CONTENT = re.compile(rb"""(\scontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_CLOSING = re.compile(rb"</body\s*>", re.IGNORECASE)


def reloading(page: bytes, version: str) -> bytes:
    """The page with the script; it reloads as soon as the server's version is not `version`."""
    script = (
        f'new EventSource("{EVENTS}").onmessage='
        f'function(e){{if(e.data!=="{version}")location.reload()}};'
    )
    tag = f"<script>{script}</script>".encode()
    page = _META.sub(lambda meta: _widened(meta[0], script), page)
    ends = [*_CLOSING.finditer(page)]
    at = ends[-1].start() if ends else len(page)
    return page[:at] + tag + page[at:]


def _widened(meta: bytes, script: str) -> bytes:
    def widen(match: re.Match[bytes]) -> bytes:
        policy = html.unescape(match[2][1:-1].decode("utf-8", "surrogateescape"))
        wider = html.escape(allowing(policy, script)).encode("utf-8", "surrogateescape")
        return match[1] + b'"' + wider + b'"'

    return _CONTENT.sub(widen, meta)


def allowing(policy: str, script: str) -> str:
    """A Content-Security-Policy (level 3) with `script` and connections to the page's own origin.

    A directive that is not there falls back on ``default-src``, so it is made from that.
    """
    rules: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        rules.setdefault(name.lower(), sources)
    rules.pop("", None)
    for name, source in (("script-src", pages.digest(script)), ("connect-src", "'self'")):
        now = rules.get(name, rules.get("default-src"))
        if now is None or (name == "script-src" and "'unsafe-inline'" in now):
            continue  # allowed already; and a hash would end that leave for the page's own scripts
        rules[name] = [*(each for each in now if each.lower() != "'none'"), source]
    return "; ".join(" ".join((name, *sources)) for name, sources in rules.items())
