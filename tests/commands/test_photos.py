"""Photos as members meet them: refused for what they are, posted in small, and shown again long after Discord's link has died."""

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import _modal

from tests.commands.world import Answer, World
from tests.photos.pictures import PNG, gif, located, opened, picture, png

PHONE = picture("JPEG", (1600, 1200), exif=located(6), comment=b"Ivan Pad-Chief")
"""As a phone sends it: lying on its side, with a place and a name in it."""


def kept(world: World, ending: str = "") -> list[Path]:
    """Every kept picture, or every small copy."""
    found = [path for path in (world.data / "evidence").rglob("*") if path.is_file()]
    return sorted(path for path in found if path.suffix == ending)


async def report(world: World, content: bytes, name: str = "photo.jpg", **options: Any) -> Answer:
    """Log damage with a photo."""
    given = {"pad": "Site 31/6", "severity": "minor", "summary": "Soot on the lower deck"} | options
    return await world.slash(world.pad_chief, "pad report", photo=(name, content), **given)


async def status(world: World, **options: Any) -> discord.Message:
    """The answer of /pad status, which must be public."""
    answer = await world.slash(world.guest, "pad status", pad="Site 31/6", **options)
    assert not answer.private
    return answer.message


async def test_a_photo_is_shown_again_in_small_when_discords_link_has_died(world: World) -> None:
    await report(world, PHONE, component="bridges")
    await world.settle()
    world.env.backend.cdn._blobs.clear()
    message = await status(world)
    (file,) = message.attachments
    assert file.description == "Photo of DR-2: access bridges"
    assert "Site 31/6" in (message.embeds[0].title or "")
    assert file.filename in (message.embeds[0].image.url or "")
    shown = await file.read()
    assert opened(shown).size == (768, 1024)
    assert b"Ivan" not in shown
    assert dict(opened(shown).getexif()) == {}


async def test_the_post_carries_the_small_copy_and_the_original_stays_as_it_was_sent(world: World) -> None:
    await report(world, PHONE)
    for channel in (world.flight, world.corner):
        message = (await world.messages(channel))[-1]
        (file,) = message.attachments
        content = await file.read()
        assert opened(content).size == (768, 1024)
        assert b"Ivan" not in content
        assert message.embeds[0].image.url == f"attachment://{file.filename}"
    (original,) = kept(world)
    assert original.read_bytes() == PHONE


async def test_the_newest_open_report_that_has_a_photo_is_the_one_shown(world: World) -> None:
    await report(world, png(grey=1), summary="The first")
    await report(world, png(grey=2), summary="The @everyone second")
    await world.slash(world.pad_chief, "pad report", pad="Site 31/6", severity="minor", summary="Without a photo")
    (file,) = (await status(world)).attachments
    assert file.description == "Photo of DR-3: The @everyone second"


async def test_a_pad_without_photos_is_answered_as_ever(world: World) -> None:
    message = await status(world)
    assert message.attachments == []
    assert message.embeds[0].image.url is None


async def test_as_of_shows_the_photo_that_had_been_recorded_by_then(world: World) -> None:
    await report(world, PNG, summary="Soot")
    (file,) = (await status(world, as_of="2025-11-27")).attachments
    assert file.description == "Photo of DR-2: Soot"
    assert (await status(world, as_of="2025-11-26")).attachments == []


async def test_a_photo_stays_after_a_restart_even_when_only_its_original_is_left(world: World) -> None:
    await report(world, PHONE)
    await world.settle()
    (small,) = kept(world, ".thumbnail")
    before = small.read_bytes()
    small.unlink()
    await world.restart()
    (file,) = (await status(world)).attachments
    assert await file.read() == before
    assert small.read_bytes() == before


@pytest.mark.parametrize("fate", ["gone", "altered"])
async def test_without_its_original_the_card_comes_without_a_photo(
    world: World, fate: str, caplog: pytest.LogCaptureFixture
) -> None:
    await report(world, PNG)
    await world.settle()
    (original,) = kept(world)
    if fate == "gone":
        original.unlink()
    else:
        original.write_bytes(PNG + b".")
    message = await status(world)
    assert message.attachments == []
    assert "DR-2" in str(message.embeds[0].fields)
    assert "the photo of DR-2 cannot be shown" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.png", png(promised=(60_000, 60_000)), "more than 64 megapixels"),
        ("long.gif", gif(5000), "more than 500 frames"),
        ("cut.jpg", PHONE[: len(PHONE) // 2], "not a picture I can keep"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture I can keep"),
        ("page.png", PNG[:8] + b"<html>", "not a picture I can keep"),
    ],
)
async def test_a_hostile_photo_is_refused_with_its_reason_and_nothing_is_kept(
    world: World, name: str, content: bytes, words: str
) -> None:
    async def act() -> Answer:
        return await report(world, content, name)

    assert words in (await world.refused(act)).text
    assert kept(world) == kept(world, ".thumbnail") == []
    assert await world.posts() == []


async def test_a_form_with_a_hundred_photos_is_refused_before_one_is_fetched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[discord.Attachment] = []
    read = discord.Attachment.read

    async def noted(self: discord.Attachment, *, use_cached: bool = False) -> bytes:
        fetched.append(self)
        return await read(self, use_cached=use_cached)

    monkeypatch.setattr(discord.Attachment, "read", noted)
    # Discord, and simcord with it, holds to the four files we said; whoever forges its payload does not.
    monkeypatch.setattr(_modal, "_modal_bounds", lambda *_, **__: (0, 100))
    shown = await world.slash(world.pad_chief, "pad report")

    async def act() -> Answer:
        form = {"pad": ["Site 31/6"], "severity": "major", "summary": "Crack in the bridge"}
        return await world.fill(world.pad_chief, shown, **form, photo=[(f"{n}.png", png(grey=n)) for n in range(100)])

    assert "At most 4 photos fit one report" in (await world.refused(act)).text
    assert fetched == []
    assert kept(world) == []


@pytest.mark.parametrize("name", ["../../../escaped.png", "/etc/passwd", "..\\..\\escaped.png", "\u202egnp.exe", "."])
async def test_what_a_file_calls_itself_names_no_file_of_ours(world: World, name: str) -> None:
    before = {path for path in world.data.parent.rglob("*") if "escaped" in path.name}
    await report(world, PNG, name)
    (original,) = kept(world)
    assert original.parent.parent == world.data / "evidence"
    assert {path for path in world.data.parent.rglob("*") if "escaped" in path.name} == before
    (file,) = (await world.messages(world.corner))[-1].attachments
    assert file.filename == f"{original.name[:12]}.jpg"


async def test_another_servers_photo_is_never_shown_here(world: World) -> None:
    options: dict[str, Any] = {"pad": "Hidden Pad 77", "severity": "minor", "summary": "Leak", "photo": ("x.png", PNG)}
    assert "1 photo kept." in (await world.slash(world.stranger, "pad report", **options)).text
    assert (await status(world)).attachments == []
