"""Slow work off the window's thread: ``background.run(work, done=..., failed=...)``.

``work`` runs in a pool thread and touches no widget; its result comes back to the window's thread as a signal. A
receiver that is gone by then is not called. What ``failed`` does not take is shown by the window (a Problem) or goes to
the crash page (a bug).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, Signal

T = TypeVar("T")

Report = Callable[[object], None]
"""How work says how far it is. Raises Cancelled when nobody wants it any more."""


class Cancelled(Exception):
    """Raised inside work that was cancelled; it never reaches anybody."""


class Task(Generic[T]):
    """Work on its way. Keep it only to cancel it or to ask whether it still runs."""

    def __init__(self) -> None:
        self.cancelled = False
        self.running = True

    def cancel(self) -> None:
        """Forget the result. Work that reports progress stops at its next report."""
        self.cancelled = True


@dataclass(frozen=True, slots=True)
class _Callbacks:
    """Whom to call with what comes back."""

    done: Callable[[Any], object] | None
    failed: Callable[[Exception], object] | None
    progress: Callable[[Any], object] | None
    owner: QObject | None

    def home(self) -> QObject | None:
        return self.owner or _owner(self.done) or _owner(self.failed)


class _Courier(QObject):
    """Carries results from the pool thread to the thread it was made in, and calls back there."""

    finished = Signal(object)
    failed = Signal(object)
    progressed = Signal(object)

    def __init__(self, parent: QObject, task: Task[Any], callbacks: _Callbacks) -> None:
        super().__init__(parent)
        self._task, self._callbacks, self._home = task, callbacks, callbacks.home()
        queued = Qt.ConnectionType.QueuedConnection
        self.finished.connect(self._on_finished, queued)
        self.failed.connect(self._on_failed, queued)
        self.progressed.connect(self._on_progressed, queued)

    def report(self, value: object) -> None:
        """Called in the pool thread."""
        if self._task.cancelled:
            raise Cancelled
        self.progressed.emit(value)

    def _wanted(self) -> bool:
        return not self._task.cancelled and (self._home is None or shiboken6.isValid(self._home))

    def _on_progressed(self, value: object) -> None:
        if self._wanted() and self._callbacks.progress is not None:
            self._callbacks.progress(value)

    def _on_finished(self, value: object) -> None:
        self._close()
        if self._wanted() and self._callbacks.done is not None:
            self._callbacks.done(value)

    def _on_failed(self, fault: Exception) -> None:
        self._close()
        if isinstance(fault, Cancelled) or not self._wanted():
            return
        if self._callbacks.failed is not None:
            self._callbacks.failed(fault)
        else:
            _unhandled(self._home, fault)

    def _close(self) -> None:
        self._task.running = False
        self.deleteLater()


class _Job(QRunnable):
    def __init__(self, work: Callable[[], object], courier: _Courier) -> None:
        super().__init__()
        self._work, self._courier = work, courier

    def run(self) -> None:
        try:
            result = self._work()
        except Exception as fault:  # noqa: BLE001 - it is raised again in the window's thread
            signal, result = self._courier.failed, fault
        else:
            signal = self._courier.finished
        if shiboken6.isValid(self._courier):
            signal.emit(result)


class _Pool(QObject):
    """The tasks under way; a child of the application, so that they outlive pages and not the program."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self.threads = QThreadPool(self)
        app.aboutToQuit.connect(self.wait)

    def wait(self) -> None:
        """Let what is under way come to its end: half a write is undone by the store, not by us."""
        self.threads.waitForDone(10_000)


def _pool() -> _Pool:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application")
    found: _Pool | None = app.findChild(_Pool, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or _Pool(app)


def run(
    work: Callable[..., T],
    *,
    done: Callable[[T], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
    progress: Callable[[Any], object] | None = None,
    owner: QObject | None = None,
) -> Task[T]:
    """Run ``work`` in a pool thread.

    With ``progress``, work is called with a ``Report``; without, with nothing. ``owner`` is the widget the callbacks
    belong to: they are not called once it is gone (found by itself where they are its methods).
    """
    task: Task[T] = Task()
    pool = _pool()
    courier = _Courier(pool, task, _Callbacks(done, failed, progress, owner))
    pool.threads.start(_Job(partial(work, courier.report) if progress is not None else work, courier))
    return task


def wait() -> None:
    """Wait for everything under way (tests, and before the store is closed)."""
    _pool().wait()


def _owner(callback: Callable[..., object] | None) -> QObject | None:
    home = getattr(callback, "__self__", None)
    return home if isinstance(home, QObject) else None


def _unhandled(home: QObject | None, fault: Exception) -> None:
    from gridworker.errors import Problem

    if isinstance(fault, Problem):
        from gridworker.gui import messages

        messages.show_problem(home, fault)
    else:
        sys.excepthook(type(fault), fault, fault.__traceback__)
