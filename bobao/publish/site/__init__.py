"""The station's site: a page for each bulletin, read along as it is heard, and their list.

    bulletin ── layout ───▶ headings, paragraphs, tables, captions as the author wrote them
             ── timeline ─▶ when each sentence and word is heard, as data in the page
             ── links ────▶ what can be taken along; the bulletin's entry in the list
             ── render ───▶ one self-contained HTML page (templates/, no request leaves it)

Pure: values in, text out. Whoever publishes puts the text into files.
"""

from bobao.publish.site.links import entry_of, links_of, summary
from bobao.publish.site.plain import render_text
from bobao.publish.site.render import render_index, render_page, render_transcript
from bobao.publish.site.values import Download, Entry, Links, Neighbour, Site

__all__ = [
    "Download",
    "Entry",
    "Links",
    "Neighbour",
    "Site",
    "entry_of",
    "links_of",
    "render_index",
    "render_page",
    "render_text",
    "render_transcript",
    "summary",
]
