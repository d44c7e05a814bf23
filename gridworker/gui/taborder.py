"""Tab goes through a page as one reads it, also through parts that were made anew since.

Qt puts whatever is made later at the end of its own line: the members of a file that was read again came after the
sidebar. So the layouts say what follows, at the moment somebody presses Tab.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)
"""What looks after its own parts."""


def walk(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to what follows, or comes before; False where the focus is on nothing that Tab stops at.

    Qt asks for this too when what has the focus is hidden or taken apart: then nothing here is touched.
    """
    focus = QApplication.focusWidget()
    if focus is None or not focus.isVisible():
        return False
    stops = [one for one in _stops(root) if one.isEnabled() and one.isVisible() and not one.isHidden()]
    here = next((place for place, one in enumerate(stops) if _holds(one, focus)), None)
    if here is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
    return True


def _holds(stop: QWidget, focus: QWidget) -> bool:
    return stop is focus or (isinstance(stop, _WHOLE) and stop.isAncestorOf(focus))


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QScrollArea):
        yield from _in_area(widget)
        return
    if _is_stop(widget):
        yield widget
    if isinstance(widget, (*_WHOLE, QAbstractScrollArea)):
        return
    laid = list(_laid(widget.layout()))
    for part in [*laid, *(one for one in _parts(widget) if one not in laid)]:
        yield from _stops(part)


def _in_area(area: QScrollArea) -> Iterator[QWidget]:
    """An area is a stop itself only where nothing in it is, so that its words can be scrolled by keys."""
    content = area.widget()
    inside = list(_stops(content)) if content is not None else []
    scrolls = area.verticalScrollBar().maximum() > 0 and not any(one.isVisible() for one in inside)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.ClickFocus)
    yield from [area] if scrolls else inside


def _parts(widget: QWidget) -> list[QWidget]:
    return [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]


def _laid(layout: QLayout | None) -> Iterator[QWidget]:
    for place in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(place) if layout is not None else None
        inner = item.widget() if item is not None else None
        if inner is not None:
            yield inner
        elif item is not None:
            yield from _laid(item.layout())
