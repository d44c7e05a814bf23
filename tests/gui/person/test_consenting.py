"""Consents from a household's page: an answer, taking it back, and what a no lets go of, each seen and pressed."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QMenu
from pytestqt.qtbot import QtBot

from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.person.consenting import ConsentDialog
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from tests.circle import Circle, Family
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


def opened(qtbot: QtBot, circle: Circle, family: Family) -> tuple[HouseholdPage, Shell]:
    shell = Shell()
    page = HouseholdPage(circle.office, shell)
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.show_target(family.household)
    settle(qtbot)
    return page, shell


def listing(qtbot: QtBot, page: HouseholdPage) -> ConsentDialog:
    """Opened from the list of what can happen."""
    page._on_happened()
    menu = page.findChildren(QMenu)[-1]
    action = next(one for one in menu.actions() if "What they agreed to" in one.text())
    menu.hide()
    action.trigger()
    settle(qtbot)
    return page.findChildren(ConsentDialog)[-1]


def words(inside: ConsentDialog) -> str:
    return "\n".join(one.text() for one in inside.findChildren(Text) if one.isVisible())


def press(inside: QDialog, label: str) -> None:
    buttons = inside.findChildren(QAbstractButton)
    next(one for one in buttons if label in {one.text(), one.accessibleName()} and one.isVisible()).click()


def strips(page: HouseholdPage) -> str:
    return " ".join(one.accessibleName() for one in page.findChildren(Strip) if one.isVisible())


def test_a_yes_is_recorded_taken_back_and_cleared(
    qtbot: QtBot, circle: Circle, family: Family, shares: list[tuple[float, bool]]
) -> None:
    page, shell = opened(qtbot, circle, family)
    assert "No consent yet" in strips(page)
    dialog = listing(qtbot, page)
    assert "Nobody was asked yet." in words(dialog)
    dialog.record.click()
    settle(qtbot)
    form = page.findChildren(FormDialog)[-1]
    with qtbot.waitSignal(shell.toast_wanted):
        form.save.click()
    settle(qtbot)
    assert "No consent yet" not in strips(page)
    dialog = listing(qtbot, page)
    assert "All of them: agreed" in words(dialog)
    with qtbot.waitSignal(shell.toast_wanted) as said:
        next(one for one in dialog.findChildren(Button) if one.label() == "Withdraw").click()
    settle(qtbot)
    assert said.args[1] is not None, "one undo"
    assert "All of them: refused" in words(dialog) or "withdrawn on" in words(dialog)
    assert "Goes: all that is kept about 陈建国." in words(dialog)
    assert "They said no on" in strips(page)
    assert "Consent withdrawn" in {one.title for one in circle.office.households.file(family.household).moments}
    dialog.clear.click()
    settle(qtbot)
    box: Any = next(one for one in dialog.findChildren(QDialog) if one.isVisible())
    assert "Nobody can undo it" in box.informativeText()
    assert (circle.office.session.store.get("resident", family.resident) or {})["name"] == "陈建国"
    with qtbot.waitSignal(shell.toast_wanted) as said:
        press(box, "Clear")
    settle(qtbot)
    assert said.args[1] is None, "an erasure stands"
    assert (0.5, True) in shares, "it says how far the writing anew is"
    assert not dialog.working.isVisible()
    assert (circle.office.session.store.get("resident", family.resident) or {})["name"] == "某居民"
    assert "Goes:" not in words(dialog)


def test_taking_back_and_clearing_have_keys(qtbot: QtBot, circle: Circle, family: Family) -> None:
    consents = circle.office.erasing.consents
    asked = {"purpose": "file", "scope": "basic phone", "method": "oral", "given_on": "2026-03-01"}
    consents.record(family.household, {**asked, "who": str(family.resident)})
    circle.office.records.save("resident", {"basis": "official_ledger"}, family.resident)
    page, _ = opened(qtbot, circle, family)
    dialog = listing(qtbot, page)
    QTest.keyClick(dialog, Qt.Key.Key_2)
    QTest.keyClick(dialog, Qt.Key.Key_L)
    settle(qtbot)
    assert [one.state for one in consents.listed(family.household)] == ["agreed"], "there is no second one"
    assert not [box for box in dialog.findChildren(QDialog) if box.isVisible()]
    QTest.keyClick(dialog, Qt.Key.Key_1)
    settle(qtbot)
    assert consents.listed(family.household)[0].state.startswith("withdrawn on")
    QTest.keyClick(dialog, Qt.Key.Key_L)
    settle(qtbot)
    box: Any = next(one for one in dialog.findChildren(QDialog) if one.isVisible())
    assert "Goes: all that is kept about 陈建国." in box.informativeText()
    box.close()


def test_what_was_taken_back_here_is_undone_here_by_a_key(qtbot: QtBot, circle: Circle, family: Family) -> None:
    """The line at the foot of the window that offers it lies behind the dialog, and fades."""
    consents = circle.office.erasing.consents
    asked = {"purpose": "file", "scope": "basic phone", "method": "oral", "given_on": "2026-03-01"}
    consents.record(family.household, {**asked, "who": str(family.resident)})
    page, _ = opened(qtbot, circle, family)
    dialog = listing(qtbot, page)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_1)
    settle(qtbot)
    assert consents.listed(family.household)[0].state.startswith("withdrawn on")
    focus = dialog.focusWidget()
    assert focus is not None, "the button that was pressed is gone, and the keys are not"
    assert focus.isVisible()
    QTest.keyClick(focus, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert [one.state for one in consents.listed(family.household)] == ["agreed"]
    assert "withdrawn on" not in words(dialog)
    assert not [one for one in dialog.findChildren(Button) if one.label() == "Undo" and one.isVisible()]
    dialog.reject()


def test_what_one_of_a_ledger_refused_alone_can_be_cleared(qtbot: QtBot, circle: Circle, family: Family) -> None:
    asked = {"purpose": "file", "method": "oral", "given_on": "2026-03-01"}
    circle.office.erasing.consents.record(family.household, {**asked, "scope": "basic phone"})
    refused = {**asked, "answer": "refused", "scope": "phone", "given_on": "2026-03-02"}
    circle.office.erasing.consents.record(family.household, refused)
    circle.office.records.save("resident", {"basis": "official_ledger"}, family.resident)
    page, _ = opened(qtbot, circle, family)
    dialog = listing(qtbot, page)
    assert "Stays, masked, by an official ledger: 陈建国: Phone." in words(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_L)
    settle(qtbot)
    box: Any = next(one for one in dialog.findChildren(QDialog) if one.isVisible())
    box.close()


def test_a_refusal_is_an_answer_too(qtbot: QtBot, circle: Circle, family: Family) -> None:
    page, shell = opened(qtbot, circle, family)
    page._on_consent()
    form = page.findChildren(FormDialog)[-1]
    form.form.propose({"answer": "refused"})
    with qtbot.waitSignal(shell.toast_wanted) as said:
        form.save.click()
    assert said.args is not None
    assert said.args[0] == "Answer recorded.", "a no is no consent"
    settle(qtbot)
    dialog = listing(qtbot, page)
    assert "All of them: refused" in words(dialog)


@pytest.mark.usefixtures("each_language", "each_scale")
def test_nothing_is_cut_off_or_without_a_name(qtbot: QtBot, circle: Circle, family: Family) -> None:
    asked = {"purpose": "file", "scope": "basic phone", "method": "oral", "given_on": "2026-03-01"}
    circle.office.erasing.consents.record(family.household, {**asked, "answer": "refused"})
    circle.office.erasing.consents.record(family.household, {**asked, "who": str(family.resident)})
    dialog = ConsentDialog(opened(qtbot, circle, family)[0], circle.office.erasing.consents, family.household, print)
    dialog.show()
    settle(qtbot)
    assert clipped(dialog) == []
    assert unnamed(dialog) == []


def test_every_answer_and_what_follows_are_seen_at_once(qtbot: QtBot, circle: Circle, family: Family) -> None:
    page, _ = opened(qtbot, circle, family)
    asked = {"purpose": "file", "scope": "basic phone", "method": "oral"}
    for day in ("2026-02-01", "2026-02-08", "2026-02-15"):
        circle.office.erasing.consents.record(family.household, {**asked, "given_on": day})
    dialog = listing(qtbot, page)
    taking_back = [one for one in dialog.findChildren(Button) if one.label() == "Withdraw"]
    assert [one.visibleRegion().isEmpty() for one in taking_back] == [False] * 3


def test_a_fault_of_ours_leaves_no_bar(qtbot: QtBot, circle: Circle, family: Family) -> None:
    page, _ = opened(qtbot, circle, family)
    dialog = listing(qtbot, page)
    dialog.working.show()
    with pytest.raises(LookupError):
        dialog._on_failed(LookupError())
    assert not dialog.working.isVisible()
