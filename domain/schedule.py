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
from domain.when import Precision, When, days_between


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
    """Days slipped (pull-ins count against), in total and by cause; `unmeasured` moves led to or from no exact day."""

    days: int
    by_cause: tuple[tuple[str, int], ...]
    unmeasured: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One way of a date from an exact day to the next, by however many moves, for the `cause` that took the first day away.

    `days` is None while the way has not ended, or began nowhere exact; `moves` are those that people made.
    """

    cause: str
    days: int | None
    moves: int


def slips(entries: Iterable[LedgerEntry]) -> tuple[Slip, ...]:
    """What one date has slipped, from its ledger in order, one slip after another.

    A date that goes by way of "March 2026" or "no date yet" to a day again has slipped from its last exact day to that day, for
    the cause that took the exact day away. What was undone has not slipped.
    """
    found: list[Slip] = []
    origin: When | None = None
    pending: list[LedgerEntry] = []
    for entry in _standing(entries):
        if entry.kind is EntryKind.PLAN and not pending:
            origin = entry.after
            continue
        origin = origin or entry.before
        pending.append(entry)
        if _is_exact(entry.after):
            found.append(Slip(_cause_of(pending), slip_days(origin, entry.after), _moves(pending)))
            origin, pending = entry.after, []
    if pending:
        found.append(Slip(_cause_of(pending), None, _moves(pending)))
    return tuple(found)


def slip_totals(entries: Iterable[LedgerEntry]) -> SlipTotals:
    """Add up what one date has slipped, from its ledger in order. Causes are told apart as they were typed, spelling aside."""
    days, unmeasured = 0, 0
    causes: dict[str, tuple[str, int]] = {}
    for slip in slips(entries):
        if slip.days is None:
            unmeasured += slip.moves
            continue
        days += slip.days
        name, known = causes.get(name_key(slip.cause), (slip.cause, 0))
        causes[name_key(slip.cause)] = (name, known + slip.days)
    by_cause = tuple(sorted((pair for pair in causes.values() if pair[1]), key=lambda pair: (-abs(pair[1]), pair[0])))
    return SlipTotals(days, by_cause, unmeasured)


def _standing(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """The entries without what was undone. An undo takes back the entry just before it; corrections are of facts, not of dates."""
    standing: list[LedgerEntry] = []
    for entry in entries:
        if entry.kind is EntryKind.UNDO:
            del standing[-1:]
        elif entry.kind is not EntryKind.CORRECTION:
            standing.append(entry)
    return standing


def _moves(entries: Iterable[LedgerEntry]) -> int:
    return sum(entry.kind in {EntryKind.MOVE, EntryKind.ADOPTION} for entry in entries)


def _cause_of(run: list[LedgerEntry]) -> str:
    """Of moves that led from one exact day to the next, the cause of the first: it took the exact day away."""
    return run[0].cause or run[0].reason or run[0].source or ""


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
    if before is None or before.at is None or after.at is None or not _is_exact(before) or not _is_exact(after):
        return None
    return days_between(before.at, after.at)


def _is_exact(when: When) -> bool:
    """Known to the day or finer."""
    return when.precision.is_at_least(Precision.DAY)


def _opens_later(before: When, after: When) -> bool:
    """Overlapping intervals of one precision still move when the later one opens later (or NET follows a fixed date)."""
    if before.at is None or after.at is None:
        return False
    if before.precision is after.precision:
        return after.at > before.at
    return (
        before.no_earlier_than and after.stated_end_at is not None and after.at >= (before.stated_end_at or before.at)
    )
