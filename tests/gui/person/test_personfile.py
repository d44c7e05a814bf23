"""One person's own file, asked for from the household page: printed, as a PDF, as data; on record before it leaves."""

from collections.abc import Iterator
from errno import ENOSPC
from os import fstat
from pathlib import Path
from random import randbytes
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.rights.person_file import Entry, PersonFile
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.person import paper as personpaper
from gridworker.gui.person.file import PersonFileDialog
from gridworker.gui.person.paper import parts_of, write_pdf
from gridworker.gui.person.picture import written
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.veil import Veil
from tests.circle import Circle, Family, made_visit
from tests.gui.seen import clipped, settle, unnamed
from tests.pictures import pdf


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def dialog(circle: Circle, family: Family, qtbot: QtBot) -> Iterator[PersonFileDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    dialog = PersonFileDialog(parent, circle.office.person_files, circle.office.person_files.read(family.resident))
    dialog.show()
    qtbot.waitExposed(dialog)
    yield dialog
    parent.hide()


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file picked where one is asked for."""
    path = tmp_path / "own"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def noted(circle: Circle, action: str) -> list[Any]:
    return [event.values["record"] for event in circle.office.records.page("audit_event", where={"action": action})]


def test_it_is_asked_for_where_a_person_is_changed(circle: Circle, family: Family, qtbot: QtBot) -> None:
    page = HouseholdPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.show()
    page.show_target(family.household)
    settle(qtbot)
    page._on_edit(family.member)
    (form,) = page.findChildren(FormDialog)
    button = next(one for one in form.findChildren(QPushButton) if one.accessibleName() == "Their own file")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.findChildren(PersonFileDialog)))
    settle(qtbot)


def test_a_pdf_says_what_is_kept_and_is_on_record(
    dialog: PersonFileDialog, circle: Circle, family: Family, qtbot: QtBot, chosen: Path
) -> None:
    dialog.pdf.click()
    settle(qtbot)
    assert chosen.read_bytes().startswith(b"%PDF")
    assert noted(circle, "export") == [family.resident]
    file = circle.office.person_files.read(family.resident)
    words = "".join(part for part in parts_of(file) if isinstance(part, str))
    assert "陈建国" in words
    assert "13800000142" in words
    assert "Exported data" in words  # who looked, this time included


@pytest.mark.usefixtures("qapp")
def test_a_long_file_goes_on_over_pages_and_cuts_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record longer than a page goes on where it stopped; nothing is drawn below the end of a page."""
    long = "".join(f"q{number:04d} " for number in range(2500))
    entries = [Entry(f"Visit {number}", (("Day", "2026-01-02"), ("Note", "x"))) for number in range(60)]
    file = PersonFile(1, "陈建国", "2026", (*entries, Entry("Long", (("Words", long),))), ("one", "two"), ())
    shares: list[float] = []
    drawn: dict[str, list[tuple[float, float]]] = {}
    real = personpaper._Sheet._draw

    def draw(sheet: Any, document: Any, start: float, height: float) -> None:
        drawn.setdefault(document.toPlainText(), []).append((start, height))
        assert sheet._at + height <= sheet._height + 1
        whole = [top for top, bottom in personpaper._lines(document) if top < start + height - 1 < bottom - 2]
        assert whole == []
        real(sheet, document, start, height)

    monkeypatch.setattr(personpaper._Sheet, "_draw", draw)
    with (tmp_path / "own.pdf").open("wb") as target:
        write_pdf(file, target, shares.append)
    assert len(PdfReader(tmp_path / "own.pdf").pages) > 4
    assert len(drawn) == 63, "what a list is called stands on the page where it begins"
    for pieces in drawn.values():
        starts = [start for start, _ in pieces]
        assert starts == [0.0, *(start + height for start, height in pieces[:-1])]
    assert max(map(len, drawn.values())) > 1
    assert (shares[-1], shares) == (1.0, sorted(shares))


def images(path: Path) -> list[int]:
    """The pages photos stand on, one for each photo."""
    pages: list[Any] = list(PdfReader(path).pages)
    return [number for number, page in enumerate(pages, start=1)
            for one in page["/Resources"].get("/XObject", {}).values()
            if one.get_object()["/Subtype"] == "/Image"]  # fmt: skip


def snap(colour: Qt.GlobalColor) -> bytes:
    image = QImage(1200, 1600, QImage.Format.Format_RGB32)
    image.fill(colour)
    return written(image)


def test_photos_are_on_the_paper_and_each_page_says_whose_it_is(
    dialog: PersonFileDialog, circle: Circle, family: Family, qtbot: QtBot, chosen: Path
) -> None:
    met = made_visit(circle.office, family.household)
    circle.office.records.save("visit", {"met": str(family.resident)}, met)
    for kind, record in (("household", family.household), ("visit", met)):
        circle.office.attachments.add(kind, record, snap(Qt.GlobalColor.red), kind)
    circle.office.attachments.add("household", family.household, pdf(), "paper")
    dialog._file = circle.office.person_files.read(family.resident)
    dialog.pdf.click()
    settle(qtbot)
    assert len(images(chosen)) == 2
    pages = PdfReader(chosen).pages
    for number, page in enumerate(pages, start=1):
        assert page.extract_text().split()[-2:] == ["陈建国", str(number)]
    said = " ".join("".join(page.extract_text() for page in pages).split())
    assert "A paper with pages of its own" in said
    told = [number for number, page in enumerate(pages, start=1) for _ in range(page.extract_text().count("Picture"))]
    assert told == images(chosen), "and what tells of a photo stands above it"
    assert "2026-03-18" in said, "a paper is read years later"


@pytest.mark.usefixtures("qapp")
def test_a_photo_that_is_elsewhere_is_said_to_be(tmp_path: Path) -> None:
    file = PersonFile(1, "陈建国", "2026", (Entry("Attachment", (("Caption", "x"),), 7),), (), ())
    with (tmp_path / "own.pdf").open("wb") as target:
        write_pdf(file, target)
    assert "This record is not here." in " ".join(PdfReader(tmp_path / "own.pdf").pages[0].extract_text().split())


def test_it_is_painted_beside_the_window_and_can_be_cancelled(
    dialog: PersonFileDialog, circle: Circle, qtbot: QtBot, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, threads = Event(), Event(), []

    def parts(_file: PersonFile) -> Iterator[str]:
        threads.append(current_thread())
        yield "<p>first</p>"
        begun.set()
        go_on.wait(5)
        yield "<p>second</p>"

    monkeypatch.setattr(personpaper, "parts_of", lambda file: list(parts(file)))
    dialog.pdf.click()
    qtbot.waitUntil(begun.is_set)
    assert dialog.bar.isVisible()
    assert not dialog.pdf.isEnabled()
    dialog.reject()
    go_on.set()
    settle(qtbot)
    assert threads[0] is not main_thread()
    assert not list(chosen.parent.glob(f"{chosen.name}*")), "nor is a part of it there"
    rows = circle.office.records.page("audit_event", where={"action": "export"})
    assert sorted(str(row.values["detail"] or "") for row in rows) == ["", "unwritten"]


@pytest.mark.usefixtures("qapp")
def test_photos_go_to_the_disk_as_they_are_painted(tmp_path: Path) -> None:
    """A hundred of them make a PDF of a hundred megabytes: it is never in memory as a whole."""
    file = PersonFile(1, "陈建国", "2026", (Entry("Attachment", (("Caption", "x"),), 7),) * 12, (), ())
    sizes, noise = list[int](), written(QImage(randbytes(480_000), 400, 300, QImage.Format.Format_RGB32))
    with (tmp_path / "own.pdf").open("wb") as target:
        write_pdf(file, target, lambda _share: sizes.append(fstat(target.fileno()).st_size), lambda _photo: noise)
    assert sizes[-1] > sizes[len(sizes) // 2] > 100_000


@pytest.mark.usefixtures("qapp")
def test_a_pdf_that_is_not_written_whole_is_none(tmp_path: Path) -> None:
    """Its pages go to the disk while they are painted: what has no room there ends it like any other file."""
    file = PersonFile(1, "陈建国", "2026", (), ("x",) * 400, ())
    with Path("/dev/full").open("wb") as target, pytest.raises(OSError, match="not written whole") as full:
        write_pdf(file, target)
    assert full.value.errno == ENOSPC


def test_data_with_photos_stops_where_it_is_cancelled(
    dialog: PersonFileDialog,
    circle: Circle,
    family: Family,
    qtbot: QtBot,
    chosen: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show, begun, go_on = circle.office.attachments.show, Event(), Event()

    def slow(attachment: int) -> bytes:
        begun.set()
        go_on.wait(5)
        return show(attachment)

    circle.office.attachments.add("household", family.household, snap(Qt.GlobalColor.red))
    dialog._file = circle.office.person_files.read(dialog._file.resident)
    monkeypatch.setattr(circle.office.attachments, "show", slow)
    dialog.data.click()
    qtbot.waitUntil(begun.is_set)
    dialog.reject()
    go_on.set()
    settle(qtbot)
    assert not list(chosen.parent.glob(f"{chosen.name}*"))


def test_a_file_that_cannot_be_written_is_said_and_on_record(
    dialog: PersonFileDialog, circle: Circle, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(dialog, "show_problem", lambda problem: said.append(str(problem)))
    for button, name in ((dialog.pdf, "file.pdf"), (dialog.data, "file.json")):
        place = str(tmp_path / "gone" / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, place=place: (place, ""))
        button.click()
        settle(qtbot)
        assert dialog.isVisible()
    assert len(said) == 2
    rows = circle.office.records.page("audit_event", where={"action": "export"})
    assert sorted(str(row.values["detail"] or "") for row in rows) == ["", "", "unwritten", "unwritten"]
    assert list(tmp_path.glob("**/file*")) == []


def test_data_for_another_program(
    dialog: PersonFileDialog, circle: Circle, family: Family, qtbot: QtBot, chosen: Path
) -> None:
    dialog.data.click()
    settle(qtbot)
    assert "陈建国" in chosen.read_text("utf-8")
    assert noted(circle, "export") == [family.resident]
    assert not dialog.isVisible()


def test_a_print_is_on_record_before_a_page_is_painted(
    dialog: PersonFileDialog, circle: Circle, family: Family, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[list[Any]]()
    monkeypatch.setattr("gridworker.gui.person.file.paint", lambda *_: seen.append(noted(circle, "print")))
    dialog._on_printer(QPrinter())
    settle(qtbot)
    assert seen == [[family.resident]]


@pytest.mark.usefixtures("each_language", "each_scale")
def test_nothing_is_cut_off_or_without_a_name(dialog: PersonFileDialog) -> None:
    assert clipped(dialog) == []
    assert unnamed(dialog) == []


def test_what_lies_behind_is_veiled_while_it_is_open(dialog: PersonFileDialog) -> None:
    parent = dialog.parentWidget()
    assert parent is not None
    assert any(one.isVisible() for one in parent.findChildren(Veil))
    dialog.reject()
    assert not any(one.isVisible() for one in parent.findChildren(Veil))
