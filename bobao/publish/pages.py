"""Pages from templates: all text escaped, every name known, nothing loaded but what is allowed.

A page's Content-Security-Policy (CSP Level 3) forbids everything and then allows by name; its own
style sheet and script by their SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # jinja2 is loaded where a page is made
    from jinja2 import Environment


def template(package: str, name: str) -> str:
    """The file ``templates/<name>`` of a package."""
    return resources.files(package).joinpath("templates").joinpath(name).read_text("utf-8")


def environment(package: str, **options: Any) -> Environment:
    """An environment for the templates of a package; `options` are Jinja's own, over these."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda name: template(package, name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


def policy(allowed: Mapping[str, str]) -> str:
    """A policy that allows what is given, directive by source, and nothing else."""
    return "; ".join(
        f"{what} {source}" for what, source in {"default-src": "'none'", **allowed}.items()
    )


def digest(text: str) -> str:
    """The source that allows an inline style sheet or script of exactly this text."""
    hashed = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(hashed).decode('ascii')}'"
