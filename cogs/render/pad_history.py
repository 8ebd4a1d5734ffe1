"""A pad's history in words: one card with what it comes to and the last of what happened, and the whole of it for a file. Pure."""

from collections.abc import Iterator, Sequence

from cogs.charts.chart import Chart
from cogs.render.card import Card, Field
from cogs.render.inert import inert
from cogs.render.outage_words import cost_lines, forecast_line, heading, words_of
from cogs.render.pads import estimate_line, views_lines
from cogs.render.room import cut
from cogs.render.timeline import ALT_MAX
from cogs.render.tones import STATUS_TONES
from cogs.render.words import capitalised, joined, pad_standing, utc
from cogs.text import N_, Locale
from domain.assessments import views_of
from domain.outage import Outage
from domain.pad_records import Entry
from services.pad_history import PadHistory

LIST_MAX = 1000
"""Room for the last of what happened: the card is for what it comes to, and the whole list goes along as a file."""
_VIEWS_MAX = 2


def card(found: PadHistory, locale: Locale, *, pictured: bool = True) -> Card:
    """The message: how long it was away, who said what, what it cost, and the last entries; `fits` says whether that is all."""
    _ = locale.text
    shown, left_out = _fitting(found, locale)
    lines = [f"**{line}**" for line in standing_lines(found, locale)]
    if found.believed_at is not None:
        lines.insert(0, _("*As it had been recorded by {time}.*", time=utc(locale, found.believed_at)))
    if left_out:
        lines.append(
            locale.ngettext(
                "*{number} earlier entry is in the attached text.*",
                "*{number} earlier entries are in the attached text.*",
                left_out,
            )
        )
    if not pictured:
        shown.append(_("The picture could not be drawn; the words are complete."))
    return Card(
        title=_("📜 History of {pad}", pad=inert(found.pad.name)),
        text="\n".join([*lines, *shown]),
        fields=tuple(_fields(found, locale)),
        tone=STATUS_TONES[found.finding.status],
        footer=_footer(found, locale),
    )


def fits(found: PadHistory, locale: Locale) -> bool:
    """True when the message has room for everything."""
    outages = found.past.outages
    whole = not _fitting(found, locale)[1] and len(outages) <= 1
    return whole and all(
        _cut(lines, locale) == "\n".join(lines)
        for outage in outages
        for lines in (_forecasts(outage, locale), cost_lines(outage, locale))
    )


def written_out(found: PadHistory, locale: Locale) -> str:
    """The whole history as plain text, for a file: each outage with its forecasts and its cost, then every entry."""
    _ = locale.text
    lines = [_("History of {pad}", pad=found.pad.name), *standing_lines(found, locale)]
    for outage in found.past.outages:
        lines += ["", capitalised(heading(outage, found.asked_at, locale))]
        for title, said in (
            (_("Forecasts of its return"), _forecasts(outage, locale)),
            (_("Days it cost"), cost_lines(outage, locale)),
        ):
            lines += [f"{title}:", *(f"- {line}" for line in said)] if said else []
    lines += ["", _("What happened, in the order in which it was recorded:")]
    lines += [f"{utc(locale, entry.at)}: {words_of(entry, locale).plain}" for entry in found.past.entries]
    return "\n".join([*lines, "", _footer(found, locale), ""])


def alt_text(shown: Chart, locale: Locale) -> str:
    """What a screen reader says of the picture: its rows in words, as much as Discord keeps."""
    said = f"{shown.title}: {shown.subtitle}."
    for row in shown.rows:
        line = f" {row.label}: {joined([row.dates, *row.details])}."
        if len(said) + len(line) > ALT_MAX - 40:
            return said + locale.text(N_(" More in the text of this message."))
        said += line
    return said


def standing_lines(found: PadHistory, locale: Locale) -> list[str]:
    """How the pad stands, how long it is or was away, and how often before that; plain but for the status's sign."""
    _ = locale.text
    status = pad_standing(locale, found.pad.lifecycle, found.finding.status)
    newest = found.newest
    if newest is None:
        return [joined([status, _("it was never out of service or restricted by a report")])]
    lines = [joined([status, heading(newest, found.asked_at, locale)])]
    lines += [
        _("Before that: {outage}", outage=heading(outage, found.asked_at, locale))
        for outage in reversed(found.past.outages[:-1])
    ]
    return lines[:4]


def _footer(found: PadHistory, locale: Locale) -> str:
    _ = locale.text
    if found.believed_at is not None:
        return _("As recorded by {time}", time=utc(locale, found.believed_at))
    return _("As of {time}", time=utc(locale, found.asked_at))


def _fields(found: PadHistory, locale: Locale) -> Iterator[Field]:
    _ = locale.text
    newest = found.newest
    if newest is None:
        return
    for number, lines in _views(found, newest, locale):
        yield Field(_("What is said of DR-{number}", number=number), _cut(lines, locale))
    said = [inert(line) for line in _forecasts(newest, locale)]
    said += [] if found.estimate is None else [estimate_line(found.estimate, locale)]
    if said:
        yield Field(_("Forecasts of its return"), _cut(said, locale))
    cost = [inert(line) for line in cost_lines(newest, locale)]
    if cost:
        yield Field(_("Days it cost"), _cut([f"**{cost[0]}**", *cost[1:]], locale))


def _views(found: PadHistory, outage: Outage, locale: Locale) -> list[tuple[int, list[str]]]:
    """Both sides' views of the reports that somebody has spoken of, the gravest report first."""
    lives = sorted(outage.reports, key=lambda life: (-life.report.severity.rank, life.report.number))
    spoken = [
        (
            life.report.number,
            views_lines(
                views_of(one for one in outage.assessments if one.report_number == life.report.number),
                outage.ended_at or found.asked_at,
                locale,
            ),
        )
        for life in lives
    ]
    return [(number, lines) for number, lines in spoken if lines][:_VIEWS_MAX]


def _forecasts(outage: Outage, locale: Locale) -> list[str]:
    """Every forecast, those that stand first."""
    said = sorted(outage.forecasts, key=lambda one: (one not in outage.standing, one.number))
    return [forecast_line(one, outage, locale) for one in said]


def _cut(lines: Sequence[str], locale: Locale) -> str:
    return cut(lines, locale, more=_in_the_text)


def _in_the_text(number: int, locale: Locale) -> str:
    return locale.text(N_("… and {number} more in the attached text"), number=number)


def _fitting(found: PadHistory, locale: Locale) -> tuple[list[str], int]:
    """The last entries, as many as a message has room for, and how many earlier ones are left out."""
    shown: list[str] = []
    size = 0
    for number, entry in enumerate(reversed(found.past.entries)):
        line = _marked(entry, locale)
        size += len(line) + 1
        if size > LIST_MAX:
            return shown[::-1], len(found.past.entries) - number
        shown.append(line)
    return shown[::-1], 0


def _marked(entry: Entry, locale: Locale) -> str:
    """One entry as a message shows it: when, in UTC, and what happened."""
    words = words_of(entry, locale)
    details = f" — {inert(joined(words.details))}" if words.details else ""
    return f"{utc(locale, entry.at)} **{inert(words.title)}**{details}"
