"""What the bot answers to an interaction: the callback, its message, and follow-ups. The token is in the path."""

from datetime import timedelta

from tests.wire import messages, payloads
from tests.wire.bodies import Answer, Call, Routes
from tests.wire.record import JSON
from tests.wire.refusals import Refusal, Refused, invalid
from tests.wire.world import EPHEMERAL, LOADING, Interaction, Message, World

PING, COMMAND, PRESS, COMPLETION, FORM = 1, 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ALLOWED = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    PRESS: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    COMPLETION: {CHOICES},
    FORM: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}


def callback(world: World, call: Call) -> Answer:
    """The first answer: once, within three seconds, and of a kind that fits."""
    asked = world.interactions.get(call.id("interaction_id"))
    if asked is None or asked.token != call.params["interaction_token"]:
        raise Refused(Refusal.UNKNOWN_INTERACTION)
    if asked.callback is not None:
        raise Refused(Refusal.ACKNOWLEDGED)
    if world.clock.now() - asked.created_at > timedelta(seconds=world.answer_within_s):
        raise Refused(Refusal.UNKNOWN_INTERACTION)
    kind, data = call.fields.get("type"), call.fields.get("data") or {}
    if kind not in _ALLOWED[asked.kind]:
        raise invalid(type="Value is not allowed for this interaction.")
    _act(world, asked, call, int(kind), data)
    asked.callback = dict(call.fields)
    world.note("callback", interaction_id=asked.id, type=kind)
    world.answered(asked)
    if call.query.get("with_response", "").lower() not in {"1", "true"}:
        return Answer(status=204)
    return Answer(body=_shown(world, asked, int(kind)))


def follow_up(world: World, call: Call) -> Answer:
    """Another message. Directly after a deferral it fills the deferred one, whose visibility stays."""
    asked = _answered(world, call)
    original = world.messages.get(asked.original_id or 0)
    if original is not None and original.flags & LOADING:
        message = _fill(world, original, call)
    else:
        said = dict(call.fields)
        channel = world.channel(asked.channel_id)
        message = messages.create(world, channel, world.bot.id, call, said, interaction_id=asked.id)
        asked.followup_ids.append(message.id)
    world.note("followup", interaction_id=asked.id, message_id=message.id)
    return Answer(body=payloads.message(world, message))


def get_message(world: World, call: Call) -> Answer:
    """The original answer, or a follow-up."""
    return Answer(body=payloads.message(world, _message(world, call)))


def patch_message(world: World, call: Call) -> Answer:
    """Edit the original answer, or a follow-up."""
    message = _message(world, call)
    answered = (
        _fill(world, message, call) if message.flags & LOADING else messages.edit(world, message, call, call.fields)
    )
    world.note("response.edited", interaction_id=_answered(world, call).id, message_id=answered.id)
    return Answer(body=payloads.message(world, answered))


def delete_message(world: World, call: Call) -> Answer:
    """Take the original answer or a follow-up away."""
    messages.delete(world, _message(world, call))
    return Answer(status=204)


def _act(world: World, asked: Interaction, call: Call, kind: int, data: JSON) -> None:
    channel = world.channel(asked.channel_id)
    if kind == MESSAGE:
        made = messages.create(world, channel, world.bot.id, call, data, interaction_id=asked.id)
        asked.original_id = made.id
    elif kind == DEFER:
        flags = LOADING | (int(data.get("flags") or 0) & EPHEMERAL)
        asked.original_id = _wait_for_words(world, asked, flags).id
    elif kind in {DEFER_UPDATE, UPDATE}:
        if asked.message_id is None:
            raise invalid(type="There is no message to update.")
        asked.original_id = asked.message_id
        if kind == UPDATE:
            messages.edit(world, world.messages[asked.message_id], call, data)
    elif kind == CHOICES:
        offered = data.get("choices", [])
        if len(offered) > 25 or any(not 1 <= len(str(one["name"])) <= 100 for one in offered):
            raise invalid(choices="Must be 25 or fewer, each named in 1 to 100 characters.")
    elif not (1 <= len(data.get("title", "")) <= 45 and 1 <= len(data.get("custom_id", "")) <= 100):
        raise invalid(title="Must be between 1 and 45 in length.")
    elif not 1 <= len(data.get("components", [])) <= 5:
        raise invalid(components="Must be between 1 and 5 in length.")


def _wait_for_words(world: World, asked: Interaction, flags: int) -> Message:
    """The "is thinking" message."""
    made = Message(
        world.new_id(), asked.channel_id, world.bot.id, world.clock.now(), flags=flags, interaction_id=asked.id
    )
    world.messages[made.id] = made
    if not flags & EPHEMERAL:
        world.channel(asked.channel_id).message_ids.append(made.id)
    return made


def _fill(world: World, waiting: Message, call: Call) -> Message:
    said = {name: value for name, value in call.fields.items() if name != "flags"}
    filled = messages.edit(world, waiting, call, said)
    filled.flags &= ~LOADING
    filled.edited_at = None
    return filled


def _answered(world: World, call: Call) -> Interaction:
    """The interaction behind a webhook's token: known, answered, and not older than 15 minutes."""
    token = call.params["webhook_token"]
    asked = next((one for one in world.interactions.values() if one.token == token), None)
    if call.id("webhook_id") != world.application_id or asked is None or asked.callback is None:
        raise Refused(Refusal.UNKNOWN_WEBHOOK)
    if world.clock.now() - asked.created_at > timedelta(seconds=world.token_lives_s):
        raise Refused(Refusal.INVALID_WEBHOOK_TOKEN)
    return asked


def _message(world: World, call: Call) -> Message:
    asked = _answered(world, call)
    original = "message_id" not in call.params or call.params["message_id"] == "@original"
    message_id = asked.original_id if original else call.id("message_id")
    if message_id is None or message_id not in {asked.original_id, *asked.followup_ids}:
        raise Refused(Refusal.UNKNOWN_MESSAGE)
    return world.message(asked.channel_id, message_id)


def _shown(world: World, asked: Interaction, kind: int) -> JSON:
    shown: JSON = {"interaction": {"id": str(asked.id), "type": asked.kind}}
    if asked.original_id is not None and kind in {MESSAGE, DEFER, UPDATE}:
        message = world.messages[asked.original_id]
        shown["interaction"] |= {
            "response_message_id": str(message.id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        shown["resource"] = {"type": kind, "message": payloads.message(world, message)}
    return shown


_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ROUTES: Routes = {
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): callback,
    ("POST", _WEBHOOK): follow_up,
    ("GET", f"{_WEBHOOK}/messages/@original"): get_message,
    ("PATCH", f"{_WEBHOOK}/messages/@original"): patch_message,
    ("DELETE", f"{_WEBHOOK}/messages/@original"): delete_message,
    ("GET", f"{_WEBHOOK}/messages/{{message_id}}"): get_message,
    ("PATCH", f"{_WEBHOOK}/messages/{{message_id}}"): patch_message,
    ("DELETE", f"{_WEBHOOK}/messages/{{message_id}}"): delete_message,
}
