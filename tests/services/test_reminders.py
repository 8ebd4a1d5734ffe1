"""Countdowns are posted when they are due, once, whatever happens in between."""

from datetime import timedelta

import pytest

from domain.announcements import Topic
from domain.countdown import parse_offsets
from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import CountdownReached, EventUnconfirmed, Facts
from domain.missions import EventKind
from domain.repair_facts import RepairDue
from services.damage import ReportDamage
from services.operations import SetUp
from services.repairs import PlanRepair
from tests.services.house import (
    FLIGHT,
    OPS,
    OTHER_GUILD,
    House,
    admin,
    at,
    channel,
    director,
    guest,
    opened_house,
    pad_chief,
)


@pytest.fixture
async def listening(evening: House) -> House:
    """The evening, with a channel that hears everything."""
    await evening.subscribe(Topic.ALL, FLIGHT)
    return evening


def told(facts: list[Facts]) -> list[tuple[str, str, bool]]:
    found = []
    for one in facts:
        assert isinstance(one, CountdownReached | EventUnconfirmed)
        what = f"L-{one.offset}" if isinstance(one, CountdownReached) else "happened?"
        found.append((one.event.mission, what, one.delayed))
    return found


async def test_a_countdown_is_posted_at_its_instant_and_only_once(listening: House) -> None:
    assert await listening.fire_at(at("2025-12-12T08:59:59")) == []
    assert told(await listening.fire_at(at("2025-12-12T09:00"))) == [("Progress MS-33", "L-7 days, 0:00:00", False)]
    assert await listening.fire_at(at("2025-12-12T09:00")) == []
    async with opened_house(listening.directory) as after_restart:
        assert await after_restart.fire_at(at("2025-12-12T09:01")) == []


async def test_a_countdown_needs_no_subscriber_to_be_over(evening: House) -> None:
    assert await evening.fire_at(at("2025-12-12T09:00")) == []
    assert "2025-12-12T09:00 countdown posted" in await evening.reminders()


async def test_after_an_outage_only_the_newest_of_an_event_is_posted_and_says_that_it_is_late(listening: House) -> None:
    posted = await listening.fire_at(at("2025-12-18T21:00"))
    assert told(posted) == [("Progress MS-33", "L-1 day, 0:00:00", True)]
    assert isinstance(posted[0], CountdownReached)
    assert posted[0].due_at == at("2025-12-18T09:00")
    lines = await listening.reminders()
    assert "2025-12-12T09:00 countdown superseded" in lines
    assert "2025-12-18T09:00 countdown posted" in lines


async def test_overdue_question_comes_after_the_grace_and_is_repeated_daily(listening: House) -> None:
    await listening.fire_at(at("2025-12-20T00:14"))
    first = await listening.fire_at(at("2025-12-20T00:15"))
    assert ("Progress MS-33", "happened?", False) in told(first)
    assert ("Progress MS-33", "happened?", False) not in told(await listening.fire_at(at("2025-12-21T00:14")))
    assert told(await listening.fire_at(at("2025-12-21T00:15"))) == [("Progress MS-33", "happened?", False)]
    await listening.move("Progress MS-33", "launch", "NET 2026-03")
    later = await listening.fire_at(at("2025-12-30T12:00"))
    assert later == [], "moved: nothing to ask any more"


async def test_overdue_question_is_asked_once_after_a_long_outage_and_then_daily_again(listening: House) -> None:
    for instant, late in [("2025-12-27T10:00", True), ("2025-12-28T00:15", False)]:
        asked = [one for one in await listening.fire_at(at(instant)) if isinstance(one, EventUnconfirmed)]
        assert [(one.event.kind.value, one.delayed) for one in asked if one.event.kind is EventKind.LAUNCH] == [
            ("launch", late)
        ]


async def test_a_confirmed_event_is_not_asked_about(listening: House) -> None:
    await listening.fire_at(at("2025-12-19T09:30"))
    await listening.done("Progress MS-33", "launch", "2025-12-19T09:25Z")
    await listening.dock("Progress MS-33", "2025-12-19T09:28Z")
    assert await listening.fire_at(at("2025-12-23T12:00")) == []


async def test_reminders_of_what_is_over_expire_instead_of_being_posted(listening: House) -> None:
    await listening.database.write(
        lambda tx: tx.execute("UPDATE events SET state = 'cancelled' WHERE kind = 'launch' AND state = 'planned'")
    )
    assert await listening.fire_at(at("2025-12-18T21:00")) == []
    assert "2025-12-18T09:00 countdown expired" in await listening.reminders()


async def test_each_workspace_fires_its_own_at_its_own_morning(listening: House) -> None:
    await listening.set_up(OTHER_GUILD, zone="Asia/Almaty")
    assert len(await listening.fire_at(at("2025-12-12T09:00"))) == 1
    assert await listening.rows("SELECT DISTINCT workspace_id FROM outbox") == [(1,)]


async def test_everything_due_is_fired_in_one_pass_however_much_it_is(listening: House) -> None:
    event_id = int(str((await listening.rows("SELECT id FROM events WHERE kind = 'landing'"))[0][0]))
    insert = "INSERT INTO reminders (workspace_id, id, kind, event_id, due_at, offset_us, state) VALUES (1, ?, ?, ?, 1, 0, ?)"
    many = [(number, "countdown", event_id, "pending") for number in range(100_000, 101_200)]
    await listening.database.write(lambda tx: tx.execute_many(insert, many))
    assert await listening.desks.reminders.fire_due() == 1200
    assert await listening.desks.reminders.fire_due() == 0


# --- an event's own countdown ------------------------------------------------------------------------------------------


async def test_an_event_gets_a_countdown_of_its_own_and_keeps_it_through_a_move(evening: House) -> None:
    default = await evening.desks.countdowns.show(guest(), "Progress MS-33 · launch")
    assert (default.is_default, len(default.upcoming)) == (True, 4)
    own = (await evening.desks.countdowns.set_offsets(director(), "progress ms33 · launch", "3d 2d")).value
    assert (own.is_default, own.offsets) == (False, parse_offsets("3d 2d 0"))
    moved = await evening.move("Progress MS-33", "launch", "2026-03-22")
    assert moved.event is not None
    shown = await evening.desks.countdowns.show(guest(), f"#{moved.event.event_id}")
    assert [f"{reminder.due_at:%m-%d}" for reminder in shown.upcoming] == ["03-19", "03-20", "03-22", "03-23"]


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ("Soyuz MS-28 · docking", Conflict),
        ("Soyuz MS-28 · eva", NotFound),
        ("Apollo 18 · landing", NotFound),
        ("landing", InvalidInput),
        ("#999999", NotFound),
        ("#²", InvalidInput),
        ("#" + "9" * 5000, InvalidInput),
    ],
)
async def test_a_countdown_is_set_only_for_an_event_that_can_still_happen(
    evening: House, event: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await evening.desks.countdowns.set_offsets(director(), event, "1d 0")


async def test_what_is_coming_up_is_listed_soonest_first(evening: House) -> None:
    coming = await evening.desks.countdowns.list(guest())
    assert [reminder.due_at for reminder in coming] == sorted(reminder.due_at for reminder in coming)
    assert coming[0].event is not None
    assert coming[0].event.mission == "Progress MS-33"
    status = await evening.desks.operations.status(guest())
    assert status.next_reminder_at == coming[0].due_at


# --- repairs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def repairing(evening: House) -> House:
    """A repair that is due on 15 December, and a channel that hears of repairs."""
    await evening.subscribe(Topic.REPAIR, FLIGHT)
    report = ReportDamage("Site 31/6", Severity.CRITICAL, "service cabin fell into the flame trench")
    await evening.desks.damage.report(pad_chief(), report)
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench", due="2025-12-15"))
    return evening


def days_left(facts: list[Facts]) -> list[int]:
    return [one.days_left for one in facts if isinstance(one, RepairDue)]


async def test_a_repair_is_called_for_the_day_before_on_the_day_and_daily_while_overdue(repairing: House) -> None:
    found = [days_left(await repairing.fire_at(at(f"2025-12-{day}T12:00"))) for day in (13, 14, 15, 16, 17, 18)]
    assert found == [[], [1], [0], [-1], [-2], [-3]]


async def test_progress_on_an_overdue_repair_does_not_call_for_it_again_at_once(repairing: House) -> None:
    await repairing.fire_at(at("2025-12-16T12:00"))
    await repairing.desks.repairs.progress(pad_chief(), "RT-1", 60, None)
    assert days_left(await repairing.fire_at(at("2025-12-16T12:01"))) == []
    assert days_left(await repairing.fire_at(at("2025-12-17T12:00"))) == [-2]


async def test_a_finished_repair_is_not_called_for(repairing: House) -> None:
    await repairing.desks.repairs.complete(pad_chief(), "RT-1", None)
    assert days_left(await repairing.fire_at(at("2025-12-20T12:00"))) == []
    assert not any("repair" in line and "pending" in line for line in await repairing.reminders())


async def test_a_repair_without_a_due_date_is_never_called_for(repairing: House) -> None:
    await repairing.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "bring in service cabin parts"))
    await repairing.desks.repairs.complete(pad_chief(), "RT-1", None)
    repairing.clock.move_by(timedelta(days=400))
    assert days_left(await repairing.fire_at(repairing.clock.now())) == []


async def test_a_workspace_morning_is_its_own(evening: House) -> None:
    await evening.desks.operations.set_up(admin(), SetUp(channel(OPS), "Asia/Almaty", 8))
    planned = await evening.plan("Soyuz MS-28", "undocking", "2026-07-26")
    assert planned.event is not None
    assert await evening.reminders(planned.event.event_id) == [
        "2026-07-25T03:00 countdown pending",
        "2026-07-26T03:00 opens pending",
        "2026-07-27T00:15 question pending",
    ]
