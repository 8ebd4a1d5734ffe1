"""The forms behind "did it happen?": when it happened where the plan was no exact time, or its new date and the reason."""

from collections.abc import Awaitable, Callable

import discord

from cogs.face import face_of
from cogs.reply import tell
from cogs.text import Locale
from cogs.views.forms import OnceForm

FORM = "done"
MOVED_FORM = "moved"
OPEN_FOR_S = 900.0
TIME_MAX = 60
REASON_MAX = 200
Record = Callable[[discord.Interaction, int, str], Awaitable[None]]
RecordMove = Callable[[discord.Interaction, int, str, str], Awaitable[None]]


class DoneForm(OnceForm):
    """Asks when an event happened."""

    def __init__(self, custom_id: str, event_id: int, locale: Locale, record: Record) -> None:
        _ = locale.text
        super().__init__(title=_("When did it happen?"), custom_id=custom_id, timeout=OPEN_FOR_S)
        self._event_id = event_id
        self._record = record
        self._when = discord.ui.TextInput[DoneForm](
            custom_id="when", max_length=TIME_MAX, placeholder="2025-12-09 05:03"
        )
        hint = _("Date and time, UTC unless you name a zone")
        self.add_item(discord.ui.Label(text=_("Time"), description=hint, component=self._when))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Record it. A refusal is told here, because discord.py would only log it."""
        try:
            await self._record(interaction, self._event_id, self._when.value)
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error)


class MovedForm(OnceForm):
    """Asks for an event's new date and why it moved."""

    def __init__(self, custom_id: str, event_id: int, locale: Locale, record: RecordMove) -> None:
        _ = locale.text
        super().__init__(title=_("When is it planned now?"), custom_id=custom_id, timeout=OPEN_FOR_S)
        self._event_id = event_id
        self._record = record
        self._when = discord.ui.TextInput[MovedForm](
            custom_id="when",
            max_length=TIME_MAX,
            placeholder="NET 2026-03-22",  # not prose: an example to type
        )
        self._reason = discord.ui.TextInput[MovedForm](custom_id="reason", max_length=REASON_MAX)
        hint = _("As exactly as it is known; “unknown” if there is no date")
        self.add_item(discord.ui.Label(text=_("New date"), description=hint, component=self._when))
        self.add_item(discord.ui.Label(text=_("Reason"), component=self._reason))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Move it. A refusal is told here, because discord.py would only log it."""
        try:
            await self._record(interaction, self._event_id, self._when.value, self._reason.value)
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error)
