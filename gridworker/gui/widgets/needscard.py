"""The open needs of a household, the first in the queue first; moved by Alt and the arrows, or dragged."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.layout import holder, row
from gridworker.gui.widgets.rowdelegate import QUIET
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.text import Text
from gridworker.text import clauses, gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.household.view import NeedView

_ROW = 54


class _NeedList(RowList):
    """Arrows walk; with Alt they move the need. The mouse drags it to another place."""

    moved = Signal(object, int)

    def __init__(self, *, row_height: int, name: str) -> None:
        super().__init__(row_height=row_height, name=name)
        self._taken: tuple[object, int] | None = None
        """The need under the pressed mouse, and its row."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the need that is pressed."""
        super().mousePressEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        self._taken = (self.current_key(), row) if row >= 0 and event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that it is held."""
        super().mouseMoveEvent(event)
        if self._taken is not None and self.indexAt(event.position().toPoint()).row() != self._taken[1]:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go where it is now."""
        super().mouseReleaseEvent(event)
        taken, self._taken = self._taken, None
        self.viewport().unsetCursor()
        row = self.indexAt(event.position().toPoint()).row()
        if taken is not None and row >= 0 and row != taken[1]:
            self.moved.emit(taken[0], row - taken[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow move the current need."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self.current_key() is not None:
                self.moved.emit(self.current_key(), step)
            return
        super().keyPressEvent(event)


class NeedsCard(Card):
    """The card. ``opened`` carries the id of a need, ``moved`` that and -1 or 1."""

    opened = Signal(object)
    moved = Signal(object, int)
    add_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 8))
        self._count = Text("", "small", "ink-3")
        self.add = Button(gettext("Add need"), "plus", key="R", kind="link", size="compact")
        self.add.clicked.connect(self.add_pressed)
        self._up = self._mover("caret-up", gettext("Move up"), -1)
        self._down = self._mover("caret-down", gettext("Move down"), 1)
        title = Text(gettext("Open needs"), bold=True)
        self.body.addWidget(
            holder(row(title, self._count, None, self._up, self._down, self.add, margins=(16, 8, 12, 4)))
        )
        self.list = _NeedList(row_height=_ROW, name=gettext("Open needs"))
        self.list.row_activated.connect(self.opened)
        self.list.moved.connect(self.moved)
        self._none = holder(row(Text(gettext("Nothing asked for."), "small", "ink-3"), margins=(16, 2, 16, 4)))
        self.body.addWidget(self.list)
        self.body.addWidget(self._none)
        self._rows = 0
        themes.follow(self._restyle)

    def _mover(self, icon: str, words: str, by: int) -> Button:
        button = Button(words, icon, kind="quiet", size="compact")
        button.clicked.connect(partial(self._on_mover, by))
        return button

    def _on_mover(self, by: int) -> None:
        if self.list.current_key() is not None:
            self.moved.emit(self.list.current_key(), by)

    def show_needs(self, needs: "Sequence[NeedView]", *, may_edit: bool) -> None:
        """Show them in their order."""
        self._rows = len(needs)
        self._count.setText(str(len(needs)) if needs else "")
        self.list.show_rows([_row(number, need) for number, need in enumerate(needs, start=1)])
        self.list.setProperty(QUIET, len(needs) < 2)
        self.list.setVisible(bool(needs))
        self._none.setVisible(not needs)
        self.add.setVisible(may_edit)
        for mover in (self._up, self._down):
            mover.setVisible(may_edit and len(needs) > 1)
        self._restyle()

    def _restyle(self) -> None:
        self.list.setFixedHeight(themes.current().px(_ROW) * max(self._rows, 1) + 4)


def _row(number: int, need: "NeedView") -> Row:
    chip = ChipSpec(need.state, "over" if need.urgent else "neu")
    rank = AvatarSpec(str(number))
    heard = clauses(f"{number}  {need.title}", need.about, need.state)
    return Row(need.id, need.title, subtitle=need.about, avatar=rank, right_chip=chip, accessible=heard)
