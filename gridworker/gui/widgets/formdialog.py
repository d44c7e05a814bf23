"""A form over the page: add or change a record, record a consent. It never blocks and closes when the page says so."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QDialog, QPushButton, QScrollArea, QToolButton, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.taborder import walk
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import clear, column, holder, row, rule, scrolling
from gridworker.gui.widgets.recordform import RecordForm
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gridworker.errors import Invalid
    from gridworker.gui.widgets.reference import References
    from gridworker.record import Spec, Value

_WIDTH, _HEIGHT, _LEAST = 620, 640, 240
_MARGIN = 20
"""Pixels left free below what one types in."""
_FRAME = 60
"""What the frame of a window and a task bar take of a screen."""


@dataclass(frozen=True, slots=True)
class FormText:
    """What a form says: its title, the verb of its button, a remark above, and the words of a second deed."""

    title: str
    save: str
    remark: str = ""
    remark_action: str = ""
    also: str = ""
    erase: str = ""
    file: str = ""


class FormDialog(QDialog):
    """The form. ``submitted`` carries the changed values; the page saves and then closes it or shows the faults."""

    submitted = Signal(dict)
    also_pressed = Signal()
    erase_pressed = Signal()
    file_pressed = Signal()
    remark_pressed = Signal()

    def __init__(
        self,
        parent: QWidget,
        words: FormText,
        specs: "Sequence[Spec]",
        values: "Mapping[str, Value]",
        references: "References | None" = None,
    ) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(words.title)
        self.form = RecordForm(specs, references=references, columns=2)
        self.form.set_values(values)
        self._above = column(gap=8)
        self._told: dict[str, QBoxLayout] = {}
        body = column(self._above, gap=14, margins=(24, 8, 24, 20))
        if words.remark:
            strip = Strip(words.remark, tone="info", icon="lock-simple", action=words.remark_action)
            strip.pressed.connect(self.remark_pressed)
            body.addWidget(strip)
        body.addWidget(self.form)
        body.addStretch(1)
        self.save = Button(words.save, key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self._on_save)
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        foot = row(gap=8, margins=(24, 12, 24, 14))
        if words.also:
            also = Button(words.also, kind="danger")
            also.clicked.connect(self.also_pressed)
            foot.addWidget(also)
        if words.file:
            file = Button(words.file)
            file.clicked.connect(self.file_pressed)
            foot.addWidget(file)
        if words.erase:
            erase = Button(words.erase, kind="danger")
            erase.clicked.connect(self.erase_pressed)
            foot.addWidget(erase)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        self._kept = Text("", "caption", "ink-3")
        head = row(Text(words.title, "title"), None, self._kept, margins=(24, 18, 24, 10))
        layout = column(holder(head))
        self._content = holder(body)
        self._content.installEventFilter(self)
        self._pinned = column(margins=(24, 0, 24, 10))
        self._pin = holder(column(scrolling(holder(self._pinned)), rule()))
        self._pin.hide()
        layout.addWidget(self._pin)
        self._area = scrolling(self._content)
        self._area.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        layout.addWidget(self._area, 1)
        layout.addWidget(rule())
        layout.addLayout(foot)
        self.setLayout(layout)
        bind(self, "Ctrl+Return", self._on_save, words.save)
        themes.follow(self._restyle)
        veil_under(self)
        self.form.focus_first()

    def _restyle(self) -> None:
        self.resize(themes.current().px(_WIDTH), self._due_height())

    def _due_height(self) -> int:
        """As high as what is in it and as the screen has room: what saves stays in sight, and the form scrolls."""
        theme = themes.current()
        inside, width = self._content.layout(), theme.px(_WIDTH)
        layout = self.layout()
        if inside is None or layout is None:
            return theme.px(_HEIGHT)
        around = sum(
            item.sizeHint().height()
            for place in range(layout.count())
            if (item := layout.itemAt(place)) is not None and not isinstance(item.widget(), QScrollArea)
        )
        least = max(inside.totalHeightForWidth(width), inside.totalSizeHint().height())
        pinned = 0 if self._pin.isHidden() else self._pin.height()
        return min(max(around + least, theme.px(_LEAST)), theme.px(_HEIGHT) + pinned, self._most())

    def _most(self) -> int:
        return self.screen().availableGeometry().height() - _FRAME

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """There is more in it now: grow, and never shrink under somebody's hands, nor take away what they type in."""
        if watched is self._content and event.type() is QEvent.Type.LayoutRequest:
            self._grow()
        return super().eventFilter(watched, event)

    def _grow(self) -> None:
        self.resize(self.width(), max(self.height(), self._due_height()))
        beyond = self.frameGeometry().bottom() - self.screen().availableGeometry().bottom()
        if beyond > 0:
            self.move(self.x(), max(self.y() - beyond, 0))
        QTimer.singleShot(0, self, self._keep_in_sight)  # once all has its place

    def _keep_in_sight(self) -> None:
        focus, layout = QApplication.focusWidget(), self.layout()
        if layout is not None:
            layout.activate()
        if focus is not None and self._content.isAncestorOf(focus):
            self._area.ensureWidgetVisible(focus, 0, _MARGIN)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab walks as one reads."""
        return walk(self, forward=next_one) or super().focusNextPrevChild(next_one)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field, from the last to what saves; only Esc closes."""
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Buttons between the fields are passed by: the next Enter would press them."""
        while walk(self, forward=True):
            self._keep_in_sight()
            focus = QApplication.focusWidget()
            if focus is None or not self.form.isAncestorOf(focus):
                self.save.setFocus(Qt.FocusReason.TabFocusReason)
                return
            if not isinstance(focus, QPushButton | QToolButton):
                return

    def show_above(self, about: str, *widgets: QWidget) -> None:
        """Put something between the title and the form, in the place of what was shown about the same."""
        if about not in self._told:
            self._told[about] = column(gap=8)
            self._above.addLayout(self._told[about])
        clear(self._told[about])
        for widget in widgets:
            self._told[about].addWidget(widget)

    def pin(self, widget: QWidget | None) -> None:
        """Keep something in sight above the form, which scrolls below it; of much a third of the screen, then scrolled.

        None takes it away.
        """
        clear(self._pinned)
        self._pin.setVisible(widget is not None)
        if widget is not None:
            self._pinned.addWidget(widget)
            widget.show()  # a layout counts a widget only once it is shown
            wanted = max(self._pinned.totalHeightForWidth(self.width()), self._pinned.totalSizeHint().height())
            self._pin.setFixedHeight(min(wanted, self._most() // 3))
        self._grow()

    def say_kept(self, words: str) -> None:
        """A small line beside the title."""
        self._kept.setText(words)

    def show_faults(self, invalid: "Invalid") -> None:
        """Say beside each field what is wrong with it."""
        self.form.show_faults(invalid)

    def _on_save(self) -> None:
        self.submitted.emit(self.form.changes())
