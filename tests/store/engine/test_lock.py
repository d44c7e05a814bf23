import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gridworker.errors import StoreProblem
from gridworker.paths import Folder
from gridworker.store.engine import lock as module
from gridworker.store.engine.lock import WriterLock, refuse_place
from gridworker.store.engine.machine import Volume

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from pathlib import Path
from gridworker.paths import Folder
from gridworker.store.engine.lock import WriterLock
lock = WriterLock(Folder(Path(sys.argv[1])))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def test_one_writer_at_a_time(folder: Folder) -> None:
    first, second = WriterLock(folder), WriterLock(folder)
    assert first.acquire()
    assert first.acquire()
    assert first.held
    assert not second.acquire()
    assert not second.held
    first.release()
    first.release()
    assert second.acquire()
    second.release()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open")
def test_a_lock_file_that_was_cleared_away_lets_no_second_writer_in(folder: Folder) -> None:
    first, second = WriterLock(folder), WriterLock(folder)
    for _ in range(2):
        assert first.acquire()
        folder.lock.unlink()
        assert not second.acquire()
        assert not second.held
        first.release()
        assert second.acquire()
        second.release()


def test_the_lock_file_tells_nothing(folder: Folder) -> None:
    lock = WriterLock(folder)
    assert lock.acquire()
    assert folder.lock.read_bytes() == b""
    if sys.platform != "win32":
        assert folder.lock.stat().st_mode & 0o777 == 0o600
    lock.release()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_writer_holds_nothing(folder: Folder, tmp_path: Path) -> None:
    for sent in (signal.SIGKILL, signal.SIGTERM):
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, folder.root],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        ) as holder:  # fmt: skip
            assert holder.stdout is not None
            assert holder.stdout.readline() == "True\n"
            lock = WriterLock(folder)
            assert not lock.acquire()
            (tmp_path / f"name {sent}").symlink_to(folder.root)
            assert not WriterLock(Folder(tmp_path / f"name {sent}")).acquire()
            holder.send_signal(sent)
            holder.wait(10)
            assert lock.acquire()
            lock.release()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("hard", [True, False])
def test_a_store_with_a_second_name_is_refused(folder: Folder, tmp_path: Path, hard: bool) -> None:
    other = Folder(tmp_path / "other")
    for place in (folder, other):
        place.root.mkdir()
    folder.database.touch()
    if hard:
        other.database.hardlink_to(folder.database)
    else:
        other.database.symlink_to(folder.database)
    with pytest.raises(StoreProblem, match="second name"):
        WriterLock(other).acquire()
    assert not other.lock.exists()


def test_a_folder_in_the_place_of_the_store_is_said_to_be_one(folder: Folder) -> None:
    folder.database.mkdir(parents=True)
    with pytest.raises(StoreProblem, match=r"is a folder here, .* and no store"):
        WriterLock(folder).acquire()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_lock_file_that_is_a_link_is_refused(folder: Folder, tmp_path: Path) -> None:
    folder.root.mkdir()
    folder.lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreProblem):
        WriterLock(folder).acquire()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("volume", [Volume("nfs4", network=True), Volume("ext4", removable=True), Volume("vfat")])
def test_a_stick_or_a_network_disk_is_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch, volume: Volume) -> None:
    monkeypatch.setattr(module, "volume_of", lambda _: volume)
    with pytest.raises(StoreProblem, match="stick"):
        WriterLock(folder).acquire()
    assert not folder.root.exists()


def test_a_disk_nothing_is_known_of_is_taken(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "volume_of", lambda _: Volume())
    refuse_place(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows always has locks")
def test_a_disk_without_locks_is_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def missing(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", missing)
    with pytest.raises(StoreProblem, match="stick"):
        WriterLock(folder).acquire()


def test_another_thread_may_release_it(folder: Folder) -> None:
    first, second = WriterLock(folder), WriterLock(folder)
    assert first.acquire()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(first.release).result(10)
    assert second.acquire()
    second.release()
