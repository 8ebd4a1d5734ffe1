"""The history of a mission's dates: every move, every claim, and days slipped in total and by cause."""

from dataclasses import dataclass
from datetime import datetime

from domain.missions import Event, EventKind, Mission
from domain.schedule import Claim, LedgerEntry, SlipTotals, slip_totals
from services import lookups
from services.actors import Actor
from services.changes import Changes, View
from services.missions import as_of_instant
from storage import ledger


@dataclass(frozen=True, slots=True)
class EventTotals:
    """An event and how far its date has slipped."""

    event: Event
    totals: SlipTotals


@dataclass(frozen=True, slots=True)
class MissionHistory:
    """A mission's ledger and claims, oldest first, as recorded by `believed_at` (None: by now)."""

    mission: Mission
    entries: tuple[LedgerEntry, ...]
    claims: tuple[Claim, ...]
    totals: tuple[EventTotals, ...]
    asked_at: datetime
    believed_at: datetime | None = None


class HistoryDesk:
    """What happened to dates."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def mission(self, actor: Actor, mission: str, as_of: str | None = None) -> MissionHistory:
        """A mission's schedule ledger."""

        async def work(view: View) -> MissionHistory:
            ws = view.workspace.id
            at = None if as_of is None else as_of_instant(as_of, view.now)
            if at is None:
                found = await lookups.mission(view.reader, ws, mission)
            else:
                found = await lookups.mission_then(view.reader, ws, mission, at)
            entries = await ledger.of_mission(view.reader, ws, found.id, recorded_by=at)
            claims = await ledger.claims(view.reader, ws, found.id, recorded_by=at)
            return MissionHistory(found, entries, claims, _totals(found, entries), at or view.now, at)

        return await self._changes.read(actor, work)


def _totals(mission: Mission, entries: tuple[LedgerEntry, ...]) -> tuple[EventTotals, ...]:
    """One sum for each date: attempts at one launch or docking are the same date, each spacewalk has its own."""
    newest = {_date_of(event): event for event in mission.events}
    known = {event.id: _date_of(event) for event in mission.events}
    of_date: dict[tuple[EventKind, int], list[LedgerEntry]] = {date: [] for date in newest}
    for entry in entries:
        if entry.event_id in known:
            of_date[known[entry.event_id]].append(entry)
    summed = ((newest[date], slip_totals(of_one)) for date, of_one in of_date.items())
    return tuple(
        EventTotals(event, totals) for event, totals in summed if totals.days or totals.by_cause or totals.unmeasured
    )


def _date_of(event: Event) -> tuple[EventKind, int]:
    return event.kind, event.id if event.kind.may_repeat else 0
