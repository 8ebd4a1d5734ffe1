"""Live boards: which post each one has, what it says, and when it is looked at again."""

from dataclasses import dataclass
from datetime import datetime

from domain.boards import SPACING, Board, BoardKind
from domain.countdown import FARTHEST_DAILY
from domain.delivery import DeliveryState
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, from_us_or_none, to_us

_SPACING_US = int(SPACING.total_seconds() * 1_000_000)
# A board with its post. An edit of it that is parked stands for words that Discord would not take.
_PINNED = """
b.id, b.kind, b.channel_id, b.language, b.post_id, b.revision, b.shown, b.looked_at, o.state, o.message_id,
       EXISTS (SELECT 1 FROM outbox e
               WHERE e.target_id = b.post_id AND e.target_id IS NOT NULL AND e.state = 'parked') AS has_parked_edit
FROM boards b JOIN outbox o ON o.id = b.post_id
"""
_ALL = f"SELECT {_PINNED} WHERE b.workspace_id = ? ORDER BY b.id"
_ONE = f"SELECT {_PINNED} WHERE b.workspace_id = ? AND b.channel_id = ? AND b.kind = ?"
_DUE = f"SELECT {_PINNED} WHERE b.workspace_id = ? AND (b.due_at <= ? OR b.due_at > ?) ORDER BY b.id"
# The board whose present post an edit belongs to.
_OF_EDIT = f"SELECT {_PINNED} WHERE b.post_id = (SELECT e.target_id FROM outbox e WHERE e.id = ?)"
# Something has changed: every board is looked at as soon as its spacing allows. Nothing where that was asked for already. One that
# was last looked at by a clock that stood ahead has no spacing to keep.
_MARK = """
UPDATE boards SET due_at = MAX(?, MIN(looked_at, ?) + ?)
WHERE workspace_id = ? AND due_at > MAX(?, MIN(looked_at, ?) + ?) RETURNING id
"""
_DUE_WORKSPACES = "SELECT workspace_id FROM boards WHERE due_at <= ? OR due_at > ?"
_NEXT_DUE = "SELECT MIN(due_at) AS due_at FROM boards"
_INSERT = """
INSERT INTO boards (workspace_id, channel_id, kind, id, language, post_id, revision, shown, looked_at, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SHOW = """
UPDATE boards SET language = ?, post_id = ?, revision = ?, shown = ?, looked_at = ?, due_at = ?
WHERE workspace_id = ? AND id = ?
"""
_LOOKED = "UPDATE boards SET looked_at = ?, due_at = ? WHERE workspace_id = ? AND id = ?"
_DELETE = "DELETE FROM boards WHERE workspace_id = ? AND id = ?"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A board as it stands. `shown` is the digest of what it says; its post may still wait, be parked, or be gone."""

    board: Board
    post_id: int
    revision: int
    shown: str
    looked_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    message_id: int | None = None
    has_parked_edit: bool = False

    @property
    def is_parked(self) -> bool:
        """True when Discord would not take its post or its newest words."""
        return self.state is DeliveryState.PARKED or self.has_parked_edit


async def load_all(reader: Reader, workspace_id: int) -> tuple[Pinned, ...]:
    """Every board of the workspace, oldest first."""
    return tuple(_pinned(row) for row in await reader.fetch(_ALL, (workspace_id,)))


async def find(reader: Reader, workspace_id: int, channel_id: int, kind: BoardKind) -> Pinned | None:
    """The board of that kind in a channel; None when there is none."""
    rows = await reader.fetch(_ONE, (workspace_id, channel_id, kind.value))
    return _pinned(rows[0]) if rows else None


async def of_edit(reader: Reader, delivery_id: int) -> Pinned | None:
    """The board whose present post that edit was to change; None when it has another post by now, or is no longer pinned."""
    rows = await reader.fetch(_OF_EDIT, (delivery_id,))
    return _pinned(rows[0]) if rows else None


async def mark_changed(tx: Transaction, workspace_id: int, now: datetime) -> bool:
    """Have every board of the workspace looked at, each at most once in its spacing; False when nobody need be woken for it."""
    at = to_us(now)
    return bool(await tx.fetch(_MARK, (at, at, _SPACING_US, workspace_id, at, at, _SPACING_US)))


async def due(reader: Reader, workspace_id: int, now: datetime) -> tuple[Pinned, ...]:
    """The boards of a workspace that are to be looked at now."""
    return tuple(_pinned(row) for row in await reader.fetch(_DUE, (workspace_id, *_due_at(now))))


async def workspaces_due(reader: Reader, now: datetime) -> list[int]:
    """Workspaces that have a board to be looked at now."""
    return sorted({row["workspace_id"] for row in await reader.fetch(_DUE_WORKSPACES, _due_at(now))})


async def next_due_at(reader: Reader) -> datetime | None:
    """When the next board of any workspace is to be looked at."""
    return from_us_or_none((await reader.fetch(_NEXT_DUE))[0]["due_at"])


async def insert(tx: Transaction, workspace_id: int, pinned: Pinned, due_at: datetime) -> None:
    """Enter a board with its first post."""
    board = pinned.board
    values = (board.id, board.language, pinned.post_id, pinned.revision, pinned.shown)
    key = (workspace_id, board.channel_id, board.kind.value)
    await tx.execute(_INSERT, (*key, *values, to_us(pinned.looked_at), to_us(due_at)))


async def show(tx: Transaction, workspace_id: int, pinned: Pinned, due_at: datetime) -> None:
    """Write down what a board says since `looked_at`, in which post, and when it is looked at again."""
    values = (pinned.board.language, pinned.post_id, pinned.revision, pinned.shown, to_us(pinned.looked_at))
    await tx.execute(_SHOW, (*values, to_us(due_at), workspace_id, pinned.board.id))


async def note_look(tx: Transaction, workspace_id: int, board_id: int, now: datetime, due_at: datetime) -> None:
    """Write down that a board was looked at and left as it is."""
    await tx.execute(_LOOKED, (to_us(now), to_us(due_at), workspace_id, board_id))


async def delete(tx: Transaction, workspace_id: int, board_id: int) -> None:
    """Forget a board; its posts stay on record."""
    await tx.execute(_DELETE, (workspace_id, board_id))


def _due_at(now: datetime) -> tuple[int, int]:
    return to_us(now), to_us(now + FARTHEST_DAILY)


def _pinned(row: Row) -> Pinned:
    return Pinned(
        board=Board(row["id"], BoardKind(row["kind"]), row["channel_id"], row["language"]),
        post_id=row["post_id"],
        revision=row["revision"],
        shown=row["shown"],
        looked_at=from_us(row["looked_at"]),
        state=DeliveryState(row["state"]),
        message_id=row["message_id"],
        has_parked_edit=bool(row["has_parked_edit"]),
    )
