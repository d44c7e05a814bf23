"""Importing a roster in the window: from the file to the import and back again, and what is refused on the way."""

import threading
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLabel, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.preview import Preview
from gridworker.app.roster.rosters import Imported
from gridworker.app.workspace import Workspace
from gridworker.gui.export.exportdialog import ExportDialog
from gridworker.gui.export.purposedialog import PurposeDialog
from gridworker.gui.look.theme import Look
from gridworker.gui.page import Shell, Undo
from gridworker.gui.pages.roster import RosterPage
from gridworker.gui.pages.roster.correction import Correction
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.state import Strip
from gridworker.sheets.read import read_book
from gridworker.sheets.write import Table, write_table
from gridworker.store.intake import transaction
from gridworker.store.records import count
from gridworker.text import gettext
from tests.gui.seen import clipped

SAMPLES = Path(__file__).parents[2] / "data" / "rosters"
MERGED = SAMPLES / "01_title_merged_address.xlsx"
BAD_ROWS = SAMPLES / "07_dates_sex_phones_problems.xlsx"
HEADERS = ("姓名", "性别", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "室")
CHEN = ["陈桂芳", "女", "11010519491231002X", "户主", "13800000142", "3", "1", "202"]
LI = ["李红", "女", "", "女儿", "13800000867", "3", "1", "202"]

Opened = Callable[[], RosterPage]


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第三网格")


@pytest.fixture
def opened(office: Workspace, qtbot: QtBot) -> Opened:
    """The page as it is after the window opened it."""

    def make() -> RosterPage:
        page = RosterPage(office, Shell())
        qtbot.addWidget(page)
        page.resize(1228, 869)
        page.show()
        page.refresh({})
        qtbot.waitUntil(lambda: page.start.grids() == office.devices.grids())
        return page

    return make


def ledger(folder: Path, *rows: list[str], name: str = "台账.xlsx") -> Path:
    path = folder / name
    write_table(path, Table("居民台账", HEADERS, rows))
    return path


def words(widget: QWidget) -> str:
    """All that stands on visible labels and buttons, once Qt has shown what was just put there."""
    QApplication.processEvents()
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, *(button.label() for button in widget.findChildren(Button) if button.isVisible())])


def filters(page: RosterPage) -> dict[object, int]:
    return {tab.value: tab.count for tab in page.panel._rows.tabs()}


def listed(page: RosterPage) -> list[list[str]]:
    """The rows in sight, cell by cell."""
    model = page.panel.table.model()
    return [
        [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def read(qtbot: QtBot, page: RosterPage, path: Path) -> None:
    page.take(path)
    qtbot.waitUntil(page.panel.isVisible)


def residents(office: Workspace) -> int:
    with office.session.store.db.read() as connection:
        return count(connection, "resident")


def button(widget: QWidget, label: str) -> Button:
    return next(one for one in widget.findChildren(Button) if one.label() == label and one.isVisible())


def strip(page: RosterPage) -> Strip:
    return next(one for one in page.findChildren(Strip) if one.isVisible())


def drop(zone: DropZone, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    zone.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, none))


@pytest.mark.usefixtures("grid")
def test_a_dropped_ledger_is_shown_before_anything_is_saved(qtbot: QtBot, opened: Opened, office: Workspace) -> None:
    page = opened()
    drop(page.start.zone, MERGED)
    qtbot.waitUntil(page.panel.isVisible)
    rows = page.panel.table.model().rowCount()
    assert rows == filters(page)["every"] == 20
    assert filters(page)["new"] + filters(page)["rejected"] == rows
    assert f"Import {filters(page)['new']} people" in words(page)
    assert "How the columns were read" in words(page)
    assert page.panel.aside.columns.boxes["公民身份号码"].currentText() == "ID number"
    assert residents(office) == 0


@pytest.mark.usefixtures("grid")
def test_beside_the_button_one_line_says_that_nothing_is_saved_yet(
    qtbot: QtBot, opened: Opened, dressed: Look, each_language: str
) -> None:
    del each_language
    page = opened()
    drop(page.start.zone, MERGED)
    qtbot.waitUntil(page.panel.isVisible)
    begin = gettext("Nothing is saved yet.")
    whole = gettext("Nothing is saved yet. An import can be taken back as a whole.")
    (said,) = [one for one in page.panel.findChildren(QLabel) if one.text().startswith(begin)]
    for scale, width in product((1.0, 1.25, 1.5), (1084, 1228)):
        dressed.use(scale=scale)
        page.resize(width, 680)
        QApplication.processEvents()
        assert said.fontMetrics().horizontalAdvance(said.text()) <= said.width(), (scale, width)
        assert whole in {said.text(), said.toolTip()}


@pytest.mark.usefixtures("grid")
def test_export_and_report_are_asked_for_by_the_keys_on_their_buttons(qtbot: QtBot, opened: Opened) -> None:
    page = opened()
    drop(page.start.zone, MERGED)
    qtbot.waitUntil(page.panel.isVisible)
    page.activateWindow()
    assert (page.export.key(), page.report.key()) == ("X", "R")
    for key, kind in ((Qt.Key.Key_X, ExportDialog), (Qt.Key.Key_R, PurposeDialog)):
        page.panel.focus_first()
        QTest.keyClick(page.panel.table, key)
        qtbot.waitUntil(partial(asked, page, kind))
        for dialog in page.findChildren(kind):
            dialog.reject()


def asked(page: RosterPage, kind: type[QDialog]) -> bool:
    return any(one.isVisible() for one in page.findChildren(kind))


def judged(page: RosterPage, state: str) -> bool:
    """Whether the one row of a ledger stands there again, and so."""
    return page.panel.isEnabled() and filters(page)[state] == 1


@pytest.mark.usefixtures("grid")
def test_who_is_taken_for_somebody_who_moved_is_told_apart_on_a_key(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page, headers, path = opened(), ("姓名", "与户主关系", "出生日期", "楼栋", "室"), tmp_path / "台账.xlsx"
    for building in ("3", "5"):
        write_table(path, Table("台账", headers, [["陈强", "户主", "1980-05-26", building, "101"]]))
        preview = office.rosters.preview(path, page.start.grids()[0][0])
        if building == "3":
            office.rosters.save(preview)
    read(qtbot, page, path)
    assert filters(page)["changed"] == 1
    for label, state in (("Not the same person", "new"), ("The same person after all", "changed")):
        assert label in words(page.panel.aside)
        QTest.keyClick(page, Qt.Key.Key_F4)
        qtbot.waitUntil(partial(judged, page, state))
    assert "elsewhere" in words(page.panel)
    QTest.mouseClick(button(page.panel.aside, "Not the same person"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(partial(judged, page, "new"))
    assert "elsewhere" not in words(page.panel)


@pytest.mark.usefixtures("grid")
def test_an_import_saves_all_and_is_undone_from_the_page(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page = opened()
    before = office.care_of_store.digest()
    read(qtbot, page, ledger(tmp_path, CHEN, LI))
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
    assert toast.args is not None
    assert toast.args[0] == "Imported 2 people."
    assert isinstance(toast.args[1], Undo)
    qtbot.waitUntil(page.panel.isVisible)
    assert residents(office) == 2
    assert "台账.xlsx: 2 new, 0 changed, 0 the same, 0 not taken in." in words(page)
    assert not page.panel.button.isVisible()
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        QTest.mouseClick(strip(page).button, Qt.MouseButton.LeftButton)
    assert toast.args == ["The import is taken back.", None]
    assert office.care_of_store.digest() == before
    qtbot.waitUntil(page.panel.button.isVisible)
    assert "Import 2 people" in words(page)
    assert "Undo this import" not in words(page)


@pytest.mark.usefixtures("grid")
def test_an_import_can_be_undone_while_the_next_ledger_is_looked_at(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    with qtbot.waitSignal(page.shell.toast_wanted):
        page.panel.button.click()
    read(qtbot, page, ledger(tmp_path, CHEN, LI, name="四月.xlsx"))
    assert filters(page)["same"] == 1
    with qtbot.waitSignal(page.shell.toast_wanted):
        strip(page).button.click()
    page.refresh({"resident": frozenset({1})})
    qtbot.waitUntil(lambda: page.panel.isVisible() and filters(page)["new"] == 2)
    assert residents(office) == 0


@pytest.mark.usefixtures("grid")
def test_an_import_is_still_undone_as_a_whole_when_the_page_was_closed_and_other_work_done(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN, LI))
    with qtbot.waitSignal(page.shell.toast_wanted):
        page.panel.button.click()
    assert not page.earlier.isVisible(), "the page says so itself"
    page.hide()
    office.devices.add_grid("第四网格")
    later = opened()
    qtbot.waitUntil(lambda: "The last import here: today" in words(later))
    assert not clipped(later)
    later.activateWindow()
    later.start.zone.setFocus()
    qtbot.waitUntil(later.start.zone.hasFocus)
    QTest.keyClick(later.start.zone, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    asked = [one for one in later.earlier.findChildren(QAbstractButton) if one.window() is not later.window()]
    with qtbot.waitSignal(later.shell.toast_wanted) as toast:
        next(one for one in asked if one.text() == "Undo this import").click()
    assert toast.args == ["The import is taken back.", None]
    assert (residents(office), len(office.devices.grids())) == (0, 2)
    qtbot.waitUntil(lambda: not later.earlier.isVisible())


@pytest.mark.usefixtures("grid")
def test_what_keeps_an_import_from_being_saved_is_said_and_the_preview_stays(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    office.session.writer = "刘芳"
    page.panel.button.click()
    qtbot.waitUntil(lambda: "Nothing was saved." in words(page))
    assert page.panel.button.isVisible()
    assert page.panel.button.isEnabled()


@pytest.mark.usefixtures("grid")
def test_the_toast_takes_an_import_back_too(qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path) -> None:
    page = opened()
    before = office.care_of_store.digest()
    read(qtbot, page, ledger(tmp_path, CHEN))
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        page.panel.button.click()
    assert toast.args is not None
    with qtbot.waitSignal(page.shell.toast_wanted):
        toast.args[1].run()
    assert office.care_of_store.digest() == before
    qtbot.waitUntil(page.panel.isVisible)


@pytest.mark.usefixtures("grid")
def test_rejected_rows_say_why_and_a_filter_shows_them_alone(qtbot: QtBot, opened: Opened) -> None:
    page = opened()
    read(qtbot, page, BAD_ROWS)
    rejected = filters(page)["rejected"]
    assert rejected
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.panel.focus_first()
    QTest.keyClick(page.panel.table, Qt.Key.Key_5)
    rows = listed(page)
    assert len(rows) == rejected
    assert {row[1] for row in rows} == {"Not taken in"}
    assert all(row[-1] for row in rows)
    assert rows[0][-1].split(" +")[0] in words(page.panel.aside)


@pytest.mark.usefixtures("grid")
def test_columns_and_sheets_left_out_are_named(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "车.xlsx"
    write_table(path, Table("居民台账", (*HEADERS, "车牌号"), [[*CHEN, "鄂B00000"]]))
    page = opened()
    read(qtbot, page, path)
    assert "About this ledger" in words(page.panel.aside)
    assert "车牌号" in words(page.panel.aside)


@pytest.mark.usefixtures("grid")
def test_a_column_is_mapped_by_hand_and_back_again(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "小名.xlsx"
    write_table(path, Table("居民台账", (*HEADERS, "乳名", "民族"), [[*CHEN, "小芳", "汉"]]))
    page = opened()
    read(qtbot, page, path)
    boxes = page.panel.aside.columns.boxes
    assert "民族" not in boxes
    assert boxes["乳名"].currentText() == "Not used"
    boxes["乳名"].choose("name")
    qtbot.waitUntil(lambda: listed(page)[0][2] == "小芳")
    assert "As chosen by hand" in words(page.panel.aside)
    assert page.panel.aside.columns.boxes["姓名"].currentText() == "Not used"
    button(page.panel.aside, "Read as the headers say").click()
    qtbot.waitUntil(lambda: listed(page)[0][2] == "陈桂芳")
    assert "As chosen by hand" not in words(page.panel.aside)


@pytest.mark.usefixtures("grid")
def test_a_choice_that_leaves_nobody_is_said_and_the_preview_stays(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    page.panel.aside.columns.boxes["姓名"].choose("ignored")
    qtbot.waitUntil(lambda: "The ledger cannot be read so." in words(page))
    assert page.panel.aside.columns.boxes["姓名"].currentText() == "Full name"
    assert page.panel.button.isEnabled()


@pytest.mark.usefixtures("grid")
def test_a_ledger_that_nobody_understands_is_mapped_by_hand(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "怪.xlsx"
    write_table(path, Table("某处", ("人", "证", "处"), [["阿芳", "11010519491231002X", "3-1-202"]]))
    page = opened()
    page.take(path)
    qtbot.waitUntil(lambda: "怪.xlsx was not read." in words(page))
    strip(page).button.click()
    qtbot.waitUntil(page.panel.isVisible)
    assert "Say which column holds the names" in words(page)
    assert not page.panel.button.isEnabled()
    for header, field in (("人", "name"), ("证", "id_number"), ("处", "address")):
        page.panel.aside.columns.boxes[header].choose(field)
        qtbot.waitUntil(page.panel.isEnabled)
    assert [row[2:4] for row in listed(page)] == [["阿芳", "3栋1单元202"]]
    with qtbot.waitSignal(page.shell.toast_wanted):
        page.panel.button.click()
    assert residents(office) == 1
    read(qtbot, page, path)
    assert filters(page)["same"] == 1


@pytest.mark.usefixtures("grid")
def test_a_row_is_corrected_in_the_preview_and_saved_as_corrected(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    wrong = [*LI[:2], "110105198005260021", *LI[3:]]
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN, wrong))
    page.panel.choose_filter(4)
    assert page.panel.table.model().rowCount() == 1
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.panel.focus_first()
    QTest.keyClick(page.panel.table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: bool(page.panel.aside.findChildren(Correction)))
    fields = page.panel.aside.findChildren(Correction)[0].fields
    assert [field.text() for field in fields.values()] == wrong
    fields[2].setText("")
    QTest.keyClick(fields[2], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: filters(page)["new"] == 2)
    assert "Cell C4 was corrected in the preview." in words(page.panel.aside)
    assert "李红" in words(page.panel.aside)
    with qtbot.waitSignal(page.shell.toast_wanted):
        page.panel.button.click()
    assert residents(office) == 2
    qtbot.waitUntil(page.panel.isVisible)
    assert "Correct this row" not in words(page.panel.aside)


@pytest.mark.usefixtures("grid")
def test_a_row_above_the_header_is_read_once_it_is_confirmed(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    page, path = opened(), tmp_path / "台账.xlsx"
    write_table(path, Table("居民台账", CHEN, [HEADERS, LI]))
    read(qtbot, page, path)
    page.panel.choose_filter(4)
    qtbot.waitUntil(lambda: "Correct this row" in words(page.panel.aside))
    button(page.panel.aside, "Correct this row").click()
    qtbot.waitUntil(lambda: bool(page.panel.aside.findChildren(Correction)))
    page.panel.aside.findChildren(Correction)[0].submit()
    qtbot.waitUntil(lambda: filters(page)["new"] == 2)
    with qtbot.waitSignal(page.shell.toast_wanted):
        page.panel.button.click()
    assert residents(office) == 2


@pytest.mark.usefixtures("grid")
def test_a_row_may_be_left_as_it_is(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    button(page.panel.aside, "Correct this row").click()
    qtbot.waitUntil(lambda: bool(page.panel.aside.findChildren(Correction)))
    page.panel.aside.findChildren(Correction)[0].submit()
    qtbot.waitUntil(lambda: "Correct this row" in words(page.panel.aside))
    button(page.panel.aside, "Correct this row").click()
    qtbot.waitUntil(lambda: "Correct this row" not in words(page.panel.aside))
    left = list[None]()
    desk_escape = QShortcut(QKeySequence("Esc"), page.window())
    desk_escape.activated.connect(lambda: left.append(None))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.panel.aside.findChildren(Correction)[-1].fields[2].setFocus()
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Correct this row" in words(page.panel.aside))
    assert not left, "it is the row that is left, not the page"
    page.shell.set_sharing(True)
    assert "Correct this row" not in words(page.panel.aside)


@pytest.mark.usefixtures("grid")
def test_what_is_wrong_in_a_row_stands_in_sight_when_it_is_corrected(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    page = opened()
    page.resize(1153, 420)
    read(qtbot, page, ledger(tmp_path, CHEN, [*LI[:2], "110105198005260021", *LI[3:]]))
    page.panel.choose_filter(4)
    qtbot.waitUntil(lambda: "Correct this row" in words(page.panel.aside))
    button(page.panel.aside, "Correct this row").click()
    qtbot.waitUntil(lambda: bool(page.panel.aside.findChildren(Correction)))
    wrong = page.panel.aside.findChildren(Correction)[0].fields[2]
    qtbot.waitUntil(lambda: wrong.visibleRegion().boundingRect().height() == wrong.height())
    assert wrong.hasSelectedText()


@pytest.mark.usefixtures("grid")
def test_a_report_is_saved_from_the_preview(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    page.report.click()
    dialog = next(one for one in page.findChildren(PurposeDialog) if one.isVisible())
    dialog.purpose.pick("check")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.go_on.click()
    assert chosen.args == ["check"]
    for one in page.findChildren(QFileDialog):
        one.reject()
    preview = page._preview
    assert preview is not None
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        page.reporting.write(preview, tmp_path / "report.xlsx", "check")
    assert toast.args is not None
    assert toast.args[0] == "1 row written to report.xlsx."
    with qtbot.waitSignal(page.shell.problem_met):
        page.reporting.write(preview, tmp_path / "report.doc", "check")


@pytest.mark.usefixtures("grid")
def test_a_second_ledger_shows_old_and_new_masked(
    qtbot: QtBot, opened: Opened, office: Workspace, grid: int, tmp_path: Path
) -> None:
    office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN, LI), grid))
    page = opened()
    read(qtbot, page, ledger(tmp_path, [*CHEN[:4], "13800000124", *CHEN[5:]], LI, name="新.xlsx"))
    assert filters(page) | {"every": 2, "changed": 1, "same": 1, "new": 0} == filters(page)
    page.panel.choose_filter(2)
    assert listed(page)[0][-1] == "Phone: 138****0142 → 138****0124"
    assert "138****0142" in words(page.panel.aside)
    assert "Import 1 person" in words(page)


@pytest.mark.usefixtures("grid")
def test_the_same_ledger_again_has_nothing_to_import(
    qtbot: QtBot, opened: Opened, office: Workspace, grid: int, tmp_path: Path
) -> None:
    path = ledger(tmp_path, CHEN)
    office.rosters.save(office.rosters.preview(path, grid))
    page = opened()
    read(qtbot, page, path)
    assert not page.panel.button.isEnabled()
    assert "nothing to import" in words(page)


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\x00\x01\x02\x03" * 50])
def test_a_refused_file_is_one_sentence_and_the_place_to_try_again(
    qtbot: QtBot, opened: Opened, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    page = opened()
    page.take(path)
    qtbot.waitUntil(lambda: "坏.xlsx was not read. Nothing was changed." in words(page))
    assert page.start.zone.isVisible()
    read(qtbot, page, MERGED)
    assert "was not read" not in words(page)


def test_the_grid_is_asked_for_where_there_are_several(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path
) -> None:
    office.devices.add_grid("第一网格")
    second = office.devices.add_grid("第二网格")
    page = opened()
    page.take(ledger(tmp_path, CHEN))
    assert "Which grid is 台账.xlsx of?" in words(page)
    page.start.chips.pick(str(second))
    qtbot.waitUntil(page.panel.isVisible)
    assert "台账.xlsx·第二网格" in words(page)


def test_a_ledger_for_the_wrong_grid_is_asked_about_once_and_read_for_the_other(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path, grid: int
) -> None:
    path = ledger(tmp_path, CHEN)
    office.rosters.save(office.rosters.preview(path, grid))
    other = office.devices.add_grid("第五网格")
    page = opened()
    page.start.prefer(other)
    read(qtbot, page, path)
    assert "live in 第三网格" in words(page)
    strip(page).pressed.emit()
    qtbot.waitUntil(lambda: page.panel.isVisible() and page.start.grid() == grid)
    assert "live in" not in words(page)
    assert not page.panel.button.isEnabled()


def test_without_a_grid_the_way_to_make_one_is_shown(qtbot: QtBot, opened: Opened) -> None:
    page = opened()
    qtbot.waitUntil(lambda: "There is no grid yet." in words(page))
    button = next(one for one in page.start.findChildren(Button) if one.isVisible())
    with qtbot.waitSignal(page.shell.page_wanted) as wanted:
        button.click()
    assert wanted.args == ["devices", None]


@pytest.mark.usefixtures("grid")
def test_reading_can_be_called_off(opened: Opened, tmp_path: Path) -> None:
    page = opened()
    page.take(ledger(tmp_path, CHEN))
    assert page.busy.cancel.isVisible()
    page.busy.cancel.click()
    assert page.start.zone.isVisible()


@pytest.mark.usefixtures("grid")
def test_saving_can_be_called_off_and_leaves_nothing(
    qtbot: QtBot, opened: Opened, office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    before = office.care_of_store.digest()
    monkeypatch.setattr(transaction, "SOWN_LOT", 1)
    save, written = office.rosters.save, threading.Event()

    def slowly(preview: Preview, *, reached: Callable[[int, int], object]) -> Imported:
        def told(made: int, of: int) -> None:
            if made:
                written.set()
                stopped.wait(5)
            reached(made, of)

        return save(preview, reached=told)

    stopped = threading.Event()
    monkeypatch.setattr(office.rosters, "save", slowly)
    read(qtbot, page, ledger(tmp_path, CHEN, LI))
    page.panel.button.click()
    qtbot.waitUntil(written.is_set)
    assert page.busy.cancel.isEnabled()
    page.busy.cancel.click()
    stopped.set()
    qtbot.waitUntil(lambda: "Nothing was saved." in words(page))
    assert "You stopped it" in words(page)
    assert office.care_of_store.digest() == before
    assert residents(office) == 0
    monkeypatch.setattr(office.rosters, "save", save)
    page.panel.button.click()
    qtbot.waitUntil(lambda: residents(office) == 2)


@pytest.mark.usefixtures("grid")
def test_what_others_write_meanwhile_is_compared_again(
    qtbot: QtBot, opened: Opened, office: Workspace, grid: int, tmp_path: Path
) -> None:
    path = ledger(tmp_path, CHEN)
    page = opened()
    read(qtbot, page, path)
    office.rosters.save(office.rosters.preview(path, grid))
    page.refresh({"resident": frozenset({1})})
    qtbot.waitUntil(lambda: page.panel.isVisible() and filters(page)["same"] == 1)


@pytest.mark.usefixtures("grid")
def test_share_mode_leaves_surnames(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    page = opened()
    read(qtbot, page, ledger(tmp_path, CHEN))
    page.shell.set_sharing(True)
    assert listed(page)[0][2] == "陈**"
    assert "陈桂芳" not in words(page)


@pytest.mark.usefixtures("grid")
def test_a_window_that_only_shows_imports_nothing(qtbot: QtBot, office: Workspace, tmp_path: Path) -> None:
    office.session.writer = "刘芳"
    page = RosterPage(office, Shell())
    qtbot.addWidget(page)
    page.show()
    page.take(ledger(tmp_path, CHEN))
    assert "Another window is writing; this one only shows." in words(page)
    assert not page.start.isVisible()


def test_an_export_asks_what_for_and_is_masked(
    qtbot: QtBot, opened: Opened, office: Workspace, grid: int, tmp_path: Path
) -> None:
    office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    page = opened()
    page.export.click()
    dialog = next(one for one in page.findChildren(ExportDialog) if one.isVisible())
    assert not dialog.save.isEnabled()
    dialog.purpose.pick("check")
    assert dialog.save.isEnabled()
    wish = dialog.wish(tmp_path / "handed-out")
    assert wish == ExportWish(tmp_path / "handed-out.xlsx", "check", grid)
    dialog.reject()
    with qtbot.waitSignal(page.shell.toast_wanted) as toast:
        page.handing.write(wish)
    assert toast.args is not None
    assert toast.args[0] == "1 person written to handed-out.xlsx."
    cells = {str(cell) for sheet in read_book(wish.path).sheets for row in sheet.rows() for cell in row}
    assert "138****0142" in cells
    assert not {"13800000142", "11010519491231002X"} & cells


@pytest.mark.usefixtures("grid", "each_language", "each_scale")
def test_no_word_is_cut(qtbot: QtBot, opened: Opened) -> None:
    page = opened()
    read(qtbot, page, BAD_ROWS)
    assert clipped(page) == []
