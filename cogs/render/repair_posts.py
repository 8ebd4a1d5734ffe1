"""Posts about repairs, from frozen facts. Pure."""

from cogs.render.card import Card, Tone
from cogs.render.inert import inert
from cogs.render.repairs import changed_terms, goes_on, numbers, part_line, progress_bar, reopened, too_early
from cogs.render.words import days, days_away, delayed, instant, lines_of, when
from cogs.text import N_, Locale
from domain.materials import MaterialState
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairDue,
    RepairDueOutdated,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
    TaskRef,
)
from domain.repairs import TaskState

_TITLES = {
    TaskState.BLOCKED: N_("⛔ Repair blocked: {task}"),
    TaskState.VERIFIED: N_("✅ Repair verified: {task}"),
    TaskState.CANCELLED: N_("✖️ Repair cancelled: {task}"),
}
_TONES = {TaskState.BLOCKED: Tone.WARNING, TaskState.VERIFIED: Tone.GOOD}
_OUTDATED = {
    TaskState.DONE: N_("It is done; it waits for verification."),
    TaskState.VERIFIED: N_("It is done and verified."),
    TaskState.CANCELLED: N_("It will not be done."),
}
_OVER = {TaskState.DONE, TaskState.VERIFIED}


def repair_planned(facts: RepairPlanned, locale: Locale) -> Card:
    """The post of RepairPlanned."""
    _ = locale.text
    lines = [
        _place(facts.task, locale),
        _("Due **{time}**", time=when(locale, facts.due)) if facts.due else "",
        _("Estimated at {days}", days=days(locale, facts.days)) if facts.days else "",
        _("Owner: {owner}", owner=inert(facts.owner)) if facts.owner else "",
        _("After {tasks}", tasks=numbers(facts.after)) if facts.after else "",
    ]
    return Card(_("🔧 Repair planned: {task}", task=_task(facts.task)), lines_of(lines))


def repair_progressed(facts: RepairProgressed, locale: Locale) -> Card:
    """The post of RepairProgressed."""
    _ = locale.text
    lines = [
        _place(facts.task, locale),
        f"{progress_bar(facts.before)} → {progress_bar(facts.after)}",
        inert(facts.note or ""),
    ]
    return Card(_("🔧 Repair progress: {task}", task=_task(facts.task)), lines_of(lines))


def repair_completed(facts: RepairCompleted, locale: Locale) -> Card:
    """The post of RepairCompleted."""
    _ = locale.text
    left = locale.ngettext(
        "{number} task of this report is still open.", "{number} tasks of this report are still open.", facts.open_left
    )
    lines = [
        _place(facts.task, locale),
        _("Done {time}", time=instant(locale, facts.done_at)),
        _("It was due {time}.", time=when(locale, facts.due)) if facts.due else "",
        inert(facts.note or ""),
        left,
        _("Not verified yet."),
    ]
    return Card(_("🔧 Repair done: {task}", task=_task(facts.task)), lines_of(lines), tone=Tone.GOOD)


def repair_state_changed(facts: RepairStateChanged, locale: Locale) -> Card:
    """The post of RepairStateChanged."""
    _ = locale.text
    due = facts.due if facts.after in {TaskState.PLANNED, TaskState.IN_WORK} else None
    lines = [
        _place(facts.task, locale),
        reopened(facts.before, locale) if facts.after is TaskState.IN_WORK else "",
        goes_on(facts.after, locale) if facts.before is TaskState.BLOCKED and not facts.reason else "",
        inert(facts.reason or ""),
        inert(facts.note or ""),
        _("Due **{time}**", time=when(locale, due)) if due else "",
        too_early(facts.waits_for, locale),
    ]
    title = _(_state_title(facts), task=_task(facts.task))
    return Card(title, lines_of(lines), tone=_TONES.get(facts.after, Tone.NEUTRAL))


def _state_title(facts: RepairStateChanged) -> str:
    if facts.after in _TITLES:
        return _TITLES[facts.after]
    match facts.before:
        case TaskState.PLANNED:
            return N_("▶️ Repair started: {task}")
        case TaskState.BLOCKED:
            return N_("▶️ Repair no longer blocked: {task}")
    return N_("↩️ Repair reopened: {task}")


def repair_edited(facts: RepairEdited, locale: Locale) -> Card:
    """The post of RepairEdited."""
    lines = [_place(facts.task, locale), *changed_terms(facts.before, facts.after, locale)]
    return Card(locale.text(N_("✏️ Repair changed: {task}"), task=_task(facts.task)), lines_of(lines))


def material_changed(facts: MaterialChanged, locale: Locale) -> Card:
    """The post of MaterialChanged."""
    line = part_line(facts.item, facts.after, facts.quantity, facts.expected, locale)
    arrived = facts.after is MaterialState.ON_HAND and facts.before is not None
    title = N_("📦 Part has arrived: {task}") if arrived else N_("📦 Parts: {task}")
    return Card(locale.text(title, task=_task(facts.task)), lines_of([_place(facts.task, locale), line]))


def repair_due(facts: RepairDue, locale: Locale) -> Card:
    """The post of RepairDue."""
    _ = locale.text
    due, distance = when(locale, facts.due), days_away(locale, facts.days_left)
    lines = [
        _place(facts.task, locale),
        _("Due **{time}** ({distance})", time=due, distance=distance) if distance else _("Due **{time}**", time=due),
        delayed(facts.due_at, locale) if facts.delayed else "",
    ]
    overdue = facts.overdue
    title = N_("⚠️ Repair overdue: {task}") if overdue else N_("⏳ Repair due: {task}")
    return Card(_(title, task=_task(facts.task)), lines_of(lines), tone=Tone.WARNING if overdue else Tone.NEUTRAL)


def repair_due_outdated(facts: RepairDueOutdated, locale: Locale) -> Card:
    """The post of RepairDueOutdated: what was said stays readable, struck through, below what is true now."""
    _ = locale.text
    said = repair_due(facts.was, locale).title.replace("~~", "")
    now = _(_OUTDATED[facts.state]) if facts.state in _OUTDATED else _now_due(facts, locale)
    title = N_("✅ {task}: done") if facts.state in _OVER else N_("✏️ {task}: no longer so")
    return Card(_(title, task=_task(facts.was.task)), lines_of([f"**{now}**", f"~~{said}~~"]))


def _now_due(facts: RepairDueOutdated, locale: Locale) -> str:
    _ = locale.text
    return _("Now due: {time}", time=when(locale, facts.due)) if facts.due else _("It has no due date any more.")


def _task(task: TaskRef) -> str:
    return f"RT-{task.task} {inert(task.title)}"


def _place(task: TaskRef, locale: Locale) -> str:
    return locale.text(N_("{pad}, for DR-{report}"), pad=inert(task.pad), report=task.report)
