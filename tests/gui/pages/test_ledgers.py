"""Handing ledgers out by the window: which ledger, in whose form; the forms themselves; blank forms."""

from datetime import date
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.gui import background
from gridworker.gui.export.exportdialog import ExportDialog
from gridworker.gui.export.handingout import HandingOut, WritingDialog
from gridworker.gui.export.presetsdialog import PresetsDialog
from gridworker.gui.page import Shell
from gridworker.gui.pages.households import HouseholdsPage
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.formdialog import FormDialog
from tests.gui.seen import clipped, settle, unnamed
from tests.village import Village


@pytest.fixture
def page(qtbot: QtBot, office: Workspace) -> HouseholdsPage:
    """The list of households at the office, with one of them."""
    Village(office.session).household("陈桂芳", "3", "1", "202")
    page = HouseholdsPage(office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.refresh({})
    settle(qtbot)
    page.focus_first()
    return page


def asked(page: HouseholdsPage) -> ExportDialog:
    QTest.keyClick(page, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    return next(one for one in page.findChildren(ExportDialog) if one.isVisible())


def handing(page: HouseholdsPage) -> HandingOut:
    found = page.findChild(HandingOut)
    assert isinstance(found, HandingOut)
    return found


def forms(qtbot: QtBot, page: HouseholdsPage) -> PresetsDialog:
    settle(qtbot)
    return next(one for one in page.findChildren(PresetsDialog) if one.isVisible())


def test_a_ledger_in_a_superiors_form(qtbot: QtBot, page: HouseholdsPage, tmp_path: Path) -> None:
    columns = "head=户主\n=签字"
    page.ws.presets.save({"name": "民政", "ledger": "households", "columns": columns})
    dialog = asked(page)
    assert list(dialog.preset._buttons) == [""]
    dialog.ledger.pick("households")
    assert list(dialog.preset._buttons) == ["", "民政"]
    dialog.preset.pick("民政")
    dialog.purpose.pick("report")
    wish = dialog.wish(tmp_path / "out")
    assert wish == ExportWish(tmp_path / "out.xlsx", "report", dialog_grid(dialog), ledger="households", preset="民政")
    dialog.reject()
    with qtbot.waitSignal(page.shell.toast_wanted) as said:
        handing(page).write(wish)
    assert said.args is not None
    assert said.args[0] == "1 row written to out.xlsx."
    sheet = openpyxl.load_workbook(wish.path).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [["户主", "签字"], ["陈桂芳", None]]


def test_a_long_one_is_broken_off(
    qtbot: QtBot, page: HouseholdsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on, path, broken = Event(), tmp_path / "out.xlsx", list[bool]()

    def export(_wish: ExportWish, report: background.Report) -> int:
        report(1000)
        went_on.wait(10)
        try:
            report(2000)
        except background.Cancelled:
            broken.append(True)
            raise
        return 2000

    monkeypatch.setattr(page.ws.rosters, "export", export)
    handing(page).write(ExportWish(path, "report"))
    qtbot.waitUntil(lambda: bool(page.findChildren(WritingDialog)))
    (dialog,) = page.findChildren(WritingDialog)
    assert dialog.told.text() == "1000 rows so far"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    went_on.set()
    settle(qtbot)
    assert (broken, dialog_there(page)) == ([True], False)


def dialog_there(page: HouseholdsPage) -> bool:
    return any(one.isVisible() for one in page.findChildren(WritingDialog))


def test_a_period_of_what_has_days(page: HouseholdsPage, tmp_path: Path) -> None:
    dialog = asked(page)
    dialog.purpose.pick("report")
    assert not dialog.period.isVisible()
    dialog.ledger.pick("visits")
    assert dialog.period.isVisible()
    dialog.period.pick("before")
    wish = dialog.wish(tmp_path / "a")
    assert (wish.since, wish.until) == (date(2026, 2, 1), date(2026, 2, 28))
    dialog.ledger.pick("residents")
    wish = dialog.wish(tmp_path / "a")
    assert (wish.since, wish.until) == (None, None)
    dialog.reject()


def dialog_grid(dialog: ExportDialog) -> int | None:
    return int(dialog.grid.values()[0]) or None


def test_a_blank_form(qtbot: QtBot, page: HouseholdsPage, tmp_path: Path) -> None:
    dialog = asked(page)
    dialog.ledger.pick("visits")
    dialog._on_blank_named(tmp_path / "visits")
    settle(qtbot)
    assert dialog.told.isVisible(), "a line at the foot of the window is behind the dialog"
    assert (dialog.told.text(), (tmp_path / "visits.xlsx").exists()) == ("Saved: visits.xlsx", True)
    dialog._on_blank_named(tmp_path / "nowhere" / "visits")
    settle(qtbot)
    assert "Saved" not in dialog.told.text()
    assert clipped(dialog) == []
    dialog.reject()


def test_forms_are_made_changed_removed_and_brought_back(qtbot: QtBot, page: HouseholdsPage) -> None:
    asked(page).change.click()
    dialog = forms(qtbot, page)
    assert unnamed(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_N)
    form = dialog.findChild(FormDialog)
    assert isinstance(form, FormDialog)
    assert str(form.form.editor("columns").value()).startswith("estate=Estate\nbuilding=Building\n")
    ledger = form.form.editor("ledger")
    ledger.set_value("shops")
    ledger.changed.emit()
    assert str(form.form.editor("columns").value()).startswith("name=Name of the shop\n")
    ledger.set_value("residents")
    ledger.changed.emit()
    form.form.editor("name").set_value("街道")
    form.form.editor("columns").set_value("nonsense")
    form.save.click()
    settle(qtbot)
    assert "nonsense" in form.form.fault("columns")
    form.form.editor("columns").set_value("name\nborn=Birthday")
    form.save.click()
    settle(qtbot)
    (made,) = page.ws.presets.all()
    assert (made.name, made.values["columns"]) == ("街道", "name\nborn=Birthday")
    assert dialog.list.current_key() == made.id

    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    form = next(one for one in dialog.findChildren(FormDialog) if one.isVisible())
    form.form.editor("title").set_value("花名册")
    form.save.click()
    settle(qtbot)
    assert page.ws.presets.named("街道").values["title"] == "花名册"

    dialog.remove.click()
    settle(qtbot)
    assert page.ws.presets.all() == []
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert [one.name for one in page.ws.presets.all()] == ["街道"]
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert [one.name for one in page.ws.presets.all()] == ["街道"], "what was brought back is not brought back again"
    dialog.reject()
    settle(qtbot)
    again = next(one for one in page.findChildren(ExportDialog) if one.isVisible())
    assert list(again.preset._buttons) == ["", "街道"]
    again.reject()


def test_what_is_ticked_looks_and_is_hit_like_every_other_tick(page: HouseholdsPage) -> None:
    dialog = asked(page)
    assert isinstance(dialog.minors, CheckBox)
    assert dialog.minors.sizeHint().height() >= 32
    dialog.reject()


def test_a_form_that_is_half_laid_down_outlives_esc(qtbot: QtBot, page: HouseholdsPage) -> None:
    asked(page).change.click()
    dialog = forms(qtbot, page)
    dialog.add.click()
    form = next(one for one in dialog.findChildren(FormDialog) if one.isVisible())
    line = form.form.editor("name").findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "Street office")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    settle(qtbot)
    dialog.add.click()
    form = next(one for one in dialog.findChildren(FormDialog) if one.isVisible())
    assert form.form.values()["name"] == "Street office"
    form.save.click()
    settle(qtbot)
    assert [one.name for one in page.ws.presets.all()] == ["Street office"]
    assert page.ws.drafts.all("preset:") == []
    dialog.reject()
    settle(qtbot)
    next(one for one in page.findChildren(ExportDialog) if one.isVisible()).reject()


@pytest.mark.usefixtures("each_language", "each_scale")
def test_no_word_is_cut(qtbot: QtBot, page: HouseholdsPage) -> None:
    dialog = asked(page)
    dialog.ledger.pick("visits")
    settle(qtbot)
    assert (clipped(dialog), unnamed(dialog)) == ([], [])
    dialog.change.click()
    assert clipped(forms(qtbot, page)) == []


def test_a_laptop_changes_no_forms(qtbot: QtBot, workspace: Workspace, village: Village) -> None:
    village.household("陈桂芳", "3", "1", "202")
    page = HouseholdsPage(workspace, Shell())
    qtbot.addWidget(page)
    page.show()
    page.refresh({})
    settle(qtbot)
    page.focus_first()
    dialog = asked(page)
    assert not dialog.change.isVisible()
    dialog.reject()
