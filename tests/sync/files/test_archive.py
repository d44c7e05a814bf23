"""Copies of bundles are on the disk before what they brought counts, and gone where it does not."""

import errno
import os
from pathlib import Path
from threading import Event

import pytest

from gridworker.errors import DiskFull
from gridworker.sync.files import archive
from gridworker.sync.files.archive import archiving
from gridworker.sync.files.files import save_bundle

WAIT = 60.0


def test_settling_waits_for_every_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, order = Event(), []

    def slow(path: Path, data: bytes, **_: bool) -> None:
        assert go_on.wait(WAIT)
        path.write_bytes(data)
        order.append("copy")

    monkeypatch.setattr(archive, "save_bundle", slow)
    monkeypatch.setattr(archive, "fsync_folder", lambda _: order.append("names"))
    with archiving(tmp_path) as copies:
        for name in ("a", "b"):
            with copies.put({name: b"x"}):
                order.append("merged")
        go_on.set()
        copies.settle()
        order.append("settled")
    assert order == ["merged", "merged", "copy", "copy", "names", "settled"]


def test_a_copy_that_did_not_get_there_is_told_before_anything_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def one() -> None:
        with archiving(tmp_path) as copies:
            with copies.put({"a": b"x"}):
                pass
            copies.settle()
            pytest.fail("it counts as settled")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="nothing was changed"):
        one()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_taken_in_the_new_copies_go(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    def stopped() -> None:
        with archiving(tmp_path) as copies:
            with copies.put({"old": b"old"}), copies.put({"new": b"new"}):
                pass
            raise KeyError

    with pytest.raises(KeyError):
        stopped()
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_of_many_none_is_left_where_one_did_not_get_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number:02}" for number in range(3 * archive.AT_ONCE)]
    (tmp_path / names[0]).write_bytes(b"old")

    def all_but_one(path: Path, data: bytes, *, private: bool, sync_name: bool) -> None:
        if path.name == names[archive.AT_ONCE + 1]:
            raise DiskFull("full")
        save_bundle(path, data, private=private, sync_name=sync_name)

    def full() -> None:
        with archiving(tmp_path) as copies, copies.put(dict.fromkeys(names, b"old")):
            copies.settle()

    monkeypatch.setattr(archive, "save_bundle", all_but_one)
    with pytest.raises(DiskFull, match="nothing was changed"):
        full()
    assert [path.name for path in tmp_path.iterdir()] == names[:1]


def test_one_that_was_not_taken_in_goes_and_the_others_stay(tmp_path: Path) -> None:
    with archiving(tmp_path) as copies:
        with copies.put({"good": b"good"}):
            pass
        with pytest.raises(KeyError), copies.put({"bad": b"bad"}):
            raise KeyError
        copies.settle()
    assert [path.name for path in tmp_path.iterdir()] == ["good"]
