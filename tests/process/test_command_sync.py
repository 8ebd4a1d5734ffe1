"""Giving Discord the commands: only when they changed, and never without being able to say what would change."""

import asyncio
import copy
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import discord
import pytest
from aiohttp import web
from discord import app_commands
from rich.console import Console

from bot.command_sync import build_payload, compare, diff, list_commands, payload_hash, sync, sync_if_changed
from bot.login import log_in
from domain.errors import Unavailable

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.canary-canary-canary-canary-canary-42"
GUILD = discord.Object(900000000000000001)
APPLICATION = {
    "id": "700000000000000001",
    "name": "Gantry",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "flags": 0,
    "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": None},
    "team": None,
    "summary": "",
}


def answer(body: object, status: int = 200) -> web.Response:
    # discord.py reads a body as JSON only if the content type is exactly this, without a charset.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json", "Via": "loopback"}
    )


class LoopbackDiscord:
    """As much of Discord's REST API as commands need: it keeps what it is given and fills in what Discord fills in."""

    def __init__(self) -> None:
        self.commands: dict[str, list[dict[str, Any]]] = {}
        self.puts = 0

    def application(self) -> web.Application:
        site = web.Application()
        site.router.add_get("/users/@me", self._me)
        site.router.add_get("/oauth2/applications/@me", self._application)
        for path in ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"):
            site.router.add_get(path, self._get)
            site.router.add_put(path, self._put)
        return site

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {TOKEN}":
            return answer({"message": "401: Unauthorized", "code": 0}, status=401)
        return answer({"id": "7", "username": "gantry", "discriminator": "0", "avatar": None, "bot": True})

    async def _application(self, _: web.Request) -> web.Response:
        return answer(APPLICATION)

    async def _get(self, request: web.Request) -> web.Response:
        return answer(self.commands.get(request.match_info.get("guild", "global"), []))

    async def _put(self, request: web.Request) -> web.Response:
        self.puts += 1
        guild = request.match_info.get("guild")
        kept = [self._as_stored(command, guild) for command in await request.json()]
        self.commands[guild or "global"] = kept
        return answer(kept)

    def _as_stored(self, command: dict[str, Any], guild: str | None) -> dict[str, Any]:
        stored = _without_defaults(copy.deepcopy(command))
        stored |= {"id": str(800000000000000000 + self.puts), "application_id": APPLICATION["id"], "version": "1"}
        stored.setdefault("default_member_permissions", None)
        if stored["default_member_permissions"] is not None:
            stored["default_member_permissions"] = str(stored["default_member_permissions"])
        if guild is not None:
            stored.pop("dm_permission", None)
            stored.pop("contexts", None)
            return stored | {"guild_id": guild}
        return stored | {"contexts": stored.get("contexts"), "integration_types": [0]}


def _without_defaults(option: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in option.items()
        if name == "dm_permission" or not (value is None or value is False or value == [])
    }
    if "options" in kept:
        kept["options"] = [_without_defaults(inside) for inside in kept["options"]]
    return kept


@pytest.fixture
async def loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    discord_ = LoopbackDiscord()
    runner = web.AppRunner(discord_.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://{host}:{port}")
    yield discord_
    await runner.cleanup()


@pytest.fixture
async def tree() -> AsyncIterator["app_commands.CommandTree[Any]"]:
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        tree = app_commands.CommandTree(client)
        add_commands(tree)
        yield tree


def add_commands(tree: "app_commands.CommandTree[Any]", *, summary: str = "Log damage", repairs: bool = True) -> None:
    pad = app_commands.Group(
        name="pad",
        description="Launch pads",
        guild_only=True,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    @pad.command(name="report", description=summary)
    @app_commands.describe(severity="How bad it is", days="How long ago")
    async def report(
        _: "discord.Interaction[Any]",
        severity: Literal["minor", "major", "critical"],
        days: app_commands.Range[int, 0, 30] | None = None,
        note: app_commands.Range[str, 1, 200] | None = None,
        channel: discord.TextChannel | None = None,
    ) -> None:
        raise AssertionError((severity, days, note, channel))

    @pad.command(name="list", description="Every pad")
    async def list_pads(_: "discord.Interaction[Any]") -> None:
        raise AssertionError

    @app_commands.command(name="ops", description="Set up")
    @app_commands.default_permissions(manage_guild=True)
    async def ops(_: "discord.Interaction[Any]") -> None:
        raise AssertionError

    tree.add_command(pad)
    if repairs:
        tree.add_command(ops)


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=160), out


async def test_the_hash_is_the_same_for_the_same_commands_in_another_order_and_differs_for_others() -> None:
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:

        async def payload(**changes: Any) -> list[dict[str, Any]]:
            tree = app_commands.CommandTree(client)
            client._connection._command_tree = None
            add_commands(tree, **changes)
            return await build_payload(tree)

        first = await payload()
        again = await payload()
        client._connection._command_tree = None
        assert payload_hash(first) == payload_hash(list(reversed(again)))
        assert payload_hash(first) != payload_hash(await payload(summary="Log damages"))
        assert payload_hash(first) != payload_hash(await payload(repairs=False))


async def test_what_a_translator_says_is_part_of_what_discord_is_given(
    tree: "app_commands.CommandTree[Any]",
) -> None:
    class Russian(app_commands.Translator):
        async def translate(
            self,
            string: app_commands.locale_str,
            locale: discord.Locale,
            context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the base class's signature
        ) -> str | None:
            return "площадка" if locale is discord.Locale.russian and string.message == "pad" else None

    plain = payload_hash(await build_payload(tree))
    await tree.set_translator(Russian())
    assert payload_hash(await build_payload(tree)) != plain


async def test_commands_are_given_once_and_again_only_when_they_changed(
    loopback: LoopbackDiscord, tree: "app_commands.CommandTree[Any]", tmp_path: Path
) -> None:
    state = tmp_path / "commands.json"
    await log_in(tree.client, TOKEN)
    assert await sync_if_changed(tree, None, state) is True
    assert await sync_if_changed(tree, None, state) is False
    assert loopback.puts == 1
    tree.remove_command("ops")
    assert await sync_if_changed(tree, None, state) is True
    assert [command["name"] for command in loopback.commands["global"]] == ["pad"]


async def test_one_server_and_every_server_are_remembered_apart(
    loopback: LoopbackDiscord, tree: "app_commands.CommandTree[Any]", tmp_path: Path
) -> None:
    state = tmp_path / "commands.json"
    await log_in(tree.client, TOKEN)
    assert await sync_if_changed(tree, GUILD, state)
    assert sorted(command["name"] for command in loopback.commands[str(GUILD.id)]) == ["ops", "pad"]
    assert await sync_if_changed(tree, None, state)
    assert not await sync_if_changed(tree, GUILD, state)


@pytest.mark.parametrize("content", ["", "not json", "[]", "\x00"])
async def test_a_damaged_memory_only_costs_one_sync(
    loopback: LoopbackDiscord, tree: "app_commands.CommandTree[Any]", tmp_path: Path, content: str
) -> None:
    state = tmp_path / "commands.json"
    state.write_text(content)
    await log_in(tree.client, TOKEN)
    assert await sync_if_changed(tree, None, state)
    assert not await sync_if_changed(tree, None, state)
    assert loopback.puts == 1


@pytest.mark.parametrize("guild", [None, GUILD], ids=["every server", "one server"])
async def test_after_a_sync_there_is_no_difference_although_discord_leaves_out_defaults(
    loopback: LoopbackDiscord,
    tree: "app_commands.CommandTree[Any]",
    tmp_path: Path,
    guild: discord.Object | None,
) -> None:
    await log_in(tree.client, TOKEN)
    terminal, out = console()
    assert await sync(tree, terminal, state_path=tmp_path / "s.json", guild=guild) == 0
    assert await diff(tree, terminal, guild=guild) == 0
    assert "2 command groups given" in out.getvalue()
    assert "Discord has the commands of this version." in out.getvalue()
    assert loopback.puts == 1


async def test_a_difference_names_the_command_the_option_and_the_change(
    loopback: LoopbackDiscord, tree: "app_commands.CommandTree[Any]", tmp_path: Path
) -> None:
    await log_in(tree.client, TOKEN)
    terminal, out = console()
    await sync(tree, terminal, state_path=tmp_path / "s.json")
    pad = next(command for command in loopback.commands["global"] if command["name"] == "pad")
    report = next(option for option in pad["options"] if option["name"] == "report")
    report["description"] = "Write it down"
    report["options"] = [option for option in report["options"] if option["name"] != "days"]
    report["options"][0]["choices"].pop()
    pad["options"].append({"type": 1, "name": "close", "description": "Old"})
    loopback.commands["global"] = [pad]
    out.truncate(0)
    await diff(tree, terminal)
    lines = out.getvalue().replace("\0", "").splitlines()
    assert "+ /ops" in lines
    assert "- /pad close" in lines
    assert "+ /pad report days" in lines
    assert "~ /pad report: description 'Write it down' → 'Log damage'" in lines
    assert any(line.startswith("~ /pad report severity: choices") for line in lines)
    assert lines[-1] == "5 would change"


async def test_a_zero_is_a_limit_and_not_the_absence_of_one() -> None:
    ours = [{"name": "x", "options": [{"name": "n", "type": 4, "min_value": 0}]}]
    theirs = [{"name": "x", "options": [{"name": "n", "type": 4}]}]
    assert compare(ours, theirs) == ["~ /x n: min_value None → 0"]
    assert compare([{"name": "x", "default_member_permissions": 0}], [{"name": "x"}]) != []


async def test_the_order_of_options_is_a_difference() -> None:
    options = [{"name": "a", "type": 3}, {"name": "b", "type": 3}]
    ours, theirs = [{"name": "x", "options": options}], [{"name": "x", "options": options[::-1]}]
    assert compare(ours, theirs) == ["~ /x: order of options"]


async def test_the_list_shows_every_command_that_can_be_called_and_needs_no_login(
    tree: "app_commands.CommandTree[Any]",
) -> None:
    terminal, out = console()
    assert await list_commands(tree, terminal) == 0
    assert "/pad report" in out.getvalue()
    assert "severity (days) (note) (channel)" in out.getvalue()
    assert "3 commands in 2 groups" in out.getvalue()


async def test_the_json_list_is_exactly_what_discord_would_be_sent(tree: "app_commands.CommandTree[Any]") -> None:
    out = io.StringIO()
    await list_commands(tree, Console(file=out, width=40, force_terminal=True), as_json=True)
    assert json.loads(out.getvalue()) == await build_payload(tree)


async def test_a_refused_token_is_told_apart_from_a_discord_that_cannot_be_reached(
    loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loopback.puts == 0
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        with pytest.raises(Unavailable) as refused:
            await log_in(client, TOKEN.replace("42", "43"))
    assert refused.value.code == "discord_refuses_token"
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}")
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        with pytest.raises(Unavailable) as unreachable:
            await log_in(client, TOKEN)
    assert unreachable.value.code == "discord_unreachable"
