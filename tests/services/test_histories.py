"""The history of a mission's dates: every move and claim, days slipped in total and by cause, and what was believed when."""

import pytest

from domain.errors import OpsError
from domain.missions import EventKind
from domain.sources import Tier
from services.flights import ClaimDate, FailEvent
from services.histories import MissionHistory
from tests.services.house import House, at, director, guest

MS_33 = "Progress MS-33"
LAUNCH, DOCKING = EventKind.LAUNCH, EventKind.DOCKING


async def history(house: House, as_of: str | None = None) -> MissionHistory:
    return await house.desks.histories.mission(guest(), MS_33, as_of)


async def slipped(house: House, as_of: str | None = None) -> dict[EventKind, tuple[int, dict[str, int], int]]:
    """For each date that moved: days in total, days by cause, moves that cannot be counted in days."""
    return {
        total.event.kind: (total.totals.days, dict(total.totals.by_cause), total.totals.unmeasured)
        for total in (await history(house, as_of)).totals
    }


async def the_pad_breaks(house: House) -> None:
    """The launch goes to no earlier than March for the pad, then to its minute."""
    house.clock.move_to(at("2025-12-10T09:00"))
    await house.move(MS_33, "launch", "NET 2026-03", "Site 31/6 repair", cause="the service cabin damage")
    house.clock.move_to(at("2026-03-03T12:00"))
    await house.move(MS_33, "launch", "2026-03-22T11:59Z", "service cabin restored")


async def test_a_slip_by_way_of_a_month_counts_its_days_for_the_cause_that_took_the_day(evening: House) -> None:
    await the_pad_breaks(evening)
    assert await slipped(evening) == {LAUNCH: (93, {"the service cabin damage": 93}, 0)}
    await evening.move(MS_33, "docking", "2026-03-24", "follows the launch")
    assert (await slipped(evening))[DOCKING] == (93, {"the service cabin damage": 93}, 0)


async def test_history_as_of_a_day_holds_what_had_been_recorded_by_then(evening: House) -> None:
    await the_pad_breaks(evening)
    await evening.desks.flights.claim(director(), ClaimDate(MS_33, "launch", "2026-03-21", "early report", Tier.MEDIA))
    then = await history(evening, "2025-12-31")
    assert len(then.entries) == len((await history(evening)).entries) - 1
    assert (then.claims, (await history(evening)).claims != ()) == ((), True)
    assert then.believed_at is not None
    assert await slipped(evening, "2025-12-31") == {LAUNCH: (0, {}, 1)}
    assert await slipped(evening, "2025-12-01") == {}


async def test_scrubs_add_up_over_the_attempts_at_one_launch(evening: House) -> None:
    evening.clock.move_to(at("2025-12-18T09:00"))
    await evening.desks.flights.scrub(director(), MS_33, "upper-level wind", "2025-12-20")
    await evening.desks.flights.scrub(director(), MS_33, "a valve")
    assert (await slipped(evening))[LAUNCH] == (1, {"upper-level wind": 1}, 1)
    await evening.plan(MS_33, "launch", "2025-12-27")
    assert (await slipped(evening))[LAUNCH] == (8, {"upper-level wind": 1, "a valve": 7}, 0)
    assert len((await history(evening)).totals) == 1


async def test_what_was_undone_has_not_slipped(evening: House) -> None:
    moved = await evening.move(MS_33, "launch", "2026-03-22", "a slip of the finger")
    assert moved.undo_seq is not None
    await evening.desks.missions.undo(director(), moved.undo_seq)
    assert await slipped(evening) == {}
    assert [entry.kind.value for entry in (await history(evening)).entries][-2:] == ["undo", "undo"]


async def test_a_second_attempt_at_a_docking_is_no_slip_of_the_first(evening: House) -> None:
    evening.clock.move_to(at("2025-12-21T12:00"))
    await evening.done(MS_33, "launch", "2025-12-19T09:00Z")
    await evening.desks.flights.fail(director(), FailEvent(MS_33, "docking", "no signal", None, "2025-12-21T05:30Z"))
    await evening.plan(MS_33, "docking", "2025-12-24")
    assert await slipped(evening) == {}


async def test_each_spacewalk_has_a_date_of_its_own(evening: House) -> None:
    for name, first, later in (("EVA 1", "2026-04-01", "2026-04-03"), ("EVA 2", "2026-06-01", "2026-06-02")):
        await evening.plan("Soyuz MS-28", "eva", first, name=name)
        await evening.move("Soyuz MS-28", name, later, "suit")
    found = await evening.desks.histories.mission(guest(), "Soyuz MS-28")
    assert [(total.event.name, total.totals.days) for total in found.totals] == [("EVA 1", 2), ("EVA 2", 1)]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [("2025-10-01", "mission_not_known_then"), ("2027-01-01", "as_of_in_future"), ("unknown", "as_of_needs_date")],
)
async def test_history_as_of_needs_a_past_in_which_the_mission_was_known(evening: House, as_of: str, code: str) -> None:
    with pytest.raises(OpsError, check=lambda error: error.code == code):
        await history(evening, as_of)
