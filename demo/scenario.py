"""Enters the case through the services, each fact at the time it was recorded, so that as-of questions have true answers.

It uses desks of its own over the application's database, because their clock stands in the past; everything else is the same.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from demo.baikonur import MORNING_HOUR, STARTS_AT, STEPS, ZONE, Request, Step, TakeOn
from domain.announcements import Topic
from domain.capabilities import Capability, Standing
from services.actors import Actor
from services.announcements import ChannelFacts, Subscribe
from services.crew import AssignSeat
from services.damage import Assess, ReportDamage
from services.desks import Desks
from services.docking import ConfirmDocking, SaveStation
from services.missions import CompleteEvent, CreateMission, PlanEvent
from services.operations import SetUp
from services.pads import AddPad
from services.repairs import PlanRepair


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
    director_role_id: int
    pad_role_id: int
    approver_role_id: int


async def enter(desks: Desks, clock: RecordClock, place: Place) -> None:
    """Set the workspace up, enter every fact, and let the channel hear everything from now on."""
    director = _actor(place, place.director_id, "Flight director")
    pad_chief = _actor(place, place.pad_chief_id, "Pad chief")
    channel = ChannelFacts(place.channel_id, True, True, True, True, 0)
    await desks.operations.set_up(director, SetUp(channel, ZONE, MORNING_HOUR))
    await desks.operations.grant(director, Capability.OPERATE, place.director_role_id)
    await desks.operations.grant(director, Capability.PAD, place.pad_role_id)
    await desks.operations.grant(director, Capability.APPROVE, place.approver_role_id)
    for step in STEPS:
        clock.at = step.recorded_at
        await desks.reminders.fire_due()  # what was due before this was said then, to nobody
        await _record(desks, pad_chief if _is_pad_work(step) else director, step.request)
    clock.at = STARTS_AT
    await desks.reminders.fire_due()
    await desks.announcements.subscribe(director, Subscribe(Topic.ALL, channel))


def _actor(place: Place, member_id: int, name: str) -> Actor:
    return Actor(place.guild_id, member_id, name, Standing(frozenset(), manages_server=True), place.channel_id)


def _is_pad_work(step: Step) -> bool:
    return not isinstance(
        step.request, SaveStation | CreateMission | PlanEvent | AssignSeat | CompleteEvent | ConfirmDocking
    )


async def _record(desks: Desks, actor: Actor, request: Request) -> None:
    match request:
        case SaveStation():
            await desks.docking.station(actor, request)
        case AddPad():
            await desks.pads.add(actor, request)
        case CreateMission():
            await desks.missions.create(actor, request)
        case PlanEvent():
            await desks.missions.plan(actor, request)
        case AssignSeat():
            await desks.crew.assign(actor, request)
        case CompleteEvent():
            await desks.missions.done(actor, request)
        case ConfirmDocking():
            await desks.docking.confirm(actor, request)
        case _:
            await _record_outage(desks, actor, request)


async def _record_outage(desks: Desks, actor: Actor, request: ReportDamage | TakeOn | Assess | PlanRepair) -> None:
    match request:
        case ReportDamage():
            await desks.damage.report(actor, request)
        case TakeOn():
            await desks.damage.acknowledge(actor, request.report)
        case Assess():
            await desks.damage.assess(actor, request)
        case PlanRepair():
            await desks.repairs.plan(actor, request)
