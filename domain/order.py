"""Whether a mission's dates can be in the order they must be in, judged on intervals.

What is certainly wrong is refused; what is possibly wrong ("July may be before July") is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import Conflict
from domain.missions import Event, EventKind, EventState, Mission
from domain.when import When

# What must come before what. Relocation, EVA and milestones need lift-off only when they are dated against it.
_RANKS = {EventKind.LAUNCH: 0, EventKind.DOCKING: 1, EventKind.UNDOCKING: 2, EventKind.LANDING: 3, EventKind.DEORBIT: 3}


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """Two events whose dates are, or may be, in the wrong order: `earlier` ought to come before `later`."""

    earlier: Event
    later: Event
    certain: bool


def order_findings(events: Iterable[Event]) -> tuple[OrderFinding, ...]:
    """Every pair of live events out of order, by intervals: certain when no reading of the dates puts them right.

    Only pairs of which at least one is still open are compared: what happened, happened.
    """
    live = [event for event in events if event.state.is_open or event.state is EventState.DONE]
    found = []
    for earlier in live:
        for later in live:
            if _must_precede(earlier, later) and (earlier.state.is_open or later.state.is_open):
                if later.time.certainly_before(earlier.time):
                    found.append(OrderFinding(earlier, later, certain=True))
                elif _visibly_possible(earlier.time, later.time):
                    found.append(OrderFinding(earlier, later, certain=False))
    return tuple(found)


def require_possible_order(mission: Mission, event: Event) -> tuple[OrderFinding, ...]:
    """Refuse (`order_impossible`) when `event` is certainly out of order; return what is possibly so, to be said."""
    mine = [finding for finding in order_findings(mission.events) if event.id in {finding.earlier.id, finding.later.id}]
    for finding in mine:
        if finding.certain:
            raise Conflict("order_impossible", earlier=finding.earlier.kind.value, later=finding.later.kind.value)
    return tuple(mine)


def _must_precede(earlier: Event, later: Event) -> bool:
    if earlier.kind is EventKind.LAUNCH:
        return later.kind.needs_launch
    if earlier.kind is EventKind.DOCKING and later.kind is EventKind.UNDOCKING:
        return later.state.is_open  # after an undocking it may dock again
    if earlier.kind in _RANKS and later.kind in _RANKS:
        return _RANKS[earlier.kind] < _RANKS[later.kind]
    return later.kind.ends_mission and earlier.kind in {EventKind.EVA, EventKind.RELOCATION} and earlier.state.is_open


def _visibly_possible(earlier: When, later: When) -> bool:
    """Worth saying: both have dates, and the later one could fall before the earlier one."""
    return earlier.is_known and later.is_known and later.possibly_before(earlier) and later != earlier
