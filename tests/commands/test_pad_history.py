"""/pad history, as a member types it: the picture with its description and the same in words, of now and of any moment."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.commands.world import Answer, World

PAD = "Site 31/6"


async def asked(world: World, **options: Any) -> Answer:
    return await world.slash(world.guest, "pad history", pad=PAD, **options)


async def story(world: World) -> None:
    """The evening's report is acknowledged, the operator speaks twice, the cargo flight slips because of it."""
    for severity, tier, source in (("minor", "official", "Roscosmos"), ("critical", "independent", "Anatoly Zak")):
        await world.slash(world.pad_chief, "pad assess", report="DR-1", severity=severity, tier=tier, source=source)
    forecast: dict[str, Any] = {"pad": PAD, "source": "Roscosmos", "tier": "official"}
    await world.slash(world.pad_chief, "pad forecast", **forecast, note="shortly")
    await world.move_by(timedelta(days=4))
    await world.slash(world.pad_chief, "pad forecast", **forecast, latest="2026-02-28")
    move: dict[str, Any] = {"mission": "Progress MS-33", "event": "launch", "when": "2026-03-22", "reason": "damage"}
    await world.slash(world.director, "mission move", **move, cause="dr1")


async def test_anyone_gets_the_outage_as_a_picture_and_in_words(world: World) -> None:
    await story(world)
    answer = await asked(world)
    assert not answer.private
    assert f"📜 History of {PAD}" in answer.text
    assert "**🔴 out of service · away since 27 Nov 2025 · 4 days**" in answer.text
    assert "Roscosmos (official): by 28 Feb 2026" in answer.text
    assert "Roscosmos (official): “shortly” · stated 27 Nov 2025 18:00 UTC · superseded" in answer.text
    assert "**In all: 93 days**" in answer.text
    assert "Progress MS-33 launch: 93 days" in answer.text
    assert "⚠️ The two contradict each other." in answer.text
    picture = next(file for file in answer.message.attachments if file.filename == "history.png")
    assert picture.description is not None
    assert picture.description.startswith(f"{PAD}: Away since 27 Nov 2025 · 4 days")
    assert "Return: Roscosmos (official): by 28 Feb 2026" in picture.description
    (embed,) = answer.embeds
    assert "history.png" in (embed.image.url or "")
    with Image.open(io.BytesIO(await picture.read())) as image:
        assert (image.format, image.width) == ("PNG", 1000)


@pytest.mark.parametrize(
    ("as_of", "said", "unsaid"),
    [
        ("2025-11-26", "never out of service or restricted", "DR-1"),
        ("2025-11-27", "“shortly”", "28 Feb 2026"),
        ("2025-11-30", "**🔴 out of service · away since 27 Nov 2025 · 3 days**", "28 Feb 2026"),
        ("2025-12-01", "by 28 Feb 2026", "nothing"),
    ],
)
async def test_as_of_a_moment_only_what_had_been_recorded_is_told(
    world: World, as_of: str, said: str, unsaid: str
) -> None:
    await story(world)
    answer = await asked(world, as_of=as_of)
    assert said in answer.text
    assert unsaid not in answer.text
    assert "As it had been recorded by" in answer.text


async def test_a_pad_that_was_never_away_says_so_without_a_picture(world: World) -> None:
    answer = await world.slash(world.guest, "pad history", pad="Site 43/4")
    assert "🟢 operational · it was never out of service or restricted by a report" in answer.text
    assert answer.message.attachments == []


async def test_what_a_message_has_no_room_for_is_attached_in_full(world: World) -> None:
    for number in range(40):
        note = f"{number} " + "a long look " * 12
        await world.slash(world.pad_chief, "pad inspect", pad=PAD, result="failed", note=note)
    answer = await asked(world)
    (text,) = (file for file in answer.message.attachments if file.filename == "history.txt")
    written = (await text.read()).decode()
    assert all(f"IN-{number + 1}: inspection failed · {number} a long look" in written for number in range(40))
    assert "IN-40" in answer.text
    assert "IN-1:" not in answer.text
    assert "earlier entries are in the attached text" in answer.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"pad": "Site 31/66"}, "Site 31/6"),
        ({"pad": PAD, "as_of": "2031-01-01"}, "2031-01-01"),
        ({"pad": PAD, "as_of": "whenever"}, "whenever"),
    ],
)
async def test_what_is_not_there_or_not_a_moment_is_refused(world: World, options: dict[str, Any], said: str) -> None:
    answer = await world.refused(lambda: world.slash(world.guest, "pad history", **options))
    assert said in answer.text


async def test_a_picture_that_cannot_be_drawn_does_not_keep_the_words_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "save", broken)
    answer = await asked(world)
    assert [one.filename for one in answer.message.attachments] == ["history.txt"]
    assert "The picture could not be drawn; the words are complete." in answer.text
    assert "DR-1 reported" in (await answer.message.attachments[0].read()).decode()
