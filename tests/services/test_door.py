"""The one door for every change: set up first, permitted, once, journalled. Every method of every desk goes through it."""

import hashlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.announcements import Topic
from domain.boards import BoardKind
from domain.capabilities import Capability
from domain.damage import ReportState, Severity
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, OpsError
from domain.health import HealthStatus
from domain.inspections import InspectionResult
from domain.materials import MaterialState
from domain.member_reminders import Snooze
from domain.missions import Clearance
from domain.repairs import TaskState
from domain.sources import Tier
from services.actors import Actor
from services.announcements import Subscribe
from services.boards import PinBoard
from services.crew import AssignSeat, EditPerson
from services.damage import Assess, ReportDamage, UpdateReport
from services.desks import Desks
from services.digests import SetDigest
from services.docking import ConfirmDocking, SaveStation
from services.flights import ClaimDate, EditMission, FailEvent
from services.forecasts import ForecastReturn
from services.member_reminders import Remind
from services.missions import CompleteEvent, CreateMission, MoveEvent, PlanEvent
from services.operations import SetUp
from services.pads import AddPad, EditPad
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, SayMaterial
from services.returns import InspectPad
from services.settings import SetSetting
from services.statements import PostStatement
from storage import outbox
from tests.photos.pictures import PNG
from tests.services.house import (
    FLIGHT,
    OPS,
    OTHER_GUILD,
    ROLES,
    House,
    admin,
    at,
    built_house,
    channel,
    director,
    guest,
    member,
    opened_house,
    pad_chief,
    verified,
)

Call = Callable[[Desks, Actor], Awaitable[object]]
OPERATE, PAD, ADMIN, READ = Capability.OPERATE, Capability.PAD, Capability.ADMIN, Capability.READ
APPROVE = Capability.APPROVE
MEDICAL = Capability.MEDICAL

ASKING = Remind("tomorrow 9:00", "look")
EVENT: dict[str, int] = {}
"""Ids of the world that the calls above name; filled when the world is built."""


async def confirmable(desks: Desks, actor: Actor) -> bool:
    """It answers by not refusing."""
    await desks.missions.require_confirmable(actor, EVENT["launch"])
    return True


async def movable(desks: Desks, actor: Actor) -> bool:
    """The same."""
    await desks.missions.require_movable(actor, EVENT["launch"])
    return True


async def parked(desks: Desks, actor: Actor) -> bool:
    """The same."""
    await desks.deliveries.require_parked(actor, FLIGHT)
    return True


# Every method that changes something, the capability it needs, and a call that succeeds in the `world` below.
CHANGES: dict[str, tuple[Capability, Call]] = {
    "missions.create": (OPERATE, lambda d, a: d.missions.create(a, CreateMission("Soyuz MS-29", "Soyuz-2.1a"))),
    "missions.plan": (OPERATE, lambda d, a: d.missions.plan(a, PlanEvent("MS 28", "eva", "2026-04"))),
    "missions.move": (OPERATE, lambda d, a: d.missions.move(a, MoveEvent("MS 28", "landing", "2026-07-26", "why"))),
    "missions.done": (OPERATE, lambda d, a: d.missions.done(a, CompleteEvent("MS 28", "launch"))),
    "missions.done_by_button": (OPERATE, lambda d, a: d.missions.done_by_button(a, EVENT["launch"], "12:00")),
    "missions.done_as_planned": (
        OPERATE,
        lambda d, a: d.missions.done_as_planned(a, EVENT["launch"], at("2025-11-27T17:00")),
    ),
    "missions.moved_by_button": (OPERATE, lambda d, a: d.missions.moved_by_button(a, EVENT["launch"], "2026", "why")),
    "missions.undo": (OPERATE, lambda d, a: d.missions.undo(a, EVENT["last entry"])),
    "crew.assign": (OPERATE, lambda d, a: d.crew.assign(a, AssignSeat("MS 28", "Sergei Mikaev", "Flight Engineer"))),
    "crew.remove": (OPERATE, lambda d, a: d.crew.remove(a, "MS 28", "Chris Williams", "why")),
    "crew.change_return": (OPERATE, lambda d, a: d.crew.change_return(a, "Chris Williams")),
    "crew.edit": (OPERATE, lambda d, a: d.crew.edit(a, EditPerson("Chris Williams", agency="NASA"))),
    "health.record": (MEDICAL, lambda d, a: d.health.record(a, "Chris Williams", HealthStatus.LIMITED, "headache")),
    "flights.hold": (OPERATE, lambda d, a: d.flights.hold(a, "MS 28", "weather")),
    "flights.hold_by_button": (OPERATE, lambda d, a: d.flights.hold_by_button(a, EVENT["launch"])),
    "flights.resume": (OPERATE, lambda d, a: d.flights.resume(a, "MS 25")),
    "flights.scrub": (OPERATE, lambda d, a: d.flights.scrub(a, "MS 28", "weather")),
    "flights.drop": (OPERATE, lambda d, a: d.flights.drop(a, "MS 28", "landing", "why")),
    "flights.fail": (OPERATE, lambda d, a: d.flights.fail(a, FailEvent("MS 26", "undocking", "a hook held"))),
    "flights.cancel": (OPERATE, lambda d, a: d.flights.cancel(a, "MS 28", "why")),
    "flights.correct": (OPERATE, lambda d, a: d.flights.correct(a, "MS 27", "launch", "2025-11-27T05:01Z", "typo")),
    "flights.clear": (OPERATE, lambda d, a: d.flights.clear(a, "MS 26", Clearance.NOT_CLEARED, "leak", None)),
    "flights.edit": (OPERATE, lambda d, a: d.flights.edit(a, EditMission("MS 28", seats=3))),
    "flights.claim": (
        OPERATE,
        lambda d, a: d.flights.claim(a, ClaimDate("MS 28", "landing", "2026-07-26", "Wikipedia", Tier.UNVERIFIED)),
    ),
    "flights.shift": (OPERATE, lambda d, a: d.flights.shift(a, EVENT["launch move"])),
    "flights.adopt": (OPERATE, lambda d, a: d.flights.adopt(a, EVENT["claim"])),
    "docking.plan": (OPERATE, lambda d, a: d.docking.plan(a, "MS 28", "Poisk zenith", "2026-01")),
    "docking.undock": (OPERATE, lambda d, a: d.docking.undock(a, "MS 26")),
    "docking.relocate": (OPERATE, lambda d, a: d.docking.relocate(a, "MS 26", "Poisk zenith")),
    "docking.station": (OPERATE, lambda d, a: d.docking.station(a, SaveStation("ISS", ports="Zvezda aft"))),
    "docking.confirm": (OPERATE, lambda d, a: d.docking.confirm(a, ConfirmDocking("MS 27", None, "Poisk zenith"))),
    "pads.add": (PAD, lambda d, a: d.pads.add(a, AddPad("Site 1S", "Vostochny", "Soyuz-2.1b"))),
    "damage.report": (PAD, lambda d, a: d.damage.report(a, ReportDamage("Site 31/6", Severity.MINOR, "bridge bent"))),
    "pads.edit": (PAD, lambda d, a: d.pads.edit(a, EditPad("Site 31/6", operator="Roscosmos TsENKI"))),
    "pads.restrict": (PAD, lambda d, a: d.pads.restrict(a, "Site 31/6", "wind")),
    "pads.lift": (PAD, lambda d, a: d.pads.lift(a, "Site 43/4", "calm")),
    "damage.acknowledge": (PAD, lambda d, a: d.damage.acknowledge(a, 1)),
    "damage.update": (PAD, lambda d, a: d.damage.update(a, UpdateReport("DR-1", ReportState.CONFIRMED))),
    "damage.assess": (
        PAD,
        lambda d, a: d.damage.assess(a, Assess("DR-1", Severity.MINOR, Tier.OFFICIAL, "Roscosmos")),
    ),
    "damage.adopt": (PAD, lambda d, a: d.damage.adopt(a, "AS-1", "they looked")),
    "forecasts.forecast": (
        PAD,
        lambda d, a: d.forecasts.forecast(a, ForecastReturn("Site 31/6", "Roscosmos", Tier.OFFICIAL, note="shortly")),
    ),
    "returns.inspect": (PAD, lambda d, a: d.returns.inspect(a, InspectPad("Site 31/6", InspectionResult.PASSED))),
    "returns.request": (PAD, lambda d, a: d.returns.request(a, "Ready 4")),
    "returns.confirm": (APPROVE, lambda d, a: d.returns.confirm(a, 1, (4, pad_chief().standing))),
    "returns.decline": (APPROVE, lambda d, a: d.returns.decline(a, 1)),
    "returns.withdraw": (PAD, lambda d, a: d.returns.withdraw(a, 2 if a.member_id == 2 else 3)),
    "repairs.plan": (PAD, lambda d, a: d.repairs.plan(a, PlanRepair("DR-1", "inspect and test the cabin"))),
    "repairs.progress": (PAD, lambda d, a: d.repairs.progress(a, "RT-1", 40, None)),
    "repairs.edit": (PAD, lambda d, a: d.repairs.edit(a, EditRepair("RT-1", days=9))),
    "repairs.start": (PAD, lambda d, a: d.repairs.start(a, "RT-1")),
    "repairs.block": (PAD, lambda d, a: d.repairs.block(a, "RT-1", "no crane")),
    "repairs.unblock": (PAD, lambda d, a: d.repairs.unblock(a, "RT-2")),
    "repairs.material": (
        PAD,
        lambda d, a: d.repairs.material(a, SayMaterial("RT-1", "cabin frame", MaterialState.ON_HAND)),
    ),
    "repairs.verify": (PAD, lambda d, a: d.repairs.verify(a, "RT-3", None)),
    "repairs.cancel": (PAD, lambda d, a: d.repairs.cancel(a, "RT-1", "not needed")),
    "repairs.complete": (PAD, lambda d, a: d.repairs.complete(a, "RT-1", None)),
    "announcements.subscribe": (
        OPERATE,
        lambda d, a: d.announcements.subscribe(a, Subscribe(Topic.PAD, channel(FLIGHT))),
    ),
    "announcements.unsubscribe": (OPERATE, lambda d, a: d.announcements.unsubscribe(a, str(EVENT["subscription"]))),
    "digests.set": (OPERATE, lambda d, a: d.digests.set(a, SetDigest("09:00", channel(FLIGHT)))),
    "announcements.mute": (OPERATE, lambda d, a: d.announcements.mute(a, "MS 28")),
    "announcements.unmute": (OPERATE, lambda d, a: d.announcements.unmute(a, "MS 25")),
    "boards.pin": (OPERATE, lambda d, a: d.boards.pin(a, PinBoard(BoardKind.CREW, channel(FLIGHT)))),
    "boards.unpin": (OPERATE, lambda d, a: d.boards.unpin(a, BoardKind.PADS, FLIGHT)),
    "statements.draft": (OPERATE, lambda d, a: d.statements.draft(a, PostStatement("All is well.", mission="MS 28"))),
    "statements.correct": (OPERATE, lambda d, a: d.statements.correct(a, "ST-1", "All is very well.", "better news")),
    "statements.approve": (APPROVE, lambda d, a: d.statements.approve(a, 2)),
    "statements.reject": (APPROVE, lambda d, a: d.statements.reject(a, 2)),
    "statements.withdraw": (OPERATE, lambda d, a: d.statements.withdraw(a, 3 if a.member_id == 2 else 4)),
    "deliveries.retry": (OPERATE, lambda d, a: d.deliveries.retry(a, FLIGHT)),
    "deliveries.drop": (OPERATE, lambda d, a: d.deliveries.drop(a, FLIGHT, "nobody needs it")),
    "countdowns.set_offsets": (OPERATE, lambda d, a: d.countdowns.set_offsets(a, f"#{EVENT['launch']}", "2d 0")),
    "member_reminders.remind_here": (
        OPERATE,
        lambda d, a: d.member_reminders.remind_here(a, Remind("in 1 h", "look"), channel(FLIGHT)),
    ),
    "member_reminders.snooze_here": (OPERATE, lambda d, a: d.member_reminders.snooze_here(a, 3, Snooze.HOUR)),
    "member_reminders.stop_undelivered": (OPERATE, lambda d, a: d.member_reminders.stop_undelivered(a, 4)),
    "operations.set_up": (ADMIN, lambda d, a: d.operations.set_up(a, SetUp(channel(OPS), "Asia/Almaty"))),
    "operations.grant": (ADMIN, lambda d, a: d.operations.grant(a, Capability.APPROVE, 777)),
    "operations.revoke": (ADMIN, lambda d, a: d.operations.revoke(a, Capability.APPROVE, ROLES[Capability.APPROVE])),
    "operations.set": (ADMIN, lambda d, a: d.operations.set(a, SetSetting("morning", "6"))),
}
# What every member may do with what is theirs; the guest does it. Nothing but reading is asked, and below a private reminder, which
# stands in direct messages, not even that.
OWN: dict[str, Call] = {
    "member_reminders.remind_me": lambda d, a: d.member_reminders.remind_me(a, Remind("in 1 h", "look"), 960),
    "member_reminders.cancel": lambda d, a: d.member_reminders.cancel(a, "RM-1"),
    "member_reminders.set_zone": lambda d, a: d.member_reminders.set_zone(a, "Asia/Almaty"),
    "member_reminders.snooze_own": lambda d, a: d.member_reminders.snooze_own(a, 1, Snooze.HOUR),
    "member_reminders.cancel_own": lambda d, a: d.member_reminders.cancel_own(a, 1),
}
# Every method that only answers. Completion answers nothing to whoever may not ask.
QUESTIONS: dict[str, tuple[Capability, Call]] = {
    "missions.status": (READ, lambda d, a: d.missions.status(a, "MS 28")),
    "missions.require_confirmable": (OPERATE, confirmable),
    "missions.require_movable": (OPERATE, movable),
    "deliveries.require_parked": (OPERATE, parked),
    "missions.list": (READ, lambda d, a: d.missions.list(a)),
    "histories.mission": (READ, lambda d, a: d.histories.mission(a, "MS 28")),
    "pad_history.history": (READ, lambda d, a: d.pad_history.history(a, "Site 31/6")),
    "timelines.timeline": (READ, lambda d, a: d.timelines.timeline(a, "MS 28")),
    "coverage.aboard": (READ, lambda d, a: d.coverage.aboard(a)),
    "coverage.coverage": (READ, lambda d, a: d.coverage.coverage(a)),
    "health.show": (MEDICAL, lambda d, a: d.health.show(a, "Chris Williams")),
    "missions.overview": (READ, lambda d, a: d.missions.overview(a)),
    "crew.list": (READ, lambda d, a: d.crew.list(a)),
    "docking.ports": (READ, lambda d, a: d.docking.ports(a)),
    "pads.status": (READ, lambda d, a: d.pads.status(a, "Site 31/6")),
    "impact.impact": (READ, lambda d, a: d.impact.impact(a)),
    "pads.list": (READ, lambda d, a: d.pads.list(a)),
    "damage.reportable": (PAD, lambda d, a: d.damage.reportable(a)),
    "returns.requester": (APPROVE, lambda d, a: d.returns.requester(a, 1)),
    "photos.show": (READ, lambda d, a: d.photos.show(a, hashlib.sha256(PNG).hexdigest())),
    "repairs.list": (READ, lambda d, a: d.repairs.list(a)),
    "announcements.overview": (READ, lambda d, a: d.announcements.overview(a)),
    "announcements.list": (READ, lambda d, a: d.announcements.list(a)),
    "countdowns.show": (READ, lambda d, a: d.countdowns.show(a, f"#{EVENT['launch']}")),
    "countdowns.list": (READ, lambda d, a: d.countdowns.list(a)),
    "member_reminders.zone": (READ, lambda d, a: d.member_reminders.zone(a)),
    "member_reminders.show_own": (READ, lambda d, a: d.member_reminders.show_own(a, 2)),
    "member_reminders.zone_to_ask_for_me": (READ, lambda d, a: d.member_reminders.zone_to_ask_for_me(a, ASKING)),
    "member_reminders.zone_to_ask_for_here": (
        OPERATE,
        lambda d, a: d.member_reminders.zone_to_ask_for_here(a, ASKING),
    ),
    "operations.status": (READ, lambda d, a: d.operations.status(a)),
    "operations.explain": (ADMIN, lambda d, a: d.operations.explain(a, 4711, a.standing)),
    "verification.verify": (READ, lambda d, a: d.verification.verify(a)),
}
COMPLETIONS: dict[str, Call] = {
    "completion.missions": lambda d, a: d.completion.missions(a, ""),
    "completion.people": lambda d, a: d.completion.people(a, ""),
    "completion.stations": lambda d, a: d.completion.stations(a, ""),
    "completion.ports": lambda d, a: d.completion.ports(a, None, ""),
    "completion.pads": lambda d, a: d.completion.pads(a, ""),
    "completion.components": lambda d, a: d.completion.components(a, "Site 31/6", ""),
    "completion.reports": lambda d, a: d.completion.reports(a, ""),
    "completion.assessments": lambda d, a: d.completion.assessments(a, ""),
    "completion.tasks": lambda d, a: d.completion.tasks(a, "", tuple(TaskState)),
    "completion.materials": lambda d, a: d.completion.materials(a, "RT-1", ""),
    "completion.subscriptions": lambda d, a: d.completion.subscriptions(a),
    "completion.statements": lambda d, a: d.completion.statements(a),
    "completion.reminders": lambda d, a: d.completion.reminders(a, ""),
    "completion.crew": lambda d, a: d.completion.crew(a, "MS 28", ""),
    "completion.events": lambda d, a: d.completion.events(a, None, ""),
    "completion.happened": lambda d, a: d.completion.happened(a, "MS 26", ""),
}
IN_DIRECT_MESSAGES = {"member_reminders.snooze_own", "member_reminders.cancel_own"}
"""Pressed where nobody has roles: that a reminder is the member's own is all that counts."""
WITHOUT_A_MEMBER = {
    "boards.fire_due",
    "reminders.fire_due",
    "digests.fire_due",
    "housekeeping.fire_due",
    "security.note",
}


@pytest.fixture
async def world(tmp_path: Path, templates: Path) -> AsyncIterator[House]:
    """One of everything: missions (held, docked, in flight, planned), crew, a station, a pad with damage and a repair."""
    async with built_house(templates / "world", tmp_path, one_of_everything) as house:
        yield house


async def one_of_everything(house: House) -> None:
    """Enter it, and note the ids that the calls above name."""
    await house.set_up()
    await house.station()
    await house.pad()
    await house.create("MS 27", station="ISS")
    await house.create("MS 28", pad="Site 31/6", station="ISS", launch="2025-11-27T17:00Z")
    await house.desks.crew.assign(director(), AssignSeat("MS 28", "Chris Williams", "Flight Engineer"))
    await house.desks.missions.done(director(), CompleteEvent("MS 27", "launch", "2025-11-27T05:00Z"))
    await house.create("MS 26", station="ISS")
    await house.done("MS 26", "launch", "2025-11-26T05:00Z")
    await house.dock("MS 26", "2025-11-26T08:00Z", "Rassvet nadir")
    await house.plan("MS 26", "undocking", "2026-03")
    await house.create("MS 25", launch="2026-05")
    await house.desks.flights.hold(director(), "MS 25", "range not ready")
    await house.create("MS 24", station="ISS", launch="2026-01-10")
    await house.plan("MS 24", "docking", "2026-01-12")
    slipped = await house.move("MS 24", "launch", "2026-02-10")
    report = ReportDamage("Site 31/6", Severity.CRITICAL, "service cabin fell into the flame trench", photos=(PNG,))
    await house.desks.damage.report(pad_chief(), report)
    for title in ("clear the flame trench", "bring in parts", "photograph it"):
        await house.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", title))
    await house.desks.repairs.material(pad_chief(), SayMaterial("RT-1", "cabin frame", MaterialState.NEEDED))
    await house.desks.repairs.block(pad_chief(), "RT-2", "no lorry")
    await house.desks.repairs.complete(member(PAD, number=19), "RT-3", None)
    await house.desks.damage.assess(pad_chief(), Assess("DR-1", Severity.MINOR, Tier.OFFICIAL, "Roscosmos"))
    await house.desks.pads.add(pad_chief(), AddPad("Site 43/4", "Plesetsk", "Soyuz-2.1b"))
    await house.desks.pads.restrict(pad_chief(), "Site 43/4", "wind")
    await ready_pads(house)
    landing = await house.plan("MS 28", "landing", "2026-07-27")
    launch = next(event for event in landing.card.mission.events if event.kind.value == "launch")
    request = ClaimDate("MS 28", "landing", "2026-07", "Roscosmos", Tier.OFFICIAL)
    claimed = (await house.desks.flights.claim(director(), request)).value.claim
    heard = await house.desks.announcements.subscribe(director(), Subscribe(Topic.STATEMENT, channel(FLIGHT)))
    await house.desks.announcements.mute(director(), "MS 25")
    await house.desks.boards.pin(director(), PinBoard(BoardKind.PADS, channel(FLIGHT)))
    drafters = (director(), director(), admin(), member(OPERATE, number=9))
    for number, drafter in enumerate(drafters, 1):
        await house.desks.statements.draft(drafter, PostStatement(f"Statement {number}."))
    await house.desks.statements.approve(member(APPROVE, number=9), 1)
    for setting in (guest(), member(READ)):
        await house.desks.member_reminders.remind_me(setting, Remind("in 1 h", "look"), 960 + setting.member_id)
    await house.desks.member_reminders.remind_here(director(), Remind("in 1 h", "look"), channel(FLIGHT))
    await house.desks.member_reminders.remind_me(pad_chief(), Remind("in 1 h", "look"), 970)
    await house.database.write(lambda tx: outbox.park_pending(tx, FLIGHT, "missing_access", house.clock.now()))
    assert landing.undo_seq
    assert claimed
    assert slipped.undo_seq
    EVENT.update(
        {"launch move": slipped.undo_seq, "launch": launch.id, "last entry": landing.undo_seq, "claim": claimed.id},
        subscription=heard.value.subscription.id,
    )


async def ready_pads(house: House) -> None:
    """Four pads with nothing in the way of their return; for three of them a second person has been asked."""
    for number in range(1, 5):
        name = f"Ready {number}"
        await house.desks.pads.add(pad_chief(), AddPad(name, "Plesetsk", "Soyuz-2.1b"))
        logged = await house.desks.damage.report(pad_chief(), ReportDamage(name, Severity.CRITICAL, "a crack"))
        closed = UpdateReport(logged.value.report.label, ReportState.CLOSED, reason="it was paint")
        await house.desks.damage.update(pad_chief(), closed)
    house.clock.move_to(house.clock.now() + timedelta(minutes=1))
    for number, asking in enumerate((pad_chief(), admin(), member(PAD, number=9), None), 1):
        await house.desks.returns.inspect(pad_chief(), InspectPad(f"Ready {number}", InspectionResult.PASSED))
        if asking is not None:
            await house.desks.returns.request(asking, f"Ready {number}")


def public_methods() -> set[str]:
    return {
        f"{field.name}.{name}"
        for field in fields(Desks)
        for name, _ in inspect.getmembers(field.type, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }


def test_every_method_of_every_desk_is_tried_here() -> None:
    assert public_methods() == set(CHANGES) | set(OWN) | set(QUESTIONS) | set(COMPLETIONS) | WITHOUT_A_MEMBER


async def state_of(house: House) -> dict[str, list[tuple[object, ...]]]:
    tables = await house.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {str(name): await house.rows(f"SELECT * FROM {name}") for (name,) in tables}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_needs_its_capability_and_a_refusal_changes_nothing(world: House, name: str) -> None:
    needed, call = CHANGES[name]
    before = await state_of(world)
    wrong = [right for right in Capability if right not in {needed, ADMIN}]
    for asking in (guest(), member(*wrong)):
        with pytest.raises(NotPermitted) as refusal:
            await call(world.desks, asking)
        assert dict(refusal.value.params) == {"capability": needed.value}
    assert await state_of(world) == before


@pytest.mark.parametrize("name", OWN)
async def test_what_is_a_members_own_is_any_readers_to_change_once_and_nobody_elses(world: House, name: str) -> None:
    if name in {"member_reminders.cancel", *IN_DIRECT_MESSAGES}:
        before = await state_of(world)
        for other in (member(*Capability, number=9), admin(), admin(OTHER_GUILD)):
            with pytest.raises(NotFound):
                await OWN[name](world.desks, other)
        assert await state_of(world) == before
    asking, entries_before = guest(), len(await world.chain())
    await OWN[name](world.desks, asking)
    entries = await world.chain()
    assert {linked.entry.actor_id for linked in entries[entries_before:]} == {asking.member_id}
    assert verified(entries)
    after = await state_of(world)
    with pytest.raises(Conflict) as replay:
        await OWN[name](world.desks, asking)
    assert replay.value.code == "already_done"
    assert await state_of(world) == after


@pytest.mark.parametrize("name", sorted(OWN.keys() - IN_DIRECT_MESSAGES))
async def test_what_is_a_members_own_is_not_theirs_to_change_where_they_may_not_read(world: House, name: str) -> None:
    await world.desks.operations.grant(admin(), READ, ROLES[READ])
    before = await state_of(world)
    with pytest.raises(NotPermitted):
        await OWN[name](world.desks, guest())
    assert await state_of(world) == before


@pytest.mark.parametrize("who", ["with the role", "admin"])
@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_by_someone_who_may_is_made_once_and_journalled_in_one_chain(
    world: House, name: str, who: str
) -> None:
    needed, call = CHANGES[name]
    asking = admin() if who == "admin" else member(needed, number=9)
    if needed is MEDICAL and who == "admin":
        with pytest.raises(NotPermitted):  # no other right implies it, not even this one
            await call(world.desks, asking)
        return
    entries_before = len(await world.chain())
    await call(world.desks, asking)
    entries = await world.chain()
    assert len(entries) > entries_before
    assert {linked.entry.actor_id for linked in entries[entries_before:]} == {asking.member_id}
    assert verified(entries)
    after = await state_of(world)
    with pytest.raises(Conflict) as replay:
        await call(world.desks, asking)
    assert replay.value.code == "already_done"
    assert await state_of(world) == after


@pytest.mark.parametrize("name", [*CHANGES, *OWN, *QUESTIONS])
async def test_before_set_up_everything_but_setting_up_is_refused(empty_house: House, name: str) -> None:
    if name == "operations.set_up":
        with pytest.raises(NotPermitted):
            await CHANGES[name][1](empty_house.desks, guest())
        return
    for key in ("launch", "launch move", "last entry", "claim", "subscription"):
        EVENT.setdefault(key, 1)
    with pytest.raises(NotFound) as refusal:
        await (OWN[name] if name in OWN else (CHANGES | QUESTIONS)[name][1])(empty_house.desks, admin())
    # Below a private reminder nobody learns which servers are set up.
    assert refusal.value.code == ("reminder_unknown" if name in IN_DIRECT_MESSAGES else "not_set_up")


@pytest.mark.parametrize("name", CHANGES)
async def test_an_admin_of_another_guild_changes_nothing_here(world: House, name: str) -> None:
    await world.set_up(OTHER_GUILD)
    tables = [table for table in await state_of(world) if table not in {"workspaces", "schema_migrations"}]
    before = {t: await world.rows(f"SELECT * FROM {t} WHERE workspace_id = 1") for t in tables}
    codes = set()
    there = member(MEDICAL, guild=OTHER_GUILD) if CHANGES[name][0] is MEDICAL else admin(OTHER_GUILD)
    try:
        await CHANGES[name][1](world.desks, there)
    except OpsError as refusal:
        codes = {refusal.code}
    assert {t: await world.rows(f"SELECT * FROM {t} WHERE workspace_id = 1") for t in tables} == before
    assert not codes or "unknown" in next(iter(codes)) or codes in ({"button_stale"}, {"nothing_parked"})


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_is_answered_to_whoever_may_read_until_reading_is_narrowed(world: House, name: str) -> None:
    needed, ask = QUESTIONS[name]
    before = await state_of(world)
    assert await ask(world.desks, member(needed)) is not None
    assert await state_of(world) == before
    await world.desks.operations.grant(admin(), READ, ROLES[READ])
    with pytest.raises(NotPermitted):
        await ask(world.desks, guest())
    assert await ask(world.desks, member(needed)) is not None


@pytest.mark.parametrize("name", COMPLETIONS)
async def test_completion_offers_names_to_readers_and_nothing_to_anyone_else(world: House, name: str) -> None:
    await world.set_up(OTHER_GUILD)
    assert await COMPLETIONS[name](world.desks, guest())
    assert not await COMPLETIONS[name](world.desks, admin(OTHER_GUILD)), "another guild's names"
    assert not await COMPLETIONS[name](world.desks, admin(99)), "a guild that is not set up"
    await world.desks.operations.grant(admin(), READ, ROLES[READ])
    assert not await COMPLETIONS[name](world.desks, guest())


# --- setting up --------------------------------------------------------------------------------------------------------


async def test_setting_up_is_for_manage_server_and_setting_up_again_keeps_what_is_there(house: House) -> None:
    await house.station()
    receipt = await house.desks.operations.set_up(admin(), SetUp(channel(OPS), "asia/almaty", 7))
    assert (receipt.value.zone, receipt.value.morning_hour) == ("Asia/Almaty", 7)
    status = await house.desks.operations.status(guest())
    assert status.workspace == receipt.value
    assert status.grants[OPERATE] == (ROLES[OPERATE],)
    assert (await house.desks.docking.ports(guest()))[0].station.short == "ISS"
    assert verified(await house.chain())


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (SetUp(channel(OPS, can_send=False)), "channel_cannot_post"),
        (SetUp(channel(OPS, can_read_history=False)), "channel_without_history"),
        (SetUp(channel(OPS), "Mars/Jezero"), "zone_unknown"),
        (SetUp(channel(OPS), "UTC", 24), "number_out_of_range"),
        (SetUp(channel(OPS), "UTC", -1), "number_out_of_range"),
    ],
)
async def test_setting_up_wrongly_is_refused_and_nothing_is_set_up(
    empty_house: House, request_: SetUp, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await empty_house.desks.operations.set_up(admin(), request_)
    assert refusal.value.code == code
    assert await empty_house.rows("SELECT * FROM workspaces") == []


async def test_a_refused_interaction_may_be_tried_again(house: House) -> None:
    asking = director()
    with pytest.raises(NotFound):
        await house.desks.missions.plan(asking, PlanEvent("Soyuz MS-28", "eva", "2026-04"))
    await house.create("Soyuz MS-28")
    await house.desks.missions.plan(asking, PlanEvent("Soyuz MS-28", "eva", "2026-04"))


# --- the journal -------------------------------------------------------------------------------------------------------


async def test_the_chain_shows_every_alteration_of_a_row(world: House) -> None:
    for column, value in [("state", "'{}'"), ("actor_id", "99"), ("recorded_at", "recorded_at + 1"), ("event_at", "5")]:
        entries = await world.chain()
        middle = entries[len(entries) // 2]
        old = (await world.rows(f"SELECT {column} FROM journal WHERE workspace_id = 1 AND seq = ?", middle.entry.seq))[
            0
        ][0]
        where = f"WHERE workspace_id = 1 AND seq = {middle.entry.seq}"
        await world.database.write(lambda tx: tx.execute(f"UPDATE journal SET {column} = {value} {where}"))  # noqa: B023
        assert not verified(await world.chain())
        await world.database.write(lambda tx: tx.execute(f"UPDATE journal SET {column} = ? {where}", (old,)))  # type: ignore[arg-type] # noqa: B023
        assert verified(await world.chain())


async def test_personal_text_can_be_erased_and_the_chain_still_holds(world: House) -> None:
    journal_text = str(await world.rows("SELECT state FROM journal WHERE subject_kind = 'person'"))
    assert "Williams" not in journal_text
    await world.database.write(lambda tx: tx.execute("DELETE FROM journal_personal"))
    assert verified(await world.chain())


async def test_the_chain_goes_on_after_a_restart(world: House) -> None:
    entries = len(await world.chain())
    async with opened_house(world.directory) as after_restart:
        await after_restart.create("Soyuz MS-29")
        assert len(await after_restart.chain()) == entries + 1
        assert verified(await after_restart.chain())


async def test_a_name_that_is_no_text_does_not_stop_a_change(house: House) -> None:
    await house.desks.missions.create(
        replace(director(), name="lone \ud800"), CreateMission("Soyuz MS-28", "Soyuz-2.1a")
    )
    assert verified(await house.chain())
