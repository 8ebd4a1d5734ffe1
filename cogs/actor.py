"""From Discord's interaction to the house's terms: who asks, in which language, and what a channel allows."""

from functools import partial

import discord

from cogs.reaching import reaching
from cogs.text import Catalogues, Locale
from domain.capabilities import Standing
from domain.errors import NotFound, NotPermitted
from domain.settings import role_texts
from services.actors import Actor
from services.announcements import ChannelFacts, Mention
from services.settings import NamedRole

Channel = discord.TextChannel | discord.Thread
"""Where announcements can go: text and announcement channels, and threads."""


def actor_of(interaction: discord.Interaction) -> Actor:
    """The member who asks. Raises NotPermitted `only_in_server` in a direct message."""
    member = interaction.user
    if interaction.guild_id is None or not isinstance(member, discord.Member):
        raise NotPermitted("only_in_server")
    permissions = interaction.permissions
    return Actor(
        workspace_id=interaction.guild_id,
        member_id=member.id,
        name=member.display_name,
        standing=Standing(
            role_ids=frozenset(role.id for role in member.roles),
            manages_server=permissions.manage_guild or permissions.administrator,
        ),
        channel_id=interaction.channel_id or 0,
        request_id=interaction.id,
        seen=partial(_sees, member),
    )


def _sees(member: discord.Member, channel_id: int) -> bool:
    """Whether a member can see a channel. Who was added to a private thread is not known: only who manages threads sees it."""
    channel = member.guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return False
    permissions = channel.permissions_for(member)
    is_private = isinstance(channel, discord.Thread) and channel.is_private()
    return permissions.view_channel and (permissions.manage_threads or not is_private)


def member_alone(interaction: discord.Interaction, workspace_id: int) -> Actor:
    """Who presses a button in their direct messages, which belong to no server: without roles, for what is theirs alone.

    Raises NotFound `button_stale` for a button of another server's than the one it is pressed in.
    """
    if interaction.guild_id not in {None, workspace_id}:
        raise NotFound("button_stale")
    return Actor(
        workspace_id=workspace_id,
        member_id=interaction.user.id,
        name=interaction.user.display_name,
        standing=Standing(frozenset(), manages_server=False),
        channel_id=interaction.channel_id or 0,
        request_id=interaction.id,
    )


def locale_of(interaction: discord.Interaction, catalogues: Catalogues) -> Locale:
    """The words in the language the member's Discord is set to."""
    return catalogues.locale(interaction.locale.value)


def role_names(interaction: discord.Interaction) -> dict[int, str]:
    """The server's roles by id."""
    return {role.id: role.name for role in interaction.guild.roles} if interaction.guild else {}


def channel_names(interaction: discord.Interaction) -> dict[int, str]:
    """The server's channels and threads by id."""
    guild = interaction.guild
    return {} if guild is None else {channel.id: channel.name for channel in (*guild.channels, *guild.threads)}


def channel_named(interaction: discord.Interaction, text: str) -> ChannelFacts | None:
    """The same for a channel of this server given as text: a mention, an id, or its name; None for anything else."""
    wanted = text.strip().removeprefix("<").removesuffix(">").removeprefix("#")
    guild = interaction.guild
    known: list[Channel] = [] if guild is None else [*guild.text_channels, *guild.threads]
    for channel in known:
        if wanted in {str(channel.id), channel.name}:
            return channel_facts(interaction, channel)
    return None


def roles_named(interaction: discord.Interaction, text: str) -> tuple[NamedRole, ...]:
    """The roles of this server in a list as it was typed: mentions, ids or names, separated by commas."""
    roles = [] if interaction.guild is None else list(interaction.guild.roles)
    return tuple(NamedRole(typed, mention_of(interaction, _role(roles, typed), None)) for typed in role_texts(text))


def _role(roles: list[discord.Role], typed: str) -> discord.Role | None:
    """The role of that id, or the only one of that name."""
    wanted = typed.removeprefix("<@&").removesuffix(">")
    by_id = next((role for role in roles if str(role.id) == wanted), None)
    key = typed.removeprefix("@").casefold()
    by_name = [role for role in roles if role.name.removeprefix("@").casefold() == key]
    return by_id or (by_name[0] if len(by_name) == 1 else None)


def standing_of(member: discord.Member | discord.User) -> Standing:
    """What decides about another member's capabilities: their roles, and whether they have Manage Server.

    Discord lets anyone be named, by id; raises NotFound `member_unknown` for who is not in this server.
    """
    if not isinstance(member, discord.Member):
        raise NotFound("member_unknown")
    permissions = member.resolved_permissions or member.guild_permissions
    return Standing(
        role_ids=frozenset(role.id for role in member.roles),
        manages_server=permissions.manage_guild or permissions.administrator,
    )


async def member_standing(interaction: discord.Interaction, member_id: int) -> Standing:
    """The same of a member of this server by id, asked of Discord at this moment: nothing that is remembered counts here.

    Raises NotFound `member_unknown` for who is no longer in this server, Unavailable when Discord does not say.
    """
    if interaction.guild is None:
        raise NotFound("member_unknown")
    with reaching("member_not_fetched"):
        try:
            return standing_of(await interaction.guild.fetch_member(member_id))
        except discord.NotFound:
            raise NotFound("member_unknown") from None


def channel_facts(interaction: discord.Interaction, channel: Channel | None) -> ChannelFacts:
    """What the bot may do in a channel; None means the one the command was typed in.

    For the command's own channel Discord says it with the interaction; for another, the permissions are computed from the cache.
    """
    if channel is None or channel.id == interaction.channel_id:
        return _facts(interaction.channel_id or 0, interaction.app_permissions, interaction.channel, interaction.id)
    guild = interaction.guild
    me = guild.me if guild else None
    permissions = channel.permissions_for(me) if me is not None else discord.Permissions.none()
    return _facts(channel.id, permissions, channel, interaction.id)


def mention_of(interaction: discord.Interaction, role: discord.Role | None, channel: Channel | None) -> Mention | None:
    """A role to mention in a channel, and whether Discord would wake anybody for it."""
    if role is None:
        return None
    me = interaction.guild.me if interaction.guild else None
    if channel is None or me is None or channel.id == interaction.channel_id:
        permissions = interaction.app_permissions
    else:
        permissions = channel.permissions_for(me)
    return Mention(role.id, role.is_default(), role.mentionable or permissions.mention_everyone)


def _facts(channel_id: int, permissions: discord.Permissions, channel: object, floor_message_id: int) -> ChannelFacts:
    """The interaction's own id is the floor: Discord's ids grow, so every later message has a larger one."""
    thread = channel if isinstance(channel, discord.Thread) else None
    return ChannelFacts(
        id=channel_id,
        can_view=permissions.view_channel,
        can_send=permissions.send_messages if thread is None else permissions.send_messages_in_threads,
        can_embed=permissions.embed_links,
        can_read_history=permissions.read_message_history,
        last_message_id=floor_message_id,
        is_locked=thread is not None and thread.locked and not permissions.manage_threads,
    )
