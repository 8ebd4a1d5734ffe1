"""Photos kept as evidence: bytes under the data directory by their SHA-256, never only a link (Discord's links expire).

A file is written before the transaction that mentions it: a crash between the two leaves an unmentioned file, never a report
whose photo is gone.
"""

import asyncio
import errno
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.errors import InvalidInput, Unavailable
from storage.database import Reader, Transaction
from storage.rows import to_us

_INSERT = """
INSERT INTO evidence (workspace_id, sha256, media_type, size_bytes, stored_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_MEDIA_TYPE = "SELECT media_type FROM evidence WHERE workspace_id = ? AND sha256 = ?"
# The first bytes of the kinds of picture we keep; what a file calls itself does not count.
_MAGIC = {
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"GIF87a": ("image/gif", "gif"),
    b"GIF89a": ("image/gif", "gif"),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSIONS = {"image/webp": "webp"} | dict(_MAGIC.values())


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that has been kept. `sha256` is hex."""

    sha256: str
    media_type: str
    size_bytes: int


class EvidenceStore:
    """The directory of kept pictures. `limit_bytes` is the largest that is taken."""

    def __init__(self, directory: Path, limit_bytes: int) -> None:
        self._directory = directory
        self.limit_bytes = limit_bytes

    async def keep(self, content: bytes) -> Photo:
        """Keep the bytes and return what they are.

        Raises InvalidInput for too large a file or anything but a picture, Unavailable when it cannot be written.
        """
        media_type = media_type_of(content, self.limit_bytes)
        digest = hashlib.sha256(content).hexdigest()
        try:
            await asyncio.to_thread(self._write, digest, content)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise Unavailable("disk_full") from error
            raise Unavailable("data_not_writable", path=str(self._directory), reason=error.strerror) from error
        return Photo(digest, media_type, len(content))

    async def read(self, sha256: str) -> bytes:
        """The kept bytes. Raises Unavailable `evidence_missing` when the file is gone or is not what it was."""
        if not _SHA256.fullmatch(sha256):
            raise Unavailable("evidence_missing", sha256=sha256[:64])
        try:
            content = await asyncio.to_thread(self._path(sha256).read_bytes)
        except OSError as error:
            raise Unavailable("evidence_missing", sha256=sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Unavailable("evidence_missing", sha256=sha256)
        return content

    def _path(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / sha256

    def _write(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name of its own: the same picture may be reported twice at once.
        partial = path.with_name(f".{digest}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def media_type_of(content: bytes, limit_bytes: int) -> str:
    """What kind of picture the bytes are, by their first bytes. Nothing is decoded."""
    if len(content) > limit_bytes:
        raise InvalidInput("photo_too_large", limit_mb=limit_bytes // 1_000_000)
    for magic, (media_type, _) in _MAGIC.items():
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise InvalidInput("photo_not_a_picture")


def extension_of(media_type: str) -> str:
    """The file name's ending for a kept picture."""
    return _EXTENSIONS[media_type]


async def insert(tx: Transaction, workspace_id: int, photo: Photo, stored_at: datetime) -> None:
    """Record that a workspace holds this picture; the same picture twice is one."""
    await tx.execute(_INSERT, (workspace_id, photo.sha256, photo.media_type, photo.size_bytes, to_us(stored_at)))


async def media_type(reader: Reader, workspace_id: int, sha256: str) -> str | None:
    """The kind of a kept picture; None when this workspace does not hold it."""
    rows = await reader.fetch(_MEDIA_TYPE, (workspace_id, sha256))
    return rows[0]["media_type"] if rows else None
