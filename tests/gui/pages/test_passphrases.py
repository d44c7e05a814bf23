"""The dialogs about passphrases: changing one's own, people on this computer, trying the recovery sheet."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.access.founding import Founding, found_office
from gridworker.app.workspace import Workspace
from gridworker.errors import WrongPassphrase
from gridworker.gui import background
from gridworker.gui.entries import present
from gridworker.gui.page import FIELD, OFFICE, Shell
from gridworker.gui.pages.drafts import DraftsDialog
from gridworker.gui.pages.passphrase import PassphraseDialog
from gridworker.gui.pages.peoplehere import PeopleHereDialog
from gridworker.gui.pages.recovery import RecoveryDialog
from gridworker.gui.recovery.reminder import RecoveryReminder
from gridworker.gui.recovery.sheet import SheetFacts, document, write_pdf
from gridworker.gui.widgets.state import Strip
from gridworker.store.keys.kdf import CHEAP
from tests.app.test_gate import act_as
from tests.circle import PASSPHRASE
from tests.gui.seen import clipped, settle, unnamed

NEW, SECOND = "三只蓝猫 爱喝 绿豆汤", "second person here"


class Office:
    """An office in a folder, and its recovery sheet."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.key = tmp_path / "office", tmp_path / "key.age"
        self.sheet = found_office(self.folder, PASSPHRASE, Founding("420202005002", "办公室", "刘芳"), profile=CHEAP)
        self.key.write_bytes(self.sheet.sealed)
        self.ws = self.open(PASSPHRASE)
        self.ws.devices.add_staff({"name": "王强", "role": "office"})
        self.shell = Shell()
        self.toasts: list[str] = []
        self.shell.toast_wanted.connect(lambda words, _undo: self.toasts.append(words))

    def open(self, passphrase: str) -> Workspace:
        return Workspace.open(self.folder, passphrase, profile=CHEAP)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    background.wait()
    made.ws.close()


def strips(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [strip.accessibleName() for strip in widget.findChildren(Strip) if strip.isVisible()]


def fill(dialog: PassphraseDialog, old: str, new: str) -> None:
    dialog.old.line().setText(old)
    for field in dialog.new.fields():
        field.line().setText(new)


def test_the_new_passphrase_is_called_that_and_only_its_dots_stand_apart(office: Office, window: QWidget) -> None:
    dialog = PassphraseDialog(office.ws, office.shell, window)
    dialog.open()
    line = dialog.new.fields()[0].line()
    assert (dialog.old.line().accessibleName(), line.accessibleName()) == ("The present passphrase", "New passphrase")
    assert line.font().letterSpacing() == 0, "the hint is read as words"
    line.setText(NEW)
    assert line.font().letterSpacing() > 0
    dialog.reject()


def test_the_passphrase_is_changed(office: Office, window: QWidget, qtbot: QtBot) -> None:
    dialog = PassphraseDialog(office.ws, office.shell, window)
    dialog.open()
    settle(qtbot)
    assert not dialog.save.isEnabled()
    fill(dialog, PASSPHRASE, "1234567890")
    assert dialog.new.fields()[0].warning() == "Easy to guess: one word more makes it harder"
    fill(dialog, "not the present one", NEW)
    assert dialog.new.fields()[0].warning() == "Strong"
    dialog.submit()
    settle(qtbot)
    assert dialog.old.warning() == "That is not the present passphrase."
    assert (dialog.old.text(), dialog.new.passphrase()) == ("", NEW)
    dialog.old.line().setText(PASSPHRASE)
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.new.fields()[1].line(), Qt.Key.Key_Return)
    assert office.toasts == ["The new passphrase counts from now on."]
    office.ws.close()
    with pytest.raises(WrongPassphrase):
        office.open(PASSPHRASE)
    office.ws = office.open(NEW)


def test_without_a_key_ring_none_is_offered(office: Office, window: QWidget, qtbot: QtBot) -> None:
    dialog = PassphraseDialog(office.ws, office.shell, window)
    dialog.open()
    settle(qtbot)
    assert dialog.ring.isHidden()
    dialog._show_ring(True)
    fill(dialog, PASSPHRASE, "六个字就够了")
    assert not dialog.save.isEnabled()
    dialog.ring.click()
    assert dialog.save.isEnabled()
    dialog.submit()
    settle(qtbot)
    assert strips(dialog)[0].startswith("This passphrase works together with the key ring")
    dialog.reject()


def test_one_more_person_and_off_again(office: Office, window: QWidget, qtbot: QtBot) -> None:
    dialog = PeopleHereDialog(office.ws, office.shell, window)
    dialog.open()
    settle(qtbot)
    assert not dialog.take_away.isEnabled()
    dialog.more.click()
    [(person, _)] = office.ws.people_here.candidates()
    assert not dialog.nobody.isHidden()
    dialog.staff.pick(str(person))
    assert dialog.nobody.isHidden()
    for field in dialog.new.fields():
        field.line().setText(SECOND)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert strips(dialog) == ["王强 can unlock from now on."]
    assert [row.title for row in dialog.people.rows()] == ["刘芳", "王强"]
    dialog.people.choose(1)
    dialog.take_away.click()
    [box] = dialog.findChildren(QDialog)
    next(one for one in box.findChildren(QPushButton) if one.text() == "Take the passphrase away").click()
    settle(qtbot)
    assert strips(dialog) == ["王强 cannot unlock here any more."]
    assert len(office.ws.people_here.listed()) == 1
    dialog.reject()


def test_what_a_colleague_left_half_written_is_handed_on_unread(office: Office, window: QWidget, qtbot: QtBot) -> None:
    session, own = office.ws.session, office.ws.session.who
    [(giver, _)] = office.ws.people_here.candidates()
    office.ws.people_here.add(giver, SECOND)
    empty = DraftsDialog(office.ws, office.shell, window)
    empty.open()
    settle(qtbot)
    assert empty.height() < 200, "as high as its words"
    empty.reject()
    session.who = giver
    office.ws.drafts.keep("visit:1", {"note": "她说的话"})
    office.ws.drafts.keep("record:need:new", {})
    session.who = own
    keeper = office.ws.devices.add_staff({"name": "何平", "role": "administrator"})
    office.ws.people_here.add(keeper, "木棉 雨伞 石桥 午后")
    dialog = DraftsDialog(office.ws, office.shell, window)
    dialog.open()
    settle(qtbot)
    assert sorted((row.title, row.subtitle) for row in dialog.list.rows()) == [("Need", "王强"), ("Visit", "王强")]
    assert not any("她说的话" in row.words() for row in dialog.list.rows())
    dialog.list.choose(next(row.key for row in dialog.list.rows() if row.title == "Visit"))
    assert not dialog.hand_on.isEnabled(), "nobody is picked"
    assert (clipped(dialog), unnamed(dialog)) == ([], [])
    assert dialog.heirs.offered() == [str(own)], "who keeps the accounts fills in no visit"
    dialog.heirs.pick(str(own))
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert strips(dialog) == ["Visit of 王强: 刘芳 goes on with it."]
    assert [one.name for one in office.ws.drafts.all()] == ["visit:1"]
    assert [row.title for row in dialog.list.rows()] == ["Need"]
    dialog.reject()
    act_as(session, "duty")
    seen = DraftsDialog(office.ws, office.shell, window)
    seen.open()
    settle(qtbot)
    assert len(seen.list.rows()) == 2
    assert not seen.hand_on.isVisible()
    seen.submit()
    assert seen.advice.isVisible()
    seen.reject()


def test_the_recovery_sheet_is_tried(office: Office, window: QWidget, qtbot: QtBot) -> None:
    reminder = RecoveryReminder(office.ws, office.shell)
    reminder.setParent(window)
    wanted: list[str] = []
    office.shell.page_wanted.connect(lambda name, _target: wanted.append(name))
    reminder.refresh()
    settle(qtbot)
    assert reminder.isVisible()
    reminder.button.click()
    assert wanted == ["recovery"]
    dialog = RecoveryDialog(office.ws, office.shell, window)
    dialog.open()
    dialog.fields.take(office.key)
    dialog.fields.line.setText("7K2MX-QF9XR-3D8AW-PW4C0")
    dialog.submit()
    settle(qtbot)
    assert strips(dialog)
    dialog.fields.line.setText(office.sheet.code)
    with qtbot.waitSignal(dialog.accepted):
        dialog.submit()
    reminder.refresh()
    settle(qtbot)
    assert not reminder.isVisible()


def test_the_dialogs_are_there_for_the_settings_page() -> None:
    field = {entry.name: entry for entry in present(FIELD)}
    office = {entry.name: entry for entry in present(OFFICE)}
    assert {"passphrase", "peoplehere", "drafts"} <= field.keys()
    assert {"passphrase", "peoplehere", "recovery", "reset"} <= office.keys()
    assert not {"recovery", "reset"} & field.keys()
    assert {office[name].load() for name in ("passphrase", "recovery")} == {PassphraseDialog, RecoveryDialog}


FACTS = SheetFacts(
    "<b>师院</b>社区办公室", "7K2MX-QF9XR-3D8AW-PW4C0", "7K2M-QF9X-3D8A-PW4C", ("青山", "流水"), date(2026, 3, 18)
)


def test_the_printed_sheet_says_all_that_is_needed(qtbot: QtBot, tmp_path: Path, each_language: str) -> None:
    made = document(FACTS)
    said = made.toPlainText()
    assert "<b>师院</b>社区办公室" in said, "what people typed is no markup"
    for group in FACTS.code.split("-"):
        assert group in said
    assert FACTS.fingerprint in said
    assert "青山  流水" in said.replace("\u00a0", " ") or "青山 流水" in said
    write_pdf(FACTS, tmp_path / "sheet.pdf")
    data = (tmp_path / "sheet.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1, "one page"
    assert b"595" in data, "A4"
    with pytest.raises(OSError, match=r".*"):
        write_pdf(FACTS, tmp_path / "nowhere" / "sheet.pdf")


def test_nothing_is_clipped_and_everything_has_a_name(
    office: Office, window: QWidget, qtbot: QtBot, each_language: str, each_scale: float
) -> None:
    for made in (PassphraseDialog, PeopleHereDialog, DraftsDialog, RecoveryDialog):
        dialog = made(office.ws, office.shell, window)
        dialog.open()
        settle(qtbot)
        if isinstance(dialog, PassphraseDialog):
            dialog._show_ring(True)
        if isinstance(dialog, PeopleHereDialog):
            dialog.show_form()
        settle(qtbot)
        assert (clipped(dialog), unnamed(dialog)) == ([], []), made
        assert dialog.height() <= dialog.screen().availableGeometry().height(), "its buttons are on the screen"
        [area] = dialog.frame.findChildren(QScrollArea)
        assert each_scale > 1.0 or area.verticalScrollBar().maximum() == 0, "what has room is all in sight"
        dialog.reject()
