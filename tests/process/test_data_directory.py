"""The data directory: private when we make it, left as it is when we did not, and known to be writable."""

import os
import stat
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.paths import check_writable, open_to_others, prepare_directory


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_missing_directory_is_made_private(tmp_path: Path) -> None:
    prepare_directory(tmp_path / "var" / "gantry")
    assert mode_of(tmp_path / "var" / "gantry") == 0o700
    assert not open_to_others(tmp_path / "var" / "gantry")
    assert list((tmp_path / "var" / "gantry").iterdir()) == []


def test_a_directory_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    prepare_directory(tmp_path)
    assert mode_of(tmp_path) == 0o755
    assert open_to_others(tmp_path)


def test_a_file_in_its_place_is_a_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Unavailable) as caught:
        prepare_directory(tmp_path / "data")
    assert caught.value.code == "data_not_writable"
    assert caught.value.params["path"] == str(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission_is_a_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    with pytest.raises(Unavailable) as caught:
        prepare_directory(tmp_path / "data")
    assert caught.value.params["reason"] == "Permission denied"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_being_allowed_is_not_enough_it_must_really_take_a_file() -> None:
    with pytest.raises(Unavailable) as caught:
        check_writable(Path("/proc/self"))
    assert caught.value.code == "data_not_writable"
