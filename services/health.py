"""The medical desk: what a flight surgeon records of a person. Everything here needs `medical`, which no other right implies.

Nothing but this module reads medical records. The chained part of the journal says only that one was made; who, what and the note
are in its personal part and in a table of their own, and both can be erased.
"""

from dataclasses import dataclass

from domain.capabilities import Capability
from domain.facts import MedicalMatter
from domain.health import HealthRecord, HealthStatus
from domain.text import optional_paragraph
from services import lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from storage import health

_SHOWN_MAX = 10
_SUBJECT = ("health", 0)
"""One subject for everybody's records: the chain cannot be erased, so it does not say whose they are."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's medical records, newest first. `was_announced` when the crew channels were told that a matter is being handled."""

    person: str
    records: tuple[HealthRecord, ...]
    was_announced: bool = False


class HealthDesk:
    """Medical standing."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def record(self, actor: Actor, person: str, status: HealthStatus, note: str | None) -> Receipt[Standing]:
        """Record a person's status. The first matter in the workspace is told to crew channels, as a matter and no more."""

        async def work(change: Change) -> Standing:
            ws = change.workspace.id
            text = optional_paragraph(note, what="note")
            someone = await lookups.known_person(change.tx, ws, person)
            was_open = await health.any_matter(change.tx, ws)
            made = HealthRecord(change.new_id(), someone.id, status, text, change.now, change.actor.member_id)
            await health.insert(change.tx, ws, made)
            personal = {"person": someone.id, "name": someone.name, "status": status.value, "note": text}
            await change.record("record_health", _SUBJECT, {}, personal=personal)
            is_news = status.is_matter and not was_open
            if is_news:
                await change.announce(MedicalMatter())
            return Standing(someone.name, await health.of_person(change.tx, ws, someone.id, _SHOWN_MAX), is_news)

        return await self._changes.make(actor, Capability.MEDICAL, work)

    async def show(self, actor: Actor, person: str) -> Standing:
        """What is recorded of a person."""

        async def work(view: View) -> Standing:
            someone = await lookups.known_person(view.reader, view.workspace.id, person)
            return Standing(
                someone.name, await health.of_person(view.reader, view.workspace.id, someone.id, _SHOWN_MAX)
            )

        return await self._changes.read(actor, work, Capability.MEDICAL)
