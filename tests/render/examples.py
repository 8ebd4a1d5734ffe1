"""One example of every kind of facts. `text` stands wherever a member's words stand; a link is checked before it is kept."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.assessments import Confidence
from domain.board_facts import (
    BoardEvent,
    BoardMission,
    BoardPad,
    BoardPerson,
    BoardRemoved,
    BoardReport,
    BoardReturn,
    BoardRisk,
    BoardStation,
    CrewBoard,
    MissionBoard,
    PadBoard,
)
from domain.boards import BoardKind
from domain.countdown import ReminderKind
from domain.damage import ReportState, Severity
from domain.digest_facts import (
    AssessmentNews,
    CrewMove,
    DamageLine,
    DateChanged,
    DigestPosted,
    DueLine,
    EventTurned,
    ForecastNews,
    InspectionNews,
    MissionNews,
    NamedEvent,
    Nearness,
    OverdueLine,
    PadNews,
    ParkedLine,
    RepairNews,
    ReportNews,
    ReturnNews,
    StatementNews,
    UnconfirmedLine,
)
from domain.facts import (
    ChangeUndone,
    ClearanceChanged,
    CountdownReached,
    CrewAssigned,
    CrewRemoved,
    DateClaimed,
    DraftWaiting,
    EventCorrected,
    EventDone,
    EventDropped,
    EventFailed,
    EventHeld,
    EventMoved,
    EventPlanned,
    EventRef,
    EventUnconfirmed,
    Facts,
    JournalHead,
    LaunchScrubbed,
    MedicalMatter,
    MissionCancelled,
    MissionCreated,
    MissionEdited,
    OpsNotice,
    PersonRenamed,
    ReminderOutdated,
    ReturnChanged,
    StatementPosted,
    StationSaved,
)
from domain.forecasts import Verdict
from domain.impact import Blocked
from domain.impact_facts import BlockedLaunch, LostCapability, PadImpact
from domain.inspections import InspectionResult
from domain.materials import MaterialState
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.member_reminders import Where
from domain.missions import Clearance, EventKind, EventState, MissionKind, Outcome, Phase
from domain.pad_facts import (
    DamageAssessed,
    DamageReported,
    ForecastScored,
    PadAdded,
    PadEdited,
    PadInspected,
    PadRef,
    PadRestricted,
    PadReturned,
    ReportUpdated,
    ReturnForecast,
    ReturnRequested,
)
from domain.pads import Lifecycle, PadStatus
from domain.places import Place
from domain.recurrence import Repeat
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairDue,
    RepairDueOutdated,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
    RepairTerms,
    TaskRef,
)
from domain.repairs import TaskState
from domain.schedule import Direction
from domain.sources import Tier
from domain.when import Precision, When, exactly

KINDS: tuple[type, ...] = get_args(Facts)
WORDLESS: tuple[type, ...] = (MedicalMatter, JournalHead, BoardRemoved, ReminderUndelivered)
"""Facts that hold nothing a member typed."""
LINK = "https://www.nasa.gov/news?id=7&lang=en"
NOON = datetime(2026, 7, 27, 12, tzinfo=UTC)
JULY = When(datetime(2026, 7, 1, tzinfo=UTC), Precision.MONTH)
DAY = When(datetime(2026, 7, 27, tzinfo=UTC), Precision.DAY)


def digest(text: str = "Soyuz MS-28", lines: int = 1) -> DigestPosted:
    """A digest with every section, each with so many of every kind of line."""
    landing, eva = NamedEvent(text, EventKind.LANDING), NamedEvent(text, EventKind.EVA, text)
    task, more = TaskRef(1, text, 1, 4, text), lines - 1
    news = (
        PadNews(text, PadStatus.OUT_OF_SERVICE, PadStatus.OPERATIONAL, Lifecycle.ACTIVE),
        PadNews(text, None, PadStatus.OPERATIONAL, Lifecycle.BUILDING),
        MissionNews(
            text, False, (EventTurned(eva, EventState.DONE, NOON), EventTurned(landing, EventState.HELD, None)),
            (DateChanged(landing, JULY, DAY), DateChanged(eva, None, JULY)), tuple((text, move) for move in CrewMove),
            Phase.ENDED, Clearance.NOT_CLEARED,
        ),
        MissionNews(text, True),
        ReportNews(
            1, text, text, Severity.CRITICAL, ReportState.CONFIRMED, Severity.MINOR, ReportState.REPORTED, was_taken_on=True
        ),
        ReportNews(2, text, text, Severity.MINOR, ReportState.REPORTED, None, None, was_taken_on=False),
        RepairNews(1, text, text, TaskState.DONE, TaskState.IN_WORK, 100, 40, DAY, JULY),
        RepairNews(2, text, text, TaskState.PLANNED, None, 0, 0, DAY, DAY),
        StatementNews(2, text, None),
        StatementNews(3, text, 2),
        AssessmentNews(4, 1, Tier.MEDIA, Severity.MAJOR, is_adopted=False),
        AssessmentNews(5, 1, Tier.OFFICIAL, Severity.MINOR, is_adopted=True),
        ForecastNews(text, Tier.INDEPENDENT, JULY, DAY),
        ForecastNews(text, Tier.OFFICIAL, None, None),
        InspectionNews(text, InspectionResult.FAILED),
        ReturnNews(text, 3),
    )  # fmt: skip
    return DigestPosted(
        9, NOON.date(), NOON, NOON - timedelta(days=1), NOON + timedelta(days=1),
        news * lines, more, more,
        (DueLine(exactly(NOON), Nearness.AT, eva), DueLine(DAY, Nearness.AT, None, task)) * lines, more,
        (DueLine(JULY, Nearness.OPENS, landing), DueLine(JULY, Nearness.CLOSES, landing)) * lines, more,
        (UnconfirmedLine(landing, DAY),) * lines, more,
        (DamageLine(1, text, text, Severity.CRITICAL, ReportState.REPORTED, is_taken_on=False),) * lines, more,
        ((Severity.CRITICAL, lines),),
        (OverdueLine(task, DAY, 3), OverdueLine(task, DAY, 0)) * lines, more,
        (ParkedLine(5, 3, NOON),) * lines, more,
        delayed=True,
    )  # fmt: skip


def examples(text: str = "Soyuz MS-28") -> tuple[Facts, ...]:
    """Every kind of facts with `text` in place of everything a member typed."""
    landing = EventRef(1, text, 2, EventKind.LANDING)
    launch = EventRef(1, text, 5, EventKind.LAUNCH)
    named = EventRef(1, text, 3, EventKind.EVA, text)
    task = TaskRef(1, text, 1, 4, text)
    pad = PadRef(4, text)
    return (
        MissionCreated(1, text, MissionKind.CREW, text, text, text, JULY),
        EventPlanned(named, JULY, text, text),
        EventMoved(landing, JULY, DAY, Direction.SHARPER, None, text, text, text, (named,)),
        EventDone(landing, NOON, exactly(NOON - timedelta(minutes=3)), text, text, text),
        ChangeUndone(landing, "move", JULY),
        EventHeld(launch, DAY, text),
        LaunchScrubbed(launch, text, DAY, (named,)),
        EventDropped(named, text),
        EventFailed(launch, NOON, text, Outcome.LOST, 2, (named, landing)),
        EventCorrected(named, NOON, NOON - timedelta(minutes=1), text),
        MissionCancelled(1, text, text),
        MissionEdited(1, text, (("name", text, text), ("pad", None, text), ("station", text, None)), text),
        ClearanceChanged(1, text, Clearance.CLEARED, Clearance.EMERGENCY_ONLY, text, text),
        DateClaimed(named, DAY, JULY, text, Tier.OFFICIAL, LINK),
        CrewAssigned(1, text, text, text, text),
        CrewRemoved(1, text, text, went_up=True, reason=text, also_from=text),
        ReturnChanged(1, text, text, text, text),
        PersonRenamed(text, f"{text} 2", text),
        MedicalMatter(),
        StationSaved(text, None, (text, text), is_new=True),
        PadAdded(4, text, text, ((text, MissionKind.CREW),)),
        DamageReported(
            4, text, text, 1, text, Severity.CRITICAL, text, NOON, NOON, text,
            PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE, (text,), ("ab" * 32,),
        ),
        PadEdited(pad, (("site", text, text), ("operator", None, text)), text),
        PadRestricted(pad, text, text, False, PadStatus.OPERATIONAL, PadStatus.RESTRICTED),
        ReportUpdated(
            pad, 1, text, ReportState.REPORTED, ReportState.CONFIRMED, Severity.CRITICAL, Severity.MINOR, text,
            PadStatus.OUT_OF_SERVICE, PadStatus.OUT_OF_SERVICE, ("AS-2", text),
        ),
        DamageAssessed(
            pad, 1, 2, Severity.MAJOR, Severity.CRITICAL, Tier.MEDIA, text, DAY, Confidence.LOW, LINK, text
        ),
        ReturnForecast(pad, 3, text, Tier.OFFICIAL, JULY, DAY, DAY, text, (None, None, text)),
        PadInspected(pad, 4, InspectionResult.FAILED, text, text, ("ab" * 32,)),
        ReturnRequested(
            pad, 5, 7, ((1, Severity.CRITICAL, ReportState.CLOSED),), ((1, text, None), (2, text, text)), 4, 8, NOON
        ),
        PadReturned(
            pad, 5, 7, 8, NOON, NOON - timedelta(days=96),
            (ForecastScored(text, Tier.OFFICIAL, Verdict.TOO_EARLY, 3, 90),),
        ),
        PadImpact(
            PadRef(4, text), (NOON, (text, "")), (NOON + timedelta(days=500), (text,)),
            (
                BlockedLaunch(1, text, MissionKind.CREW, JULY, Blocked.POSSIBLY, None, 514),
                BlockedLaunch(2, text, MissionKind.CARGO, None, Blocked.CERTAINLY, 12, 40),
            ),
            3,
            (
                LostCapability(text, MissionKind.CREW, False, text, JULY),
                LostCapability(text, MissionKind.OTHER, True, None, None),
            ),
            ((text, MissionKind.CARGO, (text, text)),),
            unable=((text, MissionKind.CREW, ((text, Lifecycle.RETIRED, PadStatus.OUT_OF_SERVICE),)),),
        ),
        ReportUnacknowledged(pad, 1, text, NOON, 2, 8, timedelta(minutes=10), NOON + timedelta(minutes=20)),
        ReportUnassessed(pad, 1, text, 7, NOON, NOON + timedelta(hours=4)),
        RepairPlanned(task, text, DAY, 3, (2, 3)),
        RepairProgressed(task, 10, 45, text),
        RepairCompleted(task, DAY, NOON, text, 1),
        RepairStateChanged(task, TaskState.VERIFIED, TaskState.IN_WORK, text, text, DAY, (2, 3)),
        RepairEdited(
            task, RepairTerms(text, None, DAY, 3, (2, 3)), RepairTerms(f"{text} 2", text, JULY, None, (4,))
        ),
        MaterialChanged(task, text, MaterialState.NEEDED, MaterialState.ON_ORDER, text, JULY),
        MemberReminded(1, 3, Where.ME, 7, 5, text, NOON, Repeat.WEEKDAYS, NOON + timedelta(days=1)),
        ReminderUndelivered(3, 7, NOON, repeats=True),
        CountdownReached(landing, DAY, ReminderKind.COUNTDOWN, timedelta(days=7), NOON),
        EventUnconfirmed(landing, exactly(NOON), NOON),
        RepairDue(task, DAY, -2, NOON, overdue=True),
        RepairDueOutdated(RepairDue(task, DAY, 1, NOON), TaskState.IN_WORK, JULY),
        ReminderOutdated(
            CountdownReached(landing, DAY, ReminderKind.COUNTDOWN, timedelta(days=7), NOON), EventState.PLANNED, JULY
        ),
        StatementPosted(2, text, 1, text, NOON, text, text),
        DraftWaiting(3, text, text, (Place(5), Place(6, "en", (8,))), 7, 2, text, text),
        digest(text),
        MissionBoard(
            NOON,
            (
                BoardMission(
                    1, text, Phase.DOCKED, Outcome.PARTIAL, Clearance.EMERGENCY_ONLY, NOON - timedelta(days=95),
                    (text, text), BoardEvent(EventKind.EVA, text, DAY), BoardEvent(EventKind.LANDING, None, JULY),
                    BoardEvent(EventKind.EVA, text, DAY),
                ),
                BoardMission(
                    2, text, Phase.ON_HOLD, None, Clearance.CLEARED,
                    next=BoardEvent(EventKind.LAUNCH, None, exactly(NOON + timedelta(days=3))),
                    held=BoardEvent(EventKind.LAUNCH, None, DAY),
                    risk=BoardRisk(text, PadStatus.OUT_OF_SERVICE, 1, True, Blocked.POSSIBLY, None, 514),
                ),
            ),
            3,
        ),
        PadBoard(
            NOON,
            (
                BoardPad(
                    4, text, text, Lifecycle.ACTIVE, PadStatus.OUT_OF_SERVICE, True, True, text,
                    BoardReport(1, Severity.CRITICAL, ReportState.REPORTED, text, text), 2,
                    BoardReturn(NOON, NOON + timedelta(days=500)),
                    (BlockedLaunch(1, text, MissionKind.CREW, JULY, Blocked.POSSIBLY, None, 514),), 1,
                ),
                BoardPad(5, text, text, Lifecycle.BUILDING, PadStatus.OPERATIONAL),
            ),
            (LostCapability(text, MissionKind.CREW, False, text, JULY),),
            1,
        ),
        CrewBoard(
            NOON,
            (
                BoardStation(
                    text,
                    (
                        BoardPerson(text, text, text, NOON - timedelta(days=95), text, text, DAY),
                        BoardPerson(text, None, text, NOON, text, None, None),
                    ),
                    2, 1, (text,), (text, text),
                ),
                BoardStation(text, (), 0, 0, (), ()),
            ),
            1,
        ),
        BoardRemoved(BoardKind.MISSIONS),
        OpsNotice("delivery_parked", (("channel", "5"), ("reason", text), ("reference", "abc"))),
        JournalHead(12, "ab" * 32, NOON),
    )  # fmt: skip
