"""Digests as they are kept, and what the journal says of the time between two."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.journal import Entry, Linked
from storage import digests, journal, outbox, subscriptions
from storage.database import Database, Transaction
from storage.digests import Changed
from storage.migrations import runner
from tests.storage import rows
from tests.storage.opening import opened

WS = 1


@pytest.fixture
async def house(database: Database) -> Database:
    """One of everything in workspace 1."""
    await database.write(lambda tx: rows.fill(tx, WS))
    return database


async def test_a_digest_comes_back_whole_and_ends_without_a_trace(house: Database) -> None:
    assert await house.read(lambda reader: digests.load_all(reader, WS)) == (rows.DIGEST,)
    plain = replace(rows.DIGEST, zone=None, last_day=None, last_due_at=None, written=None, written_key=None)
    await house.write(lambda tx: digests.save(tx, WS, plain))
    assert await house.read(lambda reader: digests.load_all(reader, WS)) == (plain,)
    await house.write(lambda tx: digests.remove(tx, WS, rows.DIGEST.subscription_id))
    assert await house.read(lambda reader: digests.load_all(reader, WS)) == ()
    assert await house.read(digests.next_due_at) is None


async def test_a_digest_is_due_when_its_time_has_come_or_lies_farther_ahead_than_any_is_planned(
    house: Database,
) -> None:
    for now, due in (
        (rows.NOW - timedelta(microseconds=1), []),
        (rows.NOW, [WS]),
        (rows.NOW - timedelta(days=3), []),
        (rows.NOW - timedelta(days=3, microseconds=1), [WS]),
    ):
        assert await house.read(lambda reader, now=now: digests.workspaces_due(reader, now)) == due  # type: ignore[misc]
    assert await house.read(digests.next_due_at) == rows.NOW


async def test_a_subscription_can_speak_another_language(house: Database) -> None:
    await house.write(lambda tx: subscriptions.set_language(tx, WS, rows.SUBSCRIPTION.id, "en"))
    assert await house.read(lambda reader: subscriptions.load_all(reader, WS)) == (
        replace(rows.SUBSCRIPTION, language="en"),
    )


async def test_what_changed_is_told_with_the_state_before_and_now_the_latest_first(house: Database) -> None:
    def entry(seq: int, kind: str, subject: int, state: str) -> Linked:
        return Linked(Entry(WS, seq, rows.NOW, 77, "did", kind, subject, state, None, "0"), "0")

    async def go_on(tx: Transaction) -> None:
        for seq, (kind, subject, state) in enumerate(
            [
                ("pad", 20, "{}"),
                ("mission", 40, '"first"'),
                ("health", 0, "{}"),
                ("mission", 40, '"second"'),
                ("mission", 41, '"new"'),
                ("workspace", WS, "{}"),
            ],
            start=2,
        ):
            await journal.append(tx, entry(seq, kind, subject, state), "salt", "{}")

    await house.write(go_on)
    found, beyond = await house.read(lambda reader: digests.changed_since(reader, WS, 3))
    assert found == [Changed("mission", 41, None, '"new"'), Changed("mission", 40, '"first"', '"second"')]
    assert beyond == 0
    every, _ = await house.read(lambda reader: digests.changed_since(reader, WS, 1))
    assert [(one.kind, one.id, one.before is None) for one in every] == [
        ("mission", 41, True),
        ("mission", 40, True),
        ("pad", 20, False),
    ]
    assert await house.read(lambda reader: digests.changed_since(reader, WS, 99)) == ([], 0)
    assert await house.read(lambda reader: digests.changed_since(reader, WS + 1, 0)) == ([], 0)


async def test_of_many_subjects_the_latest_are_told_and_the_rest_counted(house: Database) -> None:
    many = digests.SUBJECTS_MAX + 7

    async def go_on(tx: Transaction) -> None:
        for number in range(many):
            made = Entry(WS, number + 2, rows.NOW, 77, "did", "pad", 1000 + number, "{}", None, "0")
            await journal.append(tx, Linked(made, "0"), "salt", "{}")

    await house.write(go_on)
    found, beyond = await house.read(lambda reader: digests.changed_since(reader, WS, 1))
    assert ([one.id for one in found], beyond) == ([1000 + many - 1 - number for number in range(many - 7)], 7)


async def test_whether_a_digest_got_through_is_the_outboxs_word_in_its_own_workspace(house: Database) -> None:
    posting = outbox.Posting(901, rows.FACTS, "digest:50:x", "en")
    await house.write(lambda tx: outbox.insert(tx, WS, posting, rows.NOW))
    key = outbox.key_of(WS, posting.cause, 901)
    assert not await house.read(lambda reader: digests.was_posted(reader, WS, key))

    async def send(tx: Transaction) -> None:
        await tx.execute("UPDATE outbox SET state = 'sent', message_id = 1, settled_at = 0 WHERE dedup_key = ?", (key,))

    await house.write(send)
    assert await house.read(lambda reader: digests.was_posted(reader, WS, key))
    assert not await house.read(lambda reader: digests.was_posted(reader, WS + 1, key))


async def test_a_channel_that_had_subscribed_the_topic_before_gets_its_digest_in_the_morning(tmp_path: Path) -> None:
    known = runner.known_migrations()
    ours = next(number for number, one in enumerate(known) if one.name.endswith("_digests"))
    runner._upgrade(tmp_path / "x.db", tmp_path, rows.NOW, known[:ours])
    with closing(sqlite3.connect(tmp_path / "x.db")) as file, file:
        file.execute(
            "INSERT INTO workspaces (id, ops_channel_id, zone, morning_hour, created_at, last_id, last_report_number,"
            " last_task_number, journal_seq, journal_mac) VALUES (1, 900, 'UTC', 7, 0, 60, 0, 0, 12, 'mac')"
        )
        for number, topic in ((50, "digest"), (51, "all")):
            file.execute(
                "INSERT INTO subscriptions (workspace_id, id, channel_id, topic, language, created_at)"
                " VALUES (1, ?, 901, ?, 'en', 0)",
                (number, topic),
            )
    runner._upgrade(tmp_path / "x.db", tmp_path, rows.NOW, known)
    async with opened(tmp_path / "x.db") as database:
        (digest,) = await database.read(lambda reader: digests.load_all(reader, 1))
        due_in = await database.read(lambda reader: digests.workspaces_due(reader, rows.NOW))
    assert (digest.subscription_id, digest.minute, digest.zone, digest.told.seq) == (50, 420, None, 12)
    assert due_in == [1], "it is planned by the next pass"
