"""The application: everything built from its parts, in the order of a start, and taken down in the reverse.

The one place where parts meet. It must hold no rules: what is due, what may be sent and who may do what is decided
elsewhere. The demo and the tests open the same application; only a process adds signals and the connection to Discord.
"""

import contextlib
import gc
import secrets
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from bot.album import Album
from bot.bells import HouseBells
from bot.channels import ChannelEdge, Outgoing
from bot.client import GantryClient
from bot.clock import SystemClock
from bot.connection import close, stay_connected
from bot.courier import Courier
from bot.exit_codes import ExitCode
from bot.holdoff import Holdoff
from bot.logs import protect
from bot.pace import Pace
from bot.pulse import Pulse
from bot.sending import Sender
from bot.settings import Settings
from bot.supervisor import Supervisor
from bot.timekeeper import Timekeeper
from bot.watchdog import Watchdog
from cogs.descriptions import CommandTranslator
from cogs.face import Face
from cogs.install import add_commands
from cogs.outgoing import announcement, picture_name
from cogs.pictures.thumbnail import thumbnail
from cogs.text import Catalogues, load_catalogues
from cogs.tree import GantryTree
from domain.clock import Clock
from domain.errors import OpsError
from services.desks import Desks, open_desks
from services.passes import one_after_another
from storage import boards, digests, heads, migrations, outbox, reminders, seals
from storage.database import Database, Reader, open_database
from storage.evidence import EvidenceStore
from storage.keys import load_or_create_key
from storage.lock import DataLock
from storage.paths import prepare_directory

GARBAGE_AFTER = 10_000
"""So many more objects than before, and it is looked for those that only hold each other."""
TURN_S = 0.0005
"""So long a thread keeps Python's lock while another waits for it.

A pass fires a thousand reminders on the database's thread, and an answer to a member waits for its turn several times: at Python's
own five milliseconds, for longer than it takes by itself.
"""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Application:
    """An open application: its data are locked and migrated, its client is built and not connected."""

    settings: Settings
    clock: Clock
    database: Database
    catalogues: Catalogues
    desks: Desks
    client: GantryClient
    bells: HouseBells
    timekeeper: Timekeeper
    courier: Courier
    watchdog: Watchdog
    holdoff: Holdoff
    supervisor: Supervisor

    def start_background(self) -> None:
        """Start the background tasks. They are the application's, not the client's, and outlive its reconnects."""
        self.supervisor.supervise("timekeeper", self.timekeeper.run)
        self.supervisor.supervise("courier", self.courier.run)
        self.supervisor.supervise("watchdog", self.watchdog.run)

    def start_connection(self, token: str) -> None:
        """Start the task that stays connected. It is stopped first: no new intake while the rest finishes."""
        self.supervisor.supervise(
            "discord", partial(stay_connected, self.client, token, holdoff=self.holdoff, settings=self.settings)
        )

    async def settle(self) -> None:
        """Return when everything due by now has been announced and everything that can be sent has been."""
        await self.timekeeper.passed()
        await self.courier.drained()

    async def next_due_at(self) -> datetime | None:
        """When the application may next announce something; None when nothing is planned. Daily heads and boards are no news."""
        due = [await self.next_reminder_at(), await self.database.read(digests.next_due_at)]
        return min((at for at in due if at is not None), default=None)

    async def next_reminder_at(self) -> datetime | None:
        """When the next countdown, question or reminder is due; None when there is none."""
        return await self.database.read(reminders.next_due_at)


@contextlib.asynccontextmanager
async def open_application(settings: Settings, clock: Clock, *, supervisor: Supervisor) -> AsyncIterator[Application]:
    """Open the data and build everything over them; at the end stop the supervisor's tasks, then close.

    Raises Unavailable when the data are in use, cannot be written, are newer or damaged, or the journal is broken.
    """
    async with contextlib.AsyncExitStack() as stack:
        prepare_directory(settings.data_dir)
        prepare_directory(settings.database.parent)
        stack.enter_context(DataLock(settings.database, started_at=clock.now()))
        await _migrate(settings, clock)
        database = await stack.enter_async_context(open_database(settings.database, supervisor.attend))
        journal_key = await _verified_key(settings.journal_key_file, database)
        protect(journal_key)
        owner = secrets.token_hex(8)
        await _reconcile(database, owner)
        application = _build(settings, clock, database, journal_key, owner, supervisor)
        stack.push_async_callback(close, application.client)
        stack.push_async_callback(supervisor.stop)
        yield application


@contextlib.asynccontextmanager
async def open_tree() -> AsyncIterator[GantryTree]:
    """Every command, on a client that is not logged in and over no data: enough to list, compare and synchronise."""
    client = GantryClient()
    add_commands(client.tree)
    await client.tree.set_translator(CommandTranslator())
    try:
        yield client.tree
    finally:
        await close(client)


async def run(settings: Settings, *, clock: Clock | None = None) -> int:
    """Run the process until it is told to stop or something fails; return its exit code.

    Raises the OpsError that kept it from starting or ended its connection, for the operator to be told.
    """
    token = "" if settings.discord_token is None else settings.discord_token.get_secret_value()
    sys.setswitchinterval(TURN_S)
    async with Supervisor() as supervisor:
        supervisor.watch_signals()
        async with open_application(settings, clock or SystemClock(), supervisor=supervisor) as application:
            application.start_background()
            application.start_connection(token)
            _leave_alone_what_stays()
            failure = await supervisor.run_until_stopped()
    if failure is None:
        return ExitCode.OK
    if isinstance(failure.error, OpsError):
        raise failure.error
    return ExitCode.INTERNAL


def _leave_alone_what_stays() -> None:
    """What was loaded by now stays as long as the process: the search for garbage need not go through it, nor so often.

    Nearly all garbage goes without a search. One for every 700 new objects, Python's measure, would take a tenth of the time when
    many commands come together.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


async def _migrate(settings: Settings, clock: Clock) -> None:
    applied = await migrations.upgrade(settings.database, backup_dir=settings.backup_dir, now=clock.now())
    if applied:
        _log.info("schema brought up to date", applied=applied)
    await migrations.require_current(settings.database)


async def _verified_key(path: Path, database: Database) -> bytes:
    sealed = await database.read(seals.has_journal)
    key = load_or_create_key(path, may_create=not sealed)
    await database.read(lambda reader: seals.require_whole_tails(reader, key))
    return key


async def _reconcile(database: Database, owner: str) -> None:
    """Claims of a process that is gone are ours to look into at once; the courier then reads the channels' history."""
    orphans = await database.write(lambda tx: outbox.end_leases_of_others(tx, owner))
    if orphans:
        _log.warning("deliveries of an earlier process may have got through", count=orphans)


def _note_health(holdoff: Holdoff, pulse: Pulse, complaints: tuple[str, ...]) -> None:
    """Each look of the watchdog is written down; healthy ones count towards forgetting the restarts."""
    pulse.beat(complaints)
    if not complaints:
        holdoff.note_healthy()


async def _fire_due(desks: Desks) -> int:
    """One pass: everything that is due, whoever's affair it is. Returns how much that was."""
    # The boards come last: they show what the others have done.
    return await one_after_another(
        desks.reminders.fire_due, desks.digests.fire_due, desks.housekeeping.fire_due, desks.boards.fire_due
    )


async def _next_due_at(reader: Reader) -> datetime | None:
    """When the next pass has something to do."""
    due = [await table.next_due_at(reader) for table in (reminders, digests, heads, boards)]
    return min((at for at in due if at is not None), default=None)


def _build(
    settings: Settings, clock: Clock, database: Database, journal_key: bytes, owner: str, supervisor: Supervisor
) -> Application:
    real, bells, catalogues = SystemClock(), HouseBells(), load_catalogues()
    store = EvidenceStore(settings.evidence_dir, settings.max_photo_bytes, thumbnail)
    desks = open_desks(
        database, clock, journal_key=journal_key, bells=bells, store=store, languages=catalogues.languages
    )
    client = GantryClient()
    client.wear(Face(desks, catalogues, supervisor.attend, clock))
    sender: Sender[Outgoing] = Sender(
        ChannelEdge(client, client.logged_in, real, Pace(settings.requests_per_s, real)),
        lambda delivery: announcement(delivery, catalogues),
        pictures=Album(database, store, picture_name).pictures,
        clock=clock,
    )
    courier = Courier(database, clock, sender, attend=supervisor.attend, bell=bells.courier, owner=owner)
    timekeeper = Timekeeper(
        clock,
        real,
        fire=partial(_fire_due, desks),
        next_due=partial(database.read, _next_due_at),
        bell=bells.timekeeper,
        after_pass=bells.ring_courier,
    )
    holdoff = Holdoff(settings.starts_file, clock)
    pulse = Pulse(settings.pulse_file, real)
    watchdog = Watchdog(timekeeper, database, clock, real, note=partial(_note_health, holdoff, pulse))
    return Application(
        settings,
        clock,
        database,
        catalogues,
        desks,
        client,
        bells,
        timekeeper,
        courier,
        watchdog,
        holdoff,
        supervisor,
    )
