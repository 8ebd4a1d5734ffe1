"""A pad's outages from what was recorded: where they begin and end, what belongs to them, and that nothing later shines through."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from domain.assessments import Assessment
from domain.damage import DamageReport, ReportState, Severity, acknowledge, release, reported, update
from domain.expected import Estimate, Window
from domain.forecasts import Forecast
from domain.inspections import Inspection, InspectionResult
from domain.missions import EventKind
from domain.outage import PadPast, past_of, stated_at
from domain.outage_cost import DateMoved
from domain.outage_layout import ROWS_MAX, layout_of, shares
from domain.pad_records import EntryKind, Records, Step, known_by
from domain.pads import Pad, PadStatus
from domain.repairs import RepairTask, TaskState
from domain.returns import ReturnRequest, ReturnState
from domain.schedule import Direction, LedgerEntry
from domain.schedule import EntryKind as Ledger
from domain.sources import Tier
from domain.when import Precision, When, at_precision, exactly

T = TypeVar("T")
NOON = datetime(2025, 11, 27, 12, tzinfo=UTC)
PAD = Pad(20, "Site 31/6", "Baikonur")
AWAY = replace(PAD, latched=PadStatus.OUT_OF_SERVICE)
REPORT = reported(DamageReport(1, 20, Severity.CRITICAL, "the cabin fell", NOON - timedelta(hours=2), NOON, 77))


def after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def day(days: float) -> When:
    return at_precision(after(days), Precision.DAY)


def said(number: int, at: datetime, severity: Severity = Severity.MINOR, tier: Tier = Tier.OFFICIAL) -> Assessment:
    return Assessment(number, 1, severity, tier, f"Source {number}", exactly(at), None, None, None, 77, at)


def forecast(number: int, at: datetime, latest: When | None, source: str = "Roscosmos") -> Forecast:
    note = None if latest else "shortly"
    return Forecast(number, 20, source, Tier.OFFICIAL, None, latest, exactly(at), note, 77, at)


def kinds(past: PadPast) -> list[EntryKind]:
    return [entry.kind for entry in past.entries]


SEEN = acknowledge(REPORT, 77, NOON + timedelta(hours=1))
CONFIRMED = update(SEEN, after(1), state=ReportState.CONFIRMED, severity=Severity.MAJOR, reason="seen")
CLOSED = update(CONFIRMED, after(9), state=ReportState.CLOSED, reason="repaired")
WHOLE = Records(
    pad=(
        Step(1, after(-100), PAD),
        Step(2, NOON, AWAY),
        Step(9, after(3), replace(AWAY, restriction="wind")),
        Step(10, after(4), AWAY),
        Step(20, after(10), PAD),
    ),
    reports=(
        Step(3, NOON, REPORT),
        Step(4, after(0.1), SEEN),
        Step(5, after(1), CONFIRMED),
        Step(18, after(9), CLOSED),
        Step(21, after(10), release(CLOSED)),
    ),
    tasks=(
        Step(6, after(1.5), RepairTask(1, 1, "clear the trench", due=day(5))),
        Step(7, after(2), RepairTask(1, 1, "clear the trench", TaskState.IN_WORK, due=day(5), progress=10)),
        Step(8, after(2.5), RepairTask(1, 1, "clear the trench", TaskState.BLOCKED, due=day(5), progress=10)),
        Step(11, after(5), RepairTask(1, 1, "clear the trench", TaskState.IN_WORK, due=day(5), progress=10)),
        Step(12, after(5.5), RepairTask(1, 1, "clear the trench", TaskState.IN_WORK, due=day(5), progress=50)),
        Step(13, after(6), RepairTask(1, 1, "clear the trench", TaskState.DONE, due=day(5), done_at=after(6))),
        Step(14, after(7), RepairTask(1, 1, "clear the trench", TaskState.VERIFIED, due=day(5), done_at=after(6))),
    ),
    inspections=(Step(15, after(8), Inspection(1, 20, InspectionResult.PASSED, None, 78, after(8))),),
    requests=(
        Step(17, after(9.5), ReturnRequest(1, 20, 77, after(9.5), 3)),
        Step(19, after(10), ReturnRequest(1, 20, 77, after(9.5), 3, ReturnState.CONFIRMED, 78, after(10))),
    ),
    assessments=(
        said(1, after(0.2)),
        replace(said(2, after(0.3), Severity.MAJOR, Tier.MEDIA), adopted_at=after(1)),
    ),
    forecasts=(
        replace(forecast(1, after(0.4), None), returned_at=after(10)),
        replace(forecast(2, after(2), day(8)), returned_at=after(10)),
    ),
    moved=(
        DateMoved(
            40,
            "Progress MS-33",
            41,
            EventKind.LAUNCH,
            None,
            (
                LedgerEntry(41, Ledger.PLAN, None, day(20), Direction.SET, None, None, None, None, after(-50)),
                LedgerEntry(41, Ledger.MOVE, day(20), day(50), Direction.SLIP, 30, "damage", "DR-1", None, after(2)),
            ),
        ),
    ),
)


def test_an_outage_is_told_from_the_report_to_the_return() -> None:
    (outage,) = past_of(WHOLE).outages
    assert (outage.began_at, outage.ended_at) == (NOON, after(10))
    assert [entry.kind.value for entry in outage.entries] == [
        "reported",
        "acknowledged",
        "assessed",
        "assessed",
        "forecast",
        "adopted",
        "updated",
        "task_planned",
        "forecast",
        "task_started",
        "moved",
        "task_blocked",
        "restricted",
        "lifted",
        "task_unblocked",
        "task_progressed",
        "task_done",
        "task_verified",
        "inspected",
        "updated",
        "return_asked",
        "return_confirmed",
    ]
    assert [entry.superseded for entry in outage.entries if entry.kind is EntryKind.FORECAST] == [True, False]
    assert (outage.cost.days, [one.days for one in outage.cost.dates]) == (30, [30])


def test_what_belongs_to_an_outage_is_kept_with_it_as_it_ended() -> None:
    (outage,) = past_of(WHOLE).outages
    (life,) = outage.reports
    assert life.grades == ((NOON - timedelta(hours=2), Severity.CRITICAL), (after(1), Severity.MAJOR))
    assert (life.held, life.report.state) == (True, ReportState.CLOSED)
    (task,) = outage.tasks
    assert (task.planned_at, task.since, task.task.state) == (after(1.5), after(7), TaskState.VERIFIED)
    assert ([one.number for one in outage.forecasts], [one.number for one in outage.standing]) == ([1, 2], [2])
    (spell,) = outage.restrictions
    assert (spell.reason, spell.began_at, spell.ended_at) == ("wind", after(3), after(4))


def test_a_pad_without_grave_damage_was_never_away_and_its_entries_are_told() -> None:
    minor = replace(REPORT, severity=Severity.MINOR, held_since=None)
    past = past_of(Records(pad=(Step(1, NOON, PAD),), reports=(Step(2, NOON, minor),)))
    assert (past.outages, kinds(past)) == ((), [EntryKind.REPORTED])


def test_a_second_outage_has_its_own_reports_forecasts_and_costs() -> None:
    other = reported(replace(REPORT, number=2, reported_at=after(30), observed_at=after(30)))
    records = replace(
        WHOLE,
        pad=(*WHOLE.pad, Step(30, after(30), AWAY)),
        reports=(*WHOLE.reports, Step(31, after(30), other)),
        forecasts=(*WHOLE.forecasts, forecast(3, after(31), day(60))),
    )
    first, second = past_of(records).outages
    assert (first.ended_at, second.began_at, second.ended_at) == (after(10), after(30), None)
    assert [life.report.number for life in second.reports] == [2]
    assert [one.number for one in first.standing] == [2]
    assert [one.number for one in second.standing] == [3]
    assert (first.cost.days, second.cost.is_known, second.tasks, second.assessments) == (30, False, (), ())


def test_a_report_that_was_minor_and_open_before_is_shown_and_does_not_cost() -> None:
    minor = replace(REPORT, number=3, severity=Severity.MINOR, held_since=None, reported_at=after(-9))
    records = replace(WHOLE, reports=(Step(0, after(-9), minor), *WHOLE.reports))
    (outage,) = past_of(records).outages
    assert [(life.report.number, life.held) for life in outage.reports] == [(1, True), (3, False)]


def test_what_was_erased_of_a_task_is_no_change_of_it() -> None:
    task = RepairTask(1, 1, "clear the trench", owner="Ivan", note="soon")
    records = Records(tasks=(Step(1, NOON, replace(task, owner=None)), Step(2, after(1), replace(task, note=None))))
    assert kinds(past_of(records)) == [EntryKind.TASK_PLANNED]
    dated = Records(tasks=(Step(1, NOON, task), Step(2, after(1), replace(task, due=day(3)))))
    assert kinds(past_of(dated)) == [EntryKind.TASK_PLANNED, EntryKind.TASK_CHANGED]


def test_a_statement_stands_where_it_was_made_as_exactly_as_that_is_known() -> None:
    recorded = after(2)
    assert stated_at(replace(said(1, recorded), stated=exactly(NOON))) == NOON + timedelta(seconds=1)
    in_november = at_precision(NOON, Precision.MONTH)
    assert stated_at(replace(said(1, recorded), stated=in_november)) == recorded
    assert stated_at(replace(said(1, after(40)), stated=in_november)) == datetime(2025, 12, 1, tzinfo=UTC)


# --- as of any moment -------------------------------------------------------------------------------------------------

MOMENTS = st.floats(-120, 30).map(after)


@given(MOMENTS)
def test_nothing_shines_through_that_was_recorded_later(at: datetime) -> None:
    then, whole = past_of(known_by(WHOLE, at)), past_of(WHOLE)
    assert all(entry.at <= at for entry in then.entries)
    assert kinds(then) == [entry.kind for entry in whole.entries if entry.at <= at]
    for outage in then.outages:
        assert outage.ended_at is None or outage.ended_at <= at
        assert all(one.adopted_at is None or one.adopted_at <= at for one in outage.assessments)
        assert all(one.returned_at is None or one.returned_at <= at for one in outage.forecasts)
        assert all(life.report.settled_at is None or life.report.settled_at <= at for life in outage.reports)
        assert all(one.decided_at is None or one.decided_at <= at for one in outage.requests)
        assert all(spell.ended_at is None or spell.ended_at <= at for spell in outage.restrictions)


@given(MOMENTS)
def test_what_was_known_does_not_depend_on_what_came_after(at: datetime) -> None:
    assert known_by(known_by(WHOLE, at + timedelta(days=3)), at) == known_by(WHOLE, at)


@given(st.randoms())
def test_the_order_in_which_records_come_in_does_not_matter(dice: random.Random) -> None:
    def shuffled(known: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(dice.sample(known, len(known)))

    mixed = Records(
        pad=shuffled(WHOLE.pad),
        reports=shuffled(WHOLE.reports),
        tasks=shuffled(WHOLE.tasks),
        inspections=WHOLE.inspections,
        requests=shuffled(WHOLE.requests),
        assessments=shuffled(WHOLE.assessments),
        forecasts=shuffled(WHOLE.forecasts),
        moved=WHOLE.moved,
    )
    assert past_of(mixed) == past_of(WHOLE)


# --- laid out for a picture -------------------------------------------------------------------------------------------


@st.composite
def crowds(draw: st.DrawFn) -> Records:
    """An outage with any number of reports, statements, forecasts and repairs."""
    some = st.integers(0, 14)
    reports = [
        Step(100 + n, after(n / 10), reported(replace(REPORT, number=n + 1, reported_at=after(n / 10))))
        for n in range(max(draw(some), 1))
    ]
    tasks = [
        Step(
            200 + n, after(2), RepairTask(n + 1, 1, f"Task {n}", due=draw(st.none() | st.integers(-400, 4000).map(day)))
        )
        for n in range(draw(some))
    ]
    forecasts = [
        forecast(n + 1, after(3), draw(st.none() | st.integers(-30, 40_000).map(day)), f"Source {draw(some)}")
        for n in range(draw(some))
    ]
    views = [said(n + 1, after(2.5), tier=draw(st.sampled_from(Tier))) for n in range(draw(some))]
    return Records(
        pad=(Step(1, NOON, AWAY), Step(300, after(4), replace(AWAY, restriction="wind"))),
        reports=tuple(reports),
        tasks=tuple(tasks),
        assessments=tuple(views),
        forecasts=tuple(forecasts),
        inspections=WHOLE.inspections,
    )


ESTIMATES = st.none() | st.just(Estimate(Window(after(20), after(30)), (1,), 1))


@given(crowds(), ESTIMATES, st.integers(8, 900))
def test_a_picture_has_room_for_all_its_rows_and_says_how_many_it_leaves_out(
    records: Records, estimate: Estimate | None, days: int
) -> None:
    (outage,) = past_of(records).outages
    shown = layout_of(outage, estimate, after(days))
    drawn = len(shown.reports) + len(shown.forecasts) + len(shown.tasks)
    others = len(shown.tiers) + (estimate is not None) + len(outage.inspections) + len(outage.restrictions)
    assert drawn + others <= ROWS_MAX
    assert drawn + shown.left_out == len(outage.reports) + len(outage.standing) + len(outage.tasks)
    assert shown.left_out == 0 or drawn + others == ROWS_MAX


@given(crowds(), ESTIMATES, st.integers(8, 900))
def test_everything_that_happened_and_now_lie_on_the_scale(
    records: Records, estimate: Estimate | None, days: int
) -> None:
    (outage,) = past_of(records).outages
    scale = layout_of(outage, estimate, after(days)).scale
    assert scale.holds(after(days))
    assert all(scale.holds(entry.at) for entry in outage.entries)
    assert all(scale.holds(at) for life in outage.reports for at, _ in life.grades)
    assert scale.ends_at - scale.starts_at <= 2.5 * max(timedelta(days=days), timedelta(days=120)) + timedelta(days=30)


def test_a_forecast_of_years_does_not_take_the_room_of_the_weeks_that_were() -> None:
    records = replace(
        WHOLE, pad=WHOLE.pad[:-1], forecasts=(forecast(1, after(1), day(730)), forecast(2, after(1), day(60), "X"))
    )
    (outage,) = past_of(records).outages
    scale = layout_of(outage, None, after(12)).scale
    assert scale.holds(after(60))
    assert scale.ends_at < after(120)


def test_places_are_shared_out_in_turn() -> None:
    assert shares((9, 1, 2), 6) == (3, 1, 2)
    assert shares((1, 1, 1), 9) == (1, 1, 1)
    assert shares((5, 5, 5), 0) == (0, 0, 0)


def test_reports_that_held_the_pad_and_work_that_is_left_are_drawn_first() -> None:
    minor = replace(REPORT, severity=Severity.MINOR, held_since=None)
    reports = [Step(50 + n, NOON, replace(minor, number=50 + n)) for n in range(20)]
    tasks = [Step(100 + n, after(1), RepairTask(n, 1, "over", TaskState.DONE, done_at=after(1))) for n in range(30, 60)]
    tasks.append(Step(99, after(1), RepairTask(1, 1, "left")))
    records = replace(WHOLE, pad=WHOLE.pad[:-1], reports=(*WHOLE.reports, *reports), tasks=tuple(tasks))
    shown = layout_of(past_of(records).outages[0], None, after(12))
    assert shown.reports[0].report.number == 1
    assert shown.tasks[0].task.number == 1
