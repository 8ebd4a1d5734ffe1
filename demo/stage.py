"""The stage: a simulated Discord with a server, its members and a page for each of its channels, around the real client.

It knows nothing of missions and pads; the application is attached to it as it would be to Discord. It must not start
tasks, and it must not move its clock by itself: `demo.driver` does that.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, Preview, RoleHandle, SetupError

from demo import seams

_log = logging.getLogger(__name__)

_BOT_NAME = "Gantry"
_BUSY_RETRY_S = 0.05
_BUSY_TRIES = 100


class StageClock:
    """The demo's `domain.clock.Clock`: the simulated Discord's time, so that messages and rules agree about it.

    It exists before the stage does, because the application is wired with a clock before its client is attached; until
    then it stands at `starts_at`.
    """

    def __init__(self, starts_at: datetime) -> None:
        self.starts_at = starts_at
        self._env: Env | None = None

    def follow(self, env: Env) -> None:
        """Read `env`'s time from now on."""
        self._env = env

    def now(self) -> datetime:
        """Return the stage's instant, aware, in UTC."""
        return self.starts_at if self._env is None else self._env.now()

    async def sleep(self, delay_s: float) -> None:
        """Return after `delay_s` real seconds. The driver lets the stage's time flow at the same pace."""
        await asyncio.sleep(max(delay_s, 0.0))


@dataclass(frozen=True)
class Cast:
    """Who can be acted as. They are named by what they do; the guest has no role, the flight director Manage Server."""

    flight_director: MemberActor
    pad_chief: MemberActor
    second_approver: MemberActor
    guest: MemberActor

    def everyone(self) -> tuple[MemberActor, ...]:
        """Return all of them in the order in which the page lists them."""
        return (self.flight_director, self.pad_chief, self.second_approver, self.guest)


@dataclass(frozen=True)
class Roles:
    """The server's roles, to which the scenario grants capabilities."""

    flight_director: RoleHandle
    pad_chief: RoleHandle
    approver: RoleHandle


class Stage:
    """`async with Stage(client, StageClock(starts_at)) as stage`: the client is logged in and the page is served.

    Whatever moves the simulated Discord takes its turn: simcord allows one operation at a time and answers a second one
    with an error. The page, `advance_to` and `refresh` do so by themselves; a script that acts as a member says
    `async with stage.turn:` around it. `client` must not have been started; commands are shown once the application has
    synchronised them.
    """

    def __init__(self, client: discord.Client, clock: StageClock, *, port: int = 0) -> None:
        self.clock = clock
        self._client = client
        self._port = port
        # An error is the application's to report: simcord's own complaint at the end would hide why the demo ended.
        self._env = Env(client, check_errors=False)
        self.turn = asyncio.Lock()
        self._exits = AsyncExitStack()
        self._listeners: list[Callable[[], None]] = []
        self._pages: dict[int, Preview] = {}
        self.guild: GuildHandle
        self.channel: ChannelHandle
        self.boards: ChannelHandle
        self.daily: ChannelHandle
        self.roles: Roles
        self.cast: Cast

    async def __aenter__(self) -> Self:
        try:
            await self._attach()
            self._furnish()
            for channel in (self.boards, self.daily):
                await self._open_page(channel, 0)
                seams.let_another_page_open(self._env)
            await self._open_page(self.channel, self._port)
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    @property
    def url(self) -> str:
        """The address of the page to begin with. Whoever has it can act as any member; it is served on loopback only."""
        return self.url_of(self.channel)

    def url_of(self, channel: ChannelHandle) -> str:
        """The address of a channel's page."""
        return self._pages[channel.id].url

    def on_message(self, heard: Callable[[], None]) -> None:
        """Have `heard` called whenever a message appears, changes or goes, also one the application sent by itself.

        Boards and digests are left out: what is watched is the channel that one types in, and its threads.
        """
        self._listeners.append(heard)

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock forward to `instant` and let the client finish what that woke; earlier instants do nothing."""
        await self._in_turn(lambda: self._env.advance_time(self._seconds_until(instant)), "advance the clock")

    async def refresh(self) -> bool:
        """Publish what is there now to every open page. False when it could not be done; it never raises."""
        return all([await self._in_turn(page.refresh, "refresh the page") for page in self._pages.values()])

    async def wait_closed(self) -> None:
        """Return when somebody ends the session from the page."""
        await self._pages[self.channel.id].wait_closed()

    async def _attach(self) -> None:
        seams.start_clock_at(self._env, self.clock.starts_at)
        handler = getattr(getattr(self._client, "tree", None), "on_error", None)
        self._exits.push_async_callback(self._env.shutdown)
        await self._env.start()
        seams.refusals_are_no_failures(self._client, handler)
        if self._client.user is not None:
            await self._client.user.edit(username=_BOT_NAME)  # before a server is joined: its role takes the name
        seams.observe_messages(self._env, self._tell_listeners)
        self.clock.follow(self._env)

    def _furnish(self) -> None:
        self.guild = self._env.create_guild("Mission Control")
        self.channel = self.guild.create_text_channel("flight-ops", topic="Missions, pads and crews, as they stand.")
        self.boards = self.guild.create_text_channel("boards", topic="Live boards: each message is kept true.")
        self.daily = self.guild.create_text_channel(
            "daily", topic="What changed and what is due: one digest each morning."
        )
        manage = discord.Permissions(manage_guild=True)
        self.roles = Roles(
            flight_director=self.guild.create_role("Flight directors", permissions=manage, color=0x3BA55D),
            pad_chief=self.guild.create_role("Pad crew", color=0xFAA61A),
            approver=self.guild.create_role("Approvers", color=0x5865F2),
        )
        self.cast = Cast(
            flight_director=self._member("flight_director", "Flight director", self.roles.flight_director),
            pad_chief=self._member("pad_chief", "Pad chief", self.roles.pad_chief),
            second_approver=self._member("second_approver", "Second approver", self.roles.approver),
            guest=self._member("guest", "Guest"),
        )

    def _member(self, name: str, shown_as: str, *roles: RoleHandle) -> MemberActor:
        return self.guild.add_member(self._env.create_user(name, global_name=shown_as), roles=roles)

    async def _open_page(self, channel: ChannelHandle, port: int) -> None:
        preview = self._env.preview(
            channel,
            viewers=self.cast.everyone(),
            layout="channel",
            locale="en-US",
            timezone="UTC",
            port=port,
        )
        seams.show_mentions_in_embeds()
        seams.queue_actions(preview, self.turn)
        seams.follow_the_channel(preview)
        self._pages[channel.id] = await self._exits.enter_async_context(preview)

    def _seconds_until(self, instant: datetime) -> float:
        return max((instant - self.clock.now()).total_seconds(), 0.0)

    def _tell_listeners(self, channel_id: int) -> None:
        if channel_id in {self.boards.id, self.daily.id}:
            return
        for heard in self._listeners:
            heard()

    async def _in_turn(self, operation: Callable[[], Awaitable[None]], purpose: str) -> bool:
        """Do `operation` when nothing else is under way. An error is logged: the application never meets it."""
        for _ in range(_BUSY_TRIES):
            try:
                async with self.turn:
                    await operation()
            except SetupError as error:
                if "overlaps" not in str(error):
                    _log.warning("could not %s: %s", purpose, error)
                    return False
            except TimeoutError as error:  # the client has work that does not end; what was done so far stands
                _log.warning("could not %s in time: %s", purpose, error)
                return False
            else:
                return True
            await asyncio.sleep(_BUSY_RETRY_S)  # somebody acts without taking a turn
        _log.warning("could not %s: something else was under way all the time", purpose)
        return False
