"""Crew lists and the receipt of an assignment. Pure."""

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import inert
from cogs.render.missions import crew_line
from cogs.render.words import PHASE_NAMES
from cogs.text import Locale
from services.crew import MissionCrew, SeatAssigned


def assigned(done: SeatAssigned, locale: Locale) -> Card:
    """The receipt of `/crew assign`."""
    _ = locale.text
    lines = [crew_line(done.member)]
    if done.seats is not None:
        lines.append(_("{taken} of {seats} seats taken, up and down.", taken=done.seats_taken, seats=done.seats))
    if done.is_new:
        lines.append(
            _("This person is new here. If it is another spelling of someone known, tell whoever keeps the crew list.")
        )
    title = _("✅ {person} flies on {mission}", person=inert(done.member.name), mission=inert(done.mission))
    return Card(title, "\n".join(lines), tone=Tone.GOOD)


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
    lines = [f"• {crew_line(member)}" for member in crew.members]
    if crew.seats is not None and crew.seats > len(crew.members):
        free = crew.seats - len(crew.members)
        lines.append("• " + locale.ngettext("{number} seat not assigned", "{number} seats not assigned", free))
    return "\n".join([head, *(lines or [_("no crew")])])
