"""The command line: `app` has the verbs, each a module here; what they share is in `desk`."""

from bobao.cli.app import bobao, main, run

__all__ = ["bobao", "main", "run"]
