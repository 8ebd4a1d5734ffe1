"""The message a demonstration opens with: what this is, and what to try. Pure."""

from cogs.render.card import Card, Field
from cogs.text import Locale


def welcome(locale: Locale) -> Card:
    """Where we are, and what to type."""
    _ = locale.text
    return Card(
        title=_("🛰️ It is 27 November 2025, 18:00 UTC"),
        text=_(
            "This morning Soyuz MS-28 left Baikonur's Site 31/6 with three people and docked. Then the pad was found damaged. "
            "You are in its operations channel; everything here is the real bot on a real database."
        ),
        fields=(
            Field(_("Where is the mission?"), _("`/mission status` with `mission:Soyuz MS-28`")),
            Field(
                _("Log damage"), _("`/pad report` opens a form; `/pad status` with `pad:Site 31/6` shows what is known")
            ),
            Field(
                _("What it means"), _("`/pad impact` says what the closed pad blocks; `/pad history` draws the outage")
            ),
            Field(
                _("Let time pass"),
                _(
                    "`/demo clock` with `to:next event due` or a date: countdowns arrive, and the case goes on as it did, "
                    "to 22 March 2026"
                ),
            ),
            Field(
                _("See it at a glance"),
                _(
                    "Live boards and a daily digest stand on the other two pages; `/board pin` and `/announce digest` put "
                    "them anywhere"
                ),
            ),
            Field(_("Be someone else"), _("Choose another member above; the guest may look but not change")),
        ),
        footer=_("Times are as they were; nothing here leaves your computer"),
    )
