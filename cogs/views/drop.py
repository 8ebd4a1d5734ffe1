"""The form behind giving parked posts up: it asks why, and sending it is the decision."""

from collections.abc import Awaitable, Callable

import discord

from cogs.face import face_of
from cogs.reply import tell
from cogs.text import Locale
from cogs.views.forms import OnceForm

FORM = "drop"
OPEN_FOR_S = 900.0
REASON_MAX = 200
Record = Callable[[discord.Interaction, int, str], Awaitable[None]]


class DropForm(OnceForm):
    """Asks why a channel's parked posts are given up."""

    def __init__(self, custom_id: str, channel_id: int, locale: Locale, record: Record) -> None:
        _ = locale.text
        super().__init__(title=_("Give parked posts up"), custom_id=custom_id, timeout=OPEN_FOR_S)
        self._channel_id = channel_id
        self._record = record
        self._reason = discord.ui.TextInput[DropForm](custom_id="reason", max_length=REASON_MAX)
        hint = _("They will not be posted. The journal keeps the reason.")
        self.add_item(discord.ui.Label(text=_("Reason"), description=hint, component=self._reason))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Give them up. A refusal is told here, because discord.py would only log it."""
        try:
            await self._record(interaction, self._channel_id, self._reason.value)
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error)
