"""Completion as members type: the completion desk's choices as Discord's, at most 25, each within 100 characters."""

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord.app_commands import Choice

from cogs.actor import actor_of, channel_names, locale_of
from cogs.face import face_of
from cogs.render.words import EVENT_NAMES, when
from domain.digest_times import parse_minute, shown_minute
from domain.errors import InvalidInput
from domain.missions import EventKind
from domain.repairs import TaskState
from domain.settings import COUNTDOWN_PREFIX, DEFAULT_WORD, NONE_WORD, OFF_WORD, SETTING_KEYS, SettingKey, shown_hour
from domain.text import name_key
from domain.when_text import zones_with
from services.completion import CHOICES_MAX, EventChoice

LABEL_MAX = 100
_SPANS = {
    SettingKey.ESCALATE_AFTER.value: ("5m", "10m", "15m", "30m", "1h", OFF_WORD),
    SettingKey.ASSESS_AFTER.value: ("1h", "2h", "4h", "8h", "12h", "1d", OFF_WORD),
}


async def missions(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Names of missions."""
    return _plain(await face_of(interaction).desks.completion.missions(actor_of(interaction), typed))


async def people(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Names of people."""
    return _plain(await face_of(interaction).desks.completion.people(actor_of(interaction), typed))


async def crew(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """People with a seat on the mission that is already filled in."""
    desk = face_of(interaction).desks.completion
    return _plain(await desk.crew(actor_of(interaction), _filled(interaction, "mission"), typed))


async def stations(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Stations."""
    return _plain(await face_of(interaction).desks.completion.stations(actor_of(interaction), typed))


async def ports(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Ports of the mission that is already filled in."""
    desk = face_of(interaction).desks.completion
    return _plain(await desk.ports(actor_of(interaction), _filled(interaction, "mission"), typed))


async def pads(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Pads with their sites."""
    found = await face_of(interaction).desks.completion.pads(actor_of(interaction), typed)
    return [_choice(f"{pad.name}, {pad.site}", pad.name) for pad in found]


async def components(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Components of the pad that is already filled in."""
    desk = face_of(interaction).desks.completion
    return _plain(await desk.components(actor_of(interaction), _filled(interaction, "pad"), typed))


async def reports(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Open damage reports."""
    found = await face_of(interaction).desks.completion.reports(actor_of(interaction), typed)
    return [_choice(f"DR-{report.number} · {report.pad} · {report.text}", f"DR-{report.number}") for report in found]


async def all_reports(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Damage reports, those that are over as well: they can be opened again."""
    found = await face_of(interaction).desks.completion.reports(actor_of(interaction), typed, also_over=True)
    return [_choice(f"DR-{report.number} · {report.pad} · {report.text}", f"DR-{report.number}") for report in found]


async def assessments(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Assessments of open reports, newest first."""
    found = await face_of(interaction).desks.completion.assessments(actor_of(interaction), typed)
    return [
        _choice(f"AS-{one.number} · DR-{one.report_number} · {one.severity.value} · {one.source}", f"AS-{one.number}")
        for one in found
    ]


def tasks(*states: TaskState) -> Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]:
    """Repair tasks in these states."""

    async def offered(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = await face_of(interaction).desks.completion.tasks(actor_of(interaction), typed, states)
        return [_choice(f"RT-{task.number} · {task.text}", f"RT-{task.number}") for task in found]

    return offered


async def materials(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Materials of the repair task that is already filled in."""
    desk = face_of(interaction).desks.completion
    return _plain(await desk.materials(actor_of(interaction), _filled(interaction, "repair"), typed))


async def causes(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Open damage reports, and what was typed: a cause may be anything."""
    found = await reports(interaction, typed)
    words = " ".join(typed.split())[:LABEL_MAX]
    own = [] if not words or any(choice.value == words for choice in found) else [_choice(words, words)]
    return [*found[: CHOICES_MAX - len(own)], *own]


async def event_kinds(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Kinds of events, for planning."""
    wanted = name_key(typed)
    return [
        _choice(word, kind.value)
        for kind, word in _kind_words(interaction).items()
        if wanted in name_key(f"{kind.value} {word}")
    ]


async def events(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Open events of the mission that is already filled in. Kinds that repeat are chosen by "#id"."""
    desk = face_of(interaction).desks.completion
    mission = _filled(interaction, "mission")
    found = await desk.events(actor_of(interaction), mission, typed, _kind_words(interaction))
    return [
        _choice(
            _event_label(interaction, choice),
            f"#{choice.event.id}" if choice.event.kind.may_repeat else choice.event.kind.value,
        )
        for choice in found
    ]


async def happened_events(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Events of the mission that is filled in which are recorded as having happened, latest first, by "#id"."""
    desk = face_of(interaction).desks.completion
    mission = _filled(interaction, "mission")
    found = await desk.happened(actor_of(interaction), mission, typed, _kind_words(interaction))
    locale = locale_of(interaction, face_of(interaction).catalogues)
    return [
        _choice(
            f"{choice.event.name or locale.text(EVENT_NAMES[choice.event.kind])} · {when(locale, choice.event.time)}",
            f"#{choice.event.id}",
        )
        for choice in found
    ]


async def any_events(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Open events of every live mission, by "#id"."""
    desk = face_of(interaction).desks.completion
    found = await desk.events(actor_of(interaction), None, typed, _kind_words(interaction))
    return [
        _choice(f"{choice.mission} · {_event_label(interaction, choice)}", f"#{choice.event.id}") for choice in found
    ]


async def subscriptions(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Subscriptions, by their numbers, with channel, topic and filters."""
    found = await face_of(interaction).desks.completion.subscriptions(actor_of(interaction))
    names = channel_names(interaction)
    labelled = [
        (
            " · ".join(
                part
                for part in (
                    f"#{shown.subscription.id}",
                    f"#{names.get(shown.subscription.channel_id, shown.subscription.channel_id)}",
                    shown.subscription.topic.value,
                    shown.mission or "",
                    shown.pad or "",
                )
                if part
            ),
            str(shown.subscription.id),
        )
        for shown in found
    ]
    wanted = name_key(typed)
    return [_choice(label, value) for label, value in labelled if wanted in name_key(label)][:CHOICES_MAX]


async def statements(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Statements that were posted, newest first."""
    found = await face_of(interaction).desks.completion.statements(actor_of(interaction))
    labelled = [(f"ST-{draft.number} · {' '.join(draft.text.split())}", f"ST-{draft.number}") for draft in found]
    wanted = name_key(typed)
    return [_choice(label, value) for label, value in labelled if wanted in name_key(label)][:CHOICES_MAX]


async def reminders(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Reminders that the member may cancel."""
    found = await face_of(interaction).desks.completion.reminders(actor_of(interaction), typed)
    return [_choice(f"{one.label} · {' '.join(one.text.split())}", one.label) for one in found]


async def zones(_interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Time zones."""
    return _plain(zones_with(typed, CHOICES_MAX))


async def languages(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Languages that announcements can be in."""
    known = sorted(face_of(interaction).catalogues.languages)
    return _plain(tuple(language for language in known if typed.casefold() in language))


async def digest_times(_interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """What was typed as it is read, and whole hours as a clock shows them."""
    hours = tuple(shown_minute(hour * 60) for hour in range(24))
    with contextlib.suppress(InvalidInput):  # not yet a time: nothing is said of it before it is sent
        return _plain(tuple(dict.fromkeys((shown_minute(parse_minute(typed)), *_containing(hours, typed)))))
    return _plain(_containing(hours, typed))


def _containing(texts: tuple[str, ...], typed: str) -> tuple[str, ...]:
    return tuple(text for text in texts if typed.strip() in text)


async def setting_keys(_interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Keys of `/ops set`."""
    return _plain(tuple(key for key in SETTING_KEYS if typed.casefold() in key))


async def setting_values(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Values for the key that is already filled in, where a list of them helps."""
    key = _filled(interaction, "key") or ""
    if key == SettingKey.OPS_CHANNEL:
        return _channels(interaction, typed)
    if key == SettingKey.TIMEZONE:
        return _plain(zones_with(typed, CHOICES_MAX))
    if key.startswith(COUNTDOWN_PREFIX):
        return _plain(tuple(value for value in (typed.strip(), DEFAULT_WORD) if value))
    if key == SettingKey.ESCALATION_ROLES:
        return _roles(interaction, typed)
    if key in _SPANS:
        return _plain(tuple(span for span in _SPANS[key] if typed.casefold() in span))
    hours = (*(shown_hour(hour) for hour in range(24)), OFF_WORD)
    is_hour = key in {SettingKey.MORNING, SettingKey.QUIET_FROM, SettingKey.QUIET_UNTIL}
    return _plain(tuple(hour for hour in hours if typed.casefold() in hour)) if is_hour else []


def _channels(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Text channels that the member can see."""
    member, guild = interaction.user, interaction.guild
    if guild is None or not isinstance(member, discord.Member):
        return []
    wanted = typed.casefold().removeprefix("#")
    seen = [channel for channel in guild.text_channels if channel.permissions_for(member).view_channel]
    found = [channel for channel in seen if wanted in channel.name.casefold()]
    return [_choice(f"#{channel.name}", str(channel.id)) for channel in found[:CHOICES_MAX]]


def _roles(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """The server's roles, each after what is typed already: a list grows role by role."""
    guild = interaction.guild
    if guild is None:
        return []
    before, comma, last = typed.rpartition(",")
    wanted = last.strip().casefold().removeprefix("@")
    named = {f"<@&{role.id}>": role.name for role in guild.roles}
    begun = [f"@{named.get(part.strip(), part.strip())}" for part in before.split(",") if part.strip()]
    roles = [role for role in reversed(guild.roles) if not role.is_default() and wanted in role.name.casefold()]
    found = [
        (", ".join([*begun, f"@{role.name}"]), f"{before}{comma} <@&{role.id}>".strip())
        for role in roles
        if f"<@&{role.id}>" not in before
    ]
    empty = [] if before or wanted not in NONE_WORD else [(NONE_WORD, NONE_WORD)]
    fitting = [(label, value) for label, value in [*found, *empty] if len(value) <= LABEL_MAX]
    return [_choice(label, value) for label, value in fitting[:CHOICES_MAX]]


def _kind_words(interaction: discord.Interaction) -> dict[EventKind, str]:
    """What the member's language calls each kind: people type what they see."""
    locale = locale_of(interaction, face_of(interaction).catalogues)
    return {kind: locale.text(EVENT_NAMES[kind]) for kind in EventKind}


def _event_label(interaction: discord.Interaction, choice: EventChoice) -> str:
    locale = locale_of(interaction, face_of(interaction).catalogues)
    name = choice.event.name or locale.text(EVENT_NAMES[choice.event.kind])
    return f"{name} · {when(locale, choice.event.planned)}"


def _filled(interaction: discord.Interaction, option: str) -> str | None:
    value = getattr(interaction.namespace, option, None)
    return value if isinstance(value, str) and value else None


def _plain(values: tuple[str, ...]) -> list[Choice[str]]:
    return [_choice(value, value) for value in values[:CHOICES_MAX]]


def _choice(label: str, value: str) -> Choice[str]:
    return Choice(name=label if len(label) <= LABEL_MAX else label[: LABEL_MAX - 1] + "…", value=value)
