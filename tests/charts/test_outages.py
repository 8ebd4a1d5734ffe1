"""An outage as a picture and in words: what is drawn where, that nothing covers anything, and that the words say all of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.charts.chart import Chart, ChartRow, Symbol
from cogs.charts.drawing import WIDTH, draw
from cogs.embeds import embed_of
from cogs.render.outage_chart import LANES_MAX, chart
from cogs.render.outage_words import words_of
from cogs.render.pad_history import alt_text, card, fits, written_out
from cogs.render.room import TEXT_MAX
from cogs.text import load_catalogues
from domain.expected import Estimate
from domain.outage import past_of
from domain.outage_layout import ROWS_MAX
from domain.pad_records import Records
from domain.when import Precision, at_precision
from services.pad_history import PadHistory
from tests.charts.flights import HOSTILE_NAMES
from tests.charts.outages import OUTAGES, history, hostile
from tests.charts.test_drawing import opened
from tests.domain.test_outage import ESTIMATES, WHOLE, after, crowds

ENGLISH = load_catalogues().locale("en")
DISCORD_DESCRIPTION_MAX = 1024


def drawn(found: PadHistory) -> Chart:
    assert found.newest is not None
    return chart(found, found.newest, ENGLISH)


def row(shown: Chart, label: str) -> ChartRow:
    return next(row for row in shown.rows if label in row.label)


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
@pytest.mark.parametrize("story", OUTAGES)
def test_every_outage_becomes_a_picture_of_a_sane_size(story: str, language: str) -> None:
    found = OUTAGES[story]()
    assert found.newest is not None
    png = draw(chart(found, found.newest, load_catalogues().locale(language)))
    image = opened(png)
    assert image.width == WIDTH
    assert 300 < image.height < 4000
    assert len(png) < 300_000


def test_an_outage_that_is_over_is_drawn_from_its_reports_to_its_return() -> None:
    shown = drawn(OUTAGES["returned"]())
    assert [one.label for one in shown.rows] == [
        "DR-1 major",
        "Assessments: official",
        "Assessments: media",
        "Return: Roscosmos (official)",
        "RT-1 clear the trench",
        "Standing restriction",
        "Inspections",
        "Return to service",
    ]
    assert shown.subtitle == "Away from 27 Nov 2025 to 7 Dec 2025 · 10 days · Baikonur"
    assert (shown.now_at, shown.now_label) == (None, "back in service: 7 Dec 2025 12:00 UTC")
    assert shown.ended_at is not None
    (mark,) = row(shown, "Return to service").lanes[0].marks
    assert (mark.symbol, mark.at) == (Symbol.RETURNED, shown.ended_at)


def test_a_report_is_a_bar_for_each_severity_with_marks_where_it_was_taken_on_changed_and_closed() -> None:
    shown = drawn(OUTAGES["returned"]())
    report = row(shown, "DR-1")
    bars = report.lanes[0].bars
    assert [bar.symbol for bar in bars] == [Symbol.CRITICAL, Symbol.MAJOR]
    assert bars[0].end == bars[1].start
    assert shown.ended_at is not None
    assert bars[1].end < shown.ended_at
    assert report.symbols >= {Symbol.CRITICAL, Symbol.MAJOR, Symbol.ACKNOWLEDGED, Symbol.DONE}
    assert "critical → major" in report.details
    assert report.dates == "closed · 6 Dec 2025"


def test_an_open_report_runs_on_to_now() -> None:
    shown = drawn(OUTAGES["going_on"]())
    assert row(shown, "DR-1").lanes[0].bars[-1].end == shown.now_at
    assert Symbol.DONE not in row(shown, "DR-1").symbols


def test_what_a_source_said_before_is_hollow_above_what_it_says_now_and_words_are_words() -> None:
    shown = drawn(OUTAGES["returned"]())
    source = row(shown, "Return: Roscosmos")
    assert [lane.bars[0].symbol for lane in source.lanes] == [Symbol.PLANNED]
    assert "before: “shortly”" in source.details
    assert source.details[0] == "2 days too early"
    crowded = next(one for one in drawn(OUTAGES["crowd"]()).rows if one.label.startswith("Return: Source"))
    assert [lane.bars[0].symbol for lane in crowded.lanes] == [Symbol.FIRST_PLAN, Symbol.FIRST_PLAN, Symbol.PLANNED]


def test_a_forecast_of_years_runs_on_and_its_date_is_said() -> None:
    shown = drawn(OUTAGES["going_on"]())
    (lane,) = row(shown, "Return: Analyst").lanes
    assert lane.bars[0].runs_on
    assert row(shown, "Return: Analyst").dates == "by 27 Nov 2027"
    assert Symbol.RUNS_ON in dict(shown.legend)


def test_the_pads_own_estimate_is_a_range_with_what_decides_it() -> None:
    estimate = row(drawn(OUTAGES["going_on"]()), "own estimate")
    (lane,) = estimate.lanes
    assert (lane.bars[0].symbol, lane.bars[0].runs_on) == (Symbol.PLANNED, False)
    assert estimate.dates == "17 Dec 2025 to 21 Dec 2025"
    assert estimate.details == ("RT-2 decides", "RT-1 → RT-2")


def test_repairs_show_how_far_they_are_and_what_is_in_their_way() -> None:
    shown = drawn(OUTAGES["refused"]())
    late = row(shown, "late")
    plan, done = late.lanes[0].bars
    assert (plan.symbol, done.symbol, late.symbol) == (Symbol.PLANNED, Symbol.PROGRESS, Symbol.OVERDUE)
    assert (done.end - done.start) / (plan.end - plan.start) == pytest.approx(0.6)
    assert row(shown, "blocked").symbols >= {Symbol.BLOCKED, Symbol.RUNS_ON}
    assert "no crane" in row(shown, "blocked").details
    assert [bar.symbol for bar in row(shown, "given up").lanes[0].bars] == [Symbol.CANCELLED]
    assert [bar.runs_on for bar in row(shown, "without a date").lanes[0].bars] == [True]
    assert row(drawn(OUTAGES["returned"]()), "RT-1").symbols == {Symbol.DONE, Symbol.VERIFIED}


def test_what_was_refused_is_drawn_as_refused() -> None:
    shown = drawn(OUTAGES["refused"]())
    assert row(shown, "Inspections").symbol is Symbol.FAILED
    back = row(shown, "Return to service")
    assert (back.symbol, back.dates) == (Symbol.CANCELLED, "declined · 7 Dec 2025")
    assert back.symbols == {Symbol.ASKED, Symbol.CANCELLED}


def test_too_much_is_cut_to_what_a_picture_holds_and_that_is_said() -> None:
    shown = drawn(OUTAGES["crowd"]())
    assert len(shown.rows) == ROWS_MAX
    assert shown.note == (
        "Not drawn for want of room: 8 reports, 5 sources of forecasts, 26 repairs. The text has everything."
    )
    assert drawn(OUTAGES["returned"]()).note == ""


@given(crowds(), ESTIMATES, st.integers(8, 900))
def test_nothing_covers_anything_and_everything_lies_in_the_picture(
    records: Records, estimate: Estimate | None, days: int
) -> None:
    found = history(records, after(days), estimate=estimate)
    assert past_of(records).outages
    shown = drawn(found)
    assert len(shown.rows) <= ROWS_MAX
    for one in shown.rows:
        assert len(one.lanes) <= LANES_MAX
        for lane in one.lanes:
            places = [mark.at for mark in lane.marks]
            task = one.label.startswith("RT-")
            assert all(b - a >= 0.03 for a, b in pairwise(places)) or task
            assert all(0 <= bar.start <= bar.end <= 1 for bar in lane.bars)
            assert all(0 <= at <= 1 for at in places)
    assert {symbol for one in shown.rows for symbol in one.symbols} == {symbol for symbol, _ in shown.legend}


# --- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", OUTAGES)
def test_the_text_says_everything_and_fits(story: str) -> None:
    found = OUTAGES[story]()
    shown, whole = card(found, ENGLISH), written_out(found, ENGLISH)
    assert all(words_of(entry, ENGLISH).plain in whole for entry in found.past.entries)
    assert len(shown.text) <= TEXT_MAX
    embed = embed_of(shown)
    assert embed.description == shown.text
    assert [field.value for field in embed.fields] == [field.value for field in shown.fields]
    assert fits(found, ENGLISH) is ("attached text" not in shown.text + "".join(field.value for field in shown.fields))


@pytest.mark.parametrize("story", OUTAGES)
def test_the_description_of_the_picture_says_its_rows(story: str) -> None:
    shown = drawn(OUTAGES[story]())
    said = alt_text(shown, ENGLISH)
    assert len(said) <= DISCORD_DESCRIPTION_MAX
    assert said.startswith(f"Site 31/6: {shown.subtitle}. {shown.rows[0].label}: {shown.rows[0].dates}")
    assert shown.rows[-1].label in said or said.endswith("More in the text of this message.")


def test_an_outage_that_is_over_says_how_long_it_was_what_it_cost_and_how_the_forecasts_did() -> None:
    shown = card(OUTAGES["returned"](), ENGLISH)
    fields = {field.name: field.value for field in shown.fields}
    assert shown.text.startswith("**🟢 operational · away from 27 Nov 2025 to 7 Dec 2025 · 10 days**")
    assert fields["Days it cost"] == "**In all: 30 days**\nProgress MS-33 launch: 30 days"
    assert fields["Forecasts of its return"].split("\n") == [
        "Roscosmos (official): by 5 Dec 2025 · stated 29 Nov 2025 12:00 UTC · 2 days too early",
        "Roscosmos (official): “shortly” · stated 27 Nov 2025 21:36 UTC · superseded · only words, nothing to score",
    ]
    assert "⚠️ The two contradict each other." in fields["What is said of DR-1"]
    whole = written_out(OUTAGES["returned"](), ENGLISH)
    assert "DR-1 updated · critical → major · reported, not confirmed → confirmed" in whole
    assert shown.text.endswith("**RS-1 confirmed: back in service**")


def test_a_slip_to_no_exact_day_is_not_called_no_days() -> None:
    (date,) = WHOLE.moved
    vague = replace(date.entries[1], after=at_precision(after(50), Precision.MONTH), slip_days=None)
    found = history(replace(WHOLE, moved=(replace(date, entries=(date.entries[0], vague)),)), after(12))
    fields = {field.name: field.value for field in card(found, ENGLISH).fields}
    assert fields["Days it cost"].startswith("**In all: moved 1 time to no exact day**")


def test_a_moment_of_the_past_is_said_to_be_one() -> None:
    shown = card(OUTAGES["going_on"](), ENGLISH)
    assert shown.text.startswith("*As it had been recorded by 2 Dec 2025 12:00 UTC.*")
    assert "away since 27 Nov 2025 · 5 days" in shown.text
    assert drawn(OUTAGES["going_on"]()).now_label == "as recorded by 2 Dec 2025 12:00 UTC"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_does_nothing_in_the_message_and_is_itself_in_the_picture(name: str) -> None:
    found = hostile(name)
    shown = card(found, ENGLISH)
    for text in (shown.title, shown.text, *(field.value for field in shown.fields)):
        assert "@everyone" not in text
        assert "<@" not in text.replace("\\<", "")
        assert "](" not in text.replace("\\]", "")
    picture = drawn(found)
    assert picture.title == name
    assert opened(draw(picture)).width == WIDTH
