"""What a shift does at a pad: damage and its repair, and the way back into service.

In half of the shifts a pad goes the whole way back: its repairs and its damage are ended, it is inspected, its return is asked for,
perhaps turned down or outdated and asked for again, and a second person confirms.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.campaign.steps import Command, Dismiss, Move, Press, Step

PAD = "Site 31/6"
REASONS = ("weather at the site", "range not ready", "valve replaced", "docking port occupied", "crew rest")
_DAMAGE = ("cracked weld at the service cabin", "cable tray burnt", "hydraulics leak", "guide rail bent")
_REPAIRS = ("weld the frame", "replace the cable tray", "inspect the flame trench")
_PARTS = ("cabin frame", "cable tray", "hydraulic hose")
_SOURCES = (("Roscosmos", "official"), ("Pad crew", "inspection"), ("A. Zak", "independent"), ("an agency", "media"))
_SEVERITIES = ("minor", "major", "critical")
_STATES = ("reported", "confirmed", "in_repair", "repaired", "closed", "rejected")
_RETURNS = (("confirmreturn", False), ("declinereturn", False), ("withdrawreturn", True), ("confirmreturn", True))
"""A button of a return, and whether whoever asked for it presses it."""
_DETOUR = 0.4


@dataclass
class PadWork:
    """Commands about the pad. All they say comes from `dice`."""

    dice: random.Random
    _reports: int = 0
    _tasks: int = 0
    _limiting: int = 0
    _assessments: int = 0
    _restrictions: int = 0

    def move(self) -> Move:
        """On to the next due instant."""
        return Move(self.dice.choice((0.0, 0.0, 1.0, 30.0, 200.0)))

    def kinds(self) -> dict[Callable[[], Step], int]:
        """What can be done now, and how often it is."""
        kinds: dict[Callable[[], Step], int] = {self._damage: 3, self._edit_pad: 1, self._restrict: 1}
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
        return kinds

    def way_back(self) -> Iterator[Step]:
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
            yield Command("repair cancel", {"repair": task, "reason": self.dice.choice(REASONS)})

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
            options["reason"] = self.dice.choice(REASONS)
        return Command("pad update", options)

    def _assess(self) -> Command:
        self._assessments += 1
        source, tier = self.dice.choice(_SOURCES)
        options = {"report": self._report(), "severity": self.dice.choice(_SEVERITIES), "tier": tier, "source": source}
        return Command("pad assess", options | {"note": self.dice.choice(_DAMAGE)})

    def _adopt(self) -> Command:
        assessment = f"AS-{self.dice.randint(1, self._assessments)}"
        return Command("pad adopt", {"assessment": assessment, "reason": self.dice.choice(REASONS)})

    def _forecast(self) -> Command:
        source, tier = self.dice.choice(_SOURCES)
        said = self.dice.choice(({"note": "shortly"}, {"earliest": "2026-03"}, {"latest": "2027"}))
        return Command("pad forecast", {"pad": PAD, "source": source, "tier": tier} | said)

    def _edit_pad(self) -> Command:
        return Command("pad edit", {"pad": PAD, "operator": f"Crew {self.dice.randrange(10_000)}"})

    def _restrict(self) -> Command:
        self._restrictions += 1
        return Command("pad restrict", {"pad": PAD, "reason": self.dice.choice(REASONS)})

    def _lift(self) -> Command:
        return Command("pad lift", {"pad": PAD, "reason": self.dice.choice(REASONS)})

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
        return Command("repair block", {"repair": self._task(), "reason": self.dice.choice(REASONS)})

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
