"""A desk in mission control: a guild set up, a channel that hears everything, and the bot there. What most tests begin with."""

from dataclasses import dataclass

from tests.wire.client import Place, Seen, Wire
from tests.wire.oracle import posts

EVENING = "2025-11-27T18:00:00+00:00"
"""The evening of the launch of Soyuz MS-28."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the director sits, and the channels: ops hears about the bot, flight hears everything."""

    wire: Wire
    place: Place
    ops: int
    flight: int

    async def create(self, name: str) -> int:
        """Enter a mission, which announces itself in the flight channel; return the interaction's id."""
        return await self.wire.invoke(self.place, "mission create", name=name, vehicle="Soyuz-2.1a")

    async def posts(self) -> list[Seen]:
        """The announcements in the flight channel."""
        return await posts(self.wire, self.flight)

    async def announced(self, times: int = 1, *, after: int = 0) -> int:
        """Wait for so many messages in the flight channel."""
        return await self.wire.happened(
            "message.created", lambda data: data["channel_id"] == self.flight, times=times, after=after
        )


async def sit_down(wire: Wire) -> Desk:
    """Make the guild. Before the bot is there."""
    place, channels = await wire.settle_in("ops", "flight")
    return Desk(wire, place, channels["ops"], channels["flight"])


async def set_up(desk: Desk) -> None:
    """Set the workspace up and subscribe the flight channel. The bot must be connected."""
    assert "set up" in (await desk.wire.command(desk.place, "ops setup")).words
    heard = await desk.wire.command(desk.place, "announce subscribe", topic="all", channel=desk.flight)
    assert "Subscribed" in heard.words
