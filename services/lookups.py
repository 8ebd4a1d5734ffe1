"""From what a member typed to the thing it names, in the member's own workspace. What is not there is "not found", always alike."""

import difflib
import re
from datetime import datetime

from domain.assessments import Assessment
from domain.crew import Person
from domain.damage import DamageReport
from domain.docking import Port, Station
from domain.errors import InvalidInput, NotFound
from domain.missions import Event, EventKind, Mission
from domain.pads import Pad
from domain.repairs import RepairTask
from domain.text import name_key
from storage import assessments, damage, mission_cards, missions, pads, people, repairs, stations
from storage.database import Reader

_NUMBER = re.compile(r"^(?:(dr|rt|st|as|rm)[ -]?)?#?(\d{1,9})$")
_REPORT_AS_CAUSE = re.compile(r"^dr[ -]?#?\d{1,9}$")
_EVENT_ID = re.compile(r"^#(\d{1,12})$")
_SHOWN_MAX = 80


async def mission(reader: Reader, workspace_id: int, typed: str) -> Mission:
    """The mission of that name. Raises NotFound with the nearest name."""
    found = await missions.load_named(reader, workspace_id, typed)
    if found is None:
        known = [name for _, name in await missions.complete(reader, workspace_id, "", 200)]
        raise _not_found("mission", typed, known)
    return found


async def mission_then(reader: Reader, workspace_id: int, typed: str, at: datetime) -> Mission:
    """The mission that had that name by `at`, as it had been recorded. Raises NotFound, saying whether it exists today."""
    found = await mission_cards.mission_as_of(reader, workspace_id, typed, at)
    if found is None:
        await mission(reader, workspace_id, typed)
        raise NotFound("mission_not_known_then", mission_text=typed[:_SHOWN_MAX])
    return found


async def pad(reader: Reader, workspace_id: int, typed: str) -> Pad:
    """The pad of that name. Raises NotFound with the nearest name."""
    pad_id = await pads.find(reader, workspace_id, typed)
    found = None if pad_id is None else await pads.load(reader, workspace_id, pad_id)
    if found is None:
        raise _not_found("pad", typed, [name for _, name, _ in await pads.complete(reader, workspace_id, "", 200)])
    return found


async def station(reader: Reader, workspace_id: int, typed: str) -> Station:
    """The station of that name or short name. Raises NotFound with the nearest name."""
    station_id = await stations.find(reader, workspace_id, typed)
    found = None if station_id is None else await stations.load(reader, workspace_id, station_id)
    if found is None:
        raise _not_found("station", typed, [name for _, name in await stations.complete(reader, workspace_id, "", 200)])
    return found


async def person(reader: Reader, workspace_id: int, typed: str) -> Person | None:
    """The person so spelled; None when nobody is."""
    person_id = await people.find(reader, workspace_id, typed)
    if person_id is None:
        return None
    return (await people.load_many(reader, workspace_id, [person_id]))[person_id]


async def known_person(reader: Reader, workspace_id: int, typed: str) -> Person:
    """The person so spelled, or the only one with all these words among their spellings. Raises NotFound with the nearest name."""
    found = await person(reader, workspace_id, typed)
    if found is not None:
        return found
    offered = await people.complete(reader, workspace_id, max(typed.split(), key=len, default=""), 200)
    near = await people.load_many(reader, workspace_id, (person_id for person_id, _ in offered))
    matches = [one for one in near.values() if _has_words(one, typed)]
    if len(matches) > 1:
        raise InvalidInput(
            "person_ambiguous", raw_text=typed[:_SHOWN_MAX], names_text=", ".join(p.name for p in matches)
        )
    if not matches:
        known = [name for _, name in await people.complete(reader, workspace_id, "", 200)]
        raise _not_found("person", typed, known)
    return matches[0]


def _has_words(someone: Person, typed: str) -> bool:
    """True when one of the person's spellings holds every word that was typed: a surname finds its bearer."""
    wanted = {name_key(word) for word in typed.split()} - {""}
    return bool(wanted) and any(
        wanted <= {name_key(word) for word in spelling.split()} for spelling in (someone.name, *someone.also)
    )


async def report(reader: Reader, workspace_id: int, typed: str) -> DamageReport:
    """The damage report "DR-3", "dr3" or "3"."""
    number = _numbered(typed, "dr", "report")
    found = await damage.load_report(reader, workspace_id, number)
    if found is None:
        raise NotFound("report_unknown", raw_text=typed[:_SHOWN_MAX])
    return found


async def cause(reader: Reader, workspace_id: int, typed: str | None) -> str | None:
    """What caused a move. "DR-1", "dr 1" and "dr1" are the report, which has to be there; anything else stays as it was typed."""
    if typed is None or _REPORT_AS_CAUSE.match(typed.strip().casefold()) is None:
        return typed
    return (await report(reader, workspace_id, typed)).label


async def assessment(reader: Reader, workspace_id: int, typed: str) -> Assessment:
    """The assessment "AS-3", "as3" or "3"."""
    found = await assessments.load(reader, workspace_id, _numbered(typed, "as", "assessment"))
    if found is None:
        raise NotFound("assessment_unknown", raw_text=typed[:_SHOWN_MAX])
    return found


async def task(reader: Reader, workspace_id: int, typed: str) -> RepairTask:
    """The repair task "RT-3", "rt3" or "3"."""
    number = _numbered(typed, "rt", "repair")
    found = await repairs.load(reader, workspace_id, number)
    if found is None:
        raise NotFound("repair_unknown", raw_text=typed[:_SHOWN_MAX])
    return found


def statement_number(typed: str) -> int:
    """The number of the statement "ST-3", "st3" or "3"."""
    return _numbered(typed, "st", "announcement")


def reminder_number(typed: str) -> int:
    """The number in "RM-3" or "3"."""
    return _numbered(typed, "rm", "reminder")


def task_numbers(typed: str) -> tuple[int, ...]:
    """Task numbers from "RT-1, RT-2"."""
    return tuple(dict.fromkeys(_numbered(part, "rt", "after") for part in re.split(r"[,;\s]+", typed.strip()) if part))


def port_of(station: Station, typed: str) -> Port:
    """The station's port of that name. Raises NotFound with the nearest name."""
    key = name_key(typed)
    found = next((port for port in station.ports if name_key(port.name) == key), None)
    if found is None:
        raise _not_found("port", typed, [port.name for port in station.ports])
    return found


def event_kind(typed: str) -> EventKind:
    """The kind of event of that name."""
    key = name_key(typed)
    found = next((kind for kind in EventKind if name_key(kind.value) == key), None)
    if found is None:
        raise InvalidInput("event_kind_unknown", raw_text=typed[:_SHOWN_MAX])
    return found


def event_of(mission: Mission, typed: str) -> Event:
    """The mission's event that was meant: by "#id", by its own name, or by kind (the open one first, else the latest)."""
    if match := _EVENT_ID.match(typed.strip()):
        found = mission.event(int(match[1]))
    else:
        key = name_key(typed)
        known_events = [event for event in mission.events if not event.was_withdrawn]
        named = [event for event in known_events if event.name and name_key(event.name) == key]
        of_kind = [event for event in known_events if name_key(event.kind.value) == key]
        candidates = named or of_kind
        _refuse_ambiguous(candidates, typed)
        found = max(candidates, key=_currency, default=None)
    if found is None:
        known = [event.name or event.kind.value for event in mission.events if event.state.is_open]
        raise _not_found("event", typed, known, mission_text=mission.name)
    return found


def _refuse_ambiguous(candidates: list[Event], typed: str) -> None:
    if sum(event.state.is_open for event in candidates) > 1:
        raise InvalidInput("event_ambiguous", raw_text=typed[:_SHOWN_MAX])


def _currency(event: Event) -> tuple[bool, float, int]:
    """Sorts events of one kind: what is open last, and what is over by when it was."""
    at = event.time.at
    return (event.state.is_open, at.timestamp() if at else 0.0, event.id)


def _numbered(typed: str, prefix: str, what: str) -> int:
    match = _NUMBER.match(typed.strip().casefold())
    if match is None or (match[1] or prefix) != prefix:
        raise InvalidInput("number_unclear", what=what, prefix=prefix.upper(), raw_text=typed[:_SHOWN_MAX])
    return int(match[2])


def _not_found(what: str, typed: str, known: list[str], **params: str) -> NotFound:
    keys = {name_key(name): name for name in known}
    near = difflib.get_close_matches(name_key(typed), keys, n=1, cutoff=0.6)
    if near:
        return NotFound(f"{what}_unknown_near", raw_text=typed[:_SHOWN_MAX], near_text=keys[near[0]], **params)
    return NotFound(f"{what}_unknown", raw_text=typed[:_SHOWN_MAX], **params)
