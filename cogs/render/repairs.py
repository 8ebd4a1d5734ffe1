"""Repair tasks: receipts and lists. Pure."""

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import SEVERITY_NAMES, TASK_STATE_NAMES, joined, when
from cogs.text import Locale
from domain.damage import DamageReport
from domain.repairs import RepairTask
from services.repairs import PadRepairs, RepairChanged

SUMMARY_SHOWN = 300


def planned(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair plan`."""
    _ = locale.text
    task = done.task
    lines = [inert(task.title), _("For {report} at {pad}.", report=done.report.label, pad=inert(done.pad.name))]
    if task.due is not None:
        lines.append(_("Due understood as **{time}**.", time=when(locale, task.due)))
    if task.after:
        lines.append(_("Waits for {tasks}.", tasks=", ".join(f"RT-{number}" for number in task.after)))
    return Card(_("✅ {task} planned", task=task.label), "\n".join(lines), tone=Tone.GOOD)


def progressed(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair progress`."""
    _ = locale.text
    text = f"{inert(done.task.title)}\n{progress_bar(done.before)} → {progress_bar(done.task.progress)}"
    if done.task.progress == 100:
        text += "\n" + _("All the work is recorded. `/repair complete` says that it is done.")
    return Card(_("✅ {task} at {percent} %", task=done.task.label, percent=done.task.progress), text, tone=Tone.GOOD)


def completed(done: RepairChanged, locale: Locale) -> Card:
    """The receipt of `/repair complete`."""
    _ = locale.text
    lines = [inert(done.task.title), _("Someone else has to verify it before the pad can return to service.")]
    lines.append(
        locale.ngettext(
            "{number} task of this report is still open.",
            "{number} tasks of this report are still open.",
            done.open_left,
        )
    )
    return Card(_("✅ {task} done", task=done.task.label), "\n".join(lines), tone=Tone.GOOD)


def listing(found: tuple[PadRepairs, ...], locale: Locale) -> Listing:
    """Tasks by report."""
    _ = locale.text
    entries = []
    for group in found:
        severity = _(SEVERITY_NAMES[group.report.severity])
        entries.append(f"**{group.report.label}** · {inert(group.pad.name)} · {severity} · {summary(group.report)}")
        entries += [task_line(task, locale) for task in group.tasks]
        if not group.tasks:
            entries.append(_("• nothing planned yet"))
    return Listing(
        title=_("🔧 Repairs"),
        entries=tuple(entries),
        empty=_("No open damage reports, so nothing to repair."),
    )


def task_line(task: RepairTask, locale: Locale) -> str:
    """One task in a list."""
    _ = locale.text
    due = _("due {time}", time=when(locale, task.due)) if task.due else ""
    owner = inert(task.owner) if task.owner else ""
    after = _("after {tasks}", tasks=", ".join(f"RT-{number}" for number in task.after)) if task.after else ""
    state = _(TASK_STATE_NAMES[task.state])
    return f"• **{task.label}** {inert(task.title)} — " + joined(
        [state, progress_bar(task.progress), due, owner, after]
    )


def progress_bar(percent: int) -> str:
    """Ten blocks and the number."""
    filled = percent // 10
    return f"{'▰' * filled}{'▱' * (10 - filled)} {percent} %"


def summary(report: DamageReport) -> str:
    """What a report says, cut to what a list holds."""
    return inert(shortened(report.summary, SUMMARY_SHOWN))
