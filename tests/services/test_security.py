"""The security log: what was refused is kept, bounded, apart from the refused work, and for ninety days."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Unavailable
from domain.security import KEPT_FOR, ROWS_AN_HOUR, Door, Refusal
from storage import security
from storage.database import Database
from tests.services.house import EVENING, GUILD, OTHER_GUILD, House, guest

REFUSAL = Refusal(GUILD, 5, Door.COMMAND, "pad report", "capability_missing", "pad", EVENING)


async def kept(house: House, guild: int = GUILD) -> list[Refusal]:
    return await house.database.read(lambda reader: security.latest(reader, guild, 100))


async def test_a_refusal_is_kept_as_it_was(house: House) -> None:
    await house.desks.security.note(REFUSAL)
    assert await kept(house) == [REFUSAL]
    assert (await house.desks.operations.status(guest())).refusals_today == 1


async def test_beyond_twenty_in_an_hour_one_row_sums_up_the_rest(house: House) -> None:
    for second in range(ROWS_AN_HOUR + 30):
        await house.desks.security.note(replace(REFUSAL, refused_at=EVENING + timedelta(seconds=second)))
    rows = await kept(house)
    assert len(rows) == ROWS_AN_HOUR + 1
    assert max(row.times for row in rows) == 30
    assert (await house.desks.operations.status(guest())).refusals_today == ROWS_AN_HOUR + 30
    await house.desks.security.note(replace(REFUSAL, refused_at=EVENING + timedelta(hours=1)))
    await house.desks.security.note(replace(REFUSAL, member_id=6))
    assert len(await kept(house)) == ROWS_AN_HOUR + 3, "another hour and another member have rows of their own"


async def test_a_workspace_counts_its_own_of_the_last_day(house: House) -> None:
    await house.desks.security.note(replace(REFUSAL, refused_at=EVENING - timedelta(hours=25)))
    await house.desks.security.note(replace(REFUSAL, workspace_id=OTHER_GUILD))
    assert (await house.desks.operations.status(guest())).refusals_today == 0


async def test_what_is_older_than_ninety_days_is_dropped(house: House) -> None:
    await house.desks.security.note(REFUSAL)
    house.clock.move_to(EVENING + KEPT_FOR)
    await house.desks.housekeeping.fire_due()
    assert await kept(house) == [REFUSAL]
    house.clock.move_to(EVENING + KEPT_FOR + timedelta(hours=2))
    await house.desks.housekeeping.fire_due()
    assert await kept(house) == []


async def test_a_refusal_that_cannot_be_kept_disturbs_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object) -> None:
        raise Unavailable("disk_full")

    monkeypatch.setattr(Database, "write", full)
    with caplog.at_level(logging.ERROR, "gantry.security"):
        await house.desks.security.note(REFUSAL)
    assert "disk_full" in caplog.text
