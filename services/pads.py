"""The pads desk: what there is, what it can launch, its status and what that rests on, and standing restrictions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.assessments import Views, views_of
from domain.capabilities import Capability as Right
from domain.damage import DamageReport
from domain.errors import Conflict, InvalidInput, NotFound
from domain.expected import Estimate
from domain.forecasts import Forecast, current
from domain.missions import Mission, MissionKind
from domain.pad_facts import PadAdded, PadEdited, PadRef, PadRestricted
from domain.pads import Capability, Lifecycle, Pad, PadStatus, StatusFinding, lift, restrict, status_of
from domain.repairs import RepairTask
from domain.text import name_key, one_line, optional_line, require_name
from services import cards, lookups, outages
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.missions import as_of_instant
from storage import damage, journal, pads, repairs
from storage.database import Reader

COMPONENTS_MAX = 30


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
class EditPad:
    """`/pad edit`, as typed; what is left out stays."""

    pad: str
    name: str | None = None
    site: str | None = None
    vehicles: str | None = None
    kinds: str | None = None
    components: str | None = None
    operator: str | None = None
    lifecycle: Lifecycle | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PadChanged:
    """A pad after a change: what was edited, or what a restriction did to its status."""

    pad: Pad
    status_before: PadStatus
    after: StatusFinding
    edits: tuple[tuple[str, str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class PadCard:
    """One pad, ready to be shown: its status, open reports, open repairs, and the missions that wait for it.

    `reporters` are names by report number, absent once erased; `views` what others say of each report. `forecasts` are those that
    stand, `superseded` counts the others; `estimate` is what the pad's own repairs say.
    """

    pad: Pad
    finding: StatusFinding
    reports: tuple[DamageReport, ...]
    tasks: tuple[RepairTask, ...]
    waiting: tuple[Mission, ...]
    reporters: Mapping[int, str]
    asked_at: datetime
    believed_at: datetime | None = None
    views: Mapping[int, Views] = field(default_factory=dict)
    forecasts: tuple[Forecast, ...] = ()
    superseded: int = 0
    estimate: Estimate | None = None


class PadDesk:
    """Pads."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def add(self, actor: Actor, request: AddPad) -> Receipt[Pad]:
        """Enter a pad. Its capabilities are every vehicle with every kind; crew counts only when it is said."""
        name = require_name(request.name, what="name")
        components = _components(request.components)
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
            await pads.save_capabilities(change.tx, change.workspace.id, pad)
            await change.record("add_pad", ("pad", pad.id), pad)
            named = tuple((capability.vehicle, capability.kind) for capability in capabilities)
            await change.announce(PadAdded(pad.id, pad.name, pad.site, named))
            return pad

        return await self._changes.make(actor, Right.PAD, work)

    async def edit(self, actor: Actor, request: EditPad) -> Receipt[PadChanged]:
        """Change facts of a pad. Raises Conflict `pad_renamed_while_away` for a new name while it is not in service."""
        reason = optional_line(request.reason, what="reason")

        async def work(change: Change) -> PadChanged:
            ws = change.workspace.id
            before = await lookups.pad(change.tx, ws, request.pad)
            after = await _edited(change, before, request)
            edits = _edits(before, after)
            if not edits:
                raise InvalidInput("pad_edit_changes_nothing", pad_text=before.name)
            await pads.save(change.tx, ws, after)
            await pads.save_capabilities(change.tx, ws, after)
            await change.record("edit_pad", ("pad", after.id), after, personal={"reason": reason} if reason else None)
            await change.announce(PadEdited(PadRef(after.id, after.name), edits, reason))
            finding = status_of(after, await damage.open_reports_on(change.tx, ws, after.id))
            return PadChanged(after, finding.status, finding, edits)

        return await self._changes.make(actor, Right.PAD, work)

    async def restrict(self, actor: Actor, pad: str, reason: str) -> Receipt[PadChanged]:
        """Put a standing restriction on a pad. It is lifted by hand, and has nothing to do with reports."""
        because = one_line(reason, what="reason")
        return await self._changes.make(
            actor, Right.PAD, lambda change: _restrict(change, pad, lambda found: restrict(found, because), because)
        )

    async def lift(self, actor: Actor, pad: str, reason: str) -> Receipt[PadChanged]:
        """Lift a pad's standing restriction. What reports have done to the pad stays."""
        because = one_line(reason, what="reason")
        return await self._changes.make(actor, Right.PAD, lambda change: _restrict(change, pad, lift, because))

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
            tasks = await _tasks_of(view.reader, ws, None if wanted is None else wanted.id, at)
            shown = tuple(world.pads.values()) if wanted is None else (world.pads[wanted.id],)
            numbers = [report.number for pad in shown for report in world.reports.get(pad.id, ())]
            reporters = await journal.actor_names(view.reader, ws, "report_damage", "report", numbers)
            found = tuple(_card(world, pad, tasks, reporters, at or view.now, at) for pad in shown)
            return found if wanted is None else (await _with_outage(view, found[0]),)

        return await self._changes.read(actor, work)


async def _restrict(change: Change, typed: str, alter: Callable[[Pad], Pad], reason: str) -> PadChanged:
    ws = change.workspace.id
    before = await lookups.pad(change.tx, ws, typed)
    after = alter(before)
    reports = await damage.open_reports_on(change.tx, ws, before.id)
    was, finding = status_of(before, reports).status, status_of(after, reports)
    lifted = after.restriction is None
    await pads.save(change.tx, ws, after)
    action = "lift_pad" if lifted else "restrict_pad"
    await change.record(action, ("pad", after.id), after, personal={"reason": reason})
    restriction = (before.restriction if lifted else after.restriction) or ""
    facts = PadRestricted(PadRef(after.id, after.name), restriction, reason, lifted, was, finding.status)
    await change.announce(facts)
    return PadChanged(after, was, finding)


async def _edited(change: Change, before: Pad, request: EditPad) -> Pad:
    after = before
    if request.name is not None:
        after = replace(after, name=await _free_name(change, before, request.name))
    if request.site is not None:
        after = replace(after, site=one_line(request.site, what="site", limit=80))
    if request.vehicles is not None or request.kinds is not None:
        after = replace(after, capabilities=_capabilities_after(before, request))
    if request.components is not None:
        after = replace(after, components=_components(request.components))
    if request.operator is not None:
        after = replace(after, operator=one_line(request.operator, what="operator", limit=80))
    return after if request.lifecycle is None else replace(after, lifecycle=request.lifecycle)


async def _free_name(change: Change, pad: Pad, typed: str) -> str:
    """A new name. A pad that is not in service keeps its own: under another one it would look like another pad."""
    name = require_name(typed, what="name")
    holder = await pads.find(change.tx, change.workspace.id, name)
    if holder not in {None, pad.id}:
        raise Conflict("pad_exists", pad_text=name)
    if pad.is_away and name_key(name) != name_key(pad.name):
        raise Conflict("pad_renamed_while_away", pad_text=pad.name)
    return name


def _capabilities_after(pad: Pad, request: EditPad) -> tuple[Capability, ...]:
    """Every vehicle with every kind, as `/pad add` reads them; what is not given stays as it was."""
    vehicles = (
        _names(request.vehicles, what="vehicles", required=True)
        if request.vehicles is not None
        else tuple(dict.fromkeys(capability.vehicle for capability in pad.capabilities))
    )
    kinds = (
        _kinds(request.kinds)
        if request.kinds is not None
        else tuple(dict.fromkeys(capability.kind for capability in pad.capabilities))
    )
    stated = (Capability(vehicle, kind) for vehicle in vehicles for kind in kinds)
    return tuple(sorted(stated, key=lambda one: (name_key(one.vehicle), one.kind)))


def _components(typed: str | None) -> tuple[str, ...]:
    components = _names(typed, what="components")
    if len(components) > COMPONENTS_MAX:
        raise InvalidInput("too_many_components", limit=COMPONENTS_MAX)
    return components


def _edits(before: Pad, after: Pad) -> tuple[tuple[str, str | None, str | None], ...]:
    """What an edit changed, as option and plain words."""
    shown: tuple[tuple[str, Callable[[Pad], str | None]], ...] = (
        ("name", lambda pad: pad.name),
        ("site", lambda pad: pad.site),
        ("vehicles", lambda pad: ", ".join(f"{one.vehicle} ({one.kind.value})" for one in pad.capabilities)),
        ("components", lambda pad: ", ".join(pad.components) or None),
        ("operator", lambda pad: pad.operator),
        ("lifecycle", lambda pad: pad.lifecycle.value),
    )
    pairs = ((option, of(before), of(after)) for option, of in shown)
    return tuple((option, was, is_) for option, was, is_ in pairs if was != is_)


async def _tasks_of(
    reader: Reader, workspace_id: int, pad_id: int | None, at: datetime | None
) -> Mapping[int, tuple[RepairTask, ...]]:
    """Repair tasks by report: of the open ones of one pad or of all; of every report there was, with `at`."""
    if at is None:
        return await repairs.of_open_reports(reader, workspace_id, pad_id)
    by_report: dict[int, list[RepairTask]] = {}
    for task in await cards.tasks_as_of(reader, workspace_id, at):
        by_report.setdefault(task.report_number, []).append(task)
    return {number: tuple(tasks) for number, tasks in by_report.items()}


async def _with_outage(view: View, card: PadCard) -> PadCard:
    """The card with what others say of its reports, and when they and its own repairs expect it back."""
    said, forecasts = await outages.said_of(view.reader, view.workspace.id, card.pad.id, card.believed_at)
    stand = current(forecasts)
    return replace(
        card,
        views={
            report.number: views_of(one for one in said if one.report_number == report.number)
            for report in card.reports
        },
        forecasts=stand,
        superseded=len(forecasts) - len(stand),
        estimate=outages.estimate(card.reports, card.tasks, card.asked_at),
    )


def _card(
    world: cards.World,
    pad: Pad,
    tasks: Mapping[int, tuple[RepairTask, ...]],
    reporters: Mapping[int, str],
    asked_at: datetime,
    believed_at: datetime | None,
) -> PadCard:
    reports = tuple(report for report in world.reports.get(pad.id, ()) if report.state.is_open)
    work = [task for report in reports for task in tasks.get(report.number, ())]
    return PadCard(
        pad=pad,
        finding=status_of(pad, reports),
        reports=reports,
        tasks=tuple(sorted((task for task in work if task.state.is_open), key=lambda task: task.number)),
        waiting=cards.waiting_for(pad, world.missions),
        reporters=reporters,
        asked_at=asked_at,
        believed_at=believed_at,
    )


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
