"""Settings as a person uses them: each choice holds at once, keys to compare, versions, the log."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QFrame, QMessageBox, QPushButton, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.about import ingredients
from gridworker.app.files import bug_log
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.gui.habits import habits
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Shell
from gridworker.gui.pages.settings import SettingsPage
from gridworker.gui.preferences import Preferences
from gridworker.gui.shortcuts import bind, listed
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.headers import Roomy
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.text import Text
from tests.circle import Circle
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the preferences are kept in this test."""
    path = tmp_path / "look.json"
    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: path)
    return path


@pytest.fixture
def page(circle: Circle, looks: Path, qtbot: QtBot) -> SettingsPage:
    return opened(circle.office, looks, qtbot)


def opened(workspace: Workspace, looks: Path, qtbot: QtBot) -> SettingsPage:
    Preferences("en", path=looks).save()
    page = SettingsPage(workspace, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    page.refresh({})
    settle(qtbot)
    return page


def chosen(page: SettingsPage, field: str, place: int) -> Preferences:
    """Pick a value with the mouse, and give what the window is told."""
    told: list[Preferences] = []
    page.shell.preferred.connect(told.append)
    card = page.look if field in page.look.settings else page.guard
    button = list(card.settings[field].choice._buttons.values())[place]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return told[-1]


@pytest.mark.parametrize(
    ("field", "place", "value"),
    [
        ("language", 0, "zh_CN"),
        ("scale", 1, 1.25),
        ("mode", 2, "dark"),
        ("lock_minutes", 4, 15),
        ("reveal_once", 1, True),
        ("letters", 1, False),
    ],
)
def test_each_choice_is_told_at_once(page: SettingsPage, field: str, place: int, value: object) -> None:
    assert getattr(chosen(page, field, place), field) == value


def test_the_language_shown_is_the_one_in_use(page: SettingsPage, looks: Path) -> None:
    """The tour of the program shows pages in a language that nobody chose on this computer."""
    Preferences("zh_CN", path=looks).save()
    page.refresh({})
    assert page.look.settings["language"].choice.value() == "1"


def test_what_keys_changed_meanwhile_is_shown_and_kept(page: SettingsPage, looks: Path) -> None:
    Preferences("en", 1.5, lock_minutes=7, path=looks).save()
    page.refresh({})
    assert page.look.settings["scale"].choice.value() == "2"
    assert page.guard.settings["lock_minutes"].choice.value() == "2"  # 5 minutes, the nearest below
    assert chosen(page, "letters", 1).scale == 1.5


def test_text_made_larger_by_keys_is_seen_on_the_page_that_is_open(page: SettingsPage, looks: Path) -> None:
    assert page.look.settings["scale"].choice.value() == "0"
    Preferences("en", 1.25, path=looks).save()  # as the program does
    themes.look().step(1)
    assert page.look.settings["scale"].choice.value() == "1"


def test_the_key_of_the_office_is_there_to_compare(page: SettingsPage, circle: Circle) -> None:
    key = circle.office.exchange.office_key()
    words = " ".join(label.text() for label in page.keys.findChildren(Text))
    assert all(word in words for word in key.words)
    assert len(page.keys.findChildren(KeyPicture)) == 1


def test_a_laptop_shows_its_own_key_too(circle: Circle, looks: Path, qtbot: QtBot) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    page = opened(laptop, looks, qtbot)
    words = " ".join(label.text() for label in page.keys.findChildren(Text))
    for key in (laptop.exchange.office_key(), laptop.exchange.key()):
        assert key.fingerprint in words
        assert all(word in words for word in key.words)
    assert len(page.keys.findChildren(KeyPicture)) == 2


def test_the_office_says_how_many_people_leave_a_laptop(page: SettingsPage, circle: Circle, qtbot: QtBot) -> None:
    assert page.rules.isVisible()
    assert page.rules.cap.choice.value() == str(circle.office.rules.export_cap())
    QTest.mouseClick(page.rules.cap.choice._buttons["100"], Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert circle.office.rules.export_cap() == 100


def test_a_rule_that_was_set_by_command_is_not_shown_as_another(
    page: SettingsPage, circle: Circle, qtbot: QtBot, looks: Path
) -> None:
    circle.office.rules.set_export_cap(250)
    again = opened(circle.office, looks, qtbot)
    shown = [label.text() for label in again.rules.cap.findChildren(Text) if label.isVisible()]
    assert (again.rules.cap.choice.value(), "now: 250" in shown) == ("", True)
    QTest.mouseClick(again.rules.cap.choice._buttons["100"], Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert circle.office.rules.export_cap() == 100
    shown = [label.text() for label in again.rules.cap.findChildren(Text) if label.isVisible()]
    assert not any("now" in words for words in shown)
    del page


def test_a_rule_that_was_refused_is_not_shown_as_if_it_held(
    page: SettingsPage, circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull("The disk is full.")

    said: list[str] = []
    page.shell.problem_met.connect(lambda problem: said.append(str(problem)))
    monkeypatch.setattr(Session, "write", full)
    before = page.rules.cap.choice.value()
    QTest.mouseClick(page.rules.cap.choice._buttons["100"], Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert said == ["The disk is full."]
    assert page.rules.cap.choice.value() == before == str(circle.office.rules.export_cap())


def test_the_office_says_how_much_of_id_numbers_is_kept(page: SettingsPage, circle: Circle, qtbot: QtBot) -> None:
    ids = page.rules.ids.choice
    assert ids.value() == "full"
    for answer, then in (("Cancel", "full"), ("Keep the last four", "short")):
        QTest.mouseClick(ids._buttons["short"], Qt.MouseButton.LeftButton)
        box = page.findChildren(QMessageBox)[-1]
        assert "Nobody can undo it." in box.informativeText()
        assert ids.value() == "full", "nothing is done before it is agreed to"
        (button,) = [one for one in box.findChildren(QPushButton) if one.text() == answer]
        button.click()
        settle(qtbot)
        assert (ids.value(), circle.office.rules.short_ids()) == (then, then == "short")
    with qtbot.waitSignal(page.shell.toast_wanted):
        QTest.mouseClick(ids._buttons["full"], Qt.MouseButton.LeftButton)
    assert not circle.office.rules.short_ids()


def test_keys_and_people_have_their_ways(page: SettingsPage) -> None:
    went: list[str] = []
    page.shell.page_wanted.connect(lambda name, _: went.append(name))
    assert {"passphrase", "peoplehere", "drafts", "recovery"} <= set(page.keys.ways)
    for button in page.keys.ways.values():
        button.click()
    assert went == list(page.keys.ways)


def test_it_says_what_it_is_made_of(page: SettingsPage) -> None:
    words = [label.text() for label in page.about.findChildren(Text)]
    assert words.index("Gridworker") < words.index("Python") < words.index("sqlcipher3")
    assert all(part.version and part.licence for part in ingredients())
    assert [part.name for part in ingredients() if re.search(r"GPL(?!-\d)", part.licence)] == [], "of which version?"


def test_the_log_is_saved_where_it_was_asked_for(
    page: SettingsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    page.shell.problem_met.connect(lambda problem: said.append(str(problem)))
    page.shell.toast_wanted.connect(lambda words, _: said.append(words))
    monkeypatch.setattr(bug_log, "log_file", lambda: tmp_path / "gridworker.log")
    page.about.save_log.click()
    assert said == ["Nothing went wrong yet: there is no log."]
    (tmp_path / "gridworker.log").write_text("ERROR ValueError", "utf-8")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "copy.log"), ""))
    page.about.save_log.click()
    assert said[1:] == ["The log is saved as copy.log."]
    assert (tmp_path / "copy.log").read_text("utf-8") == "ERROR ValueError"
    (tmp_path / "gridworker.log.1").write_text("ERROR KeyError\n", "utf-8")
    page.about.save_log.click()
    assert (tmp_path / "copy.log").read_text("utf-8") == "ERROR KeyError\nERROR ValueError", "what came just before too"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "copy.log"), ""))
    page.about.save_log.click()
    assert said[3].startswith('There is no folder for "copy.log"')


def test_single_letters_are_keys_only_where_they_are_wanted(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    letter, other = bind(widget, "N", lambda: None, "Next"), bind(widget, "Ctrl+K", lambda: None, "Search")
    habits().use(letters=False, reveal_once=False)
    assert (letter.isEnabled(), other.isEnabled()) == (False, True)
    assert [key.label for key in listed(widget)] == ["Search"]
    assert not bind(widget, "D", lambda: None, "Later").isEnabled()
    habits().use(letters=True, reveal_once=False)
    assert letter.isEnabled()


@pytest.mark.usefixtures("each_language", "each_scale")
def test_nothing_is_cut_off_or_without_a_name(circle: Circle, looks: Path, qtbot: QtBot) -> None:
    del looks
    page = SettingsPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)
    assert clipped(page) == []
    assert unnamed(page) == []


@pytest.mark.usefixtures("each_language", "each_scale")
def test_every_card_fits_the_least_window(circle: Circle, looks: Path, qtbot: QtBot) -> None:
    """1180 pixels less the sidebar: where text is large the keys stand below the choices, not out of sight."""
    del looks
    page = SettingsPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1070, 680)
    page.show()
    settle(qtbot)
    for card in page.regions():
        assert card.mapTo(page, card.rect().topRight()).x() < 1070 - 20


def test_no_word_or_button_of_a_head_stands_on_the_hair_under_it(page: SettingsPage, each_scale: float) -> None:
    del each_scale
    found = 0
    for card in page.findChildren(Card):
        head, hair = (item.widget() if (item := card.body.itemAt(place)) else None for place in (0, 1))
        if not isinstance(head, Roomy) or not isinstance(hair, QFrame) or not head.isVisible():
            continue
        parts = [one for one in head.findChildren(QWidget) if one.isVisible()]
        lowest = max(one.mapTo(card, one.rect().bottomLeft()).y() for one in parts)
        assert hair.geometry().top() - lowest > 6
        found += 1
    assert found > 3
