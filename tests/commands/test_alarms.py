"""A critical report that nobody takes on, as the people at their phones meet it."""

from datetime import timedelta

import discord

from tests.commands.world import World, buttons_of, words_of

TEN = timedelta(minutes=10)


async def report(world: World) -> None:
    """Critical damage at a pad, reported in `pads`."""
    await world.slash(
        world.pad_chief, "pad report", where=world.pads, pad="Site 43/4", severity="critical", summary="A crack"
    )


async def alarms(world: World, channel: object = None) -> list[discord.Message]:
    """The messages that are alarms, whatever they say now."""
    found = await world.messages(channel)  # type: ignore[arg-type]
    return [message for message in found if "DR-2 at Site 43/4:" in words_of(message.embeds[0]).split("\n")[0]]


async def call(world: World, *roles: str) -> str:
    value = ", ".join(world.roles[name].mention for name in roles)
    return (await world.slash(world.director, "ops set", key="escalation_roles", value=value)).text


async def test_the_roles_are_called_in_turn_wherever_the_report_stands(world: World) -> None:
    await call(world, "pad crew", "operators")
    await report(world)
    for name in ("pad crew", "operators", "pad crew"):
        await world.move_by(TEN)
        for channel in (world.flight, world.pads):
            alarm = (await alarms(world, channel))[-1]
            assert alarm.content == world.roles[name].mention
            assert [role.id for role in alarm.role_mentions] == [world.roles[name].id]
            assert [button.label for button in buttons_of(alarm)] == ["Acknowledge"]
    first = words_of((await alarms(world))[0].embeds[0])
    assert "🚨 DR-2 at Site 43/4: nobody has taken it on" in first
    assert "Repeated 1 time; again every 10 m" in first


async def test_a_guest_may_not_take_it_on_and_the_pad_chief_may_from_any_of_its_alarms(world: World) -> None:
    await call(world, "operators")
    await report(world)
    await world.move_by(TEN)
    await world.move_by(TEN)
    (first, _) = await alarms(world, world.pads)
    refused = await world.refused(lambda: world.press(world.guest, first, "Acknowledge"))
    assert "needs the capability **pad" in refused.text
    await world.move_by(timedelta(minutes=3))
    taken = await world.press(world.pad_chief, first, "Acknowledge")
    assert taken.private
    for channel in (world.flight, world.pads):
        for alarm in await alarms(world, channel):
            said = words_of(alarm.embeds[0])
            assert "✅ DR-2 at Site 43/4: answered" in said
            assert "Taken on by Pad chief after 23 m." in said
            assert buttons_of(alarm) == []
        card = next(m for m in await world.messages(channel) if "DR-2: damage at" in words_of(m.embeds[0]))
        assert "by Pad chief after 23 m · repeated 2 times" in words_of(card.embeds[0])
        assert buttons_of(card) == []
    late = await world.refused(lambda: world.press_id(world.pad_chief, "gantry:ack:2"))
    assert "Somebody has acknowledged DR-2 already" in late.text
    await world.move_by(timedelta(hours=1))
    assert len(await alarms(world, world.pads)) == 2, "and it is quiet"


async def test_the_button_works_after_a_restart_and_the_alarm_goes_on_until_then(world: World) -> None:
    await report(world)
    await world.move_by(TEN)
    await world.restart()
    await world.move_by(TEN)
    found = await alarms(world, world.pads)
    assert len(found) == 2
    assert "There is no role to call" in words_of(found[-1].embeds[0])
    await world.press(world.pad_chief, found[-1], "Acknowledge")
    assert "Taken on by Pad chief" in words_of((await alarms(world, world.pads))[-1].embeds[0])


async def test_taken_on_and_not_assessed_it_is_asked_about_until_it_is(world: World) -> None:
    await report(world)
    await world.press_id(world.pad_chief, "gantry:ack:2")
    await world.move_by(timedelta(hours=4))
    (asked,) = await alarms(world, world.pads)
    assert "❔ DR-2 at Site 43/4: no assessment yet" in words_of(asked.embeds[0])
    assert "`/pad assess` with `report:DR-2`" in words_of(asked.embeds[0])
    await world.slash(
        world.pad_chief, "pad assess", report="DR-2", source="Roscosmos", severity="major", tier="official"
    )
    (asked,) = await alarms(world, world.pads)
    assert "An assessment has been recorded." in words_of(asked.embeds[0])
    await world.move_by(timedelta(hours=9))
    assert len(await alarms(world, world.pads)) == 1


async def test_roles_are_named_by_mention_name_or_id_completed_and_shown(world: World) -> None:
    crew, operators = world.roles["pad crew"], world.roles["operators"]
    offered = await world.complete(world.director, "ops set", "value", "pad", key="escalation_roles")
    assert offered == [crew.mention]
    offered = await world.complete(world.director, "ops set", "value", f"{crew.mention}, op", key="escalation_roles")
    assert offered == [f"{crew.mention}, {operators.mention}"]
    for value in (
        offered[0],
        f"pad crew, {operators.id}",
        "@Pad Crew,@operators",
        f"{crew.mention} {operators.mention}",
    ):
        await world.slash(world.director, "ops set", key="escalation_roles", value="none")
        said = (await world.slash(world.director, "ops set", key="escalation_roles", value=value)).text
        assert f"`none` → **{crew.mention}, {operators.mention}**" in said
        assert "nobody is woken" not in said
    world.deny(world.corner, mention_everyone=True)
    said = (await world.slash(world.director, "ops set", key="escalation_roles", value=operators.mention)).text
    assert f"{operators.mention}: shown, and nobody is woken." in said
    await world.slash(world.director, "ops set", key="escalation_roles", value=offered[0])
    status = (await world.slash(world.guest, "ops status")).text
    assert f"Repeated every 10 m until somebody takes it on, in turn to {crew.mention}, {operators.mention}." in status
    assert "Asked about every 4 h until it is assessed." in status
    coming = (await world.slash(world.guest, "remind list")).text
    assert "unless somebody has taken it on" not in coming
    await report(world)
    coming = (await world.slash(world.guest, "remind list")).text
    assert "DR-2 A crack · repeated, unless somebody has taken it on by then" in coming


async def test_times_are_completed_and_what_cannot_be_is_refused(world: World) -> None:
    assert "15m" in await world.complete(world.director, "ops set", "value", "1", key="escalate_after")
    assert "off" in await world.complete(world.director, "ops set", "value", "", key="assess_after")
    said = (await world.slash(world.director, "ops set", key="escalate_after", value="off")).text
    assert "`10m` → **`off`**" in said
    await world.slash(world.director, "ops set", key="assess_after", value="off")
    status = (await world.slash(world.guest, "ops status")).text
    assert "Not repeated, however long nobody takes it on." in status
    assert "Nobody is asked for an assessment." in status
    for key, value, words in [
        ("escalate_after", "a while", "is not a time I can use"),
        ("assess_after", "30d", "is longer than 7 days"),
        ("escalation_roles", "Pilots", "I cannot tell which role “Pilots” is"),
        ("escalation_roles", "<@&1>", "I cannot tell which role"),
        ("escalation_roles", world.chiefs.mention, "I cannot tell which role"),
        ("escalation_roles", "everyone", "never everyone"),
        ("escalation_roles", "@everyone", "never everyone"),
    ]:
        refused = await world.refused(lambda k=key, v=value: world.slash(world.director, "ops set", key=k, value=v))  # type: ignore[misc]
        assert words in refused.text
