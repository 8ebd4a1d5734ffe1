"""What must hold of members' own reminders: each that came due is one message, a private one for its member only."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from domain.delivery import NOT_REACHED
from domain.member_reminders import zone_by_name
from domain.recurrence import Repeat, Series
from storage.rows import from_us
from tests.wire.books import Books, Finding, Row
from tests.wire.client import Seen

_UNREACHED = "undelivered"


def faults_of_member_reminders(books: Books, said: Iterable[Seen]) -> list[Finding]:
    """What is wrong about them; `said` is everything there ever was in any channel."""
    heard = [one for one in said if one.by_bot and not one.is_private]
    found = [*_fallbacks(books)]
    for reminder in books.member_reminders:
        rows = [row for row in books.reminders if row["member_number"] == reminder["number"]]
        faults = [*_of_rows(books, reminder, rows), *_of_deliveries(books, reminder, rows)]
        found += [Finding(kind, f"RM-{reminder['number']} {text}") for kind, text in faults]
        if reminder["place"] == "me":
            found += [
                Finding(
                    "other", f"RM-{reminder['number']} is private, and message {one.id} in {one.channel_id} says it"
                )
                for one in heard
                if reminder["text"] in _everything(one) and one.channel_id != reminder["dm_channel_id"]
            ]
    return found


Fault = tuple[Literal["lost", "doubled", "other"], str]


def _of_rows(books: Books, reminder: Row, rows: list[Row]) -> Iterator[Fault]:
    """Its rows in the schedule: each occurrence once, whatever is put off once, nothing after it was cancelled."""
    regular = sorted(row["due_at"] for row in rows if row["kind"] == "member")
    expected = _occurrences(reminder, regular)
    if regular != expected:
        yield "lost" if set(expected) - set(regular) else "doubled", f"has occurrences {regular}, not {expected}"
    together = Counter(row["settled_at"] for row in rows if row["state"] == "posted")
    yield from (("doubled", f"was posted {times} times at once") for times in together.values() if times > 1)
    entries = [
        entry
        for entry in books.journal
        if (entry["subject_kind"], entry["subject_id"]) == ("reminder", reminder["number"])
    ]
    wanted = Counter(json.loads(entry["state"])["due_at"] for entry in entries if entry["action"] == "snooze_reminder")
    planned = Counter(from_us(row["due_at"]).isoformat() for row in rows if row["kind"] == "snoozed")
    if sorted(map(_instant, wanted.elements())) != sorted(map(_instant, planned.elements())):
        yield "lost", f"was put off to {wanted}, and is planned for {planned}"
    if any(entry["action"] == "cancel_reminder" for entry in entries):
        cancelled = next(entry for entry in entries if entry["action"] == "cancel_reminder")
        if any(row["state"] == "pending" for row in rows):
            yield "other", "was cancelled, and is to come"
        came = [row for row in rows if row["state"] == "posted" and row["settled_at"] > cancelled["recorded_at"]]
        if came and books.kept_time():
            yield "other", "was cancelled, and came"
    elif (reminder["state"] == "open") != any(row["state"] == "pending" for row in rows):
        yield "lost", f"is {reminder['state']}, with rows {[row['state'] for row in rows]}"


def _occurrences(reminder: Row, there: list[int]) -> list[int]:
    """When it must have come, or be to come, as far as it was planned: once, or from the first to the last without a gap."""
    if reminder["repeat"] is None or not there:
        return there[:1]
    anchor = datetime.fromisoformat(reminder["anchor"])
    series = Series(Repeat(reminder["repeat"]), anchor.date(), anchor.time(), zone_by_name(reminder["zone"]))
    first, last = from_us(there[0]), from_us(there[-1])
    return [there[0], *(int(at.timestamp() * 1_000_000) for at in series.between(first, last))]


def _of_deliveries(books: Books, reminder: Row, rows: list[Row]) -> Iterator[Fault]:
    """Each row that was posted has one delivery, to its channel, which is read there or ended for a reason."""
    goes_to = reminder["channel_id"] if reminder["dm_channel_id"] is None else reminder["dm_channel_id"]
    for row in rows:
        if row["state"] != "posted":
            continue
        deliveries = [one for one in books.outbox if one["cause"] == f"reminder:{row['id']}"]
        if [one["channel_id"] for one in deliveries] != [goes_to]:
            yield "lost", f"has deliveries to {[one['channel_id'] for one in deliveries]}, not to {goes_to}"
        for one in deliveries:
            if one["state"] == "expired" and one["reason"] not in {NOT_REACHED, "superseded", "dropped"}:
                yield "lost", f"ended as {one['reason']}"
            if one["state"] == "parked" and reminder["place"] == "me":
                yield "lost", f"is for one member alone, and was parked: {one['reason']}"


def _fallbacks(books: Books) -> Iterator[Finding]:
    """Each that did not reach its member is said once where it was set, and nothing else is."""
    missed = {f"{_UNREACHED}:{row['id']}" for row in books.outbox if row["reason"] == NOT_REACHED}
    told = Counter(row["cause"] for row in books.outbox if row["cause"].startswith(f"{_UNREACHED}:"))
    yield from (Finding("lost", f"nobody was told of {cause}") for cause in missed - set(told))
    yield from (Finding("other", f"{cause} was told, and did arrive") for cause in set(told) - missed)
    yield from (Finding("doubled", f"{cause} was told {times} times") for cause, times in told.items() if times > 1)


def _everything(message: Seen) -> str:
    return "\n".join([message.words, *(str(revision) for revision in message.revisions)])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
