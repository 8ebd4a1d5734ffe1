"""A world for each test: the evening as it was entered once, copied."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.scenario import Place
from tests.commands.world import World, copied_evening, open_world, prepare_evening


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory every world is a copy of."""
    data = tmp_path_factory.mktemp("evening") / "data"
    asyncio.run(prepare_evening(data))
    return data


@pytest.fixture
async def world(evening: Path, tmp_path: Path) -> AsyncIterator[World]:
    """The evening, with the application running."""
    async with open_world(await copied_evening(evening, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[World]:
    """The same people on servers where nobody has typed `/ops setup`."""
    async with open_world(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def place(world: World) -> Place:
    """Who plays which part in the demonstration's story."""
    return Place(
        guild_id=world.guild.id,
        channel_id=world.flight.id,
        director_id=world.director.id,
        pad_chief_id=world.pad_chief.id,
        approver_id=world.approver.id,
        director_role_id=world.roles["operators"].id,
        pad_role_id=world.roles["pad crew"].id,
        approver_role_id=world.roles["approvers"].id,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(evening: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One world for all tests of a module that change nothing in it."""
    async with open_world(await copied_evening(evening, tmp_path_factory.mktemp("shared") / "data")) as opened:
        yield opened
