"""What stands around a mission comes in one trip, now and as it had been recorded, and only from its own workspace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.damage import ReportState
from domain.journal import Linked
from domain.missions import Mission
from storage import damage, journal, mission_cards, missions
from storage.database import Database, Transaction
from storage.states import dump
from tests.storage import rows

WS = rows.WORKSPACE.id
LATER = rows.NOW + timedelta(minutes=1)


@pytest.fixture
async def house(database: Database) -> Database:
    """One of everything, with the journal's states of it; in the last of them the mission got its present name."""

    async def fill(tx: Transaction) -> None:
        await rows.fill(tx, WS)
        states = [
            ("pad", 20, rows.NOW, dump(rows.SITE_31)),
            ("station", 10, rows.NOW, dump(rows.ISS)),
            ("report", 1, rows.NOW, dump(rows.REPORT)),
            ("mission", 40, rows.NOW, dump(replace(rows.MS_28, name="Soyuz MS-28R"))),
            ("mission", 40, LATER, dump(rows.MS_28)),
        ]
        for seq, (kind, subject_id, at, state) in enumerate(states, start=2):
            entry = replace(
                rows.ENTRY, seq=seq, subject_kind=kind, subject_id=subject_id, recorded_at=at, state_json=state
            )
            await journal.append(tx, Linked(entry, f"mac{seq}"), "salt", "{}")

    await database.write(fill)
    return database


async def test_everything_around_a_mission_is_found(house: Database) -> None:
    found = await house.read(lambda reader: mission_cards.around(reader, WS, rows.MS_28))
    assert found == mission_cards.Surroundings(
        rows.SITE_31, (rows.REPORT,), rows.ISS, {30: rows.MIKAEV}, rows.MOVE, rows.NOW
    )


async def test_a_closed_report_is_not_around_a_mission(house: Database) -> None:
    await house.write(lambda tx: damage.save(tx, WS, replace(rows.REPORT, state=ReportState.CLOSED)))
    assert (await house.read(lambda reader: mission_cards.around(reader, WS, rows.MS_28))).reports == ()


async def test_a_mission_without_pad_station_and_crew_has_nothing_around_it(house: Database) -> None:
    bare = Mission(99, "Bare", rows.MS_28.kind, "Soyuz-2.1a")
    nothing = mission_cards.Surroundings(None, (), None, {}, None)
    assert await house.read(lambda reader: mission_cards.around(reader, WS, bare)) == nothing
    assert await house.read(lambda reader: mission_cards.around_as_of(reader, WS, bare, LATER)) == nothing


async def test_what_stood_around_a_mission_is_what_had_been_recorded(house: Database) -> None:
    then = await house.read(lambda reader: mission_cards.around_as_of(reader, WS, rows.MS_28, rows.NOW))
    assert (then.pad, then.reports, then.station) == (rows.SITE_31, (rows.REPORT,), rows.ISS)
    assert then.latest_move == rows.MOVE
    before = rows.NOW - timedelta(seconds=1)
    earlier = await house.read(lambda reader: mission_cards.around_as_of(reader, WS, rows.MS_28, before))
    assert (earlier.pad, earlier.reports, earlier.station, earlier.latest_move) == (None, (), None, None)


async def test_nothing_is_around_it_for_another_workspace(house: Database) -> None:
    nothing = mission_cards.Surroundings(None, (), None, {}, None)
    assert await house.read(lambda reader: mission_cards.around(reader, 2, rows.MS_28)) == nothing
    assert await house.read(lambda reader: mission_cards.around_as_of(reader, 2, rows.MS_28, LATER)) == nothing
    assert await house.read(lambda reader: mission_cards.mission_as_of(reader, 2, "Soyuz MS-28", LATER)) is None
    assert await house.read(lambda reader: mission_cards.places(reader, 2)) == ((), {}, ())
    assert await house.read(lambda reader: missions.load_first(reader, 2, 25)) == ((), 0)


async def test_a_mission_of_then_is_found_by_the_name_it_had(house: Database) -> None:
    async def named(name: str) -> Mission | None:
        return await house.read(lambda reader: mission_cards.mission_as_of(reader, WS, name, rows.NOW))

    assert await named("Soyuz MS-28") is None
    assert await named("soyuz ms28r") == replace(rows.MS_28, name="Soyuz MS-28R")


async def test_every_place_is_found(house: Database) -> None:
    found = await house.read(lambda reader: mission_cards.places(reader, WS))
    assert found == ((rows.SITE_31,), {20: (rows.REPORT,)}, (rows.ISS,))


async def test_a_list_holds_the_first_missions_and_counts_all(house: Database) -> None:
    await house.write(lambda tx: missions.save(tx, WS, Mission(98, "Next", rows.MS_28.kind, "Soyuz-2.1a")))
    found, total = await house.read(lambda reader: missions.load_first(reader, WS, 1))
    assert (found, total) == ((rows.MS_28,), 2)
