"""Commands over the wire: options of every kind, files, completion, buttons and forms, as Discord sends them."""

import struct
import zlib

from tests.wire.client import Answered, photo
from tests.wire.conftest import Start
from tests.wire.desk import Desk
from tests.wire.oracle import posts
from tests.wire.processes import Running

MESSAGE, UPDATE, MODAL = 4, 7, 9


def picture() -> bytes:
    """The smallest picture there is: one grey point."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


async def add_pad(desk: Desk) -> Answered:
    return await desk.wire.command(
        desk.place, "pad add", name="Site 31/6", site="Baikonur Cosmodrome", vehicles="Soyuz-2.1a", kinds="crew"
    )


async def test_what_was_entered_is_answered_and_completed(desk: Desk) -> None:
    wire = desk.wire
    created = await wire.command(
        desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="2025-11-28 09:27", seats=3
    )
    assert created.kind == MESSAGE
    assert "28 Nov 2025 09:27 UTC" in created.words
    status = await wire.command(desk.place, "mission status", mission="soyuz ms28")
    assert status.original is not None
    assert not status.original.is_private
    assert "Soyuz MS-28" in status.words
    assert await wire.complete(desk.place, "mission status", "mission", "so") == ["Soyuz MS-28"]
    assert await wire.complete(desk.place, "mission status", "mission", "zz") == []


async def test_a_member_without_the_capability_is_refused_in_private(desk: Desk) -> None:
    wire = desk.wire
    guest = await wire.act("make_member", guild_id=desk.place.guild_id, name="guest")
    place = type(desk.place)(desk.place.guild_id, desk.place.channel_id, guest["member_id"])
    refused = await wire.command(place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a")
    assert refused.original is not None
    assert refused.original.is_private
    assert "operate" in refused.words


async def test_a_role_that_is_granted_a_capability_may_use_it(desk: Desk) -> None:
    wire, guild_id = desk.wire, desk.place.guild_id
    role = await wire.act("make_role", guild_id=guild_id, name="pad crew")
    chief = await wire.act("make_member", guild_id=guild_id, name="chief", role_ids=[role["role_id"]])
    await wire.command(desk.place, "ops grant", capability="pad", role=role["role_id"])
    place = type(desk.place)(guild_id, desk.place.channel_id, chief["member_id"])
    added = await wire.command(place, "pad add", name="Site 31/6", site="Baikonur", vehicles="Soyuz-2.1a", kinds="crew")
    assert "Site 31/6" in added.words


async def test_damage_with_a_photo_is_one_card_with_the_picture_in_it(desk: Desk) -> None:
    wire = desk.wire
    await add_pad(desk)
    receipt = await wire.command(
        desk.place, "pad report", pad="Site 31/6", severity="critical", summary="Service cabin in the flame trench",
        photo=photo("cabin.png", picture()),
    )  # fmt: skip
    assert receipt.original is not None
    assert receipt.original.is_private
    await desk.announced(times=2)
    card = (await posts(wire, desk.flight))[-1]
    assert "Service cabin in the flame trench" in card.words
    assert [file["filename"].rpartition(".")[2] for file in card.attachments] == ["jpg"]
    assert card.embeds[0]["image"]["url"] == card.attachments[0]["url"]


async def test_damage_without_options_opens_a_form_that_logs_it(desk: Desk) -> None:
    wire = desk.wire
    await add_pad(desk)
    opened = await wire.command(desk.place, "pad report")
    assert opened.kind == MODAL
    receipt = await wire.submit(
        opened, pad=["Site 31/6"], severity="major", summary="Hatch bent", photo=[photo("hatch.png", picture())]
    )
    assert "DR-1" in receipt.words
    await desk.announced(times=2)
    card = (await posts(wire, desk.flight))[-1]
    assert "Hatch bent" in card.words
    assert len(card.attachments) == 1


async def test_a_button_does_what_it_says_and_a_second_press_is_told_that_it_was_done(desk: Desk) -> None:
    wire = desk.wire
    await wire.command(desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="2025-11-28")
    moved = await wire.command(
        desk.place, "mission move", mission="Soyuz MS-28", event="launch", when="2025-12-02", reason="weather"
    )
    assert moved.original is not None
    (undo,) = [name for name in moved.original.buttons if ":undo:" in name]
    pressed = await wire.press(desk.place, moved.original, undo)
    assert pressed.kind == UPDATE
    assert "28 Nov 2025" in pressed.words
    again = await wire.press(desk.place, moved.original, undo, unchecked=True)
    assert again.kind == MESSAGE
    assert again.original is not None
    assert again.original.is_private
    await desk.announced(times=3)
    assert [post.words.count("Undone") for post in await desk.posts()] == [0, 0, 1]


async def test_a_button_outlives_the_process_that_made_it(desk: Desk, start: Start, running: Running) -> None:
    wire = desk.wire
    await wire.command(desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="2025-11-28")
    moved = await wire.command(
        desk.place, "mission move", mission="Soyuz MS-28", event="launch", when="2025-12-02", reason="weather"
    )
    assert moved.original is not None
    await running.kill()
    await wire.move_clock(60)
    before = await wire.now_at()
    await start()
    await wire.connected(after=before)
    (undo,) = [name for name in moved.original.buttons if ":undo:" in name]
    assert "28 Nov 2025" in (await wire.press(desk.place, moved.original, undo)).words


async def test_what_discord_still_offers_after_an_update_is_answered_as_stale(desk: Desk) -> None:
    wire = desk.wire
    created = await wire.command(desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a")
    assert created.original is not None
    stale = await wire.press(desk.place, created.original, "an-older-bot's-button", unchecked=True)
    assert stale.original is not None
    assert stale.words
