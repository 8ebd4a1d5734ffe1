"""Opening forms, and knowing which are open: a form lives in this process's memory and nowhere else."""

import discord

from cogs.face import tree_of
from cogs.views.buttons import PREFIX

FORM_PREFIX = f"{PREFIX}-form:"


def form_id_of(form: str, interaction: discord.Interaction) -> str:
    """A name for one opening of a form: discord.py finds forms by it, so no two may share one."""
    return f"{FORM_PREFIX}{form}:{interaction.id}"


async def open_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Show a form and remember it for as long as discord.py holds it."""
    tree_of(interaction).open_forms[form.custom_id] = form
    await interaction.response.send_modal(form)


def is_open(interaction: discord.Interaction, custom_id: str) -> bool:
    """True while this process still holds the form of that name."""
    return custom_id in tree_of(interaction).open_forms
