"""Rows and columns of widgets, and a layout that wraps like text."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

Part: TypeAlias = QWidget | QLayout | int | None
"""A widget, a layout, so many pixels of space, or None for the free space."""
Margins: TypeAlias = tuple[int, int, int, int]


def add(layout: QBoxLayout, *parts: Part) -> None:
    """Add parts at the end of a box layout."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)


def fill(layout: QBoxLayout, *parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QBoxLayout:
    """Put parts into an empty box layout."""
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    add(layout, *parts)
    return layout


def row(*parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QBoxLayout:
    """Parts from left to right."""
    return fill(QHBoxLayout(), *parts, gap=gap, margins=margins)


def column(*parts: Part, gap: int = 0, margins: Margins = (0, 0, 0, 0)) -> QBoxLayout:
    """Parts from top to bottom."""
    return fill(QVBoxLayout(), *parts, gap=gap, margins=margins)


def holder(layout: QLayout, surface: str = "none") -> QWidget:
    """A widget around a layout. ``surface`` is a fill: none, canvas, window, card, sunken or (rounded) word."""
    widget = QWidget()
    widget.setProperty("surface", surface)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, surface != "none")
    widget.setLayout(layout)
    return widget


def scrolling(widget: QWidget) -> QScrollArea:
    """A widget that scrolls up and down when there is no room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not widget.property("surface"):
        widget.setProperty("surface", "none")
    area.setWidget(widget)
    return area


def rule(kind: Literal["rule", "post"] = "rule") -> QFrame:
    """A hairline: ``rule`` lies, ``post`` stands."""
    line = QFrame()
    line.setProperty("kind", kind)
    return line


class FlowLayout(QLayout):
    """Widgets in reading order, wrapped at the right edge."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8, line_gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._line_gap = gap, line_gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and give the item at a place, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It does not ask for more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest single item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._line_gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size.boundedTo(QSize(max(rect.width(), 1), size.height()))))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


def flow(*widgets: QWidget, gap: int = 8, line_gap: int = 8) -> QWidget:
    """Widgets that wrap like words."""
    area = QWidget()
    layout = FlowLayout(area, gap, line_gap)
    for widget in widgets:
        layout.addWidget(widget)
    policy = area.sizePolicy()
    policy.setHeightForWidth(True)
    area.setSizePolicy(policy)
    return area


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
