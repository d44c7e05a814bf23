"""Photos that are pasted into a page, or dropped on it, go where those are put that its list of photos adds."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget

from gridworker.gui.shortcuts import bind
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.gui.person.photobox import PhotoBox

_FILES = frozenset({".jpg", ".jpeg", ".png", ".pdf"})


class PhotoPaste(QObject):
    """Takes them for one page. Text fields keep the text that is pasted into them, and leave pictures to the page."""

    def __init__(self, page: QWidget, box: "PhotoBox | None" = None) -> None:
        super().__init__(page)
        self._box = box
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        bind(page, "Ctrl+V", self._on_pasted, gettext("Paste a photo"))

    def into(self, box: "PhotoBox", form: QWidget) -> None:
        """Put them there from now on, also what is pasted while the focus is in a text field of a form."""
        self._box = box
        box.destroyed.connect(lambda: self._forget(box))
        for field in (*form.findChildren(QLineEdit), *form.findChildren(QPlainTextEdit)):
            field.installEventFilter(self)
            if isinstance(field, QAbstractScrollArea):
                field.viewport().installEventFilter(self)

    def _forget(self, box: "PhotoBox") -> None:
        """Its form was closed: nothing goes to whom that was about."""
        self._box = None if self._box is box else self._box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key that pastes, or something dragged along."""
        if isinstance(event, QDropEvent):
            return self._dragged(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return event.matches(QKeySequence.StandardKey.Paste) and self._is_picture_alone(event)
        return super().eventFilter(watched, event)

    def _dragged(self, event: QDropEvent) -> bool:
        files = _files(event.mimeData())
        if self._box is None or not self._box.takes or not files:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._box.add(*files)
        return True

    def _is_picture_alone(self, event: QKeyEvent) -> bool:
        """Leave the key to the page: what a text field can take is in the clipboard of texts and of cells."""
        data = QGuiApplication.clipboard().mimeData()
        alone = bool(_files(data)) or (data.hasImage() and not data.hasText())
        if alone:
            event.ignore()
        return alone

    def _on_pasted(self) -> None:
        if self._box is None or not self._box.takes:
            return
        data = QGuiApplication.clipboard().mimeData()
        if files := _files(data):
            self._box.add(*files)
        elif data.hasImage():
            self._box.add(QImage(data.imageData()))


def _files(data: QMimeData) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in _FILES]
