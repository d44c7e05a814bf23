"""Filled-in forms of the registers in the window: shown before anything is saved, imported, taken back, refused."""

from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.ledger.ledgers import ledger_named
from gridworker.app.workspace import Workspace
from gridworker.gui.entries import permitted, present
from gridworker.gui.page import OFFICE, Shell
from gridworker.gui.pages.roster import RosterPage
from gridworker.gui.pages.roster.correction import Correction
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.state import Strip
from gridworker.sheets.write import Table, write_table
from gridworker.store.records import count
from tests.app.forms import form
from tests.app.test_gate import act_as

HEADERS = ("Name of the shop✱", "Kind of business✱", "Address✱", "Grid✱", "Phone", "Colour")
SHOP = ["便民副食店", "Self-employed", "花园路 5 号", "第三网格", "13800000144", "red"]
BAD = ["早点铺", "No such kind", "花园路 6 号", "第三网格", "", ""]


@pytest.fixture
def page(office: Workspace, qtbot: QtBot) -> RosterPage:
    """The page at an office with one grid."""
    office.devices.add_grid("第三网格")
    page = RosterPage(office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    page.refresh({})
    qtbot.waitUntil(lambda: len(page.start.grids()) == 1)
    return page


def read(qtbot: QtBot, page: RosterPage, path: Path, *rows: list[str]) -> None:
    write_table(path, Table("Shops", HEADERS, rows))
    page.take(path)
    qtbot.waitUntil(page.panel.isVisible)


def words(widget: QWidget) -> str:
    """All that stands on visible labels and buttons."""
    QApplication.processEvents()
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, *(button.label() for button in widget.findChildren(Button) if button.isVisible())])


def says(page: RosterPage, sentence: str) -> bool:
    return sentence in words(page)


def listed(page: RosterPage) -> list[list[str]]:
    model = page.panel.table.model()
    cells = [[model.data(model.index(row, column)) for column in range(model.columnCount())]
             for row in range(model.rowCount())]  # fmt: skip
    return [[str(cell) for cell in row] for row in cells]


def shops(office: Workspace) -> int:
    with office.session.store.db.read() as connection:
        return count(connection, "merchant")


def test_a_form_is_shown_imported_and_taken_back(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    read(qtbot, page, tmp_path / "shops.xlsx", SHOP, BAD)
    said = words(page)
    assert "Ledger of shops·shops.xlsx·第三网格" in said
    assert "The column Colour is not used." in said
    assert "Import 1 entry" in said
    assert [(row[2], row[3]) for row in listed(page)] == [("便民副食店", "花园路 5 号"), ("早点铺", "花园路 6 号")]
    assert "B4" in listed(page)[1][4]
    assert page.panel.aside.columns.boxes == {}
    assert shops(office) == 0
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
    assert toast.args is not None
    assert toast.args[0] == "Imported 1 entry."
    qtbot.waitUntil(page.panel.isVisible)
    assert "shops.xlsx: 1 new, 0 changed, 0 the same, 1 not taken in." in words(page)
    assert (shops(office), page.panel.button.isVisible()) == (1, False)
    strip = next(one for one in page.findChildren(Strip) if one.isVisible())
    with qtbot.waitSignal(page.shell.toast_wanted):
        QTest.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.panel.button.isVisible)
    assert shops(office) == 0


def test_a_row_of_a_form_is_corrected_in_the_preview_and_its_columns_stay(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    read(qtbot, page, tmp_path / "shops.xlsx", SHOP, BAD)
    page.judging.pick_column("x", "name")
    page.judging.reset_columns()
    assert page.panel.aside.columns.boxes == {}
    assert page.panel.table.reach(page.panel._rows.key_of("Shops", 4) or "")
    page.judging.correct()
    qtbot.waitUntil(lambda: bool(page.panel.aside.findChildren(Correction)))
    fields = page.panel.aside.findChildren(Correction)[0]
    assert fields.fields[1].text() == "No such kind"
    assert fields.fields[1].hasFocus() or fields.fields[1].selectedText()
    fields.fields[1].setText("Self-employed")
    fields.submit()
    qtbot.waitUntil(lambda: page.panel.isEnabled() and "Import 2 entries" in words(page))
    assert "Cell B4 was corrected in the preview." in words(page)
    with qtbot.waitSignal(page.shell.toast_wanted):
        QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
    assert shops(office) == 2


def test_a_blank_form_is_filled_in_corrected_and_taken_in_again(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    """What is in by then is the same, what was refused comes in, and the form is the one the program gives out."""
    good: dict[str, object] = {
        "Name of the shop": "便民副食店",
        "Kind of business": "",
        "Address": "花园路 5 号",
        "Grid": "第三网格",
    }
    bad = good | {"Name of the shop": "早点铺", "Kind of business": "No such kind", "Address": "花园路 6 号"}
    path = form(tmp_path / "shops.xlsx", "shops", good, bad)
    for kind, told in ((None, "1 new, 0 changed, 0 the same, 1 not taken in"),
                       ("Self-employed", "1 new, 0 changed, 1 the same, 0 not taken in")):  # fmt: skip
        if kind:
            book = openpyxl.load_workbook(path)
            sheet: Any = book.worksheets[0]
            place = next(cell for line in sheet.iter_rows() for cell in line if cell.value == "No such kind")
            place.value = kind
            book.save(path)
        page.take(path)
        qtbot.waitUntil(lambda: page.panel.button.isVisible() and "Import 1 entry" in words(page))
        with qtbot.waitSignal(page.shell.toast_wanted):
            QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(partial(says, page, f"shops.xlsx: {told}."))
    assert shops(office) == 2


def test_who_keeps_the_duty_roster_takes_its_form_in_by_the_window(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    name = str(office.records.page("staff")[0].values["name"])
    cells = {"day": "2026-03-19", "slot": "Morning", "on_duty": name}
    columns = [column for column in ledger_named("shifts").columns if column.name in cells]
    act_as(office.session, "administrator")
    assert "roster" in {entry.name for entry in permitted(office.session, present(OFFICE))}
    page.refresh({})
    path = tmp_path / "shifts.xlsx"
    headers = [str(column.label) for column in columns]
    write_table(path, Table("Shifts", headers, [[cells[column.name] for column in columns]]))
    page.take(path)
    qtbot.waitUntil(page.panel.isVisible)
    assert "Import 1 entry" in words(page), words(page)
    assert "Export a ledger" not in words(page)
    with qtbot.waitSignal(page.shell.toast_wanted):
        QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
    with office.session.store.db.read() as connection:
        assert count(connection, "duty_shift") == 1


def test_a_write_meanwhile_makes_the_preview_anew(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    read(qtbot, page, tmp_path / "shops.xlsx", SHOP)
    office.records.save("merchant", {"name": "便民副食店", "shop_kind": "individual", "address": "花园路 5 号",
                                     "phone": "13800000144", "grid_id": office.devices.grids()[0][0]})  # fmt: skip
    assert "merchant" in page.kinds
    page.refresh({"merchant": frozenset({1})})
    qtbot.waitUntil(lambda: page.panel.isVisible() and "nothing to import" in words(page))
    assert not page.panel.button.isEnabled()


def test_who_looks_on_sees_neither_names_nor_places(qtbot: QtBot, page: RosterPage, tmp_path: Path) -> None:
    read(qtbot, page, tmp_path / "shops.xlsx", SHOP, BAD)
    page.shell.set_sharing(True)
    said = words(page) + str(listed(page))
    assert "便民副食店" not in said
    assert "花园路" not in said


def test_a_ledger_with_a_history_says_where_it_is_written(
    qtbot: QtBot, page: RosterPage, office: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "visits.xlsx"
    office.rosters.template(path, "visits")
    page.take(path)
    qtbot.waitUntil(lambda: "they are written in the window" in words(page))
    assert "Choose the columns by hand" not in words(page)
