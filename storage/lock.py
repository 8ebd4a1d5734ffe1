"""The lock against a second process on the same data. It says who holds it; it must not open the database.

The kernel holds the lock and drops it when the process dies, however it dies, so a lock file left behind means nothing.
"""

import errno
import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.errors import Unavailable

_SUFFIX = ".lock"
_MAX_NOTE_BYTES = 200


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The process that holds the data, as it wrote itself down; either may be missing when it has not done so yet."""

    pid: int | None
    started_at: datetime | None


class DataLock:
    """Holds the data of `database` for this process, from entering to leaving.

    Entering raises Unavailable("data_in_use", pid=…) while another process (or another lock of this one) holds it, and
    Unavailable("data_not_writable", path=…, reason=…) when the lock file cannot be made.
    """

    def __init__(self, database: Path, *, started_at: datetime) -> None:
        self._path = lock_path(database)
        self._started_at = started_at
        self._file: int | None = None

    def __enter__(self) -> Self:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.fchmod(file, 0o600)
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()} {self._started_at.isoformat()}\n".encode())
        except BlockingIOError as error:
            holder = _read_holder(file)
            os.close(file)
            raise Unavailable("data_in_use", pid=holder.pid) from error
        except OSError as error:
            os.close(file)
            raise _unwritable(self._path, error) from error
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            # The file stays: removing it would let two processes lock two different files of the same name.
            # Unlocked by name, not only by closing: a child just being started may still hold a copy of the file.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._file = None


def lock_path(database: Path) -> Path:
    """Return the lock file that belongs to a database file: beside it, with its name."""
    return database.with_name(database.name + _SUFFIX)


def current_holder(database: Path) -> LockHolder | None:
    """Return who holds the data now, or None when it is free. Creates and writes nothing.

    The question itself takes a shared lock for an instant; a process that starts in that instant is refused once.
    """
    try:
        file = os.open(lock_path(database), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unwritable(lock_path(database), error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN):
            return _read_holder(file)
        raise _unwritable(lock_path(database), error) from error
    finally:
        os.close(file)
    return None


def _read_holder(file: int) -> LockHolder:
    os.lseek(file, 0, os.SEEK_SET)
    pid, _, started = os.read(file, _MAX_NOTE_BYTES).decode("ascii", "replace").strip().partition(" ")
    try:
        return LockHolder(int(pid), datetime.fromisoformat(started))
    except ValueError:
        return LockHolder(int(pid) if pid.isdecimal() else None, None)


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable("data_not_writable", path=str(path), reason=error.strerror or str(error))
