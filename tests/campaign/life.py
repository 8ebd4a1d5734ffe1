"""One Gantry in a world of its own: started, killed, stopped, given its time. Members and what they do are in `members`.

Of the bot's inside nothing is asked but what its database says is open or due: whether it is worth waiting for something.
"""

import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from storage.rows import from_us, to_us
from tests.campaign.due import Due
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.processes import Running

QUIET_S = 0.12
"""Real seconds without any happening after which the bot waits for something: for its clock, or for us."""

LATE_S = 4.0
"""Longer than any scripted effect comes late (3 s), shorter than the courier's shortest pause (5 s)."""

_PATIENT_LOOKS = 40
"""So many quiet looks in a row at a bot that starts, before its clock is moved: it may be only busy."""

_UNREACHABLE = 69
_IN_WORDS = frozenset({_UNREACHABLE, 75, 78})
"""Exit codes that come with a sentence for the operator."""


@dataclass
class Life:
    """A world and its bot. `dice` is the only source of chance."""

    wire: Wire
    start: Start
    seed: int
    case: str
    dice: random.Random = field(init=False)
    found: list[Finding] = field(default_factory=list)
    gantry: Running | None = None
    database: Path | None = None
    environment: dict[str, str] = field(default_factory=lambda: {"WIRE_READY_AFTER_S": "0.3"})
    exits: list[int] = field(default_factory=list)
    expected_exits: set[int] = field(default_factory=lambda: {0, -signal.SIGKILL, _UNREACHABLE})
    on_start: Callable[[Running], None] = lambda _: None
    logs: list[str] = field(default_factory=list)
    _is_told: bool = False
    _has_served: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.case}:{self.seed}")

    @property
    def is_up(self) -> bool:
        """Whether a Gantry runs."""
        return self.gantry is not None and self.gantry.is_up

    @property
    def due(self) -> Due:
        """What its database says is open or due."""
        return Due(self.database)

    async def bring_up(self, *, crash_at: str = "") -> None:
        """Start a process and return when it serves, or has died at its start."""
        before = await self.wire.now_at()
        self._is_told = self._has_served = False
        self.gantry = await self.start(crash_at=crash_at, token="", fresh=False, **self.environment)
        self.database = self.gantry.database
        self.on_start(self.gantry)
        seen, quiet = before, 0
        while self.is_up and not await self.wire.log("gateway.identified", after=before):
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last
            if quiet and (quiet > _PATIENT_LOOKS or "waiting before connecting" in self.gantry.said()):
                await self.wire.move_clock(60.0)
        self._has_served = self.is_up
        await self.note_end()

    async def keep_up(self, *, crash_at: str = "", down_s: float = 0.0) -> None:
        """Start Gantry again if it has ended, after it was down for so long."""
        await self.note_end()
        if not self.is_up:
            await self.pass_time(down_s)
            await self.bring_up(crash_at=crash_at)

    async def note_end(self) -> None:
        """Take note of a process that has ended. A traceback in what it wrote is a finding, whatever ended it."""
        gantry = self.gantry
        if gantry is None or gantry.is_up:
            return
        self.gantry = None
        self.exits.append(await gantry.ended())
        self.logs.append(gantry.said())
        if not self._is_told and (not self.exits[-1] or (self.exits[-1] == _UNREACHABLE and self._has_served)):
            self.found.append(Finding("other", f"it ended with {self.exits[-1]}, and nobody had told it to"))
        if self.exits[-1] in _IN_WORDS and not any(line.startswith("gantry: ") for line in gantry.lines):
            self.found.append(Finding("other", f"it ended with {self.exits[-1]} and did not say why"))
        if "Traceback" in gantry.said() or '"exception"' in gantry.said():
            line = next(line for line in gantry.lines if "Traceback" in line or '"exception"' in line)
            self.found.append(Finding("other", f"it wrote a traceback: {line[:1500]}"))

    async def kill(self) -> None:
        """Kill it at once."""
        self._is_told = True
        if self.gantry is not None:
            await self.gantry.kill()
            await self.note_end()

    async def await_records(self, records: int) -> None:
        """Wait until so many things have happened in the world, or nothing happens any more."""
        seen = await self.wire.now_at()
        until = seen + records
        while seen < until and (last := await self.wire.stirred(seen, QUIET_S)) > seen:
            seen = last

    async def kill_after(self, records: int, more_s: float) -> None:
        """Kill it once so many things have happened in the world, or nothing happens any more, and `more_s` real seconds passed."""
        await self.await_records(records)
        await self.wire.stirred(1 << 40, more_s)
        if self.gantry is not None:
            self._is_told = True
            self.gantry.process.kill()

    async def stop_after(self, records: int, *, until_fault: bool) -> None:
        """Tell it to stop once so many things have happened, or a fault has struck, or nothing happens any more."""
        begun = seen = await self.wire.now_at()
        until = seen + records
        kinds = "fault" if until_fault else ""
        while (until_fault or seen < until) and (last := await self.wire.stirred(seen, 3 * QUIET_S, kinds)) > seen:
            seen = last
            if until_fault and await self.wire.log("fault", after=begun):
                break
        await self.stop()

    async def stop(self) -> None:
        """Have it end in order (SIGTERM)."""
        if self.gantry is None:
            return
        gantry = self.gantry
        if not gantry.is_up:
            await self.note_end()
            return
        self._is_told = True
        try:
            code = await gantry.stop()
        except TimeoutError:
            self.found.append(Finding("other", "it did not end within 10 s of SIGTERM"))
            await self.kill()
            return
        if code:
            self.found.append(Finding("other", f"it ended with {code} when it was told to stop"))
        await self.note_end()

    async def move_to_due(self, beyond_s: float = 0.0, *, most_s: float = 400 * 86_400.0, looks: int = 3) -> None:
        """Move the clock to the next due instant (by an hour when there is none) and so many seconds behind it."""
        now = await self.wire.clock()
        due_us = self.due.next_at(to_us(now))
        ahead_s = 3600.0 if due_us is None else (from_us(due_us) - now).total_seconds()
        await self.pass_time(min(ahead_s + beyond_s, most_s))
        await self.rest(looks=looks)

    async def pass_time(self, seconds: float) -> None:
        """Let the world's clock go on. What comes late comes in its time, not after hours that were skipped."""
        if seconds > LATE_S:
            await self.wire.move_clock(LATE_S)
            seconds -= LATE_S
        await self.wire.move_clock(seconds)

    async def rest(self, *, looks: int) -> bool:
        """Wait until nothing is open or due, or all that is waits for the clock; give up after so many quiet looks.

        Returns whether all is done.
        """
        seen, quiet = await self.wire.now_at(), 0
        while not (done := await self._all_done()) and quiet < looks and self.is_up:
            if quiet and await self._waits_for_clock():
                return False
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last
        return done

    async def _all_done(self) -> bool:
        """Whether no delivery is open and nothing is due. Not known of a database that is being made: then it is not."""
        return self.due.all_done(to_us(await self.wire.clock()))

    async def _waits_for_clock(self) -> bool:
        """Whether whatever is open waits in a lane that is held: nothing happens then before the clock is moved."""
        return self.due.waits_for_clock(to_us(await self.wire.clock()))
