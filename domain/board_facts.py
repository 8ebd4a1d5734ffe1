"""What a live board says; the rules of `domain.facts` hold here too.

Days are frozen as whole UTC days, so that a board changes when what it says does, not with every second that passes. `as_of` is
when all of it was true.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.boards import BoardKind
from domain.damage import ReportState, Severity
from domain.impact import Blocked
from domain.impact_facts import BlockedLaunch, LostCapability
from domain.missions import Clearance, EventKind, Outcome, Phase
from domain.pads import Lifecycle, PadStatus
from domain.when import When

MISSIONS_MAX = 60
PADS_MAX = 40
LAUNCHES_MAX = 8
STATIONS_MAX = 15
PEOPLE_MAX = 40
"""So many are kept one by one, more than a message has room for; the rest is counted."""


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """An event of a mission, with what is known of its time."""

    kind: EventKind
    name: str | None
    when: When | None


@dataclass(frozen=True, slots=True)
class BoardRisk:
    """What a mission's pad puts in the way of its launch. The gap is in days, as `domain.impact.WaitingLaunch` counts them."""

    pad: str
    status: PadStatus
    report: int | None
    unconfirmed: bool
    blocked: Blocked
    gap_low: int | None
    gap_high: int | None


@dataclass(frozen=True, slots=True)
class BoardMission:
    """A mission that is not over. `place` is (station, port) while it is docked; `back` its return where that is not next."""

    mission_id: int
    mission: str
    phase: Phase
    outcome: Outcome | None
    clearance: Clearance
    lifted_off_at: datetime | None = None
    place: tuple[str, str] | None = None
    next: BoardEvent | None = None
    back: BoardEvent | None = None
    overdue: BoardEvent | None = None
    held: BoardEvent | None = None
    risk: BoardRisk | None = None


@dataclass(frozen=True, slots=True)
class MissionBoard:
    """Every mission that is not over, those that fly first. `more` are not told one by one."""

    as_of: datetime
    missions: tuple[BoardMission, ...]
    more: int = 0
    fact: Literal["mission_board"] = "mission_board"


@dataclass(frozen=True, slots=True)
class BoardReport:
    """The worst open report of a pad."""

    number: int
    severity: Severity
    state: ReportState
    component: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class BoardReturn:
    """When a pad may be back, over all who say so: days, the last one exclusive; as `domain.impact.Expected` has it."""

    earliest: datetime | None
    latest: datetime | None
    or_before: bool = False


@dataclass(frozen=True, slots=True)
class BoardPad:
    """A pad that is not retired. `expected` and `blocked` are None and empty while it is in service."""

    pad_id: int
    pad: str
    site: str
    lifecycle: Lifecycle
    status: PadStatus
    unconfirmed: bool = False
    awaiting_return: bool = False
    restriction: str | None = None
    report: BoardReport | None = None
    more_reports: int = 0
    expected: BoardReturn | None = None
    blocked: tuple[BlockedLaunch, ...] = ()
    more_blocked: int = 0


@dataclass(frozen=True, slots=True)
class PadBoard:
    """Every pad that is not retired, the worst first, and what can be launched from none of them now."""

    as_of: datetime
    pads: tuple[BoardPad, ...]
    gone: tuple[LostCapability, ...] = ()
    more: int = 0
    fact: Literal["pad_board"] = "pad_board"


@dataclass(frozen=True, slots=True)
class BoardPerson:
    """Somebody aboard. `down` is the flight they come down on, None for no ride; `ends` what is known of that return."""

    person: str
    agency: str | None
    role: str
    since_at: datetime
    up: str
    down: str | None
    ends: When | None


@dataclass(frozen=True, slots=True)
class BoardStation:
    """Who is aboard a station, longest there first, and whether everyone has a seat home.

    `seated` have one on a cleared, docked spacecraft; those in `emergency` can leave only then; those `without` have none.
    """

    station: str
    aboard: tuple[BoardPerson, ...]
    more: int
    seated: int
    emergency: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrewBoard:
    """Every station and its people. Nothing of anybody's health."""

    as_of: datetime
    stations: tuple[BoardStation, ...]
    more: int = 0
    fact: Literal["crew_board"] = "crew_board"


@dataclass(frozen=True, slots=True)
class BoardRemoved:
    """The last that is said of a board's post: nothing. As an edit it takes the post away."""

    kind: BoardKind
    fact: Literal["board_removed"] = "board_removed"


BoardFacts = MissionBoard | PadBoard | CrewBoard
