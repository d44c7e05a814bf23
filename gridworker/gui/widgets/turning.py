"""A row whose parts stand under each other where they have no room beside each other."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QBoxLayout, QWidget

from gridworker.gui.look import theme as themes

_ROW, _COLUMN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class Turning(QObject):
    """Watches the width of ``around``, a scroll area or the page, and turns ``box``, which fills that width.

    The row itself is no measure: inside a scroll area it is as wide as its parts ask for.
    """

    def __init__(self, around: QWidget, box: QBoxLayout) -> None:
        super().__init__(around)
        self._box = box
        self._watched = around.viewport() if isinstance(around, QAbstractScrollArea) else around
        self._watched.installEventFilter(self)
        themes.follow(self.turn)

    def turn(self) -> None:
        """Stand as there is room now."""
        direction = _COLUMN if self._least() > self._room() else _ROW
        if self._box.direction() is not direction:
            self._box.setDirection(direction)

    def _room(self) -> int:
        layout = self._watched.layout()
        margins = layout.contentsMargins() if layout is not None else self._watched.contentsMargins()
        return self._watched.width() - margins.left() - margins.right()

    def _least(self) -> int:
        items = [self._box.itemAt(place) for place in range(self._box.count())]
        widths = [item.minimumSize().width() for item in items if item is not None and not item.isEmpty()]
        margins = self._box.contentsMargins()
        beside = margins.left() + margins.right() + self._box.spacing() * max(len(widths) - 1, 0)
        return sum(widths) + beside

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """There is more room now, or less, or the parts ask for more."""
        if watched is self._watched and event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self.turn()
        return super().eventFilter(watched, event)
