"""Answers to members when the line to Discord breaks in the middle. What is expected to fail is a known fault, in its reason."""

from typing import Any

import pytest

from tests.wire.client import Place
from tests.wire.conftest import Start
from tests.wire.desk import Desk
from tests.wire.permissions import Permission
from tests.wire.processes import Running
from tests.wire.server import new_token


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop", "moment": "after"}, {"kind": "garbage", "moment": "after"}],
    ids=["the connection dropped", "garbage"],
)
async def test_an_answer_that_arrived_is_not_followed_by_another(desk: Desk, fault: dict[str, Any]) -> None:
    await desk.wire.fault(path="callback", **fault)
    answered = await desk.wire.command(desk.place, "mission status")
    assert answered.original is not None
    assert "No missions yet" in answered.words
    assert answered.followups == []
    assert "No missions yet" in (await desk.wire.command(desk.place, "mission status")).words


@pytest.mark.parametrize("kind", ["reset", "garbage"])
async def test_nobody_is_told_that_nothing_was_changed_when_it_was(desk: Desk, kind: str) -> None:
    await desk.wire.fault(kind, path="callback")
    created = await desk.wire.command(desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a")
    assert "Soyuz MS-28" in (await desk.wire.command(desk.place, "mission status")).words
    assert "Soyuz MS-28" in created.words


@pytest.mark.parametrize("kind", ["drop", "garbage"])
async def test_a_refusal_that_cannot_be_shown_is_one_line_in_the_log(desk: Desk, running: Running, kind: str) -> None:
    await desk.wire.fault(kind, path="callback", times=2)
    await desk.wire.invoke(desk.place, "mission status", mission="no such")
    await desk.wire.happened("fault")
    assert "No missions yet" in (await desk.wire.command(desk.place, "mission status")).words
    assert await running.stop() == 0
    assert "an answer could not be shown" in running.said()
    assert "Traceback" not in running.said()


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "garbage"}], ids=["503", "garbage"])
async def test_who_cannot_be_looked_up_is_asked_about_again_later(
    desk: Desk, running: Running, fault: dict[str, Any]
) -> None:
    wire, place = desk.wire, desk.place
    manages = int(Permission.MANAGE_GUILD)
    role = (await wire.act("make_role", guild_id=place.guild_id, name="Directors", permissions=manages))["role_id"]
    made = await wire.act("make_member", guild_id=place.guild_id, name="pad chief", role_ids=[role])
    pad = {"pad": "Site 31/6"}
    await wire.command(place, "pad add", name="Site 31/6", site="Baikonur", vehicles="Soyuz-2.1a")
    await wire.command(place, "pad report", **pad, severity="critical", summary="hydraulics leak")
    await wire.command(place, "pad update", report="DR-1", state="closed", reason="repaired")
    await wire.command(place, "pad inspect", **pad, result="passed")
    assert "asked for" in (await wire.command(place, "pad return-to-service", **pad)).words
    await desk.announced(6)
    (card,) = [one for one in await desk.posts() if "gantry:confirmreturn:1" in one.buttons]
    second = Place(place.guild_id, desk.flight, made["member_id"])
    await wire.fault(path="/members/", **fault)
    refused = await wire.press(second, card, "gantry:confirmreturn:1")
    assert "Discord did not tell me what that member may do" in refused.words
    pressed = await wire.press(second, card, "gantry:confirmreturn:1")
    await wire.happened("followup", lambda data: data["interaction_id"] == pressed.id)
    assert "is back in service" in (await wire.answered(pressed.id)).words
    assert await running.stop() == 0
    assert "Traceback" not in running.said()


@pytest.mark.parametrize("kind", ["reset", "drop", "garbage"])
async def test_a_form_is_shown_though_the_line_breaks_once(desk: Desk, running: Running, kind: str) -> None:
    await desk.wire.fault(kind, path="callback", moment="before")
    opened = await desk.wire.command(desk.place, "remind me", when="tomorrow 9am", text="read the gauge")
    sent = await desk.wire.submit(opened, timezone="Europe/Moscow")
    assert "I will remind you" in sent.words
    assert await running.stop() == 0
    assert "Traceback" not in running.said()


async def test_who_sends_a_form_that_nobody_saw_arrive_opens_it_again_and_loses_nothing(
    desk: Desk, running: Running
) -> None:
    await desk.wire.fault("drop", path="callback", moment="after")
    opened = await desk.wire.command(desk.place, "remind me", when="tomorrow 9am", text="read the gauge")
    await running.logged("could not be shown")
    refused = await desk.wire.submit(opened, timezone="Europe/Moscow")
    assert "Open it again" in refused.words
    assert "Europe/Moscow" in refused.words
    again = await desk.wire.command(desk.place, "remind me", when="tomorrow 9am", text="read the gauge")
    assert "I will remind you" in (await desk.wire.submit(again, timezone="Europe/Moscow")).words
    assert await running.stop() == 0
    assert "Traceback" not in running.said()


async def test_what_is_offered_over_a_broken_line_is_one_line_in_the_log(desk: Desk, running: Running) -> None:
    await desk.wire.fault("drop", path="callback")
    options = {"mission": "Soy"}
    await desk.wire.act(
        "invoke",
        guild_id=desk.place.guild_id,
        channel_id=desk.place.channel_id,
        member_id=desk.place.member_id,
        command="mission status",
        options=options,
        focused="mission",
    )
    await running.logged("Ignoring exception in autocomplete")
    assert await running.stop() == 0
    assert "Traceback" not in running.said()


async def test_an_answer_that_a_stop_cuts_off_is_one_line_in_the_log(desk: Desk, running: Running) -> None:
    await desk.wire.fault("hang", path="callback")
    await desk.create("Soyuz MS-28")
    await desk.wire.happened("fault")
    assert await running.stop() == 0
    assert "an answer could not be shown" in running.said()
    assert "Traceback" not in running.said()


async def test_a_refused_token_is_one_sentence_and_no_traceback(start: Start) -> None:
    gantry = await start(token=new_token())
    assert await gantry.ended() == 78
    assert "Traceback" not in gantry.said()
