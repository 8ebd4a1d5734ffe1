"""Buttons that outlive a restart: what they do is in their custom_id, and nothing is kept in memory.

A press is a request like any other: the service checks permission again and refuses what no longer applies. discord.py drops
the exceptions of such callbacks silently, so each is told here.
"""

import re
from typing import Any, Self

import discord

from cogs.face import face_of, tree_of
from cogs.render.card import Button
from domain.errors import NotFound

PREFIX = "gantry"
PATTERN = re.compile(rf"{PREFIX}:(?P<action>[a-z]+):(?P<argument>.*)")
"""Every button of ours. One that stands in an old message and no longer matches is answered by `cogs.stale`."""
CUSTOM_ID_MAX = 100
_STYLES = {
    "adopt": discord.ButtonStyle.primary,
    "approve": discord.ButtonStyle.success,
    "retry": discord.ButtonStyle.primary,
    "reject": discord.ButtonStyle.danger,
    "drop": discord.ButtonStyle.danger,
    "done": discord.ButtonStyle.success,
    "donewhen": discord.ButtonStyle.success,
    "ack": discord.ButtonStyle.primary,
    "confirmreturn": discord.ButtonStyle.success,
    "declinereturn": discord.ButtonStyle.danger,
}


class ActionButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PATTERN):
    """A button named "gantry:<action>:<argument>". The tree's `presses` say what each action does."""

    def __init__(self, action: str, argument: str, label: str = "…", *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=label,
                style=_STYLES.get(action, discord.ButtonStyle.secondary),
                custom_id=f"{PREFIX}:{action}:{argument}"[:CUSTOM_ID_MAX],
                disabled=disabled,
            )
        )
        self.action = action
        self.argument = argument

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the message it stands in."""
        return cls(match["action"], match["argument"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the action says; an action that no longer exists is told as stale."""
        from cogs.reply import tell

        try:
            press = tree_of(interaction).presses.get(self.action, _stale)
            await press(interaction, self.argument)
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error)


def fits(action: str, argument: str) -> bool:
    """True when Discord takes a button of that name."""
    return len(f"{PREFIX}:{action}:{argument}") <= CUSTOM_ID_MAX


async def _stale(_interaction: discord.Interaction, _argument: str) -> None:
    raise NotFound("button_stale")


def buttons_view(buttons: tuple[Button, ...]) -> discord.ui.View | None:
    """A view that never times out, because its buttons are found by name; None without buttons."""
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(ActionButton(button.action, button.argument, button.label, disabled=button.disabled))
    return view
