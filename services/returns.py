"""The returns desk: inspections, and the gate through which a pad comes back into service.

A request is only written when nothing stands in the way; its post shows what the return would rest on, with the buttons of the
second person. At the press everything is looked at again: both people's capabilities, the gate, and whether anything of what was
shown has been journalled since.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain import returns as gate
from domain.capabilities import Capability, Standing
from domain.damage import DamageReport, release
from domain.errors import Conflict, NotFound
from domain.forecasts import Forecast, current, score
from domain.inspections import Inspection, InspectionResult
from domain.pad_facts import ForecastScored, PadInspected, PadRef, PadReturned, ReturnRequested
from domain.pads import Pad
from domain.repairs import RepairTask
from domain.returns import Gate, ReturnRequest
from domain.text import optional_paragraph
from services import lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.photos import PhotoIntake
from storage import damage, forecasts, inspections, outbox, pads, repairs, returns
from storage.database import Reader
from storage.states import load as load_state

_OF_DAMAGE = frozenset({"report_damage", "update_report"})
"""Actions that say what is damaged, as the journal calls them."""


@dataclass(frozen=True, slots=True)
class InspectPad:
    """`/pad inspect`, as typed. `photos` are raw bytes."""

    pad: str
    result: InspectionResult
    note: str | None = None
    photos: tuple[bytes, ...] = ()

    def with_photos(self, photos: tuple[bytes, ...]) -> "InspectPad":
        """The same inspection with its photos, once they have been fetched."""
        return replace(self, photos=photos)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A new inspection, and what still stands in the way of the pad's return; None for a pad that is in service."""

    inspection: Inspection
    pad: Pad
    gate: Gate | None


@dataclass(frozen=True, slots=True)
class GateShown:
    """A pad's gate. `request` is what was asked of a second person; None while something is in the way."""

    pad: Pad
    gate: Gate
    request: ReturnRequest | None


@dataclass(frozen=True, slots=True)
class ReturnDecided:
    """A request after it was decided."""

    pad: Pad
    request: ReturnRequest


class ReturnDesk:
    """Inspections and returns to service."""

    def __init__(self, changes: Changes, photos: PhotoIntake) -> None:
        self._changes = changes
        self._photos = photos

    async def inspect(self, actor: Actor, request: InspectPad) -> Receipt[Inspected]:
        """Record that a pad was inspected, and what that found."""
        note = optional_paragraph(request.note, what="note")
        photos = await self._photos.keep(actor, request.photos, Capability.PAD)

        async def work(change: Change) -> Inspected:
            ws = change.workspace.id
            pad = await lookups.pad(change.tx, ws, request.pad)
            await photos.enter(change)
            made = Inspection(
                number=await inspections.next_number(change.tx, ws),
                pad_id=pad.id,
                result=request.result,
                note=note,
                inspected_by=change.actor.member_id,
                inspected_at=change.now,
                evidence=photos.digests,
            )
            kept = replace(made, note=None)
            seq = await change.record("inspect_pad", ("inspection", made.number), kept, personal={"note": note})
            await inspections.insert(change.tx, ws, replace(made, seq=seq))
            ref = PadRef(pad.id, pad.name)
            name = change.actor.name
            await change.announce(PadInspected(ref, made.number, made.result, note, name, made.evidence))
            return Inspected(made, pad, await _gate(change.tx, ws, pad) if pad.is_away else None)

        return await self._changes.make(actor, Capability.PAD, work)

    async def request(self, actor: Actor, pad: str) -> Receipt[GateShown]:
        """Look at a pad's gate. When nothing stands in the way, a second person is asked, and an older request becomes void."""

        async def work(change: Change) -> GateShown:
            ws = change.workspace.id
            found = await lookups.pad(change.tx, ws, pad)
            gate.require_away(found)
            seen = await _gate(change.tx, ws, found)
            if not seen.is_open:
                return GateShown(found, seen, None)
            older = await returns.waiting(change.tx, ws, found.id)
            if older is not None:
                await _settle(change, gate.void(older, change.now), "void_return")
            made = ReturnRequest(
                number=await returns.next_number(change.tx, ws),
                pad_id=found.id,
                requested_by=change.actor.member_id,
                requested_at=change.now,
                basis_seq=change.journal_head.seq,
            )
            await returns.insert(change.tx, ws, made)
            await change.record("request_return", ("return", made.number), made)
            here = (change.actor.channel_id,) if change.actor.request_id else ()
            await change.announce(_requested(found, seen, made), also=here, cause=_cause(made.number))
            return GateShown(found, seen, made)

        return await self._changes.make(actor, Capability.PAD, work)

    async def requester(self, actor: Actor, number: int) -> int:
        """Who asked for a return that still waits. Raises what confirming it would, for those who may not or when it is decided."""

        async def work(view: View) -> int:
            found = await _load(view.reader, view.workspace.id, number)
            gate.confirm(found, actor.member_id, view.now, changed_since=False)
            return found.requested_by

        return await self._changes.read(actor, work, Capability.APPROVE)

    async def confirm(self, actor: Actor, number: int, requester: tuple[int, Standing]) -> Receipt[ReturnDecided]:
        """The second person's word: the pad is in service again, and every forecast is scored.

        `requester` is who asked, with the roles they hold at this moment.
        """

        async def work(change: Change) -> ReturnDecided:
            ws = change.workspace.id
            request = await _load(change.tx, ws, number)
            changed = await returns.changed_since(change.tx, ws, request.pad_id, request.basis_seq)
            decided = gate.confirm(request, change.actor.member_id, change.now, changed_since=changed)
            member_id, standing = requester
            if member_id != request.requested_by or not change.holds(standing, Capability.PAD):
                raise Conflict("requester_lost_capability", number=number)
            pad = await _pad(change.tx, ws, request.pad_id)
            seen = await _gate(change.tx, ws, pad)
            gate.require_away(pad)
            gate.require_open_gate(seen)
            await _settle(change, decided, "confirm_return")
            return ReturnDecided(await _return(change, pad, seen, decided), decided)

        return await self._changes.make(actor, Capability.APPROVE, work)

    async def decline(self, actor: Actor, number: int) -> Receipt[ReturnDecided]:
        """A second person says no."""
        return await self._changes.make(actor, Capability.APPROVE, lambda change: _turn_down(change, number, own=False))

    async def withdraw(self, actor: Actor, number: int) -> Receipt[ReturnDecided]:
        """Whoever asked takes it back."""
        return await self._changes.make(actor, Capability.PAD, lambda change: _turn_down(change, number, own=True))


async def _turn_down(change: Change, number: int, *, own: bool) -> ReturnDecided:
    request = await _load(change.tx, change.workspace.id, number)
    if own is not (request.requested_by == change.actor.member_id):
        raise Conflict("return_of_another" if own else "return_to_withdraw", number=number)
    decided = gate.decline(request, change.actor.member_id, change.now)
    await _settle(change, decided, "withdraw_return" if own else "decline_return")
    return ReturnDecided(await _pad(change.tx, change.workspace.id, request.pad_id), decided)


async def _return(change: Change, pad: Pad, seen: Gate, decided: ReturnRequest) -> Pad:
    """The pad is back: nothing holds it any more, and what was forecast of this is scored."""
    ws = change.workspace.id
    back = gate.returned(pad, change.now)
    await pads.save(change.tx, ws, back)
    await change.record("return_pad", ("pad", pad.id), back)
    for report in seen.reports:
        released = release(report)
        await damage.save(change.tx, ws, released)
        await change.record("release_report", ("report", report.number), released)
    said = await forecasts.of_outage(change.tx, ws, pad.id)
    stand = current(said)
    await forecasts.settle(change.tx, ws, pad.id, change.now)
    facts = PadReturned(
        pad=PadRef(pad.id, pad.name),
        number=decided.number,
        requested_by=decided.requested_by,
        approved_by=change.actor.member_id,
        returned_at=change.now,
        away_since=pad.away_since,
        scores=tuple(
            _scored(one, change.now, superseded=one not in stand)
            for one in sorted(said, key=lambda one: (one not in stand, one.number))
        ),
    )
    await change.announce(facts, cause=f"returned:{decided.number}")
    return back


def _scored(forecast: Forecast, at: datetime, *, superseded: bool) -> ForecastScored:
    found = score(forecast, at)
    return ForecastScored(
        source=forecast.source,
        tier=forecast.tier,
        verdict=found.verdict,
        days_off=found.days_off,
        width_days=found.width_days,
        forecast=forecast.number,
        said=(forecast.earliest, forecast.latest, forecast.note),
        superseded=superseded,
    )


async def _settle(change: Change, decided: ReturnRequest, action: str) -> None:
    """Keep what became of a request, and have its posts say it, without their buttons."""
    ws = change.workspace.id
    await returns.decide(change.tx, ws, decided)
    await change.record(action, ("return", decided.number), decided)
    for post in await outbox.posts_of(change.tx, ws, _cause(decided.number)):
        if isinstance(post.facts, ReturnRequested):
            facts = replace(post.facts, decision=decided.state, decided_by=decided.decided_by)
            await change.edit(post, facts, cause=_cause(decided.number))


async def _gate(reader: Reader, workspace_id: int, pad: Pad) -> Gate:
    holding = await damage.holding(reader, workspace_id, pad.id)
    tasks: list[RepairTask] = []
    for report in holding:
        tasks += (await repairs.of_report(reader, workspace_id, report.number)).values()
    inspection = await inspections.latest(reader, workspace_id, pad.id)
    touched = inspection is not None and await _touched_since(reader, workspace_id, pad, inspection)
    return gate.gate_of(pad, holding, tasks, inspection, touched_since=touched)


async def _touched_since(reader: Reader, workspace_id: int, pad: Pad, inspection: Inspection) -> bool:
    """Whether damage or work was journalled after an inspection. The journal has the order; a clock can be set."""
    entries = await returns.damage_and_work_since(reader, workspace_id, pad.id, inspection.seq)
    return any(_is_damage_or_work(*entry) for entry in entries)


def _is_damage_or_work(kind: str, action: str, state: str) -> bool:
    match kind:
        case "pad":
            return action == "latch_pad"
        case "repair":
            return gate.is_work(action)
    return action in _OF_DAMAGE and gate.is_damage(load_state(DamageReport, state))


async def _load(reader: Reader, workspace_id: int, number: int) -> ReturnRequest:
    found = await returns.load(reader, workspace_id, number)
    if found is None:
        raise NotFound("button_stale")
    return found


async def _pad(reader: Reader, workspace_id: int, pad_id: int) -> Pad:
    found = await pads.load(reader, workspace_id, pad_id)
    if found is None:
        raise NotFound("button_stale")
    return found


def _requested(pad: Pad, seen: Gate, request: ReturnRequest) -> ReturnRequested:
    assert seen.inspection is not None  # noqa: S101 - an open gate has one
    return ReturnRequested(
        pad=PadRef(pad.id, pad.name),
        number=request.number,
        requested_by=request.requested_by,
        reports=tuple((report.number, report.severity, report.state) for report in seen.reports),
        repairs=tuple((task.number, task.title, task.cancelled_for) for task in seen.tasks),
        inspection=seen.inspection.number,
        inspected_by=seen.inspection.inspected_by,
        inspected_at=seen.inspection.inspected_at,
    )


def _cause(number: int) -> str:
    return f"return:{number}"
