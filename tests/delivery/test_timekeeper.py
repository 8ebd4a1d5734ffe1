"""Due reminders are fired once, never early, whatever happens to clocks, passes and the scheduler."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.bells import HouseBells
from bot.supervisor import Supervisor
from bot.timekeeper import FARTHEST, SAFETY_PASS_S, Timekeeper
from bot.watchdog import LIMIT_S, PassesStopped, Watchdog
from domain.errors import Unavailable
from domain.facts import OpsNotice
from storage import outbox
from storage.outbox import Posting
from tests.clock import ManualClock
from tests.delivery.world import OPS, World

NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
# APScheduler lives in the machine's time: a job armed for this far ahead does not fire during a test.
FAR = datetime(2999, 1, 1, tzinfo=UTC)


class Schedule:
    """What is due, as the table would say it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.due: list[datetime] = []
        self.stuck: list[datetime] = []
        """Due, and refused whenever it is to be fired."""
        self.fired: list[tuple[datetime, datetime]] = []
        self.errors: list[Exception] = []

    async def fire(self) -> int:
        if self.errors:
            raise self.errors.pop(0)
        now = self.clock.now()
        ripe = [at for at in self.due if at <= now]
        self.due = [at for at in self.due if at > now]
        self.fired += [(at, now) for at in ripe]
        return len(ripe)

    async def next_due(self) -> datetime | None:
        return min(self.due + self.stuck, default=None)


class Fixture:
    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.clock, self.real = ManualClock(NOON), ManualClock(FAR)
        self.schedule, self.bells = Schedule(self.clock), HouseBells()
        self.timekeeper = Timekeeper(
            self.clock,
            self.real,
            fire=self.schedule.fire,
            next_due=self.schedule.next_due,
            bell=self.bells.timekeeper,
            after_pass=self.bells.ring_courier,
        )

    async def start(self) -> None:
        self.supervisor.supervise("timekeeper", self.timekeeper.run)
        await self.timekeeper.passed()


@pytest.fixture
async def house() -> AsyncIterator[Fixture]:
    async with Supervisor(stop_timeout_s=1.0) as supervisor:
        yield Fixture(supervisor)


async def test_a_reminder_is_fired_when_the_clock_reaches_it_and_not_before(house: Fixture) -> None:
    due_at = NOON + timedelta(hours=1)
    house.schedule.due = [due_at]
    await house.start()
    house.clock.move_to(due_at - timedelta(microseconds=1))
    await house.timekeeper.passed()
    assert house.schedule.fired == []
    house.clock.move_to(due_at)
    await house.timekeeper.passed()
    await house.timekeeper.passed()
    assert house.schedule.fired == [(due_at, due_at)]


async def test_the_job_is_armed_by_real_delay_and_again_after_a_new_plan(house: Fixture) -> None:
    house.schedule.due = [NOON + timedelta(minutes=30)]
    await house.start()
    assert house.timekeeper.armed_for == FAR + timedelta(minutes=30)
    house.schedule.due = [NOON + timedelta(minutes=10)]
    await house.timekeeper.passed()
    assert house.timekeeper.armed_for == FAR + timedelta(minutes=10)
    house.schedule.due = []
    await house.timekeeper.passed()
    assert house.timekeeper.armed_for is None


async def test_a_far_reminder_is_armed_an_hour_ahead_at_most(house: Fixture) -> None:
    house.schedule.due = [NOON + timedelta(days=400)]
    await house.start()
    assert house.timekeeper.armed_for == FAR + FARTHEST


async def test_what_is_due_in_a_moment_is_armed_for_that_moment(house: Fixture) -> None:
    house.schedule.due = [NOON + timedelta(milliseconds=3)]
    await house.start()
    assert house.timekeeper.armed_for == FAR + timedelta(milliseconds=3)


async def test_what_is_due_and_cannot_be_fired_is_tried_again_after_a_pause(house: Fixture) -> None:
    house.schedule.stuck = [NOON - timedelta(minutes=1)]
    await house.start()
    assert house.timekeeper.armed_for is not None
    assert house.timekeeper.armed_for > FAR


async def test_the_job_itself_wakes_the_timekeeper(house: Fixture) -> None:
    # In the machine's past: APScheduler finds it due at once, and a missed job is run, not dropped.
    house.real.move_to(datetime(2001, 1, 1, tzinfo=UTC))
    house.schedule.due = [NOON + timedelta(minutes=1)]
    house.supervisor.supervise("timekeeper", house.timekeeper.run)
    await until(lambda: house.timekeeper.armed_for is not None)
    house.clock.move_by(timedelta(minutes=1))
    await until(lambda: bool(house.schedule.fired))
    assert len(house.schedule.fired) == 1


async def test_everything_due_is_done_in_one_pass_and_the_courier_is_rung(house: Fixture) -> None:
    house.schedule.due = [NOON + timedelta(seconds=n) for n in range(5)]
    house.clock.move_by(timedelta(days=1))
    await house.start()
    assert len(house.schedule.fired) == 5
    assert house.bells.courier.is_set()


async def test_a_pass_that_the_database_refused_is_made_again(house: Fixture) -> None:
    await house.start()
    house.schedule.due = [NOON]
    house.schedule.errors = [Unavailable("database_busy")]
    await house.timekeeper.passed()
    assert house.schedule.fired == []
    await house.timekeeper.passed()
    assert house.schedule.fired == [(NOON, NOON)]


async def test_an_unexpected_error_in_a_pass_ends_the_process(house: Fixture) -> None:
    await house.start()
    house.schedule.errors = [ZeroDivisionError()]
    house.timekeeper.ring()
    failure = await house.supervisor.run_until_stopped()
    assert failure is not None
    assert (failure.name, type(failure.error)) == ("timekeeper", ZeroDivisionError)


async def test_a_clock_set_back_fires_nothing_twice(house: Fixture) -> None:
    house.schedule.due = [NOON]
    await house.start()
    house.clock.move_to(NOON - timedelta(days=1))
    await house.timekeeper.passed()
    house.clock.move_to(NOON)
    await house.timekeeper.passed()
    assert len(house.schedule.fired) == 1


async def test_nothing_is_left_running_after_a_stop(house: Fixture) -> None:
    house.schedule.due = [NOON + timedelta(minutes=1)]
    await house.start()
    assert await house.supervisor.stop() == ()
    assert asyncio.all_tasks() == {asyncio.current_task()}


def watchdog(house: Fixture, world: World, note: Callable[[tuple[str, ...]], None] = lambda _: None) -> Watchdog:
    return Watchdog(house.timekeeper, world.database, world.clock, house.real, note=note)


async def test_the_watchdog_ends_the_process_when_passes_stop(house: Fixture, world: World) -> None:
    house.supervisor.supervise("watchdog", watchdog(house, world).run)
    moving = house.supervisor.attend(tick(house.real, world, LIMIT_S + 10))
    failure = await house.supervisor.run_until_stopped()
    await moving
    assert failure is not None
    assert isinstance(failure.error, PassesStopped)


async def test_the_watchdog_has_jobs_armed_anew_before_it_gives_up(house: Fixture, world: World) -> None:
    await house.start()
    noted: list[tuple[str, ...]] = []
    house.supervisor.supervise("watchdog", watchdog(house, world, noted.append).run)
    # Real time passes and APScheduler stays silent, as when the machine's clock was set back.
    await tick(house.real, world, 4 * LIMIT_S)
    assert house.supervisor.failure is None
    assert house.timekeeper.last_pass_s is not None
    assert house.timekeeper.last_pass_s > 2 * LIMIT_S
    assert () in noted


async def test_a_row_overdue_by_a_minute_is_complained_of(house: Fixture, world: World) -> None:
    await house.start()
    dog = watchdog(house, world)
    posting = Posting(OPS, OpsNotice("late"), "late", "en")
    await world.database.write(lambda tx: outbox.insert(tx, 1, posting, world.clock.now()))
    assert await dog.complaints() == ()
    world.clock.move_by(timedelta(seconds=61))
    assert await dog.complaints() == ("delivery_overdue",)


async def tick(clock: ManualClock, world: World, seconds: float) -> None:
    """Let time pass second by second, with everything else having its turn, the database's threads included."""
    for _ in range(int(seconds)):
        clock.move_by(timedelta(seconds=1))
        for _ in range(4):
            await world.database.read(lambda reader: reader.fetch("SELECT 1"))


async def until(holds: Callable[[], bool]) -> None:
    """Let everything else run until it holds."""
    async with asyncio.timeout(SAFETY_PASS_S * 2):
        while not holds():
            await asyncio.sleep(0)
