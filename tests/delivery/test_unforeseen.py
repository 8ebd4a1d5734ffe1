"""Faults that the design did not name: each could have lost a post, made it twice, or left a row that denies what stands."""

from datetime import timedelta

import pytest

from bot.channels import Ambiguous, Picture
from bot.supervisor import Supervisor
from domain.countdown import ReminderKind
from domain.delivery import LEASE
from domain.errors import Unavailable
from domain.facts import CountdownReached, EventRef
from domain.missions import EventKind
from domain.when import Precision, When
from storage import outbox
from tests.delivery.world import NOON, OPERATIONS, Sheet, World, commit_then_500, lost_unsent, not_connected, refused

LAUNCH = EventRef(1, "Progress MS-33", 5, EventKind.LAUNCH)
TEN_YEARS = timedelta(days=3653)
HOLD = timedelta(seconds=6)


def at_launch() -> CountdownReached:
    """A countdown that is worth posting until an hour after noon."""
    return CountdownReached(LAUNCH, When(NOON, Precision.MINUTE), ReminderKind.COUNTDOWN, timedelta(0), NOON)


async def states(world: World) -> list[tuple[str, str | None]]:
    return [(row["state"], row["reason"]) for row in await world.rows(OPERATIONS)]


async def lose(world: World) -> None:
    """Write a countdown seconds before it expires, and lose its post: Discord will carry it out later."""
    await world.write(OPERATIONS, "launch", facts=at_launch())
    world.clock.move_by(timedelta(hours=1, seconds=-1))
    world.channels.faults[OPERATIONS].append(lost_unsent)


async def test_what_may_still_appear_is_not_called_expired(world: World) -> None:
    """It was tried seconds before its time was over, and does not stand there yet: tried again with its nonce it is one post."""
    await lose(world)
    courier = world.start()
    await courier.drained()
    world.clock.move_by(HOLD)
    await courier.drained()
    (row,) = await world.rows(OPERATIONS)
    assert await states(world) == [("sent", None)]
    # Now the first attempt is carried out: the nonce is known, and nothing more is made.
    world.channels.commit(OPERATIONS, Sheet("late", "countdown_reached"), (), row["nonce"])
    assert world.channels.words(OPERATIONS) == ["countdown_reached"]


async def test_what_was_tried_long_ago_and_does_not_stand_is_expired(world: World) -> None:
    await lose(world)
    courier = world.start()
    await courier.drained()
    world.clock.move_by(LEASE + HOLD)
    await courier.drained()
    assert await states(world) == [("expired", "too_late")]
    assert world.channels.words(OPERATIONS) == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_is_set_back_between_a_claim_and_its_end_costs_nothing(
    world: World, restarted: bool
) -> None:
    world.clock.move_by(TEN_YEARS)
    world.channels.faults[OPERATIONS].append(lost_unsent)
    await world.write(OPERATIONS, "one")
    async with Supervisor(stop_timeout_s=1.0) as first_life:
        courier = world.courier(supervisor=first_life)
        first_life.supervise("courier", courier.run)
        await courier.drained()
        world.clock.move_by(-TEN_YEARS)
        if not restarted:
            world.clock.move_by(HOLD)
            await courier.drained()
    if restarted:
        await world.database.write(lambda tx: outbox.end_leases_of_others(tx, "the next"))
        world.clock.move_by(HOLD)
        await world.start(owner="the next").drained()
    assert await states(world) == [("sent", None)]
    assert world.channels.words(OPERATIONS) == ["one"]


async def test_a_database_that_refuses_to_show_a_picture_loses_no_post(world: World) -> None:
    refusals = [Unavailable("database_failing", detail="SQLITE_IOERR_READ")]

    async def bring(_: int, __: tuple[str, ...]) -> tuple[Picture, ...]:
        if refusals:
            raise refusals.pop()
        return ()

    courier = world.courier(
        render=lambda delivery: Sheet(delivery.reference, "with a picture", ("a" * 64,)), bring=bring
    )
    world.supervisor.supervise("courier", courier.run)
    await world.write(OPERATIONS, "report")
    await courier.drained()
    assert world.channels.words(OPERATIONS) == []
    world.bells.ring_courier()  # as the timekeeper's safety pass does every five seconds
    await courier.drained()
    assert await states(world) == [("sent", None)]
    assert world.channels.words(OPERATIONS) == ["with a picture"]


async def test_a_server_that_was_left_and_joined_again_has_each_post_once(world: World) -> None:
    """What was lost before the server was left stands there; what waited was never tried."""
    courier = world.start()
    await world.write(OPERATIONS, "one")
    await courier.drained()
    world.channels.faults[OPERATIONS].extend([not_connected, refused("server_gone")])
    for words in ("two", "three"):
        await world.write(OPERATIONS, words)
    await courier.drained()
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await states(world) == [("sent", None), ("parked", "server_gone"), ("parked", "server_gone")]
    await world.database.write(lambda tx: outbox.retry_parked(tx, 1, OPERATIONS))
    world.bells.ring_courier()
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["one", "two", "three"]


async def test_a_search_that_is_cut_off_half_way_is_made_again_from_its_beginning(world: World) -> None:
    """The machine sleeps while the history is read: the page under way is lost, and what stands beyond it is found all the same."""
    courier = world.start()
    world.channels.nonces_forgotten = True
    world.channels.chatter(OPERATIONS, 5)
    world.channels.faults[OPERATIONS].append(commit_then_500)
    await world.write(OPERATIONS, "one")
    await courier.drained()
    world.channels.look_faults[OPERATIONS].append(Ambiguous("the line is dead"))
    for _ in range(2):
        world.clock.move_by(timedelta(minutes=1))
        await courier.drained()
    assert await states(world) == [("sent", None)]
    assert world.channels.words(OPERATIONS) == ["one"]
