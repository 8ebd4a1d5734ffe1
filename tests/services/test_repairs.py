"""Repairs through their whole life: started, blocked, edited, done, verified by another, cancelled, reopened, announced."""

from collections.abc import Awaitable, Callable

import pytest

from domain.announcements import Topic
from domain.capabilities import Capability
from domain.damage import Severity
from domain.errors import OpsError
from domain.facts import Facts
from domain.materials import Material, MaterialState
from domain.repair_facts import (
    MaterialChanged,
    RepairDue,
    RepairDueOutdated,
    RepairEdited,
    RepairPlanned,
    RepairStateChanged,
)
from domain.repairs import TaskState
from domain.when_text import parse_when
from services import cards
from services.actors import Actor
from services.damage import ReportDamage
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, RepairDesk, SayMaterial
from storage.states import load_facts
from tests.services.house import GUILD, PADS, House, at, guest, member, pad_chief

DUE = "2025-12-15"
_SHOWN = """
SELECT COALESCE(e.facts_version, o.facts_version), COALESCE(e.facts, o.facts) FROM outbox o
LEFT JOIN outbox e ON e.id = (SELECT MAX(x.id) FROM outbox x WHERE x.target_id = o.id AND x.operation = 'edit')
WHERE o.operation = 'post' AND o.state <> 'expired' AND o.channel_id = ? ORDER BY o.id
"""


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


async def shown(house: House) -> list[Facts]:
    """What each post in the pads' channel says by now."""
    found = await house.database.read(lambda reader: reader.fetch(_SHOWN, (PADS,)))
    return [load_facts(row[0], row[1]) for row in found]


async def reminders(house: House) -> list[str]:
    """What each reminder of a repair says by now: its kind, or the state that made it false."""
    return [
        facts.state.value if isinstance(facts, RepairDueOutdated) else "due"
        for facts in await shown(house)
        if isinstance(facts, RepairDue | RepairDueOutdated)
    ]


@pytest.fixture
async def repairing(evening: House) -> House:
    """DR-1 with three tasks, of which the last comes after the others; DR-2 with one. A channel hears of repairs."""
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.CRITICAL, "cabin in the trench"))
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MINOR, "scratches"))
    await evening.subscribe(Topic.REPAIR, PADS)
    plan = evening.desks.repairs.plan
    await plan(pad_chief(), PlanRepair("DR-1", "clear the trench", "pad crew", DUE, days=18))
    await plan(pad_chief(), PlanRepair("DR-1", "bring in parts"))
    await plan(pad_chief(), PlanRepair("DR-1", "install the cabin", after="RT-2, RT-1"))
    await plan(pad_chief(), PlanRepair("DR-2", "paint"))
    return evening


def checker() -> Actor:
    """Another person with the capability pad."""
    return member(Capability.PAD, number=14)


# --- states -------------------------------------------------------------------------------------------------------------


async def test_a_task_is_started_and_what_it_comes_after_is_said(repairing: House) -> None:
    begun = (await repairing.desks.repairs.start(pad_chief(), "RT-3")).value
    assert (begun.task.state, begun.task.started_at) == (TaskState.IN_WORK, repairing.clock.now())
    assert [other.label for other in begun.waits_for] == ["RT-1", "RT-2"]
    said = (await shown(repairing))[-1]
    assert isinstance(said, RepairStateChanged)
    assert (said.before, said.after, said.waits_for) == (TaskState.PLANNED, TaskState.IN_WORK, (1, 2))


async def test_a_blocked_task_waits_until_it_is_unblocked(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.progress(pad_chief(), "RT-1", 20, None)
    blocked = (await desk.block(pad_chief(), "RT-1", "  water in\nthe trench ")).value
    assert (blocked.task.state, blocked.task.blocked_by) == (TaskState.BLOCKED, "water in the trench")
    for attempt in (
        lambda: desk.progress(pad_chief(), "RT-1", 30, None),
        lambda: desk.complete(pad_chief(), "RT-1", None),
        lambda: desk.start(pad_chief(), "RT-1"),
        lambda: desk.block(pad_chief(), "RT-1", "and no crane"),
    ):
        with refused("task_blocked"):
            await attempt()  # type: ignore[no-untyped-call]
    unblocked = (await desk.unblock(pad_chief(), "RT-1")).value
    assert (unblocked.task.state, unblocked.task.blocked_by) == (TaskState.IN_WORK, None)
    said = [(facts.before.value, facts.after.value, facts.reason) for facts in await shown(repairing)
            if isinstance(facts, RepairStateChanged)]  # fmt: skip
    assert said == [("in_work", "blocked", "water in the trench"), ("blocked", "in_work", None)]


async def test_done_and_verified_are_two_peoples_words(repairing: House) -> None:
    desk = repairing.desks.repairs
    with refused("task_not_done"):
        await desk.verify(checker(), "RT-1", None)
    await desk.complete(pad_chief(), "RT-1", None)
    with refused("verifier_did_it"):
        await desk.verify(pad_chief(), "RT-1", None)
    checked = (await desk.verify(checker(), "RT-1", "looks sound")).value
    assert (checked.task.state, checked.task.verified_by, checked.task.done_by) == (
        TaskState.VERIFIED,
        14,
        pad_chief().member_id,
    )
    assert checked.task.verified_at == repairing.clock.now()
    said = (await shown(repairing))[-1]
    assert isinstance(said, RepairStateChanged)
    assert (said.after, said.note) == (TaskState.VERIFIED, "looks sound")


async def test_starting_again_is_how_a_failed_verification_is_recorded(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.complete(pad_chief(), "RT-1", None)
    await desk.verify(checker(), "RT-1", None)
    with refused("task_stands"):
        await desk.cancel(pad_chief(), "RT-1", "no need")
    again = (await desk.start(checker(), "RT-1")).value
    task = again.task
    assert (task.state, task.progress, task.done_at, task.done_by, task.verified_at, task.verified_by) == (
        TaskState.IN_WORK, 0, None, None, None, None,
    )  # fmt: skip
    said = (await shown(repairing))[-1]
    assert isinstance(said, RepairStateChanged)
    assert (said.before, said.after) == (TaskState.VERIFIED, TaskState.IN_WORK)
    (stored, *_) = (await desk.list(guest()))[0].tasks
    assert stored == task


async def test_a_cancelled_task_holds_nothing_up_and_can_be_reopened(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.complete(pad_chief(), "RT-1", None)
    cancelled = (await desk.cancel(pad_chief(), "RT-2", "parts were there all along")).value
    assert (cancelled.task.state, cancelled.task.cancelled_for) == (TaskState.CANCELLED, "parts were there all along")
    await desk.complete(pad_chief(), "RT-3", None)
    assert (await desk.start(pad_chief(), "RT-2")).value.task.cancelled_for is None


async def test_parts_still_awaited_are_known_when_a_task_is_done(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.material(pad_chief(), SayMaterial("RT-1", "pump", MaterialState.NEEDED))
    done = (await desk.complete(pad_chief(), "RT-1", None)).value
    assert [part.item for part in done.task.awaited] == ["pump"]


CHANGES: dict[str, Callable[[RepairDesk], Awaitable[object]]] = {
    "start": lambda desk: desk.start(pad_chief(), "RT-1"),
    "edit": lambda desk: desk.edit(pad_chief(), EditRepair("RT-1", title="x")),
    "progress": lambda desk: desk.progress(pad_chief(), "RT-1", 5, None),
    "block": lambda desk: desk.block(pad_chief(), "RT-1", "x"),
    "unblock": lambda desk: desk.unblock(pad_chief(), "RT-1"),
    "material": lambda desk: desk.material(pad_chief(), SayMaterial("RT-1", "x", MaterialState.NEEDED)),
    "complete": lambda desk: desk.complete(pad_chief(), "RT-1", None),
    "verify": lambda desk: desk.verify(checker(), "RT-1", None),
    "cancel": lambda desk: desk.cancel(pad_chief(), "RT-1", "x"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", ["closed", "rejected"])
async def test_nothing_changes_behind_a_report_that_is_over(repairing: House, change: str, state: str) -> None:
    await repairing.database.write(lambda tx: tx.execute("UPDATE damage_reports SET state = ?", (state,)))
    with refused("report_not_open"):
        await CHANGES[change](repairing.desks.repairs)


# --- editing ------------------------------------------------------------------------------------------------------------


async def test_an_edit_changes_what_is_given_and_nothing_else(repairing: House) -> None:
    desk = repairing.desks.repairs
    edited = (await desk.edit(pad_chief(), EditRepair("RT-1", "clear and dry the trench", days=20))).value
    assert edited.was is not None
    assert (edited.task.title, edited.task.days) == ("clear and dry the trench", 20)
    assert (edited.task.owner, edited.task.due, edited.task.after) == (edited.was.owner, edited.was.due, ())
    cleared = (await desk.edit(pad_chief(), EditRepair("RT-1", owner="None", due="none"))).value
    assert (cleared.task.owner, cleared.task.due, cleared.task.days) == (None, None, 20)
    said = (await shown(repairing))[-1]
    assert isinstance(said, RepairEdited)
    assert (said.before.owner, said.after.owner, said.after.due) == ("pad crew", None, None)


async def test_an_edit_replaces_what_a_task_comes_after(repairing: House) -> None:
    desk = repairing.desks.repairs
    assert (await desk.edit(pad_chief(), EditRepair("RT-3", after="RT-2"))).value.task.after == (2,)
    assert (await desk.list(guest()))[0].tasks[2].after == (2,)
    assert (await desk.edit(pad_chief(), EditRepair("RT-3", after="none"))).value.task.after == ()


async def test_a_circle_is_refused_and_named(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.edit(pad_chief(), EditRepair("RT-2", after="RT-1"))
    with refused("repair_cycle") as refusal:
        await desk.edit(pad_chief(), EditRepair("RT-1", after="RT-3"))
    assert refusal.value.params["cycle_text"] == "RT-1 → RT-3 → RT-1"
    await desk.edit(pad_chief(), EditRepair("RT-3", after="RT-2"))
    with refused("repair_cycle") as refusal:
        await desk.edit(pad_chief(), EditRepair("RT-1", after="RT-3"))
    assert refusal.value.params["cycle_text"] == "RT-1 → RT-3 → RT-2 → RT-1"
    with refused("repair_cycle") as refusal:
        await desk.edit(pad_chief(), EditRepair("RT-1", after="RT-1"))
    assert refusal.value.params["cycle_text"] == "RT-1 → RT-1"
    await desk.cancel(pad_chief(), "RT-2", "not now")
    with refused("repair_cycle"):
        await desk.edit(pad_chief(), EditRepair("RT-1", after="RT-3"))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (EditRepair("RT-1"), "repair_unchanged"),
        (EditRepair("RT-1", "clear the trench", "pad crew", DUE, "none", 18), "repair_unchanged"),
        (EditRepair("RT-9", "x"), "repair_unknown"),
        (EditRepair("RT-1", after="RT-4"), "task_not_of_report"),
        (EditRepair("RT-1", after="the others"), "number_unclear"),
        (EditRepair("RT-3", after=" , "), "number_unclear"),
        (EditRepair("RT-1", due="NET 2026-01"), "due_needs_date"),
        (EditRepair("RT-1", days=0), "number_out_of_range"),
        (EditRepair("RT-1", "\u202e"), "text_empty"),
    ],
)
async def test_an_edit_that_cannot_be_right_changes_nothing(repairing: House, request_: EditRepair, code: str) -> None:
    before = await repairing.desks.repairs.list(guest())
    with refused(code):
        await repairing.desks.repairs.edit(pad_chief(), request_)
    assert await repairing.desks.repairs.list(guest()) == before


async def test_what_was_cancelled_is_not_edited(repairing: House) -> None:
    await repairing.desks.repairs.cancel(pad_chief(), "RT-1", "not needed")
    with refused("task_stands"):
        await repairing.desks.repairs.edit(pad_chief(), EditRepair("RT-1", "x"))


# --- materials ----------------------------------------------------------------------------------------------------------


async def test_a_part_is_needed_ordered_there_and_said_each_time(repairing: House) -> None:
    desk = repairing.desks.repairs
    for said in (
        SayMaterial("RT-2", "Cabin frame", MaterialState.NEEDED, "2"),
        SayMaterial("RT-2", "cabin-frame", MaterialState.ON_ORDER, expected="2026-02"),
        SayMaterial("RT-2", "CABIN FRAME", MaterialState.ON_HAND),
    ):
        await desk.material(pad_chief(), said)
    task = (await desk.list(guest()))[0].tasks[1]
    assert task.materials == (Material("Cabin frame", MaterialState.ON_HAND, "2"),)
    facts = [facts for facts in await shown(repairing) if isinstance(facts, MaterialChanged)]
    february = parse_when("2026-02", repairing.clock.now())
    assert [(one.item, one.before, one.after.value, one.quantity, one.expected) for one in facts] == [
        ("Cabin frame", None, "needed", "2", None),
        ("Cabin frame", MaterialState.NEEDED, "on_order", "2", february),
        ("Cabin frame", MaterialState.ON_ORDER, "on_hand", "2", None),
    ]
    gone = (await desk.material(pad_chief(), SayMaterial("RT-2", "cabin frame", MaterialState.NOT_NEEDED))).value
    assert (gone.task.materials, gone.material.state) == ((), MaterialState.NOT_NEEDED)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (SayMaterial("RT-2", "frame", MaterialState.NEEDED, expected="2026-02"), "expected_needs_order"),
        (SayMaterial("RT-2", "frame", MaterialState.NOT_NEEDED), "material_unknown"),
        (SayMaterial("RT-2", "--", MaterialState.NEEDED), "name_without_letters"),
        (SayMaterial("RT-2", "frame", MaterialState.ON_ORDER, expected="soon"), "when_unclear"),
        (SayMaterial("RT-2", "pump", MaterialState.NEEDED), "material_unchanged"),
        (SayMaterial("RT-1", "pump", MaterialState.NEEDED), "task_not_open"),
    ],
)
async def test_a_part_that_is_said_wrongly_is_refused(repairing: House, said: SayMaterial, code: str) -> None:
    await repairing.desks.repairs.material(pad_chief(), SayMaterial("RT-2", "pump", MaterialState.NEEDED))
    await repairing.desks.repairs.complete(pad_chief(), "RT-1", None)
    with refused(code):
        await repairing.desks.repairs.material(pad_chief(), said)


# --- lists --------------------------------------------------------------------------------------------------------------


async def test_a_list_has_what_is_open_in_the_order_of_work_and_then_what_is_over(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.edit(pad_chief(), EditRepair("RT-1", after="RT-2"))
    await desk.plan(pad_chief(), PlanRepair("DR-1", "sweep"))
    await desk.plan(pad_chief(), PlanRepair("DR-1", "photograph"))
    await desk.complete(pad_chief(), "RT-5", None)
    await desk.cancel(pad_chief(), "RT-6", "no light")
    first = (await desk.list(guest()))[0]
    assert [task.label for task in first.tasks] == ["RT-2", "RT-1", "RT-3", "RT-5", "RT-6"]


async def test_who_did_it_is_named_until_that_is_erased(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.complete(pad_chief(), "RT-1", None)
    await desk.start(pad_chief(), "RT-1")
    await desk.complete(checker(), "RT-1", None)
    assert (await desk.list(guest()))[0].doers == {1: "a member"}
    newest = "SELECT MAX(seq) FROM journal WHERE action = 'complete_repair'"
    await repairing.database.write(lambda tx: tx.execute(f"DELETE FROM journal_personal WHERE seq = ({newest})"))
    assert (await desk.list(guest()))[0].doers == {}, "the name of who did it before is not the name of who did it"


# --- what is remembered and reminded of ---------------------------------------------------------------------------------


async def test_reasons_and_owners_are_personal_and_not_in_the_chain(repairing: House) -> None:
    desk = repairing.desks.repairs
    await desk.block(pad_chief(), "RT-1", "Ivan has the key")
    await desk.cancel(pad_chief(), "RT-2", "Ivan has no time")
    await desk.edit(pad_chief(), EditRepair("RT-3", owner="Ivan"))
    chained = await repairing.rows("SELECT state FROM journal WHERE subject_kind = 'repair'")
    assert not [row for row in chained if "Ivan" in str(row)]
    personal = await repairing.rows("SELECT personal FROM journal_personal ORDER BY seq DESC LIMIT 3")
    assert all("Ivan" in str(row) for row in personal)
    now = repairing.clock.now()
    then = await repairing.database.read(lambda reader: cards.tasks_as_of(reader, GUILD, now))
    assert [(task.state, task.blocked_by, task.cancelled_for) for task in then[:2]] == [
        (TaskState.BLOCKED, None, None),
        (TaskState.CANCELLED, None, None),
    ]


async def test_a_moved_due_date_moves_the_reminders(repairing: House) -> None:
    await repairing.desks.repairs.edit(pad_chief(), EditRepair("RT-1", due="2025-12-20"))
    said = await repairing.fire_at(at("2025-12-16T12:00"))
    assert not [facts for facts in said if isinstance(facts, RepairDue)]
    said = await repairing.fire_at(at("2025-12-19T12:00"))
    assert [facts.days_left for facts in said if isinstance(facts, RepairDue)] == [1]


@pytest.mark.parametrize("how", ["complete", "cancel", "edit"])
async def test_a_reminder_that_is_no_longer_so_is_corrected_and_set_right_when_it_is_so_again(
    repairing: House, how: str
) -> None:
    desk = repairing.desks.repairs
    await repairing.fire_at(at("2025-12-14T12:00"))
    assert await reminders(repairing) == ["due"]
    if how == "complete":
        await desk.complete(pad_chief(), "RT-1", None)
        assert await reminders(repairing) == ["done"]
        await desk.verify(checker(), "RT-1", None)
        assert await reminders(repairing) == ["verified"]
        await desk.start(pad_chief(), "RT-1")
    elif how == "cancel":
        await desk.cancel(pad_chief(), "RT-1", "not needed")
        assert await reminders(repairing) == ["cancelled"]
        await desk.start(pad_chief(), "RT-1")
    else:
        await desk.edit(pad_chief(), EditRepair("RT-1", due="2025-12-30"))
        outdated = [facts for facts in await shown(repairing) if isinstance(facts, RepairDueOutdated)]
        assert [facts.due for facts in outdated] == [parse_when("2025-12-30", repairing.clock.now())]
        await desk.edit(pad_chief(), EditRepair("RT-1", due=DUE))
    assert await reminders(repairing) == ["due"]


async def test_work_on_a_task_leaves_what_was_posted_about_its_due_date(repairing: House) -> None:
    desk = repairing.desks.repairs
    await repairing.fire_at(at("2025-12-14T12:00"))
    await desk.progress(pad_chief(), "RT-1", 50, None)
    await desk.block(pad_chief(), "RT-1", "no crane")
    await desk.unblock(pad_chief(), "RT-1")
    assert await repairing.rows("SELECT 1 FROM outbox WHERE operation = 'edit'") == []


async def test_of_several_reminders_the_last_one_is_corrected(repairing: House) -> None:
    for day in (14, 15, 16):
        await repairing.fire_at(at(f"2025-12-{day}T12:00"))
    await repairing.desks.repairs.complete(pad_chief(), "RT-1", None)
    assert await reminders(repairing) == ["due", "due", "done"]


async def test_every_change_is_announced_where_repairs_are_heard(repairing: House) -> None:
    said = await shown(repairing)
    assert [type(facts) for facts in said] == [RepairPlanned] * 4
