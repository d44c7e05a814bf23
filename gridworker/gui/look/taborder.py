"""Tab goes through a page as one reads it, also through parts that were made anew since.

Qt puts whatever is made later at the end of its own line: the members of a file that was read again came after the
sidebar. So the layouts say what follows, at the moment somebody presses Tab.
"""

from collections.abc import Iterator
from operator import itemgetter

import shiboken6
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

    Qt asks for this too when what has the focus is hidden or taken apart: then nothing here is touched. What goes
    while the walk looks at it is no stop.
    """
    focus = QApplication.focusWidget()
    if focus is None or not shiboken6.isValid(focus) or not focus.isVisible():
        return False
    stops = [one for one in _stops(root) if _is_open(one)]
    here = next((place for place, one in enumerate(stops) if _holds(one, focus)), None)
    if here is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    due = stops[(here + (1 if forward else -1)) % len(stops)]
    if not shiboken6.isValid(due):
        return False
    due.setFocus(reason)
    return True


def _is_open(stop: QWidget) -> bool:
    return shiboken6.isValid(stop) and stop.isEnabled() and stop.isVisible() and not stop.isHidden()


def _holds(stop: QWidget, focus: QWidget) -> bool:
    return stop is focus or (isinstance(stop, _WHOLE) and shiboken6.isValid(stop) and stop.isAncestorOf(focus))


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if not shiboken6.isValid(widget):
        return
    if isinstance(widget, QScrollArea):
        yield from _in_area(widget)
        return
    if _is_stop(widget):
        yield widget
    if isinstance(widget, (*_WHOLE, QAbstractScrollArea)):
        return
    parts = _parts(widget)
    laid = list(_laid(widget.layout(), parts))
    for part in [*laid, *(one for one in parts if one not in laid)]:
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


def _laid(layout: QLayout | None, parts: list[QWidget]) -> Iterator[QWidget]:
    """Those of the parts that a layout holds, in its order.

    It is asked for their places: its items are no objects of Qt, so nobody would say that one of them is gone.
    """
    if layout is None:
        return
    inner = [one for one in layout.children() if isinstance(one, QLayout)]
    placed: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(one), one) for one in parts]
    placed += [(layout.indexOf(one), one) for one in inner]
    for _, one in sorted(((place, one) for place, one in placed if place >= 0), key=itemgetter(0)):
        if isinstance(one, QLayout):
            yield from _laid(one, parts)
        else:
            yield one
