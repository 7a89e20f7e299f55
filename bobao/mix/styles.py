"""How a bulletin is spoken, by name: pace, breath, pauses, tone and loudness in one table.

`news` is for a listener with headphones or a car radio: the voice's own pace, about 265 characters
a minute, as China National Radio reads its morning news today (250 to 270).

`slow` is for elderly listeners: about 215 characters a minute. That programme was read at 200 to
220 in the 1980s, a pace they grew up with. Fast speech costs older listeners more than younger ones
(Stine, Wingfield and Poon, Psychology and Aging 1986), and time given back at the ends of clauses
and sentences does more for them than the same time anywhere else (Wingfield, Tun, Koh and Rosen,
Psychology and Aging 1999): so the words are slowed a little, and the pauses are lengthened a lot.
Hearing that fades with age loses the consonants between 2 and 6 kHz first (ISO 7029) and bears
less difference between soft and loud: a gentle lift there, and more compression.

`loudspeaker` is for horns on poles. Sound of the next pole, 170 m away, arrives half a second late:
short stretches with rests let it die away, at about 190 characters a minute; in the 1960s, when
villages listened to wired horns, the same programme was read at 185. A horn gives nothing back
below about 300 Hz, where power only drives it into distortion, so that is taken out;
intelligibility hangs most of all on the octave at 2 kHz (the weights of IEC 60268-16), so that is
lifted; wind and tractors hide soft syllables, so it is compressed hard and is 3 LU louder than the
station's other bulletins. The first pause gives amplifiers that wake up at a signal time to do so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bobao.errors import BobaoError
from bobao.mix.master import GENTLE, Mastering
from bobao.mix.pauses import Pauses
from bobao.voices.delivery import WHOLE, Breath


@dataclass(frozen=True, slots=True)
class Style:
    """A way to speak.

    `rate` is the pace (1.0: the voice's own), which a rate that a person asks for is multiplied
    with; `louder` is LU over the station's loudness.
    """

    name: str
    rate: float = 1.0
    breath: Breath = WHOLE
    pauses: Pauses = field(default_factory=Pauses)
    mastering: Mastering = GENTLE
    louder: float = 0.0


NEWS = Style("news")

_SLOW = Style(
    "slow",
    rate=0.85,
    breath=Breath(longest=32, rest_ms=350),
    pauses=Pauses(
        lead=300,
        after_sting=500,
        sentence=850,
        row=850,
        subhead=1000,
        paragraph=1200,
        aside=1300,
        before_subhead=1500,
        heading=1500,
        chapter=1600,
    ),
    mastering=Mastering(
        tone="equalizer=f=3500:t=o:w=1.5:g=3,", threshold=-22.0, ratio=3.5, release=200, gain=7.2
    ),
)

_LOUDSPEAKER = Style(
    "loudspeaker",
    rate=0.82,
    breath=Breath(longest=20, rest_ms=650),
    pauses=Pauses(
        start=1000,
        lead=300,
        after_sting=700,
        sentence=1200,
        row=1200,
        subhead=1300,
        paragraph=1400,
        aside=1500,
        before_subhead=1600,
        heading=1600,
        chapter=1600,
    ),
    mastering=Mastering(
        tone="highpass=f=300:p=2,equalizer=f=2400:t=o:w=1.6:g=4,",
        threshold=-28.0,
        ratio=6.0,
        attack=1,
        release=50,
        gain=15.0,
    ),
    louder=3.0,
)

STYLES = {style.name: style for style in (NEWS, _SLOW, _LOUDSPEAKER)}
"""Every style by its name."""


def style(name: str) -> Style:
    """The style of that name. Raises `BobaoError` for a name that none has."""
    if name not in STYLES:
        raise BobaoError(f"there is no style “{name}”", advice=f"Choose of {', '.join(STYLES)}.")
    return STYLES[name]


Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that is told: done, in all, a remark."""
LOUDEST = -14.0
"""LUFS of the one channel: nothing is made louder, whatever style and settings add up to."""


@dataclass(frozen=True, slots=True)
class Names:
    """A station's own names and numbers for the AIGC label; empty ones are filled in."""

    producer: str = ""
    produce_id: str = ""
    propagator: str = ""
    propagate_id: str = ""


@dataclass(frozen=True, slots=True)
class MixOptions:
    """Everything that decides a mix beside the script and its takes.

    `loudness` is LUFS of the one channel, to which the style adds its own; `bitrate` is kbit/s,
    `stings` the folder with the stings or None for none, `label` None for no AIGC label, `cover` a
    PNG or JPEG of the station or None for a drawn one. `instead_of` names the engine that was asked
    for and gave up. `workers` chapters are measured at once.
    """

    engine: str
    engine_version: str
    voice: str
    instead_of: str = ""
    style: Style = NEWS
    station: str = "播报"
    author: str = ""
    loudness: float = -19.0
    bitrate: int = 64
    stings: Path | None = None
    cover: Path | None = None
    label: Names | None = field(default_factory=Names)
    workers: int = 2

    @property
    def target(self) -> float:
        """How loud the bulletin and each of its chapters shall be: LUFS of the one channel."""
        return target(self.loudness, self.style)


def target(loudness: float, style: Style) -> float:
    """How loud a bulletin of a style is made where the settings ask for `loudness`; in LUFS."""
    return min(loudness + style.louder, LOUDEST)
