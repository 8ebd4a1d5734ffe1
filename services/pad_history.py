"""The history of a pad: its outages with everything said and done in them, as known now or as it had been recorded by a moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.damage import DamageReport
from domain.errors import NotFound
from domain.expected import Estimate
from domain.missions import Mission
from domain.outage import Outage, PadPast, past_of
from domain.outage_cost import DateMoved
from domain.pad_records import Records, known_by
from domain.pads import Pad, StatusFinding, status_of
from services import lookups, outages
from services.actors import Actor
from services.changes import Changes, View
from services.missions import as_of_instant
from storage import assessments, forecasts, journal, ledger, pad_trail
from storage.database import Reader
from storage.states import load as load_state


@dataclass(frozen=True, slots=True)
class PadHistory:
    """A pad and its outages, oldest first. `estimate` is the pad's own, while it is away. `asked_at` is now, or `believed_at`."""

    pad: Pad
    finding: StatusFinding
    past: PadPast
    estimate: Estimate | None
    asked_at: datetime
    believed_at: datetime | None = None

    @property
    def newest(self) -> Outage | None:
        """The outage that goes on, or the last one; None for a pad that was never away."""
        return self.past.outages[-1] if self.past.outages else None


class PadHistoryDesk:
    """What became of pads."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def history(self, actor: Actor, pad: str, as_of: str | None = None) -> PadHistory:
        """A pad's outages. Raises NotFound `pad_not_known_then` when it had not been entered by the end of `as_of`."""

        async def work(view: View) -> PadHistory:
            at = None if as_of is None else as_of_instant(as_of, view.now)
            found = await lookups.pad(view.reader, view.workspace.id, pad)
            records = await _records(view.reader, view.workspace.id, found, at)
            if not records.pad:
                raise NotFound("pad_not_known_then", pad_text=found.name)
            return _history(records, at or view.now, at)

        return await self._changes.read(actor, work)


async def _records(reader: Reader, workspace_id: int, pad: Pad, at: datetime | None) -> Records:
    """Everything recorded of the pad; by `at`, where that is given."""
    trail = await pad_trail.of_pad(reader, workspace_id, pad.id)
    causes = sorted({step.state.label for step in trail.reports})
    records = replace(
        trail,
        assessments=await assessments.on_pad(reader, workspace_id, pad.id),
        forecasts=await forecasts.on_pad(reader, workspace_id, pad.id),
        moved=await ledger.by_cause(reader, workspace_id, causes, recorded_by=at),
    )
    if at is None:
        return records
    then = known_by(records, at)
    return replace(then, moved=await _named_then(reader, workspace_id, then.moved, at))


async def _named_then(
    reader: Reader, workspace_id: int, moved: tuple[DateMoved, ...], at: datetime
) -> tuple[DateMoved, ...]:
    """The dates with the names that their missions and events had."""
    ids = list(dict.fromkeys(date.mission_id for date in moved))
    wanted = (journal.state_as_of(workspace_id, "mission", mission_id, at) for mission_id in ids)
    states = await reader.fetch_batch(*wanted) if ids else []
    missions = {
        mission_id: load_state(Mission, rows[0]["state"]) for mission_id, rows in zip(ids, states, strict=True) if rows
    }
    return tuple(_named(date, missions.get(date.mission_id)) for date in moved)


def _named(date: DateMoved, mission: Mission | None) -> DateMoved:
    if mission is None:
        return date
    event = mission.event(date.event_id)
    return replace(date, mission=mission.name, name=event.name if event else date.name)


def _history(records: Records, asked_at: datetime, believed_at: datetime | None) -> PadHistory:
    pad = max(records.pad, key=lambda step: step.seq).state
    reports = _latest(records)
    past = past_of(records)
    newest = past.outages[-1] if past.outages else None
    is_away = newest is not None and newest.ended_at is None
    tasks = [life.task for life in newest.tasks] if newest else []
    return PadHistory(
        pad=pad,
        finding=status_of(pad, reports),
        past=past,
        estimate=outages.estimate(reports, tasks, asked_at) if is_away else None,
        asked_at=asked_at,
        believed_at=believed_at,
    )


def _latest(records: Records) -> tuple[DamageReport, ...]:
    """Each report as it was last recorded."""
    last = {step.state.number: step.state for step in sorted(records.reports, key=lambda step: step.seq)}
    return tuple(last.values())
