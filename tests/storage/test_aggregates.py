"""What is saved is what is loaded, on a real file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capabilities import Capability
from domain.countdown import ReminderState
from domain.damage import ReportState
from domain.delivery import NONCE_LENGTH
from domain.errors import Unavailable
from domain.facts import Facts
from domain.journal import Linked, Point
from domain.missions import Event, EventKind, EventState, Mission, MissionKind, Outcome, Phase, launch_key, phase_of
from domain.repairs import TaskState
from domain.schedule import EntryKind
from domain.when import UNKNOWN, When
from domain.when_text import parse_when
from storage import (
    assessments,
    damage,
    journal,
    ledger,
    missions,
    outbox,
    pads,
    people,
    reminders,
    repairs,
    stations,
    subscriptions,
    workspaces,
)
from storage import states as json_states
from storage.database import Database, Reader, Transaction
from storage.reminders import Subject
from storage.rows import from_us, to_us, when_columns, when_from
from tests.domain.test_announcements import SAID
from tests.domain.test_when import whens
from tests.storage import rows
from tests.storage.opening import opened

WS = rows.WORKSPACE.id


@pytest.fixture
async def house(database: Database) -> Database:
    await database.write(rows.fill)
    return database


async def test_a_workspace_its_counters_and_grants_come_back(house: Database) -> None:
    counters = workspaces.Counters(9, 8, 7, 6, "mac")

    async def advance(tx: Transaction) -> None:
        await workspaces.save_counters(tx, WS, counters)

    await house.write(advance)
    opened = await house.read(lambda reader: workspaces.load(reader, WS))
    assert opened == workspaces.Opened(rows.WORKSPACE, counters, {Capability.PAD: {555}})


async def test_a_station_comes_back_with_its_ports_in_order(house: Database) -> None:
    assert await house.read(lambda reader: stations.load(reader, WS, 10)) == rows.ISS
    assert await house.read(lambda reader: stations.load_all(reader, WS)) == (rows.ISS,)


async def test_a_pad_comes_back_whole(house: Database) -> None:
    assert await house.read(lambda reader: pads.load(reader, WS, 20)) == rows.SITE_31
    assert await house.read(lambda reader: pads.load_all(reader, WS)) == (rows.SITE_31,)


async def test_a_person_comes_back_with_every_spelling_and_any_of_them_finds_them(house: Database) -> None:
    assert await house.read(lambda reader: people.load_many(reader, WS, [30, 30, 99])) == {30: rows.MIKAEV}
    for spelling in (rows.MIKAEV.name, *rows.MIKAEV.also, "SERGEI-MIKAEV"):
        assert await house.read(lambda reader, spelling=spelling: people.find(reader, WS, spelling)) == 30  # type: ignore[misc]


async def test_a_mission_comes_back_with_its_events_and_seats(house: Database) -> None:
    assert await house.read(lambda reader: missions.load(reader, WS, 40)) == rows.MS_28
    assert await house.read(lambda reader: missions.load_live(reader, WS)) == (rows.MS_28,)


async def test_missions_that_are_over_come_newest_first_and_no_more_than_asked_for(house: Database) -> None:
    lost = [
        replace(rows.MS_28, id=number, name=f"Lost {number}", outcome=Outcome.LOST, events=(), crew=())
        for number in (140, 141, 142)
    ]

    async def enter(tx: Transaction) -> None:
        await workspaces.insert(tx, replace(rows.WORKSPACE, id=WS + 1), rows.NOW, "0")
        for mission in lost:
            await missions.save(tx, WS, mission)
        await missions.save(tx, WS + 1, replace(lost[0], pad_id=None, station_id=None, name="Theirs"))

    await house.write(enter)
    assert await house.read(lambda reader: missions.load_over(reader, WS, Phase.ENDED, 2)) == (lost[2], lost[1])
    theirs = await house.read(lambda reader: missions.load_over(reader, WS + 1, Phase.ENDED, 9))
    assert [mission.name for mission in theirs] == ["Theirs"]


async def test_a_claim_comes_back_with_its_mission_and_only_once_it_was_recorded(house: Database) -> None:
    assert await house.read(lambda reader: ledger.claim(reader, WS, 81)) == (40, rows.CLAIM)
    assert await house.read(lambda reader: ledger.claims(reader, WS, 40)) == (rows.CLAIM,)
    earlier = rows.NOW - timedelta(seconds=1)
    assert await house.read(lambda reader: ledger.claims(reader, WS, 40, recorded_by=earlier)) == ()


async def test_a_move_that_was_undone_is_not_the_latest_move_though_it_was_then(house: Database) -> None:
    at = rows.NOW + timedelta(days=1)
    undone = replace(rows.MOVE, kind=EntryKind.UNDO, before=rows.MOVE.after, after=UNKNOWN, recorded_at=at)

    async def undo(tx: Transaction) -> None:
        await ledger.append(tx, WS, 61, 40, 77, undone)

    await house.write(undo)
    assert await house.read(lambda reader: ledger.latest_move(reader, WS, 40)) is None
    assert await house.read(lambda reader: ledger.latest_move(reader, WS, 40, recorded_by=rows.NOW)) == rows.MOVE


async def test_saving_a_mission_again_replaces_it_and_keeps_an_events_own_countdown(house: Database) -> None:
    after = replace(
        rows.MS_28.with_event(replace(rows.MS_28.events[2], planned=UNKNOWN)),
        name="Soyuz MS-28R",
        outcome=None,
        seats=None,
    )

    async def again(tx: Transaction) -> None:
        await missions.save(tx, WS, after)

    await house.write(again)
    assert await house.read(lambda reader: missions.load(reader, WS, 40)) == after
    assert await house.read(lambda reader: missions.find(reader, WS, "soyuz ms28")) is None
    assert await house.read(lambda reader: missions.countdown_offsets(reader, WS, 43)) == rows.OFFSETS
    assert await house.read(lambda reader: missions.countdown_offsets(reader, WS, 45)) is None


async def test_a_report_comes_back_with_its_evidence_open_or_closed(house: Database) -> None:
    assert await house.read(lambda reader: damage.open_reports(reader, WS)) == {20: [rows.REPORT]}

    async def close(tx: Transaction) -> None:
        await damage.save(tx, WS, replace(rows.REPORT, state=ReportState.CLOSED))

    await house.write(close)
    assert await house.read(lambda reader: damage.open_reports(reader, WS)) == {}
    assert await house.read(lambda reader: damage.load_report(reader, WS, 1)) == replace(
        rows.REPORT, state=ReportState.CLOSED
    )


async def test_repair_tasks_come_back_with_what_they_wait_for(house: Database) -> None:
    assert await house.read(lambda reader: repairs.load_all(reader, WS)) == (
        rows.TRENCH,
        rows.CABIN,
        rows.PAINT,
    )
    assert await house.read(lambda reader: repairs.of_report(reader, WS, 1)) == {
        1: rows.TRENCH,
        2: rows.CABIN,
        3: rows.PAINT,
    }
    assert await house.read(lambda reader: repairs.load(reader, WS, 2)) == rows.CABIN


async def test_the_tasks_of_open_reports_are_read_without_those_of_reports_that_are_over(house: Database) -> None:
    other, elsewhere = replace(rows.REPORT, number=2, evidence=()), replace(rows.SITE_31, id=21, name="Site 43/4")
    again = replace(rows.PAINT, number=4, report_number=2, after=())
    far = replace(rows.PAINT, number=5, report_number=3, after=())

    async def more(tx: Transaction) -> None:
        await pads.save(tx, WS, elsewhere)
        await damage.insert_report(tx, WS, other)
        await damage.insert_report(tx, WS, replace(other, number=3, pad_id=21))
        for task in (again, far):
            await repairs.save(tx, WS, task)

    await house.write(more)
    first = (rows.TRENCH, rows.CABIN, rows.PAINT)
    assert await house.read(lambda reader: repairs.of_open_reports(reader, WS)) == {1: first, 2: (again,), 3: (far,)}
    assert await house.read(lambda reader: repairs.of_open_reports(reader, WS, 20)) == {1: first, 2: (again,)}
    assert await house.read(lambda reader: assessments.of_open_on_pad(reader, WS, 20)) == (rows.ASSESSMENT,)
    for state in (ReportState.CLOSED, ReportState.REJECTED):
        over = replace(rows.REPORT, state=state)
        await house.write(lambda tx, over=over: damage.save(tx, WS, over))  # type: ignore[misc]
        assert await house.read(lambda reader: repairs.of_open_reports(reader, WS)) == {2: (again,), 3: (far,)}
        assert await house.read(lambda reader: repairs.of_open_reports(reader, WS, 20)) == {2: (again,)}
        assert await house.read(lambda reader: assessments.of_open_on_pad(reader, WS, 20)) == ()


async def test_tasks_are_offered_by_their_state_while_their_report_is_open(house: Database) -> None:
    async def offered(*states: TaskState) -> list[int]:
        found = await house.read(lambda reader: repairs.complete(reader, WS, states, 25))
        return [number for number, _ in found]

    assert await offered(TaskState.BLOCKED, TaskState.CANCELLED) == [2, 3]
    assert await offered(TaskState.PLANNED) == []
    await house.write(lambda tx: damage.save(tx, WS, replace(rows.REPORT, state=ReportState.CLOSED)))
    assert await offered(*TaskState) == []


async def test_a_task_that_is_saved_again_keeps_nothing_of_what_was_taken_from_it(house: Database) -> None:
    bare = replace(rows.CABIN, after=(3,), materials=rows.CABIN.materials[1:], blocked_by=None, state=TaskState.IN_WORK)
    await house.write(lambda tx: repairs.save(tx, WS, bare))
    assert await house.read(lambda reader: repairs.load(reader, WS, 2)) == bare
    assert await house.read(lambda reader: repairs.load(reader, WS, 1)) == rows.TRENCH


async def test_the_database_itself_holds_that_nobody_verifies_their_own_work(house: Database) -> None:
    with pytest.raises(Exception, match="CHECK"):
        await house.write(lambda tx: repairs.save(tx, WS, replace(rows.TRENCH, verified_by=rows.TRENCH.done_by)))


async def test_the_latest_move_is_the_latest_that_had_been_recorded(house: Database) -> None:
    later = replace(
        rows.MOVE, after=parse_when("2026-03-22T11:59Z", rows.NOW), recorded_at=rows.NOW + timedelta(days=90)
    )

    async def move_again(tx: Transaction) -> None:
        await ledger.append(tx, WS, 61, 40, 77, later)

    await house.write(move_again)
    assert await house.read(lambda reader: ledger.latest_move(reader, WS, 40)) == later
    by_then = await house.read(lambda reader: ledger.latest_move(reader, WS, 40, recorded_by=rows.NOW))
    assert by_then == rows.MOVE
    before = rows.NOW - timedelta(seconds=1)
    assert await house.read(lambda reader: ledger.latest_move(reader, WS, 40, recorded_by=before)) is None


async def test_a_subscription_comes_back_whole(house: Database) -> None:
    assert await house.read(lambda reader: subscriptions.load_all(reader, WS)) == (rows.SUBSCRIPTION,)


async def test_reminders_come_back_due_in_order_and_leave_when_settled(house: Database) -> None:
    due = await house.read(lambda reader: reminders.due(reader, WS, rows.NOW, 10))
    assert [(r.id, r.subject, r.due_at, r.offset) for r in due] == [
        (70, Subject(event_id=43), rows.NOW, rows.REMINDER.offset),
        (71, Subject(task_number=2), rows.NOW, timedelta(0)),
        (73, Subject(report_number=1), rows.NOW, timedelta(0)),
        (75, Subject(member_number=1), rows.NOW, timedelta(0)),
    ]
    assert await house.read(reminders.next_due_at) == rows.NOW
    assert await house.read(lambda reader: reminders.workspaces_due(reader, rows.NOW - timedelta(microseconds=1))) == []
    assert await house.read(lambda reader: reminders.workspaces_due(reader, rows.NOW)) == [WS]

    async def settle(tx: Transaction) -> None:
        await reminders.settle(
            tx, WS, [(70, ReminderState.POSTED), (73, ReminderState.EXPIRED), (75, ReminderState.POSTED)], rows.NOW
        )
        await reminders.replan_task(tx, WS, 2, rows.NOW)

    await house.write(settle)
    assert await house.read(lambda reader: reminders.upcoming(reader, WS, 10)) == []
    assert await house.read(reminders.next_due_at) is None


async def test_an_interaction_is_claimed_once_in_its_workspace(house: Database) -> None:
    async def claim(tx: Transaction) -> list[bool]:
        await workspaces.insert(tx, replace(rows.WORKSPACE, id=2), rows.NOW, "0")
        return [
            await workspaces.claim_request(tx, workspace_id, request_id, rows.NOW)
            for workspace_id, request_id in [(WS, 4242), (WS, 4243), (WS, 4243), (2, 4242)]
        ]

    assert await house.write(claim) == [False, True, False, True]


# --- the journal -------------------------------------------------------------------------------------------------------


async def test_a_journal_entry_comes_back_with_its_link_and_its_personal_text(house: Database) -> None:
    assert await house.read(lambda reader: journal.chain(reader, WS)) == [Linked(rows.ENTRY, "m" * 64)]
    assert await house.read(lambda reader: journal.chain(reader, WS, after_seq=1)) == []
    assert await house.read(lambda reader: journal.personal_text(reader, WS, 1)) == ("salt", '{"actor":"pad chief"}')


async def test_the_journals_ends_are_the_head_the_workspace_names_and_the_last_entry(house: Database) -> None:
    assert await house.read(lambda reader: journal.ends(reader, WS)) == (Point(0, "0" * 64), 1)
    assert await house.read(lambda reader: journal.ends(reader, 99)) is None


async def test_the_state_as_of_an_instant_is_the_last_recorded_by_then_of_each_subject(house: Database) -> None:
    async def more(tx: Transaction) -> None:
        for seq, (subject, minutes) in enumerate([(20, 1), (21, 2), (20, 3)], start=2):
            entry = replace(
                rows.ENTRY,
                seq=seq,
                subject_id=subject,
                recorded_at=rows.NOW + timedelta(minutes=minutes),
                state_json=f'{{"seq":{seq}}}',
            )
            await journal.append(tx, Linked(entry, f"mac{seq}"), "salt", "{}")

    await house.write(more)
    at = [
        await house.read(
            lambda reader, minutes=minutes: journal.states_as_of(
                reader, WS, "pad", rows.NOW + timedelta(minutes=minutes)
            )  # type: ignore[misc]
        )
        for minutes in (-1, 0, 1, 2, 3)
    ]
    assert at == [
        {},
        {20: '{"id":20}'},
        {20: '{"seq":2}'},
        {20: '{"seq":2}', 21: '{"seq":3}'},
        {20: '{"seq":4}', 21: '{"seq":3}'},
    ]
    newest = await house.read(lambda reader: journal.of_subject(reader, WS, "pad", 20, limit=2))
    assert [linked.entry.seq for linked in newest] == [4, 2]


# --- how values cross --------------------------------------------------------------------------------------------------


@given(st.datetimes(datetime(1957, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_survives_to_the_microsecond(at: datetime) -> None:
    assert from_us(to_us(at)) == at


@given(whens | st.just(UNKNOWN) | st.none())
def test_a_when_survives_its_columns(when: When | None) -> None:
    assert when_from(*when_columns(when)) == when


async def test_who_waits_for_a_pad_has_yet_to_launch_from_it(house: Database) -> None:
    base = replace(rows.MS_28, crew=(), outcome=None)

    async def enter(tx: Transaction) -> None:
        launched = rows.MS_28.events[:1]
        for number, (pad_id, flown) in enumerate([(20, ()), (20, launched), (None, ()), (20, ())], 70):
            events = tuple(replace(event, id=number * 10) for event in flown)
            await missions.save(tx, WS, replace(base, id=number, name=f"M {number}", pad_id=pad_id, events=events))

    await house.write(enter)
    assert await house.read(lambda reader: missions.names_waiting_for(reader, WS, 20)) == ("M 70", "M 73")
    assert await house.read(lambda reader: missions.names_waiting_for(reader, 2, 20)) == ()


async def test_a_mission_that_waits_is_found_with_its_open_launch_alone_at_its_pad_or_anywhere(house: Database) -> None:
    launch = rows.MS_28.events[0]
    base = replace(rows.MS_28, crew=(), outcome=None)
    states = (EventState.DONE, EventState.PLANNED, EventState.HELD, EventState.SCRUBBED, EventState.CANCELLED)

    async def enter(tx: Transaction) -> None:
        for number, state in enumerate(states, 70):
            done_at = launch.actual_at if state is EventState.DONE else None
            events = (
                replace(launch, id=number * 10, state=state, actual_at=done_at),
                Event(number * 10 + 1, EventKind.LANDING, EventState.PLANNED, UNKNOWN),
            )
            pad_id = None if state is EventState.HELD else 20
            await missions.save(tx, WS, replace(base, id=number, name=f"M {number}", pad_id=pad_id, events=events))

    async def found(reader: Reader, workspace_id: int, pad_id: int | None) -> list[tuple[str, list[int]]]:
        loaded = missions.waiting_from_rows(*await reader.fetch_batch(*missions.waiting(workspace_id, pad_id)))
        return sorted((mission.name, [event.id for event in mission.events]) for mission in loaded)

    await house.write(enter)
    assert await house.read(lambda reader: found(reader, WS, None)) == [("M 71", [710]), ("M 72", [720]), ("M 73", [])]
    assert await house.read(lambda reader: found(reader, WS, 20)) == [("M 71", [710]), ("M 73", [])]
    assert await house.read(lambda reader: found(reader, 2, None)) == []


async def test_the_soonest_that_needs_a_vehicle_is_the_one_that_the_rules_would_choose(house: Database) -> None:
    base = replace(rows.MS_28, crew=(), outcome=None, pad_id=None, events=())
    planned = [
        ("soyuz 2.1A", "2026-09"),
        ("Soyuz-2.1a", None),
        ("Soyuz-2.1a", "NET 2026-07"),
        ("Soyuz-2.1b", "2026-01"),
    ]

    async def enter(tx: Transaction) -> None:
        for number, (vehicle, text) in enumerate(planned, 70):
            when = None if text is None else parse_when(text, rows.NOW)
            events = (Event(number * 10, EventKind.LAUNCH, EventState.PLANNED, when),) if when else ()
            named = replace(base, id=number, name=f"M {number}", vehicle=vehicle, events=events)
            await missions.save(tx, WS, named)

    async def name(reader: Reader, workspace_id: int, vehicle: str, kind: MissionKind) -> str | None:
        found = await missions.soonest_needing(reader, workspace_id, vehicle, kind)
        return found.name if found else None

    await house.write(enter)
    waiting = await house.read(
        lambda reader: _loaded(reader, WS),
    )
    ours = [mission for mission in waiting if mission.vehicle != "Soyuz-2.1b"]
    assert min(ours, key=launch_key).name == "M 72"
    crew = MissionKind.CREW
    assert await house.read(lambda reader: name(reader, WS, "SOYUZ 2.1a", crew)) == "M 72"
    assert await house.read(lambda reader: name(reader, WS, "soyuz-21b", crew)) == "M 73"
    for workspace_id, vehicle, kind in (
        (WS, "Soyuz-FG", crew),
        (WS, "Soyuz-2.1a", MissionKind.CARGO),
        (2, "Soyuz-2.1a", crew),
    ):
        asked = (workspace_id, vehicle, kind)
        assert await house.read(lambda reader, asked=asked: name(reader, *asked)) is None  # type: ignore[misc]


async def _loaded(reader: Reader, workspace_id: int) -> tuple[Mission, ...]:
    return missions.waiting_from_rows(*await reader.fetch_batch(*missions.waiting(workspace_id)))


@pytest.mark.parametrize("value", [rows.ISS, rows.SITE_31, rows.MS_28, rows.REPORT, rows.CABIN, rows.SUBSCRIPTION])
def test_a_state_survives_the_journal(value: object) -> None:
    assert json_states.load(type(value), json_states.dump(value)) == value


@pytest.mark.parametrize("facts", [facts for facts, *_ in SAID], ids=lambda facts: type(facts).__name__)
async def test_frozen_facts_survive_the_outbox(house: Database, facts: Facts) -> None:
    async def post(tx: Transaction) -> outbox.Claim | None:
        await outbox.insert(tx, WS, outbox.Posting(5, facts, "cause", "en", (333, 334)), rows.NOW)
        return await outbox.claim_next(tx, 5, "here", rows.NOW)

    claim = await house.write(post)
    assert claim is not None
    assert claim.delivery.facts == facts
    assert (claim.delivery.mention_role_ids, len(claim.delivery.nonce)) == ((333, 334), NONCE_LENGTH)


def test_facts_of_a_newer_gantry_are_not_guessed_at() -> None:
    with pytest.raises(Unavailable):
        json_states.load_facts(2, "{}")


# --- the phase column --------------------------------------------------------------------------------------------------

events = st.lists(
    st.builds(
        lambda kind, state, hours: (kind, state, hours),
        st.sampled_from(EventKind),
        st.sampled_from(
            [EventState.DONE, EventState.FAILED, EventState.SCRUBBED, EventState.CANCELLED, EventState.HELD]
        ),
        st.integers(0, 99),
    ),
    max_size=6,
)


def any_mission(number: int, drawn: list[tuple[EventKind, EventState, int]], outcome: Outcome | None) -> Mission:
    made = []
    held: set[EventKind] = set()
    for position, (kind, state, hours) in enumerate(drawn):
        if state is EventState.HELD and kind in held:
            continue
        held |= {kind} if state is EventState.HELD else set()
        at = rows.NOW + timedelta(hours=hours) if state is EventState.DONE else None
        made.append(Event(number * 10 + position, kind, state, UNKNOWN, at))
    return Mission(number, f"Flight {number}", MissionKind.CARGO, "Soyuz-2.1a", events=tuple(made), outcome=outcome)


@settings(max_examples=10)  # each opens a database; each holds many missions
@given(drawn=st.lists(st.tuples(events, st.none() | st.sampled_from(Outcome)), min_size=10, max_size=30))
async def test_the_phase_column_says_what_the_events_say(
    drawn: list[tuple[list[tuple[EventKind, EventState, int]], Outcome | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async def save(tx: Transaction) -> list[str]:
        await workspaces.insert(tx, rows.WORKSPACE, rows.NOW, "0")
        for mission in flights:
            await missions.save(tx, WS, mission)
        found = await tx.fetch("SELECT phase FROM missions ORDER BY id")
        return [row["phase"] for row in found]

    flights = [any_mission(number, *one) for number, one in enumerate(drawn, 1)]
    async with opened(tmp_path_factory.mktemp("phase") / "gantry.db") as database:
        assert await database.write(save) == [phase_of(mission).value for mission in flights]
        live = await database.read(lambda reader: missions.load_live(reader, WS))
        over = {"ended", "cancelled"}
        assert live == tuple(mission for mission in flights if phase_of(mission).value not in over)
