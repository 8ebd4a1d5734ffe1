"""The journal's head as it is posted, and what `/ops verify` found, in words. Pure."""

from cogs.render.card import Card, Field, Tone
from cogs.render.inert import inert
from cogs.render.words import day, instant, utc
from cogs.text import N_, Locale
from domain.facts import JournalHead
from domain.journal import Entry, Fault, Finding, PostedHead
from services.verification import Verdict

MAC_SHOWN = 16
"""So many characters of a seal tell two apart; the post has all of it."""

_FAULT_NAMES = {
    Fault.MISSING: N_("Entry {seq} is missing: it was deleted, and later ones are still there."),
    Fault.MISPLACED: N_("Entry {seq} stands out of order: what stands there was sealed as entry {other}."),
    Fault.ALTERED: N_(
        "Entry {seq} does not fit its seal: it was edited after it was written, or what stood before it was."
    ),
    Fault.TRUNCATED: N_("The journal ends at entry {seq}, and it had {other}: the entries after it were cut off."),
    Fault.SURPLUS: N_("Entry {seq} was added behind the journal's own head, not by me."),
    Fault.REWRITTEN: N_(
        "Something in the entries {first} to {seq} was rewritten: the seals fit, but the one of entry {seq} is not the one posted."
    ),
    Fault.PERSONAL: N_(
        "The personal text of entry {seq} was altered: it is neither the one that was sealed nor erased."
    ),
}


def head(facts: JournalHead, locale: Locale) -> Card:
    """The daily post: the last entry's number and seal."""
    _ = locale.text
    lines = [
        _("Entry **{seq}**, at {time}", seq=facts.seq, time=instant(locale, facts.taken_at)),
        f"`{facts.mac}`",
        _("From now on nobody can change an entry up to this one unseen, not even who holds the key."),
    ]
    return Card(_("🔏 The journal's head"), "\n".join(lines))


def verdict(found: Verdict, locale: Locale) -> Card:
    """What `/ops verify` found."""
    _ = locale.text
    fields = (*_head_fields(found, locale), *_erased(found, locale))
    footer = _("As of {time}", time=utc(locale, found.checked_at))
    if found.intact:
        return Card(_("✅ The journal is intact"), _intact(found, locale), fields, Tone.GOOD, footer)
    lines = [_finding(finding, locale) for finding in found.findings]
    lines.append(
        _("Nothing was changed by looking. Keep a copy of the database as it is, and tell the person who runs me.")
    )
    return Card(_("🔴 The journal is not what was written"), "\n".join(lines), fields, Tone.BAD, footer)


def _intact(found: Verdict, locale: Locale) -> str:
    _ = locale.text
    entries = locale.ngettext(
        "{number} entry: it stands as it was written.",
        "{number} entries: each stands as it was written, in order, none is missing.",
        found.entries,
    )
    if not found.heads:
        return (
            entries + "\n" + _("No head has been posted yet, so whoever holds the key could still have rewritten it.")
        )
    heads = locale.ngettext(
        "It agrees with the {number} head that was posted.",
        "It agrees with all {number} heads that were posted.",
        len(found.heads),
    )
    return f"{entries}\n{heads}"


def _finding(finding: Finding, locale: Locale) -> str:
    other = finding.other_seq or 0
    said = locale.text(_FAULT_NAMES[finding.fault], seq=finding.seq, other=other, first=other + 1)
    lines = [f"• **{said}**"]
    if finding.fault is Fault.REWRITTEN:
        lines.append(locale.text(N_("  Only someone who holds the key can do that.")))
    if finding.entry is not None:
        lines.append(_as_it_stands(finding.entry, locale))
    if finding.head is not None:
        lines.append(_against(finding.head, locale))
    return "\n".join(lines)


def _as_it_stands(entry: Entry, locale: Locale) -> str:
    return locale.text(
        N_("  It says now: {action} of {subject} {number}, {time}, by <@{member}>."),
        action=inert(entry.action[:40]),
        subject=inert(entry.subject_kind[:40]),
        number=entry.subject_id,
        time=utc(locale, entry.recorded_at),
        member=entry.actor_id,
    )


def _against(posted: PostedHead, locale: Locale) -> str:
    said = N_("  The head posted on {day} says entry {seq} with `{mac}…`; the journal has `{present}…` there.")
    missing = N_("  The head posted on {day} says entry {seq} with `{mac}…`.")
    return locale.text(
        missing if posted.present_mac is None else said,
        day=day(locale, posted.taken_at),
        seq=posted.seq,
        mac=posted.mac[:MAC_SHOWN],
        present=(posted.present_mac or "")[:MAC_SHOWN],
    )


def _head_fields(found: Verdict, locale: Locale) -> tuple[Field, ...]:
    """The last posted head, to be compared with the post by eye: the table it comes from is in the same hands as the journal."""
    _ = locale.text
    if not found.heads:
        return ()
    last = found.heads[-1]
    lines = [
        _("Entry {seq}, {time}", seq=last.seq, time=instant(locale, last.taken_at)),
        f"`{last.mac}`",
    ]
    if last.message_id is not None:
        link = f"https://discord.com/channels/{found.workspace_id}/{last.channel_id}/{last.message_id}"
        lines.append(_("Compare it with [the post]({link}): my copy of it is in the database too.", link=link))
    return (Field(_("Last posted head"), "\n".join(lines)),)


def _erased(found: Verdict, locale: Locale) -> tuple[Field, ...]:
    if not found.erased:
        return ()
    text = locale.ngettext(
        "{number} entry has had its personal text erased. That may be done, and its seal still holds.",
        "{number} entries have had their personal text erased. That may be done, and their seals still hold.",
        found.erased,
    )
    return (Field(locale.text(N_("Erased")), text),)
