"""edge-tts pointed at an address, with the certificates to trust there.

The client has both in globals of its modules and no other way to be told. So that two engines of
one process can ask two services side by side, each has copies of those modules for itself.
"""

from __future__ import annotations

import importlib.util
import ssl
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bobao.errors import BobaoError
from bobao.files import installing


@dataclass(frozen=True, slots=True)
class Aimed:
    """The client for one address: its class for speech, its function for the list of voices.

    `address` is that of the WebSocket, to look up the proxy for.
    """

    address: str
    communicate: Any
    list_voices: Any


def aimed(url: str, context: ssl.SSLContext) -> Aimed:
    """The client for the service at `url` (empty: Microsoft's), trusting `context`."""
    from edge_tts import constants

    base = url or f"https://{constants.BASE_URL}"
    token = constants.TRUSTED_CLIENT_TOKEN
    address = f"ws{base.removeprefix('http')}/edge/v1?TrustedClientToken={token}"
    communicate, voices = _copy("edge_tts.communicate"), _copy("edge_tts.voices")
    for module in (communicate, voices):
        vars(module)["_SSL_CTX"] = context
    vars(communicate)["WSS_URL"] = address
    vars(voices)["VOICE_LIST"] = f"{base}/voices/list?trustedclienttoken={token}"
    return Aimed(address, communicate.Communicate, voices.list_voices)


def _copy(name: str) -> ModuleType:
    """A module of edge-tts, executed anew; what it imports from its package is shared."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise BobaoError("edge-tts is not installed as it should be", advice=installing("edge-tts"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
