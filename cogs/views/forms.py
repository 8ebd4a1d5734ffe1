"""Opening forms, and knowing which are open: a form lives in this process's memory and nowhere else, and is taken once."""

import discord

from cogs import showing
from cogs.face import tree_of
from cogs.views.buttons import PREFIX

FORM_PREFIX = f"{PREFIX}-form:"


class OnceForm(discord.ui.Modal):
    """A form whose first sending counts. A client may send it again while the first is still being worked on."""

    sent_in: int | None = None
    """The interaction that sent it."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Take the first sending; any other is left to `cogs.stale`."""
        if self.sent_in is not None:
            return False
        self.sent_in = interaction.id
        return True


def form_id_of(form: str, interaction: discord.Interaction) -> str:
    """A name for one opening of a form: discord.py finds forms by it, so no two may share one."""
    return f"{FORM_PREFIX}{form}:{interaction.id}"


async def open_form(interaction: discord.Interaction, form: OnceForm) -> None:
    """Show a form and remember it for as long as discord.py holds it.

    One that was not seen to arrive may stand before the member all the same, but discord.py does not know it: whoever sends it is
    told to open it again (`cogs.stale`), with what they had typed.
    """
    open_forms = tree_of(interaction).open_forms
    open_forms[form.custom_id] = form
    if not await showing.attempt(lambda: interaction.response.send_modal(form)):
        open_forms.pop(form.custom_id, None)


def is_open(interaction: discord.Interaction, custom_id: str) -> bool:
    """True while this process still takes the form of that name, and for the interaction that sent it."""
    form = tree_of(interaction).open_forms.get(custom_id)
    if form is None or form.sent_in is not None:
        return form is not None and form.sent_in == interaction.id
    return not form.is_finished()
