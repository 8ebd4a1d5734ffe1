"""Medical standing of people. Who and what is for those with `medical` alone; others learn at most that there is a matter."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HealthStatus(StrEnum):
    """What a flight surgeon says of a person's fitness for duty."""

    FIT = "fit"
    OBSERVATION = "observation"
    LIMITED = "limited"
    UNFIT = "unfit"

    @property
    def is_matter(self) -> bool:
        """True while it is something to be handled."""
        return self is not HealthStatus.FIT


@dataclass(frozen=True, slots=True)
class HealthRecord:
    """One entry about one person. Entries are added, never changed; the latest is what holds."""

    id: int
    person_id: int
    status: HealthStatus
    note: str | None
    recorded_at: datetime
    recorded_by: int
