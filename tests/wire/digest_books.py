"""What must hold of digests: one for a local day and channel, none about nothing unless asked for, and no news lost between two.

What every digest tells is that a mission was entered: of that is asked here whether it was told. The rest of its lines are
`tests/domain`'s and `tests/services`'.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.digest_facts import DigestPosted, MissionNews
from storage.rows import from_us, to_us
from storage.states import load_facts
from tests.wire.books import GRACE, Books, Finding, Row

_TOLD = frozenset({"sent", "delivered_deleted"})


def faults_of_digests(books: Books, now: datetime) -> list[Finding]:
    """What is wrong about digests, at this instant of the bot's clock."""
    found = [
        Finding("lost", f"digest {row['subscription_id']} was due at {from_us(row['due_at'])} and is forgotten")
        for row in books.digests
        if from_us(row["due_at"]) < now - GRACE
    ]
    posts = [(row, facts) for row in books.outbox if (facts := _digest(row)) is not None]
    counts = Counter((facts.subscription_id, facts.due_at) for _, facts in posts)
    found += [
        Finding("doubled", f"digest {key} was posted {times} times") for key, times in counts.items() if times > 1
    ]
    found += _of_one_day(books, posts)
    found += [
        Finding("other", f"digest {row['id']} was posted before its time")
        for row, facts in posts
        if from_us(row["created_at"]) < facts.due_at
    ]
    if books.kept_time():
        found += [*_about_nothing(books, posts), *_untold(books, posts)]
    return found


def _digest(row: Row) -> DigestPosted | None:
    if row["operation"] != "post" or not row["cause"].startswith("digest:"):
        return None
    facts = load_facts(row["facts_version"], row["facts"])
    assert isinstance(facts, DigestPosted)
    return facts


def _of_one_day(books: Books, posts: Sequence[tuple[Row, DigestPosted]]) -> Iterator[Finding]:
    """Digests that came on a local day that had had one. A day is counted where the digest lived when it came."""
    for row, facts in posts:
        terms = _terms_of(books, row, facts)
        zone = ZoneInfo(terms["zone"] if terms and terms["zone"] else books.workspaces[0]["zone"])
        earlier = [
            one for other, one in posts if other["id"] < row["id"] and one.subscription_id == facts.subscription_id
        ]
        if any(one.due_at.astimezone(zone).date() == facts.day for one in earlier):
            yield Finding("doubled", f"digest {facts.subscription_id} came once more on {facts.day} in {zone}")


def _terms_of(books: Books, row: Row, facts: DigestPosted) -> dict[str, Any] | None:
    """What was set of a digest by the time it came."""
    entries = _entries(books, "set_digest", facts.subscription_id, row["created_at"])
    return json.loads(entries[-1]["state"]) if entries else None


def _about_nothing(books: Books, posts: Sequence[tuple[Row, DigestPosted]]) -> Iterator[Finding]:
    for row, facts in posts:
        terms = _terms_of(books, row, facts)
        if facts.is_empty and not (terms and terms["says_quiet_days"]):
            yield Finding("other", f"digest {row['id']} says that there is nothing to say, and nobody wants to know")


def _untold(books: Books, posts: Sequence[tuple[Row, DigestPosted]]) -> Iterator[Finding]:
    """Missions that were entered before the last digest that was read, and stood in none."""
    told: dict[int, list[tuple[Row, DigestPosted]]] = {}
    for row, facts in posts:
        if row["state"] in _TOLD:
            told.setdefault(facts.subscription_id, []).append((row, facts))
    for number, read in told.items():
        last_at, begun = (
            read[-1][0]["created_at"],
            _entries(books, "set_digest", number, to_us(datetime.max.replace(tzinfo=from_us(0).tzinfo))),
        )
        names = {
            news.mission for _, facts in read for news in facts.news if isinstance(news, MissionNews) and news.is_new
        }
        if any(facts.news_more or facts.unread for _, facts in read) or not begun:
            continue
        for entry in books.journal:
            is_theirs = begun[0]["seq"] < entry["seq"] and entry["recorded_at"] < last_at
            if entry["action"] == "create_mission" and is_theirs and json.loads(entry["state"])["name"] not in names:
                yield Finding("lost", f"no digest of {number} tells that mission {entry['subject_id']} was entered")


def _entries(books: Books, action: str, number: int, until: int) -> list[dict[str, Any]]:
    return [
        entry
        for entry in books.journal
        if entry["action"] == action and entry["subject_id"] == number and entry["recorded_at"] <= until
    ]
