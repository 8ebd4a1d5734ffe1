"""Whom a message pings: its content, cut down by `allowed_mentions`. What is left out there pings nobody."""

import re

from tests.wire.record import JSON

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")


def pings_of(content: str, allowed: JSON | None) -> JSON:
    """Users, roles and everyone who are notified."""
    users = {int(found) for found in _USER.findall(content)}
    roles = {int(found) for found in _ROLE.findall(content)}
    everyone = bool(_EVERYONE.search(content))
    if allowed is not None:
        parse = set(allowed.get("parse") or ())
        users = users if "users" in parse else users & {int(one) for one in allowed.get("users") or ()}
        roles = roles if "roles" in parse else roles & {int(one) for one in allowed.get("roles") or ()}
        everyone = everyone and "everyone" in parse
    return {"users": sorted(users), "roles": sorted(roles), "everyone": everyone}
