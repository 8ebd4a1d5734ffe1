"""A planned time, as exact as it is known. "July 2026" is not midnight on the first of July, and "no earlier than" is not "on".

The precisions follow the `net_precision` vocabulary of Launch Library 2 (second … year); *unknown* means "there will be
such an event, it has no date yet", which is not the same as there being no event.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain.errors import InvalidInput

EARLIEST_YEAR = 1957
LATEST_YEAR = 2200


class Precision(StrEnum):
    """How exactly a planned time is known, finest first."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """0 for the finest; larger is coarser."""
        return _RANK[self]

    def is_at_least(self, other: "Precision") -> bool:
        """True when this is as fine as `other` or finer."""
        return self.rank <= other.rank


_RANK = {precision: rank for rank, precision in enumerate(Precision)}
_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}
_SPANS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.WEEK: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class When:
    """A planned time: the interval [opens_at, closes_at) in UTC, cut to `precision`.

    `at` is the start of the interval and is None exactly when the precision is unknown. With `no_earlier_than`, the
    interval has no end. A day is a UTC day.
    """

    at: datetime | None
    precision: Precision
    no_earlier_than: bool = False

    def __post_init__(self) -> None:
        if (self.at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("a When has an instant exactly when its precision is known")
        if self.at is not None and self.at != floor(self.at, self.precision):
            raise ValueError(f"{self.at} does not start a {self.precision}")

    @property
    def is_known(self) -> bool:
        """False for "no date yet"."""
        return self.at is not None

    @property
    def opens_at(self) -> datetime | None:
        """The first instant at which it may happen; None without a date."""
        return self.at

    @property
    def closes_at(self) -> datetime | None:
        """The first instant at which the stated interval is over; None when it has no end (NET, or no date)."""
        if self.at is None or self.no_earlier_than:
            return None
        return interval_end(self.at, self.precision)

    @property
    def stated_end_at(self) -> datetime | None:
        """Where the named interval ends even under "no earlier than"; None without a date."""
        return None if self.at is None else interval_end(self.at, self.precision)

    def certainly_before(self, other: "When") -> bool:
        """True when every instant of this lies before every instant of `other` (second-precise ties are not before)."""
        return self.closes_at is not None and other.opens_at is not None and self.closes_at <= other.opens_at

    def possibly_before(self, other: "When") -> bool:
        """True when some instant of this lies before some instant of `other`."""
        if self.opens_at is None or other.opens_at is None:
            return True
        return other.closes_at is None or self.opens_at < other.closes_at


UNKNOWN = When(None, Precision.UNKNOWN)


def exactly(at: datetime) -> When:
    """A When for a known instant, to the second."""
    return When(floor(at, Precision.SECOND), Precision.SECOND)


def at_precision(at: datetime, precision: Precision, *, no_earlier_than: bool = False) -> When:
    """Cut `at` down to `precision`. Raises InvalidInput outside the years this house keeps."""
    checked_instant(at)
    return When(floor(at, precision), precision, no_earlier_than)


def checked_instant(at: datetime) -> datetime:
    """Return `at` in UTC; raise InvalidInput outside the years EARLIEST_YEAR to LATEST_YEAR, ValueError when it is naive."""
    if at.tzinfo is None:
        raise ValueError("a naive time reached the domain")
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise InvalidInput("when_out_of_range", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    return at.astimezone(UTC)


def floor(at: datetime, precision: Precision) -> datetime:
    """The start of the `precision` interval that holds `at`. Weeks start on Monday (ISO 8601)."""
    at = at.astimezone(UTC)
    match precision:
        case Precision.SECOND | Precision.UNKNOWN:
            return at.replace(microsecond=0)
        case Precision.MINUTE:
            return at.replace(second=0, microsecond=0)
        case Precision.HOUR:
            return at.replace(minute=0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    match precision:
        case Precision.DAY:
            return day
        case Precision.WEEK:
            return day - timedelta(days=day.weekday())
    months = _MONTHS[precision]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def interval_end(start: datetime, precision: Precision) -> datetime:
    """The first instant after the `precision` interval that begins at `start`."""
    if precision in _SPANS:
        return start + _SPANS[precision]
    month = start.month - 1 + _MONTHS[precision]
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)


def days_between(earlier: datetime, later: datetime) -> int:
    """Whole UTC calendar days from one instant's day to the other's; negative when `later` is earlier."""
    return (later.astimezone(UTC).date() - earlier.astimezone(UTC).date()).days
