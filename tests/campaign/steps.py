"""The steps of a shift, and how each is taken on a stage."""

from dataclasses import dataclass
from typing import Any, Literal

from tests.campaign.stage import Stage

Handled = Literal["snooze", "cancel", "end digest", "delete board"]
"""What is done with something that is there, whatever it is by then."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as an option of a command, by its name on the stage."""

    name: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its options."""

    name: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """The clock goes on to the next due instant and `beyond_s` seconds behind it; without one, by an hour."""

    beyond_s: float


@dataclass(frozen=True, slots=True)
class Press:
    """A button below one of the bot's posts; `pick` (0 to 1) says which of those that stand. `awaited`: it is waited for."""

    action: str
    pick: float
    by_asker: bool = False
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Whoever asked last for a pad's return leaves the server, or loses all roles."""

    leaves: bool


@dataclass(frozen=True, slots=True)
class Remind:
    """A reminder that a member sets: by direct message, or in the channel `where`.

    `says_zone`: with /remind zone, before they are asked; `closed`: they take no direct messages.
    """

    when: str
    text: str
    repeat: str | None = None
    where: str | None = None
    zone: str | None = None
    says_zone: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """Something that is there is dealt with; `pick` (0 to 1) says which."""

    what: Handled
    pick: float


Own = Command | Remind | Handle
"""What the watch does for itself."""


@dataclass(frozen=True, slots=True)
class Along:
    """A step, and what the watch does before it."""

    own: tuple[Own, ...]
    step: "Step"


Step = Command | Press | Dismiss | Move | Remind | Handle | Along


async def take(stage: Stage, step: Step) -> None:
    """Take one step."""
    stage.plant()
    match step:
        case Along(own, beside):
            for one in own:
                await take(stage, one)
            await take(stage, beside)
        case Command(name, options):
            await _command(stage, name, options)
        case Press(action, pick, by_asker, awaited):
            if awaited:
                await stage.await_button(action)
            await stage.press(action, pick, by_asker=by_asker)
        case Dismiss(leaves):
            await stage.dismiss_asker(leaves=leaves)
        case Move(beyond_s):
            await stage.move_to_due(beyond_s)
        case Remind():
            await _remind(stage, step)
        case Handle(what, pick):
            await _handle(stage, what, pick)


async def _command(stage: Stage, name: str, options: dict[str, Any]) -> None:
    named = {key: stage.channels[value.name] for key, value in options.items() if isinstance(value, Channel)}
    if all([await stage.is_there(channel_id) for channel_id in named.values()]):
        await stage.ask(name, **options | named)


async def _remind(stage: Stage, step: Remind) -> None:
    await stage.set_reminder(
        step.when,
        step.text,
        step.repeat,
        where=step.where,
        zone=step.zone,
        says_zone=step.says_zone,
        closed=step.closed,
    )


async def _handle(stage: Stage, what: Handled, pick: float) -> None:
    match what:
        case "snooze":
            await stage.snooze(pick)
        case "cancel":
            await stage.cancel_reminder(pick)
        case "end digest":
            await stage.end_digest(pick)
        case "delete board":
            await stage.delete_board(pick)
