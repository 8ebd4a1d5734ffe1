"""Posts about repairs, from frozen facts. Pure."""

from cogs.render.card import Card, Tone
from cogs.render.inert import inert
from cogs.render.repairs import progress_bar
from cogs.render.words import days, days_away, delayed, instant, lines_of, when
from cogs.text import N_, Locale
from domain.repair_facts import RepairCompleted, RepairDue, RepairPlanned, RepairProgressed, TaskRef


def repair_planned(facts: RepairPlanned, locale: Locale) -> Card:
    """The post of RepairPlanned."""
    _ = locale.text
    lines = [
        _place(facts.task, locale),
        _("Due **{time}**", time=when(locale, facts.due)) if facts.due else "",
        _("Estimated at {days}", days=days(locale, facts.days)) if facts.days else "",
        _("Owner: {owner}", owner=inert(facts.owner)) if facts.owner else "",
        _("After {tasks}", tasks=", ".join(f"RT-{number}" for number in facts.after)) if facts.after else "",
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


def _task(task: TaskRef) -> str:
    return f"RT-{task.task} {inert(task.title)}"


def _place(task: TaskRef, locale: Locale) -> str:
    return locale.text(N_("{pad}, for DR-{report}"), pad=inert(task.pad), report=task.report)
