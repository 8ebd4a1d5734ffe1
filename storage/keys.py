"""The key of the journal's chain, in a file of its own beside the database. It must never be logged or put in an error.

Whoever holds this key can rewrite the journal, so a file that others can read is refused, not repaired: it may have
been read already.
"""

import os
import secrets
import stat
from pathlib import Path

from domain.errors import Unavailable

KEY_BYTES = 32
_MAX_FILE_BYTES = 4096


def load_or_create_key(path: Path, *, may_create: bool = True) -> bytes:
    """Return the 32 bytes of the journal key in `path`; make the file (mode 0600) when it is missing.

    Give `may_create=False` when a journal exists already: a new key could not verify it. Raises Unavailable with
    "journal_key_missing", "journal_key_exposed" (others can read it), "journal_key_damaged" or
    "journal_key_unreadable", each with the path.
    """
    try:
        return load_key(path)
    except Unavailable as missing:
        if missing.code != "journal_key_missing" or not may_create:
            raise
    _create(path)
    # Read back what stands there: another process may have been first.
    return load_key(path)


def load_key(path: Path) -> bytes:
    """Return the key in `path` and change nothing. Errors as for `load_or_create_key`."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise Unavailable("journal_key_missing", path=str(path)) from error
    except OSError as error:
        raise Unavailable("journal_key_unreadable", path=str(path), reason=error.strerror) from error
    try:
        # Asked of the open file: the name could point elsewhere by now.
        if stat.S_IMODE(os.fstat(file).st_mode) & 0o077:
            raise Unavailable("journal_key_exposed", path=str(path))
        text = os.read(file, _MAX_FILE_BYTES)
    except OSError as error:
        raise Unavailable("journal_key_unreadable", path=str(path), reason=error.strerror) from error
    finally:
        os.close(file)
    return _parse(text, path)


def _parse(text: bytes, path: Path) -> bytes:
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        # Without a cause: it could quote the file's content.
        raise Unavailable("journal_key_damaged", path=str(path)) from None
    return key


def _create(path: Path) -> None:
    """Write a new key beside `path`, then give it its name: complete or not there, and never over another."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            try:
                os.write(file, secrets.token_hex(KEY_BYTES).encode() + b"\n")
                os.fsync(file)
            finally:
                os.close(file)
            os.link(fresh, path)
        except FileExistsError:
            return
        finally:
            fresh.unlink(missing_ok=True)
        _sync_directory(path.parent)
    except OSError as error:
        raise Unavailable("data_not_writable", path=str(path), reason=error.strerror) from error


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
