"""A whole Gantry on a simulated Discord: the real application over real data, acted on by members as people act.

The evening is the scenario's, 2025-11-27 at 18:00 UTC, entered once for a process and copied for each test. Three channels:
`flight` hears everything, `corner` hears nothing, `pads` is for tests to subscribe. A second server has its own people and data.
"""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.results import InteractionResult

from bot.application import Application, open_application
from bot.settings import Settings
from bot.supervisor import Supervisor
from cogs.pictures.thumbnail import thumbnail
from demo import seams
from demo.baikonur import STARTS_AT
from demo.scenario import Place, RecordClock, Silence, enter
from demo.stage import StageClock
from domain.capabilities import Capability, Standing
from domain.damage import Severity
from services.actors import Actor
from services.announcements import ChannelFacts
from services.damage import ReportDamage
from services.desks import Desks, open_desks
from services.docking import SaveStation
from services.missions import CreateMission, PlanEvent
from services.operations import SetUp
from services.pads import AddPad
from services.repairs import PlanRepair
from storage import workspaces
from storage.evidence import EvidenceStore
from storage.keys import load_key

OTHER_WORDS = ("Zulu Secret 9", "Hidden Pad 77", "Ghost Station", "Quiet leak", "Fix the quiet leak")
"""Every name of the second server's data: none of them may ever be seen in the first."""


class Incidents(logging.Handler):
    """Collects what the commands log as unforeseen: a member would have been told an incident number."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message with its exception."""
        error = record.exc_info[1] if record.exc_info else None
        self.seen.append(f"{record.getMessage()}: {error!r}")


@dataclass(frozen=True)
class Answer:
    """What a member got for one action."""

    result: InteractionResult

    @property
    def embeds(self) -> list[discord.Embed]:
        """Every embed of the answer and of what followed it."""
        first = self.result.response
        messages = [message for message in (first, *self.result.followups) if message is not None]
        unique = {message.id: message for message in messages}
        return [embed for message in unique.values() for embed in message.embeds]

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return "\n".join(words_of(embed) for embed in self.embeds)

    @property
    def private(self) -> bool:
        """Whether only the member saw it."""
        shown = self.result.followups or ([self.result.response] if self.result.response else [])
        assert shown, "nothing was answered"
        return all(message.ephemeral for message in shown)

    @property
    def message(self) -> discord.Message:
        """The answer itself, for pressing its buttons."""
        assert self.result.response is not None
        return self.result.response.message

    @property
    def labels(self) -> list[str]:
        """Labels of the answer's buttons."""
        return [button.label or "" for button in buttons_of(self.message)]

    @property
    def form(self) -> str | None:
        """The custom_id of the form it opened."""
        return None if self.result.modal is None else str(self.result.modal["custom_id"])


def words_of(embed: discord.Embed) -> str:
    """An embed as one text."""
    parts = [embed.title, embed.description, *(f"{field.name}: {field.value}" for field in embed.fields)]
    return "\n".join(part for part in [*parts, embed.footer.text] if part)


def buttons_of(message: discord.Message) -> list[discord.Button]:
    """Every button below a message."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [button for row in rows for button in row.children if isinstance(button, discord.Button)]


@dataclass
class World:
    """One server with its people, a second one, and the application between them."""

    env: Env
    data: Path
    clock: StageClock
    incidents: Incidents
    guild: GuildHandle
    flight: ChannelHandle
    corner: ChannelHandle
    pads: ChannelHandle
    roles: dict[str, RoleHandle]
    director: MemberActor
    operator: MemberActor
    pad_chief: MemberActor
    approver: MemberActor
    medic: MemberActor
    guest: MemberActor
    elsewhere: ChannelHandle
    stranger: MemberActor
    chiefs: RoleHandle
    application: Application = field(init=False)
    _running: contextlib.AsyncExitStack = field(init=False)

    async def slash(
        self, member: MemberActor, command: str, /, *, where: ChannelHandle | None = None, **options: Any
    ) -> Answer:
        """Type a command, in `corner` unless said otherwise."""
        here = where or (self.elsewhere if member is self.stranger else self.corner)
        return Answer(await member.slash(here, command, **options))

    async def press(self, member: MemberActor, message: discord.Message, label: str) -> Answer:
        """Press a button by its label."""
        return Answer(await member.click(message, label=label))

    async def press_id(self, member: MemberActor, custom_id: str) -> Answer:
        """Press a button with this custom_id, standing in a message of the bot's, as an old or forged one would."""
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="old", custom_id=custom_id))
        channel = self.elsewhere if member is self.stranger else self.corner
        known = self.application.client.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        message = await known.send("an old message", view=view)
        view.stop()
        return Answer(await member.click(message, custom_id=custom_id))

    async def fill(self, member: MemberActor, shown: Answer, **values: Any) -> Answer:
        """Send a form."""
        return Answer(await member.submit_modal(shown.result, values))

    async def complete(self, member: MemberActor, command: str, option: str, typed: str, /, **filled: Any) -> list[str]:
        """The values that are offered while typing."""
        channel = self.elsewhere if member is self.stranger else self.corner
        offered = await member.autocomplete(channel, command, option, typed, **filled)
        assert len(offered) <= 25
        assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(str(choice["value"])) <= 100 for choice in offered)
        return [str(choice["value"]) for choice in offered]

    async def settle(self) -> None:
        """Wait until everything due has been announced and everything that can be sent has been."""
        await self.application.settle()
        await self.env.settle()

    async def posts(self, channel: ChannelHandle | None = None) -> list[str]:
        """What the bot posted by itself in a channel (`flight`), oldest first; answers to commands are left out."""
        return [words_of(message.embeds[0]) for message in await self.messages(channel)]

    async def messages(self, channel: ChannelHandle | None = None) -> list[discord.Message]:
        """The same as messages."""
        await self.settle()
        known = self.application.client.get_channel((channel or self.flight).id)
        assert isinstance(known, discord.TextChannel)
        found = [message async for message in known.history(limit=None, oldest_first=True)]
        return [message for message in found if message.embeds and message.interaction_metadata is None]

    async def move_to(self, instant: datetime) -> None:
        """Move the clock forward as the demo does: from one due instant to the next, settling at each."""
        while True:
            await self.settle()
            due = await self.application.next_due_at()
            here = self.env.now()
            stop = instant if due is None or not here < due < instant else due
            await self.env.advance_time((stop - here).total_seconds())
            if stop == instant:
                break
        await self.settle()

    async def move_by(self, step: timedelta) -> None:
        """Move the clock forward by `step`."""
        await self.move_to(self.env.now() + step)

    async def draft(self, text: str, **options: Any) -> discord.Message:
        """Draft a statement as the operator; return its card in the ops channel."""
        await self.slash(self.operator, "announce post", text=text, **options)
        return (await self.messages())[-1]

    async def post_statement(self, text: str) -> None:
        """Draft a statement and have it approved."""
        answer = await self.press(self.approver, await self.draft(text), "Approve and post")
        assert "approved" in answer.text
        await self.settle()

    def deny(self, channel: ChannelHandle, **permissions: bool) -> None:
        """Take permissions in a channel away from everyone, the bot included."""
        denied = discord.Permissions(**permissions).value
        self.env.backend.set_overwrite(channel.id, Overwrite(self.guild.id, OverwriteType.ROLE, deny=denied))

    def take_role(self, member: MemberActor, role: RoleHandle) -> None:
        """Take a role away from a member, as an admin does in Discord's settings."""
        self.env.backend.remove_member_role(self.guild.id, member.id, role.id)

    async def journal_length(self, guild: GuildHandle | None = None) -> int:
        """How many entries a server's journal has."""
        opened = await self.application.database.read(lambda reader: workspaces.load(reader, (guild or self.guild).id))
        return 0 if opened is None else opened.counters.journal_seq

    async def refused(self, acting: Callable[[], Any]) -> Answer:
        """Do something that must be refused: one private answer, and nothing written."""
        before = await self.journal_length()
        answer = Answer(result) if isinstance(result := await acting(), InteractionResult) else result
        assert isinstance(answer, Answer)
        assert "Not done" in answer.text
        assert answer.private
        assert await self.journal_length() == before
        return answer

    async def open(self) -> None:
        """Open the application over the data, attach it to the simulated Discord and start its background tasks."""
        self._running = contextlib.AsyncExitStack()
        supervisor = await self._running.enter_async_context(Supervisor())
        settings = Settings.model_construct(data_dir=self.data, max_photo_mb=1, requests_per_s=10_000)
        self.application = await self._running.enter_async_context(
            open_application(settings, self.clock, supervisor=supervisor)
        )

    async def restart(self) -> None:
        """Stop the process and start a new one over the same data."""
        await self._running.aclose()
        await self.open()
        handler = self.application.client.tree.on_error
        await self.env.restart_bot(self.application.client)
        seams.refusals_are_no_failures(self.application.client, handler)
        self.application.start_background()

    async def close(self) -> None:
        """Close the application; the simulated Discord is closed by whoever opened it."""
        failure = self.application.supervisor.failure
        await self._running.aclose()
        assert failure is None


@contextlib.asynccontextmanager
async def open_world(data: Path, *, background: bool = True, starts_at: datetime = STARTS_AT) -> AsyncIterator[World]:
    """Open everything over `data`; close it at the end and demand that nothing unforeseen happened."""
    clock, incidents = StageClock(starts_at), Incidents()
    settings = Settings.model_construct(data_dir=data, max_photo_mb=1)
    log = logging.getLogger("gantry.commands")
    async with contextlib.AsyncExitStack() as running:
        supervisor = await running.enter_async_context(Supervisor())
        application = await running.enter_async_context(open_application(settings, clock, supervisor=supervisor))
        env = Env(application.client, check_errors=False)
        seams.start_clock_at(env, starts_at)
        world = await _furnished(env, application, clock, data, incidents)
        world._running = running.pop_all()
    log.addHandler(incidents)
    try:
        if background:
            world.application.start_background()
        yield world
    finally:
        log.removeHandler(incidents)
        await world.close()
        await env.shutdown()
    assert incidents.seen == []


async def _furnished(env: Env, application: Application, clock: StageClock, data: Path, incidents: Incidents) -> World:
    handler = application.client.tree.on_error
    await env.start()
    seams.refusals_are_no_failures(application.client, handler)
    clock.follow(env)
    guild, other = env.create_guild("Mission Control"), env.create_guild("Another team")
    flight, corner, pads = (guild.create_text_channel(name) for name in ("flight", "corner", "pads"))
    elsewhere = other.create_text_channel("elsewhere")
    manage = discord.Permissions(manage_guild=True)
    roles = {
        "directors": guild.create_role("Directors", permissions=manage),
        "operators": guild.create_role("Operators"),
        "pad crew": guild.create_role("Pad crew"),
        "approvers": guild.create_role("Approvers"),
        "medics": guild.create_role("Medics"),
    }
    chiefs = other.create_role("Chiefs", permissions=manage)

    def member(name: str, *held: RoleHandle, of: GuildHandle = guild) -> MemberActor:
        return of.add_member(env.create_user(name.replace(" ", "_"), global_name=name.capitalize()), roles=held)

    world = World(
        env=env,
        data=data,
        clock=clock,
        incidents=incidents,
        guild=guild,
        flight=flight,
        corner=corner,
        pads=pads,
        roles=roles,
        director=member("director", roles["directors"]),
        operator=member("operator", roles["operators"]),
        pad_chief=member("pad chief", roles["pad crew"]),
        approver=member("approver", roles["approvers"]),
        medic=member("medic", roles["medics"]),
        guest=member("guest"),
        elsewhere=elsewhere,
        stranger=member("stranger", chiefs, of=other),
        chiefs=chiefs,
    )
    world.application = application
    await application.client.tree.sync()
    return world


async def prepare_evening(data: Path) -> None:
    """Enter the scenario for the first server and something secret for the second: the data every test starts with."""
    async with open_world(data, background=False) as world:
        clock = RecordClock(STARTS_AT)
        application = world.application
        desks = open_desks(
            application.database,
            clock,
            journal_key=load_key(application.settings.journal_key_file),
            bells=Silence(),
            store=EvidenceStore(application.settings.evidence_dir, application.settings.max_photo_bytes, thumbnail),
            languages=application.catalogues.languages,
        )
        place = Place(
            guild_id=world.guild.id,
            channel_id=world.flight.id,
            director_id=world.director.id,
            pad_chief_id=world.pad_chief.id,
            approver_id=world.approver.id,
            director_role_id=world.roles["operators"].id,
            pad_role_id=world.roles["pad crew"].id,
            approver_role_id=world.roles["approvers"].id,
        )
        await enter(desks, clock, place)
        standing = Standing(frozenset(), manages_server=True)
        chief = Actor(world.guild.id, world.director.id, "Director", standing, world.flight.id)
        await desks.operations.grant(chief, Capability.MEDICAL, world.roles["medics"].id)
        await _enter_secrets(desks, world)


async def _enter_secrets(desks: Desks, world: World) -> None:
    mission, pad, station, leak, task = OTHER_WORDS
    standing = Standing(frozenset(), manages_server=True)
    actor = Actor(world.stranger.guild.id, world.stranger.id, "Stranger", standing, world.elsewhere.id)
    await desks.operations.set_up(actor, SetUp(ChannelFacts(world.elsewhere.id, True, True, True, True, 0)))
    await desks.operations.grant(actor, Capability.OPERATE, 1)
    await desks.docking.station(actor, SaveStation(station, "GHS", "Dark port"))
    await desks.pads.add(actor, AddPad(pad, "Nowhere", "Soyuz-2.1a", components="Hidden part"))
    await desks.missions.create(actor, CreateMission(mission, "Soyuz-2.1a", pad=pad, station=station, launch="2026-03"))
    await desks.missions.plan(actor, PlanEvent(mission, "docking", "2026-04", port="Dark port"))
    await desks.damage.report(actor, ReportDamage(pad, Severity.MINOR, leak))
    for _ in range(4):
        await desks.repairs.plan(actor, PlanRepair("DR-1", task))


async def copied_evening(evening: Path, data: Path) -> Path:
    """A copy of the prepared data for one test."""
    await asyncio.to_thread(shutil.copytree, evening, data)
    return data
