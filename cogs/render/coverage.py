"""Who is aboard, and whether everyone there has a seat home, in words that can be signed. Pure."""

from collections.abc import Callable, Iterable, Mapping

from cogs.render.card import Listing, Tone
from cogs.render.impact import risk
from cogs.render.inert import inert
from cogs.render.words import (
    CLEARANCE_NAMES,
    LIFECYCLE_NAMES,
    PAD_STATUS_NAMES,
    days,
    event_name,
    joined,
    utc,
    when,
    when_with_distance,
)
from cogs.text import N_, Locale
from domain.coverage import Cover, Covered, Lack, Relief
from domain.crew import Aboard, Person
from domain.docking import Station
from domain.missions import Clearance, EventKind, Mission, Phase, docked_port_id, phase_of
from domain.pads import Lifecycle, PadStatus
from domain.when import days_between
from services.coverage import StationCoverage, StationCrew

_LACKS = {
    Lack.NO_RIDE: N_("no ride down is assigned"),
    Lack.NOT_DOCKED: N_("assigned to {ride}, which is not docked here"),
    Lack.EMERGENCY_ONLY: N_("assigned to {ride}, which is for emergency return only"),
    Lack.NOT_CLEARED: N_("assigned to {ride}, which is not cleared to bring its crew down"),
    Lack.OVERBOOKED: N_("assigned to {ride}, on which more people are assigned than it has seats"),
}
_NO_CREW = N_("Nobody is aboard.")


def aboard(found: tuple[StationCrew, ...], locale: Locale) -> Listing:
    """Who is aboard each station, since when, and how they come down."""
    _ = locale.text
    entries = []
    for one in found:
        entries.append(station_head(one.station.name, len(one.aboard), locale))
        entries += [_member(person, one, locale) for person in one.aboard]
    footer = ""
    if found:
        words = N_("As recorded by {time}") if found[0].believed_at else N_("As of {time}")
        footer = _(words, time=utc(locale, found[0].asked_at))
    return Listing(_("🧑‍🚀 Aboard"), tuple(entries), no_station(locale), footer)


def coverage(found: tuple[StationCoverage, ...], locale: Locale) -> Listing:
    """Each station's return coverage and its relief."""
    _ = locale.text
    entries: list[str] = []
    for one in found:
        entries += _station(one, locale)
    footer = _("As of {time}, from recorded events", time=utc(locale, found[0].asked_at)) if found else ""
    return Listing(_("🛟 Return coverage"), tuple(entries), no_station(locale), footer, _tone(found))


def no_station(locale: Locale) -> str:
    """That nobody can be aboard anything yet."""
    return locale.text(N_("No station yet. `/docking station` adds one with its ports."))


def _tone(found: Iterable[StationCoverage]) -> Tone:
    covers = {one.cover for station in found for one in station.coverage.people}
    if Cover.NONE in covers:
        return Tone.BAD
    if Cover.EMERGENCY in covers:
        return Tone.WARNING
    return Tone.GOOD if covers else Tone.NEUTRAL


def station_head(name: str, number: int, locale: Locale) -> str:
    """A station and how many are aboard."""
    return f"**{inert(name)}** — " + (
        locale.ngettext("{number} aboard", "{number} aboard", number) if number else locale.text(_NO_CREW)
    )


def _member(one: Aboard, crew: StationCrew, locale: Locale) -> str:
    _ = locale.text
    stay = one.stay
    person = crew.names.get(stay.person_id)
    agency = f" ({inert(person.agency)})" if person and person.agency else ""
    day = days(locale, days_between(one.since_at, crew.asked_at))
    head = f"• **{_name(one, crew.names)}**{agency} — {inert(stay.role)}"
    since = _("aboard since {time}, {days}", time=utc(locale, one.since_at), days=day)
    return f"{head}\n↳ " + joined(
        [since, _("up on {mission}", mission=inert(stay.up.name)), _way_down(one, crew, locale)]
    )


def _way_down(one: Aboard, crew: StationCrew, locale: Locale) -> str:
    _ = locale.text
    stay = one.stay
    if stay.down is None:
        return _("⚠️ no ride down")
    back = when_with_distance(locale, stay.ends, crew.asked_at)
    return _("down on {mission}: {time}", mission=inert(stay.down.name), time=back)


# --- coverage ---------------------------------------------------------------------------------------------------------


def _station(one: StationCoverage, locale: Locale) -> list[str]:
    """The station's statements, each an entry of its own, so that a page never cuts one."""
    cover = one.coverage
    head = station_head(one.station.name, len(cover.people), locale)
    if not cover.people:
        return ["\n".join([head, _relief(one, locale)])]
    return [
        head,
        _seated(one, locale),
        _in_emergency(one, locale),
        _without(one, locale),
        "\n".join([*_counts(one, locale), _relief(one, locale), *_unconfirmed(one, locale)]),
    ]


def _seated(one: StationCoverage, locale: Locale) -> str:
    people = one.coverage.with_cover(Cover.SEAT)
    head = seated_head(len(people), locale)
    lines = [
        f"• {_at_port(ship, one.station)}: "
        + ", ".join(_name(who.person, one.names) for who in people if who.ride is ship)
        for ship in one.coverage.docked
        if any(who.ride is ship for who in people)
    ]
    return "\n".join([head, *lines])


def _in_emergency(one: StationCoverage, locale: Locale) -> str:
    people = one.coverage.with_cover(Cover.EMERGENCY)
    head = emergency_head(len(people), locale)
    return "\n".join([head, *_grouped(people, one, lambda who: _emergency(who, one, locale))])


def _emergency(who: Covered, one: StationCoverage, locale: Locale) -> str:
    _ = locale.text
    ship = who.spacecraft
    if ship is None or ship is who.ride:
        return _lack(who, one, locale)
    place = _at_port(ship, one.station)
    clearance = _(CLEARANCE_NAMES[ship.clearance])
    on = _("on {spacecraft}, the spacecraft they came on ({clearance})", spacecraft=place, clearance=clearance)
    return f"{on}; {_lack(who, one, locale)}"


def _without(one: StationCoverage, locale: Locale) -> str:
    people = one.coverage.with_cover(Cover.NONE)
    head = without_head(len(people), locale)
    return "\n".join([head, *_grouped(people, one, lambda who: _lack(who, one, locale))])


def seated_head(number: int, locale: Locale) -> str:
    """How many have a seat home now."""
    return locale.ngettext(
        "{sign} **{number}** has an assigned seat on a cleared, docked spacecraft.",
        "{sign} **{number}** have an assigned seat on a cleared, docked spacecraft.",
        number,
        sign="✅" if number else "○",
    )


def emergency_head(number: int, locale: Locale) -> str:
    """How many can leave only in an emergency."""
    return locale.ngettext(
        "{sign} **{number}** can leave only in an emergency.",
        "{sign} **{number}** can leave only in an emergency.",
        number,
        sign="⚠️" if number else "○",
    )


def without_head(number: int, locale: Locale) -> str:
    """How many have no way home now."""
    return locale.ngettext(
        "{sign} **{number}** has no seat on a docked spacecraft that may bring them down.",
        "{sign} **{number}** have no seat on a docked spacecraft that may bring them down.",
        number,
        sign="⛔" if number else "○",
    )


def _grouped(people: Iterable[Covered], one: StationCoverage, say: Callable[[Covered], str]) -> list[str]:
    """A line for each thing that is to be said, with everybody it is true of."""
    said: dict[str, list[str]] = {}
    for who in people:
        said.setdefault(say(who), []).append(_name(who.person, one.names))
    return [f"• {', '.join(names)}: {words}" for words, names in said.items()]


def _lack(who: Covered, one: StationCoverage, locale: Locale) -> str:
    if who.lack is None:
        return ""
    place = "" if who.ride is None else _at_port(who.ride, one.station)
    return locale.text(_LACKS[who.lack], ride=place)


def _counts(one: StationCoverage, locale: Locale) -> list[str]:
    _ = locale.text
    cover = one.coverage
    lines = [
        _(
            "Seats on docked spacecraft: {cleared} cleared ({free} of them free), {emergency} for emergency return only.",
            cleared=cover.seats_cleared,
            free=cover.seats_free,
            emergency=cover.seats_emergency,
        )
    ]
    lines += [
        _("{mission} does not state its seats; only people assigned to it are counted.", mission=inert(mission.name))
        for mission in cover.seats_unsaid
    ]
    lines += [_clearance(ship, one, locale) for ship in cover.docked if ship.clearance is not Clearance.CLEARED]
    return lines


def _clearance(ship: Mission, one: StationCoverage, locale: Locale) -> str:
    """Why a docked spacecraft is not cleared, and who says so."""
    clearance = locale.text(CLEARANCE_NAMES[ship.clearance])
    basis = joined([inert(ship.clearance_reason or ""), inert(ship.clearance_source or "")])
    head = f"⚠️ {_at_port(ship, one.station)}: {clearance}"
    return f"{head} ({basis})." if basis else f"{head}."


def _relief(one: StationCoverage, locale: Locale) -> str:
    _ = locale.text
    relief = one.relief
    if relief is None:
        return _("Relief: no further crew flight to {station} is planned.", station=inert(one.station.called))
    if relief.is_on_its_way:
        docking = relief.mission.open_event(EventKind.DOCKING)
        return _(
            "Relief: {mission} has launched and is on its way; docking {time}.",
            mission=inert(relief.mission.name),
            time=when(locale, docking.planned if docking else None),
        )
    return f"{_waiting(relief, locale)} {_pad(one, locale)}"


def _waiting(relief: Relief, locale: Locale) -> str:
    _ = locale.text
    name = inert(relief.mission.name)
    launch = when(locale, relief.launch.planned if relief.launch else None)
    if phase_of(relief.mission) is Phase.ON_HOLD:
        return _("Relief: {mission}, on hold, launch {time}.", mission=name, time=launch)
    return _("Relief: {mission}, launch {time}.", mission=name, time=launch)


def _pad(one: StationCoverage, locale: Locale) -> str:
    """Whether the relief flight has a pad, judged by the pad's reports."""
    _ = locale.text
    pad, finding = one.relief_pad, one.relief_pad_status
    if pad is None or finding is None:
        return _("⚠️ Its launch pad is not named, so nothing is known of it.")
    place = f"{inert(pad.name)}, {inert(pad.site)}"
    if pad.lifecycle is not Lifecycle.ACTIVE:
        lifecycle = _(LIFECYCLE_NAMES[pad.lifecycle])
        return _("⛔ Its pad ({pad}) is {lifecycle}: no launch from there.", pad=place, lifecycle=lifecycle)
    status = _(PAD_STATUS_NAMES[finding.status])
    if finding.status is PadStatus.OPERATIONAL:
        return _("Its pad ({pad}) is {status}.", pad=place, status=status)
    report = finding.deciding.label if finding.deciding else ""
    basis = _("{report}, unconfirmed", report=report) if finding.unconfirmed else report
    basis = basis or _("not returned to service")
    said = _("⛔ Its pad ({pad}) is **not operational**: {status} ({basis}).", pad=place, status=status, basis=basis)
    if one.relief_risk is None:
        return said
    return said + "\n" + _("Its launch: {risk}", risk=risk(one.relief_risk, locale))


def _unconfirmed(one: StationCoverage, locale: Locale) -> list[str]:
    _ = locale.text
    return [
        _(
            "❔ {mission}: {event} was due {time} and is not confirmed; this may be behind what has happened.",
            mission=inert(mission.name),
            event=event_name(locale, event),
            time=when(locale, event.planned),
        )
        for mission, event in one.unconfirmed
    ]


def _at_port(ship: Mission, station: Station) -> str:
    port = station.port(docked_port_id(ship))
    return f"{inert(ship.name)} ({inert(port.name)})" if port else inert(ship.name)


def _name(one: Aboard, names: Mapping[int, Person]) -> str:
    person = names.get(one.stay.person_id)
    return inert(person.name) if person else "?"
