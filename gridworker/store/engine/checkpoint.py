"""Checkpoints after very large commits run in a thread of their own, so that an import need not wait for them.

The commit is durable once it is in the write-ahead log (WAL). SQLite would by itself copy the log into the database
file before the commit returns (wal_autocheckpoint), which takes as long as the commit.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DBAPIError

from gridworker.errors import StoreProblem

if TYPE_CHECKING:
    from gridworker.store.engine.writer import Writer

PAGES = 1000
"""Pages in the log from which on a commit runs the checkpoint itself: SQLite's own default of wal_autocheckpoint."""


class Checkpoints:
    """Runs a checkpoint, which is ``bring``, after a commit.

    Failures are not reported: nothing is lost by them, and a later commit runs the checkpoint.
    """

    def __init__(self, bring: Callable[[], object]) -> None:
        self._bring = bring
        self._thread: Thread | None = None

    @contextmanager
    def after(self, writer: "Writer") -> Iterator[None]:
        """For a block in which ``writer`` commits: what it wrote is brought in after the block."""
        writer.put("wal_autocheckpoint=0")
        try:
            yield
        finally:
            with suppress(StoreProblem, driver.Error, DBAPIError):  # what was met in the block is said
                writer.put(f"wal_autocheckpoint={PAGES}")
        self.wait()
        thread = Thread(target=self._work, name="bringing in")
        with suppress(RuntimeError):  # the system has no room for one: what was written is durable all the same
            thread.start()
            self._thread = thread

    @contextmanager
    def at_the_end(self, writer: "Writer", turn: "AbstractContextManager[None]") -> Iterator[None]:
        """For a block that keeps the log from being brought in: what ``writer`` commits meanwhile is, after the block.

        Else the next commit would bring all of it in, and whoever saves waits for what 500 saves have written. It is
        the ``turn`` of whoever begins this; it ends in one of its own.
        """
        writer.put("wal_autocheckpoint=0")
        try:
            yield
        finally:
            with suppress(StoreProblem, driver.Error, DBAPIError):
                self._bring()
            with suppress(StoreProblem, driver.Error, DBAPIError), turn:
                writer.put(f"wal_autocheckpoint={PAGES}")

    def wait(self) -> None:
        """Wait until all is in that was begun: the engine lets nobody else bring in meanwhile."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        with suppress(StoreProblem, driver.Error, DBAPIError):
            self._bring()
