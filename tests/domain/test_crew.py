"""Who is aboard follows from the flights' events: up on one spacecraft, down on another, or no ride yet."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.coverage import Cover, Lack, coverage_of, relief_of
from domain.crew import ALSO_MAX, Person, aboard, require_spellings, stays_of
from domain.errors import Conflict, InvalidInput
from domain.missions import Clearance, Event, EventKind, EventState, Mission, MissionKind, Outcome, Seat
from domain.plans import complete_event
from domain.seats import give_seat, leave_ride, require_one_flight, require_ride, take_ride, without_seat
from domain.when import UNKNOWN
from domain.when_text import parse_when

ISS, TIANGONG = 5, 6
PROKOPYEV, PETELIN, RUBIO = 1, 2, 3
NOW = datetime.fromisoformat("2023-04-01T00:00+00:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def flight(number: int, name: str, *, seats: int | None = 3, station: int = ISS, **fields: object) -> Mission:
    return Mission(number, name, MissionKind.CREW, "Soyuz-2.1a", seats=seats, station_id=station, **fields)  # type: ignore[arg-type]


def done(mission: Mission, kind: EventKind, when: str, port: int | None = None) -> Mission:
    number = mission.id * 100 + len(mission.events)
    known = mission.open_event(kind) or Event(number, kind, EventState.PLANNED)
    return complete_event(mission, replace(known, port_id=port), at(when))


def to_happen(mission: Mission, kind: EventKind, when: str) -> Mission:
    number = mission.id * 100 + len(mission.events)
    return mission.with_event(Event(number, kind, EventState.PLANNED, parse_when(when, NOW)))


def crewed(mission: Mission, *people: int, up: bool = True, down: bool = True) -> Mission:
    return replace(mission, crew=(*mission.crew, *(Seat(one, "Flight Engineer", up, down) for one in people)))


def ms22(*, down: bool = True) -> Mission:
    """Soyuz MS-22 docked, with its crew."""
    mission = crewed(flight(22, "Soyuz MS-22"), PROKOPYEV, PETELIN, RUBIO, down=down)
    return done(done(mission, EventKind.LAUNCH, "2022-09-21T13:54"), EventKind.DOCKING, "2022-09-21T17:06", 1)


def ms23(*, crew: bool = False) -> Mission:
    mission = flight(23, "Soyuz MS-23")
    if crew:
        mission = crewed(mission, PROKOPYEV, PETELIN, RUBIO, up=False)
    return done(mission, EventKind.LAUNCH, "2023-02-24T00:24")


def names_aboard(*missions: Mission) -> set[int]:
    return {one.stay.person_id for one in aboard(missions)}


def refused(code: str) -> "pytest.RaisesExc[Conflict]":
    return pytest.raises(Conflict, check=lambda error: error.code == code)


# --- aboard ------------------------------------------------------------------------------------------------------------


def test_a_crew_is_aboard_from_docking_until_undocking() -> None:
    launched = done(crewed(flight(1, "Soyuz MS-28"), 7), EventKind.LAUNCH, "2023-01-01T09:00")
    docked = done(launched, EventKind.DOCKING, "2023-01-01T12:00")
    away = done(docked, EventKind.UNDOCKING, "2023-02-01T12:00")
    assert [names_aboard(mission) for mission in (launched, docked, away)] == [set(), {7}, set()]
    (one,) = aboard([docked])
    assert (one.station_id, one.since_at, one.stay.down) == (ISS, at("2023-01-01T12:00"), docked)


def test_a_spacecraft_that_lands_without_an_undocking_recorded_still_takes_its_crew_down() -> None:
    assert names_aboard(done(ms22(), EventKind.LANDING, "2023-03-28T11:46")) == set()


def test_undocking_and_docking_again_brings_the_crew_back() -> None:
    away = done(ms22(), EventKind.UNDOCKING, "2023-03-01T09:00")
    back = done(away, EventKind.DOCKING, "2023-03-01T09:40", 2)
    assert names_aboard(back) == {PROKOPYEV, PETELIN, RUBIO}
    assert aboard([back])[0].since_at == at("2022-09-21T17:06")


def test_a_vehicle_that_lands_without_its_crew_leaves_them_aboard_until_their_ride_leaves() -> None:
    empty = done(done(ms22(down=False), EventKind.UNDOCKING, "2023-03-28T09:57"), EventKind.LANDING, "2023-03-28T11:46")
    ride = done(ms23(crew=True), EventKind.DOCKING, "2023-02-26T00:58", 2)
    assert names_aboard(empty, ride) == {PROKOPYEV, PETELIN, RUBIO}
    assert {one.stay.down for one in aboard([empty, ride])} == {ride}
    left = done(ride, EventKind.UNDOCKING, "2023-09-27T07:54")
    assert names_aboard(empty, left) == set()
    landed = done(left, EventKind.LANDING, "2023-09-27T11:17")
    stay = stays_of([empty, landed])[0]
    assert stay.is_over
    assert stay.begins.at is not None
    assert stay.ends.at is not None
    assert round((stay.ends.at - stay.begins.at) / timedelta(days=1)) == 371


def test_without_a_ride_a_person_stays_aboard_whatever_leaves() -> None:
    gone = done(done(ms22(down=False), EventKind.UNDOCKING, "2023-03-28T09:57"), EventKind.LANDING, "2023-03-28T11:46")
    assert names_aboard(gone) == {PROKOPYEV, PETELIN, RUBIO}
    assert {one.stay.down for one in aboard([gone])} == {None}


def test_a_ride_that_was_lost_on_its_way_up_is_no_ride() -> None:
    lost = replace(ms23(crew=True), outcome=Outcome.LOST)
    assert {one.stay.down for one in aboard([ms22(down=False), lost])} == {None}


def test_a_ride_that_left_before_they_came_has_not_taken_them() -> None:
    before = crewed(flight(20, "Soyuz MS-20"), RUBIO, up=False)
    before = done(done(before, EventKind.LAUNCH, "2022-03-01T09:00"), EventKind.DOCKING, "2022-03-01T12:00")
    before = done(before, EventKind.UNDOCKING, "2022-09-20T12:00")
    assert RUBIO in names_aboard(ms22(down=False), before)


def test_two_stays_of_one_person_are_kept_apart() -> None:
    first = crewed(flight(1, "Soyuz MS-01"), RUBIO, down=False)
    first = done(done(first, EventKind.LAUNCH, "2016-07-07T01:36"), EventKind.DOCKING, "2016-07-09T04:06")
    ride = crewed(flight(2, "Soyuz MS-02"), RUBIO, up=False)
    ride = done(done(ride, EventKind.LAUNCH, "2016-10-19T08:05"), EventKind.DOCKING, "2016-10-21T09:52")
    ride = done(ride, EventKind.LANDING, "2017-04-10T11:20")
    second, down = ms22(down=False), ms23(crew=True)
    pairs = {(stay.up.name, stay.down.name if stay.down else None) for stay in stays_of([down, second, ride, first])}
    assert {("Soyuz MS-01", "Soyuz MS-02"), ("Soyuz MS-22", "Soyuz MS-23")} <= pairs


def test_a_flight_that_never_docked_leaves_nobody_aboard_and_its_stay_is_over_with_it() -> None:
    aborted = replace(
        done(crewed(flight(10, "Soyuz MS-10"), 7), EventKind.LAUNCH, "2018-10-11T08:40"), outcome=Outcome.ABORTED
    )
    assert names_aboard(aborted) == set()
    assert stays_of([aborted])[0].is_over


# --- seats -------------------------------------------------------------------------------------------------------------


def test_seats_up_and_down_are_counted_apart() -> None:
    full_down = crewed(flight(23, "Soyuz MS-23"), PROKOPYEV, PETELIN, RUBIO, up=False)
    with refused("no_seat_down"):
        give_seat(full_down, 9, "Commander")
    with refused("no_seat_left"):
        give_seat(crewed(flight(24, "Soyuz MS-24"), 1, 2, 3, down=False), 9, "Commander")
    with refused("no_seat_down"):
        take_ride(full_down, 9, "Commander")


def test_another_role_changes_the_role_and_the_same_one_is_refused() -> None:
    seated = give_seat(flight(1, "Soyuz MS-28"), 7, "Flight Engineer")
    assert give_seat(seated, 7, "Commander").crew == (Seat(7, "Commander"),)
    with refused("already_assigned"):
        give_seat(seated, 7, "Flight Engineer")


def test_leaving_a_ride_keeps_the_seat_up_and_frees_a_seat_that_was_only_down() -> None:
    both = crewed(flight(1, "Soyuz MS-28"), 7)
    assert leave_ride(both, 7).crew == (Seat(7, "Flight Engineer", comes_down=False),)
    assert take_ride(leave_ride(both, 7), 7, "x").crew == both.crew
    assert leave_ride(crewed(flight(2, "Soyuz MS-29"), 7, up=False), 7).crew == ()
    assert leave_ride(both, 8) is both
    assert without_seat(both, 7).crew == ()


@pytest.mark.parametrize(
    ("launch", "verdict"),
    [
        ("2022-12-01", "refused"),  # in the middle of the stay under way
        ("2023-08", "refused"),  # planned to begin before that stay is planned to end
        ("2023-09", "said"),  # perhaps before the end
        ("unknown", "said"),
        ("2024-03", "fine"),
    ],
)
def test_two_flights_at_once_are_refused_when_certain_and_said_when_possible(launch: str, verdict: str) -> None:
    first = to_happen(ms22(), EventKind.LANDING, "2023-09-27")
    second = to_happen(crewed(flight(30, "Soyuz MS-25"), RUBIO), EventKind.LAUNCH, launch)
    stays = [stay for stay in stays_of([first, second]) if stay.person_id == RUBIO]
    changed = next(stay for stay in stays if stay.up.id == 30)
    if verdict == "refused":
        with refused("two_flights") as refusal:
            require_one_flight("Frank Rubio", stays, changed, NOW)
        assert {refusal.value.params["mission_text"], refusal.value.params["other_text"]} == {
            "Soyuz MS-22",
            "Soyuz MS-25",
        }
    else:
        clash = require_one_flight("Frank Rubio", stays, changed, NOW)
        assert (clash.up.name if clash else None) == ("Soyuz MS-22" if verdict == "said" else None)


def test_two_flights_that_have_both_launched_are_a_certain_contradiction() -> None:
    other = crewed(flight(31, "Shenzhou-16", station=TIANGONG), RUBIO)
    other = done(done(other, EventKind.LAUNCH, "2023-03-01T01:31"), EventKind.DOCKING, "2023-03-01T08:29")
    stays = [stay for stay in stays_of([ms22(), other]) if stay.person_id == RUBIO]
    with refused("two_flights"):
        require_one_flight("Frank Rubio", stays, stays[1], NOW)


def test_a_ride_that_cannot_be_theirs_is_refused() -> None:
    stay = stays_of([ms22()])[0]
    with refused("ride_elsewhere"):
        require_ride("x", stay, flight(31, "Shenzhou-16", station=TIANGONG))
    gone = done(
        done(flight(21, "Soyuz MS-21"), EventKind.LAUNCH, "2022-03-18T15:55"), EventKind.DOCKING, "2022-03-18T19:12"
    )
    with refused("ride_too_early"):
        require_ride("x", stay, done(gone, EventKind.UNDOCKING, "2022-09-21T07:34"))
    cancelled = to_happen(flight(32, "Soyuz MS-99"), EventKind.LAUNCH, "2024-01")
    cancelled = cancelled.with_event(replace(cancelled.events[0], state=EventState.CANCELLED))
    with refused("mission_over"):
        require_ride("x", stay, cancelled)
    require_ride("x", stay, ms23())


def test_a_former_name_still_finds_the_person_unless_spellings_are_given() -> None:
    mikaev = Person(1, "Sergei Mikaev", "Roscosmos", ("Mikayev",))
    assert mikaev.edited("Sergey Mikaev", None, None).also == ("Sergei Mikaev", "Mikayev")
    assert mikaev.edited("SERGEI MIKAEV", None, None).also == ("Mikayev",)
    assert mikaev.edited(None, "NASA", ("a", "A", "b")) == Person(1, "Sergei Mikaev", "NASA", ("A", "b"))


def test_spellings_are_read_from_commas_once_each() -> None:
    assert require_spellings("Mikaev, Mikayev , МИКАЕВ, mikayev") == ("Mikaev", "mikayev", "МИКАЕВ")
    assert require_spellings("none") == ()
    with pytest.raises(InvalidInput):
        require_spellings(", ".join(f"name {number}" for number in range(ALSO_MAX + 1)))


# --- coverage ----------------------------------------------------------------------------------------------------------


def covers(*missions: Mission) -> list[tuple[Cover, str | None, Lack | None]]:
    found = coverage_of(ISS, missions)
    return [(one.cover, one.spacecraft.name if one.spacecraft else None, one.lack) for one in found.people]


def test_coverage_of_ms22_at_its_telling_moments() -> None:
    planned = to_happen(flight(23, "Soyuz MS-23"), EventKind.LAUNCH, "2023-03-15")
    holed = replace(ms22(), clearance=Clearance.EMERGENCY_ONLY)
    assert covers(ms22(), planned) == [(Cover.SEAT, "Soyuz MS-22", None)] * 3
    assert covers(holed, planned) == [(Cover.EMERGENCY, "Soyuz MS-22", Lack.EMERGENCY_ONLY)] * 3
    # Their ride is Soyuz MS-23 now, which is not there yet: in an emergency there is still the spacecraft they came on.
    up_only = replace(ms22(down=False), clearance=Clearance.EMERGENCY_ONLY)
    assert covers(up_only, ms23(crew=True)) == [(Cover.EMERGENCY, "Soyuz MS-22", Lack.NOT_DOCKED)] * 3
    relief = relief_of(ISS, [up_only, ms23(crew=True)])
    assert relief is not None
    assert (relief.mission.name, relief.is_on_its_way) == ("Soyuz MS-23", True)
    docked = done(ms23(crew=True), EventKind.DOCKING, "2023-02-26T00:58", 2)
    assert covers(up_only, docked) == [(Cover.SEAT, "Soyuz MS-23", None)] * 3
    landed = done(up_only, EventKind.LANDING, "2023-03-28T11:46")
    assert covers(landed, docked) == [(Cover.SEAT, "Soyuz MS-23", None)] * 3
    assert covers(landed, done(docked, EventKind.UNDOCKING, "2023-09-27T07:54")) == []


def test_ten_aboard_and_seven_seats() -> None:
    dragon = crewed(flight(11, "Crew-11", seats=4), 11, 12, 13, 14)
    dragon = done(done(dragon, EventKind.LAUNCH, "2023-01-01T09:00"), EventKind.DOCKING, "2023-01-02T09:00")
    stranded = replace(flight(27, "Soyuz MS-27"), clearance=Clearance.NOT_CLEARED)
    stranded = crewed(stranded, 21, 22, 23)
    stranded = done(done(stranded, EventKind.LAUNCH, "2023-01-05T09:00"), EventKind.DOCKING, "2023-01-05T12:00")
    found = coverage_of(ISS, [ms22(), dragon, stranded])
    assert (len(found.people), found.seats_cleared, found.seats_emergency) == (10, 7, 0)
    assert [len(found.with_cover(cover)) for cover in Cover] == [7, 0, 3]
    assert {one.lack for one in found.with_cover(Cover.NONE)} == {Lack.NOT_CLEARED}


def test_more_people_than_seats_are_not_all_covered() -> None:
    assert [cover for cover, *_ in covers(replace(ms22(), seats=2))] == [Cover.SEAT, Cover.SEAT, Cover.NONE]
    assert covers(replace(ms22(), seats=2))[-1][2] is Lack.OVERBOOKED


def test_a_seat_that_somebody_else_is_assigned_to_is_no_way_out_for_those_who_came_on_it() -> None:
    handed_over = crewed(ms22(down=False), 7, 8, up=False)
    found = covers(handed_over, ms23(crew=True))
    assert found.count((Cover.EMERGENCY, "Soyuz MS-22", Lack.NOT_DOCKED)) == 1
    assert found.count((Cover.NONE, None, Lack.NOT_DOCKED)) == 2


def test_seats_that_nobody_stated_are_not_counted_and_cover_only_the_assigned() -> None:
    found = coverage_of(ISS, [replace(ms22(), seats=None)])
    assert (found.seats_cleared, [mission.name for mission in found.seats_unsaid]) == (0, ["Soyuz MS-22"])
    assert len(found.with_cover(Cover.SEAT)) == 3


def test_the_relief_is_the_next_crew_flight_to_that_station() -> None:
    late = to_happen(flight(40, "Soyuz MS-30"), EventKind.LAUNCH, "2024-09")
    soon = to_happen(flight(41, "Soyuz MS-29"), EventKind.LAUNCH, "2024-03")
    cargo = replace(to_happen(flight(42, "Progress MS-33"), EventKind.LAUNCH, "2023-12"), kind=MissionKind.CARGO)
    elsewhere = to_happen(flight(43, "Shenzhou-17", station=TIANGONG), EventKind.LAUNCH, "2023-10")
    undated = flight(44, "Soyuz MS-31")
    found = relief_of(ISS, [late, undated, soon, cargo, elsewhere, ms22()])
    assert found is not None
    assert (found.mission.name, found.is_on_its_way) == ("Soyuz MS-29", False)
    assert relief_of(ISS, [ms22(), cargo, elsewhere]) is None


def test_a_flight_that_was_aborted_relieves_nobody() -> None:
    coming = to_happen(replace(ms23(), outcome=Outcome.ABORTED), EventKind.LANDING, "2023-02-24")
    soon = to_happen(flight(41, "Soyuz MS-24"), EventKind.LAUNCH, "2023-09")
    found = relief_of(ISS, [coming, soon])
    assert found is not None
    assert found.mission.name == "Soyuz MS-24"


def test_a_spacecraft_that_is_lost_at_its_port_took_nobody_along() -> None:
    assert names_aboard(replace(ms22(), outcome=Outcome.LOST)) == {PROKOPYEV, PETELIN, RUBIO}


def test_a_stay_without_a_ride_has_no_end() -> None:
    assert stays_of([ms22(down=False)])[0].ends == UNKNOWN
