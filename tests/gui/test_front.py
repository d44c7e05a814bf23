"""The first pages: unlock, and the first run with its three ways in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from gridworker.app.backup.way_back import WayBack
from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import Here
from gridworker.app.staff.attempts import FIRST_WAIT, FREE_TRIES, Failures
from gridworker.app.staff.passphrases import judge
from gridworker.errors import NotForUs, Problem, StoreDamaged, StoreMissing, StoreNewer, WrongPassphrase
from gridworker.gui import background
from gridworker.gui.background import Report
from gridworker.gui.frontdoor import NewOffice, PlaceChoice, Recovery, Sample
from gridworker.gui.look.theme import Look
from gridworker.gui.pages.unlock import Greeting, UnlockPage
from gridworker.gui.pages.wizard.kit import KitStep, PassphraseStep
from gridworker.gui.pages.wizard.office import OfficeStep, PlacePicker
from gridworker.gui.pages.wizard.recovery import RecoveryStep
from gridworker.gui.pages.wizard.start import KIT, OFFICE, SAMPLE
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.passphrase import Judged
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.store.keys.kdf import CHEAP
from tests.gui.seen import clipped, only, settle

MORNING = datetime(2026, 3, 18, 8, 30, tzinfo=UTC)
GREETING = Greeting("师院社区·第三网格", "昨天 17:42 自动存下")
GOOD = "三只蓝猫 爱喝 绿豆汤"
CODE = "7K2MX-QF9XR-3D8AW-PW4C0"


class Door:
    """A front door that writes down who came in."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.fault: Exception | None = None
        self.no_kit: Exception | None = None

    def way_back(self, folder: Path, passphrase: str, place: Path | None = None) -> WayBack | None:
        self.calls.append(("way back", folder, passphrase, place))
        return None

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Any:
        del report
        self.calls.append(("open", folder, passphrase, *([slot] if slot else [])))
        return self._answer("store")

    def wait_left(self, folder: Path) -> int:
        del folder
        return Failures(row=len(self.calls)).wait if isinstance(self.fault, WrongPassphrase) else 0

    def people(self, folder: Path) -> list[Here]:
        return []

    def forgotten(self, folder: Path) -> Forgotten:
        return Forgotten(folder, profile=CHEAP)

    def test_recovery(self, folder: Path, passphrase: str, sealed: Path, code: str) -> None:
        self.calls.append(("test", folder, passphrase, sealed.read_bytes(), code))
        self._answer(None)

    def judge(self, passphrase: str) -> Judged:
        return judge(passphrase)

    def places(self, parent: str) -> list[PlaceChoice]:
        tree = {
            "": [PlaceChoice("42", "湖北省", "province")],
            "42": [PlaceChoice("4202", "黄石市", "city")],
            "4202": [PlaceChoice("420202", "黄石港区", "district"), PlaceChoice("420203", "西塞山区", "district")],
            "420203": [PlaceChoice("420203001", "八泉街道", "subdistrict")],
            "420203001": [
                PlaceChoice("420203001002", "师院社区", "community"),
                PlaceChoice("x", "湖滨社区", "community"),
            ],
        }
        return tree.get(parent, [])

    def found_office(self, folder: Path, passphrase: str, office: NewOffice) -> Recovery:
        self.calls.append(("office", folder, passphrase, office))
        return cast("Recovery", self._answer(Recovery(CODE, b"sealed")))

    def kits(self) -> list[Path]:
        return [Path("/media/E/laptop-3.gwk")]

    def check_code(self, code: str) -> None:
        if code != CODE:
            raise Problem("There is a slip in group {group} of the code. Compare it once more.", group=1)

    def check_kit(self, kit: Path, code: str) -> None:
        if self.no_kit is not None:
            raise self.no_kit

    def enrol(self, folder: Path, kit: Path, code: str, passphrase: str) -> None:
        self.calls.append(("enrol", folder, kit, code, passphrase))
        self._answer(None)

    def make_sample(self, folder: Path, report: Report) -> Sample:
        report(0.5)
        return cast("Sample", self._answer(Sample(folder / "laptop-1", "sample")))

    def _answer(self, answer: object) -> object:
        if self.fault is not None:
            raise self.fault
        return answer


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def unlock(qtbot: QtBot, door: Door) -> UnlockPage:
    page = UnlockPage(
        lambda words, *slot, **_: door.open(Path(), words, *slot),
        MORNING,
        Greeting("师院社区·第三网格", "昨天 17:42 自动存下"),
        lambda: door.wait_left(Path()),
    )
    qtbot.addWidget(page)
    page.resize(1440, 869)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page


def texts(page: Any) -> list[str]:
    return [label.text() for label in page.findChildren(Text) if label.isVisible()]


def submit(page: UnlockPage, passphrase: str) -> None:
    line = page.passphrase_field.line()
    line.setText(passphrase)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_unlock_greets_by_the_hour_and_names_nobody(unlock: UnlockPage) -> None:
    shown = texts(unlock)
    assert "Good morning" in shown
    assert "师院社区·第三网格" in shown
    assert not any("周敏" in text for text in shown)
    assert unlock.passphrase_field.line().hasFocus()


def test_a_click_beside_the_field_leaves_the_keyboard_in_it(unlock: UnlockPage) -> None:
    (area,) = unlock.findChildren(QScrollArea)
    QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=area.viewport().rect().bottomRight() / 2)
    assert unlock.passphrase_field.line().hasFocus()


def test_enter_opens_with_what_was_typed_and_forgets_it(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    with qtbot.waitSignal(unlock.opened) as opened:
        submit(unlock, "right horse")
        assert not unlock.button().isEnabled()
    assert opened.args == ["store"]
    assert door.calls == [("open", Path(), "right horse")]
    assert unlock.passphrase_field.text() == ""


def test_while_it_opens_no_way_leads_off_the_page(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    """The store would be open with nobody to close it: keys behind a locked page, and the next window only reads."""
    left: list[str] = []
    unlock.forgotten.connect(left.append)
    language = unlock._language
    held = Event()
    unlock._open_store = lambda *_, **__: held.wait(60) and door.open(Path(), "")
    door.fault = WrongPassphrase("no")
    submit(unlock, "right horse")
    unlock.passphrase_field.aside_pressed.emit()
    assert not language.isEnabled()
    assert left == []
    held.set()
    qtbot.waitUntil(unlock.button().isEnabled)
    unlock.passphrase_field.aside_pressed.emit()
    assert language.isEnabled()
    assert left == [""]


def test_whoever_cannot_read_it_makes_the_text_larger_before_they_unlock(
    qtbot: QtBot, unlock: UnlockPage, dressed: Look
) -> None:
    unlock.scale_chosen.connect(lambda scale: dressed.use(scale=scale))
    line = unlock.passphrase_field.line()
    for key, scale in (
        (Qt.Key.Key_Equal, 1.25),
        (Qt.Key.Key_Plus, 1.5),
        (Qt.Key.Key_Plus, 1.5),
        (Qt.Key.Key_Minus, 1.25),
    ):
        QTest.keyClick(line, key, Qt.KeyboardModifier.ControlModifier)
        assert dressed.theme.scale == scale
        assert unlock._scale.value() == str(scale)
    assert line.hasFocus()
    assert line.text() == ""
    sizes = [one for one in unlock._scale.findChildren(QAbstractButton) if one.isVisible()]
    assert [one.accessibleName() for one in sizes] == ["100%", "125%", "150%"], "three letters A are told apart"
    sizes[0].click()
    settle(qtbot)
    assert dressed.theme.scale == 1.0


def test_an_empty_passphrase_is_not_tried(unlock: UnlockPage, door: Door) -> None:
    submit(unlock, "")
    assert unlock.button().isEnabled()
    assert door.calls == []


def test_a_wrong_passphrase_is_said_plainly_and_one_can_try_again(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    door.fault = WrongPassphrase("That passphrase does not open this store. Try again.")
    submit(unlock, "wrong")
    qtbot.waitUntil(unlock.button().isEnabled)
    field = unlock.passphrase_field
    assert (field.warning(), field.text()) == ("That passphrase does not open it: try again.", "")
    assert field.line().hasFocus()
    door.fault = None
    with qtbot.waitSignal(unlock.opened):
        submit(unlock, "right horse")
        assert field.warning() == "", "nothing stands there that is not so any more"


def test_what_is_wrong_with_a_passphrase_is_read_whole_with_large_text(qtbot: QtBot, door: Door, dressed: Look) -> None:
    dressed.use(scale=1.5)
    page = UnlockPage(lambda words, *slot, **_: door.open(Path(), words, *slot), MORNING)
    qtbot.addWidget(page)
    page.resize(1180, 680)
    page.show()
    door.fault = WrongPassphrase("That passphrase does not open this store. Try again.")
    submit(page, "wrong")
    qtbot.waitUntil(page.button().isEnabled)
    settle(qtbot)
    assert page.passphrase_field.warning()
    assert clipped(page) == []


def test_after_five_wrong_ones_one_waits_and_then_twice_as_long(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    door.fault = WrongPassphrase("no")
    for _ in range(FREE_TRIES - 1):
        submit(unlock, "wrong")
        qtbot.waitUntil(unlock.button().isEnabled)
    submit(unlock, "wrong")
    qtbot.waitUntil(lambda: unlock.waiting() == FIRST_WAIT)
    submit(unlock, "wrong")
    assert len(door.calls) == FREE_TRIES
    for _ in range(FIRST_WAIT):
        unlock._clock.timeout.emit()
    assert unlock.button().isEnabled()
    submit(unlock, "wrong")
    qtbot.waitUntil(lambda: unlock.waiting() == 2 * FIRST_WAIT)
    assert unlock.passphrase_field.warning() == "Wait 60 seconds before the next try."
    door.calls *= 2
    unlock._begin_wait()
    assert unlock.passphrase_field.warning() == "Wait 64 minutes before the next try."


def test_a_damaged_store_says_so_and_does_not_count_as_a_try(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    door.fault = StoreDamaged("The file does not check.")
    for _ in range(FREE_TRIES + 1):
        submit(unlock, "right")
        qtbot.waitUntil(unlock.button().isEnabled)
    assert unlock.waiting() == 0
    qtbot.waitUntil(lambda: any(strip.isVisible() for strip in unlock.findChildren(Strip)))
    assert [strip.accessibleName() for strip in unlock.findChildren(Strip) if strip.isVisible()] == [
        "The file does not check."
    ]


@pytest.mark.parametrize("fault", [StoreDamaged("Damaged."), StoreNewer("Newer."), StoreMissing("Gone.")])
def test_what_did_not_open_leaves_no_passphrase_for_whoever_comes_by(
    qtbot: QtBot, unlock: UnlockPage, door: Door, fault: Exception
) -> None:
    door.fault = fault
    submit(unlock, "right")
    qtbot.waitUntil(unlock.button().isEnabled)
    assert unlock.passphrase_field.text() == ""


def test_an_upgrade_shows_how_far_it_is(qtbot: QtBot, door: Door) -> None:
    held = Event()

    def upgrade(_words: str, *, report: Report) -> object:
        report(0.4)
        assert held.wait(60)
        return "store"

    page = UnlockPage(upgrade, MORNING)
    qtbot.addWidget(page)
    page.show()
    assert not page._upgrading.isVisible()
    submit(page, "right")
    qtbot.waitUntil(page._upgrading.isVisible)
    assert page._bar.share() == 0.4
    with qtbot.waitSignal(page.opened):
        held.set()
    assert door.calls == []


def test_a_store_that_is_damaged_or_gone_asks_for_a_way_back(qtbot: QtBot, unlock: UnlockPage, door: Door) -> None:
    for fault in (StoreDamaged("The file does not check."), StoreMissing("There is no store.")):
        door.fault = fault
        with qtbot.waitSignal(unlock.unreadable) as told:
            submit(unlock, "right")
        assert told.args == [str(fault), "right"]
        qtbot.waitUntil(unlock.button().isEnabled)
    door.fault = StoreNewer("Install version 9.")
    with qtbot.assertNotEmitted(unlock.unreadable):
        submit(unlock, "right")
        qtbot.waitUntil(unlock.button().isEnabled)


def test_where_several_share_it_one_is_asked_who(qtbot: QtBot, door: Door) -> None:
    people = (("b2", "赵海"), ("a1", "周敏"), ("c3", "刘芳"))
    page = UnlockPage(lambda words, *slot, **_: door.open(Path(), words, *slot), MORNING, Greeting(people=people))
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    assert page.slot() == "b2", "the last one first"
    QTest.keyClick(page.passphrase_field.line(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert page.slot() == "a1"
    assert page.passphrase_field.line().hasFocus()
    with qtbot.waitSignal(page.opened):
        submit(page, "right horse")
    assert door.calls == [("open", Path(), "right horse", "a1")]
    with qtbot.waitSignal(page.forgotten) as forgotten:
        QTest.keyClick(page.passphrase_field.line(), Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert forgotten.args == ["a1"]


def test_a_question_to_the_office_is_not_forgotten(qtbot: QtBot, unlock: UnlockPage) -> None:
    assert [strip for strip in unlock.findChildren(Strip) if strip.isVisible()] == []
    page = UnlockPage(lambda _: None, MORNING, Greeting(asked=True))
    qtbot.addWidget(page)
    page.show()
    [strip] = page.findChildren(Strip)
    with qtbot.waitSignal(page.forgotten):
        strip.button.click()


@pytest.mark.parametrize(
    ("helped", "way"), [(True, "Forgotten it? Ask the office"), (False, "Forgotten it? Recovery sheet")]
)
def test_who_forgot_it_is_sent_to_who_can_help(qtbot: QtBot, helped: bool, way: str) -> None:
    """The office cannot ask itself: there it is its own recovery sheet."""
    page = UnlockPage(lambda _: None, MORNING, Greeting(helped=helped))
    qtbot.addWidget(page)
    page.show()
    [button] = [one for one in page.findChildren(Button) if one.label().startswith("Forgotten")]
    assert button.label() == way
    with qtbot.waitSignal(page.forgotten):
        button.click()


def test_tab_goes_from_the_passphrase_to_what_is_done_with_it(unlock: UnlockPage) -> None:
    """The eye was first; it has a key instead."""
    line = unlock.passphrase_field.line()
    line.setText("secret words")
    met = list[str]()
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget() or line, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        met.append(focus.accessibleName() if focus is not None else "")
    assert "Show the passphrase" not in met
    assert "Unlock" in met
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert line.displayText() == "secret words"
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert "secret" not in line.displayText()


def test_caps_lock_and_input_methods_are_noticed(unlock: UnlockPage) -> None:
    line = unlock.passphrase_field.line()
    QTest.keyClicks(line, "a")
    assert unlock.passphrase_field.warning() == ""
    QTest.keyClicks(line, "A")
    assert unlock.passphrase_field.warning() == "Caps lock is on"
    line.composing.emit(True)  # type: ignore[attr-defined]  # the line inside the field
    assert unlock.passphrase_field.warning() == "Caps lock is on"


def test_the_eye_shows_the_passphrase(unlock: UnlockPage) -> None:
    line, eye = unlock.passphrase_field.line(), unlock.passphrase_field._eye
    line.setText("secret words")
    assert "secret" not in line.displayText()
    eye.click()
    assert line.displayText() == "secret words"
    eye.click()
    assert "secret" not in line.displayText()


@pytest.fixture
def wizard(qtbot: QtBot, door: Door, tmp_path: Path) -> Iterator[WizardPage]:
    page = WizardPage(door, tmp_path, MORNING)
    qtbot.addWidget(page)
    page.resize(1440, 869)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    yield page
    page.hide()


def choose_passphrase(wizard: WizardPage, first: str = GOOD, second: str = GOOD) -> PassphraseStep:
    step = wizard.step()
    assert isinstance(step, PassphraseStep)
    for field, words in zip(step.fields().fields(), (first, second), strict=True):
        field.line().setText(words)
    return step


def press_on(wizard: WizardPage) -> None:
    step = wizard.step()
    assert isinstance(step, Step)
    step.action().click()
    if isinstance(step, KitStep):  # its file is looked at in the background
        background.wait()
        QApplication.processEvents()


def test_a_digit_takes_a_way_in(wizard: WizardPage) -> None:
    assert wizard.start_step.choice(KIT).hasFocus()
    QTest.keyClick(cast("Any", QApplication.focusWidget()), Qt.Key.Key_1)
    assert isinstance(wizard.step(), KitStep)


def test_a_step_takes_the_focus_and_is_no_window_of_its_own(qtbot: QtBot, wizard: WizardPage) -> None:
    """A part shown before it had its place was a window for a moment, and the keyboard went with it."""
    QTest.keyClick(wizard.start_step.choice(KIT), Qt.Key.Key_Return)
    for _ in range(5):
        QApplication.processEvents()
    assert wizard.isActiveWindow()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert wizard.step().isAncestorOf(focus)


def test_a_kit_on_a_stick_is_offered_at_once(qtbot: QtBot, wizard: WizardPage) -> None:
    wizard.look_for_kits()
    qtbot.waitUntil(lambda: bool(wizard.findChildren(Strip)))
    wizard.findChildren(Strip)[0].button.click()
    step = wizard.step()
    assert isinstance(step, KitStep)
    assert step.kit() == Path("/media/E/laptop-3.gwk")


def test_a_worker_enrols_with_kit_code_and_a_passphrase_typed_twice(
    qtbot: QtBot, wizard: WizardPage, door: Door, tmp_path: Path
) -> None:
    wizard.start_step.choice(KIT).click()
    step = wizard.step()
    assert isinstance(step, KitStep)
    assert not step.action().isEnabled()
    step.take(Path("/media/E/laptop-3.gwk"))
    step.code_line().setText(CODE)
    press_on(wizard)
    passphrase = choose_passphrase(wizard, GOOD, "something else")
    assert not passphrase.action().isEnabled()
    choose_passphrase(wizard, "short", "short")
    assert not passphrase.action().isEnabled()
    choose_passphrase(wizard)
    with qtbot.waitSignal(wizard.finished) as finished:
        press_on(wizard)
    assert finished.args == [tmp_path, GOOD]
    assert door.calls == [("enrol", tmp_path, Path("/media/E/laptop-3.gwk"), CODE, GOOD)]


def test_a_code_that_is_not_whole_is_not_met_with_silence(qtbot: QtBot, wizard: WizardPage) -> None:
    wizard._on_kit_taken(Path("/media/E/laptop-3.gwk"))
    step = wizard.step()
    assert isinstance(step, KitStep)
    QTest.keyClicks(step.code_line(), "7K2M")
    QTest.keyClick(step.code_line(), Qt.Key.Key_Return)
    settle(qtbot)
    assert wizard.step() is step
    assert any("There is a slip in group 1" in one.accessibleName() for one in step.findChildren(Strip))


def test_a_wrong_kit_is_one_sentence_and_nothing_typed_is_lost(qtbot: QtBot, wizard: WizardPage, door: Door) -> None:
    door.fault = NotForUs("This kit is not for this code, or it was not copied in full.")
    wizard._on_kit_taken(Path("/media/E/laptop-3.gwk"))
    step = wizard.step()
    assert isinstance(step, KitStep)
    step.code_line().setText(CODE)
    press_on(wizard)
    passphrase = choose_passphrase(wizard)
    press_on(wizard)
    qtbot.waitUntil(lambda: bool(passphrase.findChildren(Strip)))
    assert passphrase.findChildren(Strip)[0].accessibleName().startswith("This kit is not for this code")
    assert passphrase.passphrase() == GOOD
    passphrase._back.click()
    assert wizard.step() is step
    assert step.code() == CODE
    press_on(wizard)
    assert not any(one.isVisibleTo(passphrase) for one in passphrase.findChildren(Strip)), "it is another try"


def test_a_mistyped_code_is_told_before_a_passphrase_is_asked(qtbot: QtBot, wizard: WizardPage) -> None:
    wizard._on_kit_taken(Path("/media/E/laptop-3.gwk"))
    step = wizard.step()
    assert isinstance(step, KitStep)
    step.code_line().setText("AAAAA-BBBBB-CCCCC-DDDDD")
    press_on(wizard)
    assert wizard.step() is step
    assert "group 1" in step.findChildren(Strip)[-1].accessibleName()
    step.code_line().setText(CODE)
    press_on(wizard)
    first, second = cast("PassphraseStep", wizard.step()).fields().fields()
    first.line().setText(GOOD)
    QTest.keyClick(first.line(), Qt.Key.Key_Return)
    assert wizard.focusWidget() is second.line()
    second.line().setText(GOOD)
    with qtbot.waitSignal(wizard.finished):
        QTest.keyClick(first.line(), Qt.Key.Key_Return)


def test_an_office_is_set_up_and_starts_only_with_its_sheet_put_away(
    qtbot: QtBot, wizard: WizardPage, door: Door, tmp_path: Path
) -> None:
    wizard.start_step.choice(OFFICE).click()
    step = wizard.step()
    assert isinstance(step, OfficeStep)
    picker = only(step, PlacePicker)
    qtbot.waitUntil(lambda: picker.box(2).count() == 2)
    assert [picker.box(level).currentText() for level in (0, 1)] == ["湖北省", "黄石市"]
    picker.box(2).setCurrentIndex(1)
    picker.box(2).activated.emit(1)
    qtbot.waitUntil(lambda: picker.box(4).count() == 2)
    picker.box(4).setCurrentIndex(0)
    picker.box(4).activated.emit(0)
    office, clerk = step.lines()
    assert office.text() == "师院社区 office"
    assert not step.action().isEnabled()
    clerk.setText("刘芳")
    press_on(wizard)
    choose_passphrase(wizard)
    press_on(wizard)
    qtbot.waitUntil(lambda: isinstance(wizard.step(), RecoveryStep))
    new = NewOffice("420203001002", "师院社区 office", "刘芳")
    assert door.calls == [("office", tmp_path, GOOD, new)]
    sheet = wizard.step()
    assert isinstance(sheet, RecoveryStep)
    assert CODE in texts(sheet)
    assert wizard.is_held(), "another language would begin anew, and the code is shown once"
    sheet.fields.line.setFocus()
    assert CODE not in texts(sheet), "what is tried is the paper"
    sheet.fields._zone.setFocus()
    assert CODE in texts(sheet)
    assert CODE in sheet.card.sheet().toPlainText().replace("\n", "-")
    assert not sheet.action().isEnabled()
    assert not sheet.later_button.isEnabled(), "a code without its file is worth nothing"
    with qtbot.waitSignal(sheet.card.saved):
        sheet.card.save_to(tmp_path / "recovery.age")
    assert (tmp_path / "recovery.age").stat().st_mode & 0o077 == 0, "nobody else on this computer reads it"
    assert (tmp_path / "recovery.age").read_bytes() == b"sealed"
    sheet.fields.take(tmp_path / "recovery.age")
    sheet.fields.line.setText(CODE)
    door.fault = NotForUs("This code does not open this file.")
    press_on(wizard)
    qtbot.waitUntil(lambda: bool(sheet.findChildren(Strip, "")) and sheet.action().isEnabled())
    assert wizard.is_held()
    assert "This code does not open this file." in {strip.accessibleName() for strip in sheet.findChildren(Strip)}
    door.fault = None
    with qtbot.waitSignal(wizard.finished) as finished:
        press_on(wizard)
    assert finished.args == [tmp_path, GOOD]
    assert door.calls[-1] == ("test", tmp_path, GOOD, b"sealed", CODE)


def test_a_sheet_left_for_later_opens_the_store_once(qtbot: QtBot, wizard: WizardPage, tmp_path: Path) -> None:
    wizard._show_recovery(Recovery(CODE, b"sealed"), GOOD)
    sheet = wizard.step()
    assert isinstance(sheet, RecoveryStep)
    sheet.card.save_to(tmp_path / "recovery.age")
    qtbot.waitUntil(sheet.later_button.isEnabled)
    told = list[object]()
    wizard.finished.connect(lambda folder, _: told.append(folder))
    sheet.later_button.click()
    sheet.later_button.click()
    assert told == [tmp_path]
    assert not sheet.later_button.isEnabled()
    assert "Opening…" in sheet.action().text()


def test_the_keys_go_to_the_first_list_that_has_a_choice(qtbot: QtBot, wizard: WizardPage) -> None:
    wizard.start_step.choice(OFFICE).click()
    step = wizard.step()
    assert isinstance(step, OfficeStep)
    picker = only(step, PlacePicker)
    qtbot.waitUntil(lambda: picker.box(2).count() == 2)
    assert wizard.focusWidget() is picker.box(2)


def test_another_district_forgets_the_community(qtbot: QtBot, wizard: WizardPage) -> None:
    wizard.start_step.choice(OFFICE).click()
    step = wizard.step()
    assert isinstance(step, OfficeStep)
    picker = only(step, PlacePicker)
    qtbot.waitUntil(lambda: picker.box(2).count() == 2)
    picker.box(2).activated.emit(1)
    qtbot.waitUntil(lambda: picker.box(4).count() == 2)
    picker.box(4).setCurrentIndex(0)
    assert picker.code() == "420203001002"
    picker.box(2).activated.emit(0)
    qtbot.waitUntil(lambda: picker.box(3).count() == 0)
    assert picker.code() == ""
    assert not picker.box(4).isEnabled()


def test_a_sheet_that_cannot_be_written_says_so(qtbot: QtBot, wizard: WizardPage, tmp_path: Path) -> None:
    step = RecoveryStep(MORNING.date())
    wizard._go("sheet", lambda: step, RecoveryStep.hide_problem)
    with qtbot.waitSignal(step.card.met):
        step.card.save_to(tmp_path / "nowhere" / "recovery.age")
    assert [strip.accessibleName() for strip in step.findChildren(Strip)] == [
        "The key file was not written. Choose another place."
    ]


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier),
    ],
    ids=["Esc", "Alt Left"],
)
def test_a_key_goes_a_step_back_and_what_was_typed_is_there_again(
    wizard: WizardPage, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    def back() -> None:
        QTest.keyClick(cast("Any", QApplication.focusWidget()), key, modifier)

    wizard._on_kit_taken(Path("/media/E/laptop-3.gwk"))
    kit = wizard.step()
    assert isinstance(kit, KitStep)
    kit.code_line().setText(CODE)
    press_on(wizard)
    choose_passphrase(wizard)
    back()
    assert wizard.step() is kit
    back()
    assert wizard.step() is wizard.start_step
    assert wizard.restore_button.isVisible()
    back()  # there is nowhere to go from here
    assert wizard.step() is wizard.start_step
    wizard.start_step.choice(KIT).click()
    again = wizard.step()
    assert isinstance(again, KitStep)
    assert (again.kit(), again.code()) == (Path("/media/E/laptop-3.gwk"), CODE)
    press_on(wizard)
    passphrase = wizard.step()
    assert isinstance(passphrase, PassphraseStep)
    assert passphrase.passphrase() == GOOD
    passphrase.set_busy(True)
    back()  # what is under way comes to its end first
    assert wizard.step() is passphrase


def test_sample_data_come_by_themselves(qtbot: QtBot, wizard: WizardPage, tmp_path: Path) -> None:
    with qtbot.waitSignal(wizard.finished) as finished:
        wizard.start_step.choice(SAMPLE).click()
    assert finished.args == [tmp_path / "laptop-1", "sample"]


def test_secrets_are_not_in_the_words_of_their_objects() -> None:
    assert CODE not in repr(Recovery(CODE, b""))
    assert "open sesame" not in repr(Sample(Path(), "open sesame"))


def test_no_word_of_the_first_pages_is_clipped(
    qtbot: QtBot, door: Door, each_language: str, each_scale: float, tmp_path: Path
) -> None:
    people = (("b2", "赵海"), ("a1", "周敏"))
    unlock = UnlockPage(lambda _: None, MORNING, Greeting("", "17:42", people=people, asked=True))
    wizard = WizardPage(door, tmp_path, MORNING)
    for page in (unlock, wizard):
        qtbot.addWidget(page)
        page.resize(1440, 869)
        page.show()
        QApplication.processEvents()
        assert clipped(page) == []
    ways: list[QAbstractButton] = [*map(wizard.start_step.choice, (KIT, OFFICE)), wizard.restore_button]
    for way in ways:
        way.click()
        QApplication.processEvents()
        assert clipped(wizard.step()) == []
        wizard._on_back()


def test_the_sheet_is_tried_without_scrolling_on_a_small_screen(
    qtbot: QtBot, wizard: WizardPage, tmp_path: Path
) -> None:
    wizard.resize(1366, 700)  # of 768, less the title and the bar of tasks
    wizard._show_recovery(Recovery(CODE, b"sealed"), GOOD)
    sheet = wizard.step()
    assert isinstance(sheet, RecoveryStep)
    sheet.card._say_saved(tmp_path / "gridworker-recovery.age")
    sheet.fields.take(tmp_path / "gridworker-recovery.age")
    settle(qtbot)
    (area,) = wizard.findChildren(QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    sheet.show_problem(NotForUs("This code does not open this file."))
    settle(qtbot)
    assert area.verticalScrollBar().maximum() == 0
    assert "gridworker-recovery.age" in texts(sheet)


@pytest.mark.parametrize(("minutes", "words"), [(1, "after 1 minute away"), (5, "after 5 minutes away")])
def test_the_unlock_page_says_after_how_long_it_locks(qtbot: QtBot, minutes: int, words: str) -> None:
    page = UnlockPage(lambda _: None, MORNING, Greeting("", "", minutes))
    qtbot.addWidget(page)
    page.show()
    assert words in " ".join(texts(page))
