"""The deliveries desk: posts that Discord would not take are parked; a member has them tried again, or gives them up."""

from dataclasses import dataclass, replace

from domain.boards import Board
from domain.capabilities import Capability
from domain.delivery import OF_THE_CHANNEL, DeliveryState
from domain.errors import Conflict
from domain.text import one_line
from services import board_posts
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from storage import boards, outbox
from storage.boards import Pinned


@dataclass(frozen=True, slots=True)
class Handled:
    """How many parked posts of a channel were taken up or given up, and which boards went with them."""

    channel_id: int
    count: int
    unpinned: tuple[Board, ...] = ()


class DeliveryDesk:
    """Parked posts."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def retry(self, actor: Actor, channel_id: int) -> Receipt[Handled]:
        """Have a channel's parked posts tried again. What came through before it was parked is found and not repeated."""

        async def work(change: Change) -> Handled:
            ids = await outbox.retry_parked(change.tx, change.workspace.id, channel_id)
            return await _record(change, "retry_posts", channel_id, ids, None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def require_parked(self, actor: Actor, channel_id: int) -> None:
        """Raise what would keep a member from giving a channel's parked posts up, before they are asked why."""

        async def work(view: View) -> None:
            lanes = await outbox.parked(view.reader, view.workspace.id)
            if channel_id not in {lane.channel_id for lane in lanes}:
                raise Conflict("nothing_parked", channel_id=channel_id)

        await self._changes.read(actor, work, Capability.OPERATE)

    async def drop(self, actor: Actor, channel_id: int, reason: str) -> Receipt[Handled]:
        """Give a channel's parked posts up, with the reason. They stay on record. A board among them is given up, too."""

        async def work(change: Change) -> Handled:
            because = one_line(reason, what="reason")
            stuck = await _stuck_boards(change, channel_id)
            is_open = await _takes_anything(change, channel_id)
            ids = await outbox.drop_parked(change.tx, change.workspace.id, channel_id, change.now)
            done = await _record(change, "drop_posts", channel_id, ids, because)
            for pinned in stuck:
                if is_open and pinned.state is DeliveryState.SENT:
                    # A message that stands looks as if it were kept true.
                    await board_posts.take_down(change.tx, change.workspace, pinned, change.now)
                else:
                    await boards.delete(change.tx, change.workspace.id, pinned.board.id)
                await change.record("unpin_board", ("board", pinned.board.id), pinned.board)
            return replace(done, unpinned=tuple(pinned.board for pinned in stuck))

        return await self._changes.make(actor, Capability.OPERATE, work)


async def _stuck_boards(change: Change, channel_id: int) -> tuple[Pinned, ...]:
    """The boards of a channel that Discord would not take."""
    known = await boards.load_all(change.tx, change.workspace.id)
    return tuple(one for one in known if one.board.channel_id == channel_id and one.is_parked)


async def _takes_anything(change: Change, channel_id: int) -> bool:
    """False when what is parked there was refused because of the channel itself."""
    lanes = await outbox.parked(change.tx, change.workspace.id)
    return not any(lane.channel_id == channel_id and lane.reason in OF_THE_CHANNEL for lane in lanes)


async def _record(change: Change, action: str, channel_id: int, ids: list[int], because: str | None) -> Handled:
    if not ids:
        raise Conflict("nothing_parked", channel_id=channel_id)
    change.must_ring = True
    personal = {"reason": because} if because else None
    await change.record(action, ("channel", channel_id), {"deliveries": sorted(ids)}, personal=personal)
    return Handled(channel_id, len(ids))
