"""What Discord offers while a member types: names of the member's own workspace, at most 25, found inside words.

Completion serves everyone who may read; to others it offers nothing, and says nothing about why.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from domain.assessments import Assessment
from domain.capabilities import Capability
from domain.errors import NotFound, NotPermitted
from domain.member_reminders import MemberReminder
from domain.missions import Event, EventKind, Mission, actual_key, schedule_key
from domain.repairs import TaskState
from domain.statements import Draft
from domain.text import name_key
from services import lookups
from services.actors import Actor
from services.announcements import ShownSubscription, shown_subscriptions
from services.changes import Changes, View
from storage import assessments, damage, member_reminders, missions, pads, people, repairs, statements, stations

T = TypeVar("T")
CHOICES_MAX = 25
Words = Mapping[EventKind, str]
"""What kinds of events are called in the language of who types."""
NO_WORDS: Words = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PadChoice:
    """A pad as completion shows it."""

    name: str
    site: str


@dataclass(frozen=True, slots=True)
class NumberedChoice:
    """A report or a task: its number, its text, and the pad it belongs to where that helps."""

    number: int
    text: str
    pad: str | None = None


@dataclass(frozen=True, slots=True)
class EventChoice:
    """An event of a mission."""

    mission: str
    event: Event


class CompletionDesk:
    """Choices for options that name things, in the order to be shown."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def missions(self, actor: Actor, typed: str) -> tuple[str, ...]:
        """Names of missions."""

        async def work(view: View) -> tuple[str, ...]:
            found = await missions.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)
            return tuple(name for _, name in found)

        return await self._offer(actor, work)

    async def people(self, actor: Actor, typed: str) -> tuple[str, ...]:
        """Names of people, found by any of their spellings."""

        async def work(view: View) -> tuple[str, ...]:
            found = await people.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)
            return tuple(name for _, name in found)

        return await self._offer(actor, work)

    async def crew(self, actor: Actor, mission: str | None, typed: str) -> tuple[str, ...]:
        """Names of the mission's crew; of everybody while no mission is named."""
        if not mission:
            return await self.people(actor, typed)

        async def work(view: View) -> tuple[str, ...]:
            found = await lookups.mission(view.reader, view.workspace.id, mission)
            known = await people.load_many(view.reader, view.workspace.id, (seat.person_id for seat in found.crew))
            spelled = (known[seat.person_id] for seat in found.crew)
            key = name_key(typed)
            return tuple(
                person.name for person in spelled if any(key in name_key(text) for text in (person.name, *person.also))
            )[:CHOICES_MAX]

        return await self._offer(actor, work)

    async def stations(self, actor: Actor, typed: str) -> tuple[str, ...]:
        """Stations, by what they are called."""

        async def work(view: View) -> tuple[str, ...]:
            found = await stations.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)
            return tuple(name for _, name in found)

        return await self._offer(actor, work)

    async def ports(self, actor: Actor, mission: str | None, typed: str) -> tuple[str, ...]:
        """Ports of the mission's station; of every station while no mission is named."""

        async def work(view: View) -> tuple[str, ...]:
            ws = view.workspace.id
            if mission:
                station_id = (await lookups.mission(view.reader, ws, mission)).station_id
                station = None if station_id is None else await stations.load(view.reader, ws, station_id)
                names = [port.name for port in station.ports] if station else []
                return tuple(name for name in names if name_key(typed) in name_key(name))[:CHOICES_MAX]
            found = await stations.complete_port(view.reader, ws, typed, CHOICES_MAX)
            return tuple(dict.fromkeys(name for _, name, _ in found))

        return await self._offer(actor, work)

    async def pads(self, actor: Actor, typed: str) -> tuple[PadChoice, ...]:
        """Pads with their sites."""

        async def work(view: View) -> tuple[PadChoice, ...]:
            found = await pads.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)
            return tuple(PadChoice(name, site) for _, name, site in found)

        return await self._offer(actor, work)

    async def components(self, actor: Actor, pad: str | None, typed: str) -> tuple[str, ...]:
        """Components of the named pad."""

        async def work(view: View) -> tuple[str, ...]:
            if not pad:
                return ()
            found = await lookups.pad(view.reader, view.workspace.id, pad)
            return tuple(name for name in found.components if name_key(typed) in name_key(name))[:CHOICES_MAX]

        return await self._offer(actor, work)

    async def reports(self, actor: Actor, typed: str, *, also_over: bool = False) -> tuple[NumberedChoice, ...]:
        """Open damage reports, newest first, found by number, summary or pad; with `also_over` closed and rejected ones too."""

        async def work(view: View) -> tuple[NumberedChoice, ...]:
            found = await damage.complete_report(view.reader, view.workspace.id, CHOICES_MAX * 4, also_over=also_over)
            choices = (NumberedChoice(number, summary, pad) for number, summary, pad in found)
            return _matching(choices, "dr", typed)

        return await self._offer(actor, work)

    async def assessments(self, actor: Actor, typed: str) -> tuple[Assessment, ...]:
        """Assessments of open reports, newest first, found by number, report or source."""

        async def work(view: View) -> tuple[Assessment, ...]:
            found = await assessments.complete(view.reader, view.workspace.id, CHOICES_MAX * 4)
            key = name_key(typed)
            return tuple(one for one in found if key in name_key(f"{one.label} DR-{one.report_number} {one.source}"))[
                :CHOICES_MAX
            ]

        return await self._offer(actor, work)

    async def tasks(self, actor: Actor, typed: str, states: Collection[TaskState]) -> tuple[NumberedChoice, ...]:
        """Repair tasks in these states, found by number or title."""

        async def work(view: View) -> tuple[NumberedChoice, ...]:
            found = await repairs.complete(view.reader, view.workspace.id, states, CHOICES_MAX * 4)
            return _matching((NumberedChoice(number, title) for number, title in found), "rt", typed)

        return await self._offer(actor, work)

    async def materials(self, actor: Actor, repair: str | None, typed: str) -> tuple[str, ...]:
        """Materials of the named task."""

        async def work(view: View) -> tuple[str, ...]:
            if not repair:
                return ()
            found = await lookups.task(view.reader, view.workspace.id, repair)
            key = name_key(typed)
            return tuple(part.item for part in found.materials if key in name_key(part.item))[:CHOICES_MAX]

        return await self._offer(actor, work)

    async def subscriptions(self, actor: Actor) -> tuple[ShownSubscription, ...]:
        """Every subscription."""
        return await self._offer(actor, shown_subscriptions)

    async def statements(self, actor: Actor) -> tuple[Draft, ...]:
        """The newest statements that were posted, with their first texts."""

        async def work(view: View) -> tuple[Draft, ...]:
            return await statements.posted(view.reader, view.workspace.id, CHOICES_MAX * 4)

        return await self._offer(actor, work)

    async def events(
        self, actor: Actor, mission: str | None, typed: str, words: Words = NO_WORDS
    ) -> tuple[EventChoice, ...]:
        """Open events of the named mission, soonest first; of every live mission while none is named."""

        async def work(view: View) -> tuple[EventChoice, ...]:
            ws = view.workspace.id
            if mission:
                known: tuple[Mission, ...] = (await lookups.mission(view.reader, ws, mission),)
            else:
                known = await missions.load_live(view.reader, ws)
            found = [(schedule_key(e), EventChoice(m.name, e)) for m in known for e in m.events if e.state.is_open]
            found.sort(key=lambda pair: pair[0])
            key = name_key(typed.lstrip("#"))
            return tuple(choice for _, choice in found if key in _event_key(choice, words))[:CHOICES_MAX]

        return await self._offer(actor, work)

    async def happened(
        self, actor: Actor, mission: str | None, typed: str, words: Words = NO_WORDS
    ) -> tuple[EventChoice, ...]:
        """Events of the named mission that are recorded as having happened, latest first."""

        async def work(view: View) -> tuple[EventChoice, ...]:
            if not mission:
                return ()
            found = await lookups.mission(view.reader, view.workspace.id, mission)
            happened = sorted((e for e in found.events if e.actual_at), key=actual_key, reverse=True)
            choices = (EventChoice(found.name, event) for event in happened)
            key = name_key(typed)
            return tuple(choice for choice in choices if key in _event_key(choice, words))[:CHOICES_MAX]

        return await self._offer(actor, work)

    async def reminders(self, actor: Actor, typed: str) -> tuple[MemberReminder, ...]:
        """Reminders that the member may cancel: their own, and for who operates the channels' too; found by number or text."""

        async def own(view: View) -> tuple[MemberReminder, ...]:
            return await member_reminders.open_of(view.reader, view.workspace.id, view.actor.member_id)

        async def here(view: View) -> tuple[MemberReminder, ...]:
            found = await member_reminders.open_here(view.reader, view.workspace.id)
            return tuple(one for one in found if actor.sees(one.channel_id))

        mine, others = await self._offer(actor, own), await self._offer(actor, here, Capability.OPERATE)
        found = {one.number: one for one in (*mine, *others)}
        key = name_key(typed)
        return tuple(one for _, one in sorted(found.items()) if key in name_key(f"{one.label} {one.text}"))[
            :CHOICES_MAX
        ]

    async def _offer(
        self,
        actor: Actor,
        work: Callable[[View], Awaitable[tuple[T, ...]]],
        capability: Capability = Capability.READ,
    ) -> tuple[T, ...]:
        try:
            return await self._changes.read(actor, work, capability)
        except (NotFound, NotPermitted):
            return ()


def _event_key(choice: EventChoice, words: Words) -> str:
    event = choice.event
    called = words.get(event.kind, "")
    return name_key(f"{choice.mission} {event.kind.value} {called} {event.name or ''} {event.id}")


def _matching(choices: Iterable[NumberedChoice], prefix: str, typed: str) -> tuple[NumberedChoice, ...]:
    key = name_key(typed)
    return tuple(
        choice for choice in choices if key in name_key(f"{prefix}{choice.number} {choice.text} {choice.pad or ''}")
    )[:CHOICES_MAX]
