"""How people write times: ISO forms, dates, months, quarters, "NET …", "in 3 days", "+2h", "12:28 MSK", "unknown".

Without a zone a time is UTC. A time without a date is today's, in the zone it names. Anything else is refused with
examples; nothing is guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from domain.errors import InvalidInput
from domain.when import UNKNOWN, Precision, When, at_precision, checked_instant

_MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        [
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ],
        start=1,
    )
    for name in names
}
# Abbreviations in use around launch operations. Ambiguous ones (IST, CST, BST) are left out on purpose.
_ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "msk": 180,
    "est": -300,
    "edt": -240,
    "pst": -480,
    "pdt": -420,
    "cet": 60,
    "cest": 120,
    "jst": 540,
}
_UNITS = {"m": "minutes", "min": "minutes", "mins": "minutes", "minute": "minutes", "minutes": "minutes", "h": "hours",
          "hr": "hours", "hrs": "hours", "hour": "hours", "hours": "hours", "d": "days", "day": "days", "days": "days",
          "w": "weeks", "week": "weeks", "weeks": "weeks"}  # fmt: skip
_RELATIVE_MAX_DAYS = 36_525

_NET = re.compile(r"^(?:net|no earlier than)\s+(.+)$")
_RELATIVE = re.compile(r"^(?:in\s+|\+\s*)((?:\d{1,6}\s*[a-z]+\s*)+)$")
_RELATIVE_PART = re.compile(r"(\d+)\s*([a-z]+)")
_YEAR = re.compile(r"^(\d{4})$")
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")
_QUARTER = re.compile(r"^(?:(\d{4})[ -]?q([1-4])|q([1-4]) (\d{4}))$")
_HALF = re.compile(r"^(?:(\d{4})[ -]?h([12])|h([12]) (\d{4}))$")
_WEEK = re.compile(r"^(\d{4})-?w(\d{1,2})$")
_MONTH_YEAR = re.compile(r"^([a-z]+)\.?,? (\d{4})$")
_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_MONTH_YEAR = re.compile(r"^(\d{1,2}) ([a-z]+)\.?,? (\d{4})$")
_MONTH_DAY_YEAR = re.compile(r"^([a-z]+)\.? (\d{1,2}),? (\d{4})$")
_CLOCK = re.compile(
    r"^(?P<day>.+?)?(?:t|[ ,]\s*|^)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<zone>\S.*)?$"
)
_OFFSET = re.compile(r"^(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$")


def parse_when(raw: str, now: datetime) -> When:
    """Read a planned time. Raises InvalidInput `when_unclear` (with the text) or a more exact code.

    Sources of the forms: ISO 8601 dates and weeks; the spellings of launch manifests ("NET 2026-03-22", "Q3 2026").
    """
    text = " ".join(raw.strip().casefold().split())
    if not text or len(text) > 60:
        raise InvalidInput("when_unclear", raw_text=raw[:60])
    if text in {"unknown", "tbd", "no date", "no date yet"}:
        return UNKNOWN
    if net := _NET.match(text):
        inner = parse_when(net[1], now)
        if not inner.is_known:
            raise InvalidInput("when_unclear", raw_text=raw[:60])
        return When(inner.at, inner.precision, no_earlier_than=True)
    try:
        found = _relative(text, now) or _interval(text, now) or _clock_time(text, now)
    except (ValueError, OverflowError):
        raise InvalidInput("when_impossible", raw_text=raw[:60]) from None
    if found is None:
        raise InvalidInput("when_unclear", raw_text=raw[:60])
    return found


def parse_instant(raw: str | None, now: datetime) -> datetime:
    """Read the time at which something happened; None means now. It needs a time of day and may not lie ahead of now."""
    if raw is None:
        return now.replace(microsecond=0)
    when = parse_when(raw, now)
    if when.at is None or when.no_earlier_than or not when.precision.is_at_least(Precision.MINUTE):
        raise InvalidInput("instant_needs_time", raw_text=raw[:60])
    if when.at > now + timedelta(minutes=1):
        raise InvalidInput("instant_in_future", raw_text=raw[:60])
    return when.at


def parse_stated(raw: str | None, now: datetime) -> When:
    """Read when a source said something, as exactly as that is known; None means now. It has a date, and not one ahead of now."""
    if raw is None:
        return at_precision(now, Precision.MINUTE)
    when = parse_when(raw, now)
    if when.at is None or when.no_earlier_than:
        raise InvalidInput("stated_needs_date", raw_text=raw[:60])
    if when.at > now + timedelta(minutes=1):
        raise InvalidInput("stated_in_future", raw_text=raw[:60])
    return when


def _relative(text: str, now: datetime) -> When | None:
    if text == "now":
        return at_precision(now, Precision.SECOND)
    if text in {"today", "tomorrow"}:
        return at_precision(now + timedelta(days=text == "tomorrow"), Precision.DAY)
    found = span_of(text)
    if found is None:
        return None
    total, is_in_days = found
    return at_precision(now + total, Precision.DAY if is_in_days else Precision.MINUTE)


def span_of(text: str) -> tuple[timedelta, bool] | None:
    """How far ahead "in 3 days" or "+2h 30m" (in small letters) is, and whether it counts in whole days; None for anything else.

    Raises ValueError beyond a century.
    """
    match = _RELATIVE.match(text)
    if match is None:
        return None
    total, is_in_days = timedelta(), True
    for amount, unit in _RELATIVE_PART.findall(match[1]):
        name = _UNITS.get(unit)
        if name is None:
            return None
        total += timedelta(**{name: int(amount)})
        is_in_days = is_in_days and name in {"days", "weeks"}
    if total > timedelta(days=_RELATIVE_MAX_DAYS):
        raise ValueError("beyond a century")
    return total, is_in_days


def _interval(text: str, now: datetime) -> When | None:
    """A day, or anything coarser than a day."""
    if match := _YEAR.match(text):
        return _from_day(date(int(match[1]), 1, 1), Precision.YEAR)
    if match := _MONTH.match(text):
        return _from_day(date(int(match[1]), int(match[2]), 1), Precision.MONTH)
    if match := _QUARTER.match(text):
        year, quarter = int(match[1] or match[4]), int(match[2] or match[3])
        return _from_day(date(year, quarter * 3 - 2, 1), Precision.QUARTER)
    if match := _HALF.match(text):
        year, half = int(match[1] or match[4]), int(match[2] or match[3])
        return _from_day(date(year, half * 6 - 5, 1), Precision.HALF)
    if match := _WEEK.match(text):
        return _from_day(date.fromisocalendar(int(match[1]), int(match[2]), 1), Precision.WEEK)
    if (match := _MONTH_YEAR.match(text)) and match[1] in _MONTH_NAMES:
        return _from_day(date(int(match[2]), _MONTH_NAMES[match[1]], 1), Precision.MONTH)
    day = day_of(text, now, UTC)
    return None if day is None else _from_day(day, Precision.DAY)


def day_of(text: str, now: datetime, zone: tzinfo) -> date | None:
    """The day that words (in small letters) name, "tomorrow" as it is in the zone; None for anything else."""
    text = text.strip(" ,")
    if match := _DATE.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _DAY_MONTH_YEAR.match(text)) and match[2] in _MONTH_NAMES:
        return date(int(match[3]), _MONTH_NAMES[match[2]], int(match[1]))
    if (match := _MONTH_DAY_YEAR.match(text)) and match[1] in _MONTH_NAMES:
        return date(int(match[3]), _MONTH_NAMES[match[1]], int(match[2]))
    if text in {"today", "tomorrow"}:
        return now.astimezone(zone).date() + timedelta(days=text == "tomorrow")
    return None


def _clock_time(text: str, now: datetime) -> When | None:
    match = _CLOCK.match(text)
    if match is None:
        return None
    zone = UTC if match["zone"] is None else zone_of(match["zone"])
    day = now.astimezone(zone).date() if not match["day"] else day_of(match["day"], now, zone)
    if day is None:
        return None
    at_clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    return at_precision(_to_utc(datetime.combine(day, at_clock), zone), precision)


def _to_utc(local: datetime, zone: tzinfo) -> datetime:
    """The instant of a wall time: in a gap the first valid instant after it, in a fold the first of the two."""
    at = local.replace(tzinfo=zone).astimezone(UTC)
    back = at.astimezone(zone).replace(tzinfo=None)
    if back == local:
        return at
    return _after_gap(local, zone)


def _after_gap(local: datetime, zone: tzinfo) -> datetime:
    """The first valid instant after a wall time that a forward change skips (PEP 495: fold tells the two offsets)."""
    before = local.replace(tzinfo=zone, fold=0).utcoffset()
    after = local.replace(tzinfo=zone, fold=1).utcoffset()
    if before is None or after is None:
        raise ValueError("a zone without offsets")
    low, high = sorted(((local - before).replace(tzinfo=UTC), (local - after).replace(tzinfo=UTC)))
    offset_at_low = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset_at_low:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def zone_of(text: str) -> tzinfo:
    """A zone as it is written behind a time (in small letters): MSK, +03:00, Europe/Moscow. Raises InvalidInput `zone_unknown`."""
    if text in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text]))
    if match := _OFFSET.match(text):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60 or int(match[3] or 0) > 59:
            raise InvalidInput("zone_unknown", zone_text=text[:40])
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    return named_zone(text)


def named_zone(name: str) -> ZoneInfo:
    """A zone of the IANA database, whatever the case of its letters. Raises InvalidInput `zone_unknown`."""
    known = _zone_names().get("_".join(name.split()).casefold())
    if known is None:
        raise InvalidInput("zone_unknown", zone_text=name[:40])
    return ZoneInfo(known)


def zones_with(typed: str, limit: int) -> tuple[str, ...]:
    """Names of zones that contain what was typed, whatever the case of its letters."""
    wanted = "_".join(typed.split()).casefold()
    return tuple(sorted(name for key, name in _zone_names().items() if wanted in key)[:limit])


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Zone names by their casefolded spelling, read once. Not "right/…" or "localtime", which ZoneInfo would open as well."""
    return {name.casefold(): name for name in available_timezones() if name != "localtime"}


def wall_time(day: date, at: time, zone: tzinfo) -> datetime:
    """The instant (UTC) of a wall time on a day: in a gap the first valid instant after it, in a fold the first of the two."""
    return _to_utc(datetime.combine(day, at), zone)


def _from_day(day: date, precision: Precision) -> When:
    return at_precision(checked_instant(datetime(day.year, day.month, day.day, tzinfo=UTC)), precision)
