"""The damage desk: reports, what others say about them, and what the team makes of it.

A report's post follows the report: it is edited, in the transaction that changed it, to say how grave it is now, where it stands,
and who has taken it on.
"""

from dataclasses import dataclass, replace

from domain import assessments as views
from domain import damage as rules
from domain.assessments import Assessment, Confidence
from domain.capabilities import Capability as Right
from domain.damage import DamageReport, ReportState, Severity
from domain.errors import Conflict, NotFound
from domain.pad_facts import DamageAssessed, DamageReported, PadRef, ReportUpdated
from domain.pads import Lifecycle, Pad, PadStatus, StatusFinding, require_reportable, status_of, take_report
from domain.repairs import TaskState
from domain.sources import Tier, checked_link
from domain.text import name_key, one_line, optional_paragraph, paragraph, require_name
from domain.when_text import parse_instant, parse_stated
from services import alarms, impact, lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.photos import KeptPhotos, PhotoIntake
from storage import assessments, damage, missions, outbox, pads, repairs

SUMMARY_MAX = 1000


@dataclass(frozen=True, slots=True)
class ReportDamage:
    """`/pad report`, as typed or as its form was filled in. `photos` are raw bytes."""

    pad: str
    severity: Severity
    summary: str
    component: str | None = None
    observed: str | None = None
    photos: tuple[bytes, ...] = ()

    def with_photos(self, photos: tuple[bytes, ...]) -> "ReportDamage":
        """The same report with its photos, once they have been fetched."""
        return replace(self, photos=photos)


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """`/pad update`, as typed."""

    report: str
    state: ReportState
    severity: Severity | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Assess:
    """`/pad assess`, as typed."""

    report: str
    severity: Severity
    tier: Tier
    source: str
    stated: str | None = None
    link: str | None = None
    confidence: Confidence | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DamageLogged:
    """What a report did to its pad. `component_known` is False when the component is not on the pad's list."""

    report: DamageReport
    pad: Pad
    before: PadStatus
    after: StatusFinding
    waiting: tuple[str, ...]
    component_known: bool


@dataclass(frozen=True, slots=True)
class ReportChanged:
    """A report before and after a change, and what that did to its pad. `adopted` is the assessment that the team made its own."""

    before: DamageReport
    report: DamageReport
    pad: Pad
    status_before: PadStatus
    after: StatusFinding
    adopted: Assessment | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """A new assessment, the report it is about, and how both sides stand with it."""

    assessment: Assessment
    report: DamageReport
    pad: Pad
    views: views.Views


class DamageDesk:
    """Damage reports and assessments."""

    def __init__(self, changes: Changes, photos: PhotoIntake) -> None:
        self._changes = changes
        self._photos = photos

    async def reportable(self, actor: Actor) -> tuple[Pad, ...]:
        """The pads a report can be for, for someone who may report. The one read before a form is opened."""

        async def work(view: View) -> tuple[Pad, ...]:
            known = await pads.load_all(view.reader, view.workspace.id)
            offered = tuple(pad for pad in known if pad.lifecycle is not Lifecycle.RETIRED)
            if not offered:
                raise NotFound("no_pads_yet")
            return offered

        return await self._changes.read(actor, work, Right.PAD)

    async def report(self, actor: Actor, request: ReportDamage) -> Receipt[DamageLogged]:
        """Log damage. Photos are kept by their hash before anything is written; the pad's status follows the report."""
        summary = paragraph(request.summary, what="summary", limit=SUMMARY_MAX)
        photos = await self._photos.keep(actor, request.photos, Right.PAD)

        async def work(change: Change) -> DamageLogged:
            pad = await lookups.pad(change.tx, change.workspace.id, request.pad)
            require_reportable(pad)
            component, is_known = _component(pad, request.component)
            report = rules.reported(
                DamageReport(
                    number=change.new_report_number(),
                    pad_id=pad.id,
                    severity=request.severity,
                    summary=summary,
                    observed_at=parse_instant(request.observed, change.now),
                    reported_at=change.now,
                    reporter_id=actor.member_id,
                    component=component,
                    evidence=photos.digests,
                )
            )
            return await _log(change, pad, report, photos, component_known=is_known)

        return await self._changes.make(actor, Right.PAD, work)

    async def acknowledge(self, actor: Actor, number: int) -> Receipt[ReportChanged]:
        """The Acknowledge button: somebody has seen the report and takes it on."""

        async def work(change: Change) -> ReportChanged:
            before = await damage.load_report(change.tx, change.workspace.id, number)
            if before is None:
                raise NotFound("button_stale")
            after = rules.acknowledge(before, change.actor.member_id, change.now)
            return await _change_report(change, "acknowledge_report", before, after)

        return await self._changes.make(actor, Right.PAD, work)

    async def update(self, actor: Actor, request: UpdateReport) -> Receipt[ReportChanged]:
        """Move a report along, or put it right. Raises Conflict `report_has_work` while its repairs do not allow that."""
        reason = optional_paragraph(request.reason, what="reason")

        async def work(change: Change) -> ReportChanged:
            before = await lookups.report(change.tx, change.workspace.id, request.report)
            after = rules.update(before, change.now, state=request.state, severity=request.severity, reason=reason)
            await _require_settled_work(change, after)
            done = await _change_report(change, "update_report", before, after, reason=reason)
            await change.announce(_updated(done, reason))
            await impact.announce_closure(change, done.pad, done.status_before, done.after.status)
            return done

        return await self._changes.make(actor, Right.PAD, work)

    async def assess(self, actor: Actor, request: Assess) -> Receipt[Assessed]:
        """Keep what a source says about a report, beside what the report says. It changes nothing by itself."""
        source = require_name(request.source, what="source")
        link, note = checked_link(request.link), optional_paragraph(request.note, what="note")

        async def work(change: Change) -> Assessed:
            ws = change.workspace.id
            report = await lookups.report(change.tx, ws, request.report)
            rules.require_open_report(report)
            made = Assessment(
                number=await assessments.next_number(change.tx, ws),
                report_number=report.number,
                severity=request.severity,
                tier=request.tier,
                source=source,
                stated=parse_stated(request.stated, change.now),
                confidence=request.confidence,
                link=link,
                note=note,
                recorded_by=change.actor.member_id,
                recorded_at=change.now,
            )
            await assessments.insert(change.tx, ws, made)
            kept = replace(made, source="", link=None, note=None)
            personal = {"source": source, "link": link, "note": note}
            await change.record("assess_damage", ("assessment", made.number), kept, personal=personal)
            await alarms.follow(change, report)
            pad = await _pad_of(change, report)
            await change.announce(_assessed(made, report, pad))
            known = await assessments.of_report(change.tx, ws, report.number)
            return Assessed(made, report, pad, views.views_of(known))

        return await self._changes.make(actor, Right.PAD, work)

    async def adopt(self, actor: Actor, assessment: str, reason: str) -> Receipt[ReportChanged]:
        """Make an assessment the team's own, with the reason: its severity becomes the report's."""
        because = one_line(reason, what="reason")

        async def work(change: Change) -> ReportChanged:
            ws = change.workspace.id
            found = await lookups.assessment(change.tx, ws, assessment)
            before = await lookups.report(change.tx, ws, str(found.report_number))
            after, adopted = views.adopt(before, found, change.now, because)
            await assessments.adopt(change.tx, ws, adopted.number, change.now)
            kept = replace(adopted, source="", link=None, note=None)
            await change.record("adopt_assessment", ("assessment", adopted.number), kept)
            done = await _change_report(change, "update_report", before, after, reason=because)
            done = replace(done, adopted=adopted)
            await change.announce(_updated(done, because))
            await impact.announce_closure(change, done.pad, done.status_before, done.after.status)
            return done

        return await self._changes.make(actor, Right.PAD, work)


async def _log(
    change: Change, pad: Pad, report: DamageReport, photos: KeptPhotos, *, component_known: bool
) -> DamageLogged:
    ws = change.workspace.id
    earlier = await damage.open_reports_on(change.tx, ws, pad.id)
    before = status_of(pad, earlier)
    await photos.enter(change)
    await damage.insert_report(change.tx, ws, report)
    latched = await _latch(change, pad, report)
    after = status_of(latched, [*earlier, report])
    await change.record("report_damage", ("report", report.number), report, event_at=report.observed_at)
    await alarms.begin(change, report)
    works = after.status is PadStatus.OPERATIONAL
    waiting = () if works else await missions.names_waiting_for(change.tx, ws, pad.id)
    facts = DamageReported(
        pad_id=pad.id,
        pad=pad.name,
        site=pad.site,
        report=report.number,
        component=report.component,
        severity=report.severity,
        summary=report.summary,
        observed_at=report.observed_at,
        reported_at=report.reported_at,
        reporter=change.actor.name,
        status_before=before.status,
        status_after=after.status,
        waiting=waiting,
        evidence=report.evidence,
    )
    here = (change.actor.channel_id,) if change.actor.request_id else ()
    await change.announce(facts, also=here, cause=_cause(report), threads=True)
    await impact.announce_closure(change, latched, before.status, after.status)
    return DamageLogged(report, latched, before.status, after, waiting, component_known)


async def _change_report(
    change: Change, action: str, before: DamageReport, after: DamageReport, *, reason: str | None = None
) -> ReportChanged:
    """Save a report, let its pad and its post follow, and journal it."""
    ws = change.workspace.id
    pad = await _pad_of(change, before)
    known = await damage.open_reports_on(change.tx, ws, pad.id)
    status_before = status_of(pad, known).status
    await damage.save(change.tx, ws, after)
    latched = await _latch(change, pad, after)
    others = [report for report in known if report.number != after.number]
    finding = status_of(latched, [*others, after])
    personal = {"reason": reason} if reason else None
    await change.record(action, ("report", after.number), after, personal=personal)
    done = ReportChanged(before, after, latched, status_before, finding)
    await _follow(change, done)
    await alarms.follow(change, after)
    return done


async def _latch(change: Change, pad: Pad, report: DamageReport) -> Pad:
    """What reports say of a pad stays; a standing restriction is lifted by hand."""
    latched = take_report(pad, report, change.now)
    if latched != pad:
        await pads.save(change.tx, change.workspace.id, latched)
        await change.record("latch_pad", ("pad", pad.id), latched)
    return latched


async def _follow(change: Change, done: ReportChanged) -> None:
    """Have the report's posts say how it stands now, and what that has done to its pad where it did anything."""
    report, status = done.report, done.after.status
    moved = status is not done.status_before
    waiting = await missions.names_waiting_for(change.tx, change.workspace.id, done.pad.id) if moved else ()
    cause, repeated = _cause(report), await alarms.repetitions(change, report)
    for post in await outbox.posts_of(change.tx, change.workspace.id, cause):
        said = post.shown
        if not isinstance(said, DamageReported):
            continue
        is_new = report.acknowledged_at == change.now and said.acknowledged_at is None
        wanted = replace(
            said,
            severity=report.severity,
            state=report.state,
            acknowledged_at=report.acknowledged_at,
            acknowledged_by=change.actor.name if is_new else said.acknowledged_by if report.acknowledged_at else None,
            repeated=repeated,
            called_at=report.held_since or said.reported_at,
        )
        if moved:
            wanted = replace(wanted, status_before=done.status_before, status_after=status, waiting=waiting)
        if wanted != said:
            await change.edit(post, wanted, cause=cause)


async def _require_settled_work(change: Change, report: DamageReport) -> None:
    """A report does not end, nor is it repaired, over work that has not: done and not verified is work."""
    if report.state.is_open and report.state is not ReportState.REPAIRED:
        return
    tasks = (await repairs.of_report(change.tx, change.workspace.id, report.number)).values()
    is_over = not report.state.is_open
    left = [task for task in tasks if task.state.is_open or (is_over and task.state is TaskState.DONE)]
    if left:
        raise Conflict("report_has_work", report=report.label, tasks=", ".join(task.label for task in left))


async def _pad_of(change: Change, report: DamageReport) -> Pad:
    pad = await pads.load(change.tx, change.workspace.id, report.pad_id)
    if pad is None:
        raise NotFound("report_unknown", raw_text=report.label)
    return pad


def _cause(report: DamageReport) -> str:
    """What the posts of a report have in common."""
    return f"report:{report.number}"


def _updated(done: ReportChanged, reason: str | None) -> ReportUpdated:
    return ReportUpdated(
        pad=PadRef(done.pad.id, done.pad.name),
        report=done.report.number,
        summary=done.report.summary,
        state_before=done.before.state,
        state_after=done.report.state,
        severity_before=done.before.severity,
        severity_after=done.report.severity,
        reason=reason,
        status_before=done.status_before,
        status_after=done.after.status,
        adopted=(done.adopted.label, done.adopted.source) if done.adopted else None,
    )


def _assessed(made: Assessment, report: DamageReport, pad: Pad) -> DamageAssessed:
    return DamageAssessed(
        pad=PadRef(pad.id, pad.name),
        report=report.number,
        assessment=made.number,
        severity=made.severity,
        ours=report.severity,
        tier=made.tier,
        source=made.source,
        stated=made.stated,
        confidence=made.confidence,
        link=made.link,
        note=made.note,
    )


def _component(pad: Pad, typed: str | None) -> tuple[str | None, bool]:
    """The pad's own name for the component: the exact one, else the only one that contains what was typed, else as typed."""
    if typed is None:
        return None, True
    wanted = one_line(typed, what="component", limit=80)
    key = name_key(wanted)
    exact = [component for component in pad.components if name_key(component) == key]
    inside = [component for component in pad.components if key and key in name_key(component)]
    if exact or len(inside) == 1:
        return (exact or inside)[0], True
    return wanted, not pad.components
