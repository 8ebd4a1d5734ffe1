"""Live boards: edited after what changes them, at most once in ten seconds, and as the day turns; otherwise left alone."""

from datetime import datetime, timedelta

import pytest

from domain.board_facts import BoardRemoved, CrewBoard, MissionBoard, PadBoard
from domain.boards import BOARDS_MAX, SPACING, BoardKind
from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import Facts
from domain.impact import Blocked
from domain.missions import Clearance, Phase
from domain.pads import Lifecycle, PadStatus
from services import board_posts
from services.announcements import ChannelFacts
from services.boards import PinBoard
from services.crew import AssignSeat
from services.damage import ReportDamage
from services.pads import AddPad
from services.settings import SetSetting
from storage.rows import from_us
from storage.states import load_facts
from tests.services.house import CREW, FLIGHT, GUILD, PADS, House, admin, at, channel, director, pad_chief

EVENING = at("2025-11-27T18:00")
SECOND = timedelta(seconds=1)


async def pin(house: House, kind: BoardKind = BoardKind.MISSIONS, channel_id: int = FLIGHT) -> None:
    await house.desks.boards.pin(director(), PinBoard(kind, channel(channel_id)))


async def rows(house: House, channel_id: int = FLIGHT) -> list[tuple[str, Facts]]:
    """What was written for a channel: (operation, facts)."""
    found = await house.rows("SELECT operation, facts FROM outbox WHERE channel_id = ? ORDER BY id", channel_id)
    return [(str(operation), load_facts(1, str(facts))) for operation, facts in found]


async def sent(house: House) -> None:
    """Let everything that waits be sent, as the courier would have it."""
    await house.database.write(
        lambda tx: tx.execute(
            "UPDATE outbox SET state = 'sent', message_id = 7000 + id, settled_at = 0 WHERE state = 'pending'"
        )
    )


def launch_day(facts: Facts) -> int:
    """The day of December that the board gives for Progress MS-33."""
    assert isinstance(facts, MissionBoard)
    (event,) = [one.next for one in facts.missions if one.mission == "Progress MS-33"]
    assert event is not None
    assert event.when is not None
    assert event.when.at is not None
    return event.when.at.day


async def look(house: House, after: timedelta = SPACING) -> int:
    house.clock.move_by(after)
    return await house.desks.boards.fire_due()


async def test_a_change_is_shown_and_the_next_one_waits_until_ten_seconds_have_passed(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    evening.clock.move_by(timedelta(minutes=1))
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    assert await evening.desks.boards.fire_due() == 1
    for day in (21, 22, 23):
        await evening.move("Progress MS-33", "launch", f"2025-12-{day}")
        assert await look(evening, SECOND) == 0
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit"]
    assert await look(evening, SPACING - 3 * SECOND) == 1
    operations, facts = zip(*await rows(evening), strict=True)
    assert operations == ("post", "edit", "edit")
    shown = facts[-1]
    assert isinstance(shown, MissionBoard)
    assert shown.as_of == EVENING + timedelta(minutes=1) + SPACING
    (progress,) = [one for one in shown.missions if one.mission == "Progress MS-33"]
    assert progress.next is not None
    assert progress.next.when is not None
    assert progress.next.when.at == at("2025-12-23T00:00")


async def test_a_clock_that_stood_far_ahead_keeps_no_board_waiting_once_it_is_put_right(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    evening.clock.move_by(timedelta(days=3650))
    await evening.desks.boards.fire_due()
    evening.clock.move_to(EVENING + timedelta(minutes=1))
    assert await evening.desks.boards.fire_due() == 1
    assert await evening.desks.boards.fire_due() == 0
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    assert await look(evening) == 1
    assert launch_day((await rows(evening))[-1][1]) == 20


async def test_a_change_rings_the_timekeeper_once_in_a_boards_spacing_and_never_without_boards(house: House) -> None:
    before = house.bells.timekeeper
    await house.create("Soyuz MS-29")
    assert house.bells.timekeeper == before
    await pin(house)
    await house.create("Soyuz MS-30")
    await house.create("Soyuz MS-31")
    assert house.bells.timekeeper == before + 1


async def test_a_change_that_comes_while_a_board_is_looked_at_is_seen_with_the_next_look(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    evening.clock.move_by(SPACING)
    now = evening.clock.now()
    seen = await evening.database.read(lambda reader: board_posts.look(reader, GUILD, now))
    assert seen is not None
    await evening.move("Progress MS-33", "launch", "2025-12-21")
    assert await evening.database.write(lambda tx: board_posts.refresh(tx, seen)) == 1
    assert await look(evening, SPACING) == 1
    facts = [facts for _, facts in await rows(evening)]
    assert [launch_day(one) for one in facts] == [19, 20, 21]
    assert await look(evening, SPACING) == 0


async def test_what_a_board_does_not_show_brings_no_edit(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    evening.clock.move_by(timedelta(minutes=1))
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    assert await evening.desks.boards.fire_due() == 1
    assert [operation for operation, _ in await rows(evening)] == ["post"]
    assert await look(evening, timedelta(minutes=1)) == 0


async def test_a_board_is_refreshed_when_the_day_turns_there_and_when_it_turns_in_utc(evening: House) -> None:
    await evening.desks.operations.set(admin(), SetSetting("timezone", "Europe/Moscow"))
    await pin(evening)
    await sent(evening)
    looked = []
    for _ in range(3):
        due = (await evening.rows("SELECT MIN(due_at) FROM boards"))[0][0]
        evening.clock.move_to(datetime.fromtimestamp(int(str(due)) / 1e6, EVENING.tzinfo))
        assert await evening.desks.boards.fire_due() == 1
        await sent(evening)
        looked.append(f"{(await rows(evening))[-1][1].as_of:%d %H:%M}")  # type: ignore[union-attr]
    assert looked == ["27 21:00", "28 00:00", "28 21:00"]


async def test_what_a_board_said_before_is_kept_only_as_far_as_its_last_words_that_were_sent(evening: House) -> None:
    await pin(evening)
    for day in range(10, 16):
        await sent(evening)
        await evening.move("Progress MS-33", "launch", f"2025-12-{day}")
        await look(evening)
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit", "edit"]
    states = await evening.rows("SELECT state FROM outbox ORDER BY id")
    assert states == [("sent",), ("sent",), ("pending",)]


async def test_a_board_that_is_pinned_again_moves_to_the_end_and_the_old_one_goes(evening: House) -> None:
    await evening.desks.boards.pin(director(), PinBoard(BoardKind.PADS, channel(FLIGHT), "de"))
    await sent(evening)
    again = await evening.desks.boards.pin(director(), PinBoard(BoardKind.PADS, channel(FLIGHT)))
    assert (again.value.was_there, again.value.board.language) == (True, "de")
    operations, facts = zip(*await rows(evening), strict=True)
    assert operations == ("post", "post", "edit")
    assert facts[-1] == BoardRemoved(BoardKind.PADS)
    targets = await evening.rows("SELECT o.id, o.target_id, b.post_id FROM outbox o, boards b ORDER BY o.id")
    first, second, removal = targets
    assert (removal[1], removal[2]) == (first[0], second[0])


async def test_unpinning_removes_the_post_and_ends_the_refreshing(evening: House) -> None:
    await pin(evening)
    await evening.desks.boards.unpin(director(), BoardKind.MISSIONS, FLIGHT)
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    assert await look(evening, timedelta(days=2)) == 0
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit"]
    assert (await rows(evening))[-1][1] == BoardRemoved(BoardKind.MISSIONS)
    actions = [linked.entry.action for linked in await evening.chain()]
    assert actions.count("pin_board") == actions.count("unpin_board") == 1
    with pytest.raises(NotFound, match="board_unknown"):
        await evening.desks.boards.unpin(director(), BoardKind.MISSIONS, FLIGHT)


@pytest.mark.parametrize("wrong", ["can_view", "can_send", "can_embed", "can_read_history"])
async def test_a_channel_that_cannot_be_used_gets_no_board(house: House, wrong: str) -> None:
    where: ChannelFacts = channel(FLIGHT, **{wrong: False})
    with pytest.raises(InvalidInput):
        await house.desks.boards.pin(director(), PinBoard(BoardKind.CREW, where))
    assert await rows(house) == []


async def test_a_workspace_has_no_more_boards_than_so_many(house: House) -> None:
    for number in range(BOARDS_MAX):
        await pin(house, BoardKind.CREW, 2000 + number)
    with pytest.raises(Conflict, match="too_many_boards"):
        await pin(house, BoardKind.CREW, 3000)
    await pin(house, BoardKind.CREW, 2000)  # one that is there may still be moved


async def park(house: House, post_or_edit: str, reason: str = "missing_access") -> None:
    await house.database.write(
        lambda tx: tx.execute(
            "UPDATE outbox SET state = 'parked', reason = ?, settled_at = 0, attempts = 1 "
            "WHERE id = (SELECT MAX(id) FROM outbox WHERE operation = ?)",
            (reason, post_or_edit),
        )
    )


async def test_a_board_that_discord_does_not_take_rests_until_the_day_turns_or_somebody_has_it_tried_again(
    evening: House,
) -> None:
    await pin(evening)
    await sent(evening)
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    await look(evening)
    await park(evening, "edit")
    for day in (21, 22):
        await evening.move("Progress MS-33", "launch", f"2025-12-{day}")
        await look(evening)
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit"]
    await evening.desks.deliveries.retry(director(), FLIGHT)
    await look(evening)
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit", "edit"]
    await park(evening, "edit")
    assert await look(evening, timedelta(hours=6)) == 1
    states = await evening.rows("SELECT operation, state FROM outbox WHERE operation = 'edit' ORDER BY id")
    assert states[-1] == ("edit", "pending")
    assert ("edit", "parked") not in states


async def test_a_board_whose_post_is_parked_is_true_again_once_it_is_tried_again(evening: House) -> None:
    await pin(evening)
    await park(evening, "post")
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    await look(evening)
    await look(evening, timedelta(days=3))
    assert [operation for operation, _ in await rows(evening)] == ["post"]
    await evening.desks.deliveries.retry(director(), FLIGHT)
    await look(evening)
    assert [operation for operation, _ in await rows(evening)] == ["post", "edit"]


async def test_giving_up_a_channels_parked_posts_gives_up_its_board(evening: House) -> None:
    await pin(evening)
    await pin(evening, BoardKind.PADS, PADS)
    await park(evening, "post")
    done = await evening.desks.deliveries.drop(director(), PADS, "the channel is gone")
    assert [board.kind for board in done.value.unpinned] == [BoardKind.PADS]
    assert await evening.rows("SELECT channel_id FROM boards") == [(FLIGHT,)]


async def test_a_board_that_is_given_up_is_taken_away_where_the_channel_takes_that(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    await look(evening)
    await park(evening, "edit", "render_failed")
    await evening.desks.deliveries.drop(director(), FLIGHT, "nobody needs it")
    assert isinstance((await rows(evening))[-1][1], BoardRemoved)
    assert await evening.rows("SELECT channel_id FROM boards") == []


async def test_the_day_that_turns_does_not_hurry_a_board(evening: House) -> None:
    await pin(evening)
    await sent(evening)
    evening.clock.move_to(at("2025-11-27T23:59:55"))
    await evening.create("Soyuz MS-30")
    await look(evening, timedelta(0))
    (due,) = await evening.rows("SELECT due_at FROM boards")
    assert from_us(int(str(due[0]))) == at("2025-11-28T00:00:05")


async def test_a_post_that_is_known_to_be_gone_is_made_anew_with_the_next_look(evening: House) -> None:
    await pin(evening)
    await evening.database.write(lambda tx: tx.execute("UPDATE outbox SET state = 'delivered_deleted', settled_at = 0"))
    await evening.create("Soyuz MS-30")
    await look(evening)
    assert [operation for operation, _ in await rows(evening)] == ["post", "post"]


async def test_another_workspaces_changes_do_not_touch_a_board(evening: House) -> None:
    await pin(evening)
    await evening.set_up(2)
    assert await look(evening) == 0


async def test_boards_show_what_the_commands_answer(evening: House) -> None:
    await evening.desks.pads.add(pad_chief(), AddPad("Site 1S", "Vostochny", "Soyuz-2.1a", "cargo"))
    await evening.desks.pads.add(pad_chief(), AddPad("Site 1/5", "Baikonur", "Soyuz-FG", lifecycle=Lifecycle.RETIRED))
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.CRITICAL, "the cabin fell"))
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    await evening.desks.flights.clear(director(), "Soyuz MS-28", Clearance.EMERGENCY_ONLY, "a hole", None)
    for kind, where in zip(BoardKind, (FLIGHT, PADS, CREW), strict=True):
        await pin(evening, kind, where)
    ((_, missions),) = await rows(evening, FLIGHT)
    assert isinstance(missions, MissionBoard)
    soyuz, progress = missions.missions
    assert (soyuz.phase, soyuz.place, soyuz.clearance) == (
        Phase.DOCKED,
        ("ISS", "Rassvet nadir"),
        Clearance.EMERGENCY_ONLY,
    )
    assert soyuz.lifted_off_at == at("2025-11-27T09:27") + timedelta(seconds=57)
    assert progress.risk is not None
    assert (progress.risk.pad, progress.risk.blocked) == ("Site 31/6", Blocked.POSSIBLY)
    ((_, pads),) = await rows(evening, PADS)
    assert isinstance(pads, PadBoard)
    assert [(pad.pad, pad.status) for pad in pads.pads] == [
        ("Site 31/6", PadStatus.OUT_OF_SERVICE),
        ("Site 1S", PadStatus.OPERATIONAL),
    ]
    assert [launch.mission for launch in pads.pads[0].blocked] == ["Progress MS-33"]
    assert [gone.kind.value for gone in pads.gone] == ["crew"]
    ((_, crew),) = await rows(evening, CREW)
    assert isinstance(crew, CrewBoard)
    (station,) = crew.stations
    assert [(one.person, one.up, one.down) for one in station.aboard] == [
        ("Sergei Mikaev", "Soyuz MS-28", "Soyuz MS-28")
    ]
    assert (station.seated, station.emergency, station.without) == (0, ("Sergei Mikaev",), ())
