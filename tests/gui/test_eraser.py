"""Erasing a person from the household's file: a plain question, what is left to do by hand, and gone."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.formdialog import FormDialog
from tests.circle import Circle
from tests.gui.seen import settle


def press(inside: HouseholdPage | FormDialog, text: str) -> None:
    next(one for one in inside.findChildren(Button) if one.label() == text and one.isVisible()).click()


def box(page: HouseholdPage) -> Any:
    """The message box that is open."""
    return next(one for one in page.findChildren(QDialog) if one.isVisible() and hasattr(one, "informativeText"))


def test_a_clerk_erases_a_person(qtbot: QtBot, tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    office, grid = circle.office, circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, name="陈建国")
    office.records.save("household", {"remark": "找陈建国要先打电话"}, family.household)
    page = HouseholdPage(office, Shell())
    qtbot.addWidget(page)
    page.show()
    page.show_target(family.household)
    settle(qtbot)
    next(one for one in page.findChildren(IconButton) if one.accessibleName() == "Change 陈建国").click()
    press(page.findChildren(FormDialog)[-1], "Erase")
    settle(qtbot)
    question = box(page)
    assert question.text() == "Erase 陈建国 everywhere and for good?"
    assert "2 records go" in question.informativeText()
    assert "找陈建国要先打电话" in question.informativeText()
    assert office.session.store.get("resident", family.resident)
    next(one for one in question.buttons() if one.text() == "Erase").click()
    settle(qtbot)
    assert office.session.store.get("resident", family.resident) is None
    told = box(page)
    assert told.text() == "Erased. This is left to see to:"
    assert "Household, Remark" in told.informativeText()
    told.accept()
    page.hide()
    circle.close()


def test_a_laptop_is_not_offered_it(qtbot: QtBot, tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, name="陈建国")
    laptop = circle.enrol("周敏", grid)
    page = HouseholdPage(laptop, Shell())
    qtbot.addWidget(page)
    page.show()
    page.show_target(family.household)
    settle(qtbot)
    next(one for one in page.findChildren(IconButton) if one.accessibleName() == "Change 陈建国").click()
    dialog = page.findChildren(FormDialog)[-1]
    assert not [one for one in dialog.findChildren(Button) if one.label() == "Erase"]
    dialog.reject()
    settle(qtbot)
    page.hide()
    circle.close()
