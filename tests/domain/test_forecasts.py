"""Forecasts: what counts as one, which of a source's stands, and how it did when the pad was back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.forecasts import Forecast, Score, Verdict, checked_forecast, current, score
from domain.sources import Tier
from domain.when import Precision, When, at_precision, exactly
from domain.when_text import parse_when

NOW = datetime(2025, 12, 10, 12, tzinfo=UTC)
BACK = datetime(2026, 3, 3, 12, tzinfo=UTC)


def when(text: str | None) -> When | None:
    return None if text is None else parse_when(text, NOW)


def forecast(
    earliest: str | None = None,
    latest: str | None = None,
    note: str | None = None,
    *,
    source: str = "Roscosmos",
    number: int = 1,
    stated: str = "2025-12-01",
) -> Forecast:
    said_at = parse_when(stated, NOW)
    return Forecast(number, 20, source, Tier.OFFICIAL, when(earliest), when(latest), said_at, note, 7, NOW)


@pytest.mark.parametrize(
    ("earliest", "latest", "note", "code"),
    [
        (None, None, None, "forecast_needs_words"),
        ("unknown", None, "shortly", "forecast_needs_words"),
        (None, "NET 2026-03", None, "forecast_latest_open"),
        ("2026-03", "2026-02", None, "forecast_ends_first"),
        ("2026-03-05", "2026-03-04", None, "forecast_ends_first"),
    ],
)
def test_a_forecast_that_says_nothing_or_is_the_wrong_way_round_is_refused(
    earliest: str | None, latest: str | None, note: str | None, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_forecast(when(earliest), when(latest), note)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("earliest", "latest", "note"),
    [(None, None, "shortly"), ("NET 2026-03", None, None), (None, "2027-11-27", None), ("2026-03", "2026-03", None)],
)
def test_words_alone_one_end_and_one_month_for_both_are_forecasts(
    earliest: str | None, latest: str | None, note: str | None
) -> None:
    checked_forecast(when(earliest), when(latest), note)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (forecast(note="shortly"), Score(Verdict.ONLY_WORDS, 0, None)),
        (forecast(latest="2026-02-28"), Score(Verdict.TOO_EARLY, 3, 89)),
        (forecast(latest="2027-11-27"), Score(Verdict.HELD, 0, 726)),
        (forecast(earliest="2026-03"), Score(Verdict.HELD, 0, None)),
        (forecast(earliest="2026-04-12", latest="2026-05"), Score(Verdict.TOO_LATE, 40, 49)),
        (forecast(earliest="2026-03-01", latest="2026-03-03"), Score(Verdict.HELD, 0, 2)),
        (forecast(earliest="2026-02-01", latest="2026-03-02"), Score(Verdict.TOO_EARLY, 1, 29)),
    ],
)
def test_scores_of_the_case(said: Forecast, expected: Score) -> None:
    assert score(said, BACK) == expected


def test_a_sources_later_statement_takes_the_place_of_its_earlier_one_spelling_aside() -> None:
    first = forecast("2026-03", source="Roscosmos", number=1, stated="2025-12-10")
    then = forecast(latest="2026-02-28", source="ROSCOSMOS", number=2, stated="2025-12-15")
    other = forecast(latest="2027-11-27", source="Anatoly Zak", number=3)
    late_found = forecast(note="shortly", source="Roscosmos", number=4, stated="2025-11-27")
    assert current((first, then, other, late_found)) == (then, other)


INSTANTS = st.integers(0, 2000).map(lambda days: NOW + timedelta(days=days, hours=days % 24))
ENDS = st.one_of(st.none(), st.tuples(INSTANTS, st.sampled_from((Precision.DAY, Precision.MONTH, Precision.YEAR))))


@given(ENDS, ENDS, INSTANTS)
def test_a_forecast_held_exactly_when_the_return_lies_in_its_window(
    first: tuple[datetime, Precision] | None, last: tuple[datetime, Precision] | None, back: datetime
) -> None:
    earliest = None if first is None else at_precision(*first)
    latest = None if last is None else at_precision(*last)
    try:
        checked_forecast(earliest, latest, "or so")
    except InvalidInput:
        return
    found = Forecast(1, 20, "NASA", Tier.OFFICIAL, earliest, latest, exactly(NOW), "or so", 7, NOW)
    result, window = score(found, back), found.window
    inside = (window.earliest is None or back >= window.earliest) and (window.latest is None or back < window.latest)
    if not window.is_dated:
        assert result.verdict is Verdict.ONLY_WORDS
    else:
        assert (result.verdict is Verdict.HELD) is inside
        assert (result.days_off > 0) is not inside or result.days_off == 0
    if result.verdict is Verdict.TOO_EARLY:
        assert window.latest is not None
        assert back >= window.latest
    if result.verdict is Verdict.TOO_LATE:
        assert window.earliest is not None
        assert back < window.earliest
