"""Application commands: what the bot has registered, for every server and for one."""

import re

from tests.wire.bodies import Answer, Call, Routes
from tests.wire.record import JSON
from tests.wire.refusals import Refusal, Refused, invalid
from tests.wire.world import World

COMMANDS_MAX, OPTIONS_MAX, CHOICES_MAX, GROUP_TEXT_MAX = 100, 25, 25, 8000
_NAME = re.compile(r"^[-_'\w]{1,32}$")
_DEFAULTS: JSON = {
    "type": 1,
    "description": "",
    "options": [],
    "default_member_permissions": None,
    "dm_permission": True,
    "nsfw": False,
    "name_localizations": None,
    "description_localizations": None,
    "contexts": None,
    "integration_types": [0],
}


def fetch(world: World, call: Call) -> Answer:
    """What is registered."""
    return Answer(body=world.commands.get(_where(world, call), []))


def overwrite(world: World, call: Call) -> Answer:
    """Replace everything that is registered. A command of the same name keeps its id."""
    where = _where(world, call)
    if not isinstance(call.body, list) or len(call.body) > COMMANDS_MAX:
        raise Refused(Refusal.INVALID_FORM_BODY)
    known = {(one["type"], one["name"]): one["id"] for one in world.commands.get(where, [])}
    kept: list[JSON] = []
    for given in call.body:
        command = _DEFAULTS | given
        _check(command)
        name = command["type"], command["name"]
        if any((one["type"], one["name"]) == name for one in kept):
            raise invalid(name="Application command names must be unique")
        command |= {
            "id": known.get(name) or str(world.new_id()),
            "application_id": str(world.application_id),
            "version": str(world.new_id()),
        }
        kept.append(command | ({} if where is None else {"guild_id": str(where)}))
    world.commands[where] = kept
    world.note("commands.overwritten", guild_id=where, names=[one["name"] for one in kept])
    return Answer(body=kept)


def _where(world: World, call: Call) -> int | None:
    if call.id("application_id") != world.application_id:
        raise Refused(Refusal.MISSING_ACCESS)
    return world.guild(call.id("guild_id")).id if "guild_id" in call.params else None


def _check(command: JSON) -> None:
    if not _NAME.match(command.get("name", "")) or command["name"] != command["name"].lower():
        raise invalid(name="Command name is invalid")
    if not 1 <= len(command["description"]) <= 100:
        raise invalid(description="Must be between 1 and 100 in length.")
    _check_options(command["options"])
    if _text_of(command) > GROUP_TEXT_MAX:
        raise invalid(options="Command exceeds maximum size (8000)")


def _check_options(options: list[JSON]) -> None:
    if len(options) > OPTIONS_MAX or len({one["name"] for one in options}) != len(options):
        raise invalid(options="Must be 25 or fewer in length, and unique.")
    required = [bool(one.get("required")) for one in options]
    if required != sorted(required, reverse=True):
        raise invalid(options="Required options must be placed before non-required options")
    for one in options:
        if not _NAME.match(one["name"]) or not 1 <= len(one["description"]) <= 100:
            raise invalid(options="Name or description is invalid")
        if len(one.get("choices") or ()) > CHOICES_MAX:
            raise invalid(choices="Must be 25 or fewer in length.")
        _check_options(one.get("options") or [])


def _text_of(command: JSON) -> int:
    """Names, descriptions and values together; the longest translation counts when it is longer."""
    total = max(
        (len(str(text)) for text in [command["name"], *(command.get("name_localizations") or {}).values()]), default=0
    )
    spoken = [command.get("description", ""), *(command.get("description_localizations") or {}).values()]
    total += max((len(text) for text in spoken), default=0)
    total += sum(len(one["name"]) + len(str(one["value"])) for one in command.get("choices") or ())
    return total + sum(_text_of(one) for one in command.get("options") or ())


ROUTES: Routes = {
    ("GET", "/applications/{application_id}/commands"): fetch,
    ("PUT", "/applications/{application_id}/commands"): overwrite,
    ("GET", "/applications/{application_id}/guilds/{guild_id}/commands"): fetch,
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"): overwrite,
}
