"""Keys of the office made anew in the window: the recovery sheet, and the key of the office's help."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.gui.page import Shell
from gridworker.gui.pages.newsheet import NewSheetDialog
from gridworker.gui.pages.recovery import RecoveryDialog
from gridworker.gui.pages.reset import ResetDialog
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.sync.format.keys import seal_recovery
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture(autouse=True)
def _cheap_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.sync.format.keys.seal_recovery", partial(seal_recovery, work=2))


def strips(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [strip.accessibleName() for strip in widget.findChildren(Strip) if strip.isVisible()]


def texts(widget: QWidget) -> list[str]:
    return [text.text() for text in widget.findChildren(Text) if text.isVisible()]


def test_a_new_sheet_is_made_saved_tried_and_in_force(
    circle: Circle, qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    before = circle.office.recovery.fingerprint()
    shell, toasts = Shell(), list[str]()
    shell.toast_wanted.connect(lambda words, _undo: toasts.append(words))
    dialog = NewSheetDialog(circle.office, shell, window)
    dialog.open()
    assert not dialog.card.isVisible()
    low = dialog.height()
    dialog.make.click()
    settle(qtbot)
    assert low < dialog.height() / 2
    made = circle.office.recovery.waiting()
    assert (circle.office.recovery.fingerprint(), bool(made)) == (before, True)
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    code = dialog.card._recovery.code
    assert code in texts(dialog)
    dialog.card.save_to(tmp_path / "new.age")
    settle(qtbot)
    dialog.fields.take(tmp_path / "new.age")
    dialog.fields.line.setText(code[:-1] + ("R" if code[-1] == "Q" else "Q"))
    dialog.submit()
    settle(qtbot)
    assert len(strips(dialog)) == 1
    assert "new.age" in texts(dialog)
    assert circle.office.recovery.fingerprint() == before
    dialog.fields.line.setText(code)
    dialog.submit()
    settle(qtbot)
    assert circle.office.recovery.fingerprint() == made
    assert len(toasts) == 1
    assert not dialog.isVisible()


def test_a_new_sheet_that_was_left_is_tried_where_the_old_one_is(
    circle: Circle, qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    sheet = circle.office.recovery.renew(tmp_path / "new.age")
    shell, toasts = Shell(), list[str]()
    shell.toast_wanted.connect(lambda words, _undo: toasts.append(words))
    dialog = RecoveryDialog(circle.office, shell, window)
    dialog.open()
    dialog.fields.take(tmp_path / "new.age")
    dialog.fields.line.setText(sheet.code)
    dialog.submit()
    settle(qtbot)
    assert toasts[0].startswith("The new sheet is in force.")
    assert circle.office.recovery.fingerprint() == sheet.fingerprint


def test_a_sheet_tried_later_names_what_the_old_one_still_opens(
    circle: Circle, qtbot: QtBot, window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = circle.office.recovery.renew(tmp_path / "new.age")
    monkeypatch.setattr("gridworker.app.backup.backups.Backups.renew", lambda _backups: (1, ("/media/E/copies",)))
    dialog = RecoveryDialog(circle.office, Shell(), window)
    dialog.open()
    dialog.fields.take(tmp_path / "new.age")
    dialog.fields.line.setText(sheet.code)
    dialog.submit()
    settle(qtbot)
    (box,) = window.findChildren(QMessageBox)
    assert "The new sheet is in force." in box.text()
    assert box.informativeText() == "The old sheet still opens what lies in /media/E/copies."
    box.reject()


def test_a_key_file_that_is_not_written_says_so(circle: Circle, qtbot: QtBot, window: QWidget, tmp_path: Path) -> None:
    dialog = NewSheetDialog(circle.office, Shell(), window)
    dialog.open()
    dialog.make.click()
    settle(qtbot)
    dialog.card.save_to(tmp_path / "nowhere" / "new.age")
    settle(qtbot)
    assert strips(dialog) == ["The key file was not written. Choose another place."]
    dialog.card.save_pdf(tmp_path / "sheet.pdf")
    assert strips(dialog) == []
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()


def test_the_key_of_the_offices_help_is_made_anew_after_a_question(
    circle: Circle, qtbot: QtBot, window: QWidget
) -> None:
    dialog = ResetDialog(circle.office, Shell(), window)
    dialog.open()
    dialog.anew.click()
    (box,) = dialog.findChildren(QMessageBox)
    next(one for one in box.findChildren(QPushButton) if one.text() == "Make it anew").click()
    settle(qtbot)
    assert strips(dialog) == ["Laptops hear of it with the next reply, and use it from their next unlocking on."]
    assert circle.office.resets.renew() == 2
    dialog.reject()


def test_who_lost_the_sheet_before_it_was_tried_goes_on_to_a_new_one(
    circle: Circle, qtbot: QtBot, window: QWidget
) -> None:
    shell, went = Shell(), list[str]()
    shell.page_wanted.connect(lambda page, _target: went.append(page))
    dialog = RecoveryDialog(circle.office, shell, window)
    dialog.open()
    assert clipped(dialog) == []
    dialog.anew.click()
    assert (went, dialog.isVisible()) == (["newsheet"], False)
    act_as(circle.office.session, "administrator")
    assert RecoveryDialog(circle.office, shell, window).anew.isHidden()
