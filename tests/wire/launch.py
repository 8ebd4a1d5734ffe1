"""Starts the real `gantry` against the loopback: `python -m tests.wire.launch run`. The arguments are gantry's own.

The one place that injects what a real process never has: Discord's address, a clock that can be moved, crash points.
Everything else is `bot.cli.main`. Read from the environment: WIRE_BASE, and if set CRASH_AT; WIRE_SEND_LIMIT_S, a shorter
limit for the courier's requests, so that one which hangs does not cost a campaign twenty seconds; WIRE_READY_AFTER_S, how long the
library waits for another server before it calls itself ready (2 s by itself); WIRE_SILENCE_S, how long a gateway may say nothing
(60 s by itself); WIRE_ROOM, a file that says how many more pages the database may take: there is no end of room without the file.
"""

import contextlib
import functools
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState

from bot import application, cli, client
from bot.sending import Sender
from storage.database import Database, Transaction
from tests.wire import crash_points
from tests.wire.follow_clock import FollowingClock

BASE_VARIABLE = "WIRE_BASE"
SEND_LIMIT_VARIABLE = "WIRE_SEND_LIMIT_S"
READY_VARIABLE = "WIRE_READY_AFTER_S"
SILENCE_VARIABLE = "WIRE_SILENCE_S"
ROOM_VARIABLE = "WIRE_ROOM"
_NO_END_OF_ROOM = 1 << 30


def main() -> int:
    """Inject, then be gantry."""
    base = os.environ[BASE_VARIABLE]
    point_at(base)
    crash_points.arm(os.environ.get(crash_points.VARIABLE, ""))
    _give_send_limit(os.environ.get(SEND_LIMIT_VARIABLE, ""))
    _give_ready_after(os.environ.get(READY_VARIABLE, ""))
    _give_silence(os.environ.get(SILENCE_VARIABLE, ""))
    _give_room(os.environ.get(ROOM_VARIABLE, ""))
    _give_clock(FollowingClock(base))
    return cli.main(sys.argv[1:])


def point_at(base: str) -> None:
    """Let the library find Discord here."""
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http://", "ws://") + "/gateway")


def _give_send_limit(limit_s: str) -> None:
    """Cut the courier's requests off after so many real seconds. Empty: as the product does."""
    if limit_s:
        setattr(application, "Sender", functools.partial(Sender, send_limit_s=float(limit_s)))  # noqa: B010


def _give_ready_after(wait_s: str) -> None:
    """Wait so many real seconds for a further server after each one. Empty: as the library does."""
    if not wait_s:
        return
    build = ConnectionState.__init__

    @functools.wraps(build)
    def build_hasty(*args: Any, **options: Any) -> None:
        build(*args, **options | {"guild_ready_timeout": float(wait_s)})

    setattr(ConnectionState, "__init__", build_hasty)  # noqa: B010


def _give_silence(limit_s: str) -> None:
    """Take a gateway that says nothing for so many real seconds for dead. Empty: as the product does."""
    if limit_s:
        client.HEARTBEAT_TIMEOUT_S = float(limit_s)


def _give_room(path: str) -> None:
    """Let the database grow by as many pages as the file at `path` says, and no more while it is there. Empty: no such thing."""
    if not path:
        return
    write = Database.write

    @functools.wraps(write)
    async def write_there(database: Database, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        @functools.wraps(work)
        async def limited(tx: Transaction) -> Any:
            pages = _NO_END_OF_ROOM
            with contextlib.suppress(OSError, ValueError):
                pages = (await tx.fetch("PRAGMA page_count"))[0][0] + int(Path(path).read_text("ascii"))
            await tx.fetch(f"PRAGMA max_page_count = {pages}")
            return await work(tx)

        return await write(database, limited)

    setattr(Database, "write", write_there)  # noqa: B010


def _give_clock(clock: FollowingClock) -> None:
    """Run on this clock, and ring the timekeeper when it is moved, as the demo's clock does too."""
    run, build = application.run, application._build

    async def run_on_it(*args: Any, **kwargs: Any) -> int:
        clock.follow()
        return await run(*args, **kwargs, clock=clock)

    @functools.wraps(build)
    def build_and_listen(*args: Any, **kwargs: Any) -> application.Application:
        built = build(*args, **kwargs)
        clock.on_move = built.bells.ring_timekeeper
        return built

    application.run = run_on_it
    application._build = build_and_listen


if __name__ == "__main__":
    sys.exit(main())
