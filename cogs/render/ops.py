"""The bot's own state: set-up, who may do what, settings, health. Pure. What `/ops verify` found is in `render.journal`."""

from collections.abc import Iterable, Mapping

from cogs.render.announcements import REASONS
from cogs.render.boards import BOARD_NAMES
from cogs.render.card import Button, Card, Field, Tone
from cogs.render.errors import CAPABILITY_NAMES
from cogs.render.inert import inert, shortened
from cogs.render.words import duration, instant, lines_of, utc
from cogs.text import N_, Locale
from domain.capabilities import Because, Capability, Holding, Reason
from domain.delivery import DeliveryState
from domain.settings import shown_hour
from services.deliveries import Handled
from services.operations import Explained, Granted, HouseStatus
from services.settings import SettingChanged
from storage.workspaces import Workspace

RETRY = "retry"
DROP = "drop"
_PARKED_MAX = 1000
_PARKED_LANES_MAX = 5
_LABEL_MAX = 80
_DELIVERY_NAMES = {
    DeliveryState.PENDING: N_("waiting"),
    DeliveryState.SENDING: N_("being sent"),
    DeliveryState.SENT: N_("sent"),
    DeliveryState.DELIVERED_DELETED: N_("sent, then deleted by someone"),
    DeliveryState.PARKED: N_("parked"),
    DeliveryState.EXPIRED: N_("expired"),
}


def set_up(done: Workspace, locale: Locale) -> Card:
    """The receipt of `/ops setup`, with the next steps."""
    _ = locale.text
    fields = (
        Field(_("Ops channel"), f"<#{done.ops_channel_id}>", inline=True),
        Field(_("Time zone"), done.zone, inline=True),
        Field(_("Morning"), f"{done.morning_hour:02d}:00", inline=True),
    )
    steps = (
        _("`/ops grant` gives a role `operate` (missions, crew, docking) or `pad` (damage, repairs)."),
        _("`/announce subscribe` lets a channel hear what changes and what is due."),
        _("`/mission create`, `/pad add` and `/docking station` enter what you work with."),
    )
    text = _("I report about myself in the ops channel. Next:") + "\n" + "\n".join(f"• {step}" for step in steps)
    return Card(_("✅ This server is set up"), text, fields, Tone.GOOD)


def granted(done: Granted, locale: Locale, names: Mapping[int, str]) -> Card:
    """The receipt of `/ops grant`. `names` are the server's roles by id."""
    _ = locale.text
    text = _holders(done, locale, names)
    if done.capability is Capability.READ:
        text += "\n" + _("Reading is now open to these roles only.")
    return Card(_("✅ Granted: {capability}", capability=done.capability.value), text, tone=Tone.GOOD)


def revoked(done: Granted, locale: Locale, names: Mapping[int, str]) -> Card:
    """The receipt of `/ops revoke`."""
    _ = locale.text
    lines = [_("**{role}** no longer has it.", role=inert(names.get(done.role_id, str(done.role_id))))]
    if done.role_ids:
        lines.append(_holders(done, locale, names))
    elif done.capability is Capability.READ:
        lines.append(_("No role has it now, so everyone who can see a channel may read again."))
    elif done.capability is Capability.MEDICAL:
        lines.append(_("No role has it now, so nobody sees medical facts; Manage Server does not include them."))
    else:
        lines.append(_("No role has it now: only members with admin can do what it allows."))
    return Card(_("✅ Taken back: {capability}", capability=done.capability.value), "\n".join(lines), tone=Tone.GOOD)


def setting_changed(done: SettingChanged, locale: Locale) -> Card:
    """The receipt of `/ops set`."""
    _ = locale.text
    lines = [f"{_value(done.before)} → **{_value(done.after)}**"]
    if done.replanned:
        lines.append(
            locale.ngettext(
                "{number} reminder that was still to come follows it.",
                "{number} reminders that were still to come follow it.",
                done.replanned,
            )
        )
    if done.key.startswith("quiet_"):
        lines.append(_quiet(done, locale))
    if done.silent_roles:
        roles = ", ".join(f"<@&{role}>" for role in done.silent_roles)
        lines.append(
            _("{roles}: shown, and nobody is woken. Let anyone mention it, or give me Mention Everyone.", roles=roles)
        )
    return Card(_("✅ Set: {key}", key=done.key), "\n".join(lines), tone=Tone.GOOD)


def _quiet(done: SettingChanged, locale: Locale) -> str:
    _ = locale.text
    if done.quiet is None:
        return _("Quiet hours need both `quiet_from` and `quiet_until`: nothing is held back now.")
    return _(
        "From {begins} to {ends} morning notices, daily repeats and digests wait. Countdowns to an exact time, alarms and "
        "what members do are posted at once.",
        begins=shown_hour(done.quiet.from_hour),
        ends=shown_hour(done.quiet.until_hour),
    )


def retried(done: Handled, locale: Locale) -> str:
    """What the button that has parked posts tried again did."""
    return locale.ngettext(
        "🔁 {number} parked post for <#{channel}> is tried again. What had come through is found and not repeated.",
        "🔁 {number} parked posts for <#{channel}> are tried again. What had come through is found and not repeated.",
        done.count,
        channel=done.channel_id,
    )


def dropped(done: Handled, locale: Locale) -> str:
    """What giving parked posts up did."""
    said = locale.ngettext(
        "🗑️ {number} parked post for <#{channel}> will not be posted. It stays on record.",
        "🗑️ {number} parked posts for <#{channel}> will not be posted. They stay on record.",
        done.count,
        channel=done.channel_id,
    )
    gone = ", ".join(locale.text(BOARD_NAMES[board.kind]) for board in done.unpinned)
    return lines_of([said, locale.text(N_("No longer pinned there: {boards}."), boards=gone) if gone else ""])


def explained(found: Explained, locale: Locale, names: Mapping[int, str]) -> Card:
    """What a member may do, and why. `names` are the server's roles by id."""
    _ = locale.text
    fields = tuple(_holding(holding, locale, names) for holding in found.holdings)
    text = _("For <@{member}>, with the roles they have at this moment.", member=found.member_id)
    roles = _roles(found.admin_role_ids, names)
    who = (
        _("Members with Manage Server and {roles} can change this with `/ops grant` and `/ops revoke`.", roles=roles)
        if roles
        else _("Members with Manage Server can change this with `/ops grant` and `/ops revoke`.")
    )
    return Card(_("🔎 Who may do what, and why"), f"{text}\n{who}", fields)


def house(found: HouseStatus, locale: Locale, names: Mapping[int, str], channels: Mapping[int, str]) -> Card:
    """How the bot is. `names` are the server's roles by id, `channels` its channels and threads."""
    _ = locale.text
    title, tone = _state(found, locale)
    grants = [
        f"{_(CAPABILITY_NAMES[capability])}: {_roles(role_ids, names)}" for capability, role_ids in found.grants.items()
    ]
    counts = [
        f"{_(_DELIVERY_NAMES[state])}: {found.deliveries[state]}"
        for state in DeliveryState
        if state in found.deliveries
    ]
    oldest = found.oldest_open_at
    if oldest is not None:
        counts.append(_("the oldest that waits: {time}", time=instant(locale, oldest)))
    fields = (
        Field(_("Posts, what ended in the last 24 hours"), "\n".join(counts) or _("none yet")),
        *_parked(found, locale),
        Field(
            _("Next reminder"),
            instant(locale, found.next_reminder_at) if found.next_reminder_at else _("none planned"),
        ),
        Field(
            _("Who may do what"),
            "\n".join(grants) or _("Nobody but members with Manage Server: `/ops grant` changes that."),
        ),
        *_settings(found.workspace, locale),
        Field(_("Journal"), _journal(found, locale), inline=True),
        Field(
            _("Refused in the last 24 hours"),
            locale.ngettext("{number} attempt", "{number} attempts", found.refusals_today),
            inline=True,
        ),
    )
    footer = _("As of {time}", time=utc(locale, found.asked_at))
    return Card(title, fields=fields, tone=tone, footer=footer, buttons=_parked_buttons(found, locale, channels))


def _parked(found: HouseStatus, locale: Locale) -> tuple[Field, ...]:
    """What is parked, and why; empty when nothing is."""
    _ = locale.text
    lines = [
        locale.ngettext(
            "• <#{channel}>: {number} post, because {reason}; since {time}",
            "• <#{channel}>: {number} posts, because {reason}; the oldest since {time}",
            lane.count,
            channel=lane.channel_id,
            reason=_(REASONS.get(lane.reason, lane.reason)),
            time=instant(locale, lane.oldest_at),
        )
        for lane in found.parked
    ]
    return (Field(_("Parked"), shortened("\n".join(lines), _PARKED_MAX)),) if lines else ()


def _parked_buttons(found: HouseStatus, locale: Locale, channels: Mapping[int, str]) -> tuple[Button, ...]:
    """Two buttons for each channel with parked posts, the longest waiting first."""
    _ = locale.text
    lanes = dict.fromkeys(lane.channel_id for lane in found.parked)
    buttons: list[Button] = []
    for channel_id in list(lanes)[:_PARKED_LANES_MAX]:
        name = channels.get(channel_id, str(channel_id))
        buttons.append(Button(_("Try again: #{channel}", channel=name)[:_LABEL_MAX], RETRY, str(channel_id)))
        buttons.append(Button(_("Give up: #{channel}", channel=name)[:_LABEL_MAX], DROP, str(channel_id)))
    return tuple(buttons)


def _state(found: HouseStatus, locale: Locale) -> tuple[str, Tone]:
    _ = locale.text
    if found.deliveries.get(DeliveryState.PARKED, 0):
        return _("🟠 Some posts are parked"), Tone.WARNING
    if found.deliveries.get(DeliveryState.PENDING, 0) + found.deliveries.get(DeliveryState.SENDING, 0):
        return _("🟢 Gantry is working, some posts are on their way"), Tone.GOOD
    return _("🟢 Gantry is working"), Tone.GOOD


def _settings(workspace: Workspace, locale: Locale) -> tuple[Field, ...]:
    _ = locale.text
    fields = [
        Field(_("Ops channel"), f"<#{workspace.ops_channel_id}>", inline=True),
        Field(_("Time zone and morning"), f"{workspace.zone}, {workspace.morning_hour:02d}:00", inline=True),
    ]
    if workspace.quiet_from_hour is not None or workspace.quiet_until_hour is not None:
        hours = f"{shown_hour(workspace.quiet_from_hour)}–{shown_hour(workspace.quiet_until_hour)}"
        fields.append(Field(_("Quiet hours"), hours, inline=True))
    return (*fields, Field(_("Critical damage"), _escalation(workspace, locale)))


def _escalation(workspace: Workspace, locale: Locale) -> str:
    """When a critical report is repeated, to whom, and when it is asked about."""
    _ = locale.text
    roles = ", ".join(f"<@&{role}>" for role in workspace.escalation_roles)
    span = duration(locale, workspace.escalate_after)
    if not workspace.escalate_after:
        repeated = _("Not repeated, however long nobody takes it on.")
    elif roles:
        repeated = _("Repeated every {span} until somebody takes it on, in turn to {roles}.", span=span, roles=roles)
    else:
        repeated = _("Repeated every {span} until somebody takes it on; no role is called.", span=span)
    if not workspace.assess_after:
        return f"{repeated}\n" + _("Nobody is asked for an assessment.")
    asked = _("Asked about every {span} until it is assessed.", span=duration(locale, workspace.assess_after))
    return f"{repeated}\n{asked}"


def _journal(found: HouseStatus, locale: Locale) -> str:
    length = locale.ngettext("{number} entry", "{number} entries", found.journal_entries)
    if found.last_head_at is None:
        return length
    return f"{length}\n" + locale.text(N_("head posted {time}"), time=utc(locale, found.last_head_at))


def _holding(holding: Holding, locale: Locale, names: Mapping[int, str]) -> Field:
    """One capability: the sign and the words say the same."""
    _ = locale.text
    name = _(CAPABILITY_NAMES[holding.capability])
    if holding.held:
        return Field(f"✅ {name}", "\n".join(_reason(reason, locale, names) for reason in holding.reasons))
    if holding.granted_to:
        why = _("Not held: it was granted to {roles}.", roles=_roles(holding.granted_to, names))
    else:
        why = _("Not held: no role has it.")
    if holding.capability is Capability.MEDICAL:
        why += " " + _("Admin does not include it.")
    return Field(f"❌ {name}", why)


def _reason(reason: Reason, locale: Locale, names: Mapping[int, str]) -> str:
    _ = locale.text
    role = _roles([reason.role_id], names) if reason.role_id is not None else ""
    match reason.because:
        case Because.EVERYONE:
            return _("Everyone may: it was not narrowed to a role.")
        case Because.ROLE:
            return _("Through the role {role}, which it was granted to.", role=role)
        case Because.ADMIN_ROLE:
            return _("As an admin, through the role {role}.", role=role)
        case Because.MANAGE_SERVER:
            return _("Through Manage Server, which makes an admin.")


def _holders(done: Granted, locale: Locale, names: Mapping[int, str]) -> str:
    return locale.text(
        N_("**{capability}** is now held by {roles}. Members with Manage Server hold everything but medical."),
        capability=locale.text(CAPABILITY_NAMES[done.capability]),
        roles=_roles(done.role_ids, names),
    )


def _value(shown: str) -> str:
    """A setting's value: mentions of channels and roles work as they are, and everything else was made by us."""
    return shown if shown.startswith("<") else f"`{shown}`"


def _roles(role_ids: Iterable[int], names: Mapping[int, str]) -> str:
    """Roles by name; by Discord's mention where the server no longer has the role."""
    return ", ".join(f"**{inert(names[role])}**" if role in names else f"<@&{role}>" for role in role_ids)
