"""A computer that takes the place of another: where its backups lie, the passphrase, and what was found there."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import add, clear, column
from gridworker.gui.widgets.passphrase import PassphraseField
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.backup.way_back import WayBack


class BackupStep(Step):
    """Choose the folder with the backups and type the passphrase they were made under."""

    def __init__(self) -> None:
        text = gettext("It may lie on a stick or in another folder. The passphrase is the one of then.")
        super().__init__(gettext("Put a backup back"), text, action=self.label())
        self._place: Path | None = None
        self._zone = DropZone(
            gettext("Drag the folder with the backups here"),
            gettext("or click to choose the folder"),
            icon="floppy-disk",
        )
        self._zone.files_dropped.connect(lambda paths: self.take(paths[0]))
        self._zone.pressed.connect(self._on_browse)
        self._taken = column()
        self.passphrase_field = PassphraseField(gettext("Passphrase"))
        add(self.body, self._zone, self._taken, 16, self.passphrase_field)
        self.passphrase_field.changed.connect(lambda _: self._on_changed())
        self.passphrase_field.entered.connect(self.submit)
        self.set_ready(False)

    @staticmethod
    def label() -> str:
        """What its button says while nothing is under way."""
        return gettext("Look for it")

    def take(self, place: Path) -> None:
        """Take a folder; of a file in it, the folder it lies in."""
        self._place = place if place.is_dir() else place.parent
        clear(self._taken)
        self._taken.addSpacing(10)
        self._taken.addWidget(Strip(self._place.name or str(self._place), tone="info", icon="folder-open"))
        self._on_changed()
        self.passphrase_field.line().setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> Path | None:
        """The folder taken."""
        return self._place

    def passphrase(self) -> str:
        """What was typed."""
        return self.passphrase_field.text()

    def focus_first(self) -> None:
        """The zone first, then the passphrase."""
        (self.passphrase_field.line() if self._place else self._zone).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_browse(self) -> None:
        choose_folder(self, Purpose.BACKUPS, self.take)

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self._place is not None and bool(self.passphrase()))


class FoundStep(Step):
    """The backup that was found whole, and what a person has to know before it is put back."""

    def __init__(self, found: "WayBack", today: datetime) -> None:
        from gridworker.app.words.days import near_moment

        words = gettext("The backup of {moment} is whole.").format(moment=near_moment(found.at, today.date()))
        super().__init__(gettext("Put a backup back"), words, action=self.label())
        self.found = found
        lacking = [gettext("What the backup lacks comes back with the next bundles.")] if found.lacks else []
        for line in (*found.newer, *lacking):
            add(self.body, Text(line, wrap=True), 8)

    @staticmethod
    def label() -> str:
        """What its button says while nothing is under way."""
        return gettext("Put it back")
