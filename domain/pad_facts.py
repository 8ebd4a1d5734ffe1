"""What announcements say about pads and damage; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.damage import Severity
from domain.missions import MissionKind
from domain.pads import PadStatus


@dataclass(frozen=True, slots=True)
class PadAdded:
    """A pad was entered. `capabilities` are (vehicle, kind)."""

    pad_id: int
    pad: str
    site: str
    capabilities: tuple[tuple[str, MissionKind], ...]
    fact: Literal["pad_added"] = "pad_added"


@dataclass(frozen=True, slots=True)
class DamageReported:
    """Damage was logged. `waiting` are names of missions planned from the pad that its new status puts in question."""

    pad_id: int
    pad: str
    site: str
    report: int
    component: str | None
    severity: Severity
    summary: str
    observed_at: datetime
    reported_at: datetime
    reporter: str
    status_before: PadStatus
    status_after: PadStatus
    waiting: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    fact: Literal["damage_reported"] = "damage_reported"
