"""What Discord offers while a member types: names of the member's own workspace, at most 25, found inside words.

Completion answers everyone who may read; to others it offers nothing, and says nothing about why.
"""

from domain.errors import NotFound, NotPermitted
from domain.missions import Event, EventKind, Mission
from domain.text import name_key
from domain.when import When
from services import lookups
from services.actors import Actor
from services.changes import Changes, View
from storage import missions, pads, people, repairs, stations

CHOICES_MAX = 25


class CompletionDesk:
    """Choices for options that name things. Each method returns (label parts, value) in the order to be shown."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def missions(self, actor: Actor, typed: str) -> list[str]:
        """Names of missions."""
        return await self._offer(actor, lambda view: _names(missions.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)))

    async def people(self, actor: Actor, typed: str) -> list[str]:
        """Names of people, found by any spelling."""
        return await self._offer(actor, lambda view: _names(people.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)))

    async def stations(self, actor: Actor, typed: str) -> list[str]:
        """Stations, by what they are called."""
        return await self._offer(actor, lambda view: _names(stations.complete(view.reader, view.workspace.id, typed, CHOICES_MAX)))
