"""The label of synthetic content in a file's metadata, as GB 45438-2025 (appendix E) lays it down.

Field ``AIGC``, its value a JSON object with seven texts. ``Label`` is 1 for what is synthetic for
certain; the reserved codes are free for a service's own proof (a signature) and stay empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bobao.files import sha256

FIELD = "AIGC"


@dataclass(frozen=True, slots=True)
class Names:
    """A station's own names and numbers for the label; empty ones are filled in."""

    producer: str = ""
    produce_id: str = ""
    propagator: str = ""
    propagate_id: str = ""


@dataclass(frozen=True, slots=True)
class AigcLabel:
    """The seven values. Producer: who made it; propagator: who spreads it; with their numbers."""

    content_producer: str
    produce_id: str
    content_propagator: str
    propagate_id: str
    label: str = "1"
    reserved_code1: str = ""
    reserved_code2: str = ""

    def json(self) -> str:
        """The value of the field, in the order of the standard."""
        return json.dumps(
            {
                "Label": self.label,
                "ContentProducer": self.content_producer,
                "ProduceID": self.produce_id,
                "ReservedCode1": self.reserved_code1,
                "ContentPropagator": self.content_propagator,
                "PropagateID": self.propagate_id,
                "ReservedCode2": self.reserved_code2,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def label(names: Names, station: str, slug: str, takes: Iterable[str]) -> AigcLabel:
    """The label of a bulletin.

    Unless the station gives one, its number is made from the slug and the keys of its takes, so
    that another recording has another number and the same recording the same.
    """
    number = names.produce_id or f"{slug}-{sha256(chr(10).join(takes).encode('utf-8'))[:16]}"
    producer = names.producer or station
    return AigcLabel(
        content_producer=producer,
        produce_id=number,
        content_propagator=names.propagator or producer,
        propagate_id=names.propagate_id or number,
    )
