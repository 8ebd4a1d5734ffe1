"""What others say stands side by side: the official view, the gravest other one, and nothing averaged away."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessments import Assessment, adopt, standing, views_of
from domain.damage import DamageReport, ReportState, Severity
from domain.errors import Conflict
from domain.sources import Tier
from domain.text import name_key
from domain.when import Precision, When, at_precision

NOON = datetime(2025, 11, 27, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def said(
    source: str,
    severity: Severity,
    tier: Tier = Tier.INDEPENDENT,
    hours: float = 0,
    precision: Precision = Precision.MINUTE,
    number: int | None = None,
) -> Assessment:
    stated = at_precision(NOON + timedelta(hours=hours), precision)
    return Assessment(number or next(_numbers), 1, severity, tier, source, stated, None, None, None, 7, NOON)


THE_CASE = (
    said("Roscosmos", Severity.MINOR, Tier.OFFICIAL, 3),
    said("Georgy Trishkin", Severity.CRITICAL, Tier.INDEPENDENT, 4),
    said("Vitaly Egorov", Severity.MAJOR, Tier.MEDIA, 4.5),
    said("Anatoly Zak", Severity.CRITICAL, Tier.INDEPENDENT, 6),
)


def test_the_case_stands_as_official_minor_against_two_of_three_who_say_critical() -> None:
    views = views_of(THE_CASE)
    assert views.official is not None
    assert views.other is not None
    assert (views.official.severity, views.official.agreeing, views.official.sources) == (Severity.MINOR, 1, 1)
    assert (views.other.severity, views.other.agreeing, views.other.sources) == (Severity.CRITICAL, 2, 3)
    assert (views.other.leading.source, views.contradict) == ("Anatoly Zak", True)


def test_one_source_is_one_source_however_it_is_spelled_and_its_last_word_stands() -> None:
    first, last = said("Roscosmos", Severity.MINOR, Tier.OFFICIAL), said("ROS-COSMOS", Severity.MAJOR, Tier.OFFICIAL, 2)
    assert standing((first, last)) == (last,)
    views = views_of((first, last))
    assert views.official is not None
    assert (views.official.severity, views.official.sources, views.contradict) == (Severity.MAJOR, 1, False)


def test_what_was_stated_earlier_does_not_take_the_place_of_what_is_known_already() -> None:
    new, old = said("Roscosmos", Severity.MAJOR, hours=5), said("Roscosmos", Severity.MINOR, hours=1)
    assert standing((new, old)) == (new,)


def test_where_it_cannot_be_told_what_was_stated_later_what_was_recorded_later_stands() -> None:
    exact = said("Roscosmos", Severity.MAJOR, hours=5)
    that_day = said("Roscosmos", Severity.MINOR, precision=Precision.DAY)
    assert standing((exact, that_day)) == (that_day,)
    assert standing((replace(exact, number=that_day.number + 1), that_day)) == (
        replace(exact, number=that_day.number + 1),
    )


ANY = st.lists(
    st.builds(
        said,
        st.sampled_from(("Roscosmos", "ros cosmos", "NASA", "Zak", "TASS")),
        st.sampled_from(Severity),
        st.sampled_from(Tier),
        st.integers(0, 40),
        st.sampled_from((Precision.MINUTE, Precision.HOUR, Precision.DAY)),
    ),
    max_size=8,
)


@given(ANY, st.randoms())
def test_the_order_in_which_assessments_are_given_does_not_matter(known: list[Assessment], dice: object) -> None:
    shuffled = list(known)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert views_of(shuffled) == views_of(known)


@given(ANY)
def test_each_side_speaks_with_its_gravest_standing_voice_and_counts_every_source_once(known: list[Assessment]) -> None:
    stand = standing(known)
    assert len(stand) == len({name_key(one.source) for one in known})
    views = views_of(known)
    for side, mine in ((views.official, True), (views.other, False)):
        of_side = [one for one in stand if (one.tier is Tier.OFFICIAL) is mine]
        assert (side is None) is (not of_side)
        if side is not None:
            assert side.severity is max((one.severity for one in of_side), key=lambda severity: severity.rank)
            assert side.sources == len(of_side)
            assert side.agreeing == sum(one.severity is side.severity for one in of_side)
    assert views.contradict is (
        views.official is not None and views.other is not None and views.official.severity != views.other.severity
    )


def test_adopting_takes_the_severity_and_calls_the_report_confirmed() -> None:
    report = DamageReport(1, 20, Severity.CRITICAL, "bent", NOON, NOON, 7, held_since=NOON)
    changed, adopted = adopt(report, THE_CASE[0], NOON, "they went there")
    assert (changed.severity, changed.state, changed.held_since) == (Severity.MINOR, ReportState.CONFIRMED, NOON)
    assert adopted.adopted_at == NOON


def test_adopting_what_the_report_says_already_is_refused() -> None:
    report = DamageReport(1, 20, Severity.MINOR, "bent", NOON, NOON, 7, state=ReportState.CONFIRMED)
    with pytest.raises(Conflict) as refusal:
        adopt(report, THE_CASE[0], NOON, "so what")
    assert refusal.value.code == "adoption_changes_nothing"


def test_a_stated_time_has_an_instant() -> None:
    assert isinstance(THE_CASE[0].stated, When)
    assert THE_CASE[0].stated.at == NOON + timedelta(hours=3)
