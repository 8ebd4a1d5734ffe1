"""Reminders that members set themselves: typed, asked about, delivered privately or here, put off, cancelled."""

from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord import MemberActor

from domain.member_reminders import OPEN_MAX
from tests.commands.world import Answer, World, buttons_of, words_of

SECRET = "call the range about **valve 4** @everyone"
NEXT_MORNING = datetime(2025, 11, 28, 6, tzinfo=UTC)
"""Nine o'clock in Moscow."""


async def direct_messages(world: World, member: MemberActor) -> list[discord.Message]:
    """What the bot wrote to a member directly, oldest first."""
    await world.settle()
    channel = world.application.client.get_partial_messageable(member.user.dm_channel.id)
    return [message async for message in channel.history(limit=None, oldest_first=True) if message.embeds]


async def press_directly(member: MemberActor, message: discord.Message, label: str) -> Answer:
    """Press a button in direct messages."""
    return Answer(await member.user.click(message, label=label))


async def with_zone(world: World, member: MemberActor, zone: str = "Europe/Moscow") -> None:
    assert "Not done" not in (await world.slash(member, "remind zone", timezone=zone)).text


async def reminded(world: World, member: MemberActor) -> discord.Message:
    """A private reminder that has come: the post in the member's direct messages."""
    await world.slash(member, "remind me", when="in 10 minutes", text=SECRET)
    await world.move_by(timedelta(minutes=11))
    return (await direct_messages(world, member))[-1]


# --- private reminders -------------------------------------------------------------------------------------------------


async def test_a_reminder_of_ones_own_comes_by_direct_message_and_nowhere_else(world: World) -> None:
    set_ = await world.slash(world.guest, "remind me", when="in 20 minutes", text=SECRET)
    assert set_.private
    assert "RM-1" in set_.text
    assert "27 Nov 2025 18:20 UTC" in set_.text
    await world.move_by(timedelta(minutes=19))
    assert await direct_messages(world, world.guest) == []
    await world.move_by(timedelta(minutes=2))
    (message,) = await direct_messages(world, world.guest)
    said = words_of(message.embeds[0])
    assert "valve 4" in said
    assert "**valve" not in said
    assert "Delayed" not in said
    assert "RM-1" in said
    assert message.content == ""
    for channel in (world.corner, world.flight, world.pads):
        assert "valve" not in str(await world.posts(channel))


async def test_the_receipt_says_what_was_understood_and_takes_it_back(world: World) -> None:
    await with_zone(world, world.guest, "Asia/Almaty")
    set_ = await world.slash(world.guest, "remind me", when="tomorrow 9:00", text=SECRET)
    assert "28 Nov 2025 04:00 UTC" in set_.text
    assert "28 Nov 2025 09:00 in Asia/Almaty" in set_.text
    cancelled = await world.press(world.guest, set_.message, "Cancel this reminder")
    assert "RM-1 is cancelled" in cancelled.text
    await world.move_by(timedelta(days=2))
    assert await direct_messages(world, world.guest) == []


async def test_what_is_typed_stands_in_no_state_of_the_journal(world: World) -> None:
    await reminded(world, world.guest)
    found = await world.application.database.read(lambda reader: reader.fetch("SELECT state FROM journal"))
    assert "valve" not in str([tuple(row) for row in found])
    kept = await world.application.database.read(lambda reader: reader.fetch("SELECT * FROM journal_personal"))
    assert "valve" in str([tuple(row) for row in kept])


async def test_where_a_member_lives_can_be_erased_from_the_journal(world: World) -> None:
    await with_zone(world, world.guest, "Asia/Kathmandu")
    read = world.application.database.read
    assert "Kathmandu" not in str(
        [tuple(row) for row in await read(lambda reader: reader.fetch("SELECT state FROM journal"))]
    )
    kept = await read(lambda reader: reader.fetch("SELECT * FROM journal_personal"))
    assert "Kathmandu" in str([tuple(row) for row in kept])


async def test_of_anothers_private_reminder_nobody_learns(world: World) -> None:
    await world.slash(world.guest, "remind me", when="in 20 minutes", text=SECRET)
    for member in (world.director, world.operator):
        listed = await world.slash(member, "remind list")
        assert "RM-1" not in listed.text
        assert await world.complete(member, "remind cancel", "reminder", "") == []

        async def cancel(member: MemberActor = member) -> Answer:
            return await world.slash(member, "remind cancel", reminder="RM-1")

        never_was = await world.slash(member, "remind cancel", reminder="RM-7")
        assert (await world.refused(cancel)).text.replace("RM-1", "RM-7") == never_was.text
    own = await world.slash(world.guest, "remind list")
    assert own.private
    assert "RM-1" in own.text
    assert "only you" in own.text


async def test_pages_of_the_list_turn_where_only_their_member_sees_them(world: World) -> None:
    shown = await world.slash(world.guest, "remind list")
    assert "page 2" in (await world.press(world.guest, shown.message, "Next ▶")).text
    # A page that stands in the open, from when the list was everybody's, would show the presser's own to all.
    assert "Not done" in (await world.press_id(world.guest, "gantry:page:coming¦1")).text


async def test_quiet_hours_do_not_delay_what_a_member_asked_for(world: World) -> None:
    await world.slash(world.director, "ops set", key="quiet_from", value="20:00")
    await world.slash(world.director, "ops set", key="quiet_until", value="08:00")
    await with_zone(world, world.guest)
    await world.slash(world.guest, "remind me", when="23:30", text=SECRET)
    await world.move_to(datetime(2025, 11, 27, 20, 30, tzinfo=UTC))
    assert len(await direct_messages(world, world.guest)) == 1


# --- zones -------------------------------------------------------------------------------------------------------------


async def test_the_zone_is_asked_for_once_and_sending_it_sets_the_reminder(world: World) -> None:
    asked = await world.slash(world.guest, "remind me", when="tomorrow 9:00", text=SECRET)
    assert asked.form
    set_ = await world.fill(world.guest, asked, timezone="asia/almaty")
    assert "28 Nov 2025 04:00 UTC" in set_.text
    assert set_.private
    again = await world.slash(world.guest, "remind me", when="tomorrow 10:00", text=SECRET)
    assert again.form is None
    assert "28 Nov 2025 05:00 UTC" in again.text
    assert "Asia/Almaty" in (await world.slash(world.guest, "remind zone")).text


@pytest.mark.parametrize("when", ["in 2 hours", "23:30 MSK", "2026-07-27 10:30 Europe/Moscow"])
async def test_where_the_zone_makes_no_difference_nobody_is_asked(world: World, when: str) -> None:
    answer = await world.slash(world.guest, "remind me", when=when, text=SECRET)
    assert answer.form is None
    assert "RM-1" in answer.text


async def test_what_repeats_needs_a_zone_even_from_a_span(world: World) -> None:
    assert (await world.slash(world.guest, "remind me", when="in 2 hours", text=SECRET, repeat="daily")).form


async def test_a_wrong_zone_in_the_form_loses_nothing_that_was_typed(world: World) -> None:
    asked = await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="call the range")
    answer = await world.fill(world.guest, asked, timezone="Mars/Jezero")
    assert "I do not know the time zone" in answer.text
    assert "call the range" in answer.text
    assert "ask when a reminder needs it" in (await world.slash(world.guest, "remind zone")).text


async def test_a_changed_zone_is_for_what_is_set_from_then_on(world: World) -> None:
    await with_zone(world, world.guest)
    await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="first", repeat="daily")
    changed = await world.slash(world.guest, "remind zone", timezone="asia/tokyo")
    assert "Asia/Tokyo" in changed.text
    assert changed.private
    await world.slash(world.guest, "remind me", when="2025-11-29 9:00", text="second")
    await world.move_to(datetime(2025, 11, 29, 6, 1, tzinfo=UTC))
    said = [words_of(message.embeds[0]) for message in await direct_messages(world, world.guest)]
    assert [next(word for word in ("first", "second") if word in text) for text in said] == ["first", "second", "first"]


async def test_what_the_channel_reads_of_its_reminder_does_not_say_where_its_member_lives(world: World) -> None:
    await with_zone(world, world.director)
    set_ = await world.slash(world.director, "remind here", when="tomorrow 9:00", text="stand-up", repeat="weekdays")
    assert "28 Nov 2025 06:00 UTC" in set_.text
    assert "Moscow" not in set_.text
    cancelled = await world.slash(world.director, "remind cancel", reminder="RM-1")
    assert "Moscow" not in cancelled.text


# --- repeating ---------------------------------------------------------------------------------------------------------


async def test_what_repeats_on_weekdays_leaves_the_weekend_out_until_it_is_cancelled(world: World) -> None:
    await with_zone(world, world.guest)
    set_ = await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="stand-up", repeat="weekdays")
    assert "Monday to Friday at 09:00 in Europe/Moscow" in set_.text
    await world.move_to(datetime(2025, 12, 2, 12, tzinfo=UTC))
    messages = await direct_messages(world, world.guest)
    assert [message.created_at.strftime("%a %H") for message in messages] == ["Fri 06", "Mon 06", "Tue 06"]
    assert "next 3 Dec 2025 06:00 UTC" in words_of(messages[-1].embeds[0])
    await world.slash(world.guest, "remind cancel", reminder="RM-1")
    await world.move_by(timedelta(days=3))
    assert len(await direct_messages(world, world.guest)) == 3


# --- here --------------------------------------------------------------------------------------------------------------


async def test_a_reminder_here_comes_in_the_channel_and_pings_only_who_set_it(world: World) -> None:
    set_ = await world.slash(world.operator, "remind here", when="in 1 h", text="handover @everyone <@&1>")
    assert not set_.private
    assert "RM-1" in (await world.slash(world.guest, "remind list")).text
    await world.move_by(timedelta(hours=2))
    (message,) = await world.messages(world.corner)
    assert message.content == f"<@{world.operator.id}>"
    assert [user.id for user in message.mentions] == [world.operator.id]
    assert not message.mention_everyone
    assert message.role_mentions == []
    assert "handover" in words_of(message.embeds[0])


async def test_a_channels_reminder_is_cancelled_by_who_operates(world: World) -> None:
    await world.slash(world.operator, "remind here", when="in 1 h", text="handover")
    refused = await world.slash(world.guest, "remind cancel", reminder="RM-1")
    assert "This needs the capability" in refused.text
    assert await world.complete(world.director, "remind cancel", "reminder", "hand") == ["RM-1"]
    assert "is cancelled" in (await world.slash(world.director, "remind cancel", reminder="1")).text
    assert "not waiting any more" in (await world.slash(world.director, "remind cancel", reminder="RM-1")).text
    await world.move_by(timedelta(hours=2))
    assert await world.posts(world.corner) == []


async def test_a_channels_reminder_is_nobodys_affair_who_cannot_see_the_channel(world: World) -> None:
    await world.slash(world.operator, "remind here", when="in 2 hours", text="ask about valve 4", where=world.pads)
    assert "valve 4" in (await world.slash(world.guest, "remind list")).text
    assert await world.complete(world.director, "remind cancel", "reminder", "") == ["RM-1"]
    world.deny(world.pads, view_channel=True)
    assert "RM-1" not in (await world.slash(world.guest, "remind list")).text
    assert "valve 4" in (await world.slash(world.operator, "remind list")).text
    second = world.guild.add_member(world.env.create_user("second"), roles=[world.roles["operators"]])
    assert await world.complete(second, "remind cancel", "reminder", "") == []
    refused = await world.refused(lambda: world.slash(second, "remind cancel", reminder="RM-1"))
    assert "There is no reminder RM-1" in refused.text


async def test_a_channel_whose_history_cannot_be_read_takes_no_reminder(world: World) -> None:
    world.deny(world.corner, read_message_history=True)
    answer = await world.slash(world.operator, "remind here", when="in 1 h", text="handover")
    assert "Read Message History" in answer.text


# --- putting off -------------------------------------------------------------------------------------------------------


async def test_a_reminder_is_put_off_as_often_as_is_wanted_and_pressing_twice_is_once(world: World) -> None:
    message = await reminded(world, world.guest)
    assert [button.label for button in buttons_of(message)] == ["In 10 minutes", "In 1 hour", "Tomorrow morning"]
    first = await press_directly(world.guest, message, "In 1 hour")
    length = await world.journal_length()
    second = await press_directly(world.guest, message, "In 1 hour")
    assert first.text == second.text
    assert "27 Nov 2025 19:11 UTC" in first.text
    assert first.private
    assert await world.journal_length() == length
    await world.move_by(timedelta(hours=3))
    assert len(await direct_messages(world, world.guest)) == 2
    await press_directly(world.guest, (await direct_messages(world, world.guest))[-1], "In 10 minutes")
    await world.move_by(timedelta(hours=3))
    assert len(await direct_messages(world, world.guest)) == 3


async def test_the_last_choice_counts(world: World) -> None:
    message = await reminded(world, world.guest)
    await press_directly(world.guest, message, "In 10 minutes")
    await press_directly(world.guest, message, "Tomorrow morning")
    await world.move_by(timedelta(hours=5))
    assert len(await direct_messages(world, world.guest)) == 1
    await world.move_to(NEXT_MORNING)
    assert len(await direct_messages(world, world.guest)) == 2


async def test_the_buttons_work_after_a_restart(world: World) -> None:
    message = await reminded(world, world.guest)
    await world.restart()
    assert "comes again" in (await press_directly(world.guest, message, "In 10 minutes")).text
    await world.move_by(timedelta(minutes=11))
    assert len(await direct_messages(world, world.guest)) == 2


async def test_a_channels_reminder_is_put_off_by_any_who_operate_and_its_buttons_stay(world: World) -> None:
    await world.slash(world.operator, "remind here", when="in 10 minutes", text="handover")
    await world.move_by(timedelta(minutes=11))
    (message,) = await world.messages(world.corner)
    assert "This needs the capability" in (await world.press(world.guest, message, "In 1 hour")).text
    assert "comes again" in (await world.press(world.director, message, "In 10 minutes")).text
    assert buttons_of((await world.messages(world.corner))[0])
    await world.move_by(timedelta(minutes=11))
    assert len(await world.posts(world.corner)) == 2


async def test_a_series_is_ended_where_it_came_also_by_who_has_left_the_server(world: World) -> None:
    await with_zone(world, world.guest)
    await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="stand-up", repeat="daily")
    await world.move_to(NEXT_MORNING)
    (message,) = await direct_messages(world, world.guest)
    assert [button.label for button in buttons_of(message)][-1] == "Stop repeating"
    stranger = await world.press_id(world.operator, f"gantry:stopown:{world.guild.id}:1")
    assert "no such reminder" in stranger.text.casefold() or "Not done" in stranger.text
    assert "RM-1 is cancelled" in (await press_directly(world.guest, message, "Stop repeating")).text
    await world.move_by(timedelta(days=2))
    assert len(await direct_messages(world, world.guest)) == 1
    assert "Not done" in (await press_directly(world.guest, message, "Stop repeating")).text


async def test_what_was_cancelled_cannot_be_put_off_and_says_so(world: World) -> None:
    await with_zone(world, world.guest)
    await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="stand-up", repeat="daily")
    await world.move_to(NEXT_MORNING)
    (message,) = await direct_messages(world, world.guest)
    await world.slash(world.guest, "remind cancel", reminder="RM-1")
    assert "RM-1 was cancelled" in (await press_directly(world.guest, message, "In 1 hour")).text
    await world.move_by(timedelta(days=2))
    assert len(await direct_messages(world, world.guest)) == 1


@pytest.mark.parametrize("argument", ["{other}:1:1h", "{guild}:2:1h", "{guild}:1:1h", "7:1:1h"])
async def test_a_forged_button_finds_nothing(world: World, argument: str) -> None:
    await world.slash(world.operator, "remind here", when="in 10 minutes", text="handover")
    await world.slash(world.operator, "remind me", when="in 10 minutes", text=SECRET)
    before = await world.journal_length()
    named = argument.format(guild=world.guild.id, other=world.stranger.guild.id)
    answer = await world.press_id(world.guest, f"gantry:snoozeown:{named}")
    assert "Not done" in answer.text
    assert "valve" not in answer.text
    assert await world.journal_length() == before


async def test_a_forged_button_in_direct_messages_tells_nobody_of_another_server(world: World) -> None:
    """Not even whether it is set up."""
    await reminded(world, world.guest)
    known = await world.application.client.fetch_user(world.guest.id)
    texts = set()
    for workspace in (world.stranger.guild.id, 7):
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="old", custom_id=f"gantry:snoozeown:{workspace}:1:1h"))
        message = await known.send("an old message", view=view)
        view.stop()
        texts.add((await press_directly(world.guest, message, "old")).text)
    assert len(texts) == 1
    assert "There is no reminder RM-1 of yours here" in texts.pop()


@pytest.mark.parametrize(
    "custom_id",
    ["snooze:1", "snooze:1:2h", "snoozeown:1:1h", "snoozeown:x:1:1h", "stopown:1", "stopown:x:1", "showreminder:x"],
)
async def test_a_button_that_names_nothing_is_stale(world: World, custom_id: str) -> None:
    assert "Not done" in (await world.press_id(world.operator, f"gantry:{custom_id}")).text


# --- closed direct messages --------------------------------------------------------------------------------------------


async def test_closed_direct_messages_are_said_where_it_was_set_without_what_it_says(world: World) -> None:
    there = f"*/channels/{world.guest.user.dm_channel.id}/messages"
    world.env.inject_error("POST", there, status=403, code=50007, times=None)
    await world.slash(world.guest, "remind me", when="in 10 minutes", text=SECRET)
    await world.move_by(timedelta(minutes=11))
    assert await direct_messages(world, world.guest) == []
    (message,) = await world.messages(world.corner)
    assert "could not be delivered" in words_of(message.embeds[0])
    assert "valve" not in words_of(message.embeds[0])
    assert [user.id for user in message.mentions] == [world.guest.id]
    assert "reminder" not in str(await world.posts(world.flight))
    shown = await world.press(world.guest, message, "Show it to me")
    assert shown.private
    assert "valve 4" in shown.text
    assert "There is no reminder" in (await world.press(world.operator, message, "Show it to me")).text


@pytest.mark.parametrize("who", ["guest", "operator"])
async def test_what_repeats_and_does_not_reach_its_member_can_be_ended_there(world: World, who: str) -> None:
    """By its member, or by whoever may cancel a channel's: its member may be gone. What it says stays private."""
    there = f"*/channels/{world.guest.user.dm_channel.id}/messages"
    world.env.inject_error("POST", there, status=403, code=50007, times=None)
    await world.slash(world.guest, "remind zone", timezone="UTC")
    await world.slash(world.guest, "remind me", when="in 10 minutes", text=SECRET, repeat="daily")
    await world.move_by(timedelta(minutes=11))
    (message,) = await world.messages(world.corner)
    stopped = await world.press(getattr(world, who), message, "Stop repeating")
    assert stopped.private
    assert "RM-1 is cancelled" in stopped.text
    assert "valve" not in stopped.text
    assert "not waiting any more" in (await world.press(world.guest, message, "Stop repeating")).text
    await world.move_by(timedelta(days=2))
    assert len(await world.messages(world.corner)) == 1


async def test_what_comes_once_has_nothing_to_stop(world: World) -> None:
    there = f"*/channels/{world.guest.user.dm_channel.id}/messages"
    world.env.inject_error("POST", there, status=403, code=50007, times=None)
    await world.slash(world.guest, "remind me", when="in 10 minutes", text=SECRET)
    await world.move_by(timedelta(minutes=11))
    (message,) = await world.messages(world.corner)
    stop = await world.press_id(world.operator, "gantry:stopreminder:7")
    assert "There is no reminder" in stop.text
    assert [button.label for button in buttons_of(message)] == ["Show it to me"]


async def test_when_the_channel_is_gone_too_the_ops_channel_hears_of_that(world: World) -> None:
    await world.slash(world.guest, "remind me", when="in 10 minutes", text=SECRET, where=world.pads)
    for channel_id in (world.guest.user.dm_channel.id, world.pads.id):
        there = f"*/channels/{channel_id}/messages"
        world.env.inject_error(
            "POST", there, status=403, code=50007 if channel_id != world.pads.id else 50001, times=None
        )
    await world.move_by(timedelta(minutes=11))
    notice = (await world.posts())[-1]
    assert f"<#{world.pads.id}>" in notice
    assert "parked" in notice
    assert "valve" not in notice


async def test_where_discord_opens_no_direct_messages_nothing_is_set(world: World) -> None:
    world.env.inject_error("POST", "*/users/@me/channels", status=500, times=None)

    async def act() -> Answer:
        return await world.slash(world.guest, "remind me", when="in 10 minutes", text=SECRET)

    assert "did not open" in (await world.refused(act)).text


# --- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "text", "said"),
    [
        ("yesterday", "x", "is not a time I can remind you at"),
        ("2020-01-01 9:00 UTC", "x", "has passed already"),
        ("2040-01-01 9:00 UTC", "x", "more than 10 years ahead"),
        ("in 1 h", "x" * 1001, "at most 1000 fit"),
        ("in 1 h", "\u200b", "empty"),
    ],
)
async def test_what_cannot_be_set_is_refused_with_what_to_do(world: World, when: str, text: str, said: str) -> None:
    async def act() -> Answer:
        return await world.slash(world.guest, "remind me", when=when, text=text)

    assert said in (await world.refused(act)).text


async def test_a_member_has_so_many_reminders_and_no_more(world: World) -> None:
    message = await reminded(world, world.guest)
    for _ in range(OPEN_MAX):
        assert "Not done" not in (await world.slash(world.guest, "remind me", when="in 5 h", text="x")).text
    assert "At most 100" in (await world.slash(world.guest, "remind me", when="in 5 h", text="x")).text
    assert "At most 100" in (await press_directly(world.guest, message, "In 1 hour")).text
    assert "Not done" not in (await world.slash(world.operator, "remind me", when="in 5 h", text="x")).text
    await world.slash(world.guest, "remind cancel", reminder="RM-2")
    assert "comes again" in (await press_directly(world.guest, message, "In 1 hour")).text
