"""What is said after what was said: edits, retries, and reminders that are overtaken, in whatever order they come to be sent."""

from datetime import datetime, timedelta

import pytest

from cogs.outgoing import announcement
from cogs.text import load_catalogues
from domain.alarm_facts import ReportUnacknowledged
from domain.alarms import AlarmEnd
from domain.countdown import ReminderKind
from domain.delivery import GIVE_UP_AFTER, GIVE_UP_ATTEMPTS, Delivery, DeliveryRefused, Operation, expires_at
from domain.facts import CountdownReached, EventRef, ReminderOutdated, StatementPosted
from domain.missions import EventKind, EventState
from domain.pad_facts import PadRef
from domain.when import Precision, When
from storage import outbox
from tests.delivery.world import (
    NOON,
    OPERATIONS,
    OPS,
    WORKSPACE,
    Sheet,
    World,
    commit_then_500,
    lost_unsent,
    not_connected,
    refused,
    sheet,
)

PLAN = When(NOON + timedelta(days=10), Precision.MINUTE)
LAUNCH = EventRef(1, "Progress MS-33", 5, EventKind.LAUNCH)
HOLD = timedelta(seconds=6)


def countdown(days: int) -> CountdownReached:
    return CountdownReached(LAUNCH, PLAN, ReminderKind.COUNTDOWN, timedelta(days=days), NOON)


def held(days: int) -> ReminderOutdated:
    return ReminderOutdated(countdown(days), EventState.HELD, PLAN)


async def ends(world: World) -> list[tuple[str, str | None]]:
    return [(row["state"], row["reason"]) for row in await world.rows(OPERATIONS)]


async def test_an_edit_never_takes_the_place_of_its_post(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(not_connected)
    await world.write(OPERATIONS, "7 days", facts=countdown(7))
    await courier.drained()
    (post,) = await world.rows(OPERATIONS)
    await world.write(OPERATIONS, "held", facts=held(7), operation=Operation.EDIT, target=post["id"])
    await world.write(OPERATIONS, "again", facts=countdown(7), operation=Operation.EDIT, target=post["id"])
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await ends(world) == [("sent", None), ("expired", "superseded"), ("sent", None)]
    assert world.channels.words(OPERATIONS) == ["countdown_reached"]


async def test_a_newer_countdown_does_not_take_the_place_of_an_edit_and_an_edit_does_not_grow_too_old(
    world: World,
) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "7 days", facts=countdown(7))
    await courier.drained()
    (post,) = await world.rows(OPERATIONS)
    world.channels.faults[OPERATIONS].append(not_connected)
    await world.write(OPERATIONS, "news")
    await courier.drained()
    await world.write(OPERATIONS, "held", facts=held(7), operation=Operation.EDIT, target=post["id"])
    await world.write(OPERATIONS, "6 days", facts=countdown(6))
    world.clock.move_by(timedelta(days=9))
    await courier.drained()
    assert await ends(world) == [("sent", None)] * 4
    assert world.channels.words(OPERATIONS) == ["reminder_outdated", "news", "countdown_reached"]


async def test_older_words_never_come_after_newer_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "first")
    await courier.drained()
    (post,) = await world.rows(OPERATIONS)

    async def too_often(*_: object) -> int:
        raise DeliveryRefused("edited_too_often")

    with monkeypatch.context() as patched:
        patched.setattr(world.channels, "edit", too_often)  # Discord's part, not ours
        await world.write(OPERATIONS, "second", operation=Operation.EDIT, target=post["id"])
        await courier.drained()
    await world.write(OPERATIONS, "third", operation=Operation.EDIT, target=post["id"])
    await courier.drained()
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert await ends(world) == [("sent", None), ("expired", "superseded"), ("sent", None)]
    assert world.channels.words(OPERATIONS) == ["third"]


async def test_a_retry_that_is_refused_asks_once_and_parks_all_again(world: World) -> None:
    for number in range(50):
        await world.write(OPERATIONS, f"post-{number}")
    world.channels.faults[OPERATIONS].append(refused("missing_access"))
    courier = world.start()
    await courier.drained()
    world.channels.look_faults[OPERATIONS].extend([DeliveryRefused("missing_access")] * 50)
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert world.channels.looks == 1
    assert set(await world.states(OPERATIONS)) == {"parked"}
    world.channels.look_faults.clear()
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == [f"post-{number}" for number in range(50)]
    assert world.channels.looks == 2  # only the first had been tried before


async def test_of_parked_reminders_that_are_tried_again_only_the_newest_is_posted(world: World) -> None:
    courier = world.start()
    for days in (9, 8, 7):
        world.channels.faults[OPERATIONS].append(refused("missing_access"))
        await world.write(OPERATIONS, f"{days} days", facts=countdown(days))
        await courier.drained()
        world.clock.move_by(timedelta(days=1))
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert await ends(world) == [("expired", "superseded"), ("expired", "superseded"), ("sent", None)]


async def test_a_lost_reminder_that_was_overtaken_is_looked_for_and_not_sent_again(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(lost_unsent)
    await world.write(OPERATIONS, "9 days", facts=countdown(9))
    await courier.drained()
    world.clock.move_by(timedelta(days=2))
    await world.write(OPERATIONS, "7 days", facts=countdown(7))
    await courier.drained()
    assert await ends(world) == [("expired", "superseded"), ("sent", None)]
    assert world.channels.looks == 1


async def test_a_head_that_never_gets_an_answer_is_parked_in_the_end(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].extend([lost_unsent] * 1000)
    await world.write(OPERATIONS, "first")
    tries = 0
    while (await world.states(OPERATIONS))[0] != "parked":
        await courier.drained()
        world.clock.move_by(timedelta(minutes=6))
        tries += 1
        assert tries < 1000
    assert world.clock.now() - NOON > GIVE_UP_AFTER
    assert tries > GIVE_UP_ATTEMPTS
    world.channels.faults.clear()
    await world.write(OPERATIONS, "second")
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["second"]
    assert world.channels.words(OPS) == ["delivery_parked"]


async def test_after_days_of_silence_the_first_failure_parks_nothing(world: World) -> None:
    await world.write(OPERATIONS, "first")
    world.clock.move_by(GIVE_UP_AFTER * 2)
    world.channels.faults[OPERATIONS].append(lost_unsent)
    courier = world.start()
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sending"]


async def test_whoever_corrected_a_statement_learns_that_it_was_deleted_there(world: World) -> None:
    courier = world.start()
    statement = StatementPosted(1, "All is well.")
    await world.write(OPERATIONS, "statement", facts=statement)
    await courier.drained()
    world.channels.messages[OPERATIONS][0].deleted = True
    (post,) = await world.rows(OPERATIONS)
    await world.write(OPERATIONS, "correction", facts=statement, operation=Operation.EDIT, target=post["id"])
    await courier.drained()
    assert (await ends(world))[-1] == ("delivered_deleted", "post_deleted")
    assert world.channels.words(OPS) == ["correction_missed"]


@pytest.mark.parametrize(
    ("when", "until"),
    [
        (When(datetime.fromisoformat("2025-12-05T00:00:00+00:00"), Precision.DAY), "2025-12-06T01:00:00+00:00"),
        (When(datetime.fromisoformat("2025-12-01T00:00:00+00:00"), Precision.MONTH), "2026-01-01T01:00:00+00:00"),
    ],
)
def test_that_a_window_opens_is_worth_saying_while_it_is_open(when: When, until: str) -> None:
    opens = CountdownReached(LAUNCH, when, ReminderKind.OPENS, timedelta(0), NOON)
    assert expires_at(opens, NOON) == datetime.fromisoformat(until)


# --- alarms ----------------------------------------------------------------------------------------------------------------


def alarm(round_: int, end: AlarmEnd | None = None) -> ReportUnacknowledged:
    at = NOON + round_ * timedelta(minutes=10)
    return ReportUnacknowledged(
        PadRef(1, "Site 31/6"), 1, "cabin", NOON, round_, 71, timedelta(minutes=10), at, end=end
    )


async def edit_to(world: World, facts: ReportUnacknowledged) -> None:
    """What acknowledging writes: the newest alarm is given other words."""
    post = (await world.rows(OPERATIONS))[-1]
    await world.write(OPERATIONS, "taken on", facts=facts, operation=Operation.EDIT, target=post["id"])


async def test_an_alarm_that_waits_is_not_posted_once_somebody_has_taken_the_report_on(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(not_connected)
    await world.write(OPERATIONS, "alarm", facts=alarm(1))
    await courier.drained()
    await edit_to(world, alarm(1, AlarmEnd.ACKNOWLEDGED))
    world.clock.move_by(timedelta(days=3))
    await courier.drained()
    assert await ends(world) == [("expired", "superseded"), ("expired", "target_missing")]
    assert world.channels.words(OPERATIONS) == []
    assert await world.rows(OPS) == [], "nobody need be told"


async def test_an_alarm_that_may_stand_is_looked_for_and_then_says_that_it_is_over(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(commit_then_500)
    await world.write(OPERATIONS, "alarm", facts=alarm(1))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["report_unacknowledged"]
    await edit_to(world, alarm(1, AlarmEnd.ACKNOWLEDGED))
    world.clock.move_by(timedelta(days=3))
    await courier.drained()
    assert await ends(world) == [("sent", None), ("sent", None)]
    assert len(world.channels.messages[OPERATIONS]) == 1


async def test_an_alarm_that_may_stand_and_does_not_is_not_posted_once_it_is_over(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(lost_unsent)
    await world.write(OPERATIONS, "alarm", facts=alarm(1))
    await courier.drained()
    await edit_to(world, alarm(1, AlarmEnd.ACKNOWLEDGED))
    world.clock.move_by(timedelta(days=3))
    await courier.drained()
    assert await ends(world) == [("expired", "superseded"), ("expired", "target_missing")]
    assert world.channels.words(OPERATIONS) == []


async def test_of_alarms_that_wait_the_newest_is_posted_however_late(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(not_connected)
    for round_ in (1, 2, 3):
        await world.write(OPERATIONS, f"alarm {round_}", facts=alarm(round_))
        await courier.drained()
    world.clock.move_by(timedelta(days=3))
    await courier.drained()
    assert await ends(world) == [("expired", "superseded")] * 2 + [("sent", None)]


async def test_an_alarm_pings_the_role_it_names_and_no_other(world: World) -> None:
    seen: list[tuple[str | None, object]] = []
    catalogues = load_catalogues()

    def render(delivery: Delivery) -> Sheet:
        outgoing = announcement(delivery, catalogues)
        seen.append((outgoing.content, outgoing.allowed_mentions.to_dict()))
        return sheet(delivery)

    courier = world.start(render=render)
    posting = outbox.Posting(OPERATIONS, alarm(1), "reminder:1", "en", (71,))
    await world.database.write(lambda tx: outbox.insert(tx, WORKSPACE, posting, NOON))
    await courier.drained()
    assert seen == [("<@&71>", {"parse": [], "roles": [71]})]
