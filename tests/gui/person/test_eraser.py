"""Erasing a person from the household's file: what goes, what others wrote of them and what becomes of it, and gone."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog
from pytestqt.qtbot import QtBot

from gridworker.app.backup.backups import Backups
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.person.erasedialog import EraseDialog
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.placecard import PlaceCard
from gridworker.gui.widgets.text import Text
from tests.circle import Circle, Family
from tests.convergence.forgotten import lies
from tests.gui.seen import clipped, settle, unnamed

NAME = "陈建国"


def press(inside: HouseholdPage | FormDialog, text: str) -> None:
    next(one for one in inside.findChildren(Button) if one.label() == text and one.isVisible()).click()


def opened(qtbot: QtBot, circle: Circle) -> tuple[HouseholdPage, Family, Family]:
    """The page of a person's household; another household's remark names them, and named them otherwise before."""
    office, grid = circle.office, circle.office.devices.add_grid("第一网格")
    family, other = circle.family(grid, name=NAME, phones="13900000077"), circle.family(grid, "102", "王小明")
    office.records.save("household", {"remark": f"欠{NAME}钱"}, other.household)
    office.records.save("household", {"remark": f"找{NAME}要先打电话"}, other.household)
    office.records.save("household", {"access_need": f"{NAME}带路"}, other.household)
    office.records.save("household", {"access_need": "二楼"}, other.household)
    page = HouseholdPage(office, Shell())
    qtbot.addWidget(page)
    page.show()
    page.show_target(family.household)
    settle(qtbot)
    return page, family, other


def dialog_of(qtbot: QtBot, page: HouseholdPage) -> EraseDialog:
    """The dialog, once the search is over."""
    next(one for one in page.findChildren(IconButton) if one.accessibleName() == f"Change {NAME}").click()
    press(page.findChildren(FormDialog)[-1], "Erase")
    dialog = page.findChildren(EraseDialog)[-1]
    qtbot.waitUntil(dialog.erase.isEnabled)
    settle(qtbot)  # what was put into the dialog shows with the next events
    return dialog


def card_of(dialog: EraseDialog, place: str) -> PlaceCard:
    return next(one for one in dialog.findChildren(PlaceCard) if one.accessibleName().startswith(place))


def words(dialog: EraseDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(Text) if one.isVisible())


def boxes(page: HouseholdPage) -> list[Any]:
    """The message boxes that are open."""
    return [one for one in page.findChildren(QDialog) if one.isVisible() and hasattr(one, "informativeText")]


def pick(card: PlaceCard, label: str) -> None:
    assert card.ways is not None
    next(one for one in card.ways.findChildren(QAbstractButton) if one.accessibleName() == label).click()


def test_a_clerk_erases_a_person_and_what_others_wrote_of_them(qtbot: QtBot, tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    page, family, other = opened(qtbot, circle)
    dialog = dialog_of(qtbot, page)
    assert f"Erase {NAME} everywhere and for good?" in words(dialog)
    assert "2 records go" in words(dialog)
    remark, need = card_of(dialog, "Household, Remark"), card_of(dialog, "Household, Access need")
    assert f"欠{NAME}钱" in words(dialog)
    assert f"{NAME}带路" in words(dialog)
    assert remark.ways is not None
    seen = remark.ways.visibleRegion().boundingRect().height()
    assert seen == remark.ways.height(), "what to do about the first is in sight"
    assert (remark.way(), need.way()) == ("rewrite", "earlier")
    assert remark.editor is not None
    assert remark.editor.value() == "找***要先打电话"
    remark.editor.set_value("找房东要先打电话")
    assert not unnamed(dialog)
    assert not clipped(dialog)
    with qtbot.waitSignal(page.shell.toast_wanted) as said:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said.args == ["Erased for good. Nobody can undo it.", None]
    qtbot.waitUntil(lambda: bool(boxes(page)))
    settle(qtbot)
    store = circle.office.session.store
    assert store.get("resident", family.resident) is None
    left = store.get("household", other.household) or {}
    assert (left["remark"], left["access_need"]) == ("找房东要先打电话", "二楼")
    assert list(lies(circle.office, [NAME])) == []
    (told,) = boxes(page)
    assert "Household, Head of household" in told.informativeText()  # that one only points to them
    told.accept()
    page.hide()
    circle.close()


def test_the_texts_alone_can_go_first(qtbot: QtBot, tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    page, family, other = opened(qtbot, circle)
    dialog = dialog_of(qtbot, page)
    remark = card_of(dialog, "Household, Remark")
    pick(card_of(dialog, "Household, Access need"), "Leave it")
    pick(remark, "Blank it")
    assert remark.editor is not None
    assert not remark.editor.isVisible()
    dialog.clear.click()
    qtbot.waitUntil(lambda: dialog.erase.isEnabled() and f"{NAME}带路" in words(dialog))  # what was left comes again
    settle(qtbot)
    values = circle.office.session.store.get("household", other.household) or {}
    assert (values["remark"], values["access_need"]) == (None, "二楼")
    assert circle.office.session.store.get("resident", family.resident)
    assert f"{NAME}钱" not in words(dialog)
    dialog.reject()
    page.hide()
    circle.close()


def test_a_text_that_was_changed_meanwhile_is_said_in_the_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    page, family, other = opened(qtbot, circle)
    dialog = dialog_of(qtbot, page)
    circle.office.records.save("household", {"remark": "有狗"}, other.household)
    dialog.erase.click()
    qtbot.waitUntil(lambda: "was changed in the meantime" in words(dialog))
    assert dialog.erase.isEnabled()
    assert circle.office.session.store.get("resident", family.resident)
    dialog.reject()
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


def test_how_far_the_writing_anew_is_is_shown(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, family, _ = opened(qtbot, circle := Circle(tmp_path))
    held, dialog = Event(), dialog_of(qtbot, page)

    def renew(_self: Backups, report: Callable[[float], object]) -> tuple[int, tuple[str, ...]]:
        report(0.5)
        assert held.wait(60)
        return 0, ()

    monkeypatch.setattr(Backups, "renew", renew)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: dialog._working.bar.isVisible() and dialog._working.bar.share() == 0.75)
    assert circle.office.session.store.get("resident", family.resident) is None, "it says that it is erased"
    assert "are written anew" in words(dialog)
    assert not clipped(dialog)
    with qtbot.waitSignal(page.shell.toast_wanted):
        held.set()
    settle(qtbot)
