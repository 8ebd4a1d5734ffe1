"""The tone of a card, by what it tells of a pad. Pure."""

from cogs.render.card import Tone
from domain.pads import PadStatus

STATUS_TONES = {
    PadStatus.OPERATIONAL: Tone.GOOD,
    PadStatus.RESTRICTED: Tone.WARNING,
    PadStatus.OUT_OF_SERVICE: Tone.BAD,
}
