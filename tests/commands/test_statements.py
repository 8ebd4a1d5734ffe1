"""Statements: drafted by one, approved by another, posted once, corrected in place; and what is muted stays unsaid."""

from datetime import datetime
from functools import partial
from typing import Any

import discord

from tests.commands.world import World, buttons_of, words_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


async def statement(world: World) -> discord.Message:
    """The newest statement that stands in the flight channel."""
    found = [message for message in await world.messages() if "statement" in (message.embeds[0].title or "").casefold()]
    return next(
        message for message in reversed(found) if not buttons_of(message) and "📣" in words_of(message.embeds[0])
    )


async def test_a_draft_waits_in_the_ops_channel_and_is_posted_when_another_person_approves(world: World) -> None:
    drafted = await world.slash(world.operator, "announce post", text="The crew is well.", mission="Soyuz MS-28")
    assert drafted.private
    assert "📝 ST-1 drafted" in drafted.text
    card = (await world.messages())[-1]
    assert "a statement waits for approval" in words_of(card.embeds[0])
    assert [button.label for button in buttons_of(card)] == ["Approve and post", "Reject", "Withdraw"]
    approved = await world.press(world.approver, card, "Approve and post")
    assert approved.private
    assert f"It goes to <#{world.flight.id}>." in approved.text
    posted = await statement(world)
    assert words_of(posted.embeds[0]).startswith("📣 Soyuz MS-28: statement\nThe crew is well.")
    decided = next(message for message in await world.messages() if message.id == card.id)
    assert f"✅ Approved by <@{world.approver.id}>" in words_of(decided.embeds[0])
    assert buttons_of(decided) == []


async def test_nobody_approves_their_own_draft(world: World) -> None:
    await world.slash(world.director, "announce post", text="The crew is well.")
    card = (await world.messages())[-1]
    answer = await world.refused(lambda: world.press(world.director, card, "Approve and post"))
    assert "ST-1 is your own draft: another person with **approve** must approve it" in answer.text
    assert "Withdraw it instead" in (await world.refused(lambda: world.press(world.director, card, "Reject"))).text


async def test_a_draft_is_decided_once_whoever_presses(world: World) -> None:
    card = await world.draft("The crew is well.")
    custom_ids = {button.label: button.custom_id or "" for button in buttons_of(card)}
    await world.press_id(world.approver, custom_ids["Approve and post"])
    for member, label in (
        (world.director, "Approve and post"),
        (world.director, "Reject"),
        (world.operator, "Withdraw"),
    ):
        answer = await world.refused(partial(world.press_id, member, custom_ids[label]))
        assert "ST-1 is decided already" in answer.text
    assert sum("📣" in post for post in await world.posts()) == 1


async def test_a_draft_is_approved_after_a_restart(world: World) -> None:
    card = await world.draft("The crew is well.")
    await world.restart()
    assert "ST-1 approved" in (await world.press(world.approver, card, "Approve and post")).text
    assert "The crew is well." in words_of((await statement(world)).embeds[0])


async def test_a_rejected_or_withdrawn_draft_is_never_posted(world: World) -> None:
    rejected = await world.draft("First.")
    assert "❌ ST-1 rejected" in (await world.press(world.approver, rejected, "Reject")).text
    withdrawn = await world.draft("Second.")
    assert "↩️ ST-2 withdrawn" in (await world.press(world.operator, withdrawn, "Withdraw")).text
    assert not any("📣" in post for post in await world.posts())


async def test_a_statement_nobody_would_hear_is_refused(world: World) -> None:
    numbers = await world.complete(world.operator, "announce unsubscribe", "subscription", "")
    for number in numbers:
        await world.slash(world.operator, "announce unsubscribe", subscription=number)
    answer = await world.refused(lambda: world.slash(world.operator, "announce post", text="Hello."))
    assert "No channel hears statements yet" in answer.text
    aimed = await world.slash(world.operator, "announce post", text="Hello.", channel=world.pads)
    assert "ST-1 drafted" in aimed.text
    await world.press(world.approver, (await world.messages())[-1], "Approve and post")
    assert [words_of(message.embeds[0]).split("\n")[1] for message in await world.messages(world.pads)] == ["Hello."]


async def test_a_correction_edits_the_statement_in_place_and_says_what_changed(world: World) -> None:
    await world.post_statement("All three are in good health.")
    before = await statement(world)
    drafted = await world.slash(
        world.operator, "announce correct", announcement="ST-1", text="All three are well.", reason="said too much"
    )
    assert "📝 ST-2 drafted" in drafted.text
    assert words_of((await statement(world)).embeds[0]) == words_of(before.embeds[0])
    card = (await world.messages())[-1]
    assert "a correction of ST-1 waits for approval" in words_of(card.embeds[0])
    assert "ST-1 is edited in" in (await world.press(world.approver, card, "Approve and correct")).text
    after = await statement(world)
    assert after.id == before.id
    said = words_of(after.embeds[0])
    assert "All three are well." in said
    assert "✏️ Corrected: 27 Nov 2025" in said
    assert "said too much" in said
    assert "It said before: All three are in good health." in said
    assert sum("📣" in post for post in await world.posts()) == 1


async def test_of_two_corrections_of_one_text_the_second_is_refused(world: World) -> None:
    await world.post_statement("Three.")
    cards = []
    for text in ("Four.", "Five."):
        await world.slash(world.operator, "announce correct", announcement="ST-1", text=text, reason="counted again")
        cards.append((await world.messages())[-1])
    await world.press(world.approver, cards[0], "Approve and correct")
    answer = await world.refused(lambda: world.press(world.approver, cards[1], "Approve and correct"))
    assert "ST-1 was corrected since ST-3 was drafted" in answer.text
    assert "Four." in words_of((await statement(world)).embeds[0])


async def test_what_cannot_be_corrected_is_refused(world: World) -> None:
    await world.post_statement("Three.")
    refusals = {
        ("ST-7", "Four."): "There is no posted statement ST-7 here",
        ("ST-1", "Three."): "That is what ST-1 says already",
        ("DR-1", "Four."): "is not a number for `announcement`",
    }
    for (number, text), words in refusals.items():
        answer = await world.refused(
            partial(world.slash, world.operator, "announce correct", announcement=number, text=text, reason="why")
        )
        assert words in answer.text


async def test_of_a_muted_mission_nothing_is_said_but_what_goes_wrong(world: World) -> None:
    muted = await world.slash(world.operator, "announce mute", mission="Soyuz MS-29")
    assert "🔇 Muted: Soyuz MS-29" in muted.text
    move: dict[str, Any] = {"mission": "Soyuz MS-29", "event": "launch", "when": "2025-12-02 10:00", "reason": "ready"}
    moved = await world.slash(world.operator, "mission move", **move)
    assert not moved.private
    await world.move_to(at("2025-12-02T09:30:00"))
    assert not any("Soyuz MS-29" in post for post in await world.posts())
    assert (
        "🔇 Muted since 27 Nov 2025" in (await world.slash(world.guest, "mission status", mission="Soyuz MS-29")).text
    )
    await world.slash(
        world.operator, "mission fail", mission="Soyuz MS-29", event="launch", reason="abort", outcome="lost"
    )
    assert "Soyuz MS-29" in (await world.posts())[-1]


async def test_an_unmuted_mission_is_heard_again_and_nothing_is_made_up_for(world: World) -> None:
    await world.slash(world.operator, "announce mute", mission="Soyuz MS-29")
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Pilot")
    again = await world.slash(world.operator, "announce unmute", mission="Soyuz MS-29")
    assert "It was muted since 27 Nov 2025" in again.text
    before = len(await world.posts())
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Petr Dubrov", role="Engineer")
    assert [("Dubrov" in post, "Kikina" in post) for post in (await world.posts())[before:]] == [(True, False)]
    answer = await world.refused(lambda: world.slash(world.operator, "announce unmute", mission="Soyuz MS-29"))
    assert "Soyuz MS-29 is not muted" in answer.text


async def test_a_channel_that_unsubscribed_hears_no_more(world: World) -> None:
    (number,) = await world.complete(world.operator, "announce unsubscribe", "subscription", "all")
    ended = await world.slash(world.operator, "announce unsubscribe", subscription=number)
    assert f"<#{world.flight.id}> no longer hears: everything but the daily digest." in ended.text
    before = len(await world.posts())
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Pilot")
    assert len(await world.posts()) == before
    answer = await world.refused(lambda: world.slash(world.operator, "announce unsubscribe", subscription=number))
    assert "There is no subscription" in answer.text


async def test_a_role_that_nobody_may_mention_is_said_to_wake_nobody(world: World) -> None:
    woken = await world.slash(
        world.operator, "announce subscribe", topic="crew", channel=world.flight, mention=world.roles["medics"]
    )
    assert "nobody is woken" not in woken.text
    world.deny(world.pads, mention_everyone=True)
    quiet = await world.slash(
        world.operator, "announce subscribe", topic="crew", channel=world.pads, mention=world.roles["medics"]
    )
    assert "The role is shown and nobody is woken" in quiet.text


async def test_parked_posts_are_shown_with_the_reason_and_tried_again_or_given_up(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="crew", channel=world.pads)
    world.deny(world.pads, send_messages=True)
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Pilot")
    assert "could not be delivered and is parked" in (await world.posts())[-1]
    status = await world.slash(world.director, "ops status")
    assert "🟠 Some posts are parked" in status.text
    assert f"• <#{world.pads.id}>: 1 post, because I lack a permission there" in status.text
    assert status.labels == ["Try again: #pads", "Give up: #pads"]
    tried = await world.press(world.operator, status.message, "Try again: #pads")
    assert "1 parked post" in tried.text
    await world.settle()
    again = await world.slash(world.director, "ops status")
    assert again.labels == ["Try again: #pads", "Give up: #pads"]
    form = await world.press(world.operator, again.message, "Give up: #pads")
    given_up = await world.fill(world.operator, form, reason="nobody needs it")
    assert "will not be posted. It stays on record." in given_up.text
    assert "Parked" not in (await world.slash(world.director, "ops status")).text
    stale = await world.refused(lambda: world.press_id(world.operator, f"gantry:retry:{world.pads.id}"))
    assert "Nothing is parked" in stale.text


async def test_a_countdown_that_became_false_is_edited_and_set_right_when_it_is_true_again(world: World) -> None:
    move: dict[str, Any] = {"mission": "Soyuz MS-27", "event": "landing", "when": "2025-12-12", "reason": "weather"}
    await world.move_to(at("2025-12-02T12:00:00"))
    titles = [post.split("\n")[0] for post in await world.posts()]
    assert "⏳ R−7 days: Soyuz MS-27 · landing" in titles
    moved = await world.slash(world.operator, "mission move", **move)
    shown = await world.posts()
    assert not any(post.startswith("⏳ R−7 days: Soyuz MS-27") for post in shown)
    edited = next(post for post in shown if post.startswith("✏️ Soyuz MS-27 · landing: no longer so"))
    assert "**Now planned: 12 Dec 2025**\n~~⏳ R−7 days: Soyuz MS-27 · landing~~" in edited
    await world.press(world.operator, moved.message, "Undo")
    assert any(post.startswith("⏳ R−7 days: Soyuz MS-27") for post in await world.posts())


async def test_a_question_that_was_answered_elsewhere_loses_its_buttons_and_says_how(world: World) -> None:
    await world.move_to(at("2025-12-10T12:00:00"))
    await world.slash(world.operator, "mission done", mission="Soyuz MS-27", event="undocking", when="2025-12-09 01:41")
    found = [message for message in await world.messages() if "undocking: answered" in words_of(message.embeds[0])]
    assert len(found) == 1
    assert buttons_of(found[0]) == []
    assert "It happened: 9 Dec 2025 01:41 UTC" in words_of(found[0].embeds[0])


async def test_morning_notices_wait_for_the_end_of_quiet_hours(world: World) -> None:
    await world.slash(world.director, "ops set", key="quiet_from", value="22:00")
    said = await world.slash(world.director, "ops set", key="quiet_until", value="11:00")
    assert "From 22:00 to 11:00 morning notices" in said.text
    await world.move_to(at("2025-12-02T07:59:00"))  # 10:59 in Moscow
    assert not any("R−7 days: Soyuz MS-27" in post for post in await world.posts())
    await world.move_to(at("2025-12-02T08:00:00"))
    assert any("R−7 days: Soyuz MS-27" in post for post in await world.posts())


async def test_quiet_hours_without_an_end_or_of_no_length_hold_nothing_back(world: World) -> None:
    half = await world.slash(world.director, "ops set", key="quiet_from", value="22:00")
    assert "Quiet hours need both" in half.text
    answer = await world.refused(lambda: world.slash(world.director, "ops set", key="quiet_until", value="22"))
    assert "Quiet hours would begin and end at 22:00" in answer.text


async def test_the_list_says_what_is_muted_and_what_waits_for_somebody(world: World) -> None:
    await world.slash(world.operator, "announce mute", mission="Soyuz MS-29")
    await world.draft("The crew is well.")
    listed = await world.slash(world.guest, "announce list")
    assert "🔇 Muted: Soyuz MS-29" in listed.text
    assert "📝 Waiting for approval in the ops channel: ST-1" in listed.text


async def test_one_channels_parked_posts_are_handled_and_the_other_keeps_its_buttons(world: World) -> None:
    for channel in (world.pads, world.corner):
        await world.slash(world.operator, "announce subscribe", topic="crew", channel=channel)
        world.deny(channel, send_messages=True)
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Pilot")
    await world.settle()
    status = await world.slash(world.director, "ops status", where=world.flight)
    assert len(status.labels) == 4
    form = await world.press(world.operator, status.message, "Give up: #pads")
    await world.fill(world.operator, form, reason="nobody needs it")
    assert [button.label for button in buttons_of(status.message)] == ["Try again: #corner", "Give up: #corner"]
    assert "will not be posted" in status.text
