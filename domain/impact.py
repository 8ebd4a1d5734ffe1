"""What a pad that is not in full service does to the manifest: launches it blocks, what else could fly them, what is lost.

Estimates of its return compete, and nothing is averaged: a launch is blocked for certain when it is under every one of them, and
possibly when it is under any. What is not known is not taken for safe: without a last date from anybody, any launch may be blocked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.expected import Estimate
from domain.forecasts import Forecast
from domain.missions import EventKind, Mission, MissionKind, Phase, launch_key, phase_of
from domain.pads import Capability, Lifecycle, Pad, PadStatus, StatusFinding
from domain.text import name_key
from domain.when import When, days_between

Said = Forecast | Estimate
"""Who says when a pad will be back: a source, or the pad's own repairs."""

WAITING_PHASES = frozenset({Phase.PLANNED, Phase.ON_HOLD, Phase.SCRUBBED})
"""Missions in these have yet to launch. A scrubbed one waits for its next attempt."""

_Ends = Sequence[tuple[datetime, Said]]
_INSTANT = timedelta(microseconds=1)
_STATUS_RANK = {PadStatus.OUT_OF_SERVICE: 0, PadStatus.RESTRICTED: 1, PadStatus.OPERATIONAL: 2}


class Blocked(StrEnum):
    """Whether a launch comes before its pad is back."""

    NO = "no"
    POSSIBLY = "possibly"
    CERTAINLY = "certainly"


@dataclass(frozen=True, slots=True)
class End:
    """One end of the expected return, and who states it. An end that is a last one is exclusive, as `Window` has it.

    `or_before`: it is the last date of those who name no first one, who may have the pad back any day until then.
    """

    at: datetime
    said_by: tuple[Said, ...]
    or_before: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """When a pad may be back, over all who say so. An end that nobody states is None.

    `earliest` is the soonest that anybody names: a first date, or before all of those the last date of who names no other.

    `latest` is the last end that anybody states, once anybody states a last date: who says "not before 2028" is not outvoted by
    "by 2027". `nobody_before` is None while somebody with a date would have the pad back any day. `lapsed` are estimates whose last
    date has passed with the pad still away: they say nothing any more. `in_words` never gave a date.
    """

    earliest: End | None
    latest: End | None
    nobody_before: datetime | None
    lapsed: tuple[Said, ...] = ()
    in_words: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class PadState:
    """A pad, what it can do now, and what is said of its return (of each source, what stands)."""

    pad: Pad
    finding: StatusFinding
    said: tuple[Said, ...] = ()

    @property
    def is_real_alternative(self) -> bool:
        """True when missions can be launched from it now."""
        return self.pad.lifecycle is Lifecycle.ACTIVE and self.finding.status is PadStatus.OPERATIONAL


@dataclass(frozen=True, slots=True)
class WaitingLaunch:
    """A mission that waits for its launch, and what the pad does to it.

    The gap is in whole UTC days. `gap_low` runs from the last day of the launch's interval to the day before which nobody has
    the pad back, `gap_high` from the interval's first day to the last day of the expected return: at least, and at most, what the
    launch would slip if it waited for the pad. "No earlier than" has no last day, so both run from its first. None: an end is open.
    """

    mission: Mission
    launch: When | None
    blocked: Blocked
    gap_low: int | None
    gap_high: int | None


@dataclass(frozen=True, slots=True)
class LaunchRisk:
    """What stands in the way of one mission's launch: its pad, when that may be back, and what it means for the date."""

    state: PadState
    expected: Expected
    launch: WaitingLaunch


@dataclass(frozen=True, slots=True)
class Substitutes:
    """Which other pads list one of a pad's capabilities, those that can launch now first."""

    capability: Capability
    pads: tuple[PadState, ...]

    @property
    def real(self) -> tuple[PadState, ...]:
        """Those that could take the launch now."""
        return tuple(state for state in self.pads if state.is_real_alternative)


@dataclass(frozen=True, slots=True)
class GoneCapability:
    """No active, operational pad has it. `under_restriction` when an active pad still has it with a restriction.

    `next` is the soonest mission of all that needs it.
    """

    capability: Capability
    under_restriction: bool
    next: Mission | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What one pad's state does. `launches` are crewed first, then by date."""

    state: PadState
    expected: Expected
    launches: tuple[WaitingLaunch, ...]
    substitutes: tuple[Substitutes, ...]

    @property
    def blocked(self) -> tuple[WaitingLaunch, ...]:
        """The launches it blocks, or may block."""
        return tuple(one for one in self.launches if one.blocked is not Blocked.NO)


@dataclass(frozen=True, slots=True)
class Impacts:
    """What all pads in question do together. A capability that several of them have lost is lost once."""

    pads: tuple[Impact, ...]
    gone: tuple[GoneCapability, ...]


def impacts_of(
    states: Iterable[PadState], missions: Iterable[Mission], now: datetime, pad_ids: Collection[int] | None = None
) -> Impacts:
    """The impact of these pads; without `pad_ids`, of every one that is not operational and not retired, the worst first.

    `states` are all pads of the workspace. Missions that do not wait for a launch are passed over.
    """
    known = sorted(states, key=_state_key)
    waiting = [mission for mission in missions if phase_of(mission) in WAITING_PHASES]
    at_pad: dict[int | None, list[Mission]] = defaultdict(list)
    for mission in waiting:
        at_pad[mission.pad_id].append(mission)
    able = _by_capability(sorted(known, key=_alternative_key))
    asked = [state for state in known if (_is_in_question(state) if pad_ids is None else state.pad.id in pad_ids)]
    found = tuple(_impact(state, at_pad[state.pad.id], able, now) for state in asked)
    return Impacts(found, _gone(found, waiting, able))


def expected_return(said: Iterable[Said], now: datetime) -> Expected:
    """The range over all estimates that still say something."""
    everyone = sorted(said, key=_said_key)
    dated = [one for one in everyone if one.window.is_dated]
    lapsed = [one for one in dated if one.window.latest is not None and one.window.latest <= now]
    standing = [one for one in dated if one not in lapsed]
    first = [(one.window.earliest, one) for one in standing if one.window.earliest is not None]
    last = [(one.window.latest, one) for one in standing if one.window.latest is not None]
    ends = [*last, *((at + _INSTANT, one) for at, one in first)] if last else []
    latest = _end(ends, max(at for at, _ in ends)) if ends else None
    earliest = _soonest_end(first, [(at - _INSTANT, one) for at, one in last if one.window.earliest is None], latest)
    return Expected(
        earliest=earliest,
        latest=latest,
        nobody_before=earliest.at if earliest is not None and len(first) == len(standing) else None,
        lapsed=tuple(lapsed),
        in_words=tuple(one for one in everyone if not one.window.is_dated),
    )


def launch_risk(mission: Mission, state: PadState, now: datetime) -> LaunchRisk | None:
    """The risk to a mission's launch; None when it does not wait for one, or its pad is operational."""
    if phase_of(mission) not in WAITING_PHASES or state.finding.status is PadStatus.OPERATIONAL:
        return None
    expected = expected_return(state.said, now)
    return LaunchRisk(state, expected, waiting_launch(mission, state.finding.status, expected))


def waiting_launch(mission: Mission, status: PadStatus, expected: Expected) -> WaitingLaunch:
    """What the pad's state does to one mission that waits for its launch.

    A launch "no earlier than" can wait: it is never blocked for certain, and possibly when it may open before the pad is back. A
    launch without a date may be before the return, like a date that nobody knows.
    """
    event = mission.open_event(EventKind.LAUNCH)
    launch = event.planned if event is not None and event.planned is not None and event.planned.is_known else None
    if status is PadStatus.OPERATIONAL:
        return WaitingLaunch(mission, launch, Blocked.NO, None, None)
    low, high = _gap(launch, expected)
    return WaitingLaunch(mission, launch, _blocked(launch, expected), low, high)


def _impact(state: PadState, waiting: Iterable[Mission], able: "_Able", now: datetime) -> Impact:
    expected = expected_return(state.said, now)
    launches = (waiting_launch(mission, state.finding.status, expected) for mission in waiting)
    others = (
        Substitutes(capability, tuple(other for other in able[key] if other is not state))
        for key, capability in _capabilities(state.pad).items()
    )
    return Impact(state, expected, tuple(sorted(launches, key=_crew_first)), tuple(others))


def _blocked(launch: When | None, expected: Expected) -> Blocked:
    if launch is not None and _is_certain(launch, expected):
        return Blocked.CERTAINLY
    if launch is None or launch.opens_at is None or expected.latest is None:
        return Blocked.POSSIBLY
    return Blocked.POSSIBLY if launch.opens_at < expected.latest.at else Blocked.NO


def _is_certain(launch: When, expected: Expected) -> bool:
    closes_at = launch.closes_at
    return closes_at is not None and expected.nobody_before is not None and closes_at <= expected.nobody_before


def _gap(launch: When | None, expected: Expected) -> tuple[int | None, int | None]:
    if launch is None or launch.opens_at is None:
        return None, None
    first_day = launch.opens_at
    last_day = first_day if launch.closes_at is None else launch.closes_at - _INSTANT
    low = None if expected.nobody_before is None else max(days_between(last_day, expected.nobody_before), 0)
    high = None if expected.latest is None else max(days_between(first_day, expected.latest.at - _INSTANT), 0)
    return low, high


_Key = tuple[str, MissionKind]
_Able = dict[_Key, list[PadState]]


def _by_capability(states: Iterable[PadState]) -> _Able:
    """Who lists what, in the order of `states`."""
    able: _Able = defaultdict(list)
    for state in states:
        for key in _capabilities(state.pad):
            able[key].append(state)
    return able


def _capabilities(pad: Pad) -> dict[_Key, Capability]:
    """Its capabilities, each once, spelling aside."""
    return {(name_key(one.vehicle), one.kind): one for one in sorted(pad.capabilities, key=_capability_key)}


def _gone(found: Sequence[Impact], waiting: Sequence[Mission], able: _Able) -> tuple[GoneCapability, ...]:
    lost: dict[_Key, Capability] = {}
    for impact in found:
        if impact.state.finding.status is PadStatus.OPERATIONAL:
            continue
        for key, capability in _capabilities(impact.state.pad).items():
            if not any(state.is_real_alternative for state in able[key]):
                lost.setdefault(key, capability)
    soonest = _soonest(lost, waiting)
    return tuple(
        GoneCapability(capability, any(_is_restricted(state) for state in able[key]), soonest.get(key))
        for key, capability in sorted(lost.items(), key=lambda pair: _capability_key(pair[1]))
    )


def _soonest(lost: Collection[_Key], waiting: Iterable[Mission]) -> dict[_Key, Mission]:
    """For each lost capability the next mission that needs it, whatever pad it names."""
    if not lost:
        return {}
    keys: dict[str, str] = {}  # a vehicle is spelled alike a thousand times
    soonest: dict[_Key, Mission] = {}
    for mission in waiting:
        if mission.vehicle not in keys:
            keys[mission.vehicle] = name_key(mission.vehicle)
        key = (keys[mission.vehicle], mission.kind)
        if key in lost and (key not in soonest or launch_key(mission) < launch_key(soonest[key])):
            soonest[key] = mission
    return soonest


def _is_in_question(state: PadState) -> bool:
    return state.finding.status is not PadStatus.OPERATIONAL and state.pad.lifecycle is not Lifecycle.RETIRED


def _is_restricted(state: PadState) -> bool:
    return state.pad.lifecycle is Lifecycle.ACTIVE and state.finding.status is PadStatus.RESTRICTED


def _soonest_end(first: _Ends, without_first: _Ends, latest: End | None) -> End | None:
    """The soonest that anybody names. A last date that is the very end of the range is no beginning of it."""
    begins = _end(first, min(at for at, _ in first)) if first else None
    by = min((at for at, _ in without_first), default=None)
    if by is None or (begins is not None and begins.at <= by) or (latest is not None and by >= latest.at - _INSTANT):
        return begins
    return replace(_end(without_first, by), or_before=True)


def _end(ends: Iterable[tuple[datetime, Said]], at: datetime) -> End:
    return End(at, tuple(one for stated_at, one in ends if stated_at == at))


def _said_key(one: Said) -> tuple[bool, int]:
    """Sources in the order of their statements, then the pad's own estimate."""
    return (True, 0) if isinstance(one, Estimate) else (False, one.number)


def _state_key(state: PadState) -> tuple[int, str, int]:
    return (_STATUS_RANK[state.finding.status], name_key(state.pad.name), state.pad.id)


def _alternative_key(state: PadState) -> tuple[bool, int, str, int]:
    """Pads that can launch now first, then active ones, the better status first."""
    is_active = state.pad.lifecycle is Lifecycle.ACTIVE
    return (not is_active, -_STATUS_RANK[state.finding.status], name_key(state.pad.name), state.pad.id)


def _capability_key(capability: Capability) -> tuple[int, str, str]:
    """Crew first: it is what people wait for."""
    return (list(MissionKind).index(capability.kind), name_key(capability.vehicle), capability.vehicle)


def _crew_first(one: WaitingLaunch) -> tuple[bool, tuple[bool, float, int, int]]:
    return (one.mission.kind is not MissionKind.CREW, launch_key(one.mission))
