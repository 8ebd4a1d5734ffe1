"""One of every aggregate, with every field set, and how to put it into a workspace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.announcements import Subscription, Topic
from domain.assessments import Assessment, Confidence
from domain.boards import Board, BoardKind
from domain.capabilities import Capability as Right
from domain.countdown import PlannedReminder, ReminderKind, ReminderState
from domain.crew import Person
from domain.damage import DamageReport, ReportState, Severity
from domain.digest_times import Digest, Told
from domain.docking import Port, Station
from domain.facts import CountdownReached, CrewAssigned, EventRef
from domain.forecasts import Forecast
from domain.health import HealthRecord, HealthStatus
from domain.inspections import Inspection, InspectionResult
from domain.journal import GENESIS, Entry, Linked, PostedHead
from domain.materials import Material, MaterialState
from domain.missions import Clearance, Event, EventKind, EventState, Mission, MissionKind, Outcome, Seat
from domain.pads import Capability, Lifecycle, Pad, PadStatus
from domain.places import Place
from domain.repairs import RepairTask, TaskState
from domain.returns import ReturnRequest
from domain.schedule import Claim, Direction, EntryKind, LedgerEntry
from domain.security import Door, Refusal
from domain.sources import Tier
from domain.statements import Draft, DraftState
from domain.when import UNKNOWN
from domain.when_text import parse_when
from storage import (
    assessments,
    boards,
    damage,
    digests,
    evidence,
    forecasts,
    heads,
    health,
    inspections,
    journal,
    ledger,
    missions,
    outbox,
    pads,
    people,
    reminders,
    repairs,
    returns,
    security,
    statements,
    stations,
    subscriptions,
    workspaces,
)
from storage.boards import Pinned
from storage.database import Transaction
from storage.reminders import Subject
from storage.workspaces import Workspace

NOW = datetime(2025, 11, 27, 18, 0, 0, 123456, tzinfo=UTC)
SHA = "a" * 64
OFFSETS = (timedelta(days=2), timedelta(0))

WORKSPACE = Workspace(1, 900, "Asia/Almaty", 8)
ISS = Station(10, "International Space Station", "ISS", (Port(11, "Rassvet nadir"), Port(12, "Poisk zenith")))
SITE_31 = Pad(
    20,
    "Site 31/6",
    "Baikonur Cosmodrome",
    "Roscosmos",
    Lifecycle.ACTIVE,
    ("service cabin (8U0216)", "flame trench"),
    (Capability("Soyuz-2.1a", MissionKind.CARGO), Capability("Soyuz-2.1a", MissionKind.CREW)),
    PadStatus.OUT_OF_SERVICE,
    "wind measurement out of order",
    NOW - timedelta(days=400),
    NOW - timedelta(hours=3),
)
MIKAEV = Person(30, "Sergei Mikaev", "Roscosmos", ("Sergey Mikaev", "Sergei Mikayev"))
MS_28 = Mission(
    id=40,
    name="Soyuz MS-28",
    kind=MissionKind.CREW,
    vehicle="Soyuz-2.1a",
    spacecraft="Soyuz MS No. 753",
    pad_id=20,
    station_id=10,
    seats=3,
    duration_days=242,
    events=(
        Event(41, EventKind.LAUNCH, EventState.DONE, parse_when("2025-11-27T09:27:57Z", NOW), NOW - timedelta(hours=9)),
        Event(42, EventKind.DOCKING, EventState.FAILED, parse_when("2025-11-27T12:38Z", NOW), port_id=11, attempt=1),
        Event(43, EventKind.EVA, EventState.PLANNED, parse_when("NET 2026-04", NOW), name="EVA 1"),
        Event(44, EventKind.MILESTONE, EventState.CANCELLED),
        Event(45, EventKind.LANDING, EventState.HELD, UNKNOWN),
    ),
    crew=(Seat(30, "Flight Engineer", goes_up=True, comes_down=False),),
    outcome=Outcome.PARTIAL,
    clearance=Clearance.EMERGENCY_ONLY,
)
REPORT = DamageReport(
    1,
    20,
    Severity.CRITICAL,
    "service cabin fell into the flame trench",
    NOW - timedelta(hours=3),
    NOW,
    77,
    "service cabin (8U0216)",
    ReportState.CONFIRMED,
    (SHA,),
    NOW - timedelta(hours=2),
    79,
    NOW - timedelta(hours=1),
    NOW,
)
ASSESSMENT = Assessment(
    1, 1, Severity.MINOR, Tier.OFFICIAL, "Roscosmos", parse_when("2025-11-27T15:00Z", NOW), Confidence.HIGH,
    "https://roscosmos.example/pad", "will be eliminated shortly", 77, NOW, NOW,
)  # fmt: skip
FORECAST = Forecast(
    1, 20, "Roscosmos", Tier.OFFICIAL, parse_when("NET 2026-03", NOW), parse_when("2026-12-31", NOW),
    parse_when("2025-11", NOW), "shortly", 77, NOW,
)  # fmt: skip
INSPECTION = Inspection(1, 20, InspectionResult.PASSED, "sound", 78, NOW, (SHA,), 7)
RETURN = ReturnRequest(1, 20, 77, NOW, 3)
TRENCH = RepairTask(
    1,
    1,
    "clear the flame trench",
    TaskState.VERIFIED,
    "pad crew",
    None,
    18,
    100,
    (),
    "done early",
    NOW,
    78,
    NOW - timedelta(days=3),
    None,
    NOW + timedelta(hours=1),
    79,
    None,
)
CABIN = RepairTask(
    2,
    1,
    "install the new service cabin",
    TaskState.BLOCKED,
    due=parse_when("2026-02-28", NOW),
    after=(1, 3),
    started_at=NOW,
    blocked_by="no crane",
    materials=(
        Material("Bolts", MaterialState.ON_HAND, "40"),
        Material("cabin frame", MaterialState.ON_ORDER, None, parse_when("NET 2026-01", NOW)),
        Material("cable tray", MaterialState.NEEDED),
    ),
)
PAINT = RepairTask(3, 1, "paint it", TaskState.CANCELLED, cancelled_for="no time")
MOVE = LedgerEntry(
    41,
    EntryKind.MOVE,
    parse_when("2025-12-19", NOW),
    parse_when("NET 2026-03", NOW),
    Direction.SLIP,
    None,
    "Site 31/6 repair",
    "DR-1",
    "Roscosmos",
    NOW,
)
CLAIM = Claim(81, 43, parse_when("2026-07", NOW), "Roscosmos", Tier.OFFICIAL, "https://roscosmos.example/july", NOW)
MEDICAL = HealthRecord(80, 30, HealthStatus.LIMITED, "palpitations", NOW, 79)
SUBSCRIPTION = Subscription(50, 901, Topic.PAD, 40, 20, Severity.MAJOR, 333, "de")
DIGEST = Digest(
    50,
    545,
    "Asia/Tokyo",
    True,
    NOW.date(),
    NOW,
    Told(1, NOW - timedelta(days=1)),
    NOW.date() - timedelta(days=1),
    NOW - timedelta(days=1),
    Told(2, NOW - timedelta(hours=1)),
    "a key",
)
DRAFT = Draft(
    1, "All is well.", 40, 901, 77, NOW, (Place(901, "en", (333,)),), None, None, DraftState.APPROVED, 78, NOW
)
WAITING = Draft(2, "All is very well.", 40, 901, 77, NOW, (Place(901),), 1, 1)
REMINDER = PlannedReminder(ReminderKind.COUNTDOWN, NOW, timedelta(days=1, minutes=10), ReminderState.PENDING)
ALARM = PlannedReminder(ReminderKind.UNACKNOWLEDGED, NOW, timedelta(0), ReminderState.PENDING)
REPAIR_REMINDER = PlannedReminder(ReminderKind.REPAIR_DUE, NOW, timedelta(0), ReminderState.PENDING)
FACTS = CrewAssigned(40, "Soyuz MS-28", "Sergei Mikaev", "Flight Engineer", "Roscosmos")
COUNTDOWN = CountdownReached(
    EventRef(40, "Soyuz MS-28", 43, EventKind.LANDING),
    parse_when("2026-07-27", NOW),
    ReminderKind.COUNTDOWN,
    timedelta(days=1),
    NOW,
)
ENTRY = Entry(1, 1, NOW, 77, "add_pad", "pad", 20, '{"id":20}', NOW - timedelta(days=1), "d" * 64)

BOARD = Board(90, BoardKind.PADS, 3001, "de")
HEAD = PostedHead(NOW.date(), 1, "m" * 64, NOW, 900)


def refusal(workspace_id: int) -> Refusal:
    """One that was refused there."""
    return Refusal(workspace_id, 77, Door.COMMAND, "pad report", "capability_missing", "pad", NOW)


async def fill(tx: Transaction, workspace_id: int = WORKSPACE.id) -> None:
    """Put one of everything into the workspace, which is entered first."""
    ws = workspace_id
    await workspaces.insert(
        tx, Workspace(ws, WORKSPACE.ops_channel_id, WORKSPACE.zone, WORKSPACE.morning_hour), NOW, GENESIS
    )
    await workspaces.grant(tx, ws, Right.PAD, 555)
    await workspaces.set_countdown_default(tx, ws, EventKind.LANDING, OFFSETS)
    await heads.schedule(tx, ws, NOW)
    await heads.insert(tx, ws, HEAD, f"{ws}:head")
    await security.append(tx, refusal(ws))
    await stations.save(tx, ws, ISS)
    await pads.save(tx, ws, SITE_31)
    await pads.save_capabilities(tx, ws, SITE_31)
    await people.insert(tx, ws, MIKAEV)
    await missions.save(tx, ws, MS_28)
    await health.insert(tx, ws, MEDICAL)
    await missions.set_countdown_offsets(tx, ws, 43, OFFSETS)
    await evidence.insert(tx, ws, evidence.Photo(SHA, "image/png", 8), NOW)
    await damage.insert_report(tx, ws, REPORT)
    await assessments.insert(tx, ws, ASSESSMENT)
    await forecasts.insert(tx, ws, FORECAST)
    await inspections.insert(tx, ws, INSPECTION)
    await returns.insert(tx, ws, RETURN)
    await repairs.save(tx, ws, TRENCH)
    await repairs.save(tx, ws, PAINT)
    await repairs.save(tx, ws, CABIN)
    await ledger.append(tx, ws, 60, 40, 77, MOVE)
    await ledger.insert_claim(tx, ws, 40, 77, CLAIM)
    await subscriptions.insert(tx, ws, SUBSCRIPTION, NOW)
    await digests.save(tx, ws, DIGEST)
    await reminders.insert_many(tx, ws, [(70, REMINDER)], subject=Subject(event_id=43), at=NOW)
    await reminders.insert_many(tx, ws, [(71, REPAIR_REMINDER)], subject=Subject(task_number=2), at=NOW)
    posted = replace(REMINDER, state=ReminderState.POSTED)
    await reminders.insert_many(tx, ws, [(72, posted)], subject=Subject(event_id=43), at=NOW)
    await reminders.insert_many(tx, ws, [(73, ALARM)], subject=Subject(report_number=1), at=NOW)
    raised = replace(ALARM, state=ReminderState.POSTED)
    await reminders.insert_many(tx, ws, [(74, raised)], subject=Subject(report_number=1), at=NOW)
    await subscriptions.mute(tx, ws, 40, 77, NOW)
    await statements.insert(tx, ws, DRAFT, None)
    await statements.insert(tx, ws, WAITING, "better news")
    await outbox.insert(tx, ws, outbox.Posting(3000 + ws, FACTS, "lost", "en"), NOW)
    await outbox.insert(tx, ws, outbox.Posting(3000 + ws, COUNTDOWN, "reminder:72", "en"), NOW)
    await outbox.park_pending(tx, 3000 + ws, "missing_access", NOW)
    board_post = await outbox.insert(tx, ws, outbox.Posting(3000 + ws, FACTS, "board:90.1", "de"), NOW)
    assert board_post
    board = Pinned(replace(BOARD, channel_id=3000 + ws), board_post, 1, "shown", NOW)
    await boards.insert(tx, ws, board, NOW + timedelta(hours=6))
    await journal.append(tx, Linked(_of(ws), "m" * 64), "salt", '{"actor":"pad chief"}')
    await workspaces.claim_request(tx, ws, 4242, NOW)
    await outbox.insert(tx, ws, outbox.Posting(1000 + ws, FACTS, f"{ws}:journal:1", "en"), NOW)


def _of(workspace_id: int) -> Entry:
    return Entry(
        workspace_id, 1, NOW, 77, "add_pad", "pad", 20, '{"id":20}', NOW - timedelta(days=1), "d" * 64
    )  # fmt: skip
