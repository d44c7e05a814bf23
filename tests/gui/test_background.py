"""Slow work: results come back in the window's thread, to whoever is still there."""

import gc
import sys
import threading
import weakref
from functools import partial
from typing import Any
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.errors import Problem, StoreClosed
from gridworker.gui import background
from gridworker.gui.process.malloc_arena import share_malloc_arena


class Receiver(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[str, Any, bool]] = []

    def done(self, value: object) -> None:
        self.got.append(("done", value, threading.current_thread() is threading.main_thread()))

    def failed(self, fault: Exception) -> None:
        self.got.append(("failed", fault, threading.current_thread() is threading.main_thread()))

    def progressed(self, value: object) -> None:
        self.got.append(("progress", value, threading.current_thread() is threading.main_thread()))

    def show_problem(self, problem: Problem) -> None:
        self.got.append(("problem", str(problem), True))


@pytest.fixture
def receiver(qtbot: QtBot) -> Receiver:
    widget = Receiver()
    qtbot.addWidget(widget)
    return widget


def test_the_result_comes_back_to_the_window(qtbot: QtBot, receiver: Receiver) -> None:
    threads: list[object] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 42

    task = background.run(work, done=receiver.done)
    assert task.running
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("done", 42, True)]
    assert threads[0] is not threading.main_thread()
    assert not task.running


def test_a_failure_comes_back_too(qtbot: QtBot, receiver: Receiver) -> None:
    def work() -> None:
        raise Problem("The stick is full.")

    background.run(work, failed=receiver.failed)
    qtbot.waitUntil(lambda: bool(receiver.got))
    name, fault, in_window = receiver.got[0]
    assert (name, str(fault), in_window) == ("failed", "The stick is full.", True)


def test_progress_comes_in_order(qtbot: QtBot, receiver: Receiver) -> None:
    def work(report: background.Report) -> str:
        for share in (0.25, 0.5, 1.0):
            report(share)
        return "packed"

    background.run(work, done=receiver.done, progress=receiver.progressed)
    qtbot.waitUntil(lambda: len(receiver.got) == 4)
    assert [value for _, value, _ in receiver.got] == [0.25, 0.5, 1.0, "packed"]


def test_nobody_hears_of_cancelled_work(qtbot: QtBot, receiver: Receiver) -> None:
    begun, go_on, stopped = threading.Event(), threading.Event(), threading.Event()

    def work(report: background.Report) -> None:
        begun.set()
        go_on.wait(5)
        try:
            report(0.5)
        finally:
            stopped.set()

    task = background.run(work, done=receiver.done, failed=receiver.failed, progress=receiver.progressed)
    assert begun.wait(5)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not task.running)
    assert stopped.is_set()
    assert receiver.got == []


def test_a_receiver_that_is_gone_is_not_called(qtbot: QtBot) -> None:
    go_on = threading.Event()
    called = []
    receiver = Receiver()
    task = background.run(lambda: go_on.wait(5), done=lambda _: called.append(1), owner=receiver)
    receiver.deleteLater()
    QCoreApplication.sendPostedEvents(receiver, QEvent.Type.DeferredDelete)
    go_on.set()
    qtbot.waitUntil(lambda: not task.running)
    assert called == []


def test_a_problem_nobody_takes_is_shown_at_the_nearest_place(qtbot: QtBot, receiver: Receiver) -> None:
    def work() -> None:
        raise Problem("The stick is full.")

    inside = QWidget(receiver)
    background.run(work, owner=inside)
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("problem", "The stick is full.", True)]


def test_work_that_the_lock_overtook_is_nobodys_concern(qtbot: QtBot, receiver: Receiver) -> None:
    def work() -> None:
        raise StoreClosed("The data are locked. Unlock them and try again.")

    called: list[Exception] = []
    tasks = [
        background.run(work, owner=receiver),
        background.run(work, failed=called.append),
        background.run_later(work),
    ]
    qtbot.waitUntil(lambda: not any(task.running for task in tasks))
    assert receiver.got == []
    assert called == []


def test_a_bug_nobody_takes_goes_to_the_crash_page(
    qtbot: QtBot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _fault, _trace: seen.append(kind))

    def work() -> None:
        raise ZeroDivisionError

    background.run(work, owner=receiver)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [ZeroDivisionError]


def test_only_the_windows_thread_takes_widgets_apart(qtbot: QtBot, receiver: Receiver) -> None:
    """A widget in a cycle of garbage, and work that allocates enough to have it collected at once."""
    ended: list[bool] = []

    class Watched(QWidget):
        def __del__(self) -> None:
            ended.append(threading.current_thread() is threading.main_thread())

    def litter() -> None:
        widget = Watched()
        widget.itself = widget  # type: ignore[attr-defined]  # the cycle

    def work() -> int:
        return len([[number] for number in range(200_000)])

    gc.collect()
    litter()
    background.run(work, done=receiver.done)
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert False not in ended
    assert gc.isenabled()
    gc.collect()
    assert ended == [True]


def test_the_sweep_collects_what_is_due(qtbot: QtBot) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    gc.collect()
    gc.disable()
    try:
        seen = weakref.ref(Cycle())
        kept = [[number] for number in range(gc.get_threshold()[0] + 1)]
        background._collect()
    finally:
        gc.enable()
    assert seen() is None
    assert kept


def test_threads_of_the_pool_share_the_heap_of_the_program(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    library, told = Mock(), Mock()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", Mock(return_value=library))
    share_malloc_arena()
    library.mallopt.assert_called_once_with(-8, 1)
    monkeypatch.setattr("ctypes.CDLL", Mock(return_value=object()))
    share_malloc_arena()  # a C library that knows no such thing
    monkeypatch.setattr(background, "share_malloc_arena", told)
    background._Pool(qapp).deleteLater()
    told.assert_called_once_with()


def test_the_sweep_leaves_what_has_lasted_until_no_work_runs(qtbot: QtBot) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    kept = Cycle()
    seen = weakref.ref(kept)
    gc.collect()
    gc.disable()
    try:
        del kept
        for _ in range(gc.get_threshold()[2] + 2):
            gc.collect(1)
        young = [[number] for number in range(gc.get_threshold()[0] + 1)]
        background._collect()
        assert seen() is not None
    finally:
        gc.enable()
    gc.collect()
    assert seen() is None
    assert young


def test_what_work_refers_to_is_let_go_in_the_windows_thread(qtbot: QtBot, receiver: Receiver) -> None:
    ended: list[bool] = []

    class Held:
        def __del__(self) -> None:
            ended.append(threading.current_thread() is threading.main_thread())

    def start() -> None:
        held = Held()
        background.run(lambda: id(held), done=receiver.done)

    start()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [True]


def test_what_nobody_waits_for_runs_when_nothing_else_does(qtbot: QtBot, receiver: Receiver) -> None:
    order: list[str] = []
    hold = threading.Event()

    def first() -> None:
        hold.wait(5)
        order.append("first")

    background.run(first)
    for name in ("later", "last"):
        background.run_later(partial(order.append, name), done=receiver.done)
    background.run(lambda: order.append("second"), done=lambda _none: hold.set(), owner=receiver)
    qtbot.waitUntil(lambda: len(receiver.got) == 2)
    assert order == ["second", "first", "later", "last"]


def test_the_lock_waits_for_what_is_wanted_and_not_for_what_was_cancelled(qtbot: QtBot) -> None:
    """Today reads lists ahead from the moment it stands there: whoever locks then would wait for a piece of it."""
    go_on, ended, kept = threading.Event(), threading.Event(), threading.Event()

    def piece() -> None:
        go_on.wait(5)
        ended.set()

    def wanted() -> None:
        kept.wait(0.2)
        kept.set()

    task = background.run(piece)
    task.cancel()
    background.run(wanted)
    background.stop(60)
    assert kept.is_set()
    assert not ended.is_set()
    go_on.set()
    qtbot.waitUntil(lambda: not task.running)
