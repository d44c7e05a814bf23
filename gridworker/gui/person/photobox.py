"""Photos of one record on a page: chosen from files, made small, added; shown on demand."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from gridworker.errors import Invalid, Problem
from gridworker.gui import background, messages
from gridworker.gui.filedialogs import FileQuestion, Purpose, open_files
from gridworker.gui.person.picture import read, shrunk, written
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.photos import PhotoLine, PhotoList
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QDialog

    from gridworker.app.attachment.attachments import AttachmentView
    from gridworker.app.register.records import Found
    from gridworker.app.workspace import Workspace

THUMBNAIL = 320
_TOLD = 8
"""So many files that could not be added are named."""


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
        photos.describable = not ws.session.read_only
        photos.caption_wanted.connect(self.describe)

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

    def choose(self) -> "QDialog":
        """Ask for files."""
        filters = [gettext("Photos and PDF") + " (*.jpg *.jpeg *.png *.pdf)"]
        question = FileQuestion(gettext("Add photo"), Purpose.PHOTOS, filters)
        return open_files(self._photos.window(), question, lambda paths: self.add(*paths))

    @property
    def takes(self) -> bool:
        """Whether something can be added now: to what one sees, no issue that lies aside in a small window."""
        return self._place is not None and self._photos.isVisible() and self._ws.session.can("CREATE FILES")

    def add(self, *sources: Path | QImage) -> None:
        """Add files or pictures to the record that is shown, in order; one that is refused keeps no other out."""
        if self._place is None or not sources:
            return
        self._photos.adding.setEnabled(False)
        add = partial(self._add_all, sources, *self._place)
        background.run(add, done=self._on_added, failed=self._on_failed, owner=self)

    def describe(self, attachment: int) -> None:
        """Ask what a photo or paper shows."""
        work = partial(self._ws.records.show, "attachment", attachment)
        background.run(work, done=self._ask_caption, failed=self._on_failed, owner=self)

    def _ask_caption(self, found: "Found") -> None:
        spec = self._ws.records.kind("attachment").kind.specs["caption_text"]
        words = FormText(gettext("What it shows"), gettext("Save"))
        dialog = FormDialog(self._photos.window(), words, [spec], found.values)

        def submit(_changes: object) -> None:
            said = str(dialog.form.values()["caption_text"] or "")
            work = partial(self._ws.attachments.describe, found.id, said)
            background.run(work, done=done, failed=failed, owner=dialog)

        def done(_view: "AttachmentView") -> None:
            dialog.accept()
            self.reload()

        def failed(fault: Exception) -> None:
            if isinstance(fault, Invalid):
                dialog.show_faults(fault)
            else:
                self._on_failed(fault)

        dialog.submitted.connect(submit)
        dialog.open()

    def _add_all(self, sources: "Sequence[Path | QImage]", kind: str, record: int) -> "list[tuple[str, Problem]]":
        """Add each by itself. Returns those that could not be, by name, and why."""
        from gridworker.app.attachment.attachments import read_file

        failed = []
        for source in sources:
            try:
                data = written(source) if isinstance(source, QImage) else read_file(source)
                self._ws.attachments.add(kind, record, shrunk(data))
            except Problem as problem:
                failed.append((gettext("Picture") if isinstance(source, QImage) else source.name, problem))
        return failed

    def _on_added(self, failed: "list[tuple[str, Problem]]") -> None:
        self._photos.adding.setEnabled(True)
        self.reload()
        if len(failed) == 1:
            messages.show_problem(self._photos, failed[0][1])
        elif failed:
            lines = [gettext("{name}: {value}").format(name=name, value=problem) for name, problem in failed[:_TOLD]]
            left = len(failed) - _TOLD
            lines += [gettext("and {count} more").format(count=left)] if left > 0 else []
            messages.tell(self._photos.window(), gettext("These were not added:"), "\n".join(lines))

    def _on_failed(self, fault: Exception) -> None:
        self._photos.adding.setEnabled(self._ws.session.can("CREATE FILES"))
        if not isinstance(fault, Problem):
            raise fault
        messages.show_problem(self._photos, fault)

    def _on_read(self, place: tuple[str, int], views: "list[AttachmentView]") -> None:
        from gridworker.app.attachment.attachments import where

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
