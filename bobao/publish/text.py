"""Text made safe for where it goes; times, days, sizes and addresses as they are written."""

from __future__ import annotations

import datetime
import json
import re
from html import escape
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bobao.errors import BobaoError

_BLANK = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]")
_NONCHARACTERS = "".join(f"{chr(p << 16 | 0xFFFE)}{chr(p << 16 | 0xFFFF)}" for p in range(17))
_NOT_HTML = re.compile(
    rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_RSS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""What XML 1.0 cannot hold or discourages (section 2.2)."""
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Overrides and isolates of the direction: they would turn round what is shown after them."""
_MARKUP = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)

# ── Pages ───────────────────────────────────────────────────────────────────────────────────────


def clean(text: str) -> str:
    """`text` as HTML may hold it: no controls, no characters that are none, no bidi overrides.

    Line breaks and tabs become blanks. Marks that a script needs (joiners, LRM, RLM) stay; each
    title and sentence is set apart by ``unicode-bidi: isolate``, so they reorder nothing else.
    """
    if text.isprintable():
        return text
    return _NOT_HTML.sub("\ufffd", TURNING.sub("", _BLANK.sub(" ", text)))


def url(path: str) -> str:
    """A relative path as a relative URL, whatever its name is: it can be no scheme or host."""
    parts = [part for part in path.split("/") if part]
    return quote("/".join(parts), safe="/", errors="replace")


def folder(path: str) -> str:
    """The folder of a relative path as a relative URL that ends in ``/``; empty for none."""
    above = path.rpartition("/")[0]
    return f"{url(above)}/" if above else ""


def data(value: Any) -> str:
    """JSON for a ``script`` element: nothing in it can end or open one (HTML, "script data")."""
    made = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return made.translate(_MARKUP)


# ── Books and feeds ─────────────────────────────────────────────────────────────────────────────


def xml_text(text: str) -> str:
    """`text` with every character that XML cannot hold (XML 1.0, production 2) as U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def xml_line(text: str) -> str:
    """The same for a place that holds one line, with blanks as single spaces."""
    return " ".join(xml_text(text).split())


def rss_text(text: str) -> str:
    """`text` without what XML cannot hold or players turn round; line breaks are kept."""
    plain = _NOT_RSS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return TURNING.sub("", plain).strip()


def rss_line(text: str, most: int = 255) -> str:
    """`text` on one line, of at most `most` characters; what is cut off is shown as “…”.

    255 are what PSP-1 and Apple allow where they say nothing else.
    """
    line = " ".join(rss_text(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def rss_title(text: str) -> str:
    """`text` as a title, which some readers take for HTML: a tag in it is made plain characters."""
    line = rss_line(text)
    return line.translate(str.maketrans("<>", "＜＞")) if re.search(r"<[A-Za-z/!?]", line) else line


def html(text: str) -> str:
    """`text` between tags of HTML, without a ``]]>`` that would end a CDATA section."""
    return escape(rss_text(text), quote=False)


def rss_paragraph(text: str, most: int = 4000) -> str:
    """`text` as HTML of at most `most` bytes of UTF-8; what is cut off is shown as “…”.

    A description is HTML to most readers (RSS Advisory Board, best practices), so that a bare
    ``<`` in it would be lost.
    """
    whole = rss_text(text)
    if len(html(whole).encode("utf-8")) <= most:
        return html(whole)
    fits, kept = most - len("…".encode()), 0
    for character in whole:
        fits -= len(escape(character, quote=False).encode("utf-8"))
        if fits < 0:
            break
        kept += 1
    return html(whole[:kept]) + "…"


def link(label: str, address: str) -> str:
    """An anchor of HTML."""
    return f'<a href="{escape(rss_text(address))}">{html(label)}</a>'


# ── Times, days, sizes ──────────────────────────────────────────────────────────────────────────


def stamp(ms: int) -> str:
    """``00:01:23.450``, hours always: WebVTT, and normal play time (RFC 2326, 3.6)."""
    return f"{clock(ms)}.{ms % 1000:03}"


def clock(ms: int) -> str:
    """``00:01:23``, rounded down, so that nothing is missed."""
    minutes, second = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{second:02}"


def short_clock(ms: int) -> str:
    """``1:23``, ``1:02:03``: the same without needless zeros."""
    return re.sub(r"^(00:0?|0)", "", clock(ms))


def smil_clock(ms: int) -> str:
    """A full clock value of SMIL 3.0: ``0:01:23.450``."""
    return stamp(ms).removeprefix("0")


def length(ms: int) -> str:
    """``9 分 58 秒``; from an hour on without seconds: ``1 小时 2 分``. Rounded down."""
    hours, minutes, seconds = map(int, clock(ms).split(":"))
    parts = [f"{hours} 小时" if hours else "", f"{minutes} 分" if minutes else ""]
    if not hours and (seconds or not minutes):
        parts.append(f"{seconds} 秒")
    return " ".join(filter(None, parts))


def seconds(ms: int) -> str:
    """Seconds without needless zeros: ``83``, ``83.5``, ``83.46``."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


def iso_length(ms: int) -> str:
    """``PT9M58S`` (ISO 8601, as schema.org and HTML's ``time`` ask)."""
    return f"PT{(ms + 500) // 1000}S"


def iso_time(ms: int) -> str:
    """``PT83.46S``: a time in a recording, exact."""
    return f"PT{seconds(ms)}S"


def day(date: str) -> datetime.date | None:
    """The day of an ISO date; None for anything else."""
    try:
        return datetime.date.fromisoformat(date[:10])
    except ValueError:
        return None


def written_day(date: str) -> str:
    """``2026年11月22日 星期日``; what is no date stays as it is."""
    found = day(date)
    if found is None:
        return date
    return f"{found.year}年{found.month}月{found.day}日 星期{'一二三四五六日'[found.weekday()]}"


def size(count: int) -> str:
    """``4.9 MB``, ``13 KB``: decimal units, as file managers and phones now show."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000))} KB"


# ── Addresses of the site ───────────────────────────────────────────────────────────────────────

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def base(url: str) -> str:
    """The address of the site's root with a slash at its end; empty stays empty.

    Raises `BobaoError` for what is no address of the web.
    """
    text = url.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
        host = parts.hostname or ""
        place = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
        place += f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        fits, place = False, ""
    plain = _HOST.fullmatch(place) is not None
    if not (fits and plain) or parts.query or parts.fragment or "@" in parts.netloc:
        raise BobaoError(
            f"“{text[:200]}” cannot be the address of a site",
            where="[station] site",
            advice="Write it like https://example.org/podcast/, where output/ will be published.",
        )
    path = quote(unquote(parts.path).rstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{parts.scheme}://{place}{path}/"


def lasting(root: str) -> bool:
    """Whether a site's address is worth remembering: not that of a trial on one's own machine."""
    host = urlsplit(root).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return bool(host) and host != "localhost" and not host.endswith(".localhost")


def address(root: str, *names: str) -> str:
    """The URL of a file below `root`; all but letters and digits of ASCII as ``%XX``."""
    return root + "/".join(quote(part, safe="") for name in names for part in name.split("/"))
