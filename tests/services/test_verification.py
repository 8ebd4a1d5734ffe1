"""`/ops verify` finds every way of tampering with the journal that can be found, and nothing where there was none."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain import journal as chain
from domain.capabilities import Capability
from domain.errors import Conflict
from domain.journal import Fault, Linked
from services import verification
from services.verification import Verdict
from storage import journal
from storage.database import Transaction
from tests.services.house import (
    GUILD,
    JOURNAL_KEY,
    OTHER_GUILD,
    ROLES,
    House,
    admin,
    at,
    guest,
    opened_house,
)

FIRST_MORNING, SECOND_MORNING = at("2025-11-28T09:00"), at("2025-11-29T09:00")


async def verify(house: House) -> Verdict:
    return await house.desks.verification.verify(guest())


async def faults(house: House) -> list[tuple[Fault, int, int | None]]:
    return [(found.fault, found.seq, found.other_seq) for found in (await verify(house)).findings]


async def tamper(house: House, *statements: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("PRAGMA defer_foreign_keys = ON")
        for statement in statements:
            await tx.execute(statement)

    await house.database.write(work)


async def post_head(house: House) -> int:
    """Let the next morning come; return how many entries the journal had then."""
    house.clock.move_to(FIRST_MORNING if house.clock.now() < FIRST_MORNING else SECOND_MORNING)
    assert await house.desks.housekeeping.fire_due() == 1
    return len(await house.chain())


async def rewrite(house: House, state: str, seq: int, *, up_to: int | None = None) -> None:
    """What a holder of the key can do: alter an entry, drop those after `up_to`, and seal everything anew."""
    entries = [linked.entry for linked in await house.chain()][:up_to]

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM journal_personal WHERE workspace_id = 1")
        await tx.execute("DELETE FROM journal WHERE workspace_id = 1")
        mac = chain.GENESIS
        for entry in entries:
            forged = entry if entry.seq != seq else replace(entry, state_json=state)
            mac = chain.link(JOURNAL_KEY, mac, forged)
            await journal.append(tx, Linked(forged, mac), "salt", "{}")
        await tx.execute("DELETE FROM journal_personal WHERE workspace_id = 1")
        await tx.execute("UPDATE workspaces SET journal_seq = ?, journal_mac = ? WHERE id = 1", (len(entries), mac))

    await house.database.write(work)


async def test_an_untouched_journal_is_intact(evening: House) -> None:
    found = await verify(evening)
    assert found.intact
    assert found.entries == len(await evening.chain()) > 10
    assert (found.heads, found.erased) == ((), 0)


@pytest.mark.parametrize("page", [1, 2, 7])
async def test_it_is_the_same_in_pages(evening: House, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", page)
    assert (await verify(evening)).intact
    await tamper(evening, "UPDATE journal SET state = '{}' WHERE workspace_id = 1 AND seq = 6")
    assert await faults(evening) == [(Fault.ALTERED, 6, None)]


COLUMNS = ["recorded_at = recorded_at + 1", "actor_id = 99", "action = 'x'", "subject_kind = 'x'", "subject_id = 99",
           "state = '{}'", "event_at = 5", "personal_digest = 'x'", "mac = 'x'"]  # fmt: skip


@pytest.mark.parametrize("edit", COLUMNS)
async def test_an_edited_entry_is_named(evening: House, edit: str) -> None:
    await tamper(evening, f"UPDATE journal SET {edit} WHERE workspace_id = 1 AND seq = 5")
    assert (await faults(evening))[0] == (Fault.ALTERED, 5, None)


async def test_a_deleted_entry_is_named(evening: House) -> None:
    await tamper(
        evening,
        "DELETE FROM journal_personal WHERE workspace_id = 1 AND seq = 4",
        "DELETE FROM journal WHERE workspace_id = 1 AND seq = 4",
    )
    assert await faults(evening) == [(Fault.MISSING, 4, None)]


async def test_exchanged_entries_are_named(evening: House) -> None:
    steps = [("journal", 3, 900), ("journal", 6, 3), ("journal", 900, 6)]
    moves = [f"UPDATE {table} SET seq = {new} WHERE workspace_id = 1 AND seq = {old}" for table, old, new in steps]
    await tamper(evening, *moves)
    assert (await faults(evening))[0] == (Fault.MISPLACED, 3, 6)


async def test_a_cut_off_end_is_found_by_the_journals_own_head(evening: House) -> None:
    entries = len(await evening.chain())
    await tamper(
        evening,
        f"DELETE FROM journal_personal WHERE workspace_id = 1 AND seq > {entries - 3}",
        f"DELETE FROM journal WHERE workspace_id = 1 AND seq > {entries - 3}",
    )
    assert await faults(evening) == [(Fault.TRUNCATED, entries - 3, entries)]


async def test_an_emptied_journal_is_found(evening: House) -> None:
    entries = len(await evening.chain())
    await tamper(evening, "DELETE FROM journal_personal", "DELETE FROM journal")
    assert await faults(evening) == [(Fault.TRUNCATED, 0, entries)]


async def test_an_entry_slipped_in_behind_the_head_is_found(evening: House) -> None:
    entries = len(await evening.chain())
    await tamper(
        evening,
        f"INSERT INTO journal SELECT workspace_id, {entries + 1}, recorded_at, actor_id, action, subject_kind, subject_id,"
        f" state, event_at, personal_digest, mac FROM journal WHERE workspace_id = 1 AND seq = {entries}",
    )
    assert await faults(evening) == [(Fault.SURPLUS, entries + 1, None)]


async def test_a_rewrite_with_the_key_fits_and_is_found_by_a_posted_head(evening: House) -> None:
    posted = await post_head(evening)
    await evening.create("Soyuz MS-29")
    assert (await verify(evening)).intact
    await rewrite(evening, '{"decision":"NO GO"}', seq=7)
    found = await verify(evening)
    assert [(one.fault, one.seq, one.other_seq) for one in found.findings] == [(Fault.REWRITTEN, posted, 0)]
    assert found.findings[0].head is not None
    assert found.findings[0].head.mac != found.findings[0].head.present_mac


async def test_a_cut_with_the_key_is_found_by_a_posted_head(evening: House) -> None:
    posted = await post_head(evening)
    await rewrite(evening, "{}", seq=999, up_to=posted - 4)
    assert await faults(evening) == [(Fault.TRUNCATED, posted - 4, posted)]


async def test_what_was_not_yet_posted_can_be_rewritten_by_who_holds_the_key(evening: House) -> None:
    # This is what the journal does not prove; docs/security.md says so.
    posted = await post_head(evening)
    await evening.create("Soyuz MS-29")
    await rewrite(evening, '{"name":"Soyuz MS-30"}', seq=posted + 1)
    assert (await verify(evening)).intact
    await post_head(evening)
    await rewrite(evening, '{"name":"Soyuz MS-31"}', seq=posted + 1)
    assert await faults(evening) == [(Fault.REWRITTEN, posted + 1, posted)], "what was posted before still agrees"


async def test_erased_personal_text_breaks_nothing_and_is_counted(evening: House) -> None:
    await tamper(evening, "DELETE FROM journal_personal WHERE workspace_id = 1 AND seq IN (2, 3)")
    found = await verify(evening)
    assert found.intact
    assert found.erased == 2


@pytest.mark.parametrize("edit", ['personal = \'{"actor":"someone else"}\'', "salt = 'x'"])
async def test_altered_personal_text_is_found(evening: House, edit: str) -> None:
    await tamper(evening, f"UPDATE journal_personal SET {edit} WHERE workspace_id = 1 AND seq IN (4, 5)")
    assert await faults(evening) == [(Fault.PERSONAL, 4, None)]


async def test_several_kinds_of_tampering_are_all_said(evening: House) -> None:
    posted = await post_head(evening)
    await tamper(
        evening,
        "UPDATE journal SET state = '{}' WHERE workspace_id = 1 AND seq = 5",
        "UPDATE journal_personal SET personal = '{}' WHERE workspace_id = 1 AND seq = 2",
        f"DELETE FROM journal_personal WHERE workspace_id = 1 AND seq = {posted}",
        f"DELETE FROM journal WHERE workspace_id = 1 AND seq = {posted}",
    )
    found = await verify(evening)
    assert {one.fault for one in found.findings} == {Fault.ALTERED, Fault.TRUNCATED, Fault.PERSONAL}


async def test_another_guilds_journal_does_not_matter(evening: House) -> None:
    await evening.set_up(OTHER_GUILD)
    await tamper(evening, f"UPDATE journal SET state = '{{}}' WHERE workspace_id = {OTHER_GUILD}")
    assert (await verify(evening)).intact
    assert not (await evening.desks.verification.verify(admin(OTHER_GUILD))).intact


async def test_one_verification_at_a_time(evening: House) -> None:
    async with evening.desks.verification._busy:
        with pytest.raises(Conflict, match="verification_running"):
            await verify(evening)
    assert (await verify(evening)).intact


async def test_what_is_written_meanwhile_is_no_fault(evening: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", 1)
    checking = asyncio.gather(verify(evening), evening.create("Soyuz MS-29"), evening.create("Soyuz MS-30"))
    found, *_ = await checking
    assert found.intact


# --- the daily head ------------------------------------------------------------------------------------------------------


async def heads_posted(house: House) -> list[tuple[int, str]]:
    return [(channel_id, type(facts).__name__) for channel_id, facts in await house.posts(900)]


async def test_the_head_is_posted_once_a_day_in_the_morning_even_through_restarts(house: House) -> None:
    house.clock.move_to(FIRST_MORNING - timedelta(seconds=1))
    assert await house.desks.housekeeping.fire_due() == 0
    house.clock.move_to(FIRST_MORNING)
    await house.desks.housekeeping.fire_due()
    await house.desks.housekeeping.fire_due()
    async with opened_house(house.directory) as again:
        again.clock.move_to(FIRST_MORNING + timedelta(hours=14))
        assert await again.desks.housekeeping.fire_due() == 0
        assert len(await heads_posted(again)) == 1
        again.clock.move_to(SECOND_MORNING)
        await again.desks.housekeeping.fire_due()
        assert len(await heads_posted(again)) == 2
        found = await verify(again)
    entries = await house.chain()
    assert [(head.seq, head.mac) for head in found.heads] == [(len(entries), entries[-1].mac)] * 2


async def test_after_an_outage_of_days_one_head_is_posted_and_the_rhythm_goes_on(house: House) -> None:
    house.clock.move_to(at("2025-12-04T03:00"))
    assert await house.desks.housekeeping.fire_due() == 1
    house.clock.move_to(at("2025-12-04T09:00"))
    await house.desks.housekeeping.fire_due()
    assert len(await heads_posted(house)) == 1, "that day has its head"
    house.clock.move_to(at("2025-12-05T09:00"))
    await house.desks.housekeeping.fire_due()
    assert len(await heads_posted(house)) == 2


async def test_a_clock_that_stood_years_ahead_and_is_put_right_stops_no_heads(house: House) -> None:
    house.clock.move_to(at("2035-12-04T10:00"))
    await house.desks.housekeeping.fire_due()
    assert len(await heads_posted(house)) == 1
    house.clock.move_to(at("2025-12-04T03:00"))
    assert await house.desks.housekeeping.fire_due() == 1
    assert await house.desks.housekeeping.fire_due() == 0
    for day in (4, 5):
        house.clock.move_to(at(f"2025-12-0{day}T09:00"))
        await house.desks.housekeeping.fire_due()
    assert len(await heads_posted(house)) == 3


async def test_the_morning_is_the_workspaces_own(empty_house: House) -> None:
    await empty_house.set_up(GUILD, zone="Asia/Almaty")
    empty_house.clock.move_to(at("2025-11-28T03:59"))
    assert await empty_house.desks.housekeeping.fire_due() == 0
    empty_house.clock.move_to(at("2025-11-28T04:00"))
    assert await empty_house.desks.housekeeping.fire_due() == 1


async def test_a_day_that_comes_twice_has_one_head(empty_house: House) -> None:
    from services.settings import SetSetting

    await empty_house.set_up(GUILD, zone="Pacific/Kiritimati")
    empty_house.clock.move_to(at("2025-11-28T19:00"))
    await empty_house.desks.housekeeping.fire_due()
    await empty_house.desks.operations.set(admin(), SetSetting("timezone", "Pacific/Honolulu"))
    for hour in range(48):
        empty_house.clock.move_to(at("2025-11-28T19:00") + timedelta(hours=hour))
        await empty_house.desks.housekeeping.fire_due()
    days = [head.day for head in (await verify(empty_house)).heads]
    assert len(days) == len(set(days)) == len(await heads_posted(empty_house))


async def test_verifying_needs_reading_once_that_is_narrowed(house: House) -> None:
    from domain.errors import NotPermitted

    await house.desks.operations.grant(admin(), Capability.READ, ROLES[Capability.READ])
    with pytest.raises(NotPermitted):
        await verify(house)
