"""Labels. Always plain text: what people typed is never read as markup."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role, code_points
from gridworker.gui.widgets.paint import painting


class Text(QLabel):
    """A label in a role of type (caption, small, body, large, title, display, figure) and a colour of ink."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        ink: str = "ink",
        *,
        bold: bool | None = None,
        wrap: bool = False,
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        self.setProperty("ink", ink)
        if bold is not None:
            self.setProperty("bold", bold)
        if wrap:
            policy = self.sizePolicy()
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_ink(self, ink: str) -> None:
        """Change the colour of ink."""
        if self.property("ink") != ink:
            self.setProperty("ink", ink)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedText(Text):
    """One line that shortens itself with an ellipsis and then shows the whole as a tooltip."""

    def __init__(self, text: str = "", role: Role = "body", ink: str = "ink", *, bold: bool | None = None) -> None:
        super().__init__(text, role, ink, bold=bold)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def shown(self) -> str:
        """The text as it fits now."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        """Room for two characters."""
        return QSize(self.fontMetrics().height() * 2, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text where it no longer fits."""
        super().resizeEvent(event)
        self.offer_whole()

    def offer_whole(self) -> None:
        """As a tooltip, where it is shortened; asked for by who shows other words."""
        missing = code_points(self.text(), self.fontMetrics())
        self.setToolTip(self.text() if self.shown() != self.text() else missing)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text as it fits."""
        del event
        with painting(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.setFont(self.font())
            flags = (self.alignment() | Qt.AlignmentFlag.AlignVCenter).value
            painter.drawText(self.contentsRect(), flags, self.shown())


class ElidedWord(ElidedText):
    """One line as wide as its words, that shortens itself once they are longer than ``most`` pixels at 100 %.

    For names and doors, of which hardly any is that long: whatever else stands in the line gives way first.
    """

    def __init__(
        self, text: str = "", role: Role = "body", ink: str = "ink", *, most: int, bold: bool | None = None
    ) -> None:
        super().__init__(text, role, ink, bold=bold)
        self._most = most
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def keep(self, most: int) -> None:
        """Keep another part of longer words."""
        if most != self._most:
            self._most = most
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """All of it, where it is not longer than that."""
        wide = min(self.fontMetrics().horizontalAdvance(self.text()) + 1, themes.current().px(self._most))
        return QSize(wide, super().minimumSizeHint().height())
