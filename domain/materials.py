"""Materials of a repair task: what it needs, what is on order and until when, what is on hand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import Conflict, InvalidInput, NotFound
from domain.text import name_key
from domain.when import When

MATERIALS_MAX = 30


class MaterialState(StrEnum):
    """Where a part is. No list holds one that is not needed: saying so takes it off."""

    NEEDED = "needed"
    ON_ORDER = "on_order"
    ON_HAND = "on_hand"
    NOT_NEEDED = "not_needed"

    @property
    def is_awaited(self) -> bool:
        """True while work may have to wait for it."""
        return self in {MaterialState.NEEDED, MaterialState.ON_ORDER}


@dataclass(frozen=True, slots=True)
class Material:
    """A part or a stock of something. `quantity` is in the crew's own words; `expected` is when it comes, if it is on order."""

    item: str
    state: MaterialState
    quantity: str | None = None
    expected: When | None = None


def material_called(materials: Iterable[Material], item: str) -> Material | None:
    """The material of that name, spelling aside."""
    key = name_key(item)
    return next((material for material in materials if name_key(material.item) == key), None)


def with_material(materials: tuple[Material, ...], said: Material) -> tuple[Material, ...]:
    """The list, by name, after something was said about one material: entered, changed, or taken off.

    What is listed keeps its spelling, and its quantity and its date where nothing new was said about them. Raises InvalidInput
    (`expected_needs_order`, `too_many_materials`), NotFound `material_unknown`, Conflict `material_unchanged`.
    """
    if said.expected is not None and said.state is not MaterialState.ON_ORDER:
        raise InvalidInput("expected_needs_order")
    known = material_called(materials, said.item)
    if said.state is MaterialState.NOT_NEEDED:
        if known is None:
            raise NotFound("material_unknown", raw_text=said.item)
        return tuple(material for material in materials if material is not known)
    if known is None:
        if len(materials) >= MATERIALS_MAX:
            raise InvalidInput("too_many_materials", limit=MATERIALS_MAX)
        return tuple(sorted((*materials, said), key=lambda material: name_key(material.item)))
    after = _after(known, said)
    if after == known:
        raise Conflict("material_unchanged", item_text=known.item)
    return tuple(after if material is known else material for material in materials)


def _after(known: Material, said: Material) -> Material:
    stays_on_order = said.state is known.state is MaterialState.ON_ORDER
    return replace(
        said,
        item=known.item,
        quantity=said.quantity or known.quantity,
        expected=said.expected or (known.expected if stays_on_order else None),
    )
