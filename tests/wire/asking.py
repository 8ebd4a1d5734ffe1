"""Interactions as a member's client starts them: a command, a completion, a press, a form that is sent.

They are built from what the bot itself has registered or shown, so that a command it never gave to Discord cannot be
called. With `unchecked`, what the member's client would not allow is sent all the same.
"""

import base64
import secrets
from typing import Any

from tests.wire import payloads, permissions
from tests.wire.record import JSON
from tests.wire.routes_interactions import COMMAND, COMPLETION, FORM, MODAL, PRESS
from tests.wire.world import EPHEMERAL, Attachment, Channel, Interaction, User, World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
BUTTON, ROW, LABEL, TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOX = 2, 1, 18, 4, 19, 21, 23
ATTACHMENT_LIMIT = 10 * 1024 * 1024


class NotOffered(Exception):  # noqa: N818 - what a member's client would answer
    """A member could not do this: there is no such command, option, button or form."""


def command(world: World, asked: JSON) -> Interaction:
    """A slash command; with `focused`, the completion of that option while it is typed."""
    root, path, leaf = _registered(world, int(asked["guild_id"]), str(asked["command"]).split())
    given: JSON = asked.get("options") or {}
    focused = asked.get("focused")
    known = {option["name"]: option for option in leaf.get("options") or []}
    if not asked.get("unchecked"):
        _require_offered(known, given, focused)
    resolved: JSON = {}
    options = [
        {"name": name, "type": known[name]["type"] if name in known else STRING}
        | {"value": _value(world, asked, known.get(name, {}), value, resolved)}
        | ({"focused": True} if name == focused else {})
        for name, value in given.items()
    ]
    for name, kind in reversed(path):
        options = [{"name": name, "type": kind, "options": options}]
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    kind = COMMAND if focused is None else COMPLETION
    return _start(world, asked, kind, data | ({"resolved": resolved} if resolved else {}))


def press(world: World, asked: JSON) -> Interaction:
    """A button or a menu of a message. With `unchecked`, of the message as the member may still see it."""
    message = world.messages[int(asked["message_id"])]
    custom_id = str(asked["custom_id"])
    states = [message.components]
    if asked.get("unchecked"):
        states += [revision["components"] for revision in reversed(message.revisions)]
    shown = next((state for state in states if _button(state, custom_id) is not None), message.components)
    found = _button(shown, custom_id)
    if (found is None or found.get("disabled") or message.deleted_at) and not asked.get("unchecked"):
        raise NotOffered(f"no such button can be pressed: {custom_id}")
    kind = BUTTON if found is None else found["type"]
    data: JSON = {"custom_id": custom_id, "component_type": kind}
    if kind != BUTTON:
        data["values"] = list(asked.get("values") or ())
    return _start(world, asked, PRESS, data, message_id=message.id, seen={"components": shown})


def _button(rows: list[JSON], custom_id: str) -> JSON | None:
    return next(
        (item for row in rows for item in row.get("components", ()) if item.get("custom_id") == custom_id), None
    )


def form(world: World, asked: JSON) -> Interaction:
    """A form that is sent, with values by custom_id: a text, a list of choices, or files."""
    opened = world.interactions[int(asked["interaction_id"])]
    if opened.callback is None or opened.callback.get("type") != MODAL:
        raise NotOffered("that interaction opened no form")
    shown, values = opened.callback["data"], dict(asked.get("values") or {})
    resolved: JSON = {}
    components = [_filled(world, item, values, resolved) for item in shown["components"]]
    if values and not asked.get("unchecked"):
        raise NotOffered(f"the form has no such fields: {sorted(values)}")
    data = {"custom_id": shown["custom_id"], "components": components}
    where = {"guild_id": opened.guild_id, "channel_id": opened.channel_id, "member_id": opened.user_id} | asked
    extra = {"resolved": resolved} if resolved else {}
    return _start(world, where, FORM, data | extra, message_id=opened.message_id)


def _registered(world: World, guild_id: int, names: list[str]) -> tuple[JSON, list[tuple[str, int]], JSON]:
    root: JSON | None = None
    for where in (guild_id, None):
        root = root or next((one for one in world.commands.get(where, []) if one["name"] == names[0]), None)
    if root is None:
        raise NotOffered(f"/{names[0]} is not registered")
    leaf, path = root, list[tuple[str, int]]()
    for name in names[1:]:
        inside = next((one for one in leaf.get("options") or [] if one["name"] == name and one["type"] <= GROUP), None)
        if inside is None:
            raise NotOffered(f"/{' '.join(names)} is not registered")
        path.append((name, inside["type"]))
        leaf = inside
    if any(option["type"] <= GROUP for option in leaf.get("options") or []):
        raise NotOffered(f"/{' '.join(names)} is a group")
    return root, path, leaf


def _require_offered(known: dict[str, JSON], given: JSON, focused: object) -> None:
    if unknown := [name for name in given if name not in known]:
        raise NotOffered(f"no such options: {unknown}")
    missing = [name for name, option in known.items() if option.get("required") and name not in given]
    if missing and focused is None:
        raise NotOffered(f"required options are missing: {missing}")
    for name, value in given.items():
        option = known[name]
        offered = [choice["value"] for choice in option.get("choices") or ()]
        if offered and value not in offered:
            raise NotOffered(f"{name} offers {offered}")
        if name == focused and not option.get("autocomplete"):
            raise NotOffered(f"{name} does not complete")


def _value(world: World, asked: JSON, option: JSON, value: Any, resolved: JSON) -> Any:
    """The value as it is sent; what it stands for goes into `resolved`."""
    kind = option.get("type", STRING)
    if kind in {STRING, INTEGER, BOOLEAN, NUMBER}:
        return value
    if kind == ATTACHMENT:
        return _uploaded(world, value, resolved)
    found = int(value)
    guild = world.guilds[int(asked["guild_id"])]
    if kind in {USER, MENTIONABLE} and found in guild.members:
        member = payloads.member(guild.members[found], world.clock.now())
        resolved.setdefault("users", {})[str(found)] = member.pop("user")
        resolved.setdefault("members", {})[str(found)] = member | {
            "permissions": str(permissions.in_guild(guild, found))
        }
    elif kind in {ROLE, MENTIONABLE} and found in guild.roles:
        resolved.setdefault("roles", {})[str(found)] = payloads.role(guild.roles[found], 1)
    elif kind == CHANNEL:
        channel = world.channel(found)
        allowed = permissions.in_channel(world, channel, int(asked["member_id"]))
        shown = payloads.channel(channel, world.clock.now()) | {"permissions": str(allowed)}
        resolved.setdefault("channels", {})[str(found)] = shown
    return str(found)


def _uploaded(world: World, file: JSON, resolved: JSON) -> str:
    """Put a member's file on the content network."""
    content = base64.b64decode(file["content"])
    one = Attachment(world.new_id(), file["filename"], file.get("content_type", "image/png"), content)
    world.attachments[one.id] = one
    resolved.setdefault("attachments", {})[str(one.id)] = payloads.attachment(world, one, ephemeral=True)
    return str(one.id)


def _filled(world: World, item: JSON, values: JSON, resolved: JSON) -> JSON:
    """One component of a form, with what the member put in, or its default."""
    if item["type"] in {ROW, LABEL}:
        inside = item.get("components") or [item["component"]]
        filled = [_filled(world, one, values, resolved) for one in inside]
        part = {"components": filled} if item["type"] == ROW else {"component": filled[0]}
        return {"type": item["type"], "id": item.get("id", 1)} | part
    if "custom_id" not in item:
        return {"type": item["type"], "id": item.get("id", 1)}
    name = item["custom_id"]
    chosen = [one["value"] for one in item.get("options") or () if one.get("default")]
    sent: JSON = {"type": item["type"], "id": item.get("id", 1), "custom_id": name}
    match item["type"]:
        case 4:
            return sent | {"value": values.pop(name, item.get("value") or "")}
        case 21 | 23:
            return sent | {"value": values.pop(name, chosen[0] if chosen else None)}
        case 19:
            return sent | {"values": [_uploaded(world, file, resolved) for file in values.pop(name, ())]}
    return sent | {"values": values.pop(name, chosen)}


def _start(
    world: World, asked: JSON, kind: int, data: JSON, *, message_id: int | None = None, seen: JSON | None = None
) -> Interaction:
    """Record the interaction and send it to the bot. `seen` is what the member's client shows otherwise of the message."""
    channel, user = world.channel(int(asked["channel_id"])), world.users[int(asked["member_id"])]
    where = _directly(channel, user) if channel.is_direct else _in_guild(world, channel, user)
    interaction = Interaction(
        id=world.new_id(),
        token=secrets.token_urlsafe(60),
        kind=kind,
        guild_id=channel.guild_id,
        channel_id=channel.id,
        user_id=user.id,
        created_at=world.clock.now(),
        data=data,
        message_id=message_id,
    )
    world.interactions[interaction.id] = interaction
    payload: JSON = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": kind,
        "token": interaction.token,
        "version": 1,
        "channel_id": str(channel.id),
        "app_permissions": str(permissions.in_channel(world, channel, world.bot.id)),
        "locale": user.locale,
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_LIMIT,
        "data": data,
    }
    payload |= where
    if message_id is not None:
        shown = world.messages[message_id]
        payload["message"] = payloads.message(world, shown) | {"flags": shown.flags & EPHEMERAL} | (seen or {})
    interaction.payload = payload
    deliver(world, interaction)
    return interaction


def _directly(channel: Channel, user: User) -> JSON:
    """Where an interaction comes from that is started in direct messages: a user, and no server."""
    return {
        "channel": payloads.direct(channel, user),
        "user": payloads.user(user),
        "authorizing_integration_owners": {"0": "0"},
        "context": 1,
    }


def _in_guild(world: World, channel: Channel, user: User) -> JSON:
    guild = world.guild(channel.guild_id)
    member, allowed = guild.members[user.id], permissions.in_channel(world, channel, user.id)
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel": payloads.channel(channel, world.clock.now()) | {"permissions": str(allowed)},
        "member": payloads.member(member, world.clock.now()) | {"permissions": str(allowed)},
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
    }


def deliver(world: World, interaction: Interaction) -> None:
    """Send an interaction to the bot, the first time or once more: to the letter the same."""
    world.note("interaction", interaction_id=interaction.id, type=interaction.kind)
    world.dispatch("INTERACTION_CREATE", interaction.payload, 0)
