"""One example of every kind of facts. `TEXT` stands wherever a member's words stand."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from domain.announcements import (
    ChangeUndone,
    CountdownReached,
    CrewAssigned,
    DamageReported,
    EventDone,
    EventMoved,
    EventPlanned,
    EventRef,
    EventUnconfirmed,
    Facts,
    MissionCreated,
    OpsNotice,
    PadAdded,
    RepairCompleted,
    RepairDue,
    RepairPlanned,
    RepairProgressed,
    StationSaved,
    TaskRef,
)
from domain.countdown import ReminderKind
from domain.missions import EventKind, MissionKind
from domain.pads import PadStatus, Severity
from domain.schedule import Direction
from domain.when import Precision, When, exactly

KINDS: tuple[type, ...] = get_args(Facts)
NOON = datetime(2026, 7, 27, 12, tzinfo=UTC)
JULY = When(datetime(2026, 7, 1, tzinfo=UTC), Precision.MONTH)
DAY = When(datetime(2026, 7, 27, tzinfo=UTC), Precision.DAY)


def examples(text: str = "Soyuz MS-28") -> tuple[Facts, ...]:
    """Every kind of facts with `text` in place of everything a member typed."""
    landing = EventRef(1, text, 2, EventKind.LANDING)
    named = EventRef(1, text, 3, EventKind.EVA, text)
    task = TaskRef(1, text, 1, 4, text)
    return (
        MissionCreated(1, text, MissionKind.CREW, text, text, text, JULY),
        EventPlanned(named, JULY, text, text),
        EventMoved(landing, JULY, DAY, Direction.SHARPER, None, text, text, text, (named,)),
        EventDone(landing, NOON, exactly(NOON - timedelta(minutes=3)), text, text, text),
        ChangeUndone(landing, "move", JULY),
        CrewAssigned(1, text, text, text, text),
        StationSaved(text, None, (text, text), is_new=True),
        PadAdded(4, text, text, ((text, MissionKind.CREW),)),
        DamageReported(
            4, text, text, 1, text, Severity.CRITICAL, text, NOON, NOON, text,
            PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE, (text,), ("ab" * 32,),
        ),
        RepairPlanned(task, text, DAY, 3, (2, 3)),
        RepairProgressed(task, 10, 45, text),
        RepairCompleted(task, DAY, NOON, text, 1),
        CountdownReached(landing, DAY, ReminderKind.COUNTDOWN, timedelta(days=7), NOON),
        EventUnconfirmed(landing, exactly(NOON), NOON),
        RepairDue(task, DAY, -2, NOON),
        OpsNotice("delivery_parked", (("channel", "5"), ("reason", text), ("reference", "abc"))),
    )  # fmt: skip
