"""The world's things as Discord's JSON, with the fields that its documentation promises."""

from datetime import datetime

from tests.wire import permissions
from tests.wire.record import JSON
from tests.wire.world import PUBLIC_THREAD, Attachment, Channel, Guild, Member, Message, Role, User, World


def user(one: User) -> JSON:
    """A user."""
    return {
        "id": str(one.id),
        "username": one.name,
        "discriminator": "0",
        "global_name": None if one.bot else one.name,
        "avatar": None,
        "bot": one.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def role(one: Role, position: int) -> JSON:
    """A role."""
    return {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(one.permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member(one: Member, joined_at: datetime) -> JSON:
    """A member with its user."""
    return {
        "user": user(one.user),
        "roles": [str(role_id) for role_id in one.role_ids],
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": joined_at.isoformat(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def direct(one: Channel, recipient: User) -> JSON:
    """Direct messages."""
    return {
        "id": str(one.id),
        "type": one.kind,
        "last_message_id": str(one.message_ids[-1]) if one.message_ids else None,
        "flags": 0,
        "recipients": [user(recipient)],
    }


def channel(one: Channel, now: datetime) -> JSON:
    """A channel or a thread."""
    found: JSON = {
        "id": str(one.id),
        "type": one.kind,
        "guild_id": str(one.guild_id),
        "name": one.name,
        "parent_id": None if one.parent_id is None else str(one.parent_id),
        "last_message_id": str(one.message_ids[-1]) if one.message_ids else None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }
    if one.kind == PUBLIC_THREAD:
        return found | {
            "owner_id": str(one.owner_id),
            "message_count": len(one.message_ids),
            "member_count": 1,
            "total_message_sent": len(one.message_ids),
            "thread_metadata": {
                "archived": one.archived,
                "locked": one.locked,
                "auto_archive_duration": 10080,
                "archive_timestamp": now.isoformat(),
            },
        }
    return found | {
        "position": 0,
        "nsfw": False,
        "topic": None,
        "permission_overwrites": [
            {"id": str(target), "type": kind, "allow": str(allow), "deny": str(deny)}
            for target, (kind, allow, deny) in one.overwrites.items()
        ],
    }


def guild(world: World, one: Guild) -> JSON:
    """A whole guild, as GUILD_CREATE brings it to a bot without the members intent: its own member only."""
    now = world.clock.now()
    inside = [item for item in world.channels.values() if item.guild_id == one.id]
    seen = [c for c in inside if permissions.in_channel(world, c, world.bot.id) & permissions.Permission.VIEW_CHANNEL]
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "icon": None,
        "splash": None,
        "banner": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(item, position) for position, item in enumerate(one.roles.values())],
        "channels": [channel(item, now) for item in inside if not item.is_thread],
        "threads": [channel(item, now) for item in seen if item.is_thread and not item.archived],
        "members": [member(one.members[world.bot.id], now)],
        "member_count": len(one.members),
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "preferred_locale": "en-US",
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "joined_at": now.isoformat(),
        "large": False,
        "unavailable": False,
    }


def attachment(world: World, one: Attachment, *, ephemeral: bool = False) -> JSON:
    """A file with its address, which carries no signature here."""
    url = f"{world.base}/cdn/attachments/{one.id}/{one.filename}"
    return {
        "id": str(one.id),
        "filename": one.filename,
        "content_type": one.content_type,
        "size": len(one.content),
        "url": url,
        "proxy_url": url,
        "ephemeral": ephemeral,
    }


def message(world: World, one: Message) -> JSON:
    """A message as the bot sees it."""
    found: JSON = {
        "id": str(one.id),
        "channel_id": str(one.channel_id),
        "author": user(world.users[one.author_id]),
        "content": one.content,
        "timestamp": one.created_at.isoformat(),
        "edited_timestamp": None if one.edited_at is None else one.edited_at.isoformat(),
        "tts": False,
        "pinned": False,
        "type": 0 if one.interaction_id is None else 20,
        "flags": one.flags,
        "embeds": one.embeds,
        "components": one.components,
        "attachments": [attachment(world, item) for item in one.attachments],
        "mention_everyone": bool(one.pings.get("everyone")),
        "mentions": [user(world.users[user_id]) for user_id in one.pings.get("users", ()) if user_id in world.users],
        "mention_roles": [str(role_id) for role_id in one.pings.get("roles", ())],
    }
    if one.author_id == world.bot.id and one.interaction_id is not None:
        found["application_id"] = str(world.application_id)
    if one.interaction_id is not None and (asked := world.interactions.get(one.interaction_id)) is not None:
        found["interaction_metadata"] = {
            "id": str(asked.id),
            "type": asked.kind,
            "user": user(world.users[asked.user_id]),
            "authorizing_integration_owners": {"0": str(asked.guild_id)},
        }
    return found
