"""The command line: reads arguments and settings, calls one function, and turns its end into an exit code.

It must not do the work: each subcommand's is a function elsewhere, imported only when asked for, so that
`gantry --help` needs nothing of it.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from rich.console import Console

from bot.exit_codes import ExitCode
from bot.explain import explain
from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, load_settings
from domain.errors import OpsError

Handler = Callable[[argparse.Namespace, Settings, Console], Coroutine[Any, Any, int]]

_CONFIGURATION_CODES = frozenset(
    {
        "journal_key_missing",
        "journal_key_exposed",
        "journal_key_damaged",
        "journal_key_unreadable",
        "discord_refuses_token",
        "discord_refuses_connection",
    }
)

_HOW_TO_LOG_IN = """\
There is no DISCORD_TOKEN, and {command} needs one. To get it:
  1. Open https://discord.com/developers/applications and create an application.
  2. On its Bot page, press Reset Token and copy what it shows.
  3. Put it into a file named .env here (cp .env.example .env), as DISCORD_TOKEN=...
  4. Run `gantry check --online`, then {command} again.
The section "Run it on your server" of README.md shows each step."""

_TRY_THE_DEMO = "To see Gantry work first, without an account: `make demo`, or `python -m demo`."

_EPILOG = "exit codes: " + "; ".join(
    f"{code.value} {words}"
    for code, words in (
        (ExitCode.OK, "done"),
        (ExitCode.USAGE, "wrong usage"),
        (ExitCode.UNAVAILABLE, "something needed is unavailable"),
        (ExitCode.INTERNAL, "a fault of Gantry"),
        (ExitCode.IN_USE, "another process uses the data"),
        (ExitCode.CONFIGURATION, "a setting is wrong or missing"),
        (ExitCode.INTERRUPTED, "stopped with Ctrl-C before there was anything to stop in order"),
    )
)

_log = structlog.stdlib.get_logger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Run one `gantry` command and return its exit code. `argv` None means the arguments of the process."""
    args = build_parser().parse_args(argv)
    console, errors = Console(), Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        settings = load_settings()
    except SettingsError as error:
        _print_problems(error, errors)
        return ExitCode.CONFIGURATION
    if args.needs_token(args) and settings.discord_token is None:
        _print_no_token(args, errors)
        return ExitCode.CONFIGURATION
    with configure_logs(level=settings.log_level, style=settings.log_format, secrets=settings.secrets()):
        return _end(args.handler(args, settings, console), errors)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every subcommand. Each sets `handler` and `needs_token`."""
    parser = argparse.ArgumentParser(prog="gantry", description="Chat-ops for space operations teams.", epilog=_EPILOG)
    top = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(top, "run", _run, "start the bot", token=True)
    checking = _add(top, "check", _check, "say whether everything is in place for a start")
    checking.add_argument("--online", action="store_true", help="also log in to Discord")
    checking.set_defaults(needs_token=lambda args: args.online)

    telling = _add(top, "status", _status, "say whether it is running and healthy, and what waits")
    telling.add_argument("--json", action="store_true", help="print it for machines")

    db = top.add_parser("db", help="the database").add_subparsers(metavar="ACTION", required=True)
    _add(db, "status", _db_status, "show the schema's version and what is pending")
    _add(db, "upgrade", _db_upgrade, "apply what is pending, after a backup")

    commands = top.add_parser("commands", help="the slash commands").add_subparsers(metavar="ACTION", required=True)
    listing = _add(commands, "list", _commands_list, "show every command and its options")
    listing.add_argument("--json", action="store_true", help="print what Discord would be sent")
    _add(commands, "diff", _commands_diff, "show what a sync would change at Discord", token=True)
    _add(commands, "sync", _commands_sync, "give Discord the commands", token=True)
    return parser


def _add(into: Any, name: str, handler: Handler, words: str, *, token: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = into.add_parser(name, help=words, description=words)
    parser.set_defaults(handler=handler, needs_token=lambda _: token, command=f"`{parser.prog}`")
    return parser


def _end(work: Coroutine[Any, Any, int], errors: Console) -> int:
    try:
        return asyncio.run(work)
    except OpsError as error:
        errors.print(f"gantry: {explain(error)}", markup=False)
        return _code_of(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost edge: whatever it is becomes an exit code
        # The log is redacted; the terminal gets only the kind of error, which cannot hold a secret.
        _log.critical("gantry failed", exc_info=True)
        errors.print(f"gantry: a fault of Gantry itself ({type(error).__name__}); the details are in the log above.")
        return ExitCode.INTERNAL


def _code_of(error: OpsError) -> ExitCode:
    if error.code == "data_in_use":
        return ExitCode.IN_USE
    return ExitCode.CONFIGURATION if error.code in _CONFIGURATION_CODES else ExitCode.UNAVAILABLE


def _print_problems(error: SettingsError, errors: Console) -> None:
    count = len(error.problems)
    errors.print(f"gantry: {count} {'problem' if count == 1 else 'problems'} in the settings (environment and .env):")
    for problem in error.problems:
        errors.print(f"  - {problem}", markup=False)
    errors.print("Every setting is explained in .env.example.")


def _print_no_token(args: argparse.Namespace, errors: Console) -> None:
    errors.print(_HOW_TO_LOG_IN.format(command=args.command), markup=False)
    errors.print(_TRY_THE_DEMO, markup=False)


async def _run(_: argparse.Namespace, settings: Settings, __: Console) -> int:
    from bot.application import run

    return await run(settings)


async def _check(args: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.doctor import check

    return await check(settings, console, online=args.online)


async def _status(args: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.status import status

    return await status(settings, console, as_json=args.json)


async def _db_status(_: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.maintenance import status

    return await status(settings, console)


async def _db_upgrade(_: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.maintenance import upgrade

    return await upgrade(settings, console)


async def _commands_list(args: argparse.Namespace, _: Settings, console: Console) -> int:
    from bot.application import open_tree
    from bot.command_sync import list_commands

    async with open_tree() as tree:
        return await list_commands(tree, console, as_json=args.json)


async def _commands_diff(_: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.application import open_tree
    from bot.command_sync import diff, target_guild

    async with open_tree() as tree:
        await _log_in(tree, settings)
        return await diff(tree, console, guild=target_guild(settings))


async def _commands_sync(_: argparse.Namespace, settings: Settings, console: Console) -> int:
    from bot.application import open_tree
    from bot.command_sync import sync, target_guild
    from storage.paths import prepare_directory

    prepare_directory(settings.data_dir)
    async with open_tree() as tree:
        await _log_in(tree, settings)
        return await sync(tree, console, state_path=settings.command_state_file, guild=target_guild(settings))


async def _log_in(tree: Any, settings: Settings) -> None:
    from bot.login import log_in

    token = settings.discord_token
    await log_in(tree.client, "" if token is None else token.get_secret_value())


if __name__ == "__main__":
    sys.exit(main())
