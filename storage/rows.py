"""How values cross between rows and the domain: times as integer microseconds, When as three columns, words as members of enums.

The same rows are read again and again, so what is made of a value that cannot change is made once: KEPT of each kind are kept.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from domain.when import Precision, When
from storage.database import Value

KEPT = 4096
E = TypeVar("E", bound=Enum)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """An aware time as microseconds since 1970 (UTC)."""
    return (at - _EPOCH) // _MICROSECOND


def to_us_or_none(at: datetime | None) -> int | None:
    """`to_us`, with None for no time."""
    return None if at is None else to_us(at)


@lru_cache(maxsize=KEPT)
def from_us(value: int) -> datetime:
    """The inverse of `to_us`."""
    return _EPOCH + timedelta(microseconds=value)


def from_us_or_none(value: int | None) -> datetime | None:
    """The inverse of `to_us_or_none`."""
    return None if value is None else from_us(value)


def when_columns(when: When | None) -> tuple[Value, Value, Value]:
    """(precision, at, net) of a When; all empty for "never planned"."""
    if when is None:
        return (None, None, 0)
    return (when.precision.value, to_us_or_none(when.at), int(when.no_earlier_than))


def members(kind: type[E]) -> Mapping[str, E]:
    """An enum's members by the words that columns hold. Much cheaper than asking the enum."""
    return MappingProxyType({member.value: member for member in kind})


@lru_cache(maxsize=KEPT)
def when_from(precision: str | None, at: int | None, net: int) -> When | None:
    """The inverse of `when_columns`."""
    if precision is None:
        return None
    return When(from_us_or_none(at), Precision(precision), bool(net))
