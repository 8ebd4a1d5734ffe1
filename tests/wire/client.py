"""The control interface for tests: typed, and waiting for what happens instead of sleeping.

`Wire` acts on a world and reads it; every wait has a hard limit and says what it waited for.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import aiohttp

from tests.wire.record import JSON

PATIENCE_S = 45.0
"""No wait is longer. Reaching it is a failure, never a measurement: a busy machine can take many seconds for a start."""

LOADING = 1 << 7
Happening = Callable[[JSON], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member acts: a guild, a channel in it, and who."""

    guild_id: int
    channel_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A message with everything that is known of it."""

    id: int
    channel_id: int
    author_id: int
    content: str
    embeds: list[JSON]
    components: list[JSON]
    attachments: list[JSON]
    flags: int
    nonce: str | int | None
    deleted: bool
    edited: bool
    pings: JSON
    revisions: list[JSON]
    interaction_id: int | None
    by_bot: bool = False

    @property
    def is_private(self) -> bool:
        """Whether only one member sees it."""
        return bool(self.flags & 1 << 6)

    @property
    def words(self) -> str:
        """Every text in it."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title") or "", embed.get("description") or ""]
            parts += [f"{field['name']} {field['value']}" for field in embed.get("fields") or []]
        return "\n".join(part for part in parts if part)

    @property
    def footer(self) -> str:
        """The first embed's footer."""
        return str(((self.embeds or [{}])[0].get("footer") or {}).get("text", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """Labels of buttons by custom_id."""
        return {
            item["custom_id"]: item.get("label", "")
            for row in self.components
            for item in row.get("components", ())
            if "custom_id" in item
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot said to an interaction. `kind` is the callback's type, `data` its data."""

    id: int
    kind: int
    data: JSON
    original: Seen | None
    followups: list[Seen]

    @property
    def words(self) -> str:
        """Every text the member read."""
        said = [self.original] if self.original else []
        return "\n".join(message.words for message in [*said, *self.followups])

    @property
    def choices(self) -> list[str]:
        """What a completion offered."""
        return [choice["name"] for choice in self.data.get("choices", ())]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of many uses of a command: each one's latency, how long all took, and how long the loopback itself was busy.

    `begun_s` is when each began, on the monotonic clock; `kinds` counts the callbacks' types; `last` is the answer that came last.
    """

    latencies_ms: list[float]
    begun_s: list[float]
    took_s: float
    busy_s: float
    kinds: dict[int, int]
    last: Answered


@dataclass
class Wire:
    """One world's control. Use as `async with Wire(base, token)`."""

    base: str
    token: str
    _http: aiohttp.ClientSession = field(init=False)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(base_url=self.base, timeout=aiohttp.ClientTimeout(total=90))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def act(self, action: str, **asked: Any) -> Any:
        """Any action of the control interface by name. Raises AssertionError with its words when it was refused."""
        async with self._http.post(f"/control/{action}", json=asked) as response:
            said = await response.json()
            assert response.status == 200, f"{action}: {said}"
            return said

    async def reset(self, at: str | None = None) -> None:
        """Begin a new world, at an instant (ISO) or at the machine's."""
        await self.act("reset", at=at)

    async def settle_in(self, *channels: str, **guild: Any) -> tuple[Place, dict[str, int]]:
        """A guild with its owner in the first channel, and the channels' ids by name."""
        made = await self.act("make_guild", **guild)
        ids = {
            name: (await self.act("make_channel", guild_id=made["guild_id"], name=name))["channel_id"]
            for name in channels
        }
        return Place(made["guild_id"], ids[channels[0]], made["owner_id"]), ids

    async def invoke(self, place: Place, command: str, **options: Any) -> int:
        """Use a command and return the interaction's id."""
        started = await self.act("invoke", **_at(place), command=command, options=options)
        return int(started["interaction_id"])

    async def command(self, place: Place, command: str, **options: Any) -> Answered:
        """Use a command and return the bot's answer."""
        return await self.answered(await self.invoke(place, command, **options))

    async def load(
        self, place: Place, command: str, *options: JSON, times: int, outstanding: int = 1, rest_s: float = 0.0
    ) -> Loaded:
        """Use a command many times, with these sets of options in turn: see `tests.wire.load.Load`."""
        before = await self.now_at()
        asked = {"command": command, "options": options, "times": times, "outstanding": outstanding, "rest_s": rest_s}
        await self.act("load", **_at(place), **asked)
        await self.happened("load.ended", after=before)
        (ended,) = await self.log("load.ended", after=before)
        kinds = {int(kind): count for kind, count in ended["kinds"].items()}
        last = await self.answered(ended["last_interaction_id"], after=before)
        return Loaded(ended["latencies_ms"], ended["begun_s"], ended["took_s"], ended["busy_s"], kinds, last)

    async def complete(self, place: Place, command: str, focused: str, typed: str, **options: Any) -> list[str]:
        """Type in an option and return what is offered."""
        started = await self.act(
            "invoke", **_at(place), command=command, options=options | {focused: typed}, focused=focused
        )
        return (await self.answered(started["interaction_id"])).choices

    async def press(self, place: Place, message: Seen, custom_id: str, **more: Any) -> Answered:
        """Press a button and return the bot's answer."""
        started = await self.act("press", **_at(place), message_id=message.id, custom_id=custom_id, **more)
        return await self.answered(started["interaction_id"])

    async def submit(self, opened: Answered, **values: Any) -> Answered:
        """Send a form that an interaction opened and return the bot's answer."""
        started = await self.act("submit", interaction_id=opened.id, values=values)
        return await self.answered(started["interaction_id"])

    async def answered(self, interaction_id: int, *, after: int = 0) -> Answered:
        """The bot's answer, once it has been given in full: a deferred one only when it is filled in."""
        await self.happened("callback", lambda data: data["interaction_id"] == interaction_id, after=after)
        shown = await self.act("interaction", interaction_id=interaction_id)
        if shown["original"] is not None and shown["original"]["flags"] & LOADING:
            await self.happened("response.edited,followup", lambda data: data["interaction_id"] == interaction_id)
            shown = await self.act("interaction", interaction_id=interaction_id)
        callback = shown["callback"]
        original = None if shown["original"] is None else _seen(shown["original"])
        followups = [_seen(one) for one in shown["followups"]]
        return Answered(interaction_id, callback["type"], callback.get("data") or {}, original, followups)

    async def messages(self, channel_id: int, *, deleted: bool = False, private: bool = False) -> list[Seen]:
        """What stands in a channel, oldest first; with `deleted` and `private`, also what stood and who alone saw it."""
        found = [_seen(one) for one in await self.act("list_messages", channel_id=channel_id)]
        return [one for one in found if (deleted or not one.deleted) and (private or not one.is_private)]

    async def everything_said(self) -> list[Seen]:
        """Every message there ever was in any channel, oldest first, deleted and private ones too."""
        return [_seen(one) for one in await self.act("list_messages")]

    async def again(self, interaction_id: int) -> None:
        """Deliver an interaction to the bot once more, as Discord may after a broken connection."""
        await self.act("again", interaction_id=interaction_id)

    async def clock(self) -> datetime:
        """The bot's present instant."""
        async with self._http.get("/control/clock") as response:
            said = await response.json()
        return datetime.now(UTC) + timedelta(seconds=said["bot_offset_s"])

    async def stirred(self, after: int, timeout_s: float, kinds: str = "") -> int:
        """Return as soon as something has happened since record `after`, or when the time is up: the last record's number."""
        return int((await self._log(after, kinds, timeout_s))["last"])

    async def happened(self, kinds: str, wanted: Happening = lambda _: True, *, after: int = 0, times: int = 1) -> int:
        """Wait until the wanted has happened so many times since record `after`; return the last one's number."""
        found, seen = 0, after
        while True:
            answer = await self._log(seen, kinds, PATIENCE_S)
            assert answer["records"], f"within {PATIENCE_S:.0f} s there was no more of {kinds}, after {found}"
            for record in answer["records"]:
                seen = record["seq"]
                found += wanted(record["data"])
                if found >= times:
                    return int(seen)

    async def log(self, kinds: str = "", *, after: int = 0) -> list[JSON]:
        """Every record of these kinds until now, as its data."""
        return [record["data"] for record in await self.records(kinds, after=after)]

    async def records(self, kinds: str = "", *, after: int = 0) -> list[JSON]:
        """Every record of these kinds until now, with its number and its time."""
        records: list[JSON] = (await self._log(after, kinds, 0.0))["records"]
        return records

    async def now_at(self) -> int:
        """The number of the last record: from here on something new is waited for."""
        return int((await self._log(1 << 40, "", 0.0))["last"])

    async def requests(self, method: str = "", template: str = "") -> list[JSON]:
        """The requests the bot has made, in order."""
        return [
            one
            for one in await self.log("request")
            if (not method or one["method"] == method) and one["template"].endswith(template)
        ]

    async def connected(self, *, after: int = 0) -> None:
        """Wait until the bot has identified with the gateway."""
        await self.happened("gateway.identified", after=after)

    async def move_clock(self, seconds: float) -> None:
        """Move the world's clock, and with it the bot's."""
        await self.act("set_clock", by_s=seconds)

    async def set_clock(self, at: str) -> None:
        """Set the world's clock, and with it the bot's, to an instant (ISO)."""
        await self.act("set_clock", at=at)

    async def fault(self, kind: str, **more: Any) -> None:
        """Script a fault: see `tests.wire.faults.Fault`."""
        await self.act("add_fault", kind=kind, **more)

    async def permit(self, channel_id: int, target_id: int, *, allow: int = 0, deny: int = 0, **more: Any) -> None:
        """Set what a role or a member may do in a channel."""
        await self.act("set_channel", channel_id=channel_id, target_id=target_id, allow=allow, deny=deny, **more)

    async def _log(self, after: int, kinds: str, timeout_s: float) -> JSON:
        query = {"after": str(after), "kinds": kinds, "timeout_s": str(timeout_s)}
        async with self._http.get("/control/log", params=query) as response:
            found: JSON = await response.json()
            return found


def photo(filename: str, content: bytes, content_type: str = "image/png") -> JSON:
    """A file a member attaches."""
    return {"filename": filename, "content": base64.b64encode(content).decode(), "content_type": content_type}


def _at(place: Place) -> JSON:
    return {"guild_id": place.guild_id, "channel_id": place.channel_id, "member_id": place.member_id}


def _seen(shown: JSON) -> Seen:
    return Seen(
        id=int(shown["id"]),
        channel_id=int(shown["channel_id"]),
        author_id=int(shown["author"]["id"]),
        content=shown["content"],
        embeds=shown["embeds"],
        components=shown["components"],
        attachments=shown["attachments"],
        flags=shown["flags"],
        nonce=shown["nonce"],
        deleted=shown["deleted_at"] is not None,
        edited=shown["edited_timestamp"] is not None,
        pings=shown["pings"],
        revisions=shown["revisions"],
        interaction_id=shown["interaction_id"],
        by_bot=shown["author"]["bot"],
    )
