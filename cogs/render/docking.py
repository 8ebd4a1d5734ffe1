"""Stations, ports, and what moves between them. Pure."""

from dataclasses import replace

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import inert
from cogs.render.missions import completed, planned
from cogs.render.words import brief_instant, event_name, utc, when
from cogs.text import N_, Locale
from domain.docking import Arrival, PortStay, PortUse
from services.docking import ArrivalChanged, Departed, StationChanged, StationPorts


def station_saved(done: StationChanged, locale: Locale) -> Card:
    """The receipt of `/docking station`."""
    _ = locale.text
    title = N_("✅ Station {name} entered") if done.is_new else N_("✅ Station {name} extended")
    lines = [_("New port: {port}", port=inert(port)) for port in done.new_ports]
    lines.append(locale.ngettext("{number} port in all.", "{number} ports in all.", len(done.station.ports)))
    return Card(_(title, name=inert(done.station.called)), "\n".join(lines), tone=Tone.GOOD)


def arrival(done: ArrivalChanged, locale: Locale) -> Card:
    """The receipt of `/docking plan` and `/docking relocate`: planned with what may be in the way, or done."""
    if done.changed.actual_at is not None:
        return completed(done.changed, locale)
    card = planned(done.changed, locale)
    if not done.overlaps:
        return card
    lines = [card.text, *(_overlap(stay, locale) for stay in done.overlaps)]
    return replace(card, text="\n".join(lines), tone=Tone.WARNING)


def departed(done: Departed, locale: Locale) -> Card:
    """The receipt of `/docking undock`: who left, and who stays though they came on it."""
    _ = locale.text
    card = completed(done.changed, locale)
    left = _("Left on it: {names}.", names=inert(", ".join(done.left))) if done.left else _("It left without a crew.")
    lines = [card.text, left]
    if done.stayed:
        lines.append(_("Came on it and stay aboard: {names}.", names=inert(", ".join(done.stayed))))
    return replace(card, text="\n".join(lines))


def ports(found: tuple[StationPorts, ...], locale: Locale) -> Listing:
    """Who is at each port, until when, and who is coming."""
    _ = locale.text
    entries = []
    for station in found:
        entries.append(f"**{inert(station.station.name)}**")
        entries += [_port(use, locale) for use in station.uses] or [_("No ports yet: `/docking station` adds them.")]
    footer = ""
    if found and found[0].believed_at is not None:
        footer = _("As recorded by {time}", time=utc(locale, found[0].believed_at))
    return Listing(
        title=_("🔗 Docking ports"),
        entries=tuple(entries),
        empty=_("No station yet. `/docking station` adds one with its ports."),
        footer=footer,
    )


def _port(use: PortUse, locale: Locale) -> str:
    _ = locale.text
    if use.occupant is None:
        lines = [_("○ {port}: free", port=inert(use.port.name))]
    else:
        since = brief_instant(locale, use.since_at) if use.since_at else _("unknown")
        lines = [
            _(
                "● {port}: **{mission}** since {since}",
                port=inert(use.port.name),
                mission=inert(use.occupant.name),
                since=since,
            )
        ]
        lines.append("↳ " + _("planned to leave: {time}", time=when(locale, use.until)))
    lines += ["↳ " + _arrival(arrival, locale) for arrival in use.arrivals]
    lines += [
        "↳ "
        + _(
            "⚠️ {one} and {other} may be here at the same time",
            one=inert(one.mission.name),
            other=inert(other.mission.name),
        )
        for one, other in use.overlaps
    ]
    return "\n".join(lines)


def _overlap(stay: PortStay, locale: Locale) -> str:
    return locale.text(
        N_("⚠️ {mission} may be at this port at the same time: from {begins}, planned to leave: {until}."),
        mission=inert(stay.mission.name),
        begins=when(locale, stay.begins),
        until=when(locale, stay.until),
    )


def _arrival(arrival: Arrival, locale: Locale) -> str:
    _ = locale.text
    return _(
        "then {mission}, {event} {time}",
        mission=inert(arrival.mission.name),
        event=event_name(locale, arrival.event),
        time=when(locale, arrival.event.planned),
    )
