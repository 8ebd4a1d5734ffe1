"""Options with a fixed set of values. Discord offers the choices; anything else that arrives is refused, not trusted."""

from enum import StrEnum
from typing import TypeVar

from discord.app_commands import Choice

from domain.errors import InvalidInput

E = TypeVar("E", bound=StrEnum)


def choices(kind: type[StrEnum]) -> list[Choice[str]]:
    """One choice for each value, called what it is called in the contract."""
    return [Choice(name=value.value, value=value.value) for value in kind]


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
