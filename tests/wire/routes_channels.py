"""Channels as the bot uses them: messages, history, threads."""

from tests.wire import messages, payloads, permissions
from tests.wire.bodies import Answer, Call, Routes
from tests.wire.permissions import Permission
from tests.wire.refusals import Refusal, Refused, invalid
from tests.wire.world import NEWS, PUBLIC_THREAD, TEXT, Channel, Message, World

GUILDS_INTENT = 1 << 0
THREAD_NAME_MAX = 100


def get_channel(world: World, call: Call) -> Answer:
    """One channel."""
    channel = _seen(world, call)
    if channel.is_direct:
        return Answer(body=payloads.direct(channel, world.users[channel.owner_id]))
    return Answer(body=payloads.channel(channel, world.clock.now()))


def patch_channel(world: World, call: Call) -> Answer:
    """A thread is opened again. Nothing else of a channel is changed by a bot here."""
    channel = _seen(world, call)
    if not channel.is_thread or set(call.fields) != {"archived"} or call.fields["archived"]:
        raise invalid(channel="Only a thread can be opened again.")
    permissions.require(world, channel, Permission.SEND_MESSAGES_IN_THREADS)
    _open_thread_again(world, channel)
    return Answer(body=payloads.channel(channel, world.clock.now()))


def post_message(world: World, call: Call) -> Answer:
    """A new message, or the one that stands already with this nonce."""
    channel, said = _seen(world, call), call.fields
    needed = [Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES]
    needed += [Permission.EMBED_LINKS] if said.get("embeds") else []
    needed += [Permission.ATTACH_FILES] if call.files else []
    permissions.require(world, channel, *needed)
    if channel.is_direct and not world.takes_direct_messages(channel.owner_id):
        raise Refused(Refusal.CANNOT_WRITE_TO_USER)
    _open_thread_again(world, channel)
    message = messages.create(world, channel, world.bot.id, call, said)
    return Answer(body=payloads.message(world, message) | {"nonce": message.nonce})


def get_messages(world: World, call: Call) -> Answer:
    """A page of history, newest first. Without Read Message History it is empty: that is no error at Discord."""
    channel = _seen(world, call)
    try:
        page = messages.history(world, channel, call.query)
    except ValueError:
        raise invalid(query="Value is not snowflake.") from None
    if not permissions.holds(world, channel, Permission.READ_MESSAGE_HISTORY):
        page = []
    return Answer(body=[payloads.message(world, message) for message in page])


def get_message(world: World, call: Call) -> Answer:
    """One message."""
    channel = _seen(world, call)
    if not permissions.holds(world, channel, Permission.READ_MESSAGE_HISTORY):
        raise Refused(Refusal.MISSING_ACCESS)
    return Answer(body=payloads.message(world, world.message(channel.id, call.id("message_id"))))


def patch_message(world: World, call: Call) -> Answer:
    """An edit of one of the bot's own messages."""
    channel = _seen(world, call)
    message = world.message(channel.id, call.id("message_id"))
    if message.author_id != world.bot.id:
        raise Refused(Refusal.NOT_AUTHOR)
    if call.fields.get("embeds"):
        permissions.require(world, channel, Permission.EMBED_LINKS)
    if channel.archived:
        raise Refused(Refusal.THREAD_ARCHIVED)
    return Answer(body=payloads.message(world, messages.edit(world, message, call, call.fields)))


def delete_message(world: World, call: Call) -> Answer:
    """One of the bot's own messages; another's needs Manage Messages."""
    channel = _seen(world, call)
    message = world.message(channel.id, call.id("message_id"))
    if message.author_id != world.bot.id:
        permissions.require(world, channel, Permission.MANAGE_MESSAGES)
    messages.delete(world, message)
    return Answer(status=204)


def post_thread(world: World, call: Call) -> Answer:
    """A thread from a message. It has the message's id, so there can be one."""
    channel = _seen(world, call)
    permissions.require(world, channel, Permission.CREATE_PUBLIC_THREADS)
    message = world.message(channel.id, call.id("message_id"))
    if message.has_thread:
        raise Refused(Refusal.THREAD_EXISTS)
    name = str(call.fields.get("name", ""))
    if not 1 <= len(name) <= THREAD_NAME_MAX:
        raise invalid(name="Must be between 1 and 100 in length.")
    if channel.kind not in {TEXT, NEWS}:
        raise Refused(Refusal.WRONG_CHANNEL_TYPE)
    thread = open_thread(world, channel, message, name)
    return Answer(201, payloads.channel(thread, world.clock.now()))


def open_thread(world: World, channel: Channel, message: Message, name: str) -> Channel:
    """Make the thread and tell the gateway."""
    message.has_thread = True
    thread = Channel(message.id, channel.guild_id, name, PUBLIC_THREAD, channel.id, world.bot.id)
    world.channels[thread.id] = thread
    world.note("thread.created", channel_id=channel.id, thread_id=thread.id)
    world.dispatch("THREAD_CREATE", payloads.channel(thread, world.clock.now()), GUILDS_INTENT)
    return thread


def _seen(world: World, call: Call) -> Channel:
    channel = world.channel(call.id("channel_id"))
    permissions.require(world, channel)
    return channel


def _open_thread_again(world: World, channel: Channel) -> None:
    """Talking in an archived thread opens it again, unless it is locked."""
    if channel.locked and not permissions.holds(world, channel, Permission.MANAGE_THREADS):
        raise Refused(Refusal.THREAD_ARCHIVED if channel.archived else Refusal.THREAD_LOCKED)
    if channel.archived:
        channel.archived = False
        world.dispatch("THREAD_UPDATE", payloads.channel(channel, world.clock.now()), GUILDS_INTENT)


ROUTES: Routes = {
    ("GET", "/channels/{channel_id}"): get_channel,
    ("PATCH", "/channels/{channel_id}"): patch_channel,
    ("POST", "/channels/{channel_id}/messages"): post_message,
    ("GET", "/channels/{channel_id}/messages"): get_messages,
    ("GET", "/channels/{channel_id}/messages/{message_id}"): get_message,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): patch_message,
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): delete_message,
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"): post_thread,
}
