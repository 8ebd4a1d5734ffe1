"""Messages: making, editing, deleting, history, and what a nonce does. Permissions are the routes' question."""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import Any

from tests.wire import payloads
from tests.wire.bodies import Call
from tests.wire.mentions import pings_of
from tests.wire.record import JSON
from tests.wire.refusals import Refusal, Refused, invalid
from tests.wire.world import EPHEMERAL, Attachment, Channel, Message, World

CONTENT_MAX, EMBEDS_MAX, EMBED_TOTAL_MAX, NONCE_MAX = 2000, 10, 6000, 25
_EMBED_LIMITS = {"title": 256, "description": 4096}


def create(world: World, channel: Channel, author_id: int, call: Call | None, said: JSON, **more: Any) -> Message:
    """Let a message stand. With `enforce_nonce` a repeat of a remembered nonce is the first message again."""
    check(said, empty_allowed=bool(call and call.files))
    if said.get("enforce_nonce") and (known := _remembered(world, author_id, said.get("nonce"))) is not None:
        return known
    message = Message(
        id=world.new_id(), channel_id=channel.id, author_id=author_id, created_at=world.clock.now(), **more
    )
    message.flags |= int(said.get("flags") or 0)
    message.nonce = said.get("nonce")
    message.attachments = _attach(world, call)
    _fill(world, message, said)
    world.messages[message.id] = message
    if not message.flags & EPHEMERAL:
        channel.message_ids.append(message.id)
    if message.nonce is not None:
        world.nonces[author_id, str(message.nonce)] = (message.created_at, message.id)
    world.note("message.created", channel_id=channel.id, message_id=message.id, nonce=message.nonce)
    return message


def edit(world: World, message: Message, call: Call | None, said: JSON) -> Message:
    """Replace what is named; what is not stays."""
    after = {"content": message.content, "embeds": message.embeds, "components": message.components} | said
    kept = said.get("attachments")
    check(after, empty_allowed=bool(message.attachments if kept is None else kept) or bool(call and call.files))
    message.revisions.append({"content": message.content, "embeds": message.embeds, "components": message.components})
    if kept is not None:
        ids = {str(item.get("id")) for item in kept}
        message.attachments = [item for item in message.attachments if str(item.id) in ids]
    message.attachments += _attach(world, call)
    _fill(world, message, said)
    message.edited_at = world.clock.now()
    world.note("message.edited", channel_id=message.channel_id, message_id=message.id)
    return message


def delete(world: World, message: Message) -> None:
    """Take a message away; it stays readable for the control interface."""
    message.deleted_at = world.clock.now()
    world.note("message.deleted", channel_id=message.channel_id, message_id=message.id)


def history(world: World, channel: Channel, query: Any) -> list[Message]:
    """A page of history, newest first, whichever way it was asked for: that is Discord's order."""
    limit = int(query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise invalid(limit="int value should be between 1 and 100.")
    ids = [found for found in channel.message_ids if world.messages[found].deleted_at is None]
    if "around" in query:
        middle = bisect_left(ids, int(query["around"]))
        start = max(0, middle - limit // 2)
        page = ids[start : start + limit]
    elif "after" in query:
        start = bisect_right(ids, int(query["after"]))
        page = ids[start : start + limit]
    else:
        end = bisect_left(ids, int(query["before"])) if "before" in query else len(ids)
        page = ids[max(0, end - limit) : end]
    return [world.messages[found] for found in reversed(page)]


def check(said: JSON, *, empty_allowed: bool = False) -> None:
    """Refuse what Discord refuses: limits that its OpenAPI document has, and those it only describes."""
    content, embeds = said.get("content") or "", said.get("embeds") or []
    nonce = said.get("nonce")
    if len(content) > CONTENT_MAX:
        raise invalid(content="Must be 2000 or fewer in length.")
    if isinstance(nonce, str) and len(nonce) > NONCE_MAX:
        raise invalid(nonce="Must be 25 or fewer in length.")
    if len(embeds) > EMBEDS_MAX or sum(_check_embed(embed) for embed in embeds) > EMBED_TOTAL_MAX:
        raise invalid(embeds="Embed size exceeds maximum size of 6000.")
    ids = [item.get("custom_id") for row in said.get("components") or [] for item in row.get("components", ())]
    named = [found for found in ids if found is not None]
    if len(named) != len(set(named)):
        raise invalid(components="Component custom id cannot be duplicated.")
    if not (content or embeds or said.get("components") or empty_allowed):
        raise Refused(Refusal.EMPTY_MESSAGE)


def _check_embed(embed: JSON) -> int:
    """The embed's length as Discord counts it."""
    for name, limit in _EMBED_LIMITS.items():
        if len(embed.get(name) or "") > limit:
            raise invalid(**{name: f"Must be {limit} or fewer in length."})
    footer = (embed.get("footer") or {}).get("text") or ""
    fields = embed.get("fields") or []
    if len(fields) > 25 or len(footer) > 2048:
        raise invalid(fields="Must be 25 or fewer in length.")
    for field in fields:
        if not 0 < len(field["name"]) <= 256 or not 0 < len(field["value"]) <= 1024:
            raise invalid(fields="Must be 256, 1024 or fewer in length, and not empty.")
    texts = [embed.get("title"), embed.get("description"), footer, (embed.get("author") or {}).get("name")]
    return sum(len(text or "") for text in texts) + sum(len(field["name"]) + len(field["value"]) for field in fields)


def _remembered(world: World, author_id: int, nonce: object) -> Message | None:
    found = world.nonces.get((author_id, str(nonce))) if nonce is not None else None
    if found is None or world.clock.now() - found[0] > timedelta(seconds=world.nonce_window_s):
        return None
    message = world.messages[found[1]]
    if message.deleted_at is not None:
        raise Refused(Refusal.UNKNOWN_MESSAGE)
    world.note("message.deduplicated", channel_id=message.channel_id, message_id=message.id, nonce=nonce)
    return message


def _attach(world: World, call: Call | None) -> list[Attachment]:
    found = []
    for upload in call.files.values() if call else ():
        one = Attachment(world.new_id(), upload.filename, upload.content_type, upload.content)
        world.attachments[one.id] = one
        found.append(one)
    return found


def _fill(world: World, message: Message, said: JSON) -> None:
    if "content" in said:
        message.content = said["content"] or ""
        message.pings = pings_of(message.content, said.get("allowed_mentions"))
    if "embeds" in said:
        message.embeds = [_shown(world, message, embed) for embed in said["embeds"] or []]
    if "components" in said:
        message.components = _numbered(said["components"] or [])


def _shown(world: World, message: Message, embed: JSON) -> JSON:
    """The embed as Discord gives it back: its pictures point to the message's own files."""
    shown: JSON = {"type": "rich"} | embed
    by_name = {item.filename: item for item in message.attachments}
    for name in ("image", "thumbnail"):
        url = str((embed.get(name) or {}).get("url", ""))
        if url.startswith("attachment://") and (file := by_name.get(url.removeprefix("attachment://"))) is not None:
            address = payloads.attachment(world, file)["url"]
            shown[name] = {"url": address, "proxy_url": address}
    return shown


def _numbered(components: list[JSON]) -> list[JSON]:
    """Discord gives every component a number."""
    number = 0
    rows = []
    for row in components:
        number += 1
        shown, inside = {"id": number} | row, []
        for item in row.get("components", ()):
            number += 1
            inside.append({"id": number} | item)
        rows.append(shown | ({"components": inside} if inside else {}))
    return rows
