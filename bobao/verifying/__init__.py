"""Proving a finished bulletin: `bobao.verifying.verify.verify`.

`gather` reads and hears everything into `Evidence`; the `checks` are pure functions from it to
findings; `wording` and `page` say them.
"""
