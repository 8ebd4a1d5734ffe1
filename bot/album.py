"""Pictures for posts: from digests to named small copies. A post goes out without a picture rather than not at all.

It must not know Discord; what it may not do is hold up a lane because a file is gone.
"""

from collections.abc import Callable

import structlog

from bot.channels import PICTURES_MAX, Picture
from domain.errors import Unavailable
from storage import evidence
from storage.database import Database
from storage.evidence import EvidenceStore

_log = structlog.stdlib.get_logger(__name__)


class Album:
    """Kept evidence as files to attach. `name_of` gives a picture's name from its digest and media type."""

    def __init__(self, database: Database, store: EvidenceStore, name_of: Callable[[str, str], str]) -> None:
        self._database = database
        self._store = store
        self._name_of = name_of

    async def pictures(self, workspace_id: int, digests: tuple[str, ...]) -> tuple[Picture, ...]:
        """The pictures that can be had, in order. If the first is missing there are none: the embed shows that one."""
        found = []
        for sha256 in digests[:PICTURES_MAX]:
            picture = await self._picture(workspace_id, sha256)
            if picture is not None:
                found.append(picture)
            elif not found:
                return ()
        return tuple(found)

    async def _picture(self, workspace_id: int, sha256: str) -> Picture | None:
        if await self._database.read(lambda reader: evidence.media_type(reader, workspace_id, sha256)) is None:
            return None
        try:
            shown = await self._store.thumbnail(sha256)
        except (Unavailable, OSError) as error:
            _log.warning("a picture is missing", sha256=sha256, workspace=workspace_id, reason=str(error))
            return None
        return Picture(self._name_of(sha256, shown.media_type), shown.content)
