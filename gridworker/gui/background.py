"""Slow work off the window's thread: ``background.run(work, done=..., failed=...)``.

``work`` runs in a pool thread and touches no widget; its result comes back to the window's thread as a signal. A
receiver that is gone by then is not called. What ``failed`` does not take is shown by the window (a Problem) or goes to
the crash page (a bug). Work that the lock overtook, so that it found the store closed, ends like cancelled work: its
page went with the lock.

``background.look`` is the same for what is only read, to be shown: neither the lock nor whoever closes the window waits
for it, and what it asks of the store is ended there and then (looking.py).

Python collects garbage in whatever thread happens to allocate, and a widget that is garbage must not be taken apart in
a pool thread: that ends the program. So while work runs, only the window's thread collects.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from gridworker.errors import Problem, StoreClosed
from gridworker.gui.process.malloc_arena import share_malloc_arena
from gridworker.looking import looking

T = TypeVar("T")

_SWEEP_MS = 100
"""What work makes is looked through as often: all of it at its end would hold the window up."""
_OLD = 2
"""The generation of what has lasted."""
_THREADS = 4
PATIENCE = 10.0
"""Seconds to wait for work that is under way when the program ends."""
_STOPPING = 0.5
"""Seconds that cancelled work gets to take away what it had begun: a file that is half written."""

Report = Callable[[object], None]
"""How work says how far it is. Raises Cancelled when nobody wants it any more."""


class Cancelled(Exception):
    """Raised inside work that was cancelled; it never reaches anybody."""


class Task(Generic[T]):
    """Work on its way. Keep it only to cancel it or to ask whether it still runs."""

    def __init__(self, *, looks: bool = False) -> None:
        self.cancelled = False
        self.running = True
        self.looks = looks
        """Whether it only looks."""

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
    """Carries the work to a pool thread and what comes of it back to the thread it was made in.

    It holds the only lasting references to work and result, and lets them go where it lives: what they refer to may be
    widgets.
    """

    ended = Signal()
    progressed = Signal(object)

    def __init__(self, pool: "_Pool", task: Task[Any], callbacks: _Callbacks) -> None:
        super().__init__(pool)
        self._pool, self.task = pool, task
        self._callbacks: _Callbacks | None = callbacks
        self._home = callbacks.home()
        self._work: Callable[[], object] | None = None
        self._result: object = None
        self._fault: Exception | None = None
        self.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)

    def load(self, work: Callable[[], object]) -> None:
        """What to do."""
        self._work = work

    def do(self) -> None:
        """Do it; called in the pool thread."""
        work = self._work
        if work is None or (self.task.looks and self.task.cancelled):
            return
        try:
            with looking() if self.task.looks else nullcontext():
                self._result = work()
        except Exception as fault:  # noqa: BLE001 - it is raised again in the window's thread
            self._fault = fault

    def report(self, value: object) -> None:
        """Called in the pool thread."""
        if self.task.cancelled:
            raise Cancelled
        self.progressed.emit(value)

    def _wanted(self) -> bool:
        return not self.task.cancelled and (self._home is None or shiboken6.isValid(self._home))

    def _on_progressed(self, value: object) -> None:
        if self._wanted() and self._callbacks is not None and self._callbacks.progress is not None:
            self._callbacks.progress(value)

    def _on_ended(self) -> None:
        callbacks, result, fault, home, wanted = self._callbacks, self._result, self._fault, self._home, self._wanted()
        self._work = self._callbacks = self._result = self._fault = self._home = None
        self.task.running = False
        self._pool.end()
        self.deleteLater()
        if callbacks is None or not wanted or isinstance(fault, (Cancelled, StoreClosed)):
            return
        if fault is None:
            if callbacks.done is not None:
                callbacks.done(result)
        elif callbacks.failed is not None:
            callbacks.failed(fault)
        else:
            _unhandled(home, fault)


def _carry_out(courier: _Courier) -> None:
    """Runs in the pool thread. Python's own threads, for Qt takes a runnable apart in the thread it ran in."""
    courier.do()
    if shiboken6.isValid(courier):
        courier.ended.emit()


class _Pool(QObject):
    """The tasks under way; a child of the application, so that they outlive pages and not the program."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        share_malloc_arena()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="background")
        self._under_way: dict[Future[None], Task[Any]] = {}
        self._running = 0
        self._later: deque[_Courier] = deque()
        self._sweep = QTimer(self)
        self._sweep.setInterval(_SWEEP_MS)
        self._sweep.timeout.connect(_collect)
        app.aboutToQuit.connect(self.wait)

    def start(self, courier: _Courier) -> None:
        """Let a courier go: from now on only this thread collects garbage."""
        self._running += 1
        gc.disable()
        self._sweep.start()
        self._under_way = {future: task for future, task in self._under_way.items() if not future.done()}
        self._under_way[self._threads.submit(_carry_out, courier)] = courier.task

    def start_later(self, courier: _Courier) -> None:
        """Let a courier go when nothing else is under way."""
        self._later.append(courier)
        self._start_next()

    def end(self) -> None:
        """Work came to its end."""
        self._running -= 1
        self._start_next()
        if self._running == 0:
            self._sweep.stop()
            gc.enable()

    def _start_next(self) -> None:
        if self._later and self._running == 0:
            self.start(self._later.popleft())

    def wait(self) -> None:
        """Let what is under way come to its end: half a write is undone by the store, not by us."""
        wait_for(self._under_way, timeout=PATIENCE)

    def is_quiet(self, patience: float) -> bool:
        """Whether nothing is under way that does more than look, or ends within so many seconds."""
        if not patience:
            return not any(one.task.running and not one.task.looks for one in self.findChildren(_Courier))
        return not wait_for(self._futures(lambda task: not task.looks), timeout=patience).not_done

    def stop_looking(self) -> None:
        """Cancel what only looks; what has not begun does not."""
        self._cancel(courier.task for courier in self.findChildren(_Courier) if courier.task.looks)

    def stop(self, patience: float) -> None:
        """Let what is under way end within so many seconds; what does not by then is cancelled.

        What is cancelled by then is not waited for so long: a piece that was read ahead may take seconds.
        """
        wait_for(self._futures(lambda task: not task.cancelled), timeout=patience)
        if not all(future.done() for future in self._under_way):
            self._cancel(courier.task for courier in self.findChildren(_Courier))
            wait_for(self._under_way, timeout=_STOPPING)

    def _futures(self, wanted: Callable[[Task[Any]], bool]) -> list[Future[None]]:
        return [future for future, task in self._under_way.items() if wanted(task)]

    @staticmethod
    def _cancel(tasks: Iterable[Task[Any]]) -> None:
        for task in tasks:
            task.cancel()


def _collect() -> None:
    """What Python would have done by itself with the young: the older of their generations that is due.

    The old are left until no work runs. To walk through all of them holds the window up for a tenth of a second, and
    whoever drags through a list while its rows are read would notice.
    """
    due = [
        number
        for number, (count, most) in enumerate(zip(gc.get_count()[:_OLD], gc.get_threshold()[:_OLD], strict=True))
        if count > most
    ]
    if due:
        gc.collect(due[-1])


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
    return _begin(work, _Callbacks(done, failed, progress, owner), looks=False)


def look(
    work: Callable[..., T],
    *,
    done: Callable[[T], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
    progress: Callable[[Any], object] | None = None,
    owner: QObject | None = None,
) -> Task[T]:
    """The same for work that only reads what is to be shown: it ends where it is when the window locks or closes."""
    return _begin(work, _Callbacks(done, failed, progress, owner), looks=True)


def run_later(
    work: Callable[[], T], *, done: Callable[[T], object] | None = None, owner: QObject | None = None
) -> Task[T]:
    """Look when nothing else is under way: for what nobody waits for."""
    courier = _Courier(_pool(), Task(looks=True), _Callbacks(done, None, None, owner))
    courier.load(work)
    _pool().start_later(courier)
    return courier.task


def _begin(work: Callable[..., T], callbacks: _Callbacks, *, looks: bool) -> Task[T]:
    courier = _Courier(_pool(), Task(looks=looks), callbacks)
    courier.load(work if callbacks.progress is None else partial(work, courier.report))
    _pool().start(courier)
    return courier.task


def wait() -> None:
    """Wait for everything under way (tests)."""
    _pool().wait()


def is_quiet(patience: float = 0) -> bool:
    """Whether nothing is under way that does more than look, or all of that ends within so many seconds."""
    return _pool().is_quiet(patience)


def stop_looking() -> None:
    """Cancel what only looks."""
    _pool().stop_looking()


def stop(patience: float) -> None:
    """Wait so many seconds for everything under way, and cancel what is left: before the store is closed."""
    _pool().stop(patience)


def _owner(callback: Callable[..., object] | None) -> QObject | None:
    home = getattr(callback, "__self__", None)
    return home if isinstance(home, QObject) else None


def _unhandled(home: QObject | None, fault: Exception) -> None:
    if isinstance(fault, Problem):
        from gridworker.gui import messages

        messages.show_problem(home, fault)
    else:
        sys.excepthook(type(fault), fault, fault.__traceback__)
