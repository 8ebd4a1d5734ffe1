"""Many reminders that come due together are fired together, and each of them as if it were alone."""

import pytest

from domain.announcements import Topic
from domain.damage import Severity
from domain.facts import CountdownReached, EventUnconfirmed, Facts
from domain.repair_facts import RepairDue
from services.damage import ReportDamage
from services.repairs import PlanRepair
from tests.services.house import CREW, FLIGHT, PADS, House, at, director, pad_chief

NAMES = ("M1", "M2", "M3")


@pytest.fixture
async def waiting(house: House) -> House:
    """Three missions, a minute between their launches, and a channel that hears everything."""
    await house.set_up()
    for number, name in enumerate(NAMES):
        await house.create(name, launch=f"2026-03-14 09:0{number}")
    await house.subscribe(Topic.ALL, FLIGHT)
    return house


def missions_in(facts: list[Facts]) -> list[str]:
    return [one.event.mission for one in facts if isinstance(one, CountdownReached | EventUnconfirmed)]


async def heard_in(house: House, channel_id: int) -> list[str]:
    return missions_in([facts for _, facts in await house.posts(channel_id)])


async def test_each_channel_hears_what_it_asked_for_in_the_order_it_came_due(waiting: House) -> None:
    await waiting.subscribe(Topic.COUNTDOWN, PADS, mission="M2")
    await waiting.subscribe(Topic.CREW, CREW)
    await waiting.fire_at(at("2026-03-07T12:00"))
    heard = [await heard_in(waiting, channel_id) for channel_id in (FLIGHT, PADS, CREW)]
    assert heard == [["M1", "M2", "M3"], ["M2"], []]


async def test_of_what_is_fired_together_only_the_muted_mission_is_not_heard(waiting: House) -> None:
    await waiting.desks.announcements.mute(director(), "M2")
    assert missions_in(await waiting.fire_at(at("2026-03-07T12:00"))) == ["M1", "M3"]
    ended = sorted(line.split()[-1] for line in await waiting.reminders() if "2026-03-07" in line)
    assert ended == ["muted", "posted", "posted"]


async def test_an_event_that_is_no_longer_planned_expires_and_the_others_are_posted(waiting: House) -> None:
    await waiting.database.write(
        lambda tx: tx.execute("UPDATE events SET state = 'cancelled' WHERE id = (SELECT MIN(id) FROM events)")
    )
    assert missions_in(await waiting.fire_at(at("2026-03-07T12:00"))) == ["M2", "M3"]
    ended = sorted(line.split()[-1] for line in await waiting.reminders() if "2026-03-07" in line)
    assert ended == ["expired", "posted", "posted"]


async def test_what_is_due_of_a_repair_stands_between_what_was_due_before_it_and_after(waiting: House) -> None:
    await waiting.pad()
    await waiting.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MAJOR, "trench blocked"))
    await waiting.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the trench", due="2026-03-08T09:01:30Z"))
    posted = await waiting.fire_at(at("2026-03-07T12:00"))
    kinds = ["repair" if isinstance(one, RepairDue) else "".join(missions_in([one])) for one in posted]
    assert kinds == ["M1", "M2", "repair", "M3"]


async def test_every_question_is_asked_again_tomorrow(waiting: House) -> None:
    await waiting.fire_at(at("2026-03-14T09:10"))
    for day in (14, 15):
        asked = await waiting.fire_at(at(f"2026-03-{day}T09:20"))
        assert missions_in(asked) == list(NAMES)
        assert all(isinstance(one, EventUnconfirmed) for one in asked)


async def test_firing_wakes_the_courier_and_not_the_timekeeper_who_fires(waiting: House) -> None:
    courier, timekeeper = waiting.bells.courier, waiting.bells.timekeeper
    assert len(await waiting.fire_at(at("2026-03-14T09:20"))) == 3
    assert (waiting.bells.courier, waiting.bells.timekeeper) == (courier + 1, timekeeper)
