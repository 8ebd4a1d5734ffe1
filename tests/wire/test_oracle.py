"""The oracle sees what is wrong: each thing it claims to hold is broken once."""

import contextlib
import sqlite3

import pytest

from tests.campaign.stage import Stage
from tests.wire.client import Seen, Wire
from tests.wire.conftest import Start
from tests.wire.oracle import Asked, examine

SECRET = "call the range"
BOARD = "cause LIKE 'board:%'"
BOARD_AT = f"(SELECT MIN(created_at) FROM outbox WHERE {BOARD})"
DIGEST = "cause LIKE 'digest:%'"


async def played(wire: Wire, start: Start) -> Stage:
    """A short shift that went well: a mission, a countdown, damage, a pad that came back and is away again."""
    stage = Stage(wire, start, 1, "as it should be")
    await stage.build()
    await stage.open()
    await leave_service(stage, "DR-1")
    await stage.await_button("confirmreturn")
    await stage.press("confirmreturn", 0.5)
    await leave_service(stage, "DR-2")
    await stage.ask("board pin", kind="missions", channel=stage.channels["board"])
    await stage.ask("announce digest", time="18:40", channel=stage.channels["pads"], quiet_days="say")
    await stage.set_reminder("18:20", SECRET, "daily", where=None, zone="UTC", says_zone=False, closed=True)
    await stage.ask("mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="+90min")
    await stage.ask("pad report", pad="Site 31/6", severity="minor", summary="cable tray burnt")
    await stage.ask("mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a")  # refused: it is there
    for _ in range(4):
        await stage.move_to_due()
    await stage.recover()
    return stage


async def leave_service(stage: Stage, report: str) -> None:
    """Damage that is taken on and ended, and the pad's return is asked for."""
    await stage.ask("pad report", pad="Site 31/6", severity="critical", summary="hydraulics leak")
    await stage.await_button("ack")
    await stage.press("ack", 0.5)
    await stage.ask("pad update", report=report, state="closed", reason="repaired")
    await stage.ask("pad inspect", pad="Site 31/6", result="passed")
    await stage.ask("pad return-to-service", pad="Site 31/6")


async def complaints(stage: Stage) -> list[str]:
    assert stage.database is not None
    verdict = await examine(stage.wire, stage.database, stage.asked)
    return [f"{finding.kind}: {finding.text}" for finding in verdict.findings]


async def flight_posts(stage: Stage) -> list[Seen]:
    said = await stage.wire.messages(stage.channels["flight"])
    return [one for one in said if one.by_bot and one.interaction_id is None]


def edit(stage: Stage, *statements: str) -> None:
    assert stage.database is not None
    with contextlib.closing(sqlite3.connect(stage.database)) as file, file:
        for statement in statements:
            file.execute(statement)


async def test_it_finds_nothing_where_nothing_is_wrong(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    assert await complaints(stage) == []
    assert stage.database is not None
    verdict = await examine(wire, stage.database, stage.asked)
    assert (verdict.expected > 6, verdict.returned) == (True, 1)


async def test_it_misses_a_message_that_is_gone(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    post = (await flight_posts(stage))[0]
    await wire.act("delete_message", message_id=post.id)
    (found,) = await complaints(stage)
    assert found.startswith("lost: ")
    assert "has no message" in found


async def test_it_sees_a_message_that_was_made_twice_and_one_that_nobody_ordered(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    post = (await flight_posts(stage))[0]
    await wire.act("forge", channel_id=stage.channels["flight"], embeds=post.embeds)
    assert [one for one in await complaints(stage) if one.startswith("doubled: ") and "has messages" in one]
    await wire.act(
        "forge",
        channel_id=stage.channels["pads"],
        embeds=[{"title": "hello", "footer": {"text": "Gantry · 1234567890"}}],
    )
    assert [one for one in await complaints(stage) if "has no row" in one]


async def test_it_sees_words_that_are_not_the_row_s(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    edit(stage, "UPDATE outbox SET facts = replace(facts, 'Soyuz MS-28', 'Soyuz MS-29')")
    assert [one for one in await complaints(stage) if "does not say what" in one]


BROKEN: dict[str, tuple[tuple[str, ...], str]] = {
    "a row left open": (
        ("UPDATE outbox SET state = 'pending', message_id = NULL, settled_at = NULL WHERE id = 1",),
        "is left open",
    ),
    "an expired row that stands": (
        ("UPDATE outbox SET state = 'expired', message_id = NULL WHERE id = 1",),
        "post 1 (expired",
    ),
    "a parked row that stands after one attempt": (
        ("UPDATE outbox SET state = 'parked', message_id = NULL WHERE id = 1",),
        "post 1 (parked",
    ),
    "a row that names another message": (("UPDATE outbox SET message_id = 1 WHERE id = 1",), "not [1]"),
    "messages in another order than their rows": (
        ("UPDATE outbox SET id = -id, target_id = -target_id",),
        "stands before",
    ),
    "a request that vanished": (
        ("DELETE FROM requests WHERE request_id = (SELECT MAX(request_id) FROM requests)",),
        "0 request",
    ),
    "a request that nobody made": (
        ("INSERT INTO requests SELECT workspace_id, 1, 1 FROM requests LIMIT 1",),
        "never made",
    ),
    "a journal entry that was changed": (
        ("UPDATE journal SET state = replace(state, 'Soyuz MS-28', 'Soyuz MS-29') WHERE action = 'create_mission'",),
        "the journal is altered",
    ),
    "a journal cut short": (
        ("DELETE FROM journal_personal WHERE seq >= 9", "DELETE FROM journal WHERE seq >= 9"),
        "the journal is truncated",
    ),
    "a delivery that was never written": (("DELETE FROM outbox WHERE id = 1",), "has no delivery"),
    "a countdown that was never written": (
        ("DELETE FROM outbox WHERE dedup_key LIKE '%:reminder:%'",),
        "has no delivery",
    ),
    "a reminder that was forgotten": (
        ("UPDATE reminders SET state = 'pending', settled_at = NULL WHERE state = 'posted'",),
        "is forgotten",
    ),
    "a reminder posted early": (
        ("UPDATE reminders SET settled_at = due_at - 1 WHERE state = 'posted'",),
        "before its time",
    ),
    "a reminder that was called off and posted": (
        ("UPDATE reminders SET state = 'replanned' WHERE state = 'posted'",),
        "has deliveries",
    ),
    "a pad that is back, with nobody's word for it": (
        ("UPDATE pads SET latched = 'operational'",),
        "latched operational, by its last journal entry out_of_service",
    ),
    "two requests that wait for one pad": (
        ("DROP INDEX one_waiting_return", "UPDATE returns SET state = 'waiting', decided_at = NULL"),
        "has 2 waiting returns",
    ),
    "a return confirmed by who asked for it": (
        ("PRAGMA ignore_check_constraints = ON", "UPDATE returns SET decided_by = requested_by WHERE number = 1"),
        "who asked for it",
    ),
    "a report that lets go of its pad by itself": (
        ("UPDATE damage_reports SET held_since = NULL WHERE number = 2",),
        "report 2 has held_since None",
    ),
    "a report that was let go by no return": (
        ("UPDATE journal SET action = 'close_gate' WHERE action = 'confirm_return'",),
        "DR-1 holds its pad no more by release_report",
    ),
    "a pad that came back by no return": (
        ("UPDATE journal SET action = 'close_gate' WHERE action = 'confirm_return'",),
        "became operational by return_pad, without a confirmed return",
    ),
    "a return confirmed over open damage": (
        ("UPDATE journal SET state = replace(state, 'closed', 'confirmed') WHERE action = 'update_report'",),
        "RS-1 was confirmed with DR-1 confirmed",
    ),
    "a return confirmed without an inspection": (
        ("UPDATE journal SET state = replace(state, 'passed', 'failed') WHERE action = 'inspect_pad'",),
        "RS-1 was confirmed with no passed inspection",
    ),
    "a report's post that was left behind": (
        ("DELETE FROM outbox WHERE operation = 'edit' AND cause LIKE 'report:1:%'",),
        "of report:1 says state reported, its row closed",
    ),
    "a return's post that was left behind": (
        ("DELETE FROM outbox WHERE operation = 'edit' AND cause LIKE 'return:1:%'",),
        "of return:1 says decision None, its row confirmed",
    ),
    "buttons that are not the words'": (
        ("DELETE FROM outbox WHERE operation = 'edit' AND cause LIKE 'return:1:%'",),
        "has buttons []",
    ),
    "a board that says what is not true": (
        ("UPDATE missions SET name = 'Soyuz MS-30'",),
        "the missions board",
    ),
    "a board that nobody took down": (("DELETE FROM boards",), "was pinned and is not there"),
    "a board's post that was left behind": (("DELETE FROM boards",), "is no board's any more"),
    "a board that is looked at no more": (("UPDATE boards SET due_at = looked_at",), "is forgotten"),
    "a board that is edited all the time": (
        (f"UPDATE outbox SET created_at = {BOARD_AT} + 5000000 WHERE {BOARD} AND operation = 'edit'",),
        "of a board came 0:00:05 after",
    ),
    "a digest that was forgotten": (("UPDATE digests SET due_at = last_due_at",), "was due at"),
    "a digest that came twice": (
        (f"UPDATE outbox SET cause = 'digest:again', facts = (SELECT facts FROM outbox WHERE {DIGEST}) WHERE id = 1",),
        "was posted 2 times",
    ),
    "a digest for a day that had had one": (
        (
            f"UPDATE outbox SET cause = 'digest:again', facts = (SELECT facts FROM outbox WHERE {DIGEST}) WHERE id = 1",
            "UPDATE outbox SET facts = replace(facts, '18:40:00', '18:20:00') WHERE id = 1",
        ),
        "came once more on",
    ),
    "a digest that keeps news to itself": (
        (f"UPDATE outbox SET facts = replace(facts, 'Soyuz MS-28', 'Soyuz MS-30') WHERE {DIGEST}",),
        "tells that mission",
    ),
    "a reminder that was left out": (
        ("DELETE FROM reminders WHERE kind = 'member' AND state = 'pending'",),
        "is open, with rows",
    ),
    "a reminder nobody knows when": (
        ("UPDATE reminders SET due_at = due_at + 60000000 WHERE kind = 'member' AND state = 'pending'",),
        "has occurrences",
    ),
    "a member who was never told": (("DELETE FROM outbox WHERE cause LIKE 'undelivered:%'",), "nobody was told of"),
    "a broken reference": (("UPDATE damage_reports SET pad_id = 999",), "a foreign key is broken"),
}


async def test_it_sees_a_database_that_was_tampered_with(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    assert stage.database is not None
    whole = stage.database.read_bytes()
    missed = []
    for name, (statements, words) in BROKEN.items():
        edit(stage, *statements)
        if not [one for one in await complaints(stage) if words in one]:
            missed.append(name)
        stage.database.write_bytes(whole)
    assert missed == []
    assert await complaints(stage) == []


async def test_it_sees_a_secret_that_was_let_out(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    await wire.act("forge", channel_id=stage.channels["flight"], content=SECRET)
    assert [one for one in await complaints(stage) if "RM-1 is private" in one]


LAST_EDIT = "(SELECT MAX(id) FROM outbox WHERE operation = 'edit' AND cause LIKE 'return:1:%')"


@pytest.mark.parametrize(
    ("ending", "found"),
    [
        ("state = 'parked', reason = 'channel_gone', attempts = 2", 0),
        ("state = 'parked', reason = 'channel_gone', attempts = 1", 1),
        ("state = 'expired', reason = 'superseded', attempts = 1", 0),
        ("state = 'expired', reason = 'superseded', attempts = 0", 1),
    ],
    ids=["lost, then refused", "refused", "lost, then outdated", "outdated"],
)
async def test_an_edit_that_was_given_up_may_stand_only_where_an_attempt_of_it_was_lost(
    wire: Wire, start: Start, ending: str, found: int
) -> None:
    """The post says the words of its last edit, without its buttons; the row of that edit says that nobody made it."""
    stage = await played(wire, start)
    edit(stage, f"UPDATE outbox SET {ending} WHERE id = {LAST_EDIT}")
    assert len([one for one in await complaints(stage) if one.startswith("other: message ")]) == found


async def test_it_compares_what_members_were_told_with_what_was_done(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    first, last = stage.asked[-3], stage.asked[-1]
    # The refused command's answer is laid to the door of one that was done, and the other way round.
    stage.asked[-3] = Asked(last.interaction_id, first.member_id, first.command)
    stage.asked[-1] = Asked(first.interaction_id, last.member_id, last.command)
    found = await complaints(stage)
    assert [one for one in found if "was refused, and yet done" in one]
    assert [one for one in found if "was acknowledged, and there is no trace of it" in one]


async def test_it_sees_pages_that_were_overwritten(wire: Wire, start: Start) -> None:
    stage = await played(wire, start)
    assert stage.database is not None
    content = bytearray(stage.database.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    stage.database.write_bytes(content)
    assert [one for one in await complaints(stage) if "the database" in one]


async def test_a_press_takes_the_buttons_of_a_post_whose_edit_its_channel_no_longer_takes(
    wire: Wire, start: Start
) -> None:
    """The answer to the press took them; the edit with the new words was held up, and then the channel was gone."""
    stage = await played(wire, start)
    await stage.keep_up(down_s=60.0)
    post = (await stage.buttons("declinereturn"))[0][0]
    await wire.fault("status", status=503, method="PATCH", path=f"/channels/{post.channel_id}/messages")
    await stage.press("declinereturn", 0.0)
    await wire.act("delete_channel", channel_id=post.channel_id)
    await stage.recover()
    assert await complaints(stage) == []
    edit(stage, f"DELETE FROM outbox WHERE operation = 'edit' AND state = 'parked' AND channel_id = {post.channel_id}")
    assert [one for one in await complaints(stage) if "has buttons []" in one]
