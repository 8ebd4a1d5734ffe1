"""A pad's status comes from its reports."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.damage import DamageReport, ReportState, Severity
from domain.errors import Conflict
from domain.missions import MissionKind
from domain.pads import Capability, Lifecycle, Pad, PadStatus, can_launch, require_reportable, status_of

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
