"""The history of a pad through the desks: the real outage, asked about at every stage, and with its names erased."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.damage import ReportState, Severity
from domain.errors import InvalidInput, NotFound
from domain.forecasts import Verdict, score
from domain.pad_records import Entry, EntryKind
from domain.pads import PadStatus
from domain.repairs import TaskState
from domain.returns import ReturnState
from services.damage import ReportDamage
from services.flights import EditMission
from services.pad_history import PadHistory
from services.pads import AddPad
from storage.database import Transaction
from tests.services import baikonur
from tests.services.house import EVENING, OTHER_GUILD, House, admin, at, built_house, director, guest, pad_chief


async def the_whole_story(house: House) -> None:
    """The evening, then the outage to its end."""
    await house.set_up()
    await house.ms28()
    house.clock.move_to(at("2025-11-27T16:00"))
    await house.ms33()
    await baikonur.whole_story(house)


@pytest.fixture
async def story(tmp_path: Path, templates: Path) -> AsyncIterator[House]:
    """10 March 2026: the pad is back."""
    async with built_house(templates / "story", tmp_path, the_whole_story) as house:
        house.clock.move_to(at("2026-03-10T08:00"))
        yield house


async def asked(house: House, as_of: str | None = None) -> PadHistory:
    return await house.desks.pad_history.history(guest(), "site 31-6", as_of)


def kinds(entries: tuple[Entry, ...]) -> list[EntryKind]:
    return [entry.kind for entry in entries]


async def test_the_outage_is_told_to_its_end_with_scores_and_cost(story: House) -> None:
    found = await asked(story)
    outage = found.newest
    assert outage is not None
    assert (outage.began_at, outage.ended_at) == (at("2025-11-27T17:00"), at("2026-03-05T08:00"))
    assert (found.finding.status, found.estimate) == (PadStatus.OPERATIONAL, None)
    scores = {
        (one.source, one in outage.standing): score(one, outage.ended_at) for one in outage.forecasts if outage.ended_at
    }
    assert (scores["Roscosmos", True].verdict, scores["Roscosmos", True].days_off) == (Verdict.TOO_EARLY, 5)
    assert scores["Anatoly Zak", True].verdict is Verdict.HELD
    assert scores["Georgy Trishkin", True].verdict is Verdict.ONLY_WORDS
    assert [one.superseded for one in outage.entries if one.kind is EntryKind.FORECAST] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert (outage.cost.days, [(one.mission, one.days) for one in outage.cost.dates]) == (93, [("Progress MS-33", 93)])


async def test_every_step_of_a_report_and_of_its_repairs_is_told(story: House) -> None:
    outage = (await asked(story)).newest
    assert outage is not None
    told = kinds(outage.entries)
    assert [told.count(kind) for kind in (EntryKind.REPORTED, EntryKind.ACKNOWLEDGED, EntryKind.ADOPTED)] == [1, 1, 2]
    assert [told.count(kind) for kind in (EntryKind.TASK_PLANNED, EntryKind.TASK_DONE, EntryKind.TASK_VERIFIED)] == [
        4,
        4,
        4,
    ]
    assert told[-1] is EntryKind.RETURN_CONFIRMED
    grades = [grade for _, grade in outage.reports[0].grades]
    assert grades == [Severity.CRITICAL, Severity.MAJOR, Severity.CRITICAL]
    moved = [entry for entry in outage.entries if entry.kind is EntryKind.MOVED]
    assert {entry.reason for entry in moved} == {"Site 31/6 repair", "service cabin restored"}


async def test_names_and_reasons_are_told_until_they_are_erased(story: House) -> None:
    found = (await asked(story)).past.entries
    assert "a member" in {entry.by for entry in found}
    assert "cabin restored" in {entry.reason for entry in found}

    async def erase(tx: Transaction) -> None:
        await tx.execute("DELETE FROM journal_personal WHERE workspace_id = ?", (1,))

    await story.database.write(erase)
    erased = (await asked(story)).past.entries
    assert kinds(erased) == kinds(found)
    assert {entry.by for entry in erased} == {None}
    assert "cabin restored" not in {entry.reason for entry in erased}


@pytest.mark.parametrize(
    ("as_of", "away_days", "recorded"),
    [
        ("2025-11-27 17:05", 0, [EntryKind.REPORTED]),
        ("2025-11-27 17:15", 0, [EntryKind.REPORTED, EntryKind.ACKNOWLEDGED, *[EntryKind.ASSESSED] * 4]),
    ],
)
async def test_the_first_evening_is_told_as_it_was_known(
    story: House, as_of: str, away_days: int, recorded: list[EntryKind]
) -> None:
    found = await asked(story, as_of)
    assert found.newest is not None
    assert kinds(found.past.entries) == recorded
    assert (found.asked_at - found.newest.began_at).days == away_days


async def test_on_1_december_nothing_is_known_of_what_came_later(story: House) -> None:
    found = await asked(story, "2025-12-01")
    outage = found.newest
    assert outage is not None
    assert (outage.ended_at, found.believed_at, found.finding.status) == (
        None,
        found.asked_at,
        PadStatus.OUT_OF_SERVICE,
    )
    assert [one.note for one in outage.standing] == ["shortly", "unknown", "up to two years"]
    assert all(one.returned_at is None for one in outage.forecasts)
    assert not outage.cost.is_known
    assert [life.task.state for life in outage.tasks] == [
        TaskState.IN_WORK, TaskState.DONE, TaskState.PLANNED, TaskState.PLANNED
    ]  # fmt: skip
    assert found.estimate is not None
    assert outage.reports[0].report.state is ReportState.CONFIRMED


async def test_an_adoption_is_not_known_before_it(story: House) -> None:
    before, after = await asked(story, "2025-11-28 08:00"), await asked(story, "2025-11-28 10:00")
    assert before.newest is not None
    assert after.newest is not None
    assert [one.adopted_at is None for one in before.newest.assessments] == [True] * 4
    assert [one.adopted_at is None for one in after.newest.assessments] == [True, True, False, True]


async def test_a_request_is_undecided_until_it_was_decided(story: House) -> None:
    found = await asked(story, "2026-03-04 19:00")
    assert found.newest is not None
    assert [one.state for one in found.newest.requests] == [ReturnState.WAITING]
    assert found.newest.ended_at is None


async def test_on_10_december_the_slip_has_no_length_yet_and_a_later_name_does_not_shine_through(story: House) -> None:
    await story.desks.flights.edit(director(), EditMission("Progress MS-33", name="Progress MS-33R"))
    then, now = await asked(story, "2025-12-10"), await asked(story)
    assert then.newest is not None
    assert now.newest is not None
    assert {one.mission for one in then.newest.cost.dates} == {"Progress MS-33"}
    assert {one.mission for one in now.newest.cost.dates} == {"Progress MS-33R"}
    assert (then.newest.cost.days, then.newest.cost.unmeasured) == (0, 1)


async def test_as_of_the_day_before_the_report_it_was_never_away(story: House) -> None:
    found = await asked(story, "2025-11-26")
    assert (found.newest, found.past.entries, found.finding.status) == (None, (), PadStatus.OPERATIONAL)


async def test_what_is_asked_as_of_now_is_what_is(story: House) -> None:
    assert (await asked(story, "2026-03-10")).past == (await asked(story)).past


async def test_a_second_outage_does_not_touch_the_first(story: House) -> None:
    first = (await asked(story)).newest
    await story.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MAJOR, "a crane bent"))
    found = await asked(story)
    assert found.past.outages[0] == first
    assert found.newest is not None
    assert [life.report.label for life in found.newest.reports] == ["DR-2"]
    assert (found.newest.forecasts, found.newest.tasks, found.newest.inspections, found.newest.requests) == (
        (),
        (),
        (),
        (),
    )


async def test_a_pad_is_not_known_before_it_was_entered(house: House) -> None:
    house.clock.move_to(EVENING)
    await house.desks.pads.add(pad_chief(), AddPad("Site 1S", "Vostochny", "Soyuz-2.1b"))
    with pytest.raises(NotFound) as refusal:
        await house.desks.pad_history.history(guest(), "Site 1S", "2025-11-01")
    assert refusal.value.code == "pad_not_known_then"
    with pytest.raises(InvalidInput):
        await house.desks.pad_history.history(guest(), "Site 1S", "2031-01-01")


async def test_another_servers_pad_is_not_there_and_its_history_does_not_mix(story: House) -> None:
    await story.set_up(OTHER_GUILD)
    with pytest.raises(NotFound):
        await story.desks.pad_history.history(admin(OTHER_GUILD), "Site 31/6")
    await story.desks.pads.add(admin(OTHER_GUILD), AddPad("Site 31/6", "Baikonur", "Soyuz-2.1a"))
    assert (await story.desks.pad_history.history(admin(OTHER_GUILD), "Site 31/6")).past.entries == ()
