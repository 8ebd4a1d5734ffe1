"""What is held against Discord's document really is: a request that is wrong in any way is found. Skips without it."""

from typing import Any

import pytest

from tests.wire.openapi import Document, document, document_path

MESSAGES = "/channels/{channel_id}/messages"


@pytest.fixture(scope="module")
def published() -> Document:
    path = document_path()
    if path is None:
        pytest.skip("GANTRY_DISCORD_SPEC does not name Discord's OpenAPI document")
    return document(path)


def request(method: str = "POST", template: str = MESSAGES, body: Any = None, **more: Any) -> dict[str, Any]:
    kind = "application/json" if body is not None else ""
    return {"method": method, "template": template, "query": {}, "content_type": kind, "body": body} | more


@pytest.mark.parametrize(
    "wrong",
    [
        request(template="/channels/{channel_id}/no-such-thing", body={}),
        request(body={"nonce": "n" * 26}),
        request(body={"content": 5}),
        request(body={"embeds": [{"title": "x" * 257}]}),
        request(body={"content": "x"}, content_type="text/plain"),
        request(),
        request("GET", query={"limit": "1000"}),
        request("GET", query={"pages": "2"}),
        request(template="/interactions/{interaction_id}/{interaction_token}/callback", body={"type": 99}),
        request("PUT", "/applications/{application_id}/commands", [{"name": "x" * 33}]),
    ],
    ids=lambda one: f"{one['method']} {one['template']} {one['body']} {one['query']}"[:90],
)
def test_a_wrong_request_is_found(published: Document, wrong: dict[str, Any]) -> None:
    assert len(published.violations([wrong])) == 1


def test_a_right_one_is_not(published: Document) -> None:
    right = request(body={"content": "x", "nonce": "n", "enforce_nonce": True})
    page = request("GET", query={"limit": "100", "after": "5"})
    assert published.violations([right, page]) == []
