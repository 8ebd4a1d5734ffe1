"""Row 3: the disk is full or fails, once or for a while, while it runs or when it is to start.

Full is SQLite's own "no page left", for the database; failing is a write that the system refuses (RLIMIT_FSIZE), for every file.
Nothing is changed by half, members and the operator are told why, and when there is room again everything goes on by itself.
"""

import asyncio
import resource

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.told import incidents, silence
from tests.campaign.workload import Shift, work
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.processes import Running

CASES = (
    "full, once",
    "full, for a while",
    "fails, once",
    "fails, for a while",
    "full, and started meanwhile",
    "fails, and started meanwhile",
)
_ROOM = "room"
_WHY = ("disk_full", "database_failing", "data_not_writable", "disk is full", "cannot be written", "cannot be used")
"""What somebody is told of it: a member in an answer, the operator in the log. One of these at least."""

_STEPS = 3


class _Disk:
    """The disk as the bot finds it: with room, full (so many pages more), or failing (no file beyond so many bytes)."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._bytes = resource.RLIM_INFINITY
        stage.environment["WIRE_ROOM"] = _ROOM
        stage.on_start = self._limit

    def fill(self, pages: int) -> None:
        """Leave room for so many pages of the database."""
        assert self._stage.database is not None
        (self._stage.database.parent.parent / _ROOM).write_text(str(pages), "ascii")

    def fail_beyond(self, size: int) -> None:
        """Let no file be written beyond so many bytes."""
        self._bytes = size
        self._apply()

    def mend(self) -> None:
        """There is room again."""
        assert self._stage.database is not None
        (self._stage.database.parent.parent / _ROOM).unlink(missing_ok=True)
        self.fail_beyond(resource.RLIM_INFINITY)

    def _apply(self) -> None:
        if self._stage.gantry is not None and self._stage.is_up:
            self._limit(self._stage.gantry)

    def _limit(self, gantry: Running) -> None:
        assert gantry.process.pid is not None
        resource.prlimit(gantry.process.pid, resource.RLIMIT_FSIZE, (self._bytes, resource.RLIM_INFINITY))


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work, run out of room at any moment, work on without, get room again."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    disk = _Disk(stage)
    await stage.build()
    await stage.open()
    shift = Shift(dice)
    await work(stage, shift, 2)
    striking = asyncio.create_task(_strike(stage, disk, case, dice.randrange(25)))
    await work(stage, shift, 1)
    await striking
    if case.endswith("once"):
        await _await_refusal(stage)
        disk.mend()
    elif case.endswith("started meanwhile"):
        await stage.kill()
        await stage.pass_time(700.0)
        await stage.bring_up()
    stage.found += await _work_without_room(stage, shift)
    disk.mend()
    await stage.keep_up(down_s=700.0)
    await work(stage, shift, 2)
    stage.found += await incidents(stage)
    return await stage.outcome()


async def _strike(stage: Stage, disk: _Disk, case: str, records: int) -> None:
    await stage.await_records(records)
    if case.startswith("full"):
        disk.fill(stage.dice.choice((0, 0, 0, 1)))
        return
    assert stage.database is not None
    log = stage.database.with_name(stage.database.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    disk.fail_beyond(stage.dice.choice((0, size, size + stage.dice.randrange(40_000))))


async def _work_without_room(stage: Stage, shift: Shift) -> list[Finding]:
    """Whoever asks is answered, and the process stays."""
    was_up, asked = stage.is_up, len(stage.asked)
    for step in shift.steps(_STEPS):
        await take(stage, step)
    if was_up and not stage.is_up:
        return [Finding("other", "it ended because it could not write")]
    return await silence(stage, stage.asked[asked:]) if was_up else []


async def _await_refusal(stage: Stage) -> None:
    """Until something could not be written, or there is nothing to write."""
    for _ in range(3):
        if stage.gantry is None or any(why in stage.gantry.said() for why in _WHY):
            return
        await stage.pass_time(6.0)
        await stage.await_records(1)


ROW = Row(3, "disk full or failing, once or for a while", run, CASES)
