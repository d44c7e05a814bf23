"""The page a bug shows: what happened in a sentence, what is safe, and how to go on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from gridworker.errors import Problem
from gridworker.gui.crash.logfile import save_log
from gridworker.gui.shortcuts import bind_button
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext


class CrashPage(QDialog):
    """``details`` is the traceback without words; it is folded away."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Gridworker")
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.hide()
        more = Button(gettext("Details"), key="D", kind="quiet")
        more.clicked.connect(self._on_details)
        save = Button(gettext("Save the log…"), key="S", kind="quiet")
        save.clicked.connect(self._on_save)
        on = Button(gettext("Carry on"), key="Esc", kind="primary")
        on.clicked.connect(self.accept)
        close = Button(gettext("Close Gridworker"))
        close.clicked.connect(self._on_close)
        for button in (more, save):
            bind_button(self, button)
        words = column(
            Text(gettext("Something in the program went wrong"), "title", wrap=True),
            Text(gettext("What you saved is safe. What you are typing is kept as a draft."), ink="ink-2", wrap=True),
            gap=4,
        )
        head = row(Avatar(AvatarSpec(icon="wrench", tone="due"), 52), gap=16)
        head.addLayout(words, 1)
        self._told = Text("", "small", "ink-2", wrap=True)
        self._told.hide()
        self.setLayout(
            column(head, self._told, self._details, row(more, save, None, close, on), gap=16, margins=(24, 24, 24, 20))
        )
        self.resize(560, 0)
        on.setFocus()

    def _on_details(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        self.adjustSize()

    def _on_save(self) -> None:
        """The log holds places in the program and sorts of faults, nothing that anybody typed."""
        try:
            saved = save_log(self)
        except Problem as problem:
            self._told.setText(str(problem))
        else:
            self._told.setText(gettext("The log is saved as {file}.").format(file=saved) if saved else "")
        self._told.setVisible(bool(self._told.text()))

    def _on_close(self) -> None:
        self.accept()
        QApplication.closeAllWindows()
