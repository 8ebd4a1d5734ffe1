"""/board as members use it: pinned, seen to change in place, moved to the end, posted anew when somebody deleted it, taken down."""

from datetime import timedelta

import discord

from domain.boards import SPACING
from tests.commands.world import World, words_of


async def boards(world: World) -> list[str]:
    return [words_of(message.embeds[0]) for message in await world.messages(world.pads)]


async def delete_all(world: World) -> None:
    for message in await world.messages(world.pads):
        await message.delete()


async def test_a_pinned_board_is_one_message_that_changes_in_place(world: World) -> None:
    answer = await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    assert answer.private
    assert "📌 Pinned: missions board" in answer.text
    assert f"<#{world.pads.id}>" in answer.text
    (before,) = await world.messages(world.pads)
    assert "next: launch, 19 Dec 2025" in words_of(before.embeds[0])
    await world.slash(
        world.operator, "mission move", mission="Progress MS-33", event="launch", when="2025-12-24", reason="weather"
    )
    await world.move_by(SPACING)
    (after,) = await world.messages(world.pads)
    assert after.id == before.id
    assert "next: launch, 24 Dec 2025" in words_of(after.embeds[0])
    assert "As of 27 Nov 2025 18:00" in words_of(after.embeds[0])


async def test_a_damage_report_is_seen_on_the_pads_board_and_people_on_the_crew_board(world: World) -> None:
    for kind in ("pads", "crew"):
        await world.slash(world.operator, "board pin", where=world.pads, kind=kind)
    await world.slash(world.pad_chief, "pad report", pad="Site 1S", severity="major", summary="Crane is stuck")
    await world.slash(world.operator, "crew return", person="Sergei Mikaev")
    await world.move_by(SPACING)
    pads, crew = await boards(world)
    assert "Site 1S**, Vostochny Cosmodrome — 🟠 restricted" in pads
    assert "Crane is stuck" in pads
    assert "⚠️ **1** can leave only in an emergency.\n• Sergei Mikaev" in crew
    assert "⚠️ no ride down\n• **Sergei Mikaev**" in crew


async def test_the_days_are_counted_anew_when_the_day_turns(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    assert "R−242 days" in (await boards(world))[0]
    await world.move_by(timedelta(hours=7))
    (board,) = await boards(world)
    assert "R−241 days" in board
    assert "As of 28 Nov 2025 00:00 UTC" in board or "As of 28 Nov 2025 01:00 UTC" in board


async def test_a_board_that_was_deleted_comes_back_once(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    await delete_all(world)
    for day in (24, 25):
        await world.slash(
            world.operator,
            "mission move",
            mission="Progress MS-33",
            event="launch",
            when=f"2025-12-{day}",
            reason="weather",
        )
        await world.move_by(SPACING)
    (board,) = await boards(world)
    assert "next: launch, 25 Dec 2025" in board
    assert await world.posts(world.flight)
    assert "could not be delivered" not in "\n".join(await world.posts(world.flight))


async def test_pinned_again_it_moves_to_the_end_of_the_channel(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    await world.slash(world.operator, "board pin", kind="pads", channel=world.pads)
    answer = await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    assert "It was pinned in" in answer.text
    titles = [board.splitlines()[0] for board in await boards(world)]
    assert titles == ["🏗️ Launch pads", "🛰️ Missions"]


async def test_taken_down_it_is_gone_and_stays_gone(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="crew", channel=world.pads)
    assert len(await boards(world)) == 1
    answer = await world.slash(world.operator, "board unpin", kind="crew", channel=world.pads)
    assert "📌 Taken down: crew board" in answer.text
    assert await boards(world) == []
    await world.move_by(timedelta(days=2))
    assert await boards(world) == []
    again = await world.refused(lambda: world.slash(world.operator, "board unpin", kind="crew", channel=world.pads))
    assert "`/announce list`" in again.text


async def test_the_list_of_subscriptions_links_to_every_board(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="crew", channel=world.pads)
    (message,) = await world.messages(world.pads)
    answer = await world.slash(world.guest, "announce list")
    assert f"**crew board** · [the message]({message.jump_url})" in answer.text


async def test_a_channel_that_cannot_be_read_gets_no_board(world: World) -> None:
    world.deny(world.pads, read_message_history=True)
    answer = await world.refused(lambda: world.slash(world.operator, "board pin", kind="crew", channel=world.pads))
    assert f"<#{world.pads.id}>" in answer.text


async def test_a_language_that_nobody_translated_is_refused(world: World) -> None:
    answer = await world.refused(lambda: world.slash(world.operator, "board pin", kind="crew", language="tlh"))
    assert "tlh" in answer.text


async def test_a_board_that_discord_does_not_take_is_told_listed_and_given_up(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="crew", channel=world.pads)
    await world.settle()
    world.deny(world.pads, view_channel=True)
    await world.move_by(timedelta(hours=4))
    assert any("could not be delivered and is parked" in post for post in await world.posts(world.flight))
    listed = await world.slash(world.operator, "announce list")
    assert "Discord does not take it: `/ops status`" in listed.text
    status = await world.slash(world.operator, "ops status")
    form = await world.press(world.operator, status.message, "Give up: #pads")
    done = await world.fill(world.operator, form, reason="nobody looks at it")
    assert "No longer pinned there: crew board." in done.text
    assert "crew board" not in (await world.slash(world.operator, "announce list")).text


async def test_a_restart_keeps_the_board(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="missions", channel=world.pads)
    (before,) = await world.messages(world.pads)
    await world.restart()
    await world.slash(world.operator, "mission create", name="Soyuz MS-40", vehicle="Soyuz-2.1a")
    await world.move_by(SPACING)
    (after,) = await world.messages(world.pads)
    assert isinstance(after, discord.Message)
    assert after.id == before.id
    assert "Soyuz MS-40" in words_of(after.embeds[0])
