"""The command line: `app` names the verbs and their modules; `console` is what they share."""

from bobao.cli.app import bobao, main, run

__all__ = ["bobao", "main", "run"]
