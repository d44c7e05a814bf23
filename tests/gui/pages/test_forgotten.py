"""A forgotten passphrase as a worker meets it on the unlock page and a clerk answers it on the devices page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import Here, who_opens
from gridworker.app.staff.passphrases import judge
from gridworker.app.workspace import Workspace
from gridworker.gui import background
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.look.theme import Look
from gridworker.gui.page import Shell
from gridworker.gui.pages.forgotten import ForgottenPage
from gridworker.gui.pages.forgotten.answer import AnswerStep
from gridworker.gui.pages.forgotten.choose import ChooseStep
from gridworker.gui.pages.forgotten.sheet import SheetStep
from gridworker.gui.pages.reset import ResetDialog
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.codegrid import CodeGrid
from gridworker.gui.widgets.passphrase import Judged
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.store.keys.kdf import CHEAP
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import seal_recovery
from tests.circle import PASSPHRASE, RECOVERY, Circle
from tests.gui.seen import clipped, only, settle, unnamed

NOW = datetime(2026, 3, 18, 8, 30, tzinfo=UTC)
NEW = "三只蓝猫 爱喝 绿豆汤"


class Door(AppFrontDoor):
    """The real ways, with cheap slots."""

    def people(self, folder: Path) -> Sequence[Here]:
        return who_opens(folder, CHEAP)

    def forgotten(self, folder: Path) -> Forgotten:
        return Forgotten(folder, profile=CHEAP)

    def judge(self, passphrase: str) -> Judged:
        return judge(passphrase)


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path)
    circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.close("laptop-1")
    yield circle
    background.wait()
    circle.close()


@pytest.fixture
def laptop(circle: Circle) -> Path:
    folder = circle.folder / "laptop-1"
    Workspace.open(folder, PASSPHRASE, profile=CHEAP).close()
    return folder


def shown(page: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(page)
    page.resize(1440, 869)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def page_on(folder: Path, qtbot: QtBot) -> ForgottenPage:
    page = ForgottenPage(Door(), folder, NOW)
    shown(page, qtbot)
    return page


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    return shown(QWidget(), qtbot)


@pytest.fixture
def dialog(circle: Circle, window: QWidget) -> ResetDialog:
    dialog = ResetDialog(circle.office, Shell(), window)
    dialog.show()
    return dialog


def strips(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [strip.accessibleName() for strip in widget.findChildren(Strip) if strip.isVisible()]


def begin(page: ForgottenPage, qtbot: QtBot) -> AnswerStep:
    step = page.step()
    assert isinstance(step, ChooseStep)
    for field in step.fields().fields():
        field.line().setText(NEW)
    step.action().click()
    settle(qtbot)
    asked = page.step()
    assert isinstance(asked, AnswerStep)
    return asked


def code_on(widget: QWidget) -> str:
    [grid] = [grid for grid in widget.findChildren(CodeGrid) if grid.isVisible()]
    return grid.code()


def test_read_out_over_the_telephone(dialog: ResetDialog, laptop: Path, qtbot: QtBot) -> None:
    page = page_on(laptop, qtbot)
    step = begin(page, qtbot)
    assert step.box.hasFocus()
    assert not step.action().isEnabled()
    dialog.box.set_text(code_on(step).lower())
    dialog.submit()
    settle(qtbot)
    assert any("周敏" in text.text() for text in dialog.findChildren(Text))
    assert not dialog.go_on.isEnabled(), "not before it is certain who asks"
    only(dialog, CheckBox).click()
    dialog.submit()
    settle(qtbot)
    step.box.set_text(code_on(dialog))
    with qtbot.waitSignal(page.opened) as opened:
        step.action().click()
    workspace: Workspace = opened.args[0]
    assert workspace.session.who
    workspace.close()
    Workspace.open(laptop, NEW, profile=CHEAP).close()


def test_carried_as_files(dialog: ResetDialog, laptop: Path, qtbot: QtBot, tmp_path: Path) -> None:
    page = page_on(laptop, qtbot)
    step = begin(page, qtbot)
    step.save_to(tmp_path / "question.gwq")
    settle(qtbot)
    drop(dialog.box, tmp_path / "question.gwq")
    dialog.submit()
    settle(qtbot)
    only(dialog, CheckBox).click()
    dialog.submit()
    settle(qtbot)
    dialog.save_to(tmp_path / "answer.gwa")
    settle(qtbot)
    drop(step.box, tmp_path / "answer.gwa")
    with qtbot.waitSignal(page.opened) as opened:
        step.action().click()
    opened.args[0].close()


def drop(box: QWidget, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    box.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *keys))


def test_after_the_window_was_closed_the_new_passphrase_is_asked_for_first(laptop: Path, qtbot: QtBot) -> None:
    before = page_on(laptop, qtbot)
    code = code_on(begin(before, qtbot))
    before.hide()
    page = page_on(laptop, qtbot)
    step = page.step()
    assert isinstance(step, AnswerStep)
    assert (step.field.isVisible(), step.box.isEnabled(), step.field.line().hasFocus()) == (True, False, True)
    step.field.line().setText("another one it is not")
    QTest.keyClick(step.field.line(), Qt.Key.Key_Return)
    settle(qtbot)
    assert strips(step) == ["This is not the new passphrase you chose when you asked the office."]
    step.field.line().setText(NEW)
    QTest.keyClick(step.field.line(), Qt.Key.Key_Return)
    settle(qtbot)
    assert (code_on(step), step.box.isEnabled(), strips(step)) == (code, True, [])


def test_a_slip_in_the_answer_is_said_and_nothing_is_lost(laptop: Path, qtbot: QtBot) -> None:
    page = page_on(laptop, qtbot)
    step = begin(page, qtbot)
    step.box.set_text("7K2MX QF9XR")
    step.action().click()
    settle(qtbot)
    assert strips(step) == ["The code has fourteen groups of five signs; 10 signs were typed."]
    assert step.answer() == "7K2MX QF9XR"
    step.take(laptop / "nowhere.gwa")
    assert strips(step) == ["This is no code about a forgotten passphrase."]
    step.save_to(laptop / "nowhere" / "question.gwq")
    settle(qtbot)
    assert strips(step) == ["The file was not written. Choose another place."]
    QTest.keyClick(step.box, Qt.Key.Key_Escape)
    assert isinstance(page.step(), ChooseStep)
    with qtbot.waitSignal(page.went_back):
        QTest.keyClick(page, Qt.Key.Key_Escape)


def test_the_recovery_sheet_opens_it_too(circle: Circle, laptop: Path, qtbot: QtBot, tmp_path: Path) -> None:
    from gridworker.app.openers import vault_in
    from gridworker.store.keys.slot_changes import SlotChanges

    vault = vault_in(laptop, CHEAP)
    SlotChanges(vault, vault.open(PASSPHRASE)).set_recovery(1, RECOVERY.public.recipient, RECOVERY.public.signing)
    code, file = Code.new(), tmp_path / "recovery.age"
    file.write_bytes(seal_recovery(RECOVERY, code))
    page = page_on(laptop, qtbot)
    choose = page.step()
    assert isinstance(choose, ChooseStep)
    for field in choose.fields().fields():
        field.line().setText(NEW)
    choose._sheet.click()
    step = page.step()
    assert isinstance(step, SheetStep)
    step.fields.take(file)
    step.fields.line.setText(Code.new().text)
    step.action().click()
    settle(qtbot)
    assert strips(step)[-1].startswith("This code does not open this file")
    step.fields.line.setText(code.text)
    with qtbot.waitSignal(page.opened) as opened:
        step.action().click()
    opened.args[0].close()


def test_where_the_office_cannot_help_only_the_sheet_is_offered(circle: Circle, qtbot: QtBot) -> None:
    circle.close("office")
    page = page_on(circle.folder / "office", qtbot)
    step = page.step()
    assert isinstance(step, ChooseStep)
    assert not step.helped
    for field in step.fields().fields():
        field.line().setText(NEW)
    step.action().click()
    assert isinstance(page.step(), SheetStep)


def test_the_clerk_is_told_what_is_wrong_with_a_question(
    circle: Circle, dialog: ResetDialog, laptop: Path, qtbot: QtBot
) -> None:
    assert not dialog.go_on.isEnabled()
    dialog.box.set_text("7K2MX")
    dialog.submit()
    settle(qtbot)
    assert strips(dialog) == [
        "The code has fourteen groups of five signs, sixteen where several people share the laptop; 5 signs were typed."
    ]
    page = page_on(laptop, qtbot)
    code = code_on(begin(page, qtbot))
    circle.office.devices.revoke(1)
    dialog.box.set_text(code)
    assert strips(dialog) == []
    dialog.submit()
    settle(qtbot)
    assert strips(dialog) == ["Laptop 1 was reported lost or stolen. It gets no answer."]


def test_what_went_wrong_is_in_sight_in_a_small_window_with_large_text(
    laptop: Path, qtbot: QtBot, dressed: Look
) -> None:
    dressed.use(scale=1.5)
    page = page_on(laptop, qtbot)
    page.resize(1180, 680)
    step = begin(page, qtbot)
    step.box.set_text("7K2MX QF9XR")
    step.submit()
    settle(qtbot)
    [strip] = [one for one in step.findChildren(Strip) if one.isVisible()]
    assert strip.visibleRegion().boundingRect() == strip.rect()


def test_nothing_is_clipped_and_everything_has_a_name(
    dialog: ResetDialog, laptop: Path, qtbot: QtBot, each_language: str, each_scale: float
) -> None:
    page = page_on(laptop, qtbot)
    assert (clipped(page), unnamed(page)) == ([], [])
    step = begin(page, qtbot)
    assert (clipped(page), unnamed(page)) == ([], [])
    dialog.box.set_text(code_on(step))
    dialog.submit()
    settle(qtbot)
    assert (clipped(dialog), unnamed(dialog)) == ([], [])
    only(dialog, CheckBox).click()
    dialog.submit()
    settle(qtbot)
    assert (clipped(dialog), unnamed(dialog)) == ([], [])
    page._show_sheet()
    QApplication.processEvents()
    assert (clipped(page.step()), unnamed(page.step())) == ([], [])
