"""Publishing: `output/` as a site that any static host can serve, with its feed.

output/*/bulletin.json ── catalogue ─▶ episodes (read again only where one has changed)
                          register ──▶ who is who: GUIDs, numbers, what was withdrawn
                          outputs ───▶ the files of each bulletin: one table
                          site ──────▶ the station's address, its masthead, a bulletin's slot
                          feed ──────▶ the podcast feed; feedcheck holds it against data/rules.tsv
"""

from bobao.publish.register import restore, withdraw
from bobao.publish.run import Published, publish, refresh
from bobao.publish.siteplan import Held

__all__ = ["Held", "Published", "publish", "refresh", "restore", "withdraw"]
