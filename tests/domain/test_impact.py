"""What a pad out of service does to the manifest, over estimates that compete."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.damage import DamageReport, Severity
from domain.expected import Estimate, Window
from domain.forecasts import Forecast
from domain.impact import Blocked, Impacts, PadState, Said, expected_return, impacts_of, launch_risk
from domain.impact_facts import LAUNCHES_MAX, impact_facts
from domain.missions import Event, EventKind, EventState, Mission, MissionKind
from domain.pads import Capability, Lifecycle, Pad, PadStatus, StatusFinding, status_of
from domain.sources import Tier
from domain.text import name_key
from domain.when import UNKNOWN, When
from domain.when_text import parse_when
from tests.domain.test_when import whens

NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)
CREW, CARGO, OTHER = MissionKind.CREW, MissionKind.CARGO, MissionKind.OTHER
CLOSED, RESTRICTED, WELL = PadStatus.OUT_OF_SERVICE, PadStatus.RESTRICTED, PadStatus.OPERATIONAL


def time(text: str | None) -> When | None:
    return None if text is None else parse_when(text, NOW)


def forecast(number: int, earliest: str | None = None, latest: str | None = None, words: str = "shortly") -> Forecast:
    return Forecast(
        number,
        1,
        f"source {number}",
        Tier.MEDIA,
        time(earliest),
        time(latest),
        parse_when("2025-11-27", NOW),
        words,
        7,
        NOW,
    )


def mission(number: int, launch: str | When | None, kind: MissionKind = CARGO, **fields: object) -> Mission:
    planned = launch if isinstance(launch, When) else time(launch)
    events = () if planned is None else (Event(number + 1000, EventKind.LAUNCH, EventState.PLANNED, planned),)
    known: dict[str, object] = {"vehicle": "Soyuz-2.1a", "pad_id": 1}
    return Mission(number, f"Flight {number}", kind, events=events, **(known | fields))  # type: ignore[arg-type]


def finding(status: PadStatus) -> StatusFinding:
    return StatusFinding(status, None, unconfirmed=False, open_reports=0, awaiting_return=False)


def pad(
    number: int,
    status: PadStatus = WELL,
    *said: Said,
    able: tuple[tuple[str, MissionKind], ...] = (("Soyuz-2.1a", CREW), ("Soyuz-2.1a", CARGO)),
    lifecycle: Lifecycle = Lifecycle.ACTIVE,
) -> PadState:
    capabilities = tuple(Capability(*one) for one in able)
    known = Pad(number, f"Site {number}", "Baikonur", lifecycle=lifecycle, capabilities=capabilities)
    return PadState(known, finding(status), said)


def blocked(launch: str | None, *said: Said, status: PadStatus = CLOSED) -> tuple[str, int | None, int | None]:
    found = impacts_of([pad(1, status, *said)], [mission(10, launch)], NOW, [1])
    one = found.pads[0].launches[0]
    return one.blocked.value, one.gap_low, one.gap_high


WORDS = forecast(1)
TWO_YEARS = forecast(2, latest="2027-11-27")
FROM_MARCH = forecast(3, earliest="2026-03")
WINTER = forecast(4, earliest="2026-01-10", latest="2026-02-28")


def test_who_names_only_a_last_date_may_have_the_pad_back_before_all_first_dates() -> None:
    by_winter = forecast(5, latest="2026-02-28")
    found = expected_return((by_winter, FROM_MARCH, TWO_YEARS), NOW)
    assert found.earliest is not None
    assert (found.earliest.said_by, found.earliest.or_before) == ((by_winter,), True)
    alone = expected_return((TWO_YEARS,), NOW)
    assert (alone.earliest, alone.nobody_before) == (None, None)
    without = expected_return((FROM_MARCH, TWO_YEARS), NOW)
    assert without.earliest is not None
    assert (without.earliest.said_by, without.earliest.or_before) == ((FROM_MARCH,), False)


@pytest.mark.parametrize(
    ("launch", "said", "expected"),
    [
        ("2025-12-19", (), ("possibly", None, None)),
        ("2025-12-19", (WORDS,), ("possibly", None, None)),
        ("2025-12-19", (WORDS, TWO_YEARS), ("possibly", None, 708)),
        ("2025-12-19", (FROM_MARCH,), ("certainly", 72, None)),
        ("2025-12-19", (FROM_MARCH, TWO_YEARS), ("possibly", None, 708)),
        ("2025-12-19", (WINTER,), ("certainly", 22, 71)),
        ("2026-01-09", (WINTER,), ("certainly", 1, 50)),
        ("2026-01-10", (WINTER,), ("possibly", 0, 49)),
        ("2026-02-28T10:00Z", (WINTER,), ("possibly", 0, 0)),
        ("2026-03-01", (WINTER,), ("no", 0, 0)),
        ("2026-01", (WINTER,), ("possibly", 0, 58)),
        ("2026-07", (WINTER,), ("no", 0, 0)),
        ("2026-07", (FROM_MARCH,), ("possibly", 0, None)),
        ("2026-07", (FROM_MARCH, WINTER), ("no", 0, 0)),
        ("2026-03-01", (FROM_MARCH, WINTER), ("possibly", 0, 0)),
        ("2026-02", (FROM_MARCH, WINTER), ("possibly", 0, 28)),
        ("NET 2025-12", (FROM_MARCH,), ("possibly", 90, None)),
        ("NET 2025-12", (WINTER,), ("possibly", 40, 89)),
        ("NET 2026-03", (WINTER,), ("no", 0, 0)),
        ("unknown", (WINTER,), ("possibly", None, None)),
        (None, (WINTER,), ("possibly", None, None)),
    ],
)
def test_a_launch_is_blocked_as_far_as_the_estimates_say(
    launch: str | None, said: tuple[Said, ...], expected: tuple[str, int | None, int | None]
) -> None:
    assert blocked(launch, *said) == expected


def test_an_estimate_whose_last_date_has_passed_says_nothing_any_more() -> None:
    passed = forecast(5, latest="2025-11-26")
    assert blocked("2025-12-19", passed) == ("possibly", None, None)
    expected = expected_return([passed, WORDS, WINTER], NOW)
    assert (expected.lapsed, expected.in_words) == ((passed,), (WORDS,))
    assert blocked("2026-03-01", passed, WINTER) == blocked("2026-03-01", WINTER)


def test_the_range_is_named_after_those_who_state_its_ends() -> None:
    own = Estimate(Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)), (1,), 1)
    expected = expected_return([own, WINTER, TWO_YEARS], NOW)
    assert expected.earliest is not None
    assert expected.latest is not None
    assert (expected.earliest.said_by, expected.latest.said_by) == ((own,), (TWO_YEARS,))
    both = expected_return([own, forecast(9, latest="2026-02-28")], NOW).latest
    assert both is not None
    assert both.said_by == (forecast(9, latest="2026-02-28"), own)


def test_who_says_not_before_is_not_outvoted_by_an_earlier_last_date() -> None:
    assert blocked("2026-03-15", WINTER, forecast(5, earliest="2026-04")) == ("possibly", 0, 17)


def test_crewed_launches_come_first_then_by_date_then_those_without() -> None:
    flights = [mission(1, "2026-05"), mission(2, None), mission(3, "2026-07", CREW), mission(4, "NET 2026-04")]
    found = impacts_of([pad(1, CLOSED)], flights, NOW).pads[0].launches
    assert [one.mission.id for one in found] == [3, 4, 1, 2]


@pytest.mark.parametrize(
    "state", [EventState.DONE, EventState.FAILED, EventState.CANCELLED, EventState.SCRUBBED, EventState.HELD]
)
def test_only_missions_that_wait_for_a_launch_are_blocked(state: EventState) -> None:
    flight = mission(1, "2026-07")
    flight = replace(flight, events=(replace(flight.events[0], state=state),))
    found = impacts_of([pad(1, CLOSED)], [flight], NOW).pads[0].launches
    assert bool(found) is (state in {EventState.SCRUBBED, EventState.HELD})
    assert (launch_risk(flight, pad(1, CLOSED), NOW) is not None) is bool(found)
    assert launch_risk(flight, pad(1, WELL), NOW) is None


def test_alternatives_are_told_with_what_keeps_them_from_it() -> None:
    able = (("soyuz 2.1A", CREW),)
    states = [
        pad(1, CLOSED),
        pad(2, RESTRICTED, able=able),
        pad(3, able=able, lifecycle=Lifecycle.RETIRED),
        pad(4, able=able),
        pad(5, able=(("Soyuz-2.1b", CREW),)),
    ]
    crew, cargo = impacts_of(states, [], NOW, [1]).pads[0].substitutes
    assert [state.pad.id for state in crew.pads] == [4, 2, 3]
    assert [state.pad.id for state in crew.real] == [4]
    assert (cargo.pads, cargo.real) == ((), ())


def test_what_several_pads_have_lost_is_lost_once_and_the_next_that_needs_it_is_named() -> None:
    states = [pad(1, CLOSED), pad(2, CLOSED, able=(("SOYUZ 2.1a", CREW),))]
    flights = [mission(1, "2026-09", CREW, pad_id=None, vehicle="soyuz-21a"), mission(2, "2026-07", CREW, pad_id=2)]
    gone = impacts_of(states, flights, NOW).gone
    assert [(one.capability.kind, one.next and one.next.id, one.under_restriction) for one in gone] == [
        (CREW, 2, False),
        (CARGO, None, False),
    ]
    (crew, _) = impacts_of([states[0], replace(states[1], finding=finding(RESTRICTED))], flights, NOW, [1]).gone
    assert crew.under_restriction


def test_all_pads_in_question_are_told_worst_first_without_retired_ones() -> None:
    states = [pad(4, RESTRICTED), pad(3, CLOSED), pad(2, CLOSED, lifecycle=Lifecycle.RETIRED), pad(1)]
    assert [one.state.pad.id for one in impacts_of(states, [], NOW).pads] == [3, 4]
    assert [one.state.pad.id for one in impacts_of(states, [], NOW, [1, 2]).pads] == [2, 1]


def test_a_post_holds_so_many_launches_and_counts_the_rest() -> None:
    flights = [mission(number, "2026-07") for number in range(LAUNCHES_MAX + 4)]
    found = impacts_of([pad(1, CLOSED, TWO_YEARS)], flights, NOW)
    facts = impact_facts(found.pads[0], found.gone)
    assert (len(facts.launches), facts.more) == (LAUNCHES_MAX, 4)
    assert (facts.earliest, facts.latest) == (None, (datetime(2027, 11, 28, tzinfo=UTC), ("source 2",)))


def test_the_evening_of_the_damage() -> None:
    """The scenario's answers at 2025-11-27T18:00Z."""
    report = DamageReport(1, 1, Severity.CRITICAL, "service cabin fell", NOW, NOW, 7)
    site_31 = pad(1).pad
    closed = PadState(site_31, status_of(site_31, [report]), (WORDS, forecast(2, words="unknown"), TWO_YEARS))
    others = [
        pad(2, able=(("Soyuz-2.1a", OTHER), ("Soyuz-2.1b", OTHER))),
        pad(3, able=(("Soyuz-2.1a", OTHER), ("Soyuz-2.1b", OTHER))),
        pad(4, able=(("Soyuz-FG", CREW), ("Soyuz-FG", CARGO)), lifecycle=Lifecycle.RETIRED),
    ]
    launched = Event(1, EventKind.LAUNCH, EventState.DONE, None, NOW)
    flights = [
        Mission(28, "Soyuz MS-28", CREW, "Soyuz-2.1a", pad_id=1, events=(launched,)),
        mission(33, "2025-12-19"),
        mission(29, "2026-07", CREW),
    ]
    found = impacts_of([closed, *others], flights, NOW)
    (impact,) = found.pads
    assert [(one.mission.id, one.blocked) for one in impact.launches] == [
        (29, Blocked.POSSIBLY),
        (33, Blocked.POSSIBLY),
    ]
    assert [(one.capability, one.next and one.next.id) for one in found.gone] == [
        (Capability("Soyuz-2.1a", CREW), 29),
        (Capability("Soyuz-2.1a", CARGO), 33),
    ]
    assert [one.pads for one in impact.substitutes] == [(), ()]


# --- properties --------------------------------------------------------------------------------------------------------

INSTANTS = st.integers(-400, 1400).map(lambda days: NOW + timedelta(days=days, hours=days % 24))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first, last = draw(st.none() | INSTANTS), draw(st.none() | INSTANTS)
    if first is not None and last is not None and last <= first:
        first, last = last, first + timedelta(days=1)
    return Window(first, last)


SAIDS = st.lists(st.builds(lambda window: Estimate(window, (), 0), windows()), max_size=5)
VEHICLES = st.sampled_from(["Soyuz-2.1a", "soyuz 2.1A", "Soyuz-2.1b"])
KINDS = st.sampled_from(MissionKind)
LAUNCHES = st.none() | whens | st.just(UNKNOWN)


@st.composite
def states(draw: st.DrawFn) -> list[PadState]:
    return [
        pad(
            number,
            draw(st.sampled_from(PadStatus)),
            *draw(SAIDS),
            able=tuple(draw(st.lists(st.tuples(VEHICLES, KINDS), max_size=3))),
            lifecycle=draw(st.sampled_from(Lifecycle)),
        )
        for number in range(1, 1 + draw(st.integers(1, 5)))
    ]


@st.composite
def flights(draw: st.DrawFn) -> list[Mission]:
    return [
        mission(number, draw(LAUNCHES), draw(KINDS), vehicle=draw(VEHICLES), pad_id=draw(st.none() | st.integers(1, 5)))
        for number in range(10, 10 + draw(st.integers(0, 6)))
    ]


def one_blocked(launch: When | None, said: list[Estimate], status: PadStatus = CLOSED) -> Blocked:
    found = launch_risk(mission(10, launch), pad(1, status, *said), NOW)
    return Blocked.NO if found is None else found.launch.blocked


@given(states(), flights(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_never_matters(known: list[PadState], waiting: list[Mission], dice: object) -> None:
    before = impacts_of(known, waiting, NOW)
    shuffled = [replace(state, said=tuple(reversed(state.said))) for state in known]
    mixed = list(waiting)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    after = impacts_of(shuffled, mixed, NOW)
    assert _told(after) == _told(before)


def _told(found: Impacts) -> object:
    """Everything of it but the order in which each pad's estimates stand."""
    return (
        found.gone,
        [
            (
                impact.state.pad,
                impact.expected.earliest and impact.expected.earliest.at,
                impact.expected.latest and impact.expected.latest.at,
                impact.launches,
                [(one.capability, [state.pad for state in one.pads]) for one in impact.substitutes],
            )
            for impact in found.pads
        ],
    )


@given(LAUNCHES, SAIDS, windows())
def test_one_estimate_more_never_unblocks_unless_it_is_the_first_to_state_a_last_date(
    launch: When | None, said: list[Estimate], window: Window
) -> None:
    more = [*said, Estimate(window, (), 0)]
    had_end = expected_return(said, NOW).latest is not None
    if one_blocked(launch, said) is not Blocked.NO and (had_end or window.latest is None):
        assert one_blocked(launch, more) is not Blocked.NO


@given(LAUNCHES, SAIDS, st.timedeltas(timedelta(0), timedelta(days=900)), st.data())
def test_a_later_last_date_never_unblocks(
    launch: When | None, said: list[Estimate], later: timedelta, data: st.DataObject
) -> None:
    ending = [number for number, one in enumerate(said) if one.window.latest is not None and one.window.latest > NOW]
    if not ending:
        return
    chosen = data.draw(st.sampled_from(ending))
    window = said[chosen].window
    assert window.latest is not None
    for moved in (window.latest + later, None):
        after = [*said]
        after[chosen] = replace(said[chosen], window=Window(window.earliest, moved))
        keeps_an_end = moved is not None or len(ending) == 1
        if one_blocked(launch, said) is not Blocked.NO and keeps_an_end:
            assert one_blocked(launch, after) is not Blocked.NO


@given(LAUNCHES, SAIDS)
def test_blocked_for_certain_is_blocked_possibly(launch: When | None, said: list[Estimate]) -> None:
    """Under every estimate alone it is blocked as well, wherever that says anything."""
    if one_blocked(launch, said) is Blocked.CERTAINLY:
        dated = [one for one in said if one.window.is_dated]
        assert dated
        assert all(one_blocked(launch, [one]) is not Blocked.NO for one in dated)
        assert launch is not None
        assert not launch.no_earlier_than


@given(LAUNCHES, st.lists(st.builds(lambda at: Estimate(Window(at, None), (), 0), INSTANTS), max_size=4))
def test_without_a_last_date_every_launch_may_be_blocked(launch: When | None, said: list[Estimate]) -> None:
    assert one_blocked(launch, said) is not Blocked.NO


@given(LAUNCHES, SAIDS)
def test_a_restricted_pad_puts_in_question_just_what_a_closed_one_blocks(
    launch: When | None, said: list[Estimate]
) -> None:
    assert one_blocked(launch, said, RESTRICTED) is one_blocked(launch, said)


@given(LAUNCHES, SAIDS)
def test_the_least_slip_is_never_more_than_the_most(launch: When | None, said: list[Estimate]) -> None:
    found = launch_risk(mission(10, launch), pad(1, CLOSED, *said), NOW)
    assert found is not None
    low, high = found.launch.gap_low, found.launch.gap_high
    assert low is None or high is None or 0 <= low <= high


@given(states(), flights())
def test_a_pad_in_service_blocks_nothing_and_has_lost_nothing(known: list[PadState], waiting: list[Mission]) -> None:
    well = [replace(state, finding=finding(WELL)) for state in known]
    found = impacts_of(well, waiting, NOW, [state.pad.id for state in well])
    assert found.gone == ()
    assert all(impact.blocked == () for impact in found.pads)
    assert impacts_of(well, waiting, NOW).pads == ()


@given(states(), flights())
def test_only_other_pads_that_are_active_and_operational_are_real_alternatives(
    known: list[PadState], waiting: list[Mission]
) -> None:
    for impact in impacts_of(known, waiting, NOW).pads:
        for one in impact.substitutes:
            assert impact.state not in one.pads
            assert {state.pad.id for state in one.real} == {
                state.pad.id
                for state in known
                if state is not impact.state
                and state.pad.lifecycle is Lifecycle.ACTIVE
                and state.finding.status is WELL
                and _can(state, one.capability)
            }


@given(states(), flights())
def test_a_capability_is_gone_when_nobody_active_and_operational_has_it(
    known: list[PadState], waiting: list[Mission]
) -> None:
    found = impacts_of(known, waiting, NOW)
    gone = {(name_key(one.capability.vehicle), one.capability.kind) for one in found.gone}
    assert len(gone) == len(found.gone)
    lost = {
        (name_key(one.capability.vehicle), one.capability.kind)
        for impact in found.pads
        for one in impact.substitutes
        if not one.real
    }
    assert gone == lost


def _can(state: PadState, capability: Capability) -> bool:
    return any(
        name_key(one.vehicle) == name_key(capability.vehicle) and one.kind is capability.kind
        for one in state.pad.capabilities
    )
