"""Publishing: `output/` as a site that any static host can serve, with its feed.

output/*/bulletin.json ── catalogue ─▶ episodes (read anew only where one has changed)
                          state ─────▶ who is who: GUIDs, numbers, what was withdrawn
                          products ──▶ page, texts and book of each bulletin (one table)
                          station ───▶ the station's page and cover
                          show ──────▶ channel and items ─▶ bobao.publish.feed ─▶ checked, written
"""

from bobao.publish.run import publish, refresh
from bobao.publish.withdraw import restore, withdraw
from bobao.publish.work import Published

__all__ = ["Published", "publish", "refresh", "restore", "withdraw"]
