"""Photos and papers of one thing: a link to add one, their captions, and one of them shown when asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.iconline import IconLink
from gridworker.gui.widgets.layout import clear, holder, row
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One of them. ``where`` says where the file is that is not here; it cannot be shown then."""

    id: int
    caption: str
    where: str = ""


class PhotoList(QWidget):
    """``add_wanted``; ``look_wanted`` and ``caption_wanted`` with the id of one; ``grown``: it needs other room."""

    add_wanted = Signal()
    look_wanted = Signal(object)  # an id has 63 bits
    caption_wanted = Signal(object)
    grown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: int | None = None
        self.describable = True
        """Whether what one shows may be written here."""
        self.setAccessibleName(gettext("Photos"))
        tip = gettext("A photo or a PDF; place and time are taken out of photos")
        self.adding = IconLink(gettext("Add photo"), "camera", tip)
        self.adding.pressed.connect(self.add_wanted)
        self.picture = QLabel()
        self.picture.hide()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        ways = ElidedText(gettext("or paste it with Ctrl V, or drop it here"), "caption", "ink-3")
        head = row(self.adding, gap=12)
        head.addWidget(ways, 1)
        layout.addLayout(head)
        layout.addLayout(self._lines)
        layout.addWidget(self.picture)

    def show_lines(self, lines: Sequence[PhotoLine]) -> None:
        """Show these, oldest first."""
        clear(self._lines)
        self.hide_picture()
        for line in lines:
            self._lines.addWidget(self._line(line), 0, Qt.AlignmentFlag.AlignLeft)
        self.grown.emit()

    def show_picture(self, attachment: int, caption: str, image: QImage) -> None:
        """Show one of them below the list."""
        self.shown = attachment
        self.picture.setPixmap(QPixmap.fromImage(image))
        self.picture.setAccessibleName(caption)
        self.picture.show()
        self.grown.emit()

    def hide_picture(self) -> None:
        """Show none, and keep none in memory."""
        self.shown = None
        self.picture.clear()
        self.picture.hide()
        self.grown.emit()

    def links(self) -> list[IconLink]:
        """Those that can be shown."""
        return [link for link in self.findChildren(IconLink) if link is not self.adding]

    def _line(self, line: PhotoLine) -> QWidget:
        shown: QWidget
        if line.where:
            shown = Text(f"{line.caption}  {line.where}", "small", "ink-3", wrap=True)
        else:
            shown = link = IconLink(line.caption, "image", gettext("Show or hide"))
            link.pressed.connect(lambda: self.look_wanted.emit(line.id))
        if not self.describable:
            return shown
        name = gettext("Say what “{caption}” shows").format(caption=line.caption)
        pencil = IconButton("pencil-simple", name, size=14)
        pencil.clicked.connect(lambda: self.caption_wanted.emit(line.id))
        return holder(row(shown, pencil, gap=2))
