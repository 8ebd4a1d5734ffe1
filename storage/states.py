"""Domain values as JSON text and back: the journal's states and the outbox's frozen facts.

pydantic reads and writes the domain's own dataclasses; the domain itself does not know it.
"""

from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter

from domain.errors import Unavailable
from domain.facts import FACTS_VERSION, Facts

T = TypeVar("T")
ANNOUNCED_KEPT = 256
"""So many facts are remembered while they are on their way to their channels."""


def dump(value: object) -> str:
    """A domain value as JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def load(kind: type[T], text: str) -> T:
    """A domain value from its JSON; the inverse of `dump`."""
    adapter: TypeAdapter[T] = _adapter(kind)
    return adapter.validate_json(text)


def dump_facts(facts: Facts) -> str:
    """Frozen facts as JSON, tagged with which facts they are."""
    return _facts_adapter().dump_json(facts).decode()


@lru_cache(maxsize=ANNOUNCED_KEPT)
def load_facts(version: int, text: str) -> Facts:
    """Frozen facts from JSON, which are the same for every channel. Raises Unavailable when a newer Gantry wrote them."""
    if version != FACTS_VERSION:
        raise Unavailable("facts_from_newer_version", version=version)
    return _facts_adapter().validate_json(text)


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    """Building an adapter costs a millisecond; there are a dozen kinds, each built once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


@lru_cache(maxsize=1)
def _facts_adapter() -> TypeAdapter[Facts]:
    return TypeAdapter(Annotated[Facts, Field(discriminator="fact")])
