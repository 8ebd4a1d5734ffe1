"""/announce, /remind and /ops: what channels hear and when, and how a server is set up."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction

from tests.commands.world import Answer, World, buttons_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def titles(posts: list[str]) -> list[str]:
    return [post.split("\n")[0] for post in posts]


async def test_a_channel_hears_only_what_it_subscribed_to(world: World) -> None:
    answer = await world.slash(
        world.operator, "announce subscribe", topic="pad", channel=world.pads, pad="site 31-6", severity="major"
    )
    assert "✅ Subscribed: pad" in answer.text
    assert "only Site 31/6" in answer.text
    assert "damage from major up" in answer.text
    for pad, severity in (("Site 31/6", "minor"), ("Site 1S", "critical"), ("Site 31/6", "major")):
        await world.slash(world.pad_chief, "pad report", pad=pad, severity=severity, summary="Seen")
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Someone", role="Commander")
    assert titles(await world.posts(world.pads)) == ["🚧 DR-4: damage at Site 31/6, Baikonur Cosmodrome"]
    assert len(await world.posts(world.flight)) == 5  # the critical one with its impact


async def test_without_a_channel_the_one_typed_in_is_subscribed(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", where=world.pads, topic="crew", mission="Soyuz MS-29")
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Someone", role="Commander")
    assert titles(await world.posts(world.pads)) == ["👩‍🚀 Someone flies on Soyuz MS-29"]


async def test_a_post_mentions_only_the_role_its_subscription_names(world: World) -> None:
    crew = world.roles["pad crew"]
    await world.slash(world.operator, "announce subscribe", where=world.pads, topic="pad", mention=crew)
    await world.slash(
        world.pad_chief, "pad report", where=world.pads, pad="Site 1S", severity="minor", summary="@everyone <@&1> look"
    )
    message = (await world.messages(world.pads))[0]
    assert message.content == f"<@&{crew.id}>"
    assert not message.mention_everyone
    assert [role.id for role in message.role_mentions] == [crew.id]
    assert "@everyone" not in "\n".join(await world.posts(world.pads))


async def test_the_same_subscription_twice_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.operator, "announce subscribe", topic="all", channel=world.flight)
    )
    assert "hears exactly this already" in answer.text


async def test_a_channel_where_the_bot_may_not_post_or_read_back_is_refused(world: World) -> None:
    guild = world.guild
    silent = guild.create_text_channel(
        "silent", overwrites={guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    forgetful = guild.create_text_channel(
        "forgetful", overwrites={guild.default_role: discord.PermissionOverwrite(read_message_history=False)}
    )
    for channel, words in ((silent, "I cannot post in"), (forgetful, "I may not read the history of")):

        async def act(channel: object = channel) -> Answer:
            return await world.slash(world.operator, "announce subscribe", topic="all", channel=channel)

        assert words in (await world.refused(act)).text


async def test_subscriptions_are_listed_with_what_they_carry(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="crew", channel=world.pads, mission="Soyuz MS-29")
    answer = await world.slash(world.guest, "announce list")
    assert not answer.private
    assert f"<#{world.flight.id}> — **all**" in answer.text
    assert (
        f"<#{world.pads.id}> — **crew** · who flies on what, clearance to return, medical matters · only Soyuz MS-29"
        in (answer.text)
    )


async def test_an_unknown_language_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.operator, "announce subscribe", topic="crew", language="tlh")
    )
    assert "I do not speak “tlh” yet" in answer.text


async def test_a_countdown_arrives_when_its_time_comes(world: World) -> None:
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-29", event="launch", when="2025-12-09 05:03", reason="known"
    )
    await world.move_to(at("2025-12-09T05:05:00"))
    counted = [title for title in titles(await world.posts()) if "Soyuz MS-29 · launch" in title]
    assert counted == [
        "📅 New date: Soyuz MS-29 · launch",
        "⏳ L−7 days: Soyuz MS-29 · launch",
        "⏳ L−1 day: Soyuz MS-29 · launch",
        "⏳ L−12 h: Soyuz MS-29 · launch",
        "⏳ L−1 h: Soyuz MS-29 · launch",
        "⏳ L−10 m: Soyuz MS-29 · launch",
        "🕛 Soyuz MS-29 · launch: now",
    ]


async def test_an_events_own_countdown_replaces_the_default(world: World) -> None:
    shown = await world.slash(world.guest, "remind countdown", event="Soyuz MS-27 · landing")
    assert not shown.private
    assert "the default for its kind" in shown.text
    answer = await world.slash(world.operator, "remind countdown", event="soyuz ms27 · landing", offsets="3d 2d")
    assert "`3d 2d 0`" in answer.text
    assert "set for this event" in answer.text
    await world.move_to(at("2025-12-08T00:00:00"))
    landing = [title for title in titles(await world.posts()) if "Soyuz MS-27 · landing" in title]
    assert landing == ["⏳ R−3 days: Soyuz MS-27 · landing", "⏳ R−2 days: Soyuz MS-27 · landing"]


async def test_a_move_takes_the_countdown_with_it(world: World) -> None:
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-27", event="landing", when="2026-02-01", reason="x"
    )
    await world.move_to(at("2025-12-10T12:00:00"))
    assert not [title for title in titles(await world.posts()) if title.startswith("⏳ R") and "MS-27" in title]


async def test_what_is_coming_up_is_listed_soonest_first(world: World) -> None:
    answer = await world.slash(world.guest, "remind list")
    assert answer.private  # it holds what is the member's own
    assert "Soyuz MS-27" in answer.text
    assert "RT-1 Clear the flame trench" in (await listed(world, "remind list"))


async def listed(world: World, command: str) -> str:
    """Every page of a list."""
    answer = await world.slash(world.guest, command)
    seen = [answer.text]
    while any(button.label == "Next ▶" and not button.disabled for button in buttons_of(answer.message)):
        answer = await world.press(world.guest, answer.message, "Next ▶")
        seen.append(answer.text)
    return "\n".join(seen)


async def test_a_countdown_of_nothing_known_is_refused_with_the_way_to_name_one(world: World) -> None:
    answer = await world.refused(lambda: world.slash(world.guest, "remind countdown", event="landing"))
    assert "mission · event" in answer.text


async def test_set_up_makes_a_server_ready_and_says_what_is_next(bare: World) -> None:
    answer = await bare.slash(bare.director, "ops setup", channel=bare.flight, timezone="Europe/Moscow", morning=8)
    assert answer.private
    for words in (
        "✅ This server is set up",
        f"<#{bare.flight.id}>",
        "Europe/Moscow",
        "08:00",
        "`/announce subscribe`",
    ):
        assert words in answer.text
    status = await bare.slash(bare.guest, "ops status")
    assert "🟢 Gantry is working" in status.text
    assert "Nobody but members with Manage Server" in status.text


async def test_set_up_needs_manage_server(bare: World) -> None:
    answer = await bare.slash(bare.guest, "ops setup")
    assert "This needs the capability **admin**" in answer.text
    assert "not set up yet" in (await bare.slash(bare.director, "mission status")).text


async def test_set_up_again_changes_the_settings_and_keeps_the_rest(world: World) -> None:
    await world.slash(world.director, "ops setup", channel=world.corner, timezone="UTC")
    status = await world.slash(world.guest, "ops status")
    assert f"<#{world.corner.id}>" in status.text
    assert "**Operators**" in status.text


@pytest.mark.parametrize(
    ("options", "words"), [({"timezone": "Mars/Olympus"}, "time zone"), ({"morning": 24}, "between 0 and 23")]
)
async def test_settings_that_make_no_sense_are_refused(world: World, options: dict[str, Any], words: str) -> None:
    assert words in (await world.refused(lambda: world.slash(world.director, "ops setup", **options))).text


async def test_a_grant_lets_a_role_do_what_it_could_not(world: World) -> None:
    report: dict[str, Any] = {"pad": "Site 1S", "severity": "minor", "summary": "Rust"}
    assert "This needs the capability" in (await world.slash(world.approver, "pad report", **report)).text
    answer = await world.slash(world.director, "ops grant", capability="pad", role=world.roles["approvers"])
    assert answer.private
    assert "**Approvers**" in answer.text
    assert "✅ DR-2 logged" in (await world.slash(world.approver, "pad report", **report)).text


async def test_granting_read_to_a_role_closes_reading_to_the_others(world: World) -> None:
    answer = await world.slash(world.director, "ops grant", capability="read", role=world.roles["operators"])
    assert "Reading is now open to these roles only." in answer.text
    assert "This needs the capability **read**" in (await world.slash(world.guest, "mission status")).text
    assert "Soyuz" in (await world.slash(world.operator, "mission status")).text
    assert await world.complete(world.guest, "mission status", "mission", "soyuz") == []


async def test_status_of_the_bot_counts_posts_and_names_who_may_do_what(world: World) -> None:
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Someone", role="Commander")
    await world.settle()
    answer = await world.slash(world.guest, "ops status")
    assert not answer.private
    for words in ("sent: 1", "**Operators**", "**Pad crew**", "Europe/Moscow, 09:00", "entries"):
        assert words in answer.text


async def test_a_channel_the_bot_was_shut_out_of_is_parked_and_told_in_the_ops_channel(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="crew", channel=world.pads)
    world.env.inject_error("POST", f"/channels/{world.pads.id}/messages", status=403, code=50001, times=1)
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Someone", role="Commander")
    notices = [post for post in await world.posts() if "About myself" in post]
    assert len(notices) == 1
    assert f"<#{world.pads.id}> could not be delivered and is parked: I cannot see the channel." in notices[0]
    assert "🟠 Some posts are parked" in (await world.slash(world.guest, "ops status")).text


async def test_commands_are_not_there_in_direct_messages(world: World) -> None:
    assert world.guest.user.available_commands() == ()


async def test_a_command_that_arrives_from_a_direct_message_all_the_same_is_refused(world: World) -> None:
    user = world.guest.user
    known = world.env.backend.find_command("mission", None, type=1)
    assert known is not None
    data = {"id": known["id"], "name": "mission", "type": 1, "options": [{"type": 1, "name": "status", "options": []}]}
    answer = Answer(await _dispatch_actor_interaction(user, 2, user.dm_channel, data))
    assert "This works in a server only" in answer.text


async def test_a_thread_that_is_kept_from_the_bot_is_refused_by_name_of_what_is_missing(world: World) -> None:
    known = world.application.client.get_channel(world.pads.id)
    assert isinstance(known, discord.TextChannel)
    thread = await known.create_thread(name="closed circle", type=discord.ChannelType.public_thread)
    handle = next(handle for handle in world.pads.threads if handle.id == thread.id)
    known.guild._remove_thread(thread)  # as with a private or archived thread, which Discord does not tell the bot of
    answer = await world.refused(lambda: world.slash(world.operator, "announce subscribe", topic="all", channel=handle))
    assert f"I cannot post in <#{thread.id}>" in answer.text


async def test_after_an_outage_one_countdown_comes_marked_delayed(world: World) -> None:
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-29", event="launch", when="2025-12-09 05:03", reason="known"
    )
    await world.settle()
    await world.env.advance_time(timedelta(days=11, hours=3).total_seconds())
    late = [post for post in await world.posts() if "L−" in post]
    assert len(late) == 1
    assert "Delayed: this was due" in late[0]
