"""Requests held against Discord's published OpenAPI document, which is not ours to ship: GANTRY_DISCORD_SPEC names it.

Says what is wrong as a list of sentences. It must not know what the bot means by a request.
"""

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.wire.record import JSON

VARIABLE = "GANTRY_DISCORD_SPEC"
_NAME = "urn:discord-openapi"
# Spellings of discord.py 2.7 that the document does not have and Discord takes: "1" for true in a query, and a number as the id of
# a new attachment, of a role or member who may be mentioned, or of whose direct messages are opened. Nothing else is forgiven.
_SPELLED = {"1": True, "0": False, "true": True, "false": False}


def document_path() -> Path | None:
    """Where the document is, when the environment says so."""
    found = os.environ.get(VARIABLE)
    return Path(found) if found else None


class Document:
    """The document, ready to be asked."""

    def __init__(self, path: Path) -> None:
        self._content: JSON = json.loads(path.read_text("utf-8"))
        resource: Resource[Any] = Resource.from_contents(self._content, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_NAME, resource)
        self._known: dict[str, list[str]] = {}

    def violations(self, requests: Iterable[JSON]) -> list[str]:
        """What these requests (records of the loopback) have that the document does not allow."""
        return [sentence for request in requests for sentence in self._remembered(request)]

    def wrong_answer(self, method: str, template: str, status: int, body: Any) -> str | None:
        """What an answer of the loopback's has that Discord's would not; None when it could be Discord's."""
        operation = self._content["paths"][template][method.lower()]
        return self._error(operation["responses"][str(status)]["content"]["application/json"]["schema"], body)

    def _remembered(self, request: JSON) -> list[str]:
        """The same request is looked at once: every process gives the same commands, and they are many."""
        parts = (request[name] for name in ("method", "template", "query", "content_type", "body"))
        key = json.dumps([*parts])
        if key not in self._known:
            self._known[key] = self._of(request)
        return self._known[key]

    def _of(self, request: JSON) -> list[str]:
        what = f"{request['method']} {request['template']}"
        path = self._content["paths"].get(request["template"])
        operation = None if path is None else path.get(request["method"].lower())
        if operation is None:
            return [f"{what}: the document has no such operation"]
        found = [f"{what}: {said}" for said in self._of_query(request, path, operation)]
        return found + [f"{what}: {said}" for said in self._of_body(request, operation)]

    def _of_query(self, request: JSON, path: JSON, operation: JSON) -> list[str]:
        listed = [*path.get("parameters", ()), *operation.get("parameters", ())]
        known = {one["name"]: one for one in listed if one["in"] == "query"}
        found = [f"query {name}: unknown" for name in request["query"] if name not in known]
        for name, one in known.items():
            if one.get("required") and name not in request["query"]:
                found.append(f"query {name}: missing")
            if name in request["query"]:
                given = request["query"][name]
                if all(self._error(one["schema"], spelled) for spelled in _spellings(given)):
                    found.append(f"query {name}: {given!r} is not allowed")
        return found

    def _of_body(self, request: JSON, operation: JSON) -> list[str]:
        wanted = operation.get("requestBody")
        if wanted is None:
            return ["a body, though none is known"] if request["body"] is not None else []
        if request["body"] is None:
            return ["no body, though one is required"] if wanted.get("required") else []
        content = wanted["content"]
        kind = request["content_type"]
        if kind not in content:
            return [f"content type {kind!r}: not one of {sorted(content)}"]
        error = self._error(content[kind]["schema"], _with_spelled_ids(request["body"]))
        return [] if error is None else [error]

    def _error(self, schema: JSON, value: Any) -> str | None:
        validator = Draft202012Validator(_anchored(schema), registry=self._registry)
        error = best_match(validator.iter_errors(value))
        if error is None:
            return None
        where = "/".join(str(part) for part in error.absolute_path) or "body"
        return f"{where}: {error.message[:300]}"


@cache
def document(path: Path) -> Document:
    """The document at a path, read once."""
    return Document(path)


def _anchored(schema: Any) -> Any:
    """The schema with its references pointing into the document."""
    if isinstance(schema, dict):
        return {
            name: f"{_NAME}{value}" if name == "$ref" and value.startswith("#") else _anchored(value)
            for name, value in schema.items()
        }
    return [_anchored(one) for one in schema] if isinstance(schema, list) else schema


def _spellings(text: str) -> list[Any]:
    """What a query's text can mean: itself, a number, a truth value."""
    found: list[Any] = [text]
    if text.lstrip("-").isdecimal():
        found.append(int(text))
    return [*found, _SPELLED[text.lower()]] if text.lower() in _SPELLED else found


def _with_spelled_ids(body: Any) -> Any:
    """The body with the ids of its new attachments, of whom it may mention and of its recipient as texts."""
    if not isinstance(body, dict):
        return body
    spelled: JSON = dict(body)
    if body.get("attachments"):
        spelled["attachments"] = [one | {"id": str(one["id"])} for one in body["attachments"]]
    if isinstance(body.get("recipient_id"), int):
        spelled["recipient_id"] = str(body["recipient_id"])
    for kind in ("roles", "users"):
        mentioned = spelled.get("allowed_mentions") or {}
        if mentioned.get(kind):
            spelled["allowed_mentions"] = mentioned | {kind: [str(one) for one in mentioned[kind]]}
    return spelled
