"""A request as handlers see it, and reading one: JSON, or a form with `payload_json` and files.

Handlers are plain functions of the world and a Call; none of them knows HTTP.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.multipart import BodyPartReader, MultipartReader

from tests.wire.refusals import Refusal, Refused, invalid
from tests.wire.world import World

SNOWFLAKE_MAX = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `template` is the path with its names in braces, as in Discord's documents."""

    method: str
    template: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: Mapping[str, Upload] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """An id in the path."""
        try:
            found = int(self.params[name])
        except ValueError:
            raise invalid(**{name: "Value is not snowflake."}) from None
        if not 0 <= found <= SNOWFLAKE_MAX:
            raise invalid(**{name: "Value is not snowflake."})
        return found

    @property
    def fields(self) -> dict[str, Any]:
        """The body, which must be an object."""
        if not isinstance(self.body, dict):
            raise Refused(Refusal.INVALID_JSON)
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler says. None is an empty body."""

    status: int = 200
    body: Any = None


Handler = Callable[[World, Call], Answer]
Routes = Mapping[tuple[str, str], Handler]
"""Handlers by method and template."""


async def read_call(request: web.Request, template: str) -> Call:
    """Read a request to its end. A body that is no JSON is refused as Discord refuses it."""
    raw = await request.read()
    body: Any = None
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "multipart/form-data":
            body, files = await _form(request, raw)
        elif raw:
            body = json.loads(raw)
    except ValueError:
        raise Refused(Refusal.INVALID_JSON) from None
    return Call(request.method, template, request.path, dict(request.match_info), dict(request.query), body, files)


async def _form(request: web.Request, raw: bytes) -> tuple[Any, dict[str, Upload]]:
    stream = StreamReader(BaseProtocol(request._loop), limit=2**16)
    stream.feed_data(raw)
    stream.feed_eof()
    body: Any = None
    files: dict[str, Upload] = {}
    async for part in MultipartReader(request.headers, stream):
        if not isinstance(part, BodyPartReader):
            raise TypeError("a form within a form")
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(content)
        elif part.name is not None:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename or part.name, kind, content)
    return body, files
