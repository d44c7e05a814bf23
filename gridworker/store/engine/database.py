"""The encrypted file: one writing connection, several reading ones, and the driver's errors as sentences.

The transaction mode and the separate engines are the recipe of security.md, as is connection.py; each line is there
because without it something was lost, left in clear or wrongly rolled back.

Nobody else opens the file or its -shm: closing a second handle in this process drops SQLite's locks. The -wal has none
(log_room.py).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine

from gridworker.errors import DiskFull, StoreBusy, StoreClosed, StoreDamaged, StoreProblem
from gridworker.store.engine.breaking_off import BreakingOff
from gridworker.store.engine.checkpoint import Checkpoints
from gridworker.store.engine.checks import PAGE_SIZE as PAGE_SIZE
from gridworker.store.engine.checks import Still, named_by
from gridworker.store.engine.connection import connect, refuse_engine, scanning, unlock
from gridworker.store.engine.diskspace import Ballast
from gridworker.store.engine.faults import copying_problem, damaged, problem_of
from gridworker.store.engine.file_bytes import FileBytes, make_file, require_file
from gridworker.store.engine.filesafe import PRIVATE_FILE, disk_problems
from gridworker.store.engine.log_room import ROOM, make_log_room
from gridworker.store.engine.pools import reading_pool, writing_pool
from gridworker.store.engine.readings import Readings
from gridworker.store.engine.told import Told
from gridworker.store.engine.turn import Turn
from gridworker.store.engine.writer import Writer

T = TypeVar("T")

ENGINE: str = driver.sqlite_version

COPIED_AT_ONCE = 2048
"""Pages: some 8 MB, after which a copy can be stopped."""
SORTED_IN_MEMORY = 1 << 26
"""Bytes of a store that is written anew by way of memory alone; a larger one by way of a temporary file."""

LEFT_OFF = 1.0
"""Seconds at most that closing waits for readings to end, whose statements end at once: a lock is to be quick."""


class Database:
    """The encrypted store file, open. ``dek`` is its raw key of 32 bytes.

    ``create`` makes the file and refuses one that is there; without it a missing file is an error and never an empty
    new store. ``read_only`` opens no writing connection: the second window on a store. ``ballast`` is let go when the
    disk is full.
    """

    def __init__(
        self, path: Path, dek: bytes, *, create: bool = False, read_only: bool = False, ballast: Ballast | None = None
    ) -> None:
        if len(dek) != 32:
            raise ValueError("the data key has 32 bytes")
        refuse_engine(driver.sqlite_version_info)
        self._path, self._log = path, path.with_name(f"{path.name}-wal")
        self._dek = dek
        self._ballast = ballast
        self._together: Connection | None = None
        self._closed, self._log_is_left, self._log_room = False, False, 0
        self.read_only = read_only
        make_file(path) if create else require_file(path, PAGE_SIZE)
        self._bytes = FileBytes(path)
        self._writer = writing_pool(partial(self._connect, query_only=False))
        self._writes = Writer(self._writer)
        self._breaking = BreakingOff(self._writes.interrupt)
        self._turn = Turn(self._breaking.end)
        self._brought_in = Checkpoints(self._bring_in)
        self._readings = Readings()
        self._readers = reading_pool(partial(self._connect, query_only=True))
        self._told_writing, self._told_reading = (
            Told(partial(self._tell, engine)) for engine in (self._writer, self._readers)
        )
        self._open()

    @property
    def writes(self) -> int:
        """Transactions of this process so far: while it stays the same, so does what was read after it was asked."""
        return self._writes.count

    @contextmanager
    def write(
        self, *, much: bool = False, unheard: bool = False, failed: Callable[[], object] | None = None
    ) -> Iterator[Connection]:
        """The one writer: BEGIN IMMEDIATE on entry, durable COMMIT on leaving, rolled back on any exception.

        Threads take turns. Asking for it twice in one thread is a bug, not a wait for ever; but see ``together``.
        ``much`` reaches the file soon after its commit (checkpoint.py). ``unheard``: of what nobody reads; uncounted.
        ``failed`` is called where nothing was kept, before others have their turn.
        Raises StoreProblem where the file is not the one that was opened any more.
        """
        shared = self._shared()
        if shared is not None:
            yield shared
            return
        if self.read_only:
            raise StoreProblem("This window only reads: the data are being written by another one.")
        self._require_open()
        self._bytes.require_same()  # a look at its name: what is saved to a file without one goes with the program
        brought_in = self._brought_in.after(self._writes) if much else nullcontext()
        writing = self._writes.begun(counted=not unheard, failed=failed)
        with self._turn, self._told_writing, brought_in, writing as connection:
            self._breaking.begin()
            yield connection
            self._breaking.go_past()  # what is raised here is rolled back like all else; else it is committed

    @contextmanager
    def together(self, *, much: bool = False, failed: Callable[[], object] | None = None) -> Iterator[Connection]:
        """Several writes of this thread as one durable transaction: all of them or none. For the rest see ``write``.

        Within it ``write`` and ``read`` of this thread are on the one connection: each sees what those before wrote,
        and finds the pages they read in its cache. What goes wrong in a write has to leave this one too.
        """
        with self.write(much=much, failed=failed) as connection:
            self._together = connection
            try:
                yield connection
            finally:
                self._together = None

    @property
    def is_together(self) -> bool:
        """Whether this thread writes ``together``: what it has read stands until it writes itself."""
        return self._shared() is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading connection with one unchanging view of the store, in any thread, also while a write goes on."""
        shared = self._shared()
        if shared is not None:
            yield shared
            return
        with self._told_reading, self._readers.connect() as connection:
            raw = cast("driver.Connection", connection.connection.dbapi_connection)
            try:
                reading = self._readings.begin(raw, writes=self._turn.is_mine)
                try:
                    yield connection
                finally:
                    self._readings.end(reading)
            finally:
                if self._closed:
                    connection.invalidate()

    @contextmanager
    def meanwhile(self, work: Callable[[Connection], T]) -> Iterator[Callable[[], T]]:
        """Read on another connection in another thread while the block goes on; what it is given waits for the result.

        The engine decrypts and searches without Python's lock, so two readings take little longer than one. Each has a
        view of its own: where a commit falls between, whoever shows them reads again.
        """

        def reading() -> T:
            with self.read() as connection, scanning(connection):
                return work(connection)

        with ThreadPoolExecutor(1, thread_name_prefix="reading") as pool:
            yield pool.submit(partial(copy_context().run, reading)).result  # it only looks where whoever asks does

    def checkpoint(self) -> bool:
        """Bring the write-ahead log into the file and cut it to nothing; False where a reader held it up.

        Only after this is something deleted really gone from the disk, and may the file be checked page by page.
        """
        with self._turn, self._told_writing:
            self._brought_in.wait()
            done = self._checkpoint()
            make_log_room(self._log, self._log_room)
            return done

    def write_anew(self) -> None:
        """Write every row and every page anew. Raises DiskFull, StoreProblem; the file is as it was then.

        The engine overwrites what is deleted, but not what it moves: a page that was divided for rows that came between
        keeps copies of those that went to another page, where no deletion reaches them. Needs room for the store twice.
        Raises StoreClosed too, where the lock ended it.
        """
        self._require_open()
        with disk_problems(self._path):
            large = self._path.stat().st_size > SORTED_IN_MEMORY
        with self._turn, self._told_writing, closing(self._connect(query_only=False)) as connection:
            self._breaking.begin(connection.interrupt)
            connection.execute(f"PRAGMA temp_store={'FILE' if large else 'MEMORY'}")  # it is encrypted there too
            try:
                connection.execute("VACUUM")
            except MemoryError as fault:  # what the engine says where it meets some pages that do not open
                raise (damaged() if self._bad_pages(None) else fault) from None

    def integrity(self, still: Still = None) -> list[str]:
        """All faults of the file, in the engine's words; empty when it is whole. Reads every page.

        Each check has a connection of its own: one bad page makes every later answer of a connection wrong.
        """
        if self.read_only:
            return self._check("integrity_check", lambda connection: named_by(connection, "integrity_check", still))
        with suppress(StoreDamaged), self.lying_still() as (_, handle):  # a damaged page is met again, and named, below
            if handle is None:
                raise StoreBusy("The store is being read just now and cannot be checked. Try again in a moment.")
            return self.sealed_integrity(still)
        return self.sealed_integrity(still)

    def sealed_integrity(self, still: Still = None) -> list[str]:
        """All faults of a file that nobody writes to, as a backup is: it has no write-ahead log to be brought in.

        ``still`` is asked now and then; what it raises ends the check.
        """
        bad = self._check("pages", lambda _connection: self._bad_pages(still))
        return bad + self._check("integrity_check", lambda connection: named_by(connection, "integrity_check", still))

    def beside(self, path: Path) -> "Database":
        """Another store file under the same key, only to be read. Raises StoreProblem where it cannot be."""
        return Database(path, self._dek, read_only=True)

    def copy(self, connection: Connection, target: Path, step: Callable[[float], object] | None = None) -> None:
        """Write the state that a reading ``connection`` sees to a new file under the same key. Not yet synced.

        The engine copies page by page; writers go on meanwhile. The copy needs no write-ahead log beside it, so it
        opens on a medium that cannot be written to. ``step`` is told the share that is copied; what it raises ends it.
        """

        def told(_status: int, remaining: int, total: int) -> None:
            self._readings.require_going_on()
            if step is not None:
                step(1 - remaining / max(total, 1))

        source = raw_cursor(connection).connection
        try:
            with closing(driver.connect(str(target), isolation_level=None)) as copied:
                unlock(copied, self._dek)
                copied.execute("PRAGMA synchronous=OFF").fetchall()
                source.backup(copied, pages=COPIED_AT_ONCE, progress=told)
                copied.execute("PRAGMA journal_mode=DELETE").fetchall()
        except driver.DatabaseError as error:
            raise copying_problem(error, target.parent) from error

    @contextmanager
    def lying_still(self) -> Iterator[tuple[Connection, int | None]]:
        """A reading connection, and a handle to the bytes of the file, which are all that it sees and stay as they are.

        While somebody reads the file alone the engine does not write to it: commits wait in the write-ahead log. None
        for the handle where a reader of an older state kept the log from being brought in. Raises StoreProblem where
        the file is not the one that was opened any more. What waited is brought in at the end, by whoever read here.
        """
        with ExitStack() as reading:
            with self._turn, self._told_writing:
                self._brought_in.wait()
                all_in = self._bring_in()
                if not self.read_only:
                    reading.enter_context(self._brought_in.at_the_end(self._writes, self._turn))
                connection = reading.enter_context(self.read())
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").fetchall()
            yield connection, self._bytes.handle() if all_in else None

    def break_off(self, patience: float) -> bool:
        """End what another thread writes and does not end within ``patience`` seconds. Whether that was needed."""
        return self._breaking.break_off(patience)

    def stop_looking(self) -> None:
        """End what other threads read only to look (looking.py), and let none of it begin. It is told StoreClosed."""
        self._readings.stop(LEFT_OFF, looks=True)

    def leave_log(self) -> None:
        """Leave a write-ahead log behind when closing, if only an empty one, as if it had not been done in order."""
        self._log_is_left = True

    def make_log_room(self) -> None:
        """Make saves quick (log_room.py), from now on: for a store at which somebody works, on a disk with room."""
        with self._turn:
            self._log_room = ROOM
            make_log_room(self._log, ROOM)

    def make_room(self) -> bool:
        """Let the ballast go: for a file beside the store that a full disk has no room for. Whether there was any."""
        return self._ballast is not None and self._ballast.release()

    def close(self) -> None:
        """Close all connections and forget the key. The last one takes the write-ahead log with it.

        A write that is under way ends first, and is kept; readings are ended, and told StoreClosed.
        """
        self._readings.stop(LEFT_OFF)
        with self._turn:
            self._brought_in.wait()
            self._closed = True
            keep = self._log_is_left or (self.read_only and self._log.exists())
            self._readers.dispose()
            self._writes.close()
            if (
                keep and not self._log.exists()
            ):  # a writer that was killed left it, and is looked for by it (freshness.py)
                with suppress(OSError):
                    self._log.touch(PRIVATE_FILE)
            self._dek = b""
            self._bytes.close()

    def _bring_in(self) -> bool:
        """Bring the write-ahead log in without waiting for anybody; whether all of it is in.

        The driver's errors are as they come: where nobody hears of a full disk the ballast must not be let go.
        """
        with closing(self._connect(query_only=False)) as connection:
            busy, logged, brought = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return not busy and logged == brought

    def _open(self) -> None:
        """Read the first page, so that a wrong key or a damaged file is met here; with room made if there was none."""
        told = self._told_reading if self.read_only else self._told_writing
        begun: Callable[[], AbstractContextManager[Connection]]
        begun = self._readers.connect if self.read_only else self._writes.begun
        for last in (False, True):
            try:
                with told, begun() as connection:
                    connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").fetchall()
            except DiskFull:
                if last:
                    raise
            else:
                return

    def _connect(self, *, query_only: bool) -> driver.Connection:
        self._require_open()
        self._bytes.require_same()
        return connect(self._path, self._dek, query_only=query_only or self.read_only)

    def _require_open(self) -> None:
        """First of all: of the file of a store that was closed nothing that is said is true, it may be anywhere."""
        if self._closed:
            raise StoreClosed("The data are locked. Unlock them and try again.")

    def _shared(self) -> Connection | None:
        """The connection on which this thread writes together, if it does."""
        return self._together if self._turn.is_mine else None

    def _tell(self, engine: Engine, error: BaseException) -> None:
        """Raise the problem that an error of the driver is."""
        self._breaking.require_going_on()
        self._readings.require_going_on()
        problem = problem_of(error, self._path.parent)
        if problem is None:
            return
        if isinstance(problem, DiskFull):
            self.make_room()
        if isinstance(problem, StoreDamaged):
            engine.dispose()  # after one bad page a connection answers wrongly
        raise problem from error

    def _checkpoint(self) -> bool:
        with closing(self._connect(query_only=False)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _check(self, what: str, look: Callable[[driver.Connection], list[str]]) -> list[str]:
        try:
            with closing(self._connect(query_only=False)) as connection:
                reading = self._readings.begin(connection)
                try:
                    return look(connection)
                finally:
                    self._readings.end(reading)
        except (driver.Error, OSError) as error:
            self._readings.require_going_on()
            if isinstance(error, driver.Error) and problem_of(error, self._path.parent) is None:
                raise
            return [f"{what}: {error}"]

    def _bad_pages(self, still: Still) -> list[str]:
        from gridworker.store.engine.page_check import bad_pages

        def asked() -> None:
            self._readings.require_going_on()
            if still is not None:
                still()

        return bad_pages(self._path, self._bytes.handle(), self._dek, asked)


def raw_cursor(connection: Connection) -> driver.Cursor:
    """The driver's own cursor inside the transaction of ``connection``, for ``executemany`` over many rows.

    Its errors are mapped like all others when they leave ``write`` or ``read``.
    """
    cursor: driver.Cursor = connection.connection.cursor()  # type: ignore[assignment]  # SQLAlchemy knows only the DBAPI's
    return cursor


def reading_cursor(connection: Connection) -> driver.Cursor:
    """The same for reading. All that is read by it is of one state: the driver begins no transaction by itself."""
    if not connection.in_transaction():
        connection.begin()
    return raw_cursor(connection)
