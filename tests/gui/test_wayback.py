"""From the unlock page of a damaged store back to work: a backup is found, shown, agreed on and put back."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.backup.way_back import WayBack, newest_whole
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreProblem
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.page import Errand
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.gui.pages.wizard.backup import BackupStep, FoundStep
from gridworker.gui.pages.wizard.start import KIT
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.wayback import WayBackOffer
from gridworker.gui.widgets.state import Strip
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE, Circle
from tests.gui.seen import clipped, settle

MORNING = datetime(2026, 3, 18, 8, 30, tzinfo=UTC)


@pytest.fixture
def damaged(circle: Circle) -> Path:
    """An office with a backup whose store is damaged."""
    circle.office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    circle.office.backups.make()
    folder = circle.office.session.folder
    circle.close("office")
    folder.database.write_bytes(folder.database.read_bytes()[:-5000])
    return folder.root


def unlock(qtbot: QtBot, folder: Path, look: Callable[..., object] = newest_whole) -> tuple[UnlockPage, WayBackOffer]:
    page = UnlockPage(lambda passphrase, **_: Workspace.open(folder, passphrase, profile=CHEAP), MORNING)
    offer = WayBackOffer(page, partial(look, folder, profile=CHEAP))  # type: ignore[arg-type]  # a look that fails too
    page.unreadable.connect(offer.begin)
    qtbot.addWidget(page)
    page.resize(1440, 869)
    page.show()
    line = page.passphrase_field.line()
    line.setText(PASSPHRASE)
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle(qtbot)
    return page, offer


def strips(page: UnlockPage) -> list[Strip]:
    return [strip for strip in page.findChildren(Strip) if strip.isVisible()]


def words(page: UnlockPage) -> list[str]:
    return [strip.accessibleName() for strip in strips(page)]


def test_the_newest_backup_is_offered_and_put_back_by_a_persons_word(qtbot: QtBot, damaged: Path) -> None:
    page, offer = unlock(qtbot, damaged)
    assert len(words(page)) == 3
    assert "is whole." in words(page)[1]
    assert clipped(page) == []
    agreed: list[Errand] = []
    offer.agreed.connect(agreed.append)
    QTest.mouseClick(strips(page)[1].button, Qt.MouseButton.LeftButton)
    (box,) = page.findChildren(QMessageBox)
    assert "cannot be compared with the backup" in box.informativeText()
    assert "kept aside" in box.informativeText()
    assert "What the backup lacks" in box.informativeText()
    assert agreed == []
    QTest.mouseClick(
        next(one for one in box.findChildren(QPushButton) if one.text() == "Put it back"), Qt.MouseButton.LeftButton
    )
    (errand,) = agreed
    assert "The backup was put back." in errand.run()
    opened = Workspace.open(damaged, PASSPHRASE, profile=CHEAP)
    assert [one.caption for one in opened.records.page("resident")] == ["陈桂芳"]
    opened.close()


def test_without_a_backup_another_place_can_be_chosen(qtbot: QtBot, damaged: Path, tmp_path: Path) -> None:
    (damaged / "backups").rename(tmp_path / "place")
    page, _ = unlock(qtbot, damaged)
    assert words(page)[1] == "No backup that this passphrase opens was found here."
    QTest.mouseClick(strips(page)[1].button, Qt.MouseButton.LeftButton)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "place"))
    dialog.close()
    settle(qtbot)
    assert "is whole." in words(page)[1]


def test_a_place_that_cannot_be_read_says_so(qtbot: QtBot, damaged: Path) -> None:
    def look(*_place: object, **_more: object) -> None:
        raise StoreProblem("The disk does not answer.")

    page, _ = unlock(qtbot, damaged, look)
    assert words(page)[1] == "The disk does not answer."
    assert hasattr(strips(page)[2], "button")


def test_a_place_with_ruined_backups_alone_is_told_from_one_without_any(qtbot: QtBot, damaged: Path) -> None:
    (backup,) = (damaged / "backups").glob("0*")
    (backup / "manifest.json").write_bytes(b"")
    page, _ = unlock(qtbot, damaged)
    assert words(page)[1].startswith("Backups that lie here: 1. None of them can be put back. Damaged: ")
    assert clipped(page) == []
    assert hasattr(strips(page)[2], "button"), "another place can be chosen"


class NewComputer(AppFrontDoor):
    """The front door of a computer without a store, with keys that open quickly."""

    def way_back(self, folder: Path, passphrase: str, place: Path | None = None) -> WayBack | None:
        return newest_whole(folder, passphrase, place, profile=CHEAP)

    def kits(self) -> list[Path]:
        return []


def test_a_new_computer_takes_the_place_of_one_that_is_gone(qtbot: QtBot, damaged: Path, tmp_path: Path) -> None:
    place, folder = damaged / "backups", tmp_path / "new"
    wizard = WizardPage(NewComputer(), folder, MORNING)
    qtbot.addWidget(wizard)
    wizard.resize(1440, 869)
    wizard.show()
    wizard.restore_button.click()
    step = wizard.step()
    assert isinstance(step, BackupStep)
    assert not wizard.restore_button.isVisible()
    step.take(next(path for path in place.iterdir()))
    step.take(place)
    for passphrase in ("not this one at all", PASSPHRASE):
        step.passphrase_field.line().setText(passphrase)
        step.action().click()
        settle(qtbot)
        if passphrase != PASSPHRASE:
            said = [strip.accessibleName() for strip in step.findChildren(Strip) if strip.isVisible()]
            assert any("Not opened by this passphrase: " in words for words in said)
    found = wizard.step()
    assert isinstance(found, FoundStep)
    assert clipped(found) == []
    with qtbot.waitSignal(wizard.finished, timeout=20_000) as finished:
        found.action().click()
    assert finished.args == [folder, PASSPHRASE]
    settle(qtbot)
    (box,) = wizard.window().findChildren(QMessageBox)
    assert "The backup was put back." in box.informativeText()
    opened = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    assert [one.caption for one in opened.records.page("resident")] == ["陈桂芳"]
    opened.close()


def test_one_can_go_back_from_looking_for_a_backup(qtbot: QtBot, tmp_path: Path) -> None:
    wizard = WizardPage(NewComputer(), tmp_path, MORNING)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    wizard.start_step.focus_first()
    QTest.keyClick(wizard.start_step.choice(KIT), Qt.Key.Key_4)
    assert isinstance(wizard.step(), BackupStep)
    wizard._on_back()
    assert wizard.step() is wizard.start_step
    assert wizard.restore_button.isVisible()
