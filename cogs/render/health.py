"""Medical standing as cards. Shown privately, to those with `medical`, and nowhere else. Pure."""

from cogs.render.card import Card, Field
from cogs.render.inert import inert
from cogs.render.words import utc
from cogs.text import N_, Locale
from domain.health import HealthStatus
from services.health import Standing

HEALTH_NAMES = {
    HealthStatus.FIT: N_("fit for duty"),
    HealthStatus.OBSERVATION: N_("under observation"),
    HealthStatus.LIMITED: N_("limited duty"),
    HealthStatus.UNFIT: N_("not fit to fly"),
}


def recorded(done: Standing, locale: Locale) -> Card:
    """The receipt of `/crew health`."""
    _ = locale.text
    told = (
        N_("Channels that hear of the crew are told that a medical matter is being handled: not who, not what.")
        if done.was_announced
        else N_("Nothing was announced.")
    )
    return _card(_("🩺 Recorded: {person}", person=inert(done.person)), done, locale, _(told))


def standing(found: Standing, locale: Locale) -> Card:
    """What is recorded of a person, newest first."""
    _ = locale.text
    return _card(
        _("🩺 {person}", person=inert(found.person)), found, locale, "" if found.records else _("Nothing is recorded.")
    )


def _card(title: str, found: Standing, locale: Locale, text: str) -> Card:
    _ = locale.text
    fields = tuple(
        Field(f"{_(HEALTH_NAMES[record.status])} · {utc(locale, record.recorded_at)}", inert(record.note or "") or "–")
        for record in found.records
    )
    return Card(title, text, fields, footer=_("Only you see this."))
