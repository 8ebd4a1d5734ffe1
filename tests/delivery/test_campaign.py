"""A small campaign: random faults, random deaths of the process, a window of nonces that ends at any moment."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from bot.supervisor import Supervisor
from storage import outbox
from tests.delivery.world import (
    World,
    commit_then_500,
    commit_then_cancelled,
    commit_then_hang,
    hang,
    lost_unsent,
    not_connected,
    open_world,
    rate_limited,
)

CHANNELS, ROWS, LIVES = 3, 12, 6
FAULTS = (commit_then_500, commit_then_cancelled, lost_unsent, not_connected, rate_limited, commit_then_hang, hang)


@pytest.mark.parametrize("seed", range(20))
async def test_every_row_has_exactly_one_message_in_its_order(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    async with open_world(tmp_path) as world:
        for number in range(ROWS):
            await world.write(100 + number % CHANNELS, f"post-{number}")
        for life in range(LIVES):
            for channel in range(100, 100 + CHANNELS):
                world.channels.faults[channel].extend(dice.choices(FAULTS, k=dice.randrange(3)))
            await live(world, f"life-{life}", dice)
            world.channels.nonces_forgotten = dice.random() < 0.5
        world.channels.faults.clear()
        world.clock.move_by(timedelta(minutes=10))
        await world.database.write(lambda tx: outbox.end_leases_of_others(tx, "the last"))
        await world.start(owner="the last").drained()
        for channel in range(100, 100 + CHANNELS):
            wanted = [f"post-{number}" for number in range(ROWS) if 100 + number % CHANNELS == channel]
            assert world.channels.words(channel) == wanted, f"seed {seed}"
            assert set(await world.states(channel)) == {"sent"}
            settled = [row["message_id"] for row in await world.rows(channel)]
            assert settled == [message.id for message in world.channels.messages[channel]]


async def live(world: World, owner: str, dice: random.Random) -> None:
    """One life of the process: it starts, sends, and dies in the middle of whatever it is doing."""
    await world.database.write(lambda tx: outbox.end_leases_of_others(tx, owner))
    async with Supervisor(stop_timeout_s=0.1) as doomed:
        courier = world.courier(owner=owner, supervisor=doomed, send_limit_s=0.02)
        doomed.supervise("courier", courier.run)
        for _ in range(dice.randrange(4)):
            async with asyncio.timeout(5):
                await courier.drained()
            world.clock.move_by(timedelta(seconds=dice.choice([1, 5, 30, 300])))
        world.bells.ring_courier()
        for _ in range(dice.randrange(40)):
            await asyncio.sleep(0)
        doomed.force()
