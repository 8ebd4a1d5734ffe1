"""The fault campaign: `python -m tests.campaign --row 2 --count 500 --seed 1 --workers 2`; without a row, all of them.

Each worker has a loopback Discord of its own, each run a new world and a new folder. What a run finds is printed at once with what
is needed to repeat it; the table at the end sums up. Exit code 1 when anything was found.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from tests.campaign.outcome import Outcome, Row
from tests.campaign.rows import ROWS
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.processes import Running, loopback, start_gantry

_RUN_LIMIT_S = 180.0
_KINDS = ("lost", "doubled", "other")


@dataclass(frozen=True, slots=True)
class Job:
    """One run."""

    row: Row
    seed: int


@dataclass(frozen=True, slots=True)
class Done:
    """A run that has ended."""

    job: Job
    outcome: Outcome
    seconds: float
    log: str


class Campaign:
    """Everything to be run, and what became of it."""

    def __init__(self, jobs: Sequence[Job], console: Console, log_dir: Path | None) -> None:
        self._left = list(reversed(jobs))
        self._console = console
        self._log_dir = log_dir
        self.done: list[Done] = []
        self.seconds = 0.0

    async def run(self, workers: int) -> None:
        """Run all of it, so many at once."""
        began_s = time.monotonic()
        columns = (TextColumn("row {task.fields[row]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(
            *columns, TimeRemainingColumn(), TextColumn("{task.fields[found]}"), console=self._console
        ) as bar:
            tasks: dict[int, TaskID] = {}
            for number in sorted({job.row.number for job in self._left}):
                total = sum(job.row.number == number for job in self._left)
                tasks[number] = bar.add_task("", total=total, row=f"{number:>2}", found="")
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work(bar, tasks))
        self.seconds = time.monotonic() - began_s

    async def _work(self, bar: Progress, tasks: dict[int, TaskID]) -> None:
        with loopback() as (base, token):
            async with Wire(base, token) as wire:
                while self._left:
                    done = await _run(self._left.pop(), wire)
                    self.done.append(done)
                    number = done.job.row.number
                    found = sum(len(one.outcome.findings) for one in self.done if one.job.row.number == number)
                    bar.update(tasks[number], advance=1, found=f"[red]{found} found[/]" if found else "")
                    self._tell(done)

    def _tell(self, done: Done) -> None:
        """What was found, and how to see it again."""
        if not done.outcome.findings:
            return
        job = done.job
        again = f"make campaign ROW={job.row.number} AGAIN={job.seed}"
        self._console.print(f"[red]row {job.row.number}, seed {job.seed}[/] ({done.outcome.case}); again: {again}")
        for finding in done.outcome.findings:
            self._console.print(f"  {finding.kind}: {finding.text}", markup=False, highlight=False)
        if self._log_dir is not None:
            (self._log_dir / f"row-{job.row.number}-seed-{job.seed}.log").write_text(done.log)


async def _run(job: Job, wire: Wire) -> Done:
    """One run in a folder of its own. Whatever goes wrong in it is a finding."""
    began_s = time.monotonic()
    started: list[Running] = []
    with tempfile.TemporaryDirectory(prefix="gantry-campaign-", ignore_cleanup_errors=True) as folder:

        async def start(
            *arguments: str, crash_at: str = "", token: str = "", fresh: bool = False, **more: str
        ) -> Running:
            running = await start_gantry(
                Path(folder), wire.base, token or wire.token, *arguments, crash_at=crash_at, fresh=fresh, **more
            )
            started.append(running)
            return running

        try:
            async with asyncio.timeout(_RUN_LIMIT_S):
                outcome = await job.row.run(wire, start, job.seed)
        except Exception:  # noqa: BLE001 - one run that breaks must not end the campaign
            outcome = Outcome("?", 0, (Finding("other", f"the run broke off: {traceback.format_exc()}"),))
        finally:
            for running in started:
                if running.is_up:
                    await running.kill()
    log = "\n=== next process ===\n".join(running.said() for running in started)
    return Done(job, outcome, time.monotonic() - began_s, log)


def table_of(done: Sequence[Done]) -> Table:
    """The sums, row by row."""
    table = Table(
        "row",
        "fault",
        "runs",
        "seeds",
        "posts expected",
        "pads returned",
        "not struck",
        "lost",
        "doubled",
        "other",
        "s a run",
    )
    by_row: dict[int, list[Done]] = defaultdict(list)
    for one in done:
        by_row[one.job.row.number].append(one)
    for number, runs in sorted(by_row.items()):
        seeds = [one.job.seed for one in runs]
        counts = [sum(one.outcome.count(kind) for one in runs) for kind in _KINDS]
        table.add_row(
            str(number),
            runs[0].job.row.fault,
            f"{len(runs):,}",
            f"{min(seeds)}–{max(seeds)}",
            f"{sum(one.outcome.expected for one in runs):,}",
            f"{sum(one.outcome.returned for one in runs):,}",
            f"{sum(not one.outcome.struck for one in runs):,}",
            *(f"[red]{count}[/]" if count else "0" for count in counts),
            f"{sum(one.seconds for one in runs) / len(runs):.1f}",
        )
    return table


def main() -> int:
    """Read the arguments, run, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument(
        "--row", type=int, action="append", choices=sorted(ROWS), help="may be repeated; all without it"
    )
    parser.add_argument(
        "--count", type=int, default=20, help="runs of each row; of rows 1, 11 and 17, of each of its cases"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--again", type=int, help="this seed alone: one run of a row, as a finding names it")
    parser.add_argument("--workers", type=int, default=2, help="runs at once")
    parser.add_argument("--logs", type=Path, help="a folder for what the bot wrote in runs that found something")
    args = parser.parse_args()
    rows = [ROWS[number] for number in args.row or sorted(ROWS)]
    jobs = [Job(row, seed) for row in rows for seed in _seeds(row, args)]
    if args.logs is not None:
        args.logs.mkdir(parents=True, exist_ok=True)
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(f"{len(jobs):,} runs, seeds from {jobs[0].seed}, {args.workers} at once")
    campaign = Campaign(jobs, console, args.logs)
    asyncio.run(campaign.run(args.workers))
    console.print(table_of(campaign.done))
    found = sum(len(one.outcome.findings) for one in campaign.done)
    broken = sum(bool(one.outcome.findings) for one in campaign.done)
    console.print(f"{found} findings in {broken} of {len(campaign.done):,} runs; {campaign.seconds:.0f} s in all")
    return 1 if found else 0


def _seeds(row: Row, args: argparse.Namespace) -> range:
    return row.seeds(args.seed, args.count) if args.again is None else range(args.again, args.again + 1)


if __name__ == "__main__":
    sys.exit(main())
