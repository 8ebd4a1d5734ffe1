"""One loopback for each worker, a new world for each test, and Gantry's processes, which never outlive it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.wire.client import Wire
from tests.wire.desk import EVENING, Desk, set_up, sit_down
from tests.wire.openapi import document, document_path
from tests.wire.processes import Running, loopback, start_gantry


class Start(Protocol):
    """Starts Gantry on the test's data; see `tests.wire.processes.start_gantry`."""

    async def __call__(
        self, *arguments: str, crash_at: str = "", token: str = "", fresh: bool = False, **more: str
    ) -> Running:
        """Start it."""
        ...


@pytest.fixture(scope="session")
def address() -> Iterator[tuple[str, str]]:
    with loopback() as found:
        yield found


@pytest.fixture
async def wire(address: tuple[str, str]) -> AsyncIterator[Wire]:
    async with Wire(*address) as opened:
        await opened.reset(EVENING)
        yield opened


@pytest.fixture
async def start(wire: Wire, tmp_path: Path) -> AsyncIterator[Start]:
    started: list[Running] = []

    async def start_one(
        *arguments: str, crash_at: str = "", token: str = "", fresh: bool = False, **more: str
    ) -> Running:
        running = await start_gantry(
            tmp_path, wire.base, token or wire.token, *arguments, crash_at=crash_at, fresh=fresh, **more
        )
        started.append(running)
        return running

    yield start_one
    for running in started:
        if running.is_up:
            await running.kill()
        print(running.said())  # noqa: T201 - pytest shows it with a failure
    path = document_path()
    if path is not None:
        violations = document(path).violations(await wire.requests())
        assert not violations, "\n".join(violations)


@pytest.fixture
async def running(start: Start) -> Running:
    """A bot that has just been started."""
    return await start()


@pytest.fixture
async def desk(wire: Wire, running: Running) -> Desk:
    """The desk at which that bot was set up."""
    made = await sit_down(wire)
    await wire.connected()
    await set_up(made)
    assert running.is_up
    return made
