"""The boards desk: pins a live board in a channel, takes it down, and keeps every board true.

The timekeeper calls `fire_due` with every pass. It may be asked for at any time and any number of times: it does what is due.
"""

from dataclasses import dataclass, replace

from domain.boards import BOARDS_MAX, Board, BoardKind
from domain.capabilities import Capability
from domain.errors import Conflict, NotFound
from services import board_posts
from services.actors import Actor
from services.announcements import ChannelFacts, require_language, require_usable
from services.changes import Change, Changes, Receipt
from services.passes import for_each
from storage import boards, outbox


@dataclass(frozen=True, slots=True)
class PinBoard:
    """`/board pin`, as typed. Without a language a new board speaks English, and one that stands keeps its own."""

    kind: BoardKind
    channel: ChannelFacts
    language: str | None = None


@dataclass(frozen=True, slots=True)
class BoardPinned:
    """A board that was pinned. `was_there`: it was pinned in the channel already, and is posted anew at its end."""

    board: Board
    was_there: bool


class BoardDesk:
    """Live boards."""

    def __init__(self, changes: Changes, languages: frozenset[str]) -> None:
        self._changes = changes
        self._languages = languages

    async def pin(self, actor: Actor, request: PinBoard) -> Receipt[BoardPinned]:
        """Keep a board in a channel; one that is there already moves to the channel's end.

        Refuses a channel the bot cannot post to, or whose history it cannot read, and more boards than BOARDS_MAX.
        """
        require_usable(request.channel)
        require_language(request.language, self._languages)
        return await self._changes.make(actor, Capability.OPERATE, lambda change: _pin(change, request))

    async def unpin(self, actor: Actor, kind: BoardKind, channel_id: int) -> Receipt[Board]:
        """Take a board down. Raises NotFound `board_unknown` when there is none of that kind in the channel."""

        async def work(change: Change) -> Board:
            pinned = await boards.find(change.tx, change.workspace.id, channel_id, kind)
            if pinned is None:
                raise NotFound("board_unknown", kind=kind.value, channel_id=channel_id)
            await board_posts.take_down(change.tx, change.workspace, pinned, change.now)
            change.must_ring = True
            await change.record("unpin_board", ("board", pinned.board.id), pinned.board)
            return pinned.board

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def fire_due(self) -> int:
        """Look at every board that is due, in every workspace; return how many there were."""
        now = self._changes.clock.now()
        due_in = await self._changes.database.read(lambda reader: boards.workspaces_due(reader, now))
        return await for_each(due_in, self._look)

    async def _look(self, workspace_id: int) -> int:
        now = self._changes.clock.now()
        seen = await self._changes.database.read(lambda reader: board_posts.look(reader, workspace_id, now))
        if seen is None:
            return 0
        return await self._changes.database.write(lambda tx: board_posts.refresh(tx, seen))


async def _pin(change: Change, request: PinBoard) -> BoardPinned:
    ws, channel = change.workspace.id, request.channel
    known = await boards.load_all(change.tx, ws)
    pinned = next((one for one in known if (one.board.channel_id, one.board.kind) == (channel.id, request.kind)), None)
    change.must_ring = True
    if pinned is not None:
        pinned = replace(pinned, board=replace(pinned.board, language=request.language or pinned.board.language))
        await board_posts.post_anew(change.tx, change.workspace, pinned, change.now)
        await change.record("pin_board", ("board", pinned.board.id), pinned.board)
        return BoardPinned(pinned.board, was_there=True)
    if len(known) >= BOARDS_MAX:
        raise Conflict("too_many_boards", limit=BOARDS_MAX)
    board = Board(change.new_id(), request.kind, channel.id, request.language or "en")
    await outbox.ensure_lane(change.tx, ws, channel.id, channel.last_message_id)
    await board_posts.put_up(change.tx, change.workspace, board, change.now)
    await change.record("pin_board", ("board", board.id), board)
    return BoardPinned(board, was_there=False)
