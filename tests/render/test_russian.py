"""Russian: numbers and dates bend as the language does, and the cards read as a flight control team writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from cogs.render import coverage, missions, pads, repairs, statements, subscriptions, timeline
from cogs.render.announcements import announcement
from cogs.render.errors import refusal
from cogs.render.words import day_of_month, days, days_away, duration, short_month, when
from cogs.text import Locale
from domain.announcements import Topic
from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotPermitted, OpsError
from domain.facts import DraftWaiting, EventDone
from domain.missions import EventKind
from domain.pad_facts import DamageReported
from domain.pads import PadStatus
from domain.places import Place
from domain.when import Precision, at_precision
from services.announcements import ChannelFacts, Subscribe
from services.missions import MoveEvent
from services.statements import PostStatement
from tests.render.conftest import Evening, plain
from tests.render.test_cards import COUNTDOWNS, LAUNCH, MOVES, OTHERWISE, at, pages

AT = datetime(2026, 7, 29, 10, 30, 15, tzinfo=UTC)
SAID = {
    Precision.SECOND: ("29 июля 2026 10:30:15 UTC", "не ранее 29 июля 2026 10:30:15 UTC"),
    Precision.MINUTE: ("29 июля 2026 10:30 UTC", "не ранее 29 июля 2026 10:30 UTC"),
    Precision.HOUR: (
        "29 июля 2026, в течение часа с 10:00 UTC",
        "не ранее 29 июля 2026, в течение часа с 10:00 UTC",
    ),
    Precision.DAY: ("29 июля 2026", "не ранее 29 июля 2026"),
    Precision.WEEK: ("неделя с 27 июля 2026", "не ранее недели с 27 июля 2026"),
    Precision.MONTH: ("июль 2026", "не ранее июля 2026"),
    Precision.QUARTER: ("III квартал 2026", "не ранее III квартала 2026"),
    Precision.HALF: ("второе полугодие 2026", "не ранее второго полугодия 2026"),
    Precision.YEAR: ("2026", "не ранее 2026 года"),
}
MONTHS = (
    ("января", "январь", "янв."), ("февраля", "февраль", "февр."), ("марта", "март", "март"),
    ("апреля", "апрель", "апр."), ("мая", "май", "май"), ("июня", "июнь", "июнь"),
    ("июля", "июль", "июль"), ("августа", "август", "авг."), ("сентября", "сентябрь", "сент."),
    ("октября", "октябрь", "окт."), ("ноября", "ноябрь", "нояб."), ("декабря", "декабрь", "дек."),
)  # fmt: skip


@pytest.mark.parametrize("precision", sorted(SAID))
def test_a_time_is_said_as_exactly_as_it_is_known(precision: Precision, russian: Locale) -> None:
    plainly, bounded = SAID[precision]
    assert when(russian, at_precision(AT, precision)) == plainly
    assert when(russian, at_precision(AT, precision, no_earlier_than=True)) == bounded


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_bends_with_what_stands_around_it(month: int, russian: Locale) -> None:
    of_a_day, alone, short = MONTHS[month - 1]
    instant = datetime(2026, month, 7, tzinfo=UTC)
    assert when(russian, at_precision(instant, Precision.DAY)) == f"7 {of_a_day} 2026"
    assert when(russian, at_precision(instant, Precision.MONTH)) == f"{alone} 2026"
    assert when(russian, at_precision(instant, Precision.MONTH, no_earlier_than=True)) == f"не ранее {of_a_day} 2026"
    assert short_month(russian, instant) == short
    assert day_of_month(russian, instant) in {f"7 {short}", f"7 {of_a_day}"}


@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_a_quarter_has_a_roman_number(quarter: int, russian: Locale) -> None:
    roman = ("I", "II", "III", "IV")[quarter - 1]
    planned = at_precision(datetime(2026, quarter * 3, 1, tzinfo=UTC), Precision.QUARTER)
    assert when(russian, planned) == f"{roman} квартал 2026"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 дней"), (1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"),
        (21, "21 день"), (22, "22 дня"), (101, "101 день"), (111, "111 дней"),
    ],
)  # fmt: skip
def test_days_have_three_forms(number: int, said: str, russian: Locale) -> None:
    assert days(russian, number) == said
    if number:
        assert days_away(russian, number) == f"через {said}"
    if 0 < number <= 60:
        assert days_away(russian, -number) == f"{said} назад"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "открыто ещё 0 задач"), (1, "открыта ещё 1 задача"), (2, "открыты ещё 2 задачи"), (5, "открыто ещё 5 задач"),
     (11, "открыто ещё 11 задач"), (21, "открыта ещё 21 задача"), (101, "открыта ещё 101 задача")],
)  # fmt: skip
def test_a_verb_agrees_with_its_number(number: int, said: str, russian: Locale) -> None:
    one, many = "{number} task of this report is still open.", "{number} tasks of this report are still open."
    assert russian.ngettext(one, many, number) == f"По этому донесению {said}."


def test_a_duration_is_written_as_flight_control_writes_it(russian: Locale) -> None:
    assert duration(russian, timedelta(days=34, hours=14, minutes=32)) == "34 сут 14 ч 32 мин"
    assert duration(russian, timedelta(hours=12)) == "12 ч"
    assert duration(russian, timedelta(seconds=59)) == "59 с"


@pytest.mark.parametrize("mission", ["Soyuz MS-28", "Progress MS-33"])
async def test_a_missions_status(evening: Evening, mission: str, russian: Locale, snapshot: SnapshotAssertion) -> None:
    card = await evening.desks.missions.status(evening.actor, mission)
    assert plain(missions.status(card, russian)) == snapshot


async def test_the_overview_and_a_timeline(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    found = await evening.desks.missions.overview(evening.actor)
    assert pages(missions.overview(found, russian)) == snapshot
    events = await evening.desks.timelines.timeline(evening.actor, "Soyuz MS-28")
    assert timeline.written_out(events, russian) == snapshot


async def test_a_pads_status_and_its_repairs(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(pads.status(await evening.desks.pads.status(evening.actor, "Site 31/6"), russian)) == snapshot
    assert pages(repairs.listing(await evening.desks.repairs.list(evening.actor), russian)) == snapshot


async def test_the_return_coverage(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    assert pages(coverage.coverage(await evening.desks.coverage.coverage(evening.actor), russian)) == snapshot


async def test_a_moves_receipt(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    move = MoveEvent("Soyuz MS-29", "launch", "NET 2026-09", "площадка выведена из строя", "DR-1", "Роскосмос")
    done = await evening.desks.missions.move(evening.actor, move)
    assert plain(missions.moved(done.value, russian)) == snapshot


async def test_a_subscriptions_receipt(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    channel = ChannelFacts(
        id=77, can_view=True, can_send=True, can_embed=True, can_read_history=True, last_message_id=0, is_locked=False
    )
    request = Subscribe(Topic.PAD, channel, pad="Site 31/6", severity=Severity.MAJOR, language="ru")
    done = await evening.desks.announcements.subscribe(evening.actor, request)
    assert plain(subscriptions.subscribed(done.value, russian)) == snapshot


async def test_a_drafts_receipt(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    request = PostStatement("Экипаж в безопасности.", None, "Soyuz MS-28")
    done = await evening.desks.statements.draft(evening.actor, request)
    assert plain(statements.drafted(done.value, russian)) == snapshot


def test_a_damage_report(russian: Locale, snapshot: SnapshotAssertion) -> None:
    facts = DamageReported(
        pad_id=1,
        pad="Site 31/6",
        site="Байконур",
        report=1,
        component="кабина обслуживания (8У0216)",
        severity=Severity.CRITICAL,
        summary="Кабина обслуживания упала в газоход.",
        observed_at=datetime(2025, 11, 27, 15, tzinfo=UTC),
        reported_at=datetime(2025, 11, 27, 17, tzinfo=UTC),
        reporter="Начальник площадки",
        status_before=PadStatus.OPERATIONAL,
        status_after=PadStatus.OUT_OF_SERVICE,
        waiting=("Progress MS-33", "Soyuz MS-29"),
    )
    assert plain(announcement(facts, russian)) == snapshot


def test_a_draft_that_waits(russian: Locale, snapshot: SnapshotAssertion) -> None:
    facts = DraftWaiting(3, "Экипаж в безопасности.", "Soyuz MS-28", (Place(5), Place(6, "en", (8,))), 7)
    assert plain(announcement(facts, russian)) == snapshot


def test_a_launch_that_was_late(russian: Locale, snapshot: SnapshotAssertion) -> None:
    done = EventDone(LAUNCH, AT, at("2026-07-29 08:30", Precision.MINUTE))
    assert plain(announcement(done, russian)) == snapshot


@pytest.mark.parametrize("name", sorted(COUNTDOWNS))
def test_what_time_brings(name: str, russian: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(announcement(COUNTDOWNS[name], russian)) == snapshot


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_what_goes_otherwise_than_planned(name: str, russian: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(announcement(OTHERWISE[name], russian)) == snapshot


@pytest.mark.parametrize(
    "error",
    [
        NotPermitted("capability_missing", capability="operate"),
        InvalidInput("when_unclear", raw_text="на днях"),
        Conflict("event_not_open", kind=EventKind.LANDING.value, state="done"),
        Conflict("draft_decided", number=3, state="withdrawn"),
        Conflict("order_impossible", earlier="launch", later="docking"),
    ],
    ids=lambda error: error.code,
)
def test_a_refusal_names_things_in_russian(error: OpsError, russian: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(refusal(error, russian)) == snapshot


def test_every_direction_of_a_move_is_among_the_words(russian: Locale) -> None:
    said = {missions.direction(direction, None, russian) for direction in MOVES}
    assert len(said) == len(MOVES)
    assert all("а" <= words[0].casefold() <= "я" for words in said)
