"""The timelines desk: what was first planned, what is planned now and what happened, in one read."""

import pytest

from domain.errors import NotFound
from domain.missions import EventKind, EventState, Phase
from domain.when_text import parse_when
from tests.services.house import EVENING, GUILD, OTHER_GUILD, House, admin, guest


async def test_a_slip_is_seen_against_the_first_plan(evening: House) -> None:
    await evening.move("Progress MS-33", "launch", "NET 2026-03-22", "the pad is out of service")
    found = await evening.desks.timelines.timeline(guest(), "progress ms33")
    rows = {row.event.kind: row for row in found.timeline.rows}
    launch, docking = rows[EventKind.LAUNCH], rows[EventKind.DOCKING]
    assert launch.original == parse_when("2025-12-19", EVENING)
    assert launch.current == parse_when("NET 2026-03-22", EVENING)
    assert (docking.original, docking.current) == (parse_when("2025-12-21", EVENING), parse_when("unknown", EVENING))
    assert (found.phase, found.elapsed, found.asked_at) == (Phase.PLANNED, None, EVENING)


async def test_what_happened_stands_beside_its_plan(evening: House) -> None:
    found = await evening.desks.timelines.timeline(guest(), "Soyuz MS-28")
    assert [row.state for row in found.timeline.rows] == [EventState.DONE, EventState.DONE, EventState.PLANNED]
    assert found.phase is Phase.DOCKED
    assert found.elapsed is not None


async def test_another_servers_mission_is_not_there(evening: House) -> None:
    await evening.set_up(OTHER_GUILD)
    assert GUILD != OTHER_GUILD
    with pytest.raises(NotFound):
        await evening.desks.timelines.timeline(admin(OTHER_GUILD), "Soyuz MS-28")
