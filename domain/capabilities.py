"""Who may do what. One function decides, at the command and again at every button and form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import NotPermitted


class Capability(StrEnum):
    """A right in a workspace. `read` is open to everyone unless it was granted to a role, which narrows it."""

    READ = "read"
    OPERATE = "operate"
    PAD = "pad"
    APPROVE = "approve"
    MEDICAL = "medical"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Standing:
    """What Discord says of a member at this moment: roles, and whether Manage Server is among the permissions."""

    role_ids: frozenset[int]
    manages_server: bool


Grants = Mapping[Capability, Collection[int]]
"""Per capability, the role ids it was granted to."""


def holds(standing: Standing, capability: Capability, grants: Grants) -> bool:
    """True when the member holds the capability.

    Manage Server makes an admin; an admin may do everything except see medical facts, which need their own grant.
    """
    if _granted(standing, capability, grants):
        return True
    if capability is Capability.READ:
        return not grants.get(Capability.READ) or _is_admin(standing, grants)
    return capability is not Capability.MEDICAL and _is_admin(standing, grants)


def require(standing: Standing, capability: Capability, grants: Grants) -> None:
    """Raise NotPermitted naming the missing capability unless the member holds it."""
    if not holds(standing, capability, grants):
        raise NotPermitted("capability_missing", capability=capability.value)


def _is_admin(standing: Standing, grants: Grants) -> bool:
    return standing.manages_server or _granted(standing, Capability.ADMIN, grants)


def _granted(standing: Standing, capability: Capability, grants: Grants) -> bool:
    return not standing.role_ids.isdisjoint(grants.get(capability, ()))
