"""Keeping what is half typed: within a second, off the window's thread, in order, and never after the form is done.

keeper = Autosave(partial(ws.drafts.keep, "report:new"), self)
keeper.kept.connect(self._on_kept)          # when it was kept
keeper.note(self.fields())                  # after every change
keeper.flush()                              # now, before the page is left or locked
keeper.finish()                             # the form became a record: nothing may be kept any more
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QMutex, QMutexLocker, QObject, QTimer, Signal

from gridworker.errors import Problem
from gridworker.gui import background

DELAY = 700
"""Milliseconds after the first key not kept yet; with the write itself it stays under a second, however one types."""

RETRY = 5000


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    fields: dict[str, Any]


class Autosave(QObject):
    """One form's keeper. ``kept`` carries the moment, ``failed`` the Problem; it tries again by itself."""

    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, keep: Callable[[Mapping[str, Any]], datetime | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keep = keep
        self._number, self._newest = 0, 0
        self._waiting: _Version | None = None
        self._writing, self._done = QMutex(), False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def note(self, fields: Mapping[str, Any]) -> None:
        """The form as it stands now; kept a moment later, also while somebody goes on typing."""
        if not self._done:
            self._number += 1
            self._waiting = _Version(self._number, dict(fields))
            if not self._timer.isActive() or self._timer.remainingTime() > DELAY:
                self._timer.start(DELAY)

    @property
    def is_waiting(self) -> bool:
        """Whether something is typed and not kept yet."""
        return self._waiting is not None

    def flush(self) -> None:
        """Keep it now, before this returns. What cannot be kept is said by ``failed``."""
        self._timer.stop()
        version, self._waiting = self._waiting, None
        if version is None:
            return
        try:
            self._on_kept(self._write(version))
        except Problem as problem:
            self._on_failed(version, problem)

    def finish(self) -> None:
        """Keep nothing more; what is being written now comes to its end first."""
        self._timer.stop()
        self._waiting = None
        with QMutexLocker(self._writing):
            self._done = True

    def resume(self) -> None:
        """Keep again: the form could not be finished."""
        self._done = False

    def _write(self, version: _Version) -> datetime | None:
        """In whatever thread. An older version that comes late is let go."""
        with QMutexLocker(self._writing):
            if self._done or version.number < self._newest:
                return None
            at = self._keep(version.fields)
            self._newest = version.number
            return at

    def _on_timeout(self) -> None:
        version, self._waiting = self._waiting, None
        if version is not None:
            background.run(
                partial(self._write, version), done=self._on_kept, failed=partial(self._on_failed, version), owner=self
            )

    def _on_kept(self, at: datetime | None) -> None:
        if at is not None:
            self.kept.emit(at)

    def _on_failed(self, version: _Version, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        if self._waiting is None and not self._done:
            self._waiting = version
            self._timer.start(RETRY)
        self.failed.emit(fault)
