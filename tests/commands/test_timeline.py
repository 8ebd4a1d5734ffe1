"""/mission timeline, as a member types it: a picture with a description, and the same in words."""

import io
from dataclasses import dataclass

import discord
import pytest
from PIL import Image

from tests.commands.world import Answer, World


@dataclass(frozen=True)
class Sent:
    """What a member got: the words, and the files beside them."""

    answer: Answer

    @property
    def files(self) -> dict[str, discord.Attachment]:
        return {file.filename: file for file in self.answer.message.attachments}

    @property
    def picture(self) -> discord.Attachment:
        return self.files["timeline.png"]


async def asked(world: World, mission: str) -> Sent:
    return Sent(await world.slash(world.guest, "mission timeline", mission=mission))


async def test_anyone_gets_the_picture_with_its_description_and_the_same_in_words(world: World) -> None:
    sent = await asked(world, "Soyuz MS-28")
    assert not sent.answer.private
    assert "Timeline of Soyuz MS-28" in sent.answer.text
    assert "docked · MET 8 h 32 m" in sent.answer.text
    assert "**Landing** — planned · 27 Jul 2026 · in 242 days" in sent.answer.text
    assert sent.picture.description is not None
    assert "Landing: planned · 27 Jul 2026 · in 242 days." in sent.picture.description
    assert list(sent.files) == ["timeline.png"]
    (embed,) = sent.answer.embeds
    assert embed.image.url is not None
    assert "timeline.png" in embed.image.url


async def test_the_picture_is_a_picture(world: World) -> None:
    sent = await asked(world, "Soyuz MS-28")
    with Image.open(io.BytesIO(await sent.picture.read())) as image:
        assert image.format == "PNG"
        assert image.width == 1000


async def test_after_a_slip_the_first_plan_is_still_told(world: World) -> None:
    await world.slash(
        world.director, "mission move", mission="Progress MS-33", event="launch", when="NET 2026-03-22", reason="damage"
    )
    text = (await asked(world, "Progress MS-33")).answer.text
    assert "planned · no earlier than 22 Mar 2026" in text
    assert "first planned for 19 Dec 2025 · at least 93 days later than first planned" in text
    assert "**Docking** — planned · no date yet" in text


async def test_a_mission_without_events_is_answered_in_words_alone(world: World) -> None:
    await world.slash(world.director, "mission create", name="Angara test", vehicle="Angara-A5", kind="other")
    sent = await asked(world, "Angara test")
    assert "Nothing is planned yet" in sent.answer.text
    assert sent.files == {}


async def test_a_mission_that_is_not_there_is_refused_with_the_nearest_name(world: World) -> None:
    answer = await world.refused(lambda: world.slash(world.guest, "mission timeline", mission="Soyuz MS-2888"))
    assert "Soyuz MS-28" in answer.text


async def test_names_are_offered_while_typing(world: World) -> None:
    assert "Progress MS-33" in await world.complete(world.guest, "mission timeline", "mission", "prog")


async def test_a_picture_that_cannot_be_drawn_does_not_keep_the_words_back(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "save", broken)
    sent = await asked(world, "Soyuz MS-28")
    assert sent.files == {}
    assert "The picture could not be drawn; the words are complete." in sent.answer.text
    assert "**Landing**" in sent.answer.text
    assert "a chart could not be drawn" in caplog.text
