"""The days an outage has cost: of every date that was moved because of it, and each mission once."""

from datetime import UTC, datetime

from domain.missions import EventKind
from domain.outage_cost import DateMoved, outage_cost
from domain.schedule import EntryKind, LedgerEntry, direction_of, slip_days
from domain.when_text import parse_when

NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)


def moves(event_id: int, *steps: tuple[str, str | None], kind: EntryKind = EntryKind.MOVE) -> tuple[LedgerEntry, ...]:
    """A ledger: the first date as planned, then each date with its cause."""
    found = []
    before = None
    for text, cause in steps:
        after = parse_when(text, NOW)
        how = EntryKind.PLAN if before is None else kind
        found.append(
            LedgerEntry(
                event_id,
                how,
                before,
                after,
                direction_of(before, after),
                slip_days(before, after),
                None,
                cause,
                None,
                NOW,
            )
        )
        before = after
    return tuple(found)


def date(event_id: int, *steps: tuple[str, str | None], of: int = 1, kind: EventKind = EventKind.LAUNCH) -> DateMoved:
    return DateMoved(of, f"Flight {of}", event_id, kind, None, moves(event_id, *steps))


LAUNCH = date(1, ("2025-12-19", None), ("NET 2026-03", "DR-1"), ("2026-03-22T11:59Z", None))


def test_a_date_that_went_by_way_of_no_exact_day_cost_what_lies_between_its_exact_days() -> None:
    cost = outage_cost([LAUNCH], ["DR-1"])
    assert [(one.event_id, one.days, one.unmeasured) for one in cost.dates] == [(1, 93, 0)]
    assert (cost.days, cost.unmeasured, cost.is_known) == (93, 0, True)


def test_a_date_that_is_not_exact_again_counts_as_a_move_without_days() -> None:
    cost = outage_cost([date(1, ("2025-12-19", None), ("NET 2026-03", "DR-1"))], ["DR-1"])
    assert (cost.days, cost.unmeasured) == (0, 1)


def test_only_the_named_causes_count_spelling_aside_and_what_was_undone_does_not() -> None:
    moved = date(1, ("2025-12-19", None), ("2025-12-20", "dr 1"), ("2025-12-29", "weather"), ("2025-12-31", "DR-2"))
    assert outage_cost([moved], ["DR-1"]).days == 1
    assert outage_cost([moved], ["DR-1", "DR-2"]).days == 3
    undone = moves(1, ("2025-12-19", None), ("2026-01-19", "DR-1"))
    back = moves(1, ("2026-01-19", None), ("2025-12-19", None), kind=EntryKind.UNDO)[1]
    entries = (*undone, back)
    assert not outage_cost([DateMoved(1, "Flight", 1, EventKind.LAUNCH, None, entries)], ["DR-1"]).is_known


def test_a_mission_counts_once_in_the_sum_and_a_pull_in_counts_against() -> None:
    docking = date(2, ("2025-12-21", None), ("unknown", "DR-1"), ("2026-03-22", None), kind=EventKind.DOCKING)
    other = date(3, ("2026-07-10", None), ("2026-07-14", "DR-1"), ("2026-07-12", "DR-1"), of=2)
    cost = outage_cost([other, docking, LAUNCH], ["DR-1"])
    assert [(one.event_id, one.days) for one in cost.dates] == [(1, 93), (2, 91), (3, 2)]
    assert cost.days == 95
