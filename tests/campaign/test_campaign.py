"""Each row with a few seeds, and every seed that ever found something. `make campaign` runs as many as you like."""

import pytest

from tests.campaign.cancellations import cancelled
from tests.campaign.rows import ROWS
from tests.wire.client import Wire
from tests.wire.conftest import Start

IN_BACKUP = ROWS[17].cases.index("schema 5, in the backup")
SEEDS = {
    1: (3, 10, 12),
    2: (2, 5, 45),
    3: (3, 4),
    4: (4, 9, 13),
    5: (1, 4),
    6: (1, 4),
    7: (2, 8),
    8: (4,),
    10: (5, 8),
    11: (200, 201),
    15: (7,),
    16: (1, 2),
    17: (60, 200),
}


@pytest.mark.parametrize(
    ("row", "seed"), [pytest.param(row, seed, id=f"row {row}, seed {seed}") for row in SEEDS for seed in SEEDS[row]]
)
async def test_nothing_is_lost_and_nothing_done_twice(wire: Wire, start: Start, row: int, seed: int) -> None:
    outcome = await ROWS[row].run(wire, start, seed)
    assert [finding.text for finding in outcome.findings] == []
    assert outcome.expected


async def test_a_write_that_is_cancelled_at_any_await_is_all_or_nothing_and_the_next_process_goes_on() -> None:
    """Row 9, at every eleventh await only."""
    outcome = await cancelled(0, every=11)
    assert [finding.text for finding in outcome.findings] == []
    assert outcome.expected


@pytest.mark.parametrize("seed", [1, 3, 5])
async def test_what_waits_for_a_channel_that_is_gone_costs_a_handful_of_refusals(
    wire: Wire, start: Start, seed: int
) -> None:
    outcome = await ROWS[15].run(wire, start, seed)
    assert [finding.text for finding in outcome.findings] == []


@pytest.mark.parametrize(
    ("row", "seed"),
    [
        pytest.param(10, 182, id="a lane held ten years ahead"),
        pytest.param(4, 22, id="nonsense for an answer called a done change undone"),
        pytest.param(6, 9, id="what was held up arrived together with what came after it"),
        pytest.param(4, 21, id="nonsense in answer to a refusal was never retrieved"),
        pytest.param(4, 136, id="nonsense for a member who was looked up was an incident"),
        pytest.param(7, 23, id="intents that Discord refuses were a traceback"),
        pytest.param(17, IN_BACKUP, id="half a backup had the name of a whole one"),
    ],
)
async def test_what_once_failed_holds(wire: Wire, start: Start, row: int, seed: int) -> None:
    """A seed is another run whenever the members' work changes: each failed when what it found was undone.

    Row 6's does so on a busy machine only; `tests/delivery/test_pace.py` holds it anywhere. For what row 2 found at the
    login no seed is known; `tests/wire/test_process.py` holds that.
    """
    outcome = await ROWS[row].run(wire, start, seed)
    assert [finding.text for finding in outcome.findings] == []
