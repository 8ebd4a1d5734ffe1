"""What members do: a seeded sequence of commands as a shift gives them, and the clock going on from one due instant to the next.

It keeps no account of what was done: a command may fail, and those after it may then be refused. That is realistic too.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.campaign.stage import Stage

PAD = "Site 31/6"
_NAMES = ("Soyuz MS", "Progress MS", "Cygnus NG", "Dragon CRS", "HTV-X")
_REASONS = ("weather at the site", "range not ready", "valve replaced", "docking port occupied", "crew rest")
_DAMAGE = ("cracked weld at the service cabin", "cable tray burnt", "hydraulics leak", "guide rail bent")
_REPAIRS = ("weld the frame", "replace the cable tray", "inspect the flame trench")
_PARTS = ("cabin frame", "cable tray", "hydraulic hose")
_EVENTS = ("docking", "eva", "undocking", "landing")


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its options."""

    name: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """The clock goes on to the next due instant and `beyond_s` seconds behind it; without one, by an hour."""

    beyond_s: float


Step = Command | Move


@dataclass
class Shift:
    """A shift at work. All it does comes from `dice`."""

    dice: random.Random
    _missions: list[str] = field(default_factory=list)
    _reports: int = 0
    _tasks: int = 0

    def steps(self, count: int) -> Iterator[Step]:
        """So many commands, with the clock moving between some of them."""
        for number in range(count):
            yield self._create() if number == 0 else self._command()
            if self.dice.random() < 0.4:
                yield self.move()

    def move(self) -> Move:
        """On to the next due instant."""
        return Move(self.dice.choice((0.0, 0.0, 1.0, 30.0, 200.0)))

    def _command(self) -> Command:
        kinds = {
            self._create: 3,
            self._plan: 3,
            self._shift_date: 3,
            self._hold: 1,
            self._resume: 1,
            self._done: 2,
            self._damage: 3,
        }
        if self._reports:
            kinds[self._plan_repair] = 3
        if self._tasks:
            kinds |= {self._progress: 2, self._complete: 1, self._material: 1, self._edit: 1}
            kinds |= dict.fromkeys((self._start, self._block, self._unblock, self._verify), 1)
        return self.dice.choices(list(kinds), list(kinds.values()))[0]()

    def _create(self) -> Command:
        name = f"{self.dice.choice(_NAMES)}-{len(self._missions) + 28}"
        self._missions.append(name)
        options = {"name": name, "vehicle": "Soyuz-2.1a", "launch": self._when(20, 2 * 24 * 60)}
        if self.dice.random() < 0.5:
            options["pad"] = PAD
        return Command("mission create", options)

    def _plan(self) -> Command:
        when = self.dice.choice((self._when(3 * 24 * 60, 6 * 24 * 60), "2025-12-20", "2026-07", "NET 2026-01-10"))
        return Command("mission plan", {"mission": self._mission(), "event": self.dice.choice(_EVENTS), "when": when})

    def _shift_date(self) -> Command:
        options = {"mission": self._mission(), "event": "launch", "when": self._when(15, 3 * 24 * 60)}
        return Command("mission move", options | {"reason": self.dice.choice(_REASONS)})

    def _hold(self) -> Command:
        return Command("mission hold", {"mission": self._mission(), "reason": self.dice.choice(_REASONS)})

    def _resume(self) -> Command:
        return Command("mission resume", {"mission": self._mission(), "when": self._when(60, 24 * 60)})

    def _done(self) -> Command:
        return Command("mission done", {"mission": self._mission(), "event": "launch"})

    def _damage(self) -> Command:
        self._reports += 1
        severity = self.dice.choice(("minor", "major", "critical"))
        return Command("pad report", {"pad": PAD, "severity": severity, "summary": self.dice.choice(_DAMAGE)})

    def _plan_repair(self) -> Command:
        self._tasks += 1
        options = {"report": f"DR-{self.dice.randint(1, self._reports)}", "title": self.dice.choice(_REPAIRS)}
        return Command("repair plan", options | {"due": f"in {self.dice.randint(1, 4)} days"})

    def _progress(self) -> Command:
        return Command("repair progress", {"repair": self._task(), "percent": self.dice.randint(5, 95)})

    def _complete(self) -> Command:
        return Command("repair complete", {"repair": self._task()})

    def _start(self) -> Command:
        return Command("repair start", {"repair": self._task()})

    def _block(self) -> Command:
        return Command("repair block", {"repair": self._task(), "reason": self.dice.choice(_REASONS)})

    def _unblock(self) -> Command:
        return Command("repair unblock", {"repair": self._task()})

    def _verify(self) -> Command:
        return Command("repair verify", {"repair": self._task()})

    def _material(self) -> Command:
        state = self.dice.choice(("needed", "on_order", "on_hand", "not_needed"))
        return Command("repair material", {"repair": self._task(), "item": self.dice.choice(_PARTS), "state": state})

    def _edit(self) -> Command:
        """Another due date, mostly; sometimes another place in the order, which may be refused as a circle."""
        if self.dice.random() < 0.7:
            return Command("repair edit", {"repair": self._task(), "due": f"in {self.dice.randint(1, 4)} days"})
        return Command("repair edit", {"repair": self._task(), "after": self.dice.choice((self._task(), "none"))})

    def _task(self) -> str:
        return f"RT-{self.dice.randint(1, self._tasks)}"

    def _mission(self) -> str:
        return self.dice.choice(self._missions)

    def _when(self, least_min: int, most_min: int) -> str:
        return f"+{self.dice.randint(least_min, most_min)}min"


async def work(stage: Stage, shift: Shift, count: int) -> None:
    """Take so many steps with whatever process is there; starts none."""
    for step in shift.steps(count):
        await take(stage, step)


async def take(stage: Stage, step: Step) -> None:
    """Take one step."""
    stage.plant()
    if isinstance(step, Command):
        await stage.ask(step.name, **step.options)
    else:
        await stage.move_to_due(step.beyond_s)
