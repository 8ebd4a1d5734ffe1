"""The real process: it connects, gives its commands once, ends as told, and says why when it cannot start."""

import pytest

from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.desk import set_up, sit_down
from tests.wire.server import new_token

COMMANDS = "/applications/{application_id}/commands"
LATER_S = 60.0
"""Moved on before a restart: the hold-off between two starts has passed then."""


async def test_it_connects_and_ends_in_order_when_told_to(wire: Wire, start: Start) -> None:
    await sit_down(wire)
    gantry = await start(fresh=True)
    await wire.connected()
    assert await gantry.stop() == 0
    closed = await wire.log("gateway.closed")
    assert closed == [{"code": 1000}]


async def test_commands_are_given_once_and_not_again_while_they_stay_the_same(wire: Wire, start: Start) -> None:
    await sit_down(wire)
    for _ in range(2):
        before = await wire.now_at()
        gantry = await start()
        await wire.connected(after=before)
        assert await gantry.stop() == 0
        await wire.move_clock(LATER_S)
    assert len(await wire.requests("PUT", COMMANDS)) == 1
    names = {command["name"] for command in await wire.act("commands")}
    assert names >= {"mission", "pad", "ops", "announce"}


async def test_commands_that_changed_are_given_again(wire: Wire, start: Start) -> None:
    await sit_down(wire)
    gantry = await start()
    await wire.connected()
    assert await gantry.stop() == 0
    (gantry.folder / "data" / "commands.json").write_text('{"another version": "another hash"}')
    await wire.move_clock(LATER_S)
    before = await wire.now_at()
    gantry = await start()
    await wire.connected(after=before)
    assert len(await wire.requests("PUT", COMMANDS)) == 2


async def test_a_token_that_discord_refuses_is_a_matter_of_configuration(wire: Wire, start: Start) -> None:
    gantry = await start(token=new_token())
    assert await gantry.ended() == 78
    assert gantry.lines[-1].startswith("gantry: Discord refuses the token. Copy it again")
    assert await wire.log("gateway.connected") == []


async def test_a_token_that_only_the_gateway_refuses_is_too(wire: Wire, start: Start) -> None:
    await wire.act("gateway", close_identify_with=4004)
    gantry = await start()
    assert await gantry.ended() == 78
    assert gantry.lines[-1].startswith("gantry: Discord refuses the token")


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013, 4014])
async def test_a_gateway_that_will_not_have_us_ends_the_process_for_good(wire: Wire, start: Start, code: int) -> None:
    await wire.act("gateway", close_identify_with=code)
    gantry = await start()
    assert await gantry.ended() == 78
    assert gantry.lines[-1].startswith("gantry: Discord closed the connection and will not have it again")
    assert f"(code {code})" in gantry.lines[-1]
    assert "Traceback" not in gantry.said()


async def test_nonsense_in_answer_to_the_login_is_an_unreachable_discord_and_no_traceback(
    wire: Wire, start: Start
) -> None:
    await wire.fault("garbage", path="/users/@me|/oauth2/applications/@me|/applications/@me")
    gantry = await start()
    assert await gantry.ended() == 69
    assert gantry.lines[-1].startswith("gantry: Discord could not be reached")
    assert "Traceback" not in gantry.said()


async def test_commands_that_could_not_be_given_do_not_keep_it_from_serving(wire: Wire, start: Start) -> None:
    await wire.fault("garbage", method="PUT", path="/commands", moment="after")
    gantry = await start()
    await wire.connected()
    assert await gantry.stop() == 0
    assert "the commands could not be given to Discord" in gantry.said()
    assert "Traceback" not in gantry.said()


async def test_a_second_process_on_the_same_data_is_refused(wire: Wire, start: Start) -> None:
    await sit_down(wire)
    first = await start()
    await wire.connected()
    second = await start()
    assert await second.ended() == 75
    assert f"process {first.process.pid}" in second.said()
    assert await wire.log("gateway.identified", after=await wire.now_at()) == []
    assert first.is_up


async def test_it_goes_on_serving_after_the_gateway_was_cut_and_after_it_was_asked_to_come_again(
    wire: Wire, start: Start
) -> None:
    desk = await sit_down(wire)
    await start()
    await wire.connected()
    await set_up(desk)
    for fault in ("reconnect", "drop"):
        before = await wire.now_at()
        await wire.act("gateway", do=fault)
        await wire.happened("gateway.resumed", after=before)
        status = await wire.command(desk.place, "ops status")
        assert status.original is not None
        assert not status.original.is_private
    # One identification: both times the session was resumed, and nothing was started twice.
    assert len(await wire.log("gateway.identified")) == 1
