"""Events that are planned, as their reminders name them: many at a time, each with its mission's name and nothing else of it."""

from collections.abc import Collection
from typing import NamedTuple

from domain.facts import EventRef
from domain.missions import EventKind
from domain.when import When
from storage.database import Reader, Row, Statement
from storage.rows import members, when_from

_KINDS = members(EventKind)
# CROSS JOIN: from the events that are asked for to their missions. One that is held, over or never had a time is not planned.
_PLANNED = """
SELECT e.id, e.kind, e.name, e.planned_precision, e.planned_at, e.planned_net, e.mission_id, m.name AS mission
FROM events e CROSS JOIN missions m
WHERE e.workspace_id = ? AND e.id IN ({marks}) AND e.state = 'planned' AND e.planned_precision IS NOT NULL
  AND m.workspace_id = e.workspace_id AND m.id = e.mission_id
"""


class PlannedEvent(NamedTuple):
    """An event that is planned, and the time that stands."""

    ref: EventRef
    when: When


async def load(reader: Reader, workspace_id: int, event_ids: Collection[int]) -> dict[int, PlannedEvent]:
    """Those of these events that are planned, by their ids."""
    rows = await reader.fetch(*statement(workspace_id, event_ids))
    return {row["id"]: found for row in rows if (found := _planned(row)) is not None}


def statement(workspace_id: int, event_ids: Collection[int]) -> Statement:
    """Finds the rows that `load` reads."""
    return (_PLANNED.format(marks=",".join("?" * len(event_ids))), (workspace_id, *event_ids))


def _planned(row: Row) -> PlannedEvent | None:
    when = when_from(row["planned_precision"], row["planned_at"], row["planned_net"])
    if when is None:
        return None
    ref = EventRef(row["mission_id"], row["mission"], row["id"], _KINDS[row["kind"]], row["name"])
    return PlannedEvent(ref, when)
