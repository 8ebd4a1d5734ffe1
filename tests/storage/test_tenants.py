"""A workspace sees its own rows and no other's, through every function that takes a workspace."""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import storage
from domain.boards import BoardKind
from domain.capabilities import Capability
from domain.countdown import ReminderKind, ReminderState
from domain.damage import ReportState
from domain.member_reminders import Standing
from domain.missions import Event, EventKind, EventState, Outcome, Seat
from domain.repairs import TaskState
from domain.returns import ReturnState
from domain.statements import DraftState
from storage import evidence, health, journal, ledger, missions, outbox, people, repairs, subscriptions, workspaces
from storage.boards import Pinned
from storage.database import Database, Transaction
from storage.workspaces import Counters
from tests.storage import rows

A, B = 1, 2
LATER = rows.NOW + timedelta(days=999)


def functions() -> dict[str, Callable[..., Awaitable[Any]]]:
    """Every public function of storage that takes a workspace, as "module.name"."""
    found = {}
    for module_info in pkgutil.iter_modules(storage.__path__):
        module = importlib.import_module(f"storage.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and {"workspace_id", "workspace"} & set(inspect.signature(function).parameters):
                found[f"{module_info.name}.{name}"] = function
    return found


# What each reading function is asked, from B, for A's rows. Left out: what only adds rows of its own workspace.
READS: dict[str, tuple[object, ...]] = {
    "digests.load_all": (),
    "boards.load_all": (),
    "boards.find": (3000 + A, BoardKind.PADS),
    "boards.due": (LATER,),
    "evidence.media_type": (rows.SHA,),
    "heads.latest_at": (),
    "heads.load_all": (),
    "journal.actor_names": ("add_pad", "pad", [20]),
    "journal.chain": (),
    "journal.of_subject": ("pad", 20),
    "journal.personal_between": (0, 9),
    "journal.personal_text": (1,),
    "journal.states_as_of": ("pad", LATER),
    "ledger.by_cause": (["DR-1"],),
    "ledger.claim": (81,),
    "ledger.claims": (40,),
    "ledger.latest_move": (40,),
    "ledger.of_mission": (40,),
    "member_reminders.count_open": (77,),
    "member_reminders.load": (1,),
    "member_reminders.open_here": (),
    "member_reminders.open_of": (77,),
    "member_zones.load": (77,),
    "missions.complete": ("", 25),
    "missions.countdown_offsets": (43,),
    "missions.find": ("Soyuz MS-28",),
    "missions.load": (40,),
    "missions.load_live": (),
    "missions.load_named": ("Soyuz MS-28",),
    "missions.mission_of_event": (43,),
    "outbox.counts": (rows.NOW,),
    "outbox.parked": (),
    "outbox.posts_of": ("lost",),
    "heads.due_at": (),
    "outbox.posts_about": ("event:43",),
    "reminders.was_posted": (43, ReminderKind.COUNTDOWN),
    "subscriptions.all_muted": (),
    "statements.load": (1,),
    "statements.posted": (25,),
    "statements.standing": (1,),
    "statements.waiting": (),
    "pads.complete": ("", 25),
    "damage.complete_report": (25,),
    "pads.find": ("Site 31/6",),
    "pads.load": (20,),
    "pads.load_all": (),
    "damage.load_report": (1,),
    "damage.open_reports": (),
    "damage.open_reports_on": (20,),
    "damage.holding": (20,),
    "assessments.complete": (25,),
    "assessments.load": (1,),
    "assessments.of_open_on_pad": (20,),
    "assessments.of_report": (1,),
    "assessments.on_pad": (20,),
    "forecasts.of_outage": (20,),
    "forecasts.on_pad": (20,),
    "inspections.latest": (20,),
    "returns.load": (1,),
    "returns.waiting": (20,),
    "returns.changed_since": (20, 0),
    "returns.damage_and_work_since": (20, 0),
    "people.complete": ("", 25),
    "health.any_matter": (),
    "health.of_person": (30, 25),
    "people.find": ("Sergei Mikaev",),
    "people.flights": (30,),
    "people.has_seat": (30,),
    "people.holders": (["Sergei Mikaev"],),
    "people.load_many": ([30],),
    "planned_events.load": ([43],),
    "reminders.any_due": (LATER,),
    "reminders.due": (LATER, 25),
    "reminders.of_event": (43,),
    "reminders.of_member_reminder": (1,),
    "reminders.of_report": (1,),
    "reminders.raised_by": (1, ReminderKind.UNACKNOWLEDGED),
    "reminders.pending": (),
    "reminders.upcoming": (25,),
    "reminders.upcoming_with": ((1,), 25),
    "repairs.complete": (tuple(TaskState), 25),
    "repairs.load": (1,),
    "repairs.load_all": (),
    "repairs.of_open_reports": (20,),
    "repairs.of_report": (1,),
    "security.count_since": (rows.NOW - timedelta(hours=1),),
    "security.latest": (25,),
    "stations.complete": ("", 25),
    "stations.complete_port": ("", 25),
    "stations.find": ("ISS",),
    "stations.load": (10,),
    "stations.load_all": (),
    "subscriptions.load_all": (),
    "workspaces.countdown_defaults": (),
}
# What each writing function does in B to rows with A's ids.
WRITES: dict[str, tuple[object, ...]] = {
    "boards.delete": (90,),
    "boards.mark_changed": (rows.NOW,),
    "boards.note_look": (90, LATER, LATER),
    "boards.show": (Pinned(rows.BOARD, 1, 9, "other", LATER), LATER),
    "evidence.insert": (evidence.Photo("b" * 64, "image/png", 8), rows.NOW),
    "heads.insert": (replace(rows.HEAD, mac="x"), "other key"),
    "heads.schedule": (LATER,),
    "missions.set_countdown_offsets": (43, [timedelta(days=9)]),
    "member_reminders.insert": (rows.OWN_REMINDER,),
    "member_reminders.next_number": (),
    "member_reminders.save_standing": (1, Standing.DONE),
    "member_zones.save": (77, "UTC"),
    "outbox.ensure_lane": (1000 + A, 77),
    "damage.save": (replace(rows.REPORT, state=ReportState.REJECTED),),
    "assessments.adopt": (1, LATER),
    "assessments.next_number": (),
    "forecasts.next_number": (),
    "forecasts.settle": (20, LATER),
    "inspections.next_number": (),
    "pads.save_capabilities": (replace(rows.SITE_31, capabilities=()),),
    "returns.decide": (replace(rows.RETURN, state=ReturnState.DECLINED, decided_by=9, decided_at=LATER),),
    "returns.next_number": (),
    "health.merge": (30, 31),
    "people.delete_seat": (40, 30),
    "people.forget_spellings": (30,),
    "reminders.replan_countdown": (43, rows.NOW),
    "reminders.replan_event": (43, rows.NOW, False),
    "outbox.drop_parked": (1000 + A, rows.NOW),
    "outbox.retry_parked": (1000 + A,),
    "statements.decide": (replace(rows.DRAFT, state=DraftState.REJECTED, decided_by=5, decided_at=rows.NOW),),
    "statements.insert": (replace(rows.DRAFT, mission_id=None), None),
    "statements.next_number": (),
    "subscriptions.remove": (50,),
    "subscriptions.set_language": (50, "en"),
    "digests.remove": (50,),
    "subscriptions.unmute": (40,),
    "reminders.replan_task": (2, rows.NOW),
    "reminders.settle": ([(70, ReminderState.EXPIRED)], rows.NOW),
    "workspaces.claim_request": (4242, rows.NOW),
    "workspaces.revoke": (Capability.PAD, 555),
    "workspaces.set_countdown_default": (EventKind.LANDING, [timedelta(days=9)]),
    "workspaces.grant": (Capability.ADMIN, 666),
    "workspaces.save_counters": (Counters(1, 2, 3, 4, "x"),),
    "missions.save": (replace(rows.MS_28, pad_id=None, station_id=None, crew=(), events=(), name="Other"),),
    "pads.save": (replace(rows.SITE_31, name="Other"),),
    "people.insert": (replace(rows.MIKAEV, name="Jonny Kim", also=()),),
    "stations.save": (replace(rows.ISS, name="Other", short=None),),
    "subscriptions.insert": (replace(rows.SUBSCRIPTION, mission_id=None, pad_id=None), rows.NOW),
}
# These need other rows of B beside them, or name the workspace itself: tried elsewhere in this folder.
ELSEWHERE = {
    "boards.insert",
    "journal.append", "journal.ends", "ledger.append", "outbox.insert", "outbox.insert_many", "damage.insert_report",
    "reminders.insert_many",
    "health.insert", "mission_cards.around", "mission_cards.around_as_of", "mission_cards.mission_as_of", "mission_cards.places",
    "ledger.insert_claim", "missions.load_first", "missions.load_over", "missions.names_waiting_for",
    "assessments.insert", "forecasts.insert", "inspections.insert", "returns.insert",
    "missions.soonest_needing", "pad_trail.of_pad", "people.flights_of_stays", "people.update", "repairs.save",
    "outbox.oldest_open_at", "subscriptions.load_heard", "subscriptions.mute",
    "digests.changed_since", "digests.save", "digests.was_posted",
    "workspaces.insert", "workspaces.load", "workspaces.save_settings",
}  # fmt: skip


def test_every_function_that_takes_a_workspace_is_tried_here() -> None:
    assert set(functions()) | {"journal.append"} == set(READS) | set(WRITES) | ELSEWHERE


@pytest.fixture
async def house(database: Database) -> Database:
    """A is full; B is set up and empty."""

    async def fill(tx: Transaction) -> None:
        await rows.fill(tx, A)
        await workspaces.insert(tx, replace(rows.WORKSPACE, id=B), rows.NOW, "0")

    await database.write(fill)
    return database


@pytest.mark.parametrize("name", READS)
async def test_nothing_of_one_workspace_is_seen_from_another(house: Database, name: str) -> None:
    function = functions()[name]
    seen_from_a = await house.read(lambda reader: function(reader, A, *READS[name]))
    seen_from_b = await house.read(lambda reader: function(reader, B, *READS[name]))
    assert seen_from_a, "the question must have an answer where the rows are"
    assert not seen_from_b


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_of_one_workspace_is_changed_from_another(house: Database, name: str) -> None:
    function = functions()[name]
    before = await everything_of(house, A)
    await house.write(lambda tx: function(tx, B, *WRITES[name]))
    assert await everything_of(house, A) == before


async def test_two_workspaces_may_hold_the_same_ids_and_names(database: Database) -> None:
    async def fill_both(tx: Transaction) -> None:
        await rows.fill(tx, A)
        await rows.fill(tx, B)

    await database.write(fill_both)
    for workspace_id in (A, B):
        found = await database.read(lambda reader, ws=workspace_id: missions.load(reader, ws, 40))  # type: ignore[misc]
        assert found == rows.MS_28
        task = await database.read(lambda reader, ws=workspace_id: repairs.load(reader, ws, 2))  # type: ignore[misc]
        assert task == rows.CABIN
        chain = await database.read(lambda reader, ws=workspace_id: journal.chain(reader, ws))  # type: ignore[misc]
        assert [linked.entry.workspace_id for linked in chain] == [workspace_id]
        counts = await database.read(lambda reader, ws=workspace_id: outbox.counts(reader, ws, rows.NOW))  # type: ignore[misc]
        assert sum(counts.values()) == 4


async def test_what_is_written_beside_the_same_ids_stays_where_it_is_written(database: Database) -> None:
    async def fill_both(tx: Transaction) -> None:
        await rows.fill(tx, A)
        await rows.fill(tx, B)

    async def write_in_b(tx: Transaction) -> None:
        await people.update(tx, B, replace(rows.MIKAEV, name="Jonny Kim", also=("J. Kim",)))
        await repairs.save(tx, B, replace(rows.CABIN, title="Other", after=(1,), materials=()))
        await health.insert(tx, B, replace(rows.MEDICAL, id=82, note="other"))
        await ledger.append(tx, B, 61, 40, 77, rows.MOVE)
        await ledger.insert_claim(tx, B, 40, 77, replace(rows.CLAIM, id=83, source="other"))
        await workspaces.save_settings(tx, replace(rows.WORKSPACE, id=B, zone="UTC"))

    await database.write(fill_both)
    before, theirs = await everything_of(database, A), await everything_of(database, B)
    await database.write(write_in_b)
    assert await everything_of(database, A) == before
    after = await everything_of(database, B)
    written = {
        "people", "person_spellings", "repair_tasks", "repair_order", "repair_materials", "medical_records", "schedule_ledger",
        "schedule_claims", "workspaces",
    }  # fmt: skip
    assert {table for table in after if after[table] != theirs[table]} == written


async def test_a_mute_is_of_one_workspace_alone(house: Database) -> None:
    before = await everything_of(house, A)
    heard = [await house.read(lambda reader, ws=ws: subscriptions.load_heard(reader, ws)) for ws in (A, B)]  # type: ignore[misc]
    assert [(len(one.subscriptions), one.muted) for one in heard] == [(1, {40}), (0, frozenset())]
    await house.write(
        lambda tx: missions.save(tx, B, replace(rows.MS_28, pad_id=None, station_id=None, crew=(), events=()))
    )
    assert await house.write(lambda tx: subscriptions.mute(tx, B, 40, 77, rows.NOW))
    assert await everything_of(house, A) == before


async def test_who_is_still_aboard_is_not_decided_by_another_workspaces_landing(house: Database) -> None:
    launched = Event(141, EventKind.LAUNCH, EventState.DONE, None, rows.NOW)
    landed = Event(142, EventKind.LANDING, EventState.DONE, None, rows.NOW + timedelta(days=200))
    bare = replace(rows.MS_28, pad_id=None, station_id=None, outcome=None)
    lost = replace(
        bare, id=140, name="Up", outcome=Outcome.LOST, events=(launched,), crew=(Seat(30, "Pilot", comes_down=False),)
    )
    back = replace(bare, id=143, name="Down", events=(landed,), crew=(Seat(30, "Pilot", goes_up=False),))

    async def enter(tx: Transaction) -> None:
        await people.insert(tx, B, rows.MIKAEV)
        await missions.save(tx, A, lost)
        await missions.save(tx, B, lost)
        await missions.save(tx, B, back)

    await house.write(enter)
    assert await house.read(lambda reader: people.flights_of_stays(reader, A)) == (140,)
    assert await house.read(lambda reader: people.flights_of_stays(reader, B)) == ()


async def everything_of(database: Database, workspace_id: int) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that belongs to the workspace."""

    async def read(reader: Any) -> dict[str, list[tuple[object, ...]]]:
        tables = await reader.fetch("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        found = {}
        for (table,) in tables:
            column = {"workspaces": "id", "schema_migrations": None}.get(table, "workspace_id")
            if column:
                rows_of = await reader.fetch(f"SELECT * FROM {table} WHERE {column} = ?", (workspace_id,))
                found[table] = [tuple(row) for row in rows_of]
        return found

    return await database.read(read)
