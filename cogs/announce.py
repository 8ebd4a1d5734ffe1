"""/announce: which channel hears what, and statements that one person drafts and another approves."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import Channel, actor_of, channel_facts, mention_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, number_in, picked, picked_or_none, topic_choices
from cogs.render import statements as drafts
from cogs.render import subscriptions as render
from cogs.reply import answer, answer_press, private, receipt
from domain.announcements import Topic
from domain.damage import Severity
from domain.digest_times import QuietDays
from services.announcements import Subscribe
from services.digests import SetDigest
from services.statements import PostStatement


class AnnounceGroup(app_commands.Group):
    """The /announce commands."""

    def __init__(self) -> None:
        super().__init__(name="announce", description=T_("Announcements: which channel hears what"), guild_only=True)

    @app_commands.command(description=T_("Let a channel hear a topic"))
    @app_commands.describe(
        topic=T_("What to hear; all is everything but the daily digest"),
        channel=T_("The channel or thread; this one if left out"),
        mission=T_("Only about this mission"),
        pad=T_("Only about this pad"),
        severity=T_("Only damage at least this severe"),
        mention=T_("A role to mention with each post"),
        language=T_("The language of the posts; English if left out"),
    )
    @app_commands.choices(topic=topic_choices(), severity=choices(Severity))
    @app_commands.autocomplete(mission=complete.missions, pad=complete.pads, language=complete.languages)
    async def subscribe(
        self,
        interaction: discord.Interaction,
        topic: str,
        channel: Channel | None = None,
        mission: str | None = None,
        pad: str | None = None,
        severity: str | None = None,
        mention: discord.Role | None = None,
        language: str = "en",
    ) -> None:
        """Subscribe a channel."""
        request = Subscribe(
            topic=picked(Topic, topic, what="topic"),
            channel=channel_facts(interaction, channel),
            mission=mission,
            pad=pad,
            severity=picked_or_none(Severity, severity, what="severity"),
            mention=mention_of(interaction, mention, channel),
            language=language,
        )
        work = face_of(interaction).desks.announcements.subscribe(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.subscribed))

    @app_commands.command(description=T_("End a subscription"))
    @app_commands.describe(subscription=T_("Which one; /announce list shows them with their numbers"))
    @app_commands.autocomplete(subscription=complete.subscriptions)
    async def unsubscribe(self, interaction: discord.Interaction, subscription: str) -> None:
        """End a subscription."""
        work = face_of(interaction).desks.announcements.unsubscribe(actor_of(interaction), subscription)
        await answer(interaction, work, receipt(interaction, render.unsubscribed))

    @app_commands.command(name="list", description=T_("Which channel hears what"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """The subscriptions."""
        await answer_list(interaction, "heard")

    @app_commands.command(description=T_("Draft a statement; another person approves it before it is posted"))
    @app_commands.describe(
        text=T_("What to say"),
        channel=T_("Where; every channel that hears statements if left out"),
        mission=T_("The mission it is about"),
    )
    @app_commands.autocomplete(mission=complete.missions)
    async def post(
        self,
        interaction: discord.Interaction,
        text: str,
        channel: Channel | None = None,
        mission: str | None = None,
    ) -> None:
        """Draft a statement."""
        where = None if channel is None else channel_facts(interaction, channel)
        work = face_of(interaction).desks.statements.draft(actor_of(interaction), PostStatement(text, where, mission))
        await answer(interaction, work, private(drafts.drafted))

    @app_commands.command(description=T_("Draft the correction of a statement; another person approves it"))
    @app_commands.describe(
        announcement=T_("The statement, such as ST-2"), text=T_("What it should say"), reason=T_("Why it is corrected")
    )
    @app_commands.autocomplete(announcement=complete.statements)
    async def correct(self, interaction: discord.Interaction, announcement: str, text: str, reason: str) -> None:
        """Draft a correction."""
        work = face_of(interaction).desks.statements.correct(actor_of(interaction), announcement, text, reason)
        await answer(interaction, work, private(drafts.drafted))

    @app_commands.command(description=T_("Give a channel a daily digest, or change its time"))
    @app_commands.describe(
        time=T_("The time of day there, such as 09:00 or 9am"),
        timezone=T_("The zone of that time, such as Europe/Berlin; at first this server's"),
        channel=T_("The channel or thread; this one if left out"),
        quiet_days=T_("When there is nothing to say: skip the day, or say so in one line"),
        language=T_("The language of the digest; at first English"),
    )
    @app_commands.choices(quiet_days=choices(QuietDays))
    @app_commands.autocomplete(time=complete.digest_times, timezone=complete.zones, language=complete.languages)
    async def digest(
        self,
        interaction: discord.Interaction,
        time: str,
        timezone: str | None = None,
        channel: Channel | None = None,
        quiet_days: str | None = None,
        language: str | None = None,
    ) -> None:
        """Set a digest."""
        quiet = picked_or_none(QuietDays, quiet_days, what="quiet_days")
        says = None if quiet is None else quiet is QuietDays.SAY
        request = SetDigest(time, channel_facts(interaction, channel), timezone, says, language)
        work = face_of(interaction).desks.digests.set(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.digest_set))

    @app_commands.command(description=T_("Announce nothing of a mission for a while, but for what goes wrong"))
    @app_commands.describe(mission=T_("The mission"))
    @app_commands.autocomplete(mission=complete.missions)
    async def mute(self, interaction: discord.Interaction, mission: str) -> None:
        """Mute a mission."""
        work = face_of(interaction).desks.announcements.mute(actor_of(interaction), mission)
        await answer(interaction, work, receipt(interaction, render.muted))

    @app_commands.command(description=T_("Announce what a muted mission does again"))
    @app_commands.describe(mission=T_("The mission"))
    @app_commands.autocomplete(mission=complete.missions)
    async def unmute(self, interaction: discord.Interaction, mission: str) -> None:
        """Unmute a mission."""
        work = face_of(interaction).desks.announcements.unmute(actor_of(interaction), mission)
        await answer(interaction, work, receipt(interaction, render.unmuted))


async def press_approve(interaction: discord.Interaction, argument: str) -> None:
    """The Approve button below a draft: it is posted."""
    work = face_of(interaction).desks.statements.approve(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(drafts.decided), replaces=False)


async def press_reject(interaction: discord.Interaction, argument: str) -> None:
    """The Reject button below a draft: it is not."""
    work = face_of(interaction).desks.statements.reject(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(drafts.decided), replaces=False)


async def press_withdraw(interaction: discord.Interaction, argument: str) -> None:
    """The Withdraw button below a draft, for who drafted it."""
    work = face_of(interaction).desks.statements.withdraw(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(drafts.decided), replaces=False)
