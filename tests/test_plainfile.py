"""What is no plain file is refused, and nobody waits for it. An alarm ends a test that waits all the same."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridworker import plainfile
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.attachment.attachments import read_file
from gridworker.app.files import bug_log
from gridworker.app.files.code_files import code_in
from gridworker.app.openers import finish_cut_off
from gridworker.app.places import divisions
from gridworker.app.staff import attempts
from gridworker.cli.frame import small_text
from gridworker.errors import Problem, StoreProblem
from gridworker.gui.preferences import Preferences
from gridworker.paths import Folder
from gridworker.plainfile import NotAFile, open_plain, read_given
from gridworker.sheets.mapping_file import read_mapping
from gridworker.sheets.read import read_book
from gridworker.store.backup.manifest import file_hash
from gridworker.store.backup.medium import Medium
from gridworker.store.backup.place import clear_parts, copy_synced
from gridworker.store.engine.connection import connect
from gridworker.store.engine.database import Database
from gridworker.store.engine.file_bytes import require_file
from gridworker.store.engine.filesafe import clear_folder, fsync_folder
from gridworker.store.engine.lock import WriterLock
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.sync.files.files import load_bundle
from tests.circle import PASSPHRASE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names in a folder")


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    return path


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path, pipe: Path) -> None:
    named = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(named))
        for path in (pipe, named, Path("/dev/zero"), Path("/dev/null")):
            with pytest.raises(NotAFile):
                open_plain(path)


def test_what_becomes_a_pipe_at_the_last_moment_is_none_the_less(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def require(path: Path, mode: int, real: Callable[[Path, int], None] = plainfile._require_plain) -> None:
        looked.append(mode)
        if len(looked) > 1:
            real(path, mode)

    monkeypatch.setattr(plainfile, "_require_plain", require)
    with pytest.raises(NotAFile):
        open_plain(pipe)


@pytest.mark.parametrize("read", [load_bundle, file_hash, read_file, read_book, read_mapping, divisions])
def test_a_named_pipe_is_a_sentence_wherever_a_file_is_read(pipe: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(Problem, match=r"pipe\.csv"):
        read(pipe)


def test_small_files_that_are_pipes_say_nothing(pipe: Path, tmp_path: Path) -> None:
    assert code_in(pipe, 100) is None
    folder = Folder(tmp_path / "data")
    folder.root.mkdir()
    os.mkfifo(folder.attempts)
    assert attempts.read(folder).total == 0
    assert Preferences.load(pipe).scale == 1.0


def test_settings_are_saved_past_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "look.part")
    Preferences(path=tmp_path / "look.json").save()
    assert b"scale" in (tmp_path / "look.json").read_bytes()


def test_nothing_is_copied_into_a_pipe(tmp_path: Path, pipe: Path) -> None:
    (tmp_path / "source").write_bytes(b"x")
    with pytest.raises(OSError, match="No such device"):
        copy_synced(tmp_path / "source", pipe)
    with pytest.raises(NotAFile):
        copy_synced(pipe, tmp_path / "target")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_in_the_place_of_a_store_it_is_told(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "store.db")
    with pytest.raises(StoreProblem, match="and no store"):
        require_file(tmp_path / "store.db", 4096)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
@pytest.mark.parametrize(
    "place",
    [
        "mark.json", "beside.json", "writer.lock", "attempts.json", "unread.json", "store.db-wal", "store.db-shm",
        "store.db-journal",
    ],
)  # fmt: skip
def test_in_the_place_of_a_small_file_it_is_told(tmp_path: Path, place: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / place)
    with pytest.raises(StoreProblem, match=f"{place}.* in the data folder is no file"):
        WriterLock(Folder(tmp_path)).acquire()


@pytest.mark.parametrize("query_only", [False, True])
@pytest.mark.parametrize("tail", ["-journal", "-wal", "-shm"])
def test_no_store_is_opened_beside_a_pipe(tmp_path: Path, tail: str, *, query_only: bool) -> None:
    """The engine looks for its logs whoever opens the file, a rescue too."""
    Database(tmp_path / "store.db", bytes(32), create=True).close()
    (tmp_path / f"store.db{tail}").unlink(missing_ok=True)
    os.mkfifo(tmp_path / f"store.db{tail}")
    with pytest.raises(StoreProblem, match=f"store.db{tail}.* in the data folder is no file"):
        connect(tmp_path / "store.db", bytes(32), query_only=query_only)


def test_no_office_is_founded_beside_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".setup")
    with pytest.raises(StoreProblem, match=r"\.setup.* in the data folder is no folder"):
        found_office(tmp_path, PASSPHRASE, Founding("420202005003", "沈家营社区居委会", "刘芳"), profile=CHEAP)


@pytest.mark.parametrize("place", [".rekey", ".restore"])
def test_in_the_place_of_a_folder_it_is_told(tmp_path: Path, place: str) -> None:
    os.mkfifo(tmp_path / place)
    with pytest.raises(StoreProblem, match=f"{place}.* in the data folder is no folder"):
        finish_cut_off(Folder(tmp_path))


@pytest.mark.parametrize("make", [os.mkfifo, Path.touch])
def test_no_folder_is_cleared_where_there_is_none(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Removing a folder begins with opening it: here nothing ever came of a new data key, or of an erasure."""
    clear_folder(tmp_path / ".remake")
    make(tmp_path / ".remake")
    with pytest.raises(StoreProblem, match=r"\.remake.* in the data folder is no folder"):
        clear_folder(tmp_path / ".remake")


def test_what_backups_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    left = [tmp_path / f"00-0001-00000{at}-20261130T120140Z.part" for at in range(3)]
    left[0].mkdir()
    os.mkfifo(left[1])
    left[2].touch()
    clear_parts(tmp_path, 0)
    assert sorted(tmp_path.iterdir()) == left[1:]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_in_the_place_of_both_key_files_it_is_told(tmp_path: Path, make: Callable[[Path], None]) -> None:
    for path in (Folder(tmp_path).keys, Folder(tmp_path).keys_copy):
        make(path)
    with pytest.raises(StoreProblem, match=r"keys\.json.* in the data folder is no file"):
        Vault(Folder(tmp_path)).open("whatever it is")


def test_a_passphrase_comes_through_a_pipe_that_somebody_writes_to() -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, "虎年的虎\n".encode())
        given = Path(f"/dev/fd/{reading}")
        # What a shell names so has been opened for writing by then, and ends when that is closed.
        handle = os.open(given, os.O_RDONLY | os.O_NONBLOCK)
        os.close(writing)
        assert small_text(given) == "虎年的虎\n"
        os.close(handle)
    finally:
        os.close(reading)


def test_a_pipe_nobody_writes_to_is_empty_and_a_device_is_refused(pipe: Path) -> None:
    assert read_given(pipe, 100) == b""
    with pytest.raises(NotAFile):
        read_given(Path("/dev/zero"), 100)


def test_nothing_is_read_back_from_a_pipe(pipe: Path) -> None:
    with pytest.raises(NotAFile):
        Medium(pipe, 4096, 1)


def test_a_log_that_is_a_pipe_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bug_log, "log_file", lambda: tmp_path / "gridworker.log")
    for name in ("gridworker.log", "gridworker.log.1"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(Problem, match="no log"):
        bug_log.whole_log()


def test_a_pipe_is_no_folder(pipe: Path) -> None:
    with pytest.raises(NotADirectoryError):
        fsync_folder(pipe)
