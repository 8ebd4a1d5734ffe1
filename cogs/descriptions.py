"""Descriptions of commands and options: marked for the catalogue, and given to Discord in every language we speak."""

import discord
from discord import app_commands

from cogs.text import Catalogues, load_catalogues

_CHOICE_MAX = 100
_DESCRIPTIONS = {
    app_commands.TranslationContextLocation.command_description,
    app_commands.TranslationContextLocation.group_description,
    app_commands.TranslationContextLocation.parameter_description,
}
T_ = app_commands.locale_str
"""Marks a command's or option's description for the catalogue; Discord shows it in the member's language."""


def with_name(name: str, meaning: str) -> app_commands.locale_str:
    """A choice called `name`, with what it means: only the meaning is translated."""
    return app_commands.locale_str(f"{name} — {meaning}", name=name, meaning=meaning)


class CommandTranslator(app_commands.Translator):
    """Gives Discord the translated descriptions of commands when they are synchronised. Names stay as the contract has them."""

    async def load(self) -> None:
        """Read the catalogues; the tree calls this when it is given its translator."""
        self._catalogues: Catalogues = load_catalogues()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The description in a language we speak; None leaves the English one, and leaves every name as it is.

        The library asks for names too, also for those that nobody marked: "crew" is a word of the catalogue and a command.
        """
        if "meaning" not in string.extras and context.location not in _DESCRIPTIONS:
            return None
        chosen = self._catalogues.locale(locale.value)
        if "meaning" in string.extras:
            meaning = chosen.text(string.extras["meaning"])
            return None if meaning == string.extras["meaning"] else f"{string.extras['name']} — {meaning}"[:_CHOICE_MAX]
        translated = chosen.text(string.message)
        return translated if translated != string.message else None
