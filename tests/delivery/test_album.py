"""Pictures for posts: the small copies of the workspace's own photos, and a post without them rather than none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.album import Album
from cogs.outgoing import picture_name
from cogs.pictures.thumbnail import thumbnail
from domain.damage import Severity
from services.damage import ReportDamage
from storage.evidence import EvidenceStore
from tests.photos.pictures import opened, picture
from tests.services.house import GUILD, OTHER_GUILD, House, opened_house, pad_chief

PHOTOS = tuple(picture("PNG", (1200 + n, 900)) for n in range(2))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened_house(tmp_path) as house:
        await house.set_up()
        await house.set_up(OTHER_GUILD)
        await house.pad()
        yield house


@pytest.fixture
def album(house: House) -> Album:
    return Album(house.database, EvidenceStore(house.directory / "evidence", 8_000_000, thumbnail), picture_name)


async def reported(house: House) -> tuple[str, ...]:
    """A report with two photos; their digests."""
    report = ReportDamage("Site 31/6", Severity.MINOR, "soot", photos=PHOTOS)
    return (await house.desks.damage.report(pad_chief(), report)).value.report.evidence


async def test_a_post_gets_small_copies_named_for_what_they_are(house: House, album: Album) -> None:
    digests = await reported(house)
    found = await album.pictures(GUILD, digests)
    assert [one.name for one in found] == [f"{digest[:12]}.jpg" for digest in digests]
    assert [max(opened(one.content).size) for one in found] == [1024, 1024]


async def test_another_workspace_gets_none_of_them(house: House, album: Album) -> None:
    assert await album.pictures(OTHER_GUILD, await reported(house)) == ()


async def test_without_its_first_picture_a_post_has_none_and_without_another_it_has_the_rest(
    house: House, album: Album
) -> None:
    first, second = await reported(house)
    (house.directory / "evidence" / second[:2] / second).unlink()
    assert len(await album.pictures(GUILD, (first, second))) == 1
    (house.directory / "evidence" / first[:2] / first).write_bytes(b"altered")
    assert await album.pictures(GUILD, (first, second)) == ()
