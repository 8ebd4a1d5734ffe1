"""What `/ops set` can set: the keys, and how their values are read. A value is kept in the form in which it is shown."""

import re
from enum import StrEnum

from domain.errors import InvalidInput
from domain.missions import EventKind

COUNTDOWN_PREFIX = "countdown."
DEFAULT_WORD = "default"
OFF_WORD = "off"
_HOUR = re.compile(r"(\d{1,2})(?::00)?")


class SettingKey(StrEnum):
    """Settings with one value. Beside them, `countdown.<kind>` sets a kind of events' default countdown."""

    TIMEZONE = "timezone"
    MORNING = "morning"
    OPS_CHANNEL = "ops_channel"
    QUIET_FROM = "quiet_from"
    QUIET_UNTIL = "quiet_until"


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
