"""A channel's digest: once for each of its days, with what changed since the last that got through, or not at all."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.announcements import Topic
from domain.damage import ReportState, Severity
from domain.digest_facts import DateChanged, DigestPosted, MissionNews, Nearness
from domain.errors import Conflict, InvalidInput, NotFound
from domain.health import HealthStatus
from domain.missions import EventKind, Outcome
from domain.when_text import parse_when
from services import digest_content
from services.announcements import Mention, ShownSubscription, Subscribe
from services.crew import AssignSeat
from services.damage import ReportDamage, UpdateReport
from services.digests import SetDigest
from services.flights import FailEvent
from services.repairs import PlanRepair
from services.settings import SetSetting
from storage import digests as rows
from storage import outbox
from tests.services.house import (
    EVENING,
    FLIGHT,
    GUILD,
    PADS,
    ROLES,
    House,
    admin,
    at,
    channel,
    director,
    member,
    pad_chief,
    verified,
)

DAY = timedelta(days=1)


async def set_digest(
    house: House, time: str = "09:00", channel_id: int = FLIGHT, **options: object
) -> ShownSubscription:
    request = SetDigest(time, channel(channel_id), **options)  # type: ignore[arg-type]
    return (await house.desks.digests.set(director(), request)).value


async def fire_at(house: House, instant: datetime) -> list[DigestPosted]:
    """Let the clock stand at an instant, fire what is due twice, and return the digests that posts."""
    before = len(await house.posts())
    house.clock.move_to(instant)
    await house.desks.digests.fire_due()
    assert await house.desks.digests.fire_due() == 0
    return [facts for _, facts in (await house.posts())[before:] if isinstance(facts, DigestPosted)]


async def deliver(house: House, state: str = "sent") -> None:
    """Have every post that waits end as it would have."""

    async def settle(tx: object) -> None:
        await tx.execute(  # type: ignore[attr-defined]
            "UPDATE outbox SET state = ?, settled_at = 0, message_id = id WHERE state = 'pending'", (state,)
        )

    await house.database.write(settle)


async def next_due(house: House) -> datetime | None:
    return await house.database.read(rows.next_due_at)


async def report_damage(house: House, severity: Severity = Severity.CRITICAL) -> None:
    await house.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", severity, "a bent bridge"))


async def test_it_comes_at_the_channels_own_time_once_a_day(evening: House) -> None:
    shown = await set_digest(evening, "9am", zone="asia/tokyo")
    assert shown.digest is not None
    assert (shown.digest.zone, shown.digest.due_at) == ("Asia/Tokyo", at("2025-11-28T00:00"))
    await report_damage(evening)
    assert await fire_at(evening, at("2025-11-27T23:59:59")) == []
    (first,) = await fire_at(evening, at("2025-11-28T00:00"))
    assert (first.day.isoformat(), first.delayed, first.next_due_at) == ("2025-11-28", False, at("2025-11-29T00:00"))
    assert await fire_at(evening, at("2025-11-28T12:00")) == []
    assert len(await fire_at(evening, at("2025-11-29T00:00"))) == 1


@pytest.mark.parametrize("zone", ["America/Nuuk", "Asia/Beirut", "Australia/Lord_Howe"])
@pytest.mark.parametrize("time", ["00:30", "23:30"])
async def test_each_local_day_has_one_through_both_changes_of_the_clocks(evening: House, zone: str, time: str) -> None:
    await set_digest(evening, time, zone=zone)
    await report_damage(evening)
    days = []
    for around in ("2026-03-05", "2026-10-20"):
        await fire_at(evening, at(f"{around}T00:00"))
        while (due := await next_due(evening)) and due < at(f"{around}T00:00") + 60 * DAY:
            days += [facts.day for facts in await fire_at(evening, due)]
    gaps = {(later - earlier).days for earlier, later in itertools.pairwise(days)}
    assert len(days) == len(set(days))
    assert sorted(gaps)[:1] == [1]
    assert len(gaps) == 2, "one day after the other, but for the jump between the two stretches"


async def test_it_tells_one_line_of_a_mission_that_changed_several_times(evening: House) -> None:
    await set_digest(evening, zone="UTC")
    await evening.move("Progress MS-33", "launch", "2026-02-01")
    await evening.move("Progress MS-33", "launch", "NET 2026-03-22")
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    (posted,) = await fire_at(evening, at("2025-11-28T09:00"))
    seated, moved = sorted(
        (one for one in posted.news if isinstance(one, MissionNews)), key=lambda one: one.mission, reverse=True
    )
    launch = next(change for change in moved.dates if change.event.kind is EventKind.LAUNCH)
    assert isinstance(launch, DateChanged)
    assert (launch.before, launch.after) == (
        parse_when("2025-12-19", EVENING),
        parse_when("NET 2026-03-22", EVENING),
    )
    assert [name for name, _ in seated.crew] == ["Sergei Mikaev"]
    assert len(posted.news) == 2
    assert posted.since == EVENING


async def test_nothing_is_posted_when_there_is_nothing_and_the_next_is_planned(house: House) -> None:
    await set_digest(house)
    await house.desks.operations.set(admin(), SetSetting("assess_after", "5h"))  # housekeeping is no news
    assert await fire_at(house, at("2025-11-28T09:00")) == []
    assert await next_due(house) == at("2025-11-29T09:00")
    assert await house.posts() == []


async def test_a_channel_that_asked_for_it_hears_of_quiet_days_too(house: House) -> None:
    await set_digest(house, says_quiet_days=True)
    (posted,) = await fire_at(house, at("2025-11-28T09:00"))
    assert posted.is_empty
    await set_digest(house, says_quiet_days=False)
    assert await fire_at(house, at("2025-11-29T09:00")) == []


async def test_after_an_outage_the_newest_comes_marked_delayed_and_covers_since_the_last(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening)
    await fire_at(evening, at("2025-11-28T09:00"))
    await deliver(evening)
    await evening.move("Progress MS-33", "launch", "2026-02-01")
    (posted,) = await fire_at(evening, at("2025-12-05T14:00"))
    assert (posted.delayed, posted.due_at, posted.since) == (True, at("2025-12-05T09:00"), at("2025-11-28T09:00"))
    assert posted.next_due_at == await next_due(evening) == at("2025-12-06T09:00")
    assert posted.looked_at == at("2025-12-05T14:00")
    assert [one.mission for one in posted.news if isinstance(one, MissionNews)] == ["Progress MS-33"]


@pytest.mark.parametrize(("fate", "told_again"), [("sent", False), ("expired", True), ("parked", True), (None, True)])
async def test_what_a_digest_said_that_nobody_got_is_said_by_the_next(
    evening: House, fate: str | None, told_again: bool
) -> None:
    await set_digest(evening)
    await report_damage(evening)
    await evening.move("Progress MS-33", "launch", "2026-02-01")
    await fire_at(evening, at("2025-11-28T09:00"))
    if fate is not None:
        await deliver(evening, fate)
    (posted,) = await fire_at(evening, at("2025-11-29T09:00"))
    assert bool(posted.news) is told_again
    assert posted.since == (EVENING if told_again else at("2025-11-28T09:00"))
    if fate == "parked":
        assert [(line.channel_id, line.count) for line in posted.parked] == [(950, 2), (FLIGHT, 1)]


async def test_a_day_has_one_digest_also_when_its_time_or_zone_is_changed_on_the_day(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening)
    assert len(await fire_at(evening, at("2025-11-28T09:00"))) == 1
    for time, zone in (("15:00", None), ("18:00", "Asia/Tokyo"), ("23:00", "Pacific/Kiritimati")):
        shown = await set_digest(evening, time, zone=zone)
        assert shown.digest is not None
        local = ZoneInfo(shown.digest.zone)
        last, following = (moment.astimezone(local).date() for moment in (at("2025-11-28T09:00"), shown.digest.due_at))
        assert following == last + DAY
    assert await fire_at(evening, at("2025-11-28T23:00")) == []


async def test_a_zone_far_behind_does_not_lose_a_day(evening: House) -> None:
    await set_digest(evening, zone="Pacific/Kiritimati")
    await report_damage(evening)
    assert len(await fire_at(evening, at("2025-11-27T19:00"))) == 1  # 09:00 on the 28th there
    await set_digest(evening, zone="Pacific/Honolulu")
    (posted,) = await fire_at(evening, at("2025-11-28T19:00"))  # 09:00 on the 28th there: a day later
    assert posted.day.isoformat() == "2025-11-28"


async def test_a_clock_that_is_set_back_posts_nothing_twice_and_does_not_stop_the_digest(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening)
    assert len(await fire_at(evening, at("2025-11-28T09:00"))) == 1
    assert await fire_at(evening, at("2025-11-27T09:00")) == []
    assert await fire_at(evening, at("2025-11-28T10:00")) == []
    assert len(await fire_at(evening, at("2031-01-01T10:00"))) == 1  # a clock gone wild
    evening.clock.move_to(at("2025-11-28T11:00"))
    assert await evening.desks.digests.fire_due() == 1
    assert await next_due(evening) == at("2025-11-29T09:00")
    assert len(await fire_at(evening, at("2025-11-29T09:00"))) == 1


async def test_one_that_was_never_planned_is_planned_without_posting(evening: House) -> None:
    await set_digest(evening, "07:00")
    await report_damage(evening)
    (digest,) = await evening.database.read(lambda reader: rows.load_all(reader, GUILD))
    never = replace(digest, day=date(9999, 1, 1), due_at=at("9999-01-01T00:00"))
    await evening.database.write(lambda tx: rows.save(tx, GUILD, never))
    assert await evening.desks.digests.fire_due() == 1
    assert [facts for _, facts in await evening.posts() if isinstance(facts, DigestPosted)] == []
    assert await next_due(evening) == at("2025-11-28T07:00")


async def test_quiet_hours_put_it_off_to_their_end_also_after_an_outage(evening: House) -> None:
    await set_digest(evening, "06:00")
    await report_damage(evening)
    for key, value in (("quiet_from", "22"), ("quiet_until", "07")):
        await evening.desks.operations.set(admin(), SetSetting(key, value))
    assert await next_due(evening) == at("2025-11-28T07:00")
    (posted,) = await fire_at(evening, at("2025-11-28T07:00"))
    assert not posted.delayed
    evening.clock.move_to(at("2025-11-29T23:00"))  # it was down at seven, and is back in the night
    said = len(await evening.posts())
    assert await evening.desks.digests.fire_due() == 1
    assert len(await evening.posts()) == said, "nothing is posted at night"
    assert await next_due(evening) == at("2025-11-30T07:00")
    assert await fire_at(evening, at("2025-11-30T06:59")) == []
    (posted,) = await fire_at(evening, at("2025-11-30T07:00"))
    assert posted.day.isoformat() == "2025-11-30"


async def test_quiet_hours_that_end_earlier_let_what_waited_for_them_come_now(evening: House) -> None:
    for key, value in (("quiet_from", "22"), ("quiet_until", "10")):
        await evening.desks.operations.set(admin(), SetSetting(key, value))
    await set_digest(evening, "06:00")
    await report_damage(evening)
    evening.clock.move_to(at("2025-11-28T08:00"))
    await evening.desks.operations.set(admin(), SetSetting("quiet_until", "07"))
    assert len(await fire_at(evening, at("2025-11-28T08:00"))) == 1
    assert await next_due(evening) == at("2025-11-29T07:00")


async def test_without_a_zone_of_its_own_it_follows_the_workspaces(evening: House) -> None:
    await set_digest(evening, "09:00")
    await set_digest(evening, "09:00", PADS, zone="America/New_York")
    await evening.desks.operations.set(admin(), SetSetting("timezone", "Asia/Tokyo"))
    heard = {one.subscription.channel_id: one.digest for one in await evening.desks.announcements.list(director())}
    ours, theirs = heard[FLIGHT], heard[PADS]
    assert ours is not None
    assert theirs is not None
    assert (ours.zone, ours.due_at) == ("Asia/Tokyo", at("2025-11-28T00:00"))
    assert (theirs.zone, theirs.due_at) == ("America/New_York", at("2025-11-28T14:00"))


async def test_subscribing_the_topic_makes_one_in_the_morning_and_unsubscribing_ends_it(evening: House) -> None:
    await evening.desks.announcements.subscribe(
        director(), Subscribe(Topic.DIGEST, channel(FLIGHT), mention=Mention(333), language="de")
    )
    await report_damage(evening)
    assert await next_due(evening) == at("2025-11-28T09:00")
    assert len(await fire_at(evening, at("2025-11-28T09:00"))) == 1
    wanted = await evening.rows("SELECT mentions, language FROM outbox WHERE cause LIKE 'digest:%'")
    assert wanted == [("[333]", "de")]
    (shown,) = await evening.desks.announcements.list(director())
    await evening.desks.announcements.unsubscribe(director(), str(shown.subscription.id))
    assert await next_due(evening) is None
    assert await fire_at(evening, at("2025-11-29T09:00")) == []


async def test_the_topic_all_does_not_hear_it(evening: House) -> None:
    await evening.subscribe(Topic.ALL, PADS)
    await set_digest(evening)
    await report_damage(evening)
    await fire_at(evening, at("2025-11-28T09:00"))
    assert not [facts for _, facts in await evening.posts(PADS) if isinstance(facts, DigestPosted)]


async def test_setting_it_again_changes_what_is_given_and_the_same_again_is_refused(evening: House) -> None:
    first = await set_digest(evening, "09:00", zone="Europe/Berlin", says_quiet_days=True, language="de")
    second = await set_digest(evening, "10:30")
    assert second.subscription == first.subscription
    assert second.digest is not None
    assert (second.digest.minute, second.digest.zone, second.digest.says_quiet_days) == (630, "Europe/Berlin", True)
    with pytest.raises(Conflict) as refused:
        await set_digest(evening, "10:30", zone="europe/berlin", language="de")
    assert refused.value.code == "digest_unchanged"
    assert (await set_digest(evening, "10:30", language="en")).subscription.language == "en"
    actions = [linked.entry.action for linked in await evening.chain()][-5:]
    assert actions == ["subscribe", "set_digest", "set_digest", "set_language", "set_digest"]
    assert verified(await evening.chain())


@pytest.mark.parametrize(
    ("time", "options", "code"),
    [
        ("noon", {}, "digest_time_unclear"),
        ("09:00", {"zone": "Mars/Gale"}, "zone_unknown"),
        ("09:00", {"language": "tlh"}, "language_unknown"),
    ],
)
async def test_what_cannot_be_is_refused(house: House, time: str, options: dict[str, str], code: str) -> None:
    with pytest.raises((InvalidInput, NotFound)) as refused:
        await set_digest(house, time, zone=options.get("zone"), language=options.get("language"))
    assert refused.value.code == code
    with pytest.raises(InvalidInput):
        await house.desks.digests.set(director(), SetDigest("09:00", channel(FLIGHT, can_read_history=False)))


async def test_muted_missions_are_left_out_but_for_what_goes_wrong(evening: House) -> None:
    await set_digest(evening)
    await evening.desks.announcements.mute(director(), "Progress MS-33")
    await evening.move("Progress MS-33", "launch", "2025-11-28T20:00")
    assert await fire_at(evening, at("2025-11-28T09:00")) == []
    evening.clock.move_to(at("2025-11-28T21:00"))
    await evening.desks.flights.fail(director(), FailEvent("Progress MS-33", "launch", "engine out", Outcome.LOST))
    (posted,) = await fire_at(evening, at("2025-11-29T09:00"))
    (line,) = posted.news
    assert isinstance(line, MissionNews)
    assert (line.mission, line.dates, posted.in_a_day, posted.unconfirmed) == ("Progress MS-33", (), (), ())


async def test_health_is_never_in_it(evening: House) -> None:
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    await set_digest(evening)
    medic = member(number=8)
    standing = type(medic.standing)(frozenset(ROLES.values()), manages_server=False)
    surgeon = type(medic)(medic.workspace_id, 8, "surgeon", standing, 950, 77)
    await evening.desks.health.record(surgeon, "Sergei Mikaev", HealthStatus.LIMITED, "a sprained ankle")
    assert await fire_at(evening, at("2025-11-28T09:00")) == []


async def test_every_section_has_its_lines(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening)
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MINOR, "a scratch"))
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "Straighten the bridge", due="2025-11-25"))
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-2", "Paint it", due="2025-12-02"))
    await evening.plan("Soyuz MS-28", "eva", "2025-11-28T20:00")
    await evening.plan("Soyuz MS-28", "milestone", "2025-11-28T08:00", name="Weighing")
    await evening.move("Progress MS-33", "launch", "NET 2025-12-01")
    await deliver(evening, "parked")
    (posted,) = await fire_at(evening, at("2025-11-28T09:00"))
    assert [line.event.kind for line in posted.in_a_day if line.event] == [EventKind.EVA]
    week = [(line.event.mission if line.event else "", line.nearness) for line in posted.in_a_week]
    assert week == [("Progress MS-33", Nearness.OPENS), ("", Nearness.AT)]
    assert [line.event.name for line in posted.unconfirmed] == ["Weighing"]
    assert [(line.report, line.severity) for line in posted.damage] == [(1, Severity.CRITICAL), (2, Severity.MINOR)]
    assert [(line.task.task, line.days) for line in posted.overdue] == [(1, 3)]
    assert [line.channel_id for line in posted.parked] == [950]
    assert posted.damage_counts == ((Severity.CRITICAL, 1), (Severity.MINOR, 1))


async def test_a_long_list_is_cut_and_the_rest_is_counted(evening: House) -> None:
    await set_digest(evening)
    for _ in range(30):
        await report_damage(evening, Severity.MINOR)
    (posted,) = await fire_at(evening, at("2025-11-28T09:00"))
    assert (len(posted.damage), posted.damage_more) == (10, 20)
    assert (len(posted.news), posted.news_more) == (15, 15)


async def test_what_was_closed_meanwhile_is_one_line_and_no_longer_open(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening, Severity.MINOR)
    await evening.desks.damage.update(pad_chief(), UpdateReport("DR-1", ReportState.REJECTED, reason="a shadow"))
    (posted,) = await fire_at(evening, at("2025-11-28T09:00"))
    assert [getattr(line, "state", None) for line in posted.news] == [ReportState.REJECTED]
    assert posted.damage == ()


async def test_each_channel_gets_its_own(evening: House) -> None:
    await set_digest(evening)
    await set_digest(evening, "09:00", PADS)
    await report_damage(evening)
    assert len(await fire_at(evening, at("2025-11-28T09:00"))) == 2
    assert {number for number, facts in await evening.posts() if isinstance(facts, DigestPosted)} == {FLIGHT, PADS}


def test_every_kind_that_is_looked_for_has_its_line() -> None:
    assert set(rows.KINDS) == digest_content.KINDS


async def test_when_discord_was_away_the_newest_digest_alone_is_sent_and_tells_it_all(evening: House) -> None:
    await set_digest(evening)
    await report_damage(evening)
    await evening.move("Progress MS-33", "launch", "2026-02-01")
    await fire_at(evening, at("2025-11-28T09:00"))
    await evening.move("Soyuz MS-28", "landing", "2026-08-01")
    await fire_at(evening, at("2025-11-29T09:00"))
    claim = await evening.database.write(lambda tx: outbox.claim_next(tx, FLIGHT, "courier", evening.clock.now()))
    assert claim is not None
    said = claim.delivery.facts
    assert isinstance(said, DigestPosted)
    assert said.day.isoformat() == "2025-11-29"
    assert {one.mission for one in said.news if isinstance(one, MissionNews)} == {"Progress MS-33", "Soyuz MS-28"}


async def test_many_channels_have_theirs_in_one_pass(house: House) -> None:
    """More than are composed in one write."""
    channels = range(9_000, 9_025)
    for channel_id in channels:
        await set_digest(house, "09:00", channel_id, says_quiet_days=True)
    due_at = await next_due(house)
    assert due_at is not None
    assert len(await fire_at(house, due_at)) == len(channels)
    assert sorted(where for where, facts in await house.posts() if isinstance(facts, DigestPosted)) == list(channels)
