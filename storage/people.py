"""People and the spellings that find them."""

from collections.abc import Iterable

from domain.crew import Person
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction
from storage.missions import contains_pattern

# Several people by id, with their spellings; the ids come from one mission or one station, never more than a few dozen.
_BY_IDS = """
SELECT p.id, p.name, p.agency, s.spelling, s.position
FROM people p JOIN person_spellings s ON s.workspace_id = p.workspace_id AND s.person_id = p.id
WHERE p.workspace_id = ? AND p.id IN ({marks}) ORDER BY p.id, s.position
"""
_BY_KEY = "SELECT person_id FROM person_spellings WHERE workspace_id = ? AND spelling_key = ?"
_COMPLETE = """
SELECT DISTINCT p.id, p.name
FROM person_spellings s JOIN people p ON p.workspace_id = s.workspace_id AND p.id = s.person_id
WHERE s.workspace_id = ? AND s.spelling_key LIKE ? ESCAPE '\\' ORDER BY p.name LIMIT ?
"""
_INSERT = "INSERT INTO people (workspace_id, id, name, agency) VALUES (?, ?, ?, ?)"
_INSERT_SPELLING = """
INSERT INTO person_spellings (workspace_id, spelling_key, person_id, spelling, position) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_UPDATE = "UPDATE people SET name = ?, agency = ? WHERE workspace_id = ? AND id = ?"
_DELETE_SPELLINGS = "DELETE FROM person_spellings WHERE workspace_id = ? AND person_id = ?"
_HOLDERS = "SELECT spelling_key, person_id FROM person_spellings WHERE workspace_id = ? AND spelling_key IN ({marks})"
_HAS_SEAT = "SELECT 1 FROM seats WHERE workspace_id = ? AND person_id = ? LIMIT 1"
_DELETE_SEAT = "DELETE FROM seats WHERE workspace_id = ? AND mission_id = ? AND person_id = ?"
# Every flight a person has a seat on, up or down, over or not: a dozen in a long career.
_FLIGHTS = "SELECT mission_id FROM seats WHERE workspace_id = ? AND person_id = ? ORDER BY mission_id"
# Flights that are over and still decide who is aboard: those whose people have not come down on another one yet, and those that
# have brought down people whose own spacecraft is still up there. The partial indexes keep this to the few such seats;
# the nested questions keep the planner from beginning with all events (seen: seconds instead of milliseconds).
_FLIGHTS_OF_STAYS = """
SELECT s.mission_id FROM seats s JOIN missions m ON m.workspace_id = s.workspace_id AND m.id = s.mission_id
WHERE s.workspace_id = ? AND s.goes_up = 1 AND s.comes_down = 0 AND m.phase = 'ended' AND NOT EXISTS (
    SELECT 1 FROM seats d
    WHERE d.workspace_id = s.workspace_id AND d.person_id = s.person_id AND d.goes_up = 0 AND d.comes_down = 1 AND EXISTS (
        SELECT 1 FROM events e
        WHERE e.workspace_id = d.workspace_id AND e.mission_id = d.mission_id
          AND e.kind IN ('landing', 'deorbit') AND e.state = 'done' AND e.actual_at > (
              SELECT MAX(l.actual_at) FROM events l
              WHERE l.workspace_id = s.workspace_id AND l.mission_id = s.mission_id
                AND l.kind = 'launch' AND l.state = 'done')))
UNION
SELECT d.mission_id FROM seats s
JOIN missions m ON m.workspace_id = s.workspace_id AND m.id = s.mission_id
JOIN seats d ON d.workspace_id = s.workspace_id AND d.person_id = s.person_id
JOIN missions n ON n.workspace_id = d.workspace_id AND n.id = d.mission_id
WHERE s.workspace_id = ? AND s.goes_up = 1 AND s.comes_down = 0 AND m.phase NOT IN ('ended', 'cancelled')
  AND d.goes_up = 0 AND d.comes_down = 1 AND n.phase = 'ended'
"""


async def load_many(reader: Reader, workspace_id: int, person_ids: Iterable[int]) -> dict[int, Person]:
    """The people of those ids, by id."""
    wanted = tuple(dict.fromkeys(person_ids))
    if not wanted:
        return {}
    sql, params = by_ids(workspace_id, wanted)
    return from_rows(await reader.fetch(sql, params))


def by_ids(workspace_id: int, person_ids: Iterable[int]) -> Statement:
    """Finds the rows of `load_many`, for a trip that asks for more; without any id it finds none."""
    wanted = tuple(dict.fromkeys(person_ids)) or (None,)
    return (_BY_IDS.format(marks=",".join("?" * len(wanted))), (workspace_id, *wanted))


def from_rows(rows: Iterable[Row]) -> dict[int, Person]:
    """The people of these rows, by id."""
    people: dict[int, Person] = {}
    for row in rows:
        known = people.get(row["id"])
        also = (*known.also, row["spelling"]) if known else ()
        people[row["id"]] = Person(row["id"], row["name"], row["agency"], also)
    return people


async def find(reader: Reader, workspace_id: int, name: str) -> int | None:
    """The id of the person so spelled."""
    rows = await reader.fetch(_BY_KEY, (workspace_id, name_key(name)))
    return rows[0]["person_id"] if rows else None


async def complete(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str]]:
    """(id, name) of people one of whose spellings contains what was typed."""
    rows = await reader.fetch(_COMPLETE, (workspace_id, contains_pattern(typed), limit))
    return [(row["id"], row["name"]) for row in rows]


async def holders(reader: Reader, workspace_id: int, spellings: Iterable[str]) -> dict[str, int]:
    """Who is found by any of these spellings: the spelling's key and the person's id."""
    keys = tuple({name_key(spelling) for spelling in spellings})
    if not keys:
        return {}
    rows = await reader.fetch(_HOLDERS.format(marks=",".join("?" * len(keys))), (workspace_id, *keys))
    return {row["spelling_key"]: row["person_id"] for row in rows}


async def flights(reader: Reader, workspace_id: int, person_id: int) -> tuple[int, ...]:
    """Ids of every mission the person has a seat on."""
    rows = await reader.fetch(_FLIGHTS, (workspace_id, person_id))
    return tuple(row["mission_id"] for row in rows)


async def flights_of_stays(reader: Reader, workspace_id: int) -> tuple[int, ...]:
    """Ids of missions that are over and still decide who is aboard a station."""
    rows = await reader.fetch(_FLIGHTS_OF_STAYS, (workspace_id, workspace_id))
    return tuple(row["mission_id"] for row in rows)


async def insert(tx: Transaction, workspace_id: int, person: Person) -> None:
    """Enter a new person with all spellings."""
    await tx.execute(_INSERT, (workspace_id, person.id, person.name, person.agency))
    await _insert_spellings(tx, workspace_id, person)


async def update(tx: Transaction, workspace_id: int, person: Person) -> None:
    """Write a known person's name, agency and spellings as they are."""
    await tx.execute(_UPDATE, (person.name, person.agency, workspace_id, person.id))
    await tx.execute(_DELETE_SPELLINGS, (workspace_id, person.id))
    await _insert_spellings(tx, workspace_id, person)


async def has_seat(reader: Reader, workspace_id: int, person_id: int) -> bool:
    """True when the person is on any flight, over or not."""
    return bool(await reader.fetch(_HAS_SEAT, (workspace_id, person_id)))


async def forget_spellings(tx: Transaction, workspace_id: int, person_id: int) -> None:
    """Let nothing find the person any more."""
    await tx.execute(_DELETE_SPELLINGS, (workspace_id, person_id))


async def delete_seat(tx: Transaction, workspace_id: int, mission_id: int, person_id: int) -> None:
    """Take a person off a mission. The journal keeps that there was a seat."""
    await tx.execute(_DELETE_SEAT, (workspace_id, mission_id, person_id))


async def _insert_spellings(tx: Transaction, workspace_id: int, person: Person) -> None:
    await tx.execute_many(
        _INSERT_SPELLING,
        [
            (workspace_id, name_key(spelling), person.id, spelling, position)
            for position, spelling in enumerate((person.name, *person.also))
        ],
    )
