"""Processes of a test: the loopback, and Gantry against it. Started, listened to, killed; no test waits for them blindly.

Importing Gantry takes most of a second, so its processes are forked from one that has imported it already: each is a
process of its own all the same. With `fresh`, it is a new interpreter, as `gantry run` is.
"""

import asyncio
import contextlib
import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.settings import variable_names
from tests.wire.client import PATIENCE_S
from tests.wire.crash_points import VARIABLE as CRASH_VARIABLE
from tests.wire.ids import Bell
from tests.wire.launch import BASE_VARIABLE

ROOT = Path(__file__).parents[2]
LAUNCHER = "tests.wire.launch"
STOP_LIMIT_S = 10.0
"""What service managers commonly give a process between SIGTERM and SIGKILL."""


@dataclass
class Running:
    """One process of ours, and what it writes, line by line. Its data are in `folder`."""

    process: ForkServerProcess
    folder: Path
    lines: list[str] = field(default_factory=list)
    _written: Bell = field(default_factory=Bell)
    _reader: "asyncio.Task[None] | None" = None

    @property
    def database(self) -> Path:
        """Its database file."""
        return self.folder / "data" / "gantry.db"

    @property
    def is_up(self) -> bool:
        """Whether it has not ended."""
        return self.process.is_alive()

    async def listen(self, output: Connection) -> None:
        """Begin to read what it writes."""
        stream = asyncio.StreamReader(limit=1 << 20)
        pipe = os.fdopen(os.dup(output.fileno()), "rb")
        output.close()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), pipe
        )
        self._reader = asyncio.create_task(self._read(stream, transport))

    async def ended(self, limit_s: float = PATIENCE_S) -> int:
        """Its exit code, once it has ended; minus the signal's number when one killed it."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.process.sentinel, ended.set)
        try:
            async with asyncio.timeout(limit_s):
                await ended.wait()
                assert self._reader is not None
                await self._reader
        finally:
            loop.remove_reader(self.process.sentinel)
        self.process.join()
        assert self.process.exitcode is not None
        return self.process.exitcode

    async def stop(self) -> int:
        """Ask it to stop (SIGTERM) and return its exit code."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGTERM)
        return await self.ended(STOP_LIMIT_S)

    async def kill(self) -> None:
        """Kill it at once (SIGKILL)."""
        self.process.kill()
        await self.ended()

    async def logged(self, words: str) -> str:
        """Wait until it has written a line with these words, and return the line."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while (found := next((line for line in self.lines if words in line), None)) is None:
            left_s = deadline - asyncio.get_running_loop().time()
            assert left_s > 0, f"within {PATIENCE_S:.0f} s it did not write {words!r}"
            assert self._reader is not None
            assert not self._reader.done(), f"it ended without writing {words!r}"
            await self._written.heard(left_s)
        return found

    def said(self) -> str:
        """What it has written so far."""
        return "".join(self.lines)

    async def _read(self, stream: asyncio.StreamReader, transport: asyncio.ReadTransport) -> None:
        async for line in stream:
            self.lines.append(line.decode("utf-8", "replace"))
            self._written.ring()
        self._written.ring()
        transport.close()


@contextlib.contextmanager
def loopback() -> Iterator[tuple[str, str]]:
    """A loopback Discord in its own process: its address and the bot's token."""
    process = subprocess.Popen([sys.executable, "-m", "tests.wire.server"], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield said["base"], said["token"]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def start_gantry(
    folder: Path,
    base: str,
    token: str,
    *arguments: str,
    crash_at: str = "",
    fresh: bool = False,
    launcher: str = LAUNCHER,
    **more: str,
) -> Running:
    """The real bot in its own process. `more` are environment variables; no setting of ours is inherited.

    Another `launcher` than ours needs `fresh`.
    """
    environment = {name: value for name, value in os.environ.items() if name not in variable_names()}
    environment |= {
        "DISCORD_TOKEN": token,
        "GANTRY_DATA_DIR": str(folder / "data"),
        "GANTRY_LOG_FORMAT": "json",
        BASE_VARIABLE: base,
        CRASH_VARIABLE: crash_at,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "200",
    } | more
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([LAUNCHER])
    here, there = context.Pipe(duplex=False)
    command = arguments or ("run",)
    process = context.Process(
        target=_become_gantry, args=(there, str(folder), environment, command, launcher if fresh else "")
    )
    process.start()
    there.close()
    running = Running(process, folder)
    await running.listen(here)
    return running


def _become_gantry(
    output: Connection, folder: str, environment: dict[str, str], arguments: tuple[str, ...], fresh: str
) -> None:
    """In the child: take the output, the folder and the environment, then be the launcher; `fresh` names one to begin anew with."""
    gc.freeze()  # what was imported before the fork need not be looked through by each child again
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    output.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if fresh:
        os.execve(sys.executable, [sys.executable, "-m", fresh, *arguments], environment)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", 1, encoding="utf-8", closefd=False) for number in (1, 2))
    sys.argv = ["gantry", *arguments]
    from tests.wire import launch

    sys.exit(launch.main())
