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
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    ACKNOWLEDGED = "acknowledged"
    WORDS = "words"
    PROGRESS = "progress"
    BLOCKED = "blocked"
    VERIFIED = "verified"
    INSPECTED = "inspected"
    ASKED = "asked"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the width, drawn as its symbol is. With `runs_on` it has no end: it goes on to the right edge as an arrow."""

    start: float
    end: float
    symbol: Symbol
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at one place."""

    at: float
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Lane:
    """One level of a row: bars, and marks upon them."""

    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def is_thin(self) -> bool:
        """True for a level that only holds what was planned before."""
        return not self.marks and all(bar.symbol is Symbol.FIRST_PLAN for bar in self.bars)


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One line of the chart: its sign and words, and its lanes from top to bottom; none where nothing is known of its time.

    `dates` stands beside the label, `details` in small print below; only one too long for a line is broken. With `moved`, an
    arrow leads from the last of the thin lanes to the one below it.
    """

    label: str
    dates: str
    details: tuple[str, ...]
    symbol: Symbol
    lanes: tuple[Lane, ...] = ()
    moved: bool = False

    @property
    def symbols(self) -> frozenset[Symbol]:
        """Every sign that the row shows."""
        shown = {self.symbol}
        for lane in self.lanes:
            shown |= {bar.symbol for bar in lane.bars} | {mark.symbol for mark in lane.marks}
            shown |= {Symbol.RUNS_ON for bar in lane.bars if bar.runs_on}
        return frozenset(shown)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the time axis; `context` is the larger unit, said where it begins."""

    at: float
    label: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole picture. `now_at` is None when now lies outside, `ended_at` when nothing ended; `note` is a line of small print."""

    title: str
    subtitle: str
    rows: tuple[ChartRow, ...]
    ticks: tuple[Tick, ...]
    axis: str
    now_at: float | None
    now_label: str
    legend: tuple[tuple[Symbol, str], ...]
    note: str = ""
    ended_at: float | None = None
