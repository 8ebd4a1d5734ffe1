"""What an outage has cost: the days by which dates slipped that were moved because of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from domain.missions import EventKind
from domain.schedule import LedgerEntry, slips
from domain.text import name_key


@dataclass(frozen=True, slots=True)
class DateMoved:
    """One date of a mission and its whole ledger, in order."""

    mission_id: int
    mission: str
    event_id: int
    kind: EventKind
    name: str | None
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class DateCost:
    """What an outage cost one date: days (pull-ins count against), and moves that lead to no exact day so far."""

    mission_id: int
    mission: str
    event_id: int
    kind: EventKind
    name: str | None
    days: int
    unmeasured: int


@dataclass(frozen=True, slots=True)
class OutageCost:
    """What an outage cost. A mission counts once in `days`, by the date it cost most: a docking slips with its launch."""

    dates: tuple[DateCost, ...]
    days: int
    unmeasured: int

    @property
    def is_known(self) -> bool:
        """True when anything was moved because of it."""
        return bool(self.dates)


def outage_cost(dates: Iterable[DateMoved], causes: Collection[str]) -> OutageCost:
    """Add up what was moved for one of these causes, spelling aside; the dearest date first."""
    wanted = {name_key(cause) for cause in causes}
    found = [cost for date in dates if (cost := _cost(date, wanted)) is not None]
    found.sort(key=lambda cost: (-cost.days, -cost.unmeasured, name_key(cost.mission), cost.event_id))
    dearest: Mapping[int, DateCost] = {cost.mission_id: cost for cost in reversed(found)}
    return OutageCost(
        tuple(found), sum(cost.days for cost in dearest.values()), sum(cost.unmeasured for cost in dearest.values())
    )


def _cost(date: DateMoved, wanted: Collection[str]) -> DateCost | None:
    owed = [slip for slip in slips(date.entries) if name_key(slip.cause) in wanted]
    days, unmeasured = sum(slip.days or 0 for slip in owed), sum(slip.moves for slip in owed if slip.days is None)
    if not days and not unmeasured:
        return None
    return DateCost(
        mission_id=date.mission_id,
        mission=date.mission,
        event_id=date.event_id,
        kind=date.kind,
        name=date.name,
        days=days,
        unmeasured=unmeasured,
    )
