"""The first run by the keyboard alone: where Tab comes to, which keys are on the buttons, where a mistake is told."""

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.staff.passphrases import judge
from gridworker.errors import NotForUs
from gridworker.gui.frontdoor import Recovery
from gridworker.gui.look.theme import Look
from gridworker.gui.pages.unlock import Greeting, UnlockPage
from gridworker.gui.pages.wizard.kit import KitStep
from gridworker.gui.pages.wizard.recovery import RecoveryStep
from gridworker.gui.pages.wizard.start import KIT, OFFICE, SAMPLE
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from tests.gui.seen import clipped, settle
from tests.gui.test_front import CODE, GOOD, MORNING, Door, choose_passphrase, door, press_on, wizard

__all__ = ["door", "wizard"]

FILE = Path("/media/E/laptop-3.gwk")


def on_the_way(wizard: WizardPage) -> list[QWidget]:
    """Where Tab leads, once round."""
    found: list[QWidget] = []
    while True:
        here = QApplication.focusWidget()
        assert here is not None
        if here in found:
            return found
        found.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)


def names(found: list[QWidget]) -> list[str]:
    return [one.accessibleName() for one in found]


def test_tab_comes_to_the_language_and_the_text_size_too(qtbot: QtBot, wizard: WizardPage) -> None:
    ways = [wizard.start_step.choice(way).accessibleName() for way in (KIT, OFFICE, SAMPLE)]
    assert names(on_the_way(wizard)) == [*ways, "Have a backup? Put it back", "English", "100%"]


@pytest.mark.parametrize("way", [KIT, OFFICE])
def test_tab_never_leads_to_a_step_that_is_not_on_screen(qtbot: QtBot, wizard: WizardPage, way: str) -> None:
    """Enter there would go another way, with nothing to be seen of it."""
    wizard.start_step.choice(way).click()
    settle(qtbot)
    found = on_the_way(wizard)
    assert all(one.isVisible() for one in found)
    assert {"Back", "English", "100%"} <= set(names(found))
    if way == KIT:
        step = wizard.step()
        assert isinstance(step, KitStep)
        step.take(FILE)
        step.code_line().setText(CODE)
        press_on(wizard)
        settle(qtbot)
        choose_passphrase(wizard)
        found = on_the_way(wizard)
        assert names(found) == ["Passphrase", "Once more", "Finish", "English", "100%", "Back"]


def test_a_wrong_file_for_a_kit_is_told_where_it_was_chosen(qtbot: QtBot, wizard: WizardPage, door: Door) -> None:
    """Not after a passphrase was thought of and typed twice."""
    door.no_kit = NotForUs("This file is not for this computer, or it was not copied whole.")
    wizard._on_kit_taken(Path("台账.xlsx"))
    step = wizard.step()
    assert isinstance(step, KitStep)
    step.code_line().setText(CODE)
    press_on(wizard)
    settle(qtbot)
    assert wizard.step() is step
    assert "This file is not for this computer" in step.findChildren(Strip)[-1].accessibleName()
    assert step.code() == CODE
    assert step.action().label() == "Next"
    door.no_kit = None
    step.take(FILE)
    press_on(wizard)
    settle(qtbot)
    choose_passphrase(wizard)


@pytest.fixture
def sheet(qtbot: QtBot, wizard: WizardPage) -> RecoveryStep:
    wizard._show_recovery(Recovery(CODE, b"sealed"), GOOD)
    settle(qtbot)
    step = wizard.step()
    assert isinstance(step, RecoveryStep)
    return step


def test_every_button_of_the_sheet_has_a_key_and_it_works_while_the_code_is_typed(
    qtbot: QtBot, sheet: RecoveryStep, tmp_path: Path
) -> None:
    buttons = {one.label(): one for one in sheet.findChildren(Button) if one.isVisible()}
    assert {label: one.key() for label, one in buttons.items()} == {
        "Print the sheet": "Ctrl P", "Save as PDF": "Ctrl D", "Save the key file": "Ctrl S",
        "Try it later": "Alt L", "Try it and start": "Enter",
    }  # fmt: skip
    assert buttons["Print the sheet"].hasFocus(), "it comes first, before there is anything to try"
    sheet.card.save_to(tmp_path / "recovery.age")
    qtbot.waitUntil(sheet.later_button.isEnabled)
    sheet.fields.line.setFocus()
    pressed: list[str] = []
    for one in (buttons["Print the sheet"], buttons["Save as PDF"], buttons["Save the key file"], sheet.later_button):
        one.clicked.disconnect()
        one.clicked.connect(lambda _=False, one=one: pressed.append(one.label()))
    for key, modifier in (("P", "Control"), ("D", "Control"), ("S", "Control"), ("L", "Alt")):
        held = Qt.KeyboardModifier[f"{modifier}Modifier"]
        QTest.keyClick(sheet.fields.line, Qt.Key[f"Key_{key}"], held)
    assert pressed == ["Print the sheet", "Save as PDF", "Save the key file", "Try it later"]


def test_the_way_back_names_its_key(wizard: WizardPage) -> None:
    wizard.start_step.choice(KIT).click()
    (back,) = (one for one in wizard.step().findChildren(Button) if one.label() == "Back")
    assert back.key() == "Esc"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "Too short: take four words, or ten signs"),
        ("1234567890", "Easy to guess: one word more makes it harder"),
        (GOOD, "Strong"),
    ],
)
def test_a_weak_passphrase_is_told_what_would_do(typed: str, said: str) -> None:
    assert judge(typed).words == said


@pytest.mark.parametrize("scale", [1.25, 1.5])
def test_the_three_ways_and_their_title_are_seen_at_once_on_a_small_screen(
    qtbot: QtBot, door: Door, tmp_path: Path, dressed: Look, each_language: str, scale: float
) -> None:
    del each_language
    dressed.use(scale=scale)
    page = WizardPage(door, tmp_path, MORNING)
    qtbot.addWidget(page)
    page.resize(1366, 728)  # of 768, less the bar of tasks
    page.show()
    page.setFocus()
    settle(qtbot)
    (area,) = page.findChildren(QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    assert clipped(page) == []
    title = next(one for one in page.start_step.findChildren(Text) if one.isVisible())
    assert title.visibleRegion().boundingRect() == title.rect()
    assert cast("Any", page.start_step.choice(KIT)).hasFocus()


@pytest.mark.parametrize("helped", [True, False])
def test_the_way_past_a_forgotten_passphrase_names_its_key(qtbot: QtBot, helped: bool) -> None:
    page = UnlockPage(lambda _: None, MORNING, Greeting("", helped=helped))
    qtbot.addWidget(page)
    page.show()
    (way,) = (one for one in page.findChildren(Button) if one.isVisible() and one.label().startswith("Forgotten it?"))
    assert way.key() == "Alt F"
    assert clipped(page) == []
