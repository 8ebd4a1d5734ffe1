"""What an announcement says about the impact of a closed pad; the rules of `domain.facts` hold here too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.forecasts import Forecast
from domain.impact import Blocked, GoneCapability, Impact, Said
from domain.missions import EventKind, Mission, MissionKind
from domain.pad_facts import PadRef
from domain.pads import Lifecycle, PadStatus
from domain.when import When

LAUNCHES_MAX = 15
"""So many launches are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class BlockedLaunch:
    """A launch that a closed pad blocks, or may. The gap is in days, as `domain.impact.WaitingLaunch` counts them."""

    mission_id: int
    mission: str
    kind: MissionKind
    launch: When | None
    blocked: Blocked
    gap_low: int | None
    gap_high: int | None


@dataclass(frozen=True, slots=True)
class LostCapability:
    """No active pad in full service can launch this now; `mission` needs it next."""

    vehicle: str
    kind: MissionKind
    under_restriction: bool
    mission: str | None
    launch: When | None


@dataclass(frozen=True, slots=True)
class PadImpact:
    """A pad has gone out of service, and this is what it does to the manifest.

    An end of the expected return has the names of who states it; "" is the pad's own estimate. `more` launches are not told.
    `alternatives` are (vehicle, kind, pads that can launch it now), only where there are any; `unable` the pads that list a
    capability which none can launch now, each with its lifecycle and status.
    """

    pad: PadRef
    earliest: tuple[datetime, tuple[str, ...]] | None
    latest: tuple[datetime, tuple[str, ...]] | None
    launches: tuple[BlockedLaunch, ...]
    more: int
    gone: tuple[LostCapability, ...]
    alternatives: tuple[tuple[str, MissionKind, tuple[str, ...]], ...]
    earliest_or_before: bool = False
    unable: tuple[tuple[str, MissionKind, tuple[tuple[str, Lifecycle, PadStatus], ...]], ...] = ()
    fact: Literal["pad_impact"] = "pad_impact"


def impact_facts(impact: Impact, gone: Iterable[GoneCapability]) -> PadImpact:
    """Freeze a pad's impact."""
    expected = impact.expected
    blocked = impact.blocked
    return PadImpact(
        pad=PadRef(impact.state.pad.id, impact.state.pad.name),
        earliest=None if expected.earliest is None else (expected.earliest.at, _names(expected.earliest.said_by)),
        earliest_or_before=expected.earliest is not None and expected.earliest.or_before,
        latest=None if expected.latest is None else (expected.latest.at, _names(expected.latest.said_by)),
        launches=tuple(
            BlockedLaunch(
                one.mission.id, one.mission.name, one.mission.kind, one.launch, one.blocked, one.gap_low, one.gap_high
            )
            for one in blocked[:LAUNCHES_MAX]
        ),
        more=max(len(blocked) - LAUNCHES_MAX, 0),
        gone=tuple(lost_capability(one) for one in gone),
        alternatives=tuple(
            (one.capability.vehicle, one.capability.kind, tuple(state.pad.name for state in one.real))
            for one in impact.substitutes
            if one.real
        ),
        unable=tuple(
            (
                one.capability.vehicle,
                one.capability.kind,
                tuple((state.pad.name, state.pad.lifecycle, state.finding.status) for state in one.pads),
            )
            for one in impact.substitutes
            if one.pads and not one.real
        ),
    )


def lost_capability(gone: GoneCapability) -> LostCapability:
    """Freeze a lost capability."""
    capability = gone.capability
    return LostCapability(
        capability.vehicle,
        capability.kind,
        gone.under_restriction,
        None if gone.next is None else gone.next.name,
        None if gone.next is None else _launch_of(gone.next),
    )


def _names(said_by: Iterable[Said]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.source if isinstance(one, Forecast) else "" for one in said_by))


def _launch_of(mission: Mission) -> When | None:
    launch = mission.open_event(EventKind.LAUNCH)
    return None if launch is None else launch.planned
