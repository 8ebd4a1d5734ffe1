"""What `/ops set` can set: the keys, and how their values are read. A value is kept in the form in which it is shown."""

import re
from datetime import timedelta
from enum import StrEnum

from domain.errors import InvalidInput
from domain.missions import EventKind

COUNTDOWN_PREFIX = "countdown."
DEFAULT_WORD = "default"
OFF_WORD = "off"
NONE_WORD = "none"
SPAN_MAX = timedelta(days=7)
_HOUR = re.compile(r"(\d{1,2})(?::00)?")
_SPAN = re.compile(r"(\d{1,5})\s*(m|min|h|d)", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_BETWEEN_MENTIONS = re.compile(r"(?<=>)\s*(?=<@&)")


class SettingKey(StrEnum):
    """Settings with one value. Beside them, `countdown.<kind>` sets a kind of events' default countdown."""

    TIMEZONE = "timezone"
    MORNING = "morning"
    OPS_CHANNEL = "ops_channel"
    QUIET_FROM = "quiet_from"
    QUIET_UNTIL = "quiet_until"
    ESCALATE_AFTER = "escalate_after"
    ESCALATION_ROLES = "escalation_roles"
    ASSESS_AFTER = "assess_after"


def countdown_key(kind: EventKind) -> str:
    """The key of a kind's default countdown."""
    return f"{COUNTDOWN_PREFIX}{kind.value}"


SETTING_KEYS: tuple[str, ...] = (*(key.value for key in SettingKey), *(countdown_key(kind) for kind in EventKind))


def parse_key(text: str) -> SettingKey | EventKind:
    """Which setting is meant. Raises InvalidInput `setting_unknown`, naming all of them."""
    key = text.strip().casefold()
    try:
        if key.startswith(COUNTDOWN_PREFIX):
            return EventKind(key.removeprefix(COUNTDOWN_PREFIX))
        return SettingKey(key)
    except ValueError:
        raise InvalidInput("setting_unknown", raw_text=text[:40], keys=", ".join(SETTING_KEYS)) from None


def parse_hour(text: str) -> int:
    """A whole hour, "7" or "07:00". Raises InvalidInput `hour_unclear`."""
    match = _HOUR.fullmatch(text.strip())
    if match is None or not text.isascii() or int(match[1]) > 23:
        raise InvalidInput("hour_unclear", raw_text=text[:40])
    return int(match[1])


def parse_quiet_hour(text: str) -> int | None:
    """A whole hour, or "off" for none."""
    return None if text.strip().casefold() == OFF_WORD else parse_hour(text)


def shown_hour(hour: int | None) -> str:
    """The inverse of `parse_quiet_hour`."""
    return OFF_WORD if hour is None else f"{hour:02d}:00"


def parse_span(text: str) -> timedelta:
    """A time such as "10m", "4h" or "1d", at most a week; zero for "off". Raises InvalidInput `span_unclear`, `span_too_long`."""
    wanted = text.strip().casefold()
    if wanted == OFF_WORD:
        return timedelta(0)
    match = _SPAN.fullmatch(wanted)
    if match is None or not int(match[1]):
        raise InvalidInput("span_unclear", raw_text=text[:40])
    span = int(match[1]) * _UNITS[match[2]]
    if span > SPAN_MAX:
        raise InvalidInput("span_too_long", raw_text=text[:40], days=SPAN_MAX.days)
    return span


def shown_span(span: timedelta) -> str:
    """The inverse of `parse_span`, in the largest unit that fits."""
    if not span:
        return OFF_WORD
    unit = next(unit for unit in ("d", "h", "m") if not span % _UNITS[unit])
    return f"{span // _UNITS[unit]}{unit}"


def role_texts(text: str) -> tuple[str, ...]:
    """The roles of a list as they were typed, separated by commas; mentions need none. Nothing for "none"."""
    if text.strip().casefold() == NONE_WORD:
        return ()
    parts = (part.strip() for part in _BETWEEN_MENTIONS.sub(",", text).split(","))
    return tuple(part for part in parts if part)
