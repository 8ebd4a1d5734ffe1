"""A pad's status comes from its reports; repairs are done in order."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.damage import DamageReport, ReportState, Severity
from domain.errors import Conflict, InvalidInput
from domain.missions import MissionKind
from domain.pads import Capability, Lifecycle, Pad, PadStatus, can_launch, require_reportable, status_of
from domain.repairs import RepairTask, TaskState, checked_days, complete, progress_to

AT = datetime(2025, 11, 27, 15, tzinfo=UTC)
SITE_31 = Pad(
    1,
    "Site 31/6",
    "Baikonur Cosmodrome",
    capabilities=(Capability("Soyuz-2.1a", MissionKind.CREW), Capability("Soyuz-2.1a", MissionKind.CARGO)),
)


def report(number: int, severity: Severity, state: ReportState = ReportState.REPORTED) -> DamageReport:
    return DamageReport(number, 1, severity, "service cabin fell into the flame trench", AT, AT, 5, state=state)


@pytest.mark.parametrize(
    ("severities", "status"),
    [
        ([], PadStatus.OPERATIONAL),
        ([Severity.MINOR], PadStatus.OPERATIONAL),
        ([Severity.MAJOR], PadStatus.RESTRICTED),
        ([Severity.CRITICAL], PadStatus.OUT_OF_SERVICE),
        ([Severity.MINOR, Severity.CRITICAL, Severity.MAJOR], PadStatus.OUT_OF_SERVICE),
    ],
)
def test_the_worst_open_report_decides(severities: list[Severity], status: PadStatus) -> None:
    finding = status_of(SITE_31, [report(n, severity) for n, severity in enumerate(severities, 1)])
    assert (finding.status, finding.open_reports) == (status, len(severities))


def test_an_unconfirmed_report_counts_and_is_marked_so() -> None:
    unconfirmed = status_of(SITE_31, [report(1, Severity.CRITICAL)])
    confirmed = status_of(SITE_31, [report(1, Severity.CRITICAL), report(2, Severity.CRITICAL, ReportState.CONFIRMED)])
    assert (unconfirmed.status, unconfirmed.unconfirmed) == (PadStatus.OUT_OF_SERVICE, True)
    assert confirmed.deciding is not None
    assert (confirmed.deciding.number, confirmed.unconfirmed) == (2, False)


@pytest.mark.parametrize("state", [ReportState.CLOSED, ReportState.REJECTED])
def test_closed_and_rejected_reports_do_not_count(state: ReportState) -> None:
    assert status_of(SITE_31, [report(1, Severity.CRITICAL, state)]).status is PadStatus.OPERATIONAL


def test_a_latched_status_stays_whatever_becomes_of_its_reports() -> None:
    latched = replace(SITE_31, latched=PadStatus.OUT_OF_SERVICE)
    finding = status_of(latched, [report(1, Severity.CRITICAL, ReportState.CLOSED), report(2, Severity.MINOR)])
    assert (finding.status, finding.awaiting_return, finding.deciding) == (PadStatus.OUT_OF_SERVICE, True, None)


def test_a_standing_restriction_counts_and_is_nobodys_unconfirmed_report() -> None:
    restricted = replace(SITE_31, restriction="wind measurement out of order")
    finding = status_of(restricted, [report(1, Severity.MINOR)])
    assert (finding.status, finding.deciding, finding.unconfirmed) == (PadStatus.RESTRICTED, None, False)
    assert status_of(restricted, [report(1, Severity.CRITICAL)]).status is PadStatus.OUT_OF_SERVICE


@pytest.mark.parametrize(
    ("vehicle", "kind", "able"),
    [
        ("Soyuz-2.1a", MissionKind.CREW, True),
        ("soyuz 2.1A", MissionKind.CARGO, True),
        ("Soyuz-2.1a", MissionKind.OTHER, False),
        ("Soyuz-2.1b", MissionKind.CREW, False),
    ],
)
def test_a_pad_launches_what_it_is_rated_for_spelling_aside(vehicle: str, kind: MissionKind, able: bool) -> None:
    assert can_launch(SITE_31, vehicle, kind) is able


def test_a_retired_pad_takes_no_report() -> None:
    with pytest.raises(Conflict):
        require_reportable(replace(SITE_31, lifecycle=Lifecycle.RETIRED))


# --- repairs ----------------------------------------------------------------------------------------------------------

TRENCH = RepairTask(1, 1, "clear the flame trench")
CABIN = RepairTask(3, 1, "install the new service cabin", after=(1, 2))


def test_the_first_progress_starts_the_work_and_all_of_it_is_still_not_done() -> None:
    assert progress_to(TRENCH, 0).state is TaskState.PLANNED
    assert progress_to(TRENCH, 10).state is TaskState.IN_WORK
    assert progress_to(TRENCH, 100).state is TaskState.IN_WORK


def test_progress_on_blocked_work_leaves_it_blocked() -> None:
    assert progress_to(replace(TRENCH, state=TaskState.BLOCKED), 40).state is TaskState.BLOCKED


@pytest.mark.parametrize("percent", [-1, 101, 2**63])
def test_progress_outside_a_hundred_percent_is_refused(percent: int) -> None:
    with pytest.raises(InvalidInput):
        progress_to(TRENCH, percent)


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.VERIFIED, TaskState.CANCELLED])
def test_what_is_over_neither_progresses_nor_completes(state: TaskState) -> None:
    over = replace(TRENCH, state=state)
    with pytest.raises(Conflict, check=lambda error: error.code == "task_not_open"):
        progress_to(over, 50)
    with pytest.raises(Conflict, check=lambda error: error.code == "task_not_open"):
        complete(over, AT, 5, {})


def test_a_task_waits_for_every_task_before_it() -> None:
    done = replace(TRENCH, state=TaskState.DONE)
    with pytest.raises(Conflict, check=lambda error: error.params["other"] == "RT-2"):
        complete(CABIN, AT, 5, {1: done, 2: RepairTask(2, 1, "bring in service cabin parts"), 3: CABIN})
    cancelled = RepairTask(2, 1, "bring in service cabin parts", state=TaskState.CANCELLED)
    finished = complete(CABIN, AT, 5, {1: done, 2: cancelled, 3: CABIN})
    assert (finished.state, finished.progress, finished.done_at, finished.done_by) == (TaskState.DONE, 100, AT, 5)


@pytest.mark.parametrize("days", [0, 3651, 2**63])
def test_an_estimate_outside_ten_years_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput):
        checked_days(days)
