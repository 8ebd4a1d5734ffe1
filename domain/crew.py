"""People, and which seats they hold."""

from dataclasses import dataclass

ROLE_MAX = 60
ALSO_MAX = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who flies. `also` are other spellings of the name; any of them finds the person."""

    id: int
    name: str
    agency: str | None = None
    also: tuple[str, ...] = ()
