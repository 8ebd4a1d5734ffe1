"""`python -m demo`: the whole bot in a browser, on a simulated Discord, with no account and no token.

The application is the one that `gantry run` opens; only the Discord around it and the clock are the stage's. Data are in a
temporary directory, so every start begins with the same evening.
"""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import discord
from rich.console import Console

from bot.application import Application, open_application
from bot.logs import configure_logs
from bot.settings import Settings
from bot.supervisor import Supervisor
from cogs.embeds import embed_of
from cogs.pictures.thumbnail import thumbnail
from demo.baikonur import EVENING, STARTS_AT, STORY
from demo.clock_command import DemoGroup
from demo.driver import Driver
from demo.scenario import Place, RecordClock, Silence, Story, brief_daily, enter, pin_boards
from demo.stage import Stage, StageClock
from demo.telling import Telling
from demo.welcome import welcome
from services.desks import open_desks
from storage.evidence import EvidenceStore
from storage.keys import load_key


def main(argv: list[str] | None = None) -> int:
    """Run the demonstration until Ctrl-C, or until the page ends the session."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="The whole of Gantry in a browser.")
    parser.add_argument("--port", type=int, default=0, help="loopback port of the page; a free one if left out")
    parser.add_argument("--verbose", action="store_true", help="show the application's log")
    options = parser.parse_args(argv)
    console = Console(stderr=False)
    with TemporaryDirectory(prefix="gantry-demo-") as directory:
        settings = Settings.model_construct(data_dir=Path(directory))
        with configure_logs(level="INFO" if options.verbose else "ERROR"):
            return asyncio.run(_run(settings, options.port, console))


async def _run(settings: Settings, port: int, console: Console) -> int:
    clock = StageClock(STARTS_AT)
    async with Supervisor() as supervisor:
        supervisor.watch_signals()
        async with (
            open_application(settings, clock, supervisor=supervisor) as application,
            Stage(application.client, clock, port=port) as stage,
        ):
            with console.status("Entering the facts of 27 November 2025 …"):
                await _enter_case(application, stage)
            await _start(application, stage)
            _print_address(console, stage)
            supervisor.supervise("page closed", partial(_stop_when_closed, stage, supervisor))
            failure = await supervisor.run_until_stopped()
            await supervisor.stop()
    if failure is not None:
        console.print(f"The demonstration ended unexpectedly: {failure}", style="bold red")
        return 1
    console.print("The demonstration has ended; its data are gone.")
    return 0


async def _enter_case(application: Application, stage: Stage) -> None:
    settings, clock = application.settings, RecordClock(EVENING[0].recorded_at)
    desks = open_desks(
        application.database,
        clock,
        journal_key=load_key(settings.journal_key_file),
        bells=Silence(),
        store=EvidenceStore(settings.evidence_dir, settings.max_photo_bytes, thumbnail),
        languages=application.catalogues.languages,
    )
    place = _place(stage)
    await enter(desks, clock, place)
    await brief_daily(desks, place, stage.daily.id)
    await pin_boards(desks, place, stage.boards.id)


def _place(stage: Stage) -> Place:
    return Place(
        guild_id=stage.guild.id,
        channel_id=stage.channel.id,
        director_id=stage.cast.flight_director.id,
        pad_chief_id=stage.cast.pad_chief.id,
        approver_id=stage.cast.second_approver.id,
        director_role_id=stage.roles.flight_director.id,
        pad_role_id=stage.roles.pad_chief.id,
        approver_role_id=stage.roles.approver.id,
    )


async def _start(application: Application, stage: Stage) -> None:
    telling = Telling(application, stage, Story(STORY, application.desks, _place(stage)))
    driver = Driver(stage, next_due=telling.next_at, next_event=telling.next_event_at, settle=telling.settle)
    application.client.tree.add_command(DemoGroup(stage.clock, driver.ask))
    async with stage.turn:
        await application.client.tree.sync()
        channel = application.client.get_partial_messageable(stage.channel.id, type=discord.ChannelType.text)
        await channel.send(embed=embed_of(welcome(application.catalogues.locale("en"))))
    application.start_background()
    application.supervisor.supervise("demo driver", driver.run)
    await stage.refresh()


async def _stop_when_closed(stage: Stage, supervisor: Supervisor) -> None:
    await stage.wait_closed()
    supervisor.request_stop("the page ended the session")
    await asyncio.Event().wait()  # a background task waits to be stopped; ending by itself would be a failure


def _print_address(console: Console, stage: Stage) -> None:
    console.print()
    console.print("Gantry is running on a simulated Discord. Open this address in a browser:")
    console.print(f"  [bold]{stage.url}[/bold]", soft_wrap=True, highlight=False)
    console.print("And these beside it: its live boards, and a digest every morning.")
    for channel in (stage.boards, stage.daily):
        console.print(f"  [bold]{stage.url_of(channel)}[/bold]", soft_wrap=True, highlight=False)
    console.print("Type /mission status, /pad report or /demo clock there. Ctrl-C ends it.")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
