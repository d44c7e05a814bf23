"""File dialogs begin where a file of their purpose was last looked for, and never in the data folder."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.gui import filedialogs
from gridworker.gui.filedialogs import FileQuestion, Folders, Purpose


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with documents and a data folder in it, and nothing remembered."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "data" / "backups").mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path / "documents"))
    monkeypatch.setattr(filedialogs, "FOLDERS", Folders())
    return tmp_path


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """What asks."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_a_folder_is_remembered_for_its_purpose_alone(home: Path, parent: QWidget) -> None:
    stick, chosen = home / "stick", list[Path]()
    stick.mkdir()
    question = FileQuestion("Ledger", Purpose.LEDGERS, ["Excel (*.xlsx)"])
    first = filedialogs.open_file(parent, question, chosen.append)
    assert Path(first.directory().path()) == home / "documents"
    first.fileSelected.emit(str(stick / "a.xlsx"))
    first.reject()
    again = filedialogs.save_file(parent, FileQuestion("Ledger", Purpose.LEDGERS, name="b.xlsx"), chosen.append)
    assert [Path(name) for name in again.selectedFiles()] == [stick / "b.xlsx"]
    again.reject()
    other = filedialogs.open_files(parent, FileQuestion("Photo", Purpose.PHOTOS), chosen.extend)
    assert Path(other.directory().path()) == home / "documents"
    other.reject()
    assert chosen == [stick / "a.xlsx"]


def test_a_folder_that_was_chosen_is_where_the_next_begins(home: Path, parent: QWidget) -> None:
    place = home / "place"
    place.mkdir()
    dialog = filedialogs.choose_folder(parent, Purpose.BACKUPS, lambda _folder: None)
    dialog.fileSelected.emit(str(place))
    dialog.reject()
    assert filedialogs.FOLDERS.start(Purpose.BACKUPS) == place
    place.rmdir()
    assert filedialogs.FOLDERS.start(Purpose.BACKUPS) == home / "documents", "a stick that was pulled out"


def test_no_dialog_begins_in_the_data_folder(home: Path) -> None:
    folders = Folders()
    folders.keep_out_of(home / "data")
    folders.remember(Purpose.BACKUPS, home / "data" / "backups")
    assert folders.start(Purpose.BACKUPS) == home / "documents"
    folders.keep_out_of(home)
    assert not folders.start(Purpose.BACKUPS).is_relative_to(home)


def test_an_answer_waited_for_is_remembered_too(home: Path, parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(_parent: QWidget, _title: str, start: str, _filters: str) -> tuple[str, str]:
        asked.append(start)
        return (str(home / "x.pdf") if len(asked) == 1 else "", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    question = FileQuestion("Paper", Purpose.PAPERS, name="file.pdf")
    assert filedialogs.save_file_now(parent, question) == home / "x.pdf"
    assert filedialogs.save_file_now(parent, question) is None
    assert [Path(one) for one in asked] == [home / "documents" / "file.pdf", home / "file.pdf"]
