"""The refusals a user can meet. Each is a code and its parameters; the words are in the message catalogue.

Lower floors raise these; `cogs.render.errors` turns a code into one private reply that says what to do next. Storage
and delivery translate driver errors at their edge, so nothing else ever reaches a member.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from domain.when import When  # which raises what is declared here

Param: TypeAlias = "str | int | float | When | None"


class OpsError(Exception):
    """A refusal with a stable code. `params` fill the placeholders of the catalogue's sentence for that code.

    A parameter whose name ends in `_text` was typed by a member and is rendered inert.
    """

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, Param] = MappingProxyType(dict(params))

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({inside})"


class InvalidInput(OpsError):  # noqa: N818 - reads as what it is at the raise site
    """What was typed cannot be understood or breaks a rule of its own."""


class NotFound(OpsError):  # noqa: N818
    """Nothing of that name or id exists in this workspace."""


class Conflict(OpsError):  # noqa: N818
    """What was asked contradicts the present state."""


class NotPermitted(OpsError):  # noqa: N818
    """The member lacks a capability."""


class Unavailable(OpsError):  # noqa: N818
    """The house cannot do it at the moment; nothing was changed."""
