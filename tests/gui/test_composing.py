"""Enter belongs to the input method while it composes, in every field of the window."""

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.composing import keep_enter
from gridworker.gui.widgets.editors import TextEditor
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.record import Type
from tests.gui.widgets.test_forms import spec


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    keep_enter(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window)
    return window


def shown(qtbot: QtBot, window: QWidget, *fields: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for field in fields:
        layout.addWidget(field)
    window.show()
    window.activateWindow()
    fields[0].setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def compose(preedit: str, commit: str = "") -> None:
    event, field = QInputMethodEvent(preedit, []), QApplication.focusWidget()
    assert field is not None
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(field, event)


def test_a_line_is_entered_only_when_the_word_is_finished(qtbot: QtBot, window: QWidget) -> None:
    line, other = QLineEdit(), QLineEdit()
    shown(qtbot, window, line, other)
    compose("chen")
    with qtbot.assertNotEmitted(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    compose("", "陈")
    with qtbot.waitSignal(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "陈"
    compose("gui")
    other.setFocus()
    with qtbot.waitSignal(other.returnPressed):
        QTest.keyClick(other, Qt.Key.Key_Enter)


def test_a_field_that_was_emptied_in_the_middle_of_a_word_can_be_entered(qtbot: QtBot, window: QWidget) -> None:
    """Not every input method says that nothing is left of its word: Enter would do nothing for good."""
    line = QLineEdit()
    shown(qtbot, window, line)
    compose("chen")
    line.clear()
    with qtbot.assertNotEmitted(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    with qtbot.waitSignal(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_no_shortcut_on_enter_takes_it_and_ctrl_enter_still_finishes(qtbot: QtBot, window: QWidget) -> None:
    line = QLineEdit()
    shown(qtbot, window, line)
    done, finish = QShortcut(QKeySequence("Return"), window), QShortcut(QKeySequence("Ctrl+Return"), window)
    compose("chen")
    with qtbot.assertNotEmitted(done.activated):
        QTest.keyClick(line, Qt.Key.Key_Return)
    with qtbot.waitSignal(finish.activated):
        QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    compose("")
    with qtbot.waitSignal(done.activated):
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_note_gets_no_line_break_in_the_middle_of_a_word(qtbot: QtBot, window: QWidget) -> None:
    note = QPlainTextEdit()
    shown(qtbot, window, note)
    compose("chen")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert note.toPlainText() == ""
    compose("", "陈")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert note.toPlainText() == "陈\n"


def test_a_form_stays_at_the_field(qtbot: QtBot, window: QWidget) -> None:
    window.show()
    specs = [spec("name", Type.TEXT), spec("remark", Type.TEXT)]
    dialog = FormDialog(window, FormText("Add person", "Add"), specs, {"name": None, "remark": None})
    dialog.open()
    name, remark = dialog.form.editor("name"), dialog.form.editor("remark")
    assert isinstance(name, TextEditor)
    assert isinstance(remark, TextEditor)
    qtbot.waitUntil(name.line.hasFocus)
    compose("chen")
    QTest.keyClick(name.line, Qt.Key.Key_Return)
    assert name.line.hasFocus()
    compose("", "陈")
    QTest.keyClick(name.line, Qt.Key.Key_Return)
    assert remark.line.hasFocus()
    assert name.value() == "陈"
    dialog.reject()
