import errno
import os
from pathlib import Path

import pytest

from gridworker.errors import DiskFull, StoreProblem
from gridworker.store.engine import filesafe
from gridworker.store.engine.filesafe import (
    cut_away,
    fsync_folder,
    is_in_place,
    make_folder,
    put_in_place,
    write_durably,
)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for data in (b"one", b"", b"three" * 100_000):
        write_durably(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_the_rights_are_those_asked_for(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    (tmp_path / "keys.json.part").touch(0o666)
    before = os.umask(0)
    try:
        write_durably(path, b"x", mode=mode)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == mode


def test_everything_is_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b"old")
    seen: list[str] = []
    whole = os.fsync

    def fsync(handle: int) -> None:
        folder = os.fstat(handle).st_mode & 0o040000
        seen.append(f"{'folder' if folder else 'file'} {path.read_bytes().decode()}")
        whole(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_durably(path, b"new")
    assert seen == ["file old", "folder new"]


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("code", "problem", "words"),
    [
        (errno.ENOSPC, DiskFull, "disk is full"),
        (errno.EDQUOT, DiskFull, "disk is full"),
        (errno.EIO, StoreProblem, "keys.json"),
        (errno.EROFS, StoreProblem, "read-only"),
    ],
)
def test_any_error_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, problem: type[StoreProblem], words: str
) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    match call:
        case "write":
            monkeypatch.setattr(filesafe, "_write_synced", fail)
        case "fsync":
            monkeypatch.setattr(os, "fsync", fail)
        case _:
            monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(problem, match=words):
        write_durably(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match=r"keys\.json"):
        write_durably(tmp_path / "missing" / "keys.json", b"x")


def test_on_windows_a_held_file_is_tried_again_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    whole, held = Path.replace, [3]

    def replace(self: Path, target: Path) -> Path:
        if held[0]:
            held[0] -= 1
            raise PermissionError(errno.EACCES, "held by an antivirus program")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(filesafe, "_WINDOWS", True)
    monkeypatch.setattr(filesafe, "REPLACE_PAUSE", 0)
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    held[0] = 10**6
    with pytest.raises(StoreProblem):
        write_durably(path, b"newer")
    assert held[0] == 10**6 - filesafe.REPLACE_TRIES
    assert path.read_bytes() == b"new"


def test_elsewhere_a_refusal_is_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def replace(*_: object) -> None:
        calls.append(1)
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(filesafe, "_WINDOWS", False)
    with pytest.raises(StoreProblem):
        write_durably(tmp_path / "x", b"")
    assert len(calls) == 1


def test_a_disk_that_cannot_sync_folders_is_used_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int, code: int = errno.EINVAL) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    fsync_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda handle: refuse(handle, errno.EIO))
    with pytest.raises(OSError, match="error"):
        fsync_folder(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_folders_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "a" / "b")
        make_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert [(tmp_path / part).stat().st_mode & 0o777 for part in ("a", "a/b")] == [0o700, 0o700]


def test_a_file_in_the_place_of_a_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(StoreProblem):
        make_folder(tmp_path / "a" / "b")


def test_a_large_file_gives_its_room_back_bit_by_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesafe, "CUT", 10)
    path, sizes = tmp_path / "store.db", list[int]()
    path.write_bytes(bytes(35))
    monkeypatch.setattr(os, "fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    cut_away(path)
    assert sizes == [25, 15, 5]


def test_what_has_another_name_or_is_none_keeps_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesafe, "CUT", 10)
    kept = tmp_path / "kept"
    kept.write_bytes(bytes(35))
    (tmp_path / "link").symlink_to(kept)
    cut_away(tmp_path / "link")
    (tmp_path / "twin").hardlink_to(kept)
    cut_away(tmp_path / "twin")
    cut_away(tmp_path / "nothing")
    assert kept.read_bytes() == bytes(35)


def laid_out(folder: Path) -> tuple[Path, Path]:
    """A file of one folder, and another one that it is to be put in the place of."""
    made, place = folder / "made" / "store.db", folder / "store.db"
    made.parent.mkdir()
    made.write_bytes(b"new")
    place.write_bytes(b"old")
    (folder / "store.db.part").write_bytes(b"of a run that was cut off")
    return made, place


def test_what_is_put_in_place_is_in_its_old_folder_too_until_that_is_cleared(tmp_path: Path) -> None:
    """The names of two folders reach the disk apart: a file that was moved may be in neither after a power cut."""
    made, place = laid_out(tmp_path)
    for _ in range(2):
        put_in_place(made, place)
        assert made.read_bytes() == place.read_bytes() == b"new"
        assert is_in_place(made, place)
    made.unlink()
    put_in_place(made, place)
    assert place.read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "store.db"]


def test_where_a_file_can_have_but_one_name_it_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, place = laid_out(tmp_path)

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    for _ in range(2):
        put_in_place(made, place)
        assert place.read_bytes() == b"new"
        assert not made.exists()
        assert is_in_place(made, place)
