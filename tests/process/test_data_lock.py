"""The lock: two processes never work on the same data, and a dead one never keeps a living one out."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.lock import DataLock, LockHolder, current_holder, lock_path

START = datetime(2025, 11, 27, 18, tzinfo=UTC)

HOLDER = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from storage.lock import DataLock
    with DataLock(Path(sys.argv[1]), started_at=datetime(2025, 11, 27, 18, tzinfo=UTC)):
        print("held", flush=True)
        sys.stdin.read()
"""


@contextmanager
def other_process(database: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def open_files() -> int:
    listing = Path("/proc/self/fd")
    return len(list(listing.iterdir())) if listing.exists() else 0


def refused(database: Path) -> Unavailable:
    with pytest.raises(Unavailable) as caught, DataLock(database, started_at=START):
        pass
    return caught.value


def test_a_second_process_is_refused_and_told_who_holds_the_data(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    with other_process(database) as holder:
        error = refused(database)
        assert (error.code, dict(error.params)) == ("data_in_use", {"pid": holder.pid})
        assert current_holder(database) == LockHolder(holder.pid, START)


def test_a_process_killed_with_kill_9_leaves_the_data_free(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    with other_process(database) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        assert lock_path(database).read_text().startswith(str(holder.pid))
        assert current_holder(database) is None
        with DataLock(database, started_at=START):
            assert refused(database).params["pid"] == os.getpid()


def test_a_process_that_ends_in_order_leaves_the_data_free(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    with other_process(database) as holder:
        assert holder.stdin is not None
        holder.stdin.close()
        assert holder.wait() == 0
        with DataLock(database, started_at=START):
            pass


def test_leaving_frees_the_data_and_keeps_the_file(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    for _ in range(2):
        with DataLock(database, started_at=START):
            pass
    assert lock_path(database).exists()
    assert current_holder(database) is None


def test_a_refused_attempt_leaves_no_file_open_and_the_note_untouched(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    with DataLock(database, started_at=START):
        before = open_files()
        for _ in range(5):
            refused(database)
            current_holder(database)
        assert open_files() == before
        assert lock_path(database).read_text() == f"{os.getpid()} {START.isoformat()}\n"


def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    child = "import os; print(os.getpid(), flush=True); input()"
    program = textwrap.dedent(HOLDER).replace(
        'print("held", flush=True)',
        f"import subprocess; subprocess.run([sys.executable, '-c', {child!r}], close_fds=False)",
    )
    command = [sys.executable, "-c", program, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        assert current_holder(database) == LockHolder(parent.pid, START)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        os.kill(child_pid, 0)
        assert current_holder(database) is None


def test_the_lock_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    database = tmp_path / "gantry.db"
    lock_path(database).touch(mode=0o666)
    lock_path(database).chmod(0o666)
    with DataLock(database, started_at=START):
        assert stat.S_IMODE(lock_path(database).stat().st_mode) == 0o600


def test_a_link_in_the_place_of_the_lock_file_is_not_followed(tmp_path: Path) -> None:
    database, victim = tmp_path / "gantry.db", tmp_path / "victim"
    victim.write_text("untouched")
    lock_path(database).symlink_to(victim)
    assert refused(database).code == "data_not_writable"
    assert victim.read_text() == "untouched"


def test_a_missing_directory_is_a_clear_refusal(tmp_path: Path) -> None:
    error = refused(tmp_path / "missing" / "gantry.db")
    assert error.code == "data_not_writable"
    assert error.params["reason"] == "No such file or directory"


def test_asking_who_holds_the_data_creates_nothing(tmp_path: Path) -> None:
    assert current_holder(tmp_path / "gantry.db") is None
    assert list(tmp_path.iterdir()) == []
