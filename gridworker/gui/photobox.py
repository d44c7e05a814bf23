"""Photos of one record on a page: chosen from a file, made small, added; shown on demand."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.picture import read, shrunk
from gridworker.gui.widgets.photos import PhotoLine, PhotoList
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.attachments import AttachmentView
    from gridworker.app.workspace import Workspace

THUMBNAIL = 320


class PhotoBox(QObject):
    """Connects a list of photos with the workspace."""

    def __init__(self, ws: "Workspace", photos: PhotoList) -> None:
        super().__init__(photos)
        self._ws, self._photos = ws, photos
        self._place: tuple[str, int] | None = None
        self._since = ""
        self._captions: dict[int, str] = {}
        photos.adding.setEnabled(ws.session.can("CREATE FILES"))
        photos.add_wanted.connect(self.choose)
        photos.look_wanted.connect(self._on_look)

    def show_of(self, kind: str, record: int | None, since: str = "") -> None:
        """Show what belongs to a record, or only what was added to it since a moment; None: nothing."""
        self._since = since
        if not self._ws.session.knows("READ FILES"):
            record = None
        self._place = None if record is None else (kind, record)
        self._photos.setVisible(record is not None)
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        if self._place is None:
            self._photos.show_lines([])
            return
        work = partial(self._ws.attachments.of, *self._place, self._since)
        background.run(work, done=partial(self._on_read, self._place), owner=self)

    def choose(self) -> QFileDialog:
        """Ask for a file."""
        dialog = QFileDialog(self._photos.window(), gettext("Add photo"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(gettext("Photos and PDF") + " (*.jpg *.jpeg *.png *.pdf)")
        dialog.fileSelected.connect(lambda name: self.add(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def add(self, path: Path) -> None:
        """Add a file to the record that is shown."""
        if self._place is None:
            return
        self._photos.adding.setEnabled(False)
        background.run(partial(self._add, path, *self._place), done=self._on_added, failed=self._on_failed, owner=self)

    def _add(self, path: Path, kind: str, record: int) -> "AttachmentView":
        from gridworker.app.attachments import read_file

        return self._ws.attachments.add(kind, record, shrunk(read_file(path)))

    def _on_added(self, _view: "AttachmentView") -> None:
        self._photos.adding.setEnabled(True)
        self.reload()

    def _on_failed(self, fault: Exception) -> None:
        self._photos.adding.setEnabled(self._ws.session.can("CREATE FILES"))
        if not isinstance(fault, Problem):
            raise fault
        messages.show_problem(self._photos, fault)

    def _on_read(self, place: tuple[str, int], views: "list[AttachmentView]") -> None:
        from gridworker.app.attachments import where

        if place == self._place:
            self._captions = {view.id: view.caption for view in views}
            self._photos.show_lines([PhotoLine(view.id, view.caption, where(view)) for view in views])

    def _on_look(self, attachment: int) -> None:
        if self._photos.shown == attachment:
            self._photos.hide_picture()
            return
        work = partial(self._thumbnail, attachment)
        background.run(work, done=partial(self._on_thumbnail, attachment), failed=self._on_failed, owner=self)

    def _thumbnail(self, attachment: int) -> QImage:
        image = read(self._ws.attachments.show(attachment), THUMBNAIL)
        if image.isNull():
            raise Problem("This is no picture. Write it out to open it.")
        return image

    def _on_thumbnail(self, attachment: int, image: QImage) -> None:
        if attachment in self._captions:
            self._photos.show_picture(attachment, self._captions[attachment], image)
