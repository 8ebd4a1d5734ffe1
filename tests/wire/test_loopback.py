"""The loopback itself does what Discord does: what is proved against it is worth no more than this."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.wire.client import Place, Wire
from tests.wire.openapi import document, document_path
from tests.wire.permissions import Permission

EMBED = {"title": "Launch", "footer": {"text": "Gantry · abcdefghij"}}


@dataclass
class Bot:
    """A bot of few words: HTTP as it is."""

    http: aiohttp.ClientSession
    wire: Wire
    place: Place
    channel: int

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        """Status, body and headers of an answer."""
        async with self.http.request(method, f"/api/v10{path}", **more) as response:
            body = await response.json() if response.content_type == "application/json" else None
            return response.status, body, response.headers

    async def post(self, **said: Any) -> tuple[int, Any]:
        """Post into the channel; status and body."""
        status, body, _ = await self.ask("POST", f"/channels/{self.channel}/messages", json=said)
        return status, body

    async def history(self, **query: Any) -> list[int]:
        """Ids of a page of history."""
        _, body, _ = await self.ask("GET", f"/channels/{self.channel}/messages", params=query)
        return [int(message["id"]) for message in body]

    async def permit(self, *denied: Permission) -> None:
        """Take permissions away in the channel, from everyone and from the bot's own role."""
        deny = sum(int(one) for one in denied)
        member = await self.wire.act("member", guild_id=self.place.guild_id)
        for role_id in (self.place.guild_id, *member["roles"]):
            await self.wire.permit(self.channel, int(role_id), deny=deny)


@pytest.fixture
async def bot(wire: Wire) -> AsyncIterator[Bot]:
    place, channels = await wire.settle_in("flight")
    headers = {"Authorization": f"Bot {wire.token}"}
    async with aiohttp.ClientSession(wire.base, headers=headers) as http:
        yield Bot(http, wire, place, channels["flight"])


async def test_history_is_newest_first_whichever_way_it_is_paged(bot: Bot) -> None:
    said = await bot.wire.act("say", channel_id=bot.channel, member_id=bot.place.member_id, count=7)
    ids = said["message_ids"]
    assert ids == sorted(ids)
    assert await bot.history() == ids[::-1]
    assert await bot.history(after=ids[1], limit=3) == ids[4:1:-1]
    assert await bot.history(before=ids[5], limit=3) == ids[4:1:-1]
    assert await bot.history(around=ids[3], limit=3) == ids[4:1:-1]
    await bot.wire.act("delete_message", message_id=ids[3])
    assert await bot.history(after=ids[1], limit=3) == [ids[5], ids[4], ids[2]]


async def test_a_nonce_is_kept_for_its_window_and_only_when_asked(bot: Bot) -> None:
    await bot.wire.act("set_world", nonce_window_s=100)
    _, first = await bot.post(content="go", nonce="n", enforce_nonce=True)
    _, again = await bot.post(content="go", nonce="n", enforce_nonce=True)
    assert again["id"] == first["id"]
    _, unasked = await bot.post(content="go", nonce="n")
    assert unasked["id"] != first["id"]
    await bot.wire.move_clock(101)
    _, later = await bot.post(content="go", nonce="n", enforce_nonce=True)
    assert later["id"] not in {first["id"], unasked["id"]}
    await bot.wire.act("delete_message", message_id=int(later["id"]))
    status, refused = await bot.post(content="go", nonce="n", enforce_nonce=True)
    assert (status, refused["code"]) == (404, 10008)


@pytest.mark.parametrize(
    ("denied", "answer"),
    [
        (Permission.VIEW_CHANNEL, (403, 50001)),
        (Permission.SEND_MESSAGES, (403, 50013)),
        (Permission.EMBED_LINKS, (403, 50013)),
    ],
)
async def test_what_the_bot_may_not_do_is_refused_with_discords_codes(
    bot: Bot, denied: Permission, answer: tuple[int, int]
) -> None:
    await bot.permit(denied)
    status, body = await bot.post(embeds=[EMBED])
    assert (status, body["code"]) == answer


async def test_history_that_may_not_be_read_is_empty_and_no_error(bot: Bot) -> None:
    assert (await bot.post(content="go"))[0] == 200
    await bot.permit(Permission.READ_MESSAGE_HISTORY)
    assert await bot.history() == []


async def test_what_is_not_there_and_what_is_too_long_have_their_codes(bot: Bot) -> None:
    assert (await bot.ask("GET", "/channels/1"))[1]["code"] == 10003
    assert (await bot.ask("GET", f"/channels/{bot.channel}/messages/1"))[1]["code"] == 10008
    assert (await bot.post())[1]["code"] == 50006
    assert (await bot.post(content="x" * 2001))[1]["code"] == 50035
    assert (await bot.post(content="x", nonce="n" * 26))[1]["code"] == 50035
    assert (await bot.post(embeds=[{"description": "x" * 3001}] * 2))[1]["code"] == 50035
    assert (await bot.ask("GET", "/users/@me", headers={"Authorization": "Bot another"}))[0] == 401


async def test_a_thread_is_made_once_opens_by_talking_and_stays_shut_when_locked(bot: Bot) -> None:
    _, post = await bot.post(content="go")
    path = f"/channels/{bot.channel}/messages/{post['id']}/threads"
    status, thread, _ = await bot.ask("POST", path, json={"name": "Launch"})
    assert (status, thread["id"]) == (201, post["id"])
    assert (await bot.ask("POST", path, json={"name": "Launch"}))[1]["code"] == 160004
    bot.channel = int(thread["id"])
    _, inside = await bot.post(content="inside")
    path = f"/channels/{bot.channel}/messages/{inside['id']}/threads"
    assert (await bot.ask("POST", path, json={"name": "Within"}))[1]["code"] == 50024
    await bot.wire.act("set_channel", channel_id=bot.channel, archived=True)
    assert (await bot.post(content="inside"))[0] == 200
    await bot.wire.act("set_channel", channel_id=bot.channel, archived=True, locked=True)
    assert (await bot.post(content="inside"))[1]["code"] == 50083


async def test_a_member_is_shown_as_they_stand_at_this_moment_and_not_once_they_have_left(bot: Bot) -> None:
    guild_id = bot.place.guild_id
    path = f"/guilds/{guild_id}/members"
    role = (await bot.wire.act("make_role", guild_id=guild_id, name="Directors"))["role_id"]
    made = await bot.wire.act("make_member", guild_id=guild_id, name="console 1", role_ids=[role])
    member = made["member_id"]
    status, shown, _ = await bot.ask("GET", f"{path}/{member}")
    assert (status, shown["user"]["id"], shown["roles"]) == (200, str(member), [str(role)])
    if (published := document_path()) is not None:
        template = "/guilds/{guild_id}/members/{user_id}"
        assert document(published).wrong_answer("GET", template, status, shown) is None
    await bot.wire.act("set_roles", guild_id=guild_id, member_id=member, role_ids=[])
    assert (await bot.ask("GET", f"{path}/{member}"))[1]["roles"] == []
    await bot.wire.act("remove_member", guild_id=guild_id, member_id=member)
    status, refused, _ = await bot.ask("GET", f"{path}/{member}")
    assert (status, refused["code"]) == (404, 10007)
    assert (await bot.ask("GET", f"{path}/1"))[1]["code"] == 10013
    assert (await bot.ask("GET", f"/guilds/1/members/{member}"))[1]["code"] == 10004


async def test_only_the_bots_own_messages_can_be_edited_and_pings_are_those_allowed(bot: Bot) -> None:
    said = await bot.wire.act("say", channel_id=bot.channel, member_id=bot.place.member_id)
    path = f"/channels/{bot.channel}/messages"
    assert (await bot.ask("PATCH", f"{path}/{said['message_ids'][0]}", json={"content": "x"}))[1]["code"] == 50005
    _, quiet = await bot.post(content="@everyone <@&5>", allowed_mentions={"parse": []})
    assert (quiet["mention_everyone"], quiet["mention_roles"]) == (False, [])
    _, edited, _ = await bot.ask("PATCH", f"{path}/{quiet['id']}", json={"content": "@everyone"})
    assert edited["mention_everyone"] is True
    (_, shown) = await bot.wire.messages(bot.channel)
    assert shown.revisions[0]["content"] == "@everyone <@&5>"


async def test_a_file_is_kept_and_served(bot: Bot) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "photo"}')
    form.add_field("files[0]", b"\x89PNG", filename="a.png", content_type="image/png")
    status, body, _ = await bot.ask("POST", f"/channels/{bot.channel}/messages", data=form)
    assert status == 200
    async with bot.http.get(body["attachments"][0]["url"]) as file:
        assert await file.read() == b"\x89PNG"


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_429_says_how_long_and_in_which_scope(bot: Bot, scope: str) -> None:
    await bot.wire.fault("limit", scope=scope, retry_after_s=2.5)
    status, body, headers = await bot.ask("GET", "/users/@me")
    assert (status, body["retry_after"], body["global"]) == (429, 2.5, scope == "global")
    assert (headers["X-RateLimit-Scope"], headers["Retry-After"]) == (scope, "3")
    assert headers["Via"]


async def test_a_429_of_the_networks_edge_has_no_via_and_no_json(bot: Bot) -> None:
    await bot.wire.fault("limit", scope="cloudflare")
    status, body, headers = await bot.ask("GET", "/users/@me")
    assert (status, body, "Via" in headers) == (429, None, False)


async def test_a_bucket_counts_down_and_then_refuses(bot: Bot) -> None:
    await bot.wire.act("set_limit", method="GET", template="/users/@me", requests=2, per_s=60)
    answers = [await bot.ask("GET", "/users/@me") for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    assert [headers["X-RateLimit-Remaining"] for _, _, headers in answers] == ["1", "0", "0"]


async def test_an_interaction_is_answered_once_and_in_time(bot: Bot) -> None:
    command = {"name": "ping", "description": "Ping"}
    me = (await bot.ask("GET", "/applications/@me"))[1]["id"]
    assert (await bot.ask("PUT", f"/applications/{me}/commands", json=[command]))[0] == 200
    async with bot.http.ws_connect("/gateway") as gateway:
        await gateway.receive_json()
        await gateway.send_json({"op": 2, "d": {"token": bot.wire.token, "intents": 1, "properties": {}}})
        await bot.wire.connected()
        answers = []
        for wait_s, times in ((0, 2), (4, 1)):
            await bot.wire.invoke(bot.place, "ping")
            asked = await gateway.receive_json()
            while asked["t"] != "INTERACTION_CREATE":
                asked = await gateway.receive_json()
            hook = f"/webhooks/{me}/{asked['d']['token']}"
            answers.append((await bot.ask("POST", hook, json={"content": "x"}))[1].get("code"))
            await bot.wire.move_clock(wait_s)
            path = f"/interactions/{asked['d']['id']}/{asked['d']['token']}/callback"
            for _ in range(times):
                status, body, _ = await bot.ask("POST", path, json={"type": 4, "data": {"content": "pong"}})
                answers.append(status if body is None else body["code"])
    assert answers == [10015, 204, 40060, 10015, 10062]


async def test_a_session_is_resumed_with_what_it_missed(bot: Bot) -> None:
    identify = {"op": 2, "d": {"token": bot.wire.token, "intents": 1, "properties": {}}}
    async with bot.http.ws_connect("/gateway") as gateway:
        assert (await gateway.receive_json())["op"] == 10
        await gateway.send_json({"op": 1, "d": None})
        assert (await gateway.receive_json())["op"] == 11
        await gateway.send_json(identify)
        ready = await gateway.receive_json()
        await bot.wire.act("gateway", do="drop")
        await gateway.receive()
    await bot.wire.happened("gateway.closed")
    await bot.wire.act("make_channel", guild_id=bot.place.guild_id, name="later")
    resume = {"token": bot.wire.token, "session_id": ready["d"]["session_id"], "seq": ready["s"]}
    async with bot.http.ws_connect("/gateway") as gateway:
        await gateway.receive_json()
        await gateway.send_json({"op": 6, "d": resume})
        events = [(await gateway.receive_json())["t"] for _ in range(3)]
        assert events == ["GUILD_CREATE", "CHANNEL_CREATE", "RESUMED"]
        await bot.wire.act("gateway", do="invalidate")
        assert await gateway.receive_json() == {"op": 9, "d": False}
        await gateway.send_json({"op": 6, "d": resume})
        assert await gateway.receive_json() == {"op": 9, "d": False}
        await bot.wire.act("gateway", do="close", code=4009)
        closed = await gateway.receive()
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4009)
