import os
from pathlib import Path

import pytest

from gridworker.errors import DiskFull, StoreProblem
from gridworker.store.engine import diskspace
from gridworker.store.engine.diskspace import BALLAST, MEGABYTE, Ballast, free_bytes, require_room


def test_the_ballast_takes_real_room(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 3 * MEGABYTE + 17)
    assert ballast.ensure()
    found = (tmp_path / "ballast").stat()
    assert found.st_size == 3 * MEGABYTE + 17
    if os.name != "nt":
        assert found.st_blocks * 512 >= found.st_size
        assert found.st_mode & 0o777 == 0o600


def test_the_ballast_takes_real_room_where_the_system_cannot_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    assert Ballast(tmp_path / "ballast", 3 * MEGABYTE + 17).ensure()
    data = (tmp_path / "ballast").read_bytes()
    assert len(data) == 3 * MEGABYTE + 17
    assert len(set(data)) > 250


def test_the_ballast_is_set_aside_once_and_let_go_once(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", MEGABYTE)
    assert not ballast.release()
    assert ballast.ensure()
    first = (tmp_path / "ballast").stat().st_ino
    assert ballast.ensure()
    assert (tmp_path / "ballast").stat().st_ino == first
    assert ballast.release()
    assert not ballast.release()
    assert not (tmp_path / "ballast").exists()


def test_a_ballast_cut_off_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "ballast").write_bytes(b"cut off")
    assert Ballast(tmp_path / "ballast", MEGABYTE).ensure()
    assert (tmp_path / "ballast").stat().st_size == MEGABYTE


def test_a_small_disk_gets_no_ballast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diskspace, "free_bytes", lambda _: 3 * MEGABYTE)
    assert not Ballast(tmp_path / "ballast", MEGABYTE).ensure()
    assert not (tmp_path / "ballast").exists()


def test_a_ballast_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Ballast(tmp_path / "missing" / "ballast", MEGABYTE).ensure()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    assert not Ballast(tmp_path / "ballast", MEGABYTE).ensure()
    assert not (tmp_path / "ballast").exists()


def test_room_is_asked_for_in_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_room(tmp_path, 1)
    require_room(tmp_path, free_bytes(tmp_path) // 2)
    monkeypatch.setattr(diskspace, "free_bytes", lambda _: 5 * MEGABYTE + 1)
    require_room(tmp_path, 5 * MEGABYTE)
    with pytest.raises(DiskFull, match="needs 8 MB and the disk has 5 MB"):
        require_room(tmp_path, 7 * MEGABYTE + 1)


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem):
        require_room(tmp_path / "gone", 1)


def test_the_size_of_the_design() -> None:
    assert BALLAST == 64 * MEGABYTE
