"""The last resort: a form or button that nothing knows any more is answered, never left to time out in silence.

discord.py drops unknown buttons and forms without a word. A form that was open across a restart is the usual case.
"""

from collections.abc import Iterator, Mapping

import discord

from cogs.face import face_of
from cogs.reply import tell
from cogs.views.buttons import PATTERN
from cogs.views.forms import FORM_PREFIX, is_open
from domain.errors import NotFound


async def on_interaction(interaction: discord.Interaction) -> None:
    """Called for every interaction besides discord.py's own dispatch: answers what that will drop."""
    data: Mapping[str, object] = dict(interaction.data or {})
    custom_id = str(data.get("custom_id", ""))
    code = _code_of(interaction, custom_id)
    if code is not None:
        typed = "\n".join(_texts(data.get("components")))
        await tell(interaction, face_of(interaction).catalogues, NotFound(code), typed=typed)


def _code_of(interaction: discord.Interaction, custom_id: str) -> str | None:
    if interaction.type is discord.InteractionType.modal_submit:
        known = not custom_id.startswith(FORM_PREFIX) or is_open(interaction, custom_id)
        return None if known else "form_stale"
    if interaction.type is discord.InteractionType.component:
        # The button itself answers for actions that no longer exist.
        return None if PATTERN.fullmatch(custom_id) else "button_stale"
    return None


def _texts(components: object) -> Iterator[str]:
    """What was typed into a form that is sent: the values of its text fields, however deep they lie."""
    if isinstance(components, list):
        for item in components:
            yield from _texts(item)
    elif isinstance(components, Mapping):
        if components.get("type") == discord.ComponentType.text_input.value and components.get("value"):
            yield str(components["value"])
        yield from _texts(components.get("components"))
        yield from _texts(components.get("component"))
