"""Statements, their drafts and their corrections. Pure."""

from datetime import datetime

from cogs.render.card import Button, Card, Field, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import instant
from cogs.text import N_, Locale
from domain.facts import DraftWaiting, StatementPosted
from domain.places import Place
from domain.statements import DraftState
from services.statements import Drafted

APPROVE = "approve"
REJECT = "reject"
WITHDRAW = "withdraw"
_BEFORE_MAX = 900
_DECISIONS = {
    DraftState.APPROVED: N_("✅ Approved by <@{member}>"),
    DraftState.REJECTED: N_("❌ Rejected by <@{member}>"),
    DraftState.WITHDRAWN: N_("↩️ Withdrawn by <@{member}>"),
}
_RECEIPTS = {
    DraftState.APPROVED: N_("✅ ST-{number} approved"),
    DraftState.REJECTED: N_("❌ ST-{number} rejected"),
    DraftState.WITHDRAWN: N_("↩️ ST-{number} withdrawn"),
}


def posted(facts: StatementPosted, locale: Locale) -> Card:
    """A statement; after a correction it says so, why, and what it said before."""
    _ = locale.text
    title = _("📣 {mission}: statement", mission=inert(facts.mission)) if facts.mission else _("📣 Statement")
    fields: tuple[Field, ...] = ()
    if facts.corrected_at is not None:
        fields = (
            Field(_("✏️ Corrected"), _corrected(facts.corrected_at, facts.reason, locale)),
            Field(_("It said before"), _before(facts.before or "")),
        )
    return Card(title, inert(facts.text), fields, footer=f"ST-{facts.number}")


def waiting(facts: DraftWaiting, locale: Locale) -> Card:
    """A draft in the ops channel, with its buttons until it is decided."""
    _ = locale.text
    number = facts.number
    title = (
        _("📝 ST-{number}: a statement waits for approval", number=number)
        if facts.corrects is None
        else _(
            "📝 ST-{number}: a correction of ST-{corrects} waits for approval", number=number, corrects=facts.corrects
        )
    )
    fields = [
        Field(_("Mission"), inert(facts.mission), inline=True) if facts.mission else None,
        Field(_("Goes to"), _places(facts.channels), inline=True),
        Field(_("Drafted by"), f"<@{facts.drafted_by}>", inline=True),
        Field(_("It says now") if facts.decision is None else _("It said before"), _before(facts.before))
        if facts.before
        else None,
        Field(_("Reason"), inert(facts.reason)) if facts.reason else None,
    ]
    shown = tuple(field for field in fields if field)
    if facts.decision is not None:
        title = (
            _("📝 ST-{number}", number=number)
            if facts.corrects is None
            else _("📝 ST-{number}: correction of ST-{corrects}", number=number, corrects=facts.corrects)
        )
        decision = _(_DECISIONS[facts.decision], member=facts.decided_by)
        tone = Tone.GOOD if facts.decision is DraftState.APPROVED else Tone.NEUTRAL
        return Card(title, f"{decision}\n\n{inert(facts.text)}", shown, tone=tone)
    buttons = (
        Button(_("Approve and post") if facts.corrects is None else _("Approve and correct"), APPROVE, str(number)),
        Button(_("Reject"), REJECT, str(number)),
        Button(_("Withdraw"), WITHDRAW, str(number)),
    )
    return Card(title, inert(facts.text), shown, tone=Tone.WARNING, buttons=buttons)


def drafted(done: Drafted, locale: Locale) -> Card:
    """The receipt of `/announce post` and `/announce correct`."""
    _ = locale.text
    lines = [
        _("It waits in <#{channel}> for another person with `approve`.", channel=done.ops_channel_id),
        _goes_to(done, locale),
    ]
    return Card(_("📝 ST-{number} drafted", number=done.draft.number), "\n".join(lines), tone=Tone.GOOD)


def decided(done: Drafted, locale: Locale) -> Card:
    """The receipt of who approved, rejected or withdrew a draft."""
    _ = locale.text
    title = _(_RECEIPTS[done.draft.state], number=done.draft.number)
    if done.draft.state is not DraftState.APPROVED:
        return Card(title, _("Nothing is posted."))
    return Card(title, _goes_to(done, locale), tone=Tone.GOOD)


def _goes_to(done: Drafted, locale: Locale) -> str:
    _ = locale.text
    channels = _places(done.draft.channels)
    if done.draft.corrects is None:
        return _("It goes to {channels}.", channels=channels)
    return _("ST-{corrects} is edited in {channels}.", corrects=done.draft.corrects, channels=channels)


def _places(places: tuple[Place, ...]) -> str:
    """Channels, each with the roles that are mentioned there."""
    return ", ".join(_place(place) for place in places)


def _place(place: Place) -> str:
    roles = " ".join(f"<@&{role}>" for role in place.mention_role_ids)
    return f"<#{place.channel_id}> ({roles})" if roles else f"<#{place.channel_id}>"


def _before(text: str) -> str:
    return shortened(inert(text), _BEFORE_MAX)


def _corrected(at: datetime, reason: str | None, locale: Locale) -> str:
    when = instant(locale, at)
    return f"{when}\n{inert(reason)}" if reason else when
