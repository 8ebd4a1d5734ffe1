"""What is due in one workspace is announced whatever becomes of another."""

import pytest

from domain.announcements import Topic
from domain.errors import Unavailable
from domain.facts import CountdownReached
from services.announcements import Subscribe
from services.missions import CreateMission
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
