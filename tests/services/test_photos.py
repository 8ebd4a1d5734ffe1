"""Kept photos are shown in small, to their own workspace, as long as the original is what it was."""

from pathlib import Path

import pytest

from domain.capabilities import Capability
from domain.damage import Severity
from domain.errors import NotPermitted
from services.damage import ReportDamage
from tests.photos.pictures import opened, picture
from tests.services.house import OTHER_GUILD, House, admin, guest, member, pad_chief

PHOTO = picture("PNG", (1500, 900))


async def reported(house: House) -> str:
    """A report with a photo; the photo's digest."""
    report = ReportDamage("Site 31/6", Severity.MINOR, "soot", photos=(PHOTO,))
    return (await house.desks.damage.report(pad_chief(), report)).value.report.evidence[0]


def original(house: House, sha256: str) -> Path:
    """Where the picture itself lies."""
    return house.directory / "evidence" / sha256[:2] / sha256


async def test_a_photo_is_shown_in_small_to_whoever_may_read(evening: House) -> None:
    digest = await reported(evening)
    shown = await evening.desks.photos.show(guest(), digest)
    assert shown is not None
    assert opened(shown.content).size == (1024, 614)
    assert original(evening, digest).read_bytes() == PHOTO


async def test_another_workspace_is_not_shown_it_even_when_it_knows_the_digest(evening: House) -> None:
    digest = await reported(evening)
    await evening.set_up(OTHER_GUILD)
    assert await evening.desks.photos.show(admin(OTHER_GUILD), digest) is None


@pytest.mark.parametrize("fate", ["gone", "altered"])
async def test_nothing_is_shown_once_the_original_is_gone_or_altered(evening: House, fate: str) -> None:
    digest = await reported(evening)
    if fate == "gone":
        original(evening, digest).unlink()
    else:
        original(evening, digest).write_bytes(PHOTO + b".")
    assert await evening.desks.photos.show(guest(), digest) is None


async def test_whoever_may_not_read_is_not_shown_photos(evening: House) -> None:
    digest = await reported(evening)
    await evening.desks.operations.grant(admin(), Capability.READ, 777)
    with pytest.raises(NotPermitted):
        await evening.desks.photos.show(member(number=8), digest)


@pytest.mark.parametrize("name", ["", "../../journal.key", "f" * 64])
async def test_a_name_that_is_no_photos_shows_nothing(evening: House, name: str) -> None:
    assert await evening.desks.photos.show(guest(), name) is None
