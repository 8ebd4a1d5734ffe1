"""Boards as they are read: whole lines are cut and counted, what ticks is a timestamp, days are counted as of the footer's time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cogs.embeds import embed_of
from cogs.render.announcements import announcement
from cogs.render.card import Tone
from cogs.render.room import CARD_MAX, TEXT_MAX
from cogs.text import Locale, load_catalogues
from domain.board_facts import (
    BoardEvent,
    BoardFacts,
    BoardMission,
    BoardPad,
    BoardPerson,
    BoardStation,
    CrewBoard,
    MissionBoard,
    PadBoard,
)
from domain.impact_facts import LostCapability
from domain.missions import Clearance, EventKind, MissionKind, Phase
from domain.pads import Lifecycle, PadStatus
from domain.when import Precision, When

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LAUNCH = datetime(2025, 11, 27, 9, 27, 57, tzinfo=UTC)


@pytest.fixture
def locale() -> Locale:
    return load_catalogues().locale("en")


def flying(name: str, next_: BoardEvent | None = None) -> BoardMission:
    return BoardMission(1, name, Phase.DOCKED, None, Clearance.CLEARED, LAUNCH, ("ISS", "Rassvet nadir"), next_)


def planned(name: str) -> BoardMission:
    return BoardMission(2, name, Phase.PLANNED, None, Clearance.CLEARED)


def text(facts: BoardFacts, locale: Locale) -> str:
    return announcement(facts, locale).text


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            When(NOON + timedelta(hours=5), Precision.MINUTE),
            f"3 Mar 2026 17:00 UTC (<t:{int(NOON.timestamp()) + 18000}:R>)",
        ),
        (When(datetime(2026, 3, 13, tzinfo=UTC), Precision.DAY), "13 Mar 2026 (R−10 days)"),
        (When(datetime(2026, 3, 3, tzinfo=UTC), Precision.DAY), "3 Mar 2026 (today)"),
        (When(datetime(2026, 3, 2, tzinfo=UTC), Precision.DAY), "2 Mar 2026"),
        (When(datetime(2026, 7, 1, tzinfo=UTC), Precision.MONTH), "July 2026"),
        (When(datetime(2026, 3, 13, tzinfo=UTC), Precision.DAY, no_earlier_than=True), "no earlier than 13 Mar 2026"),
        (None, "no date yet"),
    ],
)
def test_a_countdown_ticks_is_counted_in_days_or_is_left_out(when: When | None, said: str, locale: Locale) -> None:
    facts = MissionBoard(NOON, (flying("Soyuz MS-28", BoardEvent(EventKind.LANDING, None, when)),))
    assert text(facts, locale).splitlines()[-1] == f"↳ next: landing, {said}"


def test_met_counts_whole_days_beside_a_lift_off_that_ticks(locale: Locale) -> None:
    facts = MissionBoard(NOON, (flying("Soyuz MS-28"),))
    stamp = f"<t:{int(LAUNCH.timestamp())}:R>"
    assert f"MET 96 days · lift-off {stamp}" in text(facts, locale)
    assert "MET" not in text(replace(facts, as_of=LAUNCH + timedelta(hours=9)), locale)
    assert stamp in text(replace(facts, as_of=LAUNCH + timedelta(hours=9)), locale)


def test_flying_and_planned_stand_apart_and_no_heading_stands_alone(locale: Locale) -> None:
    both = text(MissionBoard(NOON, (flying("MS-28"), planned("MS-29"))), locale)
    assert both.index("__Flying__") < both.index("MS-28") < both.index("__Yet to launch__") < both.index("MS-29")
    assert "__Flying__" not in text(MissionBoard(NOON, (planned("MS-29"),)), locale)
    assert text(MissionBoard(NOON, ()), locale) == "Nothing is flying and nothing is planned."


def test_the_footer_says_when_it_was_last_true(locale: Locale) -> None:
    assert announcement(MissionBoard(NOON, ()), locale).footer == "As of 3 Mar 2026 12:00 UTC"


def crowd(number: int) -> tuple[BoardFacts, ...]:
    name = "Soyuz MS-28 with a name as long as such a name may ever be, and longer than that"
    event = BoardEvent(EventKind.EVA, name, When(NOON, Precision.MINUTE))
    pads = tuple(BoardPad(1, f"{n} {name}", name, Lifecycle.ACTIVE, PadStatus.OPERATIONAL) for n in range(number))
    gone = tuple(LostCapability(f"{name} {n}", MissionKind.CREW, False, None, None) for n in range(number))
    people = tuple(BoardPerson(f"{n} {name}", name, name, NOON, name, name, None) for n in range(number))
    return (
        MissionBoard(NOON, tuple(flying(f"{n} {name}", event) for n in range(number)), 7),
        PadBoard(NOON, pads, gone, 7),
        CrewBoard(NOON, (BoardStation(name, people, 7, number, (name,) * number, (name,) * number),), 7),
    )


@pytest.mark.parametrize("kind", [0, 1, 2])
@pytest.mark.parametrize("number", [1, 9, 60])
def test_a_board_fits_a_message_cuts_whole_lines_and_says_how_many_are_left(
    number: int, kind: int, locale: Locale
) -> None:
    facts = crowd(number)[kind]
    card = announcement(facts, locale)
    late = announcement(facts, locale, late_since=NOON)
    assert len(late.text) <= TEXT_MAX
    embed = embed_of(late)
    assert len(embed) <= CARD_MAX
    assert embed.description == late.text
    command = ("/mission list", "/pad list", "/crew aboard")[kind]
    last = card.text.splitlines()[-1]
    assert last.endswith(f"more: `{command}`")
    shown = sum(f"{n} Soyuz MS-28" in card.text for n in range(number))
    if kind == 0:
        assert last == f"and {number - shown + 7} more: `{command}`"


@pytest.mark.parametrize(
    ("emergency", "without", "tone"),
    [((), (), Tone.GOOD), (("Jonny Kim",), (), Tone.WARNING), (("Jonny Kim",), ("Mike Fincke",), Tone.BAD)],
)
def test_who_has_no_way_home_stands_above_everybody(
    emergency: tuple[str, ...], without: tuple[str, ...], tone: Tone, locale: Locale
) -> None:
    person = BoardPerson("Zena Cardman", "NASA", "Commander", NOON - timedelta(days=9), "Crew-11", "Crew-11", None)
    station = BoardStation("ISS", (person, replace(person, person="Kimiya Yui")), 0, 2, emergency, without)
    card = announcement(CrewBoard(NOON, (station,)), locale)
    assert card.tone is tone
    assert card.text.count("Aboard since 22 Feb 2026, 9 days · down on Crew-11: no date yet") == 1
    for name in (*emergency, *without):
        assert card.text.index(name) < card.text.index("Zena Cardman")
