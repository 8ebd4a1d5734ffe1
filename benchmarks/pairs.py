"""A pair of things that are measured in turn in one run, and the table of how they compare.

A time says more about the machine than about the code; a ratio of two that were measured in the same moment can be compared.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio may be at most, or must be at least."""

    at_most: float | None = None
    at_least: float | None = None

    def is_met(self, ratio: float) -> bool:
        """Whether this ratio will do."""
        return ratio <= (self.at_most or ratio) and ratio >= (self.at_least or ratio)

    def __str__(self) -> str:
        return f"≤ {self.at_most:.1f}×" if self.at_most is not None else f"≥ {self.at_least:.1f}×"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: ours and what it is held against, in the same unit."""

    ours: float
    against: float

    @property
    def ratio(self) -> float:
        """Ours in units of the other."""
        return self.ours / self.against


@dataclass(frozen=True, slots=True)
class Compared:
    """A piece of work with every round of it. `figures` says its absolute figures in words, with their unit."""

    work: str
    against: str
    goal: Goal
    rounds: Sequence[Round]
    figures: str

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(one.ratio for one in self.rounds)


def table_of(title: str, compared: Sequence[Compared]) -> Table:
    """All of it, to be printed."""
    table = Table(title=title)
    for name in ("work", "against"):
        table.add_column(name)
    for name in ("goal", "ratio", "spread"):
        table.add_column(name, justify="right")
    table.add_column("ours / against, medians")
    table.add_column("")
    for one in compared:
        ratios = [each.ratio for each in one.rounds]
        table.add_row(
            one.work,
            one.against,
            str(one.goal),
            f"{one.ratio:.2f}×",
            f"{min(ratios):.2f}–{max(ratios):.2f}",
            one.figures,
            "met" if one.goal.is_met(one.ratio) else "missed",
        )
    return table
