"""The start's look at the journal: the end of every chain must be whole, and be the head its workspace names.

A crash cannot break it (entries and head are one transaction); a restored or edited file can. This reads and changes
nothing; the whole chain is `/ops verify`'s affair.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from domain.errors import Unavailable
from domain.journal import GENESIS, link
from storage import journal
from storage.database import Reader

TAIL = 100
# Every workspace with the head it names; a start reads this once.
_HEADS = "SELECT id, journal_seq, journal_mac FROM workspaces ORDER BY id"


async def has_journal(reader: Reader) -> bool:
    """Whether anything is sealed yet: before that, a missing key may simply be made."""
    return bool(await reader.fetch(_HEADS))


async def file_has_journal(path: Path) -> bool:
    """`has_journal` for a database that is not open: no file, no schema and no workspace all mean no."""
    return await asyncio.to_thread(_file_has_journal, path)


def _file_has_journal(path: Path) -> bool:
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return bool(connection.execute(_HEADS).fetchall())
        except sqlite3.DatabaseError:
            return False  # no schema yet; what is damaged is the schema check's to tell


async def require_whole_tails(reader: Reader, key: bytes) -> None:
    """Raise Unavailable `journal_broken`, naming the first entry at fault among the last TAIL of each workspace."""
    for head in await reader.fetch(_HEADS):
        await _require_whole(reader, key, head["id"], head["journal_seq"], head["journal_mac"])


async def _require_whole(reader: Reader, key: bytes, workspace_id: int, head_seq: int, head_mac: str) -> None:
    # One entry more than is verified: its MAC is what the first verified one builds on.
    base_seq = max(head_seq - TAIL, 0)
    tail = await journal.chain(reader, workspace_id, after_seq=max(base_seq - 1, 0), limit=TAIL + 2)
    mac = GENESIS
    if base_seq and tail:
        mac = tail.pop(0).mac
    seq = base_seq
    for linked in tail:
        seq += 1
        if linked.entry.seq != seq or link(key, mac, linked.entry) != linked.mac:
            raise Unavailable("journal_broken", workspace=workspace_id, seq=seq)
        mac = linked.mac
    if (seq, mac) != (head_seq, head_mac):
        raise Unavailable("journal_broken", workspace=workspace_id, seq=seq)
