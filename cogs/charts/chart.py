"""What a chart shows, before it is drawn: words, and positions between 0 and 1. Pure values, to be compared in tests."""

from dataclasses import dataclass
from enum import Enum


class Symbol(Enum):
    """A sign with a shape of its own; its colour only repeats what the shape says."""

    FIRST_PLAN = "first_plan"
    PLANNED = "planned"
    RUNS_ON = "runs_on"
    DONE = "done"
    FAILED = "failed"
    SCRUBBED = "scrubbed"
    CANCELLED = "cancelled"
    HELD = "held"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the width. With `runs_on` it has no end: it goes on to the right edge as an arrow."""

    start: float
    end: float
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One line of the chart. `mark_at` is where its symbol stands; None where nothing is known of its time.

    `dates` stands beside the label, `details` in small print below; a line is never broken inside one of them.
    """

    label: str
    dates: str
    details: tuple[str, ...]
    symbol: Symbol
    mark_at: float | None = None
    first_plan: Bar | None = None
    plan: Bar | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the time axis; `context` is the larger unit, said where it begins."""

    at: float
    label: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole picture. `now_at` is None when now lies outside; `note` is a line of small print."""

    title: str
    subtitle: str
    rows: tuple[ChartRow, ...]
    ticks: tuple[Tick, ...]
    axis: str
    now_at: float | None
    now_label: str
    legend: tuple[tuple[Symbol, str], ...]
    note: str = ""
