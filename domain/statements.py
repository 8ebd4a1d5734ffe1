"""Statements that are posted in the team's name: one person drafts, another approves. A correction goes the same way.

The rules of who may decide what, and on which draft; who holds which capability is `domain.capabilities`' question.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Conflict, NotPermitted
from domain.places import Place

STATEMENT_MAX = 1500
"""Characters: made inert it still fits into one post, with what it said before a correction."""


class DraftState(StrEnum):
    """A draft waits, and is then approved, rejected by another, or withdrawn by who drafted it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, ST-`number`. Without `channel_id` it is for every channel that hears statements.

    `channels` are where it goes, each with the role that is mentioned there, as the draft was shown. A correction names the
    statement it `corrects`, and `replaces`: the draft whose text stood there when it was written.
    """

    number: int
    text: str
    mission_id: int | None
    channel_id: int | None
    drafted_by: int
    drafted_at: datetime
    channels: tuple[Place, ...] = ()
    corrects: int | None = None
    replaces: int | None = None
    state: DraftState = DraftState.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None


def approve(
    draft: Draft,
    member_id: int,
    now: datetime,
    *,
    standing: int | None,
    channels: tuple[Place, ...],
) -> Draft:
    """The draft, approved.

    `standing` is the draft whose text stands now in the statement that this one corrects, `channels` where it would go now: what is
    approved is what was shown. Raises Conflict `draft_decided`, `draft_outdated` or `draft_goes_elsewhere`, and NotPermitted
    `draft_is_own`.
    """
    _require_waiting(draft)
    if member_id == draft.drafted_by:
        raise NotPermitted("draft_is_own", number=draft.number)
    if draft.replaces != standing:
        raise Conflict("draft_outdated", number=draft.number, corrects=draft.corrects)
    if draft.corrects is None and draft.channels != channels:
        raise Conflict("draft_goes_elsewhere", number=draft.number)
    return replace(draft, state=DraftState.APPROVED, decided_by=member_id, decided_at=now)


def reject(draft: Draft, member_id: int, now: datetime) -> Draft:
    """The draft, rejected, or withdrawn by the one who drafted it. Raises Conflict `draft_decided`."""
    _require_waiting(draft)
    state = DraftState.WITHDRAWN if member_id == draft.drafted_by else DraftState.REJECTED
    return replace(draft, state=state, decided_by=member_id, decided_at=now)


def _require_waiting(draft: Draft) -> None:
    if draft.state is not DraftState.WAITING:
        raise Conflict("draft_decided", number=draft.number, state=draft.state.value)
