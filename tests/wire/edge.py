"""HTTP around the handlers: who asks, limits, faults, the record of every request. The effect itself is one function call.

It must not know what a route does.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.wire.bodies import Answer, Call, Handler, Routes, read_call
from tests.wire.faults import Fault, Faults
from tests.wire.ids import Bell
from tests.wire.limits import Limits, headers_of_refusal
from tests.wire.refusals import Refusal, Refused
from tests.wire.world import World

API = "/api/v10"
_TOKEN_IN_PATH = ("/interactions/", "/webhooks/")
_FOREVER_S = 3600.0


class Edge:
    """One for the server. `released` lets go of requests that hang."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.limits = Limits(world.clock)
        self.released = Bell()
        self._late: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request, template: str, handle: Handler) -> web.StreamResponse:
        """Answer one request, or fail to, as scripted."""
        world = self.world
        try:
            call = await read_call(request, template)
        except Refused as refused:
            return _response(Answer(refused.status, refused.body()), {})
        number = world.log.note("request", world.clock.now(), **_described(request, call)).seq
        fault = self.faults.take(call)
        verdict = self.limits.take(call)
        response: web.StreamResponse
        if fault is not None and fault.kind == "limit":
            response = _limited(fault.retry_after_s, fault.scope, {})
        elif verdict.retry_after_s is not None:
            response = _limited(verdict.retry_after_s, verdict.scope, verdict.headers)
        else:
            response = await self._with_fault(request, call, handle, fault, verdict.headers)
        struck = None if fault is None else f"{fault.kind} {fault.moment}"
        world.note("answer", request=number, method=call.method, path=call.path, status=response.status, fault=struck)
        return response

    async def _with_fault(
        self, request: web.Request, call: Call, handle: Handler, fault: Fault | None, headers: dict[str, str]
    ) -> web.StreamResponse:
        if fault is None:
            return _response(self._effect(request, call, handle), headers)
        if fault.moment == "after":
            self._effect(request, call, handle)
        elif fault.moment == "late":
            task = asyncio.create_task(self._later(request, call, handle, fault.late_by_s))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        self.world.note("fault", what=fault.kind, moment=fault.moment, method=call.method, path=call.path)
        return await self._broken(request, fault, headers)

    async def _later(self, request: web.Request, call: Call, handle: Handler, late_by_s: float) -> None:
        await self.world.clock.sleep(late_by_s)
        self._effect(request, call, handle)

    def _effect(self, request: web.Request, call: Call, handle: Handler) -> Answer:
        try:
            if not call.template.startswith(_TOKEN_IN_PATH):
                self._require_token(request)
            return handle(self.world, call)
        except Refused as refused:
            return Answer(refused.status, refused.body())

    def _require_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise Refused(Refusal.UNAUTHORIZED)

    async def _broken(self, request: web.Request, fault: Fault, headers: dict[str, str]) -> web.StreamResponse:
        match fault.kind:
            case "status":
                body = {"message": f"{fault.status}: scripted", "code": 0}
                return _response(Answer(fault.status, body), headers)
            case "garbage":
                return web.Response(body=b'{"id": "1', content_type="application/json", charset=None)
            case "hang":
                await self.released.heard(_FOREVER_S)
        _close(request, reset=fault.kind == "reset")
        return web.Response(status=499)


def add_routes(edge: Callable[[], Edge], app: web.Application, *tables: Routes) -> None:
    """Serve every route of these tables through the edge of the moment; whatever else is asked of the API is 404."""

    def serving(template: str, handle: Handler) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await edge().serve(request, template, handle)

        return serve

    for table in tables:
        for (method, template), handle in table.items():
            app.router.add_route(method, API + template, serving(template, handle))
    app.router.add_route("*", API + "/{unknown:.*}", serving("/{unknown}", _unknown))


def _unknown(_world: World, _call: Call) -> Answer:
    raise Refused(Refusal.NOT_FOUND)


def _described(request: web.Request, call: Call) -> dict[str, Any]:
    return {
        "method": call.method,
        "path": call.path,
        "template": call.template,
        "query": dict(call.query),
        "content_type": request.headers.get("Content-Type", "").partition(";")[0],
        "body": call.body,
        "files": {name: [one.filename, one.content_type, len(one.content)] for name, one in call.files.items()},
    }


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.body is None:
        return web.Response(status=204 if answer.status == 200 else answer.status, headers=headers)
    # Exactly this content type, without a charset: discord.py reads JSON only then.
    content = json.dumps(answer.body).encode()
    return web.Response(body=content, status=answer.status, headers=headers | {"Content-Type": "application/json"})


def _limited(wait_s: float, scope: str, headers: dict[str, str]) -> web.Response:
    if scope == "cloudflare":
        return web.Response(text="error code: 1015", status=429, content_type="text/html")
    body = {"message": "You are being rate limited.", "retry_after": wait_s, "global": scope == "global", "code": 0}
    return _response(Answer(429, body), headers | headers_of_refusal(wait_s, scope))


def _close(request: web.Request, *, reset: bool) -> None:
    transport = request.transport
    if transport is None:
        return
    if reset and (raw := transport.get_extra_info("socket")) is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
