"""/ops as its users meet it: settings, who may do what and why, the journal's head and its verification, in words."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain import journal as chain
from storage import journal
from storage.database import Transaction
from storage.keys import load_key
from tests.commands.world import World


async def _tamper(world: World, *statements: str) -> None:
    async def work(tx: Transaction) -> None:
        for statement in statements:
            await tx.execute(statement, (world.guild.id,))

    await world.application.database.write(work)


async def test_an_untouched_journal_is_said_to_be_intact(world: World) -> None:
    length = await world.journal_length()
    answer = await world.slash(world.guest, "ops verify")
    assert "✅ The journal is intact" in answer.text
    assert f"{length} entries: each stands as it was written, in order, none is missing." in answer.text
    assert "No head has been posted yet" in answer.text


async def test_the_head_comes_in_the_morning_and_verifying_points_to_the_post(world: World) -> None:
    await world.move_to(datetime.fromisoformat("2025-11-28T12:00:00+00:00"))
    heads = [post for post in await world.posts() if "The journal's head" in post]
    assert len(heads) == 1
    answer = await world.slash(world.guest, "ops verify")
    assert "It agrees with the 1 head that was posted." in answer.text
    shown = next(line for line in answer.text.splitlines() if line.startswith("`"))
    assert shown in heads[0], "the seal that is shown is the one that was posted"
    message = next(m for m in await world.messages() if "head" in (m.embeds[0].title or ""))
    assert message.jump_url in answer.text
    await world.restart()
    assert len([post for post in await world.posts() if "The journal's head" in post]) == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal SET state = '{}' WHERE workspace_id = ? AND seq = 5", "Entry 5 does not fit its seal"),
        ("UPDATE journal SET seq = 9999 WHERE workspace_id = ? AND seq = 5", "Entry 5 is missing"),
        ("UPDATE journal_personal SET personal = '{}' WHERE workspace_id = ? AND seq = 5", "personal text of entry 5"),
        ("UPDATE workspaces SET journal_seq = journal_seq + 7 WHERE id = ?", "were cut off"),
    ],
)
async def test_what_was_tampered_with_is_said(world: World, statement: str, said: str) -> None:
    await _tamper(world, "DELETE FROM journal_personal WHERE workspace_id = ? AND seq = 6")
    if "9999" in statement:
        await _tamper(world, "DELETE FROM journal_personal WHERE workspace_id = ? AND seq = 5")
    await _tamper(world, statement)
    answer = await world.slash(world.guest, "ops verify")
    assert "🔴 The journal is not what was written" in answer.text
    assert said in answer.text
    assert "personal text erased" in answer.text


async def test_a_member_is_told_what_they_may_do_and_why(world: World) -> None:
    answer = await world.slash(world.operator, "ops explain", member=world.operator)
    assert answer.private
    assert "✅ operate" in answer.text
    assert "Through the role **Operators**, which it was granted to." in answer.text
    assert "❌ pad" in answer.text
    assert "Not held: it was granted to **Pad crew**." in answer.text
    assert "Members with Manage Server can change this" in answer.text


async def test_an_admin_asks_about_anyone(world: World) -> None:
    answer = await world.slash(world.director, "ops explain", member=world.guest)
    assert answer.private
    assert "Everyone may: it was not narrowed to a role." in answer.text
    own = await world.slash(world.director, "ops explain", member=world.director)
    assert "Through Manage Server, which makes an admin." in own.text
    assert "Admin does not include it." in own.text


async def test_who_is_not_in_the_server_is_not_explained(world: World) -> None:
    answer = await world.slash(world.director, "ops explain", member=world.stranger.user)
    assert "is not a member of this server" in answer.text


async def test_a_capability_is_taken_back(world: World) -> None:
    answer = await world.slash(world.director, "ops revoke", capability="operate", role=world.roles["operators"])
    assert "**Operators** no longer has it." in answer.text
    refused = await world.slash(world.operator, "mission create", name="X", vehicle="Y")
    assert "This needs the capability" in refused.text
    again = await world.slash(world.director, "ops revoke", capability="operate", role=world.roles["operators"])
    assert "there is nothing to take back" in again.text


async def test_settings_are_completed_and_set(world: World) -> None:
    assert "countdown.landing" in await world.complete(world.director, "ops set", "key", "land")
    zones = await world.complete(world.director, "ops set", "value", "moscow", key="timezone")
    assert zones == ["Europe/Moscow"]
    hours = await world.complete(world.director, "ops set", "value", "7", key="morning")
    assert "07:00" in hours
    channels = await world.complete(world.director, "ops set", "value", "pa", key="ops_channel")
    assert channels == [str(world.pads.id)]
    for key, value in [
        ("timezone", "asia/almaty"),
        ("morning", "07:00"),
        ("ops_channel", channels[0]),
        ("quiet_from", "22"),
    ]:
        answer = await world.slash(world.director, "ops set", key=key, value=value)
        assert f"✅ Set: {key}" in answer.text
    answer = await world.slash(world.director, "ops set", key="countdown.landing", value="2d")
    assert "`30d 14d 7d 3d 1d 12h 1h 0` → **`2d 0`**" in answer.text
    status = await world.slash(world.director, "ops status")
    assert all(part in status.text for part in (f"<#{world.pads.id}>", "Asia/Almaty, 07:00", "22:00–off"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (
            "zone",
            "UTC",
            "Use one of: timezone, morning, ops_channel, quiet_from, quiet_until, escalate_after, escalation_roles",
        ),
        ("morning", "half past", "is not a whole hour"),
        ("ops_channel", "nowhere", "I cannot tell which channel"),
        ("morning", "9", "already. Nothing was changed"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_with_what_can(world: World, key: str, value: str, said: str) -> None:
    await world.slash(world.director, "ops set", key="morning", value="9")

    async def act() -> object:
        return await world.slash(world.director, "ops set", key=key, value=value)

    assert said in (await world.refused(act)).text


async def test_a_channel_of_another_server_is_no_channel(world: World) -> None:
    answer = await world.slash(world.director, "ops set", key="ops_channel", value=str(world.elsewhere.id))
    assert "I cannot tell which channel" in answer.text


async def test_a_rewrite_by_who_holds_the_key_is_said_to_be_one(world: World) -> None:
    await world.move_to(datetime.fromisoformat("2025-11-28T12:00:00+00:00"))
    key = load_key(world.application.settings.journal_key_file)
    entries = await world.application.database.read(lambda reader: journal.chain(reader, world.guild.id))

    async def seal_anew(tx: Transaction) -> None:
        mac = chain.GENESIS
        for linked in entries:
            entry = linked.entry if linked.entry.seq != 9 else replace(linked.entry, state_json="{}")
            mac = chain.link(key, mac, entry)
            values = (entry.state_json, mac, world.guild.id, entry.seq)
            await tx.execute("UPDATE journal SET state = ?, mac = ? WHERE workspace_id = ? AND seq = ?", values)
        await tx.execute("UPDATE workspaces SET journal_mac = ? WHERE id = ?", (mac, world.guild.id))

    await world.application.database.write(seal_anew)
    answer = await world.slash(world.guest, "ops verify")
    assert f"Something in the entries 1 to {len(entries)} was rewritten" in answer.text
    assert "Only someone who holds the key can do that." in answer.text
