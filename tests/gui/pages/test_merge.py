"""The merge inbox as a clerk uses it: bundles in, conflicts settled by keys, replies out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.access.audit import Filter
from gridworker.errors import Problem
from gridworker.gui import messages
from gridworker.gui.messages import Question
from gridworker.gui.page import Shell, Undo
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.merge.deciding import Deciding
from gridworker.gui.pages.merge.inbox import EARLIER, LOOSE
from gridworker.gui.shortcuts import listed
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.rows import Row, Section
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.gui.widgets.text import Text
from tests.app.test_gate import act_as
from tests.circle import Circle, Family, made_visit, phones, write_ahead
from tests.gui.seen import clipped, only, settle, unnamed
from tests.signing import device_of, lie


@pytest.fixture
def family(circle: Circle) -> Family:
    """A household that the office and a laptop both changed; the laptop is number 1."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    circle.enrol("周敏", grid)
    return family


@pytest.fixture
def bundle(circle: Circle, family: Family) -> Path:
    """A bundle whose resident stands against the office's in two fields."""
    laptop = circle.opened["laptop-1"]
    laptop.records.save("resident", {"phones": "13800000124", "name": "陈桂芳"}, family.resident)
    made_visit(laptop, family.household)
    circle.clock.move(minutes=5)
    circle.office.records.save("resident", {"phones": "13800000142", "name": "陈桂方"}, family.resident)
    circle.office.records.save("resident", {"phones": "13800000143"}, family.resident)
    return laptop.exchange.pack(circle.stick)


@pytest.fixture
def page(circle: Circle, family: Family, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MergePage:
    """The page with nothing plugged in."""
    del family
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    return shown(circle, qtbot)


def shown(circle: Circle, qtbot: QtBot) -> MergePage:
    page = MergePage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    qtbot.waitExposed(page)
    settle(qtbot)
    page.focus_first()
    return page


def rows(page: MergePage) -> list[Row]:
    return page.inbox.list.rows()


def test_an_empty_inbox_says_what_to_do(page: MergePage) -> None:
    assert rows(page) == []
    assert page.state.isVisibleTo(page)
    assert "No bundle has come yet." in page.state.accessibleName(), "there is a laptop, and it brought nothing so far"


def test_a_new_office_is_led_to_its_first_laptop(circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    page = shown(circle, qtbot)
    assert page.state.isVisibleTo(page)
    assert page.state.accessibleName().startswith("First set up a laptop.")
    with qtbot.waitSignal(page.shell.page_wanted) as wanted:
        page.state.button.click()
    assert wanted.args == ["devices", None]
    grid = circle.office.devices.add_grid("第一网格")
    circle.enrol("周敏", grid)
    page.refresh({})
    settle(qtbot)
    assert "No bundle has come yet." in page.state.accessibleName()


def test_a_clean_bundle_is_merged_at_once(page: MergePage, circle: Circle, family: Family, qtbot: QtBot) -> None:
    laptop = circle.opened["laptop-1"]
    made_visit(laptop, family.household)
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    (row,) = rows(page)
    assert row.title == "周敏"
    assert "1 record" in row.subtitle
    assert page.deciding() is None
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    page.inbox.list.choose(rows(page)[0].key)
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert "Only a receipt, or a part of photos." in shown


def test_job_5_settles_a_conflict_with_one_key_a_field_and_enter(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    page.take_in([bundle])
    settle(qtbot)
    (row,) = rows(page)
    assert row.right_chip is not None
    assert row.right_chip.text == "1 conflict"
    deciding = page.deciding()
    assert deciding is not None
    assert {one.name for one in deciding.fields} == {"name", "phones"}
    shown_phones = next(one for one in deciding.fields if one.name == "phones").sides
    assert {side.shown for side in shown_phones} == {"138****0124", "138****0143"}
    order = [one.name for one in deciding.fields]
    target = page.inbox.list
    for name in order:
        QTest.keyClick(target, Qt.Key.Key_B if name == "phones" else Qt.Key.Key_A)
    assert deciding.left() == 0
    QTest.keyClick(target, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: circle.office.merge.count() == 0, timeout=5000)
    assert phones(circle.office, family.resident) == "13800000124"
    assert circle.office.records.show("resident", family.resident).values["name"] == "陈桂方"
    settle(qtbot)
    assert page.deciding() is None
    told = [one.change for one in circle.office.households.file(family.household).moments if one.change]
    assert ("138****0143", "138****0124") in told, "the file says what the decision put aside"
    assert all(before != after for before, after in told)


def test_what_came_and_needs_somebody_is_chosen_at_once(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    other = circle.enrol("赵海", circle.office.devices.grid("第一网格"))
    page.take_in([other.exchange.pack(circle.stick)])
    settle(qtbot)
    assert page.deciding() is None
    page.take_in([bundle])
    settle(qtbot)
    assert page.deciding() is not None, "the keys that decide are at work"


def test_after_files_were_chosen_by_key_the_keys_decide(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    """Enter on the place for files asked for more of them, with the decision made and not saved."""
    asked: list[object] = []
    page.inbox.files_wanted.connect(lambda: asked.append("files"))
    page.inbox.zone.setFocus()
    page.take_in([bundle])
    settle(qtbot)
    assert "1 bundle today, 0 merged" in [one.text() for one in page.findChildren(QLabel)]
    for key in (Qt.Key.Key_B, Qt.Key.Key_B, Qt.Key.Key_Return):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
    settle(qtbot)
    assert asked == []
    assert phones(circle.office, family.resident) == "13800000124"
    said = [one.text() for one in page.findChildren(QLabel)]
    assert "1 bundle today, 1 merged" in said, "what a person settled was not merged by itself"


def test_a_conflict_says_at_which_door_and_about_whom(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    laptop.records.save("household", {"remark": "门铃坏了"}, family.household)
    circle.office.records.save("household", {"remark": "敲门要久"}, family.household)
    page.take_in([bundle, laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    titles = []
    for _ in page.inbox.list.rows():
        titles.append(page.detail.conflict.title.text())
        QTest.keyClick(page.inbox.list, Qt.Key.Key_Down)
    assert sorted(titles) == ["3栋1单元101 陈桂方: both sides changed it"] * 2


def test_who_does_not_decide_is_shown_both_sides_and_offered_no_choice(
    circle: Circle, bundle: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    circle.office.exchange.merge(bundle)
    act_as(circle.office.session, "branch_secretary")
    page = shown(circle, qtbot)
    card = page.detail.conflict
    assert card.isVisible()
    assert any(one.text() == "The community office decides." and one.isVisible() for one in card.findChildren(Text))
    QTest.keyClick(page, Qt.Key.Key_A)
    QTest.mouseClick(card.cards["name"][0], Qt.MouseButton.LeftButton)
    assert deciding_of(page).picked == {}
    assert not card.settle.isVisible()
    assert not {"A", "Space", "Return"} & {key.keys for key in listed(page)}


def test_what_was_settled_is_back_on_the_list_with_one_key(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    page.take_in([bundle])
    settle(qtbot)
    (waiting,) = circle.office.merge.conflicts()
    with qtbot.waitSignal(page.shell.toast_wanted) as said:
        page.inbox.list.setFocus()
        for name in [one.name for one in deciding_of(page).fields]:
            QTest.keyClick(page.inbox.list, Qt.Key.Key_B if name == "phones" else Qt.Key.Key_A)
        QTest.keyClick(page.inbox.list, Qt.Key.Key_Return)
    settle(qtbot)
    assert page.deciding() is None
    words, undo = said.args
    assert words == f"Settled: {waiting.title}. The other side stays in the history."
    community = circle.office.records.page("community")[0]
    circle.office.records.save("community", {"name": "柳河社区"}, community.id)
    undo.run()
    settle(qtbot)
    assert circle.office.merge.conflicts() == [waiting]
    assert circle.office.records.show("community", community.id).values["name"] == "柳河社区", "that stands"
    assert deciding_of(page).conflict == waiting


def deciding_of(page: MergePage) -> Deciding:
    found = page.deciding()
    assert found is not None
    return found


def test_space_keeps_both_numbers(page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot) -> None:
    page.take_in([bundle])
    settle(qtbot)
    deciding = page.deciding()
    assert deciding is not None
    for one in deciding.fields:
        QTest.keyClick(page.inbox.list, Qt.Key.Key_Space if one.can_keep_both else Qt.Key.Key_A)
    QTest.keyClick(page.inbox.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: circle.office.merge.count() == 0, timeout=5000)
    assert set(str(phones(circle.office, family.resident)).split()) == {"13800000124", "13800000143"}


def test_numbers_are_masked_until_the_eye_is_held(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    del family
    page.take_in([bundle])
    settle(qtbot)
    card = page.detail.conflict

    def shown() -> str:
        return " ".join(one.accessibleName() for one in card.cards["phones"])

    (eye,) = card.findChildren(MaskedValue)
    assert "13800000124" not in shown()
    eye.show_value()
    settle(qtbot)
    assert "13800000124" in shown()
    assert "13800000143" in shown()
    eye.hide_value()
    assert "13800000124" not in shown()
    assert len(circle.office.audit.here(Filter(actions=("reveal",)))) == 1
    deciding = deciding_of(page)
    deciding.current = [one.name for one in deciding.fields].index("phones")
    page.edit()
    assert len(circle.office.audit.here(Filter(actions=("reveal",)))) == 2
    (form,) = page.findChildren(FormDialog)
    form.reject()


def test_an_open_field_holds_enter_back(page: MergePage, circle: Circle, bundle: Path, qtbot: QtBot) -> None:
    page.take_in([bundle])
    settle(qtbot)
    QTest.keyClick(page.inbox.list, Qt.Key.Key_A)
    QTest.keyClick(page.inbox.list, Qt.Key.Key_Return)
    settle(qtbot)
    assert circle.office.merge.count() == 1
    assert page.detail.conflict.settle.label() == "1 field still open"


def test_a_card_is_pressed_and_a_typed_value_used(
    page: MergePage, circle: Circle, family: Family, bundle: Path, qtbot: QtBot
) -> None:
    page.take_in([bundle])
    settle(qtbot)
    deciding = page.deciding()
    assert deciding is not None
    page.detail.conflict.cards["phones"][0].click()
    deciding.write("name", "陈桂芬")
    page.detail.conflict.decided()
    page.detail.conflict.settle.click()
    qtbot.waitUntil(lambda: circle.office.merge.count() == 0, timeout=5000)
    assert circle.office.records.show("resident", family.resident).values["name"] == "陈桂芬"
    assert phones(circle.office, family.resident) == "13800000143"


def test_what_is_no_bundle_is_listed_with_its_reason(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    bad = circle.stick / "01-2-00000000.gwb"
    bad.write_bytes(b"nothing of ours")
    page.take_in([bad])
    settle(qtbot)
    (row,) = rows(page)
    assert row.right_chip is not None
    assert row.right_chip.text == "Not merged"
    assert circle.office.exchange.trips() == []


def test_what_came_of_a_newer_version_is_said(page: MergePage, circle: Circle, family: Family, qtbot: QtBot) -> None:
    laptop = circle.opened["laptop-1"]
    write_ahead(laptop, family.resident)
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    strip = only(page.detail, Strip)
    assert any(text.text().startswith("3 entries of a newer version") for text in strip.findChildren(Text))
    assert clipped(page) == []


def test_what_a_laptop_merely_says_is_said(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    """The first time it is believed, and the office begins anew; then it is shown."""
    laptop = circle.opened["laptop-1"]
    for digit in "ab":
        path = lie(laptop, circle.stick / "lie.gwb", [], recipient=device_of(circle.office), got=(digit * 64,))
        if digit == "a":
            circle.office.exchange.merge(path)
    page.take_in([path])
    settle(qtbot)
    strip = only(page.detail, Strip)
    assert any(text.text().startswith("This laptop says it had more") for text in strip.findChildren(Text))
    said = next(one.text() for one in page.detail.findChildren(Text) if one.text().endswith("never came"))
    assert said.count(",") <= 7, "of hundreds that never came the first are named"
    assert clipped(page) == []


def test_a_bundle_is_taken_back(page: MergePage, circle: Circle, family: Family, qtbot: QtBot) -> None:
    laptop = circle.opened["laptop-1"]
    laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    assert phones(circle.office, family.resident) == "13800000009"
    page.detail.take_back_wanted.emit(circle.office.exchange.trips()[0].batch)
    settle(qtbot)
    assert phones(circle.office, family.resident) == "13800000142"
    (row,) = page.inbox.list.rows()
    assert row.right_chip is not None
    assert row.right_chip.text == "Taken back"
    with qtbot.waitSignal(page.shell.toast_wanted) as said:
        page.take_in(list(circle.stick.glob("01-*.gwb")))
    assert "It was taken back: " in said.args[0]
    settle(qtbot)
    back = next(one for one in page.detail.findChildren(Button) if one.label() == "Bring this bundle back")
    assert not clipped(page)
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert phones(circle.office, family.resident) == "13800000009"
    assert any(one.label() == "Take this bundle back" for one in page.detail.findChildren(Button))


def test_what_the_office_uses_of_a_bundle_stays_and_the_page_says_so(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    dwelling = laptop.records.save("dwelling", {"building_id": family.building, "room_no": "102"}).id
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    circle.office.records.save("household", {"dwelling_id": dwelling}, family.household)
    with qtbot.waitSignal(page.shell.toast_wanted) as said:
        page.detail.take_back_wanted.emit(circle.office.exchange.trips()[0].batch)
    assert said.args[0] == "Taken back. What was changed or used since stays: 1."
    settle(qtbot)
    assert circle.office.records.show("dwelling", dwelling).values["room_no"] == "102"


def test_replies_go_to_everybody_on_one_key(
    page: MergePage, circle: Circle, bundle: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    del monkeypatch
    from gridworker.gui.watching.drives import Drive

    circle.office.exchange.merge(bundle)
    page._on_drives([Drive(circle.stick, "KINGSTON", 1)])
    settle(qtbot)
    with qtbot.waitSignal(page.shell.toast_wanted, timeout=5000) as toast:
        QTest.keyClick(page.inbox.list, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert toast.args is not None
    assert toast.args[0] == "1 reply written and read back."
    (reply,) = circle.stick.glob("00-*.gwb")
    assert circle.opened["laptop-1"].exchange.merge(reply).trip


def test_replies_before_any_bundle_say_whom_they_wait_for(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.shell.toast_wanted, timeout=5000) as toast:
        page.replies.write(circle.stick)
    assert toast.args is not None
    assert toast.args[0] == "No laptop to answer yet. Take in a first bundle of each, then reply."


def test_a_stick_with_bundles_is_merged_by_itself(page: MergePage, circle: Circle, bundle: Path, qtbot: QtBot) -> None:
    from gridworker.gui.watching.drives import Drive

    page._on_drives([Drive(circle.stick, "KINGSTON", 1)])
    settle(qtbot)
    assert circle.office.exchange.trips()[0].file == bundle.name


def test_nothing_is_clipped_or_unnamed(
    circle: Circle, bundle: Path, qtbot: QtBot, each_scale: float, each_language: str
) -> None:
    del each_scale, each_language
    circle.office.exchange.merge(bundle)
    page = shown(circle, qtbot)
    assert clipped(page) == []
    assert unnamed(page) == []
    assert LOOSE not in {row.key for row in rows(page)}


def test_any_number_of_sides_stand_against_each_other(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    """A key stands only beside a side that it keeps; the sides without one are picked by pointing, within the page."""
    grid = circle.office.devices.grids()[0][0]
    laptops = [circle.opened["laptop-1"], *(circle.enrol(f"员{number}", grid) for number in range(7))]
    for number, laptop in enumerate(laptops):
        laptop.records.save("resident", {"name": f"陈{number}"}, family.resident)
        circle.clock.move(minutes=1)
    page.take_in([laptop.exchange.pack(circle.stick) for laptop in laptops])
    settle(qtbot)
    card, deciding = page.detail.conflict, deciding_of(page)
    assert card.title.text().endswith("8 sides changed it")
    assert {one.text() for one in card.findChildren(KeyCap)} == {"A", "B", "C", "D", "F", "G"}
    sides = card.cards["name"]
    assert len(sides) == 8
    edges = [one.mapTo(card, one.rect().topRight()).x() for one in sides]
    assert max(edges) < card.width()
    assert clipped(page) == []
    assert unnamed(page) == []
    for key, side in (("D", 3), ("F", 4), ("G", 5)):
        QTest.keyClicks(page.inbox.list, key)
        assert deciding.picked["name"] == {side}
    assert page.findChildren(FormDialog) == []
    card.cards["name"][7].click()
    page.settle()
    settle(qtbot)
    assert circle.office.records.show("resident", family.resident).values["name"] == "陈7"


def test_no_side_runs_off_the_page(circle: Circle, bundle: Path, qtbot: QtBot, each_scale: float) -> None:
    del each_scale
    circle.office.exchange.merge(bundle)
    page = shown(circle, qtbot)
    card, two, width = page.detail.conflict, deciding_of(page), page.width()
    for count in (2, 3, 4):
        many = [replace(one, sides=(one.sides * 2)[:count]) for one in two.conflict.fields]
        card.show_conflict(Deciding(replace(two.conflict, fields=tuple(many))), (1, 1))
        settle(qtbot)
        assert page.width() == width, "nor does the page have to grow for it"
        room = card.sides.viewport()
        inside = [one for one in room.findChildren(QWidget) if one.isVisible()]
        assert all(one.mapTo(room, one.rect().topRight()).x() <= room.width() for one in inside)
        assert clipped(card) == []


def test_after_a_conflict_of_many_sides_two_stand_as_wide_as_ever(
    page: MergePage, circle: Circle, bundle: Path, qtbot: QtBot
) -> None:
    page.take_in([bundle])
    settle(qtbot)
    card, two = page.detail.conflict, deciding_of(page)
    before = card.cards["phones"][0].width()
    many = [replace(one, sides=one.sides * 3) for one in two.conflict.fields]
    card.show_conflict(Deciding(replace(two.conflict, fields=tuple(many))), (1, 1))
    assert len(card.cards["phones"]) == 6
    card.show_conflict(two, (1, 1))
    settle(qtbot)
    assert card.cards["phones"][0].width() == before


@pytest.fixture
def aside(circle: Circle, family: Family) -> Path:
    """A bundle of a laptop that was revoked: all of it waits for the office's word."""
    laptop = circle.opened["laptop-1"]
    circle.hand_in(laptop)
    circle.office.devices.revoke(1)
    laptop.records.save("resident", {"phones": "13800000124"}, family.resident)
    made_visit(laptop, family.household)
    return laptop.exchange.pack(circle.stick)


def test_what_was_set_aside_is_accepted_or_not(
    page: MergePage, circle: Circle, family: Family, aside: Path, qtbot: QtBot
) -> None:
    page.take_in([aside])
    settle(qtbot)
    card = page.detail.aside
    assert card.isVisibleTo(page)
    titles = {row.title for row in card.list.rows()}
    assert titles == {"From a laptop that was lost or stolen"}
    chips = [row.right_chip.text for row in rows(page) if row.right_chip]
    count = len(card.list.rows())
    assert f"{count} set aside" in chips
    phone = next(row for row in card.list.rows() if "138" in row.subtitle)
    assert "13800000124" not in phone.subtitle
    card.list.show_rows(card.list.rows(), phone.key)
    card.list.row_chosen.emit(phone.key)
    QTest.mouseClick(card.accept, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert phones(circle.office, family.resident) == "13800000124"
    assert len(card.list.rows()) == count - 1
    QTest.mouseClick(card.refuse_all, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert circle.office.asides.waiting() == []
    assert not card.isVisibleTo(page)
    assert not clipped(page)
    assert not unnamed(page)


def test_while_what_was_set_aside_is_read_grey_rows_stand_there_and_no_advice(
    circle: Circle, aside: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    circle.office.exchange.merge(aside)
    page = MergePage(circle.office, Shell())
    qtbot.addWidget(page)
    page.show()
    assert isinstance(page._right.currentWidget(), LoadingPanel)
    settle(qtbot)
    assert page.detail.aside.isVisibleTo(page)


def test_nothing_more_is_decided_while_a_word_on_what_was_set_aside_is_carried_out(
    page: MergePage, circle: Circle, aside: Path, qtbot: QtBot
) -> None:
    page.take_in([aside])
    settle(qtbot)
    card = page.detail.aside
    count = len(card.list.rows())
    QTest.mouseClick(card.refuse, Qt.MouseButton.LeftButton)
    assert "Working through them" in [one.text() for one in card.findChildren(QLabel) if one.isVisibleTo(page)]
    assert not any(one.isEnabled() for one in (card.accept, card.refuse, card.accept_all, card.refuse_all))
    card.rule(accept=False)
    settle(qtbot)
    assert len(card.list.rows()) == count - 1, "the second word was not given"
    assert card.refuse.isEnabled()
    assert not card.more.isVisibleTo(page)


def test_what_was_set_aside_is_decided_by_keys_and_each_decision_can_be_changed(
    page: MergePage, circle: Circle, family: Family, aside: Path, qtbot: QtBot
) -> None:
    said: list[tuple[str, Undo | None]] = []
    page.shell.toast_wanted.connect(lambda words, undo: said.append((words, undo)))
    page.take_in([aside])
    settle(qtbot)
    card, office = page.detail.aside, circle.office
    phone = next(row for row in card.list.rows() if "138" in row.subtitle)
    assert phone.subtitle == "Changed: 3栋1单元101 陈建国·Phone → 138****0124·周敏, today 09:42"
    card.list.choose(phone.key)
    assert card.meaning.isVisibleTo(page)
    assert card.meaning.accessibleName().startswith("Laptop and key may be in other hands.")
    QTest.keyClick(page.inbox.list, Qt.Key.Key_X)
    settle(qtbot)
    assert phone.key not in {row.key for row in card.list.rows()}
    assert phones(office, family.resident) == "13800000142"
    words, undo = said[-1]
    assert (words, undo and undo.label) == ("Not accepted. It stays in the history.", "Accept after all")
    assert undo is not None
    undo.run()
    settle(qtbot)
    assert phones(office, family.resident) == "13800000124"
    words, undo = said[-1]
    assert (words, undo and undo.label) == ("Accepted.", "")
    assert undo is not None
    undo.run()
    settle(qtbot)
    assert phones(office, family.resident) == "13800000142"
    left = office.asides.waiting()
    QTest.keyClick(page.inbox.list, Qt.Key.Key_Y)
    settle(qtbot)
    assert len(office.asides.waiting()) < len(left)
    assert said[-1][0] == "Accepted."


def test_an_inbox_that_cannot_be_read_says_so_and_reads_again(
    page: MergePage, circle: Circle, aside: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.take_in([aside])
    settle(qtbot)

    def broken() -> None:
        raise Problem("The disk does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(circle.office.asides, "lots", broken)
        page.refresh({})
        settle(qtbot)
    (panel,) = [one for one in page.findChildren(StatePanel) if one.isVisible()]
    assert panel.accessibleName().startswith("What came cannot be read just now. The disk does not answer.")
    panel.button.click()
    settle(qtbot)
    assert page.detail.aside.isVisible()


def test_what_lies_in_what_was_refused_is_asked_about(
    page: MergePage, circle: Circle, aside: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the visit and a change of it wait; the visit was not accepted."""
    laptop, office = circle.opened["laptop-1"], circle.office
    visit = laptop.records.page("visit")[-1].id
    laptop.records.save("visit", {"outcome": "nobody_home"}, visit)
    page.take_in([aside, laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    of_visit = {one.what: one for one in office.asides.waiting() if one.record == visit}
    office.asides.refuse([of_visit["create"].id])
    asked: list[tuple[Question, Callable[[], object]]] = []
    monkeypatch.setattr(messages, "ask", lambda _page, question, agreed: asked.append((question, agreed)))
    page.words.judge([of_visit["edit"]], True)
    settle(qtbot)
    ((question, agreed),) = asked
    assert question.text.startswith("This needs what was not accepted before: Visit")
    assert office.asides.waiting() != []
    agreed()
    settle(qtbot)
    assert office.records.show("visit", visit).values["outcome"] == "nobody_home"


def test_of_very_much_that_was_set_aside_the_first_is_listed(
    page: MergePage, circle: Circle, aside: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.merge.found.SHOWN", 1)
    page.take_in([aside])
    settle(qtbot)
    card, count = page.detail.aside, len(circle.office.asides.waiting())
    assert count > len(card.list.rows()) == 1
    assert card.more.isVisibleTo(page)
    assert card.more.text() == f"Listed: the first 1 of {count}"
    assert f"{count} set aside" in {row.right_chip.text for row in rows(page) if row.right_chip}
    assert not clipped(page)
    QTest.mouseClick(card.refuse_all, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert circle.office.asides.waiting() == []
    assert not card.isVisibleTo(page)


def test_what_was_set_aside_stays_within_reach_however_many_bundles_come(
    page: MergePage, circle: Circle, family: Family, aside: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of bundles ends somewhere; what waits for the office's word does not."""
    arrivals = circle.office.merge.arrivals
    monkeypatch.setattr(circle.office.merge, "arrivals", lambda: arrivals(limit=1))
    other = circle.enrol("赵海", circle.office.devices.grids()[0][0])
    page.take_in([aside, other.exchange.pack(circle.stick)])
    settle(qtbot)
    earlier = next(row for row in rows(page) if row.key == EARLIER)
    count = len(circle.office.asides.waiting())
    assert earlier.right_chip is not None
    assert earlier.right_chip.text == f"{count} set aside"
    page.inbox.list.show_rows(rows(page), EARLIER)
    page.inbox.list.row_chosen.emit(EARLIER)
    card = page.detail.aside
    assert card.isVisibleTo(page)
    assert page.deciding() is None
    assert len(card.list.rows()) == count
    assert clipped(page) == []
    assert unnamed(page) == []
    QTest.mouseClick(card.accept_all, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert phones(circle.office, family.resident) == "13800000124"
    assert circle.office.asides.waiting() == []
    assert EARLIER not in {row.key for row in rows(page)}


def test_a_change_of_what_is_erased_is_said(page: MergePage, circle: Circle, family: Family, qtbot: QtBot) -> None:
    circle.office.records.save("household", {"head_id": None}, family.household)
    circle.office.erasing.erase("resident", family.resident)
    laptop = circle.opened["laptop-1"]
    laptop.records.save("resident", {"phones": "13800000124"}, family.resident)
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    (strip,) = [one for one in page.detail.findChildren(Strip) if not one.isHidden()]
    assert any(text.text().startswith("1 record came changed that is erased here") for text in strip.findChildren(Text))


def test_what_comes_late_about_who_is_erased_is_said_and_is_nothing_new(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    circle.office.records.save("household", {"head_id": None}, family.household)
    circle.office.erasing.erase("household", family.household)
    laptop = circle.opened["laptop-1"]
    made_visit(laptop, family.household)
    page.take_in([laptop.exchange.pack(circle.stick)])
    settle(qtbot)
    (strip,) = [one for one in page.detail.findChildren(Strip) if not one.isHidden()]
    assert any(text.text().startswith("1 new record came about somebody") for text in strip.findChildren(Text))
    assert rows(page)[0].subtitle.endswith("0 records")


def test_what_is_for_another_computer_waits_for_nobody_and_can_be_taken_off_the_list(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    circle.hand_in(circle.opened["laptop-1"])
    reply = circle.office.exchange.pack(circle.stick, 1)
    page.take_in([reply])
    settle(qtbot)
    assert sections(page) == ["Merged", "Left where they are"], "and nothing that needs somebody"
    page.inbox.list.choose(("refused", reply.name))
    settle(qtbot)
    (panel,) = [one for one in page.findChildren(StatePanel) if one.isVisibleTo(page)]
    said = panel.accessibleName()
    assert said.startswith("The office wrote this bundle for laptop 1: leave it where it is")
    assert said.endswith(f"{reply.name} was not touched. If nobody waits for it any more, delete it where it lies.")
    assert clipped(panel) == []
    panel.button.click()
    settle(qtbot)
    assert sections(page) == ["Merged"]
    assert reply.exists()


def test_what_nobody_waits_for_is_off_the_list_when_the_page_is_opened_again(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    circle.hand_in(laptop)
    reply = circle.office.exchange.pack(circle.stick, 1)
    made_visit(laptop, family.household)
    half = laptop.exchange.pack(circle.stick)
    half.write_bytes(half.read_bytes()[:-9])
    page.take_in([reply, half])
    settle(qtbot)
    assert sections(page) == ["Needs you", "Merged", "Left where they are"]
    page.refresh({})
    settle(qtbot)
    assert sections(page) == ["Needs you", "Merged", "Left where they are"], "it is read while the page is open"
    page.leave()
    assert sections(page) == ["Needs you", "Merged"]
    assert ("refused", half.name) in {row.key for row in rows(page)}, "it has to come whole"
    page.refresh({})
    settle(qtbot)
    assert sections(page) == ["Needs you", "Merged"]


def test_what_came_to_nothing_while_the_page_was_away_is_told_on_it(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    circle.hand_in(circle.opened["laptop-1"])
    reply = circle.office.exchange.pack(circle.stick, 1)
    page.take_in([reply])
    page.leave()
    settle(qtbot)
    assert sections(page) == ["Merged", "Left where they are"]


def test_all_that_nobody_waits_for_is_taken_off_the_list_at_once(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    circle.hand_in(laptop)
    replies = [circle.office.exchange.pack(circle.stick, 1)]
    made_visit(circle.office, family.household)
    replies.append(circle.office.exchange.pack(circle.stick, 1))
    page.take_in(replies)
    settle(qtbot)
    page.inbox.list.choose(("refused", replies[0].name))
    settle(qtbot)
    (panel,) = [one for one in page.findChildren(StatePanel) if one.isVisibleTo(page)]
    assert clipped(panel) == []
    only(panel, Button, "Take all 2 off the list").click()
    settle(qtbot)
    assert sections(page) == ["Merged"]
    assert all(reply.exists() for reply in replies)


def sections(page: MergePage) -> list[str]:
    model = page.inbox.list._rows
    items = [model.item(model.index(at)) for at in range(model.rowCount())]
    return [item.title for item in items if isinstance(item, Section)]


def test_a_file_that_came_damaged_is_off_the_list_when_it_comes_whole(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    made_visit(laptop, family.household)
    bundle = laptop.exchange.pack(circle.stick)
    half = bundle.with_name(bundle.name.replace(".gwb", " (1).gwb"))
    half.write_bytes(bundle.read_bytes()[:-9])
    page.take_in([half])
    settle(qtbot)
    assert ("refused", bundle.name) in {row.key for row in rows(page)}
    page.take_in([bundle])
    settle(qtbot)
    assert ("refused", bundle.name) not in {row.key for row in rows(page)}


def test_a_clock_that_is_wrong_is_said_where_its_bundle_is_shown(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    circle.clock.move(days=3)
    laptop.records.save("resident", {"phones": "13800000124"}, family.resident)
    bundle = laptop.exchange.pack(circle.stick)
    circle.clock.move(days=-3)
    page.take_in([bundle])
    settle(qtbot)
    (strip,) = [one for one in page.detail.findChildren(Strip) if not one.isHidden()]
    assert strip.accessibleName() == "The clock of laptop 1 is 3 days ahead, at least. Have it set right there."


def test_of_a_folder_that_is_dropped_the_new_bundles_in_it_are_taken_in(
    page: MergePage, circle: Circle, family: Family, qtbot: QtBot
) -> None:
    laptop = circle.opened["laptop-1"]
    made_visit(laptop, family.household)
    laptop.exchange.pack(circle.stick)
    said: list[str] = []
    page.shell.toast_wanted.connect(lambda text, _undo: said.append(text))
    for _ in range(2):
        drop(page, circle.stick)
        settle(qtbot)
    assert sections(page) == ["Merged"]
    assert said == [f'No new bundle for this computer is in "{circle.stick.name}".']


def drop(page: MergePage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), action, data, button, Qt.KeyboardModifier.NoModifier))
