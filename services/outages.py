"""What is known of a pad's outage besides its status: what others say of its damage and its return, and its own estimate."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.assessments import Assessment
from domain.damage import DamageReport
from domain.expected import Estimate, Window
from domain.forecasts import Forecast
from domain.outage_cost import OutageCost, outage_cost
from domain.repair_graph import estimate_of
from domain.repairs import RepairTask, TaskState
from domain.returns import is_damage
from storage import assessments, forecasts, ledger
from storage.database import Reader


async def said_of(
    reader: Reader, workspace_id: int, pad_id: int, at: datetime | None = None
) -> tuple[tuple[Assessment, ...], tuple[Forecast, ...]]:
    """What sources say of a pad's open reports, and of its return in the outage that goes on.

    With `at` as it was then, of every report there ever was: which of them were open is known to whoever asks.
    """
    said = (
        await assessments.of_open_on_pad(reader, workspace_id, pad_id)
        if at is None
        else assessments_then(await assessments.on_pad(reader, workspace_id, pad_id), at)
    )
    return said, await forecasts_of(reader, workspace_id, pad_id, at)


async def forecasts_of(
    reader: Reader, workspace_id: int, pad_id: int, at: datetime | None = None
) -> tuple[Forecast, ...]:
    """What sources have said of a pad's return in the outage that goes on; of that moment, with `at`."""
    if at is None:
        return await forecasts.of_outage(reader, workspace_id, pad_id)
    known = forecasts_then(await forecasts.on_pad(reader, workspace_id, pad_id), at)
    return tuple(forecast for forecast in known if forecast.returned_at is None)


def assessments_then(said: Iterable[Assessment], at: datetime) -> tuple[Assessment, ...]:
    """The assessments that had been recorded by `at`, adopted or not as it was then."""
    return tuple(
        replace(one, adopted_at=None) if one.adopted_at is not None and one.adopted_at > at else one
        for one in said
        if one.recorded_at <= at
    )


def forecasts_then(said: Iterable[Forecast], at: datetime) -> tuple[Forecast, ...]:
    """The forecasts that had been recorded by `at`, scored or not as it was then."""
    return tuple(
        replace(one, returned_at=None) if one.returned_at is not None and one.returned_at > at else one
        for one in said
        if one.recorded_at <= at
    )


def estimate(reports: Iterable[DamageReport], tasks: Iterable[RepairTask], now: datetime) -> Estimate | None:
    """The pad's own estimate: from the repairs of those of its reports that hold it. A minor damage holds nothing up."""
    holding = {report.number: report for report in reports if report.held_since is not None}
    work = [task for task in tasks if task.report_number in holding]
    found = estimate_of(work, now)
    planned = {task.report_number for task in work if task.state is not TaskState.CANCELLED}
    unplanned = tuple(
        number for number, report in sorted(holding.items()) if is_damage(report) and number not in planned
    )
    if found is None or not unplanned:
        return found
    return replace(found, window=Window(found.window.earliest, None), unplanned=unplanned)


async def cost_of(
    reader: Reader, workspace_id: int, report_numbers: Iterable[int], at: datetime | None = None
) -> OutageCost:
    """What outages cost: the days that dates slipped which were moved for these reports; as recorded by `at`, if given."""
    causes = [f"DR-{number}" for number in dict.fromkeys(report_numbers)]
    return outage_cost(await ledger.by_cause(reader, workspace_id, causes, recorded_by=at), causes)
