"""The journal's key: made once, private, never replaced, and refused when others could have read it."""

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.keys import KEY_BYTES, load_key, load_or_create_key


def refusal(path: Path) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        load_or_create_key(path)
    return caught.value


def test_a_missing_key_is_made_private_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    old_umask = os.umask(0)
    try:
        key = load_or_create_key(path)
    finally:
        os.umask(old_umask)
    assert len(key) == KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert bytes.fromhex(path.read_text()) == key
    assert load_or_create_key(path) == load_key(path) == key
    assert [file.name for file in tmp_path.iterdir()] == ["journal.key"]


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert load_or_create_key(tmp_path / "a") != load_or_create_key(tmp_path / "b")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from storage.keys import load_or_create_key
        sys.stdin.read()
        print(load_or_create_key(Path(sys.argv[1])).hex())
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "journal.key")]
    starting = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in starting:
        assert process.stdin is not None
        process.stdin.close()
    keys = set()
    for process in starting:
        with process:
            assert process.stdout is not None
            keys.add(process.stdout.read())
    assert len(keys) == 1
    assert len(keys.pop().strip()) == 2 * KEY_BYTES


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_reach_is_refused_and_not_quietly_repaired(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "journal.key"
    load_or_create_key(path)
    path.chmod(mode)
    assert refusal(path).code == "journal_key_exposed"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("content", ["", "00" * 31, "00" * 33, "zz" * 32, "\N{SNOWMAN}" * 20])
def test_a_damaged_key_is_refused_and_neither_replaced_nor_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "journal.key"
    path.write_text(content, "utf-8")
    path.chmod(0o600)
    error = refusal(path)
    assert error.code == "journal_key_damaged"
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert path.read_text("utf-8") == content


def test_a_key_is_not_made_where_a_journal_exists_already(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    with pytest.raises(Unavailable) as caught:
        load_or_create_key(path, may_create=False)
    assert caught.value.code == "journal_key_missing"
    assert not path.exists()


def test_a_directory_that_is_missing_is_a_clear_refusal(tmp_path: Path) -> None:
    error = refusal(tmp_path / "missing" / "journal.key")
    assert error.code == "data_not_writable"
    assert error.params["reason"] == "No such file or directory"
