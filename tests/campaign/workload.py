"""What members do: a seeded sequence of commands as a shift gives them, and the clock going on from one due instant to the next.

In half of the shifts a pad goes the whole way back: its repairs and its damage are ended, it is inspected, its return is asked for,
perhaps turned down or outdated and asked for again, and a second person confirms. It keeps no account of what was done: a command
may fail, and those after it may then be refused. That is realistic too.
"""

import random
from collections.abc import Callable, Iterator
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
_SOURCES = (("Roscosmos", "official"), ("Pad crew", "inspection"), ("A. Zak", "independent"), ("an agency", "media"))
_SEVERITIES = ("minor", "major", "critical")
_STATES = ("reported", "confirmed", "in_repair", "repaired", "closed", "rejected")
_RETURNS = (("confirmreturn", False), ("declinereturn", False), ("withdrawreturn", True), ("confirmreturn", True))
"""A button of a return, and whether whoever asked for it presses it."""
_WAY_BACK = 0.5
_DETOUR = 0.4


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its options."""

    name: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """The clock goes on to the next due instant and `beyond_s` seconds behind it; without one, by an hour."""

    beyond_s: float


@dataclass(frozen=True, slots=True)
class Press:
    """A button below one of the bot's posts; `pick` (0 to 1) says which of those that stand. `awaited`: it is waited for."""

    action: str
    pick: float
    by_asker: bool = False
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Whoever asked last for a pad's return leaves the server, or loses all roles."""

    leaves: bool


Step = Command | Press | Dismiss | Move


@dataclass
class Shift:
    """A shift at work. All it does comes from `dice`."""

    dice: random.Random
    _missions: list[str] = field(default_factory=list)
    _reports: int = 0
    _tasks: int = 0
    _limiting: int = 0
    _assessments: int = 0
    _restrictions: int = 0

    def steps(self, count: int) -> Iterator[Step]:
        """So many commands, with the clock moving between some of them; one of them may be a pad's whole way back."""
        back_at = self.dice.randrange(1, count) if count > 1 and self.dice.random() < _WAY_BACK else None
        for number in range(count):
            if number == back_at:
                yield from self._way_back()
            else:
                yield self._create() if number == 0 else self._command()
            if self.dice.random() < 0.4:
                yield self.move()

    def move(self) -> Move:
        """On to the next due instant."""
        return Move(self.dice.choice((0.0, 0.0, 1.0, 30.0, 200.0)))

    def _way_back(self) -> Iterator[Step]:
        """Everything that is asked of a pad that is away, so that it comes back: with a detour now and then."""
        if not self._limiting or self.dice.random() < 0.2:
            yield self._damage(self.dice.choice(_SEVERITIES[1:]))
            yield Press("ack", self.dice.random(), awaited=True)
        for task in range(1, self._tasks + 1):
            yield from self._end_task(f"RT-{task}")
        for report in range(1, self._reports + 1):
            yield Command(
                "pad update", {"report": f"DR-{report}", "state": "closed", "reason": "repaired and looked at"}
            )
        if self.dice.random() < 0.2:
            yield Command("pad inspect", {"pad": PAD, "result": "failed", "note": self.dice.choice(_DAMAGE)})
        yield from self._to_the_gate()
        if self.dice.random() < _DETOUR:
            yield from self._detour()
        else:
            yield Press("confirmreturn", self.dice.random(), awaited=True)
        # Once more, whatever has become of it: where all went well, who asks is told that the pad is in service.
        yield from self._to_the_gate()
        if self.dice.random() < 0.2:
            yield self.move()
        yield Press("confirmreturn", self.dice.random(), awaited=True)

    def _to_the_gate(self) -> Iterator[Step]:
        if self._restrictions:
            yield self._lift()
        yield Command("pad inspect", {"pad": PAD, "result": "passed"})
        yield self._ask()

    def _end_task(self, task: str) -> Iterator[Step]:
        if self.dice.random() < 0.5:
            yield Command("repair complete", {"repair": task})
            yield Command("repair verify", {"repair": task})
        else:
            yield Command("repair cancel", {"repair": task, "reason": self.dice.choice(_REASONS)})

    def _detour(self) -> Iterator[Step]:
        """A return that was asked for is turned down, taken back, outdated, or rests on somebody who is gone."""
        match self.dice.randrange(6):
            case 0:
                yield Dismiss(leaves=self.dice.random() < 0.5)
                yield Press("confirmreturn", self.dice.random(), awaited=True)
            case 1:
                yield self._edit_pad()
                yield Press("confirmreturn", self.dice.random(), awaited=True)
            case 2:
                return  # asked for twice: the older request is void
            case kind:
                action, by_asker = _RETURNS[kind - 2]
                yield Press(action, self.dice.random(), by_asker, awaited=True)

    def _command(self) -> Step:
        kinds: dict[Callable[[], Step], int] = {
            self._create: 3,
            self._plan: 3,
            self._shift_date: 3,
            self._hold: 1,
            self._resume: 1,
            self._done: 2,
            self._damage: 3,
            self._edit_pad: 1,
            self._restrict: 1,
        }
        if self._reports:
            kinds |= {
                self._plan_repair: 3,
                self._update: 2,
                self._assess: 2,
                self._press_acknowledge: 2,
                self._forecast: 2,
            }
            kinds |= dict.fromkeys((self._lift, self._inspect, self._ask, self._press_return), 1)
        if self._assessments:
            kinds[self._adopt] = 1
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

    def _damage(self, severity: str = "") -> Command:
        self._reports += 1
        severity = severity or self.dice.choice(_SEVERITIES)
        self._limiting += severity != "minor"
        options = {"pad": PAD, "severity": severity, "summary": self.dice.choice(_DAMAGE)}
        return Command("pad report", options)

    def _update(self) -> Command:
        options = {"report": self._report(), "state": self.dice.choice(_STATES)}
        if self.dice.random() < 0.3:
            options["severity"] = self.dice.choice(_SEVERITIES)
        if self.dice.random() < 0.8:
            options["reason"] = self.dice.choice(_REASONS)
        return Command("pad update", options)

    def _assess(self) -> Command:
        self._assessments += 1
        source, tier = self.dice.choice(_SOURCES)
        options = {"report": self._report(), "severity": self.dice.choice(_SEVERITIES), "tier": tier, "source": source}
        return Command("pad assess", options | {"note": self.dice.choice(_DAMAGE)})

    def _adopt(self) -> Command:
        assessment = f"AS-{self.dice.randint(1, self._assessments)}"
        return Command("pad adopt", {"assessment": assessment, "reason": self.dice.choice(_REASONS)})

    def _forecast(self) -> Command:
        source, tier = self.dice.choice(_SOURCES)
        said = self.dice.choice(({"note": "shortly"}, {"earliest": "2026-03"}, {"latest": "2027"}))
        return Command("pad forecast", {"pad": PAD, "source": source, "tier": tier} | said)

    def _edit_pad(self) -> Command:
        return Command("pad edit", {"pad": PAD, "operator": f"Crew {self.dice.randrange(10_000)}"})

    def _restrict(self) -> Command:
        self._restrictions += 1
        return Command("pad restrict", {"pad": PAD, "reason": self.dice.choice(_REASONS)})

    def _lift(self) -> Command:
        return Command("pad lift", {"pad": PAD, "reason": self.dice.choice(_REASONS)})

    def _inspect(self) -> Command:
        return Command("pad inspect", {"pad": PAD, "result": self.dice.choice(("passed", "failed"))})

    def _ask(self) -> Command:
        return Command("pad return-to-service", {"pad": PAD})

    def _press_acknowledge(self) -> Press:
        return Press("ack", self.dice.random())

    def _press_return(self) -> Press:
        action, by_asker = self.dice.choice(_RETURNS)
        return Press(action, self.dice.random(), by_asker)

    def _report(self) -> str:
        return f"DR-{self.dice.randint(1, self._reports)}"

    def _plan_repair(self) -> Command:
        self._tasks += 1
        options = {"report": self._report(), "title": self.dice.choice(_REPAIRS)}
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
    match step:
        case Command(name, options):
            await stage.ask(name, **options)
        case Press(action, pick, by_asker, awaited):
            if awaited:
                await stage.await_button(action)
            await stage.press(action, pick, by_asker=by_asker)
        case Dismiss(leaves):
            await stage.dismiss_asker(leaves=leaves)
        case Move(beyond_s):
            await stage.move_to_due(beyond_s)
