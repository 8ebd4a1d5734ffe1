"""How values cross between rows and the domain: times as integer microseconds, When as three columns."""

from datetime import UTC, datetime, timedelta

from domain.when import Precision, When
from storage.database import Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """An aware time as microseconds since 1970 (UTC)."""
    return (at - _EPOCH) // _MICROSECOND


def to_us_or_none(at: datetime | None) -> int | None:
    """`to_us`, with None for no time."""
    return None if at is None else to_us(at)


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


def when_from(precision: str | None, at: int | None, net: int) -> When | None:
    """The inverse of `when_columns`."""
    if precision is None:
        return None
    return When(from_us_or_none(at), Precision(precision), bool(net))
