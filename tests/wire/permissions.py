"""Who may do what where, computed as Discord's documentation computes it, and the refusals that follow."""

from enum import IntFlag

from tests.wire.refusals import Refusal, Refused
from tests.wire.world import Channel, Guild, World


class Permission(IntFlag):
    """Those that matter here."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 53) - 1
MEMBERS = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What everyone may do in a new guild here."""


def in_guild(guild: Guild, user_id: int) -> int:
    """A member's permissions before any channel's overwrites."""
    if user_id == guild.owner_id:
        return EVERYTHING
    found = guild.roles[guild.id].permissions
    for role_id in guild.members[user_id].role_ids:
        found |= guild.roles[role_id].permissions
    return EVERYTHING if found & Permission.ADMINISTRATOR else found


def in_channel(world: World, channel: Channel, user_id: int) -> int:
    """A member's permissions in a channel; a thread has its parent's. In direct messages there are none to lack."""
    if channel.is_direct:
        return EVERYTHING
    guild = world.guilds[channel.guild_id]
    base = in_guild(guild, user_id)
    if base == EVERYTHING:
        return base
    ruled = world.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    base = _apply(base, [ruled.overwrites.get(guild.id)])
    roles = [ruled.overwrites.get(role_id) for role_id in guild.members[user_id].role_ids]
    base = _apply(base, roles)
    return _apply(base, [ruled.overwrites.get(user_id)])


def require(world: World, channel: Channel, *needed: Permission) -> None:
    """Refuse the bot what it may not do: Missing Access where it cannot see, Missing Permissions for the rest."""
    if not channel.is_direct and not world.guilds[channel.guild_id].joined:
        raise Refused(Refusal.MISSING_ACCESS)
    held = in_channel(world, channel, world.bot.id)
    if not held & Permission.VIEW_CHANNEL:
        raise Refused(Refusal.MISSING_ACCESS)
    if any(not held & permission for permission in needed):
        raise Refused(Refusal.MISSING_PERMISSIONS)


def holds(world: World, channel: Channel, permission: Permission) -> bool:
    """Whether the bot has this permission in the channel."""
    return bool(in_channel(world, channel, world.bot.id) & permission)


def _apply(base: int, overwrites: list[tuple[int, int, int] | None]) -> int:
    allow = deny = 0
    for overwrite in overwrites:
        if overwrite is not None:
            allow |= overwrite[1]
            deny |= overwrite[2]
    return base & ~deny | allow
