"""What must hold after every run, whatever was killed or lost in it: each due delivery has had exactly one effect.

Reads the database and the loopback. Gantry must not be running: then nothing can be under way. What the database must satisfy
by itself is in `books`.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from discord import Embed
from discord.utils import snowflake_time

from cogs.embeds import embed_of
from cogs.render.announcements import announcement
from cogs.render.card import Card
from cogs.text import Catalogues, load_catalogues
from cogs.views.buttons import PREFIX
from domain.countdown import DELAYED_AFTER
from domain.delivery import reference_of
from storage.rows import from_us
from storage.states import load_facts
from tests.wire.board_books import Edited, faults_of_boards
from tests.wire.books import Asked, Books, Finding, Row, read_books
from tests.wire.client import Seen, Wire
from tests.wire.digest_books import faults_of_digests
from tests.wire.member_books import faults_of_member_reminders
from tests.wire.pad_books import faults_of_pads, posts_left_behind
from tests.wire.record import JSON

__all__ = ["Asked", "Finding", "Verdict", "examine", "faults_found", "faults_of_late_posts", "posts", "rows_of"]

_OPEN = frozenset({"pending", "sending"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, how many posts there had to be, and how often a pad has come back into service."""

    expected: int
    findings: tuple[Finding, ...]
    returned: int = 0


def rows_of(database: Path) -> list[dict[str, Any]]:
    """The outbox as it was left."""
    return read_books(database).outbox


async def faults_found(wire: Wire, database: Path) -> list[str]:
    """What is wrong, one sentence each."""
    return [finding.text for finding in (await examine(wire, database)).findings]


async def examine(wire: Wire, database: Path, asked: Sequence[Asked] = ()) -> Verdict:
    """Everything that must hold. `asked` are the commands that were given, each by a member of its own."""
    try:
        books = read_books(database)
    except sqlite3.DatabaseError as error:
        return Verdict(0, (Finding("other", f"the database cannot be read: {error}"),))
    everything = await wire.everything_said()
    said = [one for one in everything if one.by_bot and one.interaction_id is None]
    threads = [record["thread_id"] for record in await wire.log("thread.created")]
    found = [*_of_deliveries(books, said, threads), *_without_row(books, said), *_out_of_order(books)]
    found += _other_words(books, {one.id: one for one in said if not one.deleted})
    now = await wire.clock()
    found += await books.findings(now)
    found += await faults_of_boards(books, await _edits(wire), now)
    found += [*faults_of_digests(books, now), *faults_of_member_reminders(books, everything)]
    found += [*faults_of_pads(books), *posts_left_behind(books)]
    found += books.of_commands(
        [(one, await wire.act("interaction", interaction_id=one.interaction_id)) for one in asked]
    )
    expected = sum(row["operation"] == "post" and row["state"] not in {"parked", "expired"} for row in books.outbox)
    returned = sum(row["state"] == "confirmed" for row in books.returns)
    return Verdict(expected, tuple(found), returned)


async def _edits(wire: Wire) -> list[Edited]:
    records = await wire.records("message.edited")
    return [Edited(record["data"]["message_id"], datetime.fromisoformat(record["at"])) for record in records]


async def posts(wire: Wire, channel_id: int) -> list[Seen]:
    """The announcements that stand in a channel, oldest first; answers to commands are none."""
    return [one for one in await wire.messages(channel_id) if one.nonce is not None and one.interaction_id is None]


def _of_deliveries(books: Books, said: list[Seen], threads: list[int]) -> list[Finding]:
    """Each row against the messages that carry its reference, now or before an edit."""
    found = []
    by_reference: dict[str, list[Seen]] = {}
    for message in said:
        for reference in _references(message):
            by_reference.setdefault(reference, []).append(message)
    for row in books.outbox:
        if row["state"] in _OPEN:
            found.append(
                Finding(
                    "lost",
                    f"{_name(row)} is left open, with messages {[one.id for one in said if one.nonce == row['nonce']]}",
                )
            )
        elif row["operation"] == "post":
            found += _of_post(row, by_reference.get(reference_of(row["nonce"]), []))
        elif row["operation"] == "thread" and row["state"] == "sent" and threads.count(row["message_id"]) != 1:
            found.append(Finding("lost", f"{_name(row)} has {threads.count(row['message_id'])} threads"))
    return found


def _of_post(row: Row, ours: list[Seen]) -> list[Finding]:
    standing = [one.id for one in ours if not one.deleted and one.channel_id == row["channel_id"]]
    name = _name(row)
    if len(standing) > 1:
        return [Finding("doubled", f"{name} has messages {standing}")]
    match row["state"]:
        case "sent" if not standing:
            return [Finding("lost", f"{name} has no message")]
        case "sent" if standing != [row["message_id"]]:
            return [Finding("other", f"{name} has messages {standing}, not [{row['message_id']}]")]
        case "delivered_deleted" if standing or not ours:
            return [Finding("other", f"{name} has messages {standing}")]
        # Refused at its first attempt, it cannot stand there; after an ambiguous one it may.
        case "parked" if standing and not _may_stand(row):
            return [Finding("other", f"{name} has messages {standing}")]
        case "expired" if standing:
            return [Finding("other", f"{name} has messages {standing}")]
    return []


def _without_row(books: Books, said: list[Seen]) -> list[Finding]:
    known = {reference_of(row["nonce"]) for row in books.outbox}
    return [
        Finding("doubled", f"message {one.id} in {one.channel_id} has no row")
        for one in said
        if not known & _references(one)
    ]


def _out_of_order(books: Books) -> list[Finding]:
    """In each channel the messages stand in the order of the rows."""
    found = []
    last: dict[int, Row] = {}
    for row in books.outbox:
        if row["operation"] != "post" or row["state"] != "sent":
            continue
        before = last.get(row["channel_id"])
        if before is not None and before["message_id"] >= row["message_id"]:
            found.append(Finding("other", f"{_name(row)} stands before delivery {before['id']}"))
        last[row["channel_id"]] = row
    return found


def _other_words(books: Books, standing: dict[int, Seen]) -> list[Finding]:
    """Each message says what its row says, or the last edit of it that was sent.

    Or an edit that was tried since and given up: an attempt of it may have got through, as it may with a post. Where an edit was
    given up, a press may have taken the buttons before: that is the answer to the press, and no delivery.
    """
    catalogues = load_catalogues()
    governing: dict[int, list[Row]] = {}
    bare: set[int] = set()
    for row in books.outbox:
        if row["operation"] != "thread" and row["state"] == "sent":
            governing[books.message_of(row)] = [row]
            bare.discard(books.message_of(row))
        elif row["operation"] == "edit" and row["state"] in {"parked", "expired"}:
            bare.add(books.message_of(row))
            if _may_stand(row):
                governing.setdefault(books.message_of(row), []).append(row)
    found = []
    for message_id, rows in governing.items():
        message = standing.get(message_id)
        if message is None:
            continue  # told of the post itself
        wrong = [_faults_of_words(message, row, catalogues, may_be_bare=message_id in bare) for row in rows]
        if all(wrong):
            found += wrong[0]
    return found


def faults_of_late_posts(books: Books, said: list[Seen]) -> list[Finding]:
    """A message that was made by its row's last attempt, noticeably after the row was written, said so when it came."""
    catalogues = load_catalogues()
    rows = {row["message_id"]: row for row in books.outbox if row["operation"] == "post" and row["state"] == "sent"}
    found = []
    for message in said:
        row = rows.get(message.id)
        if row is None or snowflake_time(message.id) < from_us(row["attempt_at"]):
            continue
        late_by = from_us(row["attempt_at"]) - from_us(row["created_at"])
        first = ([revision["embeds"] for revision in message.revisions] or [message.embeds])[0][0]
        if late_by > DELAYED_AFTER and not _tells(first, embed_of(_card_of(row, catalogues, late=True))):
            found.append(Finding("other", f"message {message.id} did not say that {_name(row)} came after {late_by}"))
    return found


def _card_of(row: Row, catalogues: Catalogues, *, late: bool = False) -> Card:
    facts = load_facts(row["facts_version"], row["facts"])
    return announcement(
        facts, catalogues.locale(row["language"]), late_since=from_us(row["created_at"]) if late else None
    )


def _may_stand(row: Row) -> bool:
    """Whether a row that was given up may have had its effect: parked or outdated after an attempt that nobody knows the end of."""
    return bool((row["state"] == "parked" and row["attempts"] > 1) or (row["state"] == "expired" and row["attempts"]))


def _faults_of_words(message: Seen, row: Row, catalogues: Catalogues, *, may_be_bare: bool) -> list[Finding]:
    """What of a message is not as its row has it: its words, its buttons."""
    card = _card_of(row, catalogues)
    wanted = embed_of(card)
    shown = message.embeds[0] if message.embeds else {}
    found = []
    if not _tells(shown, wanted):
        found.append(Finding("other", f"message {message.id} does not say what {_name(row)} says"))
    offered = {f"{PREFIX}:{button.action}:{button.argument}" for button in card.buttons}
    if set(message.buttons) != offered and not (may_be_bare and not message.buttons):
        texts = f"{sorted(message.buttons)}, {_name(row)} {sorted(offered)}"
        found.append(Finding("other", f"message {message.id} has buttons {texts}"))
    return found


def _tells(shown: JSON, wanted: Embed) -> bool:
    """Whether an embed says all that is wanted; it may say more."""
    told = shown.get("title") == wanted.title and (wanted.description or "") in (shown.get("description") or "")
    fields = {(field["name"], field["value"]) for field in shown.get("fields") or ()}
    return told and {(field.name, field.value) for field in wanted.fields} <= fields


def _references(message: Seen) -> set[str]:
    """The references a message carries and has carried: an edit may bring another."""
    shown = [message.embeds, *(revision["embeds"] for revision in message.revisions)]
    footers = [str((embed.get("footer") or {}).get("text", "")) for embeds in shown for embed in embeds[:1]]
    return {footer.rpartition(" ")[2] for footer in footers if footer}


def _name(row: Row) -> str:
    return f"{row['operation']} {row['id']} ({row['state']}, {row['dedup_key']})"
