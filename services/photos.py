"""Photos as evidence: kept for a change before it is made, and shown again long after Discord's link has died.

A photo is shown in small, without the metadata it came with; the original stays as it was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.capabilities import Capability
from domain.errors import InvalidInput, Unavailable
from services.actors import Actor
from services.changes import Change, Changes, View
from storage import evidence
from storage.evidence import EvidenceStore, Photo, Thumbnail

PHOTOS_MAX = 4
"""Photos of one report or inspection."""


@dataclass(frozen=True, slots=True)
class KeptPhotos:
    """Photos that are on disk and that no change mentions yet."""

    photos: tuple[Photo, ...] = ()

    @property
    def digests(self) -> tuple[str, ...]:
        """Their SHA-256, each once, in the order they were given."""
        return tuple(dict.fromkeys(photo.sha256 for photo in self.photos))

    async def enter(self, change: Change) -> None:
        """Record, with the change that mentions them, that the workspace holds them."""
        for photo in self.photos:
            await evidence.insert(change.tx, change.workspace.id, photo, change.now)


class PhotoIntake:
    """The one way of a photo into the evidence."""

    def __init__(self, changes: Changes, store: EvidenceStore) -> None:
        self._changes = changes
        self._store = store

    async def keep(self, actor: Actor, contents: Sequence[bytes], capability: Capability) -> KeptPhotos:
        """Check and keep the photos of a change that needs `capability`, before it is made; nothing for whoever lacks it.

        Raises InvalidInput for too many, too large, too many pixels or no picture.
        """
        if len(contents) > PHOTOS_MAX:
            raise InvalidInput("too_many_photos", limit=PHOTOS_MAX)
        if contents:
            await self._changes.read(actor, _nothing, capability)
        return KeptPhotos(tuple([await self._store.keep(content) for content in contents]))


class PhotoDesk:
    """Photos that are kept, for whoever may read."""

    def __init__(self, changes: Changes, store: EvidenceStore) -> None:
        self._changes = changes
        self._store = store

    @property
    def limit_bytes(self) -> int:
        """The largest photo that is taken."""
        return self._store.limit_bytes

    async def show(self, actor: Actor, sha256: str) -> Thumbnail | None:
        """One of the workspace's photos in small. None when it holds no such photo, or the file is not what was kept."""

        async def work(view: View) -> bool:
            return await evidence.media_type(view.reader, view.workspace.id, sha256) is not None

        if not await self._changes.read(actor, work):
            return None
        try:
            return await self._store.thumbnail(sha256)
        except Unavailable:
            return None


async def _nothing(_: View) -> None:
    """Only the permission check is wanted: a photo is not kept for someone who may not make the change."""
