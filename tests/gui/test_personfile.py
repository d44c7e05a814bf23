"""One person's own file, asked for from the household page: printed, as a PDF, as data; on record before it leaves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.personfile import PersonFileDialog, document_of
from gridworker.gui.widgets.formdialog import FormDialog
from tests.circle import Circle, Family
from tests.gui.seen import clipped, settle, unnamed


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
    words = document_of(circle.office.person_files.read(family.resident)).toPlainText()
    assert "陈建国" in words
    assert "13800000142" in words
    assert "Exported data" in words  # who looked, this time included


def test_a_file_that_cannot_be_written_is_said(
    dialog: PersonFileDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(dialog, "show_problem", lambda problem: said.append(str(problem)))
    for button, name in ((dialog.pdf, "file.pdf"), (dialog.data, "file.json")):
        place = str(tmp_path / "gone" / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, place=place: (place, ""))
        button.click()
        settle(qtbot)
        assert dialog.isVisible()
    assert said[0] == "The file was not written. Choose another place."
    assert len(said) == 2


def test_data_for_another_program(
    dialog: PersonFileDialog, circle: Circle, family: Family, qtbot: QtBot, chosen: Path
) -> None:
    dialog.data.click()
    settle(qtbot)
    assert "陈建国" in chosen.read_text("utf-8")
    assert noted(circle, "export") == [family.resident]
    assert not dialog.isVisible()


@pytest.mark.usefixtures("each_language", "each_scale")
def test_nothing_is_cut_off_or_without_a_name(dialog: PersonFileDialog) -> None:
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
