"""Proving a finished bulletin: `bobao.verify.verify.verify`.

`gather` reads and hears everything into `Evidence`; the `checks` are pure functions from it to
findings; `wording` and `page` say them.
"""
