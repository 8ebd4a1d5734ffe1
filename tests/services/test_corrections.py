"""What was posted and became false is corrected, wherever it stands, and set right when it is true again."""

import pytest

from domain.announcements import Topic
from domain.capabilities import Capability
from domain.errors import Conflict
from domain.facts import (
    ClearanceChanged,
    CountdownReached,
    EventCorrected,
    EventFailed,
    EventUnconfirmed,
    Facts,
    ReminderOutdated,
)
from domain.missions import Clearance, EventState
from domain.places import Place
from services.flights import FailEvent
from services.settings import SetSetting
from services.statements import PostStatement
from storage.states import load_facts
from tests.services.house import FLIGHT, PADS, House, admin, at, director, member

_SHOWN = """
SELECT o.channel_id, COALESCE(e.facts_version, o.facts_version), COALESCE(e.facts, o.facts) FROM outbox o
LEFT JOIN outbox e ON e.id = (SELECT MAX(x.id) FROM outbox x WHERE x.target_id = o.id AND x.operation = 'edit')
WHERE o.operation = 'post' AND o.state <> 'expired' ORDER BY o.id
"""


async def shown(house: House, channel_id: int = FLIGHT) -> list[Facts]:
    """What each reminder in a channel says by now."""
    found = await house.rows(_SHOWN)
    said = [load_facts(int(str(row[1])), str(row[2])) for row in found if row[0] == channel_id]
    return [facts for facts in said if isinstance(facts, CountdownReached | EventUnconfirmed | ReminderOutdated)]


def states(said: list[Facts]) -> list[str]:
    return [facts.state.value if isinstance(facts, ReminderOutdated) else type(facts).__name__ for facts in said]


async def set_(house: House, key: str, value: str) -> None:
    await house.desks.operations.set(admin(), SetSetting(key, value))


async def launch(house: House, when: str) -> None:
    await house.create("M1")
    await house.plan("M1", "launch", when)


async def test_a_countdown_that_stopped_says_what_came_of_it(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-05T11:00"))
    await house.desks.flights.hold(director(), "M1", "weather")
    assert states(await shown(house)) == ["held"]
    house.clock.move_to(at("2025-12-05T12:30"))
    await house.done("M1", "launch", "2025-12-05T12:10Z")
    assert states(await shown(house)) == ["done"]


async def test_a_countdown_to_a_plan_that_was_kept_stays_as_it_was(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-05T11:00"))
    house.clock.move_to(at("2025-12-05T12:30"))
    await house.done("M1", "launch", "2025-12-05T12:10Z")
    assert states(await shown(house)) == ["CountdownReached"]


async def test_every_move_reaches_what_was_corrected_before(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-05T11:00"))
    await house.move("M1", "launch", "2025-12-05T13:00Z")
    await house.fire_at(at("2025-12-05T12:50"))
    await house.move("M1", "launch", "2025-12-20T13:00Z")
    said = await shown(house)
    assert len(said) == 2
    assert all(
        isinstance(facts, ReminderOutdated) and facts.time is not None and facts.time.at == at("2025-12-20T13:00")
        for facts in said
    )


async def test_each_channels_own_last_countdown_is_corrected(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-04T12:00"))
    (heard,) = await house.desks.announcements.list(director())
    await house.desks.announcements.unsubscribe(director(), str(heard.subscription.id))
    await house.subscribe(Topic.COUNTDOWN, PADS)
    await house.fire_at(at("2025-12-05T11:00"))
    await house.move("M1", "launch", "2025-12-20T13:00Z")
    assert states(await shown(house, FLIGHT)) == ["planned"]
    assert states(await shown(house, PADS)) == ["planned"]


async def test_a_hold_that_ends_with_the_same_date_sets_the_countdown_right(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-04T12:00"))
    await house.desks.flights.hold(director(), "M1", "weather")
    await house.desks.flights.resume(director(), "M1")
    assert states(await shown(house)) == ["CountdownReached"]


async def test_a_scrub_a_drop_and_a_cancellation_are_said_where_the_countdown_stands(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.plan("M1", "milestone", "2025-12-05T12:30Z", name="Static fire")
    await house.fire_at(at("2025-12-05T11:30"))
    await house.desks.flights.drop(director(), "M1", "Static fire", "no need")
    await house.desks.flights.scrub(director(), "M1", "weather")
    said = await shown(house)
    assert {facts.state for facts in said if isinstance(facts, ReminderOutdated)} <= {
        EventState.SCRUBBED,
        EventState.CANCELLED,
        EventState.PLANNED,
    }
    assert not any(isinstance(facts, CountdownReached) for facts in said)


async def test_a_question_that_stands_again_is_not_asked_twice(house: House) -> None:
    await house.subscribe(Topic.ALL, FLIGHT)
    await launch(house, "2025-12-05T12:00Z")
    await house.fire_at(at("2025-12-05T12:16"))
    await house.done("M1", "launch", "2025-12-05T12:10Z")
    assert "done" in states(await shown(house))
    await house.desks.flights.correct(director(), "M1", "launch", "unknown", "it did not happen")
    assert sum(isinstance(facts, EventUnconfirmed) for facts in await shown(house)) == 1
    assert await house.fire_at(at("2025-12-05T13:00")) == []
    assert [type(facts) for facts in await house.fire_at(at("2025-12-06T12:17"))] == [EventUnconfirmed]


async def test_what_takes_back_an_alarm_comes_through_a_mute_as_the_alarm_did(house: House) -> None:
    await house.subscribe(Topic.ALL, FLIGHT)
    await house.station()
    await house.create("M1", station="ISS", launch="2025-11-28")
    house.clock.move_to(at("2025-11-29T00:00"))
    await house.done("M1", "launch", "2025-11-28T12:00Z")
    await house.plan("M1", "docking", "2025-11-28T18:00Z")
    await house.desks.announcements.mute(director(), "M1")
    await house.desks.flights.clear(director(), "M1", Clearance.NOT_CLEARED, "leak", None)
    await house.desks.flights.clear(director(), "M1", Clearance.CLEARED, "no leak", None)
    await house.desks.flights.fail(director(), FailEvent("M1", "docking", "a hook held", None, "2025-11-28T18:00Z"))
    await house.desks.flights.correct(director(), "M1", "launch", "2025-11-28T12:01Z", "a wrong clock")
    said = [type(facts) for _, facts in await house.posts(FLIGHT)]
    assert said[-4:] == [ClearanceChanged, ClearanceChanged, EventFailed, EventCorrected]


async def test_what_is_approved_is_what_was_shown(house: House) -> None:
    await house.subscribe(Topic.STATEMENT, FLIGHT)
    drafted = await house.desks.statements.draft(member(Capability.OPERATE, number=30), PostStatement("All is well."))
    assert drafted.value.draft.channels == (Place(FLIGHT),)
    await house.subscribe(Topic.ALL, PADS)
    approver = member(Capability.APPROVE, number=31)
    with pytest.raises(Conflict) as refusal:
        await house.desks.statements.approve(approver, drafted.value.draft.number)
    assert refusal.value.code == "draft_goes_elsewhere"


async def test_what_was_to_come_this_morning_comes_when_the_morning_moves_before_it(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05")
    await house.fire_at(at("2025-12-05T08:30"))
    await set_(house, "morning", "8")
    assert [type(facts) for facts in await house.fire_at(at("2025-12-05T08:30"))] == [CountdownReached]


async def test_what_waited_for_the_end_of_quiet_hours_comes_when_they_are_turned_off(house: House) -> None:
    for key, value in (("morning", "6"), ("quiet_from", "22"), ("quiet_until", "7")):
        await set_(house, key, value)
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await launch(house, "2025-12-05")
    assert await house.fire_at(at("2025-12-05T06:30")) != [], "the day before's notices"
    before = len(await house.posts(FLIGHT))
    await set_(house, "quiet_from", "off")
    await house.fire_at(at("2025-12-05T06:30"))
    assert len(await house.posts(FLIGHT)) == before + 1


async def test_a_daily_question_follows_new_quiet_hours_and_the_first_one_does_not(house: House) -> None:
    await house.subscribe(Topic.ALL, FLIGHT)
    await launch(house, "2025-12-05T23:00Z")
    await set_(house, "quiet_from", "22")
    await set_(house, "quiet_until", "7")
    assert any("2025-12-05T23:16 question pending" in line for line in await house.reminders())
    await house.fire_at(at("2025-12-05T23:16"))
    assert any("2025-12-07T07:00 question pending" in line for line in await house.reminders())
    await set_(house, "quiet_until", "8")
    assert any("2025-12-07T08:00 question pending" in line for line in await house.reminders())
