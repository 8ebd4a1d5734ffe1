"""What a digest says: the house as it is at this moment, and what became of it since the journal's entry `since`.

It reads what is open and what was changed, never all that there is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from domain import digest as rules
from domain import digest_news
from domain.assessments import Assessment
from domain.damage import DamageReport
from domain.digest import NEWS_MAX, Task, kept
from domain.digest_facts import DigestPosted, MissionNews, News, ParkedLine
from domain.digest_times import Told
from domain.forecasts import Forecast
from domain.inspections import Inspection
from domain.missions import Mission
from domain.pads import Pad
from domain.repair_facts import TaskRef
from domain.repairs import RepairTask
from domain.returns import ReturnRequest
from domain.statements import Draft
from services.changes import Change
from storage import damage, digests, missions, outbox, pads, people, repairs, subscriptions
from storage.digests import Changed
from storage.states import load

T = TypeVar("T")
_NOBODY = "?"


async def compose(change: Change, bare: DigestPosted, since: Told) -> DigestPosted:
    """Fill `bare`, which says only whose digest it is and when, with what there is to say at this moment."""
    ws, tx = change.workspace.id, change.tx
    by_pad = await damage.open_reports(tx, ws)
    reports = [report for found in by_pad.values() for report in found]
    pad_names = {pad.id: pad.name for pad in await pads.load_all(tx, ws)}
    muted = (await subscriptions.load_heard(tx, ws)).muted
    flown = [mission for mission in await missions.load_live(tx, ws) if mission.id not in muted]
    tasks = _tasks(await repairs.of_open_reports(tx, ws), reports, pad_names)
    news, news_more, unread = await _news(change, since, muted, pad_names)
    in_a_day, in_a_week = rules.due_lines(flown, tasks, change.now)
    lines = rules.damage_lines(reports, pad_names)
    unconfirmed = rules.unconfirmed_lines(flown, change.now)
    overdue = rules.overdue_lines(tasks, change.now)
    parked = await _parked(change)
    return DigestPosted(
        bare.subscription_id,
        bare.day,
        bare.due_at,
        since.at,
        bare.next_due_at,
        news,
        news_more,
        unread,
        *kept(in_a_day),
        *kept(in_a_week),
        *kept(unconfirmed),
        *kept(lines),
        rules.damage_counts(lines),
        *kept(overdue),
        *kept(parked),
        delayed=bare.delayed,
        looked_at=change.now,
    )


def _tasks(
    by_report: Mapping[int, tuple[RepairTask, ...]], reports: list[DamageReport], pad_names: Mapping[int, str]
) -> list[Task]:
    pad_ids = {report.number: report.pad_id for report in reports}
    return [
        Task(task, TaskRef(task.number, task.title, number, pad_ids[number], pad_names.get(pad_ids[number], _NOBODY)))
        for number, tasks in by_report.items()
        if number in pad_ids
        for task in tasks
    ]


async def _parked(change: Change) -> tuple[ParkedLine, ...]:
    """Parked posts by channel, the longest waiting first, whatever the reasons are."""
    found: dict[int, ParkedLine] = {}
    for lane in await outbox.parked(change.tx, change.workspace.id):
        known = found.get(lane.channel_id)
        count, oldest_at = (known.count, known.oldest_at) if known else (0, lane.oldest_at)
        found[lane.channel_id] = ParkedLine(lane.channel_id, count + lane.count, min(oldest_at, lane.oldest_at))
    return tuple(found.values())


async def _news(
    change: Change, since: Told, muted: frozenset[int], pad_names: Mapping[int, str]
) -> tuple[tuple[News, ...], int, int]:
    """What changed, how many lines more, and how many entries were too far back to be looked at."""
    ws, tx = change.workspace.id, change.tx
    changed, beyond = await digests.changed_since(tx, ws, since.seq)
    flights = [_both(Mission, one) for one in changed if one.kind == "mission"]
    persons = {person_id for before, after in flights for person_id in digest_news.people_in(before, after)}
    names = _Names(
        people={person.id: person.name for person in (await people.load_many(tx, ws, persons)).values()},
        pads=pad_names,
        pads_of_reports=await _pads_of_reports(change, changed, pad_names),
        muted=muted,
    )
    found = [line for one in changed if (line := _LINES[one.kind](one, names))]
    lines, more = kept(rules.ordered_news(found), NEWS_MAX)
    return lines, more + beyond, max(change.journal_head.seq - since.seq - digests.ENTRIES_MAX, 0)


async def _pads_of_reports(change: Change, changed: list[Changed], pad_names: Mapping[int, str]) -> dict[int, str]:
    """The pads of the reports that changed repairs belong to, by report."""
    numbers = {load(RepairTask, one.after).report_number for one in changed if one.kind == "repair"}
    found = {}
    for number in numbers:
        report = await damage.load_report(change.tx, change.workspace.id, number)
        if report is not None:
            found[number] = pad_names.get(report.pad_id, _NOBODY)
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    """What a line needs besides its subject's states."""

    people: Mapping[int, str]
    pads: Mapping[int, str]
    pads_of_reports: Mapping[int, str]
    muted: frozenset[int]

    def pad(self, pad_id: int) -> str:
        return self.pads.get(pad_id, _NOBODY)


def _mission(one: Changed, names: _Names) -> MissionNews | None:
    found = digest_news.of_mission(*_both(Mission, one), names.people)
    return digest_news.heard_although_muted(found) if found is not None and one.id in names.muted else found


def _pad(one: Changed, _names: _Names) -> News | None:
    return digest_news.of_pad(*_both(Pad, one))


def _report(one: Changed, names: _Names) -> News | None:
    before, after = _both(DamageReport, one)
    return digest_news.of_report(before, after, names.pad(after.pad_id))


def _repair(one: Changed, names: _Names) -> News | None:
    before, after = _both(RepairTask, one)
    return digest_news.of_repair(before, after, names.pads_of_reports.get(after.report_number, _NOBODY))


def _statement(one: Changed, _names: _Names) -> News | None:
    return digest_news.of_statement(*_both(Draft, one))


def _assessment(one: Changed, _names: _Names) -> News | None:
    return digest_news.of_assessment(*_both(Assessment, one))


def _forecast(one: Changed, names: _Names) -> News | None:
    before, after = _both(Forecast, one)
    return digest_news.of_forecast(before, after, names.pad(after.pad_id))


def _inspection(one: Changed, names: _Names) -> News | None:
    before, after = _both(Inspection, one)
    return digest_news.of_inspection(before, after, names.pad(after.pad_id))


def _return(one: Changed, names: _Names) -> News | None:
    _, after = _both(ReturnRequest, one)
    return digest_news.of_return(after, names.pad(after.pad_id))


# For each kind of subject that `storage.digests.changed_since` looks for; a test holds that they agree.
_LINES: Mapping[str, Callable[[Changed, _Names], News | None]] = {
    "mission": _mission,
    "pad": _pad,
    "report": _report,
    "repair": _repair,
    "statement": _statement,
    "assessment": _assessment,
    "forecast": _forecast,
    "inspection": _inspection,
    "return": _return,
}
KINDS = frozenset(_LINES)


def _both(kind: type[T], one: Changed) -> tuple[T | None, T]:
    """A subject's state before and now."""
    return (None if one.before is None else load(kind, one.before)), load(kind, one.after)
