"""How people say when they want to be reminded: "in 20 minutes", "tomorrow at 9", "next friday 9am", "18:30", "27 July 10:30 MSK".

A phrase is read first and placed on the calendar later: only a wall time that names no zone needs to know whose it is. Days,
zones and spans are read as `domain.when_text` reads them; nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.errors import InvalidInput
from domain.when_text import day_of, span_of, wall_time, zone_of

PHRASE_MAX = 60
AHEAD_MAX = timedelta(days=3653)
"""Ten years: farther ahead nobody is reminded."""

_DAY = timedelta(days=1)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        [
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        ]
    )
    for name in names
}
_ONE = re.compile(r"^(in|\+) ?(?:an?|one) (?=[a-z])")
_HALF_HOUR = re.compile(r"^(in|\+) ?half an hour$")
_AND = re.compile(r",? and (?=\d)|, (?=\d+ ?[a-z])")
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b(?: of\b)?")
_OF_MONTH = re.compile(r"^(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)$")
_DAY_AFTER_TOMORROW = frozenset({"day after tomorrow", "the day after tomorrow"})
_LEAP_GAP = 8
"""Years at most between two days of one date: 29 February around a year such as 2100."""
_WEEKDAY = re.compile(r"^(?:on )?(next |this )?([a-z]+)$")
_CLOCK = re.compile(
    r"(?:^|(?<=\d)t|[ ,]+)(?:at )?(?P<hour>\d{1,2})"
    r"(?:(?::(?P<minute>\d{2})(?::(?P<second>\d{2}))?) ?(?P<half>am|pm)?| ?(?P<plain>am|pm))(?=$|[ ,z+-])"
)
_NAMED_CLOCK = re.compile(r"(?:^|[ ,]+)(?:at )?(?P<named>noon|midnight)(?=$|[ ,])")
_NAMED = {"noon": time(12), "midnight": time(0)}
_BARE_HOUR = re.compile(r"(?:^|[ ,]+)at (?P<bare>\d{1,2})(?=$|[ ,])")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a phrase means: the instant, and the wall time and zone it was given in, where it was one."""

    at: datetime
    day: date
    clock: time
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it was typed: a span from now, or the words for a day, a time of day and a zone, each where it was given."""

    typed: str
    span: timedelta | None = None
    day: str = ""
    clock: time | None = None
    zone: tzinfo | None = None

    def needs_zone(self, *, repeats: bool) -> bool:
        """True for a wall time that does not say whose, which anything that repeats has."""
        return self.zone is None and (repeats or self.span is None)

    def placed(self, now: datetime, zone: tzinfo, morning: time) -> Moment:
        """The moment it means, seen from `now` in `zone`. A day without a time is meant in the `morning`.

        Raises InvalidInput `reminder_in_past`, `reminder_too_far` or `when_impossible`.
        """
        try:
            found = self._moment(now.replace(microsecond=0), self.zone or zone, morning)
        except (ValueError, OverflowError):
            raise InvalidInput("when_impossible", raw_text=self.typed) from None
        if found.at <= now:
            raise InvalidInput("reminder_in_past", raw_text=self.typed)
        if found.at > now + AHEAD_MAX:
            raise InvalidInput("reminder_too_far", years=AHEAD_MAX.days // 365)
        return found

    def _moment(self, now: datetime, zone: tzinfo, morning: time) -> Moment:
        if self.span is not None:
            local = (now + self.span).astimezone(zone)
            return Moment(now + self.span, local.date(), local.time(), zone)
        clock = self.clock or morning
        today = now.astimezone(zone).date()
        day, step = _first_day(self.day, today, now, zone)
        if step and wall_time(day, clock, zone) <= now:
            day += step
        return Moment(wall_time(day, clock, zone), day, clock, zone)


def read_phrase(raw: str) -> Phrase:
    """Read a phrase. Raises InvalidInput `reminder_unclear` with examples, `when_impossible` or `zone_unknown`."""
    text = " ".join(raw.strip().casefold().split())
    typed = raw[:PHRASE_MAX]
    if not text or len(text) > PHRASE_MAX:
        raise InvalidInput("reminder_unclear", raw_text=typed)
    try:
        found = _span(text, typed) or _wall(text, typed)
        if found is not None and found.span is None:
            _first_day(found.day, date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("when_impossible", raw_text=typed) from None
    except LookupError:
        found = None
    if found is None:
        raise InvalidInput("reminder_unclear", raw_text=typed)
    return found


def _span(text: str, typed: str) -> Phrase | None:
    found = _ahead(text)
    return None if found is None else Phrase(typed, span=found[0])


def _ahead(text: str) -> tuple[timedelta, bool] | None:
    """How far ahead "in an hour" or "in 1 hour and 30 minutes" is, and whether it counts in whole days."""
    return span_of(_AND.sub(" ", _HALF_HOUR.sub(r"\1 30 minutes", _ONE.sub(r"\1 1 ", text))))


def _wall(text: str, typed: str) -> Phrase | None:
    match = _CLOCK.search(text) or _NAMED_CLOCK.search(text) or _BARE_HOUR.search(text)
    if match is None:
        return Phrase(typed, day=text.removesuffix(" morning"))
    before, after = text[: match.start()].strip(" ,"), text[match.end() :].strip(" ,")
    clock = _clock(match)
    if before or not after:
        return Phrase(typed, day=before, clock=clock, zone=_zone_behind(after) if after else None)
    return _day_or_zone_behind(typed, clock, after)


def _day_or_zone_behind(typed: str, clock: time, after: str) -> Phrase:
    """What stands behind a time, as in "9am tomorrow", "9am tomorrow MSK" and "9:00 MSK", is a day if it can be one."""
    if _is_day(after):
        return Phrase(typed, day=after, clock=clock)
    day, _, last = after.rpartition(" ")
    if day and _is_day(day):
        return Phrase(typed, day=day, clock=clock, zone=_zone_behind(last))
    return Phrase(typed, clock=clock, zone=_zone_behind(after))


def _is_day(words: str) -> bool:
    try:
        _first_day(words, date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), UTC)
    except LookupError:
        return False
    return True


def _zone_behind(words: str) -> tzinfo:
    """The zone that words name. Raises LookupError for what nobody would take for one, else InvalidInput `zone_unknown`."""
    try:
        return zone_of(words)
    except InvalidInput:
        if " " in words or words[:1].isdigit():
            raise LookupError(words) from None
        raise


def _clock(match: re.Match[str]) -> time:
    found = match.groupdict()
    if "named" in found:
        return _NAMED[match["named"]]
    if "bare" in found:
        return time(int(match["bare"]))
    hour, half = int(match["hour"]), match["half"] or match["plain"]
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour on a clock of twelve")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0))


def _first_day(words: str, today: date, now: datetime, zone: tzinfo) -> tuple[date, timedelta]:
    """The first day that words can mean, and how long after it the next comes where they mean no single one.

    Raises LookupError for words that name no day.
    """
    if not words:
        return today, _DAY
    if (match := _WEEKDAY.match(words)) and match[2] in _WEEKDAYS:
        ahead = (_WEEKDAYS[match[2]] - today.weekday()) % 7
        if match[1] == "next " and not ahead:
            ahead = 7
        return today + ahead * _DAY, 7 * _DAY
    if match := _OF_MONTH.match(words):
        return _of_month(int(match[1]), today), timedelta(0)
    named = _single_day(_ORDINAL.sub(r"\1", words.removeprefix("on ")).removeprefix("the "), today, now, zone)
    if named is None:
        raise LookupError(words)
    return named, timedelta(0)


def _single_day(words: str, today: date, now: datetime, zone: tzinfo) -> date | None:
    """The one day that words name, "27 july" the next one there is. Raises ValueError for one that there never is."""
    if words in _DAY_AFTER_TOMORROW:
        return today + 2 * _DAY
    if (ahead := _ahead(words)) is not None and ahead[1]:
        return today + ahead[0]
    return day_of(words, now, zone) or _without_year(words, today, now, zone)


def _without_year(words: str, today: date, now: datetime, zone: tzinfo) -> date | None:
    for year in range(today.year, today.year + _LEAP_GAP + 1):
        try:
            found = day_of(f"{words} {year}", now, zone)
        except ValueError:
            continue  # 29 February: perhaps next year
        if found is None or found >= today:
            return found
    raise ValueError("no such day in any year")


def _of_month(number: int, today: date) -> date:
    """The next day of that number, today among them. Raises ValueError when no month has it."""
    if not 1 <= number <= 31:
        raise ValueError("no month has such a day")
    return next(day for day in (today + ahead * _DAY for ahead in range(63)) if day.day == number)
