"""What a run gives, and what a row is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run found. `expected` is how many posts there had to be, `case` which variant the seed chose.

    `returned` is how often a pad came back into service: runs in which none does say little about the way back. `struck` is
    False where the fault never came: such a run says little about anything.
    """

    case: str
    expected: int
    findings: tuple[Finding, ...]
    returned: int = 0
    struck: bool = True

    def count(self, kind: str) -> int:
        """How many findings are of a kind: lost, doubled or other."""
        return sum(finding.kind == kind for finding in self.findings)


Run = Callable[[Wire, Start, int], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the campaign. A seed chooses its case; with `each` the count is for each case, not for all of them."""

    number: int
    fault: str
    run: Run
    cases: tuple[str, ...]
    each: bool = False

    def seeds(self, first: int, count: int) -> range:
        """The seeds of so many runs, or of so many runs of each case."""
        return range(first, first + count * (len(self.cases) if self.each else 1))
