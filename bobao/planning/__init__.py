"""Planning: what producing some articles comes to, told before any work is done.

articles ── produce.prepared ─▶ scripts, in memory
            lengths ──────────▶ how long each will be: takes there are, and a voice's pace
            machine ──────────▶ what speaking and finishing cost here, by one sentence said
            plan ─────────────▶ for each article: characters, minutes, work, disk, requests
"""
