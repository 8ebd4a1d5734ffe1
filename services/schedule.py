"""What every change to a mission's dates has in common: save, ledger, reminders, journal, in one breath."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.missions import Event, Mission
from domain.schedule import EntryKind, LedgerEntry, direction_of, slip_days
from domain.when import UNKNOWN, When
from services import reminders
from services.changes import Change
from storage import ledger, missions


@dataclass(frozen=True, slots=True)
class Why:
    """Why a date moved. `source` is who said so."""

    reason: str | None = None
    cause: str | None = None
    source: str | None = None


async def save_mission(
    change: Change,
    action: str,
    before: Mission | None,
    after: Mission,
    *,
    why: Why | None = None,
    event_at: datetime | None = None,
    kinds: Mapping[int, EntryKind] | None = None,
    dates: Mapping[int, tuple[When | None, When]] | None = None,
) -> int:
    """Write `after`, a ledger entry for each date that changed, and new reminders for each event that did.

    `kinds` says why an event's entry exists where it is not simply a plan or a move, `dates` what it says (before, after) where
    that is not the event's own planned time. Returns the journal number.
    """
    await missions.save(change.tx, change.workspace.id, after)
    for event in after.events:
        known = before.event(event.id) if before else None
        if known == event:
            continue
        dated = (dates or {}).get(event.id) or _dates(known, event)
        if dated is not None:
            await _ledger(change, after, event, dated, why or Why(), (kinds or {}).get(event.id))
        await reminders.plan_event(change, event)
    return await change.record(
        action,
        ("mission", after.id),
        after,
        personal={"reason": why.reason} if why and why.reason else None,
        event_at=event_at,
    )


def _dates(known: Event | None, event: Event) -> tuple[When | None, When] | None:
    """The planned time before and after; None where it did not change, or where nothing was ever planned."""
    before = known.planned if known else None
    if before == event.planned or (known is None and not event.state.is_open):
        return None
    return before, event.planned or UNKNOWN


async def _ledger(
    change: Change,
    mission: Mission,
    event: Event,
    dated: tuple[When | None, When],
    why: Why,
    kind: EntryKind | None,
) -> None:
    before, after = dated
    entry = LedgerEntry(
        event_id=event.id,
        kind=kind or (EntryKind.MOVE if before else EntryKind.PLAN),
        before=before,
        after=after,
        direction=direction_of(before, after),
        slip_days=slip_days(before, after),
        reason=why.reason,
        cause=why.cause,
        source=why.source,
        recorded_at=change.now,
    )
    await ledger.append(change.tx, change.workspace.id, change.new_id(), mission.id, change.actor.member_id, entry)
