"""The one door to file dialogs: each begins where a file of its purpose was last looked for.

The folder is remembered until the program ends and is written nowhere; names of files are not remembered at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gridworker.text import gettext


class Purpose(Enum):
    """What is looked for: each has a folder of its own, for bundles come on a stick and ledgers from the desk."""

    BUNDLES = "bundles"
    BACKUPS = "backups"
    KEYS = "keys"
    LEDGERS = "ledgers"
    PAPERS = "papers"
    PHOTOS = "photos"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """What a dialog asks for. ``filters`` as Qt writes them, ``Excel (*.xlsx)``; ``suffix`` without its dot."""

    title: str
    purpose: Purpose
    filters: Sequence[str] = ()
    name: str = ""
    """What a file to be saved is called if nobody says otherwise."""
    suffix: str = ""


class Folders:
    """Where dialogs begin. Never in the data folder: what is put there or taken out by hand damages a store."""

    def __init__(self) -> None:
        self._last: dict[Purpose, Path] = {}
        self._closed: Path | None = None

    def keep_out_of(self, data_folder: Path) -> None:
        """The data folder that is open in this window."""
        self._closed = data_folder.resolve()

    def remember(self, purpose: Purpose, folder: Path) -> None:
        """A folder somebody just used."""
        self._last[purpose] = folder

    def start(self, purpose: Purpose) -> Path:
        """The last one used for this, else the documents, else the home."""
        return next(one for one in self._candidates(purpose) if self._may_begin(one))

    def _candidates(self, purpose: Purpose) -> Iterator[Path]:
        if purpose in self._last:
            yield self._last[purpose]
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        if documents:
            yield Path(documents)
        yield Path.home()
        yield Path(Path.home().anchor)

    def _may_begin(self, folder: Path) -> bool:
        if folder == Path(folder.anchor):
            return True  # there is nowhere else
        return folder.is_dir() and (self._closed is None or not folder.resolve().is_relative_to(self._closed))


FOLDERS = Folders()


def open_file(parent: QWidget, question: FileQuestion, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask which file to read."""
    dialog = _dialog(parent, question)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _ask_one(dialog, question.purpose, chosen)


def open_files(parent: QWidget, question: FileQuestion, chosen: Callable[[list[Path]], object]) -> QFileDialog:
    """Ask which files to read."""
    dialog = _dialog(parent, question)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)

    def take(names: list[str]) -> None:
        paths = [Path(name) for name in names]
        if paths:
            FOLDERS.remember(question.purpose, paths[0].parent)
        chosen(paths)

    dialog.filesSelected.connect(take)
    dialog.open()
    return dialog


def choose_folder(parent: QWidget, purpose: Purpose, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder."""
    dialog = _dialog(parent, FileQuestion(gettext("Choose a folder"), purpose))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _ask_one(dialog, purpose, chosen)


def save_file(parent: QWidget, question: FileQuestion, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask where to write a file."""
    dialog = _dialog(parent, question)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if question.suffix:
        dialog.setDefaultSuffix(question.suffix)
    dialog.selectFile(question.name)
    return _ask_one(dialog, question.purpose, chosen)


def save_file_now(parent: QWidget, question: FileQuestion) -> Path | None:
    """Ask where to write a file and wait for the answer; None where none is given."""
    proposed = FOLDERS.start(question.purpose) / question.name
    name, _ = QFileDialog.getSaveFileName(parent, question.title, str(proposed), ";;".join(question.filters))
    if not name:
        return None
    FOLDERS.remember(question.purpose, Path(name).parent)
    return Path(name)


def _dialog(parent: QWidget, question: FileQuestion) -> QFileDialog:
    dialog = QFileDialog(parent, question.title, str(FOLDERS.start(question.purpose)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if question.filters:
        dialog.setNameFilters(list(question.filters))
    return dialog


def _ask_one(dialog: QFileDialog, purpose: Purpose, chosen: Callable[[Path], object]) -> QFileDialog:
    def take(name: str) -> None:
        path = Path(name)
        of_folder = dialog.fileMode() is QFileDialog.FileMode.Directory
        FOLDERS.remember(purpose, path if of_folder else path.parent)
        chosen(path)

    dialog.fileSelected.connect(take)
    dialog.open()
    return dialog
