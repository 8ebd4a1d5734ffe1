"""A house for each test: every desk over a real database, and a clock that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.house import House, opened_house


@pytest.fixture
async def empty_house(tmp_path: Path) -> AsyncIterator[House]:
    """A house in which nothing was set up yet."""
    async with opened_house(tmp_path) as house:
        yield house


@pytest.fixture
async def house(empty_house: House) -> House:
    """A house that is set up: ops channel, grants for the flight director, the pad chief and the approver."""
    await empty_house.set_up()
    return empty_house
