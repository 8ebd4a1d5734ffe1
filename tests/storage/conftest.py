"""A real, migrated database file for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.storage.opening import opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "gantry.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with opened(path) as database:
        yield database
