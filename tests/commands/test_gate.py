"""The return to service as a team lives it, and every way somebody might try around it, through the commands themselves."""

from datetime import timedelta
from functools import partial

import discord
import pytest

from storage import returns
from tests.commands.world import Answer, World

PAD = "Site 31/6"


async def say(world: World, member: object, command: str, **options: object) -> Answer:
    """Type a command that must be done."""
    answer = await world.slash(member, command, **options)  # type: ignore[arg-type]
    assert "Not done" not in answer.text, (command, answer.text)
    return answer


async def status(world: World) -> str:
    return (await world.slash(world.guest, "pad status", pad=PAD)).text.split("\n")[0]


async def repaired(world: World) -> None:
    """All work of DR-1 done by the pad chief and verified by the director, the report closed."""
    for task in ("RT-1", "RT-2"):
        await say(world, world.pad_chief, "repair complete", repair=task)
        await say(world, world.director, "repair verify", repair=task)
    await say(world, world.pad_chief, "pad update", report="DR-1", state="closed", reason="repaired")


async def ready(world: World) -> None:
    """Nothing is in the way any more."""
    await repaired(world)
    await world.move_by(timedelta(minutes=5))
    await say(world, world.pad_chief, "pad inspect", pad=PAD, result="passed", note="sound")
    await world.move_by(timedelta(minutes=5))


async def asked(world: World) -> discord.Message:
    """The request's post, asked for by the pad chief."""
    answer = await say(world, world.pad_chief, "pad return-to-service", pad=PAD)
    assert "RS-" in answer.text
    return (await world.messages(world.corner))[-1]


CONFIRM = "Confirm return to service"


async def test_the_gate_names_everything_in_the_way_and_who_can_clear_it(world: World) -> None:
    await say(world, world.pad_chief, "repair complete", repair="RT-1")
    await say(world, world.director, "pad restrict", pad=PAD, reason="wind")
    answer = await world.slash(world.pad_chief, "pad return-to-service", pad=PAD)
    assert not answer.private
    chief = world.pad_chief.id
    assert answer.text.split("\n") == [
        "🚦 Site 31/6 cannot return to service yet",
        "• DR-1 is open: `/pad update` with `state:closed` — by anyone with `pad`",
        "• A standing restriction: `/pad lift` — by anyone with `pad`",
        "• It has not been inspected: `/pad inspect` — by anyone with `pad`",
        "• RT-2 is not done: `/repair complete` — by anyone with `pad`",
        f"• RT-1 is done and not verified: `/repair verify` — by anyone with `pad` but <@{chief}>",
    ]


async def test_two_people_bring_the_pad_back_and_every_forecast_is_scored(world: World) -> None:
    await ready(world)
    request = await asked(world)
    done = await world.press(world.approver, request, CONFIRM)
    assert "Site 31/6 is back in service" in done.text
    assert await status(world) == "Site 31/6 — 🟢 operational"
    returned = (await world.posts())[-1]
    assert "🟢 Site 31/6 is back in service" in returned
    assert "Anatoly Zak (independent) · by 27 Nov 2027 · **held, within a window of 730 days**" in returned
    assert "Roscosmos (official) · “shortly” · **only words, nothing to score**" in returned
    edited = (await world.messages(world.corner))[-1]
    assert not edited.components
    assert f"Confirmed by <@{world.approver.id}>" in (edited.embeds[0].description or "")


async def waiting(world: World) -> bool:
    found = await world.application.database.read(
        lambda reader: returns.load(reader, world.guild.id, 1),
    )
    return found is not None and found.state.value == "waiting"


async def still_away(world: World) -> None:
    assert await status(world) == "Site 31/6 — 🔴 out of service"


# --- ten ways around it, and what stops each ---------------------------------------------------------------------------


async def test_1_the_one_who_asked_confirms(world: World) -> None:
    await ready(world)
    answer = await say(world, world.director, "pad return-to-service", pad=PAD)
    assert answer.private
    request = (await world.messages(world.corner))[-1]
    refused = await world.refused(lambda: world.press(world.director, request, CONFIRM))
    assert "another person with `approve` must confirm" in refused.text
    await still_away(world)


async def test_2_somebody_without_approve_confirms(world: World) -> None:
    await ready(world)
    request = await asked(world)
    refused = await world.refused(lambda: world.press(world.guest, request, CONFIRM))
    assert "This needs the capability **approve (second person)**" in refused.text
    await still_away(world)


async def test_3_the_one_who_asked_has_lost_the_role_since(world: World) -> None:
    await ready(world)
    request = await asked(world)
    world.take_role(world.pad_chief, world.roles["pad crew"])
    refused = await world.refused(lambda: world.press(world.approver, request, CONFIRM))
    assert "may no longer do so here" in refused.text
    await still_away(world)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("pad report", {"pad": PAD, "severity": "minor", "summary": "a scratch"}),
        ("pad restrict", {"pad": PAD, "reason": "wind"}),
        ("pad edit", {"pad": PAD, "operator": "Roscosmos TsENKI"}),
        ("pad inspect", {"pad": PAD, "result": "passed"}),
        ("pad update", {"report": "DR-1", "state": "confirmed", "reason": "it is back"}),
    ],
)
async def test_4_something_changes_between_asking_and_confirming(
    world: World, command: str, options: dict[str, object]
) -> None:
    await ready(world)
    request = await asked(world)
    await say(world, world.director, command, **options)
    refused = await world.refused(lambda: world.press(world.approver, request, CONFIRM))
    assert "Something about the pad has changed since RS-1" in refused.text
    assert await waiting(world)
    await still_away(world)


async def test_5_a_button_is_pressed_twice_and_an_older_one_again(world: World) -> None:
    await ready(world)
    first, second = await asked(world), await asked(world)
    refused = await world.refused(lambda: world.press_id(world.approver, "gantry:confirmreturn:1"))
    assert "RS-1 is decided already: void" in refused.text
    await world.press(world.approver, second, CONFIRM)
    await say(world, world.director, "pad report", pad=PAD, severity="critical", summary="fallen again")
    for number in (1, 2):
        custom_id = f"gantry:confirmreturn:{number}"
        again = await world.refused(partial(world.press_id, world.approver, custom_id))
        assert "is decided already" in again.text
    assert first.id != second.id
    await still_away(world)


async def test_6_the_severity_is_edited_down(world: World) -> None:
    await say(world, world.pad_chief, "pad update", report="DR-1", state="confirmed", severity="minor", reason="paint")
    await still_away(world)
    answer = await world.slash(world.pad_chief, "pad return-to-service", pad=PAD)
    assert "DR-1 is open" in answer.text
    assert "RT-1 is not done" in answer.text


async def test_7_the_report_is_closed_or_rejected_over_work_nobody_verified(world: World) -> None:
    for task in ("RT-1", "RT-2"):
        await say(world, world.pad_chief, "repair complete", repair=task)
    for state in ("closed", "rejected"):
        refused = await world.refused(
            partial(world.slash, world.pad_chief, "pad update", report="DR-1", state=state, reason="never mind")
        )
        assert "DR-1 has repairs that are not finished: RT-1, RT-2" in refused.text
    refused = await world.refused(lambda: world.slash(world.pad_chief, "repair verify", repair="RT-1"))
    assert "somebody else must verify it" in refused.text
    await still_away(world)


async def test_8_the_pad_is_entered_anew_or_hidden_under_another_name(world: World) -> None:
    refused = await world.refused(
        lambda: world.slash(world.pad_chief, "pad add", name="SITE 31-6", site="Baikonur", vehicles="Soyuz-2.1a")
    )
    assert "There is a pad called" in refused.text
    refused = await world.refused(
        lambda: world.slash(world.pad_chief, "pad edit", pad=PAD, name="Site 31/6 (old)", reason="rename")
    )
    assert "keeps its name until it is" in refused.text
    for lifecycle in ("retired", "active"):
        await say(world, world.pad_chief, "pad edit", pad=PAD, lifecycle=lifecycle)
    await still_away(world)


async def test_9_the_process_is_restarted_in_between(world: World) -> None:
    await ready(world)
    request = await asked(world)
    await world.restart()
    await still_away(world)
    refused = await world.refused(lambda: world.press(world.pad_chief, request, CONFIRM))
    assert "This needs the capability" in refused.text
    await world.press(world.approver, request, CONFIRM)
    assert await status(world) == "Site 31/6 — 🟢 operational"


async def test_10_an_inspection_from_before_the_last_work_or_one_that_failed(world: World) -> None:
    await world.move_by(timedelta(minutes=5))
    await say(world, world.pad_chief, "pad inspect", pad=PAD, result="passed")
    await world.move_by(timedelta(minutes=5))
    await repaired(world)
    answer = await world.slash(world.pad_chief, "pad return-to-service", pad=PAD)
    assert answer.text.split("\n")[1:] == [
        "• IN-1 was before the last damage or work: inspect it again with `/pad inspect` — by anyone with `pad`"
    ]
    await world.move_by(timedelta(minutes=5))
    await say(world, world.pad_chief, "pad inspect", pad=PAD, result="failed", note="a bent rail")
    answer = await world.slash(world.pad_chief, "pad return-to-service", pad=PAD)
    assert answer.text.split("\n")[1:] == ["• IN-2 failed: inspect it again with `/pad inspect` — by anyone with `pad`"]
    await still_away(world)


async def test_10b_work_is_cancelled_after_it_was_done_so_that_nobody_verifies_it(world: World) -> None:
    await say(world, world.pad_chief, "repair complete", repair="RT-1")
    refused = await world.refused(
        partial(world.slash, world.pad_chief, "repair cancel", repair="RT-1", reason="never mind")
    )
    assert "`/repair start` reopens it" in refused.text
    await still_away(world)


async def test_10c_the_damage_is_found_again_after_the_inspection(world: World) -> None:
    for task in ("RT-1", "RT-2"):
        await say(world, world.pad_chief, "repair complete", repair=task)
        await say(world, world.director, "repair verify", repair=task)
    await say(world, world.pad_chief, "pad update", report="DR-1", state="repaired")
    await say(world, world.pad_chief, "pad inspect", pad=PAD, result="passed")
    await say(world, world.pad_chief, "pad update", report="DR-1", state="in_repair")
    await say(world, world.pad_chief, "pad update", report="DR-1", state="closed", reason="repaired again")
    answer = await world.slash(world.pad_chief, "pad return-to-service", pad=PAD)
    assert "IN-1 was before the last damage or work" in answer.text
    await still_away(world)


async def test_11_a_forged_button_names_a_request_that_never_was_or_another_servers(world: World) -> None:
    await ready(world)
    await asked(world)
    for who, number in ((world.approver, "77"), (world.stranger, "1"), (world.approver, "-1"), (world.approver, "x")):
        answer = await world.press_id(who, f"gantry:confirmreturn:{number}")
        assert "no longer belongs to anything" in answer.text, number
    await still_away(world)


async def test_a_second_person_declines_and_the_one_who_asked_withdraws(world: World) -> None:
    await ready(world)
    request = await asked(world)
    refused = await world.refused(lambda: world.press(world.director, request, "Withdraw"))
    assert "not yours to withdraw" in refused.text
    await world.press(world.approver, request, "Decline")
    assert f"Declined by <@{world.approver.id}>" in (await world.posts(world.corner))[-1]
    request = await asked(world)
    await world.press(world.pad_chief, request, "Withdraw")
    assert f"Withdrawn by <@{world.pad_chief.id}>" in (await world.posts(world.corner))[-1]
    await still_away(world)


async def test_a_pad_in_service_has_nothing_to_return_to(world: World) -> None:
    refused = await world.refused(lambda: world.slash(world.pad_chief, "pad return-to-service", pad="Site 43/4"))
    assert "No report has taken Site 43/4 out of service" in refused.text
