"""`/ops set`: one setting at a time, understood or refused, and what depends on it follows in the same transaction."""

import pytest

from domain.announcements import Topic
from domain.capabilities import Capability
from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotPermitted
from domain.settings import SETTING_KEYS
from services.damage import ReportDamage
from services.operations import SetUp
from services.repairs import PlanRepair
from services.settings import SetSetting, SettingChanged
from tests.services.house import (
    FLIGHT,
    OPS,
    ROLES,
    House,
    admin,
    at,
    channel,
    director,
    guest,
    member,
    pad_chief,
    verified,
)


async def set_(house: House, key: str, value: str, channel_id: int | None = None) -> SettingChanged:
    facts = None if channel_id is None else channel(channel_id)
    return (await house.desks.operations.set(admin(), SetSetting(key, value, facts))).value


async def pending(house: House) -> list[str]:
    return [line.removesuffix(" pending") for line in await house.reminders() if line.endswith(" pending")]


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("timezone", "asia/almaty", "UTC", "Asia/Almaty"),
        ("morning", "7", "09:00", "07:00"),
        (" Morning ", "23:00", "09:00", "23:00"),
        ("quiet_from", "22:00", "off", "22:00"),
        ("quiet_until", "6", "off", "06:00"),
        ("countdown.eva", "3d 1h", "7d 1d 1h 0", "3d 1h 0"),
    ],
)
async def test_a_setting_is_changed_journalled_and_shown(
    house: House, key: str, value: str, before: str, after: str
) -> None:
    done = await set_(house, key, value)
    assert (done.before, done.after) == (before, after)
    entries = await house.chain()
    assert entries[-1].entry.action == "set"
    assert verified(entries)
    with pytest.raises(Conflict) as refusal:
        await set_(house, key, value)
    assert refusal.value.code == "setting_unchanged"


async def test_the_ops_channel_is_changed_where_the_bot_can_report_there(house: House) -> None:
    done = await set_(house, "ops_channel", "<#901>", 901)
    assert done.after == "<#901>"
    for facts in (channel(902, can_send=False), channel(902, can_read_history=False)):
        with pytest.raises(InvalidInput):
            await house.desks.operations.set(admin(), SetSetting("ops_channel", "<#902>", facts))
    house.clock.move_to(at("2025-11-28T09:00"))
    await house.desks.housekeeping.fire_due()
    assert len(await house.posts(901)) == 1
    assert await house.posts(OPS) == []


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("zone", "UTC", "setting_unknown"),
        ("countdown.lunch", "1d", "setting_unknown"),
        ("", "", "setting_unknown"),
        ("timezone", "Mars/Jezero", "zone_unknown"),
        ("morning", "24", "hour_unclear"),
        ("morning", "off", "hour_unclear"),
        ("morning", "07:30", "hour_unclear"),
        ("morning", "٧", "hour_unclear"),
        ("quiet_from", "late", "hour_unclear"),
        ("ops_channel", "<#1>", "channel_unknown"),
        ("countdown.landing", "soon", "offset_unclear"),
        ("countdown.landing", "9999d", "offset_too_long"),
    ],
)
async def test_what_cannot_be_set_is_refused_and_changes_nothing(house: House, key: str, value: str, code: str) -> None:
    before = await house.rows("SELECT * FROM workspaces")
    with pytest.raises(InvalidInput) as refusal:
        await set_(house, key, value)
    assert refusal.value.code == code
    assert await house.rows("SELECT * FROM workspaces") == before
    if code == "setting_unknown":
        assert all(known in str(refusal.value.params["keys"]) for known in SETTING_KEYS)


async def test_setting_up_again_keeps_quiet_hours_and_countdowns(house: House) -> None:
    await set_(house, "quiet_from", "22")
    await set_(house, "countdown.landing", "2d")
    receipt = await house.desks.operations.set_up(admin(), SetUp(channel(OPS)))
    assert receipt.value.quiet_from_hour == 22
    assert await house.rows("SELECT kind, offsets FROM countdown_defaults") == [("landing", "2d 0")]


# --- what follows ----------------------------------------------------------------------------------------------------------


async def test_moving_the_morning_moves_what_is_posted_in_it_and_nothing_else(house: House) -> None:
    await house.create("Soyuz MS-28", launch="2025-12-09T05:00Z")
    await house.plan("Soyuz MS-28", "landing", "2025-12-20")
    exact = [line for line in await pending(house) if "T05:00" in line or "T04:" in line]
    done = await set_(house, "morning", "6")
    after = await pending(house)
    assert "2025-12-13T06:00 countdown" in after
    assert "2025-12-20T06:00 opens" in after
    assert not any("T09:00" in line for line in after)
    assert [line for line in exact if line in after] == exact
    assert done.replanned == len([line for line in after if "T06:00" in line])


async def test_what_was_posted_this_morning_is_not_posted_again_in_a_later_one(house: House) -> None:
    await house.subscribe(Topic.COUNTDOWN, FLIGHT)
    await house.create("Soyuz MS-28")
    await house.plan("Soyuz MS-28", "landing", "2025-12-05")
    assert len(await house.fire_at(at("2025-11-28T09:00"))) == 1, "seven days before"
    await set_(house, "morning", "12")
    assert await house.fire_at(at("2025-11-28T12:00")) == []
    assert len(await house.fire_at(at("2025-12-02T12:00"))) == 1, "three days before, in the new morning"


async def test_a_question_that_is_asked_daily_keeps_its_time(house: House) -> None:
    await house.create("Soyuz MS-28", launch="2025-11-26")
    await house.desks.reminders.fire_due()
    asked = [line for line in await pending(house) if "question" in line]
    assert len(asked) == 1
    await set_(house, "morning", "5")
    assert [line for line in await pending(house) if "question" in line] == asked


async def test_a_repairs_due_date_follows_the_morning(house: House) -> None:
    await house.pad()
    await house.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MINOR, "bridge bent"))
    await house.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "straighten it", due="2025-12-05"))
    await set_(house, "timezone", "Asia/Almaty")
    assert "2025-12-05T04:00 repair_due" in await pending(house)
    assert not [line for line in await pending(house) if "T09:00 repair_due" in line]


async def test_setting_up_again_with_another_morning_does_the_same(house: House) -> None:
    await house.create("Soyuz MS-28")
    await house.plan("Soyuz MS-28", "landing", "2025-12-20")
    await house.desks.operations.set_up(admin(), SetUp(channel(OPS), "UTC", 4))
    assert "2025-12-13T04:00 countdown" in await pending(house)


async def test_a_default_countdown_is_followed_by_events_without_their_own(house: House) -> None:
    await house.create("Soyuz MS-28")
    landing = await house.plan("Soyuz MS-28", "landing", "2025-12-20T05:00Z")
    await house.create("Soyuz MS-29")
    await house.plan("Soyuz MS-29", "landing", "2025-12-21T05:00Z")
    event = landing.card.mission.events[0]
    await house.desks.countdowns.set_offsets(director(), f"#{event.id}", "5d")
    await set_(house, "countdown.landing", "2d")
    assert "2025-12-15T05:00 countdown pending" in await house.reminders(event.id)
    assert "2025-12-19T05:00 countdown" in await pending(house)
    assert "2025-12-18T05:00 countdown" not in await pending(house)
    await house.plan("Soyuz MS-29", "eva", "2025-12-01T05:00Z")
    shown = await house.desks.countdowns.show(guest(), "Soyuz MS-29 · landing")
    assert shown.is_default
    done = await set_(house, "countdown.landing", "default")
    assert done.after == "30d 14d 7d 3d 1d 12h 1h 0"
    assert "2025-12-18T05:00 countdown" in await pending(house)


async def test_a_new_event_takes_the_workspaces_default(house: House) -> None:
    await set_(house, "countdown.landing", "2d")
    await house.create("Soyuz MS-28")
    await house.plan("Soyuz MS-28", "landing", "2026-07-27T05:00Z")
    assert [line[:16] for line in await pending(house) if "countdown" in line] == [
        "2026-07-25T05:00",
        "2026-07-27T05:00",
    ]


# --- revoke and explain ------------------------------------------------------------------------------------------------


async def test_what_was_revoked_is_refused_from_then_on(house: House) -> None:
    await house.create("Soyuz MS-28")
    done = await house.desks.operations.revoke(admin(), Capability.OPERATE, ROLES[Capability.OPERATE])
    assert done.value.role_ids == ()
    with pytest.raises(NotPermitted):
        await house.create("Soyuz MS-29")
    with pytest.raises(Conflict) as refusal:
        await house.desks.operations.revoke(admin(), Capability.OPERATE, ROLES[Capability.OPERATE])
    assert refusal.value.code == "not_granted"
    assert verified(await house.chain())


async def test_taking_back_reading_from_the_last_role_opens_it_to_everyone(house: House) -> None:
    await house.desks.operations.grant(admin(), Capability.READ, 777)
    with pytest.raises(NotPermitted):
        await house.desks.operations.status(guest())
    await house.desks.operations.revoke(admin(), Capability.READ, 777)
    await house.desks.operations.status(guest())


async def test_everyone_may_ask_about_themselves_and_only_an_admin_about_others(house: House) -> None:
    await house.desks.operations.grant(admin(), Capability.READ, 777)
    asking = guest()
    own = await house.desks.operations.explain(asking, asking.member_id, asking.standing)
    assert not any(holding.held for holding in own.holdings)
    with pytest.raises(NotPermitted):
        await house.desks.operations.explain(asking, 4711, asking.standing)
    chief = member(Capability.PAD)
    found = await house.desks.operations.explain(admin(), 4711, chief.standing)
    held = {holding.capability for holding in found.holdings if holding.held}
    assert held == {Capability.PAD}
    assert found.admin_role_ids == (ROLES[Capability.ADMIN],)
