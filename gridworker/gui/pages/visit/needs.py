"""What somebody asked for on the visit: a line each, what it is about beside it, and one more line to type in."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.app.visit.entry import NEED_KINDS, NEED_LENGTH, NeedEntry
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.editors import CodeEditor
from gridworker.gui.widgets.layout import clear, column, holder, row
from gridworker.gui.widgets.text import ElidedText
from gridworker.text import gettext


class NeedsRaised(QWidget):
    """``edited`` carries all of them, that which is still being typed too: nothing is lost for want of Enter."""

    edited = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._needs: list[NeedEntry] = []
        self._rows = column(gap=6)
        self.line = QLineEdit()
        self.line.setMaxLength(NEED_LENGTH)
        self.line.setPlaceholderText(gettext("One need, Enter to add it"))
        self.line.setAccessibleName(gettext("Needs raised"))
        self.line.textEdited.connect(self._tell)
        self.line.returnPressed.connect(self._on_entered)
        layout = column(gap=6)
        layout.addLayout(self._rows)
        layout.addWidget(self.line)
        self.setLayout(layout)

    def show_needs(self, needs: Sequence[NeedEntry]) -> None:
        """Show them, without a signal."""
        self._needs = list(needs)
        self.line.clear()
        self._show_rows()

    def needs(self) -> tuple[NeedEntry, ...]:
        """All of them."""
        typed = self.line.text().strip()
        return (*self._needs, *([NeedEntry(typed)] if typed else []))

    def focus_first(self) -> None:
        """The line to type in."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_entered(self) -> None:
        self._needs = list(self.needs())
        self.line.clear()
        self._show_rows()
        self._tell()

    def _show_rows(self) -> None:
        clear(self._rows)
        for place, need in enumerate(self._needs):
            self._rows.addWidget(self._row(place, need))

    def _row(self, place: int, need: NeedEntry) -> QWidget:
        about = CodeEditor(NEED_KINDS)
        about.set_value(need.kind)
        about.set_name(gettext("What it is about: {title}").format(title=need.title))
        about.changed.connect(partial(self._on_about, place, about))
        away = IconButton("x", gettext("Take away: {title}").format(title=need.title))
        away.clicked.connect(partial(self._on_away, place))
        line = row(gap=8)
        line.addWidget(ElidedText(need.title), 1)
        line.addWidget(about)
        line.addWidget(away)
        return holder(line)

    def _on_about(self, place: int, about: CodeEditor) -> None:
        title = self._needs[place].title
        self._needs[place] = NeedEntry(title, str(about.value() or NeedEntry().kind))
        self._tell()

    def _on_away(self, place: int, *_checked: bool) -> None:
        del self._needs[place]
        self._show_rows()
        self._tell()
        self.focus_first()

    def _tell(self, *_text: str) -> None:
        self.edited.emit(self.needs())
