"""What the steps of the first run share: a title, a line, a body, back and on, and a strip for what went wrong."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gridworker.errors import Problem
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add, clear, column, row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class Step(QWidget):
    """One step; its content goes into ``body``. ``went_on`` comes from its button, ``went_back`` from the arrow."""

    went_on = Signal()
    went_back = Signal()

    def __init__(self, title: str, text: str, *, action: str = "", back: bool = True) -> None:
        super().__init__()
        self.body, self._strip = column(), column()
        self._action = Button(action or gettext("Next"), key="Enter", kind="primary", size="footer")
        self._action.clicked.connect(self.went_on)
        self._back = Button(gettext("Back"), "arrow-left", key="Esc", kind="quiet", size="inline")
        self._back.clicked.connect(self.went_back)
        if not back:  # shown before it has a place it would be a window of its own, and take the focus with it
            self._back.setParent(self)
            self._back.hide()
        self.foot = row(None, self._action, gap=16)
        above = (row(self._back, None), 8) if back else ()
        layout = column(*above, Text(title, "display", wrap=True), 2)
        layout.addWidget(Text(text, ink="ink-2", wrap=True))
        layout.addSpacing(20)
        add(layout, self.body, self._strip, 20, self.foot, None)
        self.setLayout(layout)

    def action(self) -> Button:
        """The button."""
        return self._action

    def set_ready(self, ready: bool) -> None:
        """Whether one can go on."""
        self._action.setEnabled(ready)

    def set_busy(self, busy: bool, label: str = "") -> None:
        """Working: nothing can be changed meanwhile."""
        self._back.setEnabled(not busy)
        self._action.setEnabled(not busy)
        if label:
            self._action.set_label(label)

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong under the body, and bring it into sight: with large text that may lie below the fold."""
        self.hide_problem()
        self._strip.addSpacing(16)
        strip = Strip(str(problem))
        self._strip.addWidget(strip)
        QTimer.singleShot(0, strip, partial(self._bring_into_sight, strip))  # once it has its place

    def _bring_into_sight(self, strip: Strip) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            around.ensureWidgetVisible(strip)

    def go_back(self) -> None:
        """Esc, where there is a way back and nothing is under way."""
        if self._back.isVisibleTo(self) and self._back.isEnabled():
            self.went_back.emit()

    def hide_problem(self) -> None:
        """Take it away again."""
        clear(self._strip)

    def submit(self) -> None:
        """Enter in the last field."""
        if self._action.isEnabled():
            self.went_on.emit()

    def focus_first(self) -> None:
        """Put the focus where the work starts."""
        self._action.setFocus(Qt.FocusReason.OtherFocusReason)
