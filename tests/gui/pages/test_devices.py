"""Devices and people as a clerk uses the page: grids, staff, laptops, kits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.pages.devices import DevicesPage
from gridworker.gui.pages.devices.kit import KitDialog
from gridworker.gui.pages.devices.scope import ScopeDialog
from gridworker.gui.shortcuts import listed
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.text import Text
from gridworker.store.health.lives_used import remember_lived
from gridworker.store.log.clock import MAX_INCARNATION
from tests.circle import Circle
from tests.gui.seen import clipped, settle, unnamed
from tests.village import HandClock


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path)
    circle.office.devices.add_grid("第一网格")
    yield circle
    background.wait()
    circle.close()


@pytest.fixture
def page(circle: Circle, qtbot: QtBot) -> DevicesPage:
    page = DevicesPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    qtbot.waitExposed(page)
    settle(qtbot)
    page.focus_first()
    return page


def words(page: DevicesPage) -> str:
    return "\n".join(text.text() for text in page.findChildren(Text))


def test_a_grid_is_added_and_a_second_of_its_name_refused(page: DevicesPage, circle: Circle, qtbot: QtBot) -> None:
    QTest.keyClick(page.laptops, Qt.Key.Key_G)
    dialog = page.findChild(FormDialog)
    assert dialog is not None
    dialog.form.editor("name").set_value("第二网格")
    with qtbot.waitSignal(page.shell.toast_wanted) as told:
        dialog.save.click()
    assert told.args is not None
    assert told.args[0] == "Added."
    settle(qtbot)
    assert [name for _, name in circle.office.devices.grids()] == ["第一网格", "第二网格"]
    assert len(page.grids.rows()) == 2
    page.add_grid()
    again = page.findChildren(FormDialog)[-1]
    again.save.click()
    settle(qtbot)
    assert again.form.fault("name")
    again.form.editor("name").set_value("第二网格")
    again.save.click()
    qtbot.waitUntil(lambda: "already" in again.form.fault("name"))
    assert len(circle.office.devices.grids()) == 2


def test_a_person_without_a_name_is_not_added(page: DevicesPage, circle: Circle, qtbot: QtBot) -> None:
    QTest.keyClick(page.laptops, Qt.Key.Key_P)
    dialog = page.findChild(FormDialog)
    assert dialog is not None
    dialog.save.click()
    settle(qtbot)
    assert dialog.form.fault("name")
    dialog.form.editor("name").set_value("赵海")
    dialog.form.editor("role").set_value("grid_worker")
    dialog.save.click()
    settle(qtbot)
    assert "赵海" in {name for _, name, _ in circle.office.devices.staff()}


def test_a_kit_is_given_out_and_sets_a_laptop_up(page: DevicesPage, circle: Circle, qtbot: QtBot) -> None:
    QTest.keyClick(page.laptops, Qt.Key.Key_K)
    dialog = page.findChild(KitDialog)
    assert dialog is not None
    dialog.submit()
    assert "Whose" in dialog.fault_words.text()
    dialog.worker.setText("周敏")
    assert dialog.grids.values() == [str(circle.office.devices.grids()[0][0])], "the only grid there is"
    dialog.grids.set_values([])
    dialog.submit()
    assert "grid" in dialog.fault_words.text()
    dialog.grids.set_values([str(circle.office.devices.grids()[0][0])])
    dialog.write_to(circle.stick)
    settle(qtbot)
    code = next(
        text.text() for text in dialog.findChildren(Text) if text.accessibleName() == "The code of the device bundle"
    )
    (kit,) = circle.stick.glob("*.gwk")
    laptop = circle.set_up(kit, code, "laptop-1")
    assert laptop.session.store.identity.laptop == 1
    assert page.laptops.rows()[0].title == "周敏"
    dialog.accept()


def test_a_kit_that_cannot_be_written_enrols_nobody_and_a_lost_one_is_given_out_again(
    page: DevicesPage, circle: Circle, qtbot: QtBot
) -> None:
    page.give_kit()
    dialog = page.findChild(KitDialog)
    assert dialog is not None
    dialog.worker.setText("周敏")
    dialog.grids.set_values([str(circle.office.devices.grids()[0][0])])
    dialog.write_to(circle.folder / "gone" / "kit.gwk")
    settle(qtbot)
    assert "Nothing is lost" in dialog.fault_words.text()
    assert page.laptops.rows() == []
    dialog.write_to(circle.stick)
    settle(qtbot)
    (kit,) = circle.stick.glob("*.gwk")
    kit.unlink()
    dialog.accept()
    (row,) = page.laptops.rows()
    page.laptops.row_chosen.emit(row.key)
    assert any(button.text() == "Give it out again" for button in page.findChildren(QPushButton))
    page.give_again(1, circle.stick)
    settle(qtbot)
    assert list(circle.stick.glob("*.gwk"))


def test_a_laptop_that_showed_itself_shows_its_words(circle: Circle, page: DevicesPage, qtbot: QtBot) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    circle.hand_in(laptop)
    page.refresh({})
    settle(qtbot)
    assert laptop.exchange.key().words[0] in words(page)


def test_the_grids_of_a_laptop_are_changed_and_the_change_undone(
    circle: Circle, page: DevicesPage, qtbot: QtBot
) -> None:
    first, second = circle.office.devices.grids()[0][0], circle.office.devices.add_grid("第二网格")
    circle.enrol("周敏", first)
    page.refresh({})
    settle(qtbot)
    (button,) = (one for one in page.findChildren(QPushButton) if one.text() == "Change grids")
    button.click()
    dialog = page.findChild(ScopeDialog)
    assert dialog is not None
    assert list(dialog.grids.values()) == [str(first)]
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    dialog.grids.set_values([])
    dialog.submit()
    assert "at least one" in dialog.fault_words.text()
    dialog.grids.set_values([str(second)])
    dialog.submit()
    settle(qtbot)
    assert circle.office.grids.of(1) == [(second, "第二网格")]
    assert "第二网格" in words(page)
    circle.office.records.undo()
    assert circle.office.grids.of(1) == [(first, "第一网格")]


def test_nothing_is_clipped_or_unnamed(page: DevicesPage, circle: Circle, qtbot: QtBot, each_scale: float) -> None:
    del each_scale
    circle.enrol("周敏", circle.office.devices.grids()[0][0])
    page.refresh({})
    settle(qtbot)
    assert clipped(page) == []
    assert unnamed(page) == []


def test_the_laptop_in_detail_ends_where_the_head_of_the_page_does(page: DevicesPage, qtbot: QtBot) -> None:
    """As the second card of every other page, with the same space between the two."""
    settle(qtbot)
    detail, head = page._detail, page.header
    assert detail.mapTo(page, detail.rect().topRight()).x() == head.mapTo(page, head.rect().topRight()).x()
    lists = page.laptops.parentWidget()
    assert lists is not None
    between = detail.mapTo(page, QPoint(0, 0)).x() - lists.mapTo(page, lists.rect().topRight()).x()
    assert between == 21


def test_a_laptop_is_taken_out_of_use_and_into_it_again(page: DevicesPage, circle: Circle, qtbot: QtBot) -> None:
    grid = circle.office.devices.grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    page.refresh({})
    settle(qtbot)
    assert "agrees with the office" in page.header.findChildren(Text)[1].text()
    (row,) = page.laptops.rows()
    page.laptops.show_rows([row], row.key)
    for label, state in (
        ("Take out of use", "retired"),
        ("Take into use again", "active"),
        ("Lost or stolen", "revoked"),
    ):
        page.laptops.row_chosen.emit(row.key)
        button = next(one for one in page.findChildren(Button) if one.label() == label)
        button.click()
        settle(qtbot)
        assert [one.state for one in circle.office.devices.laptops()] == [state]
    assert not clipped(page)


def test_the_day_a_kit_was_given_out_is_that_of_the_place_and_said_as_people_say_it(
    page: DevicesPage, circle: Circle, qtbot: QtBot
) -> None:
    circle.clock.at = datetime(2026, 3, 17, 16, 30, tzinfo=UTC)  # half past midnight here, on the 18th
    circle.office.devices.issue_kit("周敏", [circle.office.devices.grid("第一网格")], circle.stick)
    page.refresh({})
    settle(qtbot)
    (row,) = page.laptops.rows()
    page.laptops.row_chosen.emit(row.key)
    settle(qtbot)
    assert "Given out on 18 Mar" in words(page)
    assert "2026-03" not in words(page)


def test_a_wrong_clock_is_said_and_corrected(page: DevicesPage, circle: Circle, qtbot: QtBot) -> None:
    circle.clocks["laptop-1"] = HandClock(circle.clock.at + timedelta(days=3 * 365 + 9))
    circle.round(circle.enrol("周敏", circle.office.devices.grid("第一网格")))
    page.refresh({})
    settle(qtbot)
    (row,) = page.laptops.rows()
    page.laptops.row_chosen.emit(row.key)
    assert "3 years ahead" in words(page)
    page.clock.button.click()
    dialog = page.findChild(FormDialog)
    assert dialog is not None
    assert not clipped(dialog)
    dialog.save.click()
    settle(qtbot)
    ((_, values),) = circle.office.clocks.corrections(1)
    assert (values["until"], values["seconds"]) == (None, -circle.office.clocks.off()[1].seconds)
    assert not clipped(page)


def test_a_clock_that_was_set_right_is_to_be_corrected_and_not_to_be_set(
    page: DevicesPage, circle: Circle, qtbot: QtBot
) -> None:
    circle.clocks["laptop-1"] = HandClock(circle.clock.at + timedelta(days=3 * 365 + 9))
    laptop = circle.enrol("周敏", circle.office.devices.grid("第一网格"))
    circle.round(laptop)
    circle.clocks["laptop-1"].at = circle.clock.at
    circle.hand_in(laptop)
    page.refresh({})
    settle(qtbot)
    (row,) = page.laptops.rows()
    page.laptops.row_chosen.emit(row.key)
    assert "Its clock was 3 years ahead and is right now." in words(page)
    assert "set right" not in words(page)


def test_a_laptop_that_was_put_back_too_often_needs_another_number(
    page: DevicesPage, circle: Circle, qtbot: QtBot
) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    with laptop.session.store.settings() as settings:
        remember_lived(settings, range(MAX_INCARNATION - 2))
    circle.hand_in(laptop)
    page.refresh({})
    settle(qtbot)
    assert any("3 more times" in text.text() for text in page.findChildren(Text))


def keys_on(page: DevicesPage) -> dict[str, str]:
    return {one.label(): one.key() for one in page.findChildren(Button) if one.isVisible()}


def test_every_button_shows_a_key_that_presses_it_and_f1_lists_those_there_are(
    page: DevicesPage, circle: Circle, qtbot: QtBot
) -> None:
    listed_keys = [key.keys for key in listed(page)]
    assert not {"C", "R", "U", "L", "W", "Z"} & set(listed_keys), "no laptop is shown, no folder watched"
    grid = circle.office.devices.grids()[0][0]
    circle.enrol("周敏", grid)
    page.refresh({})
    settle(qtbot)
    page.laptops.setCurrentIndex(page.laptops.model().index(0, 0))
    settle(qtbot)
    on = keys_on(page)
    assert all(on.values()), on
    assert len(set(on.values())) == len(on), "no key twice"
    assert on["Lost or stolen"] == "L"
    assert {"C", "R", "U", "L"} <= {key.keys for key in listed(page)}
    QTest.keyClick(page.laptops, Qt.Key.Key_C)
    (dialog,) = (one for one in page.findChildren(ScopeDialog) if one.isVisible())
    dialog.reject()
    settle(qtbot)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.focus_first()
    QTest.keyClick(page.laptops, Qt.Key.Key_U)
    settle(qtbot)
    assert keys_on(page)["Take into use again"] == "U"
    QTest.keyClick(page.laptops, Qt.Key.Key_L)
    settle(qtbot)
    assert [one.state for one in circle.office.devices.laptops()] == ["retired"], "nothing says so any more"
    QTest.keyClick(page.laptops, Qt.Key.Key_U)
    settle(qtbot)
    assert [one.state for one in circle.office.devices.laptops()] == ["active"]


def test_the_keys_of_the_shared_folder_press_what_is_shown(
    page: DevicesPage, circle: Circle, qtbot: QtBot, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    page.shared.watch(shared)
    settle(qtbot)
    assert {"Look now": "W", "Stop": "Z", "Choose a folder": "S"}.items() <= keys_on(page).items()
    QTest.keyClick(page.laptops, Qt.Key.Key_Z)
    settle(qtbot)
    assert circle.office.watched.folder is None
    assert "Stop" not in keys_on(page)
