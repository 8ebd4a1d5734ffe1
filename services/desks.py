"""All desks over one database and clock. This is what the Discord face and the demo are given."""

from dataclasses import dataclass

from domain.clock import Clock
from services.announcements import AnnouncementDesk
from services.boards import BoardDesk
from services.changes import Bells, Changes
from services.completion import CompletionDesk
from services.countdowns import CountdownDesk
from services.coverage import CoverageDesk
from services.crew import CrewDesk
from services.damage import DamageDesk
from services.deliveries import DeliveryDesk
from services.digests import DigestDesk
from services.docking import DockingDesk
from services.flights import FlightDesk
from services.forecasts import ForecastDesk
from services.health import HealthDesk
from services.histories import HistoryDesk
from services.housekeeping import HousekeepingDesk
from services.impact import ImpactDesk
from services.missions import MissionDesk
from services.operations import OperationsDesk
from services.pad_history import PadHistoryDesk
from services.pads import PadDesk
from services.photos import PhotoDesk, PhotoIntake
from services.reminders import ReminderDesk
from services.repairs import RepairDesk
from services.returns import ReturnDesk
from services.security import SecurityDesk
from services.statements import StatementDesk
from services.timelines import TimelineDesk
from services.verification import VerificationDesk
from storage.database import Database
from storage.evidence import EvidenceStore


@dataclass(frozen=True, slots=True)
class Desks:
    """One of each."""

    missions: MissionDesk
    timelines: TimelineDesk
    flights: FlightDesk
    histories: HistoryDesk
    crew: CrewDesk
    coverage: CoverageDesk
    health: HealthDesk
    docking: DockingDesk
    pads: PadDesk
    pad_history: PadHistoryDesk
    damage: DamageDesk
    forecasts: ForecastDesk
    impact: ImpactDesk
    returns: ReturnDesk
    photos: PhotoDesk
    repairs: RepairDesk
    announcements: AnnouncementDesk
    boards: BoardDesk
    statements: StatementDesk
    digests: DigestDesk
    deliveries: DeliveryDesk
    countdowns: CountdownDesk
    operations: OperationsDesk
    verification: VerificationDesk
    security: SecurityDesk
    housekeeping: HousekeepingDesk
    reminders: ReminderDesk
    completion: CompletionDesk


def open_desks(
    database: Database,
    clock: Clock,
    *,
    journal_key: bytes,
    bells: Bells,
    store: EvidenceStore,
    languages: frozenset[str],
) -> Desks:
    """Build every desk over the same door to the state."""
    changes = Changes(database, clock, journal_key, bells)
    intake = PhotoIntake(changes, store)
    return Desks(
        missions=MissionDesk(changes),
        timelines=TimelineDesk(changes),
        flights=FlightDesk(changes),
        histories=HistoryDesk(changes),
        crew=CrewDesk(changes),
        coverage=CoverageDesk(changes),
        health=HealthDesk(changes),
        docking=DockingDesk(changes),
        pads=PadDesk(changes),
        pad_history=PadHistoryDesk(changes),
        damage=DamageDesk(changes, intake),
        forecasts=ForecastDesk(changes),
        returns=ReturnDesk(changes, intake),
        photos=PhotoDesk(changes, store),
        impact=ImpactDesk(changes),
        repairs=RepairDesk(changes),
        announcements=AnnouncementDesk(changes, languages),
        boards=BoardDesk(changes, languages),
        statements=StatementDesk(changes),
        digests=DigestDesk(changes, languages),
        deliveries=DeliveryDesk(changes),
        countdowns=CountdownDesk(changes),
        operations=OperationsDesk(changes),
        verification=VerificationDesk(changes, journal_key),
        security=SecurityDesk(changes),
        housekeeping=HousekeepingDesk(changes),
        reminders=ReminderDesk(changes),
        completion=CompletionDesk(changes),
    )
