"""Live boards as they stand in a channel, and the receipts of pinning them. Pure.

What ticks by itself is a timestamp of Discord's; days are counted as of the footer's time, and again when the day turns. What a
message has no room for is cut by whole lines, and how much that is is said.
"""

from collections.abc import Iterable, Sequence

from cogs.render.card import Card, Tone
from cogs.render.coverage import emergency_head, no_station, seated_head, station_head, without_head
from cogs.render.impact import between, consequence, launch_line, lost_line
from cogs.render.inert import inert, shortened
from cogs.render.pads import more_reports
from cogs.render.room import TEXT_MAX, and_more, cut
from cogs.render.tones import STATUS_TONES
from cogs.render.words import (
    CLEARANCE_NAMES,
    EVENT_NAMES,
    OUTCOME_NAMES,
    PAD_STATUS_NAMES,
    PHASE_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    capitalised,
    countdown_mark,
    day,
    days,
    joined,
    lines_of,
    pad_standing,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.board_facts import (
    BoardEvent,
    BoardMission,
    BoardPad,
    BoardPerson,
    BoardRemoved,
    BoardReport,
    BoardRisk,
    BoardStation,
    CrewBoard,
    MissionBoard,
    PadBoard,
)
from domain.boards import Board, BoardKind
from domain.impact_facts import BlockedLaunch
from domain.missions import Clearance
from domain.pads import PadStatus
from domain.when import Precision, days_between
from services.board_posts import ShownBoard
from services.boards import BoardPinned

_ROOM = TEXT_MAX - 200
"""Of the text, which may have to say besides that it comes late."""
_LOST_ROOM = 1000
_APART = "\n\n"
_SUMMARY_SHOWN = 140
_NAME_SHOWN = 80
_MORE_MISSIONS = "/mission list"  # not prose: a command
_MORE_PADS = "/pad list"  # not prose: a command
_MORE_CREW = "/crew aboard"  # not prose: a command
BOARD_NAMES = {
    BoardKind.MISSIONS: N_("missions board"),
    BoardKind.PADS: N_("pads board"),
    BoardKind.CREW: N_("crew board"),
}


# --- missions ----------------------------------------------------------------------------------------------------------


def missions(facts: MissionBoard, locale: Locale) -> Card:
    """What flies and what is planned, each with its next event."""
    _ = locale.text
    flying = [_mission(one, facts, locale) for one in facts.missions if one.phase.is_flying]
    waiting = [_mission(one, facts, locale) for one in facts.missions if not one.phase.is_flying]
    blocks = [*_headed(_("__Flying__"), flying), *_headed(_("__Yet to launch__"), waiting)]
    text = _cut(blocks, facts.more, _MORE_MISSIONS, locale) or _("Nothing is flying and nothing is planned.")
    return Card(_("🛰️ Missions"), text, tone=_mission_tone(facts), footer=_as_of(facts, locale))


def _headed(heading: str, blocks: Sequence[str]) -> list[str]:
    """The blocks with a heading above the first, so that no heading is left alone where they are cut."""
    return [f"{heading}\n{block}" if not number else block for number, block in enumerate(blocks)]


def _mission_tone(facts: MissionBoard) -> Tone:
    if any(one.risk is not None and one.risk.status is PadStatus.OUT_OF_SERVICE for one in facts.missions):
        return Tone.BAD
    if any(one.overdue or one.held or one.clearance is not Clearance.CLEARED for one in facts.missions):
        return Tone.WARNING
    return Tone.GOOD if any(one.phase.is_flying for one in facts.missions) else Tone.NEUTRAL


def _mission(one: BoardMission, facts: MissionBoard, locale: Locale) -> str:
    _ = locale.text
    phase = _(PHASE_NAMES[one.phase])
    if one.outcome is not None:
        phase = f"{phase} ({_(OUTCOME_NAMES[one.outcome])})"
    place = "" if one.place is None else ", ".join(_name(part) for part in one.place)
    following = [
        _("next: {event}", event=_event(one.next, facts, locale)) if one.next else "",
        _("return: {event}", event=_event(one.back, facts, locale)) if one.back else "",
    ]
    head = joined([f"**{_name(one.mission)}** — {phase}", place, _elapsed(one, facts, locale)])
    details = [*following, *_marks(one, locale), _risk(one.risk, locale) if one.risk else ""]
    return lines_of([head, *(f"↳ {detail}" for detail in details if detail)])


def _elapsed(one: BoardMission, facts: MissionBoard, locale: Locale) -> str:
    """MET in whole days, and the lift-off as a time that ticks."""
    _ = locale.text
    if one.lifted_off_at is None:
        return ""
    whole_days = (facts.as_of - one.lifted_off_at).days
    met = _("MET {span}", span=days(locale, whole_days)) if whole_days > 0 else ""
    return joined([met, _("lift-off {time}", time=f"<t:{int(one.lifted_off_at.timestamp())}:R>")])


def _event(event: BoardEvent, facts: MissionBoard, locale: Locale) -> str:
    left = _countdown(event, facts, locale)
    name = _called(event, locale)
    return f"{name}, {when(locale, event.when)}" + (f" ({left})" if left else "")


def _called(event: BoardEvent, locale: Locale) -> str:
    return _name(event.name) if event.name else locale.text(EVENT_NAMES[event.kind])


def _countdown(event: BoardEvent, facts: MissionBoard, locale: Locale) -> str:
    """How far off, in the grain of the date: ticking for a time, R− and days for a day, nothing for what may come any later."""
    planned = event.when
    if planned is None or planned.at is None or planned.no_earlier_than:
        return ""
    if planned.precision.is_at_least(Precision.HOUR):
        return f"<t:{int(planned.at.timestamp())}:R>"
    left = days_between(facts.as_of, planned.at)
    if planned.precision is not Precision.DAY or left < 0:
        return ""
    return f"{countdown_mark(event.kind)}{days(locale, left)}" if left else locale.text(N_("today"))


def _marks(one: BoardMission, locale: Locale) -> list[str]:
    _ = locale.text
    marks = []
    if one.overdue:
        marks.append(_("❔ {event} not confirmed", event=_called(one.overdue, locale)))
    if one.held:
        marks.append(_("✋ {event} is on hold.", event=capitalised(_called(one.held, locale))))
    if one.clearance is not Clearance.CLEARED:
        marks.append("⚠️ " + capitalised(_(CLEARANCE_NAMES[one.clearance])) + ".")
    return marks


def _risk(risk: BoardRisk, locale: Locale) -> str:
    _ = locale.text
    status = _(PAD_STATUS_NAMES[risk.status])
    if risk.report is not None:
        words = N_("{status} ({report}, unconfirmed)") if risk.unconfirmed else N_("{status} ({report})")
        status = _(words, status=status, report=f"DR-{risk.report}")
    return joined([f"{_name(risk.pad)}: {status}", consequence(risk, risk.status, locale)])


# --- pads --------------------------------------------------------------------------------------------------------------


def pads(facts: PadBoard, locale: Locale) -> Card:
    """Every pad, the worst first; above them what can be launched from none."""
    _ = locale.text
    lost = cut([lost_line(one, locale) for one in facts.gone], locale, room=_LOST_ROOM)
    blocks = [_pad(one, locale) for one in facts.pads]
    known = _cut(blocks, facts.more, _MORE_PADS, locale, room=_ROOM - len(lost))
    text = _APART.join(part for part in (lost, known or _("No pads yet. `/pad add` enters the first.")) if part)
    worst = next((one.status for one in facts.pads), None)
    tone = Tone.NEUTRAL if worst is None else STATUS_TONES[worst]
    return Card(_("🏗️ Launch pads"), text, tone=tone, footer=_as_of(facts, locale))


def _pad(one: BoardPad, locale: Locale) -> str:
    _ = locale.text
    status = _(PAD_STATUS_NAMES[one.status])
    head = f"**{_name(one.pad)}**, {_name(one.site)} — {pad_standing(locale, one.lifecycle, one.status)}"
    lines = []
    if one.report is not None:
        lines.append(_report(one.report, locale))
    if one.more_reports:
        lines.append(more_reports(one.more_reports, locale))
    if one.restriction:
        lines.append(_("Standing restriction: {reason}", reason=shortened(inert(one.restriction), _SUMMARY_SHOWN)))
    if one.awaiting_return:
        lines.append(_("It stays {status} until it is returned to service: `/pad return-to-service`.", status=status))
    if one.expected is not None:
        said = between(one.expected.earliest, one.expected.latest, locale, or_before=one.expected.or_before)
        lines.append(_("Expected back: {range}", range=said))
    return lines_of([head, *(f"↳ {line}" for line in lines), *_launches(one.blocked, one, locale)])


def _launches(blocked: Sequence[BlockedLaunch], one: BoardPad, locale: Locale) -> list[str]:
    lines = [f"• {launch_line(launch, one.status, locale)}" for launch in blocked]
    return [*lines, and_more(one.more_blocked, locale)] if one.more_blocked else lines


def _report(report: BoardReport, locale: Locale) -> str:
    _ = locale.text
    component = f"{_name(report.component)}: " if report.component else ""
    said = component + shortened(inert(report.summary), _SUMMARY_SHOWN)
    return joined(
        [f"DR-{report.number}", _(SEVERITY_NAMES[report.severity]), _(REPORT_STATE_NAMES[report.state]), said]
    )


# --- crew --------------------------------------------------------------------------------------------------------------


def crew(facts: CrewBoard, locale: Locale) -> Card:
    """Who is aboard each station and how they come down; who has no seat home stands above them."""
    _ = locale.text
    blocks = [block for one in facts.stations for block in _station(one, facts, locale)]
    text = _cut(blocks, facts.more, _MORE_CREW, locale, between="\n").strip() or no_station(locale)
    return Card(_("🧑‍🚀 Aboard"), text, tone=_crew_tone(facts), footer=_as_of(facts, locale))


def _crew_tone(facts: CrewBoard) -> Tone:
    if any(one.without for one in facts.stations):
        return Tone.BAD
    if any(one.emergency for one in facts.stations):
        return Tone.WARNING
    return Tone.GOOD if any(one.aboard for one in facts.stations) else Tone.NEUTRAL


def _station(one: BoardStation, facts: CrewBoard, locale: Locale) -> list[str]:
    """A line for each person, those who share a stay together; what they share, and the station, above the first of them."""
    people: list[str] = []
    stays = dict.fromkeys((person.since_at, person.down, person.ends) for person in one.aboard)
    for stay in stays:
        shared = [person for person in one.aboard if (person.since_at, person.down, person.ends) == stay]
        people += _headed(f"\n{_stay(shared[0], facts, locale)}", [_person(person) for person in shared])
    rest = [and_more(one.more, locale)] if one.more else []
    head = f"\n{_station_head(one, locale)}"
    return [*(_headed(head, people) or [head]), *rest]


def _station_head(one: BoardStation, locale: Locale) -> str:
    lines = [station_head(one.station, len(one.aboard) + one.more, locale)]
    if one.without:
        lines.append(f"{without_head(len(one.without), locale)}\n• {_names(one.without, locale)}")
    if one.emergency:
        lines.append(f"{emergency_head(len(one.emergency), locale)}\n• {_names(one.emergency, locale)}")
    if one.seated:
        lines.append(seated_head(one.seated, locale))
    return lines_of(lines)


def _names(names: Sequence[str], locale: Locale) -> str:
    return cut([_name(name) for name in names], locale, room=300, between=", ")


def _person(one: BoardPerson) -> str:
    agency = f" ({_name(one.agency)})" if one.agency else ""
    return f"• **{_name(one.person)}**{agency} — {_name(one.role)}"


def _stay(one: BoardPerson, facts: CrewBoard, locale: Locale) -> str:
    """Since when they are aboard, and how they come down."""
    _ = locale.text
    since = _(
        "aboard since {time}, {days}",
        time=day(locale, one.since_at),
        days=days(locale, days_between(one.since_at, facts.as_of)),
    )
    down = _("⚠️ no ride down")
    if one.down is not None:
        down = _("down on {mission}: {time}", mission=_name(one.down), time=when(locale, one.ends))
    return capitalised(joined([since, down]))


# --- what all have in common -------------------------------------------------------------------------------------------


def removed(facts: BoardRemoved, locale: Locale) -> Card:
    """What would stand in the place of a board that is taken down, if anything did."""
    _ = locale.text
    return Card(_("📌 Taken down: {board}", board=_(BOARD_NAMES[facts.kind])), _("This message is to be removed."))


def _cut(
    blocks: Sequence[str], besides: int, command: str, locale: Locale, *, room: int = _ROOM, between: str = _APART
) -> str:
    def more(number: int, locale: Locale) -> str:
        return f"{and_more(number, locale)}: `{command}`"

    return cut(blocks, locale, room=room, besides=besides, more=more, between=between)


def _as_of(facts: MissionBoard | PadBoard | CrewBoard, locale: Locale) -> str:
    return locale.text(N_("As of {time}"), time=utc(locale, facts.as_of))


def _name(text: str) -> str:
    return shortened(inert(text), _NAME_SHOWN)


# --- receipts ----------------------------------------------------------------------------------------------------------


def pinned(done: BoardPinned, locale: Locale) -> Card:
    """The receipt of `/board pin`."""
    _ = locale.text
    channel = done.board.channel_id
    there = (
        _(
            "It was pinned in <#{channel}> already: it is posted anew at the channel's end, and the old message goes.",
            channel=channel,
        )
        if done.was_there
        else _("It appears in <#{channel}> in a moment.", channel=channel)
    )
    lines = [
        there,
        _(
            "That one message is edited after every change and as the day turns, at most once in 10 seconds; its last line says "
            "when it was last true."
        ),
        _("Pin the message in Discord as well, and everyone finds it at once. `/board unpin` takes it down."),
    ]
    return Card(_("📌 Pinned: {board}", board=_board(done.board, locale)), lines_of(lines), tone=Tone.GOOD)


def unpinned(done: Board, locale: Locale) -> Card:
    """The receipt of `/board unpin`."""
    _ = locale.text
    text = _("Its message in <#{channel}> is removed.", channel=done.channel_id)
    return Card(_("📌 Taken down: {board}", board=_board(done, locale)), text, tone=Tone.GOOD)


def lines(found: Iterable[ShownBoard], locale: Locale) -> list[str]:
    """Every board in a list, with a link to where it stands."""
    return [_line(one, locale) for one in found]


def _line(one: ShownBoard, locale: Locale) -> str:
    _ = locale.text
    state = _("waits to be posted")
    if one.is_parked:
        state = _("⚠️ Discord does not take it: `/ops status`")
    elif one.message_id is not None:
        words = _("the message")
        link = f"https://discord.com/channels/{one.workspace_id}/{one.board.channel_id}/{one.message_id}"
        state = f"[{words}]({link})"
    language = _("in {language}", language=one.board.language) if one.board.language != "en" else ""
    return joined([f"📌 <#{one.board.channel_id}> — **{_board(one.board, locale)}**", state, language])


def _board(board: Board, locale: Locale) -> str:
    return locale.text(BOARD_NAMES[board.kind])
