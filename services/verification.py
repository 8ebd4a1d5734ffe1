"""`/ops verify`: is the journal what was written? The whole chain, against the key and against the heads that were posted.

It reads in pages, so that neither the event loop nor a reader is held for long, and changes nothing. What a holder of the key
rewrote is found by the posted heads alone; docs/security.md says what that proves and what not.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from domain.capabilities import Capability
from domain.errors import Conflict
from domain.journal import Fault, Finding, Linked, Point, PostedHead, digest_personal, heads_against, walk
from services.actors import Actor
from services.changes import Changes, View
from storage import heads, journal

PAGE = 250
"""Entries between two looks at whatever else is waiting: about 5 ms of work."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: nothing, or the first fault of each kind. `erased` counts entries whose personal text is gone."""

    workspace_id: int
    entries: int
    findings: tuple[Finding, ...]
    erased: int
    heads: tuple[PostedHead, ...]
    checked_at: datetime

    @property
    def intact(self) -> bool:
        """True when every entry stands as it was written."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where the chain ends: the head the workspace names, the last entry there is, and what was posted, as of one moment."""

    head: Point
    last_seq: int
    heads: tuple[PostedHead, ...]
    asked_at: datetime


@dataclass(slots=True)
class _Progress:
    point: Point
    fault: Finding | None = None
    personal: Finding | None = None
    erased: int = 0


class VerificationDesk:
    """Verifies journals, one at a time: it is work, and everyone who may read may ask for it."""

    def __init__(self, changes: Changes, journal_key: bytes) -> None:
        self._changes = changes
        self._key = journal_key
        self._busy = asyncio.Lock()

    async def verify(self, actor: Actor) -> Verdict:
        """Verify the workspace's journal from its first entry to its head. Raises Conflict `verification_running`."""
        ends = await self._changes.read(actor, _ends, Capability.READ)
        if self._busy.locked():
            raise Conflict("verification_running")
        async with self._busy:
            progress = await self._walk(actor.workspace_id, min(ends.head.seq, ends.last_seq))
        found = (
            progress.fault,
            _end_fault(ends, progress),
            heads_against(ends.heads, ends.last_seq),
            progress.personal,
        )
        return Verdict(
            workspace_id=actor.workspace_id,
            entries=ends.last_seq,
            findings=_first_of_each(found),
            erased=progress.erased,
            heads=ends.heads,
            checked_at=ends.asked_at,
        )

    async def _walk(self, workspace_id: int, up_to_seq: int) -> _Progress:
        progress = _Progress(Point())
        while progress.fault is None and progress.point.seq < up_to_seq:
            page = await self._page(workspace_id, progress.point.seq, up_to_seq)
            progress.point, progress.fault = walk(self._key, progress.point, page)
            if not page:
                progress.fault = Finding(Fault.MISSING, progress.point.seq + 1)
            else:
                await self._compare_personal(progress, workspace_id, page)
        return progress

    async def _page(self, workspace_id: int, after_seq: int, up_to_seq: int) -> list[Linked]:
        limit = min(PAGE, up_to_seq - after_seq)
        return await self._changes.database.read(
            lambda reader: journal.chain(reader, workspace_id, after_seq=after_seq, limit=limit)
        )

    async def _compare_personal(self, progress: _Progress, workspace_id: int, page: list[Linked]) -> None:
        """What is left of the page's personal text must be what was sealed; what was erased is counted."""
        first, last = page[0].entry.seq, page[-1].entry.seq
        texts = await self._changes.database.read(
            lambda reader: journal.personal_between(reader, workspace_id, first - 1, last)
        )
        for linked in page:
            text = texts.get(linked.entry.seq)
            if text is None:
                progress.erased += 1
            elif progress.personal is None and digest_personal(*text) != linked.entry.personal_digest:
                progress.personal = Finding(Fault.PERSONAL, linked.entry.seq, entry=linked.entry)


async def _ends(view: View) -> _Ends:
    """The posted heads are read first: an entry that is written meanwhile is behind all of them."""
    posted = await heads.load_all(view.reader, view.workspace.id)
    found = await journal.ends(view.reader, view.workspace.id)
    head, last_seq = found or (Point(), 0)
    return _Ends(head, last_seq, posted, view.now)


def _end_fault(ends: _Ends, progress: _Progress) -> Finding | None:
    """Whether the chain ends where the workspace says it does."""
    if ends.last_seq < ends.head.seq:
        return Finding(Fault.TRUNCATED, ends.last_seq, ends.head.seq)
    if ends.last_seq > ends.head.seq:
        return Finding(Fault.SURPLUS, ends.head.seq + 1)
    if progress.fault is None and progress.point != ends.head:
        return Finding(Fault.REWRITTEN, ends.head.seq)
    return None


def _first_of_each(found: tuple[Finding | None, ...]) -> tuple[Finding, ...]:
    """One finding of each kind; of two truncations the one that a posted head shows."""
    by_fault = {finding.fault: finding for finding in found if finding is not None}
    return tuple(by_fault.values())
