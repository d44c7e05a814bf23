"""The drop zone: files dragged in, or chosen by a click."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.paint import painting
from gridworker.gui.widgets.pressarea import PressArea
from gridworker.gui.widgets.text import Text


class DropZone(PressArea):
    """A dashed place. ``files_dropped`` carries the paths; ``pressed`` asks the page to open its file dialog."""

    files_dropped = Signal(list)

    def __init__(self, title: str, text: str = "", *, icon: str = "package", extensions: Sequence[str] = ()) -> None:
        """``extensions`` (``.gwb``) keeps other files out; empty takes any."""
        super().__init__()
        self._icon, self._extensions = icon, tuple(one.lower() for one in extensions)
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(f"{title} {text}".strip())
        self._picture = QWidget()
        self._title = Text(title)
        words = column(self._title, gap=1)
        if text:
            words.addWidget(Text(text, "caption", "ink-2"))
        self.setLayout(row(None, self._picture, column(None, words, None), None, gap=12, margins=(16, 14, 16, 14)))
        themes.follow(self._restyle)

    def show_taken(self, name: str) -> None:
        """Say which file was taken, in place of what to drag here; another can still be."""
        self._title.setText(name)
        self.setAccessibleName(name)

    def _restyle(self) -> None:
        self._theme = themes.current()
        self._picture.setFixedSize(self._theme.px(26), self._theme.px(26))
        self.setMinimumHeight(self._theme.px(44))
        self.update()

    def _wanted(self, data: QMimeData) -> list[Path]:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return [path for path in paths if not self._extensions or path.suffix.lower() in self._extensions]

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of the right sort."""
        if self._wanted(event.mimeData()):
            self._set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went away again."""
        del event
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        self._set_over(False)
        if paths := self._wanted(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashes and the icon."""
        del event
        with painting(self) as painter:
            theme = self._theme
            strong = self._over or self.hasFocus()
            pen = QPen(theme.colour("focus" if strong else "control"), 2 if strong else 1)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.setBrush(theme.colour("accent-soft" if self._over else "card"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
            painter.drawPixmap(self._picture.pos(), theme.pixmap(self._icon, 26, "accent-ink"))
