"""A critical report calls until somebody takes it on, and then until somebody has said how grave it is.

One alarm of a report is planned at a time, in the transaction that makes it needed; raising it plans the next. What ended it is
said by the alarms that stand, in the transaction that ended it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from domain import alarms as rules
from domain.alarm_facts import AlarmFacts, ReportUnacknowledged, ReportUnassessed
from domain.announcements import audience_of
from domain.countdown import DELAYED_AFTER, PlannedReminder, ReminderKind, ReminderState
from domain.damage import DamageReport
from domain.delivery import subject_of_report
from domain.pad_facts import PadRef
from domain.places import Place
from services.changes import Change
from storage import assessments, damage, outbox, pads
from storage import reminders as rows
from storage.outbox import Posted
from storage.reminders import Raised, Reminder, Subject

EDITED_MAX = 10
"""So many of a channel's alarms are edited when they are over: what stands further up was followed by these."""


async def begin(change: Change, report: DamageReport) -> None:
    """A report is new: it may call for somebody from the beginning."""
    if report.needs_somebody and change.workspace.escalate_after:
        due_at = change.now + change.workspace.escalate_after
        await _insert(change, report, ReminderKind.UNACKNOWLEDGED, due_at)
        change.touched_schedule = True


async def follow(change: Change, report: DamageReport) -> None:
    """A report has changed, or was assessed: its alarms, planned and posted, follow."""
    is_assessed = await _is_assessed(change, report)
    await _plan(change, report, rules.alarm_of(report, is_assessed=is_assessed))
    await _end_posted(change, report, is_assessed=is_assessed)


async def replan(change: Change, kind: ReminderKind) -> int:
    """The time of a kind of alarms is another now: plan those of every open report anew. Returns how many that were."""
    moved = 0
    for reports in (await damage.open_reports(change.tx, change.workspace.id)).values():
        for report in reports:
            wanted = rules.alarm_of(report, is_assessed=await _is_assessed(change, report))
            if wanted is kind:
                moved += await _plan(change, report, wanted, afresh=True)
    return moved


async def repetitions(change: Change, report: DamageReport) -> int:
    """How often a report was repeated because nobody had taken it on."""
    raised = await rows.raised_by(change.tx, change.workspace.id, report.number, ReminderKind.UNACKNOWLEDGED)
    return len(raised)


async def fire(change: Change, number: int, reminder: Reminder) -> ReminderState:
    """Raise a due alarm and plan the next; or let it expire, when it is no longer needed."""
    report = await damage.load_report(change.tx, change.workspace.id, number)
    pad = None if report is None else await pads.load(change.tx, change.workspace.id, report.pad_id)
    every = _every(change, reminder.kind)
    if report is None or pad is None or not every:
        return ReminderState.EXPIRED
    if rules.alarm_of(report, is_assessed=await _is_assessed(change, report)) is not reminder.kind:
        return ReminderState.EXPIRED
    facts = await _facts(change, report, PadRef(pad.id, pad.name), reminder)
    await change.tell(await _places(change, facts), facts, cause=f"reminder:{reminder.id}")
    next_at = rules.counted_from(reminder.due_at, change.now) + every
    await _insert(change, report, reminder.kind, next_at if next_at > change.now else change.now + every)
    return ReminderState.POSTED


async def _plan(change: Change, report: DamageReport, wanted: ReminderKind | None, *, afresh: bool = False) -> int:
    """Have the one alarm that is needed wait, and no other; what waits already stays unless it is planned `afresh`."""
    ws = change.workspace.id
    due_at = None if wanted is None else await _due_at(change, report, wanted)
    waiting = await rows.of_report(change.tx, ws, report.number)
    kept = [row for row in waiting if row.kind is wanted and due_at and (not afresh or row.due_at == due_at)]
    ended = [
        (row.id, ReminderState.REPLANNED if row.kind is wanted else ReminderState.EXPIRED)
        for row in waiting
        if row not in kept
    ]
    await rows.settle(change.tx, ws, ended, change.now)
    if wanted is not None and due_at is not None and not kept:
        await _insert(change, report, wanted, due_at)
    change.touched_schedule = change.touched_schedule or bool(ended) or not kept
    return 0 if kept else max(len(ended), 1 if due_at else 0)


async def _due_at(change: Change, report: DamageReport, kind: ReminderKind) -> datetime | None:
    """When the next alarm of a kind is due; None while the workspace wants none."""
    every = _every(change, kind)
    if not every:
        return None
    raised = await _raised(change, report, kind)
    last = rules.counted_from(raised[-1].due_at, raised[-1].at) if raised else rules.waits_since(report, kind)
    return _not_in_quiet(change, kind, max(last + every, change.now))


async def _insert(change: Change, report: DamageReport, kind: ReminderKind, due_at: datetime) -> None:
    planned = PlannedReminder(kind, _not_in_quiet(change, kind, due_at), timedelta(0), ReminderState.PENDING)
    await rows.insert_many(
        change.tx,
        change.workspace.id,
        [(change.new_id(), planned)],
        subject=Subject(report_number=report.number),
        at=change.now,
    )


def _not_in_quiet(change: Change, kind: ReminderKind, at: datetime) -> datetime:
    """A question can wait for the end of quiet hours; that nobody has seen a critical damage cannot."""
    return at if kind is ReminderKind.UNACKNOWLEDGED else change.workspace.morning.unless_quiet(at)


def _every(change: Change, kind: ReminderKind) -> timedelta:
    is_unseen = kind is ReminderKind.UNACKNOWLEDGED
    return change.workspace.escalate_after if is_unseen else change.workspace.assess_after


async def _raised(change: Change, report: DamageReport, kind: ReminderKind) -> list[Raised]:
    """The alarms of a kind since the report last began to need them."""
    since = rules.waits_since(report, kind)
    every = await rows.raised_by(change.tx, change.workspace.id, report.number, kind)
    return [one for one in every if one.due_at >= since]


async def _is_assessed(change: Change, report: DamageReport) -> bool:
    """Asked of reports that were taken on only: before that it makes no difference."""
    if report.acknowledged_at is None:
        return False
    return bool(await assessments.of_report(change.tx, change.workspace.id, report.number))


async def _facts(change: Change, report: DamageReport, pad: PadRef, reminder: Reminder) -> AlarmFacts:
    delayed = change.now - reminder.due_at > DELAYED_AFTER
    if reminder.kind is ReminderKind.UNASSESSED:
        assert report.acknowledged_by is not None  # noqa: S101 - a report calls for an assessment once it is acknowledged
        assert report.acknowledged_at is not None  # noqa: S101 - the same
        return ReportUnassessed(
            pad=pad,
            report=report.number,
            summary=report.summary,
            acknowledged_by=report.acknowledged_by,
            acknowledged_at=report.acknowledged_at,
            due_at=reminder.due_at,
            delayed=delayed,
        )
    round_ = len(await _raised(change, report, reminder.kind)) + 1
    return ReportUnacknowledged(
        pad=pad,
        report=report.number,
        summary=report.summary,
        critical_since=rules.critical_since(report),
        round=round_,
        role_id=rules.role_of_round(change.workspace.escalation_roles, round_),
        every=change.workspace.escalate_after,
        due_at=reminder.due_at,
        delayed=delayed,
    )


async def _places(change: Change, facts: AlarmFacts) -> tuple[Place, ...]:
    """Where an alarm goes: wherever the report's own card stands; else to who hears of the pad; else to the ops channel.

    It calls the role whose turn it is and no other. With nobody to call, or a card that its channel did not take, the ops channel
    hears it as well.
    """
    role_id = facts.role_id if isinstance(facts, ReportUnacknowledged) else None
    cards = await outbox.posts_of(change.tx, change.workspace.id, subject_of_report(facts.report))
    languages = {card.channel_id: card.language for card in cards if not card.is_parked}
    if not languages:
        heard = await change.places_for(audience_of(facts))
        languages = {place.channel_id: place.language for place in heard}
    is_for_nobody = isinstance(facts, ReportUnacknowledged) and role_id is None
    if not languages or is_for_nobody or any(card.is_parked for card in cards):
        languages.setdefault(change.workspace.ops_channel_id, "en")
    roles = () if role_id is None else (role_id,)
    return tuple(Place(channel_id, language, roles) for channel_id, language in languages.items())


async def _end_posted(change: Change, report: DamageReport, *, is_assessed: bool) -> None:
    """Have alarms that no longer hold say why. Older ones further up a channel stay: their button says that it is over."""
    posts = await outbox.posts_about(change.tx, change.workspace.id, subject_of_report(report.number))
    for post in _newest(posts):
        said = post.shown
        if not isinstance(said, ReportUnacknowledged | ReportUnassessed) or said.end is not None:
            continue
        ended = _ended(change, said, report, is_assessed=is_assessed)
        if ended != said:
            await change.edit(post, ended, cause=f"delivery:{post.id}")


def _ended(change: Change, said: AlarmFacts, report: DamageReport, *, is_assessed: bool) -> AlarmFacts:
    if isinstance(said, ReportUnassessed):
        return replace(said, end=rules.end_of(ReminderKind.UNASSESSED, report, is_assessed=is_assessed))
    end = rules.end_of(ReminderKind.UNACKNOWLEDGED, report, is_assessed=is_assessed)
    if end is not rules.AlarmEnd.ACKNOWLEDGED:
        return replace(said, end=end)
    # An alarm ends with the acknowledgement itself, so whoever makes this change has taken the report on.
    return replace(said, end=end, acknowledged_by=change.actor.name, acknowledged_at=report.acknowledged_at)


def _newest(posts: Iterable[Posted]) -> list[Posted]:
    """The newest alarms of each channel."""
    by_channel: dict[int, list[Posted]] = defaultdict(list)
    for post in posts:
        by_channel[post.channel_id].append(post)
    return [post for found in by_channel.values() for post in found[-EDITED_MAX:]]
