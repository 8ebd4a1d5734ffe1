"""Outages as they stood, for pictures: one from its report to its return, one that goes on, a crowd, hostile names."""

from dataclasses import replace
from datetime import datetime

from domain.damage import DamageReport
from domain.expected import Estimate, Window
from domain.inspections import InspectionResult
from domain.outage import past_of
from domain.pad_records import Records, Step, known_by
from domain.pads import status_of
from domain.repairs import RepairTask, TaskState
from domain.returns import ReturnState
from domain.sources import Tier
from services.pad_history import PadHistory
from tests.domain.test_outage import AWAY, NOON, REPORT, WHOLE, after, day, forecast, said

ESTIMATE = Estimate(Window(after(20), after(24)), (1, 2), 2)


def history(
    records: Records, asked_at: datetime, *, as_of: bool = False, estimate: Estimate | None = None
) -> PadHistory:
    """What the desk hands out."""
    reports: dict[int, DamageReport] = {step.state.number: step.state for step in records.reports}
    pad = records.pad[-1].state
    believed_at = asked_at if as_of else None
    return PadHistory(pad, status_of(pad, reports.values()), past_of(records), estimate, asked_at, believed_at)


def returned() -> PadHistory:
    """The pad is back."""
    return history(WHOLE, after(12))


def going_on() -> PadHistory:
    """The same outage, in its fifth day, with a forecast of years."""
    records = replace(WHOLE, forecasts=(*WHOLE.forecasts, forecast(3, after(1), day(730), "Analyst")))
    return history(known_by(records, after(5)), after(5), as_of=True, estimate=ESTIMATE)


def first_minutes() -> PadHistory:
    """Reported, and nothing else."""
    return history(known_by(WHOLE, NOON), NOON)


def refused() -> PadHistory:
    """A return that was turned down, an inspection that failed, tasks blocked, overdue and given up."""
    asked, (inspected,) = WHOLE.requests[0], WHOLE.inspections
    declined = replace(asked.state, state=ReturnState.DECLINED, decided_by=78, decided_at=after(10))
    records = replace(
        WHOLE,
        pad=WHOLE.pad[:2],
        requests=(asked, Step(19, after(10), declined)),
        inspections=(replace(inspected, state=replace(inspected.state, result=InspectionResult.FAILED)),),
        tasks=(
            Step(
                40, after(1), RepairTask(1, 1, "blocked", TaskState.BLOCKED, blocked_by="no crane", started_at=after(1))
            ),
            Step(41, after(1), RepairTask(2, 1, "late", TaskState.IN_WORK, due=day(5), progress=60)),
            Step(42, after(6), RepairTask(3, 1, "given up", TaskState.CANCELLED, cancelled_for="not needed")),
            Step(43, after(1), RepairTask(4, 1, "without a date")),
        ),
    )
    return history(records, after(12))


def crowd() -> PadHistory:
    """Far more than a picture can hold."""
    records = replace(
        WHOLE,
        pad=(Step(1, NOON, AWAY), Step(2, after(2), replace(AWAY, restriction="wind"))),
        reports=tuple(Step(100 + n, after(n / 10), replace(REPORT, number=n + 1)) for n in range(12)),
        tasks=tuple(Step(200 + n, after(1), RepairTask(n + 1, 1, f"Task {n + 1}", due=day(n + 3))) for n in range(30)),
        assessments=tuple(said(n + 1, after(n / 40), tier=list(Tier)[n % 5]) for n in range(25)),
        forecasts=tuple(forecast(n + 1, after(1 + n / 10), day(9 + n), f"Source {n % 9}") for n in range(30)),
    )
    return history(records, after(12))


def hostile(name: str) -> PadHistory:
    """A pad, a report, a source, a repair and a mission of that name."""
    summary = replace(REPORT, summary=name, component=name)
    view = replace(said(1, after(1)), source=name, note=name)
    records = Records(
        pad=(Step(1, NOON, replace(AWAY, name=name, site=name, restriction=name)),),
        reports=(Step(2, NOON, summary, by=name),),
        tasks=(Step(3, after(1), RepairTask(1, 1, name, TaskState.BLOCKED, blocked_by=name)),),
        assessments=(view,),
        forecasts=(replace(forecast(1, after(1), None), source=name, note=name),),
        moved=tuple(replace(date, mission=name, name=name) for date in WHOLE.moved),
    )
    return history(records, after(3))


OUTAGES = {
    "returned": returned,
    "going_on": going_on,
    "first_minutes": first_minutes,
    "refused": refused,
    "crowd": crowd,
}
