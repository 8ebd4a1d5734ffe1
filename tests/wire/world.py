"""The state of the loopback Discord: guilds, members, channels, messages, commands, interactions. No HTTP, no rules.

Everything here is changed on one event loop and in one step, so an effect is all there or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.wire.ids import Snowflakes, WorldClock
from tests.wire.record import JSON, Log
from tests.wire.refusals import Refusal, Refused

TEXT, DIRECT, NEWS, PUBLIC_THREAD = 0, 1, 5, 11
EPHEMERAL, LOADING = 1 << 6, 1 << 7
DEFAULT_NONCE_WINDOW_S = 300.0
"""How long a nonce is remembered here; Discord says "the past few minutes"."""


@dataclass
class User:
    """An account."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"


@dataclass
class Role:
    """A guild's role; the one with the guild's id is everyone's."""

    id: int
    name: str
    permissions: int


@dataclass
class Member:
    """A user in a guild."""

    user: User
    role_ids: list[int] = field(default_factory=list)


@dataclass
class Guild:
    """A server. `joined` is False once the bot was removed."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    joined: bool = True


@dataclass
class Channel:
    """A text channel, a thread, or a user's direct messages with the bot, which are in guild 0 and the user's (`owner_id`).

    `overwrites` map a role's or member's id to (kind, allow, deny); kind 0 is a role.
    """

    id: int
    guild_id: int
    name: str
    kind: int = TEXT
    parent_id: int | None = None
    owner_id: int = 0
    overwrites: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    message_ids: list[int] = field(default_factory=list)
    archived: bool = False
    locked: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether it is direct messages."""
        return self.kind == DIRECT

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread."""
        return self.kind == PUBLIC_THREAD


@dataclass
class Attachment:
    """A file on the content network."""

    id: int
    filename: str
    content_type: str
    content: bytes


@dataclass
class Message:
    """A message. `revisions` are what it said before; ephemeral ones are in no channel's history."""

    id: int
    channel_id: int
    author_id: int
    created_at: datetime
    content: str = ""
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pings: JSON = field(default_factory=dict)
    interaction_id: int | None = None
    has_thread: bool = False
    revisions: list[JSON] = field(default_factory=list)


@dataclass
class Interaction:
    """A command, a press, a form or a completion, and what became of it.

    `payload` is what the bot was sent, `callback` what it answered first.
    """

    id: int
    token: str
    kind: int
    guild_id: int
    channel_id: int
    user_id: int
    created_at: datetime
    data: JSON
    message_id: int | None = None
    callback: JSON | None = None
    original_id: int | None = None
    followup_ids: list[int] = field(default_factory=list)
    payload: JSON = field(default_factory=dict)


Dispatch = Callable[[str, JSON, int], None]
"""Sends an event to every session that has the intent (0: to all)."""
Heard = Callable[[Interaction], None]
"""Is told of an interaction's first answer, at its receipt."""


@dataclass
class World:
    """Everything, and the one bot that lives in it."""

    token: str
    clock: WorldClock = field(default_factory=WorldClock)
    log: Log = field(default_factory=Log)
    base: str = ""
    nonce_window_s: float = DEFAULT_NONCE_WINDOW_S
    answer_within_s: float = 3.0
    token_lives_s: float = 900.0
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    attachments: dict[int, Attachment] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    commands: dict[int | None, list[JSON]] = field(default_factory=dict)
    closed_to_bots: set[int] = field(default_factory=set)
    nonces: dict[tuple[int, str], tuple[datetime, int]] = field(default_factory=dict)
    dispatch: Dispatch = lambda _event, _data, _intent: None
    answered: Heard = lambda _interaction: None

    def __post_init__(self) -> None:
        self._ids = Snowflakes(self.clock)
        self.application_id = self.new_id()
        self.bot = User(self.application_id, "gantry", bot=True)
        self.users[self.bot.id] = self.bot

    def new_id(self) -> int:
        """The next snowflake."""
        return self._ids.draw()

    def note(self, kind: str, **data: Any) -> None:
        """Record a happening at this world's time."""
        self.log.note(kind, self.clock.now(), **data)

    def guild(self, guild_id: int) -> Guild:
        """The guild, if the bot is in it."""
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.joined:
            raise Refused(Refusal.UNKNOWN_GUILD)
        return guild

    def channel(self, channel_id: int) -> Channel:
        """The channel, if there is one."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise Refused(Refusal.UNKNOWN_CHANNEL)
        return channel

    def direct(self, user_id: int) -> Channel:
        """A user's direct messages with the bot, opened when they are first asked for."""
        if user_id not in self.users or user_id == self.bot.id:
            raise Refused(Refusal.UNKNOWN_USER)
        known = next((one for one in self.channels.values() if one.is_direct and one.owner_id == user_id), None)
        if known is None:
            known = Channel(self.new_id(), 0, "", DIRECT, owner_id=user_id)
            self.channels[known.id] = known
        return known

    def takes_direct_messages(self, user_id: int) -> bool:
        """Whether a user lets the bot write to them: not from without a server they share."""
        shared = any(guild.joined and user_id in guild.members for guild in self.guilds.values())
        return shared and user_id not in self.closed_to_bots

    def message(self, channel_id: int, message_id: int) -> Message:
        """The message, unless it was deleted or is somewhere else."""
        message = self.messages.get(message_id)
        if message is None or message.deleted_at is not None or message.channel_id != channel_id:
            raise Refused(Refusal.UNKNOWN_MESSAGE)
        return message
