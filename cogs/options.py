"""Options with a fixed set of values, and what buttons name. What arrives and was never offered is refused, not trusted."""

from enum import StrEnum
from typing import TypeVar

from discord.app_commands import Choice

from cogs.descriptions import with_name
from cogs.render.subscriptions import TOPIC_MEANINGS
from domain.announcements import Topic
from domain.errors import InvalidInput, NotFound

E = TypeVar("E", bound=StrEnum)
_LARGEST = 2**63 - 1
_DIGITS_MAX = 19


def choices(kind: type[StrEnum]) -> list[Choice[str]]:
    """One choice for each value, called what it is called in the contract."""
    return [Choice(name=value.value, value=value.value) for value in kind]


def topic_choices() -> list[Choice[str]]:
    """The topics, each with what it carries: people choose knowing what they will hear."""
    return [Choice(name=with_name(topic.value, TOPIC_MEANINGS[topic]), value=topic.value) for topic in Topic]


def picked(kind: type[E], value: str, *, what: str) -> E:
    """The value that was chosen. Raises InvalidInput `choice_unknown` for anything that was never offered."""
    try:
        return kind(value)
    except ValueError:
        offered = ", ".join(known.value for known in kind)
        raise InvalidInput("choice_unknown", what=what, raw_text=value[:40], offered=offered) from None


def picked_or_none(kind: type[E], value: str | None, *, what: str) -> E | None:
    """`picked` for an option that may be left out."""
    return None if value is None else picked(kind, value, what=what)


def number_in(argument: str) -> int:
    """The number a button names. Raises NotFound `button_stale` for anything else."""
    number = int(argument) if argument.isascii() and argument.isdigit() and len(argument) <= _DIGITS_MAX else -1
    if not 0 <= number <= _LARGEST:
        raise NotFound("button_stale")
    return number
