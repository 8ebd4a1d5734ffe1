"""Guilds as the bot asks about them: one member, as it stands at this moment."""

from tests.wire import payloads
from tests.wire.bodies import Answer, Call, Routes
from tests.wire.refusals import Refusal, Refused
from tests.wire.world import World


def get_member(world: World, call: Call) -> Answer:
    """A member by the user's id. An account that is not in this guild is an unknown member; no account at all, an unknown user."""
    guild, user_id = world.guild(call.id("guild_id")), call.id("user_id")
    found = guild.members.get(user_id)
    if found is None:
        raise Refused(Refusal.UNKNOWN_MEMBER if user_id in world.users else Refusal.UNKNOWN_USER)
    return Answer(body=payloads.member(found, world.clock.now()))


ROUTES: Routes = {("GET", "/guilds/{guild_id}/members/{user_id}"): get_member}
