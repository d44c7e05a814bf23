"""The lock of an open store."""

from collections.abc import Callable
from contextlib import suppress

from gridworker.app.access.caches import empty_caches
from gridworker.app.session import Session
from gridworker.errors import Problem


def lock(session: Session, close: Callable[[], None]) -> None:
    """Put on record that it is locked, and close; what is remembered of names goes too."""
    try:
        with suppress(Problem):  # a window that only shows, a full disk
            session.note("lock")
    finally:
        close()
        empty_caches()
