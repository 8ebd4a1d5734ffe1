"""What must hold of live boards, whatever was killed: one message of a kind in a channel, true, and edited with measure.

What is true is asked of the desk's own reads, over the database as it was left and at the instant of the board's last look:
whatever changed since would have it looked at again.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.board_facts import BoardFacts
from domain.boards import SPACING
from services.actors import system_actor
from services.board_views import facts_of
from services.changes import View
from storage import boards, workspaces
from storage.boards import Pinned
from storage.database import Reader, open_database
from storage.rows import from_us
from storage.states import load_facts
from tests.wire.books import GRACE, Books, Finding, Row

_KINDS = ("mission_board", "pad_board", "crew_board")
_REMOVED = "board_removed"
_LIVELY = 4
"""So many edits in a row take the spacing at least, however long the first of them was held up on its way."""


class Edited(NamedTuple):
    """An edit as it was made in Discord."""

    message_id: int
    at: datetime


async def faults_of_boards(books: Books, edits: Sequence[Edited], now: datetime) -> list[Finding]:
    """What is wrong about boards, at this instant of the bot's clock."""
    posts = [row for row in books.outbox if row["operation"] == "post" and _fact(row) in _KINDS]
    found = [*_off_the_list(books), *_left_standing(books, posts)]
    found += [
        Finding("lost", f"board {row['id']} was to be looked at and is forgotten")
        for row in books.boards
        if from_us(row["due_at"]) < now - GRACE
    ]
    for post in posts:
        found += _too_lively(books, post)
    ids = {post["message_id"] for post in posts if post["message_id"]}
    found += _edited_too_often([one for one in edits if one.message_id in ids])
    loop = asyncio.get_running_loop()
    async with open_database(books.database, loop.create_task) as opened:
        for workspace in books.workspaces:
            found += await opened.read(partial(_untrue, books, workspace["id"]))
    return found


def _off_the_list(books: Books) -> Iterator[Finding]:
    """Boards that members pinned and that are not there, or that were taken down and are."""
    last = {entry["subject_id"]: entry["action"] for entry in books.journal if entry["subject_kind"] == "board"}
    pinned, there = (
        {number for number, action in last.items() if action == "pin_board"},
        {row["id"] for row in books.boards},
    )
    yield from (Finding("lost", f"board {number} was pinned and is not there") for number in pinned - there)
    yield from (Finding("other", f"board {number} is there, and nobody pinned it") for number in there - pinned)


def _left_standing(books: Books, posts: Iterable[Row]) -> Iterator[Finding]:
    """Posts of boards that stand although the board has another, or none; but for those that Discord would not remove."""
    present = {row["post_id"] for row in books.boards}
    for post in posts:
        removals = [row for row in _edits_of(books, post) if _fact(row) == _REMOVED]
        refused = any(row["state"] in {"parked", "expired"} for row in removals)
        if post["state"] == "sent" and post["id"] not in present and not refused:
            yield Finding("other", f"post {post['id']} of a board stands, and is no board's any more")


def _too_lively(books: Books, post: Row) -> Iterator[Finding]:
    """Edits that were written sooner after one another than boards are edited."""
    written = [post, *(row for row in _edits_of(books, post) if _fact(row) in _KINDS)]
    for before, after in itertools.pairwise(written):
        was_at, at = from_us(before["created_at"]), from_us(after["created_at"])
        if timedelta(0) <= at - was_at < SPACING:
            yield Finding("other", f"edit {after['id']} of a board came {at - was_at} after {before['id']}")


def _edited_too_often(edits: Iterable[Edited]) -> Iterator[Finding]:
    by_message: dict[int, list[datetime]] = defaultdict(list)
    for one in edits:
        by_message[one.message_id].append(one.at)
    for message_id, times in by_message.items():
        for first, last in zip(times, times[_LIVELY - 1 :], strict=False):
            if timedelta(0) <= last - first < SPACING:
                yield Finding("other", f"board {message_id} was edited {_LIVELY} times within {last - first}")


async def _untrue(books: Books, workspace_id: int, reader: Reader) -> list[Finding]:
    opened = await workspaces.load(reader, workspace_id)
    assert opened is not None
    found: list[Finding] = []
    for pinned in await boards.load_all(reader, workspace_id):
        if pinned.is_parked:
            continue  # it rests until a member has it tried again, or the day turns
        view = View(reader, opened.workspace, system_actor(workspace_id), pinned.looked_at)
        found += _of_words(books, pinned, await facts_of(pinned.board.kind, view))
    return found


def _of_words(books: Books, pinned: Pinned, true: BoardFacts) -> Iterator[Finding]:
    name = f"the {pinned.board.kind.value} board {pinned.board.id} in {pinned.board.channel_id}"
    post = next(row for row in books.outbox if row["id"] == pinned.post_id)
    newest = [post, *_edits_of(books, post)][-1]
    if post["state"] != "sent" or newest["state"] != "sent":
        yield Finding(
            "lost", f"{name} has post {post['id']} ({post['state']}), said last by {newest['id']} ({newest['state']})"
        )
        return
    said = load_facts(newest["facts_version"], newest["facts"])
    if not isinstance(said, BoardFacts) or replace(said, as_of=true.as_of) != true:
        yield Finding("other", f"{name} says {said}, true is {true}")


def _edits_of(books: Books, post: Row) -> list[Row]:
    return [row for row in books.outbox if row["target_id"] == post["id"] and row["operation"] == "edit"]


def _fact(row: Row) -> str:
    return next((kind for kind in (*_KINDS, _REMOVED) if f'"fact":"{kind}"' in row["facts"]), "")
