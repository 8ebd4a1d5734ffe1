"""What happened, in order: requests, effects, gateway events. Tests wait on it instead of sleeping.

Every record has a number; whoever asks for what came after a number is answered as soon as there is something.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.wire.ids import Bell, WorldClock

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One happening. `kind` is a dotted name such as "message.created"; `monotonic_s` is for measuring what lies between two."""

    seq: int
    at: datetime
    monotonic_s: float
    kind: str
    data: JSON

    def as_json(self) -> JSON:
        """As the control interface shows it."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "monotonic_s": self.monotonic_s,
            "kind": self.kind,
            "data": self.data,
        }


@dataclass
class Log:
    """All records of a world. Numbers begin at 1."""

    records: list[Record] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    def note(self, kind: str, at: datetime, **data: Any) -> Record:
        """Add a record and wake those who wait for one."""
        record = Record(len(self.records) + 1, at, WorldClock.monotonic_s(), kind, data)
        self.records.append(record)
        self.bell.ring()
        return record

    def after(self, seq: int, kinds: frozenset[str]) -> list[Record]:
        """Records with larger numbers, of these kinds; of every kind when none is named."""
        return [record for record in self.records[seq:] if not kinds or record.kind in kinds]

    async def wait(self, seq: int, kinds: frozenset[str], timeout_s: float) -> list[Record]:
        """`after`, but not before there is at least one such record or the time is up."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while not (found := self.after(seq, kinds)) and (left_s := deadline - loop.time()) > 0:
            seq = len(self.records)
            await self.bell.heard(left_s)
        return found

    def counts(self) -> dict[str, int]:
        """How many records there are of each kind."""
        found: dict[str, int] = {}
        for record in self.records:
            found[record.kind] = found.get(record.kind, 0) + 1
        return found
