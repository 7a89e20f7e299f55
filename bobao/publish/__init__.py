"""Publishing: `output/` as a site that any static host can serve, with its feed.

output/*/bulletin.json ── catalogue ─▶ episodes (read again only where one has changed)
                          register ──▶ who is who: GUIDs, numbers, what was withdrawn
                          siteplan ──▶ what the site should have, each file with its key
                          outputs ───▶ the files of each bulletin: one table
                          making ────▶ files, only where they are missing or stale
                          feed ──────▶ the podcast feed; feedcheck holds it against data/rules.tsv
"""

from bobao.publish.register import restore, withdraw
from bobao.publish.run import Published, publish, refresh
from bobao.publish.siteplan import Held

__all__ = ["Held", "Published", "publish", "refresh", "restore", "withdraw"]
