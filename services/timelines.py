"""The timelines desk: a mission's dates against its first plan, in one read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.missions import Mission, Phase, elapsed, phase_of
from domain.timeline import Timeline, timeline_of
from services import lookups
from services.actors import Actor
from services.changes import Changes, View
from storage import ledger


@dataclass(frozen=True, slots=True)
class MissionTimeline:
    """A mission laid out in time, at the moment of asking. `elapsed` is MET, None before launch."""

    mission: Mission
    phase: Phase
    elapsed: timedelta | None
    asked_at: datetime
    timeline: Timeline


class TimelineDesk:
    """Plans against what happened."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def timeline(self, actor: Actor, mission: str) -> MissionTimeline:
        """A mission's timeline. Raises NotFound for a mission that is not there."""

        async def work(view: View) -> MissionTimeline:
            found = await lookups.mission(view.reader, view.workspace.id, mission)
            entries = await ledger.of_mission(view.reader, view.workspace.id, found.id)
            return MissionTimeline(
                found, phase_of(found), elapsed(found, view.now), view.now, timeline_of(found, entries, view.now)
            )

        return await self._changes.read(actor, work)
