"""A live board in its channel: put up, edited when it says something else, posted anew, taken down. One row of the outbox each.

Everything here but `look` runs inside a transaction of somebody else's: the desk's, the timekeeper's pass, or the one in which the
courier learns that a board's post is gone. A board is edited at most once in its spacing; when Discord refuses for good what it is
told, it rests until the day turns or a member has it tried again.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.board_facts import BoardFacts, BoardRemoved
from domain.boards import SPACING, Board, BoardKind, next_turn_at
from domain.delivery import DeliveryState, Operation
from domain.errors import Unavailable
from services.actors import system_actor
from services.board_views import facts_of
from services.changes import View
from storage import boards, outbox, workspaces
from storage.boards import Pinned
from storage.database import Reader, Transaction
from storage.outbox import Posting
from storage.states import dump_facts
from storage.workspaces import Workspace

_log = logging.getLogger(__name__)
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = frozenset({DeliveryState.DELIVERED_DELETED, DeliveryState.EXPIRED})


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """A board and where it stands. `message_id` is None while it waits to be posted; `is_parked`: Discord would not take it."""

    workspace_id: int
    board: Board
    message_id: int | None
    is_parked: bool


async def shown_boards(view: View) -> tuple[ShownBoard, ...]:
    """Every board of the workspace with its message."""
    ws = view.workspace.id
    return tuple(
        ShownBoard(ws, one.board, one.message_id, one.is_parked) for one in await boards.load_all(view.reader, ws)
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What boards would say at a moment, and the journal's last entry then."""

    workspace_id: int
    journal_seq: int
    said: Mapping[BoardKind, BoardFacts]
    at: datetime


async def put_up(tx: Transaction, workspace: Workspace, board: Board, now: datetime) -> None:
    """Post a board for the first time."""
    facts = await facts_of(board.kind, _view(tx, workspace, now))
    pinned = Pinned(board, await _write(tx, workspace, board, 1, facts, now), 1, _digest(facts), now)
    await boards.insert(tx, workspace.id, pinned, _next_look_at(workspace, now))


async def take_down(tx: Transaction, workspace: Workspace, pinned: Pinned, now: datetime) -> None:
    """Remove a board's post once it stands, and forget the board."""
    await boards.delete(tx, workspace.id, pinned.board.id)
    if pinned.state not in _GONE:
        await _remove(tx, workspace, pinned, pinned.revision + 1, now)


async def post_anew(tx: Transaction, workspace: Workspace, pinned: Pinned, now: datetime) -> None:
    """Give a board a new post at the end of its channel, and take the old one away if it stands or will."""
    facts = await facts_of(pinned.board.kind, _view(tx, workspace, now))
    await _post_anew(tx, workspace, pinned, facts, now)


async def replace_lost(tx: Transaction, workspace: Workspace, delivery_id: int, now: datetime) -> None:
    """An edit of a board found its post gone, or was refused for good: the board gets a new post, unless it has one by now.

    One that cannot be composed for a reason nobody foresaw is logged, and left to its next look: the courier serves everybody.
    """
    pinned = await boards.of_edit(tx, delivery_id)
    if pinned is None:
        return
    try:
        facts = await facts_of(pinned.board.kind, _view(tx, workspace, now))
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - logged, and looked at again
        _log.exception("board %s of workspace %s cannot be composed", pinned.board.id, workspace.id)
        return
    await _post_anew(tx, workspace, pinned, facts, now)


async def look(reader: Reader, workspace_id: int, now: datetime) -> Look | None:
    """See what the boards that are due would say now; None when none is due. Reading, so that no change waits for it."""
    opened = await workspaces.load(reader, workspace_id)
    due = await boards.due(reader, workspace_id, now)
    if opened is None or not due:
        return None
    workspace = opened.workspace
    view = _view(reader, workspace, now)
    kinds = dict.fromkeys(pinned.board.kind for pinned in due if not _rests(pinned, workspace, now))
    said = {kind: await facts_of(kind, view) for kind in kinds}
    return Look(workspace_id, opened.counters.journal_seq, said, now)


async def refresh(tx: Transaction, seen: Look) -> int:
    """Have boards edited that say something else than was seen, and as the day turns all of them; return how many were due."""
    opened = await workspaces.load(tx, seen.workspace_id)
    due = await boards.due(tx, seen.workspace_id, seen.at)
    if opened is None:
        return 0
    for pinned in due:
        await _refresh_one(tx, opened.workspace, pinned, seen.said.get(pinned.board.kind), seen.at)
    if opened.counters.journal_seq != seen.journal_seq:
        await boards.mark_changed(tx, seen.workspace_id, seen.at)  # what came in between has not been seen
    return len(due)


async def _refresh_one(
    tx: Transaction, workspace: Workspace, pinned: Pinned, facts: BoardFacts | None, now: datetime
) -> None:
    if facts is None or _rests(pinned, workspace, now):
        # One that nobody could look at keeps its last look: the day that turns meanwhile is not forgotten.
        await boards.note_look(tx, workspace.id, pinned.board.id, pinned.looked_at, _next_look_at(workspace, now))
    elif pinned.state in _GONE:
        await _post_anew(tx, workspace, pinned, facts, now)
    elif _has_turned(pinned, workspace, now) or _digest(facts) != pinned.shown:
        await _edit(tx, workspace, pinned, facts, now)
    else:
        await boards.note_look(tx, workspace.id, pinned.board.id, now, _next_look_at(workspace, now))


def _rests(pinned: Pinned, workspace: Workspace, now: datetime) -> bool:
    """True while Discord does not take what it was told: an edit is tried again as the day turns, a post by a member's wish."""
    if pinned.state is DeliveryState.PARKED:
        return True
    return pinned.has_parked_edit and not _has_turned(pinned, workspace, now)


def _has_turned(pinned: Pinned, workspace: Workspace, now: datetime) -> bool:
    return next_turn_at(workspace.zone, pinned.looked_at) <= now


async def _edit(tx: Transaction, workspace: Workspace, pinned: Pinned, facts: BoardFacts, now: datetime) -> None:
    revision = pinned.revision + 1
    await outbox.forget_edits(tx, pinned.post_id)
    await _write(tx, workspace, pinned.board, revision, facts, now, target_id=pinned.post_id)
    await _show(tx, workspace, replace(pinned, revision=revision), facts, now)


async def _post_anew(tx: Transaction, workspace: Workspace, pinned: Pinned, facts: BoardFacts, now: datetime) -> None:
    revision = pinned.revision + 2
    post_id = await _write(tx, workspace, pinned.board, revision, facts, now)
    if pinned.state not in _GONE:
        await _remove(tx, workspace, pinned, revision - 1, now)
    await _show(tx, workspace, replace(pinned, post_id=post_id, revision=revision), facts, now)


async def _show(tx: Transaction, workspace: Workspace, pinned: Pinned, facts: BoardFacts, now: datetime) -> None:
    shown = replace(pinned, shown=_digest(facts), looked_at=now)
    await boards.show(tx, workspace.id, shown, _next_look_at(workspace, now))


def _next_look_at(workspace: Workspace, now: datetime) -> datetime:
    """When a board is looked at again if nothing changes: as the day turns, but not within its spacing."""
    return max(next_turn_at(workspace.zone, now), now + SPACING)


async def _remove(tx: Transaction, workspace: Workspace, pinned: Pinned, revision: int, now: datetime) -> None:
    facts = BoardRemoved(pinned.board.kind)
    await _write(tx, workspace, pinned.board, revision, facts, now, target_id=pinned.post_id)


async def _write(
    tx: Transaction,
    workspace: Workspace,
    board: Board,
    revision: int,
    facts: BoardFacts | BoardRemoved,
    now: datetime,
    *,
    target_id: int | None = None,
) -> int:
    """Write a post, or an edit of one. Its cause is new: a board's revisions never repeat, nor does its id."""
    posting = Posting(
        channel_id=board.channel_id,
        facts=facts,
        cause=f"board:{board.id}.{revision}",
        language=board.language,
        operation=Operation.POST if target_id is None else Operation.EDIT,
        target_id=target_id,
    )
    written = await outbox.insert(tx, workspace.id, posting, now)
    if written is None:
        raise RuntimeError(f"two deliveries of one revision: {posting.cause}")
    return written


def _view(reader: Reader, workspace: Workspace, now: datetime) -> View:
    return View(reader, workspace, system_actor(workspace.id), now)


def _digest(facts: BoardFacts) -> str:
    """What a board says, apart from when: two that are alike need no edit."""
    timeless = replace(facts, as_of=_NO_TIME)
    return hashlib.sha256(dump_facts(timeless).encode()).hexdigest()
