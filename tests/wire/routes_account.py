"""Who the bot is, and where the gateway is."""

from tests.wire import payloads
from tests.wire.bodies import Answer, Call, Routes
from tests.wire.record import JSON
from tests.wire.refusals import invalid
from tests.wire.world import World


def me(world: World, _: Call) -> Answer:
    """The bot's own user."""
    return Answer(body=payloads.user(world.bot) | {"mfa_enabled": True, "verified": True, "locale": "en-US"})


def application(world: World, _: Call) -> Answer:
    """The bot's application."""
    owner: JSON = {"id": "1", "username": "operator", "discriminator": "0", "avatar": None, "public_flags": 0}
    return Answer(
        body={
            "id": str(world.application_id),
            "name": "Gantry",
            "icon": None,
            "description": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "owner": owner,
            "summary": "",
            "verify_key": "0" * 64,
            "flags": 0,
            "team": None,
            "rpc_origins": [],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "approximate_guild_count": len(world.guilds),
        }
    )


def open_direct(world: World, call: Call) -> Answer:
    """A user's direct messages. Opening them is allowed even where nothing may be sent."""
    try:
        recipient_id = int(call.fields["recipient_id"])
    except (KeyError, ValueError):
        raise invalid(recipient_id="This field is required.") from None
    return Answer(body=payloads.direct(world.direct(recipient_id), world.users[recipient_id]))


def gateway(world: World, _: Call) -> Answer:
    """Where the gateway is."""
    return Answer(body={"url": gateway_url(world)})


def gateway_bot(world: World, _: Call) -> Answer:
    """Where the gateway is, and how often a bot may identify."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return Answer(body={"url": gateway_url(world), "shards": 1, "session_start_limit": limit})


def gateway_url(world: World) -> str:
    """The gateway's address."""
    return world.base.replace("http://", "ws://") + "/gateway"


ROUTES: Routes = {
    ("GET", "/users/@me"): me,
    ("POST", "/users/@me/channels"): open_direct,
    ("GET", "/applications/@me"): application,
    ("GET", "/oauth2/applications/@me"): application,
    ("GET", "/gateway"): gateway,
    ("GET", "/gateway/bot"): gateway_bot,
}
