"""A report's life: what needs a reason, what holds a pad, and that only more evidence makes it milder for good."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.damage import DamageReport, ReportState, Severity, acknowledge, release, reported, update
from domain.errors import Conflict, InvalidInput

NOON = datetime(2025, 11, 27, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def report(severity: Severity = Severity.CRITICAL, **fields: object) -> DamageReport:
    return replace(reported(DamageReport(1, 20, severity, "bent", NOON, NOON, 7)), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severity", "held_since"), [(Severity.MINOR, None), (Severity.MAJOR, NOON), (Severity.CRITICAL, NOON)]
)
def test_a_report_that_limits_launches_holds_its_pad_from_the_beginning(
    severity: Severity, held_since: datetime | None
) -> None:
    assert report(severity).held_since == held_since


def test_a_milder_severity_needs_a_reason_and_holds_the_pad_all_the_same() -> None:
    with pytest.raises(InvalidInput) as refusal:
        update(report(), LATER, state=ReportState.REPORTED, severity=Severity.MINOR)
    assert refusal.value.code == "reason_needed"
    milder = update(report(), LATER, state=ReportState.REPORTED, severity=Severity.MINOR, reason="paint")
    assert (milder.severity, milder.held_since) == (Severity.MINOR, NOON)


def test_a_graver_severity_holds_the_pad_from_then_on_and_needs_no_reason() -> None:
    graver = update(report(Severity.MINOR), LATER, state=ReportState.CONFIRMED, severity=Severity.MAJOR)
    assert graver.held_since == LATER


@pytest.mark.parametrize("end", [ReportState.CLOSED, ReportState.REJECTED])
def test_ending_and_opening_again_need_a_reason(end: ReportState) -> None:
    with pytest.raises(InvalidInput):
        update(report(), LATER, state=end)
    ended = update(report(), LATER, state=end, reason="done")
    assert (ended.settled_at, ended.held_since) == (LATER, NOON)
    with pytest.raises(InvalidInput):
        update(ended, LATER, state=ReportState.CONFIRMED)
    again = update(release(ended), LATER + timedelta(hours=1), state=ReportState.CONFIRMED, reason="it is back")
    assert (again.settled_at, again.held_since) == (None, LATER + timedelta(hours=1))


def test_what_changes_nothing_is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        update(report(), LATER, state=ReportState.REPORTED, severity=Severity.CRITICAL, reason="why not")
    assert refusal.value.code == "update_changes_nothing"


def test_one_person_takes_a_report_on_once_and_not_when_it_is_over() -> None:
    taken = acknowledge(report(), 9, LATER)
    assert (taken.acknowledged_by, taken.acknowledged_at, taken.needs_somebody) == (9, LATER, False)
    with pytest.raises(Conflict) as twice:
        acknowledge(taken, 10, LATER)
    assert twice.value.code == "report_acknowledged"
    with pytest.raises(Conflict) as over:
        acknowledge(report(state=ReportState.CLOSED), 9, LATER)
    assert over.value.code == "report_not_open"


STEPS = st.lists(st.tuples(st.sampled_from(ReportState), st.sampled_from(Severity)), max_size=12)


@given(st.sampled_from(Severity), STEPS)
def test_whatever_is_done_to_a_report_that_held_its_pad_it_holds_it_until_it_is_released(
    first: Severity, steps: list[tuple[ReportState, Severity]]
) -> None:
    found, held = report(first), first.limits_launches
    for number, (state, severity) in enumerate(steps, 1):
        try:
            found = update(found, NOON + timedelta(hours=number), state=state, severity=severity, reason="so")
        except Conflict:
            continue
        held = held or (state.is_open and severity.limits_launches)
        assert (found.held_since is not None) is held
        assert (found.settled_at is not None) is not found.state.is_open
    assert release(found).held_since is None
