"""Who asks: a member in a channel of a guild, as Discord described them for this one interaction."""

from collections.abc import Callable
from dataclasses import dataclass, field

from domain.capabilities import Standing

SYSTEM_ID = 0


def _none(_channel_id: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Actor:
    """A member at the moment of one interaction.

    `request_id` is the interaction's id: it makes a replay harmless, and, as one of Discord's ids, it is a floor below which
    none of our answers to it can stand. It is None for what the house does on its own. `seen` tells of the server's other channels
    whether they can see them; of what is not known, that they cannot.
    """

    workspace_id: int
    member_id: int
    name: str
    standing: Standing
    channel_id: int
    request_id: int | None = None
    seen: Callable[[int], bool] = field(default=_none, compare=False, repr=False)

    def sees(self, channel_id: int) -> bool:
        """Whether they may read what is said in a channel of the server."""
        return channel_id == self.channel_id or self.seen(channel_id)


def system_actor(workspace_id: int) -> Actor:
    """The house itself: fires reminders, loads the demo. Holds no roles; it does not pass through permissions."""
    return Actor(workspace_id, SYSTEM_ID, "Gantry", Standing(frozenset(), manages_server=False), 0)
