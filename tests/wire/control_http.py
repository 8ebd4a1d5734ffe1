"""The control interface over HTTP: POST /control/<action> with JSON; what waits (`log`, `clock`) is a GET with a time limit."""

from aiohttp import web

from tests.wire.asking import NotOffered
from tests.wire.control import ACTIONS, House
from tests.wire.refusals import Refused

LONGEST_WAIT_S = 60.0


async def act(house: House, request: web.Request) -> web.Response:
    """Do what was asked; what cannot be done is 400, with words for whoever writes the test."""
    action = ACTIONS.get(request.match_info["action"])
    if action is None:
        return web.json_response({"error": "no such action"}, status=404)
    try:
        return web.json_response(action(house, await request.json()))
    except (KeyError, ValueError, TypeError, Refused, NotOffered) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)


async def log(house: House, request: web.Request) -> web.Response:
    """Records after a number, of some kinds; waits until there is one, or the time is up."""
    query = request.query
    kinds = frozenset(query.get("kinds", "").split(",")) - {""}
    timeout_s = min(float(query.get("timeout_s", 0)), LONGEST_WAIT_S)
    found = await house.world.log.wait(int(query.get("after", 0)), kinds, timeout_s)
    return web.json_response({"records": [record.as_json() for record in found], "last": len(house.world.log.records)})


async def clock(house: House, request: web.Request) -> web.Response:
    """The clock; with `after`, not before it was moved again, or the time is up."""
    if int(request.query.get("after", -1)) == house.world.clock.version:
        await house.world.clock.moved.heard(min(float(request.query.get("timeout_s", 0)), LONGEST_WAIT_S))
    return web.json_response(house.world.clock.as_json())
