"""Daily digests as members set them and read them, and the case of the demonstration as a digest tells it."""

from datetime import UTC, datetime

from simcord import ChannelHandle

from demo.baikonur import STORY
from demo.scenario import Place, Story, brief_daily
from tests.commands.world import World


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def digests_in(world: World, channel: ChannelHandle | None = None) -> list[str]:
    """The digests of a channel without their references, oldest first."""
    posts = [post for post in await world.posts(channel) if "Daily digest" in post.split("\n")[0]]
    return [post.rpartition("\nGantry")[0] for post in posts]


async def test_the_case_as_its_digests_tell_it_word_for_word(world: World, place: Place) -> None:
    await brief_daily(world.application.desks, place, place.channel_id)
    story = Story(STORY, world.application.desks, place)
    digests: dict[str, str] = {}
    for day in ("2025-12-02", "2025-12-11", "2026-03-03"):
        while (next_at := story.next_at) is not None and next_at <= at(f"{day}T12:00"):
            await world.move_to(next_at)
            assert await story.play(world.clock.now()) == ()
        await world.move_to(at(f"{day}T12:00"))
        digests[day] = (await digests_in(world))[-1]
    cabin = "Site 31/6: Service cabin fell into the flame trench; access bridges and structure deformed."
    assert digests["2025-12-02"] == (
        "🗞️ Daily digest · 2 Dec 2025\n"
        "**Since 1 Dec 2025 09:00 UTC**\n"
        f"• **DR-1** {cabin} — 🔴 critical · reported, not confirmed → **in repair**\n"
        "• **RT-3** Install the new service cabin (Site 31/6) — 🆕 planned\n"
        "• **RT-2** Bring in service cabin parts (Site 31/6) — done → **verified**\n"
        "📅 Due within 7 days: • **Soyuz MS-27 · undocking** — 9 Dec 2025 (in 7 days)\n"
        "• **Soyuz MS-27 · landing** — 9 Dec 2025 (in 7 days)\n"
        f"🚧 Open damage: 1 critical: • 🔴 **DR-1** {cabin} — critical · in repair"
    )
    assert digests["2025-12-11"].split("\n")[2] == (
        "• **Progress MS-33** — launch 19 Dec 2025 → **no earlier than March 2026** · docking 21 Dec 2025 → **no date yet**"
    )
    assert digests["2026-03-03"] == (
        "🗞️ Daily digest · 3 Mar 2026\n"
        "**Since 2 Mar 2026 09:00 UTC**\n"
        "• **RT-3** Install the new service cabin (Site 31/6) — in work → **done** · 80 % → 100 %\n"
        "⏰ Due within 24 hours: • **RT-4** Inspect and test the cabin (Site 31/6) — 4 Mar 2026 (in 1 day)\n"
        f"🚧 Open damage: 1 critical: • 🔴 **DR-1** {cabin} — critical · in repair"
    )


async def test_a_digest_is_set_listed_changed_and_ended(world: World) -> None:
    answer = await world.slash(
        world.operator, "announce digest", time="9am", timezone="asia/tokyo", channel=world.pads, quiet_days="say"
    )
    assert "✅ Daily digest set" in answer.text
    assert f"<#{world.pads.id}> hears the daily digest." in answer.text
    assert "Daily at **09:00**, Asia/Tokyo." in answer.text
    assert "Next: 28 Nov 2025 00:00 UTC" in answer.text
    assert "On a day with nothing to say it says so in one line." in answer.text
    listed = await world.slash(world.guest, "announce list")
    assert "the daily digest · daily at 09:00, Asia/Tokyo · quiet days too · next 28 Nov 2025 00:00 UTC" in listed.text
    changed = await world.slash(world.operator, "announce digest", time="10:30", channel=world.pads, quiet_days="skip")
    assert "Daily at **10:30**, Asia/Tokyo." in changed.text
    assert "On a day with nothing to say it is left out." in changed.text
    await world.move_to(at("2025-11-28T02:00"))
    assert [post.split("\n")[0] for post in await digests_in(world, world.pads)] == ["🗞️ Daily digest · 28 Nov 2025"]
    (number,) = await world.complete(world.operator, "announce unsubscribe", "subscription", "digest")
    ended = await world.slash(world.operator, "announce unsubscribe", subscription=number)
    assert "no longer hears: the daily digest" in ended.text
    await world.move_to(at("2025-11-30T02:00"))
    assert len(await digests_in(world, world.pads)) == 1


async def test_subscribing_the_topic_gives_the_morning_of_the_server_and_names_its_role(world: World) -> None:
    crew = world.roles["pad crew"]
    answer = await world.slash(world.operator, "announce subscribe", topic="digest", channel=world.pads, mention=crew)
    assert "Daily at **09:00**, Europe/Moscow." in answer.text
    assert "`/announce digest` changes its time." in answer.text
    await world.move_to(at("2025-11-28T06:00"))
    (message,) = await world.messages(world.pads)
    assert message.content == f"<@&{crew.id}>"
    assert await digests_in(world) == [], "all is everything but the digest"


async def test_a_server_on_a_quiet_day_hears_one_line_or_nothing(world: World) -> None:
    for repair in ("RT-1", "RT-2"):
        await world.slash(world.pad_chief, "repair cancel", repair=repair, reason="a mistake")
    await world.slash(world.pad_chief, "pad update", report="DR-1", state="rejected", reason="a mistake")
    await world.slash(world.operator, "announce digest", time="20:00", timezone="UTC", channel=world.pads)
    await world.slash(
        world.operator, "announce digest", time="20:00", timezone="UTC", channel=world.corner, quiet_days="say"
    )
    await world.move_to(at("2025-11-27T21:00"))
    assert await digests_in(world, world.pads) == []
    assert await digests_in(world, world.corner) == [
        (
            "🗞️ Daily digest · 27 Nov 2025\n"
            "Nothing changed since 27 Nov 2025 18:00 UTC. Nothing is due within 7 days, and nothing is open or overdue."
        )
    ]


async def test_what_is_no_time_of_day_or_is_set_already_is_refused_with_what_to_do(world: World) -> None:
    for time, timezone, words in (
        ("noon", None, "“noon” is not a time of day. Write it like `09:00`, `9` or `9am`"),
        ("09:00 MSK", None, "the zone goes into `timezone`"),
        ("09:00", "Mars/Gale", "Mars/Gale"),
    ):
        options = {"time": time} | ({"timezone": timezone} if timezone else {})
        answer = await world.refused(lambda options=options: world.slash(world.operator, "announce digest", **options))  # type: ignore[misc]
        assert words in answer.text
    await world.slash(world.operator, "announce digest", time="09:00")
    again = await world.refused(lambda: world.slash(world.operator, "announce digest", time="9"))
    assert "is exactly this already" in again.text
    unheard = await world.refused(
        lambda: world.slash(world.operator, "announce subscribe", topic="digest", channel=world.corner)
    )
    assert "hears exactly this already" in unheard.text
