"""Russian: boards, daily digests and members' reminders read as a flight control team writes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from cogs.render import boards, digest, subscriptions
from cogs.render import member_reminders as own
from cogs.render.announcements import announcement
from cogs.render.errors import refusal
from cogs.text import Locale
from domain.board_facts import BoardRemoved, CrewBoard, MissionBoard, PadBoard
from domain.boards import BoardKind
from domain.damage import Severity
from domain.digest_facts import DigestPosted
from domain.errors import Conflict, InvalidInput, NotFound, OpsError
from domain.facts import Facts
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.member_reminders import Snooze, Where
from domain.recurrence import Repeat
from services.announcements import ChannelFacts
from services.boards import PinBoard
from services.damage import ReportDamage
from services.digests import SetDigest
from services.member_reminders import Remind
from services.missions import MoveEvent
from tests.render.conftest import Evening, plain
from tests.render.examples import digest as example_of_digest
from tests.render.examples import examples
from tests.render.test_cards import pages

HOW_OFTEN = {
    Repeat.DAILY: "ежедневно",
    Repeat.WEEKDAYS: "с понедельника по пятницу",
    Repeat.WEEKLY: "еженедельно",
    Repeat.MONTHLY: "ежемесячно",
}
NEWS = (DigestPosted, MissionBoard, PadBoard, CrewBoard, BoardRemoved, MemberReminded, ReminderUndelivered)
HERE = ChannelFacts(
    id=77, can_view=True, can_send=True, can_embed=True, can_read_history=True, last_message_id=0, is_locked=False
)


@pytest.mark.parametrize(
    "facts", [one for one in examples("Союз МС-28") if isinstance(one, NEWS)], ids=lambda facts: facts.fact
)
def test_all_that_a_digest_a_board_and_a_reminder_can_say(
    facts: Facts, russian: Locale, snapshot: SnapshotAssertion
) -> None:
    assert plain(announcement(facts, russian)) == snapshot


@pytest.mark.parametrize(
    ("severity", "number", "said"),
    [(Severity.CRITICAL, 1, "1 критическое"), (Severity.CRITICAL, 2, "2 критических"), (Severity.MAJOR, 21, "21 серьёзное"),
     (Severity.MAJOR, 5, "5 серьёзных"), (Severity.MINOR, 11, "11 незначительных"), (Severity.MINOR, 1, "1 незначительное")],
)  # fmt: skip
def test_open_damage_is_counted_in_words_that_agree(
    severity: Severity, number: int, said: str, russian: Locale
) -> None:
    facts = replace(example_of_digest(), damage_counts=((severity, number),))
    titles = [field.name for field in digest.posted(facts, russian).fields]
    assert f"🚧 Открытые повреждения: {said}" in titles


def test_a_digest_of_a_day_on_which_nothing_happened(russian: Locale) -> None:
    full = example_of_digest()
    quiet = DigestPosted(full.subscription_id, full.day, full.due_at, full.since, full.next_due_at)
    assert digest.posted(quiet, russian).text == (
        "С 26 июля 2026 12:00 UTC ничего не изменилось. В ближайшие 7 дней сроков нет, открытого и просроченного — тоже."
    )


async def test_a_digest_of_the_evening(evening: Evening, russian: Locale, snapshot: SnapshotAssertion) -> None:
    actor, desks = evening.actor, evening.desks
    request = SetDigest("19:00", HERE, "Europe/Berlin", says_quiet_days=True, language="ru")
    done = await desks.digests.set(actor, request)
    assert plain(subscriptions.digest_set(done.value, russian)) == snapshot(name="receipt")
    evening.clock.at += timedelta(minutes=30)
    await desks.missions.move(actor, MoveEvent("Soyuz MS-29", "launch", "NET 2026-09", "ремонт площадки", "DR-1"))
    await desks.damage.report(actor, ReportDamage("Site 1S", Severity.MINOR, "трещина в бетоне у газохода"))
    await desks.damage.report(actor, ReportDamage("Site 1S", Severity.MINOR, "погнуто ограждение"))
    await desks.repairs.start(actor, "RT-1")
    await desks.pads.restrict(actor, "Site 1S", "идёт осмотр")
    evening.clock.at = datetime(2025, 12, 14, 18, tzinfo=UTC)
    await desks.digests.fire_due()
    (posted,) = await evening.posts(HERE.id)
    assert plain(announcement(posted, russian)) == snapshot(name="post")
    assert pages(subscriptions.subscriptions(await desks.announcements.overview(actor), russian)) == snapshot(
        name="list"
    )


@pytest.mark.parametrize("kind", list(BoardKind))
async def test_a_board_of_the_evening(
    kind: BoardKind, evening: Evening, russian: Locale, snapshot: SnapshotAssertion
) -> None:
    desk, actor = evening.desks.boards, evening.actor
    first = await desk.pin(actor, PinBoard(kind, HERE, "ru"))
    (board,) = await evening.posts(HERE.id)
    assert plain(announcement(board, russian)) == snapshot(name="board")
    again = await desk.pin(actor, PinBoard(kind, HERE))
    listed = subscriptions.subscriptions(await evening.desks.announcements.overview(actor), russian)
    gone = await desk.unpin(actor, kind, HERE.id)
    receipts = [
        boards.pinned(first.value, russian),
        boards.pinned(again.value, russian),
        boards.unpinned(gone.value, russian),
    ]
    assert "\n\n".join(map(plain, receipts)) == snapshot(name="receipts")
    assert listed.entries[-1] == snapshot(name="listed")


async def test_a_reminder_from_its_setting_to_its_end(
    evening: Evening, russian: Locale, snapshot: SnapshotAssertion
) -> None:
    desk, actor = evening.desks.member_reminders, evening.actor
    cards = [own.zone(await desk.zone(actor), russian)]
    cards.append(own.zone((await desk.set_zone(actor, "Europe/Moscow")).value, russian))
    mine = await desk.remind_me(actor, Remind("in 20 minutes", "позвонить начальнику площадки", language="ru"), 55)
    weekly = Remind("monday 14:00", "совещание по ремонту", Repeat.WEEKLY, language="ru")
    cards.append(own.was_set(mine.value, russian))
    cards.append(own.was_set((await desk.remind_here(actor, weekly, HERE)).value, russian))
    cards.append(own.snoozed((await desk.snooze_own(actor, 1, Snooze.MORNING)).value, russian))
    cards.append(own.shown(await desk.show_own(actor, 1), russian))
    coming = subscriptions.reminders(await evening.desks.countdowns.list(actor), russian).entries
    cards.append(own.cancelled((await desk.cancel(actor, "RM-2")).value, russian))
    assert "\n\n".join(map(plain, cards)) == snapshot(name="cards")
    assert [line for line in coming if "RM-" in line] == snapshot(name="list")


@pytest.mark.parametrize("repeat", list(Repeat))
def test_how_often_a_reminder_comes_fits_its_sentence(repeat: Repeat, russian: Locale) -> None:
    for facts in examples():
        if isinstance(facts, MemberReminded):
            said = plain(announcement(replace(facts, repeat=repeat), russian))
            assert f"Приходит {HOW_OFTEN[repeat]}; следующее: 28 июля 2026 12:00 UTC" in said


def test_a_reminder_that_comes_in_its_channel_late(russian: Locale) -> None:
    for facts in examples("совещание"):
        if isinstance(facts, MemberReminded):
            said = announcement(replace(facts, where=Where.HERE, repeat=None, delayed=True), russian).text
            assert said.startswith(
                "совещание\n\nАвтор: <@7>.\n*С задержкой: срок этого сообщения — 27 июля 2026 12:00 UTC"
            )


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput("reminder_unclear", raw_text="на днях"),
        InvalidInput("reminder_in_past", raw_text="18:30"),
        InvalidInput("reminder_too_far", years=10),
        InvalidInput("digest_time_unclear", raw_text="утром"),
        Conflict("zone_needed"),
        Conflict("reminder_over", reminder="RM-1"),
        Conflict("too_many_boards", limit=6),
        Conflict("digest_unchanged", channel_id=5),
        NotFound("reminder_unknown", raw_text="RM-9"),
        NotFound("board_unknown", kind="pads", channel_id=5),
    ],
    ids=lambda error: error.code,
)
def test_a_refusal_says_in_russian_what_to_do_next(
    error: OpsError, russian: Locale, snapshot: SnapshotAssertion
) -> None:
    assert plain(refusal(error, russian)) == snapshot
