"""Members' own reminders in the schedule: next after next, once for all that was missed, whatever the clocks do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.capabilities import Capability
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import Facts
from domain.member_facts import MemberReminded
from domain.member_reminders import Snooze, Standing
from domain.recurrence import Repeat
from services.actors import Actor
from services.countdowns import UPCOMING_MAX
from services.member_reminders import Remind, ReminderSet
from storage import reminders
from tests.services.house import FLIGHT, PADS, House, at, channel, director, guest, member, opened_house

DIRECT = 960


async def set_for(house: House, actor: Actor, when: str, **more: object) -> ReminderSet:
    """A private reminder."""
    request = Remind(when, "look", **more)  # type: ignore[arg-type]
    return (await house.desks.member_reminders.remind_me(actor, request, DIRECT)).value


def spoken(facts: list[Facts]) -> list[tuple[str, bool]]:
    """When each post was due, and whether it is late."""
    assert all(isinstance(one, MemberReminded) for one in facts)
    return [(f"{one.due_at:%m-%d %H:%M}", one.delayed) for one in facts if isinstance(one, MemberReminded)]


async def standing(house: House, number: int = 1) -> str:
    """How a reminder stands."""
    return str((await house.rows("SELECT state FROM member_reminders WHERE number = ?", number))[0][0])


async def test_one_that_comes_once_is_over_when_it_has_come(house: House) -> None:
    made = await set_for(house, guest(), "in 20 minutes")
    assert made.due_at == house.clock.now().replace(microsecond=0) + timedelta(minutes=20)
    assert await house.database.read(reminders.next_due_at) == made.due_at
    assert spoken(await house.fire_at(made.due_at)) == [(f"{made.due_at:%m-%d %H:%M}", False)]
    assert [place for place, _ in await house.posts()] == [DIRECT]
    assert await standing(house) == Standing.DONE
    assert await house.database.read(reminders.next_due_at) is None
    async with opened_house(house.directory) as after_restart:
        assert await after_restart.fire_at(made.due_at + timedelta(hours=1)) == []


async def test_after_an_outage_only_the_newest_missed_one_comes_and_each_older_one_is_on_record(house: House) -> None:
    await set_for(house, guest(), "2025-11-28 09:00 UTC", repeat=Repeat.DAILY)
    assert spoken(await house.fire_at(at("2025-12-02T11:00"))) == [("12-02 09:00", True)]
    assert await house.reminders() == [
        "2025-11-28T09:00 member superseded",
        "2025-11-29T09:00 member superseded",
        "2025-11-30T09:00 member superseded",
        "2025-12-01T09:00 member superseded",
        "2025-12-02T09:00 member posted",
        "2025-12-03T09:00 member pending",
    ]
    assert await house.fire_at(at("2025-12-02T11:01")) == []
    assert spoken(await house.fire_at(at("2025-12-03T09:00"))) == [("12-03 09:00", False)]


async def test_one_put_off_beside_missed_occurrences_is_still_one_post(house: House) -> None:
    await set_for(house, guest(), "2025-11-28 09:00 UTC", repeat=Repeat.DAILY)
    await house.fire_at(at("2025-11-28T09:00"))
    await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.HOUR)
    house.clock.move_to(at("2025-11-28T09:30"))
    assert spoken(await house.fire_at(at("2025-11-30T11:00"))) == [("11-30 09:00", True)]
    assert await house.reminders() == [
        "2025-11-28T09:00 member posted",
        "2025-11-28T10:00 snoozed superseded",
        "2025-11-29T09:00 member superseded",
        "2025-11-30T09:00 member posted",
        "2025-12-01T09:00 member pending",
    ]


async def test_a_series_goes_on_beside_what_was_put_off(house: House) -> None:
    await set_for(house, guest(), "2025-11-28 09:00 UTC", repeat=Repeat.DAILY)
    await house.fire_at(at("2025-11-28T09:00"))
    await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.HOUR)
    (again,) = await house.fire_at(at("2025-11-28T10:00"))
    assert isinstance(again, MemberReminded)
    assert again.due_at == at("2025-11-28T10:00")
    assert again.next_at == at("2025-11-29T09:00")
    assert await standing(house) == Standing.OPEN
    assert spoken(await house.fire_at(at("2025-11-29T09:00"))) == [("11-29 09:00", False)]


async def test_a_series_keeps_its_hour_through_both_changes_of_the_clocks(house: House) -> None:
    await house.desks.member_reminders.set_zone(guest(), "Europe/Berlin")
    await set_for(house, guest(), "2026-03-27 02:30", repeat=Repeat.DAILY)
    posted = []
    for day in range(27, 32):
        posted += spoken(await house.fire_at(at(f"2026-03-{day}T12:00")))
    assert [due for due, _ in posted] == ["03-27 01:30", "03-28 01:30", "03-29 01:00", "03-30 00:30", "03-31 00:30"]
    await house.fire_at(at("2026-10-23T12:00"))
    posted = []
    for day in range(24, 27):
        posted += spoken(await house.fire_at(at(f"2026-10-{day}T12:00")))
    assert [due for due, _ in posted] == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]


async def test_the_thirty_first_comes_back_after_shorter_months(house: House) -> None:
    await set_for(house, guest(), "2025-12-31 09:00 UTC", repeat=Repeat.MONTHLY)
    due = [
        spoken(await house.fire_at(at(f"{day}T10:00")))[0][0]
        for day in ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31")
    ]
    assert due == ["12-31 09:00", "01-31 09:00", "02-28 09:00", "03-31 09:00"]


async def test_weekdays_that_begin_on_a_saturday_begin_on_the_monday(house: House) -> None:
    made = await set_for(house, guest(), "2025-11-29 09:00 UTC", repeat=Repeat.WEEKDAYS)
    assert made.due_at == at("2025-12-01T09:00")


async def test_a_day_without_a_time_is_the_workspaces_hour_in_the_members_zone(house: House) -> None:
    await house.desks.member_reminders.set_zone(guest(), "Asia/Almaty")
    made = await set_for(house, guest(), "2025-11-29")
    assert made.due_at == at("2025-11-29T04:00")


async def test_tomorrow_morning_is_where_the_reminder_lives(house: House) -> None:
    await house.desks.member_reminders.set_zone(guest(), "Asia/Almaty")
    await set_for(house, guest(), "in 20 minutes")
    await house.fire_at(at("2025-11-27T19:30"))
    put_off = (await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.MORNING)).value
    assert put_off.due_at == at("2025-11-29T04:00")  # it is past midnight in Almaty


async def test_tomorrow_morning_of_a_private_reminder_is_where_its_member_lives_by_now(house: House) -> None:
    await set_for(house, guest(), "2025-11-27 19:30 EST")
    await house.desks.member_reminders.set_zone(guest(), "Asia/Almaty")
    await house.fire_at(at("2025-11-28T00:30"))
    put_off = (await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.MORNING)).value
    assert put_off.due_at == at("2025-11-29T04:00")


async def test_how_the_bot_is_tells_nobody_of_what_members_have_set(house: House) -> None:
    await set_for(house, guest(), "in 20 minutes")
    await house.desks.member_reminders.remind_here(director(), Remind("in 1 h", "look"), channel(FLIGHT))
    assert (await house.desks.operations.status(guest())).next_reminder_at is None


async def test_the_list_is_not_filled_by_what_a_member_cannot_see(house: House) -> None:
    for number in range(UPCOMING_MAX):
        somebody = replace(member(*Capability, number=100 + number), channel_id=PADS)
        await house.desks.member_reminders.remind_here(somebody, Remind("in 1 h", "look"), channel(PADS))
    await set_for(house, guest(), "in 2 h")
    assert [one.own.number for one in await house.desks.countdowns.list(guest()) if one.own] == [UPCOMING_MAX + 1]


async def test_where_a_member_lives_stands_only_in_what_can_be_erased(house: House) -> None:
    await set_for(house, guest(), "tomorrow 9:00", repeat=Repeat.DAILY, zone="Asia/Almaty")
    await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.HOUR)
    await house.desks.member_reminders.cancel(guest(), "RM-1")
    states = [linked.entry.state_json for linked in await house.chain()]
    assert any('"due_at"' in state for state in states)
    assert not any("Almaty" in state or "09:00" in state for state in states)


async def test_a_zone_is_asked_for_only_until_it_is_known(house: House) -> None:
    desk, request = house.desks.member_reminders, Remind("tomorrow 9:00", "look")
    assert await desk.zone_to_ask_for_me(guest(), request) == "UTC"
    with pytest.raises(InvalidInput) as refusal:
        await desk.remind_me(guest(), request, DIRECT)
    assert refusal.value.code == "zone_needed"
    await set_for(house, guest(), "tomorrow 9:00", zone="Asia/Almaty")
    assert await desk.zone_to_ask_for_me(guest(), request) is None
    assert await desk.zone_to_ask_for_me(member(number=6), request) == "UTC"
    assert (await desk.zone(guest())).zone == "Asia/Almaty"


async def test_a_reminder_that_was_cancelled_does_not_come(house: House) -> None:
    await set_for(house, guest(), "2025-11-28 09:00 UTC", repeat=Repeat.DAILY)
    await house.desks.member_reminders.cancel(guest(), "rm1")
    assert await house.reminders() == ["2025-11-28T09:00 member expired"]
    assert await house.fire_at(at("2025-11-29T09:00")) == []
    with pytest.raises(Conflict) as refusal:
        await house.desks.member_reminders.snooze_own(guest(), 1, Snooze.HOUR)
    assert refusal.value.code == "reminder_cancelled"


async def test_a_channels_reminder_cannot_be_put_off_as_ones_own_nor_the_other_way_round(house: House) -> None:
    desk = house.desks.member_reminders
    await desk.remind_here(director(), Remind("in 1 h", "look"), channel(FLIGHT))
    await set_for(house, director(), "in 1 h")
    with pytest.raises(NotFound):
        await desk.snooze_own(director(), 1, Snooze.HOUR)
    with pytest.raises(NotFound):
        await desk.snooze_here(director(), 2, Snooze.HOUR)


async def test_the_list_shows_a_member_their_own_and_the_channels(house: House) -> None:
    await set_for(house, guest(), "in 2 h")
    await house.desks.member_reminders.remind_here(director(), Remind("in 1 h", "look"), channel(FLIGHT))
    seen = {
        asking.member_id: [one.own.label if one.own else "?" for one in await house.desks.countdowns.list(asking)]
        for asking in (guest(), member(*Capability, number=9))
    }
    assert seen == {5: ["RM-2", "RM-1"], 9: ["RM-2"]}


async def test_it_is_posted_in_the_language_of_who_set_it(house: House) -> None:
    await set_for(house, guest(), "in 20 minutes", language="de")
    await house.fire_at(at("2025-11-27T19:00"))
    assert await house.rows("SELECT language FROM outbox") == [("de",)]


async def test_a_direct_channels_lane_begins_at_the_command_that_opened_it(house: House) -> None:
    asking = guest()
    await set_for(house, asking, "in 1 h")
    assert asking.request_id is not None
    lanes = await house.rows("SELECT channel_id, floor_message_id FROM lanes ORDER BY channel_id")
    assert set(lanes) >= {(950, asking.request_id), (DIRECT, asking.request_id)}
