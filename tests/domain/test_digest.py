"""What belongs into a digest, and what is said of a subject that changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import digest_news as news
from domain.damage import DamageReport, ReportState, Severity
from domain.digest import (
    LINES_MAX,
    Task,
    damage_counts,
    damage_lines,
    due_lines,
    kept,
    nearness_of,
    ordered_news,
    overdue_lines,
    unconfirmed_lines,
)
from domain.digest_facts import CrewMove, DateChanged, EventTurned, NamedEvent, Nearness, News
from domain.missions import Clearance, Event, EventKind, EventState, Mission, MissionKind, Outcome, Phase, Seat
from domain.pads import Lifecycle, Pad, PadStatus
from domain.repair_facts import TaskRef
from domain.repairs import RepairTask, TaskState
from domain.statements import Draft, DraftState
from domain.when import UNKNOWN, When
from domain.when_text import parse_when

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def time(text: str) -> When:
    return parse_when(text, NOW)


def mission(*events: Event, **fields: object) -> Mission:
    return Mission(1, "Soyuz MS-28", MissionKind.CREW, "Soyuz-2.1a", events=events, **fields)  # type: ignore[arg-type]


def event(number: int, kind: EventKind, planned: str | None, state: EventState = EventState.PLANNED) -> Event:
    return Event(number, kind, state, None if planned is None else time(planned))


def report(number: int, severity: Severity, state: ReportState = ReportState.REPORTED) -> DamageReport:
    return DamageReport(number, 4, severity, "a  bent\nbridge", NOW - DAY, NOW - DAY, 7, state=state)


def task(number: int, due: str | None, state: TaskState = TaskState.IN_WORK) -> Task:
    made = RepairTask(number, 1, "Straighten", state, due=None if due is None else time(due))
    return Task(made, TaskRef(number, "Straighten", 1, 4, "Site 31/6"))


@pytest.mark.parametrize(
    ("planned", "within_a_day", "within_a_week"),
    [
        ("2026-03-03 10:00", Nearness.AT, Nearness.AT),
        ("2026-03-04 08:59", Nearness.AT, Nearness.AT),
        ("2026-03-04 09:00", None, Nearness.AT),
        ("2026-03-10 08:59", None, Nearness.AT),
        ("2026-03-10 09:00", None, None),
        ("2026-03-03 08:58", None, None),
        ("2026-03-03", Nearness.AT, Nearness.AT),
        ("2026-03-04", Nearness.AT, Nearness.AT),
        ("2026-03-05", None, Nearness.AT),
        ("2026-03-10", None, Nearness.AT),
        ("2026-03-11", None, None),
        ("2026-W11", None, Nearness.OPENS),
        ("2026-W10", None, Nearness.CLOSES),
        ("2026-03", None, None),
        ("2026-04", None, None),
        ("2026", None, None),
        ("NET 2026-03-04", Nearness.OPENS, Nearness.OPENS),
        ("NET 2026-03-03", None, None),
        ("NET 2026-02", None, None),
        ("unknown", None, None),
    ],
)
def test_what_is_due_depends_on_how_exactly_its_date_is_known(
    planned: str, within_a_day: Nearness | None, within_a_week: Nearness | None
) -> None:
    assert nearness_of(time(planned), NOW, NOW + DAY) is within_a_day
    assert nearness_of(time(planned), NOW, NOW + 7 * DAY) is within_a_week


def test_july_is_never_due_only_its_window_opens_and_closes() -> None:
    july = time("2026-07")
    first = datetime(2026, 7, 1, tzinfo=UTC)
    near = [nearness_of(july, first + n * DAY, first + (n + 7) * DAY) for n in (-8, -7, -6, 0, 1, 23, 24, 30, 31)]
    opens, closes = Nearness.OPENS, Nearness.CLOSES
    assert near == [None, None, opens, opens, None, None, closes, closes, None]


def test_what_is_due_within_a_day_is_not_said_again_for_the_week_and_the_soonest_comes_first() -> None:
    flight = mission(
        event(1, EventKind.EVA, "2026-03-09 10:00"),
        event(2, EventKind.EVA, "2026-03-04 08:00"),
        event(3, EventKind.UNDOCKING, "2026-03-06"),
        event(4, EventKind.LANDING, "2026-03-06", EventState.HELD),
        event(5, EventKind.DOCKING, "2026-03-06", EventState.DONE),
    )
    tasks = [task(1, "2026-03-05"), task(2, "2026-03-05", TaskState.DONE), task(3, None)]
    within_day, within_week = due_lines([flight], tasks, NOW)
    assert [line.when for line in within_day] == [time("2026-03-04 08:00")]
    assert [(line.event.kind if line.event else line.task and line.task.task) for line in within_week] == [
        1,
        EventKind.UNDOCKING,
        EventKind.EVA,
    ]


def test_past_and_unconfirmed_are_those_whose_whole_time_has_passed() -> None:
    flight = mission(
        event(1, EventKind.LAUNCH, "2026-03-03"),
        event(2, EventKind.DOCKING, "2026-03-02"),
        event(3, EventKind.LANDING, "NET 2026-01-01"),
        event(4, EventKind.EVA, "2026-03-01", EventState.DONE),
    )
    assert [line.event.kind for line in unconfirmed_lines([flight], NOW)] == [EventKind.DOCKING]


def test_open_damage_comes_the_gravest_first_and_says_what_nobody_has_taken_on() -> None:
    taken = replace(report(2, Severity.CRITICAL), acknowledged_at=NOW, acknowledged_by=7)
    lines = damage_lines(
        [
            report(1, Severity.MINOR),
            taken,
            report(3, Severity.CRITICAL),
            report(4, Severity.MAJOR, ReportState.CONFIRMED),
            report(5, Severity.CRITICAL, ReportState.CLOSED),
        ],
        {4: "Site 31/6"},
    )
    assert [(line.report, line.is_taken_on) for line in lines] == [(3, False), (2, True), (4, True), (1, False)]
    assert lines[0].summary == "a bent bridge"
    assert damage_counts(lines) == ((Severity.CRITICAL, 2), (Severity.MAJOR, 1), (Severity.MINOR, 1))


def test_overdue_repairs_count_days_from_the_end_of_what_was_stated() -> None:
    tasks = [
        task(1, "2026-03-03"),
        task(2, "2026-02-28"),
        task(3, "2026-02"),
        task(4, "2026-03-01", TaskState.DONE),
        task(5, "2026-03-03 08:00"),
    ]
    assert [(line.task.task, line.days) for line in overdue_lines(tasks, NOW)] == [(2, 3), (3, 3), (5, 0)]


def test_no_more_lines_are_kept_than_fit_and_the_rest_is_counted() -> None:
    assert kept(range(LINES_MAX)) == (tuple(range(LINES_MAX)), 0)
    assert kept(range(LINES_MAX + 3)) == (tuple(range(LINES_MAX)), 3)


LAUNCH, DOCKING = event(2, EventKind.LAUNCH, "2026-03-22"), event(3, EventKind.DOCKING, "2026-03-24")
BEFORE = mission(LAUNCH, DOCKING)
A_LAUNCH = NamedEvent("Soyuz MS-28", EventKind.LAUNCH)


def test_several_moves_of_a_date_are_one_from_the_first_to_the_last() -> None:
    moved = BEFORE.with_event(replace(LAUNCH, planned=time("2026-04")))
    found = news.of_mission(BEFORE, moved, {})
    assert found is not None
    assert found.dates == (DateChanged(A_LAUNCH, time("2026-03-22"), time("2026-04")),)
    assert (found.is_new, found.turned, found.crew, found.phase) == (False, (), (), None)


def test_what_was_taken_back_is_no_news() -> None:
    assert news.of_mission(BEFORE, BEFORE, {}) is None
    renamed = replace(BEFORE, vehicle="Soyuz-2.1b")
    assert news.of_mission(BEFORE, renamed, {}) is None


def test_a_lost_date_says_so_and_a_new_plan_has_no_before() -> None:
    found = news.of_mission(
        mission(LAUNCH), mission(replace(LAUNCH, planned=UNKNOWN), event(4, EventKind.EVA, "2026-05")), {}
    )
    assert found is not None
    assert [(change.before, change.after) for change in found.dates] == [
        (time("2026-03-22"), UNKNOWN),
        (None, time("2026-05")),
    ]


def test_a_plan_that_was_made_and_withdrawn_is_no_news() -> None:
    withdrawn = Event(4, EventKind.EVA, EventState.CANCELLED)
    assert news.of_mission(BEFORE, BEFORE.with_event(withdrawn), {}) is None


@pytest.mark.parametrize(
    "state", [EventState.DONE, EventState.FAILED, EventState.HELD, EventState.SCRUBBED, EventState.CANCELLED]
)
def test_an_event_in_another_state_is_news(state: EventState) -> None:
    happened = NOW if state is EventState.DONE else None
    found = news.of_mission(BEFORE, BEFORE.with_event(replace(LAUNCH, state=state, actual_at=happened)), {})
    assert found is not None
    assert found.turned == (EventTurned(A_LAUNCH, state, happened),)


def test_a_corrected_time_and_a_confirmation_taken_back_are_news() -> None:
    done = BEFORE.with_event(replace(LAUNCH, state=EventState.DONE, actual_at=NOW))
    corrected = done.with_event(replace(LAUNCH, state=EventState.DONE, actual_at=NOW - DAY))
    for before, after, wanted in (
        (done, corrected, EventTurned(A_LAUNCH, EventState.DONE, NOW - DAY)),
        (done, BEFORE, EventTurned(A_LAUNCH, EventState.PLANNED, None)),
    ):
        found = news.of_mission(before, after, {})
        assert found is not None
        assert found.turned == (wanted,)


def test_a_mission_that_is_entered_ended_or_not_cleared_says_so() -> None:
    new = news.of_mission(None, BEFORE, {})
    assert new is not None
    assert new.is_new
    assert len(new.dates) == 2
    landed = event(4, EventKind.LANDING, None, EventState.DONE)
    ended = news.of_mission(BEFORE, BEFORE.with_event(replace(landed, actual_at=NOW)), {})
    assert ended is not None
    assert ended.phase is Phase.ENDED
    barred = news.of_mission(BEFORE, replace(BEFORE, clearance=Clearance.NOT_CLEARED), {})
    assert barred is not None
    assert barred.clearance is Clearance.NOT_CLEARED


def test_crew_changes_name_who_flies_who_comes_down_and_who_no_longer_does() -> None:
    before = replace(BEFORE, crew=(Seat(1, "Commander"), Seat(2, "Engineer"), Seat(5, "Engineer")))
    after = replace(
        BEFORE,
        crew=(
            Seat(1, "Commander"),
            Seat(3, "Engineer"),
            Seat(4, "Engineer", goes_up=False),
            Seat(5, "Engineer", comes_down=False),
        ),
    )
    found = news.of_mission(before, after, {2: "B", 3: "C", 4: "D", 5: "E"})
    assert found is not None
    assert found.crew == (
        ("C", CrewMove.FLIES),
        ("D", CrewMove.COMES_DOWN),
        ("E", CrewMove.NOT_DOWN),
        ("B", CrewMove.LEFT),
    )
    assert news.people_in(before, after) == {2, 3, 4, 5}


def test_of_a_muted_mission_only_what_its_channels_hear_all_the_same_is_left() -> None:
    moved = news.of_mission(BEFORE, BEFORE.with_event(replace(LAUNCH, planned=UNKNOWN)), {})
    assert moved is not None
    assert news.heard_although_muted(moved) is None
    lost = replace(
        BEFORE.with_event(replace(LAUNCH, state=EventState.FAILED)), outcome=Outcome.LOST, crew=(Seat(1, "Commander"),)
    )
    failed = news.of_mission(BEFORE, lost, {1: "A"})
    assert failed is not None
    heard = news.heard_although_muted(failed)
    assert heard is not None
    assert [turned.state for turned in heard.turned] == [EventState.FAILED]
    assert (heard.crew, heard.dates, heard.phase) == ((), (), None)


def test_a_pads_news_is_its_status_and_nothing_else() -> None:
    pad = Pad(4, "Site 31/6", "Baikonur")
    out = replace(pad, latched=PadStatus.OUT_OF_SERVICE)
    found = news.of_pad(pad, out)
    assert found is not None
    assert (found.before, found.after) == (PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE)
    assert news.of_pad(out, replace(out, site="Elsewhere")) is None
    assert news.of_pad(None, pad) is not None
    built = news.of_pad(replace(pad, lifecycle=Lifecycle.BUILDING), pad)
    assert built is not None
    assert (built.lifecycle_before, built.lifecycle) == (Lifecycle.BUILDING, Lifecycle.ACTIVE)
    restricted = news.of_pad(pad, replace(pad, restriction="wind"))
    assert restricted is not None
    assert restricted.after is PadStatus.RESTRICTED


def test_a_reports_and_a_repairs_news_say_from_where_to_where() -> None:
    before, after = report(1, Severity.MAJOR), report(1, Severity.CRITICAL, ReportState.CONFIRMED)
    found = news.of_report(before, after, "Site 31/6")
    assert found is not None
    assert (found.severity_before, found.severity, found.state_before) == (
        Severity.MAJOR,
        Severity.CRITICAL,
        ReportState.REPORTED,
    )
    taken_on = news.of_report(before, replace(before, acknowledged_at=NOW), "Site 31/6")
    assert taken_on is not None
    assert taken_on.was_taken_on
    assert news.of_report(before, replace(before, held_since=NOW), "Site 31/6") is None
    work = RepairTask(1, 1, "Straighten", due=time("2026-03-05"))
    assert news.of_repair(work, replace(work, note="so far"), "Site 31/6") is None
    moved = news.of_repair(work, replace(work, due=time("2026-03-09"), progress=40), "Site 31/6")
    assert moved is not None
    assert (moved.due_before, moved.due, moved.progress_before, moved.progress) == (
        time("2026-03-05"),
        time("2026-03-09"),
        0,
        40,
    )


def test_a_statement_is_news_once_it_is_approved() -> None:
    draft = Draft(1, "All is well.", None, None, 7, NOW)
    approved = replace(draft, state=DraftState.APPROVED)
    assert news.of_statement(None, draft) is None
    assert news.of_statement(draft, approved) is not None
    assert news.of_statement(approved, approved) is None


def test_pads_come_first_and_within_a_kind_the_order_stays() -> None:
    pad = news.of_pad(None, Pad(4, "Site 31/6", "Baikonur"))
    one, two = news.of_mission(None, BEFORE, {}), news.of_mission(None, replace(BEFORE, name="Another"), {})
    told = news.of_report(None, report(1, Severity.MINOR), "Site 31/6")
    found: list[News] = [line for line in (told, two, one, pad) if line is not None]
    assert ordered_news(found) == [pad, two, one, told]
