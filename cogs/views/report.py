"""The damage report's form: pad, component, severity, summary, photo. Five fields, which is Discord's limit.

What was already typed with the command is filled in. A form lives in memory, under a name of its own so that two members never
share one; a form that was open during a restart is answered by `cogs.stale`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from cogs.face import face_of
from cogs.options import picked
from cogs.render.inert import shortened
from cogs.render.words import SEVERITY_NAMES
from cogs.reply import tell
from cogs.text import N_, Locale
from cogs.views.forms import OnceForm
from domain.damage import Severity
from domain.pads import Pad
from domain.text import name_key
from services.damage import SUMMARY_MAX, ReportDamage
from services.photos import PHOTOS_MAX

FORM = "report"
OPEN_FOR_S = 900.0
SELECT_MAX = 25
LABEL_MAX = 100
_SEVERITY_MEANINGS = {
    Severity.MINOR: N_("Does not limit launches"),
    Severity.MAJOR: N_("Restricts launches"),
    Severity.CRITICAL: N_("No launches from this pad"),
}
Log = Callable[[discord.Interaction, ReportDamage, tuple[discord.Attachment, ...]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was given with the command, to be filled in."""

    pad: str | None
    component: str | None
    severity: Severity | None
    summary: str | None
    observed: str | None
    photos: tuple[discord.Attachment, ...]


class ReportForm(OnceForm):
    """The form itself. `offered` are the pads to choose from; the one that was named is chosen, however it was spelled."""

    def __init__(self, custom_id: str, draft: Draft, offered: tuple[Pad, ...], locale: Locale, log: Log) -> None:
        _ = locale.text
        super().__init__(title=_("Report damage at a pad"), custom_id=custom_id, timeout=OPEN_FOR_S)
        self._draft = draft
        self._log = log
        self._pad = _pad_field(draft, offered)
        self._component = discord.ui.TextInput[ReportForm](
            custom_id="component", required=False, max_length=80, default=_cut(draft.component, 80)
        )
        self._severity = discord.ui.RadioGroup[ReportForm](
            custom_id="severity", options=[_severity_option(severity, draft, locale) for severity in Severity]
        )
        self._summary = discord.ui.TextInput[ReportForm](
            custom_id="summary",
            style=discord.TextStyle.paragraph,
            max_length=SUMMARY_MAX,
            default=_cut(draft.summary, SUMMARY_MAX),
        )
        self._photos = discord.ui.FileUpload[ReportForm](
            custom_id="photo", required=False, max_values=PHOTOS_MAX - len(draft.photos)
        )
        fields: tuple[tuple[str, str | None, discord.ui.Item[ReportForm]], ...] = (
            (_("Pad"), None, self._pad),
            (_("Component"), _("What is damaged, if you can name it"), self._component),
            (_("Severity"), None, self._severity),
            (_("What you see"), None, self._summary),
            (_("Photo"), _("Kept as evidence by its SHA-256"), self._photos),
        )
        for name, hint, field in fields:
            self.add_item(discord.ui.Label(text=name, description=hint, component=field))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Log what was filled in. A refusal is told here, because discord.py would only log it."""
        try:
            request = ReportDamage(
                pad=self._pad.value if isinstance(self._pad, discord.ui.TextInput) else self._pad.values[0],
                severity=picked(Severity, self._severity.value or "", what="severity"),
                summary=self._summary.value,
                component=self._component.value.strip() or None,
                observed=self._draft.observed,
            )
            await self._log(interaction, request, (*self._draft.photos, *self._photos.values))
        except Exception as error:  # noqa: BLE001 - told to the member, and logged where it was not foreseen
            await tell(interaction, face_of(interaction).catalogues, error, typed=self._summary.value)


def _pad_field(
    draft: Draft, offered: tuple[Pad, ...]
) -> "discord.ui.Select[ReportForm] | discord.ui.TextInput[ReportForm]":
    """A list of pads; a line to type when there are more than a list holds."""
    if not 0 < len(offered) <= SELECT_MAX:
        return discord.ui.TextInput(custom_id="pad", max_length=80, default=_cut(draft.pad, 80))
    options = [
        discord.SelectOption(
            label=shortened(pad.name, LABEL_MAX),
            value=pad.name,
            description=shortened(pad.site, LABEL_MAX),
            default=name_key(draft.pad or "") == name_key(pad.name) or len(offered) == 1,
        )
        for pad in offered
    ]
    return discord.ui.Select(custom_id="pad", options=options)


def _severity_option(severity: Severity, draft: Draft, locale: Locale) -> discord.RadioGroupOption:
    return discord.RadioGroupOption(
        label=locale.text(SEVERITY_NAMES[severity]),
        value=severity.value,
        description=locale.text(_SEVERITY_MEANINGS[severity]),
        default=draft.severity is severity,
    )


def _cut(text: str | None, limit: int) -> str | None:
    return None if text is None else text[:limit]
