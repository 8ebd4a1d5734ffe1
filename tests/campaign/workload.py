"""What members do: a seeded sequence of commands as a shift gives them, and the clock going on from one due instant to the next.

Missions are here; the pad is in `pad_work`, boards, digests and reminders in `watch`. It keeps no account of what was done: a
command may fail, and those after it may then be refused. That is realistic too.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.campaign.pad_work import PAD, REASONS, PadWork
from tests.campaign.stage import Stage
from tests.campaign.steps import Along, Command, Move, Step, take
from tests.campaign.watch import Watch

_NAMES = ("Soyuz MS", "Progress MS", "Cygnus NG", "Dragon CRS", "HTV-X")
_EVENTS = ("docking", "eva", "undocking", "landing")
_WAY_BACK = 0.5


@dataclass
class Shift:
    """A shift at work. All it does comes from `dice`."""

    dice: random.Random
    _missions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pad = PadWork(self.dice)
        # Dice of its own: what is done at the pad in a seed does not depend on what the watch does beside it.
        self._watch = Watch(random.Random(repr(self.dice.getstate())))

    def steps(self, count: int) -> Iterator[Step]:
        """So many commands, with the clock moving between some of them; one of them may be a pad's whole way back.

        Beside some of them the watch does something of its own.
        """
        back_at = self.dice.randrange(1, count) if count > 1 and self.dice.random() < _WAY_BACK else None
        for number in range(count):
            if number == back_at:
                yield from self._pad.way_back()
            else:
                yield Along(tuple(self._watch.also()), self._create() if number == 0 else self._command())
            if self.dice.random() < 0.4:
                yield self.move()

    def move(self) -> Move:
        """On to the next due instant."""
        return self._pad.move()

    def _command(self) -> Step:
        kinds: dict[Callable[[], Step], int] = {
            self._create: 3,
            self._plan: 3,
            self._shift_date: 3,
            self._hold: 1,
            self._resume: 1,
            self._done: 2,
        } | self._pad.kinds()
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
        return Command("mission move", options | {"reason": self.dice.choice(REASONS)})

    def _hold(self) -> Command:
        return Command("mission hold", {"mission": self._mission(), "reason": self.dice.choice(REASONS)})

    def _resume(self) -> Command:
        return Command("mission resume", {"mission": self._mission(), "when": self._when(60, 24 * 60)})

    def _done(self) -> Command:
        return Command("mission done", {"mission": self._mission(), "event": "launch"})

    def _mission(self) -> str:
        return self.dice.choice(self._missions)

    def _when(self, least_min: int, most_min: int) -> str:
        return f"+{self.dice.randint(least_min, most_min)}min"


async def work(stage: Stage, shift: Shift, count: int) -> None:
    """Take so many steps with whatever process is there; starts none."""
    for step in shift.steps(count):
        await take(stage, step)
