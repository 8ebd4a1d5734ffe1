"""What is due in one workspace is announced whatever becomes of another."""

import pytest

from domain.announcements import Topic
from domain.errors import Unavailable
from domain.facts import CountdownReached
from services.announcements import Subscribe
from services.missions import CreateMission
from services.passes import for_each, one_after_another
from tests.services.house import FLIGHT, GUILD, OTHER_GUILD, House, admin, at, channel


async def test_a_workspace_that_cannot_be_served_keeps_no_other_from_its_countdowns(house: House) -> None:
    await house.set_up(OTHER_GUILD)
    theirs = admin(OTHER_GUILD)
    await house.desks.announcements.subscribe(theirs, Subscribe(Topic.COUNTDOWN, channel(FLIGHT)))
    launch = "2025-12-20 09:00"
    await house.create("Soyuz MS-28", launch=launch)
    await house.desks.missions.create(admin(OTHER_GUILD), CreateMission("Progress", "Soyuz-2.1a", launch=launch))
    await house.database.write(
        lambda tx: tx.execute("UPDATE events SET kind = 'nobody knows it' WHERE workspace_id = ?", (GUILD,))
    )
    house.clock.move_to(at("2025-12-13T09:00"))
    for _ in range(2):
        with pytest.raises(Unavailable) as told:
            await house.desks.reminders.fire_due()
        assert told.value.code == "pass_incomplete"
    assert [type(facts) for _, facts in await house.posts(FLIGHT)] == [CountdownReached]


async def test_a_database_that_is_held_is_asked_once_in_a_pass_and_not_for_every_workspace() -> None:
    """Each question waits for five seconds: one for each of seven workspaces, and the watchdog takes the process for dead."""
    asked: list[int] = []

    async def refuse(workspace_id: int) -> int:
        asked.append(workspace_id)
        raise Unavailable("database_busy")

    async def make() -> int:
        return await for_each(range(7), refuse)

    with pytest.raises(Unavailable) as told:
        await one_after_another(make, make)
    assert (asked, told.value.code) == ([0], "database_busy")


@pytest.mark.parametrize("error", [Unavailable("disk_full"), ValueError("a fault of ours")])
async def test_a_desk_whose_pass_fails_keeps_no_other_from_its_own(error: Exception) -> None:
    made: list[str] = []

    async def fail() -> int:
        made.append("first")
        raise error

    async def serve() -> int:
        made.append("second")
        return 2

    with pytest.raises(type(error)):
        await one_after_another(fail, serve)
    assert made == ["first", "second"]
    assert await one_after_another(serve, serve) == 4
