"""Who may do what. One rule decides, at the command and again at every button and form; `explain` says it in full."""

from collections.abc import Collection, Iterator, Mapping
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


class Because(StrEnum):
    """Why a member holds a capability."""

    EVERYONE = "everyone"
    """Reading that was granted to no role is open to all."""
    ROLE = "role"
    ADMIN_ROLE = "admin_role"
    MANAGE_SERVER = "manage_server"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that gives a member a capability; `role_id` is the role it comes from, where it comes from one."""

    because: Because
    role_id: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A capability, everything that gives it to a member (nothing: they lack it), and the roles it was granted to."""

    capability: Capability
    reasons: tuple[Reason, ...]
    granted_to: tuple[int, ...]

    @property
    def held(self) -> bool:
        """True when the member holds it."""
        return bool(self.reasons)


def holds(standing: Standing, capability: Capability, grants: Grants) -> bool:
    """True when the member holds the capability: there is at least one reason for it."""
    return next(_reasons(standing, capability, grants), None) is not None


def require(standing: Standing, capability: Capability, grants: Grants) -> None:
    """Raise NotPermitted naming the missing capability unless the member holds it."""
    if not holds(standing, capability, grants):
        raise NotPermitted("capability_missing", capability=capability.value)


def explain(standing: Standing, grants: Grants) -> tuple[Holding, ...]:
    """Every capability with all the reasons for which the member holds it, by the rule that `holds` follows."""
    return tuple(
        Holding(capability, tuple(_reasons(standing, capability, grants)), tuple(sorted(grants.get(capability, ()))))
        for capability in Capability
    )


def _reasons(standing: Standing, capability: Capability, grants: Grants) -> Iterator[Reason]:
    """The rule itself.

    A role has what it was granted. Manage Server makes an admin; an admin may do everything except see medical facts, which
    need their own grant. Reading is everyone's until it is granted to a role.
    """
    for role_id in _roles(standing, capability, grants):
        yield Reason(Because.ROLE, role_id)
    if capability is not Capability.MEDICAL:
        yield from _reasons_of_admin(standing, capability, grants)
    if capability is Capability.READ and not grants.get(Capability.READ):
        yield Reason(Because.EVERYONE)


def _reasons_of_admin(standing: Standing, capability: Capability, grants: Grants) -> Iterator[Reason]:
    if standing.manages_server:
        yield Reason(Because.MANAGE_SERVER)
    if capability is not Capability.ADMIN:  # there, the role has already been named
        for role_id in _roles(standing, Capability.ADMIN, grants):
            yield Reason(Because.ADMIN_ROLE, role_id)


def _roles(standing: Standing, capability: Capability, grants: Grants) -> list[int]:
    """The member's roles that it was granted to."""
    return sorted(standing.role_ids.intersection(grants.get(capability, ())))
