"""Planning: what producing some articles comes to, told before any work is done.

articles ── produce.prepared ─▶ scripts, in memory
            lengths ──────────▶ how long each will be: takes there are, else the usual pace
            plan ─────────────▶ for each article: characters, minutes, disk, requests
"""
