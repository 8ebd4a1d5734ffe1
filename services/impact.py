"""The impact desk: what pads that are not in full service do to the manifest, and what their outages have cost so far.

Besides answering, it tells the same of one mission for its card, and posts it by itself when damage takes a pad out of service.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.damage import DamageReport
from domain.forecasts import Forecast, current
from domain.impact import (
    WAITING_PHASES,
    Impact,
    Impacts,
    LaunchRisk,
    PadState,
    Said,
    impacts_of,
    launch_risk,
)
from domain.impact_facts import impact_facts
from domain.missions import Mission, phase_of
from domain.outage_cost import OutageCost
from domain.pads import Pad, PadStatus, StatusFinding
from domain.repairs import RepairTask
from services import cards, lookups, outages
from services.actors import Actor
from services.cards import MissionCard, World
from services.changes import Change, Changes, View
from storage import damage, forecasts, missions, pads, repairs
from storage.database import Reader


@dataclass(frozen=True, slots=True)
class PadsImpact:
    """The impact of one pad (`of_one`) or of every pad in question, and by pad's id what its outage has cost so far."""

    impacts: Impacts
    costs: Mapping[int, OutageCost]
    of_one: bool
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class KnownPad:
    """A pad with its status and the open reports that this rests on."""

    pad: Pad
    finding: StatusFinding
    reports: tuple[DamageReport, ...]


class ImpactDesk:
    """What closed pads mean."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def impact(self, actor: Actor, pad: str | None = None) -> PadsImpact:
        """The impact of one pad, or of every pad that is not operational and not retired."""

        async def work(view: View) -> PadsImpact:
            ws = view.workspace.id
            asked = None if pad is None else (await lookups.pad(view.reader, ws, pad)).id
            impacts = await impacts_now(view.reader, ws, view.now, asked)
            costs = {
                one.state.pad.id: await outages.cost_of(view.reader, ws, await _reports_of(view.reader, ws, one))
                for one in impacts.pads
                if one.state.finding.status is not PadStatus.OPERATIONAL
            }
            return PadsImpact(impacts, costs, asked is not None, view.now)

        return await self._changes.read(actor, work)


async def impacts_now(reader: Reader, workspace_id: int, now: datetime, pad_id: int | None = None) -> Impacts:
    """The impact of one pad or of every one in question, from what is recorded now."""
    known_pads, capabilities, reports, evidence, stated_rows, *waiting = await reader.fetch_batch(
        *pads.every(workspace_id),
        *damage.every_open_report(workspace_id),
        forecasts.every_of_an_outage(workspace_id) if pad_id is None else forecasts.of_one_outage(workspace_id, pad_id),
        *missions.waiting(workspace_id, pad_id),
    )
    on_pad: dict[int, tuple[DamageReport, ...]] = {}
    for report in damage.reports_from(reports, evidence):
        on_pad[report.pad_id] = (*on_pad.get(report.pad_id, ()), report)
    known = {pad.id: pad for pad in pads.all_from_rows(known_pads, capabilities)}
    world = World(missions.waiting_from_rows(*waiting), known, on_pad, {})
    stated: dict[int, list[Forecast]] = defaultdict(list)
    for forecast in forecasts.from_rows(stated_rows):
        stated[forecast.pad_id].append(forecast)
    of_pad: dict[int, tuple[Said, ...]] = {}
    for pad in known if pad_id is None else (pad_id,):
        finding = world.pad_status(pad)
        if finding is not None and finding.status is not PadStatus.OPERATIONAL:
            tasks = await _tasks_of(reader, workspace_id, on_pad.get(pad, ()), None)
            own = outages.estimate(on_pad.get(pad, ()), tasks, now)
            of_pad[pad] = (*current(stated[pad]), *(() if own is None else (own,)))
    found = impacts_in(world, of_pad, now, pad_id)
    return found if pad_id is None else await _with_next(reader, workspace_id, found)


def impacts_in(world: World, said: Mapping[int, tuple[Said, ...]], now: datetime, pad_id: int | None = None) -> Impacts:
    """The impact in a world: the present one, or what had been recorded by `now`. `said` is by pad's id."""
    states = []
    for pad in world.pads.values():
        finding = world.pad_status(pad.id)
        if finding is not None:
            states.append(PadState(pad, finding, said.get(pad.id, ())))
    return impacts_of(states, world.missions, now, None if pad_id is None else (pad_id,))


async def with_risk(reader: Reader, workspace_id: int, card: MissionCard) -> MissionCard:
    """The card with what its pad puts in the way of the launch. Nothing is read for a mission that flies, or whose pad is well."""
    if card.pad is None or card.pad_status is None or card.pad_status.status is PadStatus.OPERATIONAL:
        return card
    pad = KnownPad(card.pad, card.pad_status, card.reports)
    return replace(card, risk=await risk_to(reader, workspace_id, card.mission, pad, card.asked_at, card.believed_at))


async def risk_to(
    reader: Reader, workspace_id: int, mission: Mission, pad: KnownPad, now: datetime, at: datetime | None = None
) -> LaunchRisk | None:
    """The risk to a mission's launch, as it is or with `at` as it had been recorded then; None when there is none."""
    if phase_of(mission) not in WAITING_PHASES or pad.finding.status is PadStatus.OPERATIONAL:
        return None
    stated = await outages.forecasts_of(reader, workspace_id, pad.pad.id, at)
    open_reports = tuple(report for report in pad.reports if report.state.is_open)
    own = outages.estimate(open_reports, await _tasks_of(reader, workspace_id, open_reports, at), now)
    said = (*current(stated), *(() if own is None else (own,)))
    return launch_risk(mission, PadState(pad.pad, pad.finding, said), now)


async def announce_closure(change: Change, pad: Pad, before: PadStatus, after: PadStatus) -> None:
    """Tell who plans launches what it means that a pad has just gone out of service. Nothing when it has not."""
    if after is not PadStatus.OUT_OF_SERVICE or before is PadStatus.OUT_OF_SERVICE:
        return
    found = await impacts_now(change.tx, change.workspace.id, change.now, pad.id)
    await change.announce(impact_facts(found.pads[0], found.gone))


async def _with_next(reader: Reader, workspace_id: int, found: Impacts) -> Impacts:
    """For lost capabilities the next mission of all that needs them: only the one pad's missions had been loaded."""
    gone = [
        replace(
            one,
            next=await missions.soonest_needing(reader, workspace_id, one.capability.vehicle, one.capability.kind),
        )
        for one in found.gone
    ]
    return replace(found, gone=tuple(gone))


async def _reports_of(reader: Reader, workspace_id: int, impact: Impact) -> tuple[int, ...]:
    """The reports of the outage that goes on: those that hold the pad, whatever they say now."""
    holding = await damage.holding(reader, workspace_id, impact.state.pad.id)
    return tuple(report.number for report in holding)


async def _tasks_of(
    reader: Reader, workspace_id: int, reports: tuple[DamageReport, ...], at: datetime | None
) -> tuple[RepairTask, ...]:
    """The repairs of those of the reports that hold their pad."""
    holding = {report.number for report in reports if report.held_since is not None}
    if at is not None:
        known = await cards.tasks_as_of(reader, workspace_id, at) if holding else ()
        return tuple(task for task in known if task.report_number in holding)
    tasks: list[RepairTask] = []
    for number in holding:
        tasks += (await repairs.of_report(reader, workspace_id, number)).values()
    return tuple(tasks)
