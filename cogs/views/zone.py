"""The form that asks a member for their time zone, once; sending it also sets the reminder that needed it."""

from collections.abc import Awaitable, Callable

import discord

from cogs.face import face_of
from cogs.reply import tell
from cogs.text import Locale
from cogs.views.forms import OnceForm
from services.member_reminders import Remind

FORM = "zone"
OPEN_FOR_S = 900.0
ZONE_MAX = 60
Record = Callable[[discord.Interaction, str], Awaitable[None]]


class ZoneForm(OnceForm):
    """Asks where the member lives; `suggested` is filled in."""

    def __init__(self, custom_id: str, request: Remind, suggested: str, locale: Locale, record: Record) -> None:
        _ = locale.text
        super().__init__(title=_("Which time zone do you live in?"), custom_id=custom_id, timeout=OPEN_FOR_S)
        self._request = request
        self._record = record
        self._zone = discord.ui.TextInput[ZoneForm](custom_id="timezone", max_length=ZONE_MAX, default=suggested)
        hint = _("Asked once. /remind zone changes it. A name such as Europe/Moscow")
        self.add_item(discord.ui.Label(text=_("Time zone"), description=hint, component=self._zone))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Set the reminder. A refusal is told here, because discord.py would only log it."""
        try:
            await self._record(interaction, self._zone.value)
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error, typed=self._request.text)
