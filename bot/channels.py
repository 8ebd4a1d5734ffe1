"""The Discord edge of delivery: posts, looks, edits, and says in a closed set of outcomes what became of it.

The courier decides by these outcomes and knows nothing of Discord. This must not retry, wait or remember anything. The
whole meaning of Discord's errors for delivery is `outcome_of`, with `REFUSALS` as its table.
"""

import asyncio
import io
from asyncio import Event
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

import aiohttp
import discord

from bot.pace import Pace, Turn
from domain.delivery import MEMBER_GONE, NO_THREADS, DeliveryRefused

PICTURES_MAX = 10
LOOK_PAGE = 100
"""Messages in one page of history; Discord gives no more."""

CHANNELS_KNOWN_WITHIN_S = 10.0
"""So long a look waits, after a start, for the gateway to tell which channels there are."""

LIBRARY_RETRY_S = 0.9
"""discord.py repeats a request by itself after a 5xx, first after 1 s: a longer call may have been sent before."""

TOO_LARGE = "too_large"
_THREAD_EXISTS = 160004
_ARCHIVED = 50083
_NOT_THERE = 50024
"""A thread inside a thread, for one."""
_MESSAGE_GONE = 10008
_THREAD_NAME_MAX = 100
_A_WEEK_MIN: Final = 10080

# Discord's error codes after which trying again cannot help, and the reason the row is parked with.
REFUSALS: Mapping[int, str] = MappingProxyType(
    {
        10003: "channel_gone",
        10004: "server_gone",
        30046: "edited_too_often",
        40005: TOO_LARGE,
        50001: "missing_access",
        50007: "direct_messages_closed",
        50008: "channel_takes_no_messages",
        50013: "missing_permission",
        50024: "channel_takes_no_messages",
        50035: "not_accepted",
        50083: "thread_archived",
        50278: MEMBER_GONE,
        160005: "thread_locked",
    }
)


class NotSent(Exception):  # noqa: N818 - an outcome, not a fault
    """It certainly was not sent, and may be tried again, not before `retry_after_s`."""

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class Ambiguous(Exception):  # noqa: N818 - an outcome, not a fault
    """Nobody knows: it may stand in the channel, or appear there in a moment."""


class Deleted(Exception):  # noqa: N818 - an outcome, not a fault
    """It was sent, and somebody has deleted it since."""


class Clock(Protocol):
    """Real time for measuring durations."""

    def monotonic_s(self) -> float:
        """Seconds since some fixed start."""
        ...


class Outgoing(Protocol):
    """A rendered delivery. `evidence` are digests of pictures to attach; the first is the embed's own image."""

    @property
    def content(self) -> str | None:
        """Text above the embed: mentions, if any."""
        ...

    @property
    def embed(self) -> discord.Embed:
        """What is said; its footer carries the delivery's reference."""
        ...

    @property
    def view(self) -> discord.ui.View | None:
        """Buttons, all of them dynamic items."""
        ...

    @property
    def evidence(self) -> tuple[str, ...]:
        """SHA-256 of pictures."""
        ...

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        """Whom the post may ping."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A file to attach."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Glance:
    """One page of our own history: the post that was looked for, and the last message seen (None at the end)."""

    found_id: int | None
    last_id: int | None


class ChannelEdge:
    """Channels as the courier uses them. Every method raises NotSent, Ambiguous, Deleted or DeliveryRefused only.

    `logged_in` is set once the client can make requests; `clock` is real time; each request waits for its turn in the `pace`.
    """

    def __init__(self, client: discord.Client, logged_in: Event, clock: Clock, pace: Pace) -> None:
        self._client = client
        self._logged_in = logged_in
        self._clock = clock
        self._pace = pace

    async def ready(self) -> None:
        """Return once requests can be made. A gateway is not needed: delivery goes on over HTTP while it is away."""
        await self._logged_in.wait()

    async def post(self, channel_id: int, outgoing: Outgoing, pictures: Sequence[Picture], nonce: str) -> int:
        """Post with this nonce and return the message's id; a repeat in Discord's window returns the first one's."""
        async with self._request():
            message = await self._client.get_partial_messageable(
                channel_id
            ).send(
                content=outgoing.content,
                embed=_embed(outgoing, pictures),
                view=_detached(outgoing.view),  # type: ignore[arg-type]  # None is taken, and means no buttons
                files=[discord.File(io.BytesIO(picture.content), picture.name) for picture in pictures[:PICTURES_MAX]],
                nonce=nonce,
                allowed_mentions=outgoing.allowed_mentions,
            )
            return message.id

    async def look(self, channel_id: int, reference: str, after_id: int) -> Glance:
        """Look through one page of messages after `after_id` for our own post with `reference` in its footer."""
        await self._await_channels()
        async with self._request():
            await self._require_history(channel_id)
            history = self._client.get_partial_messageable(channel_id).history(
                limit=LOOK_PAGE, after=discord.Object(after_id), oldest_first=True
            )
            messages = [message async for message in history]
        found = next((message.id for message in messages if self._is_ours(message, reference)), None)
        return Glance(found, messages[-1].id if len(messages) == LOOK_PAGE else None)

    async def edit(self, channel_id: int, message_id: int, outgoing: Outgoing) -> int:
        """Replace what a post of ours says. Doing it twice is doing it once."""
        async with self._request():
            await self._opening(channel_id, lambda: self._edit(channel_id, message_id, outgoing))
            return message_id

    async def remove(self, channel_id: int, message_id: int) -> int:
        """Delete a post of ours. Doing it twice is doing it once: one that is gone raises Deleted."""
        async with self._request():
            await self._opening(channel_id, lambda: self._client.http.delete_message(channel_id, message_id))
            return message_id

    async def _opening(self, channel_id: int, act: Callable[[], Awaitable[None]]) -> None:
        """Do something to a post. Unlike a post, that does not open an archived thread again by itself."""
        try:
            await act()
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
            await self._client.http.edit_channel(channel_id, archived=False)
            await act()

    async def _edit(self, channel_id: int, message_id: int, outgoing: Outgoing) -> None:
        await (
            self._client.get_partial_messageable(channel_id)
            .get_partial_message(message_id)
            .edit(
                content=outgoing.content,
                embed=outgoing.embed,
                view=_detached(outgoing.view),
                allowed_mentions=outgoing.allowed_mentions,
            )
        )

    async def open_thread(self, channel_id: int, message_id: int, outgoing: Outgoing) -> int:
        """Make a thread from a post and return its id, which is the post's; one that is there already will do."""
        async with self._request():
            try:
                # The library's own door wants the server in its cache; an empty cache proves nothing.
                await self._client.http.start_thread_with_message(
                    channel_id,
                    message_id,
                    name=(outgoing.embed.title or str(message_id))[:_THREAD_NAME_MAX],
                    auto_archive_duration=_A_WEEK_MIN,
                )
            except discord.HTTPException as error:
                if error.code == _NOT_THERE:
                    raise DeliveryRefused(NO_THREADS) from error
                if error.code != _THREAD_EXISTS:
                    raise
            return message_id

    def _is_ours(self, message: discord.Message, reference: str) -> bool:
        user = self._client.user
        return (
            user is not None
            and message.author.id == user.id
            and any(reference in (embed.footer.text or "") for embed in message.embeds)
        )

    async def _await_channels(self) -> None:
        """After a start the cache is empty, and whether the history may be read is not known: wait for it, or look later."""
        if self._client.is_ready():
            return
        try:
            async with asyncio.timeout(CHANNELS_KNOWN_WITHIN_S):
                await self._client.wait_until_ready()
        except TimeoutError:
            raise Ambiguous("the server's channels are not known yet") from None

    async def _require_history(self, channel_id: int) -> None:
        """Refuse to take silence for an answer: without the permission Discord shows an empty history, no error.

        A channel that the cache does not have, such as an archived thread after a start, is asked for.
        """
        channel = self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.DMChannel):
            return  # one's own direct messages can always be read
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.me is None:
            raise Ambiguous("what may be read in the channel is not known yet")
        seen = channel.permissions_for(channel.guild.me)
        if not (seen.view_channel and seen.read_message_history):
            raise DeliveryRefused("history_hidden")

    def _request(self) -> "_Request":
        return _Request(self._pace.turn(), self._clock)


class _Request:
    """One request: its turn in the pace, and what its errors mean."""

    __slots__ = ("_clock", "_started_s", "_turn")

    def __init__(self, turn: Turn, clock: Clock) -> None:
        self._turn = turn
        self._clock = clock

    async def __aenter__(self) -> None:
        await self._turn.__aenter__()
        self._started_s = self._clock.monotonic_s()

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        await self._turn.__aexit__()
        if not isinstance(error, Exception):
            return
        outcome = outcome_of(error)  # whatever it is, it says nothing certain about the post
        if isinstance(outcome, NotSent) and self._clock.monotonic_s() - self._started_s >= LIBRARY_RETRY_S:
            outcome = Ambiguous(f"{outcome}, perhaps after a try of the library's own")
        raise outcome from error


def outcome_of(error: Exception) -> NotSent | Ambiguous | Deleted | DeliveryRefused:
    """What an error of a request means for the delivery. Whatever is not known to be harmless is ambiguous."""
    match error:
        case DeliveryRefused() | Ambiguous():
            return error
        case discord.RateLimited():
            return NotSent("rate limited before sending", error.retry_after)
        case discord.HTTPException():
            return _outcome_of_answer(error)
        case aiohttp.ClientConnectorError():
            return NotSent("no connection")
    return Ambiguous(f"{type(error).__name__}: {error}")


def _outcome_of_answer(error: discord.HTTPException) -> NotSent | Ambiguous | Deleted | DeliveryRefused:
    said = f"{error.status} {error.code}"
    if error.code == _MESSAGE_GONE:
        return Deleted(said)
    if error.code in REFUSALS:
        return DeliveryRefused(REFUSALS[error.code], discord_code=error.code)
    match error.status:
        case 401:
            return NotSent(said)  # the token, not this post; the gateway says so loudly
        case 403 | 404 if not error.code:
            return NotSent(said)  # something in front of Discord, such as a block at the network's edge
        case 408:
            return Ambiguous(said)
        case 413:
            return DeliveryRefused(TOO_LARGE, discord_code=error.code)
        case 429:
            return Ambiguous(said)  # the library gives up after five tries, of which the first may have been a 5xx
        case status if 400 <= status < 500:
            return DeliveryRefused("not_accepted", discord_code=error.code)
    return Ambiguous(said)


def _embed(outgoing: Outgoing, pictures: Sequence[Picture]) -> discord.Embed:
    """The embed with the first picture as its own; without any when they could not be brought along."""
    if not pictures:
        return outgoing.embed
    return outgoing.embed.copy().set_image(url=f"attachment://{pictures[0].name}")


def _detached(view: discord.ui.View | None) -> discord.ui.View | None:
    """Keep the library from remembering every post's buttons: ours are dynamic items, known by their custom_id."""
    if view is not None:
        view.stop()
    return view
