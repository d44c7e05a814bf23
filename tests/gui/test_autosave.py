"""What is half typed is kept within a second, the newest last, and never after the form is done."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gridworker.errors import DiskFull
from gridworker.gui import autosave, background
from gridworker.gui.autosave import Autosave

AT = datetime(2026, 3, 18, 1, 48, tzinfo=UTC)


class Shelf:
    """Where things are kept; full when told so."""

    def __init__(self) -> None:
        self.kept: list[Mapping[str, Any]] = []
        self.full = False

    def keep(self, fields: Mapping[str, Any]) -> datetime:
        if self.full:
            raise DiskFull("No room.")
        self.kept.append(fields)
        return AT


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def keeper(qtbot: QtBot, shelf: Shelf) -> Autosave:
    return Autosave(shelf.keep)


def test_it_is_kept_a_moment_after_the_last_key(qtbot: QtBot, shelf: Shelf, keeper: Autosave) -> None:
    with qtbot.waitSignal(keeper.kept, timeout=2000) as kept:
        for text in ("燃", "燃气", "燃气软管"):
            keeper.note({"title": text})
        assert shelf.kept == []
    assert shelf.kept == [{"title": "燃气软管"}]
    assert kept.args == [AT]
    assert autosave.DELAY < 1000


def test_leaving_keeps_it_at_once(shelf: Shelf, keeper: Autosave) -> None:
    keeper.note({"title": "燃气"})
    keeper.flush()
    keeper.flush()
    assert shelf.kept == [{"title": "燃气"}]
    assert not keeper.is_waiting


def test_nothing_is_kept_once_the_form_is_done(qtbot: QtBot, shelf: Shelf, keeper: Autosave) -> None:
    keeper.note({"title": "燃气"})
    keeper._on_timeout()
    background.wait()
    keeper.note({"title": "燃气软管"})
    keeper.finish()
    keeper.flush()
    keeper.note({"title": "燃气软管老化"})
    keeper.flush()
    assert shelf.kept == [{"title": "燃气"}]
    keeper.resume()
    keeper.note({"title": "又写"})
    keeper.flush()
    assert shelf.kept[-1] == {"title": "又写"}


def test_an_older_version_that_comes_late_does_not_win(shelf: Shelf, keeper: Autosave) -> None:
    keeper.note({"title": "旧"})
    old = keeper._waiting
    keeper.note({"title": "新"})
    keeper.flush()
    assert old is not None
    assert keeper._write(old) is None
    assert shelf.kept == [{"title": "新"}]


def test_a_full_disk_is_said_and_tried_again(
    qtbot: QtBot, shelf: Shelf, keeper: Autosave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "DELAY", 1)
    monkeypatch.setattr(autosave, "RETRY", 1)
    shelf.full = True
    with qtbot.waitSignal(keeper.failed, timeout=2000):
        keeper.note({"title": "燃气"})
    assert keeper.is_waiting
    shelf.full = False
    with qtbot.waitSignal(keeper.kept, timeout=2000):
        pass
    assert shelf.kept == [{"title": "燃气"}]
