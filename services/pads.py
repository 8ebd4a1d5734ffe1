"""The pads desk: pads, their status, and damage reports with photos."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.capabilities import Capability as Right
from domain.damage import DamageReport, Severity
from domain.errors import Conflict, InvalidInput, NotFound
from domain.missions import Mission, MissionKind
from domain.pad_facts import DamageReported, PadAdded
from domain.pads import (
    Capability,
    Lifecycle,
    Pad,
    PadStatus,
    StatusFinding,
    require_reportable,
    status_for,
    status_of,
    worse,
)
from domain.repairs import RepairTask
from domain.text import name_key, one_line, optional_line, paragraph, require_name
from domain.when_text import parse_instant
from services import cards, lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.missions import as_of_instant
from services.photos import KeptPhotos, PhotoIntake
from storage import journal, missions, pads, repairs

COMPONENTS_MAX = 30
SUMMARY_MAX = 1000


@dataclass(frozen=True, slots=True)
class AddPad:
    """`/pad add`, as typed; lists separated by commas."""

    name: str
    site: str
    vehicles: str
    kinds: str | None = None
    components: str | None = None
    operator: str | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE


@dataclass(frozen=True, slots=True)
class ReportDamage:
    """`/pad report`, as typed or as its form was filled in. `photos` are raw bytes."""

    pad: str
    severity: Severity
    summary: str
    component: str | None = None
    observed: str | None = None
    photos: tuple[bytes, ...] = ()

    def with_photos(self, photos: tuple[bytes, ...]) -> "ReportDamage":
        """The same report with its photos, once they have been fetched."""
        return replace(self, photos=photos)


@dataclass(frozen=True, slots=True)
class PadCard:
    """One pad, ready to be shown: its status, open reports, open repairs, and the missions that wait for it.

    `reporters` are names by report number, absent once erased.
    """

    pad: Pad
    finding: StatusFinding
    reports: tuple[DamageReport, ...]
    tasks: tuple[RepairTask, ...]
    waiting: tuple[Mission, ...]
    reporters: Mapping[int, str]
    asked_at: datetime
    believed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DamageLogged:
    """What a report did to its pad. `component_known` is False when the component is not on the pad's list."""

    report: DamageReport
    pad: Pad
    before: PadStatus
    after: StatusFinding
    waiting: tuple[str, ...]
    component_known: bool


class PadDesk:
    """Pads and damage."""

    def __init__(self, changes: Changes, photos: PhotoIntake) -> None:
        self._changes = changes
        self._photos = photos

    async def reportable(self, actor: Actor) -> tuple[Pad, ...]:
        """The pads a report can be for, for someone who may report. The one read before a form is opened."""

        async def work(view: View) -> tuple[Pad, ...]:
            known = await pads.load_all(view.reader, view.workspace.id)
            offered = tuple(pad for pad in known if pad.lifecycle is not Lifecycle.RETIRED)
            if not offered:
                raise NotFound("no_pads_yet")
            return offered

        return await self._changes.read(actor, work, Right.PAD)

    async def add(self, actor: Actor, request: AddPad) -> Receipt[Pad]:
        """Enter a pad. Its capabilities are every vehicle with every kind; crew counts only when it is said."""
        name = require_name(request.name, what="name")
        components = _names(request.components, what="components")
        if len(components) > COMPONENTS_MAX:
            raise InvalidInput("too_many_components", limit=COMPONENTS_MAX)
        capabilities = tuple(
            Capability(vehicle, kind)
            for vehicle in _names(request.vehicles, what="vehicles", required=True)
            for kind in _kinds(request.kinds)
        )

        async def work(change: Change) -> Pad:
            if await pads.find(change.tx, change.workspace.id, name) is not None:
                raise Conflict("pad_exists", pad_text=name)
            pad = Pad(
                id=change.new_id(),
                name=name,
                site=one_line(request.site, what="site", limit=80),
                operator=optional_line(request.operator, what="operator", limit=80),
                lifecycle=request.lifecycle,
                components=components,
                capabilities=capabilities,
            )
            await pads.save(change.tx, change.workspace.id, pad)
            await change.record("add_pad", ("pad", pad.id), pad)
            named = tuple((capability.vehicle, capability.kind) for capability in capabilities)
            await change.announce(PadAdded(pad.id, pad.name, pad.site, named))
            return pad

        return await self._changes.make(actor, Right.PAD, work)

    async def report(self, actor: Actor, request: ReportDamage) -> Receipt[DamageLogged]:
        """Log damage. Photos are kept by their hash before anything is written; the pad's status follows the report."""
        summary = paragraph(request.summary, what="summary", limit=SUMMARY_MAX)
        photos = await self._photos.keep(actor, request.photos, Right.PAD)

        async def work(change: Change) -> DamageLogged:
            pad = await lookups.pad(change.tx, change.workspace.id, request.pad)
            require_reportable(pad)
            component, is_known = _component(pad, request.component)
            report = DamageReport(
                number=change.new_report_number(),
                pad_id=pad.id,
                severity=request.severity,
                summary=summary,
                observed_at=parse_instant(request.observed, change.now),
                reported_at=change.now,
                reporter_id=actor.member_id,
                component=component,
                evidence=photos.digests,
            )
            return await _log(change, pad, report, photos, component_known=is_known)

        return await self._changes.make(actor, Right.PAD, work)

    async def status(self, actor: Actor, pad: str, as_of: str | None = None) -> PadCard:
        """One pad's card, as it is or as it had been recorded by the end of `as_of`."""
        found = await self._cards(actor, pad, as_of)
        return found[0]

    async def list(self, actor: Actor, as_of: str | None = None) -> tuple[PadCard, ...]:
        """Every pad's card, active ones first."""
        return await self._cards(actor, None, as_of)

    async def _cards(self, actor: Actor, named: str | None, as_of: str | None) -> tuple[PadCard, ...]:
        async def work(view: View) -> tuple[PadCard, ...]:
            ws = view.workspace.id
            at = None if as_of is None else as_of_instant(as_of, view.now)
            world = await (cards.world_now(view.reader, ws) if at is None else cards.world_as_of(view.reader, ws, at))
            wanted = None if named is None else await lookups.pad(view.reader, ws, named)
            if wanted is not None and wanted.id not in world.pads:
                raise NotFound("pad_not_known_then", pad_text=wanted.name)
            tasks = await (repairs.load_all(view.reader, ws) if at is None else cards.tasks_as_of(view.reader, ws, at))
            shown = tuple(world.pads.values()) if wanted is None else (world.pads[wanted.id],)
            numbers = [report.number for pad in shown for report in world.reports.get(pad.id, ())]
            reporters = await journal.actor_names(view.reader, ws, "report_damage", "report", numbers)
            return tuple(_card(world, pad, tasks, reporters, at or view.now, at) for pad in shown)

        return await self._changes.read(actor, work)


async def _log(
    change: Change, pad: Pad, report: DamageReport, photos: KeptPhotos, *, component_known: bool
) -> DamageLogged:
    ws = change.workspace.id
    earlier = await pads.open_reports_on(change.tx, ws, pad.id)
    before = status_of(pad, earlier)
    await photos.enter(change)
    await pads.insert_report(change.tx, ws, report)
    after = status_of(pad, [*earlier, report])
    # Only what reports say latches: a standing restriction is lifted by hand.
    latched = replace(pad, latched=worse(pad.latched, status_for(report.severity)))
    if latched != pad:
        await pads.save(change.tx, ws, latched)
        await change.record("latch_pad", ("pad", pad.id), latched)
    await change.record("report_damage", ("report", report.number), report, event_at=report.observed_at)
    works = after.status is PadStatus.OPERATIONAL
    waiting = () if works else await missions.names_waiting_for(change.tx, ws, pad.id)
    facts = DamageReported(
        pad_id=pad.id,
        pad=pad.name,
        site=pad.site,
        report=report.number,
        component=report.component,
        severity=report.severity,
        summary=report.summary,
        observed_at=report.observed_at,
        reported_at=report.reported_at,
        reporter=change.actor.name,
        status_before=before.status,
        status_after=after.status,
        waiting=waiting,
        evidence=report.evidence,
    )
    here = (change.actor.channel_id,) if change.actor.request_id else ()
    await change.announce(facts, also=here, threads=True)
    return DamageLogged(report, latched, before.status, after, waiting, component_known)


def _card(
    world: cards.World,
    pad: Pad,
    tasks: tuple[RepairTask, ...],
    reporters: Mapping[int, str],
    asked_at: datetime,
    believed_at: datetime | None,
) -> PadCard:
    reports = tuple(report for report in world.reports.get(pad.id, ()) if report.state.is_open)
    numbers = {report.number for report in reports}
    return PadCard(
        pad=pad,
        finding=status_of(pad, reports),
        reports=reports,
        tasks=tuple(task for task in tasks if task.report_number in numbers and task.state.is_open),
        waiting=cards.waiting_for(pad, world.missions),
        reporters=reporters,
        asked_at=asked_at,
        believed_at=believed_at,
    )


def _component(pad: Pad, typed: str | None) -> tuple[str | None, bool]:
    """The pad's own name for the component: the exact one, else the only one that contains what was typed, else as typed."""
    if typed is None:
        return None, True
    wanted = one_line(typed, what="component", limit=80)
    key = name_key(wanted)
    exact = [component for component in pad.components if name_key(component) == key]
    inside = [component for component in pad.components if key and key in name_key(component)]
    if exact or len(inside) == 1:
        return (exact or inside)[0], True
    return wanted, not pad.components


def _names(typed: str | None, *, what: str, required: bool = False) -> tuple[str, ...]:
    parts = [part for part in (typed or "").split(",") if part.strip()]
    if required and not parts:
        raise InvalidInput("text_empty", what=what)
    names = [one_line(part, what=what, limit=80) for part in parts]
    return tuple({name_key(name): name for name in names}.values())


def _kinds(typed: str | None) -> tuple[MissionKind, ...]:
    if typed is None:
        return (MissionKind.CARGO, MissionKind.OTHER)
    known = {kind.value: kind for kind in MissionKind}
    words = [word.strip().casefold() for word in typed.split(",") if word.strip()]
    if not words:
        raise InvalidInput("text_empty", what="kinds")
    for word in words:
        if word not in known:
            raise InvalidInput("kind_unknown", raw_text=word[:40])
    return tuple(dict.fromkeys(known[word] for word in words))
