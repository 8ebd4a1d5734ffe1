"""What alarms about damage reports say; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.alarms import AlarmEnd
from domain.pad_facts import PadRef


@dataclass(frozen=True, slots=True)
class ReportUnacknowledged:
    """Nobody has taken a critical report on: repetition `round`, from 1, for the role `role_id`, one every `every` from then on.

    Once it is over, `end` says why, and where somebody has taken it on, who and when.
    """

    pad: PadRef
    report: int
    summary: str
    critical_since: datetime
    round: int
    role_id: int | None
    every: timedelta
    due_at: datetime
    delayed: bool = False
    end: AlarmEnd | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    fact: Literal["report_unacknowledged"] = "report_unacknowledged"


@dataclass(frozen=True, slots=True)
class ReportUnassessed:
    """A critical report was taken on, and no assessment of it has been recorded. `end` says why that is over."""

    pad: PadRef
    report: int
    summary: str
    acknowledged_by: int
    acknowledged_at: datetime
    due_at: datetime
    delayed: bool = False
    end: AlarmEnd | None = None
    fact: Literal["report_unassessed"] = "report_unassessed"


AlarmFacts = ReportUnacknowledged | ReportUnassessed
