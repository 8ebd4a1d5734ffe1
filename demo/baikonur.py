"""The case of the demonstration: Baikonur, November 2025, as dated facts in the order in which a team would have recorded them.

Facts are from public sources: launch and docking of Soyuz MS-28 from spacefacts.de and Roscosmos, the damage from Roscosmos and
RussianSpaceWeb, planned dates from Roscosmos, NASA and launch manifests. What was never published and the story needs all the same
(when the trench was clear, how far the work was, the pad's own inspection) says so. They are data; `demo.scenario` enters them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from domain.damage import ReportState, Severity
from domain.inspections import InspectionResult
from domain.materials import MaterialState
from domain.missions import MissionKind
from domain.pads import Lifecycle
from domain.sources import Tier
from services.crew import AssignSeat
from services.damage import Assess, ReportDamage, UpdateReport
from services.docking import ConfirmDocking, SaveStation
from services.forecasts import ForecastReturn
from services.missions import CompleteEvent, CreateMission, MoveEvent, PlanEvent
from services.pads import AddPad
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, SayMaterial
from services.returns import InspectPad

STARTS_AT = datetime(2025, 11, 27, 18, 0, tzinfo=UTC)
ZONE = "Europe/Moscow"
MORNING_HOUR = 9
DIGEST_TIME = "09:00"
DIGEST_ZONE = "UTC"


class Part(Enum):
    """Who recorded it, by what they do."""

    DIRECTOR = "flight director"
    PAD_CHIEF = "pad chief"
    APPROVER = "second approver"


class Asked(Enum):
    """The return to service that was asked for last, whatever its number has become."""

    LAST = "last"


ASKED = Asked.LAST


@dataclass(frozen=True, slots=True)
class Step:
    """Something a member recorded at an instant (UTC): a desk's method and what it was given.

    A `Part` among the arguments stands for that member and the roles they hold, `ASKED` for the number of a request.
    """

    recorded_at: datetime
    by: Part
    method: str
    arguments: tuple[object, ...]


def _at(text: str, by: Part, *calls: tuple[object, ...]) -> tuple[Step, ...]:
    recorded_at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return tuple(Step(recorded_at, by, str(method), tuple(arguments)) for method, *arguments in calls)


_PAD = "Site 31/6"
_PORTS = "Rassvet nadir, Poisk zenith, Prichal nadir, Zvezda aft, Harmony forward, Harmony zenith, Harmony nadir, Unity nadir"
_COMPONENTS = (
    "service cabin (8U0216), access bridges, flame trench, gas exhaust duct, launch mount, fuel and oxidizer lines"
)

EVENING: tuple[Step, ...] = (
    *_at(
        "2025-03-01T09:00",
        Part.DIRECTOR,
        ("docking.station", SaveStation("International Space Station", "ISS", _PORTS)),
        ("pads.add", AddPad("Site 31/6", "Baikonur Cosmodrome", "Soyuz-2.1a", "crew, cargo", _COMPONENTS, "Roscosmos")),
        (
            "pads.add",
            AddPad(
                "Site 43/4",
                "Plesetsk Cosmodrome",
                "Soyuz-2.1a, Soyuz-2.1b",
                "other",
                operator="Russian Aerospace Forces",
            ),
        ),
        (
            "pads.add",
            AddPad("Site 1S", "Vostochny Cosmodrome", "Soyuz-2.1a, Soyuz-2.1b", "other", operator="Roscosmos"),
        ),
        ("pads.add", AddPad("Site 1/5", "Baikonur Cosmodrome", "Soyuz-FG", "crew, cargo", lifecycle=Lifecycle.RETIRED)),
        (
            "missions.create",
            CreateMission(
                "Soyuz MS-27",
                "Soyuz-2.1a",
                MissionKind.CREW,
                "Soyuz MS",
                "Site 31/6",
                "ISS",
                "2025-04-08 05:47",
                seats=3,
            ),
        ),
        ("crew.assign", AssignSeat("Soyuz MS-27", "Sergey Ryzhikov", "Commander", "Roscosmos")),
        ("crew.assign", AssignSeat("Soyuz MS-27", "Alexey Zubritsky", "Flight Engineer", "Roscosmos")),
        ("crew.assign", AssignSeat("Soyuz MS-27", "Jonny Kim", "Flight Engineer", "NASA")),
    ),
    *_at(
        "2025-04-08T06:00", Part.DIRECTOR, ("missions.done", CompleteEvent("Soyuz MS-27", "launch", "2025-04-08 05:47"))
    ),
    *_at(
        "2025-04-08T09:00",
        Part.DIRECTOR,
        ("docking.confirm", ConfirmDocking("Soyuz MS-27", "2025-04-08 08:57", "Prichal nadir")),
        ("missions.plan", PlanEvent("Soyuz MS-27", "undocking", "2025-12-09")),
        ("missions.plan", PlanEvent("Soyuz MS-27", "landing", "2025-12-09")),
    ),
    *_at(
        "2025-07-15T09:00",
        Part.DIRECTOR,
        (
            "missions.create",
            CreateMission(
                "Crew-11",
                "Falcon 9",
                MissionKind.CREW,
                "Crew Dragon Endeavour",
                None,
                "ISS",
                "2025-08-01 15:43",
                seats=4,
            ),
        ),
        ("crew.assign", AssignSeat("Crew-11", "Zena Cardman", "Commander", "NASA")),
        ("crew.assign", AssignSeat("Crew-11", "Mike Fincke", "Pilot", "NASA")),
        ("crew.assign", AssignSeat("Crew-11", "Kimiya Yui", "Mission Specialist", "JAXA")),
        ("crew.assign", AssignSeat("Crew-11", "Oleg Platonov", "Mission Specialist", "Roscosmos")),
    ),
    *_at("2025-08-01T16:00", Part.DIRECTOR, ("missions.done", CompleteEvent("Crew-11", "launch", "2025-08-01 15:43"))),
    *_at(
        "2025-08-02T07:00",
        Part.DIRECTOR,
        ("docking.confirm", ConfirmDocking("Crew-11", "2025-08-02 06:27", "Harmony zenith")),
        ("missions.plan", PlanEvent("Crew-11", "landing", "unknown")),
    ),
    *_at(
        "2025-11-01T09:00",
        Part.DIRECTOR,
        (
            "missions.create",
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
        ),
        ("crew.assign", AssignSeat("Soyuz MS-28", "Sergey Kud-Sverchkov", "Commander", "Roscosmos")),
        ("crew.assign", AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer", "Roscosmos")),
        ("crew.assign", AssignSeat("Soyuz MS-28", "Chris Williams", "Flight Engineer", "NASA")),
        ("missions.plan", PlanEvent("Soyuz MS-28", "docking", "2025-11-27 12:38", port="Rassvet nadir")),
        ("missions.plan", PlanEvent("Soyuz MS-28", "eva", "2026-04", name="EVA 1: Solntse-Terahertz installation")),
        ("missions.plan", PlanEvent("Soyuz MS-28", "eva", "2026-06", name="EVA 2: Zarya maintenance")),
        ("missions.plan", PlanEvent("Soyuz MS-28", "undocking", "2026-07")),
        ("missions.plan", PlanEvent("Soyuz MS-28", "landing", "2026-07-27")),
        (
            "missions.create",
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
        ),
        ("missions.plan", PlanEvent("Progress MS-33", "docking", "2025-12-21", port="Poisk zenith")),
        ("missions.plan", PlanEvent("Progress MS-33", "deorbit", "unknown")),
        (
            "missions.create",
            CreateMission("Soyuz MS-29", "Soyuz-2.1a", MissionKind.CREW, None, "Site 31/6", "ISS", "2026-07", seats=3),
        ),
    ),
    *_at(
        "2025-11-27T09:30",
        Part.DIRECTOR,
        ("missions.done", CompleteEvent("Soyuz MS-28", "launch", "2025-11-27 09:27:57")),
    ),
    *_at("2025-11-27T12:40", Part.DIRECTOR, ("docking.confirm", ConfirmDocking("Soyuz MS-28", "2025-11-27 12:34:35"))),
    *_at(
        "2025-11-27T17:00",
        Part.PAD_CHIEF,
        (
            "damage.report",
            ReportDamage(
                "Site 31/6",
                Severity.CRITICAL,
                "Service cabin fell into the flame trench; access bridges and structure deformed.",
                "service cabin",
                "2025-11-27 15:00",
            ),
        ),
    ),
    *_at("2025-11-27T17:06", Part.DIRECTOR, ("damage.acknowledge", 1)),
    *_at(
        "2025-11-27T17:10",
        Part.PAD_CHIEF,
        (
            "damage.assess",
            Assess(
                "DR-1",
                Severity.MINOR,
                Tier.OFFICIAL,
                "Roscosmos",
                "2025-11-27 15:00",
                note="damage to a number of launch pad elements; all parts are on hand; will be eliminated shortly",
            ),
        ),
        (
            "forecasts.forecast",
            ForecastReturn(_PAD, "Roscosmos", Tier.OFFICIAL, stated="2025-11-27 15:00", note="shortly"),
        ),
    ),
    *_at(
        "2025-11-27T17:20",
        Part.PAD_CHIEF,
        (
            "damage.assess",
            Assess(
                "DR-1",
                Severity.CRITICAL,
                Tier.INDEPENDENT,
                "Georgy Trishkin",
                "2025-11-27 16:00",
                note="service structures may have partially collapsed",
            ),
        ),
        (
            "forecasts.forecast",
            ForecastReturn(
                _PAD,
                "Georgy Trishkin",
                Tier.INDEPENDENT,
                stated="2025-11-27 16:00",
                note="suspended for an unknown time",
            ),
        ),
        (
            "damage.assess",
            Assess(
                "DR-1",
                Severity.MAJOR,
                Tier.MEDIA,
                "Vitaly Egorov",
                "2025-11-27 16:30",
                note="an unusual metal structure in the gas exhaust area under the pad, seen in the live broadcast",
            ),
        ),
    ),
    *_at(
        "2025-11-27T17:30",
        Part.PAD_CHIEF,
        ("repairs.plan", PlanRepair("DR-1", "Clear the flame trench", due="2025-12-15")),
        ("repairs.plan", PlanRepair("DR-1", "Bring in service cabin parts")),
        ("repairs.material", SayMaterial("RT-2", "service cabin parts", MaterialState.ON_HAND)),
    ),
    *_at(
        "2025-11-27T17:50",
        Part.PAD_CHIEF,
        (
            "damage.assess",
            Assess(
                "DR-1",
                Severity.CRITICAL,
                Tier.INDEPENDENT,
                "Anatoly Zak",
                "2025-11-27",
                note="the service cabin fell into the flame trench; bridges and structure are deformed",
            ),
        ),
        (
            "forecasts.forecast",
            ForecastReturn(
                _PAD, "Anatoly Zak", Tier.INDEPENDENT, latest="2027-11-27", stated="2025-11-27", note="up to two years"
            ),
        ),
    ),
)
"""What had been recorded when the demonstration begins."""

_ILLUSTRATIVE = "illustrative: no date of it was published"
STORY: tuple[Step, ...] = (
    *_at("2025-12-01T08:00", Part.PAD_CHIEF, ("repairs.complete", "RT-2", "cabin parts begin to arrive")),
    *_at(
        "2025-12-01T09:00",
        Part.DIRECTOR,
        ("repairs.verify", "RT-2", None),
        ("damage.update", UpdateReport("DR-1", ReportState.IN_REPAIR)),
        ("repairs.plan", PlanRepair("DR-1", "Install the new service cabin", after="RT-1, RT-2")),
    ),
    *_at("2025-12-09T01:50", Part.DIRECTOR, ("docking.undock", "Soyuz MS-27", "2025-12-09 01:41")),
    *_at(
        "2025-12-09T05:10",
        Part.DIRECTOR,
        ("missions.done", CompleteEvent("Soyuz MS-27", "landing", "2025-12-09 05:03")),
    ),
    *_at(
        "2025-12-10T12:00",
        Part.PAD_CHIEF,
        (
            "forecasts.forecast",
            ForecastReturn(
                _PAD, "Roscosmos", Tier.OFFICIAL, earliest="2026-03", stated="2025-12", note="at least four months"
            ),
        ),
    ),
    *_at(
        "2025-12-10T12:05",
        Part.DIRECTOR,
        (
            "missions.move",
            MoveEvent("Progress MS-33", "launch", "NET 2026-03", "Site 31/6 is being repaired", "DR-1", "Roscosmos"),
        ),
    ),
    *_at(
        "2025-12-15T12:00",
        Part.PAD_CHIEF,
        ("repairs.complete", "RT-1", _ILLUSTRATIVE),
        (
            "forecasts.forecast",
            ForecastReturn(
                _PAD,
                "Roscosmos",
                Tier.OFFICIAL,
                latest="2026-02-28",
                stated="2025-12",
                note="cabin restored by the end of winter",
            ),
        ),
        ("repairs.edit", EditRepair("RT-3", due="2026-02-28")),
        ("repairs.plan", PlanRepair("DR-1", "Inspect and test the cabin", due="2026-03-04", after="RT-3")),
    ),
    *_at("2025-12-16T09:00", Part.DIRECTOR, ("repairs.verify", "RT-1", None)),
    *_at("2025-12-16T09:30", Part.PAD_CHIEF, ("repairs.start", "RT-3")),
    *_at("2026-01-12T09:00", Part.PAD_CHIEF, ("repairs.progress", "RT-3", 40, _ILLUSTRATIVE)),
    *_at("2026-02-16T09:00", Part.PAD_CHIEF, ("repairs.progress", "RT-3", 80, _ILLUSTRATIVE)),
    *_at(
        "2026-03-03T08:00",
        Part.PAD_CHIEF,
        ("repairs.complete", "RT-3", "service cabin restored by over 150 people in a little over two months"),
    ),
    *_at(
        "2026-03-03T09:00",
        Part.DIRECTOR,
        ("repairs.verify", "RT-3", None),
        (
            "missions.move",
            MoveEvent(
                "Progress MS-33",
                "launch",
                "2026-03-22 11:59",
                "service cabin restored",
                "DR-1",
                "NASA, via SpacePolicyOnline",
            ),
        ),
    ),
    *_at("2026-03-04T08:00", Part.PAD_CHIEF, ("repairs.complete", "RT-4", _ILLUSTRATIVE)),
    *_at(
        "2026-03-04T09:00",
        Part.DIRECTOR,
        ("repairs.verify", "RT-4", None),
        ("damage.update", UpdateReport("DR-1", ReportState.CLOSED, reason="the cabin is restored and verified")),
    ),
    *_at(
        "2026-03-04T10:00",
        Part.PAD_CHIEF,
        ("returns.inspect", InspectPad(_PAD, InspectionResult.PASSED, _ILLUSTRATIVE)),
    ),
    *_at("2026-03-04T10:30", Part.PAD_CHIEF, ("returns.request", _PAD)),
    *_at("2026-03-04T11:00", Part.APPROVER, ("returns.confirm", ASKED, Part.PAD_CHIEF)),
)
"""What was recorded from then on, to the launch of Progress MS-33 that is planned for 22 March 2026."""
