"""Starts the real `gantry` against the loopback: `python -m tests.wire.launch run`. The arguments are gantry's own.

The one place that injects what a real process never has: Discord's address, a clock that can be moved, crash points.
Everything else is `bot.cli.main`. Read from the environment: WIRE_BASE, and CRASH_AT if set.
"""

import functools
import os
import sys
from typing import Any

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import application, cli
from tests.wire import crash_points
from tests.wire.follow_clock import FollowingClock

BASE_VARIABLE = "WIRE_BASE"


def main() -> int:
    """Inject, then be gantry."""
    base = os.environ[BASE_VARIABLE]
    point_at(base)
    crash_points.arm(os.environ.get(crash_points.VARIABLE, ""))
    _give_clock(FollowingClock(base))
    return cli.main(sys.argv[1:])


def point_at(base: str) -> None:
    """Let the library find Discord here."""
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http://", "ws://") + "/gateway")


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
