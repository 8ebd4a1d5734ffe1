"""What changes is said once, in the channels that asked for it, in the transaction that changed it."""

import pytest

from domain.announcements import Topic
from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import CrewAssigned, EventDone, EventMoved, EventPlanned, MissionCreated, OpsNotice
from domain.impact_facts import PadImpact
from domain.pad_facts import DamageReported
from domain.pads import PadStatus
from services.announcements import Mention, Subscribe
from services.crew import AssignSeat
from services.damage import ReportDamage
from services.missions import CompleteEvent, MoveEvent
from tests.services.house import CREW, FLIGHT, PADS, House, channel, director, guest, pad_chief


def damage(severity: Severity = Severity.CRITICAL) -> ReportDamage:
    return ReportDamage("Site 31/6", severity, "service cabin fell into the flame trench", "service cabin (8U0216)")


async def test_each_channel_hears_its_own_topics(evening: House) -> None:
    await evening.subscribe(Topic.SCHEDULE, FLIGHT)
    await evening.subscribe(Topic.CREW, CREW)
    moved = await evening.desks.missions.move(
        director(), MoveEvent("Progress MS-33", "launch", "NET 2026-03", "Site 31/6 repair", source="Roscosmos")
    )
    seated = await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    assert moved.announced_in == {FLIGHT}
    assert seated.announced_in == {CREW}
    ((_, said),) = await evening.posts(FLIGHT)
    assert isinstance(said, EventMoved)
    assert (said.event.mission, said.reason, said.source) == ("Progress MS-33", "Site 31/6 repair", "Roscosmos")
    assert [type(facts) for _, facts in await evening.posts(CREW)] == [CrewAssigned]


async def test_without_subscriptions_nothing_is_said_and_the_receipt_says_so(evening: House) -> None:
    receipt = await evening.desks.missions.move(
        director(), MoveEvent("Progress MS-33", "launch", "NET 2026-03", "Site 31/6 repair")
    )
    assert receipt.announced_in == frozenset()
    assert await evening.posts() == []


async def test_several_subscriptions_of_one_channel_make_one_post_that_mentions_every_role(evening: House) -> None:
    await evening.subscribe(Topic.LAUNCH, FLIGHT, language="de")
    await evening.subscribe(Topic.SCHEDULE, FLIGHT, mention=Mention(333))
    await evening.subscribe(Topic.ALL, FLIGHT, mention=Mention(334))
    await evening.subscribe(Topic.CREW, FLIGHT, mention=Mention(335))
    await evening.move("Progress MS-33", "launch", "NET 2026-03")
    assert await evening.rows("SELECT channel_id, mentions, language FROM outbox") == [(FLIGHT, "[333, 334]", "en")]


async def test_mission_pad_and_severity_filters_hold(evening: House) -> None:
    await evening.subscribe(Topic.ALL, FLIGHT, mission="soyuz ms28")
    await evening.subscribe(Topic.PAD, PADS, pad="site 31/6", severity=Severity.MAJOR)
    await evening.move("Progress MS-33", "launch", "NET 2026-03")
    await evening.desks.damage.report(pad_chief(), damage(Severity.MINOR))
    await evening.plan("Soyuz MS-28", "eva", "2026-04")
    await evening.desks.damage.report(pad_chief(), damage(Severity.MAJOR))
    assert [type(facts) for _, facts in await evening.posts(FLIGHT)] == [EventPlanned]
    assert [facts.severity for _, facts in await evening.posts(PADS) if isinstance(facts, DamageReported)] == [
        Severity.MAJOR
    ]


async def test_a_damage_report_is_also_shown_where_it_was_reported(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    reporter = pad_chief()
    receipt = await evening.desks.damage.report(reporter, damage())
    assert receipt.announced_in == {PADS, reporter.channel_id}
    floors = await evening.rows("SELECT floor_message_id FROM lanes WHERE channel_id = ?", reporter.channel_id)
    assert floors == [(reporter.request_id,)], "none of our answers to an interaction can be older than it"


async def test_each_post_of_a_damage_report_gets_a_thread_to_talk_in(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    reporter = pad_chief()
    await evening.desks.damage.report(reporter, damage())
    threads = await evening.rows(
        "SELECT o.channel_id, t.channel_id, t.operation FROM outbox o JOIN outbox t ON t.id = o.target_id "
        "WHERE o.operation = 'thread' ORDER BY o.id"
    )
    assert threads == [(PADS, PADS, "post"), (reporter.channel_id, reporter.channel_id, "post")]


async def test_a_damage_report_in_a_subscribed_channel_is_shown_there_once(evening: House) -> None:
    reporter = pad_chief()
    await evening.subscribe(Topic.PAD, reporter.channel_id)
    await evening.desks.damage.report(reporter, damage())
    assert [type(facts) for _, facts in await evening.posts()] == [DamageReported, PadImpact]


async def test_facts_are_frozen_as_they_were(evening: House) -> None:
    await evening.subscribe(Topic.ALL, FLIGHT)
    await evening.desks.damage.report(pad_chief(), damage())
    await evening.move("Progress MS-33", "launch", "NET 2026-03")
    said = [facts for _, facts in await evening.posts(FLIGHT)]
    assert isinstance(said[0], DamageReported)
    assert (said[0].status_before, said[0].status_after) == (PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE)
    assert said[0].waiting == ("Progress MS-33",)


async def test_a_refused_change_says_nothing_to_anyone(evening: House) -> None:
    await evening.subscribe(Topic.ALL, FLIGHT)
    with pytest.raises(Conflict):
        await evening.desks.missions.done(director(), CompleteEvent("Soyuz MS-28", "docking"))
    assert await evening.posts() == []


async def test_the_courier_is_rung_when_there_is_something_to_send_and_the_timekeeper_when_dates_change(
    evening: House,
) -> None:
    await evening.subscribe(Topic.CREW, CREW)
    evening.bells.courier = evening.bells.timekeeper = 0
    await evening.desks.countdowns.set_offsets(director(), "Soyuz MS-28 · landing", "30d 0")
    assert (evening.bells.courier, evening.bells.timekeeper) == (0, 1)
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    assert evening.bells.courier == 1


async def test_the_same_change_in_two_guilds_is_said_in_each(house: House) -> None:
    await house.set_up(2)
    await house.subscribe(Topic.ALL, FLIGHT)
    await house.create("Soyuz MS-28")
    ((_, created),) = await house.posts(FLIGHT)
    assert isinstance(created, MissionCreated)
    assert not any(isinstance(facts, OpsNotice | EventDone) for _, facts in await house.posts())


@pytest.mark.parametrize(
    ("request_", "error", "code"),
    [
        (Subscribe(Topic.PAD, channel(PADS, can_view=False)), InvalidInput, "channel_cannot_post"),
        (Subscribe(Topic.PAD, channel(PADS, can_send=False)), InvalidInput, "channel_cannot_post"),
        (Subscribe(Topic.PAD, channel(PADS, can_embed=False)), InvalidInput, "channel_cannot_post"),
        (Subscribe(Topic.PAD, channel(PADS, can_read_history=False)), InvalidInput, "channel_without_history"),
        (Subscribe(Topic.PAD, channel(PADS), language="tlh"), InvalidInput, "language_unknown"),
        (Subscribe(Topic.PAD, channel(PADS), pad="Site 99/9"), NotFound, "pad_unknown"),
        (Subscribe(Topic.LAUNCH, channel(PADS), mission="Apollo 18"), NotFound, "mission_unknown"),
        (Subscribe(Topic.PAD, channel(PADS), mission="Soyuz MS-28"), InvalidInput, "filter_never_matches"),
        (Subscribe(Topic.LAUNCH, channel(PADS), pad="Site 31/6"), InvalidInput, "filter_never_matches"),
        (Subscribe(Topic.CREW, channel(PADS), severity=Severity.MAJOR), InvalidInput, "filter_never_matches"),
    ],
)
async def test_a_subscription_that_could_not_work_is_refused(
    evening: House, request_: Subscribe, error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as refusal:
        await evening.desks.announcements.subscribe(director(), request_)
    assert getattr(refusal.value, "code", "").startswith(code)
    assert await evening.desks.announcements.list(guest()) == ()


async def test_the_same_subscription_twice_is_refused_and_the_list_names_its_filters(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS, pad="Site 31/6", severity=Severity.MAJOR)
    with pytest.raises(Conflict):
        await evening.subscribe(Topic.PAD, PADS, pad="site-31/6", severity=Severity.MAJOR)
    await evening.subscribe(Topic.PAD, PADS, pad="Site 31/6")
    shown = await evening.desks.announcements.list(guest())
    assert [(s.pad, s.subscription.severity) for s in shown] == [("Site 31/6", Severity.MAJOR), ("Site 31/6", None)]


async def test_a_new_lane_begins_after_the_channels_last_message(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    assert await evening.rows("SELECT floor_message_id FROM lanes WHERE channel_id = ?", PADS) == [(5000,)]
