"""The command tree: holds the face and the buttons' actions, and turns every error of every command into one private reply."""

from collections.abc import Awaitable, Callable, Mapping
from weakref import WeakValueDictionary

import discord
from discord import app_commands

from cogs.face import Face
from cogs.reply import tell, unforeseen
from cogs.views.forms import OnceForm
from domain.errors import InvalidInput, NotFound, OpsError

Press = Callable[[discord.Interaction, str], Awaitable[None]]


class GantryTree(app_commands.CommandTree[discord.Client]):
    """Discord's command tree with our face and our refusals. `cogs.install.install` fills it."""

    face: Face
    presses: Mapping[str, Press]

    def __init__(self, client: discord.Client) -> None:
        super().__init__(client)
        self.open_forms: WeakValueDictionary[str, OnceForm] = WeakValueDictionary()

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the member. Completion has no place for words, so its errors are only logged."""
        cause: BaseException = error.__cause__ or error
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            cause = NotFound("command_stale")
        if isinstance(error, app_commands.TransformerError) and error.type is discord.AppCommandOptionType.channel:
            # A channel or thread that Discord offers its member and keeps from us.
            cause = InvalidInput("channel_cannot_post", channel_id=getattr(error.value, "id", 0))
        if interaction.type is discord.InteractionType.autocomplete:
            if not isinstance(cause, OpsError):
                unforeseen(cause)
            return
        await tell(interaction, self.face.catalogues, cause)
