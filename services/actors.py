"""Who asks: a member in a channel of a guild, as Discord described them for this one interaction."""

from dataclasses import dataclass

from domain.capabilities import Standing

SYSTEM_ID = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """A member at the moment of one interaction.

    `request_id` is the interaction's id: it makes a replay harmless, and, as one of Discord's ids, it is a floor below which
    none of our answers to it can stand. It is None for what the house does on its own.
    """

    workspace_id: int
    member_id: int
    name: str
    standing: Standing
    channel_id: int
    request_id: int | None = None


def system_actor(workspace_id: int) -> Actor:
    """The house itself: fires reminders, loads the demo. Holds no roles; it does not pass through permissions."""
    return Actor(workspace_id, SYSTEM_ID, "Gantry", Standing(frozenset(), manages_server=False), 0)
