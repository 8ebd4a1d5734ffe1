"""What a member was refused, as the security log keeps it: which command, button or form, and never what was typed."""

import re

import discord

from cogs.face import face_of
from domain.errors import NotPermitted
from domain.security import NO_SERVER, Door, Refusal

_DOORS = {
    discord.InteractionType.application_command: Door.COMMAND,
    discord.InteractionType.component: Door.BUTTON,
    discord.InteractionType.modal_submit: Door.FORM,
}
_NAME = re.compile(r"[a-z_-]{1,32}")
_UNKNOWN = "unknown"


async def note_refusal(interaction: discord.Interaction, error: BaseException) -> None:
    """Keep a refusal for lack of rights, after the member was told. Whatever else went wrong is not kept here."""
    door = _DOORS.get(interaction.type)
    if door is None or not isinstance(error, NotPermitted):
        return
    face = face_of(interaction)
    capability = error.params.get("capability")
    refusal = Refusal(
        workspace_id=interaction.guild_id or NO_SERVER,
        member_id=interaction.user.id,
        door=door,
        handler=_handler(interaction, door),
        code=error.code,
        capability=None if capability is None else str(capability),
        refused_at=face.clock.now(),
    )
    await face.attend(face.desks.security.note(refusal))


def _handler(interaction: discord.Interaction, door: Door) -> str:
    """The name of what was used. A custom_id could hold anything, so only a name of our own form is taken from it."""
    if door is Door.COMMAND:
        return _UNKNOWN if interaction.command is None else interaction.command.qualified_name
    custom_id = str(dict(interaction.data or {}).get("custom_id", ""))
    parts = custom_id.split(":")
    return parts[1] if len(parts) > 1 and _NAME.fullmatch(parts[1]) else _UNKNOWN
