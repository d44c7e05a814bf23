"""Check boxes, and how those and radio buttons are painted: 18 pixels drawn, 32 to hit."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.paint import box, line_of, painting, ring
from gridworker.gui.widgets.themed import Themed

SIDE = 18
_GAP = 10


def paint_check(painter: QPainter, theme: Theme, rect: QRect, *, checked: bool, enabled: bool = True) -> None:
    """Draw a check box into a square."""
    if not checked:
        box(painter, rect, 5, theme.colour("card" if enabled else "sunken"), theme.colour("control"))
        return
    box(painter, rect, 5, theme.colour("accent" if enabled else "ink-disabled"))
    unit = rect.width() / 18
    points = [QPointF(rect.left() + x * unit, rect.top() + y * unit) for x, y in ((4.6, 9.3), (7.8, 12.3), (13.4, 6.2))]
    painter.setPen(QPen(theme.colour("on-accent"), 1.7 * unit, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(points))


def paint_radio(painter: QPainter, theme: Theme, rect: QRect, *, checked: bool, enabled: bool = True) -> None:
    """Draw a radio button into a square."""
    ink = theme.colour("accent" if enabled else "ink-disabled")
    circle = QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setBrush(theme.colour("card"))
    if not checked:
        painter.setPen(QPen(theme.colour("control"), 1))
        painter.drawEllipse(circle)
        return
    width = rect.width() * 0.3
    painter.setPen(QPen(ink, width))
    painter.drawEllipse(QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2))


def _draw(button: QAbstractButton, theme: Theme) -> None:
    with painting(button) as painter:
        side = theme.px(SIDE)
        square = QRect(2, (button.height() - side) // 2, side, side)
        paint_check(painter, theme, square, checked=button.isChecked(), enabled=button.isEnabled())
        words = QRect(square.right() + 1 + _GAP, 0, button.width(), button.height())
        line_of(
            painter,
            words,
            button.text(),
            (theme.font(), theme.colour("ink" if button.isEnabled() else "ink-disabled")),
        )
        if button.hasFocus():
            ring(painter, square.adjusted(-2, -2, 2, 2), 6, theme.colour("focus"))


class CheckBox(Themed, QCheckBox):
    """A check box with its words."""

    def __init__(self, text: str = "", *, checked: bool = False) -> None:
        super().__init__()
        self.setText(text)
        self.setChecked(checked)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        """Box and words."""
        words = self._theme.metrics().horizontalAdvance(self.text())
        return QSize(self._theme.px(SIDE) + (_GAP + words if self.text() else 0) + 4, max(32, self._theme.px(32)))

    def minimumSizeHint(self) -> QSize:
        """The same: words are never clipped."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """The whole of it can be clicked."""
        del pos
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        _draw(self, self._theme)
