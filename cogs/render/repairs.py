"""Repair tasks: receipts and lists. Pure."""

from collections.abc import Iterable
from datetime import datetime

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import (
    MATERIAL_STATE_NAMES,
    SEVERITY_NAMES,
    TASK_STATE_NAMES,
    brief_instant,
    days,
    joined,
    lines_of,
    when,
)
from cogs.text import N_, Locale
from domain.damage import DamageReport
from domain.materials import Material, MaterialState
from domain.repair_facts import RepairTerms, terms_of
from domain.repairs import RepairTask, TaskState
from domain.when import When
from services.repairs import MaterialSaid, PadRepairs, RepairChanged

SUMMARY_SHOWN = 300
PARTS_SHOWN = 5
REASON_SHOWN = 200
_NUMBERS_SHOWN = 120
_REOPENED = {
    TaskState.DONE: N_("It had been said to be done, and was not verified."),
    TaskState.VERIFIED: N_("It had been verified; that no longer holds."),
    TaskState.CANCELLED: N_("It had been cancelled."),
}


def planned(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair plan`."""
    _ = locale.text
    task = done.task
    lines = [inert(task.title), _("For {report} at {pad}.", report=done.report.label, pad=inert(done.pad.name))]
    if task.due is not None:
        lines.append(_("Due understood as **{time}**.", time=when(locale, task.due)))
    if task.after:
        lines.append(_("Waits for {tasks}.", tasks=numbers(task.after)))
    return Card(_("✅ {task} planned", task=task.label), "\n".join(lines), tone=Tone.GOOD)


def edited(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair edit`."""
    before = terms_of(done.was or done.task)
    text = lines_of([inert(done.task.title), *changed_terms(before, terms_of(done.task), locale)])
    return Card(locale.text(N_("✅ {task} changed"), task=done.task.label), text, tone=Tone.GOOD)


def started(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair start`."""
    _ = locale.text
    again = reopened(done.was.state, locale) if done.was else ""
    lines = [inert(done.task.title), again, too_early((other.number for other in done.waits_for), locale)]
    title = N_("✅ {task} reopened") if again else N_("✅ {task} started")
    return Card(_(title, task=done.task.label), lines_of(lines), tone=Tone.GOOD)


def progressed(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair progress`."""
    _ = locale.text
    before = done.was.progress if done.was else 0
    text = f"{inert(done.task.title)}\n{progress_bar(before)} → {progress_bar(done.task.progress)}"
    if done.task.progress == 100:
        text += "\n" + _("All the work is recorded. `/repair complete` says that it is done.")
    return Card(_("✅ {task} at {percent} %", task=done.task.label, percent=done.task.progress), text, tone=Tone.GOOD)


def blocked(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair block`."""
    _ = locale.text
    following = _("`/repair unblock` says that it can go on.")
    lines = [inert(done.task.title), inert(done.task.blocked_by or ""), following]
    return Card(_("✅ {task} is blocked", task=done.task.label), lines_of(lines), tone=Tone.GOOD)


def unblocked(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair unblock`."""
    lines = [inert(done.task.title), goes_on(done.task.state, locale)]
    return Card(
        locale.text(N_("✅ {task} is no longer blocked"), task=done.task.label), lines_of(lines), tone=Tone.GOOD
    )


def material(done: MaterialSaid, locale: Locale) -> Card:
    """The receipt of `/repair material`."""
    _ = locale.text
    said = done.material
    if said.state is MaterialState.NOT_NEEDED:
        text = _("{item} is off its list.", item=inert(said.item))
    else:
        text = part_line(said.item, said.state, said.quantity, said.expected, locale)
    others = tuple(part for part in done.task.awaited if part.item != said.item)
    also = _("Other parts it waits for: {parts}", parts=_shown_parts(others, locale)) if others else ""
    title = _("✅ {task}: parts", task=done.task.label)
    return Card(title, lines_of([inert(done.task.title), text, also]), tone=Tone.GOOD)


def completed(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair complete`."""
    _ = locale.text
    parts = done.task.awaited
    lines = [
        inert(done.task.title),
        _("⚠️ Parts were still awaited: {parts}.", parts=_shown_parts(parts, locale)) if parts else "",
        _("Someone else has to verify it before the pad can return to service."),
        locale.ngettext(
            "{number} task of this report is still open.",
            "{number} tasks of this report are still open.",
            done.open_left,
        ),
    ]
    return Card(_("✅ {task} done", task=done.task.label), lines_of(lines), tone=Tone.GOOD)


def verified(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair verify`."""
    return Card(locale.text(N_("✅ {task} verified"), task=done.task.label), inert(done.task.title), tone=Tone.GOOD)


def cancelled(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair cancel`."""
    _ = locale.text
    lines = [inert(done.task.title), inert(done.task.cancelled_for or ""), _("It holds nothing up any more.")]
    return Card(_("✅ {task} cancelled", task=done.task.label), lines_of(lines), tone=Tone.GOOD)


def listing(found: tuple[PadRepairs, ...], locale: Locale) -> Listing:
    """Tasks by report."""
    _ = locale.text
    entries = []
    for group in found:
        severity = _(SEVERITY_NAMES[group.report.severity])
        entries.append(f"**{group.report.label}** · {inert(group.pad.name)} · {severity} · {summary(group.report)}")
        entries += [_entry(task, group, locale) for task in group.tasks]
        if not group.tasks:
            entries.append(_("• nothing planned yet"))
    return Listing(
        title=_("🔧 Repairs"),
        entries=tuple(entries),
        empty=_("No open damage reports, so nothing to repair."),
    )


def task_line(task: RepairTask, locale: Locale, now: datetime) -> str:
    """One task in a list."""
    _ = locale.text
    due = _("due {time}", time=when(locale, task.due)) if task.due and not task.state.stands else ""
    overdue = _("⚠️ **overdue**") if task.is_overdue(now) else ""
    owner = inert(task.owner) if task.owner else ""
    after = _("after {tasks}", tasks=numbers(task.after)) if task.after and task.state.is_open else ""
    bar = "" if task.state is TaskState.CANCELLED else progress_bar(task.progress)
    state = _(TASK_STATE_NAMES[task.state])
    return f"• **{task.label}** {inert(task.title)} — " + joined([state, bar, due, overdue, owner, after])


def changed_terms(before: RepairTerms, after: RepairTerms, locale: Locale) -> list[str]:
    """One line for each thing that was agreed anew."""
    nothing = locale.text(N_("nothing"))
    pairs = zip(_terms(before, locale), _terms(after, locale), strict=True)
    return [f"`{option}`: {was or nothing} → **{is_ or nothing}**" for (option, was), (_, is_) in pairs if was != is_]


def _terms(terms: RepairTerms, locale: Locale) -> tuple[tuple[str, str], ...]:
    return (
        ("title", inert(terms.title)),
        ("owner", inert(terms.owner or "")),
        ("due", when(locale, terms.due) if terms.due else ""),
        ("after", numbers(terms.after)),
        ("days", days(locale, terms.days) if terms.days else ""),
    )


def reopened(before: TaskState, locale: Locale) -> str:
    """What is no longer so once a task is in work again; nothing for one that was merely planned."""
    return locale.text(_REOPENED[before]) if before in _REOPENED else ""


def too_early(waits_for: Iterable[int], locale: Locale) -> str:
    """That work began before what it was to come after is done."""
    tasks = numbers(waits_for)
    return locale.text(N_("⚠️ What it comes after is not done yet: {tasks}."), tasks=tasks) if tasks else ""


def goes_on(state: TaskState, locale: Locale) -> str:
    """What unblocking led to."""
    _ = locale.text
    return _("Work goes on.") if state is TaskState.IN_WORK else _("Work has not begun yet.")


def part_line(item: str, state: MaterialState, quantity: str | None, expected: When | None, locale: Locale) -> str:
    """A part, how much of it, and where it is."""
    _ = locale.text
    amount = f" ({inert(quantity)})" if quantity else ""
    words = _(MATERIAL_STATE_NAMES[state])
    if state is MaterialState.ON_ORDER:
        dated = expected is not None and expected.is_known
        words = _("on order, expected {time}", time=when(locale, expected)) if dated else _("on order, no date yet")
    return f"{inert(item)}{amount}: {words}"


def awaited(task: RepairTask, locale: Locale) -> str:
    """Which parts a task still waits for; nothing when it waits for none."""
    parts = task.awaited
    return locale.text(N_("Waits for parts: {parts}"), parts=_shown_parts(parts, locale)) if parts else ""


def progress_bar(percent: int) -> str:
    """Ten blocks and the number."""
    filled = percent // 10
    return f"{'▰' * filled}{'▱' * (10 - filled)} {percent} %"


def summary(report: DamageReport) -> str:
    """What a report says, cut to what a list holds."""
    return inert(shortened(report.summary, SUMMARY_SHOWN))


def numbers(tasks: Iterable[int]) -> str:
    """Tasks by their short names."""
    return shortened(", ".join(f"RT-{number}" for number in tasks), _NUMBERS_SHOWN)


def _entry(task: RepairTask, group: PadRepairs, locale: Locale) -> str:
    more = [_standing(task, group, locale), awaited(task, locale) if task.state.is_open else ""]
    return "\n".join([task_line(task, locale, group.asked_at), *(f"  ↳ {line}" for line in more if line)])


def _standing(task: RepairTask, group: PadRepairs, locale: Locale) -> str:
    """Why a task stands where it stands."""
    _ = locale.text
    match task.state:
        case TaskState.BLOCKED:
            return _("⛔ {reason}", reason=inert(shortened(task.blocked_by or "", REASON_SHOWN)))
        case TaskState.DONE if task.number in group.doers:
            return _("Waits for verification by somebody other than {name}", name=inert(group.doers[task.number]))
        case TaskState.DONE:
            return _("Waits for verification by somebody other than who did it")
        case TaskState.VERIFIED if task.verified_at:
            return _("Verified {time}", time=brief_instant(locale, task.verified_at))
        case TaskState.CANCELLED:
            return inert(shortened(task.cancelled_for or "", REASON_SHOWN))
    return ""


def _shown_parts(parts: tuple[Material, ...], locale: Locale) -> str:
    shown = [part_line(part.item, part.state, part.quantity, part.expected, locale) for part in parts[:PARTS_SHOWN]]
    if len(parts) > PARTS_SHOWN:
        shown.append(locale.ngettext("{number} more", "{number} more", len(parts) - PARTS_SHOWN))
    return "; ".join(shown)
