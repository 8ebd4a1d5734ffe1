"""The schedule ledger: every move of every date, with what it did to the date and why.

Direction is judged on what the two times say, not on their first instants: from "19 December" to "March 2026" is a slip,
from "July 2026" to "27 July 2026" a sharper date, not a slip of 26 days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.sources import Tier
from domain.text import name_key
from domain.when import When, days_between


class Direction(StrEnum):
    """What a move did to a date."""

    SET = "set"
    SLIP = "slip"
    PULL_IN = "pull_in"
    SHARPER = "sharper"
    COARSER = "coarser"
    LOST_DATE = "lost_date"


class EntryKind(StrEnum):
    """Why a ledger entry exists."""

    PLAN = "plan"
    MOVE = "move"
    DEPENDENT = "dependent"
    UNDO = "undo"
    CORRECTION = "correction"
    ADOPTION = "adoption"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One move of one event's date. `slip_days` is signed whole days; None when either date is coarser than a day."""

    event_id: int
    kind: EntryKind
    before: When | None
    after: When
    direction: Direction
    slip_days: int | None
    reason: str | None
    cause: str | None
    source: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A date that a source states without our adopting it."""

    id: int
    event_id: int
    when: When
    source: str
    tier: Tier
    link: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SlipTotals:
    """Days slipped (pull-ins count against), in total and by cause; `unmeasured` moves had a date coarser than a day."""

    days: int
    by_cause: tuple[tuple[str, int], ...]
    unmeasured: int


def slip_totals(entries: Iterable[LedgerEntry]) -> SlipTotals:
    """Add up the moves of one event's dates. Causes are told apart as they were typed, spelling aside."""
    moves = [entry for entry in entries if entry.kind in {EntryKind.MOVE, EntryKind.ADOPTION, EntryKind.UNDO}]
    measured = [entry for entry in moves if entry.slip_days is not None]
    causes: dict[str, tuple[str, int]] = {}
    for entry in measured:
        cause = entry.cause or entry.reason or ""
        name, days = causes.get(name_key(cause), (cause, 0))
        causes[name_key(cause)] = (name, days + (entry.slip_days or 0))
    by_cause = tuple(sorted((pair for pair in causes.values() if pair[1]), key=lambda pair: (-abs(pair[1]), pair[0])))
    return SlipTotals(sum(entry.slip_days or 0 for entry in measured), by_cause, len(moves) - len(measured))


def direction_of(before: When | None, after: When) -> Direction:
    """Judge a move by its intervals."""
    if before is None or not before.is_known:
        return Direction.SET if after.is_known else Direction.LOST_DATE
    if not after.is_known:
        return Direction.LOST_DATE
    if before.certainly_before(after) or _opens_later(before, after):
        return Direction.SLIP
    if after.certainly_before(before) or _opens_later(after, before):
        return Direction.PULL_IN
    return Direction.SHARPER if _vagueness(after) < _vagueness(before) else Direction.COARSER


def _vagueness(when: When) -> tuple[int, bool]:
    return (when.precision.rank, when.no_earlier_than)


def slip_days(before: When | None, after: When) -> int | None:
    """Days from the old date to the new one, signed; None unless both are known to the day or finer."""
    if before is None or before.at is None or after.at is None:
        return None
    if before.precision.rank > 3 or after.precision.rank > 3:
        return None
    return days_between(before.at, after.at)


def _opens_later(before: When, after: When) -> bool:
    """Overlapping intervals of one precision still move when the later one opens later (or NET follows a fixed date)."""
    if before.at is None or after.at is None:
        return False
    if before.precision is after.precision:
        return after.at > before.at
    return (
        before.no_earlier_than and after.stated_end_at is not None and after.at >= (before.stated_end_at or before.at)
    )
