"""A Discord of our own on the loopback: `python -m tests.wire.server --port 0` prints its address as one line of JSON.

It serves the API, the gateway, files and the control interface on one port, for one bot, until it is terminated.
`POST /control/reset` begins a new world, at an instant (`at`) or at the machine's.
"""

import argparse
import asyncio
import json
import secrets
import signal
import sys
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.wire import (
    control_http,
    routes_account,
    routes_channels,
    routes_commands,
    routes_guilds,
    routes_interactions,
)
from tests.wire.control import House
from tests.wire.edge import Edge, add_routes
from tests.wire.gateway import Gateway
from tests.wire.ids import WorldClock
from tests.wire.world import World

HOST = "127.0.0.1"
TABLES = (
    routes_account.ROUTES,
    routes_channels.ROUTES,
    routes_commands.ROUTES,
    routes_guilds.ROUTES,
    routes_interactions.ROUTES,
)


class Server:
    """The one address of a world, and of the worlds after it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._base = ""
        self.house = self._begin(None)

    def _begin(self, at: datetime | None) -> House:
        clock = WorldClock()
        if at is not None:
            clock.move((at - clock.now()).total_seconds(), 0.0)
        world = World(self._token, clock, base=self._base)
        gateway = Gateway(world)
        world.dispatch = gateway.dispatch
        return House(world, Edge(world), gateway)

    def settle_at(self, base: str) -> None:
        """Say where it is served."""
        self._base = self.house.world.base = base

    def application(self) -> web.Application:
        """The HTTP application. Every request goes to the house of the moment."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/control/reset", self._reset)
        app.router.add_get("/control/log", self._of(control_http.log))
        app.router.add_get("/control/clock", self._of(control_http.clock))
        app.router.add_post("/control/{action}", self._of(control_http.act))
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_get("/cdn/attachments/{attachment_id}/{filename}", self._file)
        add_routes(lambda: self.house.edge, app, *TABLES)
        return app

    def _of(self, handle: Any) -> Any:
        async def serve(request: web.Request) -> web.Response:
            response: web.Response = await handle(self.house, request)
            return response

        return serve

    async def _reset(self, request: web.Request) -> web.Response:
        at = (await request.json()).get("at")
        self.house.gateway.drop()
        self.house.edge.released.ring()
        self.house.world.clock.moved.ring()
        self.house = self._begin(None if at is None else datetime.fromisoformat(at))
        return web.json_response({"token": self._token, "application_id": self.house.world.application_id})

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        return await self.house.gateway.serve(request)

    async def _file(self, request: web.Request) -> web.Response:
        found = self.house.world.attachments.get(int(request.match_info["attachment_id"]))
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.content, content_type=found.content_type.split(";")[0])


def new_token() -> str:
    """A token in a token's shape, good for nothing but this server."""
    return f"{secrets.token_hex(13)}.{secrets.token_hex(3)}.{secrets.token_hex(19)}"


async def serve(port: int, token: str) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = Server(token)
    runner = web.AppRunner(server.application(), shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    bound = runner.addresses[0][1]
    server.settle_at(f"http://{HOST}:{bound}")
    said = {"base": f"http://{HOST}:{bound}", "token": token}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    server.house.gateway.drop()
    server.house.edge.released.ring()
    await runner.cleanup()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default="", help="the bot's token; one is made up without it")
    args = parser.parse_args()
    asyncio.run(serve(args.port, args.token or new_token()))


if __name__ == "__main__":
    main()
