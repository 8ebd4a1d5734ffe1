"""Scripted faults of the HTTP side: which requests they strike, how often, and what happens instead of an answer.

`before` strikes before the effect, `after` when it stands already; `late` answers with an error at once and lets the
effect come when the world's clock has gone on. Which request is struck is decided here; how, in `edge`.
"""

import random
import re
from dataclasses import dataclass, field, fields
from typing import Any

from tests.wire.bodies import Call

KINDS = frozenset(
    {
        "status",  # an error answer, with `status`
        "drop",  # the connection is closed without an answer
        "reset",  # the connection is reset (RST)
        "hang",  # no answer until it is released
        "garbage",  # 200, and a body that is no JSON
        "limit",  # 429, with `scope` and `retry_after_s`
    }
)
MOMENTS = frozenset({"before", "after", "late"})
SCOPES = frozenset({"user", "shared", "global", "cloudflare"})


@dataclass
class Fault:
    """One rule. It passes `skip` matching requests over, strikes `times` of them (None: all), each with `chance`."""

    kind: str
    method: str = ""
    path: str = ""
    moment: str = "before"
    status: int = 500
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
    scope: str = "user"
    retry_after_s: float = 0.05
    late_by_s: float = 3.0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.moment not in MOMENTS or self.scope not in SCOPES:
            raise ValueError(f"no such fault: {self.kind} {self.moment} {self.scope}")
        self._path = re.compile(self.path)

    def matches(self, call: Call) -> bool:
        """Whether it is about such a request. `path` is searched in the template and in the path itself."""
        about = not self.method or self.method == call.method
        return about and bool(self._path.search(call.template) or self._path.search(call.path))


@dataclass
class Faults:
    """Every rule, in the order they were set; the first that strikes wins. `seed` makes chances repeatable."""

    rules: list[Fault] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def seed(self, seed: int) -> None:
        """Begin the chances anew."""
        self.dice = random.Random(seed)

    def add(self, given: dict[str, Any]) -> Fault:
        """A rule from its JSON. Raises ValueError for a word nobody knows."""
        known = {one.name for one in fields(Fault)}
        if unknown := set(given) - known:
            raise ValueError(f"no such part of a fault: {sorted(unknown)}")
        fault = Fault(**given)
        self.rules.append(fault)
        return fault

    def take(self, call: Call) -> Fault | None:
        """The fault that strikes this request, if any."""
        for fault in self.rules:
            if not fault.matches(call) or (fault.times is not None and fault.times <= 0):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.chance < 1.0 and self.dice.random() >= fault.chance:
                continue
            if fault.times is not None:
                fault.times -= 1
            fault.struck += 1
            return fault
        return None
