"""A port holds one spacecraft."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.docking import Port, Station, leaves, occupant_of, overlaps_at, port_uses, require_free
from domain.errors import Conflict
from domain.missions import Event, EventKind, EventState, Mission, MissionKind
from domain.plans import complete_event
from domain.when_text import parse_when

AT = datetime(2025, 11, 27, 9, tzinfo=UTC)
RASSVET, POISK = Port(1, "Rassvet nadir"), Port(2, "Poisk zenith")
ISS = Station(5, "International Space Station", "ISS", (RASSVET, POISK))


def flying(mission_id: int, name: str) -> Mission:
    mission = Mission(mission_id, name, MissionKind.CREW, "Soyuz-2.1a", station_id=5)
    return complete_event(mission, Event(mission_id * 10, EventKind.LAUNCH, EventState.PLANNED), AT)


def at_port(mission: Mission, port: Port) -> Mission:
    event = Event(mission.id * 10 + 1, EventKind.DOCKING, EventState.PLANNED, port_id=port.id)
    return complete_event(mission, event, AT + timedelta(hours=3))


def to_dock(mission: Mission, port: Port, when: str) -> Mission:
    planned = parse_when(when, AT)
    return mission.with_event(
        Event(mission.id * 10 + 2, EventKind.DOCKING, EventState.PLANNED, planned, port_id=port.id)
    )


def test_a_port_with_a_spacecraft_is_refused_to_another_and_the_refusal_names_it() -> None:
    ms28, ms33 = at_port(flying(1, "Soyuz MS-28"), RASSVET), flying(2, "Progress MS-33")
    with pytest.raises(Conflict) as refusal:
        require_free(RASSVET, ms33, [ms28, ms33])
    assert refusal.value.code == "port_occupied"
    assert refusal.value.params["mission_text"] == "Soyuz MS-28"
    require_free(RASSVET, ms28, [ms28, ms33])
    require_free(POISK, ms33, [ms28, ms33])


def test_a_port_is_free_again_after_undocking() -> None:
    ms28 = at_port(flying(1, "Soyuz MS-28"), RASSVET)
    away = complete_event(ms28, Event(19, EventKind.UNDOCKING, EventState.PLANNED), AT + timedelta(days=1))
    assert occupant_of(RASSVET.id, [ms28]) is ms28
    assert occupant_of(RASSVET.id, [away]) is None


def test_ports_show_who_is_there_until_when_and_who_comes_in_order() -> None:
    leaving = Event(15, EventKind.LANDING, EventState.PLANNED, parse_when("2026-07-27", AT))
    ms28 = at_port(flying(1, "Soyuz MS-28"), RASSVET).with_event(leaving)
    later, soon = (
        to_dock(flying(2, "Soyuz MS-29"), RASSVET, "2026-08"),
        to_dock(flying(3, "Progress MS-34"), RASSVET, "2026-07-30"),
    )
    undated = to_dock(flying(4, "Progress MS-35"), RASSVET, "unknown")
    rassvet, poisk = port_uses(ISS, [ms28, undated, later, soon])
    assert rassvet.occupant is ms28
    assert (rassvet.since_at, rassvet.until) == (AT + timedelta(hours=3), leaving.planned)
    assert [arrival.mission.name for arrival in rassvet.arrivals] == ["Progress MS-34", "Soyuz MS-29", "Progress MS-35"]
    assert (poisk.occupant, poisk.until, poisk.arrivals) == (None, None, ())


def test_a_station_is_called_by_its_short_name_where_it_has_one() -> None:
    assert (ISS.called, replace(ISS, short=None).called) == ("ISS", "International Space Station")


@pytest.mark.parametrize(
    ("leaves_at", "comes_at", "told"),
    [
        ("2026-07", "2026-07-27", True),
        ("2026-07-26", "2026-07-27", False),
        ("2026-07-27", "2026-07-27", True),
        ("NET 2026-07-01", "2027-01", True),
        ("2026-07-26", "NET 2026-07-27", False),
        ("unknown", "2027-01", True),
        ("2026-07-26", "unknown", True),
    ],
)
def test_stays_at_a_port_are_told_when_they_may_overlap(leaves_at: str, comes_at: str, told: bool) -> None:
    leaving = Event(15, EventKind.UNDOCKING, EventState.PLANNED, parse_when(leaves_at, AT))
    there = at_port(flying(1, "Soyuz MS-28"), RASSVET).with_event(leaving)
    coming = to_dock(flying(2, "Soyuz MS-29"), RASSVET, comes_at)
    pairs = overlaps_at(RASSVET, [coming, there])
    assert [(one.mission.name, other.mission.name) for one, other in pairs] == (
        [("Soyuz MS-28", "Soyuz MS-29")] if told else []
    )
    assert overlaps_at(POISK, [coming, there]) == ()


def test_a_stay_ends_with_the_earliest_way_to_leave() -> None:
    there = at_port(flying(1, "Soyuz MS-28"), RASSVET)
    relocation = Event(15, EventKind.RELOCATION, EventState.PLANNED, parse_when("2026-02", AT), port_id=POISK.id)
    landing = Event(16, EventKind.LANDING, EventState.PLANNED, parse_when("2026-07-27", AT))
    assert leaves(there, RASSVET.id) is None
    assert leaves(there.with_event(landing), RASSVET.id) == landing.planned
    both = there.with_event(landing).with_event(relocation)
    assert leaves(both, RASSVET.id) == relocation.planned
    assert leaves(both, POISK.id) == landing.planned
    with pytest.raises(Conflict) as refusal:
        require_free(RASSVET, flying(2, "Soyuz MS-29"), [both])
    assert refusal.value.params["until"] == relocation.planned
