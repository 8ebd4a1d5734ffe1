"""Which commands Discord is given, whether that changed, and giving them. Discord allows 200 command creations a day.

Called by an explicit step or at the start when the commands' hash changed; never from `on_ready`, which repeats.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands
from rich.console import Console
from rich.table import Table

from bot.exit_codes import ExitCode
from bot.settings import Settings
from domain.errors import Unavailable
from storage.paths import replace_file

Tree = app_commands.CommandTree[Any]
Payload = dict[str, Any]

_SUBCOMMAND, _GROUP = 1, 2

# What a difference cannot be seen in, though the hash covers it: Discord's own fields; translations, which the library
# does not ask for; contexts and installs, from which it loses the value 0, "guild" (discord.py 2.7.1, `ArrayFlags`).
_IGNORED = frozenset(
    {
        "id",
        "application_id",
        "name_localizations",
        "description_localizations",
        "contexts",
        "integration_types",
    }
)

_log = structlog.stdlib.get_logger(__name__)


async def build_payload(tree: Tree) -> list[Payload]:
    """Return every global command of the tree as Discord is sent it, translated, in a fixed order."""
    commands = tree.get_commands()
    if tree.translator is None:
        payload = [command.to_dict(tree) for command in commands]
    else:
        payload = [await command.get_translated_payload(tree, tree.translator) for command in commands]
    return sorted(payload, key=_key)


def payload_hash(payload: list[Payload]) -> str:
    """Return a hash that changes when, and only when, what Discord is sent changes."""
    text = json.dumps(sorted(payload, key=_key), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def list_commands(tree: Tree, console: Console, *, as_json: bool = False) -> int:
    """Print every command with its options, as a table or as the JSON that Discord would be sent. Needs no login."""
    payload = await build_payload(tree)
    if as_json:
        # Not through rich: it would wrap the lines and colour them.
        console.file.write(json.dumps(payload, indent=2, ensure_ascii=False) + "\n")
        return ExitCode.OK
    table = Table("command", "options", "what it does")
    for name, leaf in (found for command in payload for found in _leaves(command)):
        table.add_row(name, _usage(leaf), leaf.get("description", ""))
    console.print(table)
    console.print(f"{table.row_count} commands in {len(payload)} groups, hash {payload_hash(payload)[:12]}")
    return ExitCode.OK


async def diff(tree: Tree, console: Console, *, guild: discord.abc.Snowflake | None = None) -> int:
    """Print what a sync would change at Discord. The tree's client must be logged in."""
    # A server's own commands have no such field.
    left_out = frozenset() if guild is None else {"dm_permission"}
    ours = [{k: v for k, v in command.items() if k not in left_out} for command in await build_payload(tree)]
    theirs = [
        {k: v for k, v in _from_remote(command).items() if k not in left_out}
        for command in await tree.fetch_commands(guild=guild)
    ]
    changes = compare(ours, theirs)
    for line in changes:
        console.print(line, markup=False, highlight=False)
    console.print(f"{len(changes)} would change" if changes else "Discord has the commands of this version.")
    return ExitCode.OK


async def sync(tree: Tree, console: Console, *, state_path: Path, guild: discord.abc.Snowflake | None = None) -> int:
    """Give Discord the commands, whether or not they changed, and remember that. The client must be logged in."""
    count = await _sync(tree, guild, state_path)
    console.print(f"{count} command groups given to {'every server' if guild is None else f'server {guild.id}'}")
    return ExitCode.OK


async def sync_if_changed(tree: Tree, guild: discord.abc.Snowflake | None, state_path: Path) -> bool:
    """Give Discord the commands if they differ from what this application was last given; return whether it did.

    `guild` None means every server. `state_path` remembers the hash for each application and target.
    """
    if _read_state(state_path).get(_target(tree, guild)) == payload_hash(await build_payload(tree)):
        return False
    count = await _sync(tree, guild, state_path)
    _log.info("commands synchronised", groups=count, guild=None if guild is None else guild.id)
    return True


def target_guild(settings: Settings) -> discord.Object | None:
    """Return the one server to give the commands to when the settings name one, else None: every server."""
    return None if settings.command_guild is None else discord.Object(settings.command_guild)


def compare(ours: list[Payload], theirs: list[Payload]) -> list[str]:
    """Return one line for each difference: `+` would be added, `-` removed, `~` changed from theirs to ours."""
    return _differences("", {_key(c): c for c in ours}, {_key(c): c for c in theirs})


async def _sync(tree: Tree, guild: discord.abc.Snowflake | None, state_path: Path) -> int:
    if guild is not None:
        tree.copy_global_to(guild=guild)
    given = await tree.sync(guild=guild)
    state = _read_state(state_path) | {_target(tree, guild): payload_hash(await build_payload(tree))}
    try:
        replace_file(state_path, json.dumps(state, indent=2))
    except Unavailable as error:
        # The commands are given; forgetting it costs one sync more at the next start.
        _log.warning("could not remember which commands were given", reason=str(error))
    return len(given)


def _from_remote(command: app_commands.AppCommand) -> Payload:
    # The library's own `to_dict` leaves these out.
    permissions = command.default_member_permissions
    return dict(command.to_dict()) | {
        "nsfw": command.nsfw,
        "dm_permission": command.dm_permission,
        "default_member_permissions": None if permissions is None else permissions.value,
    }


def _differences(path: str, ours: dict[str, Payload], theirs: dict[str, Payload]) -> list[str]:
    lines: list[str] = []
    for key in ours.keys() | theirs.keys():
        name = f"{path}{key}"
        if key not in theirs:
            lines.append(f"+ {name}")
        elif key not in ours:
            lines.append(f"- {name}")
        else:
            lines += _changes(name, ours[key], theirs[key])
    # Options are compared by name above; that their order differs is a change too.
    shared = [key for key in ours if key in theirs]
    if path and shared != [key for key in theirs if key in ours]:
        lines.append(f"~ {path.strip()}: order of options")
    return sorted(lines, key=lambda line: line[2:])


def _changes(name: str, ours: Payload, theirs: Payload) -> list[str]:
    lines: list[str] = []
    for field in sorted((ours.keys() | theirs.keys()) - _IGNORED - {"options", "name"}):
        mine, other = _plain(field, ours.get(field)), _plain(field, theirs.get(field))
        if mine != other:
            lines.append(f"~ {name}: {field} {other!r} → {mine!r}")
    mine_inside, other_inside = (
        {option["name"]: option for option in side.get("options") or ()} for side in (ours, theirs)
    )
    return lines + _differences(f"{name} ", mine_inside, other_inside)


def _plain(field: str, value: Any) -> Any:
    """Return the value without the many spellings of "not set"; a number 0 is set."""
    if field == "dm_permission":
        return None if value in (None, True) else False  # The only field that is true by default.
    if isinstance(value, list) and all(isinstance(item, int) for item in value):
        return sorted(value) or None
    if value is None or value is False or (isinstance(value, str | list | dict) and not value):
        return None
    return value


def _key(command: Payload) -> str:
    kind = command.get("type", 1)
    return f"/{command['name']}" if kind == 1 else f"{command['name']} (menu {kind})"


def _leaves(command: Payload, prefix: str = "/") -> list[tuple[str, Payload]]:
    """Return the commands that can be called, with their full names: a group is not one."""
    name = f"{prefix}{command['name']}"
    inside = [option for option in command.get("options", ()) if option.get("type") in (_SUBCOMMAND, _GROUP)]
    if not inside:
        return [(name, command)]
    return [leaf for option in inside for leaf in _leaves(option, f"{name} ")]


def _usage(command: Payload) -> str:
    options = command.get("options", ())
    return " ".join(option["name"] if option.get("required") else f"({option['name']})" for option in options)


def _target(tree: Tree, guild: discord.abc.Snowflake | None) -> str:
    return f"{tree.client.application_id}/{'global' if guild is None else guild.id}"


def _read_state(path: Path) -> dict[str, str]:
    try:
        state = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        # Unknown is taken as changed: one sync too many is harmless, one too few hides a command.
        return {}
    return state if isinstance(state, dict) else {}
