"""What a test may do to the world, and all it may see of it: each action is one function of the server and its arguments.

It knows no HTTP; `control_http` serves these.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from tests.wire import asking, messages, payloads, permissions
from tests.wire.edge import Edge
from tests.wire.gateway import Gateway
from tests.wire.load import Load
from tests.wire.record import JSON
from tests.wire.routes_channels import GUILDS_INTENT, open_thread
from tests.wire.world import TEXT, Channel, Guild, Interaction, Member, Message, Role, User, World


@dataclass(frozen=True, slots=True)
class House:
    """What a server consists of."""

    world: World
    edge: Edge
    gateway: Gateway


Action = Callable[[House, JSON], Any]


def make_guild(house: House, asked: JSON) -> JSON:
    """A guild with an owner, everyone's role, and the bot in it."""
    world = house.world
    guild_id = world.new_id()
    owner = User(world.new_id(), "owner")
    guild = Guild(guild_id, asked.get("name", "Mission Control"), owner.id)
    guild.roles[guild_id] = Role(guild_id, "@everyone", int(asked.get("permissions", permissions.MEMBERS)))
    bot_role = Role(world.new_id(), world.bot.name, int(asked.get("bot_permissions", permissions.MEMBERS)))
    guild.roles[bot_role.id] = bot_role
    for user, roles in ((owner, []), (world.bot, [bot_role.id])):
        world.users[user.id] = user
        guild.members[user.id] = Member(user, list(roles))
    world.guilds[guild_id] = guild
    world.dispatch("GUILD_CREATE", payloads.guild(world, guild), GUILDS_INTENT)
    return {"guild_id": guild_id, "owner_id": owner.id, "bot_role_id": bot_role.id}


def leave_guild(house: House, asked: JSON) -> JSON:
    """The bot is removed from a guild."""
    guild = house.world.guild(int(asked["guild_id"]))
    guild.joined = False
    house.world.dispatch("GUILD_DELETE", {"id": str(guild.id)}, GUILDS_INTENT)
    return {}


def make_role(house: House, asked: JSON) -> JSON:
    """A role."""
    guild = house.world.guilds[int(asked["guild_id"])]
    role = Role(house.world.new_id(), asked["name"], int(asked.get("permissions", 0)))
    guild.roles[role.id] = role
    shown = {"guild_id": str(guild.id), "role": payloads.role(role, len(guild.roles) - 1)}
    house.world.dispatch("GUILD_ROLE_CREATE", shown, GUILDS_INTENT)
    return {"role_id": role.id}


def make_member(house: House, asked: JSON) -> JSON:
    """A member with roles."""
    world, guild = house.world, house.world.guilds[int(asked["guild_id"])]
    user = User(world.new_id(), asked["name"], locale=asked.get("locale", "en-US"))
    world.users[user.id] = user
    guild.members[user.id] = Member(user, [int(role_id) for role_id in asked.get("role_ids", ())])
    return {"member_id": user.id}


def remove_member(house: House, asked: JSON) -> JSON:
    """A member leaves, or is put out. A bot without the members intent is not told."""
    del house.world.guilds[int(asked["guild_id"])].members[int(asked["member_id"])]
    return {}


def set_direct(house: House, asked: JSON) -> JSON:
    """Whether a member takes direct messages of the bot from now on (`closed`); returns their channel."""
    user_id = int(asked["member_id"])
    closed = house.world.closed_to_bots
    (closed.add if asked.get("closed") else closed.discard)(user_id)
    return {"channel_id": house.world.direct(user_id).id}


def set_roles(house: House, asked: JSON) -> JSON:
    """A member's roles from now on. A bot without the members intent is not told, not even about itself."""
    guild = house.world.guilds[int(asked["guild_id"])]
    guild.members[int(asked["member_id"])].role_ids = [int(role_id) for role_id in asked["role_ids"]]
    return {}


def member(house: House, asked: JSON) -> JSON:
    """A member as it stands; the bot without `member_id`."""
    guild = house.world.guilds[int(asked["guild_id"])]
    one = guild.members[int(asked.get("member_id", house.world.bot.id))]
    return payloads.member(one, house.world.clock.now())


def make_channel(house: House, asked: JSON) -> JSON:
    """A text or announcement channel."""
    channel = Channel(house.world.new_id(), int(asked["guild_id"]), asked["name"], int(asked.get("kind", TEXT)))
    house.world.channels[channel.id] = channel
    _tell(house.world, "CHANNEL_CREATE", channel)
    return {"channel_id": channel.id}


def make_thread(house: House, asked: JSON) -> JSON:
    """A thread that a member makes from a message."""
    world = house.world
    message = world.messages[int(asked["message_id"])]
    thread = open_thread(world, world.channels[message.channel_id], message, asked["name"])
    return {"thread_id": thread.id}


def delete_channel(house: House, asked: JSON) -> JSON:
    """A channel or thread is deleted, with all that is in it: a channel's threads too, of which Discord tells nobody."""
    channel = house.world.channels.pop(int(asked["channel_id"]))
    for thread in [one for one in house.world.channels.values() if one.parent_id == channel.id]:
        del house.world.channels[thread.id]
    _tell(house.world, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel)
    return {}


def set_channel(house: House, asked: JSON) -> JSON:
    """Lock or archive a thread; set what a role or member may do in a channel (`target_id`, `allow`, `deny`)."""
    channel = house.world.channel(int(asked["channel_id"]))
    channel.locked = asked.get("locked", channel.locked)
    channel.archived = asked.get("archived", channel.archived)
    if "target_id" in asked:
        target = int(asked["target_id"])
        kind = 0 if target in house.world.guilds[channel.guild_id].roles else 1
        channel.overwrites[target] = (kind, int(asked.get("allow", 0)), int(asked.get("deny", 0)))
    if not asked.get("quiet"):
        _tell(house.world, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel)
    return {}


def say(house: House, asked: JSON) -> JSON:
    """A member talks."""
    channel = house.world.channel(int(asked["channel_id"]))
    said = {"content": asked.get("content", "chatter")}
    ids = [
        messages.create(house.world, channel, int(asked["member_id"]), None, said).id
        for _ in range(int(asked.get("count", 1)))
    ]
    return {"message_ids": ids}


def forge(house: House, asked: JSON) -> JSON:
    """A message in the bot's name that the bot never sent."""
    channel = house.world.channel(int(asked.pop("channel_id")))
    return {"message_id": messages.create(house.world, channel, house.world.bot.id, None, asked).id}


def delete_message(house: House, asked: JSON) -> JSON:
    """A member deletes a message."""
    messages.delete(house.world, house.world.messages[int(asked["message_id"])])
    return {}


def invoke(house: House, asked: JSON) -> JSON:
    """A member uses a command; with `focused`, types in that option."""
    return _started(asking.command(house.world, asked))


def load(house: House, asked: JSON) -> JSON:
    """A member uses a command many `times`, `outstanding` at once, with a rest of `rest_s`; ends with a record `load.ended`."""
    times, outstanding = int(asked.pop("times")), int(asked.pop("outstanding", 1))
    Load(house.world, asked, times, outstanding, float(asked.pop("rest_s", 0.0))).begin()
    return {}


def press(house: House, asked: JSON) -> JSON:
    """A member presses a button."""
    return _started(asking.press(house.world, asked))


def submit(house: House, asked: JSON) -> JSON:
    """A member sends a form."""
    return _started(asking.form(house.world, asked))


def again(house: House, asked: JSON) -> JSON:
    """An interaction is delivered once more, to whatever session the bot has now."""
    asking.deliver(house.world, house.world.interactions[int(asked["interaction_id"])])
    return {}


def interaction(house: House, asked: JSON) -> JSON:
    """What became of an interaction: the callback, the answer as it stands, the follow-ups."""
    world = house.world
    found = world.interactions[int(asked["interaction_id"])]
    original = world.messages.get(found.original_id or 0)
    return {
        "interaction_id": found.id,
        "callback": found.callback,
        "original": None if original is None else seen(world, original),
        "followups": [seen(world, world.messages[message_id]) for message_id in found.followup_ids],
    }


def list_messages(house: House, asked: JSON) -> list[JSON]:
    """Everything that ever stood in a channel, or in any, oldest first, deleted and private ones too."""
    where = int(asked.get("channel_id", 0))
    return [seen(house.world, one) for one in house.world.messages.values() if where in {0, one.channel_id}]


def list_channels(house: House, _: JSON) -> list[int]:
    """Ids of the channels and threads that there are."""
    return list(house.world.channels)


def commands(house: House, asked: JSON) -> list[JSON]:
    """What is registered, for every guild or for one."""
    guild_id = asked.get("guild_id")
    return house.world.commands.get(None if guild_id is None else int(guild_id), [])


def set_clock(house: House, asked: JSON) -> JSON:
    """Move the world's clock by seconds, or to an instant (`at`); `skew_s` puts the bot's ahead of it."""
    clock = house.world.clock
    offset_s = clock.offset_s + float(asked.get("by_s", 0.0))
    if "at" in asked:
        offset_s += (datetime.fromisoformat(asked["at"]) - clock.now()).total_seconds()
    clock.move(offset_s, float(asked.get("skew_s", clock.skew_s)))
    return house.world.clock.as_json()


def set_world(house: House, asked: JSON) -> JSON:
    """How long nonces are remembered, how long an interaction waits, how long its token lives."""
    for name in ("nonce_window_s", "answer_within_s", "token_lives_s"):
        setattr(house.world, name, float(asked.get(name, getattr(house.world, name))))
    return {}


def add_fault(house: House, asked: JSON) -> JSON:
    """A scripted fault; `seed` begins the chances anew."""
    if "seed" in asked:
        house.edge.faults.seed(int(asked.pop("seed")))
    house.edge.faults.add(asked)
    return {}


def list_faults(house: House, _: JSON) -> list[JSON]:
    """Every fault with how often it struck."""
    shown = house.edge.faults.rules
    return [{one.name: getattr(rule, one.name) for one in fields(rule)} for rule in shown]


def clear_faults(house: House, _: JSON) -> JSON:
    """No faults from now on, and what hangs is let go."""
    house.edge.faults.rules.clear()
    house.edge.released.ring()
    return {}


def set_limit(house: House, asked: JSON) -> JSON:
    """A bucket's size: `requests` in `per_s`, for a `method` and a `template`; the whole bot's without a template."""
    limit = int(asked["requests"]), float(asked["per_s"])
    if "template" not in asked:
        house.edge.limits.everywhere = limit
    else:
        house.edge.limits.set[asked["method"], asked["template"]] = limit
    house.edge.limits.windows.clear()
    return {}


def gateway(house: House, asked: JSON) -> JSON:
    """What happens to the gateway: close (with `code`), drop, reconnect, invalidate; or settings for what comes."""
    ways = house.gateway
    match asked.pop("do", None):
        case "close":
            ways.close(int(asked.pop("code")))
        case "drop":
            ways.drop()
        case "reconnect":
            ways.reconnect()
        case "invalidate":
            ways.invalidate(resumable=bool(asked.pop("resumable", False)))
    for name, value in asked.items():
        if name not in {"acks", "heartbeat_ms", "refused_connections", "close_identify_with", "invalidate_resume"}:
            raise ValueError(f"the gateway has no {name}")
        setattr(ways, name, value)
    return {"connections": len(ways.connections), "sessions": len(ways.sessions)}


def counts(house: House, _: JSON) -> JSON:
    """How many happenings there were of each kind."""
    return dict(house.world.log.counts())


ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        make_guild, leave_guild, make_role, make_member, remove_member, member, set_direct, set_roles, make_channel, make_thread,
        delete_channel, set_channel, say, forge, delete_message, invoke, load, press, submit, again, interaction,
        list_messages, list_channels, commands, set_clock, set_world,
        add_fault, list_faults, clear_faults, set_limit, gateway, counts,
    )
}  # fmt: skip


def seen(world: World, message: Message) -> JSON:
    """A message with everything: what it was before, when it was deleted, its nonce, whom it pinged."""
    return payloads.message(world, message) | {
        "nonce": message.nonce,
        "deleted_at": None if message.deleted_at is None else message.deleted_at.isoformat(),
        "revisions": message.revisions,
        "pings": message.pings,
        "interaction_id": message.interaction_id,
    }


def _started(one: Interaction) -> JSON:
    return {"interaction_id": one.id}


def _tell(world: World, event: str, channel: Channel) -> None:
    world.dispatch(event, payloads.channel(channel, world.clock.now()), GUILDS_INTENT)
