"""A house for each test: every desk over a real database, and a clock that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.house import House, built_house, opened_house


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Houses built once and copied for each test that starts from the same facts."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
async def empty_house(tmp_path: Path) -> AsyncIterator[House]:
    """A house in which nothing was set up yet."""
    async with opened_house(tmp_path) as house:
        yield house


@pytest.fixture
async def house(tmp_path: Path, templates: Path) -> AsyncIterator[House]:
    """A house that is set up: ops channel, and each capability but reading granted to its role."""
    async with built_house(templates / "set_up", tmp_path, House.set_up) as house:
        yield house


@pytest.fixture
async def evening(tmp_path: Path, templates: Path) -> AsyncIterator[House]:
    """2025-11-27T18:00Z: Soyuz MS-28 is docked, Progress MS-33 is planned."""
    async with built_house(templates / "evening", tmp_path, the_evening) as house:
        yield house


async def the_evening(house: House) -> None:
    """Enter what was known that evening."""
    await house.set_up()
    await house.ms28()
    await house.ms33()
