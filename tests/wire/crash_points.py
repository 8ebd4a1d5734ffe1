"""Where a process under test kills itself, by name: the one list, and the wrappers that put them into the application.

`CRASH_AT=name` or `CRASH_AT=name:n` kills at the n-th time the boundary is passed. SIGKILL to oneself: no handler runs,
nothing is flushed. The application knows nothing of this; its functions are wrapped from outside before it starts.
"""

import functools
import importlib
import inspect
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.wire import migration_deaths

VARIABLE = "CRASH_AT"


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """A boundary: before or after a function, `owner` being "module:function" or "module:Class.method".

    `only` looks at the arguments and says whether this call counts.
    """

    name: str
    owner: str
    moment: Literal["before", "after"]
    only: Callable[..., bool] = lambda *_args, **_kwargs: True


def _is_post(response: Any, *_: Any) -> bool:
    return bool(response.method == "POST" and response.url.path.endswith("/messages"))


def _is_callback(response: Any, *_: Any) -> bool:
    return bool(response.url.path.endswith("/callback"))


def _is_settling(_database: Any, work: Any, *_: Any) -> bool:
    return isinstance(work, functools.partial) and work.func.__name__ == "_record"


def _is_change(_database: Any, work: Any, *_: Any) -> bool:
    return getattr(work, "__qualname__", "").startswith(("Changes.make.", "Changes.found."))


POINTS: tuple[CrashPoint, ...] = (
    # A command: the change, its commit, its answer.
    CrashPoint("change_begun", "storage.database:Database.write", "before", _is_change),
    CrashPoint("change_uncommitted", "storage.workspaces:save_counters", "after"),
    CrashPoint("change_committed", "storage.database:Database.write", "after", _is_change),
    CrashPoint("answer_unread", "discord.webhook.async_:json_or_text", "before", _is_callback),
    # A reminder: due rows become outbox rows.
    CrashPoint("fire_begun", "services.reminders:ReminderDesk.fire_due", "before"),
    CrashPoint("fire_ended", "services.reminders:ReminderDesk.fire_due", "after"),
    # A delivery: claim, look, send, answer, settle.
    CrashPoint("claim_begun", "storage.outbox:claim_next", "before"),
    CrashPoint("claim_uncommitted", "storage.outbox:claim_next", "after"),
    CrashPoint("claim_committed", "bot.sending:Sender.attempt", "before"),
    CrashPoint("look_begun", "bot.channels:ChannelEdge.look", "before"),
    CrashPoint("look_ended", "bot.channels:ChannelEdge.look", "after"),
    CrashPoint("send_begun", "bot.channels:ChannelEdge.post", "before"),
    CrashPoint("effect_unread", "discord.http:json_or_text", "before", _is_post),
    CrashPoint("send_ended", "bot.channels:ChannelEdge.post", "after"),
    CrashPoint("settle_begun", "storage.outbox:settle", "before"),
    CrashPoint("settle_uncommitted", "storage.outbox:settle", "after"),
    CrashPoint("settle_committed", "storage.database:Database.write", "after", _is_settling),
)
BY_NAME = {point.name: point for point in POINTS}
COURIER = tuple(point.name for point in POINTS[POINTS.index(BY_NAME["claim_begun"]) :])


def arm(wanted: str) -> None:
    """Put the crash point that `wanted` names ("send_begun", "send_begun:3") into the application. Empty: none."""
    if not wanted:
        return
    if wanted.startswith(migration_deaths.PREFIX):
        migration_deaths.arm(wanted)
        return
    name, _, nth = wanted.partition(":")
    point = BY_NAME[name]
    holder, attribute = _find(point.owner)
    setattr(holder, attribute, _wrapped(getattr(holder, attribute), point, int(nth or 1)))


def _find(owner: str) -> tuple[Any, str]:
    module, _, path = owner.partition(":")
    *inside, attribute = path.split(".")
    holder: Any = importlib.import_module(module)
    for part in inside:
        holder = getattr(holder, part)
    return holder, attribute


def _wrapped(function: Any, point: CrashPoint, nth: int) -> Any:
    left = nth

    def pass_by(*args: Any, **kwargs: Any) -> None:
        nonlocal left
        if point.only(*args, **kwargs):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if not inspect.iscoroutinefunction(function):
        raise TypeError(f"{point.owner} is no coroutine function: a crash point cannot be put there")

    @functools.wraps(function)
    async def passing(*args: Any, **kwargs: Any) -> Any:
        if point.moment == "before":
            pass_by(*args, **kwargs)
        result = await function(*args, **kwargs)
        if point.moment == "after":
            pass_by(*args, **kwargs)
        return result

    return passing
