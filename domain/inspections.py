"""Inspections of a pad: somebody went and looked, and says whether it may launch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InspectionResult(StrEnum):
    """What an inspection found."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Inspection IN-`number`. `evidence` holds SHA-256 digests (hex) of kept photos.

    `seq` is its journal entry: what was journalled later came after it, whatever the clock said.
    """

    number: int
    pad_id: int
    result: InspectionResult
    note: str | None
    inspected_by: int
    inspected_at: datetime
    evidence: tuple[str, ...] = ()
    seq: int = 0

    @property
    def label(self) -> str:
        """The inspection's short name in the workspace."""
        return f"IN-{self.number}"
