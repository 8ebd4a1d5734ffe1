"""The order of repairs. A placeholder until the branch that has it is merged."""

from collections.abc import Iterable
from datetime import datetime

from domain.expected import Estimate
from domain.repairs import RepairTask


def estimate_of(tasks: Iterable[RepairTask], now: datetime) -> Estimate | None:  # noqa: ARG001
    """The longest path."""
    return None
