"""The data directory: made private, seen to be writable before anything depends on it, and its small files replaced whole.

It must not change the permissions of a directory that it did not make: the operator may share it on purpose.
"""

import os
import stat
import tempfile
from pathlib import Path

from domain.errors import Unavailable

PRIVATE_DIRECTORY = 0o700


def prepare_directory(path: Path) -> None:
    """Make `path` with mode 0700 unless it exists, and check that files can be made in it.

    Raises Unavailable("data_not_writable", path=…, reason=…).
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    check_writable(path)


def check_writable(path: Path) -> None:
    """Write and remove a nameless file in the directory `path`; a permission bit alone proves nothing.

    Raises Unavailable("data_not_writable", path=…, reason=…).
    """
    try:
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"gantry")
            probe.flush()
    except OSError as error:
        raise _unwritable(path, error) from error


def replace_file(path: Path, text: str) -> None:
    """Replace a small private file (0600): whoever reads it sees the old text or the new one, never a part.

    Raises Unavailable("data_not_writable", path=…, reason=…).
    """
    fresh = path.with_name(path.name + ".new")
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(text)
        fresh.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def open_to_others(path: Path) -> bool:
    """Return whether group or other may do anything with `path`."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable("data_not_writable", path=str(path), reason=error.strerror or str(error))
