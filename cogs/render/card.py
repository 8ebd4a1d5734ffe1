"""What a message shows, before it is Discord's: a card of text. Pure values, so that they can be compared in tests."""

from dataclasses import dataclass, field
from enum import Enum


class Tone(Enum):
    """How a card feels. It becomes a colour, and the title says the same in words: colour is never the only sign."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of a card."""

    name: str
    value: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a card. `action` and `argument` become its custom_id, so that it outlives a restart."""

    label: str
    action: str
    argument: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One message: a title, text, fields, a footer, buttons, and the SHA-256 of pictures to show (the first one large)."""

    title: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    tone: Tone = Tone.NEUTRAL
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of any length, to be shown in pages. `empty` is the sentence for no entries."""

    title: str
    entries: tuple[str, ...]
    empty: str
    footer: str = ""
    tone: Tone = Tone.NEUTRAL
    lead: str = field(default="")
