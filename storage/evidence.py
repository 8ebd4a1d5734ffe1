"""Photos kept as evidence: bytes under the data directory by their SHA-256, never only a link (Discord's links expire).

A file is written before the transaction that mentions it: a crash between the two leaves an unmentioned file, never a report
whose photo is gone. Beside each picture lies a small copy of it, which is what is shown: without the original's metadata, and
made again when it is gone. How pictures are decoded is not known here; that it happens once at a time, in a thread, is.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

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
# One picture is decoded at a time, in this process: each may take hundreds of megabytes. The first photo starts the thread.
_DECODING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that has been kept. `sha256` is hex."""

    sha256: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The small copy of a kept picture: what is shown."""

    content: bytes
    media_type: str


class MakeThumbnail(Protocol):
    """Makes the small copy of a picture. It is called in a thread, and refuses what must not be decoded."""

    def __call__(self, content: bytes, media_type: str, /) -> bytes:
        """The small copy. Raises InvalidInput for a picture that is too much work, or none."""
        ...


class EvidenceStore:
    """The directory of kept pictures. `limit_bytes` is the largest that is taken."""

    def __init__(self, directory: Path, limit_bytes: int, make_thumbnail: MakeThumbnail) -> None:
        self._directory = directory
        self.limit_bytes = limit_bytes
        self._make_thumbnail = make_thumbnail

    async def keep(self, content: bytes) -> Photo:
        """Keep the bytes as they are, with a small copy beside them, and return what they are.

        Raises InvalidInput for too large a file or anything but a picture, Unavailable when it cannot be written.
        """
        media_type = media_type_of(content, self.limit_bytes)
        digest = await asyncio.to_thread(_digest_of, content)
        if not await asyncio.to_thread(self._holds, digest):
            small = await self._made(content, media_type)
            try:
                await asyncio.to_thread(_write, self._path(digest), content)
                await asyncio.to_thread(_write, self._thumbnail_path(digest), small)
            except OSError as error:
                if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                    raise Unavailable("disk_full") from error
                raise Unavailable("data_not_writable", path=str(self._directory), reason=error.strerror) from error
        return Photo(digest, media_type, len(content))

    async def read(self, sha256: str) -> bytes:
        """The kept bytes. Raises Unavailable `evidence_missing` when the file is gone or is not what it was."""
        if not _SHA256.fullmatch(sha256):
            raise Unavailable("evidence_missing", sha256=sha256[:64])
        content = await asyncio.to_thread(_read, self._path(sha256))
        if content is None or await asyncio.to_thread(_digest_of, content) != sha256:
            raise Unavailable("evidence_missing", sha256=sha256)
        return content

    async def thumbnail(self, sha256: str) -> Thumbnail:
        """The small copy, made again when it is gone. Raises Unavailable `evidence_missing` when the original is not whole."""
        original = await self.read(sha256)
        path = self._thumbnail_path(sha256)
        small = await asyncio.to_thread(_read, path)
        kind = None if small is None else _kind_of(small)
        if small is None or kind is None:
            small = await self._made_again(sha256, original)
            kind = _kind_of(small)
            with contextlib.suppress(OSError):  # it can be shown all the same, and made again
                await asyncio.to_thread(_write, path, small)
        if kind is None:
            raise Unavailable("evidence_missing", sha256=sha256)
        return Thumbnail(small, kind)

    async def _made(self, content: bytes, media_type: str) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(_DECODING, self._make_thumbnail, content, media_type)

    async def _made_again(self, sha256: str, original: bytes) -> bytes:
        """From what was kept, perhaps under other limits than today's: what they do not let through is not shown."""
        try:
            return await self._made(original, _kind_of(original) or "")
        except InvalidInput as error:
            raise Unavailable("evidence_missing", sha256=sha256) from error

    def _path(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / sha256

    def _thumbnail_path(self, sha256: str) -> Path:
        return self._path(sha256).with_suffix(".thumbnail")

    def _holds(self, digest: str) -> bool:
        """Whether both are there, the original whole: then it was decoded before."""
        content = _read(self._path(digest))
        return content is not None and _digest_of(content) == digest and self._thumbnail_path(digest).is_file()


def media_type_of(content: bytes, limit_bytes: int) -> str:
    """What kind of picture the bytes are, by their first bytes. Nothing is decoded."""
    if len(content) > limit_bytes:
        raise InvalidInput("photo_too_large", limit_mb=limit_bytes // 1_000_000)
    kind = _kind_of(content)
    if kind is None:
        raise InvalidInput("photo_not_a_picture")
    return kind


def _kind_of(content: bytes) -> str | None:
    for magic, (kind, _) in _MAGIC.items():
        if content.startswith(magic):
            return kind
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own: the same picture may be reported twice at once.
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> bytes | None:
    """The file's bytes; None when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


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
