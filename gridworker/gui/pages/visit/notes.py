"""The notes: a field that grows with what is written, and phrases that come with ``/`` or a click."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, flow, holder, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

LENGTH = 2000
_LINES, _SHOWN = 5, 3


class _Edit(QPlainTextEdit):
    """Tab leaves it; ``/`` at the start of a word offers phrases."""

    phrases_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(themes.current().px(22) * _LINES + 16)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        if event.text() == "/" and not before[-1:].strip("，。；、 \u3000"):
            self.phrases_wanted.emit()
        else:
            super().keyPressEvent(event)


class NotesField(QWidget):
    """``edited`` carries the text."""

    edited = Signal(str)

    def __init__(self, phrases: Sequence[str]) -> None:
        super().__init__()
        self._phrases = phrases
        self.edit = _Edit()
        self.edit.setAccessibleName(gettext("Notes"))
        self._count = Text("", "caption", "ink-3")
        self._warning = Text("", "small", "due", wrap=True)
        self._warning.hide()
        chips = []
        for phrase in phrases[:_SHOWN]:
            button = Button(phrase, size="compact")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.insert, phrase))
            chips.append(button)
        foot = row(gap=8)
        foot.addWidget(flow(*chips), 1)
        foot.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(self.edit, holder(foot), self._warning, gap=6))
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.phrases_wanted.connect(self.offer)
        self._show_count()

    def text(self) -> str:
        """What is written."""
        return self.edit.toPlainText()

    def show_text(self, text: str) -> None:
        """Show what was written, without a signal; the cursor stands behind it."""
        blocked = self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        self.edit.blockSignals(blocked)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.edit.setTextCursor(cursor)
        self._show_count()

    def show_warnings(self, warnings: Sequence[str]) -> None:
        """What does not belong here; it stops nobody."""
        self._warning.setText("\n".join(warnings))
        self._warning.setVisible(bool(warnings))

    def insert(self, phrase: str) -> None:
        """Put a phrase where the cursor stands."""
        self.edit.insertPlainText(phrase)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offer(self) -> None:
        """Offer the phrases at the cursor; without one chosen the ``/`` itself is written."""
        menu = QMenu(self)
        for phrase in self._phrases:
            menu.addAction(phrase).triggered.connect(partial(self.insert, phrase))
        slash = menu.addAction(gettext("Write / itself"))
        slash.triggered.connect(partial(self.insert, "/"))
        menu.setActiveAction(menu.actions()[0])
        menu.aboutToHide.connect(menu.deleteLater)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        menu.popup(self.edit.viewport().mapToGlobal(self.edit.cursorRect().bottomLeft()))

    def _show_count(self) -> None:
        count = len(self.text())
        self._count.setText(ngettext("{count} character", "{count} characters", count).format(count=count))
        self._count.set_ink("due" if count > LENGTH else "ink-3")

    def _on_text_changed(self) -> None:
        self._show_count()
        self.edited.emit(self.text())
