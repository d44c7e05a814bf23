"""Photos on the visit form and beside an issue: chosen, made small, listed, shown on demand."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.person.photobox import THUMBNAIL, PhotoBox
from gridworker.gui.person.photopaste import PhotoPaste
from gridworker.gui.person.picture import LONGEST, shrunk
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.photos import PhotoLine, PhotoList
from gridworker.gui.widgets.text import ElidedText, Text
from tests.app.conftest import clock, office, open_store, session, village, workspace
from tests.pictures import CANARY
from tests.village import HandClock, Home, Village

__all__ = ["clock", "office", "open_store", "session", "village", "workspace"]


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """A picture as Qt writes it."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.setText("Comment", CANARY.decode())
    image.save(buffer, kind)  # type: ignore[call-overload]  # the stub wants bytes, Qt wants text
    return bytes(buffer.data().data())


def _holds(photos: PhotoList, count: int) -> bool:
    return len(photos.links()) == count


@pytest.fixture
def home(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


@pytest.fixture
def photos(qtbot: QtBot) -> PhotoList:
    photos = PhotoList()
    qtbot.addWidget(photos)
    return photos


def test_the_other_ways_are_told_beside_the_button(photos: PhotoList) -> None:
    assert "or paste it with Ctrl V, or drop it here" in [one.text() for one in photos.findChildren(ElidedText)]


def test_a_photo_is_made_small_and_loses_its_texts(qapp: object) -> None:
    data = picture(4000, 3000)
    assert CANARY in data
    kept = shrunk(data)
    image = QImage.fromData(kept)
    assert (image.width(), image.height()) == (LONGEST, LONGEST * 3 // 4)
    assert kept.startswith(b"\xff\xd8\xff")
    assert CANARY not in kept


def test_what_is_no_picture_is_left_to_others(qapp: object) -> None:
    assert shrunk(b"%PDF-1.7") == b"%PDF-1.7"
    assert shrunk(b"<svg/>") == b"<svg/>"


def test_what_a_photo_shows_is_said_in_the_window(
    qtbot: QtBot, photos: PhotoList, workspace: Workspace, home: Home
) -> None:
    view = workspace.attachments.add("household", home.id, picture(20, 10))
    box = PhotoBox(workspace, photos)
    box.show_of("household", home.id)
    qtbot.waitUntil(lambda: bool(photos.findChildren(IconButton)))
    (pencil,) = photos.findChildren(IconButton)
    assert pencil.accessibleName() == 'Say what "Picture" shows'
    pencil.click()
    qtbot.waitUntil(lambda: photos.window().findChild(FormDialog) is not None)
    dialog = photos.window().findChild(FormDialog)
    assert dialog is not None
    dialog.form.set_values({"caption_text": "楼道杂物"})
    dialog.save.click()
    qtbot.waitUntil(lambda: [link.accessibleName() for link in photos.links()] == ["楼道杂物"])
    assert workspace.records.show("attachment", view.id).values["caption_text"] == "楼道杂物"


def test_a_photo_is_added_listed_and_shown_on_demand(
    qtbot: QtBot, photos: PhotoList, workspace: Workspace, home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "IMG_0001.png"
    file.write_bytes(picture(2000, 1000))
    box = PhotoBox(workspace, photos)
    box.show_of("household", home.id)
    background.wait()
    box.add(file)
    qtbot.waitUntil(lambda: bool(photos.links()))
    (line,) = photos.links()
    assert line.accessibleName() == "Photo"
    assert photos.picture.isHidden()
    line.pressed.emit()
    qtbot.waitUntil(lambda: photos.shown is not None)
    assert photos.picture.accessibleName() == "Photo"
    assert photos.picture.pixmap().width() == THUMBNAIL
    line.pressed.emit()
    assert photos.shown is None
    assert photos.picture.isHidden()


def test_what_cannot_be_attached_says_so_and_another_may_be_tried(
    qtbot: QtBot, photos: PhotoList, workspace: Workspace, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Problem] = []
    monkeypatch.setattr("gridworker.gui.messages.show_problem", lambda _source, problem: told.append(problem))
    file = tmp_path / "notes.pdf"
    file.write_bytes(b"hello")
    box = PhotoBox(workspace, photos)
    box.show_of("household", home.id)
    box.add(file)
    qtbot.waitUntil(lambda: bool(told))
    assert str(told[0]) == "Only photos (JPEG, PNG) and PDF can be attached."
    assert photos.adding.isEnabled()
    assert workspace.attachments.all() == []


def test_several_are_chosen_at_once_and_a_bad_one_keeps_none_of_the_others(
    qtbot: QtBot, photos: PhotoList, workspace: Workspace, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gridworker.gui.messages.tell", lambda _parent, text, more: told.append(f"{text} {more}"))
    files = [tmp_path / name for name in ("a.png", "b.pdf", "c.png", "d.pdf")]
    for number, file in enumerate(files, start=10):
        file.write_bytes(picture(number, 10) if file.suffix == ".png" else b"hello")
    box = PhotoBox(workspace, photos)
    box.show_of("household", home.id)
    dialog = box.choose()
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(file) for file in files])
    qtbot.waitUntil(lambda: len(photos.links()) == 2)
    assert len(told) == 1
    assert "b.pdf: Only photos" in told[0]
    assert "d.pdf: Only photos" in told[0]
    assert photos.adding.isEnabled()
    dialog.close()


def test_one_that_is_elsewhere_is_named_and_cannot_be_opened(photos: PhotoList) -> None:
    photos.show_lines([PhotoLine(1, "楼道杂物", "still on laptop 7")])
    assert photos.links() == []
    told = [label.text() for label in photos.findChildren(Text) if not isinstance(label, ElidedText)]
    assert told == ["楼道杂物  still on laptop 7"]


def test_what_was_added_during_a_visit_becomes_the_visits(workspace: Workspace, home: Home, clock: HandClock) -> None:
    before = workspace.attachments.add("household", home.id, picture(20, 10))
    clock.move(minutes=5)
    opened = workspace.visits.start(home.id)
    clock.move(minutes=1)
    during = workspace.attachments.add("household", home.id, picture(30, 10))
    since = opened.entry.started_at
    assert [view.id for view in workspace.attachments.of("household", home.id, since)] == [during.id]
    finished = workspace.visits.finish(opened.entry)
    assert [view.id for view in workspace.attachments.of("visit", finished.visit)] == [during.id]
    assert [view.id for view in workspace.attachments.of("household", home.id)] == [before.id]


@pytest.fixture
def page(qtbot: QtBot, photos: PhotoList, workspace: Workspace, home: Home) -> tuple[QWidget, QPlainTextEdit]:
    """A page with notes on it, whose pasted photos go to a household."""
    page, notes = QWidget(), QPlainTextEdit()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.addWidget(notes)
    layout.addWidget(photos)
    box = PhotoBox(workspace, photos)
    box.show_of("household", home.id)
    PhotoPaste(page).into(box, page)
    page.show()
    page.activateWindow()
    notes.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is notes)
    return page, notes


def test_a_picture_is_pasted_also_from_the_notes_and_text_stays_theirs(
    qtbot: QtBot, page: tuple[QWidget, QPlainTextEdit], photos: PhotoList
) -> None:
    _, notes = page
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(QImage.fromData(picture(20, 10)))
    QTest.keyClick(notes, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(photos.links()) == 1)
    clipboard.setText("楼道杂物")
    QTest.keyClick(notes, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    clipboard.clear()
    background.wait()
    assert (notes.toPlainText(), len(photos.links())) == ("楼道杂物", 1)


def test_a_picture_dropped_anywhere_on_the_page_is_added_and_no_other_file(
    qtbot: QtBot, page: tuple[QWidget, QPlainTextEdit], photos: PhotoList, tmp_path: Path
) -> None:
    whole, notes = page
    (tmp_path / "楼道.png").write_bytes(picture(20, 10))
    copy, left, bare = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    taken = []
    for number, (over, name) in enumerate([(whole, "楼道.png"), (notes.viewport(), "楼道.png"), (whole, "a.exe")]):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        enter = QDragEnterEvent(over.rect().center(), copy, data, left, bare)
        QApplication.sendEvent(over, enter)
        taken.append(enter.isAccepted())
        if enter.isAccepted():
            QApplication.sendEvent(over, QDropEvent(QPointF(9, 9), copy, data, left, bare, QEvent.Type.Drop))
            qtbot.waitUntil(partial(_holds, photos, number + 1))
    assert taken == [True, True, False]
    assert notes.toPlainText() == ""


def test_nothing_is_pasted_where_the_photos_are_out_of_sight(
    page: tuple[QWidget, QPlainTextEdit], photos: PhotoList, workspace: Workspace, home: Home
) -> None:
    _, notes = page
    photos.hide()
    QGuiApplication.clipboard().setImage(QImage.fromData(picture(20, 10)))
    QTest.keyClick(notes, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()
    background.wait()
    assert workspace.attachments.of("household", home.id) == []


def test_nothing_is_added_to_what_a_closed_form_was_about(
    page: tuple[QWidget, QPlainTextEdit], photos: PhotoList, workspace: Workspace, home: Home
) -> None:
    whole, notes = page
    box = photos.findChild(PhotoBox)
    assert box is not None
    box.deleteLater()  # as it goes with the form
    QApplication.sendPostedEvents(box, QEvent.Type.DeferredDelete)
    QGuiApplication.clipboard().setImage(QImage.fromData(picture(20, 10)))
    QTest.keyClick(notes, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()
    background.wait()
    assert whole.isVisible()
    assert workspace.attachments.of("household", home.id) == []
