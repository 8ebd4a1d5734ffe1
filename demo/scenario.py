"""Enters the case through the services, each fact at the time it was recorded, so that as-of questions have true answers.

What lies before the demonstration begins is entered by desks whose clock stands in the past; what comes after it is a story that
goes on as the stage's clock does. Both are the same steps by the same people, with the roles they hold.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from demo.baikonur import (
    ASKED,
    DIGEST_TIME,
    DIGEST_ZONE,
    EVENING,
    MORNING_HOUR,
    STARTS_AT,
    ZONE,
    Part,
    Step,
)
from domain.announcements import Topic
from domain.boards import BoardKind
from domain.capabilities import Capability, Standing
from domain.errors import Conflict, OpsError
from services.actors import Actor
from services.announcements import ChannelFacts, Subscribe
from services.boards import PinBoard
from services.changes import Receipt
from services.desks import Desks
from services.digests import SetDigest
from services.operations import SetUp
from services.returns import GateShown


class RecordClock:
    """A `domain.clock.Clock` that stands at the time of the fact being entered."""

    def __init__(self, starts_at: datetime) -> None:
        self.at = starts_at

    def now(self) -> datetime:
        """Return the time the current fact was recorded."""
        return self.at

    async def sleep(self, delay_s: float) -> None:  # noqa: ARG002 - the Clock protocol has it
        """Nothing in the past waits."""
        await asyncio.sleep(0)


class Silence:
    """Bells that wake nobody: what lies in the past is not announced."""

    def ring_courier(self) -> None:
        """Nobody listens yet."""

    def ring_timekeeper(self) -> None:
        """Nobody listens yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """The simulated server the case is entered into, by Discord's ids."""

    guild_id: int
    channel_id: int
    director_id: int
    pad_chief_id: int
    approver_id: int
    director_role_id: int
    pad_role_id: int
    approver_role_id: int

    def actor(self, part: Part) -> Actor:
        """Who plays a part, with the roles that go with it. The flight director has Manage Server."""
        member_id, role_id = {
            Part.DIRECTOR: (self.director_id, self.director_role_id),
            Part.PAD_CHIEF: (self.pad_chief_id, self.pad_role_id),
            Part.APPROVER: (self.approver_id, self.approver_role_id),
        }[part]
        standing = Standing(frozenset({role_id}), manages_server=part is Part.DIRECTOR)
        return Actor(self.guild_id, member_id, part.value.capitalize(), standing, self.channel_id)


async def enter(desks: Desks, clock: RecordClock, place: Place) -> None:
    """Set the workspace up, enter every fact, and let the channel hear everything from now on."""
    director = place.actor(Part.DIRECTOR)
    channel = ChannelFacts(place.channel_id, True, True, True, True, 0)
    await desks.operations.set_up(director, SetUp(channel, ZONE, MORNING_HOUR))
    await desks.operations.grant(director, Capability.OPERATE, place.director_role_id)
    await desks.operations.grant(director, Capability.PAD, place.pad_role_id)
    await desks.operations.grant(director, Capability.APPROVE, place.approver_role_id)
    for step in EVENING:
        clock.at = step.recorded_at
        await desks.reminders.fire_due()  # what was due before this was said then, to nobody
        await take(desks, place, step)
    clock.at = STARTS_AT
    await desks.reminders.fire_due()
    await desks.announcements.subscribe(director, Subscribe(Topic.ALL, channel))


async def brief_daily(desks: Desks, place: Place, channel_id: int) -> None:
    """Give a channel a daily digest: whoever moves the clock sees one arrive on each day that has something to say."""
    channel = ChannelFacts(channel_id, True, True, True, True, 0)
    await desks.digests.set(place.actor(Part.DIRECTOR), SetDigest(DIGEST_TIME, channel, DIGEST_ZONE))


async def pin_boards(desks: Desks, place: Place, channel_id: int) -> None:
    """Keep a board of each kind in a channel of their own."""
    channel = ChannelFacts(channel_id, True, True, True, True, 0)
    for kind in BoardKind:
        await desks.boards.pin(place.actor(Part.DIRECTOR), PinBoard(kind, channel))


async def take(desks: Desks, place: Place, step: Step, asked: int = 0) -> object:
    """Take one step: ask the desk, as the member whose part it is. `asked` is the number of the last request for a return."""
    desk, _, method = step.method.partition(".")
    act: Callable[..., Awaitable[object]] = getattr(getattr(desks, desk), method)
    arguments = [_resolved(place, argument, asked) for argument in step.arguments]
    return await act(place.actor(step.by), *arguments)


def _resolved(place: Place, argument: object, asked: int) -> object:
    if argument is ASKED:
        return asked
    if not isinstance(argument, Part):
        return argument
    actor = place.actor(argument)
    return actor.member_id, actor.standing


_DONE_ALREADY = frozenset(
    {
        "move_changes_nothing",
        "report_acknowledged",
        "return_decided",
        "task_not_open",
        "task_stands",
        "task_started",
        "update_changes_nothing",
    }
)
"""Refusals of a step that the viewer has taken already: nothing is worth telling of those."""


class Story:
    """The steps that are still to come. What no longer fits, because the viewer has done something else, is told and left out."""

    def __init__(self, steps: tuple[Step, ...], desks: Desks, place: Place) -> None:
        self._steps = list(steps)
        self._desks = desks
        self._place = place
        self._asked: int | None = None

    @property
    def next_at(self) -> datetime | None:
        """When the next step is recorded; None at the end of the story."""
        return self._steps[0].recorded_at if self._steps else None

    async def play(self, now: datetime) -> tuple[OpsError, ...]:
        """Take every step whose time has come; return what was refused."""
        refused = []
        while self._steps and self._steps[0].recorded_at <= now:
            step = self._steps.pop(0)
            if ASKED in step.arguments and self._asked is None:
                continue  # nothing was asked for, and that was told
            try:
                self._note(await take(self._desks, self._place, step, self._asked or 0))
            except OpsError as error:
                if error.code not in _DONE_ALREADY:
                    refused.append(error)
        return tuple(refused)

    def _note(self, done: object) -> None:
        """Keep the number of a return that was asked for. Raises Conflict `gate_closed` when something is in its way."""
        if not isinstance(done, Receipt) or not isinstance(done.value, GateShown):
            return
        if done.value.request is None:
            raise Conflict("gate_closed", count=len(done.value.gate.hindrances))
        self._asked = done.value.request.number
