"""The gateway: hello, identify, heartbeats, ready, resume with replay, and the faults a gateway has.

A session outlives its connection: what is dispatched meanwhile is replayed when it is resumed. The world dispatches
without waiting; a writer for each connection sends.
"""

import asyncio
import json
import secrets
import zlib
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.wire import payloads
from tests.wire.record import JSON
from tests.wire.routes_account import gateway_url
from tests.wire.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
HEARTBEAT_MS = 41_250
_ENDS_SESSION = {1000, 1001, 4004, 4010, 4011, 4012, 4013, 4014}


@dataclass
class Session:
    """What was sent to one identified client, and where it is connected now."""

    id: str
    intents: int
    events: list[JSON] = field(default_factory=list)
    connection: "Connection | None" = None


class Connection:
    """One WebSocket. What is put into it is sent in order; None closes it with the code."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._queue: asyncio.Queue[JSON | int] = asyncio.Queue()
        self._compressor = zlib.compressobj() if compress else None

    def put(self, payload: JSON) -> None:
        """Send this, after what is waiting."""
        self._queue.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with this code, after what is waiting."""
        self._queue.put_nowait(code)

    async def write(self) -> None:
        """Send until closed."""
        while not isinstance(payload := await self._queue.get(), int):
            text = json.dumps(payload)
            if self._compressor is None:
                await self.socket.send_str(text)
                continue
            packed = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)
        await self.socket.close(code=payload)


class Gateway:
    """All sessions. The settings are faults: no acks, connections refused, an answer to the next identify."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.connections: dict[Connection, asyncio.Transport] = {}
        self.heartbeat_ms = HEARTBEAT_MS
        self.acks = True
        self.refused_connections = 0
        self.close_identify_with: int | None = None
        self.invalidate_resume = False

    def dispatch(self, event: str, data: JSON, intent: int) -> None:
        """Send an event to every session that asked for it; a session that is away gets it when it resumes."""
        for session in self.sessions.values():
            if not intent or session.intents & intent:
                self._send(session, event, data)

    def is_anyone_there(self) -> bool:
        """Whether a session exists that will see an event."""
        return bool(self.sessions)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection to its end."""
        if self.refused_connections > 0:
            self.refused_connections -= 1
            self.world.note("gateway.refused")
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, compress=request.query.get("compress") == "zlib-stream")
        assert request.transport is not None
        self.connections[connection] = request.transport
        self.world.note("gateway.connected")
        connection.put({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        writer = asyncio.create_task(connection.write())
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._received(connection, json.loads(frame.data))
        finally:
            writer.cancel()
            del self.connections[connection]
            self._ended(connection, socket.close_code)
        return socket

    def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in self.connections:
            if connection.session is not None and code in _ENDS_SESSION:
                self.sessions.pop(connection.session.id, None)
            connection.close(code)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for transport in list(self.connections.values()):
            transport.abort()

    def reconnect(self) -> None:
        """Ask every client to come again (op 7)."""
        for connection in self.connections:
            connection.put({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for connection in self.connections:
            if connection.session is not None and not resumable:
                self.sessions.pop(connection.session.id, None)
            connection.put({"op": INVALID, "d": resumable})

    def _received(self, connection: Connection, payload: JSON) -> None:
        match payload.get("op"):
            case 1:
                self.world.note("gateway.heartbeat")
                if self.acks:
                    connection.put({"op": ACK, "d": None})
            case 2:
                self._identify(connection, payload["d"])
            case 6:
                self._resume(connection, payload["d"])

    def _identify(self, connection: Connection, asked: JSON) -> None:
        world = self.world
        code, self.close_identify_with = self.close_identify_with, None
        if asked.get("token") != world.token:
            code = 4004
        if code is not None:
            world.note("gateway.rejected", code=code)
            connection.close(code)
            return
        session = Session(secrets.token_hex(16), int(asked["intents"]), connection=connection)
        connection.session = session
        self.sessions[session.id] = session
        joined = [guild for guild in world.guilds.values() if guild.joined]
        ready = {
            "v": 10,
            "user": payloads.user(world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in joined],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": gateway_url(world),
            "application": {"id": str(world.application_id), "flags": 0},
        }
        self._send(session, "READY", ready)
        for guild in joined:
            self._send(session, "GUILD_CREATE", payloads.guild(world, guild))
        world.note("gateway.identified", session=session.id, intents=session.intents)

    def _resume(self, connection: Connection, asked: JSON) -> None:
        session = self.sessions.get(str(asked.get("session_id")))
        if session is None or self.invalidate_resume or asked.get("token") != self.world.token:
            self.invalidate_resume = False
            self.world.note("gateway.resume_refused")
            connection.put({"op": INVALID, "d": False})
            return
        connection.session, session.connection = session, connection
        seen = int(asked.get("seq") or 0)
        missed = session.events[seen:]
        for payload in missed:
            connection.put(payload)
        self.world.note("gateway.resumed", session=session.id, replayed=len(missed))
        self._send(session, "RESUMED", {})

    def _send(self, session: Session, event: str, data: JSON) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(payload)
        if session.connection is not None:
            session.connection.put(payload)

    def _ended(self, connection: Connection, code: int | None) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if code in {1000, 1001}:
                self.sessions.pop(session.id, None)
        self.world.note("gateway.closed", code=code)
