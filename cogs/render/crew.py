"""Crew lists and the receipts of seats, rides and names. Pure."""

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import inert
from cogs.render.missions import crew_line, seats_left, way
from cogs.render.words import PHASE_NAMES, when
from cogs.text import N_, Locale
from services.crew import MissionCrew, PersonEdited, RideChanged, SeatAssigned, SeatRemoved


def assigned(done: SeatAssigned, locale: Locale) -> Card:
    """The receipt of `/crew assign`."""
    _ = locale.text
    lines = [crew_line(done.member)]
    if done.former_role is not None:
        lines.append(_("Former role on this flight: {role}", role=inert(done.former_role)))
    if done.seats is not None:
        lines.append(_("{taken} of {seats} seats up taken.", taken=done.seats_taken, seats=done.seats))
    lines.append(_clash(done.may_clash, locale))
    if done.is_new:
        lines.append(
            _(
                "This person is new here. If it is another spelling of someone known, `/crew remove` this seat, "
                "then `/crew edit` the known person and give the spelling as `also:`."
            )
        )
    title = _("✅ {person} flies on {mission}", person=inert(done.member.name), mission=inert(done.mission))
    return Card(title, _lines(lines), tone=Tone.WARNING if done.may_clash else Tone.GOOD)


def removed(done: SeatRemoved, locale: Locale) -> Card:
    """The receipt of `/crew remove`: what it means where the flight had launched."""
    _ = locale.text
    person, mission = inert(done.person), inert(done.mission)
    if not done.went_up:
        text = _("{person} has no ride down now. `/crew return` gives one.", person=person)
        return Card(
            _("✅ {person} no longer comes down on {mission}", person=person, mission=mission), text, tone=Tone.WARNING
        )
    lines = []
    if done.other_ride:
        lines.append(_("The seat down on {mission} is free again, too.", mission=inert(done.other_ride)))
    if done.had_flown:
        lines.append(
            _(
                "⚠️ {mission} had launched: the record now says that {person} was not on it. "
                "If only the way down has changed, `/crew assign` again and use `/crew return`.",
                person=person,
                mission=mission,
            )
        )
    tone = Tone.WARNING if done.had_flown else Tone.GOOD
    return Card(_("✅ {person} no longer flies on {mission}", person=person, mission=mission), _lines(lines), tone=tone)


def return_changed(done: RideChanged, locale: Locale) -> Card:
    """The receipt of `/crew return`."""
    _ = locale.text
    person = inert(done.person)
    before = _("no ride") if done.before is None else inert(done.before)
    lines = [_("Went up on {mission}. Way down before: {before}.", mission=inert(done.went_up_on), before=before)]
    if done.after is None:
        lines.append(
            _(
                "`/crew return` with a mission gives a ride; until then `/crew coverage` counts {person} without a seat.",
                person=person,
            )
        )
        return Card(_("✅ {person} has no ride down now", person=person), _lines(lines), tone=Tone.WARNING)
    after = inert(done.after)
    known = N_("Came down: {time}.") if done.is_down else N_("The stay now ends with its return: {time}.")
    lines += [_(known, time=when(locale, done.ends)), _clash(done.may_clash, locale)]
    tone = Tone.WARNING if done.may_clash else Tone.GOOD
    return Card(_("✅ {person} comes down on {mission}", person=person, mission=after), _lines(lines), tone=tone)


def edited(done: PersonEdited, locale: Locale) -> Card:
    """The receipt of `/crew edit`."""
    _ = locale.text
    person = done.person
    lines = [
        _("Formerly listed as {name}.", name=inert(done.before.name)) if done.before.name != person.name else "",
        _("Agency: {agency}", agency=inert(person.agency)) if person.agency else "",
        _("Also found as: {names}", names=inert(", ".join(person.also))) if person.also else _("No other spellings."),
    ]
    return Card(_("✅ {person} put right", person=inert(person.name)), _lines(lines), tone=Tone.GOOD)


def listing(found: tuple[MissionCrew, ...], locale: Locale) -> Listing:
    """The crew of one mission or of all."""
    _ = locale.text
    entries = [_entry(crew, locale) for crew in found]
    return Listing(
        title=_("👩‍🚀 Crew"),
        entries=tuple(entries),
        empty=_("Nobody is assigned to a mission yet. `/crew assign` gives someone a seat."),
    )


def _entry(crew: MissionCrew, locale: Locale) -> str:
    _ = locale.text
    head = f"**{inert(crew.mission)}** — {locale.text(PHASE_NAMES[crew.phase])}"
    lines = [f"• {crew_line(member)}{way(member, locale)}" for member in crew.members]
    free = seats_left(crew.seats, crew.phase, crew.members)
    if free:
        lines.append("• " + locale.ngettext("{number} seat not assigned", "{number} seats not assigned", free))
    return "\n".join([head, *(lines or [_("no crew")])])


def _clash(other: str | None, locale: Locale) -> str:
    if other is None:
        return ""
    return locale.text(
        N_("⚠️ Check the dates: they also have a seat on {mission}, and that stay may not be over by then."),
        mission=inert(other),
    )


def _lines(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line)
