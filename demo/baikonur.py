"""The case of the demonstration: Baikonur, November 2025, as dated facts in the order in which a team would have recorded them.

Facts are from public sources: launch and docking of Soyuz MS-28 from spacefacts.de and Roscosmos, the damage from Roscosmos and
RussianSpaceWeb, planned dates from Roscosmos, NASA and launch manifests. They are data only; `demo.scenario` enters them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.damage import Severity
from domain.missions import MissionKind
from domain.pads import Lifecycle
from domain.sources import Tier
from services.crew import AssignSeat
from services.damage import Assess, ReportDamage
from services.docking import ConfirmDocking, SaveStation
from services.missions import CompleteEvent, CreateMission, PlanEvent
from services.pads import AddPad
from services.repairs import PlanRepair

STARTS_AT = datetime(2025, 11, 27, 18, 0, tzinfo=UTC)
ZONE = "Europe/Moscow"
MORNING_HOUR = 9


@dataclass(frozen=True, slots=True)
class TakeOn:
    """The Acknowledge button below a damage report."""

    report: int


Request = (
    SaveStation
    | AddPad
    | CreateMission
    | PlanEvent
    | AssignSeat
    | CompleteEvent
    | ConfirmDocking
    | ReportDamage
    | TakeOn
    | Assess
    | PlanRepair
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something a member recorded at an instant (UTC)."""

    recorded_at: datetime
    request: Request


def _at(text: str, *requests: Request) -> tuple[Step, ...]:
    recorded_at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return tuple(Step(recorded_at, request) for request in requests)


_PORTS = "Rassvet nadir, Poisk zenith, Prichal nadir, Zvezda aft, Harmony forward, Harmony zenith, Harmony nadir, Unity nadir"
_COMPONENTS = (
    "service cabin (8U0216), access bridges, flame trench, gas exhaust duct, launch mount, fuel and oxidizer lines"
)

STEPS: tuple[Step, ...] = (
    *_at(
        "2025-03-01T09:00",
        SaveStation("International Space Station", "ISS", _PORTS),
        AddPad("Site 31/6", "Baikonur Cosmodrome", "Soyuz-2.1a", "crew, cargo", _COMPONENTS, "Roscosmos"),
        AddPad(
            "Site 43/4", "Plesetsk Cosmodrome", "Soyuz-2.1a, Soyuz-2.1b", "other", operator="Russian Aerospace Forces"
        ),
        AddPad("Site 1S", "Vostochny Cosmodrome", "Soyuz-2.1a, Soyuz-2.1b", "other", operator="Roscosmos"),
        AddPad("Site 1/5", "Baikonur Cosmodrome", "Soyuz-FG", "crew, cargo", lifecycle=Lifecycle.RETIRED),
        CreateMission(
            "Soyuz MS-27", "Soyuz-2.1a", MissionKind.CREW, "Soyuz MS", "Site 31/6", "ISS", "2025-04-08 05:47", seats=3
        ),
        AssignSeat("Soyuz MS-27", "Sergey Ryzhikov", "Commander", "Roscosmos"),
        AssignSeat("Soyuz MS-27", "Alexey Zubritsky", "Flight Engineer", "Roscosmos"),
        AssignSeat("Soyuz MS-27", "Jonny Kim", "Flight Engineer", "NASA"),
    ),
    *_at("2025-04-08T06:00", CompleteEvent("Soyuz MS-27", "launch", "2025-04-08 05:47")),
    *_at(
        "2025-04-08T09:00",
        ConfirmDocking("Soyuz MS-27", "2025-04-08 08:57", "Prichal nadir"),
        PlanEvent("Soyuz MS-27", "undocking", "2025-12-09"),
        PlanEvent("Soyuz MS-27", "landing", "2025-12-09"),
    ),
    *_at(
        "2025-07-15T09:00",
        CreateMission(
            "Crew-11", "Falcon 9", MissionKind.CREW, "Crew Dragon Endeavour", None, "ISS", "2025-08-01 15:43", seats=4
        ),
        AssignSeat("Crew-11", "Zena Cardman", "Commander", "NASA"),
        AssignSeat("Crew-11", "Mike Fincke", "Pilot", "NASA"),
        AssignSeat("Crew-11", "Kimiya Yui", "Mission Specialist", "JAXA"),
        AssignSeat("Crew-11", "Oleg Platonov", "Mission Specialist", "Roscosmos"),
    ),
    *_at("2025-08-01T16:00", CompleteEvent("Crew-11", "launch", "2025-08-01 15:43")),
    *_at(
        "2025-08-02T07:00",
        ConfirmDocking("Crew-11", "2025-08-02 06:27", "Harmony zenith"),
        PlanEvent("Crew-11", "landing", "unknown"),
    ),
    *_at(
        "2025-11-01T09:00",
        CreateMission(
            "Soyuz MS-28",
            "Soyuz-2.1a",
            MissionKind.CREW,
            "Soyuz MS No. 753",
            "Site 31/6",
            "ISS",
            "2025-11-27 09:27:57",
            duration_days=242,
            seats=3,
        ),
        AssignSeat("Soyuz MS-28", "Sergey Kud-Sverchkov", "Commander", "Roscosmos"),
        AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer", "Roscosmos"),
        AssignSeat("Soyuz MS-28", "Chris Williams", "Flight Engineer", "NASA"),
        PlanEvent("Soyuz MS-28", "docking", "2025-11-27 12:38", port="Rassvet nadir"),
        PlanEvent("Soyuz MS-28", "eva", "2026-04", name="EVA 1: Solntse-Terahertz installation"),
        PlanEvent("Soyuz MS-28", "eva", "2026-06", name="EVA 2: Zarya maintenance"),
        PlanEvent("Soyuz MS-28", "undocking", "2026-07"),
        PlanEvent("Soyuz MS-28", "landing", "2026-07-27"),
        CreateMission(
            "Progress MS-33",
            "Soyuz-2.1a",
            MissionKind.CARGO,
            "Progress MS No. 463",
            "Site 31/6",
            "ISS",
            "2025-12-19",
            seats=0,
        ),
        PlanEvent("Progress MS-33", "docking", "2025-12-21", port="Poisk zenith"),
        PlanEvent("Progress MS-33", "deorbit", "unknown"),
        CreateMission("Soyuz MS-29", "Soyuz-2.1a", MissionKind.CREW, None, "Site 31/6", "ISS", "2026-07", seats=3),
    ),
    *_at("2025-11-27T09:30", CompleteEvent("Soyuz MS-28", "launch", "2025-11-27 09:27:57")),
    *_at("2025-11-27T12:40", ConfirmDocking("Soyuz MS-28", "2025-11-27 12:34:35")),
    *_at(
        "2025-11-27T17:00",
        ReportDamage(
            "Site 31/6",
            Severity.CRITICAL,
            "Service cabin fell into the flame trench; access bridges and structure deformed.",
            "service cabin",
            "2025-11-27 15:00",
        ),
    ),
    *_at("2025-11-27T17:05", TakeOn(1)),
    *_at(
        "2025-11-27T17:15",
        Assess("DR-1", Severity.MINOR, Tier.OFFICIAL, "Roscosmos", "2025-11-27"),
        Assess("DR-1", Severity.CRITICAL, Tier.INDEPENDENT, "Georgy Trishkin, launch analyst", "2025-11-27"),
    ),
    *_at(
        "2025-11-27T17:30",
        PlanRepair("DR-1", "Clear the flame trench", due="2025-12-15"),
        PlanRepair("DR-1", "Bring in service cabin parts"),
    ),
)
